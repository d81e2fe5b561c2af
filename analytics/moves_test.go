package analytics

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// fiveItems makes up openness of five questions, so that every multiple of 5 can be somebody's score.
func fiveItems(title string) string {
	text := "title: " + title + "\npurpose: change\nlanguage: en\nminimum: 3\nquestions:\n"
	for i := range 5 {
		text += fmt.Sprintf("  - {id: q%d, kind: scale, points: 5, text: Question %d, construct: openness}\n", i, i)
	}
	return text
}

// scoring answers five items so that their mean is a multiple of 5.
func scoring(department surveys.DepartmentID, score int) surveys.Reply {
	answers := surveys.Answers{}
	left := score / 5
	for i := range 5 {
		steps := min(4, left)
		answers[fmt.Sprint("q", i)] = surveys.Number(1 + steps)
		left -= steps
	}
	return reply(department, 0, answers)
}

func scoringAll(department surveys.DepartmentID, scores ...int) (list []surveys.Reply) {
	for _, score := range scores {
		list = append(list, scoring(department, score))
	}
	return list
}

// spread repeats values until there are n.
func spread(n int, values ...int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = values[i%len(values)]
	}
	return list
}

// welch is the two-sided p of Welch's test, straight from the formula.
func welch(a, b truth) (difference, p float64) {
	va, vb := a.sd()*a.sd()/float64(a.n), b.sd()*b.sd()/float64(b.n)
	difference = a.mean() - b.mean()
	df := (va + vb) * (va + vb) / (va*va/float64(a.n-1) + vb*vb/float64(b.n-1))
	t := math.Abs(difference) / math.Sqrt(va+vb)
	return difference, 2 * distuv.StudentsT{Sigma: 1, Nu: df}.Survival(t)
}

func (t *Trend) move(test testing.TB, moves []Move, department surveys.DepartmentID) Move {
	test.Helper()
	i := slices.IndexFunc(moves, func(m Move) bool { return m.Department.ID == department })
	if i < 0 {
		test.Fatalf("department %d has no move among %v", department, moves)
	}
	return moves[i]
}

func TestTheMoveOfMeasuresIsNoClearChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := newSite(t, db)
		finance := s.department("Finance", 0)
		q := s.publish(fiveItems("Pulse"))
		s.closed(q, "before", scoringAll(finance, 50, 55, 60, 65, 70)...)
		s.closed(q, "after", scoringAll(finance, 60, 70, 80, 90)...)
		trend := s.trend(TrendQuery{})
		for _, moves := range [][]Move{trend.SinceFirst(), trend.SinceLast()} {
			m := trend.move(t, moves, finance)
			if m.From != 0 || m.To != 1 || math.Abs(m.Difference-15) > 1e-9 || math.Abs(m.P-.1001) > .00005 || m.Verdict != stats.NoClearChange {
				t.Errorf("the move is %+v, want 15 points, p .1001, no clear change", m)
			}
		}
	})
}

// Finance alone moved clearly; beside three others that were tested with it the same move could be chance.
func TestAVerdictIsCorrectedForTheDepartmentsJudgedTogether(t *testing.T) {
	before, after := spread(12, 20, 30, 40, 50, 60, 70), spread(12, 40, 50, 50, 60, 70, 85)
	for _, others := range []int{0, 3} {
		s := newSite(t, storetest.SQLite(t))
		departments := s.departments(1 + others)
		q := s.publish(fiveItems("Pulse"))
		var first, second []surveys.Reply
		for i, d := range departments {
			then, now := before, after
			if i > 0 {
				then, now = spread(12, 20, 50, 80, 35), spread(12, 50, 20+5*i, 80, 35)
			}
			first, second = append(first, scoringAll(d, then...)...), append(second, scoringAll(d, now...)...)
		}
		a, b := s.closed(q, "before", first...), s.closed(q, "after", second...)
		trend := s.trend(TrendQuery{})
		moves := trend.SinceLast()
		ps, raw := make([]float64, len(departments)), make([]float64, len(departments))
		for i, d := range departments {
			openness := measure{construct: surveys.Openness}
			_, raw[i] = welch(b.truth(openness, cells{d, every}), a.truth(openness, cells{d, every}))
			ps[i] = trend.move(t, moves, d).P
		}
		if raw[0] >= .05 || raw[0]*4 < .05 {
			t.Fatalf("the test's own numbers give p %v", raw[0])
		}
		for i, want := range holm(raw) {
			if math.Abs(ps[i]-want) > 1e-9 {
				t.Errorf("%d others: p of department %d is %v, want %v", others, i, ps[i], want)
			}
		}
		verdict := trend.move(t, moves, departments[0]).Verdict
		if want := map[int]stats.Verdict{0: stats.ClearlyUp, 3: stats.NoClearChange}[others]; verdict != want {
			t.Errorf("beside %d others the verdict is %v, want %v", others, verdict, want)
		}
	}
}

// holm multiplies the i-th smallest p by the number of tests not yet passed, and never lets it fall below an earlier one.
func holm(ps []float64) []float64 {
	sorted := slices.Sorted(slices.Values(ps))
	corrected := make([]float64, len(ps))
	for i, p := range ps {
		for j := 0; j <= slices.Index(sorted, p); j++ {
			corrected[i] = max(corrected[i], min(1, sorted[j]*float64(len(ps)-j)))
		}
	}
	return corrected
}

func TestAMoveUnderFivePointsIsNeverClear(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	a, b, c := s.department("Four points up", 0), s.department("Six points up", 0), s.department("Six points down", 0)
	q := s.publish(pulse("Pulse"))
	answers := func(d surveys.DepartmentID, twos, threes, fours int) []surveys.Reply {
		return each(d, 0, "open", slices.Concat(spread(twos, 2), spread(threes, 3), spread(fours, 4))...)
	}
	s.closed(q, "before", slices.Concat(answers(a, 5, 190, 5), answers(b, 5, 190, 5), answers(c, 5, 190, 5))...)
	s.closed(q, "after", slices.Concat(answers(a, 5, 155, 40), answers(b, 5, 145, 50), answers(c, 50, 145, 5))...)
	trend := s.trend(TrendQuery{})
	for _, want := range []struct {
		department surveys.DepartmentID
		difference float64
		verdict    stats.Verdict
	}{{a, 4.375, stats.NoClearChange}, {b, 5.625, stats.ClearlyUp}, {c, -5.625, stats.ClearlyDown}} {
		m := trend.move(t, trend.SinceLast(), want.department)
		if m.P > .001 || math.Abs(m.Difference-want.difference) > 1e-9 || m.Verdict != want.verdict {
			t.Errorf("%s: %+v, want %v and %v", m.Department.Name, m, want.difference, want.verdict)
		}
	}
}

func TestTheSmallestVisibleChangeIsThatOfTwoWavesOfThatSize(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	small, large, hidden := s.department("Small", 0), s.department("Large", 0), s.department("Hidden", 0)
	q := s.publish(pulse("Pulse"))
	w := s.closed(q, "only", slices.Concat(each(small, 0, "open", 1, 2, 3, 4, 5, 5), each(large, 0, "open", spread(600, 2, 3, 4)...),
		each(hidden, 0, "open", 1, 2), each(0, 0, "open", spread(5, 1, 3, 5)...))...)
	trend := s.trend(TrendQuery{})
	truth := w.truth(measure{construct: surveys.Openness}, cells{small, every})
	want := distuv.StudentsT{Sigma: 1, Nu: 10}.Quantile(.975) * truth.sd() * math.Sqrt(2./6)
	if got := trend.move(t, trend.SinceLast(), small).Smallest; math.Abs(got-want) > 1e-9 || want < 5 {
		t.Errorf("six people could show %v, want %v", got, want)
	}
	if got := trend.move(t, trend.SinceLast(), large).Smallest; got != 5 {
		t.Errorf("600 people could show %v, want the 5 points under which no verdict speaks", got)
	}
	if got := trend.move(t, trend.SinceLast(), hidden); got.Smallest != 0 || got.Verdict != stats.NotComparable || got.P != 0 || got.Difference != 0 {
		t.Errorf("of a hidden department the move tells %+v", got)
	}
}

func TestADepartmentHiddenInEitherWaveIsNotCompared(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	always, now, before := s.department("Always", 0), s.department("Only now", 0), s.department("Only before", 0)
	q := s.publish(pulse("Pulse"))
	many := spread(30, 1, 2, 3, 4, 5)
	s.closed(q, "before", slices.Concat(each(always, 0, "open", many...), each(now, 0, "open", 1, 2), each(before, 0, "open", many...),
		each(0, 0, "open", 1, 3, 5))...)
	s.closed(q, "after", slices.Concat(each(always, 0, "open", many...), each(now, 0, "open", many...), each(before, 0, "open", 4, 5),
		each(0, 0, "open", 1, 3, 5))...)
	trend := s.trend(TrendQuery{})
	for d, want := range map[surveys.DepartmentID]stats.Verdict{always: stats.NoClearChange, now: stats.NotComparable, before: stats.NotComparable} {
		m := trend.move(t, trend.SinceLast(), d)
		if m.Verdict != want || want == stats.NotComparable && (m.P != 0 || m.Difference != 0) {
			t.Errorf("%s: %+v, want %v", m.Department.Name, m, want)
		}
	}
}

// spans lists from where to where a department is judged, by the labels of waves; "" where it is not.
func spans(trend *Trend, moves []Move) string {
	if len(moves) == 0 || moves[0].Verdict == stats.NotComparable {
		return ""
	}
	return trend.Waves[moves[0].From].Label + " to " + trend.Waves[moves[0].To].Label
}

func TestMovesJoinWavesOnlyOfTheSameQuestionsOfTheSameSurvey(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	finance := s.department("Finance", 0)
	many := each(finance, 0, "open", spread(20, 1, 2, 3, 4, 5)...)
	wave := func(q *surveys.Questionnaire, label string) {
		for i := range many {
			many[i].Receipt = surveys.NewReceipt()
		}
		s.closed(q, label, many...)
	}
	expect := func(first, last string) {
		t.Helper()
		trend := s.trend(TrendQuery{})
		if got := spans(trend, trend.SinceFirst()); got != first {
			t.Errorf("since the first: %q, want %q", got, first)
		}
		if got := spans(trend, trend.SinceLast()); got != last {
			t.Errorf("since the last: %q, want %q", got, last)
		}
	}
	one := s.publish(pulse("One"))
	wave(one, "one/1")
	expect("", "")
	wave(one, "one/2")
	expect("one/1 to one/2", "one/1 to one/2")

	// Another survey, word for word the same, is not the same.
	two := s.publish(pulse("Two"))
	wave(two, "two/1")
	expect("", "")
	wave(one, "one/3")
	expect("one/1 to one/3", "one/2 to one/3")

	// More questions beside the same item continue it.
	text := pulse("One")
	more := s.publishVersion(one.Survey, text+"  - {id: say, kind: text, text: Anything else?}\n")
	wave(more, "one/4")
	expect("one/1 to one/4", "one/3 to one/4")

	// Another wording is another question, and stays one when the old wording comes back.
	changed := s.publishVersion(one.Survey, strings.Replace(text, "I am for it.", "I am against it.", 1))
	wave(changed, "one/5")
	expect("", "")
	wave(changed, "one/6")
	expect("one/5 to one/6", "one/5 to one/6")
	wave(s.publishVersion(one.Survey, text), "one/7")
	expect("", "")
	wave(two, "two/2")
	expect("two/1 to two/2", "two/1 to two/2")
}
