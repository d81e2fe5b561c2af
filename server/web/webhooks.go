package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/surveys"
	"soundings/surveys/waves"
	"soundings/surveys/webhooks"
)

// webhooksPage lists who is told that a wave has opened or closed.
type webhooksPage struct {
	frame
	Headline string
	Webhooks []webhookView
	Name     string // as typed
	Address  string
	Kinds    []option
	Faults   map[string]string
	Result   string // of a test: "sent" or "failed"; "again" where a delivery is sent again
	Headers  webhookHeaders
}

// webhookHeaders are named on the page, for whoever writes a receiver.
type webhookHeaders struct{ Timestamp, Signature, Delivery string }

type webhookView struct {
	ID         webhooks.ID
	Name       string
	Kind       string
	Host       string
	Secret     string // of a program that can check signatures
	Deliveries []deliveryView
}

type deliveryView struct {
	ID                  webhooks.DeliveryID
	At                  stamp
	Event, State, Reply string
	Failed              bool
}

func (s *Server) showWebhooks(c *fiber.Ctx) error {
	return s.webhooksPage(c, webhooks.Webhook{Kind: webhooks.Generic}, nil)
}

// webhooksPage shows the list, and the form for another as it was typed.
func (s *Server) webhooksPage(c *fiber.Ctx, typed webhooks.Webhook, faults surveys.Faults) error {
	page := webhooksPage{frame: s.frame(c, "webhooks_title", "webhooks"), Name: typed.Name, Address: typed.Address,
		Result: utils.CopyString(c.Query("test")), Headers: webhookHeaders{webhooks.TimestampHeader, webhooks.SignatureHeader, webhooks.DeliveryHeader}}
	list, err := s.Webhooks.List(c.UserContext())
	if err != nil {
		return err
	}
	p := &phrases{speech: page.speech}
	page.Headline = p.count("webhooks_headline", len(list))
	if len(list) == 0 {
		page.Headline = p.say("webhooks_headline_none")
	}
	for _, w := range list {
		view, err := s.webhookView(c, p, w, page.Zone)
		if err != nil {
			return err
		}
		page.Webhooks = append(page.Webhooks, view)
	}
	for _, k := range webhooks.Kinds() {
		page.Kinds = append(page.Kinds, option{Value: string(k), Text: p.say("webhooks_kind_" + string(k)), Selected: k == typed.Kind})
	}
	page.Faults = p.faults("webhooks_fault_", faults)
	if p.err != nil {
		return p.err
	}
	return s.page(c, "staff/webhooks", page)
}

func (s *Server) webhookView(c *fiber.Ctx, p *phrases, w webhooks.Webhook, zone *time.Location) (webhookView, error) {
	view := webhookView{ID: w.ID, Name: w.Name, Kind: p.say("webhooks_kind_" + string(w.Kind)), Host: w.Host()}
	if w.Kind == webhooks.Generic {
		view.Secret = w.Secret
	}
	told, err := s.Webhooks.Deliveries(c.UserContext(), w.ID)
	if err != nil {
		return view, err
	}
	for _, d := range told {
		line := deliveryView{ID: d.ID, At: p.stamp(d.Created, zone), Event: p.say(eventKey(d.Event)), State: p.say("webhooks_state_" + string(d.State)), Reply: d.Reply, Failed: d.State == webhooks.Failed}
		if !d.Next.IsZero() && d.Tries > 0 {
			line.State = p.say("webhooks_state_again", "At", p.stamp(d.Next, zone).Text)
		}
		view.Deliveries = append(view.Deliveries, line)
	}
	return view, nil
}

func eventKey(e webhooks.Event) string {
	switch e {
	case webhooks.WaveOpened:
		return "webhooks_event_opened"
	case webhooks.WaveClosed:
		return "webhooks_event_closed"
	}
	return "webhooks_event_test"
}

func (s *Server) postWebhook(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	typed := webhooks.Webhook{Name: form.First("name"), Kind: webhooks.Kind(form.First("kind")), Address: form.First("address")}
	added, err := s.Webhooks.Add(c.UserContext(), typed)
	var known *surveys.Error
	if errors.As(err, &known) && known.Kind == surveys.Invalid {
		c.Status(statuses[known.Kind])
		return s.webhooksPage(c, typed, known.Faults)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/settings/webhooks#webhook-"+strconv.FormatInt(int64(added.ID), 10), http.StatusSeeOther)
}

func (s *Server) postWebhookTest(c *fiber.Ctx) error {
	id, err := pathID(c, "webhook")
	if err != nil {
		return err
	}
	ok, err := s.Webhooks.Test(c.UserContext(), webhooks.ID(id))
	if err != nil {
		return err
	}
	result := "failed"
	if ok {
		result = "sent"
	}
	return c.Redirect("/settings/webhooks?test="+result+"#webhook-"+strconv.FormatInt(id, 10), http.StatusSeeOther)
}

// postWebhookAgain has a delivery that failed sent once more.
func (s *Server) postWebhookAgain(c *fiber.Ctx) error {
	id, err := pathID(c, "webhook")
	if err != nil {
		return err
	}
	delivery, err := pathID(c, "delivery")
	if err != nil {
		return err
	}
	if err := s.Webhooks.Again(c.UserContext(), webhooks.ID(id), webhooks.DeliveryID(delivery)); err != nil {
		return err
	}
	return c.Redirect("/settings/webhooks?test=again#webhook-"+strconv.FormatInt(id, 10), http.StatusSeeOther)
}

func (s *Server) postWebhookRemove(c *fiber.Ctx) error {
	id, err := pathID(c, "webhook")
	if err != nil {
		return err
	}
	if err := s.Webhooks.Remove(c.UserContext(), webhooks.ID(id)); err != nil {
		return err
	}
	return c.Redirect("/settings/webhooks", http.StatusSeeOther)
}

// ChatSentence words news for a chat: what, when, and nothing that anybody has answered.
func (s *Server) ChatSentence(language string, n webhooks.News) (string, error) {
	p := &phrases{speech: s.staffWords.in(s.staffWords.all.choose(wish{name: language}))}
	switch {
	case n.Event == webhooks.Trial:
		return p.T("webhooks_says_test")
	case n.Event == webhooks.WaveClosed:
		return p.T("webhooks_says_closed", "Title", n.Title, "Label", n.Label)
	case n.Closes.IsZero():
		return p.T("webhooks_says_opened", "Title", n.Title, "Label", n.Label)
	}
	zone, err := waves.Zone(s.Store.Read(context.Background()))
	if err != nil {
		return "", err
	}
	closes := n.Closes.In(zone)
	day, err := p.Date(time.Date(closes.Year(), closes.Month(), closes.Day(), 0, 0, 0, 0, time.UTC))
	if err != nil {
		return "", err
	}
	return p.T("webhooks_says_opened_until", "Title", n.Title, "Label", n.Label, "Day", day)
}
