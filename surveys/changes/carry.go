package changes

import (
	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/carry"
)

// Carried is a change as it is carried from one installation into another.
type Carried struct {
	Name    string `json:"name"`
	Version int    `json:"version"`
	CarriedText
	Language     string                        `json:"language"`
	Translations map[string]CarriedTranslation `json:"translations,omitempty"`
	Owner        string                        `json:"owner"`
	Risks        string                        `json:"risks,omitempty"`
	Links        []CarriedLink                 `json:"links,omitempty"`
	Everybody    bool                          `json:"everybody"`
	Departments  []string                      `json:"departments,omitempty"`
	GoLive       surveys.Day                   `json:"go_live,omitempty"`
	Public       bool                          `json:"public"`
	History      []CarriedEntry                `json:"history"`
	Saved        carry.Stamp                   `json:"saved"`
}

// CarriedText is what it says in one language.
type CarriedText struct {
	Title     string `json:"title"`
	Why       string `json:"why"`
	What      string `json:"what"`
	StillOpen string `json:"still_open,omitempty"`
}

// CarriedTranslation is what it says in one more language.
type CarriedTranslation struct {
	CarriedText
	Outdated bool `json:"outdated,omitempty"`
}

// CarriedLink is one of its links.
type CarriedLink struct {
	Label string `json:"label,omitempty"`
	URL   string `json:"url"`
}

// CarriedEntry is a step of its history.
type CarriedEntry struct {
	Stage  Stage       `json:"stage"`
	On     surveys.Day `json:"on"`
	Reason string      `json:"reason,omitempty"`
	Said   carry.Stamp `json:"said"`
}

func (t CarriedText) text() Text {
	text := Text(t)
	text.tidy()
	return text
}

// Carry returns all changes, the oldest first, and makes their names known.
func Carry(tx *gorm.DB, names *carry.Names) ([]Carried, error) {
	list, err := load(tx, tx)
	if err != nil {
		return nil, err
	}
	var entries []Carried
	for _, c := range list {
		names.Changes.Add(c.Name, int64(c.ID))
		entries = append(entries, c.carried(names))
	}
	return entries, nil
}

func (c *Change) carried(names *carry.Names) Carried {
	e := Carried{Name: c.Name, Version: c.Version, CarriedText: CarriedText(c.Text), Language: c.Language, Owner: c.Owner, Risks: c.Risks, Everybody: c.Everybody,
		Departments: names.DepartmentNames(c.Departments), GoLive: c.GoLive, Public: c.Public, Saved: carry.StampOf(c.Saved)}
	e.Translations = carry.Translations(c.Translations, func(t Translation) CarriedTranslation { return CarriedTranslation{CarriedText(t.Text), t.Outdated} })
	for _, l := range c.Links {
		e.Links = append(e.Links, CarriedLink(l))
	}
	for _, h := range c.History {
		e.History = append(e.History, CarriedEntry{h.Stage, h.On, h.Reason, carry.StampOf(h.Said)})
	}
	return e
}

// change is what an entry says, but for its departments.
func (e *Carried) change() Change {
	c := Change{Name: e.Name, Version: e.Version, Text: e.text(), Language: e.Language, Owner: e.Owner, Risks: e.Risks, Everybody: e.Everybody, GoLive: e.GoLive, Public: e.Public, Saved: e.Saved.Stamp()}
	c.Translations = carry.Translations(e.Translations, func(t CarriedTranslation) Translation { return Translation{t.text(), t.Outdated} })
	for _, l := range e.Links {
		c.Links = append(c.Links, Link(l))
	}
	for _, h := range e.History {
		c.History = append(c.History, Entry{h.Stage, h.On, h.Reason, h.Said.Stamp()})
	}
	c.tidy()
	return c
}

// tidied is an entry as it is written after it was taken in.
func (e *Carried) tidied() Carried {
	c := e.change()
	t := c.carried(&carry.Names{})
	t.Departments = carry.Addressed(e.Everybody, e.Departments)
	return t
}

// TakeIn stores changes of another installation that are not here, as they were there: their names, their history with who
// said what when, and their translations.
func TakeIn(in *carry.Into, file []Carried) (carry.Report, error) {
	return carry.TakeIn(in, carry.Kind[Carried]{Name: "changes", Here: Carry, Label: func(e *Carried) string { return e.Name }, Tidied: (*Carried).tidied, Enter: enter}, file)
}

func enter(in *carry.Into, e *Carried) (surveys.Faults, func() error, error) {
	c := e.change()
	var err error
	c.Departments, err = in.DepartmentsNamed(e.Departments)
	in.Changes.Add(e.Name, 0) // known to what comes after, even if nothing is stored
	store := func() error {
		err := c.store(in.Tx)
		in.Changes.Add(e.Name, int64(c.ID))
		return err
	}
	return e.faults(in, &c), store, err
}

// faults finds everything that is wrong with an entry. Days are judged as on the day they were written down: what was still
// to come then may have passed.
func (e *Carried) faults(in *carry.Into, c *Change) surveys.Faults {
	faults := carry.VersionFaults(c.Version)
	if !ValidName(c.Name) {
		faults = append(faults, surveys.NewFault("name", FaultUnknown, "begins with a letter, followed by letters, digits, - and _"))
	}
	faults = append(faults, c.faults(c, in.Today)...)
	if c.GoLive != "" {
		faults = append(faults, plannedFaults(c.GoLive, in.Today)...)
	}
	for _, lang := range c.Languages()[1:] {
		faults = append(faults, carry.TranslationFaults(lang, c.Translations[lang].faults())...)
	}
	faults = append(faults, carry.StepFaults("history", len(c.History), func(i int) surveys.Faults {
		h := c.History[i]
		return append(entryFaults(c.History[:i], h, in.Today), in.StampFaults("said", carry.StampOf(h.Said))...)
	})...)
	return append(faults, in.StampFaults("saved", e.Saved)...)
}

// store writes a change that is not here, with all that belongs to it.
func (c *Change) store(tx *gorm.DB) error {
	row, err := c.row()
	if err != nil {
		return err
	}
	if err := tx.Create(&row).Error; err != nil {
		return err
	}
	c.ID = row.ID
	if err := writeDepartments(tx, c); err != nil {
		return err
	}
	history := c.History
	c.History = nil
	for _, e := range history {
		if err := appendEntry(tx, c, e); err != nil {
			return err
		}
	}
	for _, lang := range c.Languages()[1:] {
		t := c.Translations[lang]
		row := textRow{c.ID, lang, t.Title, t.Why, t.What, t.StillOpen, c.Text.digest()}
		if t.Outdated {
			row.MadeFrom = "" // of no text that is kept
		}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
	}
	return nil
}
