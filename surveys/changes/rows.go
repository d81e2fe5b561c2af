package changes

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

type changeRow struct {
	ID        ID `gorm:"primaryKey"`
	Name      string
	Version   int
	Language  string
	Title     string
	Why       string
	What      string
	StillOpen string
	Owner     string
	Risks     string
	Links     string // JSON
	Everybody bool
	GoLive    surveys.Day
	Public    bool
	SavedBy   string
	SavedAt   time.Time
}

func (changeRow) TableName() string { return "changes" }

type stageRow struct {
	ChangeID  ID  `gorm:"primaryKey"`
	Number    int `gorm:"primaryKey"` // from 1
	Stage     Stage
	ReachedOn surveys.Day
	Reason    string
	SaidBy    string
	SaidAt    time.Time
}

func (stageRow) TableName() string { return "change_stages" }

type textRow struct {
	ChangeID  ID     `gorm:"primaryKey"`
	Language  string `gorm:"primaryKey"`
	Title     string
	Why       string
	What      string
	StillOpen string
	MadeFrom  string // digest of the original it translates
}

func (textRow) TableName() string { return "change_texts" }

type departmentRow struct {
	ChangeID     ID                   `gorm:"primaryKey"`
	DepartmentID surveys.DepartmentID `gorm:"primaryKey"`
}

func (departmentRow) TableName() string { return "change_departments" }

// digest is equal for equal texts.
func (t Text) digest() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q", t.Title, t.Why, t.What, t.StillOpen))
	return hex.EncodeToString(sum[:8])
}

func (c *Change) row() (changeRow, error) {
	links, err := json.Marshal(c.Links)
	if err != nil {
		return changeRow{}, &surveys.Error{Kind: surveys.Internal, Op: "changes: write", Err: err}
	}
	return changeRow{ID: c.ID, Name: c.Name, Version: c.Version, Language: c.Language, Title: c.Title, Why: c.Why, What: c.What,
		StillOpen: c.StillOpen, Owner: c.Owner, Risks: c.Risks, Links: string(links), Everybody: c.Everybody, GoLive: c.GoLive,
		Public: c.Public, SavedBy: c.Saved.By, SavedAt: c.Saved.At.UTC()}, nil
}

func (r changeRow) change() (Change, error) {
	c := Change{ID: r.ID, Name: r.Name, Version: r.Version, Language: r.Language, Text: Text{r.Title, r.Why, r.What, r.StillOpen},
		Owner: r.Owner, Risks: r.Risks, Everybody: r.Everybody, GoLive: r.GoLive, Public: r.Public, Saved: surveys.Stamp{By: r.SavedBy, At: r.SavedAt.UTC()}}
	if err := json.Unmarshal([]byte(r.Links), &c.Links); err != nil {
		return Change{}, &surveys.Error{Kind: surveys.Internal, Op: fmt.Sprintf("changes: stored change %d", r.ID), Err: err}
	}
	return c, nil
}

// load reads the changes that a query finds, with all that belongs to them.
func load(db, query *gorm.DB) ([]Change, error) {
	const op = "changes: read"
	var rows []changeRow
	if err := query.Order("id").Find(&rows).Error; err != nil {
		return nil, store.Translate(op, err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	list, at, ids := make([]Change, len(rows)), map[ID]*Change{}, make([]ID, len(rows))
	for i, r := range rows {
		var err error
		if list[i], err = r.change(); err != nil {
			return nil, err
		}
		at[r.ID], ids[i] = &list[i], r.ID
	}
	return list, loadParts(db.Session(&gorm.Session{NewDB: true}), at, ids)
}

func loadParts(db *gorm.DB, at map[ID]*Change, ids []ID) error {
	const op = "changes: read"
	var stages []stageRow
	if err := db.Where("change_id IN ?", ids).Order("change_id, number").Find(&stages).Error; err != nil {
		return store.Translate(op, err)
	}
	for _, r := range stages {
		c := at[r.ChangeID]
		c.History = append(c.History, Entry{r.Stage, r.ReachedOn, r.Reason, surveys.Stamp{By: r.SaidBy, At: r.SaidAt.UTC()}})
	}
	var departments []departmentRow
	if err := db.Where("change_id IN ?", ids).Order("change_id, department_id").Find(&departments).Error; err != nil {
		return store.Translate(op, err)
	}
	for _, r := range departments {
		c := at[r.ChangeID]
		c.Departments = append(c.Departments, r.DepartmentID)
	}
	var texts []textRow
	if err := db.Where("change_id IN ?", ids).Find(&texts).Error; err != nil {
		return store.Translate(op, err)
	}
	for _, r := range texts {
		c := at[r.ChangeID]
		if c.Translations == nil {
			c.Translations = map[string]Translation{}
		}
		c.Translations[r.Language] = Translation{Text{r.Title, r.Why, r.What, r.StillOpen}, r.MadeFrom != c.Text.digest()}
	}
	return nil
}

func writeDepartments(tx *gorm.DB, c *Change) error {
	if err := tx.Delete(&departmentRow{}, "change_id = ?", c.ID).Error; err != nil || len(c.Departments) == 0 {
		return err
	}
	rows := make([]departmentRow, len(c.Departments))
	for i, d := range c.Departments {
		rows[i] = departmentRow{c.ID, d}
	}
	return tx.Create(&rows).Error
}

// appendEntry writes one more step. Those before it are never touched.
func appendEntry(tx *gorm.DB, c *Change, e Entry) error {
	c.History = append(slices.Clone(c.History), e)
	row := stageRow{c.ID, len(c.History), e.Stage, e.On, e.Reason, e.Said.By, e.Said.At.UTC()}
	return tx.Create(&row).Error
}
