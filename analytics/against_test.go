package analytics

import (
	"fmt"
	"slices"
	"testing"

	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// MEASURES: Welch of A 60 70 80 90 and B 50 55 60 65 70 is from -4.22 to 34.22 with p .1001, before Holm's correction.
// Two departments, one beside all others, and one in two waves come to the same if the people are the same.
func TestTwoGroupsDifferAsInMeasures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := newSite(t, db)
		finance, legal := s.department("Finance", 0), s.department("Legal", 0)
		q := s.publish(fiveItems("Pulse"))
		a, b := []int{60, 70, 80, 90}, []int{50, 55, 60, 65, 70}
		both := s.waveResults(WaveQuery{Wave: s.closed(q, "both", slices.Concat(scoringAll(finance, a...), scoringAll(legal, b...))...).ID})
		before := s.waveResults(WaveQuery{Wave: s.closed(q, "before", scoringAll(finance, b...)...).ID})
		after := s.waveResults(WaveQuery{Wave: s.closed(q, "after", scoringAll(finance, a...)...).ID})
		for what, list := range map[string][]Difference{
			"two departments": both.Between(0, 1), "all others": both.Elsewhere(0), "two waves": after.Since(before, 0), "two waves of everyone": after.Since(before, -1),
		} {
			d := About(list)
			if d == nil || len(list) != 6 || d.B.N != 5 {
				t.Fatalf("%s: %d measures, %+v", what, len(list), d)
			}
			near(t, what, d.Between.Difference, 15, 1e-9)
			near(t, what+", low", d.Between.Low, -4.22, .005)
			near(t, what+", high", d.Between.High, 34.22, .005)
			near(t, what+", mean", d.B.Mean, 60, 1e-9)
			near(t, what+", p", d.Between.P, .1001, .00005)
			if d.Between.Verdict != stats.NoClearChange {
				t.Errorf("%s: %v", what, d.Between.Verdict)
			}
		}
	})
}

// What is shown together is corrected together: by Holm, the smallest p of five is taken five times.
func TestAllThatIsComparedIsCorrectedTogether(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	finance, legal := s.department("Finance", 0), s.department("Legal", 0)
	var replies []surveys.Reply
	for i := range 60 {
		r := drive([]surveys.DepartmentID{finance, legal}[i/30], i)
		if i >= 30 {
			r.Answers["d"] = surveys.Number(1 + i%3)
		}
		replies = append(replies, r)
	}
	list := s.waveResults(WaveQuery{Wave: s.closed(s.publish(fmt.Sprintf(drivenPulse, 1)), "only", replies...).ID}).Between(0, 1)
	least, at := 2.0, 0
	for i, d := range list {
		test, ok := stats.Welch(d.A.sums, d.B.sums)
		if !ok || d.Between.P < test.P {
			t.Errorf("measure %d: p %v, by itself %v", i, d.Between.P, test.P)
		}
		if test.P < least {
			least, at = test.P, i
		}
	}
	if len(list) != 5 || least > .15 {
		t.Fatalf("%d measures, the smallest p by itself is %v: nothing is tested", len(list), least)
	}
	near(t, "p of the clearest", list[at].Between.P, 5*least, 1e-12)
}

// All others are told only if the whole and the part are, and are exactly what is left.
func TestAllOthersAreTheWholeWithoutThePart(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	finance, legal, sales := s.department("Finance", 0), s.department("Legal", 0), s.department("Sales", 0)
	replies := slices.Concat(each(finance, 0, "open", spread(12, 1, 3, 5)...), each(legal, 0, "open", spread(2, 1, 5)...), each(sales, 0, "open", spread(9, 2, 3, 4)...))
	res := s.waveResults(WaveQuery{Wave: s.closed(s.publish(pulse("Pulse")), "only", replies...).ID})
	told := 0
	for i, u := range res.Units {
		d := About(res.Elsewhere(i))
		whole, _ := res.Measure(surveys.Openness, "")
		if own := d.A.Group; own.Shown() {
			told++
			if d.B.N != whole.Total.N-own.N || d.B.Mean*float64(d.B.N) < 0 {
				t.Errorf("%s: %d others of %d", u.Department.Name, d.B.N, whole.Total.N)
			}
			near(t, u.Department.Name, d.B.Mean*float64(d.B.N)+own.Mean*float64(own.N), whole.Total.Mean*float64(whole.Total.N), 1e-6)
		} else if d.B.Shown() || d.B.N != 0 || d.Between.Verdict != stats.NotComparable {
			t.Errorf("%s is hidden, and all others tell of it: %+v", u.Department.Name, d.B)
		}
	}
	if told == 0 || told == len(res.Units) {
		t.Errorf("%d of %d departments are shown", told, len(res.Units))
	}
}
