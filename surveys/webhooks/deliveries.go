package webhooks

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"soundings/surveys"
	"soundings/surveys/rounds"
	"soundings/surveys/store"
)

// DeliveryID names one piece of news for one receiver.
type DeliveryID int64

// State is how far a delivery has come.
type State string

const (
	Waiting State = "waiting" // to be sent, now or at its next time
	Sent    State = "sent"    // the receiver said yes
	Failed  State = "failed"  // tried often enough, or the receiver is gone
)

type deliveryRow struct {
	ID          DeliveryID `gorm:"primaryKey"`
	WebhookID   ID
	DeliveryKey string
	Event       Event
	Facts       string // News as JSON
	State       State
	Tries       int
	NextAt      time.Time
	Owner       string
	LeaseUntil  *time.Time
	Reply       string
	CreatedAt   time.Time
	SettledAt   *time.Time
}

func (deliveryRow) TableName() string { return "webhook_deliveries" }

// Delivery is one piece of news for one receiver.
type Delivery struct {
	ID      DeliveryID
	Event   Event
	State   State
	Tries   int
	Next    time.Time // of one that waits
	Reply   string    // status and first words of the receiver, or what was wrong with the network
	Created time.Time
}

const (
	lease       = time.Minute // longer than one attempt can take
	lookEvery   = time.Second
	listed      = 10
	keepNews    = 90 * 24 * time.Hour
	longestWait = time.Minute
)

// pause is how long to wait after so many tries; 0 means no more.
func pause(tries int) time.Duration {
	pauses := [...]time.Duration{5 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour}
	if tries > len(pauses) {
		return 0
	}
	return pauses[tries-1]
}

func once() clause.OnConflict {
	return clause.OnConflict{Columns: []clause.Column{{Name: "delivery_key"}}, DoNothing: true}
}

// Deliveries lists the last deliveries of a receiver, the newest first.
func (h *Webhooks) Deliveries(ctx context.Context, id ID) ([]Delivery, error) {
	var rows []deliveryRow
	if err := h.Store.Read(ctx).Where("webhook_id = ?", id).Order("id DESC").Limit(listed).Find(&rows).Error; err != nil {
		return nil, store.Translate("webhooks: deliveries", err)
	}
	list := make([]Delivery, len(rows))
	for i, r := range rows {
		list[i] = Delivery{ID: r.ID, Event: r.Event, State: r.State, Tries: r.Tries, Reply: r.Reply, Created: r.CreatedAt.UTC()}
		if r.State == Waiting {
			list[i].Next = r.NextAt.UTC()
		}
	}
	return list, nil
}

// Run sends what waits until ctx ends.
func (h *Webhooks) Run(ctx context.Context) {
	rounds.Pace{Look: lookEvery, Longest: longestWait}.Run(ctx, h.round, func(err error, wait time.Duration) {
		h.Log.Warn("webhooks could not be sent; it is tried again", "in", wait.String(), "error", err)
	})
}

// round sends one delivery that is due, if there is one.
func (h *Webhooks) round(ctx context.Context) (busy bool, err error) {
	var some []DeliveryID
	if err := h.due(h.Store.Read(ctx)).Limit(1).Pluck("id", &some).Error; err != nil || len(some) == 0 {
		return false, store.Translate("webhooks: look", err)
	}
	r, w, err := h.claim(ctx)
	if err != nil || r.ID == 0 {
		return false, err
	}
	var n News
	if err := json.Unmarshal([]byte(r.Facts), &n); err != nil {
		return false, &surveys.Error{Kind: surveys.Internal, Op: "webhooks: facts", Err: err}
	}
	n.Event = r.Event
	settled := context.WithoutCancel(ctx) // what was sent is written down, whatever the hour
	return true, h.finish(settled, r, h.send(ctx, w, n, r.DeliveryKey))
}

func (h *Webhooks) due(db *gorm.DB) *gorm.DB {
	return db.Model(&deliveryRow{}).Where("state = ? AND next_at <= ? AND (owner = '' OR lease_until < ?)", Waiting, h.now(), h.now())
}

func (h *Webhooks) claim(ctx context.Context) (r deliveryRow, w Webhook, err error) {
	err = h.Store.Transact(ctx, "webhooks: claim", func(tx *gorm.DB) error {
		r = deliveryRow{}
		var rows []deliveryRow
		if err := store.ForUpdateSkipLocked(h.due(tx)).Order("next_at, id").Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
			return err
		}
		var err error
		if w, err = h.byID(tx.Session(&gorm.Session{NewDB: true}), rows[0].WebhookID); err != nil {
			return err
		}
		r = rows[0]
		return tx.Model(&deliveryRow{}).Where("id = ?", r.ID).Updates(map[string]any{"owner": h.owner, "lease_until": h.now().Add(lease)}).Error
	})
	return r, w, err
}

// answer is what a receiver said.
type answer struct {
	ok, gone bool
	reply    string
}

func (h *Webhooks) finish(ctx context.Context, r deliveryRow, a answer) error {
	now := h.now()
	c := map[string]any{"tries": r.Tries + 1, "reply": a.reply, "owner": "", "state": Sent, "settled_at": now}
	if !a.ok {
		wait := pause(r.Tries + 1)
		c["state"], c["settled_at"], c["next_at"] = Waiting, nil, now.Add(wait)
		if a.gone || wait == 0 {
			c["state"], c["settled_at"] = Failed, now
		}
	}
	return h.Store.Transact(ctx, "webhooks: finish", func(tx *gorm.DB) error {
		if err := tx.Model(&deliveryRow{}).Where("id = ? AND owner = ?", r.ID, h.owner).Updates(c).Error; err != nil {
			return err
		}
		return tx.Where("state <> ? AND settled_at < ?", Waiting, now.Add(-keepNews)).Delete(&deliveryRow{}).Error
	})
}

// Again lets a delivery of a receiver that has failed be tried from the beginning, at once. One that waits or was taken is a
// Conflict: the receiver would be told twice.
func (h *Webhooks) Again(ctx context.Context, id ID, delivery DeliveryID) error {
	const op = "webhooks: again"
	return h.Store.Transact(ctx, op, func(tx *gorm.DB) error {
		var rows []deliveryRow
		if err := store.ForUpdate(tx).Where("id = ? AND webhook_id = ?", delivery, id).Find(&rows).Error; err != nil {
			return err
		}
		if len(rows) == 0 {
			return &surveys.Error{Kind: surveys.NotFound, Op: op, Message: "There is no such delivery."}
		}
		if rows[0].State != Failed {
			return &surveys.Error{Kind: surveys.Conflict, Op: op, Message: "This delivery has not failed."}
		}
		return tx.Model(&deliveryRow{}).Where("id = ?", delivery).
			Updates(map[string]any{"state": Waiting, "tries": 0, "next_at": h.now(), "owner": "", "settled_at": nil}).Error
	})
}

// Test tells a receiver at once that this is a test, and lists it among its deliveries. It tells whether the receiver
// said yes.
func (h *Webhooks) Test(ctx context.Context, id ID) (bool, error) {
	w, err := h.byID(h.Store.Read(ctx), id)
	if err != nil {
		return false, err
	}
	now := h.now()
	row := deliveryRow{WebhookID: id, DeliveryKey: "test:" + random(16), Event: Trial, Facts: "{}", State: Sent, Tries: 1, NextAt: now, CreatedAt: now, SettledAt: &now}
	a := h.send(ctx, w, News{Event: Trial}, row.DeliveryKey)
	row.Reply = a.reply
	if !a.ok {
		row.State = Failed
	}
	err = h.Store.Transact(context.WithoutCancel(ctx), "webhooks: test", func(tx *gorm.DB) error {
		row.ID = 0
		return tx.Create(&row).Error
	})
	return a.ok, errors.Join(err)
}
