// Package surveys is the language of the program: surveys and their questions, answers, and the scoring of one
// response. It is pure: it knows no database, no web and no clock, so that every rule here can be read and tested alone.
package surveys

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Typed ids keep a wave from being passed where a survey is meant.
type (
	DepartmentID    int64
	BandID          int64
	SurveyID        int64
	QuestionnaireID int64
	WaveID          int64
	PersonID        int64
)

// ID identifies a response or a comment. It is a keyed hash of the respondent's receipt: random to everyone
// who does not hold the receipt, so no order or time can be read from it.
type ID [16]byte

func (id ID) String() string { return hex.EncodeToString(id[:]) }

// Purpose says what a survey is about.
type Purpose string

const (
	AboutChange     Purpose = "change"     // one proposed change
	AboutEngagement Purpose = "engagement" // working with IT
	AboutOther      Purpose = "custom"
)

// Anonymity is fixed once a survey has its first response.
type Anonymity string

const (
	Anonymous Anonymity = "anonymous"
	Named     Anonymity = "named" // respondents agree to be named; the gate passes single answers
)

// Timing says when results may be read.
type Timing string

const (
	WhenClosed Timing = "closed" // only participation until the wave closes
	WhileOpen  Timing = "open"   // in the steps of the disclosure gate
)

// Kind is the kind of a question.
type Kind string

const (
	Scale     Kind = "scale"     // 5 or 7 points
	Recommend Kind = "recommend" // 0 to 10
	Choice    Kind = "choice"    // one option
	Choices   Kind = "choices"   // any number of options
	Ranking   Kind = "ranking"   // options in order of preference
	Text      Kind = "text"
)

// OtherOption is the option id of the free text beside a choice. No author may use it for an option of their own.
const OtherOption = "other"

// The two constructs every survey may use without defining them.
const (
	Openness   = "openness"
	Engagement = "engagement"
)

// Limits that keep a survey short, a form small and exact sums within an int64 (see Fraction).
const (
	DefaultMinimum    = 5
	LeastMinimum      = 3
	MostQuestions     = 200
	MostOptions       = 100
	MostConstructSize = 16
	LongestText       = 5000 // characters of one comment
)

// Document is a survey as its author writes it, and the content of one published questionnaire.
type Document struct {
	Title        string
	Purpose      Purpose
	Change       string `json:",omitempty"` // name of the change a survey is about, the same in every installation; "" where it names none
	Language     string // BCP 47; the language of every text outside Translations
	Anonymity    Anonymity
	Minimum      int // smallest group shown
	Results      Timing
	Intro        string
	Constructs   []Construct // beside openness and engagement
	Questions    []Question
	Translations map[string]Translation // by language
}

// Construct is what several scale questions measure together.
type Construct struct {
	ID   string
	Name string
}

// Question is one question; which fields apply depends on its Kind.
type Question struct {
	ID        string
	Kind      Kind
	Points    int // of a scale: 5 or 7
	Text      string
	Help      string
	Required  bool
	Labels    []string // of a scale, lowest first; empty means the program's own words
	Construct string
	Reversed  bool // agreeing means a low score
	ShowIf    *Condition
	Options   []Option
	Other     bool // a free text beside the options
}

// Option is one answer of a choice, choices or ranking question.
type Option struct {
	ID   string
	Text string
}

// Condition shows a question only if an earlier one was answered with one of the values.
type Condition struct {
	Question string
	In       []string // scale points as decimal numbers, or option ids
}

// Translation holds every text of a document in one more language.
type Translation struct {
	Title     string
	Intro     string
	Questions map[string]QuestionTranslation // by question id
}

// QuestionTranslation holds the texts of one question in one more language.
type QuestionTranslation struct {
	Text    string
	Help    string
	Labels  []string
	Options map[string]string // by option id
}

// Questionnaire is one published, immutable version of a survey's questions.
type Questionnaire struct {
	ID       QuestionnaireID
	Survey   SurveyID
	Version  int
	Document *Document
	Versions map[string]int // by question id: a trend joins waves only where these agree
}

// WaveState is where a wave stands. Closing lasts while its responses are recounted; nothing is taken in any more.
type WaveState string

const (
	Open    WaveState = "open"
	Closing WaveState = "closing"
	Closed  WaveState = "closed"
)

// Wave is one run of a survey over one questionnaire.
type Wave struct {
	ID            WaveID
	Survey        SurveyID
	Questionnaire QuestionnaireID
	Label         string
	State         WaveState
	Opened        time.Time
	Closed        time.Time // zero while open
}

// TitleIn is what the survey is called in a language, and the language of that: its own where it is not translated.
func (d *Document) TitleIn(lang string) (title, written string) {
	if t := d.Translations[lang].Title; t != "" {
		return t, lang
	}
	return d.Title, d.Language
}

// Department is a part of the organisation. A Headcount of 0 means it is not known.
type Department struct {
	ID         DepartmentID
	Name       string
	Division   string // what it belongs to; "" where the organisation has no divisions
	Headcount  int
	Archived   bool         // no longer asked
	PooledInto DepartmentID // whose answers and people its own count with from now on; 0: it stands for itself
}

// Asked reports whether the department stands for itself on new surveys.
func (d Department) Asked() bool { return !d.Archived && d.PooledInto == 0 }

// Band is one level of seniority; bands are an ordered list.
type Band struct {
	ID       BandID
	Name     string
	Position int
}

// Person is an entry of the directory. It is used to invite and is never stored with answers.
type Person struct {
	ID         PersonID
	Email      string // deliverable as it stands: its domain is written in ASCII
	Name       string // "" where the directory has none
	Department DepartmentID
	Band       BandID // 0: not known
	Language   string // BCP 47; "" where the directory has none
}

// Response is the closed answers of one respondent. It has no time, no person and no address.
type Response struct {
	ID         ID
	Wave       WaveID
	Department DepartmentID // 0: the organisation has no departments
	Band       BandID       // 0: not asked or not said
	Language   string
	Answers    Answers
}

// Comment is one text answer. It is stored apart from its response and cannot be joined to it.
type Comment struct {
	ID         ID
	Wave       WaveID
	Question   string
	Department DepartmentID
	Text       string
}

// Question returns the question with the given id.
func (d *Document) Question(id string) (*Question, bool) {
	for i := range d.Questions {
		if d.Questions[i].ID == id {
			return &d.Questions[i], true
		}
	}
	return nil, false
}

// SmallestGroup is the minimum k of the disclosure gate: named surveys show single answers.
func (d *Document) SmallestGroup() int {
	if d.Anonymity == Named {
		return 1
	}
	return d.Minimum
}

// Languages lists the languages a document can be answered in, its own first, the others sorted.
func (d *Document) Languages() []string {
	return append([]string{d.Language}, sortedKeys(d.Translations)...)
}

// ConstructIDs lists the constructs that questions of the document measure, in order of first use.
func (d *Document) ConstructIDs() []string {
	var ids []string
	seen := map[string]bool{}
	for _, q := range d.Questions {
		if q.Construct != "" && !seen[q.Construct] {
			seen[q.Construct] = true
			ids = append(ids, q.Construct)
		}
	}
	return ids
}

// Items lists the questions that measure a construct.
func (d *Document) Items(construct string) []*Question {
	var items []*Question
	for i := range d.Questions {
		if d.Questions[i].Construct == construct {
			items = append(items, &d.Questions[i])
		}
	}
	return items
}

// Signature names the exact questions and versions behind a construct, in whatever order they are asked. Two waves may be
// joined in a trend only if their signatures are equal.
func (q *Questionnaire) Signature(construct string) string {
	var items []string
	for _, item := range q.Document.Items(construct) {
		items = append(items, fmt.Sprintf("%s@%d", item.ID, q.Versions[item.ID]))
	}
	slices.Sort(items)
	return strings.Join(items, " ")
}

// HasOption reports whether the option is one of the question's own, or "other" where that is offered.
func (q *Question) HasOption(id string) bool {
	if id == OtherOption {
		return q.Other
	}
	for _, o := range q.Options {
		if o.ID == id {
			return true
		}
	}
	return false
}

// TakesText reports whether answering the question may produce a comment.
func (q *Question) TakesText() bool { return q.Kind == Text || q.Other }
