package analytics

import (
	"math"
	"testing"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// Whoever sees one department reads about it exactly what everybody reads: the same figures, hidden where they are
// hidden, and the same verdict.
func TestPartOfATrendSaysWhatTheWholeSays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := newSite(t, db)
		departments := s.departments(5)
		q := s.publish(fiveItems("Pulse"))
		var first, second []surveys.Reply
		for i, d := range departments[:4] {
			then, now := spread(12, 20, 30, 40, 50, 60, 70), spread(12, 40, 50, 50, 60, 70, 85)
			if i > 0 {
				then, now = spread(12, 20, 50, 80, 35), spread(12, 50, 20+5*i, 80, 35)
			}
			first, second = append(first, scoringAll(d, then...)...), append(second, scoringAll(d, now...)...)
		}
		second = append(second, scoringAll(departments[4], 40, 60)...) // too few, so that another is hidden with it
		s.closed(q, "before", first...)
		s.closed(q, "after", second...)
		whole := s.trend(TrendQuery{})
		hidden := 0
		for i, d := range departments {
			part := whole.Only(func(id surveys.DepartmentID) bool { return id == d }).Only(func(surveys.DepartmentID) bool { return true })
			if len(part.Series) != 1 || part.Series[0].Department.ID != d || len(part.Total) != len(whole.Total) {
				t.Fatalf("department %d: %d lines, %d totals", d, len(part.Series), len(part.Total))
			}
			for w, g := range part.Series[0].Points {
				want := whole.Series[i].Points[w]
				if g.Level != want.Level || g.N != want.N || g.Mean != want.Mean || g.Reason != want.Reason {
					t.Errorf("department %d, wave %d: got %+v, want %+v", d, w, g, want)
				}
				if !g.Shown() && w == 1 {
					hidden++
				}
			}
			moves := part.SinceLast()
			if len(moves) != 1 {
				t.Fatalf("department %d: %d moves", d, len(moves))
			}
			want := whole.move(t, whole.SinceLast(), d)
			if m := moves[0]; m.Verdict != want.Verdict || math.Abs(m.P-want.P) > 1e-12 || m.Difference != want.Difference || m.Department.ID != d {
				t.Errorf("department %d moved %+v, in the whole %+v", d, m, want)
			}
		}
		if hidden < 2 {
			t.Errorf("%d departments are hidden in the test's second wave, want the small one and one beside it", hidden)
		}
		if none := whole.Only(func(surveys.DepartmentID) bool { return false }); len(none.Series) != 0 || len(none.SinceFirst()) != 0 || none.Finding().Kind != FirstLevel {
			t.Errorf("nobody's trend: %+v", none.Series)
		}
	})
}
