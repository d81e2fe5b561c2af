// Package changes keeps what IT proposes to change: what, why, for whom, how far it has come, and why it moved.
package changes

import (
	"slices"
	"time"

	"golang.org/x/text/language"

	"soundings/surveys"
)

// ID identifies a change within one installation. Survey documents use its Name, which is the same in all.
type ID int64

// Stage is how far a change has come.
type Stage string

const (
	Idea       Stage = "idea"
	Proposed   Stage = "proposed"
	Asking     Stage = "asking"   // the departments are being asked
	Deciding   Stage = "deciding" // the answers are in
	Scheduled  Stage = "scheduled"
	RollingOut Stage = "rolling out"
	Done       Stage = "done"
	Dropped    Stage = "dropped"
)

// Stages lists every stage in the usual order.
func Stages() []Stage {
	return []Stage{Idea, Proposed, Asking, Deciding, Scheduled, RollingOut, Done, Dropped}
}

// Entry is one step of a change's history. Entries are appended and never rewritten.
type Entry struct {
	Stage  Stage
	On     surveys.Day // when it was reached
	Reason string
	Said   surveys.Stamp
}

// Text is what a change says, in one language. All but the title is Markdown.
type Text struct {
	Title     string
	Why       string
	What      string
	StillOpen string // what the departments can still decide; "" for nothing
}

// Translation is the text in one more language.
type Translation struct {
	Text
	Outdated bool // the original has changed since it was translated
}

// Link leads to more about a change.
type Link struct {
	Label string // "" to show the address
	URL   string // absolute, http or https
}

// Change is one proposed change.
type Change struct {
	ID      ID
	Name    string // an id such as expense-tool, by which survey documents name the change; it never changes
	Version int    // goes up with each save, from 1

	Text
	Language     string // of Text
	Translations map[string]Translation

	Owner       string // the e-mail address of a member of staff, or a name
	Risks       string
	Links       []Link
	Everybody   bool                   // it concerns all departments
	Departments []surveys.DepartmentID // which it concerns, in ascending order, where not Everybody
	GoLive      surveys.Day            // as planned; "" where nobody knows yet
	Public      bool                   // those concerned may read about it without signing in
	History     []Entry                // oldest first, at least one
	Saved       surveys.Stamp
}

// Now is the newest entry of the history.
func (c *Change) Now() Entry {
	if len(c.History) == 0 {
		return Entry{}
	}
	return c.History[len(c.History)-1]
}

// Live reports whether the change has reached the people it concerns.
func (s Stage) Live() bool { return s == RollingOut || s == Done }

// Ended reports whether nothing more is to come.
func (s Stage) Ended() bool { return s == Done || s == Dropped }

// Concerns reports whether a department is among those that the change is for.
func (c *Change) Concerns(d surveys.DepartmentID) bool {
	return c.Everybody || slices.Contains(c.Departments, d)
}

// In is the text in a language or a close variant of it, else the original; the second value is the language it is in.
func (c *Change) In(wanted string) (Text, string) {
	if lang := Closest(wanted, c.Languages()); lang != c.Language {
		return c.Translations[lang].Text, lang
	}
	return c.Text, c.Language
}

// Closest is the language, of those that something can be read in, that a reader is served best with: the wanted one, else
// a close variant of it, else the first.
func Closest(wanted string, names []string) string {
	if slices.Contains(names, wanted) {
		return wanted
	}
	tags := make([]language.Tag, len(names))
	for i, name := range names {
		tags[i] = language.Make(name)
	}
	if _, best, confidence := language.NewMatcher(tags).Match(language.Make(wanted)); confidence >= language.High {
		return names[best]
	}
	return names[0]
}

// Languages lists what the change can be read in, its own first, the others sorted.
func (c *Change) Languages() []string {
	list := make([]string, 0, len(c.Translations)+1)
	for language := range c.Translations {
		list = append(list, language)
	}
	slices.Sort(list)
	return append([]string{c.Language}, list...)
}

// GoLive is the day a change reached the departments it concerns.
type GoLive struct {
	Change      ID
	Title       string    // in the change's own language
	Date        time.Time // midnight of the day, UTC
	Departments []surveys.DepartmentID
	Everybody   bool // all departments; Departments is empty then
}

// wentLive is when the change began to roll out, or was done where it never did.
func (c *Change) wentLive() (surveys.Day, bool) {
	for _, e := range c.History {
		if e.Stage.Live() {
			return e.On, true
		}
	}
	return "", false
}
