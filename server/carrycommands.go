package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"soundings/server/accounts"
	"soundings/server/config"
	"soundings/surveys"
	"soundings/surveys/carry"
	"soundings/surveys/conversation"
	"soundings/surveys/organisation"
	"soundings/surveys/uploads"
)

// carried is what the commands have in common that take in what another installation has written.
type carried struct {
	Keep   bool `help:"Where something here differs from the file, leave it as it is and take in the rest."`
	DryRun bool `help:"Report what would happen and write nothing."`
}

// taking is one way of taking a file in.
type taking func(ctx context.Context, t *tools, terms carry.Terms) (*carry.Outcome, error)

// run prints what the file adds, what is here already and what differs; if anything keeps it from being taken in, nothing at
// all is stored.
func (x carried) run(ctx context.Context, env environment, c *config.Config, action, path string, take taking) error {
	return withRecorded(ctx, c, tried(action, x.DryRun), func(t *tools, _ *accounts.Event) error {
		outcome, err := take(ctx, t, carry.Terms{Keep: x.Keep, DryRun: x.DryRun})
		if outcome != nil {
			_, werr := io.WriteString(env.out, x.report(filepath.Base(path), outcome, err))
			err = errors.Join(err, werr)
		}
		return err
	})
}

func (x carried) report(file string, o *carry.Outcome, err error) string {
	var b strings.Builder
	for _, r := range o.Reports {
		fmt.Fprintf(&b, "%s: new %d, here already %d, different here %d\n", r.Kind, r.Added, r.Same, len(r.Differing))
		for _, name := range r.Differing {
			fmt.Fprintf(&b, "  different here: %s\n", strconv.Quote(name))
		}
	}
	for _, name := range o.Made {
		fmt.Fprintf(&b, "new department %s\n", strconv.Quote(name))
	}
	for _, name := range o.Missing {
		fmt.Fprintf(&b, "no department %s\n", strconv.Quote(name))
	}
	for _, f := range o.Faults() {
		fmt.Fprintf(&b, "%s: %s\n", file, faultLine(f))
	}
	switch {
	case err != nil:
		b.WriteString("nothing was stored\n")
	case x.DryRun:
		b.WriteString("dry run: nothing was stored\n")
	}
	return b.String()
}

// conversationFile is what export all calls the conversation.
const conversationFile = "conversation.json"

type importConversation struct {
	carried
	NewDepartments bool   `help:"Make departments that the file names and nobody knows here."`
	From           string `arg:"" name:"file" type:"path" help:"conversation.json, or the folder that export all has written it into."`
}

// Run takes in everything that the file holds.
func (i importConversation) Run(ctx context.Context, env environment, c *config.Config) error {
	return i.run(ctx, env, c, "conversation.import", i.path(), func(ctx context.Context, t *tools, terms carry.Terms) (*carry.Outcome, error) {
		file, err := i.read()
		if err != nil {
			return nil, err
		}
		var secret surveys.Secret
		if len(file.Champions) > 0 {
			if secret, err = c.Secret(); err != nil {
				return nil, err
			}
		}
		terms.NewDepartments = i.NewDepartments
		return file.TakeIn(ctx, t.store, terms, secret, time.Now())
	})
}

func (i importConversation) path() string {
	if info, err := os.Stat(i.From); err == nil && info.IsDir() {
		return filepath.Join(i.From, conversationFile)
	}
	return i.From
}

func (i importConversation) read() (file *conversation.File, err error) {
	source, err := os.Open(i.path())
	if err != nil {
		return nil, wrongUse{err}
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	return conversation.Read(source)
}

type importDepartments struct {
	carried
	File string `arg:"" type:"existingfile" help:"A CSV or XLSX file with the columns name, and, if there are any, division, headcount, archived and pooled_into."`
}

// Run takes in the table of departments that export all writes.
func (i importDepartments) Run(ctx context.Context, env environment, c *config.Config) error {
	return i.run(ctx, env, c, "departments.import", i.File, func(ctx context.Context, t *tools, terms carry.Terms) (*carry.Outcome, error) {
		table, err := readTable(i.File, organisation.ReadDepartments)
		if err != nil {
			return nil, err
		}
		return carry.Run(ctx, t.store, terms, nil, time.Now(), func(in *carry.Into) (carry.Report, error) { return organisation.TakeInDepartments(in, table) })
	})
}

type importBands struct {
	carried
	File string `arg:"" type:"existingfile" help:"A CSV or XLSX file with the column name, a line for each band in their order."`
}

// Run takes in the table of bands that export all writes.
func (i importBands) Run(ctx context.Context, env environment, c *config.Config) error {
	return i.run(ctx, env, c, "bands.import", i.File, func(ctx context.Context, t *tools, terms carry.Terms) (*carry.Outcome, error) {
		table, err := readTable(i.File, organisation.ReadBands)
		if err != nil {
			return nil, err
		}
		return carry.Run(ctx, t.store, terms, nil, time.Now(), func(in *carry.Into) (carry.Report, error) { return organisation.TakeInBands(in, table) })
	})
}

func readTable[E any](path string, read func(*uploads.File) ([]E, error)) (list []E, err error) {
	file, err := uploads.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return read(file)
}
