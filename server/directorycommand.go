package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"soundings/server/accounts"
	"soundings/server/config"
	"soundings/surveys"
	"soundings/surveys/directory"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

type importDirectory struct {
	Column         map[string]string `mapsep:"none" placeholder:"FIELD=HEADING" help:"Which column feeds a field (email, name, given, family, department, band or language); may be given several times. Default: told by the headings."`
	NewDepartments bool              `default:"true" negatable:"" help:"Make departments that the file names and nobody knows (the default)."`
	Headcounts     bool              `default:"true" negatable:"" help:"Set the headcount of each department to its people in the file (the default)."`
	DryRun         bool              `help:"Report what would happen and write nothing."`
	File           string            `arg:"" type:"existingfile" help:"A CSV or XLSX file with everybody: who is not in it has gone."`
}

// Run prints what the file changes and every line that cannot be taken in; if there is one, nothing at all is stored.
func (i importDirectory) Run(ctx context.Context, env environment, c *config.Config) error {
	return withRecorded(ctx, c, tried("directory.import", i.DryRun), func(t *tools, _ *accounts.Event) (err error) {
		file, err := directory.Open(i.File)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		matching, err := i.match(ctx, t.store, file)
		if err != nil {
			return err
		}
		tick := progress(env)
		entries, err := file.Read(ctx, matching, func(rows int) { tick(rows, "rows") })
		if err != nil {
			return err
		}
		plan, err := i.take(ctx, t.store, entries, func(n int) { tick(n, "people written") })
		if plan != nil {
			report := directoryReport{i, file, matching, plan}
			if _, werr := io.WriteString(env.out, report.String()); werr != nil {
				return errors.Join(err, werr)
			}
			if plan.ManyGone() {
				fmt.Fprintf(env.err, "soundings: %d of %d people are not in the file; is it the whole directory?\n", plan.Gone, plan.Before)
			}
		}
		return err
	})
}

// take plans or does it. A plan with bad lines comes with an error in a dry run, too.
func (i importDirectory) take(ctx context.Context, s *store.Store, entries *directory.Entries, written func(int)) (plan *directory.Plan, err error) {
	if i.DryRun {
		err = s.Snapshot(ctx, "import directory", func(tx *store.Tx) (err error) {
			plan, err = entries.Plan(tx)
			return err
		})
		if err == nil && len(plan.Bad) > 0 {
			err = &surveys.Error{Kind: surveys.Invalid, Op: "import directory", Message: fmt.Sprintf("lines that cannot be taken in: %d", plan.BadLines())}
		}
		return plan, err
	}
	terms := directory.Terms{NewDepartments: i.NewDepartments, Headcounts: i.Headcounts, Progress: written}
	err = s.Transact(ctx, "import directory", func(tx *store.Tx) (err error) {
		plan, err = entries.Apply(tx, terms)
		return err
	})
	return plan, err
}

// match takes the columns that were named, and tells the others by their headings.
func (i importDirectory) match(ctx context.Context, s *store.Store, file *directory.File) (directory.Matching, error) {
	remembered, err := directory.Uploads().Remembered(s.Read(ctx), file.Headings())
	if err != nil {
		return nil, err
	}
	bands, err := people.Bands(ctx, s)
	if err != nil {
		return nil, err
	}
	matching := directory.Guess(file.Headings(), remembered, len(bands) > 0)
	return matching, choose("import directory", file.File, i.Column, directory.Fields(), matching)
}

// directoryReport is what the command prints.
type directoryReport struct {
	asked    importDirectory
	file     *directory.File
	matching directory.Matching
	plan     *directory.Plan
}

func (r directoryReport) String() string {
	var b strings.Builder
	p := r.plan
	b.WriteString(chosen(r.asked.File, r.file.File, fmt.Sprintf("%d people", p.Rows), directory.Fields(), r.matching))
	fmt.Fprintf(&b, "added %d, changed %d, gone %d, unchanged %d\n", p.Added, p.Changed, p.Gone, p.Unchanged)
	for _, d := range p.New {
		fmt.Fprintf(&b, "new department %s: %d people", strconv.Quote(d.Name), d.People)
		if d.Meant != "" {
			fmt.Fprintf(&b, " (did you mean %s?)", strconv.Quote(d.Meant))
		}
		b.WriteByte('\n')
	}
	for _, name := range p.Emptied {
		fmt.Fprintf(&b, "department %s: nobody in the file\n", strconv.Quote(name))
	}
	for _, bad := range p.Bad {
		fmt.Fprintf(&b, "line %d: %s\n", bad.Line, badLine(bad))
	}
	switch {
	case len(p.Bad) > 0 || len(p.New) > 0 && !r.asked.NewDepartments:
		b.WriteString("nothing was stored\n")
	case r.asked.DryRun:
		b.WriteString("dry run: nothing was stored\n")
	}
	return b.String()
}

// badLine says in English what has to be mended.
func badLine(b directory.Bad) string {
	value := strconv.Quote(b.Value)
	switch b.Why {
	case directory.NoEmail:
		return "no e-mail address"
	case directory.BadEmail:
		return value + " is not a plain e-mail address"
	case directory.TwiceEmail:
		return fmt.Sprintf("%s stands in line %d already", value, b.Other)
	case directory.NoDepartment:
		return "no department"
	case directory.LongDepartment, directory.LongName:
		return fmt.Sprintf("a name has more than %d characters", people.LongestName)
	case directory.ArchivedDepartment:
		return "the department " + value + " is archived"
	case directory.VagueDepartment:
		return "several departments are called " + value + " but for case and space; write exactly one of them"
	case directory.UnknownBand:
		if b.Meant != "" {
			return fmt.Sprintf("there is no band %s; did you mean %s?", value, strconv.Quote(b.Meant))
		}
		return "there is no band " + value
	case directory.BadLanguage:
		return value + " is not a language"
	case directory.BrokenRow:
		return "a quotation mark stands in the wrong place or is never closed"
	}
	return b.Why
}
