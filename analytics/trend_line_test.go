package analytics

import (
	"math"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/store/storetest"
)

const pairOfItems = `title: Pair
purpose: change
language: en
questions:
  - {id: open, kind: scale, points: 5, text: I am for it., construct: openness}
  - {id: easy, kind: scale, points: 5, text: It is easy., construct: openness}
  - {id: tell, kind: recommend, text: Would you recommend it?}
`

func crowd(department surveys.DepartmentID, n, from int) (list []surveys.Reply) {
	for i := range n {
		list = append(list, reply(department, 0, surveys.Answers{"open": surveys.Number(1 + (i+from)%5), "easy": surveys.Number(1 + (i*i+from)%5), "tell": surveys.Number((3*i + from) % 11)}))
	}
	return list
}

// A trend of a question is the questions' own results, wave by wave: it shows no more and nothing else.
func TestTheTrendOfAQuestionIsItsResultsWaveByWave(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	a, b, c := s.department("A", 20), s.department("B", 30), s.department("C", 9)
	q := s.publish(pairOfItems)
	first := s.closed(q, "first", append(append(crowd(a, 12, 0), crowd(b, 20, 1)...), crowd(c, 3, 2)...)...)
	second := s.closed(q, "second", append(append(crowd(a, 13, 2), crowd(b, 22, 3)...), crowd(c, 8, 4)...)...)
	hidden := 0
	for _, question := range []string{"open", "easy", "tell"} {
		trend := s.trend(TrendQuery{Question: question})
		if trend.Question == nil || trend.Question.ID != question || len(trend.Waves) != 2 {
			t.Fatalf("the trend of %s is of %+v over %d waves", question, trend.Question, len(trend.Waves))
		}
		for i, wave := range []*run{first, second} {
			results := s.results(Breakdown{Wave: wave.ID, Question: question, By: ByDepartment})
			for d, line := range trend.Series {
				got, want := line.Points[i], results.Groups[d].Group
				if got.Level != want.Level || got.N != want.N {
					t.Errorf("%s, wave %d, %s: %+v, want %+v", question, i, line.Department.Name, got, want)
				}
				if !want.Shown() {
					hidden++
					continue
				}
				mean, low := want.Mean, want.Low
				if question == "tell" {
					mean, low = want.Recommend.Score, want.Recommend.Low
				}
				if got.Mean != mean || got.Low != low {
					t.Errorf("%s, wave %d, %s: %v from %v, want %v from %v", question, i, line.Department.Name, got.Mean, got.Low, mean, low)
				}
			}
		}
	}
	if hidden == 0 {
		t.Error("nothing was hidden, so hiding was not tried")
	}
	if got := s.trend(TrendQuery{Question: "none"}); len(got.Waves) != 0 {
		t.Error("a question that nobody was asked has waves")
	}
}

// The score is the mean of +100, 0 and -100, and moves as one: by hand, 10 promoters of 20 (+50) after 4 and 6 of 20 (-10).
func TestARecommendScoreMovesAsAMeanDoes(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	a := s.department("A", 0)
	q := s.publish(pairOfItems)
	told := func(promoters, neutral, detractors int) (list []surveys.Reply) {
		for value, n := range map[int]int{10: promoters, 7: neutral, 3: detractors} {
			for range n {
				list = append(list, reply(a, 0, surveys.Answers{"tell": surveys.Number(value)}))
			}
		}
		return list
	}
	s.closed(q, "first", told(4, 10, 6)...)
	s.closed(q, "second", told(12, 6, 2)...)
	trend := s.trend(TrendQuery{Question: "tell"})
	m := trend.SinceLast()[0]
	if m.Difference != 60 || !trend.Recommends() {
		t.Errorf("the score moved by %v, want 60", m.Difference)
	}
	// R: t.test(c(rep(100,12),rep(0,6),rep(-100,2)), c(rep(100,4),rep(0,10),rep(-100,6)))$p.value, with sd 68.825 and 71.818.
	se := math.Sqrt(68.825*68.825/20 + 71.818*71.818/20)
	if statistic := 60 / se; m.P > 0.05 || m.P < 0.001 || math.Abs(statistic-2.697) > 0.01 {
		t.Errorf("p = %v at t = %v", m.P, statistic)
	}
	if sd := trend.Series[0].Points[1].SD; math.Abs(sd-68.825) > 0.001 {
		t.Errorf("sd %v, want 68.825", sd)
	}
}

func TestAPeriodShowsItsLastWaveOfEachSurvey(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	a := s.department("A", 0)
	q := s.publish(pulse("One"))
	for _, opening := range []string{"2025-01-10", "2025-03-31", "2025-04-01", "2025-11-05", "2025-12-31", "2026-02-01"} {
		s.today, _ = time.Parse(time.DateOnly, opening)
		s.closed(q, opening, each(a, 0, "open", 1, 2, 3, 4, 5, 5)...)
	}
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		ask  TrendQuery
		want []string
	}{
		"waves":      {TrendQuery{}, []string{"2025-01-10", "2025-03-31", "2025-04-01", "2025-11-05", "2025-12-31", "2026-02-01"}},
		"quarters":   {TrendQuery{Per: PerQuarter}, []string{"2025-03-31", "2025-04-01", "2025-12-31", "2026-02-01"}},
		"years":      {TrendQuery{Per: PerYear}, []string{"2025-12-31", "2026-02-01"}},
		"the last 2": {TrendQuery{Per: PerQuarter, Last: 2}, []string{"2025-12-31", "2026-02-01"}},
		// Midnight of 1 April in Greenwich is the evening of 31 March there.
		"elsewhere": {TrendQuery{Per: PerQuarter, Zone: newYork}, []string{"2025-04-01", "2025-12-31", "2026-02-01"}},
	} {
		trend := s.trend(c.ask)
		var got []string
		for _, w := range trend.Waves {
			got = append(got, w.Label)
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v, want %v", name, got, c.want)
				break
			}
		}
		if c.ask.Last == 0 && trend.Left != 6-len(c.want) {
			t.Errorf("%s: %d are said to be left out", name, trend.Left)
		}
	}
}

// (20 * mean of A + 60 * mean of B) / 80, and not (10 * A + 10 * B) / 20.
func TestTheWeightedOrganisationCountsDepartmentsByHeadcount(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	a, b := s.department("A", 20), s.department("B", 60)
	q := s.publish(pulse("One"))
	s.closed(q, "first", append(each(a, 0, "open", 5, 5, 4, 5, 5, 4, 5, 5, 1, 2), each(b, 0, "open", 1, 2, 1, 2, 3, 1, 2, 5, 4, 3)...)...)
	trend := s.trend(TrendQuery{})
	got := trend.Weighted()[0]
	if want := (20*77.5 + 60*35.0) / 80; !got.Shown() || math.Abs(got.Mean-want) > 1e-9 || got.N != 20 || got.Headcount != 80 {
		t.Errorf("%+v, want %v", got, want)
	}
	if plain := trend.Total[0].Mean; math.Abs(plain-got.Mean) < 1 {
		t.Errorf("the plain mean is %v too", plain)
	}
	if only := trend.Only(func(id surveys.DepartmentID) bool { return id == a }); only.Weighted()[0].Mean != got.Mean {
		t.Error("somebody who sees one department is told another organisation")
	}
	s.department("C", 0)
	unknown := s.department("D", 0)
	s.closed(q, "second", append(each(a, 0, "open", 5, 5, 4, 5, 1, 2), each(unknown, 0, "open", 1, 2, 5, 2, 4)...)...)
	if again := s.trend(TrendQuery{}).Weighted(); again[1].Shown() || !again[0].Shown() {
		t.Error("a department of unknown size has a weight")
	}
}
