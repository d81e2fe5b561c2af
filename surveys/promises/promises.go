// Package promises keeps what IT answered to what departments said: what it did, will do by a day, or will not do and why;
// and what became of it.
package promises

import (
	"slices"

	"soundings/surveys"
	"soundings/surveys/changes"
)

// ID identifies a promise within one installation.
type ID int64

// State is where a promise stands.
type State string

const (
	Open     State = "open"     // IT will, by a day
	Kept     State = "kept"     // IT did
	Broken   State = "broken"   // IT said that it would, and did not
	Declined State = "declined" // IT will not
)

// States lists every state.
func States() []State { return []State{Open, Kept, Broken, Declined} }

// SourceKind is what kind of thing somebody has said something by.
type SourceKind string

const (
	Theme    SourceKind = "theme"    // Ref is the name of a tag of comments
	Item     SourceKind = "item"     // Ref is the id of a question of a survey
	Visit    SourceKind = "visit"    // Ref is the UID of a visit
	Idea     SourceKind = "idea"     // Ref is its ID
	Decision SourceKind = "decision" // Ref is its Name
)

// Source is where the departments said it. The zero value is nowhere in particular.
type Source struct {
	Kind  SourceKind
	Ref   string
	Words string // what it was called when the promise was made: it may be renamed or taken away
}

// Entry is one step of a promise's history. Entries are appended and never rewritten.
type Entry struct {
	State State
	On    surveys.Day // when it came to stand so
	Due   surveys.Day // until when IT will have done it, of an open one
	Note  string      // how it was kept, why it was not, why there is a new day
	Said  surveys.Stamp
}

// Text is what a promise says, in one language. Both are plain text.
type Text struct {
	Said   string // what the departments said
	Answer string // what IT says to it
}

// Translation is the text in one more language.
type Translation struct {
	Text
	Outdated bool // the original has changed since it was translated
}

// Promise is one promise.
type Promise struct {
	ID      ID
	Version int // goes up with each save, from 1

	Text
	Language     string // of Text and of the notes
	Translations map[string]Translation

	Source      Source
	Owner       string                 // the e-mail address of a member of staff, or a name
	Everybody   bool                   // it was made to all departments
	Departments []surveys.DepartmentID // to which it was made, in ascending order, where not to Everybody
	Change      changes.ID             // what it is about; 0 for no change
	Shown       bool                   // those to whom it was made may read it
	History     []Entry                // oldest first, at least one
	Saved       surveys.Stamp
}

// Now is the newest entry of the history.
func (p *Promise) Now() Entry {
	if len(p.History) == 0 {
		return Entry{}
	}
	return p.History[len(p.History)-1]
}

// Overdue reports whether the day has passed by which IT said that it would.
func (p *Promise) Overdue(today surveys.Day) bool {
	now := p.Now()
	return now.State == Open && now.Due < today
}

// Concerns reports whether it was made to a department.
func (p *Promise) Concerns(d surveys.DepartmentID) bool {
	return p.Everybody || slices.Contains(p.Departments, d)
}

// In is the text in a language or a close variant of it, else the original; the second value is the language it is in.
func (p *Promise) In(wanted string) (Text, string) {
	if lang := changes.Closest(wanted, p.Languages()); lang != p.Language {
		return p.Translations[lang].Text, lang
	}
	return p.Text, p.Language
}

// Languages lists what the promise can be read in, its own first, the others sorted.
func (p *Promise) Languages() []string {
	list := make([]string, 0, len(p.Translations)+1)
	for name := range p.Translations {
		list = append(list, name)
	}
	slices.Sort(list)
	return append([]string{p.Language}, list...)
}
