package visits

import (
	"fmt"
	"reflect"
	"testing"

	"soundings/surveys"
)

func TestAQuarterKnowsItsDaysAndNeighbours(t *testing.T) {
	for _, c := range []struct {
		day                                  surveys.Day
		name, first, last, previous, nextone string
	}{
		{"2026-11-24", "2026-Q4", "2026-10-01", "2026-12-31", "2026-Q3", "2027-Q1"},
		{"2028-01-01", "2028-Q1", "2028-01-01", "2028-03-31", "2027-Q4", "2028-Q2"},
		{"2026-06-30", "2026-Q2", "2026-04-01", "2026-06-30", "2026-Q1", "2026-Q3"},
	} {
		q := QuarterOf(c.day)
		read, ok := ParseQuarter(c.name)
		got := fmt.Sprintln(q, q.First(), q.Last(), q.Previous(), q.Next())
		if want := fmt.Sprintln(c.name, c.first, c.last, c.previous, c.nextone); got != want || !ok || read != q {
			t.Errorf("%s: %s, want %s", c.day, got, want)
		}
	}
	for _, bad := range []string{"", "2026-Q5", "2026", "26-Q1", "2026-Q1x", "99999-Q1", "2026-q1"} {
		if q, ok := ParseQuarter(bad); ok {
			t.Errorf("%q is read as %v", bad, q)
		}
	}
}

func TestTheBoardSaysWhoWasNotVisitedForLongAndWhatIsOpen(t *testing.T) {
	sales, finance, legal, hr := surveys.Department{ID: 1, Name: "Sales"}, surveys.Department{ID: 2, Name: "Finance"}, surveys.Department{ID: 3, Name: "Legal"}, surveys.Department{ID: 4, Name: "HR"}
	list := []Visit{
		{ID: 1, Department: 3, Day: "2026-09-11", State: Done}, // 74 days before
		{ID: 2, Department: 1, Day: "2026-09-25", State: Done}, // 60 days before
		{ID: 3, Department: 2, Day: "2026-09-26", State: Done, FollowUps: []FollowUp{{1, "no day", "", "", ""}, {2, "late", "", "2026-11-23", ""}, {3, "done", "", "2026-10-01", "2026-10-01"}}},
		{ID: 4, Department: 4, Day: "2026-10-02", State: CalledOff, FollowUps: []FollowUp{{1, "today", "", "2026-11-24", ""}}},
		{ID: 5, Department: 1, Day: "2026-11-20", State: Planned},
		{ID: 6, Department: 9, Day: "2026-11-21", State: Planned, FollowUps: []FollowUp{{1, "of another", "", "", ""}}},
		{ID: 7, Department: 1, Day: "2026-11-24", State: Planned},
		{ID: 8, Department: 3, Day: "2027-01-08", State: Planned},
	}
	b := NewBoard(list, []surveys.Department{sales, finance, legal, hr}, Quarter{2026, 4}, today)
	of := func(list []Visit) (ids []ID) {
		for _, v := range list {
			ids = append(ids, v.ID)
		}
		return ids
	}
	var long []string
	for _, r := range b.Long {
		long = append(long, fmt.Sprint(r.Department.Name, r.Days, r.Last == nil))
	}
	if want := []string{"HR0 true", "Legal74 false", "Sales60 false"}; !reflect.DeepEqual(long, want) {
		t.Errorf("not visited for long: %q, want %q", long, want)
	}
	if r := b.Rows[0]; !reflect.DeepEqual(of(r.Planned), []ID{5, 7}) || r.Next.ID != 7 || len(r.Done) != 0 || r.Last.ID != 2 {
		t.Errorf("Sales: %+v", r)
	}
	if r := b.Rows[2]; len(r.Planned) != 0 || r.Next.ID != 8 {
		t.Errorf("Legal: %+v", r)
	}
	if !reflect.DeepEqual(of(b.Coming), []ID{7, 8}) || !reflect.DeepEqual(of(b.Missed), []ID{5}) {
		t.Errorf("coming %v, missed %v", of(b.Coming), of(b.Missed))
	}
	var open []string
	for _, f := range b.FollowUps {
		open = append(open, f.Text)
	}
	if want := []string{"late", "today", "no day"}; !reflect.DeepEqual(open, want) || b.Overdue != 1 {
		t.Errorf("open %q, %d overdue; want %q", open, b.Overdue, want)
	}
	third := NewBoard(list, []surveys.Department{legal, sales}, Quarter{2026, 3}, today)
	if !reflect.DeepEqual(of(third.Rows[0].Done), []ID{1}) || !reflect.DeepEqual(of(third.Rows[1].Done), []ID{2}) || len(third.FollowUps) != 0 {
		t.Errorf("the third quarter: %+v", third)
	}
	all := func(surveys.DepartmentID) bool { return true }
	if got := of(Meanwhile(list, all, "2026-09-25", "2026-09-26")); !reflect.DeepEqual(got, []ID{3, 2}) {
		t.Errorf("meanwhile %v", got)
	}
	if got := of(Meanwhile(list, func(d surveys.DepartmentID) bool { return d == 3 }, "2026-01-01", "")); !reflect.DeepEqual(got, []ID{1}) {
		t.Errorf("to Legal %v", got)
	}
}
