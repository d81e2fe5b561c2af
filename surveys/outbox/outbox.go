// Package outbox sends the program's mail. What is to be sent is added in the transaction that decides it, and sent
// after that has committed, by whichever server gets to it first.
//
// Nobody is written to twice: an entry is marked as being sent, and that is committed, before anything that could
// deliver it. If it is not known afterwards whether the mail server took it, because the connection broke or the program
// died at that moment, it is never sent again by itself; people are told that it may have arrived and decide.
package outbox

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"log/slog"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"soundings/surveys"
	"soundings/surveys/store"
)

// Kind is what a message is: it says who writes its text.
type Kind string

// EntryID numbers the entries.
type EntryID int64

// Entry is one message to one person. It holds no text and no secret: the text is written when it is sent.
type Entry struct {
	Kind     Kind
	Address  string
	Language string
	Subject  int64  // id of what it is about; its Kind's Writer knows of what
	Key      string // unique; adding an entry with a key that was there before is harmless. At most 200 bytes of ASCII.
	Batch    string // entries whose progress is looked at together, such as "wave:12:invitation"
	Urgent   bool   // somebody waits for it: sent before what is not
}

// Mail is the text of a message. HTML may be empty; it must not load anything from elsewhere.
type Mail struct {
	Subject     string
	Text        string
	HTML        string
	Unsubscribe string // address that ends such messages by one POST (RFC 8058), and by a page when opened
}

// Writer writes the message of an entry when it is about to be sent. ErrUnneeded drops it. An error of kind Unavailable
// is tried again; any other ends the entry as failed.
type Writer func(ctx context.Context, e Entry) (Mail, error)

// ErrUnneeded is what a Writer returns when a message has lost its reason.
var ErrUnneeded = errors.New("the message is not needed any more")

// State is how far an entry has come.
type State string

const (
	Queued    State = "queued"    // to be sent, now or at its next time
	Sending   State = "sending"   // handed to the mail server at this moment
	Sent      State = "sent"      // taken by the mail server
	Failed    State = "failed"    // refused for good, or tried often enough
	Uncertain State = "uncertain" // it may have arrived; never sent again by itself
	Unneeded  State = "unneeded"  // its writer dropped it
)

type entryRow struct {
	ID         EntryID `gorm:"primaryKey"`
	Kind       Kind
	Address    string
	Language   string
	Subject    int64
	EntryKey   string
	Batch      string
	Lane       int // 0 for urgent ones, else 1
	MessageID  string
	State      State
	Tries      int
	NextAt     time.Time
	Owner      string // the running program that has taken it; empty: none
	LeaseUntil *time.Time
	Fault      Fault
	Reply      string
	SettledAt  *time.Time
}

func (entryRow) TableName() string { return "outbox" }

func (r entryRow) entry() Entry {
	return Entry{Kind: r.Kind, Address: r.Address, Language: r.Language, Subject: r.Subject, Key: r.EntryKey, Batch: r.Batch, Urgent: r.Lane == 0}
}

const (
	longestKey   = 200
	longestBatch = 100
	longestKind  = 40
	longestReply = 500
	addAtOnce    = 500
)

// atOnce is the next time of an entry that waits for nothing. A time in the past spares Add a clock.
func atOnce() time.Time { return time.Unix(0, 0).UTC() }

// Add puts entries into the outbox, in the transaction of what they tell about. An entry whose key is there already is
// left as it is.
func Add(tx *store.Tx, entries ...Entry) error {
	const op = "outbox: add"
	rows := make([]entryRow, len(entries))
	for i, e := range entries {
		if !plain(e.Key, longestKey) || !plain(string(e.Kind), longestKind) || len(e.Batch) > longestBatch || e.Address == "" {
			return &surveys.Error{Kind: surveys.Internal, Op: op, Message: "an entry needs a kind, a key and an address"}
		}
		rows[i] = entryRow{Kind: e.Kind, Address: e.Address, Language: e.Language, Subject: e.Subject, EntryKey: e.Key, Batch: e.Batch,
			Lane: 1, MessageID: random(), State: Queued, NextAt: atOnce()}
		if e.Urgent {
			rows[i].Lane = 0
		}
	}
	for some := range slices.Chunk(rows, addAtOnce) {
		harmless := clause.OnConflict{Columns: []clause.Column{{Name: "entry_key"}}, DoNothing: true}
		if err := tx.Clauses(harmless).Create(&some).Error; err != nil {
			return store.Translate(op, err)
		}
	}
	return nil
}

func plain(text string, longest int) bool {
	for _, b := range []byte(text) {
		if b <= ' ' || b >= 0x7f {
			return false
		}
	}
	return text != "" && len(text) <= longest
}

func random() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// Deps is what an outbox is made from.
type Deps struct {
	Store   *store.Store
	Secret  surveys.Secret // unseals the mail server's password
	Log     *slog.Logger
	Now     func() time.Time
	Writers map[Kind]Writer // entries of other kinds are left for a program that knows them
	// Discreet are kinds of which nobody may learn whether a message was needed: once settled, an entry that was sent, one
	// that was dropped and one that failed look the same, and have no address any more.
	Discreet []Kind
	// Nameless are kinds whose addresses must not outlive the message: once settled, an entry tells what became of it, and has
	// no address, no reply and no time of day any more. It cannot be sent again.
	Nameless []Kind
	RootCAs  *x509.CertPool // nil: those of the system
}

// Outbox sends what has been added. Several, in one program or in many, may share a database.
type Outbox struct {
	Deps
	owner string // this running program
}

// New makes an outbox. Nothing is sent before Run.
func New(d Deps) *Outbox { return &Outbox{Deps: d, owner: random()} }

func (o *Outbox) now() time.Time { return o.Now().UTC() }

func (o *Outbox) kinds() []Kind {
	kinds := make([]Kind, 0, len(o.Writers))
	for k := range o.Writers {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	return kinds
}

// due are entries that this outbox could send now.
func (o *Outbox) due(db *gorm.DB) *gorm.DB {
	return db.Model(&entryRow{}).Where("state = ? AND next_at <= ? AND kind IN ? AND (owner = '' OR lease_until < ?)", Queued, o.now(), o.kinds(), o.now())
}
