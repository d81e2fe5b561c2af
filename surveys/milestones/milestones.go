// Package milestones keeps what IT means to reach in a quarter, in one department or in all together, and says how that
// stands. The targets are kept, with every change of them; how a milestone stands is worked out whenever somebody asks.
package milestones

import (
	"slices"

	"soundings/surveys"
	"soundings/surveys/visits"
)

// ID identifies a milestone within one installation.
type ID int64

// Measure is what a milestone is measured by.
type Measure string

const (
	Visits    Measure = "visits"    // done in the quarter
	Response  Measure = "response"  // percent of those asked who answered
	Openness  Measure = "openness"  // mean, 0 to 100
	Promises  Measure = "promises"  // percent kept of those due in the quarter
	Ideas     Measure = "ideas"     // adopted in the quarter
	Champions Measure = "champions" // present at its end
)

// Measures lists every measure, in the order in which pages have them.
func Measures() []Measure {
	return []Measure{Visits, Response, Openness, Promises, Ideas, Champions}
}

// Counted reports whether the measure counts things; the others lie on a scale up to 100.
func (m Measure) Counted() bool { return m == Visits || m == Ideas || m == Champions }

// Most is the highest target that a milestone of the measure can have; the lowest is 1.
func (m Measure) Most() int {
	if m.Counted() {
		return 500
	}
	return 100
}

// Entry is one step of a milestone's history. Entries are appended and never rewritten.
type Entry struct {
	Target int         // 0: the milestone was withdrawn
	On     surveys.Day // from which on it holds
	Reason string
	Said   surveys.Stamp
}

// Withdrawn reports whether the milestone was taken away by this step.
func (e Entry) Withdrawn() bool { return e.Target == 0 }

// Milestone is one target for a quarter. There is one for each quarter, department and measure at most.
type Milestone struct {
	ID      ID
	Version int // goes up with each save, from 1

	Quarter    visits.Quarter
	Department surveys.DepartmentID // 0: all departments together
	Measure    Measure
	Owner      string // the e-mail address of a member of staff, or a name
	Note       string
	History    []Entry // oldest first, at least one
	Saved      surveys.Stamp
}

// Now is the newest entry of the history.
func (m *Milestone) Now() Entry {
	if len(m.History) == 0 {
		return Entry{}
	}
	return m.History[len(m.History)-1]
}

// Withdrawn reports whether it was taken away.
func (m *Milestone) Withdrawn() bool { return m.Now().Withdrawn() }

// Holds is the entry that counts on a day: the newest of then, and once the quarter is over that of its last day.
func (m *Milestone) Holds(today surveys.Day) Entry {
	day := min(today, m.Quarter.Last())
	for _, e := range slices.Backward(m.History) {
		if e.On <= day {
			return e
		}
	}
	return m.Now()
}

// Of lists the milestones of a quarter that were not withdrawn, in the order given.
func Of(list []Milestone, q visits.Quarter) (some []Milestone) {
	for _, m := range list {
		if m.Quarter == q && !m.Withdrawn() {
			some = append(some, m)
		}
	}
	return some
}

// VisitTargets are the visits that a quarter is to have, by department; under 0 those of all together.
func VisitTargets(list []Milestone, q visits.Quarter, today surveys.Day) map[surveys.DepartmentID]int {
	targets := map[surveys.DepartmentID]int{}
	for _, m := range Of(list, q) {
		if m.Measure == Visits {
			targets[m.Department] = m.Holds(today).Target
		}
	}
	return targets
}
