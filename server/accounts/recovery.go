package accounts

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

const (
	recoveryCodes = 10
	recoverySize  = 10 // characters of 5 random bits
)

// recoveryCode is one code for a day without the telephone. 50 bits could be found from a plain hash, so that it is keyed
// with the installation's secret.
type recoveryCode struct {
	UserID   UserID `gorm:"primaryKey"`
	CodeHash []byte `gorm:"primaryKey"`
}

func (recoveryCode) TableName() string { return "recovery_codes" }

// recoveryHash forgives what people change in copying: case, spaces and the dash.
func (a *Accounts) recoveryHash(id UserID, code string) []byte {
	code = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(code))
	return a.subject("recovery", fmt.Sprint(id, " ", code))
}

func (a *Accounts) newRecoveryCodes(tx *gorm.DB, id UserID) ([]string, error) {
	if err := tx.Delete(&recoveryCode{}, "user_id = ?", id).Error; err != nil {
		return nil, err
	}
	codes, rows := make([]string, recoveryCodes), make([]recoveryCode, recoveryCodes)
	for i := range codes {
		text := rand.Text()[:recoverySize]
		codes[i] = text[:recoverySize/2] + "-" + text[recoverySize/2:]
		rows[i] = recoveryCode{id, a.recoveryHash(id, codes[i])}
	}
	return codes, tx.Create(&rows).Error
}

// RenewRecoveryCodes makes ten new codes and ends the old ones. It is a Conflict without a second step.
func (a *Accounts) RenewRecoveryCodes(ctx context.Context, id UserID) (codes []string, err error) {
	const op = "accounts: renew recovery codes"
	err = a.store.Transact(ctx, op, func(tx *gorm.DB) error {
		var user credentials
		if err := store.ForUpdate(tx).Take(&user, "id = ?", id).Error; err != nil {
			return err
		}
		if !user.secondStep() {
			return &surveys.Error{Kind: surveys.Conflict, Code: "no second step", Op: op, Message: "There is no second step to recover."}
		}
		var err error
		codes, err = a.newRecoveryCodes(tx, id)
		return err
	})
	return codes, err
}
