package pitches

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/languages"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

type pitchRow struct {
	ChangeID     changes.ID           `gorm:"primaryKey"`
	DepartmentID surveys.DepartmentID `gorm:"primaryKey;autoIncrement:false"`
	BandID       surveys.BandID       `gorm:"primaryKey;autoIncrement:false"`
	Version      int                  `gorm:"primaryKey;autoIncrement:false"`
	Language     string
	Text         string
	Translations string // JSON: storedText by language
	SavedBy      string
	SavedAt      time.Time
}

func (pitchRow) TableName() string { return firsts }

type storedText struct {
	Text     string `json:"text"`
	MadeFrom string `json:"made_from"` // digest of the original it translates
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

func (r pitchRow) place() Place { return Place{r.DepartmentID, r.BandID} }

func (r pitchRow) texts() (texts map[string]storedText, err error) {
	if err = json.Unmarshal([]byte(r.Translations), &texts); err != nil {
		err = &surveys.Error{Kind: surveys.Internal, Op: fmt.Sprintf("pitches: stored pitch of change %d", r.ChangeID), Err: err}
	}
	return texts, err
}

func (r pitchRow) pitch() (Pitch, error) {
	p := Pitch{Change: r.ChangeID, Place: r.place(), Version: r.Version, Text: r.Text, Language: r.Language, Saved: surveys.Stamp{By: r.SavedBy, At: r.SavedAt.UTC()}}
	texts, err := r.texts()
	for lang, t := range texts {
		if p.Translations == nil {
			p.Translations = map[string]Translation{}
		}
		p.Translations[lang] = Translation{t.Text, t.MadeFrom != digest(r.Text)}
	}
	return p, err
}

// Of returns the pitches of a change that are in force.
func Of(ctx context.Context, s *store.Store, change changes.ID) (Book, error) {
	all, err := read(s.Read(ctx).Where("change_id = ?", change))
	return newest(all), err
}

// List returns the pitches of all changes that are in force.
func List(ctx context.Context, s *store.Store) (map[changes.ID]Book, error) {
	all, err := read(s.Read(ctx))
	books := map[changes.ID]Book{}
	for _, p := range newest(all) {
		books[p.Change] = append(books[p.Change], p)
	}
	return books, err
}

// Before returns the pitches of a change that were in force at a moment.
func Before(ctx context.Context, s *store.Store, change changes.ID, moment time.Time) (Book, error) {
	all, err := read(s.Read(ctx).Where("change_id = ? AND saved_at <= ?", change, moment.UTC()))
	return newest(all), err
}

// Versions returns every version of a place, the oldest first.
func Versions(ctx context.Context, s *store.Store, change changes.ID, place Place) (History, error) {
	list, err := read(at(s.Read(ctx), change, place))
	return History(list), err
}

func at(db *gorm.DB, change changes.ID, place Place) *gorm.DB {
	return db.Where("change_id = ? AND department_id = ? AND band_id = ?", change, place.Department, place.Band)
}

func read(query *gorm.DB) ([]Pitch, error) {
	var rows []pitchRow
	if err := query.Order("change_id, department_id, band_id, version").Find(&rows).Error; err != nil {
		return nil, store.Translate("pitches: read", err)
	}
	list := make([]Pitch, len(rows))
	for i, r := range rows {
		var err error
		if list[i], err = r.pitch(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// newest keeps the last version of each place, and leaves out what was taken back.
func newest(all []Pitch) (list []Pitch) {
	for i, p := range all {
		last := i+1 == len(all) || all[i+1].Change != p.Change || all[i+1].Place != p.Place
		if last && p.Text != "" {
			list = append(list, p)
		}
	}
	return list
}

// Save stores a pitch as the next version of its place; its Version is the one it was made from, 0 for the first. Of the
// translations only the texts count; an empty one is taken out. Every fault is told at once, under department, band, text,
// language and texts.LANGUAGE. If somebody has saved this place since, nothing is stored and the error is a Conflict.
func Save(ctx context.Context, s *store.Store, p Pitch, stamp surveys.Stamp) (Pitch, error) {
	const op = "pitches: save"
	p.tidy()
	return write(ctx, s, op, firsts, p, stamp, func(tx *gorm.DB, before *pitchRow) (pitchRow, error) {
		faults, err := p.Place.faults(tx)
		if err != nil {
			return pitchRow{}, err
		}
		if err := surveys.Refusal(op, append(faults, p.faults()...)); err != nil {
			return pitchRow{}, err
		}
		texts, err := p.textsAfter(before)
		return pitchRow{Language: p.Language, Text: p.Text, Translations: texts}, err
	})
}

// Remove takes the pitch of a place back, whose people then read what falls to them. What was shown is kept.
func Remove(ctx context.Context, s *store.Store, change changes.ID, place Place, version int, stamp surveys.Stamp) error {
	const op = "pitches: remove"
	p := Pitch{Change: change, Place: place, Version: version}
	_, err := write(ctx, s, op, firsts, p, stamp, func(_ *gorm.DB, before *pitchRow) (pitchRow, error) {
		return before.emptied(op)
	})
	return err
}

// emptied is the version that takes a text back.
func (r *pitchRow) emptied(op string) (pitchRow, error) {
	if r == nil || r.Text == "" {
		return pitchRow{}, &surveys.Error{Kind: surveys.NotFound, Op: op, Message: "There is no pitch here."}
	}
	return pitchRow{Language: r.Language, Translations: "{}"}, nil
}

// The tables of texts: what places read, and the second text of those on which two are tried.
const firsts, seconds = "pitches", "pitch_variants"

// write appends what next makes of the newest version to a table of texts.
func write(ctx context.Context, s *store.Store, op, table string, p Pitch, stamp surveys.Stamp, next func(*gorm.DB, *pitchRow) (pitchRow, error)) (Pitch, error) {
	late := &surveys.Error{Kind: surveys.Conflict, Op: op, Message: "Somebody else has saved this pitch since you opened it."}
	var stored pitchRow
	err := s.Transact(ctx, op, func(tx *gorm.DB) error {
		var rows []pitchRow
		if err := at(store.ForUpdate(tx).Table(table), p.Change, p.Place).Order("version").Find(&rows).Error; err != nil {
			return err
		}
		var before *pitchRow
		if len(rows) > 0 {
			before = &rows[len(rows)-1]
		}
		if len(rows) != p.Version {
			return late
		}
		row, err := next(tx, before)
		if err != nil {
			return err
		}
		row.ChangeID, row.DepartmentID, row.BandID, row.Version = p.Change, p.Department, p.Band, len(rows)+1
		row.SavedBy, row.SavedAt = stamp.By, stamp.At.UTC()
		err = tx.Table(table).Create(&row).Error
		if store.IsDuplicate(err) {
			return late
		}
		stored = row
		return err
	})
	if err != nil {
		return Pitch{}, err
	}
	return stored.pitch()
}

func (p *Pitch) tidy() {
	p.Text = strings.TrimSpace(p.Text)
	texts := map[string]Translation{}
	for lang, t := range p.Translations {
		if text := strings.TrimSpace(t.Text); text != "" {
			texts[lang] = Translation{Text: text}
		}
	}
	p.Translations = texts
}

// textsAfter is what is stored of the translations. One that is left as it was stays a translation of the original that it
// was made from.
func (p *Pitch) textsAfter(before *pitchRow) (string, error) {
	known := map[string]storedText{}
	if before != nil {
		var err error
		if known, err = before.texts(); err != nil {
			return "", err
		}
	}
	texts := map[string]storedText{}
	for lang, t := range p.Translations {
		texts[lang] = storedText{t.Text, digest(p.Text)}
		if known[lang].Text == t.Text {
			texts[lang] = known[lang]
		}
	}
	source, err := json.Marshal(texts)
	return string(source), err
}

func (p *Pitch) faults() surveys.Faults {
	return append(surveys.TextFaults("text", p.Text, Longest, true), p.languageFaults()...)
}

// languageFaults judges the languages, and the texts in all but the pitch's own.
func (p *Pitch) languageFaults() surveys.Faults {
	faults := languages.Faults("language", p.Language)
	for _, lang := range p.Languages()[1:] {
		path := "texts." + lang
		found := languages.Faults(path, lang)
		if len(found) == 0 && lang == p.Language {
			found = surveys.Faults{{Path: path, Code: changes.FaultOriginal, Detail: "is the language the pitch is written in"}}
		}
		faults = append(append(faults, found...), surveys.TextFaults(path, p.Translations[lang].Text, Longest, false)...)
	}
	return faults
}

// faults finds a department that is not asked any more, and bands that nobody can have.
func (p Place) faults(tx *gorm.DB) (faults surveys.Faults, err error) {
	departments, err := people.DepartmentsIn(tx)
	if err != nil {
		return nil, err
	}
	var bands []surveys.Band
	if p.Band != 0 {
		if bands, err = people.BandsIn(tx); err != nil {
			return nil, err
		}
	}
	i := slices.IndexFunc(departments, func(d surveys.Department) bool { return d.ID == p.Department })
	switch {
	case p.Department != 0 && i < 0:
		faults = append(faults, surveys.Fault{Path: "department", Code: changes.FaultUnknown, Detail: "there is no such department"})
	case p.Department != 0 && departments[i].Archived:
		faults = append(faults, surveys.Fault{Path: "department", Code: changes.FaultArchived, Detail: departments[i].Name + " is archived", Args: map[string]string{"department": departments[i].Name}})
	}
	if p.Band != 0 && (p.Department == 0 || !slices.ContainsFunc(bands, func(b surveys.Band) bool { return b.ID == p.Band })) {
		faults = append(faults, surveys.Fault{Path: "band", Code: changes.FaultUnknown, Detail: "is no band of a department"})
	}
	return faults, nil
}
