package outbox

import (
	"context"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"

	"soundings/surveys/store"
)

const (
	// lease is how long a claim holds unless it is renewed. When a program dies, others go on after this time.
	lease = 15 * time.Second
	// renewEvery leaves room for two renewals that fail.
	renewEvery = 4 * time.Second
	// claimSpan bounds how much sending time one claim takes, so that several servers share what is to be sent.
	claimSpan = 5 * time.Second
	// mostAtOnce bounds a claim, and with it what a connection is used for.
	mostAtOnce = 100
)

// paceRow is the one row that all servers lock to agree on the next moment at which a message may leave.
type paceRow struct {
	ID     int64 `gorm:"primaryKey"`
	NextAt time.Time
}

func (paceRow) TableName() string { return "outbox_pace" }

// claimed is a set of entries that are this program's to send, the first at start, each next one a gap later.
type claimed struct {
	rows  []entryRow
	start time.Time
	gap   time.Duration
}

// waiting tells whether something is due, and this server may claim it. It locks nothing.
func (o *Outbox) waiting(ctx context.Context) (bool, error) {
	var some []EntryID
	if err := o.due(o.Store.Read(ctx)).Limit(1).Pluck("id", &some).Error; err != nil || len(some) == 0 {
		return false, store.Translate("outbox: look", err)
	}
	var pace paceRow
	err := o.Store.Read(ctx).Take(&pace, "id = 1").Error
	return !pace.NextAt.After(o.now().Add(claimSpan)), store.Translate("outbox: look", err)
}

// claim takes entries that are due, and the time to send them in: all servers together keep to the messages a minute.
func (o *Outbox) claim(ctx context.Context, perMinute int) (claimed, error) {
	var c claimed
	err := o.Store.Transact(ctx, "outbox: claim", func(tx *gorm.DB) error {
		c = claimed{gap: time.Minute / time.Duration(perMinute)}
		var pace paceRow
		if err := store.ForUpdate(tx).Take(&pace, "id = 1").Error; err != nil {
			return err
		}
		now := o.now()
		if c.start = pace.NextAt.UTC(); c.start.Before(now) {
			c.start = now
		}
		if c.start.After(now.Add(claimSpan)) {
			return nil // others have taken the next seconds
		}
		most := min(mostAtOnce, max(1, int(claimSpan/c.gap)))
		if err := store.ForUpdateSkipLocked(o.due(tx)).Order("lane, next_at, id").Limit(most).Find(&c.rows).Error; err != nil || len(c.rows) == 0 {
			return err
		}
		err := tx.Model(&entryRow{}).Where("id IN ?", ids(c.rows)).Updates(map[string]any{"owner": o.owner, "lease_until": now.Add(lease)}).Error
		if err != nil {
			return err
		}
		next := c.start.Add(time.Duration(len(c.rows)) * c.gap)
		return tx.Model(&paceRow{}).Where("id = 1").Update("next_at", next).Error
	})
	return c, err
}

func ids(rows []entryRow) []EntryID {
	list := make([]EntryID, len(rows))
	for i, r := range rows {
		list[i] = r.ID
	}
	return list
}

// hold renews the lease of claimed entries until the returned function is called.
func (o *Outbox) hold(rows []entryRow) (release func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(renewEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if err := o.renew(ctx, rows); err != nil && ctx.Err() == nil {
				o.Log.Warn("the claim on messages could not be renewed", "error", err)
			}
		}
	}()
	return func() { cancel(); <-ended }
}

func (o *Outbox) renew(ctx context.Context, rows []entryRow) error {
	return o.Store.Transact(ctx, "outbox: renew", func(tx *gorm.DB) error {
		return tx.Model(&entryRow{}).Where("id IN ? AND owner = ? AND state IN ?", ids(rows), o.owner, []State{Queued, Sending}).
			Update("lease_until", o.now().Add(lease)).Error
	})
}

// giveBack lets go of claimed entries of which nothing has been sent, so that nobody waits for the lease to end.
func (o *Outbox) giveBack(ctx context.Context, rows []entryRow) error {
	if len(rows) == 0 {
		return nil
	}
	return o.Store.Transact(ctx, "outbox: give back", func(tx *gorm.DB) error {
		return tx.Model(&entryRow{}).Where("id IN ? AND owner = ? AND state IN ?", ids(rows), o.owner, []State{Queued, Sending}).
			Updates(map[string]any{"state": Queued, "owner": ""}).Error
	})
}

// begin marks an entry as being sent. It is false if the entry is not this program's any more. Once it has returned true,
// the mark is committed.
func (o *Outbox) begin(ctx context.Context, r entryRow) (bool, error) {
	var found int64
	err := o.Store.Transact(ctx, "outbox: begin", func(tx *gorm.DB) error {
		// "sending" is accepted so that an answer to the commit that was lost on the way can be asked for again.
		result := tx.Model(&entryRow{}).Where("id = ? AND owner = ? AND state IN ?", r.ID, o.owner, []State{Queued, Sending}).
			Updates(map[string]any{"state": Sending, "lease_until": o.now().Add(lease)})
		found = result.RowsAffected
		return result.Error
	})
	return found == 1, err
}

// finish writes down what became of an entry. A result that comes after the lease has ended, when the entry counts as
// uncertain already, still settles it.
func (o *Outbox) finish(ctx context.Context, r entryRow, result outcome) error {
	columns := result.columns(r, o.now())
	switch settled := columns["state"] != Queued; {
	case settled && slices.Contains(o.Discreet, r.Kind):
		columns = discreet(o.now())
	case settled && slices.Contains(o.Nameless, r.Kind):
		maps.Copy(columns, nameless(o.now()))
	}
	return o.Store.Transact(ctx, "outbox: finish", func(tx *gorm.DB) error {
		return tx.Model(&entryRow{}).Where("id = ? AND owner = ? AND state IN ?", r.ID, o.owner, []State{Queued, Sending, Uncertain}).
			Updates(columns).Error
	})
}

// sweep settles entries whose sender has died in the middle: nobody knows whether they have arrived.
func (o *Outbox) sweep(ctx context.Context) error {
	var stale []EntryID
	err := o.Store.Read(ctx).Model(&entryRow{}).Where("state = ? AND lease_until < ?", Sending, o.now()).Limit(1000).Pluck("id", &stale).Error
	if err != nil || len(stale) == 0 {
		return store.Translate("outbox: sweep", err)
	}
	return o.Store.Transact(ctx, "outbox: sweep", func(tx *gorm.DB) error {
		if err := tx.Model(&entryRow{}).Where("id IN ? AND state = ? AND lease_until < ? AND kind IN ?", stale, Sending, o.now(), o.Discreet).
			Updates(discreet(o.now())).Error; err != nil {
			return err
		}
		lost := nameless(o.now())
		lost["state"], lost["fault"] = Uncertain, Interrupted
		if err := tx.Model(&entryRow{}).Where("id IN ? AND state = ? AND lease_until < ? AND kind IN ?", stale, Sending, o.now(), o.Nameless).
			Updates(lost).Error; err != nil {
			return err
		}
		return tx.Model(&entryRow{}).Where("id IN ? AND state = ? AND lease_until < ?", stale, Sending, o.now()).
			Updates(map[string]any{"state": Uncertain, "fault": Interrupted, "settled_at": o.now()}).Error
	})
}
