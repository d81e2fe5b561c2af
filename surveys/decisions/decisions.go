// Package decisions keeps what a change leaves open to departments: when it comes, how people are trained, who pilots it or
// anything else; what they were asked, and what was decided and why.
package decisions

import (
	"slices"
	"strings"

	"soundings/surveys"
	"soundings/surveys/changes"
)

// ID identifies a decision within one installation. Survey documents know it by its Question.
type ID int64

// Kind is what is open.
type Kind string

const (
	When     Kind = "when"     // each option is a window of days
	Training Kind = "training" // how people are trained
	Pilot    Kind = "pilot"    // who goes first
	Free     Kind = "free"
)

// Kinds lists every kind.
func Kinds() []Kind { return []Kind{When, Training, Pilot, Free} }

// State is where a decision stands.
type State string

const (
	Open      State = "open"
	Asked     State = "asked" // it is a question of a survey
	Decided   State = "decided"
	Withdrawn State = "withdrawn" // it is no longer for the departments to decide
)

// Option is one answer.
type Option struct {
	ID    string      `json:"id"`
	Text  string      `json:"text,omitempty"`  // "" only of a window
	From  surveys.Day `json:"from,omitempty"`  // of a window, its first day
	Until surveys.Day `json:"until,omitempty"` // and its last
}

// Text is what a decision says, in one language. All of it is plain text.
type Text struct {
	Title   string            // the question, as it is put to people
	About   string            // what they should know to answer; "" for nothing
	Options map[string]string // texts by option id
}

// Translation is the text in one more language.
type Translation struct {
	Text
	Outdated bool // the original has changed since it was translated
}

// Entry is one step of a decision's history. Entries are appended and never rewritten.
type Entry struct {
	State State
	On    surveys.Day // when it was reached
	// Of an outcome:
	Department surveys.DepartmentID // for which it was decided; 0 for all that were asked
	Option     string               // the one that was decided; "" for something else
	Unasked    bool                 // it was decided without asking
	Words      string               // what was decided where no option was; of Asked, the title of the survey
	Reason     string               // why it was decided so, or withdrawn
	Said       surveys.Stamp
}

// Decision is one decision that a change leaves open.
type Decision struct {
	ID      ID
	Change  changes.ID
	Name    string // unique, and never changes
	Version int    // goes up with each save, from 1

	Kind         Kind
	Title        string
	About        string
	Language     string // of title, about, options, and of what the history says
	Options      []Option
	Translations map[string]Translation

	Everybody   bool                   // all departments that the change concerns decide
	Departments []surveys.DepartmentID // which decide, in ascending order, where not Everybody
	History     []Entry                // oldest first, at least one
	Saved       surveys.Stamp
}

// questionPrefix stands before the name of a decision in the ids of questions.
const questionPrefix = "decide-"

// Question is the id of the question by which surveys ask for it.
func (d *Decision) Question() string { return questionPrefix + d.Name }

// IsQuestion reports whether a question asks for a decision.
func IsQuestion(id string) bool { return strings.HasPrefix(id, questionPrefix) }

// IsAskedBy reports whether a survey asks for it; change is the name of its change.
func (d *Decision) IsAskedBy(doc *surveys.Document, change string) bool {
	q, ok := doc.Question(d.Question())
	return ok && q.Kind == surveys.Choice && doc.Change == change
}

// Now is the newest entry of the history.
func (d *Decision) Now() Entry {
	if len(d.History) == 0 {
		return Entry{}
	}
	return d.History[len(d.History)-1]
}

// Outcomes are the outcomes in force, the oldest first: the last for all, and those for single departments since then. A
// decision that was withdrawn has none.
func (d *Decision) Outcomes() (list []Entry) {
	for _, e := range d.History {
		switch {
		case e.State == Withdrawn || e.State == Decided && e.Department == 0:
			list = nil
		case e.State == Decided:
			list = slices.DeleteFunc(list, func(other Entry) bool { return other.Department == e.Department })
		}
		if e.State == Decided {
			list = append(list, e)
		}
	}
	return list
}

// Outcome is what was decided for a department.
func (d *Decision) Outcome(department surveys.DepartmentID) (Entry, bool) {
	for _, e := range slices.Backward(d.Outcomes()) {
		if e.Department == 0 || e.Department == department {
			return e, true
		}
	}
	return Entry{}, false
}

// Asks reports whether a department that the change concerns is among those who decide.
func (d *Decision) Asks(department surveys.DepartmentID) bool {
	return d.Everybody || slices.Contains(d.Departments, department)
}

// Option finds one of the options.
func (d *Decision) Option(id string) (Option, bool) {
	at := slices.IndexFunc(d.Options, func(o Option) bool { return o.ID == id })
	if at < 0 {
		return Option{}, false
	}
	return d.Options[at], true
}

// Text is what the decision says in its own language.
func (d *Decision) Text() Text {
	t := Text{Title: d.Title, About: d.About, Options: map[string]string{}}
	for _, o := range d.Options {
		if o.Text != "" {
			t.Options[o.ID] = o.Text
		}
	}
	return t
}

// In is the text in a language or a close variant of it, else the original; the second value is the language it is in.
func (d *Decision) In(wanted string) (Text, string) {
	if lang := changes.Closest(wanted, d.Languages()); lang != d.Language {
		return d.Translations[lang].Text, lang
	}
	return d.Text(), d.Language
}

// Languages lists what the decision can be read in, its own first, the others sorted.
func (d *Decision) Languages() []string {
	list := make([]string, 0, len(d.Translations)+1)
	for name := range d.Translations {
		list = append(list, name)
	}
	slices.Sort(list)
	return append([]string{d.Language}, list...)
}
