package accounts

import (
	"context"
	"errors"
	"strings"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// calendarRow is the secret of an address at which a calendar program reads what somebody has before them. One that has
// ended is remembered: programs go on asking for it, and are no guessers.
type calendarRow struct {
	SecretHash []byte `gorm:"primaryKey"`
	UserID     UserID
	MadeAt     time.Time
	Ended      bool
}

func (calendarRow) TableName() string { return "calendars" }

// calendarLimit counts guesses at addresses of calendars.
func (a *Accounts) calendarLimit(from string) limit {
	return limit{a.subject("calendar", Network(from)), freePerAddress}
}

// MakeCalendar gives somebody the token of a calendar's address and ends the one they had. It is kept as a hash only: this
// is the one time that it can be read.
func (a *Accounts) MakeCalendar(ctx context.Context, id UserID) (token string, err error) {
	token = encode(randomBytes(secretSize))
	err = a.store.Transact(ctx, "accounts: make calendar", func(tx *gorm.DB) error {
		if err := endCalendars(tx, id); err != nil {
			return err
		}
		return tx.Create(&calendarRow{SecretHash: digest([]byte(token)), UserID: id, MadeAt: a.clock()}).Error
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// EndCalendar takes somebody's calendar off the net. Without one, nothing happens.
func (a *Accounts) EndCalendar(ctx context.Context, id UserID) error {
	return a.store.Transact(ctx, "accounts: end calendar", func(tx *gorm.DB) error { return endCalendars(tx, id) })
}

func endCalendars(tx *gorm.DB, id UserID) error {
	return tx.Model(&calendarRow{}).Where("user_id = ? AND NOT ended", id).Update("ended", true).Error
}

// CalendarOf gives the account whose calendar has the token. Anything else is NotFound: one that has ended, that of
// somebody deactivated, and a guess. Guesses are counted per address as failed sign-ins are, and while an address is
// blocked for them it finds nothing at all, which looks the same.
func (a *Accounts) CalendarOf(ctx context.Context, token, from string) (*User, error) {
	const op = "accounts: find calendar"
	token = strings.TrimSuffix(token, ".ics")
	none := &surveys.Error{Kind: surveys.NotFound, Op: op, Message: "There is no such calendar."}
	tried := a.calendarLimit(from)
	var blocked int64
	if err := a.store.Read(ctx).Model(&failure{}).Where("subject = ? AND blocked_until > ?", tried.subject, a.clock()).Count(&blocked).Error; err != nil {
		return nil, store.Translate(op, err)
	}
	if blocked > 0 {
		return nil, none
	}
	// Searching by the hash is safe: how far a wrong one agrees with a stored one tells nothing about a token.
	var row calendarRow
	err := a.store.Read(ctx).Take(&row, "secret_hash = ?", digest([]byte(token))).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		if _, err := a.begin(ctx, op, tried); err != nil && surveys.KindOf(err) != surveys.TooMany {
			return nil, err
		}
		return nil, none
	}
	if err != nil {
		return nil, store.Translate(op, err)
	}
	if row.Ended {
		return nil, none
	}
	m, err := a.Member(ctx, row.UserID)
	if err != nil {
		return nil, err
	}
	if !m.Active() {
		return nil, none
	}
	return &m.User, nil
}
