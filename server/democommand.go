package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"soundings/server/accounts"
	"soundings/server/config"
	"soundings/server/demo"
	"soundings/surveys"
	"soundings/surveys/store"
)

type demoCommand struct{}

const demoEmail = demo.Lead

// Run fills a throwaway database with a made-up organisation and serves it until it is told to stop.
func (demoCommand) Run(ctx context.Context, env environment, c *config.Config) (err error) {
	dir, err := os.MkdirTemp("", "soundings-demo")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	d := *c
	d.Database, d.SecretFile = "sqlite:"+filepath.Join(dir, "demo.db"), ""
	if d.Organisation == "" {
		d.Organisation = demo.Organisation
	}
	if err := d.Check(); err != nil {
		return err
	}
	s, err := store.Open(ctx, d.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if _, _, err := s.Migrate(ctx); err != nil {
		return err
	}
	p, err := assemble(&d, s, newLog(env))
	if err != nil {
		return err
	}
	summary, err := demo.Fill(ctx, demo.Deps{Store: s, Catalog: p.catalog, Intake: p.intake, Secret: p.secret, Now: time.Now()})
	if err != nil {
		p.intake.Close()
		return err
	}
	password := surveys.NewCode()
	if _, err := p.accounts.Create(ctx, demoEmail, accounts.Admin, password); err != nil {
		p.intake.Close()
		return err
	}
	inner := env
	inner.ready = func(address string) {
		fmt.Fprintf(env.out, "A made-up organisation is ready: %s\n\n  Address   http://%s/\n  E-mail    %s\n  Password  %s\n\n  Answer the open survey as an employee: http://%s/s/%s\n  A planning pack for the next meeting:  http://%s/packs/%d\n\nStop it with Ctrl+C; nothing is kept.\n",
			summary, address, demoEmail, password, address, summary.Code, address, summary.Pack.ID)
		if env.ready != nil {
			env.ready(address)
		}
	}
	return p.serve(ctx, inner)
}
