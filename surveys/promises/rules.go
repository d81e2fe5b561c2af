package promises

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"soundings/surveys"
	"soundings/surveys/languages"
)

// Limits in characters. What was said and the answer stand before the first question of a survey, which has to stay small.
const (
	LongestSaid   = 500
	LongestAnswer = 500
	LongestNote   = 500
	LongestOwner  = 254
	LongestRef    = 200
	LongestWords  = 1000
)

// FarthestYears is how far from today a day may lie.
const FarthestYears = 5

// Codes of faults; each is a key of the program's words.
const (
	FaultRequired   = "required"
	FaultLong       = "long" // Args: limit, length
	FaultUnreadable = "unreadable"
	FaultUnknown    = "unknown"
	FaultDay        = "day"      // no day of the calendar
	FaultPast       = "past"     // due on a day that is over
	FaultFuture     = "future"   // done on a day that is still to come
	FaultFar        = "far"      // Args: limit
	FaultOrder      = "order"    // before the step that came before; Args: day
	FaultSame       = "same"     // the day that it is due on already
	FaultNobody     = "nobody"   // made to no department
	FaultArchived   = "archived" // Args: department
	FaultOriginal   = "original" // a translation into the promise's own language
	FaultGone       = "gone"     // comes from something that is not there
)

func (t Text) faults() surveys.Faults {
	return append(surveys.TextFaults("said", t.Said, LongestSaid, true), surveys.TextFaults("answer", t.Answer, LongestAnswer, true)...)
}

// faults finds everything that is wrong with a promise by itself, but for its history.
func (p *Promise) faults() surveys.Faults {
	faults := append(p.Text.faults(), languages.Faults("language", p.Language)...)
	if _, twice := p.Translations[p.Language]; twice {
		faults = append(faults, surveys.NewFault("language", FaultOriginal, "has a translation already"))
	}
	faults = append(faults, surveys.TextFaults("owner", p.Owner, LongestOwner, true)...)
	faults = append(faults, surveys.TextFaults("source", p.Source.Ref, LongestRef, p.Source.Kind != "")...)
	faults = append(faults, surveys.TextFaults("source", p.Source.Words, LongestWords, false)...)
	if !slices.Contains([]SourceKind{"", Theme, Item, Visit, Idea, Decision}, p.Source.Kind) {
		faults = append(faults, surveys.NewFault("source", FaultUnknown, "is nothing that a promise comes from"))
	}
	if !p.Everybody && len(p.Departments) == 0 {
		faults = append(faults, surveys.NewFault("departments", FaultNobody, "choose at least one department, or all"))
	}
	return faults
}

// next lists what may become of a promise: one that is kept stays so, and a day that was missed can be replaced by another.
func (s State) next() []State {
	switch s {
	case "":
		return []State{Open, Kept, Declined}
	case Open:
		return []State{Open, Kept, Broken, Declined}
	case Broken, Declined:
		return []State{Open, Kept}
	}
	return nil
}

// May reports whether a promise that stands so can come to stand otherwise.
func (s State) May(next State) bool { return slices.Contains(s.next(), next) }

// entryFaults judges a step after the history before it. A promise is kept or broken on a day that has come.
func entryFaults(history []Entry, e Entry, today surveys.Day) surveys.Faults {
	var faults surveys.Faults
	var last Entry
	if len(history) > 0 {
		last = history[len(history)-1]
	}
	if !last.State.May(e.State) {
		return surveys.Faults{surveys.NewFault("state", FaultUnknown, "is no state that this promise can have next")}
	}
	if e.State == Open {
		faults = append(faults, dueFaults(last, e.Due, today)...)
	} else {
		faults = append(faults, dayFaults(last, e.On, today)...)
	}
	return append(faults, surveys.TextFaults("note", e.Note, LongestNote, len(history) > 0)...)
}

func dueFaults(last Entry, due, today surveys.Day) surveys.Faults {
	switch {
	case due == "":
		return surveys.Faults{surveys.NewFault("due", FaultRequired, "must not be empty")}
	case !due.Valid():
		return surveys.Faults{surveys.NewFault("due", FaultDay, "is no day of the calendar")}
	case due < today:
		return surveys.Faults{surveys.NewFault("due", FaultPast, "lies in the past")}
	case due.Time().After(today.Time().AddDate(FarthestYears, 0, 0)):
		return surveys.Faults{far("due")}
	case last.State == Open && due == last.Due:
		return surveys.Faults{surveys.NewFault("due", FaultSame, "is the day that it is due on already")}
	}
	return nil
}

func dayFaults(last Entry, on, today surveys.Day) surveys.Faults {
	switch {
	case on == "":
		return surveys.Faults{surveys.NewFault("on", FaultRequired, "must not be empty")}
	case !on.Valid():
		return surveys.Faults{surveys.NewFault("on", FaultDay, "is no day of the calendar")}
	case on > today:
		return surveys.Faults{surveys.NewFault("on", FaultFuture, "is still to come")}
	case on < last.On:
		return surveys.Faults{surveys.NewFault("on", FaultOrder, "is before what was said last", "day", string(last.On))}
	case on.Time().Before(today.Time().AddDate(-FarthestYears, 0, 0)):
		return surveys.Faults{far("on")}
	}
	return nil
}

func far(path string) surveys.Fault {
	return surveys.NewFault(path, FaultFar, fmt.Sprintf("is more than %d years away", FarthestYears), "limit", strconv.Itoa(FarthestYears))
}

func (t *Text) tidy() { t.Said, t.Answer = strings.TrimSpace(t.Said), strings.TrimSpace(t.Answer) }

// tidy takes off what nobody means: spaces around, capitals of addresses, departments beside all.
func (p *Promise) tidy() {
	p.Text.tidy()
	p.Owner = strings.Join(strings.Fields(p.Owner), " ")
	if strings.Contains(p.Owner, "@") {
		p.Owner = strings.ToLower(p.Owner) // as accounts have it, so that its owner is found by it
	}
	if p.Source.Kind == "" {
		p.Source = Source{}
	}
	if p.Everybody {
		p.Departments = nil
	}
	p.Departments = slices.Compact(slices.Sorted(slices.Values(p.Departments)))
}

// tidy fills in what an entry does not say: an open promise is made or renewed today.
func (e *Entry) tidy(stamp surveys.Stamp, today surveys.Day) {
	e.Note, e.Said = strings.TrimSpace(e.Note), stamp
	if e.State == Open {
		e.On = today
	} else {
		e.Due = ""
	}
}
