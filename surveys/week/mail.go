package week

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"soundings/surveys"
	"soundings/surveys/outbox"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

// Mail is what the outbox calls the message with somebody's week. Its subject is their account.
const Mail outbox.Kind = "week"

// keptDays is how long after Monday the mail of a week may still leave, when no server ran or mail could not be sent.
const keptDays = 1

// wishRow says who has been asked for their week by e-mail, and for which week it was sent last. It stays when they want no
// more, so that changing one's mind on a Monday brings no second one.
type wishRow struct {
	UserID     int64 `gorm:"primaryKey;autoIncrement:false"`
	Wanted     bool
	LastMonday surveys.Day
}

func (wishRow) TableName() string { return "week_mails" }

// Wanted reports whether an account gets its week by e-mail.
func Wanted(ctx context.Context, s *store.Store, user int64) (bool, error) {
	var n int64
	err := s.Read(ctx).Model(&wishRow{}).Where("user_id = ? AND wanted", user).Count(&n).Error
	return n > 0, store.Translate("week: wanted", err)
}

// Want says whether an account gets its week by e-mail. The first one is that of the next Monday whose hour is still to
// come.
func Want(ctx context.Context, s *store.Store, user int64, wanted bool, now time.Time) error {
	const op = "week: want"
	zone, err := waves.Zone(s.Read(ctx))
	if err != nil {
		return err
	}
	row := wishRow{UserID: user, Wanted: wanted, LastMonday: sentUntil(now, zone)}
	return s.Transact(ctx, op, func(tx *gorm.DB) error {
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
			return err
		}
		if err := tx.Model(&wishRow{}).Where("user_id = ?", user).Update("wanted", wanted).Error; err != nil {
			return err
		}
		return tx.Model(&wishRow{}).Where("user_id = ? AND last_monday < ?", user, row.LastMonday).Update("last_monday", row.LastMonday).Error
	})
}

// sentUntil is the newest Monday whose hour has come.
func sentUntil(now time.Time, zone *time.Location) surveys.Day {
	monday := MondayOf(surveys.DayOf(now, zone))
	if now.Before(begins(monday, zone)) {
		return monday.Plus(-7)
	}
	return monday
}

// fresh reports whether the mail of a week may still leave.
func fresh(monday surveys.Day, now time.Time, zone *time.Location) bool {
	return surveys.DayOf(now, zone) <= monday.Plus(keptDays)
}

// SendDue puts the mails of this week into the outbox once their hour has come: one for each account that wants it and is
// active. Several servers may do so at once. What was missed for longer than a day is left out.
func SendDue(ctx context.Context, s *store.Store, now time.Time) error {
	const op = "week: send due"
	zone, err := waves.Zone(s.Read(ctx))
	if err != nil {
		return err
	}
	monday := sentUntil(now, zone)
	if !fresh(monday, now, zone) {
		return nil
	}
	var due []recipient
	err = s.Read(ctx).Table("week_mails").Select("users.id AS id, users.email AS email, users.language AS language").
		Joins("JOIN users ON users.id = week_mails.user_id").
		Where("week_mails.wanted AND week_mails.last_monday < ? AND users.deactivated_at IS NULL", monday).Order("users.id").Scan(&due).Error
	if err != nil {
		return store.Translate(op, err)
	}
	var errs []error // whoever cannot be written to now keeps no one else waiting
	for _, r := range due {
		errs = append(errs, s.Transact(ctx, op, func(tx *gorm.DB) error { return r.send(tx, monday) }))
	}
	return errors.Join(errs...)
}

// recipient is an account that gets its week.
type recipient struct {
	ID              int64
	Email, Language string
}

// send is for one server: the others find the week sent.
func (r recipient) send(tx *gorm.DB, monday surveys.Day) error {
	mine := tx.Model(&wishRow{}).Where("user_id = ? AND wanted AND last_monday < ?", r.ID, monday).Update("last_monday", monday)
	if mine.Error != nil || mine.RowsAffected == 0 {
		return mine.Error
	}
	return outbox.Add(tx, outbox.Entry{Kind: Mail, Address: r.Email, Language: r.Language, Subject: r.ID,
		Key: fmt.Sprintf("week:%d:%s", r.ID, monday), Batch: "week:" + string(monday)})
}

// Due reports whether the message of an entry is still to be written: ErrUnneeded if its account wants none any more, or
// the week has begun too long ago.
func Due(ctx context.Context, s *store.Store, e outbox.Entry, now time.Time) error {
	zone, err := waves.Zone(s.Read(ctx))
	if err != nil {
		return err
	}
	wanted, err := Wanted(ctx, s, e.Subject)
	if err != nil {
		return err
	}
	if monday := surveys.Day(strings.TrimPrefix(e.Batch, "week:")); !wanted || !fresh(monday, now, zone) {
		return outbox.ErrUnneeded
	}
	return nil
}
