package decisions

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/document"
	"soundings/surveys/languages"
)

// Limits in characters. Title, about and options stand on the form of a survey, which has to stay small.
const (
	LongestTitle  = 200
	LongestAbout  = 500
	LongestOption = 200
	LongestReason = 1000
	LongestWords  = 500
	MostOptions   = 12
	leastOptions  = 2
)

// FarthestYears is how far from today a day may lie.
const FarthestYears = 5

// Codes of faults; each is a key of the program's words.
const (
	FaultRequired   = "required"
	FaultLong       = "long" // Args: limit, length
	FaultUnreadable = "unreadable"
	FaultUnknown    = "unknown"
	FaultFew        = "few"      // fewer than two options leave nothing to decide
	FaultTooMany    = "too_many" // Args: limit
	FaultTwice      = "twice"    // the same option once more
	FaultAsked      = "asked"    // the options of a question that people were asked already
	FaultDay        = "day"      // no day of the calendar
	FaultPast       = "past"     // a window that is over
	FaultBackwards  = "backwards"
	FaultFuture     = "future"    // decided on a day that is still to come
	FaultFar        = "far"       // Args: limit
	FaultOrder      = "order"     // before the step that came before; Args: day
	FaultNobody     = "nobody"    // for no department to decide
	FaultElsewhere  = "elsewhere" // not concerned by the change; Args: department
	FaultArchived   = "archived"  // Args: department
	FaultOriginal   = "original"  // a translation into the decision's own language
	FaultUnasked    = "unasked"   // an outcome, and nobody was asked
	FaultBoth       = "both"      // of an outcome: an option and other words
	FaultTaken      = "taken"     // the name of another decision
	FaultEnded      = "ended"     // withdrawn
)

// faults finds everything that is wrong with a decision by itself; before is what is stored, nil for a new one.
func (d *Decision) faults(before *Decision, today surveys.Day) surveys.Faults {
	faults := append(surveys.TextFaults("title", d.Title, LongestTitle, true), surveys.TextFaults("about", d.About, LongestAbout, false)...)
	if d.Name != "" && !changes.ValidName(questionPrefix+d.Name) {
		faults = append(faults, surveys.NewFault("name", FaultUnknown, "is no name of a decision"))
	}
	if !slices.Contains(Kinds(), d.Kind) {
		faults = append(faults, surveys.NewFault("kind", FaultUnknown, "is no kind of decision"))
	}
	faults = append(faults, languages.Faults("language", d.Language)...)
	if _, twice := d.Translations[d.Language]; twice {
		faults = append(faults, surveys.NewFault("language", FaultOriginal, "has a translation already"))
	}
	switch {
	case len(d.Options) < leastOptions:
		faults = append(faults, surveys.NewFault("options", FaultFew, "there must be two or more to decide between"))
	case len(d.Options) > MostOptions:
		faults = append(faults, surveys.NewFault("options", FaultTooMany, "are too many", "limit", strconv.Itoa(MostOptions)))
	}
	for i := range d.Options[:min(len(d.Options), MostOptions)] {
		faults = append(faults, d.optionFaults(i, before, today)...)
	}
	if !d.Everybody && len(d.Departments) == 0 {
		faults = append(faults, surveys.NewFault("departments", FaultNobody, "choose at least one department, or all"))
	}
	return faults
}

// optionFaults judges one option beside those before it.
func (d *Decision) optionFaults(i int, before *Decision, today surveys.Day) surveys.Faults {
	o, path := d.Options[i], fmt.Sprintf("options[%d]", i)
	if found := surveys.TextFaults(path, o.Text, LongestOption, d.Kind != When); len(found) > 0 {
		return found
	}
	if d.Kind == When {
		if found := windowFaults(path, o, before, today); len(found) > 0 {
			return found
		}
	}
	same := func(other Option) bool {
		return other.ID == o.ID || o.Text != "" && strings.EqualFold(other.Text, o.Text) || d.Kind == When && other.From == o.From && other.Until == o.Until
	}
	if slices.ContainsFunc(d.Options[:i], same) {
		return surveys.Faults{surveys.NewFault(path, FaultTwice, "is there already")}
	}
	return nil
}

// windowFaults judges a window only when it is set: one that has passed meanwhile must not keep anybody from mending a word.
func windowFaults(path string, o Option, before *Decision, today surveys.Day) surveys.Faults {
	if before != nil {
		if old, ok := before.Option(o.ID); ok && old.From == o.From && old.Until == o.Until && before.Kind == When {
			return nil
		}
	}
	switch {
	case o.From == "" || o.Until == "":
		return surveys.Faults{surveys.NewFault(path, FaultRequired, "needs a first and a last day")}
	case !o.From.Valid() || !o.Until.Valid():
		return surveys.Faults{surveys.NewFault(path, FaultDay, "is no day of the calendar")}
	case o.Until < o.From:
		return surveys.Faults{surveys.NewFault(path, FaultBackwards, "ends before it begins")}
	case o.From < today:
		return surveys.Faults{surveys.NewFault(path, FaultPast, "begins on a day that is over")}
	case o.Until.Time().After(today.Time().AddDate(FarthestYears, 0, 0)):
		return surveys.Faults{surveys.NewFault(path, FaultFar, fmt.Sprintf("is more than %d years away", FarthestYears), "limit", strconv.Itoa(FarthestYears))}
	}
	return nil
}

// sameOptions reports whether a question with these options would mean the same.
func sameOptions(a, b *Decision) bool { return a.Kind == b.Kind && slices.Equal(a.Options, b.Options) }

// outcomeFaults judges an outcome; asked tells whether a survey has asked for it.
func (d *Decision) outcomeFaults(e Entry, asked bool, today surveys.Day) surveys.Faults {
	if d.Now().State == Withdrawn {
		return surveys.Faults{surveys.NewFault("outcome", FaultEnded, "the decision is withdrawn")}
	}
	var faults surveys.Faults
	if !asked && !e.Unasked {
		faults = append(faults, surveys.NewFault("unasked", FaultUnasked, "nobody was asked"))
	}
	if _, ok := d.Option(e.Option); e.Option != "" && !ok {
		faults = append(faults, surveys.NewFault("outcome", FaultUnknown, "is none of the options"))
	}
	if e.Department != 0 && !d.Everybody && !slices.Contains(d.Departments, e.Department) {
		faults = append(faults, surveys.NewFault("department", FaultUnknown, "does not decide this"))
	}
	faults = append(faults, surveys.TextFaults("words", e.Words, LongestWords, e.Option == "")...)
	if e.Option != "" && e.Words != "" {
		faults = append(faults, surveys.NewFault("words", FaultBoth, "stands beside an option that was chosen"))
	}
	faults = append(faults, surveys.TextFaults("reason", e.Reason, LongestReason, true)...)
	return append(faults, dayFaults(d.Now(), e.On, today)...)
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
	}
	return nil
}

// faults finds what is wrong with a translation: it has a title and a text for every option that has one.
func (t Text) faults(d *Decision) surveys.Faults {
	faults := append(surveys.TextFaults("title", t.Title, LongestTitle, true), surveys.TextFaults("about", t.About, LongestAbout, d.About != "")...)
	for i, o := range d.Options {
		faults = append(faults, surveys.TextFaults(fmt.Sprintf("options[%d]", i), t.Options[o.ID], LongestOption, o.Text != "")...)
	}
	return faults
}

func (t Text) empty() bool { return t.Title == "" && t.About == "" && len(t.Options) == 0 }

func line(text string) string { return strings.Join(strings.Fields(text), " ") }

// tidy takes off what nobody means: spaces around, empty options, days of what is no window, departments beside all; and
// names the options that have no id.
func (d *Decision) tidy() {
	d.Title, d.About = line(d.Title), strings.TrimSpace(d.About)
	typed := d.Options
	d.Options = nil
	for _, o := range typed {
		o.Text = line(o.Text)
		if d.Kind != When {
			o.From, o.Until = "", ""
		}
		if o.Text != "" || o.From != "" || o.Until != "" {
			d.Options = append(d.Options, o)
		}
	}
	for i := range d.Options {
		if o := &d.Options[i]; o.ID == "" {
			o.ID = document.Numbered(document.NameOf(o.Text), "option", func(id string) bool {
				_, taken := d.Option(id)
				return taken || id == surveys.OtherOption
			})
		}
	}
	if d.Everybody {
		d.Departments = nil
	}
	d.Departments = slices.Compact(slices.Sorted(slices.Values(d.Departments)))
}

// tidy keeps the texts of options that the decision has.
func (t *Text) tidy(d *Decision) {
	t.Title, t.About = line(t.Title), strings.TrimSpace(t.About)
	texts := map[string]string{}
	for _, o := range d.Options {
		if text := line(t.Options[o.ID]); text != "" {
			texts[o.ID] = text
		}
	}
	t.Options = texts
}

// tidy takes off what an outcome does not say.
func (e *Entry) tidy(stamp surveys.Stamp) {
	e.State, e.Said, e.Reason, e.Words = Decided, stamp, strings.TrimSpace(e.Reason), strings.TrimSpace(e.Words)
}
