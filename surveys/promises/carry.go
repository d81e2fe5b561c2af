package promises

import (
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/carry"
	"soundings/surveys/changes"
)

// Carried is a promise as it is carried from one installation into another. It has no name: which one it is, is told by who
// made it when, which stands in the first step of its history.
type Carried struct {
	Version int `json:"version"`
	CarriedText
	Language     string                        `json:"language"`
	Translations map[string]CarriedTranslation `json:"translations,omitempty"`
	Source       *CarriedSource                `json:"source,omitempty"`
	Owner        string                        `json:"owner"`
	Everybody    bool                          `json:"everybody"`
	Departments  []string                      `json:"departments,omitempty"`
	Change       string                        `json:"change,omitempty"`
	Shown        bool                          `json:"shown"`
	History      []CarriedEntry                `json:"history"`
	Saved        carry.Stamp                   `json:"saved"`
}

// CarriedText is what it says in one language.
type CarriedText struct {
	Said   string `json:"said"`
	Answer string `json:"answer"`
}

// CarriedTranslation is what it says in one more language.
type CarriedTranslation struct {
	CarriedText
	Outdated bool `json:"outdated,omitempty"`
}

// CarriedSource is where the departments said it; an idea by its name in the file.
type CarriedSource struct {
	Kind  SourceKind `json:"kind"`
	Ref   string     `json:"ref"`
	Words string     `json:"words,omitempty"`
}

// CarriedEntry is a step of its history.
type CarriedEntry struct {
	State State       `json:"state"`
	On    surveys.Day `json:"on"`
	Due   surveys.Day `json:"due,omitempty"`
	Note  string      `json:"note,omitempty"`
	Said  carry.Stamp `json:"said"`
}

// name tells promises apart; those that one person made at one moment are told apart by their order.
func (e *Carried) name() string {
	if len(e.History) == 0 {
		return e.Said
	}
	made := e.History[0].Said
	return made.At.Format(time.RFC3339Nano) + " " + made.By
}

// Carry returns all promises, the oldest first.
func Carry(tx *gorm.DB, names *carry.Names) ([]Carried, error) {
	list, err := load(tx, tx)
	if err != nil {
		return nil, err
	}
	var entries []Carried
	for _, p := range list {
		e := p.carried()
		e.Departments, e.Change = names.DepartmentNames(p.Departments), names.Changes.Name(int64(p.Change))
		if p.Source.Kind == Idea {
			id, err := strconv.ParseInt(p.Source.Ref, 10, 64)
			if err != nil {
				return nil, &surveys.Error{Kind: surveys.Internal, Op: fmt.Sprintf("promises: stored promise %d", p.ID), Err: err}
			}
			e.Source.Ref = names.Ideas.Name(id)
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// carried is a promise but for what it names by ids.
func (p *Promise) carried() Carried {
	e := Carried{Version: p.Version, CarriedText: CarriedText(p.Text), Language: p.Language, Owner: p.Owner, Everybody: p.Everybody, Shown: p.Shown, Saved: carry.StampOf(p.Saved)}
	e.Translations = carry.Translations(p.Translations, func(t Translation) CarriedTranslation { return CarriedTranslation{CarriedText(t.Text), t.Outdated} })
	if p.Source.Kind != "" {
		e.Source = &CarriedSource{p.Source.Kind, p.Source.Ref, p.Source.Words}
	}
	for _, h := range p.History {
		e.History = append(e.History, CarriedEntry{h.State, h.On, h.Due, h.Note, carry.StampOf(h.Said)})
	}
	return e
}

// promise is what an entry says but for what it names.
func (e *Carried) promise() Promise {
	p := Promise{Version: e.Version, Text: Text(e.CarriedText), Language: e.Language, Owner: e.Owner, Everybody: e.Everybody, Shown: e.Shown, Saved: e.Saved.Stamp()}
	p.Translations = carry.Translations(e.Translations, func(t CarriedTranslation) Translation {
		text := Text(t.CarriedText)
		text.tidy()
		return Translation{text, t.Outdated}
	})
	if e.Source != nil {
		p.Source = Source(*e.Source)
	}
	for _, h := range e.History {
		step := Entry{State: h.State, Due: h.Due, Note: h.Note}
		step.tidy(h.Said.Stamp(), h.On)
		step.On = h.On
		p.History = append(p.History, step)
	}
	p.tidy()
	return p
}

// tidied is an entry as it is written after it was taken in.
func (e *Carried) tidied() Carried {
	p := e.promise()
	t := p.carried()
	t.Change = e.Change
	t.Departments = carry.Addressed(e.Everybody, e.Departments)
	return t
}

// TakeIn stores promises of another installation that are not here, as they were there, with their history.
func TakeIn(in *carry.Into, file []Carried) (carry.Report, error) {
	return carry.TakeIn(in, carry.Kind[Carried]{Name: "promises", Here: Carry, Label: (*Carried).name, Several: true, Tidied: (*Carried).tidied, Enter: enter}, file)
}

func enter(in *carry.Into, e *Carried) (surveys.Faults, func() error, error) {
	p := e.promise()
	change, faults := in.Change("change", e.Change)
	p.Change = changes.ID(change)
	if p.Source.Kind == Idea && p.Source.Ref != "" {
		idea, found := in.Idea("source", p.Source.Ref)
		p.Source.Ref, faults = strconv.FormatInt(idea, 10), append(faults, found...)
	}
	var err error
	p.Departments, err = in.DepartmentsNamed(e.Departments)
	return append(faults, e.faults(in, &p)...), func() error { return p.store(in.Tx) }, err
}

// faults finds everything that is wrong with an entry. Days are judged as on the day they were written down. A source that
// was taken away since, or is not carried, keeps its words.
func (e *Carried) faults(in *carry.Into, p *Promise) surveys.Faults {
	faults := append(carry.VersionFaults(p.Version), p.faults()...)
	for _, lang := range p.Languages()[1:] {
		faults = append(faults, carry.TranslationFaults(lang, p.Translations[lang].faults())...)
	}
	faults = append(faults, carry.StepFaults("history", len(p.History), func(i int) surveys.Faults {
		h := p.History[i]
		return append(stepFaults(p.History[:i], h, in.Today), in.StampFaults("said", carry.StampOf(h.Said))...)
	})...)
	return append(faults, in.StampFaults("saved", e.Saved)...)
}

// stepFaults judges a step on its own day, which has come.
func stepFaults(before []Entry, e Entry, today surveys.Day) surveys.Faults {
	if !e.On.Valid() {
		return surveys.Faults{surveys.NewFault("on", FaultDay, "is no day of the calendar")}
	}
	faults := entryFaults(before, e, e.On)
	if e.On > today {
		faults = append(faults, surveys.NewFault("on", FaultFuture, "is still to come"))
	}
	if n := len(before); e.State == Open && n > 0 && e.On < before[n-1].On {
		faults = append(faults, surveys.NewFault("on", FaultOrder, "is before what was said last", "day", string(before[n-1].On)))
	}
	return faults
}

// store writes a promise that is not here, with all that belongs to it.
func (p *Promise) store(tx *gorm.DB) error {
	row := p.row()
	if err := tx.Create(&row).Error; err != nil {
		return err
	}
	p.ID = row.ID
	if err := writeDepartments(tx, p); err != nil {
		return err
	}
	history := p.History
	p.History = nil
	for _, e := range history {
		if err := appendEntry(tx, p, e); err != nil {
			return err
		}
	}
	for _, lang := range p.Languages()[1:] {
		t := p.Translations[lang]
		row := textRow{p.ID, lang, t.Said, t.Answer, p.Text.digest()}
		if t.Outdated {
			row.MadeFrom = "" // of no text that is kept
		}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
	}
	return nil
}
