package decisions

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/carry"
	"soundings/surveys/changes"
)

// Carried is a decision as it is carried from one installation into another.
type Carried struct {
	Name         string                        `json:"name"`
	Version      int                           `json:"version"`
	Change       string                        `json:"change"`
	Kind         Kind                          `json:"kind"`
	Title        string                        `json:"title"`
	About        string                        `json:"about,omitempty"`
	Language     string                        `json:"language"`
	Options      []Option                      `json:"options"`
	Translations map[string]CarriedTranslation `json:"translations,omitempty"`
	Everybody    bool                          `json:"everybody"`
	Departments  []string                      `json:"departments,omitempty"`
	History      []CarriedEntry                `json:"history"`
	Saved        carry.Stamp                   `json:"saved"`
}

// CarriedTranslation is what it says in one more language.
type CarriedTranslation struct {
	Title    string            `json:"title"`
	About    string            `json:"about,omitempty"`
	Options  map[string]string `json:"options,omitempty"` // texts by option id
	Outdated bool              `json:"outdated,omitempty"`
}

// CarriedEntry is a step of its history.
type CarriedEntry struct {
	State      State       `json:"state"`
	On         surveys.Day `json:"on"`
	Department string      `json:"department,omitempty"`
	Option     string      `json:"option,omitempty"`
	Unasked    bool        `json:"unasked,omitempty"`
	Words      string      `json:"words,omitempty"`
	Reason     string      `json:"reason,omitempty"`
	Said       carry.Stamp `json:"said"`
}

// Carry returns all decisions, the oldest first.
func Carry(tx *gorm.DB, names *carry.Names) ([]Carried, error) {
	list, err := load(tx, tx)
	if err != nil {
		return nil, err
	}
	var entries []Carried
	for _, d := range list {
		e := d.carried()
		e.Change, e.Departments = names.Changes.Name(int64(d.Change)), names.DepartmentNames(d.Departments)
		for i, h := range d.History {
			e.History[i].Department = names.Departments.Name(h.Department)
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// carried is a decision but for what it names by ids.
func (d *Decision) carried() Carried {
	e := Carried{Name: d.Name, Version: d.Version, Kind: d.Kind, Title: d.Title, About: d.About, Language: d.Language, Options: d.Options, Everybody: d.Everybody, Saved: carry.StampOf(d.Saved)}
	e.Translations = carry.Translations(d.Translations, func(t Translation) CarriedTranslation {
		return CarriedTranslation{t.Title, t.About, t.Options, t.Outdated}
	})
	for _, h := range d.History {
		e.History = append(e.History, CarriedEntry{State: h.State, On: h.On, Option: h.Option, Unasked: h.Unasked, Words: h.Words, Reason: h.Reason, Said: carry.StampOf(h.Said)})
	}
	return e
}

// decision is what an entry says but for what it names.
func (e *Carried) decision() Decision {
	d := Decision{Name: e.Name, Version: e.Version, Kind: e.Kind, Title: e.Title, About: e.About, Language: e.Language, Options: slices.Clone(e.Options), Everybody: e.Everybody, Saved: e.Saved.Stamp()}
	d.tidy()
	d.Translations = carry.Translations(e.Translations, CarriedTranslation.translation)
	for _, h := range e.History {
		d.History = append(d.History, Entry{State: h.State, On: h.On, Option: h.Option, Unasked: h.Unasked, Words: strings.TrimSpace(h.Words), Reason: strings.TrimSpace(h.Reason), Said: h.Said.Stamp()})
	}
	return d
}

func (t CarriedTranslation) translation() Translation {
	text := Text{line(t.Title), strings.TrimSpace(t.About), map[string]string{}}
	for id, option := range t.Options { // also of options that the original has lost since
		text.Options[id] = line(option)
	}
	return Translation{text, t.Outdated}
}

// tidied is an entry as it is written after it was taken in.
func (e *Carried) tidied() Carried {
	d := e.decision()
	t := d.carried()
	t.Change = e.Change
	t.Departments = carry.Addressed(e.Everybody, e.Departments)
	for i, h := range e.History {
		t.History[i].Department = h.Department
	}
	return t
}

// TakeIn stores decisions of another installation that are not here, as they were there: surveys ask them by the same name.
func TakeIn(in *carry.Into, file []Carried) (carry.Report, error) {
	return carry.TakeIn(in, carry.Kind[Carried]{Name: "decisions", Here: Carry, Label: func(e *Carried) string { return e.Name }, Tidied: (*Carried).tidied, Enter: enter}, file)
}

func enter(in *carry.Into, e *Carried) (surveys.Faults, func() error, error) {
	d := e.decision()
	change, faults := in.Change("change", e.Change)
	d.Change = changes.ID(change)
	if e.Change == "" {
		faults = append(faults, surveys.NewFault("change", FaultRequired, "must not be empty"))
	}
	var err error
	if d.Departments, err = in.DepartmentsNamed(e.Departments); err != nil {
		return nil, nil, err
	}
	for i, h := range e.History {
		if d.History[i].Department, err = in.Department(h.Department); err != nil {
			return nil, nil, err
		}
	}
	return append(faults, e.faults(in, &d)...), func() error { return d.store(in.Tx) }, nil
}

// faults finds everything that is wrong with an entry. Days are judged as on the day they were written down: windows that
// were still to come then may have passed.
func (e *Carried) faults(in *carry.Into, d *Decision) surveys.Faults {
	faults := append(carry.VersionFaults(d.Version), d.faults(d, in.Today)...)
	if d.Name == "" {
		faults = append(faults, surveys.NewFault("name", FaultRequired, "must not be empty"))
	}
	for i, o := range d.Options {
		path := fmt.Sprintf("options[%d]", i)
		if !changes.ValidName(o.ID) || o.ID == surveys.OtherOption {
			faults = append(faults, surveys.NewFault(path, FaultUnknown, "has an id that no option can have"))
		}
		if d.Kind == When {
			faults = append(faults, windowFaults(path, o, nil, min(o.From, in.Today))...)
		}
	}
	for _, lang := range d.Languages()[1:] {
		t := d.Translations[lang]
		found := t.Text.lengthFaults()
		if !t.Outdated {
			found = t.Text.faults(d)
		}
		faults = append(faults, carry.TranslationFaults(lang, found)...)
	}
	faults = append(faults, carry.StepFaults("history", len(d.History), func(i int) surveys.Faults { return d.stepFaults(in, i) })...)
	return append(faults, in.StampFaults("saved", e.Saved)...)
}

// lengthFaults judges a translation of an original that has changed since, with options it may not have had then.
func (t Text) lengthFaults() surveys.Faults {
	faults := append(surveys.TextFaults("title", t.Title, LongestTitle, true), surveys.TextFaults("about", t.About, LongestAbout, false)...)
	for _, text := range t.Options {
		faults = append(faults, surveys.TextFaults("options", text, LongestOption, false)...)
	}
	return faults
}

// stepFaults judges one step after those before it, as if it were said now.
func (d *Decision) stepFaults(in *carry.Into, i int) surveys.Faults {
	e, before := d.History[i], *d
	before.History = d.History[:i]
	faults := in.StampFaults("said", carry.StampOf(e.Said))
	if (i == 0) != (e.State == Open) {
		return append(faults, surveys.NewFault("state", FaultUnknown, "is no state that this decision can have next"))
	}
	switch e.State {
	case Open:
		return append(faults, dayFaults(Entry{}, e.On, in.Today)...)
	case Decided: // decided elsewhere: whether it was asked, the entry says
		return append(faults, before.outcomeFaults(e, !e.Unasked, in.Today)...)
	case Asked:
		faults = append(faults, surveys.TextFaults("words", e.Words, LongestWords, true)...)
	case Withdrawn:
		faults = append(faults, surveys.TextFaults("reason", e.Reason, LongestReason, true)...)
	default:
		faults = append(faults, surveys.NewFault("state", FaultUnknown, "is no state of a decision"))
	}
	if before.Now().State == Withdrawn {
		faults = append(faults, surveys.NewFault("state", FaultEnded, "the decision is withdrawn"))
	}
	return append(faults, dayFaults(before.Now(), e.On, in.Today)...)
}

// store writes a decision that is not here, with all that belongs to it.
func (d *Decision) store(tx *gorm.DB) error {
	row, err := d.row()
	if err != nil {
		return err
	}
	if err := tx.Create(&row).Error; err != nil {
		return err
	}
	d.ID = row.ID
	if err := writeDepartments(tx, d); err != nil {
		return err
	}
	history := d.History
	d.History = nil
	for _, e := range history {
		if err := appendEntry(tx, d, e); err != nil {
			return err
		}
	}
	for _, lang := range d.Languages()[1:] {
		t := d.Translations[lang]
		options, err := json.Marshal(t.Options)
		if err != nil {
			return err
		}
		row := textRow{d.ID, lang, t.Title, t.About, string(options), d.digest()}
		if t.Outdated {
			row.MadeFrom = "" // of no text that is kept
		}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
	}
	return nil
}
