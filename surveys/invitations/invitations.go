// Package invitations keeps whom a wave has asked by name, and the personal address each of them got.
//
// An invitation says who was asked, and with which department and band. It never says whether somebody answered: that
// is worked out where it is needed, with the installation's secret, from the marks of surveys/intake, and is kept for
// no person.
package invitations

import (
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

// Invitation is one person's invitation to one wave. Department and band are those of the day the wave opened.
type Invitation struct {
	ID         surveys.InvitationID
	Wave       surveys.WaveID
	Person     surveys.PersonID
	Department surveys.DepartmentID
	Band       surveys.BandID
	Language   string // of the person; "" where it is not known
	Declined   bool   // wants no reminder
}

type row struct {
	ID           surveys.InvitationID `gorm:"primaryKey"`
	WaveID       surveys.WaveID
	PersonID     surveys.PersonID
	DepartmentID surveys.DepartmentID
	BandID       surveys.BandID
	Language     string
	Declined     bool
}

func (row) TableName() string { return "invitations" }

func (r row) invitation() Invitation {
	return Invitation{ID: r.ID, Wave: r.WaveID, Person: r.PersonID, Department: r.DepartmentID, Band: r.BandID,
		Language: r.Language, Declined: r.Declined}
}

// Find returns the invitation a token opens, and the token as it was made. Whatever else is typed, however close, is of
// kind NotFound.
func Find(ctx context.Context, s *store.Store, secret surveys.Secret, typed string) (Invitation, surveys.Token, error) {
	unknown := &surveys.Error{Kind: surveys.NotFound, Op: "invitations: find", Message: "there is no such invitation"}
	id, ok := surveys.ReadToken(typed)
	if !ok {
		return Invitation{}, "", unknown
	}
	i, err := ByID(s.Read(ctx), id)
	if err != nil {
		return Invitation{}, "", err
	}
	token, ok := secret.Opens(typed, i.Wave, i.ID)
	if !ok {
		return Invitation{}, "", unknown
	}
	return i, token, nil
}

// ByID returns one invitation.
func ByID(db *gorm.DB, id surveys.InvitationID) (Invitation, error) {
	var rows []row
	if err := db.Where("id = ?", id).Find(&rows).Error; err != nil {
		return Invitation{}, store.Translate("invitations: find", err)
	}
	if len(rows) == 0 {
		return Invitation{}, &surveys.Error{Kind: surveys.NotFound, Op: "invitations: find", Message: "there is no such invitation"}
	}
	return rows[0].invitation(), nil
}

// Decline notes that somebody wants no reminder of this wave. Doing so again is harmless.
func Decline(ctx context.Context, s *store.Store, id surveys.InvitationID) error {
	return s.Transact(ctx, "invitations: decline", func(tx *gorm.DB) error {
		return tx.Model(&row{}).Where("id = ?", id).Update("declined", true).Error
	})
}

// insertAtOnce keeps a statement below the number of values a database takes.
const insertAtOnce = 1000

// Ask makes an invitation for each of the people that the wave has not invited yet, with their department and band of
// now, and returns the new ones.
func Ask(tx *gorm.DB, wave surveys.WaveID, persons []surveys.Person) ([]Invitation, error) {
	const op = "invitations: ask"
	before, err := Of(tx, wave)
	if err != nil {
		return nil, err
	}
	asked := make(map[surveys.PersonID]bool, len(before))
	for _, i := range before {
		asked[i.Person] = true
	}
	var rows []row
	for _, p := range persons {
		if !asked[p.ID] {
			asked[p.ID] = true
			rows = append(rows, row{WaveID: wave, PersonID: p.ID, DepartmentID: p.Department, BandID: p.Band, Language: p.Language})
		}
	}
	if len(rows) == 0 {
		return nil, nil
	}
	if err := tx.CreateInBatches(&rows, insertAtOnce).Error; err != nil {
		return nil, store.Translate(op, err)
	}
	// Their ids are read again: a cluster does not number the rows of one statement one after the other.
	all, err := Of(tx, wave)
	if err != nil {
		return nil, err
	}
	fresh := all[:0]
	for _, i := range all {
		if i.ID > surveys.MostInvitations {
			return nil, &surveys.Error{Kind: surveys.Conflict, Op: op, Message: "there are too many invitations in the database"}
		}
		if !contains(before, i.ID) {
			fresh = append(fresh, i)
		}
	}
	return fresh, nil
}

// contains reports whether a list in the order of ids holds an invitation.
func contains(list []Invitation, id surveys.InvitationID) bool {
	_, found := slices.BinarySearchFunc(list, id, func(i Invitation, id surveys.InvitationID) int { return cmp.Compare(i.ID, id) })
	return found
}

// Of lists the invitations of a wave in the order of their ids.
func Of(db *gorm.DB, wave surveys.WaveID) ([]Invitation, error) {
	var rows []row
	if err := db.Where("wave_id = ?", wave).Order("id").Find(&rows).Error; err != nil {
		return nil, store.Translate("invitations: list", err)
	}
	list := make([]Invitation, len(rows))
	for i, r := range rows {
		list[i] = r.invitation()
	}
	return list, nil
}

// Invited counts the invitations of a wave by department.
func Invited(db *gorm.DB, wave surveys.WaveID) (map[surveys.DepartmentID]int, error) {
	cells, err := InvitedByBand(db, []surveys.WaveID{wave})
	counts := map[surveys.DepartmentID]int{}
	for department, bands := range cells[wave] {
		for _, n := range bands {
			counts[department] += n
		}
	}
	return counts, err
}

// InvitedByBand counts the invitations of some waves by department and band, as both were when they invited. A wave without
// any is absent.
func InvitedByBand(db *gorm.DB, list []surveys.WaveID) (map[surveys.WaveID]people.ByBand, error) {
	var rows []struct {
		WaveID       surveys.WaveID
		DepartmentID surveys.DepartmentID
		BandID       surveys.BandID
		N            int
	}
	err := db.Model(&row{}).Select("wave_id, department_id, band_id, COUNT(*) AS n").Where("wave_id IN ?", list).Group("wave_id, department_id, band_id").Scan(&rows).Error
	counts := map[surveys.WaveID]people.ByBand{}
	for _, r := range rows {
		if counts[r.WaveID] == nil {
			counts[r.WaveID] = people.ByBand{}
		}
		counts[r.WaveID].Add(r.DepartmentID, r.BandID, r.N)
	}
	return counts, store.Translate("invitations: invited", err)
}
