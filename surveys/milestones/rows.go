package milestones

import (
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/visits"
)

type milestoneRow struct {
	ID           ID `gorm:"primaryKey"`
	Version      int
	Quarter      string               // as visits.Quarter writes it
	Place        surveys.DepartmentID // of the unique key, in which NULL would differ from NULL
	DepartmentID *surveys.DepartmentID
	Measure      Measure
	Owner        string
	Note         string
	SavedBy      string
	SavedAt      time.Time
}

func (milestoneRow) TableName() string { return "milestones" }

type entryRow struct {
	MilestoneID ID  `gorm:"primaryKey"`
	Number      int `gorm:"primaryKey"` // from 1
	Target      int
	HoldsFrom   surveys.Day
	Reason      string
	SaidBy      string
	SaidAt      time.Time
}

func (entryRow) TableName() string { return "milestone_entries" }

func (m *Milestone) row() milestoneRow {
	r := milestoneRow{ID: m.ID, Version: m.Version, Quarter: m.Quarter.String(), Place: m.Department, Measure: m.Measure, Owner: m.Owner, Note: m.Note,
		SavedBy: m.Saved.By, SavedAt: m.Saved.At.UTC()}
	if m.Department != 0 {
		r.DepartmentID = &m.Department
	}
	return r
}

func (r milestoneRow) milestone() Milestone {
	q, _ := visits.ParseQuarter(r.Quarter) // rows are written from valid quarters only
	return Milestone{ID: r.ID, Version: r.Version, Quarter: q, Department: r.Place, Measure: r.Measure, Owner: r.Owner, Note: r.Note,
		Saved: surveys.Stamp{By: r.SavedBy, At: r.SavedAt.UTC()}}
}

// load reads the milestones that a condition finds, the oldest first, with their history.
func load(db *gorm.DB, where ...any) ([]Milestone, error) {
	const op = "milestones: read"
	var rows []milestoneRow
	if err := db.Order("id").Find(&rows, where...).Error; err != nil {
		return nil, store.Translate(op, err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	list, at := make([]Milestone, len(rows)), map[ID]*Milestone{}
	for i, r := range rows {
		list[i] = r.milestone()
		at[r.ID] = &list[i]
	}
	plain := db.Session(&gorm.Session{NewDB: true})
	some := plain.Model(&milestoneRow{}).Select("id")
	if len(where) > 0 {
		some = some.Where(where[0], where[1:]...)
	}
	var entries []entryRow
	if err := plain.Where("milestone_id IN (?)", some).Order("milestone_id, number").Find(&entries).Error; err != nil {
		return nil, store.Translate(op, err)
	}
	for _, r := range entries {
		if m := at[r.MilestoneID]; m != nil {
			m.History = append(m.History, Entry{r.Target, r.HoldsFrom, r.Reason, surveys.Stamp{By: r.SaidBy, At: r.SaidAt.UTC()}})
		}
	}
	return list, nil
}

// appendEntry writes one more step. Those before it are never touched.
func appendEntry(tx *gorm.DB, m *Milestone, e Entry) error {
	m.History = append(m.History[:len(m.History):len(m.History)], e)
	row := entryRow{m.ID, len(m.History), e.Target, e.On, e.Reason, e.Said.By, e.Said.At.UTC()}
	return tx.Create(&row).Error
}
