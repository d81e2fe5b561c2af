package accounts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"soundings/surveys"
	"soundings/surveys/store"
)

// setupSetting is where the hash of the code of a first start is kept.
const setupSetting = "setup_code_hash"

type setting struct {
	Name  string `gorm:"primaryKey"`
	Value string
}

func (setting) TableName() string { return "settings" }

// NeedsSetup reports whether there is no user yet.
func (a *Accounts) NeedsSetup(ctx context.Context) (bool, error) {
	none, err := noUsers(a.store.Read(ctx))
	return none, store.Translate("accounts: look for users", err)
}

func noUsers(db *gorm.DB) (bool, error) {
	var ids []UserID
	err := db.Model(&User{}).Limit(1).Pluck("id", &ids).Error
	return err == nil && len(ids) == 0, err
}

// SetupCode makes the one-time code of a first start if there is no user yet. The caller shows it where only the
// owner looks (the log); only its hash is stored, in the database, so that it works on every server. Each call makes
// a new code and ends the one before.
func (a *Accounts) SetupCode(ctx context.Context) (code string, needed bool, err error) {
	code = rand.Text() // 26 characters, at least 128 random bits
	err = a.store.Transact(ctx, "accounts: set-up code", func(tx *gorm.DB) error {
		var err error
		if needed, err = noUsers(tx); err != nil || !needed {
			return err
		}
		return tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&setting{Name: setupSetting, Value: codeHash(code)}).Error
	})
	if err != nil || !needed {
		return "", false, err
	}
	return code, true, nil
}

func codeHash(code string) string {
	return hex.EncodeToString(digest([]byte(strings.ToUpper(strings.TrimSpace(code)))))
}

// Setup creates the first administrator, once, for whoever has the code of SetupCode. A wrong code is Invalid with
// a fault at the path code, and slowed per address (from) as SignIn is; faults of e-mail and password are as with
// Create. When there is a user already it is a Conflict.
func (a *Accounts) Setup(ctx context.Context, code, email, password, from string) (*User, error) {
	const op = "accounts: set up"
	if err := checkNeeded(a.store.Read(ctx)); err != nil {
		return nil, store.Translate(op, err)
	}
	try, err := a.begin(ctx, op, a.setupLimit(from))
	if err != nil {
		return nil, err
	}
	if err := checkCode(a.store.Read(ctx), code); err != nil {
		if surveys.KindOf(err) == surveys.Invalid {
			return nil, err // the one failure that counts
		}
		return nil, a.withdraw(ctx, op, try, store.Translate(op, err))
	}
	email = normalise(email)
	if err := invalid(op, append(emailFaults(email), passwordFaults(email, password)...)); err != nil {
		return nil, a.withdraw(ctx, op, try, err)
	}
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return nil, a.withdraw(ctx, op, try, err)
	}
	var user *User
	err = a.store.Transact(ctx, op, func(tx *gorm.DB) error {
		var err error
		if user, err = a.insertFirst(tx, code, email, hash); err != nil {
			return err
		}
		if err := a.note(tx, Event{User: user.ID, Email: user.Email, Action: "account.setup", Outcome: Done, Origin: from}); err != nil {
			return err
		}
		return try.undo(tx, a.clock())
	})
	if err != nil {
		return nil, err
	}
	return user, nil
}

// insertFirst checks again, now under a lock: whoever comes second waits for the code and then finds none.
func (a *Accounts) insertFirst(tx *gorm.DB, code, email, hash string) (*User, error) {
	if err := checkCode(store.ForUpdate(tx), code); err != nil {
		return nil, err
	}
	if err := checkNeeded(tx); err != nil {
		return nil, err
	}
	if err := dropSetupCode(tx); err != nil {
		return nil, err
	}
	return a.insertUser(tx, User{Email: email, Role: Admin}, hash)
}

// checkCode is nil for the right code and Invalid for a wrong one.
func checkCode(db *gorm.DB, code string) error {
	var stored setting
	err := db.Take(&stored, "name = ?", setupSetting).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return setupDone()
	}
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare([]byte(codeHash(code)), []byte(stored.Value)) != 1 {
		return invalid("accounts: set up", surveys.Faults{{Path: "code", Code: "wrong", Detail: "is not the newest set-up code in the program's log"}})
	}
	return nil
}

func checkNeeded(db *gorm.DB) error {
	none, err := noUsers(db)
	if err == nil && !none {
		return setupDone()
	}
	return err
}

func setupDone() error {
	return &surveys.Error{Kind: surveys.Conflict, Code: "set up", Op: "accounts: set up", Message: "Set-up is already done. Please sign in."}
}

func dropSetupCode(tx *gorm.DB) error { return tx.Delete(&setting{}, "name = ?", setupSetting).Error }
