// Package brief holds what one page says before a change is put to a department, and the rules by which it puts figures into
// sentences. It has no words and asks for nothing: what it is given has passed the gate, and what it says follows from that.
package brief

import (
	"slices"

	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/decisions"
	"soundings/surveys/ideas"
	"soundings/surveys/promises"
	"soundings/surveys/visits"
)

// Words are a text in the languages it can be read in.
type Words struct {
	Own string            `json:"language"` // of the original
	By  map[string]string `json:"text"`
}

// In is the text in a language or a close variant of it, else the original; the second value is the language it is in.
func (w Words) In(wanted string) (text, lang string) {
	names := []string{w.Own}
	for name := range w.By {
		if name != w.Own {
			names = append(names, name)
		}
	}
	slices.Sort(names[1:]) // of two variants as close, always the same
	lang = changes.Closest(wanted, names)
	return w.By[lang], lang
}

// Figure is a mean of 0 to 100 as the pages tell it, or why they tell none.
type Figure struct {
	Shown       bool              `json:"shown"`
	Reason      disclosure.Reason `json:"reason,omitempty"`  // where nothing is told
	Between     *[2]float64       `json:"between,omitempty"` // where everybody is alike, instead of the mean
	N           int               `json:"n,omitzero"`
	Headcount   int               `json:"headcount,omitzero"` // 0: not known
	Mean        float64           `json:"mean,omitzero"`
	Low         float64           `json:"low,omitzero"`
	High        float64           `json:"high,omitzero"`
	HasInterval bool              `json:"has_interval,omitzero"`
}

// Wave is where the figures are from.
type Wave struct {
	ID            surveys.WaveID          `json:"id"`
	Survey        surveys.SurveyID        `json:"survey"`
	Questionnaire surveys.QuestionnaireID `json:"questionnaire"`
	Label         string                  `json:"label"`
	About         bool                    `json:"about_change"` // it asked about this very change
	Newest        bool                    `json:"newest"`       // of its survey, when the brief was made
}

// Move is how openness moved since the wave before.
type Move struct {
	Verdict  stats.Verdict `json:"verdict"`
	Points   float64       `json:"points,omitzero"`
	Since    string        `json:"since,omitempty"`   // label of the wave before
	Smallest float64       `json:"smallest,omitzero"` // change that a group of this size could show; 0: not known
}

// Item is a scale question of the department beside all others.
type Item struct {
	Question string        `json:"question"`
	Own      Figure        `json:"own"`
	Others   Figure        `json:"others"`
	Verdict  stats.Verdict `json:"verdict"` // of the department less the others
}

// Choice is a question with options as the department answered it, the options most of them chose first.
type Choice struct {
	Question string       `json:"question"`
	Kind     surveys.Kind `json:"kind"`
	N        int          `json:"n"`
	Options  []Option     `json:"options"`
}

// Option is how many chose it, or ranked it first.
type Option struct {
	ID          string        `json:"id"`
	Count       int           `json:"count"`
	Percent     float64       `json:"percent"`
	Low         float64       `json:"low,omitzero"`
	High        float64       `json:"high,omitzero"`
	HasInterval bool          `json:"has_interval,omitzero"`
	Verdict     stats.Verdict `json:"verdict"` // of the share less that of the others
}

// Driver is a question whose answers go with openness.
type Driver struct {
	Question    string  `json:"question"`
	Item        bool    `json:"item,omitzero"` // it is part of openness, and held against its other questions
	Coefficient float64 `json:"coefficient"`
	Low         float64 `json:"low,omitzero"`
	High        float64 `json:"high,omitzero"`
	HasInterval bool    `json:"has_interval,omitzero"`
	N           int     `json:"n"`
	Everyone    bool    `json:"everyone,omitzero"` // the organisation's, since the department's may not be told
}

// Clear reports whether the interval leaves out that they do not go together at all.
func (d Driver) Clear() bool { return d.HasInterval && (d.Low > 0 || d.High < 0) }

// Answer is one option of a decision; a window has its days.
type Answer struct {
	ID    string      `json:"id"`
	Text  Words       `json:"text,omitzero"` // without text where a window has only its days
	From  surveys.Day `json:"from,omitempty"`
	Until surveys.Day `json:"until,omitempty"`
}

// Outcome is what was decided for the department.
type Outcome struct {
	Option string      `json:"option,omitempty"` // "" where no option was: then Words
	Words  string      `json:"words,omitempty"`
	Reason string      `json:"reason,omitempty"`
	Day    surveys.Day `json:"day"`
}

// Decision is one that the change leaves to the department, or left.
type Decision struct {
	ID      decisions.ID      `json:"id"`
	Kind    decisions.Kind    `json:"kind"`
	Title   Words             `json:"title"`
	Answers []Answer          `json:"answers"`
	Asked   bool              `json:"asked,omitzero"`   // a closed wave has asked the department
	Hidden  disclosure.Reason `json:"hidden,omitempty"` // why its answers are not told
	N       int               `json:"n,omitzero"`
	Chosen  []Option          `json:"chosen,omitempty"` // the options most of them chose first; none where that is hidden
	Outcome *Outcome          `json:"outcome,omitempty"`
}

// Answer finds one of the options.
func (d *Decision) Answer(id string) (Answer, bool) {
	for _, a := range d.Answers {
		if a.ID == id {
			return a, true
		}
	}
	return Answer{}, false
}

// Promise is one that was made to the department.
type Promise struct {
	ID      promises.ID    `json:"id"`
	Said    Words          `json:"said"`
	Answer  Words          `json:"answer"`
	State   promises.State `json:"state"`
	Day     surveys.Day    `json:"day"` // by which an open one is due, on which another was kept, broken or declined
	Overdue bool           `json:"overdue,omitzero"`
}

// Idea is one of the department's. Its title is not kept with the brief: one that is taken off the board has to be gone.
type Idea struct {
	ID     ideas.ID     `json:"id"`
	Title  string       `json:"-"`
	Lang   string       `json:"-"`
	Status ideas.Status `json:"status"`
	Change changes.ID   `json:"change,omitzero"` // that it became
}

// Visit is one that was made to the department.
type Visit struct {
	ID      visits.ID   `json:"id"`
	Day     surveys.Day `json:"day"`
	Days    int         `json:"days"` // ago
	Purpose string      `json:"purpose"`
	Heard   string      `json:"heard,omitempty"` // Markdown
}

// Scope is for whom a pitch was written.
type Scope string

const (
	Own            Scope = "own"
	OfDepartment   Scope = "department"
	OfEveryone     Scope = "everyone"
	NothingWritten Scope = "nothing"
)

// Pitch is how the change is put to the department, or to a band within it that reads something else.
type Pitch struct {
	Band  surveys.BandID `json:"band,omitzero"` // 0: all of the department
	Name  string         `json:"band_name,omitempty"`
	Scope Scope          `json:"scope"`
	Text  Words          `json:"text,omitzero"` // Markdown
}

// Earlier is another change that the department was asked about: how open they were, and what they had read.
type Earlier struct {
	Change changes.ID `json:"change"`
	Title  Words      `json:"title"`
	Waves  []Point    `json:"waves"`          // the first about it and, where there is another, the last
	Pitch  Words      `json:"pitch,omitzero"` // as it stood before the last of them; without text: none
}

// Point is the openness of one wave.
type Point struct {
	Wave   surveys.WaveID `json:"wave"`
	Label  string         `json:"label"`
	Figure Figure         `json:"openness"`
	Doubt
}

// Doubt is what to bear in mind about who answered.
type Doubt struct {
	FewAnswered bool     `json:"few_answered,omitzero"`
	BandOff     *BandOff `json:"band_off,omitempty"`
}

// BandOff is the band whose share among those who answered is furthest from its share among those asked.
type BandOff struct {
	Band     string  `json:"band"`
	Answered float64 `json:"answered"` // percent
	Asked    float64 `json:"asked"`
}

// Kept counts the promises that were made to the department.
type Kept struct {
	Kept, Broken, Overdue, Open int
}

// All is how many could have been kept by now, and those that have time left.
func (k Kept) All() int { return k.Kept + k.Broken + k.Overdue + k.Open }

// Brief is what stands on the page, in no language.
type Brief struct {
	Change         changes.ID           `json:"change"`
	ChangeTitle    Words                `json:"title"`
	Department     surveys.DepartmentID `json:"department"`
	DepartmentName string               `json:"department_name"`
	Day            surveys.Day          `json:"day"`
	Wave           *Wave                `json:"wave,omitempty"` // nil: nothing was measured of them
	Standing       Figure               `json:"openness"`
	Others         Figure               `json:"others"`
	Difference     stats.Verdict        `json:"difference"` // of the department less the others
	Move           Move                 `json:"move"`
	Answered       int                  `json:"answered,omitzero"` // people who took part; 0 where that is hidden
	Asked          int                  `json:"asked,omitzero"`
	Rate           float64              `json:"rate,omitzero"`
	Doubt
	Weakest       []Item      `json:"weakest,omitempty"`       // furthest behind the others first
	Behind        int         `json:"clearly_behind,omitzero"` // in how many scale questions they are clearly behind
	Choices       []Choice    `json:"choices,omitempty"`
	Drivers       []Driver    `json:"drivers,omitempty"`
	Decisions     []Decision  `json:"decisions,omitempty"`
	StillOpen     Words       `json:"still_open,omitzero"` // Markdown; without text, nothing is
	Promises      []Promise   `json:"promises,omitempty"`  // the overdue first, then the open, then the others
	Kept          Kept        `json:"promises_kept,omitzero"`
	Last          *Visit      `json:"last_visit,omitempty"`
	Next          surveys.Day `json:"next_visit,omitempty"`
	NextVisit     visits.ID   `json:"next_visit_id,omitzero"`
	LongUnvisited bool        `json:"long_unvisited,omitzero"`
	Ideas         []Idea      `json:"ideas,omitempty"` // those of this change first
	IdeasWaiting  int         `json:"ideas_waiting,omitzero"`
	Credit        bool        `json:"their_idea,omitzero"` // the change was an idea of theirs
	Champions     int         `json:"champions,omitzero"`
	Pitches       []Pitch     `json:"pitches,omitempty"` // that of all of the department first
	Earlier       []Earlier   `json:"earlier,omitempty"` // the newest first
}
