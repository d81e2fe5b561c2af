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

// Carry returns the pitches of all changes with every version, changes in the order in which they were made.
func Carry(tx *gorm.DB, names *carry.Names) ([]Carried, error) {
	all, err := read(tx)
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
	v := CarriedVersion{Text: p.Text, Language: p.Language, Saved: carry.StampOf(p.Saved)}
	for lang, t := range p.Translations {
		if v.Translations == nil {
			v.Translations = map[string]CarriedTranslation{}
		}
		v.Translations[lang] = CarriedTranslation(t)
	}
	return v
}

func (v *CarriedVersion) pitch() Pitch {
	p := Pitch{Text: v.Text, Language: v.Language, Saved: v.Saved.Stamp(), Translations: map[string]Translation{}}
	for lang, t := range v.Translations {
		p.Translations[lang] = Translation(t)
	}
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

func (e *Carried) faults(in *carry.Into) (faults surveys.Faults) {
	if len(e.Versions) == 0 {
		faults = append(faults, surveys.NewFault("versions", changes.FaultRequired, "must not be empty"))
	}
	for i := range e.Versions {
		v := &e.Versions[i]
		p := v.pitch()
		found := in.StampFaults("saved", v.Saved)
		if p.Text == "" && i > 0 && len(p.Translations) == 0 { // taken back
			found = append(found, p.languageFaults()...)
		} else {
			found = append(found, p.faults()...)
		}
		faults = append(faults, carry.Under(fmt.Sprintf("versions[%d]", i), found)...)
	}
	return faults
}

func (e *Carried) store(tx *gorm.DB, change changes.ID, place Place) error {
	for i := range e.Versions {
		p := e.Versions[i].pitch()
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
		row := pitchRow{change, place.Department, place.Band, i + 1, p.Language, p.Text, string(source), p.Saved.By, p.Saved.At}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
	}
	return nil
}
