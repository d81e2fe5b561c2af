package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"soundings/analytics/tally"
	"soundings/server/accounts"
	"soundings/server/config"
	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/invitations"
	"soundings/surveys/people"
	"soundings/surveys/pitches"
	"soundings/surveys/store"
	"soundings/surveys/waves"
	"soundings/surveys/webhooks"
)

// newRunner opens and closes waves for the server and for the commands alike, so that the same happens with both.
func newRunner(s *store.Store, c *catalog.Catalog) *waves.Runner {
	finish := func(ctx context.Context, q *surveys.Questionnaire, wave surveys.WaveID, at time.Time, closed ...waves.Hook) error {
		return tally.Close(ctx, s, q, wave, at, closed...)
	}
	return &waves.Runner{Store: s, Catalog: c, Finish: finish, Hooks: waveHooks(s, c), Now: time.Now}
}

// waveHooks is what happens in the transactions that open and close a wave.
func waveHooks(s *store.Store, c *catalog.Catalog) waves.Hooks {
	opened, closed := webhooks.Hooks(c)
	audit := accounts.NewAudit(s, time.Now)
	return waves.Hooks{Opened: []waves.Hook{invitations.Opened, pitches.Opened(c), opened}, Closed: []waves.Hook{closed},
		ByClock: func(tx *store.Tx, d waves.Deed) error { return audit.Note(tx, scheduled(d)) }}
}

// scheduled is the entry in the audit log for what the clock has done.
func scheduled(d waves.Deed) accounts.Event {
	e := accounts.Event{Action: "wave.open", Outcome: accounts.Done, Origin: accounts.Schedule}
	var about []string
	if d.Wave != 0 {
		about = append(about, fmt.Sprintf("wave %d", d.Wave))
	}
	if d.Plan != 0 {
		about = append(about, fmt.Sprintf("plan %d", d.Plan))
	}
	e.Subject = strings.Join(about, ", ")
	switch d.What {
	case waves.ClockClosed:
		e.Action = "wave.close"
	case waves.ClockMissed:
		e.Outcome = accounts.Failed
	}
	return e
}

type waveCommands struct {
	Open  waveOpen  `cmd:"" help:"Open a wave and print its links."`
	Close waveClose `cmd:"" help:"Close a wave and count it."`
	List  waveList  `cmd:"" help:"List the waves."`
}

type waveOpen struct {
	Survey     surveys.SurveyID `required:"" placeholder:"ID" help:"The survey to run."`
	Department []string         `placeholder:"NAME" sep:"none" help:"Make a link for this department only; may be given several times."`
	Label      string           `help:"Name of the wave on the time axis. Default: the date of today."`
}

// Run prints the wave's id and the address of each link, one a line.
func (w waveOpen) Run(ctx context.Context, env environment, c *config.Config) error {
	return withRecorded(ctx, c, "wave.open", func(t *tools, e *accounts.Event) error {
		e.Subject = fmt.Sprintf("survey %d", w.Survey)
		q, err := t.catalog.Newest(ctx, w.Survey)
		if err != nil {
			return err
		}
		n := waves.New{Questionnaire: q, Label: w.Label}
		if n.Label == "" {
			zone, err := waves.Zone(t.store.Read(ctx))
			if err != nil {
				return err
			}
			n.Label = waves.LocalOf(time.Now(), zone).Date()
		}
		for _, name := range w.Department {
			d, err := people.DepartmentNamed(ctx, t.store, name)
			if err != nil {
				return err
			}
			if d.Archived {
				return &surveys.Error{Kind: surveys.Invalid, Op: "wave open", Message: d.Name + " is archived and is no longer asked"}
			}
			n.Departments = append(n.Departments, d.ID)
		}
		wave, links, err := newRunner(t.store, t.catalog).Open(ctx, n)
		if err != nil {
			return err
		}
		e.Subject = fmt.Sprintf("wave %d", wave.ID)
		if err := warnOfSmall(ctx, env, t, q.Document); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(env.out, wave.ID); err != nil {
			return err
		}
		for _, l := range links {
			if _, err := fmt.Fprintf(env.out, "%s/s/%s\n", c.Base(), l.Code); err != nil {
				return err
			}
		}
		return nil
	})
}

// warnOfSmall tells whoever opens a wave which departments are too small ever to be shown.
func warnOfSmall(ctx context.Context, env environment, t *tools, doc *surveys.Document) error {
	departments, err := people.Offered(ctx, t.store)
	for _, d := range departments {
		if d.Headcount > 0 && d.Headcount < doc.SmallestGroup() {
			fmt.Fprintf(env.err, "%s has %d people and will never be shown: results need %d answers\n", d.Name, d.Headcount, doc.SmallestGroup())
		}
	}
	return err
}

type waveClose struct {
	ID surveys.WaveID `arg:"" help:"The wave to close."`
}

// Run closes the wave and counts all its responses.
func (w waveClose) Run(ctx context.Context, c *config.Config) error {
	return withRecorded(ctx, c, "wave.close", func(t *tools, e *accounts.Event) error {
		e.Subject = fmt.Sprintf("wave %d", w.ID)
		return newRunner(t.store, t.catalog).Close(ctx, w.ID)
	})
}

type waveList struct{}

// Run prints a line for each wave: id, state, opened, closed (or -), survey, label, title.
func (waveList) Run(ctx context.Context, env environment, c *config.Config) error {
	return with(ctx, c, func(t *tools) error {
		list, err := waves.List(t.store.Read(ctx), 0)
		if err != nil {
			return err
		}
		for _, w := range list {
			q, err := t.catalog.Questionnaire(ctx, w.Questionnaire)
			if err != nil {
				return err
			}
			closed := "-"
			if !w.Closed.IsZero() {
				closed = w.Closed.Format(time.DateOnly)
			}
			_, err = fmt.Fprintf(env.out, "%d\t%s\t%s\t%s\t%d\t%s\t%s\n", w.ID, w.State, w.Opened.Format(time.DateOnly), closed, w.Survey, w.Label, q.Document.Title)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
