// Package invitations keeps whom a wave has asked by name, and the personal address each of them got.
//
// An invitation says who was asked, and with which department and band. It never says whether somebody answered: that
// is worked out where it is needed, with the installation's secret, from the marks of surveys/intake, and is kept for
// no person.
package invitations

import (
	"context"

	"gorm.io/gorm"

	"soundings/surveys"
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
