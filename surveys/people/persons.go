package people

import (
	"crypto/rand"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

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
	all, err := DepartmentsIn(db)
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

// ByBand counts people by department and band; band 0 holds those whose band nobody knows.
type ByBand map[surveys.DepartmentID]map[surveys.BandID]int

// Add counts n people more.
func (c ByBand) Add(department surveys.DepartmentID, band surveys.BandID, n int) {
	if c[department] == nil {
		c[department] = map[surveys.BandID]int{}
	}
	c[department][band] += n
}

// In counts the people of a department, or of all for 0, of a band, or of whatever band for 0.
func (c ByBand) In(department surveys.DepartmentID, band surveys.BandID) (n int) {
	for d, bands := range c {
		for b, people := range bands {
			if (department == 0 || d == department) && (band == 0 || b == band) {
				n += people
			}
		}
	}
	return n
}

// CountByBand counts the people that Persons lists.
func CountByBand(db *gorm.DB) (ByBand, error) {
	all, err := DepartmentsIn(db)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		DepartmentID surveys.DepartmentID
		BandID       surveys.BandID
		N            int
	}
	err = db.Model(&personRow{}).Select("persons.department_id, band_id, COUNT(*) AS n").
		Joins("JOIN departments ON departments.id = persons.department_id AND NOT departments.archived").
		Where("gone = ?", false).Group("persons.department_id, band_id").Scan(&rows).Error
	pools, counts := PoolsOf(all), ByBand{}
	for _, r := range rows {
		counts.Add(pools.Of(r.DepartmentID), r.BandID, r.N)
	}
	return counts, store.Translate("people: by band", err)
}

// Entry is a person as the directory keeps them.
type Entry struct {
	surveys.Person
	Key  string // of the address; see ParseAddress
	Gone bool   // left the directory; not invited any more
}

// ByID returns one entry. Somebody the directory has never had is of kind NotFound.
func ByID(db *gorm.DB, id surveys.PersonID) (Entry, error) {
	var rows []personRow
	if err := db.Where("id = ?", id).Find(&rows).Error; err != nil {
		return Entry{}, store.Translate("people: person", err)
	}
	if len(rows) == 0 {
		return Entry{}, &surveys.Error{Kind: surveys.NotFound, Op: "people: person", Message: "there is no such person"}
	}
	return Entry{Person: rows[0].person(), Key: rows[0].EmailKey, Gone: rows[0].Gone}, nil
}

// Everybody lists all entries, in the order of their ids, with the department each was imported with.
func Everybody(db *gorm.DB) ([]Entry, error) {
	var rows []personRow
	if err := db.Order("id").Find(&rows).Error; err != nil {
		return nil, store.Translate("people: everybody", err)
	}
	list := make([]Entry, len(rows))
	for i, r := range rows {
		list[i] = Entry{Person: r.person(), Key: r.EmailKey, Gone: r.Gone}
	}
	return list, nil
}

// Present counts the people who have not left the directory.
func Present(db *gorm.DB) (int, error) {
	var n int64
	err := db.Model(&personRow{}).Where("gone = ?", false).Count(&n).Error
	return int(n), store.Translate("people: present", err)
}

// versionSetting names the row of settings that is another one whenever the people of the directory are.
const versionSetting = "directory.version"

// DirectoryVersion tells whether anybody has been entered or has left since somebody last looked: then it is another
// text than before.
func DirectoryVersion(db *gorm.DB) (string, error) {
	var values []string
	err := db.Table("settings").Where("name = ?", versionSetting).Pluck("value", &values).Error
	return strings.Join(values, ""), store.Translate("people: version", err)
}

func changed(tx *gorm.DB) error {
	row := map[string]any{"name": versionSetting, "value": rand.Text()}
	known := clause.OnConflict{Columns: []clause.Column{{Name: "name"}}, DoUpdates: clause.AssignmentColumns([]string{"value"})}
	return store.Translate("people: version", tx.Table("settings").Clauses(known).Create(row).Error)
}

// together is how many people one statement writes: far below the number of values any database takes.
const together = 500

// Enter writes people into the directory. Whoever has an address that is known keeps their id, and is no longer gone.
// done, if any, hears how many have been written.
func Enter(tx *gorm.DB, list []Entry, done func(int)) error {
	known := clause.OnConflict{Columns: []clause.Column{{Name: "email_key"}},
		DoUpdates: clause.AssignmentColumns([]string{"email", "name", "department_id", "band_id", "language", "gone"})}
	written := 0
	for part := range slices.Chunk(list, together) {
		rows := make([]personRow, len(part))
		for i, p := range part {
			rows[i] = personRow{Email: p.Email, EmailKey: p.Key, Name: p.Name, DepartmentID: p.Department, BandID: p.Band, Language: p.Language}
		}
		if err := tx.Clauses(known).Create(&rows).Error; err != nil {
			return store.Translate("people: enter", err)
		}
		if written += len(part); done != nil {
			done(written)
		}
	}
	if written == 0 {
		return nil
	}
	return changed(tx)
}

// Leave marks people as gone.
func Leave(tx *gorm.DB, ids []surveys.PersonID) error {
	for part := range slices.Chunk(ids, together) {
		if err := tx.Model(&personRow{}).Where("id IN ?", part).Update("gone", true).Error; err != nil {
			return store.Translate("people: leave", err)
		}
	}
	return nil
}
