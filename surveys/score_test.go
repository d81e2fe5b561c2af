package surveys_test

import (
	"fmt"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"soundings/surveys"
)

func scale(id string, points int, reversed bool) surveys.Question {
	return surveys.Question{ID: id, Kind: surveys.Scale, Points: points, Reversed: reversed, Construct: surveys.Openness}
}

// The expectations are MEASURES, "item score" and "favourable", worked out by hand for each point.
func TestItemScoresAndSidesFollowTheMeasures(t *testing.T) {
	const u, n, f = surveys.Unfavourable, surveys.Neutral, surveys.Favourable
	for _, row := range []struct {
		name     string
		question surveys.Question
		first    int
		percent  []float64
		sides    []surveys.Side
	}{
		{"5 points", scale("a", 5, false), 1, []float64{0, 25, 50, 75, 100}, []surveys.Side{u, u, n, f, f}},
		{"5 points reversed", scale("a", 5, true), 1, []float64{100, 75, 50, 25, 0}, []surveys.Side{f, f, n, u, u}},
		{"7 points", scale("a", 7, false), 1, []float64{0, 100. / 6, 200. / 6, 50, 400. / 6, 500. / 6, 100}, []surveys.Side{u, u, u, n, f, f, f}},
		{"7 points reversed", scale("a", 7, true), 1, []float64{100, 500. / 6, 400. / 6, 50, 200. / 6, 100. / 6, 0}, []surveys.Side{f, f, f, n, u, u, u}},
		{"recommend", surveys.Question{ID: "r", Kind: surveys.Recommend}, 0,
			[]float64{0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100}, []surveys.Side{u, u, u, u, u, u, u, n, n, f, f}},
	} {
		t.Run(row.name, func(t *testing.T) {
			low, high := row.question.Range()
			if low != row.first || high != row.first+len(row.percent)-1 {
				t.Fatalf("range %d to %d", low, high)
			}
			for i, want := range row.percent {
				value := row.first + i
				if got := row.question.ItemScore(value).Percent(); got-want > 1e-12 || want-got > 1e-12 {
					t.Errorf("score of %d is %v, want %v", value, got, want)
				}
				if got := row.question.Side(value); got != row.sides[i] {
					t.Errorf("side of %d is %d, want %d", value, got, row.sides[i])
				}
			}
		})
	}
}

func TestConstructSidesTurnAt37And62AndAHalf(t *testing.T) {
	for _, row := range []struct {
		num, den int64
		want     surveys.Side
	}{
		{5, 8, surveys.Favourable}, {62499, 100000, surveys.Neutral}, {3, 8, surveys.Neutral}, {37499, 100000, surveys.Unfavourable},
		{0, 4, surveys.Unfavourable}, {1, 1, surveys.Favourable}, {1, 2, surveys.Neutral},
	} {
		if got := (surveys.Fraction{Num: row.num, Den: row.den}).Side(); got != row.want {
			t.Errorf("%d/%d is on side %d, want %d", row.num, row.den, got, row.want)
		}
	}
}

func TestConstructNeedsHalfOfItsItems(t *testing.T) {
	for _, row := range []struct {
		items, answered int
		want            bool
	}{
		{1, 0, false}, {1, 1, true}, {2, 0, false}, {2, 1, true}, {3, 1, false}, {3, 2, true}, {4, 1, false}, {4, 2, true},
		{5, 2, false}, {5, 3, true}, {16, 7, false}, {16, 8, true},
	} {
		doc, answers := &surveys.Document{}, surveys.Answers{}
		for i := range row.items {
			id := fmt.Sprint("item", i)
			doc.Questions = append(doc.Questions, scale(id, 5, false))
			if i < row.answered {
				answers[id] = surveys.Number(4)
			}
		}
		got, ok := doc.ConstructScore(surveys.Openness, answers)
		if ok != row.want || ok && got.Percent() != 75 {
			t.Errorf("%d of %d answered: %v, %v", row.answered, row.items, got.Percent(), ok)
		}
	}
}

// A mean by hand: (100 + 50 + 75) / 3, the fourth item missing, the second reversed.
func TestMissingItemsAreNeitherZeroNorTheMidpoint(t *testing.T) {
	doc := &surveys.Document{Questions: []surveys.Question{scale("a", 5, false), scale("b", 5, true), scale("c", 5, false), scale("d", 5, false)}}
	got, ok := doc.ConstructScore(surveys.Openness, surveys.Answers{"a": surveys.Number(5), "b": surveys.Number(3), "c": surveys.Number(4)})
	if !ok || got.Percent() != 75 {
		t.Errorf("got %v, %v", got.Percent(), ok)
	}
	if _, ok := doc.ConstructScore(surveys.Engagement, surveys.Answers{"a": surveys.Number(5)}); ok || doc.Denominator(surveys.Engagement) != 0 {
		t.Error("a construct that nothing measures has a score")
	}
}

func TestConstructScoresAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc, answers := &surveys.Document{}, surveys.Answers{}
		sum, answered := new(big.Rat), int64(0)
		items := rapid.IntRange(1, surveys.MostConstructSize).Draw(t, "items")
		for i := range items {
			q := scale(fmt.Sprint("item", i), rapid.SampledFrom([]int{5, 7}).Draw(t, "points"), rapid.Bool().Draw(t, "reversed"))
			doc.Questions = append(doc.Questions, q)
			x := rapid.IntRange(0, q.Points).Draw(t, "answer") // 0: not answered
			if x == 0 {
				continue
			}
			answers[q.ID] = surveys.Number(x)
			if q.Reversed {
				x = 1 + q.Points - x
			}
			sum.Add(sum, big.NewRat(int64(x-1), int64(q.Points-1)))
			answered++
		}
		got, ok := doc.ConstructScore(surveys.Openness, answers)
		if want := answered > 0 && 2*answered >= int64(items); ok != want {
			t.Fatalf("%d of %d answered: scored is %v", answered, items, ok)
		}
		if !ok {
			return
		}
		if got.Den != doc.Denominator(surveys.Openness) {
			t.Fatalf("denominator %d differs from the construct's %d, so sums would not add up", got.Den, doc.Denominator(surveys.Openness))
		}
		if want := sum.Quo(sum, big.NewRat(answered, 1)); want.Cmp(big.NewRat(got.Num, got.Den)) != 0 {
			t.Fatalf("got %d/%d, want %v", got.Num, got.Den, want)
		}
	})
}

// Sums of squares of one wave must fit an int64: the promise at Fraction.
func TestSquaresOfAHundredThousandPeopleFit(t *testing.T) {
	doc := &surveys.Document{}
	for i := range surveys.MostConstructSize {
		doc.Questions = append(doc.Questions, scale(fmt.Sprint("item", i), 5+2*(i%2), false))
	}
	den := big.NewInt(doc.Denominator(surveys.Openness))
	total := new(big.Int).Mul(big.NewInt(100_000), new(big.Int).Mul(den, den))
	if !total.IsInt64() {
		t.Errorf("100,000 squares of %v do not fit", den)
	}
}

func TestValuesAreWhatIsTallied(t *testing.T) {
	options := []surveys.Option{{ID: "x"}, {ID: "y"}, {ID: "z"}}
	for _, row := range []struct {
		question surveys.Question
		answer   surveys.Answer
		want     []string
	}{
		{scale("a", 7, true), surveys.Number(6), []string{"6"}}, // as answered, not as turned
		{surveys.Question{Kind: surveys.Recommend}, surveys.Number(0), []string{"0"}},
		{surveys.Question{Kind: surveys.Choice, Options: options}, surveys.Picked("y"), []string{"y"}},
		{surveys.Question{Kind: surveys.Choices, Options: options, Other: true}, surveys.Picked("x", "other"), []string{"x", "other"}},
		{surveys.Question{Kind: surveys.Ranking, Options: options}, surveys.Picked("z", "x"), []string{"z:1", "x:2"}},
	} {
		if got := row.question.Values(row.answer); fmt.Sprint(got) != fmt.Sprint(row.want) {
			t.Errorf("%s: got %q, want %q", row.question.Kind, got, row.want)
		}
	}
}
