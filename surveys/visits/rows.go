package visits

import (
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/store"
)

type visitRow struct {
	ID           ID `gorm:"primaryKey"`
	UID          string
	Version      int
	DepartmentID surveys.DepartmentID
	Day          surveys.Day
	Start        string
	Minutes      int
	Place        string
	Purpose      string
	State        State
	Reason       string
	Heard        string
	Helped       string
	ChangeID     *changes.ID
	SavedBy      string
	SavedAt      time.Time
}

func (visitRow) TableName() string { return "visits" }

type associateRow struct {
	VisitID ID  `gorm:"primaryKey"`
	Number  int `gorm:"primaryKey"` // from 1, in the order they were typed
	Name    string
}

func (associateRow) TableName() string { return "visit_associates" }

type followUpRow struct {
	VisitID ID  `gorm:"primaryKey"`
	Number  int `gorm:"primaryKey"`
	Text    string
	Owner   string
	Due     surveys.Day
	Done    surveys.Day
}

func (followUpRow) TableName() string { return "visit_followups" }

func (v *Visit) row() visitRow {
	r := visitRow{ID: v.ID, UID: v.UID, Version: v.Version, DepartmentID: v.Department, Day: v.Day, Start: v.Start, Minutes: v.Minutes, Place: v.Place,
		Purpose: v.Purpose, State: v.State, Reason: v.Reason, Heard: v.Heard, Helped: v.Helped, SavedBy: v.Saved.By, SavedAt: v.Saved.At.UTC()}
	if v.Change != 0 {
		r.ChangeID = &v.Change
	}
	return r
}

func (r visitRow) visit() Visit {
	v := Visit{ID: r.ID, UID: r.UID, Version: r.Version, Department: r.DepartmentID, Day: r.Day, Start: r.Start, Minutes: r.Minutes, Place: r.Place,
		Purpose: r.Purpose, State: r.State, Reason: r.Reason, Heard: r.Heard, Helped: r.Helped, Saved: surveys.Stamp{By: r.SavedBy, At: r.SavedAt.UTC()}}
	if r.ChangeID != nil {
		v.Change = *r.ChangeID
	}
	return v
}

// load reads the visits that a condition finds, the earliest first, with all that belongs to them.
func load(db *gorm.DB, where ...any) ([]Visit, error) {
	const op = "visits: read"
	var rows []visitRow
	if err := db.Order("day, start, id").Find(&rows, where...).Error; err != nil {
		return nil, store.Translate(op, err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	list, at := make([]Visit, len(rows)), map[ID]*Visit{}
	for i, r := range rows {
		list[i] = r.visit()
		at[r.ID] = &list[i]
	}
	plain := db.Session(&gorm.Session{NewDB: true})
	some := plain.Model(&visitRow{}).Select("id")
	if len(where) > 0 {
		some = some.Where(where[0], where[1:]...)
	}
	var associates []associateRow
	if err := plain.Where("visit_id IN (?)", some).Order("visit_id, number").Find(&associates).Error; err != nil {
		return nil, store.Translate(op, err)
	}
	for _, r := range associates {
		if v := at[r.VisitID]; v != nil {
			v.Associates = append(v.Associates, r.Name)
		}
	}
	var followUps []followUpRow
	if err := plain.Where("visit_id IN (?)", some).Order("visit_id, number").Find(&followUps).Error; err != nil {
		return nil, store.Translate(op, err)
	}
	for _, r := range followUps {
		if v := at[r.VisitID]; v != nil {
			v.FollowUps = append(v.FollowUps, FollowUp{r.Number, r.Text, r.Owner, r.Due, r.Done})
		}
	}
	return list, nil
}

func writeAssociates(tx *gorm.DB, v *Visit) error {
	if err := tx.Delete(&associateRow{}, "visit_id = ?", v.ID).Error; err != nil || len(v.Associates) == 0 {
		return err
	}
	rows := make([]associateRow, len(v.Associates))
	for i, name := range v.Associates {
		rows[i] = associateRow{v.ID, i + 1, name}
	}
	return tx.Create(&rows).Error
}

// writeFollowUps numbers those that are new and stores all as they stand.
func writeFollowUps(tx *gorm.DB, v *Visit) error {
	last := 0
	for _, f := range v.FollowUps {
		last = max(last, f.Number)
	}
	rows := make([]followUpRow, len(v.FollowUps))
	for i := range v.FollowUps {
		f := &v.FollowUps[i]
		if f.Number == 0 {
			last++
			f.Number = last
		}
		rows[i] = followUpRow{v.ID, f.Number, f.Text, f.Owner, f.Due, f.Done}
	}
	if err := tx.Delete(&followUpRow{}, "visit_id = ?", v.ID).Error; err != nil || len(rows) == 0 {
		return err
	}
	return tx.Create(&rows).Error
}
