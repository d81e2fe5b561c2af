package main

import (
	"context"
	"errors"
	"fmt"

	"soundings/analytics/tally"
	"soundings/server/accounts"
	"soundings/server/config"
	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/packs"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

type migrateCommands struct {
	Up     migrateUp     `cmd:"" help:"Apply the migrations that are missing."`
	Status migrateStatus `cmd:"" help:"Tell how far the database is."`
}

type migrateUp struct{}

// Run applies migrations, under the same lock that starting servers respect, and counts anew what was counted by the
// rules of an earlier version.
func (migrateUp) Run(ctx context.Context, env environment, c *config.Config) error {
	return withStore(ctx, c, func(s *store.Store) error {
		before, after, err := s.Migrate(ctx)
		if err != nil {
			return err
		}
		if _, err = fmt.Fprintf(env.out, "schema version %d, was %d\n", after.Current, before.Current); err != nil {
			return err
		}
		return renew(ctx, env, s)
	})
}

// renew says how many waves it has counted anew, if there were any.
func renew(ctx context.Context, env environment, s *store.Store) error {
	counted, tell := 0, progress(env)
	err := tally.Renew(ctx, s, catalog.New(s), func(surveys.WaveID) { counted++; tell(counted, "waves counted anew") })
	if counted == 0 {
		return err
	}
	_, failed := fmt.Fprintf(env.out, "waves counted anew, because an earlier version had counted them: %d\n", counted)
	return errors.Join(err, failed)
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
	return withRecorded(ctx, c, "department.save", func(t *tools, e *accounts.Event) error {
		var id surveys.DepartmentID
		err := t.store.Transact(ctx, "department add", func(tx *store.Tx) (err error) {
			id, err = people.AddDepartment(tx, d.Name, d.Headcount)
			return err
		})
		e.Subject = fmt.Sprintf("department %d", id)
		return err
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
	return withRecorded(ctx, c, "band.save", func(t *tools, e *accounts.Event) error {
		var id surveys.BandID
		err := t.store.Transact(ctx, "band add", func(tx *store.Tx) (err error) {
			id, err = people.AddBand(tx, b.Name)
			return err
		})
		e.Subject = fmt.Sprintf("band %d", id)
		return err
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

// Run prints every difference between the tallies and a recount, and every planning pack that is no longer what was
// written, and fails if there is one.
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
		if _, err = fmt.Fprintln(env.out, "all tallies equal a recount"); err != nil {
			return err
		}
		return verifyPacks(ctx, env, t)
	})
}

func verifyPacks(ctx context.Context, env environment, t *tools) error {
	damaged, all, err := packs.Verify(ctx, t.store)
	if err != nil {
		return err
	}
	for _, p := range damaged {
		if _, err := fmt.Fprintf(env.out, "pack %d: what is stored is not what was written (checksum %s)\n", p.ID, p.Checksum); err != nil {
			return err
		}
	}
	if len(damaged) > 0 {
		return fmt.Errorf("planning packs damaged: %d of %d; restore them from a backup", len(damaged), all)
	}
	if all > 0 {
		_, err = fmt.Fprintf(env.out, "planning packs that are as they were written: %d\n", all)
	}
	return err
}

type rebuildCommand struct{}

// Run makes all tallies anew.
func (rebuildCommand) Run(ctx context.Context, c *config.Config) error {
	return withRecorded(ctx, c, "tallies.rebuild", func(t *tools, _ *accounts.Event) error {
		return tally.Rebuild(ctx, t.store, t.catalog)
	})
}
