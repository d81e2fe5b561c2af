// Package visits keeps when somebody of IT spends time in a department, what they heard and helped with there, and what
// they took along to do.
package visits

import (
	"slices"

	"soundings/surveys"
	"soundings/surveys/changes"
)

// ID identifies a visit within one installation. Its UID is the same in all, and in calendars.
type ID int64

// State is what became of a visit.
type State string

const (
	Planned   State = "planned"
	Done      State = "done"
	CalledOff State = "called off"
)

// States lists every state.
func States() []State { return []State{Planned, Done, CalledOff} }

// FollowUp is something to do after a visit.
type FollowUp struct {
	Number int // within its visit, from 1; it stays the same, 0 for one that is not stored yet
	Text   string
	Owner  string      // the e-mail address of a member of staff, or a name; "" where nobody has it
	Due    surveys.Day // "" where there is no hurry
	Done   surveys.Day // "" while it is open
}

// Open reports whether it is still to be done.
func (f FollowUp) Open() bool { return f.Done == "" }

// Empty reports whether it says nothing: a line of a form left empty, or emptied to take the follow-up away.
func (f FollowUp) Empty() bool { return f.Text == "" && f.Due == "" }

// Overdue reports whether it should have been done before a day.
func (f FollowUp) Overdue(today surveys.Day) bool { return f.Open() && f.Due != "" && f.Due < today }

// Visit is one visit to a department.
type Visit struct {
	ID      ID
	UID     string // 32 hexadecimal digits, random
	Version int    // goes up with each save, from 1; ticking off a follow-up is none

	Department surveys.DepartmentID
	Day        surveys.Day
	Start      string // by the clocks of the organisation, "09:30"; "" where no time is set
	Minutes    int    // how long it takes; 0 where nobody knows
	Place      string
	Associates []string // who of IT goes: e-mail addresses of staff, or names
	Purpose    string
	State      State
	Reason     string     // why it was called off
	Heard      string     // Markdown
	Helped     string     // Markdown
	Change     changes.ID // 0 where it is about no particular one
	FollowUps  []FollowUp
	Saved      surveys.Stamp
}

// FewAssociates reports whether fewer than two go, or went. One alone hears less, and nobody else can say what was meant;
// it is still better than no visit.
func (v *Visit) FewAssociates() bool { return v.State != CalledOff && len(v.Associates) < 2 }

// Missed reports whether its day is over and nobody has said what became of it.
func (v *Visit) Missed(today surveys.Day) bool { return v.State == Planned && v.Day < today }

// With reports whether somebody goes, by the e-mail address or name.
func (v *Visit) With(name string) bool { return slices.Contains(v.Associates, name) }

// followUp finds a follow-up by its number; -1 if there is none.
func (v *Visit) followUp(number int) int {
	return slices.IndexFunc(v.FollowUps, func(f FollowUp) bool { return f.Number == number })
}
