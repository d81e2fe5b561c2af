package milestones

import (
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

const today = surveys.Day("2026-11-10")

var stamp = surveys.Stamp{By: "mira@example.org", At: time.Date(2026, 11, 10, 9, 0, 0, 0, time.UTC)}

// each runs a test on both kinds of database, with Finance (1), Sales (2) and the archived Stables (3).
func each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		err := s.Transact(t.Context(), "test", func(tx *store.Tx) error {
			for _, name := range []string{"Finance", "Sales", "Stables"} {
				if _, err := people.AddDepartment(tx, name, 20); err != nil {
					return err
				}
			}
			return people.Archive(tx, 3)
		})
		if err != nil {
			t.Fatal(err)
		}
		test(t, s)
	})
}

func aim() Milestone {
	return Milestone{Quarter: quarter("2026-Q4"), Department: 1, Measure: Visits, Owner: " Mira@Example.org"}
}

func added(t *testing.T, s *store.Store, m Milestone, target int) Milestone {
	t.Helper()
	made, err := Add(t.Context(), s, m, target, stamp, today)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// faultsOf lists path and code of what is wrong.
func faultsOf(err error) string {
	var known *surveys.Error
	if !errors.As(err, &known) {
		return ""
	}
	var list []string
	for _, f := range known.Faults {
		list = append(list, f.Path+" "+f.Code)
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

func entries(t *testing.T, s *store.Store) string {
	t.Helper()
	return strings.Join(storetest.Rows(t, s, "SELECT milestone_id, number, target, holds_from, reason, said_by FROM milestone_entries ORDER BY milestone_id, number"), "\n")
}

func TestEveryTargetIsKeptWithItsDayAndReason(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		m := added(t, s, aim(), 3)
		if m.Owner != "mira@example.org" || m.ID != 1 || m.Now().Target != 3 {
			t.Errorf("added %+v", m)
		}
		m.Note = "Two at the closing."
		m, err := Save(t.Context(), s, m, 3, "", stamp, today)
		if err != nil || m.Note != "Two at the closing." || len(m.History) != 1 {
			t.Fatalf("a note: %+v, %v", m, err)
		}
		if _, err := Save(t.Context(), s, m, 2, " ", stamp, today); faultsOf(err) != "reason required" {
			t.Errorf("without a reason: %v", err)
		}
		if m, err = Save(t.Context(), s, m, 2, "Half of us are ill.", stamp, "2026-11-20"); err != nil || m.Version != 3 {
			t.Fatalf("another target: %+v, %v", m, err)
		}
		old := m
		old.Version = 1
		if there, err := Save(t.Context(), s, old, 9, "Mine", stamp, today); surveys.KindOf(err) != surveys.Conflict || there.Now().Target != 2 {
			t.Errorf("from an old version: %v, stored is %+v", err, there)
		}
		if m, err = Withdraw(t.Context(), s, m.ID, m.Version, "Finance moves house.", stamp, "2026-12-01"); err != nil || !m.Withdrawn() || len(Of([]Milestone{m}, m.Quarter)) != 0 {
			t.Fatalf("withdrawn: %+v, %v", m, err)
		}
		if _, err := Withdraw(t.Context(), s, m.ID, m.Version, "Again", stamp, today); faultsOf(err) != "reason withdrawn" {
			t.Errorf("withdrawn twice: %v", err)
		}
		if _, err := Save(t.Context(), s, m, 4, "Back", stamp, today); faultsOf(err) != "target withdrawn" {
			t.Errorf("a target of what was withdrawn: %v", err)
		}
		if again, err := Add(t.Context(), s, aim(), 1, stamp, "2026-12-05"); err != nil || again.ID != m.ID || again.Version != m.Version+1 || len(again.History) != 4 {
			t.Errorf("taken up again: %+v, %v", again, err)
		}
		want := "1|1|3|2026-11-10||mira@example.org\n1|2|2|2026-11-20|Half of us are ill.|mira@example.org\n1|3|0|2026-12-01|Finance moves house.|mira@example.org\n1|4|1|2026-12-05||mira@example.org"
		if got := entries(t, s); got != want {
			t.Errorf("the history is\n%s\nwant\n%s", got, want)
		}
		if _, err := Save(t.Context(), s, Milestone{ID: 77, Owner: "x"}, 1, "", stamp, today); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("one that there is not: %v", err)
		}
	})
}

func TestWhatAQuarterWasToReachCannotBeChangedOnceItIsOver(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		m := added(t, s, aim(), 3)
		if _, err := Save(t.Context(), s, m, 1, "It looks better.", stamp, "2027-01-01"); faultsOf(err) != "target over" {
			t.Errorf("a lower target: %v", err)
		}
		if _, err := Withdraw(t.Context(), s, m.ID, m.Version, "It looks better.", stamp, "2027-01-01"); faultsOf(err) != "reason over" {
			t.Errorf("withdrawn: %v", err)
		}
		m.Note = "Missed because of the move."
		if m, err := Save(t.Context(), s, m, 3, "", stamp, "2027-01-01"); err != nil || m.Note == "" {
			t.Errorf("a note: %v", err)
		}
	})
}

func TestEveryFaultOfAMilestoneIsToldAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		added(t, s, aim(), 3)
		for name, c := range map[string]struct {
			spoil  func(*Milestone)
			target int
			want   string
		}{
			"empty":               {func(m *Milestone) { *m = Milestone{} }, 1, "measure unknown, owner required, quarter unknown"},
			"there already":       {func(*Milestone) {}, 2, "measure taken"},
			"nothing to reach":    {func(m *Milestone) { m.Department = 2 }, 0, "target bounds"},
			"less than nothing":   {func(m *Milestone) { m.Department = 2 }, -1, "target bounds"},
			"more than there are": {func(m *Milestone) { m.Department = 2 }, 501, "target bounds"},
			"more than all":       {func(m *Milestone) { m.Measure = Openness }, 101, "target bounds"},
			"over":                {func(m *Milestone) { m.Quarter = quarter("2026-Q3") }, 1, "quarter over"},
			"far":                 {func(m *Milestone) { m.Quarter = quarter("2028-Q1") }, 1, "quarter far"},
			"an archived one":     {func(m *Milestone) { m.Department = 3 }, 1, "department archived"},
			"nobody's department": {func(m *Milestone) { m.Department = 9 }, 1, "department unknown"},
			"long":                {func(m *Milestone) { m.Measure, m.Note = Ideas, strings.Repeat("ä", LongestNote+1) }, 1, "note long"},
			"unreadable":          {func(m *Milestone) { m.Measure, m.Owner = Ideas, "a\xff" }, 1, "owner unreadable"},
		} {
			m := aim()
			c.spoil(&m)
			if _, err := Add(t.Context(), s, m, c.target, stamp, today); faultsOf(err) != c.want {
				t.Errorf("%s: %q, want %q", name, faultsOf(err), c.want)
			}
		}
		all := aim()
		all.Department, all.Quarter = 0, quarter("2027-Q4")
		added(t, s, all, 500)
		if _, err := Add(t.Context(), s, all, 1, stamp, today); faultsOf(err) != "measure taken" {
			t.Errorf("twice for all together: %v", err)
		}
		if list, err := List(t.Context(), s); err != nil || len(list) != 2 {
			t.Errorf("%d milestones are stored, %v", len(list), err)
		}
	})
}

func TestTheLastQuartersMilestonesAreCopiedOnceAndWithoutThoseOfArchivedDepartments(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		first := added(t, s, aim(), 3)
		if _, err := Save(t.Context(), s, first, 2, "Fewer", stamp, today); err != nil {
			t.Fatal(err)
		}
		other := aim()
		other.Department = 2
		gone := added(t, s, other, 5)
		if _, err := Withdraw(t.Context(), s, gone.ID, 1, "No", stamp, today); err != nil {
			t.Fatal(err)
		}
		for measure, department := range map[Measure]surveys.DepartmentID{Openness: 0, Response: 2} {
			m := aim()
			m.Measure, m.Department = measure, department
			added(t, s, m, 60)
		}
		there := aim()
		there.Measure, there.Department, there.Quarter = Openness, 0, quarter("2027-Q1")
		added(t, s, there, 70)
		if err := s.Transact(t.Context(), "test", func(tx *store.Tx) error { return people.Archive(tx, 2) }); err != nil {
			t.Fatal(err)
		}
		everything := func(*Milestone) bool { return true }
		if n, err := Copy(t.Context(), s, quarter("2027-Q1"), func(*Milestone) bool { return false }, stamp, today); n != 0 || err != nil {
			t.Errorf("nothing to keep: %d, %v", n, err)
		}
		for _, want := range []int{1, 0} {
			if n, err := Copy(t.Context(), s, quarter("2027-Q1"), everything, stamp, today); n != want || err != nil {
				t.Errorf("%d were copied, want %d: %v", n, want, err)
			}
		}
		list, err := List(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		next := Of(list, quarter("2027-Q1"))
		if len(next) != 2 || next[0].Now().Target != 70 || next[1].Now().Target != 2 || next[1].Measure != Visits || len(next[1].History) != 1 {
			t.Errorf("the next quarter has %+v", next)
		}
		if targets := VisitTargets(list, quarter("2027-Q1"), today); len(targets) != 1 || targets[1] != 2 {
			t.Errorf("the visits to be are %v", targets)
		}
		if n, err := Copy(t.Context(), s, quarter("2027-Q1"), everything, stamp, "2027-05-01"); n != 0 || err != nil {
			t.Errorf("into a quarter that is over: %d, %v", n, err)
		}
		if _, err := Copy(t.Context(), s, quarter("2027-Q2"), everything, stamp, "2027-08-01"); faultsOf(err) != "quarter over" {
			t.Errorf("into a quarter that is over: %v", err)
		}
	})
}

func TestSeveralAtOnceMakeOneMilestone(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		errs := make([]error, 6)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() { _, errs[i] = Add(t.Context(), s, aim(), i+1, stamp, today) })
		}
		all.Wait()
		made := 0
		for _, err := range errs {
			if err == nil {
				made++
			} else if faultsOf(err) != "measure taken" {
				t.Errorf("refused with %v", err)
			}
		}
		if got := entries(t, s); made != 1 || strings.Count(got, "\n") != 0 {
			t.Errorf("%d were made; the history is\n%s", made, got)
		}
	})
}
