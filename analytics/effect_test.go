package analytics

import (
	"fmt"
	"math"
	"testing"
	"time"

	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/visits"
)

// visit makes a visit to a department on a day.
func (s *site) visit(d surveys.DepartmentID, day surveys.Day) {
	s.Helper()
	v := visits.Visit{Department: d, Day: day, State: visits.Done, Associates: []string{"Mira", "Jan"}}
	if _, err := visits.Create(s.Context(), s.store, v, surveys.Stamp{At: time.Now()}, "2026-12-31"); err != nil {
		s.Fatal(err)
	}
}

func (s *site) effect(ask EffectQuery) *VisitEffect {
	s.Helper()
	if ask.Construct == "" {
		ask.Construct = surveys.Openness
	}
	e, err := s.reader.VisitEffect(s.Context(), ask)
	if err != nil {
		s.Fatal(err)
	}
	return e
}

// sumsOfAll are the sums of some scores.
func sumsOfAll(scores []int) (sums stats.Sums) {
	for _, x := range scores {
		sums.Add(float64(x))
	}
	return sums
}

// Which side a department is on, who is left out and why, and the figures, from scores that the test knows.
func TestDepartmentsVisitedBetweenTwoWavesAreHeldAgainstTheOthers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := newSite(t, db)
		d := s.departments(9)
		q := s.publish(fiveItems("Pulse"))
		then := [][]int{spread(8, 30, 50, 60, 40), spread(6, 20, 60, 40), spread(7, 50, 70, 45), spread(12, 35, 55), spread(5, 60, 65, 80, 50), spread(9, 10, 90, 50), spread(6, 75), {40, 60}, {30}}
		now := [][]int{spread(8, 50, 60, 65, 55), spread(7, 45, 60, 50), spread(7, 50, 60, 45), spread(11, 40, 50), spread(6, 55, 65, 70, 50), spread(9, 20, 90, 50), spread(6, 50, 80), {40, 60}, {30}}
		wave := func(label string, scores [][]int) *run {
			var replies []surveys.Reply
			for i, list := range scores {
				replies = append(replies, scoringAll(d[i], list...)...)
			}
			r := s.closed(q, label, replies...)
			s.today = s.today.AddDate(0, 0, 20)
			return r
		}
		first, second := wave("before", then), wave("after", now) // open on 1 and 2 January, and on 22 and 23 January
		for _, v := range []struct {
			department int
			day        surveys.Day
		}{{0, "2026-01-03"}, {1, "2026-01-21"}, {1, "2026-01-10"}, {1, "2026-01-22"}, {5, "2026-01-02"}, {4, "2025-12-31"}, {2, "2026-01-24"}, {7, "2026-01-09"}} {
			s.visit(d[v.department], v.day)
		}
		e := s.effect(EffectQuery{Survey: q.Survey})
		if e.State != Comparing || e.Ask.Before != first.ID || e.Ask.After != second.ID || e.From != "2026-01-03" || e.Until != "2026-01-21" {
			t.Fatalf("state %d, waves %d and %d, days from %s to %s", e.State, e.Ask.Before, e.Ask.After, e.From, e.Until)
		}
		rows, left := "", ""
		for _, r := range e.Rows {
			rows += fmt.Sprintf("%s %d %.4f; ", r.Department.Name, r.Visits, r.Change)
		}
		for _, l := range e.LeftOut {
			left += fmt.Sprintf("%s %d %d %s %s; ", l.Department.Name, l.Visits, l.Why, l.Wave.Label, l.Reason)
		}
		// By hand: A 45 to 460/8, B 40 to 355/7; C 380/7 to 360/7, D 45 to 490/11, E 63 to 60.
		if want := "Department A 1 12.5000; Department B 2 10.7143; Department D 0 -0.4545; Department C 0 -2.8571; Department E 0 -3.0000; "; rows != want {
			t.Errorf("compared are\n%s\nwant\n%s", rows, want)
		}
		if want := fmt.Sprintf("Department F 0 %d  ; Department G 0 %d before ; Department H 1 %d before %s; Department I 0 %d before %s; ",
			VisitedDuring, AlikeThere, HiddenThere, disclosure.TooFew, HiddenThere, disclosure.TooFew); left != want {
			t.Errorf("left out are\n%s\nwant\n%s", left, want)
		}
		moved := func(list ...int) (all []stats.Moved) {
			for _, i := range list {
				all = append(all, stats.Moved{Before: sumsOfAll(then[i]), After: sumsOfAll(now[i])})
			}
			return all
		}
		want, _ := stats.DifferenceInDifferences(moved(0, 1), moved(3, 2, 4))
		c := e.Contrast
		if e.Visited != 2 || e.Others != 3 || math.Abs(c.Difference-((12.5+75.0/7)/2-(-5.0/11-20.0/7-3)/3)) > 1e-9 || math.Abs(c.P-want.P) > 1e-9 || math.Abs(c.Low-want.Low) > 1e-9 || e.Verdict != stats.Judge(want.Difference, want.P) {
			t.Errorf("%d against %d: %+v, %v; want %+v", e.Visited, e.Others, c, e.Verdict, want)
		}
		if e.Sides == nil || math.Abs(e.Sides.Visited.Before-42.5) > 1e-9 || math.Abs(e.Sides.Others.After-(360.0/7+490.0/11+60)/3) > 1e-9 {
			t.Errorf("the sides are %+v", e.Sides)
		}
		if part := e.Only(func(id surveys.DepartmentID) bool { return id == d[0] }); len(part.Rows) != 1 || len(part.LeftOut) != 0 || part.Sides != nil || part.Contrast.Own != 0 || part.Contrast.Difference != c.Difference || part.Others != 3 {
			t.Errorf("somebody who sees one department reads %+v", part)
		}
		if len(e.Rows) != 5 || e.Sides == nil {
			t.Error("what somebody sees took something from the whole")
		}
	})
}

// Whatever those answer whose department is hidden, the comparison says the same to the last digit.
func TestHiddenDepartmentsHaveNoPartInTheComparison(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	d := s.departments(6)
	compared := func(title string, hidden ...int) string {
		q := s.publish(fiveItems(title))
		for i := range 2 {
			var replies []surveys.Reply
			for j, of := range d[:4] {
				replies = append(replies, scoringAll(of, spread(7+j, 20+5*i*j, 50, 80, 35)...)...)
			}
			s.closed(q, fmt.Sprint("wave ", i), append(replies, append(scoringAll(d[4], hidden[:2]...), scoringAll(d[5], hidden[2:]...)...)...)...)
			s.today = s.today.AddDate(0, 0, 10)
		}
		between := surveys.DayOf(s.today.AddDate(0, 0, -15), time.UTC)
		for _, of := range []int{0, 2, 4} {
			s.visit(d[of], between)
		}
		e := s.effect(EffectQuery{Survey: q.Survey})
		if len(e.Rows) != 4 || len(e.LeftOut) != 2 || e.Visited != 2 || e.Verdict == stats.NotComparable {
			t.Fatalf("%d departments are compared, %d are left out, %d were visited", len(e.Rows), len(e.LeftOut), e.Visited)
		}
		text := fmt.Sprint(e.Contrast, *e.Sides)
		for _, l := range e.LeftOut {
			text += fmt.Sprint(l.Department.Name, l.Visits, l.Why, l.Reason)
		}
		for _, r := range e.Rows {
			text += fmt.Sprint(r)
		}
		return text
	}
	if one, other := compared("Pulse one", 0, 5, 100, 95), compared("Pulse other", 100, 100, 40, 5); one != other {
		t.Errorf("the comparison is\n%s\nand\n%s", one, other)
	}
}

// Waves that asked different questions are not compared, and of the others the latest with a visit between are the first
// that anybody sees.
func TestThePairOfWavesIsChosenOrNamed(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	d := s.departments(4)
	q := s.publish(pulse("Pulse", "minimum: 3"))
	if e := s.effect(EffectQuery{Survey: q.Survey}); e.State != NoPair || len(e.Waves) != 0 {
		t.Errorf("without waves: %+v", e)
	}
	var ids []surveys.WaveID
	wave := func(q *surveys.Questionnaire) {
		var replies []surveys.Reply
		for _, of := range d {
			replies = append(replies, each(of, 0, "open", 1, 2, 3, 4)...)
		}
		ids = append(ids, s.closed(q, fmt.Sprint("wave ", len(ids)), replies...).ID)
		s.today = s.today.AddDate(0, 0, 20)
	}
	wave(q)
	if e := s.effect(EffectQuery{Survey: q.Survey}); e.State != NoPair || len(e.Waves) != 1 {
		t.Errorf("with one wave: %+v", e)
	}
	wave(q)
	wave(q)
	s.visit(d[0], "2026-01-12") // between the first and the second
	wave(s.publishVersion(q.Survey, "title: Pulse\npurpose: change\nlanguage: en\nminimum: 3\nquestions:\n  - {id: open, kind: scale, points: 5, text: I am against it., reversed: true, construct: openness}\n"))
	open := s.open(q, "open")
	for _, test := range []struct {
		before, after int // 0: not named
		state         EffectState
		first, second int
	}{
		{0, 0, Comparing, 1, 2}, {2, 3, Comparing, 2, 3}, {3, 2, Comparing, 2, 3}, {1, 3, Comparing, 1, 3}, {2, 0, Comparing, 2, 3}, {0, 3, Comparing, 2, 3}, {3, 4, Apart, 0, 0}, {1, 1, Apart, 0, 0}, {4, 0, NoPair, 0, 0},
	} {
		ask := EffectQuery{Survey: q.Survey}
		of := func(n int) surveys.WaveID {
			if n == 0 {
				return 0
			}
			return ids[n-1]
		}
		ask.Before, ask.After = of(test.before), of(test.after)
		e := s.effect(ask)
		if e.State != test.state || e.State == Comparing && (e.Before.ID != of(test.first) || e.After.ID != of(test.second)) {
			t.Errorf("%d and %d: state %d, waves %d and %d", test.before, test.after, e.State, e.Before.ID, e.After.ID)
		}
		if len(e.Waves) != 4 {
			t.Errorf("%d waves can be chosen, want the closed ones", len(e.Waves))
		}
	}
	if _, err := s.reader.VisitEffect(t.Context(), EffectQuery{Survey: q.Survey, Construct: surveys.Openness, Before: ids[0], After: open.ID}); surveys.KindOf(err) != surveys.Invalid {
		t.Errorf("with an open wave: %v", err)
	}
	if e := s.effect(EffectQuery{Survey: q.Survey}); e.Visited != 1 || e.Others != 3 || e.Verdict != stats.NotComparable || e.Sides != nil || e.Contrast != (stats.Contrast{}) {
		t.Errorf("one department alone: %+v", e)
	}
}
