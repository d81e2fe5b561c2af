package outbox

import (
	"context"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/settings"
	"soundings/surveys/store"
)

const (
	// KeepAddresses is how long an entry that is settled keeps its address and what the mail server said.
	KeepAddresses = 30 * 24 * time.Hour
	// mostFailures bounds the list of a progress; the counts are complete.
	mostFailures = 1000
)

// Status is how far the entries of a batch have come.
type Status struct {
	Queued    int // the one being sent included
	Sent      int
	Failed    int
	Uncertain int
	Unneeded  int
	Next      time.Time // when the next waiting entry is tried; zero: at once, or nothing waits
	Failures  []Failure // failed ones and uncertain ones, at most 1000
	Trouble   Trouble   // with the mail server as a whole
}

// Failure is an entry that did not arrive, or may not have.
type Failure struct {
	ID        EntryID
	Address   string // empty once it has been forgotten; then it cannot be sent again
	Fault     Fault
	Reply     string // of the mail server, one line, in its own language
	Uncertain bool   // it may have arrived
}

// Progress tells how far a batch has come.
func Progress(ctx context.Context, s *store.Store, batch string) (Status, error) {
	const op = "outbox: progress"
	var counts []struct {
		State State
		N     int
	}
	var status Status
	db := s.Read(ctx)
	if err := db.Model(&entryRow{}).Select("state, COUNT(*) AS n").Where("batch = ?", batch).Group("state").Scan(&counts).Error; err != nil {
		return status, store.Translate(op, err)
	}
	for _, c := range counts {
		switch c.State {
		case Queued, Sending:
			status.Queued += c.N
		case Sent:
			status.Sent = c.N
		case Failed:
			status.Failed = c.N
		case Uncertain:
			status.Uncertain = c.N
		case Unneeded:
			status.Unneeded = c.N
		}
	}
	var next []entryRow
	if err := db.Where("batch = ? AND state = ?", batch, Queued).Order("next_at").Limit(1).Find(&next).Error; err != nil {
		return status, store.Translate(op, err)
	}
	if len(next) == 1 && next[0].NextAt.After(atOnce()) {
		status.Next = next[0].NextAt.UTC()
	}
	var err error
	if status.Failures, err = failures(db, batch); err != nil {
		return status, err
	}
	status.Trouble, err = ReadTrouble(db)
	return status, err
}

func failures(db *gorm.DB, batch string) ([]Failure, error) {
	var rows []entryRow
	err := db.Where("batch = ? AND state IN ?", batch, []State{Failed, Uncertain}).Order("id").Limit(mostFailures).Find(&rows).Error
	list := make([]Failure, len(rows))
	for i, r := range rows {
		list[i] = Failure{ID: r.ID, Address: r.Address, Fault: r.Fault, Reply: r.Reply, Uncertain: r.State == Uncertain}
	}
	return list, store.Translate("outbox: failures", err)
}

// Again puts entries of a batch that failed or are uncertain into the queue again, because somebody has decided so.
// Without ids it means all that failed, but none that may have arrived. It returns how many.
func Again(tx *store.Tx, batch string, ids ...EntryID) (int, error) {
	q := tx.Model(&entryRow{}).Where("batch = ? AND address <> ''", batch)
	if len(ids) == 0 {
		q = q.Where("state = ?", Failed)
	} else {
		q = q.Where("state IN ? AND id IN ?", []State{Failed, Uncertain}, ids)
	}
	result := q.Updates(map[string]any{"state": Queued, "tries": 0, "next_at": atOnce(), "owner": "", "fault": NoFault, "reply": "", "settled_at": nil})
	return int(result.RowsAffected), store.Translate("outbox: again", result.Error)
}

// Forget drops the entries of a batch that have not left yet, and their addresses, because whoever they were for wants no
// more, and what became of the others. What is being sent at this moment still arrives. The batch has no entries afterwards:
// its name may come to stand for somebody else.
func Forget(tx *store.Tx, batch string) error {
	const op = "outbox: forget"
	err := tx.Model(&entryRow{}).Where("batch = ? AND state = ?", batch, Queued).
		Updates(map[string]any{"state": Unneeded, "address": "", "reply": "", "owner": "", "next_at": atOnce()}).Error
	if err != nil {
		return store.Translate(op, err)
	}
	if err := tx.Model(&entryRow{}).Where("batch = ? AND state IN ?", batch, []State{Failed, Uncertain}).
		Updates(map[string]any{"state": Sent, "fault": NoFault, "address": "", "reply": ""}).Error; err != nil {
		return store.Translate(op, err)
	}
	return store.Translate(op, tx.Model(&entryRow{}).Where("batch = ?", batch).Update("batch", "").Error)
}

// Latest is what became of the newest entry of a batch.
type Latest struct {
	State   State     // "" where the batch has no entry
	Settled time.Time // zero while it waits; to the day for entries of nameless and discreet kinds
}

// Last tells what became of the newest entry of a batch.
func Last(ctx context.Context, s *store.Store, batch string) (Latest, error) {
	var rows []entryRow
	if err := s.Read(ctx).Where("batch = ?", batch).Order("id DESC").Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return Latest{}, store.Translate("outbox: last", err)
	}
	l := Latest{State: rows[0].State}
	if rows[0].SettledAt != nil {
		l.Settled = rows[0].SettledAt.UTC()
	}
	return l, nil
}

// Purge forgets the addresses of entries that were settled long ago. The entries stay, so that adding them again still
// sends nothing.
func Purge(ctx context.Context, s *store.Store, now time.Time) error {
	return s.Transact(ctx, "outbox: purge", func(tx *gorm.DB) error {
		return tx.Model(&entryRow{}).
			Where("state IN ? AND settled_at < ? AND address <> ''", []State{Sent, Failed, Uncertain, Unneeded}, now.UTC().Add(-KeepAddresses)).
			Updates(map[string]any{"address": "", "reply": ""}).Error
	})
}

// Trouble is what keeps all mail from leaving: a server that is away, or refuses to let us in.
type Trouble = settings.Trouble

// ReadTrouble tells what keeps mail from leaving at this time. Its zero value is none.
func ReadTrouble(db *gorm.DB) (Trouble, error) { return settings.ReadTrouble(db) }

// note writes down that the mail server cannot be used, or that it can again.
func (o *Outbox) note(ctx context.Context, err error) error {
	if ctx.Err() != nil || surveys.KindOf(err) == surveys.Unavailable {
		return nil // told to stop; or the database is away, which can be told nothing
	}
	reason := ""
	if err != nil {
		reason = trimmed(err.Error())
	}
	known, readErr := ReadTrouble(o.Store.Read(ctx))
	if readErr != nil || known.Reason == reason {
		return readErr
	}
	return o.Store.Transact(ctx, "outbox: trouble", func(tx *gorm.DB) error {
		return settings.SaveTrouble(tx, Trouble{At: o.now(), Reason: reason})
	})
}
