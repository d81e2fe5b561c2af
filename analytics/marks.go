package analytics

import (
	"context"
	"slices"
	"time"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/promises"
	"soundings/surveys/visits"
)

// MarkKind is what happened.
type MarkKind string

const (
	GoLive  MarkKind = "go_live" // a change reached its departments
	Visited MarkKind = "visit"   // IT visited a department
	Kept    MarkKind = "promise" // a promise was kept
)

// Mark is something that happened on a day while trends were measured, and may go with how they moved.
type Mark struct {
	Kind        MarkKind
	Date        time.Time // midnight of the day, UTC
	Text        string
	Departments []surveys.DepartmentID // whom it concerns
	Everybody   bool                   // all departments; Departments is empty then
	Change      changes.ID             // the change that it belongs to; 0: none
	Visit       visits.ID              // of what was Visited
	Promise     promises.ID            // of what was Kept
}

// Concerns reports whether it concerns a department.
func (m Mark) Concerns(d surveys.DepartmentID) bool {
	return m.Everybody || slices.Contains(m.Departments, d)
}

// Marks are what happened, by day.
type Marks []Mark

// Of are those of a kind.
func (all Marks) Of(kind MarkKind) Marks {
	return slices.DeleteFunc(slices.Clone(all), func(m Mark) bool { return m.Kind != kind })
}

// Only is what somebody may see who sees some departments: what concerns one of them, naming no others.
func (all Marks) Only(sees func(surveys.DepartmentID) bool) (some Marks) {
	for _, m := range all {
		m.Departments = slices.DeleteFunc(slices.Clone(m.Departments), func(d surveys.DepartmentID) bool { return !sees(d) })
		if m.Everybody || len(m.Departments) > 0 {
			some = append(some, m)
		}
	}
	return some
}

// Marks reads what happened from the rooms that keep it. Every chart over time takes its marks from here.
func (r *Reader) Marks(ctx context.Context) (all Marks, err error) {
	lives, err := changes.GoLives(ctx, r.store)
	if err != nil {
		return nil, err
	}
	for _, l := range lives {
		all = append(all, Mark{Kind: GoLive, Date: l.Date, Text: l.Title, Departments: l.Departments, Everybody: l.Everybody, Change: l.Change})
	}
	made, err := visits.List(ctx, r.store)
	if err != nil {
		return nil, err
	}
	for _, v := range made {
		if v.State == visits.Done {
			all = append(all, Mark{Kind: Visited, Date: v.Day.Time(), Text: v.Purpose, Departments: []surveys.DepartmentID{v.Department}, Change: v.Change, Visit: v.ID})
		}
	}
	given, err := promises.List(ctx, r.store)
	if err != nil {
		return nil, err
	}
	for _, k := range promises.Keepings(given) {
		all = append(all, Mark{Kind: Kept, Date: k.Date, Text: k.Said, Departments: k.Departments, Everybody: k.Everybody, Promise: k.Promise})
	}
	slices.SortStableFunc(all, func(a, b Mark) int { return a.Date.Compare(b.Date) })
	return all, nil
}
