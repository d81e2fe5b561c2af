package changes

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"soundings/surveys"
	"soundings/surveys/languages"
)

// Limits in characters. Why and what stand on the form of each survey about the change, which has to stay small.
const (
	LongestTitle  = 200
	LongestText   = 3000
	LongestRisks  = 5000
	LongestReason = 1000
	LongestOwner  = 254
	MostLinks     = 10
	LongestLabel  = 200
	LongestURL    = 2000
)

// FarthestYears is how far ahead a go-live can be planned.
const FarthestYears = 20

// Codes of faults; each is a key of the program's words.
const (
	FaultRequired   = "required"
	FaultLong       = "long" // Args: limit, length
	FaultUnreadable = "unreadable"
	FaultUnknown    = "unknown"
	FaultDay        = "day"    // no day of the calendar
	FaultPast       = "past"   // planned for a day that is over
	FaultFuture     = "future" // reached on a day that is still to come
	FaultFar        = "far"
	FaultOrder      = "order" // before the stage that came before; Args: day
	FaultSame       = "same"  // the stage it has already
	FaultURL        = "url"
	FaultTooMany    = "too_many" // Args: limit
	FaultNobody     = "nobody"   // concerns no department
	FaultArchived   = "archived" // Args: department
	FaultTaken      = "taken"
	FaultOriginal   = "original" // a translation into the change's own language
)

func (t Text) faults() surveys.Faults {
	faults := surveys.TextFaults("title", t.Title, LongestTitle, true)
	faults = append(faults, surveys.TextFaults("why", t.Why, LongestText, true)...)
	faults = append(faults, surveys.TextFaults("what", t.What, LongestText, true)...)
	return append(faults, surveys.TextFaults("open", t.StillOpen, LongestText, false)...)
}

// faults finds everything that is wrong with a change by itself; before is what is stored, nil for a new one.
func (c *Change) faults(before *Change, today surveys.Day) surveys.Faults {
	faults := append(c.Text.faults(), languages.Faults("language", c.Language)...)
	if _, twice := c.Translations[c.Language]; twice {
		faults = append(faults, surveys.NewFault("language", FaultOriginal, "has a translation already"))
	}
	faults = append(faults, surveys.TextFaults("owner", c.Owner, LongestOwner, true)...)
	faults = append(faults, surveys.TextFaults("risks", c.Risks, LongestRisks, false)...)
	faults = append(faults, linkFaults(c.Links)...)
	faults = append(faults, c.goLiveFaults(before, today)...)
	if !c.Everybody && len(c.Departments) == 0 {
		faults = append(faults, surveys.NewFault("departments", FaultNobody, "choose at least one department, or all"))
	}
	return faults
}

func linkFaults(links []Link) surveys.Faults {
	var faults surveys.Faults
	if len(links) > MostLinks {
		faults = append(faults, surveys.NewFault("links", FaultTooMany, "are too many", "limit", strconv.Itoa(MostLinks)))
	}
	for i, l := range links[:min(len(links), MostLinks)] {
		path := fmt.Sprintf("links[%d]", i)
		found := surveys.TextFaults(path, l.Label, LongestLabel, false)
		if len(found) == 0 {
			found = surveys.TextFaults(path, l.URL, LongestURL, true)
		}
		if len(found) == 0 && !webAddress(l.URL) {
			found = surveys.Faults{surveys.NewFault(path, FaultURL, "must be an address that begins with https:// or http://")}
		}
		faults = append(faults, found...)
	}
	return faults
}

// webAddress reports whether an address is safe and useful behind a link: absolute, of the web, without a password.
func webAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil &&
		!strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' })
}

// goLiveFaults judges the planned day only when it is set: a day that has passed meanwhile must not keep anybody from
// mending a word.
func (c *Change) goLiveFaults(before *Change, today surveys.Day) surveys.Faults {
	if c.GoLive == "" || before != nil && before.GoLive == c.GoLive {
		return nil
	}
	if faults := plannedFaults(c.GoLive, today); len(faults) > 0 {
		return faults
	}
	if c.GoLive < today && !c.Now().Stage.Live() {
		return surveys.Faults{surveys.NewFault("golive", FaultPast, "lies in the past")}
	}
	return nil
}

// plannedFaults finds what is no day that a go-live can be planned for.
func plannedFaults(on, today surveys.Day) surveys.Faults {
	switch {
	case !on.Valid():
		return surveys.Faults{surveys.NewFault("golive", FaultDay, "is no day of the calendar")}
	case on.Time().After(today.Time().AddDate(FarthestYears, 0, 0)):
		return surveys.Faults{surveys.NewFault("golive", FaultFar, fmt.Sprintf("is more than %d years ahead", FarthestYears), "limit", strconv.Itoa(FarthestYears))}
	}
	return nil
}

// entryFaults judges a step after the history before it. A stage is written down when it is reached, so its day is never
// to come.
func entryFaults(history []Entry, e Entry, today surveys.Day) surveys.Faults {
	var faults surveys.Faults
	var last Entry
	if len(history) > 0 {
		last = history[len(history)-1]
	}
	switch {
	case !slices.Contains(Stages(), e.Stage):
		faults = append(faults, surveys.NewFault("stage", FaultUnknown, "is no stage of a change"))
	case e.Stage == last.Stage:
		faults = append(faults, surveys.NewFault("stage", FaultSame, "is where the change stands already"))
	}
	switch {
	case !e.On.Valid():
		faults = append(faults, surveys.NewFault("on", FaultDay, "is no day of the calendar"))
	case e.On > today:
		faults = append(faults, surveys.NewFault("on", FaultFuture, "is still to come"))
	case e.On < last.On:
		faults = append(faults, surveys.NewFault("on", FaultOrder, "is before the stage that came before", "day", string(last.On)))
	case e.On < "2000-01-01":
		faults = append(faults, surveys.NewFault("on", FaultFar, "is too long ago", "limit", strconv.Itoa(FarthestYears)))
	}
	return append(faults, surveys.TextFaults("reason", e.Reason, LongestReason, len(history) > 0)...)
}
