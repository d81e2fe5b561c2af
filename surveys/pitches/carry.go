package pitches

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/carry"
	"soundings/surveys/changes"
)

// Carried is how a change is put to one place, as it is carried from one installation into another: every version.
type Carried struct {
	Change     string           `json:"change"`
	Department string           `json:"department,omitempty"` // none: everyone
	Band       string           `json:"band,omitempty"`       // none: all of the department
	Versions   []CarriedVersion `json:"versions"`             // the oldest first
	Second     *CarriedVersion  `json:"second,omitempty"`     // a text that waits to be tried against the newest version
}

// CarriedVersion is one version of a pitch.
type CarriedVersion struct {
	Text         string                        `json:"text"` // "" where it was taken back
	Language     string                        `json:"language"`
	Translations map[string]CarriedTranslation `json:"translations,omitempty"`
	Saved        carry.Stamp                   `json:"saved"`
}

// CarriedTranslation is the text in one more language.
type CarriedTranslation struct {
	Text     string `json:"text"`
	Outdated bool   `json:"outdated,omitempty"`
}

func (e *Carried) name() string { return fmt.Sprintf("%s, %s, %s", e.Change, e.Department, e.Band) }

// Carry returns the pitches of all changes with every version, changes in the order in which they were made. Of second texts those
// go along that wait for a wave; what was tried stays with the waves that tried it.
func Carry(tx *gorm.DB, names *carry.Names) ([]Carried, error) {
	all, err := read(tx)
	if err != nil {
		return nil, err
	}
	second, err := waiting(tx.Table(seconds), tx)
	if err != nil {
		return nil, err
	}
	var entries []Carried
	for i, p := range all {
		if i == 0 || all[i-1].Change != p.Change || all[i-1].Place != p.Place {
			entries = append(entries, Carried{Change: names.Changes.Name(int64(p.Change)), Department: names.Departments.Name(p.Department), Band: names.Bands.Name(p.Band)})
		}
		e := &entries[len(entries)-1]
		e.Versions = append(e.Versions, p.carried())
		at := slices.IndexFunc(second, func(b Pitch) bool { return b.Change == p.Change && b.Place == p.Place })
		if e.Second = nil; at >= 0 && p.Text != "" { // of the newest version
			text := second[at].carried()
			e.Second = &text
		}
	}
	made := map[string]int{}
	for i, e := range entries {
		made[e.Change] = i
	}
	slices.SortFunc(entries, func(a, b Carried) int { // ids of departments and bands differ between installations
		return cmp.Or(cmp.Compare(made[a.Change], made[b.Change]), cmp.Compare(a.Department, b.Department), cmp.Compare(a.Band, b.Band))
	})
	return entries, nil
}

func (p *Pitch) carried() CarriedVersion {
	translations := carry.Translations(p.Translations, func(t Translation) CarriedTranslation { return CarriedTranslation(t) })
	return CarriedVersion{p.Text, p.Language, translations, carry.StampOf(p.Saved)}
}

func (v *CarriedVersion) pitch() Pitch {
	p := Pitch{Text: v.Text, Language: v.Language, Saved: v.Saved.Stamp()}
	p.Translations = carry.Translations(v.Translations, func(t CarriedTranslation) Translation { return Translation(t) })
	p.tidy()
	for lang, t := range p.Translations {
		p.Translations[lang] = Translation{t.Text, v.Translations[lang].Outdated}
	}
	return p
}

// TakeIn stores pitches of places that have none here, with every version as it was.
func TakeIn(in *carry.Into, file []Carried) (carry.Report, error) {
	return carry.TakeIn(in, carry.Kind[Carried]{Name: "pitches", Here: Carry, Label: (*Carried).name, Tidied: (*Carried).tidied, Enter: enter}, file)
}

func enter(in *carry.Into, e *Carried) (surveys.Faults, func() error, error) {
	change, place, faults, err := e.place(in)
	return append(faults, e.faults(in)...), func() error { return e.store(in.Tx, change, place) }, err
}

// tidied is an entry as it is written after it was taken in.
func (e *Carried) tidied() Carried {
	t := *e
	t.Versions = nil
	for _, v := range e.Versions {
		p := v.pitch()
		t.Versions = append(t.Versions, p.carried())
	}
	if e.Second != nil {
		p := e.Second.pitch()
		second := p.carried()
		t.Second = &second
	}
	return t
}

func (e *Carried) place(in *carry.Into) (changes.ID, Place, surveys.Faults, error) {
	change, faults := in.Change("change", e.Change)
	if e.Change == "" {
		faults = append(faults, surveys.NewFault("change", changes.FaultRequired, "must not be empty"))
	}
	department, err := in.Department(e.Department)
	band, known := in.Bands.ID(e.Band)
	if e.Band != "" && (!known || department == 0) {
		faults = append(faults, surveys.NewFault("band", changes.FaultUnknown, fmt.Sprintf("%q is no band of a department here", e.Band)))
	}
	return changes.ID(change), Place{department, band}, faults, err
}

func (e *Carried) faults(in *carry.Into) surveys.Faults {
	faults := carry.StepFaults("versions", len(e.Versions), func(i int) surveys.Faults {
		v := &e.Versions[i]
		p := v.pitch()
		found := in.StampFaults("saved", v.Saved)
		if p.Text == "" && i > 0 && len(p.Translations) == 0 { // taken back
			return append(found, p.languageFaults()...)
		}
		return append(found, p.faults()...)
	})
	return append(faults, e.secondFaults(in)...)
}

// secondFaults finds what is wrong with a text that waits to be tried against the newest version.
func (e *Carried) secondFaults(in *carry.Into) surveys.Faults {
	if e.Second == nil {
		return nil
	}
	if e.Department == "" || e.Band != "" || len(e.Versions) == 0 {
		return surveys.Faults{surveys.NewFault("second", changes.FaultUnknown, "is tried on a whole department that has a first text")}
	}
	p := e.Second.pitch()
	return carry.Under("second", append(in.StampFaults("saved", e.Second.Saved), p.faults()...))
}

func (e *Carried) store(tx *gorm.DB, change changes.ID, place Place) error {
	for i := range e.Versions {
		if err := e.Versions[i].store(tx.Table(firsts), change, place, i+1); err != nil {
			return err
		}
	}
	if e.Second == nil {
		return nil
	}
	return e.Second.store(tx.Table(seconds), change, place, 1)
}

func (v *CarriedVersion) store(into *gorm.DB, change changes.ID, place Place, version int) error {
	p := v.pitch()
	texts := map[string]storedText{}
	for lang, t := range p.Translations {
		made := digest(p.Text)
		if t.Outdated {
			made = "" // of no text that is kept
		}
		texts[lang] = storedText{t.Text, made}
	}
	source, err := json.Marshal(texts)
	if err != nil {
		return err
	}
	row := pitchRow{change, place.Department, place.Band, version, p.Language, p.Text, string(source), p.Saved.By, p.Saved.At}
	return into.Create(&row).Error
}
