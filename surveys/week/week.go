// Package week gathers what one member of staff has before them in a week of the organisation's calendar: visits,
// follow-ups, promises, ideas that wait for a word, champions and waves. It asks the rooms for what they keep and keeps
// nothing of it; its only table says who wants the week by e-mail.
package week

import (
	"slices"
	"time"

	"soundings/surveys"
)

const (
	// ReportedDays is how long something that a champion reported is listed while nobody is in contact with them.
	ReportedDays = 14
	// unreportedDays is how far back visits are looked for of which nobody has said what became of them.
	unreportedDays = 365
)

// Kind is what kind of thing waits.
type Kind string

const (
	Visit    Kind = "visit"    // to make
	Report   Kind = "report"   // a visit whose day is over: to say what became of it
	FollowUp Kind = "followup" // of a visit
	Promise  Kind = "promise"  // to keep
	Unseen   Kind = "unseen"   // an idea, to look at before it appears
	Idea     Kind = "idea"     // to reply to
	Reported Kind = "reported" // by a champion, to answer
	Silent   Kind = "silent"   // a champion without contact for long
	Opening  Kind = "opening"  // a plan that opens a wave
	Closing  Kind = "closing"  // of a wave
)

// Item is one thing that waits for somebody. Its title is what IT or somebody else wrote, and never from an answer.
type Item struct {
	Kind        Kind
	ID          int64 // of the visit, promise, idea, champion, plan or wave
	Number      int   // of a follow-up within its visit
	Title       string
	Lang        string                 // of the title; "" where nobody knows
	Departments []surveys.DepartmentID // none: no one in particular, or Everybody
	Everybody   bool
	Day         surveys.Day // when it is due or happens, or, of what waits for a word, since when it waits; "" without one
	Start       string      // of a visit, by the clocks of the organisation
}

// Week is what somebody has before them. Each list is in the order of days.
type Week struct {
	Monday  surveys.Day // of the week that today is in
	Overdue []Item
	This    []Item
	Next    []Item
	Undated []Item // follow-ups without a day
}

// Empty reports whether nothing waits at all.
func (w *Week) Empty() bool {
	return len(w.Overdue)+len(w.This)+len(w.Next)+len(w.Undated) == 0
}

// Sunday is the last day of the week.
func (w *Week) Sunday() surveys.Day { return w.Monday.Plus(6) }

// Count is how many things of a kind are in a list.
func Count(list []Item, kinds ...Kind) (n int) {
	for _, item := range list {
		if slices.Contains(kinds, item.Kind) {
			n++
		}
	}
	return n
}

// MondayOf is the Monday of the week, as ISO 8601 counts them, that a day is in.
func MondayOf(d surveys.Day) surveys.Day {
	return d.Plus(-(int(d.Time().Weekday()+6) % 7))
}

// begins is the instant at which the mail of a week is due: seven o'clock on its Monday.
func begins(monday surveys.Day, zone *time.Location) time.Time {
	day := monday.Time()
	return time.Date(day.Year(), day.Month(), day.Day(), 7, 0, 0, 0, zone)
}
