package accounts

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// Origins of what no person and no program with a token did.
const (
	CommandLine = "command line"
	Schedule    = "schedule" // the clock, as somebody has planned
)

// Outcome is how what somebody wanted to do ended.
type Outcome string

const (
	Done    Outcome = "ok"
	Refused Outcome = "refused" // they may not
	Failed  Outcome = "failed"  // they may, and it did not work: a faulty form, a conflict, a fault of ours
)

// Outcomes lists every outcome.
func Outcomes() []Outcome { return []Outcome{Done, Refused, Failed} }

// Event is one entry of the audit log: something a member of staff, a program with a token or a command did or wanted to
// do. Subject names what it was done to by ids only ("wave 12"). Nothing that leads to a respondent's page or person may
// stand in it: no link code, invitation token, receipt or address.
type Event struct {
	ID      int64
	At      time.Time
	User    UserID `gorm:"column:user_id"` // 0: not a signed-in person
	Email   string // as it was then
	Token   string // name of the API token, if it was a program
	Action  string // as in the table of routes: "wave.close"
	Subject string
	Outcome Outcome
	Origin  string // the client address of the member of staff, CommandLine or Schedule
}

func (Event) TableName() string { return "audit_log" }

// Audit is the log of what staff do. It can be added to and read; there is no way to change or remove an entry, and
// where it can the database refuses to (see store.AuditGuarded).
type Audit struct {
	store *store.Store
	now   func() time.Time
}

// NewAudit gives the audit log of a store.
func NewAudit(s *store.Store, now func() time.Time) *Audit { return &Audit{s, now} }

// Audit gives the audit log.
func (a *Accounts) Audit() *Audit { return &Audit{a.store, a.now} }

// Record adds an entry to the audit log; see Audit.Record.
func (a *Accounts) Record(ctx context.Context, e Event) error { return a.Audit().Record(ctx, e) }

// Record adds an entry. Its id and time are set here. It also works when the request it is about has been given up.
func (l *Audit) Record(ctx context.Context, e Event) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return l.store.Transact(ctx, "accounts: record "+e.Action, func(tx *gorm.DB) error { return l.Note(tx, e) })
}

// RecordHourly is Record, once an hour for each person, action, subject and outcome: for what a page does by itself, over
// and over, while somebody works on it.
func (l *Audit) RecordHourly(ctx context.Context, e Event) error {
	var before []Event
	err := l.store.Read(ctx).Where("at > ? AND action = ? AND user_id = ? AND subject = ? AND outcome = ?",
		l.now().UTC().Add(-time.Hour), e.Action, e.User, e.Subject, e.Outcome).Limit(1).Find(&before).Error
	if err != nil || len(before) > 0 {
		return store.Translate("accounts: record "+e.Action, err)
	}
	return l.Record(ctx, e)
}

// short cuts a text to so many characters that every database can store.
func short(text string, longest int) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if utf8.RuneCountInString(text) > longest {
		text = string([]rune(text)[:longest-1]) + "…"
	}
	return text
}

// AuditFilter chooses entries. Zero values mean all.
type AuditFilter struct {
	Person      string // an e-mail address or the name of a token, exactly, or the origin of what nobody did
	Action      string
	From, Until time.Time // from, and before
}

func (f AuditFilter) apply(db *gorm.DB) *gorm.DB {
	if f.Person != "" {
		db = db.Where("email = ? OR token = ? OR origin = ? AND email = '' AND token = ''", f.Person, f.Person, f.Person)
	}
	if f.Action != "" {
		db = db.Where("action = ?", f.Action)
	}
	if !f.From.IsZero() {
		db = db.Where("at >= ?", f.From.UTC())
	}
	if !f.Until.IsZero() {
		db = db.Where("at < ?", f.Until.UTC())
	}
	return db
}

// Events lists entries, the newest first: at most limit of those older than the entry before (0: from the newest). Pages
// made this way stay the same while new entries arrive.
func (l *Audit) Events(ctx context.Context, f AuditFilter, before int64, limit int) ([]Event, error) {
	db := f.apply(l.store.Read(ctx))
	if before > 0 {
		db = db.Where("id < ?", before)
	}
	var list []Event
	err := db.Order("id DESC").Limit(limit).Find(&list).Error
	return list, store.Translate("accounts: read the audit log", err)
}

// Count tells how many entries there are.
func (l *Audit) Count(ctx context.Context, f AuditFilter) (int, error) {
	var n int64
	err := f.apply(l.store.Read(ctx).Model(&Event{})).Count(&n).Error
	return int(n), store.Translate("accounts: count the audit log", err)
}

// Each hands every chosen entry to fn, the newest first, without holding them all in memory.
func (l *Audit) Each(ctx context.Context, f AuditFilter, fn func(Event) error) error {
	const batch = 1000
	for before := int64(0); ; {
		list, err := l.Events(ctx, f, before, batch)
		if err != nil {
			return err
		}
		for _, e := range list {
			if err := fn(e); err != nil {
				return err
			}
			before = e.ID
		}
		if len(list) < batch {
			return nil
		}
	}
}

// Actors lists the people and tokens that the log knows, and the origins of what none of them did, in the order of the
// alphabet.
func (l *Audit) Actors(ctx context.Context) ([]string, error) {
	var names []string
	err := l.store.Read(ctx).Raw("SELECT email FROM audit_log WHERE email <> '' UNION SELECT token FROM audit_log WHERE token <> '' "+
		"UNION SELECT origin FROM audit_log WHERE email = '' AND token = '' AND origin IN ? ORDER BY 1", []string{CommandLine, Schedule}).Scan(&names).Error
	return names, store.Translate("accounts: list actors", err)
}

// Actions lists the actions that the log knows, in the order of the alphabet.
func (l *Audit) Actions(ctx context.Context) ([]string, error) {
	var names []string
	err := l.store.Read(ctx).Model(&Event{}).Distinct("action").Order("action").Pluck("action", &names).Error
	return names, store.Translate("accounts: list actions", err)
}

// OutcomeOf tells how something ended from its error: what was not allowed is refused, anything else failed.
func OutcomeOf(err error) Outcome {
	if err == nil {
		return Done
	}
	switch surveys.KindOf(err) {
	case surveys.Unauthorized, surveys.Forbidden, surveys.TooMany:
		return Refused
	}
	return Failed
}

// Note adds an entry in the transaction of what it is about, so that neither is without the other. Its id and time are set
// here.
func (l *Audit) Note(tx *gorm.DB, e Event) error {
	e.ID, e.At, e.Subject, e.Origin = 0, l.now().UTC().Truncate(time.Microsecond), short(e.Subject, 500), short(e.Origin, 64)
	return store.Translate("accounts: note "+e.Action, tx.Create(&e).Error)
}

func (a *Accounts) note(tx *gorm.DB, e Event) error { return a.Audit().Note(tx, e) }
