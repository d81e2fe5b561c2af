package people

import (
	"slices"
	"strings"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// Codes of faults in what somebody wants departments and bands to be.
const (
	FaultEmpty      = "empty"
	FaultLong       = "long"
	FaultUnreadable = "unreadable"
	FaultTaken      = "taken"  // another one has that name
	FaultNumber     = "number" // no number of people
	FaultNone       = "none"   // nothing was chosen
	FaultPool       = "pool"   // what it is to be pooled into is itself pooled or archived, or the same
	FaultHolds      = "holds"  // others are pooled into it
	FaultUsed       = "used"   // somebody or something has this band
)

// MostPeople is the largest headcount.
const MostPeople = 10_000_000

// Details is what may be said of a department.
type Details struct {
	Name      string
	Division  string
	Headcount int // 0: not known
}

func (d Details) tidied() Details {
	d.Name, d.Division = strings.TrimSpace(d.Name), strings.TrimSpace(d.Division)
	return d
}

func (d Details) faults() surveys.Faults {
	faults := nameFaults("name", d.Name)
	if d.Division != "" {
		faults = append(faults, nameFaults("division", d.Division)...)
	}
	if d.Headcount < 0 || d.Headcount > MostPeople {
		faults = append(faults, surveys.Fault{Path: "headcount", Code: FaultNumber, Detail: "must be a number of people"})
	}
	return faults
}

func invalid(op string, faults ...surveys.Fault) error {
	return &surveys.Error{Kind: surveys.Invalid, Op: op, Faults: faults}
}

func taken(op string) error {
	return &surveys.Error{Kind: surveys.Conflict, Op: op, Faults: surveys.Faults{{Path: "name", Code: FaultTaken, Detail: "is the name of another one"}}}
}

// NewDepartment adds a department. The error says every fault under the paths name, division and headcount.
func NewDepartment(tx *gorm.DB, d Details) (surveys.DepartmentID, error) {
	const op = "people: new department"
	d = d.tidied()
	if faults := d.faults(); len(faults) > 0 {
		return 0, invalid(op, faults...)
	}
	row := departmentRow{Name: d.Name, NameKey: nameKey(d.Name), Division: d.Division, Headcount: d.Headcount}
	err := tx.Create(&row).Error
	if store.IsDuplicate(err) {
		return 0, taken(op)
	}
	return row.ID, store.Translate(op, err)
}

// ChangeDepartment sets what is said of a department.
func ChangeDepartment(tx *gorm.DB, id surveys.DepartmentID, d Details) error {
	const op = "people: change department"
	if _, err := department(tx, id); err != nil {
		return err
	}
	d = d.tidied()
	if faults := d.faults(); len(faults) > 0 {
		return invalid(op, faults...)
	}
	err := tx.Model(&departmentRow{}).Where("id = ?", id).
		Updates(map[string]any{"name": d.Name, "name_key": nameKey(d.Name), "division": d.Division, "headcount": d.Headcount}).Error
	if store.IsDuplicate(err) {
		return taken(op)
	}
	return store.Translate(op, err)
}

func department(db *gorm.DB, id surveys.DepartmentID) (surveys.Department, error) {
	var rows []departmentRow
	if err := db.Where("id = ?", id).Find(&rows).Error; err != nil {
		return surveys.Department{}, store.Translate("people: department", err)
	}
	if len(rows) == 0 {
		return surveys.Department{}, &surveys.Error{Kind: surveys.NotFound, Op: "people", Message: "There is no such department."}
	}
	return rows[0].department(), nil
}

// Archive takes a department out of new surveys. One into which others are pooled cannot be archived.
func Archive(tx *gorm.DB, id surveys.DepartmentID) error {
	const op = "people: archive"
	_, all, err := locked(tx, id)
	if err != nil {
		return err
	}
	if holds(all, id) {
		return invalid(op, surveys.Fault{Path: "archive", Code: FaultHolds, Detail: "others are pooled into it"})
	}
	return setColumns(tx, op, id, map[string]any{"archived": true})
}

// Restore takes a department into new surveys again. If what it was pooled into is no longer asked, it stands for itself.
func Restore(tx *gorm.DB, id surveys.DepartmentID) error {
	const op = "people: restore"
	d, all, err := locked(tx, id)
	if err != nil {
		return err
	}
	values := map[string]any{"archived": false}
	if !slices.ContainsFunc(all, func(pool surveys.Department) bool { return pool.ID == d.PooledInto && pool.Asked() }) {
		values["pooled_into"] = 0
	}
	return setColumns(tx, op, id, values)
}

// Pool lets the people and answers of departments count with another one from now on; 0 lets each stand for itself.
// Pools are one level deep: the other one stands for itself, and nobody is pooled into one that is pooled.
func Pool(tx *gorm.DB, ids []surveys.DepartmentID, into surveys.DepartmentID) error {
	const op = "people: pool"
	if len(ids) == 0 {
		return invalid(op, surveys.Fault{Path: "departments", Code: FaultNone, Detail: "choose at least one department"})
	}
	for _, id := range ids {
		_, all, err := locked(tx, id)
		if err != nil {
			return err
		}
		if into != 0 {
			asked := slices.ContainsFunc(all, func(pool surveys.Department) bool { return pool.ID == into && pool.Asked() })
			if !asked || id == into {
				return invalid(op, surveys.Fault{Path: "into", Code: FaultPool, Detail: "must be another department that stands for itself"})
			}
			if holds(all, id) {
				return invalid(op, surveys.Fault{Path: "into", Code: FaultHolds, Detail: "others are pooled into it"})
			}
		}
		if err := setColumns(tx, op, id, map[string]any{"pooled_into": into}); err != nil {
			return err
		}
	}
	return nil
}

// locked finds a department among all, and keeps all as they are until the transaction ends.
func locked(tx *gorm.DB, id surveys.DepartmentID) (surveys.Department, []surveys.Department, error) {
	if err := Lock(tx); err != nil {
		return surveys.Department{}, nil, err
	}
	all, err := DepartmentsIn(tx)
	if err != nil {
		return surveys.Department{}, nil, err
	}
	d, err := department(tx, id)
	return d, all, err
}

// holds reports whether somebody who is still asked counts with the department.
func holds(all []surveys.Department, id surveys.DepartmentID) bool {
	return slices.ContainsFunc(all, func(d surveys.Department) bool { return d.PooledInto == id && !d.Archived })
}

func setColumns(tx *gorm.DB, op string, id surveys.DepartmentID, values map[string]any) error {
	return store.Translate(op, tx.Model(&departmentRow{}).Where("id = ?", id).Updates(values).Error)
}
