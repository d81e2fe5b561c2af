package invitations

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"soundings/surveys"
	"soundings/surveys/intake"
	"soundings/surveys/outbox"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

// What the outbox calls these messages. The subject of either is the invitation's id.
const (
	InvitationMail outbox.Kind = "invitation"
	// ReminderMail goes into the outbox for everybody who has been invited. Whether somebody has answered is looked up
	// when their message is about to leave, and the outbox must be told to be discreet about it: otherwise its rows would
	// say, by name, who had not answered at that moment.
	ReminderMail outbox.Kind = "reminder"
)

// BatchOf names the invitations of a wave in the outbox.
func BatchOf(wave surveys.WaveID) string { return fmt.Sprintf("wave:%d:invitation", wave) }

func reminderBatch(wave surveys.WaveID, number int) string {
	return fmt.Sprintf("wave:%d:reminder:%d", wave, number)
}

// Opened invites the people of a wave that asks by mail. It is a hook of surveys/waves.
func Opened(tx *store.Tx, w surveys.Wave, t waves.Terms) error {
	if !t.Mail {
		return nil
	}
	_, err := Invite(tx, w.ID, t.Departments)
	return err
}

// Invite invites everybody of these departments, of all if there are none, who is not invited yet, and returns how many.
func Invite(tx *gorm.DB, wave surveys.WaveID, departments []surveys.DepartmentID) (int, error) {
	persons, err := personsOf(tx, departments)
	if err != nil {
		return 0, err
	}
	made, err := Ask(tx, wave, persons)
	if err != nil {
		return 0, err
	}
	return len(made), outbox.Add(tx, letters(InvitationMail, BatchOf(wave), "invitation", made, persons)...)
}

// InviteMore invites, while a wave is open, everybody of the departments it asks who is not invited yet: people who have
// joined since, or all of them where the wave was opened without invitations.
func InviteMore(tx *gorm.DB, wave surveys.WaveID) error {
	w, err := waves.ByID(store.ForUpdate(tx), wave)
	if err != nil {
		return err
	}
	if w.State != surveys.Open {
		return &surveys.Error{Kind: surveys.Ended, Op: "invitations: invite more", Message: "the wave is closed"}
	}
	terms, err := waves.TermsOf(tx, wave)
	if err != nil {
		return err
	}
	_, err = Invite(tx, wave, terms.Departments)
	return err
}

// Uninvited counts the people of these departments whom the wave has not invited.
func Uninvited(db *gorm.DB, wave surveys.WaveID, departments []surveys.DepartmentID) (int, error) {
	persons, err := personsOf(db, departments)
	if err != nil {
		return 0, err
	}
	invited, err := Of(db, wave)
	if err != nil {
		return 0, err
	}
	asked := make(map[surveys.PersonID]bool, len(invited))
	for _, i := range invited {
		asked[i.Person] = true
	}
	n := 0
	for _, p := range persons {
		if !asked[p.ID] {
			n++
		}
	}
	return n, nil
}

func personsOf(db *gorm.DB, departments []surveys.DepartmentID) ([]surveys.Person, error) {
	if len(departments) == 0 {
		departments = nil
	}
	return people.Persons(db, departments)
}

// letters are outbox entries for invitations whose people can be written to.
func letters(kind outbox.Kind, batch, key string, list []Invitation, persons []surveys.Person) []outbox.Entry {
	by := make(map[surveys.PersonID]surveys.Person, len(persons))
	for _, p := range persons {
		by[p.ID] = p
	}
	entries := make([]outbox.Entry, 0, len(list))
	for _, i := range list {
		if p, ok := by[i.Person]; ok {
			entries = append(entries, outbox.Entry{Kind: kind, Address: p.Email, Language: p.Language, Subject: int64(i.ID),
				Key: fmt.Sprintf("%s:%d", key, i.ID), Batch: batch})
		}
	}
	return entries
}

// Reminder is one reminder of a wave, sent or still to come.
type Reminder struct {
	Number int
	Due    time.Time
	Sent   bool
}

type reminderRow struct {
	WaveID surveys.WaveID `gorm:"primaryKey;autoIncrement:false"`
	Number int            `gorm:"primaryKey;autoIncrement:false"`
	DueAt  time.Time
	Sent   bool
}

func (reminderRow) TableName() string { return "reminders" }

// MostReminders bounds the reminders of one wave; people who are asked more often answer less.
const MostReminders = 5

// Reminders lists the reminders of a wave.
func Reminders(db *gorm.DB, wave surveys.WaveID) ([]Reminder, error) {
	var rows []reminderRow
	if err := db.Where("wave_id = ?", wave).Order("number").Find(&rows).Error; err != nil {
		return nil, store.Translate("invitations: reminders", err)
	}
	list := make([]Reminder, len(rows))
	for i, r := range rows {
		list[i] = Reminder{Number: r.Number, Due: r.DueAt.UTC(), Sent: r.Sent}
	}
	return list, nil
}

// Remind plans the reminder of a wave with this number, which is one more than the last. It goes out once it is due. Asking
// for the same number again changes nothing, so a double click reminds nobody twice.
func Remind(tx *gorm.DB, wave surveys.WaveID, number int, due time.Time) error {
	const op = "invitations: remind"
	w, err := waves.ByID(store.ForUpdate(tx), wave)
	if err != nil {
		return err
	}
	before, err := Reminders(tx, wave)
	switch {
	case err != nil:
		return err
	case w.State != surveys.Open:
		return &surveys.Error{Kind: surveys.Ended, Op: op, Message: "the wave is closed"}
	case number >= 1 && number <= len(before):
		return nil
	case number != len(before)+1 || number > MostReminders:
		return &surveys.Error{Kind: surveys.Conflict, Op: op, Message: fmt.Sprintf("a wave has at most %d reminders, one after the other", MostReminders)}
	}
	err = tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&reminderRow{WaveID: wave, Number: number, DueAt: due.UTC()}).Error
	return store.Translate(op, err)
}

// SendDue puts the reminders that are due into the outbox. Several servers may do so at once.
func SendDue(ctx context.Context, s *store.Store, now time.Time) error {
	const op = "invitations: send due"
	var due []reminderRow
	if err := s.Read(ctx).Where("sent = ? AND due_at <= ?", false, now.UTC()).Order("wave_id, number").Find(&due).Error; err != nil {
		return store.Translate(op, err)
	}
	for _, r := range due {
		if err := s.Transact(ctx, op, func(tx *gorm.DB) error { return r.send(tx) }); err != nil {
			return err
		}
	}
	return nil
}

// send writes to everybody the wave has invited and who has not declined; see ReminderMail for why also to those who
// have answered. A wave that has closed meanwhile reminds nobody.
func (r reminderRow) send(tx *gorm.DB) error {
	const op = "invitations: send"
	w, err := waves.ByID(store.ForUpdate(tx), r.WaveID)
	if err != nil {
		return err
	}
	mine := tx.Model(&reminderRow{}).Where("wave_id = ? AND number = ? AND sent = ?", r.WaveID, r.Number, false).Update("sent", true)
	if mine.Error != nil || mine.RowsAffected == 0 || w.State != surveys.Open {
		return store.Translate(op, mine.Error)
	}
	list, err := Of(tx, r.WaveID)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(i Invitation) bool { return i.Declined })
	persons, err := people.Persons(tx, nil)
	if err != nil {
		return err
	}
	return outbox.Add(tx, letters(ReminderMail, reminderBatch(r.WaveID, r.Number), fmt.Sprintf("reminder:%d", r.Number), list, persons)...)
}

// Answered tells which of these invitations of a wave are answered. It is for deciding and counting, never for showing
// or keeping.
func Answered(db *gorm.DB, secret surveys.Secret, wave surveys.WaveID, list []Invitation) ([]bool, error) {
	d := secret.Deriver()
	marks := make([]surveys.Mark, len(list))
	for n, i := range list {
		marks[n] = d.Mark(d.Token(wave, i.ID))
	}
	taken, err := intake.Answered(db, wave, marks...)
	answered := make([]bool, len(list))
	for n, mark := range marks {
		answered[n] = taken[mark]
	}
	return answered, err
}

// Due tells what an entry of the outbox is about, or that it has lost its reason since it was added: the wave has closed,
// or the person has answered, has left, or wants no reminder.
func Due(ctx context.Context, s *store.Store, secret surveys.Secret, e outbox.Entry) (Invitation, surveys.Person, error) {
	i, err := ByID(s.Read(ctx), surveys.InvitationID(e.Subject))
	if err != nil {
		return i, surveys.Person{}, gone(err)
	}
	w, err := waves.ByID(s.Read(ctx), i.Wave)
	if err != nil {
		return i, surveys.Person{}, gone(err)
	}
	p, err := people.ByID(s.Read(ctx), i.Person)
	if err != nil {
		return i, surveys.Person{}, gone(err)
	}
	if w.State != surveys.Open || p.Gone {
		return i, surveys.Person{}, outbox.ErrUnneeded
	}
	if e.Kind != ReminderMail {
		return i, p.Person, nil // even to somebody who has answered: the outbox is not discreet about invitations
	}
	answered, err := Answered(s.Read(ctx), secret, i.Wave, []Invitation{i})
	if err == nil && (answered[0] || i.Declined) {
		err = outbox.ErrUnneeded
	}
	return i, p.Person, err
}

// gone makes a message about something that is deleted an unneeded one.
func gone(err error) error {
	if surveys.KindOf(err) == surveys.NotFound {
		return outbox.ErrUnneeded
	}
	return err
}
