// Package webhooks tells other programs, such as a chat, that a wave has opened or closed. What is to be told is queued in
// the transaction that opens or closes the wave, and told after that has committed. A receiver may be told twice, and can
// see that it is the same; it is never told a number, or anything that somebody has answered.
package webhooks

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// Kind is who receives, and so what the message looks like.
type Kind string

const (
	Slack   Kind = "slack"
	Teams   Kind = "teams"
	Generic Kind = "generic" // any program: JSON that says everything
)

// Kinds lists every kind.
func Kinds() []Kind { return []Kind{Generic, Slack, Teams} }

// ID numbers the webhooks.
type ID int64

// Webhook is one receiver.
type Webhook struct {
	ID      ID
	Name    string
	Kind    Kind
	Address string // a secret: whoever knows it can write into the chat
	Secret  string // signs what is sent
}

// Host is what may be shown of the address.
func (w Webhook) Host() string {
	u, err := url.Parse(w.Address)
	if err != nil {
		return ""
	}
	return u.Host
}

type webhookRow struct {
	ID        ID `gorm:"primaryKey"`
	Name      string
	Kind      Kind
	Address   string // sealed
	Secret    string // sealed
	CreatedAt time.Time
}

func (webhookRow) TableName() string { return "webhooks" }

const (
	sealAddress    = "webhook.address"
	sealSecret     = "webhook.secret"
	longestName    = 200
	longestAddress = 2000
	mostWebhooks   = 20
)

// Deps is what the webhooks are made from.
type Deps struct {
	Store        *store.Store
	Secret       surveys.Secret
	Log          *slog.Logger
	Now          func() time.Time
	BaseURL      string                                        // of the pages that a message leads to
	AllowPrivate bool                                          // addresses inside the organisation's network, and http, are allowed
	Words        func(language string, n News) (string, error) // the sentence for a chat
}

// Webhooks keeps the receivers and tells them. Several programs may share a database.
type Webhooks struct {
	Deps
	owner string
}

// New makes the webhooks. Nothing is sent before Run.
func New(d Deps) *Webhooks { return &Webhooks{Deps: d, owner: random(16)} }

func (h *Webhooks) now() time.Time { return h.Now().UTC() }

func random(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// List returns all receivers.
func (h *Webhooks) List(ctx context.Context) ([]Webhook, error) {
	var rows []webhookRow
	if err := h.Store.Read(ctx).Order("id").Find(&rows).Error; err != nil {
		return nil, store.Translate("webhooks: list", err)
	}
	list := make([]Webhook, len(rows))
	for i, r := range rows {
		var err error
		if list[i], err = h.unseal(r); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (h *Webhooks) byID(db *gorm.DB, id ID) (Webhook, error) {
	var rows []webhookRow
	if err := db.Where("id = ?", id).Find(&rows).Error; err != nil {
		return Webhook{}, store.Translate("webhooks", err)
	}
	if len(rows) == 0 {
		return Webhook{}, &surveys.Error{Kind: surveys.NotFound, Op: "webhooks", Message: "There is no such webhook."}
	}
	return h.unseal(rows[0])
}

// unseal leaves address and secret empty where they were sealed with another secret file; such a receiver can only be
// removed.
func (h *Webhooks) unseal(r webhookRow) (Webhook, error) {
	w := Webhook{ID: r.ID, Name: r.Name, Kind: r.Kind}
	address, err := h.Secret.Unseal(sealAddress, r.Address)
	if err != nil {
		return w, nil
	}
	w.Address = address
	w.Secret, err = h.Secret.Unseal(sealSecret, r.Secret)
	if err != nil {
		return w, &surveys.Error{Kind: surveys.Internal, Op: "webhooks", Err: err}
	}
	return w, nil
}

// Add adds a receiver with a new secret to sign with, or tells every fault at once.
func (h *Webhooks) Add(ctx context.Context, w Webhook) (Webhook, error) {
	const op = "webhooks: add"
	w.Name, w.Address, w.Secret = strings.TrimSpace(w.Name), strings.TrimSpace(w.Address), random(32)
	if faults := h.faults(w); len(faults) > 0 {
		return w, &surveys.Error{Kind: surveys.Invalid, Op: op, Message: "the webhook cannot be added", Faults: faults}
	}
	row := webhookRow{Name: w.Name, Kind: w.Kind, CreatedAt: h.now()}
	var err error
	if row.Address, err = h.Secret.Seal(sealAddress, w.Address); err != nil {
		return w, &surveys.Error{Kind: surveys.Internal, Op: op, Err: err}
	}
	if row.Secret, err = h.Secret.Seal(sealSecret, w.Secret); err != nil {
		return w, &surveys.Error{Kind: surveys.Internal, Op: op, Err: err}
	}
	err = h.Store.Transact(ctx, op, func(tx *gorm.DB) error {
		var n int64
		if err := tx.Model(&webhookRow{}).Count(&n).Error; err != nil {
			return err
		}
		if n >= mostWebhooks {
			return &surveys.Error{Kind: surveys.Invalid, Op: op, Faults: surveys.Faults{{Path: "name", Code: "many", Detail: "there are 20 webhooks already"}}}
		}
		row.ID = 0
		return tx.Create(&row).Error
	})
	w.ID = row.ID
	return w, err
}

func (h *Webhooks) faults(w Webhook) surveys.Faults {
	var all surveys.Faults
	add := func(path, code, detail string) {
		all = append(all, surveys.Fault{Path: path, Code: code, Detail: detail})
	}
	if w.Name == "" || utf8.RuneCountInString(w.Name) > longestName || strings.ContainsFunc(w.Name, unicode.IsControl) || !utf8.ValidString(w.Name) {
		add("name", "name", "has 1 to 200 characters")
	}
	switch w.Kind {
	case Slack, Teams, Generic:
	default:
		add("kind", "kind", "is not a kind of webhook")
	}
	u, err := url.Parse(w.Address)
	switch {
	case err != nil || u.Host == "" || u.User != nil || len(w.Address) > longestAddress || u.Scheme != "https" && u.Scheme != "http":
		add("address", "address", "must be an address such as https://hooks.example.org/...")
	case u.Scheme == "http" && !h.AllowPrivate:
		add("address", "https", "must begin with https://")
	}
	return all
}

// Remove removes a receiver and what it was told.
func (h *Webhooks) Remove(ctx context.Context, id ID) error {
	return h.Store.Transact(ctx, "webhooks: remove", func(tx *gorm.DB) error {
		if err := tx.Where("webhook_id = ?", id).Delete(&deliveryRow{}).Error; err != nil {
			return err
		}
		return tx.Where("id = ?", id).Delete(&webhookRow{}).Error
	})
}

// Event is what a receiver is told about.
type Event string

const (
	WaveOpened Event = "wave.opened"
	WaveClosed Event = "wave.closed"
	Trial      Event = "test"
)

// News is one event with what may be told of it: never a number of answers.
type News struct {
	Event  Event          `json:"-"`
	Wave   surveys.WaveID `json:"id"`
	Title  string         `json:"title"`
	Label  string         `json:"label"`
	Opened time.Time      `json:"opened_at,omitzero"`
	Closes time.Time      `json:"closes_at,omitzero"`
	Closed time.Time      `json:"closed_at,omitzero"`
}

// Queue puts news into the queue of every receiver, in the transaction of what it tells. The same news of a wave is queued
// once, however often a transaction is tried.
func Queue(tx *store.Tx, n News, now time.Time) error {
	const op = "webhooks: queue"
	var ids []ID
	if err := tx.Model(&webhookRow{}).Order("id").Pluck("id", &ids).Error; err != nil || len(ids) == 0 {
		return store.Translate(op, err)
	}
	facts, err := json.Marshal(n)
	if err != nil {
		return &surveys.Error{Kind: surveys.Internal, Op: op, Err: err}
	}
	rows := make([]deliveryRow, len(ids))
	for i, id := range ids {
		rows[i] = deliveryRow{WebhookID: id, DeliveryKey: fmt.Sprintf("%s:%d:%d", n.Event, n.Wave, id), Event: n.Event, Facts: string(facts),
			State: Waiting, NextAt: now.UTC(), CreatedAt: now.UTC()}
	}
	return store.Translate(op, tx.Clauses(once()).Create(&rows).Error)
}
