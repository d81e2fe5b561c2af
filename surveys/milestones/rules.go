package milestones

import (
	"slices"
	"strconv"
	"strings"

	"soundings/surveys"
	"soundings/surveys/visits"
)

// Limits in characters.
const (
	LongestOwner  = 254
	LongestNote   = 1000
	LongestReason = 500
)

// QuartersAhead is how many quarters after the current one can have milestones.
const QuartersAhead = 4

// Codes of faults; each is a key of the program's words.
const (
	FaultRequired   = "required"
	FaultLong       = "long" // Args: limit, length
	FaultUnreadable = "unreadable"
	FaultUnknown    = "unknown"
	FaultBounds     = "bounds"   // no whole number from 1 to limit; Args: limit
	FaultOver       = "over"     // of a quarter that is over
	FaultFar        = "far"      // of a quarter too far away; Args: limit
	FaultArchived   = "archived" // Args: department
	FaultTaken      = "taken"    // there is one already
	FaultWithdrawn  = "withdrawn"
)

func targetFaults(m Measure, target int) surveys.Faults {
	if target < 1 || target > m.Most() {
		return surveys.Faults{surveys.NewFault("target", FaultBounds, "must be a whole number from 1 to "+strconv.Itoa(m.Most()), "limit", strconv.Itoa(m.Most()))}
	}
	return nil
}

// faults finds what is wrong with owner and note.
func (m *Milestone) faults() surveys.Faults {
	return append(surveys.TextFaults("owner", m.Owner, LongestOwner, true), surveys.TextFaults("note", m.Note, LongestNote, false)...)
}

// keyFaults finds what is wrong with what a milestone is of.
func (m *Milestone) keyFaults(today surveys.Day) (faults surveys.Faults) {
	last := visits.QuarterOf(today)
	for range QuartersAhead {
		last = last.Next()
	}
	switch {
	case m.Quarter.Number < 1 || m.Quarter.Number > 4:
		faults = append(faults, surveys.NewFault("quarter", FaultUnknown, "is no quarter"))
	case m.Quarter.Last() < today:
		faults = append(faults, over("quarter"))
	case m.Quarter.First() > last.First():
		faults = append(faults, surveys.NewFault("quarter", FaultFar, "is too far away", "limit", strconv.Itoa(QuartersAhead)))
	}
	if !slices.Contains(Measures(), m.Measure) {
		return append(faults, surveys.NewFault("measure", FaultUnknown, "is nothing that is measured"))
	}
	return faults
}

func over(path string) surveys.Fault {
	return surveys.NewFault(path, FaultOver, "is of a quarter that is over")
}

// tidy takes off what nobody means: spaces around, capitals of addresses.
func (m *Milestone) tidy() {
	m.Owner, m.Note = strings.Join(strings.Fields(m.Owner), " "), strings.TrimSpace(m.Note)
	if strings.Contains(m.Owner, "@") {
		m.Owner = strings.ToLower(m.Owner) // as accounts have it, so that its owner is found by it
	}
}
