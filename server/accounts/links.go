package accounts

import (
	"context"
	"crypto/subtle"
	"errors"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// LinkKind is what a link for choosing a password is for.
type LinkKind string

const (
	Invitation LinkKind = "invite" // the first password of somebody invited
	Reset      LinkKind = "reset"  // a new one for somebody who has forgotten theirs
)

// Life is how long a link of the kind can be used.
func (k LinkKind) Life() time.Duration {
	if k == Invitation {
		return 7 * 24 * time.Hour
	}
	return time.Hour
}

// LinkID identifies a link for choosing a password.
type LinkID int64

// Link lets whoever holds its token choose a password for an account, once.
type Link struct {
	ID      LinkID
	Kind    LinkKind
	User    User
	Token   string
	Expires time.Time
}

// passwordLink is a link as it is stored. The token follows from the nonce and the installation's secret, so that an
// e-mail can be written later without the token waiting anywhere; with the database alone it cannot be made.
type passwordLink struct {
	ID         LinkID `gorm:"primaryKey"`
	UserID     UserID
	Kind       LinkKind
	Nonce      []byte
	SecretHash []byte
	ExpiresAt  time.Time
}

func (passwordLink) TableName() string { return "password_links" }

func (a *Accounts) linkToken(nonce []byte) string {
	return encode(a.subject("password link", encode(nonce)))
}

// Send puts a link on its way, in the transaction that makes it. The link's token must not be stored; it can be had again
// from LinkByID. nil sends nothing.
type Send func(tx *store.Tx, l Link) error

// issue makes a link for somebody and ends those they had.
func (a *Accounts) issue(tx *gorm.DB, user User, kind LinkKind, send Send) (Link, error) {
	if err := tx.Delete(&passwordLink{}, "user_id = ?", user.ID).Error; err != nil {
		return Link{}, err
	}
	nonce := randomBytes(secretSize)
	token := a.linkToken(nonce)
	row := passwordLink{UserID: user.ID, Kind: kind, Nonce: nonce, SecretHash: digest([]byte(token)), ExpiresAt: a.clock().Add(kind.Life())}
	if err := tx.Create(&row).Error; err != nil {
		return Link{}, err
	}
	link := Link{ID: row.ID, Kind: kind, User: user, Token: token, Expires: row.ExpiresAt}
	if send == nil {
		return link, nil
	}
	return link, send(tx, link)
}

// LinkByID gives a link for the e-mail it is sent in. One that was used, replaced or has ended is NotFound.
func (a *Accounts) LinkByID(ctx context.Context, id LinkID) (*Link, error) {
	return a.link(a.store.Read(ctx), "id = ?", id)
}

// LinkByToken gives the link that somebody has opened, without using it up: mail scanners open links too. One that was
// used, replaced, has ended or never was is NotFound.
func (a *Accounts) LinkByToken(ctx context.Context, token string) (*Link, error) {
	return a.link(a.store.Read(ctx), "secret_hash = ?", digest([]byte(token)))
}

func (a *Accounts) link(db *gorm.DB, condition string, arg any) (*Link, error) {
	const op = "accounts: find link"
	gone := &surveys.Error{Kind: surveys.NotFound, Code: "link used", Op: op, Message: "This link has been used or has ended. Please ask for a new one."}
	var row passwordLink
	err := db.Take(&row, condition, arg).Error
	var user User
	if err == nil {
		err = db.Session(&gorm.Session{NewDB: true}).Take(&user, "id = ?", row.UserID).Error
	}
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, gone
	}
	if err != nil {
		return nil, store.Translate(op, err)
	}
	token := a.linkToken(row.Nonce)
	if !a.clock().Before(row.ExpiresAt) || !user.Active() || subtle.ConstantTimeCompare(digest([]byte(token)), row.SecretHash) != 1 {
		return nil, gone
	}
	return &Link{ID: row.ID, Kind: row.Kind, User: user, Token: token, Expires: row.ExpiresAt}, nil
}

// ForgottenPassword makes a link for the account of an e-mail and sends it. Whether there is one is not told: without, or
// for somebody deactivated, nothing is sent and the answer is the same. Requests are slowed per e-mail and per address as
// failed sign-ins are, so that nobody's mailbox can be filled.
func (a *Accounts) ForgottenPassword(ctx context.Context, email string, from Browser, send Send) error {
	const op = "accounts: forgotten password"
	email = normalise(email)
	if _, err := a.begin(ctx, op, limit{a.subject("forgotten", email), freePerEmail}, limit{a.subject("forgotten from", Network(from.Address)), freePerAddress}); err != nil {
		return err
	}
	found, _, err := a.findUser(ctx, op, email)
	if err != nil {
		return err
	}
	if found.ID == 0 || !found.Active() {
		return nil
	}
	kind := Reset
	if found.PasswordHash == "" {
		kind = Invitation
	}
	return a.store.Transact(ctx, op, func(tx *gorm.DB) error {
		if _, err := a.issue(tx, found.User, kind, send); err != nil {
			return err
		}
		return a.note(tx, Event{User: found.ID, Email: found.Email, Action: "password.forgotten", Outcome: Done, Origin: from.Address})
	})
}

// ChoosePassword uses up a link: its account has the password from now on, and all of its sessions and other links end. A
// second step stays. Faults have the path password; they leave the link as it is.
func (a *Accounts) ChoosePassword(ctx context.Context, token, password string, from Browser) (*User, error) {
	const op = "accounts: choose password"
	link, err := a.LinkByToken(ctx, token)
	if err != nil {
		return nil, err
	}
	if err := invalid(op, passwordFaults(link.User.Email, password)); err != nil {
		return nil, err
	}
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return nil, err
	}
	err = a.store.Transact(ctx, op, func(tx *gorm.DB) error {
		used := tx.Delete(&passwordLink{}, "id = ?", link.ID)
		if used.Error == nil && used.RowsAffected != 1 { // somebody was faster
			_, err := a.link(tx, "id = ?", link.ID)
			return err
		}
		if used.Error != nil {
			return used.Error
		}
		if err := a.setPassword(tx, link.User.ID, hash, ""); err != nil {
			return err
		}
		return a.note(tx, Event{User: link.User.ID, Email: link.User.Email, Action: "password.choose", Outcome: Done, Origin: from.Address})
	})
	if err != nil {
		return nil, err
	}
	return &link.User, nil
}

// setPassword stores a hash and ends whatever the old password led to, except for one session.
func (a *Accounts) setPassword(tx *gorm.DB, id UserID, hash, keep string) error {
	if err := tx.Model(&credentials{}).Where("id = ?", id).Update("password_hash", hash).Error; err != nil {
		return err
	}
	if err := tx.Delete(&passwordLink{}, "user_id = ?", id).Error; err != nil {
		return err
	}
	return endSessions(tx, id, keep)
}
