package accounts

import (
	"context"
	"errors"
	"unicode/utf8"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// SignIn checks the password and begins a session, the only one whose Cookie is filled in. Each sign-in makes a new
// one; the caller signs out the session of the cookie that the browser had before, if any. from is the address the
// request came from.
//
// A wrong e-mail and a wrong password are the same Unauthorized error after the same time. After five failures for
// one e-mail, or twenty from one address, further attempts are TooMany until a time has passed that doubles up to
// 15 minutes; see Wait. A success clears the e-mail's failures, and a day without one clears both.
func (a *Accounts) SignIn(ctx context.Context, email, password, from string) (*Session, error) {
	const op = "accounts: sign in"
	email = normalise(email)
	perEmail := a.emailLimit(email)
	try, err := a.begin(ctx, op, perEmail, a.addressLimit(from))
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
	if !right {
		return nil, &surveys.Error{Kind: surveys.Unauthorized, Op: op, Message: "E-mail or password is wrong."}
	}
	return a.admit(ctx, op, found, try, perEmail, renewed)
}

// findUser gives the user of an e-mail and what to check the password against; for an unknown e-mail that is nobody's.
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
	stored, err := parseHash(found.PasswordHash)
	if err != nil {
		err = &surveys.Error{Kind: surveys.Internal, Op: op, Err: err}
	}
	return found, stored, err
}

// admit writes, all at once, what a right password changes.
func (a *Accounts) admit(ctx context.Context, op string, user credentials, try *attempt, perEmail limit, renewed string) (*Session, error) {
	now := a.clock()
	session, row := newSession(user.User, now)
	err := a.store.Transact(ctx, op, func(tx *gorm.DB) error {
		if err := try.undo(tx, now); err != nil {
			return err
		}
		if err := forget(tx, perEmail); err != nil {
			return err
		}
		if renewed != "" {
			// Only over the hash that was checked: a password changed meanwhile stays changed.
			err := tx.Model(&credentials{}).Where("id = ? AND password_hash = ?", user.ID, user.PasswordHash).
				Update("password_hash", renewed).Error
			if err != nil {
				return err
			}
		}
		return tx.Create(&row).Error
	})
	if err != nil {
		return nil, err
	}
	return session, nil
}
