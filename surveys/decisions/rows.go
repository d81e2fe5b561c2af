package decisions

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/store"
)

type decisionRow struct {
	ID        ID `gorm:"primaryKey"`
	ChangeID  changes.ID
	Name      string
	Version   int
	Kind      Kind
	Language  string
	Title     string
	About     string
	Options   string // JSON
	Everybody bool
	SavedBy   string
	SavedAt   time.Time
}

func (decisionRow) TableName() string { return "decisions" }

type entryRow struct {
	DecisionID   ID  `gorm:"primaryKey"`
	Number       int `gorm:"primaryKey"` // from 1
	State        State
	ReachedOn    surveys.Day
	DepartmentID *surveys.DepartmentID
	OptionID     string
	Words        string
	Unasked      bool
	Reason       string
	SaidBy       string
	SaidAt       time.Time
}

func (entryRow) TableName() string { return "decision_entries" }

type textRow struct {
	DecisionID ID     `gorm:"primaryKey"`
	Language   string `gorm:"primaryKey"`
	Title      string
	About      string
	Options    string // JSON: text by option id
	MadeFrom   string // digest of the original it translates
}

func (textRow) TableName() string { return "decision_texts" }

type departmentRow struct {
	DecisionID   ID                   `gorm:"primaryKey"`
	DepartmentID surveys.DepartmentID `gorm:"primaryKey"`
}

func (departmentRow) TableName() string { return "decision_departments" }

// digest is equal for equal texts.
func (d *Decision) digest() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q", d.Title, d.About)
	for _, o := range d.Options {
		fmt.Fprintf(h, " %s %q", o.ID, o.Text)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func (d *Decision) row() (decisionRow, error) {
	options, err := json.Marshal(d.Options)
	if err != nil {
		return decisionRow{}, &surveys.Error{Kind: surveys.Internal, Op: "decisions: write", Err: err}
	}
	return decisionRow{ID: d.ID, ChangeID: d.Change, Name: d.Name, Version: d.Version, Kind: d.Kind, Language: d.Language, Title: d.Title, About: d.About,
		Options: string(options), Everybody: d.Everybody, SavedBy: d.Saved.By, SavedAt: d.Saved.At.UTC()}, nil
}

func (r decisionRow) decision() (Decision, error) {
	d := Decision{ID: r.ID, Change: r.ChangeID, Name: r.Name, Version: r.Version, Kind: r.Kind, Language: r.Language, Title: r.Title, About: r.About,
		Everybody: r.Everybody, Saved: surveys.Stamp{By: r.SavedBy, At: r.SavedAt.UTC()}}
	return d, unpack(r.Options, &d.Options, r.ID)
}

func (r entryRow) entry() Entry {
	e := Entry{State: r.State, On: r.ReachedOn, Option: r.OptionID, Words: r.Words, Unasked: r.Unasked, Reason: r.Reason, Said: surveys.Stamp{By: r.SaidBy, At: r.SaidAt.UTC()}}
	if r.DepartmentID != nil {
		e.Department = *r.DepartmentID
	}
	return e
}

func unpack(stored string, into any, id ID) error {
	if err := json.Unmarshal([]byte(stored), into); err != nil {
		return &surveys.Error{Kind: surveys.Internal, Op: fmt.Sprintf("decisions: stored decision %d", id), Err: err}
	}
	return nil
}

// load reads the decisions that a query finds, with all that belongs to them, the oldest first.
func load(db, query *gorm.DB) ([]Decision, error) {
	var rows []decisionRow
	if err := query.Order("id").Find(&rows).Error; err != nil {
		return nil, store.Translate("decisions: read", err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	list, at := make([]Decision, len(rows)), map[ID]*Decision{}
	for i, r := range rows {
		var err error
		if list[i], err = r.decision(); err != nil {
			return nil, err
		}
		at[r.ID] = &list[i]
	}
	return list, loadParts(db.Session(&gorm.Session{NewDB: true}), at, rows)
}

// loadParts reads the parts of one decision, or of all: there are too many of all to name them in a query.
func loadParts(db *gorm.DB, at map[ID]*Decision, rows []decisionRow) error {
	const op = "decisions: read"
	some := db
	if len(rows) == 1 {
		some = db.Where("decision_id = ?", rows[0].ID).Session(&gorm.Session{})
	}
	var entries []entryRow
	if err := some.Order("decision_id, number").Find(&entries).Error; err != nil {
		return store.Translate(op, err)
	}
	for _, r := range entries {
		if d := at[r.DecisionID]; d != nil {
			d.History = append(d.History, r.entry())
		}
	}
	var departments []departmentRow
	if err := some.Order("decision_id, department_id").Find(&departments).Error; err != nil {
		return store.Translate(op, err)
	}
	for _, r := range departments {
		if d := at[r.DecisionID]; d != nil {
			d.Departments = append(d.Departments, r.DepartmentID)
		}
	}
	var texts []textRow
	if err := some.Find(&texts).Error; err != nil {
		return store.Translate(op, err)
	}
	for _, r := range texts {
		if d := at[r.DecisionID]; d != nil {
			if err := d.takeText(r); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *Decision) takeText(r textRow) error {
	t := Translation{Text: Text{Title: r.Title, About: r.About}, Outdated: r.MadeFrom != d.digest()}
	if err := unpack(r.Options, &t.Options, d.ID); err != nil {
		return err
	}
	if d.Translations == nil {
		d.Translations = map[string]Translation{}
	}
	d.Translations[r.Language] = t
	return nil
}

func writeDepartments(tx *gorm.DB, d *Decision) error {
	if err := tx.Delete(&departmentRow{}, "decision_id = ?", d.ID).Error; err != nil || len(d.Departments) == 0 {
		return err
	}
	rows := make([]departmentRow, len(d.Departments))
	for i, department := range d.Departments {
		rows[i] = departmentRow{d.ID, department}
	}
	return tx.Create(&rows).Error
}

// appendEntry writes one more step. Those before it are never touched.
func appendEntry(tx *gorm.DB, d *Decision, e Entry) error {
	d.History = append(slices.Clone(d.History), e)
	row := entryRow{DecisionID: d.ID, Number: len(d.History), State: e.State, ReachedOn: e.On, OptionID: e.Option, Words: e.Words, Unasked: e.Unasked, Reason: e.Reason,
		SaidBy: e.Said.By, SaidAt: e.Said.At.UTC()}
	if e.Department != 0 {
		row.DepartmentID = &e.Department
	}
	return tx.Create(&row).Error
}
