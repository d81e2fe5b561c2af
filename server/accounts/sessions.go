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

const (
	idleTimeout     = 12 * time.Hour
	absoluteTimeout = 14 * 24 * time.Hour
	seenEvery       = time.Minute // a write for each request would be a disk flush for each

	sessionIDSize = 16
	longestAgent  = 300 // characters of a User-Agent header that are kept
)

// Session is a signed-in browser.
type Session struct {
	ID        string // names it on its owner's page; it opens nothing
	Cookie    string // the value to set; only SignIn knows it
	CSRF      string // goes into every form; see VerifyCSRF
	User      User   // as it is now, not as it was at sign-in
	CreatedAt time.Time
	ExpiresAt time.Time // the latest it can end; unused it ends after 12 hours
}

// VerifyCSRF reports whether a form carries the session's token.
func (s *Session) VerifyCSRF(token string) bool {
	return s.CSRF != "" && subtle.ConstantTimeCompare([]byte(token), []byte(s.CSRF)) == 1
}

type sessionRow struct {
	ID         []byte `gorm:"primaryKey"`
	SecretHash []byte
	CSRFToken  string
	UserID     UserID
	CreatedAt  time.Time
	SeenAt     time.Time
	UserAgent  string
}

func (sessionRow) TableName() string { return "sessions" }

func newSession(user User, now time.Time) (*Session, sessionRow) {
	id, secret := randomBytes(sessionIDSize), randomBytes(secretSize)
	row := sessionRow{ID: id, SecretHash: digest(secret), CSRFToken: encode(randomBytes(secretSize)), UserID: user.ID, CreatedAt: now, SeenAt: now}
	session := row.session(user)
	session.Cookie = encode(append(id, secret...))
	return session, row
}

func (r *sessionRow) session(user User) *Session {
	return &Session{ID: encode(r.ID), CSRF: r.CSRFToken, User: user, CreatedAt: r.CreatedAt, ExpiresAt: r.CreatedAt.Add(absoluteTimeout)}
}

// parseCookie takes a cookie apart.
func parseCookie(cookie string) (id, secretHash []byte, ok bool) {
	b, ok := decode(cookie)
	if !ok || len(b) != sessionIDSize+secretSize {
		return nil, nil, false
	}
	return b[:sessionIDSize], digest(b[sessionIDSize:]), true
}

// Lookup gives the session of a cookie, with its user. Whatever is wrong with the cookie (empty, forged, expired,
// signed out) is the same Unauthorized error.
func (a *Accounts) Lookup(ctx context.Context, cookie string) (*Session, error) {
	const op = "accounts: look up session"
	signedOut := &surveys.Error{Kind: surveys.Unauthorized, Op: op, Message: "Please sign in."}
	id, secretHash, ok := parseCookie(cookie)
	if !ok {
		return nil, signedOut
	}
	var row sessionRow
	var user User
	err := a.store.Read(ctx).Take(&row, "id = ?", id).Error
	if err == nil {
		err = a.store.Read(ctx).Take(&user, "id = ?", row.UserID).Error
	}
	if err == nil {
		err = loadDepartments(a.store.Read(ctx), &user)
	}
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, signedOut
	}
	if err != nil {
		return nil, store.Translate(op, err)
	}
	now := a.clock()
	if subtle.ConstantTimeCompare(secretHash, row.SecretHash) != 1 || row.expired(now) || !user.Active() {
		return nil, signedOut
	}
	if err := a.markSeen(ctx, op, &row, now); err != nil {
		return nil, err
	}
	return row.session(user), nil
}

func (r *sessionRow) expired(now time.Time) bool {
	return now.Sub(r.SeenAt) >= idleTimeout || now.Sub(r.CreatedAt) >= absoluteTimeout
}

func (a *Accounts) markSeen(ctx context.Context, op string, row *sessionRow, now time.Time) error {
	if now.Sub(row.SeenAt) < seenEvery {
		return nil
	}
	return a.store.Transact(ctx, op, func(tx *gorm.DB) error {
		// The second condition lets one of several requests at the same time write, and never turns the time back.
		return tx.Model(&sessionRow{}).Where("id = ? AND seen_at <= ?", row.ID, now.Add(-seenEvery)).Update("seen_at", now).Error
	})
}

// SignOut ends the session of a cookie; a cookie without a session is already signed out.
func (a *Accounts) SignOut(ctx context.Context, cookie string) error {
	id, secretHash, ok := parseCookie(cookie)
	if !ok {
		return nil
	}
	return a.store.Transact(ctx, "accounts: sign out", func(tx *gorm.DB) error {
		return tx.Delete(&sessionRow{}, "id = ? AND secret_hash = ?", id, secretHash).Error
	})
}

// SeenSession is a session as its owner sees it in a list.
type SeenSession struct {
	ID        string
	CreatedAt time.Time
	SeenAt    time.Time // to the minute
	Agent     string    // the User-Agent header of its browser
}

// Sessions lists the sessions of a person that have not ended, the one used last first.
func (a *Accounts) Sessions(ctx context.Context, user UserID) ([]SeenSession, error) {
	var rows []sessionRow
	err := a.store.Read(ctx).Order("seen_at DESC, id").Find(&rows, "user_id = ?", user).Error
	if err != nil {
		return nil, store.Translate("accounts: list sessions", err)
	}
	now := a.clock()
	var list []SeenSession
	for _, r := range rows {
		if !r.expired(now) {
			list = append(list, SeenSession{ID: encode(r.ID), CreatedAt: r.CreatedAt, SeenAt: r.SeenAt, Agent: r.UserAgent})
		}
	}
	return list, nil
}

// EndSession ends one session of the person; one that has ended already, or is somebody else's, is left as it is.
func (a *Accounts) EndSession(ctx context.Context, user UserID, session string) error {
	id, ok := decode(session)
	if !ok {
		return nil
	}
	return a.store.Transact(ctx, "accounts: end session", func(tx *gorm.DB) error {
		return tx.Delete(&sessionRow{}, "id = ? AND user_id = ?", id, user).Error
	})
}

// EndOtherSessions ends all sessions of the person but one.
func (a *Accounts) EndOtherSessions(ctx context.Context, user UserID, keep string) error {
	return a.store.Transact(ctx, "accounts: end other sessions", func(tx *gorm.DB) error { return endSessions(tx, user, keep) })
}

// endSessions ends the sessions of a person, except for the one to keep ("" for none).
func endSessions(tx *gorm.DB, user UserID, keep string) error {
	kept, ok := decode(keep)
	if !ok || len(kept) == 0 {
		return tx.Delete(&sessionRow{}, "user_id = ?", user).Error
	}
	return tx.Delete(&sessionRow{}, "user_id = ? AND id <> ?", user, kept).Error
}

// Purge removes expired sessions, links and forgotten failures. It is for a now-and-then task; nothing depends on it but space.
func (a *Accounts) Purge(ctx context.Context) error {
	now := a.clock()
	return a.store.Transact(ctx, "accounts: purge", func(tx *gorm.DB) error {
		err := tx.Delete(&sessionRow{}, "seen_at <= ? OR created_at <= ?", now.Add(-idleTimeout), now.Add(-absoluteTimeout)).Error
		if err != nil {
			return err
		}
		if err := tx.Delete(&passwordLink{}, "expires_at <= ?", now).Error; err != nil {
			return err
		}
		return tx.Delete(&failure{}, "blocked_until <= ?", now.Add(-forgetAfter)).Error
	})
}
