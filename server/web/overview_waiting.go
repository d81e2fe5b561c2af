package web

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/drafts"
	"soundings/surveys/invitations"
	"soundings/surveys/outbox"
	"soundings/surveys/waves"
)

// waitingLine is something that waits for somebody to do it.
type waitingLine struct{ Text, Href string }

// waitingMost is how many things of one kind are named; of more the list of them is.
const waitingMost = 3

// waiting gathers what this person can do something about, by what they may do. The overview and their week show it.
func (b *waveBook) waiting(c *fiber.Ctx) (lines []waitingLine, err error) {
	steps := []struct {
		permission string
		gather     func(*fiber.Ctx) ([]waitingLine, error)
	}{
		{"manage settings", b.mailTrouble},
		{"run waves", b.failedMails},
		{"run waves", b.waitingPlans},
		{"edit surveys", b.waitingDrafts},
	}
	for _, step := range steps {
		if !b.frame.May(step.permission) {
			continue
		}
		more, err := step.gather(c)
		if err != nil {
			return nil, err
		}
		lines = append(lines, more...)
	}
	return lines, nil
}

func (b *waveBook) mailTrouble(c *fiber.Ctx) ([]waitingLine, error) {
	trouble, err := outbox.ReadTrouble(b.server.Store.Read(c.UserContext()))
	if err != nil || trouble.At.IsZero() {
		return nil, err
	}
	return []waitingLine{{b.say("overview_mail_trouble"), "/settings"}}, nil
}

// failedMails are the invitations to open waves that did not arrive, or may not have.
func (b *waveBook) failedMails(c *fiber.Ctx) (lines []waitingLine, err error) {
	open, err := waves.InState(c.UserContext(), b.server.Store, surveys.Open)
	if err != nil {
		return nil, err
	}
	for _, w := range open {
		status, err := outbox.Progress(c.UserContext(), b.server.Store, invitations.BatchOf(w.ID))
		if err != nil {
			return nil, err
		}
		if n := status.Failed + status.Uncertain; n > 0 {
			lines = append(lines, waitingLine{b.count("overview_failed_mails", n, "Wave", w.Label), fmt.Sprintf("/waves/%d/invitations", w.ID)})
		}
	}
	return lines, nil
}

func (b *waveBook) waitingPlans(c *fiber.Ctx) (lines []waitingLine, err error) {
	list, err := waves.Plans(c.UserContext(), b.server.Store, waves.Draft, waves.Scheduled, waves.Ended)
	if err != nil {
		return nil, err
	}
	var unscheduled []waitingLine
	for _, plan := range list {
		label := plan.Label
		if label == "" {
			q, err := b.server.Catalog.Newest(c.UserContext(), plan.Survey)
			if err != nil {
				return nil, err
			}
			label = b.titled(q.Document).Text
		}
		if plan.Missed != "" {
			lines = append(lines, waitingLine{b.say("overview_missed", "Plan", label), "/waves"})
		}
		if plan.State == waves.Draft {
			unscheduled = append(unscheduled, waitingLine{b.say("overview_plan", "Plan", label), fmt.Sprintf("/waves/plans/%d/check", plan.ID)})
		}
	}
	return append(lines, b.atMost(unscheduled, "overview_plans", "/waves")...), nil
}

func (b *waveBook) waitingDrafts(c *fiber.Ctx) ([]waitingLine, error) {
	list, err := drafts.List(c.UserContext(), b.server.Store)
	if err != nil {
		return nil, err
	}
	var lines []waitingLine
	for _, d := range list {
		lines = append(lines, waitingLine{b.say("overview_draft", "Title", b.draftLine(d, b.zone).Title), fmt.Sprintf("/surveys/drafts/%d", d.ID)})
	}
	return b.atMost(lines, "overview_drafts", "/surveys"), nil
}

// atMost says how many there are instead of naming more than a few.
func (b *waveBook) atMost(lines []waitingLine, key, href string) []waitingLine {
	if len(lines) <= waitingMost {
		return lines
	}
	return []waitingLine{{b.count(key, len(lines)), href}}
}
