package accounts

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// Browser is where somebody signs in from.
type Browser struct {
	Address string // of the request
	Agent   string // its User-Agent header
	Device  string // the cookie an earlier Admission of the same browser gave; "" without one
}

// Admission is what somebody gets who has shown who they are.
type Admission struct {
	*Session        // without a Cookie, and with nothing but the User, while a second step is wanted
	Ticket   string // for SecondStep; "" if the person is in
	Device   string // for the browser to keep: it is known from now on
}

// SignIn checks the password and begins a session. Each sign-in makes a new one; the caller signs out the session of the
// cookie that the browser had before, if any. For somebody with a second step there is no session yet, but a ticket.
//
// A wrong e-mail and a wrong password are the same Unauthorized error after the same time; so are those of someone
// deactivated or invited. After five failures for one e-mail, or twenty from one address, further attempts are TooMany
// until a time has passed that doubles up to 15 minutes; see Wait. A browser in which this person has signed in before
// is counted by itself: a stranger who guesses cannot keep its owner out. A success clears the e-mail's failures, and a
// day without one clears both.
//
// Who signed in or failed to is written into the audit log, except for attempts refused as TooMany: strangers could fill
// it with them. The e-mail stands there only if it is an account's, because people also type passwords into its field.
func (a *Accounts) SignIn(ctx context.Context, email, password string, from Browser) (*Admission, error) {
	const op = "accounts: sign in"
	email = normalise(email)
	limits := []limit{a.emailLimit(email), a.addressLimit(from.Address)}
	if device, ok := a.knownDevice(from.Device, email); ok {
		limits = []limit{a.deviceLimit(device)}
	}
	try, err := a.begin(ctx, op, limits...)
	if err != nil {
		return nil, err
	}
	found, stored, err := a.findUser(ctx, op, email)
	right := false
	if err == nil && len(password) <= maxPassword {
		right, err = a.hasher.verify(ctx, password, stored)
	}
	renewed := ""
	if err == nil && right && stored.cost != a.hasher.cost {
		renewed, err = a.hasher.hash(ctx, password)
	}
	if err != nil { // ours, not theirs
		return nil, a.withdraw(ctx, op, try, err)
	}
	if !right || !found.Active() {
		return nil, a.refuse(ctx, found.User, "session.begin", from, "password", "E-mail or password is wrong.")
	}
	return a.admit(ctx, op, found, try, from, renewed)
}

// refuse records a failed attempt and gives the error for it.
func (a *Accounts) refuse(ctx context.Context, user User, action string, from Browser, code, message string) error {
	err := a.Record(ctx, Event{User: user.ID, Email: user.Email, Action: action, Outcome: Refused, Origin: from.Address})
	if err != nil {
		return err
	}
	return &surveys.Error{Kind: surveys.Unauthorized, Code: code, Op: "accounts: " + action, Message: message}
}

// findUser gives the user of an e-mail and what to check the password against; for an unknown e-mail, and for somebody
// who has not chosen a password yet, that is nobody's.
func (a *Accounts) findUser(ctx context.Context, op, email string) (credentials, passwordHash, error) {
	var found credentials
	if len(email) > maxEmail || !utf8.ValidString(email) {
		return found, a.hasher.nobody(), nil // MySQL refuses to compare with what is no text
	}
	err := a.store.Read(ctx).Take(&found, "email = ?", email).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return found, a.hasher.nobody(), nil
	}
	if err != nil {
		return found, passwordHash{}, store.Translate(op, err)
	}
	if found.PasswordHash == "" {
		return found, a.hasher.nobody(), nil
	}
	stored, err := parseHash(found.PasswordHash)
	if err != nil {
		err = &surveys.Error{Kind: surveys.Internal, Op: op, Err: err}
	}
	return found, stored, err
}

// admit writes, all at once, what a right password changes.
func (a *Accounts) admit(ctx context.Context, op string, user credentials, try *attempt, from Browser, renewed string) (*Admission, error) {
	now := a.clock()
	var admission *Admission
	err := a.store.Transact(ctx, op, func(tx *gorm.DB) error {
		if err := a.forgive(tx, try, user.Email, now); err != nil {
			return err
		}
		if renewed != "" {
			// Only over the hash that was checked: a password changed meanwhile stays changed.
			err := tx.Model(&credentials{}).Where("id = ? AND password_hash = ?", user.ID, user.PasswordHash).
				Update("password_hash", renewed).Error
			if err != nil {
				return err
			}
			user.PasswordHash = renewed
		}
		if user.secondStep() {
			admission = &Admission{Session: &Session{User: user.User}, Ticket: a.ticket(user, now)}
			return nil
		}
		var err error
		admission, err = a.begins(tx, user, from)
		return err
	})
	if err != nil {
		return nil, err
	}
	return admission, nil
}

// forgive takes an attempt back that did not fail, and clears the failures of the person's e-mail.
func (a *Accounts) forgive(tx *gorm.DB, try *attempt, email string, at time.Time) error {
	if err := try.undo(tx, at); err != nil {
		return err
	}
	return forget(tx, a.emailLimit(email))
}

// begins writes a session of somebody who has shown who they are.
func (a *Accounts) begins(tx *gorm.DB, user credentials, from Browser) (*Admission, error) {
	if err := loadDepartments(tx, &user.User); err != nil {
		return nil, err
	}
	session, row := newSession(user.User, a.clock())
	row.UserAgent = short(from.Agent, longestAgent)
	if err := tx.Create(&row).Error; err != nil {
		return nil, err
	}
	err := a.note(tx, Event{User: user.ID, Email: user.Email, Action: "session.begin", Outcome: Done, Origin: from.Address})
	return &Admission{Session: session, Device: a.device(from.Device, user.Email)}, err
}
