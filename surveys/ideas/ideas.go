// Package ideas keeps what people suggest to IT, who else supports it, and what became of it.
//
// Suggesting and supporting need no account, and nothing here leads to whoever did: an idea has the day it was suggested
// and no time of day, a support is a hash that joins neither a person nor another support, and no table of this room knows
// an invitation, a response, a survey or a wave.
package ideas

import (
	"cmp"
	"slices"

	"soundings/surveys"
	"soundings/surveys/changes"
)

// ID identifies an idea within one installation.
type ID int64

// Status is what IT makes of an idea.
type Status string

const (
	New         Status = "new" // nobody has replied yet
	Considering Status = "considering"
	Planned     Status = "planned"
	Adopted     Status = "adopted" // it has become a change, or is part of one
	Done        Status = "done"
	Declined    Status = "declined"
)

// Statuses lists every status in the usual order.
func Statuses() []Status { return []Status{New, Considering, Planned, Adopted, Done, Declined} }

// Settled reports whether IT has said what becomes of the idea, and nothing more is to be decided.
func (s Status) Settled() bool { return s == Adopted || s == Done || s == Declined }

// Place is where an idea is.
type Place string

const (
	Waiting Place = "waiting" // for IT to look at it before it appears
	Shown   Place = "shown"   // on the board
	Hidden  Place = "hidden"  // taken off the board
)

// Reply is what IT said about an idea, and the status it has since. Replies are appended and never rewritten.
type Reply struct {
	Status Status
	Text   string // plain; "" only where the idea became a change, which speaks for itself
	On     surveys.Day
	Said   surveys.Stamp
}

// Idea is one suggestion. Its texts are plain.
type Idea struct {
	ID         ID
	Title      string
	Text       string // "" where the title says it all
	Language   string
	Department surveys.DepartmentID // 0: of none in particular
	Signed     string               // a name; "" for an anonymous one
	On         surveys.Day
	Place      Place
	Reason     string // why it is hidden
	Replies    []Reply
	MergedInto ID // 0: it stands by itself
	Change     changes.ID
	Supporters int // browsers, with those of the ideas merged into it
}

// Status is what the last reply said.
func (i *Idea) Status() Status {
	if len(i.Replies) == 0 {
		return New
	}
	return i.Replies[len(i.Replies)-1].Status
}

// Public reports whether the board shows the idea. One that is merged into another is shown as that one.
func (i *Idea) Public() bool { return i.Place == Shown && i.MergedInto == 0 }

// Open reports whether somebody of IT still has to reply.
func (i *Idea) Open() bool { return i.MergedInto == 0 && i.Place != Hidden && i.Status() == New }

// Sort puts the most supported first; of equals, the newest.
func Sort(list []Idea) {
	slices.SortStableFunc(list, func(a, b Idea) int {
		return cmp.Or(cmp.Compare(b.Supporters, a.Supporters), cmp.Compare(b.ID, a.ID))
	})
}
