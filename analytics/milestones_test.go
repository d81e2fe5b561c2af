package analytics

import (
	"testing"
	"time"

	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/milestones"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/visits"
)

// aims are milestones of a department with every target there can be.
func aims(measure milestones.Measure, d surveys.DepartmentID, q visits.Quarter) (list []milestones.Milestone) {
	for target := 1; target <= 100; target++ {
		list = append(list, milestones.Milestone{Quarter: q, Department: d, Measure: measure, History: []milestones.Entry{{Target: target, On: q.First()}}})
	}
	return list
}

func (s *site) standings(list []milestones.Milestone, zone *time.Location, today surveys.Day) []Standing {
	s.Helper()
	all, err := s.reader.Standings(s.Context(), list, zone, today)
	if err != nil {
		s.Fatal(err)
	}
	return all
}

// Somebody sets the targets 1, 2, 3 ... 100 and reads each verdict. What they work out of it is what every page prints:
// the whole numbers of the mean and of the ends of its interval, or of the half of the scale that everybody who is alike
// lies in; of a hidden group, nothing at all.
func TestTryingEveryTargetTellsNothingThatIsNotShown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := newSite(t, db)
		s.today = time.Date(2026, 2, 1, 9, 0, 0, 0, time.UTC)
		mixed, everyone := s.department("Mixed", 200), s.department("All of them", 12)
		high, low, few, beside := s.department("High", 20), s.department("Low", 20), s.department("Few", 20), s.department("Beside", 20)
		var replies []surveys.Reply
		for d, scores := range map[surveys.DepartmentID][]int{mixed: spread(31, 40, 55, 70, 95), everyone: spread(12, 30, 55, 90), high: spread(8, 100), low: spread(8, 0), few: {70, 80}, beside: {40, 95, 60, 20, 75}} {
			replies = append(replies, scoringAll(d, scores...)...)
		}
		s.closed(s.publish(fiveItems("Pulse")), "Spring", replies...)
		q, trend := visits.Quarter{Year: 2026, Number: 1}, s.trend(TrendQuery{})
		res, err := s.reader.WaveResults(t.Context(), WaveQuery{Wave: trend.Waves[0].ID, By: ByDepartment})
		if err != nil {
			t.Fatal(err)
		}
		told := map[disclosure.Level]int{}
		for i, line := range trend.Series {
			shown := line.Points[0]
			told[shown.Level]++
			want := [3]int{} // the lowest targets that are not ahead, not on track and behind
			switch {
			case shown.Coarse != nil:
				want = [3]int{int(shown.Coarse.MeanLow) + 1, int(shown.Coarse.MeanLow) + 1, int(shown.Coarse.MeanHigh) + 1}
			case shown.HasInterval:
				want = [3]int{int(stats.Whole(shown.Low)) + 1, int(stats.Whole(shown.Mean)) + 1, int(stats.Whole(shown.High)) + 1}
			case shown.Shown(): // everybody has answered
				want = [3]int{int(stats.Whole(shown.Mean)) + 1, int(stats.Whole(shown.Mean)) + 1, int(stats.Whole(shown.Mean)) + 1}
			}
			if got := learnt(t, s.standings(aims(milestones.Openness, line.Department.ID, q), time.UTC, "2026-03-01")); got != want {
				t.Errorf("%s: targets tell %v, pages print %v", line.Department.Name, got, want)
			}
			taken := res.Taken[i]
			if want = [3]int{}; taken.HasRate {
				rate := int(stats.Whole(100*taken.Rate)) + 1
				want = [3]int{rate, rate, rate}
			}
			if got := learnt(t, s.standings(aims(milestones.Response, line.Department.ID, q), time.UTC, "2026-03-01")); got != want {
				t.Errorf("%s: targets of the response rate tell %v, pages print %v", line.Department.Name, got, want)
			}
		}
		if told[disclosure.Shown] < 2 || told[disclosure.Coarse] < 1 || told[disclosure.Hidden] < 2 {
			t.Errorf("the test has groups that are %v", told)
		}
	})
}

// learnt is what somebody works out who reads the verdict on every target while the quarter lasts: from which target on it
// is not ahead any more, not on track any more, and behind. All zero: nothing.
func learnt(t *testing.T, list []Standing) (first [3]int) {
	t.Helper()
	unknown := 0
	for _, s := range list {
		rank := map[milestones.State]int{milestones.Ahead: 0, milestones.OnTrack: 1, milestones.Unclear: 2, milestones.Behind: 3}[s.State]
		if s.State == milestones.Unknown {
			unknown++
		}
		for at := range rank {
			if first[at] == 0 {
				first[at] = s.Target
			}
		}
	}
	if unknown == len(list) {
		return [3]int{}
	}
	if unknown > 0 {
		t.Errorf("%d of %d verdicts are unknown: which ones tells something", unknown, len(list))
	}
	for at := range first {
		if first[at] == 0 {
			first[at] = 101
		}
	}
	return first
}

func TestAMilestoneIsJudgedByTheLatestWaveClosedInItsQuarterThatAsked(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	finance, sales := s.department("Finance", 40), s.department("Sales", 40)
	q := s.publish(fiveItems("Pulse"))
	scored := func(d surveys.DepartmentID, score int) []surveys.Reply {
		return scoringAll(d, spread(20, score, score+5)...)
	}
	s.today = time.Date(2025, 12, 20, 9, 0, 0, 0, time.UTC)
	s.closed(q, "Old", append(scored(finance, 20), scored(sales, 20)...)...)
	s.today = time.Date(2026, 2, 1, 9, 0, 0, 0, time.UTC)
	s.closed(q, "Early", append(scored(finance, 40), scored(sales, 40)...)...)
	s.today = time.Date(2026, 3, 30, 22, 30, 0, 0, time.UTC) // it closes a day later, when it is April in Berlin
	s.closed(q, "Late", append(scored(finance, 70), scored(sales, 70)...)...)
	running := s.open(q, "Running")
	running.submit(scored(finance, 90)...)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	first := visits.Quarter{Year: 2026, Number: 1}
	for _, c := range []struct {
		name  string
		zone  *time.Location
		of    visits.Quarter
		wave  string
		state milestones.State
	}{
		{"in UTC", time.UTC, first, "Late", milestones.Met},
		{"in Berlin", berlin, first, "Early", milestones.Missed},
		{"in Berlin, the quarter after", berlin, first.Next(), "Late", milestones.Ahead},
		{"the quarter after", time.UTC, first.Next(), "", milestones.Waiting},
		{"the quarter before", time.UTC, first.Previous(), "Old", milestones.Missed},
		{"long before", time.UTC, first.Previous().Previous(), "", milestones.Unknown},
	} {
		for _, measure := range []milestones.Measure{milestones.Openness, milestones.Response} {
			for _, d := range []surveys.DepartmentID{finance, 0} {
				m := milestones.Milestone{Quarter: c.of, Department: d, Measure: measure, History: []milestones.Entry{{Target: 60}}}
				got := s.standings([]milestones.Milestone{m}, c.zone, "2026-04-10")[0]
				label := ""
				if got.Wave != nil {
					label = got.Wave.Label
				}
				if label != c.wave || measure == milestones.Openness && got.State != c.state {
					t.Errorf("%s, %s of %d: %s by wave %q, want %s by %q", c.name, measure, d, got.State, label, c.state, c.wave)
				}
			}
		}
	}
}

func TestTheResponseRateOfAMilestoneIsThatOfTheResults(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	half, small := s.department("Half", 40), s.department("Small", 4)
	s.closed(s.publish(fiveItems("Pulse")), "Spring", append(scoringAll(half, spread(20, 40, 60)...), scoringAll(small, 40, 60, 70)...)...)
	unasked := s.department("Later", 20)
	for d, want := range map[surveys.DepartmentID][2]milestones.State{half: {milestones.Ahead, milestones.Behind}, small: {milestones.Unknown, milestones.Unknown}, unasked: {milestones.Waiting, milestones.Waiting}} {
		list := aims(milestones.Response, d, visits.Quarter{Year: 2026, Number: 1})
		got := s.standings([]milestones.Milestone{list[49], list[50]}, time.UTC, "2026-03-01")
		if got[0].State != want[0] || got[1].State != want[1] {
			t.Errorf("department %d: 50 %% are %s and 51 %% %s, want %v", d, got[0].State, got[1].State, want)
		}
	}
}
