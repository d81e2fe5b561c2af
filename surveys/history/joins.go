package history

import (
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

type nameRow struct {
	NameKey      string `gorm:"primaryKey"`
	Name         string
	DepartmentID surveys.DepartmentID
}

func (nameRow) TableName() string { return "history_names" }

type measureRow struct {
	MeasureKey string `gorm:"primaryKey"`
	Measure    string
	Target     string
}

func (measureRow) TableName() string { return "history_measures" }

// JoinedName is a name that somebody joined to a department; 0 stands for the organisation as a whole.
type JoinedName struct {
	Name       string
	Department surveys.DepartmentID
}

// JoinedMeasure is a measure that somebody joined to one of ours: a construct, or "q." and the id of a question.
type JoinedMeasure struct{ Measure, Target string }

// JoinedNames lists them by name.
func JoinedNames(db *gorm.DB) ([]JoinedName, error) {
	var rows []nameRow
	err := db.Order("name_key").Find(&rows).Error
	list := make([]JoinedName, len(rows))
	for i, r := range rows {
		list[i] = JoinedName{r.Name, r.DepartmentID}
	}
	return list, store.Translate("history: joined names", err)
}

// JoinedMeasures lists them by name.
func JoinedMeasures(db *gorm.DB) ([]JoinedMeasure, error) {
	var rows []measureRow
	err := db.Order("measure_key").Find(&rows).Error
	list := make([]JoinedMeasure, len(rows))
	for i, r := range rows {
		list[i] = JoinedMeasure{r.Measure, r.Target}
	}
	return list, store.Translate("history: joined measures", err)
}

// Codes of faults of a join.
const (
	FaultName   = "name"   // nothing of this name is kept
	FaultTarget = "target" // there is no such department
)

func refused(path, code, detail string) error {
	return &surveys.Error{Kind: surveys.Invalid, Op: "history: join", Faults: surveys.Faults{{Path: path, Code: code, Detail: detail}}}
}

// JoinName lets a name that is kept mean a department, or with 0 the organisation as a whole.
func JoinName(tx *gorm.DB, name string, department surveys.DepartmentID) error {
	names, err := Names(tx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(names, func(n string) bool { return Key(n) == Key(name) })
	if at < 0 {
		return refused("name", FaultName, "nothing of this name is kept")
	}
	departments, err := people.DepartmentsIn(tx)
	if err != nil {
		return err
	}
	if department != 0 && !slices.ContainsFunc(departments, func(d surveys.Department) bool { return d.ID == department }) {
		return refused("department", FaultTarget, "there is no such department")
	}
	again := clause.OnConflict{Columns: []clause.Column{{Name: "name_key"}}, DoUpdates: clause.AssignmentColumns([]string{"department_id"})}
	return store.Translate("history: join", tx.Clauses(again).Create(&nameRow{Key(name), names[at], department}).Error)
}

// SeparateName undoes JoinName.
func SeparateName(tx *gorm.DB, name string) error {
	return store.Translate("history: separate", tx.Where("name_key = ?", Key(name)).Delete(&nameRow{}).Error)
}

// JoinMeasure lets a measure that is kept begin the trend of one of ours: a construct, or "q." and a question's id.
func JoinMeasure(tx *gorm.DB, measure, target string) error {
	kept, err := Measures(tx)
	if err != nil {
		return err
	}
	at := measured(kept, measure)
	if at < 0 {
		return refused("measure", FaultName, "nothing of this name is kept")
	}
	return JoinedMeasure{kept[at].Measure, target}.store(tx)
}

// measured finds the first of the kept that has the name of a measure, and -1 where nothing is kept of it.
func measured(kept []Kept, measure string) int {
	return slices.IndexFunc(kept, func(k Kept) bool { return Key(k.Measure) == Key(measure) })
}

func (j JoinedMeasure) store(tx *gorm.DB) error {
	again := clause.OnConflict{Columns: []clause.Column{{Name: "measure_key"}}, DoUpdates: clause.AssignmentColumns([]string{"target"})}
	return store.Translate("history: join", tx.Clauses(again).Create(&measureRow{Key(j.Measure), j.Measure, j.Target}).Error)
}

// SeparateMeasure undoes JoinMeasure.
func SeparateMeasure(tx *gorm.DB, measure string) error {
	return store.Translate("history: separate", tx.Where("measure_key = ?", Key(measure)).Delete(&measureRow{}).Error)
}

// Beginnings lists the measures that begin the trend of a construct, or of "q." and a question's id: those joined to it,
// and the one of its own name where nobody joined that to another.
func Beginnings(db *gorm.DB, target string) ([]Kept, error) {
	kept, err := Measures(db)
	if err != nil {
		return nil, err
	}
	joined, err := JoinedMeasures(db)
	if err != nil {
		return nil, err
	}
	own := target
	if len(own) > 2 && own[:2] == "q." {
		own = own[2:]
	}
	return slices.DeleteFunc(kept, func(k Kept) bool {
		at := slices.IndexFunc(joined, func(j JoinedMeasure) bool { return Key(j.Measure) == Key(k.Measure) })
		if at >= 0 {
			return joined[at].Target != target
		}
		return Key(k.Measure) != Key(own)
	}), nil
}
