package people

import (
	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// personRow is one person of the directory. Who has left it is kept as gone, so that whoever comes back is the same
// person, with the same wish not to be reminded.
type personRow struct {
	ID           surveys.PersonID `gorm:"primaryKey"`
	Email        string
	EmailKey     string
	Name         string
	DepartmentID surveys.DepartmentID
	BandID       surveys.BandID
	Language     string
	Gone         bool
}

func (personRow) TableName() string { return "persons" }

func (r personRow) person() surveys.Person {
	return surveys.Person{ID: r.ID, Email: r.Email, Name: r.Name, Department: r.DepartmentID, Band: r.BandID, Language: r.Language}
}

// Persons lists the people of the departments, of all departments if that is nil, in the order of their ids. People who
// have left the directory and people of archived departments are not in it. Somebody of a department that is pooled
// into another is given with that other one.
func Persons(db *gorm.DB, of []surveys.DepartmentID) ([]surveys.Person, error) {
	const op = "people: persons"
	all, err := departments(db)
	if err != nil {
		return nil, err
	}
	pools := PoolsOf(all)
	var asked []surveys.DepartmentID
	for _, d := range all {
		if !d.Archived {
			asked = append(asked, d.ID)
		}
	}
	query := db.Where("gone = ? AND department_id IN ?", false, asked)
	if of != nil {
		query = query.Where("department_id IN ?", pools.Members(of))
	}
	var rows []personRow
	if err := query.Order("id").Find(&rows).Error; err != nil {
		return nil, store.Translate(op, err)
	}
	list := make([]surveys.Person, len(rows))
	for i, r := range rows {
		list[i] = r.person()
		list[i].Department = pools.Of(r.DepartmentID)
	}
	return list, nil
}
