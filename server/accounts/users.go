package accounts

import (
	"context"
	"net/mail"
	"slices"
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

// User is a member of staff.
type User struct {
	ID            UserID
	Email         string // as normalised by Create
	Role          Role
	CreatedAt     time.Time
	Language      string // of the pages; "" for what the browser asks for
	Limited       bool   // to Departments, where none means none
	DeactivatedAt *time.Time

	Departments []surveys.DepartmentID `gorm:"-"` // of someone limited, in ascending order
}

// Sees reports whether figures and comments of a department may be shown to this person, as far as the disclosure gate
// shows them at all. The organisation's own line is everybody's.
func (u User) Sees(d surveys.DepartmentID) bool {
	return !u.Limited || slices.Contains(u.Departments, d)
}

// SeesSome reports whether what is for everybody, or else for some departments, is also for one that this person sees.
func (u User) SeesSome(everybody bool, departments []surveys.DepartmentID) bool {
	return everybody || !u.Limited || slices.ContainsFunc(departments, u.Sees)
}

// SeesAll reports whether what is for everybody, or else for some departments, reaches none but those that this person sees.
func (u User) SeesAll(everybody bool, departments []surveys.DepartmentID) bool {
	return !u.Limited || !everybody && !slices.ContainsFunc(departments, func(d surveys.DepartmentID) bool { return !u.Sees(d) })
}

// Active reports whether the person may sign in.
func (u User) Active() bool { return u.DeactivatedAt == nil }

// credentials is a user with what proves who they are; it never leaves the package.
type credentials struct {
	User         `gorm:"embedded"`
	PasswordHash string // "" until someone invited has chosen a password
	TOTPSecret   []byte `gorm:"column:totp_secret"`  // sealed; nil without a second step
	TOTPOffered  []byte `gorm:"column:totp_offered"` // sealed; shown, but not confirmed by a code yet
	TOTPStep     int64  `gorm:"column:totp_step"`    // of the newest code that was accepted
}

func (credentials) TableName() string { return "users" }

// secondStep reports whether a password alone is not enough.
func (c *credentials) secondStep() bool { return len(c.TOTPSecret) > 0 }

type userDepartment struct {
	UserID       UserID               `gorm:"primaryKey"`
	DepartmentID surveys.DepartmentID `gorm:"primaryKey"`
}

func (userDepartment) TableName() string { return "user_departments" }

const (
	maxEmail    = 254  // bytes; RFC 5321's longest path without its brackets
	minPassword = 10   // characters
	maxPassword = 1000 // bytes
)

// Create adds a member of staff, limited to the departments if there are any. Every fault of the input is reported at
// once, under the paths email, password, role and department; an e-mail that already has an account is a Conflict.
func (a *Accounts) Create(ctx context.Context, email string, role Role, password string, departments ...surveys.DepartmentID) (*User, error) {
	const op = "accounts: create user"
	user := User{Email: normalise(email), Role: role, Limited: len(departments) > 0, Departments: departments}
	faults := append(emailFaults(user.Email), passwordFaults(user.Email, password)...)
	if err := invalid(op, append(faults, roleFaults(user)...)); err != nil {
		return nil, err
	}
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return nil, err
	}
	var made *User
	err = a.store.Transact(ctx, op, func(tx *gorm.DB) error {
		// Taken first, so that a first start under way at the same time waits and then finds it is over.
		if err := dropSetupCode(tx); err != nil {
			return err
		}
		var err error
		made, err = a.insertUser(tx, user, hash)
		return err
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

func (a *Accounts) insertUser(tx *gorm.DB, user User, hash string) (*User, error) {
	user.ID, user.CreatedAt = 0, a.clock()
	row := credentials{User: user, PasswordHash: hash}
	err := tx.Create(&row).Error
	if store.IsDuplicate(err) {
		return nil, &surveys.Error{Kind: surveys.Conflict, Code: "email taken", Op: "accounts: create user", Message: "There is already an account with this e-mail.",
			Faults: surveys.Faults{{Path: "email", Code: "taken", Detail: "already has an account"}}, Err: err}
	}
	if err != nil {
		return nil, err
	}
	return &row.User, setDepartments(tx, row.ID, user.Departments)
}

func setDepartments(tx *gorm.DB, user UserID, departments []surveys.DepartmentID) error {
	if err := tx.Delete(&userDepartment{}, "user_id = ?", user).Error; err != nil || len(departments) == 0 {
		return err
	}
	var rows []userDepartment
	for _, d := range slices.Compact(slices.Sorted(slices.Values(departments))) {
		rows = append(rows, userDepartment{user, d})
	}
	return tx.Create(&rows).Error
}

// loadDepartments fills in what limited users are limited to.
func loadDepartments(db *gorm.DB, users ...*User) error {
	limited := map[UserID]*User{}
	ids := make([]UserID, 0, len(users))
	for _, u := range users {
		if u.Limited {
			limited[u.ID], ids = u, append(ids, u.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var rows []userDepartment
	if err := db.Where("user_id IN ?", ids).Order("user_id, department_id").Find(&rows).Error; err != nil {
		return err
	}
	for _, r := range rows {
		u := limited[r.UserID]
		u.Departments = append(u.Departments, r.DepartmentID)
	}
	return nil
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

// roleFaults are those of a role and of what it is limited to. An administrator could lift any limit, so that one would
// only look like one.
func roleFaults(u User) surveys.Faults {
	switch {
	case !u.Role.Valid():
		return surveys.Faults{{Path: "role", Code: "unknown", Detail: "must be admin, author, analyst or viewer"}}
	case u.Limited && u.Role == Admin:
		return surveys.Faults{{Path: "department", Code: "admin", Detail: "an administrator cannot be limited to departments"}}
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
