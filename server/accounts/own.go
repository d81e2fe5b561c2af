package accounts

import (
	"context"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// Own is what somebody's account holds besides the User.
type Own struct {
	SecondStep bool
	Recovery   int        // codes that are left
	Calendar   *time.Time // since when their calendar can be read at its address; nil: it cannot
}

// OwnAccount tells how an account is protected, and what of it can be read from outside.
func (a *Accounts) OwnAccount(ctx context.Context, id UserID) (Own, error) {
	const op = "accounts: read account"
	var user credentials
	if err := a.store.Read(ctx).Take(&user, "id = ?", id).Error; err != nil {
		return Own{}, store.Translate(op, err)
	}
	var n int64
	if err := a.store.Read(ctx).Model(&recoveryCode{}).Where("user_id = ?", id).Count(&n).Error; err != nil {
		return Own{}, store.Translate(op, err)
	}
	own := Own{SecondStep: user.secondStep(), Recovery: int(n)}
	var since []time.Time
	err := a.store.Read(ctx).Model(&calendarRow{}).Where("user_id = ? AND NOT ended", id).Pluck("made_at", &since).Error
	if len(since) > 0 {
		own.Calendar = &since[0]
	}
	return own, store.Translate(op, err)
}

// Confirm checks the password of somebody who is signed in, before what a stranger at their desk should not do. A wrong
// one is Invalid with a fault at the path given, and slowed per person as sign-ins are.
func (a *Accounts) Confirm(ctx context.Context, id UserID, password, path string) error {
	const op = "accounts: confirm password"
	var user credentials
	if err := a.store.Read(ctx).Take(&user, "id = ?", id).Error; err != nil {
		return store.Translate(op, err)
	}
	stored, err := parseHash(user.PasswordHash)
	if err != nil {
		return &surveys.Error{Kind: surveys.Internal, Op: op, Err: err}
	}
	try, err := a.begin(ctx, op, limit{a.subject("own password", user.Email), freePerEmail})
	if err != nil {
		return err
	}
	right := false
	if len(password) <= maxPassword {
		if right, err = a.hasher.verify(ctx, password, stored); err != nil {
			return a.withdraw(ctx, op, try, err)
		}
	}
	if !right {
		return invalid(op, surveys.Faults{{Path: path, Code: "wrong", Detail: "is not your password"}})
	}
	return a.withdraw(ctx, op, try, nil)
}

// ChangePassword replaces somebody's password if they know the old one, and ends all their sessions but the one named. All
// faults are told at once, under the paths old and password.
func (a *Accounts) ChangePassword(ctx context.Context, user User, session, old, password string) error {
	const op = "accounts: change password"
	faults := passwordFaults(user.Email, password)
	err := a.Confirm(ctx, user.ID, old, "old")
	if surveys.KindOf(err) == surveys.Invalid && err != nil {
		faults = append(surveys.Faults{{Path: "old", Code: "wrong", Detail: "is not your password"}}, faults...)
	} else if err != nil {
		return err
	}
	if err := invalid(op, faults); err != nil {
		return err
	}
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	return a.store.Transact(ctx, op, func(tx *gorm.DB) error { return a.setPassword(tx, user.ID, hash, session) })
}

// SetLanguage chooses the language of somebody's pages; "" leaves it to their browser.
func (a *Accounts) SetLanguage(ctx context.Context, id UserID, language string) error {
	return a.store.Transact(ctx, "accounts: set language", func(tx *gorm.DB) error {
		return tx.Model(&credentials{}).Where("id = ?", id).Update("language", language).Error
	})
}
