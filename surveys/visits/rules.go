package visits

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"soundings/surveys"
)

// Limits in characters.
const (
	LongestPlace    = 200
	LongestName     = 254
	LongestPurpose  = 1000
	LongestReason   = 1000
	LongestText     = 10_000 // of what was heard or helped with
	LongestFollowUp = 500
	MostAssociates  = 20
	MostFollowUps   = 50
	LongestMinutes  = 24 * 60
)

// FarthestYears is how far from today a day may lie.
const FarthestYears = 5

// Codes of faults; each is a key of the program's words.
const (
	FaultRequired   = "required"
	FaultLong       = "long" // Args: limit, length
	FaultUnreadable = "unreadable"
	FaultUnknown    = "unknown"
	FaultDay        = "day"    // no day of the calendar
	FaultPast       = "past"   // planned for a day that is over
	FaultFuture     = "future" // done on a day that is still to come
	FaultFar        = "far"    // Args: limit
	FaultTime       = "time"   // no time of day
	FaultMinutes    = "minutes"
	FaultTooMany    = "too_many" // Args: limit
	FaultArchived   = "archived" // Args: department
	FaultTwice      = "twice"
	FaultEarly      = "early" // due before the visit
)

// faults finds everything that is wrong with a visit by itself; before is what is stored, nil for a new one.
func (v *Visit) faults(before *Visit, today surveys.Day) surveys.Faults {
	faults := v.dayFaults(before, today)
	faults = append(faults, v.timeFaults()...)
	faults = append(faults, surveys.TextFaults("place", v.Place, LongestPlace, false)...)
	faults = append(faults, v.associateFaults()...)
	faults = append(faults, surveys.TextFaults("purpose", v.Purpose, LongestPurpose, v.State == Planned)...)
	faults = append(faults, surveys.TextFaults("reason", v.Reason, LongestReason, v.State == CalledOff)...)
	faults = append(faults, surveys.TextFaults("heard", v.Heard, LongestText, false)...)
	faults = append(faults, surveys.TextFaults("helped", v.Helped, LongestText, false)...)
	if !slices.Contains(States(), v.State) {
		faults = append(faults, surveys.NewFault("state", FaultUnknown, "is no state of a visit"))
	}
	return append(faults, v.followUpFaults(before)...)
}

// dayFaults judges a planned day only when it is set: a day that has passed meanwhile must not keep anybody from mending a
// word.
func (v *Visit) dayFaults(before *Visit, today surveys.Day) surveys.Faults {
	kept := before != nil && before.Day == v.Day && before.State == v.State
	switch {
	case v.Day == "":
		return surveys.Faults{surveys.NewFault("day", FaultRequired, "must not be empty")}
	case !v.Day.Valid():
		return surveys.Faults{surveys.NewFault("day", FaultDay, "is no day of the calendar")}
	case kept:
		return nil
	case v.State == Planned && v.Day < today:
		return surveys.Faults{surveys.NewFault("day", FaultPast, "lies in the past")}
	case v.State == Done && v.Day > today:
		return surveys.Faults{surveys.NewFault("day", FaultFuture, "is still to come")}
	}
	return farFaults("day", v.Day, today)
}

// farFaults finds days that nobody can mean, such as those of a year with a digit too many.
func farFaults(path string, day, today surveys.Day) surveys.Faults {
	at, now := day.Time(), today.Time()
	if at.Before(now.AddDate(-FarthestYears, 0, 0)) || at.After(now.AddDate(FarthestYears, 0, 0)) {
		return surveys.Faults{surveys.NewFault(path, FaultFar, fmt.Sprintf("is more than %d years away", FarthestYears), "limit", strconv.Itoa(FarthestYears))}
	}
	return nil
}

func (v *Visit) timeFaults() (faults surveys.Faults) {
	if at, err := time.Parse("15:04", v.Start); v.Start != "" && (err != nil || at.Format("15:04") != v.Start) {
		faults = append(faults, surveys.NewFault("start", FaultTime, "is no time such as 09:30"))
	}
	if v.Minutes < 0 || v.Minutes > LongestMinutes {
		faults = append(faults, surveys.NewFault("minutes", FaultMinutes, "must be a number of minutes within a day"))
	}
	return faults
}

// associateFaults asks for somebody once a visit is done: it cannot have been made by nobody.
func (v *Visit) associateFaults() surveys.Faults {
	if len(v.Associates) > MostAssociates {
		return surveys.Faults{surveys.NewFault("associates", FaultTooMany, "are too many", "limit", strconv.Itoa(MostAssociates))}
	}
	if v.State == Done && len(v.Associates) == 0 {
		return surveys.Faults{surveys.NewFault("associates", FaultRequired, "say who was there")}
	}
	for i, name := range v.Associates {
		if found := surveys.TextFaults("associates", name, LongestName, true); len(found) > 0 {
			return found
		}
		if slices.Contains(v.Associates[:i], name) {
			return surveys.Faults{surveys.NewFault("associates", FaultTwice, "name somebody twice")}
		}
	}
	return nil
}

// followUpFaults are under followups[N], from 0 in the order they stand.
func (v *Visit) followUpFaults(before *Visit) (faults surveys.Faults) {
	if len(v.FollowUps) > MostFollowUps {
		return surveys.Faults{surveys.NewFault("followups", FaultTooMany, "are too many", "limit", strconv.Itoa(MostFollowUps))}
	}
	for i, f := range v.FollowUps {
		faults = append(faults, f.faults(fmt.Sprintf("followups[%d]", i), v, before)...)
	}
	return faults
}

func (f FollowUp) faults(path string, v, before *Visit) surveys.Faults {
	faults := surveys.TextFaults(path+".text", f.Text, LongestFollowUp, true)
	faults = append(faults, surveys.TextFaults(path+".owner", f.Owner, LongestName, false)...)
	kept := before != nil && slices.ContainsFunc(before.FollowUps, func(b FollowUp) bool { return b.Number == f.Number && b.Due == f.Due })
	switch {
	case f.Due == "" || kept:
	case !f.Due.Valid():
		faults = append(faults, surveys.NewFault(path+".due", FaultDay, "is no day of the calendar"))
	case v.Day.Valid() && f.Due < v.Day:
		faults = append(faults, surveys.NewFault(path+".due", FaultEarly, "is before the visit"))
	case v.Day.Valid():
		faults = append(faults, farFaults(path+".due", f.Due, v.Day)...)
	}
	return faults
}

// tidy takes off what nobody means: spaces around, capitals of addresses, empty lines.
func (v *Visit) tidy() {
	for _, text := range []*string{&v.Start, &v.Place, &v.Purpose, &v.Reason, &v.Heard, &v.Helped} {
		*text = strings.TrimSpace(*text)
	}
	v.Place = strings.Join(strings.Fields(v.Place), " ")
	if v.Start == "" {
		v.Minutes = 0
	}
	names := v.Associates
	v.Associates = nil
	for _, name := range names {
		if name = tidyName(name); name != "" {
			v.Associates = append(v.Associates, name)
		}
	}
	list := v.FollowUps
	v.FollowUps = nil
	for _, f := range list {
		f.Text, f.Owner = strings.Join(strings.Fields(f.Text), " "), tidyName(f.Owner)
		if !f.Empty() {
			v.FollowUps = append(v.FollowUps, f)
		}
	}
}

// tidyName writes an address as accounts have it, so that its owner is found by it.
func tidyName(name string) string {
	name = strings.Join(strings.Fields(name), " ")
	if strings.Contains(name, "@") {
		return strings.ToLower(name)
	}
	return name
}
