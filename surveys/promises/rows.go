package promises

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/store"
)

type promiseRow struct {
	ID          ID `gorm:"primaryKey"`
	Version     int
	Language    string
	Said        string
	Answer      string
	SourceKind  SourceKind
	SourceRef   string
	SourceWords string
	Owner       string
	Everybody   bool
	Shown       bool
	ChangeID    *changes.ID
	SavedBy     string
	SavedAt     time.Time
}

func (promiseRow) TableName() string { return "promises" }

type entryRow struct {
	PromiseID ID  `gorm:"primaryKey"`
	Number    int `gorm:"primaryKey"` // from 1
	State     State
	ReachedOn surveys.Day
	Due       surveys.Day
	Note      string
	SaidBy    string
	SaidAt    time.Time
}

func (entryRow) TableName() string { return "promise_entries" }

type textRow struct {
	PromiseID ID     `gorm:"primaryKey"`
	Language  string `gorm:"primaryKey"`
	Said      string
	Answer    string
	MadeFrom  string // digest of the original it translates
}

func (textRow) TableName() string { return "promise_texts" }

type departmentRow struct {
	PromiseID    ID                   `gorm:"primaryKey"`
	DepartmentID surveys.DepartmentID `gorm:"primaryKey"`
}

func (departmentRow) TableName() string { return "promise_departments" }

// digest is equal for equal texts.
func (t Text) digest() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q", t.Said, t.Answer))
	return hex.EncodeToString(sum[:8])
}

func (p *Promise) row() promiseRow {
	r := promiseRow{ID: p.ID, Version: p.Version, Language: p.Language, Said: p.Text.Said, Answer: p.Answer, SourceKind: p.Source.Kind, SourceRef: p.Source.Ref,
		SourceWords: p.Source.Words, Owner: p.Owner, Everybody: p.Everybody, Shown: p.Shown, SavedBy: p.Saved.By, SavedAt: p.Saved.At.UTC()}
	if p.Change != 0 {
		r.ChangeID = &p.Change
	}
	return r
}

func (r promiseRow) promise() Promise {
	p := Promise{ID: r.ID, Version: r.Version, Language: r.Language, Text: Text{r.Said, r.Answer}, Source: Source{r.SourceKind, r.SourceRef, r.SourceWords},
		Owner: r.Owner, Everybody: r.Everybody, Shown: r.Shown, Saved: surveys.Stamp{By: r.SavedBy, At: r.SavedAt.UTC()}}
	if r.ChangeID != nil {
		p.Change = *r.ChangeID
	}
	return p
}

// load reads the promises that a query finds, with all that belongs to them, the oldest first.
func load(db, query *gorm.DB) ([]Promise, error) {
	var rows []promiseRow
	if err := query.Order("id").Find(&rows).Error; err != nil {
		return nil, store.Translate("promises: read", err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	list, at := make([]Promise, len(rows)), map[ID]*Promise{}
	for i, r := range rows {
		list[i] = r.promise()
		at[r.ID] = &list[i]
	}
	return list, loadParts(db.Session(&gorm.Session{NewDB: true}), at, rows)
}

// loadParts reads the parts of one promise, or of all: there are too many of all to name them in a query.
func loadParts(db *gorm.DB, at map[ID]*Promise, rows []promiseRow) error {
	const op = "promises: read"
	some := db
	if len(rows) == 1 {
		some = db.Where("promise_id = ?", rows[0].ID).Session(&gorm.Session{})
	}
	var entries []entryRow
	if err := some.Order("promise_id, number").Find(&entries).Error; err != nil {
		return store.Translate(op, err)
	}
	for _, r := range entries {
		if p := at[r.PromiseID]; p != nil {
			p.History = append(p.History, Entry{r.State, r.ReachedOn, r.Due, r.Note, surveys.Stamp{By: r.SaidBy, At: r.SaidAt.UTC()}})
		}
	}
	var departments []departmentRow
	if err := some.Order("promise_id, department_id").Find(&departments).Error; err != nil {
		return store.Translate(op, err)
	}
	for _, r := range departments {
		if p := at[r.PromiseID]; p != nil {
			p.Departments = append(p.Departments, r.DepartmentID)
		}
	}
	var texts []textRow
	if err := some.Find(&texts).Error; err != nil {
		return store.Translate(op, err)
	}
	for _, r := range texts {
		p := at[r.PromiseID]
		if p == nil {
			continue
		}
		if p.Translations == nil {
			p.Translations = map[string]Translation{}
		}
		p.Translations[r.Language] = Translation{Text{r.Said, r.Answer}, r.MadeFrom != p.Text.digest()}
	}
	return nil
}

func writeDepartments(tx *gorm.DB, p *Promise) error {
	if err := tx.Delete(&departmentRow{}, "promise_id = ?", p.ID).Error; err != nil || len(p.Departments) == 0 {
		return err
	}
	rows := make([]departmentRow, len(p.Departments))
	for i, d := range p.Departments {
		rows[i] = departmentRow{p.ID, d}
	}
	return tx.Create(&rows).Error
}

// appendEntry writes one more step. Those before it are never touched.
func appendEntry(tx *gorm.DB, p *Promise, e Entry) error {
	p.History = append(slices.Clone(p.History), e)
	row := entryRow{p.ID, len(p.History), e.State, e.On, e.Due, e.Note, e.Said.By, e.Said.At.UTC()}
	return tx.Create(&row).Error
}
