package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"soundings/analytics/tally"
	"soundings/server/accounts"
	"soundings/server/config"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

type migrateCommands struct {
	Up     migrateUp     `cmd:"" help:"Apply the migrations that are missing."`
	Status migrateStatus `cmd:"" help:"Tell how far the database is."`
}

type migrateUp struct{}

// Run applies migrations, under the same lock that starting servers respect.
func (migrateUp) Run(ctx context.Context, env environment, c *config.Config) error {
	return withStore(ctx, c, func(s *store.Store) error {
		before, after, err := s.Migrate(ctx)
		if err == nil {
			_, err = fmt.Fprintf(env.out, "schema version %d, was %d\n", after.Current, before.Current)
		}
		return err
	})
}

type migrateStatus struct{}

// Run prints the schema's version; it fails if that is not the one this program needs.
func (migrateStatus) Run(ctx context.Context, env environment, c *config.Config) error {
	return withStore(ctx, c, func(s *store.Store) error {
		schema, err := s.Schema(ctx)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(env.out, "schema version %d, this program needs %d\n", schema.Current, schema.Target); err != nil {
			return err
		}
		return s.Check(ctx)
	})
}

// withStore opens the database whatever its schema is.
func withStore(ctx context.Context, c *config.Config, work func(s *store.Store) error) error {
	if err := c.Check(); err != nil {
		return err
	}
	s, err := store.Open(ctx, c.Database)
	if err != nil {
		return err
	}
	return errors.Join(work(s), s.Close())
}

type userCommands struct {
	Add userAdd `cmd:"" help:"Add a person who may sign in."`
}

type userAdd struct {
	Email         string        `required:"" placeholder:"ADDRESS" help:"E-mail address to sign in with."`
	Role          accounts.Role `required:"" enum:"admin,author,analyst,viewer" placeholder:"ROLE" help:"What the person may do: ${enum}."`
	PasswordStdin bool          `required:"" help:"Read the password from standard input, so that it stands in no list of processes."`
}

// Run makes the account.
func (u userAdd) Run(ctx context.Context, env environment, c *config.Config) error {
	line, err := bufio.NewReader(io.LimitReader(env.in, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading the password: %w", err)
	}
	return withAccounts(ctx, c, func(a *accounts.Accounts) error {
		user, err := a.Create(ctx, u.Email, u.Role, strings.TrimRight(line, "\r\n"))
		if err == nil {
			_, err = fmt.Fprintln(env.out, user.Email, user.Role)
		}
		return err
	})
}

type tokenCommands struct {
	Add tokenAdd `cmd:"" help:"Make an API token and print it; it is never shown again."`
}

type tokenAdd struct {
	Name string        `required:"" help:"What the token is for."`
	Role accounts.Role `required:"" enum:"admin,author,analyst,viewer" placeholder:"ROLE" help:"What the token may do: ${enum}."`
}

// Run prints the token, alone on a line.
func (t tokenAdd) Run(ctx context.Context, env environment, c *config.Config) error {
	return withAccounts(ctx, c, func(a *accounts.Accounts) error {
		plain, err := a.CreateToken(ctx, t.Name, t.Role)
		if err == nil {
			_, err = fmt.Fprintln(env.out, plain)
		}
		return err
	})
}

func withAccounts(ctx context.Context, c *config.Config, work func(a *accounts.Accounts) error) error {
	return with(ctx, c, func(t *tools) error {
		secret, err := c.Secret()
		if err != nil {
			return err
		}
		return work(accounts.New(t.store, secret, time.Now))
	})
}

type departmentCommands struct {
	Add  departmentAdd  `cmd:"" help:"Add a department, or set the headcount of one."`
	List departmentList `cmd:"" help:"List the departments."`
}

type departmentAdd struct {
	Name      string `arg:"" help:"The department's name."`
	Headcount int    `help:"How many people it has; response rates and intervals use it." default:"0"`
}

// Run adds the department.
func (d departmentAdd) Run(ctx context.Context, c *config.Config) error {
	return with(ctx, c, func(t *tools) error {
		return t.store.Transact(ctx, "department add", func(tx *store.Tx) error {
			_, err := people.AddDepartment(tx, d.Name, d.Headcount)
			return err
		})
	})
}

type departmentList struct{}

// Run prints a line for each department: id, headcount (or -), name.
func (departmentList) Run(ctx context.Context, env environment, c *config.Config) error {
	return with(ctx, c, func(t *tools) error {
		list, err := people.Departments(ctx, t.store)
		for _, d := range list {
			headcount := "-"
			if d.Headcount > 0 {
				headcount = fmt.Sprint(d.Headcount)
			}
			if _, err := fmt.Fprintf(env.out, "%d\t%s\t%s\n", d.ID, headcount, d.Name); err != nil {
				return err
			}
		}
		return err
	})
}

type bandCommands struct {
	Add  bandAdd  `cmd:"" help:"Add a band behind the existing ones."`
	List bandList `cmd:"" help:"List the bands in their order."`
}

type bandAdd struct {
	Name string `arg:"" help:"The band's name."`
}

// Run adds the band.
func (b bandAdd) Run(ctx context.Context, c *config.Config) error {
	return with(ctx, c, func(t *tools) error {
		return t.store.Transact(ctx, "band add", func(tx *store.Tx) error {
			_, err := people.AddBand(tx, b.Name)
			return err
		})
	})
}

type bandList struct{}

// Run prints a line for each band: id, name.
func (bandList) Run(ctx context.Context, env environment, c *config.Config) error {
	return with(ctx, c, func(t *tools) error {
		list, err := people.Bands(ctx, t.store)
		for _, b := range list {
			if _, err := fmt.Fprintf(env.out, "%d\t%s\n", b.ID, b.Name); err != nil {
				return err
			}
		}
		return err
	})
}

type verifyCommand struct{}

// Run prints every difference between the tallies and a recount, and fails if there is one.
func (verifyCommand) Run(ctx context.Context, env environment, c *config.Config) error {
	return with(ctx, c, func(t *tools) error {
		findings, err := tally.Verify(ctx, t.store, t.catalog)
		if err != nil {
			return err
		}
		for _, f := range findings {
			if _, err := fmt.Fprintln(env.out, f); err != nil {
				return err
			}
		}
		if len(findings) > 0 {
			return fmt.Errorf("%d differences found; soundings rebuild makes the tallies anew", len(findings))
		}
		_, err = fmt.Fprintln(env.out, "all tallies equal a recount")
		return err
	})
}

type rebuildCommand struct{}

// Run makes all tallies anew.
func (rebuildCommand) Run(ctx context.Context, c *config.Config) error {
	return with(ctx, c, func(t *tools) error { return tally.Rebuild(ctx, t.store, t.catalog) })
}
