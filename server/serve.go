package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/analytics/tally"
	"soundings/server/accounts"
	"soundings/server/config"
	"soundings/server/web"
	"soundings/static"
	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/champions"
	"soundings/surveys/directory"
	"soundings/surveys/history"
	"soundings/surveys/intake"
	"soundings/surveys/invitations"
	"soundings/surveys/outbox"
	"soundings/surveys/store"
	"soundings/surveys/waves"
	"soundings/surveys/webhooks"
	"soundings/surveys/week"
)

const (
	// countEvery is how often open waves are looked at for a counting step, and the database's log is emptied.
	countEvery = 5 * time.Second
	// renewAgain is how long after a failure counting anew is tried again; it reads whole waves.
	renewAgain = 10 * time.Minute
	// stopPatience is the hard limit for requests under way when the program is told to stop.
	stopPatience = 20 * time.Second
)

type serveCommand struct{}

// Run serves until it is told to stop.
func (serveCommand) Run(ctx context.Context, env environment, c *config.Config) error {
	if err := c.Check(); err != nil {
		return err
	}
	s, err := store.Open(ctx, c.Database)
	if err != nil {
		return err
	}
	if _, _, err := s.Migrate(ctx); err != nil {
		return errors.Join(err, s.Close())
	}
	p, err := assemble(c, s, newLog(env))
	if err != nil {
		return errors.Join(err, s.Close())
	}
	return errors.Join(p.serve(ctx, env), s.Close())
}

// program is the running server and what it does in the background.
type program struct {
	config   *config.Config
	store    *store.Store
	catalog  *catalog.Catalog
	intake   *intake.Intake
	accounts *accounts.Accounts
	secret   surveys.Secret
	outbox   *outbox.Outbox
	webhooks *webhooks.Webhooks
	waves    *waves.Runner
	web      *web.Server
	log      *slog.Logger
}

func assemble(c *config.Config, s *store.Store, log *slog.Logger) (*program, error) {
	secret, err := c.Secret()
	if err != nil {
		return nil, err
	}
	assets, err := static.New()
	if err != nil {
		return nil, err
	}
	charts, err := chart.NewRenderer(static.Public())
	if err != nil {
		return nil, err
	}
	known := catalog.New(s)
	results := analytics.NewReader(s, known)
	comments, err := newQuotes(s, results)
	if err != nil {
		return nil, err
	}
	p := &program{config: c, store: s, catalog: known, secret: secret, log: log,
		accounts: accounts.New(s, secret, time.Now), intake: intake.New(s, secret, log, intake.DefaultQueue)}
	p.waves = newRunner(s, p.catalog)
	p.outbox = outbox.New(outbox.Deps{Store: s, Secret: secret, Log: log, Now: time.Now, Writers: p.writers(),
		Discreet: []outbox.Kind{invitations.ReminderMail}, Nameless: []outbox.Kind{champions.LinkMail, champions.ChangeMail}})
	p.webhooks = webhooks.New(webhooks.Deps{Store: s, Secret: secret, Log: log, Now: time.Now, BaseURL: c.Base(), AllowPrivate: c.PrivateWebhooks,
		Words: func(language string, n webhooks.News) (string, error) { return p.web.ChatSentence(language, n) }})
	p.web, err = web.New(web.Deps{
		Store: s, Catalog: p.catalog, Intake: p.intake, Accounts: p.accounts, Results: results, Charts: charts, Quotes: comments, Waves: p.waves, Webhooks: p.webhooks,
		Assets: assets, Secret: secret, BaseURL: c.Base(), Organisation: c.Organisation, Proxied: c.Proxied, Log: log, Now: time.Now,
	})
	if err != nil {
		p.intake.Close()
		return nil, err
	}
	return p, nil
}

// writers write the messages of the outbox. They are called once the program serves.
func (p *program) writers() map[outbox.Kind]outbox.Writer {
	invite := func(ctx context.Context, e outbox.Entry) (outbox.Mail, error) { return p.web.WriteInvitation(ctx, e) }
	champion := func(ctx context.Context, e outbox.Entry) (outbox.Mail, error) { return p.web.WriteChampionMail(ctx, e) }
	account := func(ctx context.Context, e outbox.Entry) (outbox.Mail, error) { return p.web.WriteAccountMail(ctx, e) }
	return map[outbox.Kind]outbox.Writer{invitations.InvitationMail: invite, invitations.ReminderMail: invite,
		web.AccountInvitation: account, web.AccountReset: account,
		champions.LinkMail: champion, champions.ChangeMail: champion,
		week.Mail: func(ctx context.Context, e outbox.Entry) (outbox.Mail, error) { return p.web.WriteWeekMail(ctx, e) }}
}

// serve listens, says so, and on the way out refuses new work, finishes what is under way and drains the intake.
func (p *program) serve(ctx context.Context, env environment) error {
	defer p.intake.Close() // everything accepted is committed before the database closes
	listener, err := net.Listen("tcp", p.config.Listen)
	if err != nil {
		return &surveys.Error{Kind: surveys.Unavailable, Op: "serve", Message: "cannot listen on " + p.config.Listen + ": " + reasonOf(err)}
	}
	if err := p.announce(ctx, listener.Addr().String()); err != nil {
		return errors.Join(err, listener.Close())
	}
	background, stop := context.WithCancel(ctx)
	var working sync.WaitGroup
	working.Go(func() { p.count(background) })
	working.Go(func() { p.renew(background) })
	working.Go(func() { p.outbox.Run(background) })
	working.Go(func() { p.webhooks.Run(background) })
	served := make(chan error, 1)
	go func() { served <- p.web.Serve(listener) }()
	if env.ready != nil {
		env.ready(listener.Addr().String())
	}
	select {
	case err = <-served:
	case <-ctx.Done():
		p.log.Info("stopping")
		patience, cancel := context.WithTimeout(context.Background(), stopPatience)
		err = p.web.Shutdown(patience)
		cancel()
	}
	stop()
	working.Wait()
	return err
}

// reasonOf is the last part of a network error, which is what a person can act on.
func reasonOf(err error) string {
	text := err.Error()
	return strings.TrimPrefix(text[strings.LastIndex(text, ": ")+1:], " ")
}

func (p *program) announce(ctx context.Context, address string) error {
	code, needed, err := p.accounts.SetupCode(ctx)
	if err != nil {
		return err
	}
	base := p.config.Base()
	if p.config.BaseURL == "" {
		base = "http://" + address
	}
	p.log.Info("ready", "address", base, "database", p.store.String())
	if needed {
		p.log.Info("nobody can sign in yet: open "+base+"/setup and enter the one-time code", "code", code)
	}
	return nil
}

// count opens and closes waves by the clock, steps open waves that show results and finishes closings that were
// interrupted, until ctx ends.
func (p *program) count(ctx context.Context) {
	tick := time.NewTicker(countEvery)
	defer tick.Stop()
	for {
		if err := p.countOnce(ctx); err != nil && ctx.Err() == nil {
			p.log.Error("counting failed; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// renew counts anew, until ctx ends, what was counted by the rules of an earlier version: after an upgrade everything, and
// later what a server that had not been upgraded yet has closed meanwhile.
func (p *program) renew(ctx context.Context) {
	for ctx.Err() == nil {
		pause := countEvery
		err := tally.Renew(ctx, p.store, p.catalog, func(wave surveys.WaveID) {
			p.log.Info("a wave counted by an earlier version is counted anew", "wave", wave)
		})
		if err != nil && ctx.Err() == nil {
			p.log.Error("a wave counted by an earlier version keeps its figures; counting it anew failed and is tried again", "error", err)
			pause = renewAgain
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

func (p *program) countOnce(ctx context.Context) error {
	errs := []error{p.waves.Once(ctx), invitations.SendDue(ctx, p.store, time.Now()), week.SendDue(ctx, p.store, time.Now())}
	for _, state := range []surveys.WaveState{surveys.Open, surveys.Closing} {
		list, err := waves.InState(ctx, p.store, state)
		if err != nil {
			return err
		}
		for _, w := range list {
			q, err := p.catalog.Questionnaire(ctx, w.Questionnaire)
			switch {
			case err != nil:
			case state == surveys.Closing:
				err = p.waves.Close(ctx, w.ID)
			case q.Document.Results == surveys.WhileOpen:
				err = tally.Step(ctx, p.store, q, w.ID)
			}
			errs = append(errs, err)
		}
	}
	errs = append(errs, p.accounts.Purge(ctx), directory.Uploads().Purge(ctx, p.store, time.Now()), history.Uploads().Purge(ctx, p.store, time.Now()), p.purgeVolunteers(ctx), p.store.Scrub(ctx))
	return errors.Join(errs...)
}

// purgeVolunteers erases those who volunteered long ago and never confirmed it.
func (p *program) purgeVolunteers(ctx context.Context) error {
	zone, err := waves.Zone(p.store.Read(ctx))
	if err != nil {
		return err
	}
	return champions.Purge(ctx, p.store, surveys.DayOf(time.Now(), zone))
}

type healthcheckCommand struct{}

// Run asks the server at the base URL or listening address; containers use it.
func (healthcheckCommand) Run(ctx context.Context, c *config.Config) error {
	if err := c.Check(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return &surveys.Error{Kind: surveys.Unavailable, Op: "healthcheck", Message: "no server answers at " + c.Listen}
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return &surveys.Error{Kind: surveys.Unavailable, Op: "healthcheck", Message: fmt.Sprintf("the server at %s is not ready (status %d)", c.Listen, answer.StatusCode)}
	}
	return nil
}
