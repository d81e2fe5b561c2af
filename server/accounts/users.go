package accounts

import (
	"context"
	"net/mail"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// UserID identifies a member of staff.
type UserID int64

// User is a member of staff who can sign in.
type User struct {
	ID        UserID
	Email     string // as normalised by Create
	Role      Role
	CreatedAt time.Time
}

// credentials is a user with what proves who they are; it never leaves the package.
type credentials struct {
	User         `gorm:"embedded"`
	PasswordHash string
}

func (credentials) TableName() string { return "users" }

const (
	maxEmail    = 254  // bytes; RFC 5321's longest path without its brackets
	minPassword = 10   // characters
	maxPassword = 1000 // bytes
)

// Create adds a member of staff. Every fault of the input is reported at once, under the paths email, password and
// role; an e-mail that already has an account is a Conflict.
func (a *Accounts) Create(ctx context.Context, email string, role Role, password string) (*User, error) {
	const op = "accounts: create user"
	email = normalise(email)
	faults := append(emailFaults(email), passwordFaults(email, password)...)
	if !role.Valid() {
		faults = append(faults, surveys.Fault{Path: "role", Code: "unknown", Detail: "must be admin, author, analyst or viewer"})
	}
	if err := invalid(op, faults); err != nil {
		return nil, err
	}
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return nil, err
	}
	var user *User
	err = a.store.Transact(ctx, op, func(tx *gorm.DB) error {
		// Taken first, so that a first start under way at the same time waits and then finds it is over.
		if err := dropSetupCode(tx); err != nil {
			return err
		}
		var err error
		user, err = a.insertUser(tx, email, role, hash)
		return err
	})
	if err != nil {
		return nil, err
	}
	return user, nil
}

func (a *Accounts) insertUser(tx *gorm.DB, email string, role Role, hash string) (*User, error) {
	row := credentials{User: User{Email: email, Role: role, CreatedAt: a.clock()}, PasswordHash: hash}
	err := tx.Create(&row).Error
	if store.IsDuplicate(err) {
		return nil, &surveys.Error{Kind: surveys.Conflict, Op: "accounts: create user", Message: "There is already an account with this e-mail.",
			Faults: surveys.Faults{{Path: "email", Code: "taken", Detail: "already has an account"}}, Err: err}
	}
	return &row.User, err
}

// normalise makes the one spelling of an e-mail that is stored and looked up.
func normalise(email string) string {
	return norm.NFC.String(strings.ToLower(strings.TrimSpace(email)))
}

func emailFaults(email string) surveys.Faults {
	parsed, err := mail.ParseAddress(email)
	// The parser also takes "Ann <ann@example.org>" and comments; only the plain address is one that can be typed again.
	// U+FFFD stands where bytes were no text.
	if err != nil || parsed.Name != "" || parsed.Address != email || len(email) > maxEmail || strings.ContainsRune(email, utf8.RuneError) {
		return surveys.Faults{{Path: "email", Code: "email", Detail: "must be a plain e-mail address such as ann@example.org"}}
	}
	return nil
}

// passwordFaults holds only the rules that stop guessing; rules about digits and capitals make passwords worse.
func passwordFaults(email, password string) surveys.Faults {
	fault := func(code, detail string, limit int) surveys.Faults {
		return surveys.Faults{{Path: "password", Code: code, Detail: detail, Args: map[string]string{"limit": strconv.Itoa(limit)}}}
	}
	switch {
	case utf8.RuneCountInString(password) < minPassword:
		return fault("short", "must have at least 10 characters", minPassword)
	case len(password) > maxPassword:
		return fault("long", "must have at most 1000 bytes", maxPassword)
	case normalise(password) == email:
		return surveys.Faults{{Path: "password", Code: "same as email", Detail: "must not be the e-mail address"}}
	}
	return nil
}

// invalid makes one error of the faults, or nil of none.
func invalid(op string, faults surveys.Faults) error {
	if len(faults) == 0 {
		return nil
	}
	return &surveys.Error{Kind: surveys.Invalid, Op: op, Message: "Please correct what is marked.", Faults: faults}
}
