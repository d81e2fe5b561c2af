// Package people keeps whom the organisation consists of: departments, seniority bands, and the people of its directory.
package people

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// LongestName bounds a department's or band's name, in characters.
const LongestName = 1000

type departmentRow struct {
	ID         surveys.DepartmentID `gorm:"primaryKey"`
	Name       string
	NameKey    []byte
	Division   string
	Headcount  int
	Archived   bool
	PooledInto surveys.DepartmentID
}

func (departmentRow) TableName() string { return "departments" }

// nameKey makes names unique byte for byte; a database's own comparison would join names that differ in trailing spaces.
func nameKey(name string) []byte {
	sum := sha256.Sum256([]byte(name))
	return sum[:]
}

func checkName(op, name string) error {
	if faults := nameFaults("", name); len(faults) > 0 {
		return &surveys.Error{Kind: surveys.Invalid, Op: op, Message: "a name " + faults[0].Detail}
	}
	return nil
}

func nameFaults(path, name string) surveys.Faults {
	code, detail := "", ""
	switch {
	case strings.TrimSpace(name) == "":
		code, detail = FaultEmpty, "must not be empty"
	case !utf8.ValidString(name):
		code, detail = FaultUnreadable, "must be readable text (UTF-8)"
	case utf8.RuneCountInString(name) > LongestName:
		code, detail = FaultLong, "may have at most 1000 characters"
	default:
		return nil
	}
	return surveys.Faults{{Path: path, Code: code, Detail: detail}}
}

func (r departmentRow) department() surveys.Department {
	return surveys.Department{ID: r.ID, Name: r.Name, Division: r.Division, Headcount: r.Headcount, Archived: r.Archived, PooledInto: r.PooledInto}
}

// Departments lists all departments by name, those that are archived or pooled included: answers already given keep
// theirs. Whoever asks people something wants Offered.
func Departments(ctx context.Context, s *store.Store) ([]surveys.Department, error) {
	return DepartmentsIn(s.Read(ctx))
}

// DepartmentsIn is Departments within a transaction.
func DepartmentsIn(db *gorm.DB) ([]surveys.Department, error) {
	var rows []departmentRow
	if err := db.Order("name, id").Find(&rows).Error; err != nil {
		return nil, store.Translate("people: departments", err)
	}
	list := make([]surveys.Department, len(rows))
	for i, r := range rows {
		list[i] = r.department()
	}
	return list, nil
}

// Codes of the fault of a chosen department; each room has words for them.
const (
	chosenUnknown  = "unknown"
	chosenArchived = "archived" // Args: department
)

// ChosenFaults finds the first of some departments, chosen in a form, that is not there, or is archived and was not chosen
// before. The codes are unknown and archived.
func ChosenFaults(tx *gorm.DB, path string, chosen, before []surveys.DepartmentID) (surveys.Faults, error) {
	all, err := DepartmentsIn(tx)
	if err != nil {
		return nil, err
	}
	for _, id := range chosen {
		at := slices.IndexFunc(all, func(d surveys.Department) bool { return d.ID == id })
		switch {
		case at < 0:
			return surveys.Faults{surveys.NewFault(path, chosenUnknown, fmt.Sprintf("there is no department %d", id))}, nil
		case all[at].Archived && !slices.Contains(before, id):
			return surveys.Faults{surveys.NewFault(path, chosenArchived, all[at].Name+" is archived", "department", all[at].Name)}, nil
		}
	}
	return nil, nil
}

// AddDepartment adds a department, or sets the headcount of the one with that name. Headcount 0 means not known.
func AddDepartment(tx *gorm.DB, name string, headcount int) (surveys.DepartmentID, error) {
	const op = "people: add department"
	if err := checkName(op, name); err != nil {
		return 0, err
	}
	if headcount < 0 {
		return 0, &surveys.Error{Kind: surveys.Invalid, Op: op, Message: "a headcount must not be negative"}
	}
	row := departmentRow{Name: name, NameKey: nameKey(name), Headcount: headcount}
	err := tx.Where("name_key = ?", row.NameKey).Attrs(row).FirstOrCreate(&row).Error
	if err == nil && headcount != 0 && row.Headcount != headcount {
		err = tx.Model(&departmentRow{}).Where("id = ?", row.ID).Update("headcount", headcount).Error
	}
	return row.ID, store.Translate(op, err)
}

// DepartmentNamed finds a department by its exact name. The error of an unknown one lists what there is.
func DepartmentNamed(ctx context.Context, s *store.Store, name string) (surveys.Department, error) {
	all, err := Departments(ctx, s)
	if err != nil {
		return surveys.Department{}, err
	}
	names := make([]string, len(all))
	for i, d := range all {
		if d.Name == name {
			return d, nil
		}
		names[i] = d.Name
	}
	message := "there is no department " + name
	if len(names) == 0 {
		message += "; add it first: soundings department add NAME"
	} else {
		message += "; there are: " + strings.Join(names, ", ")
	}
	return surveys.Department{}, &surveys.Error{Kind: surveys.NotFound, Op: "people", Message: message}
}

// Lock keeps everybody else from changing departments, and with them the directory, until the transaction ends.
func Lock(tx *gorm.DB) error {
	var ids []surveys.DepartmentID
	err := store.ForUpdate(tx).Model(&departmentRow{}).Order("id").Pluck("id", &ids).Error
	return store.Translate("people: lock", err)
}

// SetHeadcounts sets the headcount of every department that is not archived; one that is not in counts has nobody that
// is known.
func SetHeadcounts(tx *gorm.DB, counts map[surveys.DepartmentID]int) error {
	all, err := DepartmentsIn(tx)
	if err != nil {
		return err
	}
	for _, d := range all {
		if d.Archived || d.Headcount == counts[d.ID] {
			continue
		}
		if err := tx.Model(&departmentRow{}).Where("id = ?", d.ID).Update("headcount", counts[d.ID]).Error; err != nil {
			return store.Translate("people: headcounts", err)
		}
	}
	return nil
}
