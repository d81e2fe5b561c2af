package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"soundings/server/config"
	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/store"
)

// Exit codes: other programs rely on them.
const (
	done      = 0
	failed    = 1 // the work failed, or found differences
	wrongUsed = 2
)

// environment is what a command reads and writes, so that tests can run the real program.
type environment struct {
	in       io.Reader
	out, err io.Writer
	ready    func(address string) // called by serve once it answers; nil outside tests
}

// commands is every command and flag; the help text comes from here.
type commands struct {
	config.Config

	Serve       serveCommand       `cmd:"" default:"1" help:"Serve the pages and the API (the default)."`
	Demo        demoCommand        `cmd:"" help:"Serve a made-up organisation on a throwaway database."`
	Migrate     migrateCommands    `cmd:"" help:"Bring the database up to date, or tell how far it is."`
	User        userCommands       `cmd:"" help:"Manage the people who may sign in."`
	Token       tokenCommands      `cmd:"" help:"Manage API tokens."`
	Department  departmentCommands `cmd:"" help:"Manage departments."`
	Band        bandCommands       `cmd:"" help:"Manage seniority bands."`
	Import      importCommands     `cmd:"" help:"Bring in a survey document, responses collected elsewhere, the directory, earlier results, or departments, bands and conversation of another installation."`
	Export      exportCommands     `cmd:"" help:"Take out survey documents, responses, results, or everything."`
	Wave        waveCommands       `cmd:"" help:"Open, close and list waves."`
	Verify      verifyCommand      `cmd:"" help:"Compare all tallies with a recount of the responses, and all planning packs with their checksums."`
	Rebuild     rebuildCommand     `cmd:"" help:"Make all tallies anew from the responses."`
	Healthcheck healthcheckCommand `cmd:"" help:"Ask a running server whether it can work."`
	Version     versionCommand     `cmd:"" help:"Print the version."`
}

// run does one command and returns the exit code.
func run(ctx context.Context, args []string, env environment) int {
	var c commands
	exit := -1
	parser, err := kong.New(&c,
		kong.Name("soundings"),
		kong.Description("Surveys and feedback for IT departments: how open is each department to change, and why."),
		kong.Writers(env.out, env.err),
		kong.DefaultEnvars("SOUNDINGS"),
		kong.Exit(func(code int) { exit = code }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(env),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		fmt.Fprintln(env.err, "soundings:", err)
		return failed
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 { // --help was asked for and given
		return exit
	}
	if err != nil {
		fmt.Fprintf(env.err, "soundings: %v\nTry: soundings --help\n", err)
		return wrongUsed
	}
	if err := parsed.Run(&c.Config); err != nil {
		return explain(env, err)
	}
	return done
}

// wrongUse marks an error of the person typing, not of the work.
type wrongUse struct{ error }

func explain(env environment, err error) int {
	var wrong wrongUse
	var known *surveys.Error
	switch {
	case errors.As(err, &wrong):
		fmt.Fprintln(env.err, "soundings:", err)
		return wrongUsed
	case errors.As(err, &known) && known.Kind == surveys.Invalid && known.Op == "settings":
		fmt.Fprintln(env.err, known.Message)
		return wrongUsed
	case errors.As(err, &known) && len(known.Faults) > 0:
		if known.Message != "" {
			fmt.Fprintln(env.err, "soundings:", known.Message)
		}
		for _, f := range known.Faults {
			fmt.Fprintln(env.err, faultLine(f))
		}
	case errors.As(err, &known) && known.Message != "":
		fmt.Fprintln(env.err, "soundings:", known.Message)
	default:
		fmt.Fprintln(env.err, "soundings:", err)
	}
	return failed
}

func faultLine(f surveys.Fault) string {
	line := ""
	if f.Line > 0 {
		line = fmt.Sprintf("line %d: ", f.Line)
	}
	if f.Path != "" {
		line += f.Path + ": "
	}
	return line + f.Detail
}

// tools is what most commands work with. Close it.
type tools struct {
	store   *store.Store
	catalog *catalog.Catalog
}

// open checks the settings, opens the database and makes sure that its schema is the one this program needs.
// An SQLite database that does not exist yet is made.
func open(ctx context.Context, c *config.Config) (*tools, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, c.Database)
	if err != nil {
		return nil, err
	}
	schema, err := s.Schema(ctx)
	if err == nil && schema.Current == 0 {
		_, _, err = s.Migrate(ctx)
	} else if err == nil {
		err = s.Check(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return &tools{store: s, catalog: catalog.New(s)}, nil
}

func (t *tools) Close() error { return t.store.Close() }

// with runs work over an open database.
func with(ctx context.Context, c *config.Config, work func(t *tools) error) error {
	t, err := open(ctx, c)
	if err != nil {
		return err
	}
	return errors.Join(work(t), t.Close())
}

func newLog(env environment) *slog.Logger {
	return slog.New(slog.NewTextHandler(env.err, nil))
}

// progress writes how far long work is, on a terminal only.
func progress(env environment) func(done int, what string) {
	file, ok := env.err.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return func(int, string) {}
	}
	var last time.Time
	return func(n int, what string) {
		if time.Since(last) > 100*time.Millisecond {
			last = time.Now()
			fmt.Fprintf(env.err, "\r%d %s", n, what)
		}
	}
}

type versionCommand struct{}

// Run prints what is running: the tag it was built from, or the commit.
func (versionCommand) Run(env environment) error {
	version := "development"
	if info, ok := debug.ReadBuildInfo(); ok {
		if v := info.Main.Version; v != "" && v != "(devel)" {
			version = v
		}
	}
	_, err := fmt.Fprintln(env.out, "soundings", version)
	return err
}
