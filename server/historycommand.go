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
	"soundings/surveys/history"
	"soundings/surveys/store"
	"soundings/surveys/uploads"
)

type importHistory struct {
	Column map[string]string `mapsep:"none" placeholder:"FIELD=HEADING" help:"Which column feeds a field (date, department, measure, mean, favourable or n); may be given several times. Default: told by the headings."`
	DryRun bool              `help:"Report what would happen and write nothing."`
	File   string            `arg:"" type:"existingfile" help:"A CSV or XLSX file of earlier results: date, department, measure, and mean (0 to 100) or percent favourable; or the history-measures.csv of export all."`
}

// Run prints what the file changes and every line that cannot be taken in; if there is one, nothing at all is stored.
func (i importHistory) Run(ctx context.Context, env environment, c *config.Config) error {
	return withRecorded(ctx, c, tried("history.import", i.DryRun), func(t *tools, _ *accounts.Event) (err error) {
		file, err := uploads.Open(i.File)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		if history.HoldsMeasures(file.Headings()) {
			return i.measures(ctx, env, t.store, file)
		}
		matching, err := i.match(ctx, t.store, file)
		if err != nil {
			return err
		}
		entries, err := history.Read(ctx, file, matching)
		if err != nil {
			return err
		}
		plan, err := i.take(ctx, t.store, entries)
		if plan != nil {
			_, werr := io.WriteString(env.out, i.report(file, matching, plan))
			err = errors.Join(err, werr)
			if plan.Unsized > 0 {
				fmt.Fprintf(env.err, "soundings: %d values come without a number of people; they are shown on your word that each stands for at least %d\n", plan.Unsized, history.Minimum)
			}
		}
		return err
	})
}

// measures takes in which trends the measures begin, as export all writes it beside the results.
func (i importHistory) measures(ctx context.Context, env environment, s *store.Store, file *uploads.File) error {
	list, lines, err := history.ReadMeasures(file)
	if err != nil {
		return err
	}
	transaction, note := s.Transact, ""
	if i.DryRun {
		transaction, note = s.Snapshot, "dry run: nothing was stored\n"
	}
	var plan *history.MeasuresPlan
	err = transaction(ctx, "import history", func(tx *store.Tx) (err error) {
		if plan, err = history.PlanMeasures(tx, list, lines); err != nil || i.DryRun {
			return err
		}
		return plan.Apply(tx)
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.out, "measures that begin a trend: added %d, changed %d, unchanged %d\n%s", plan.Added, plan.Changed, plan.Unchanged, note)
	return err
}

// take plans or does it. A plan with bad lines comes with an error in a dry run, too.
func (i importHistory) take(ctx context.Context, s *store.Store, entries *history.Entries) (plan *history.Plan, err error) {
	const op = "import history"
	if i.DryRun {
		err = s.Snapshot(ctx, op, func(tx *store.Tx) (err error) {
			plan, err = entries.Plan(tx)
			return err
		})
		if err == nil && len(plan.Bad) > 0 {
			err = &surveys.Error{Kind: surveys.Invalid, Op: op, Message: fmt.Sprintf("reasons why lines cannot be taken in: %d", len(plan.Bad))}
		}
		return plan, err
	}
	err = s.Transact(ctx, op, func(tx *store.Tx) (err error) {
		plan, err = entries.Apply(tx, history.Terms{Sizes: true})
		return err
	})
	return plan, err
}

// match takes the columns that were named, and tells the others by their headings.
func (i importHistory) match(ctx context.Context, s *store.Store, file *uploads.File) (history.Matching, error) {
	remembered, err := history.Uploads().Remembered(s.Read(ctx), file.Headings())
	if err != nil {
		return nil, err
	}
	matching := history.Matching(history.Guess(file.Headings(), remembered))
	return matching, choose("import history", file, i.Column, history.Fields(), matching)
}

func (i importHistory) report(file *uploads.File, matching history.Matching, p *history.Plan) string {
	var b strings.Builder
	b.WriteString(chosen(i.File, file, fmt.Sprintf("%d lines, %s to %s", p.Rows, p.First, p.Last), history.Fields(), matching))
	fmt.Fprintf(&b, "values: added %d, changed %d, unchanged %d; left empty %d; the mean of several lines %d\n", p.Added, p.Changed, p.Unchanged, p.Empty, p.Joined)
	fmt.Fprintf(&b, "measures: %s\n", quoted(p.Measures))
	for _, u := range p.Unknown {
		fmt.Fprintf(&b, "no department %s: %d values", strconv.Quote(u.Name), u.Values)
		if u.Meant != "" {
			fmt.Fprintf(&b, " (join it to %s?)", strconv.Quote(u.Meant))
		}
		b.WriteByte('\n')
	}
	for _, l := range append(p.Small, p.Bad...) {
		fmt.Fprintf(&b, "line %d: %s\n", l.Line, historyLine(l))
	}
	switch {
	case len(p.Bad) > 0:
		b.WriteString("nothing was stored\n")
	case i.DryRun:
		b.WriteString("dry run: nothing was stored\n")
	}
	return b.String()
}

// historyLine says in English what has to be mended, or why a value is left out.
func historyLine(l history.Line) string {
	value := strconv.Quote(l.Value)
	switch l.Why {
	case history.BadDate:
		return value + " is not a year, quarter, month or day, such as 2019, Q3 2019, 2019-03 or 2019-03-31"
	case history.NoName:
		return "no department"
	case history.NoMeasure:
		return "no measure"
	case history.LongName:
		return fmt.Sprintf("a name has more than %d characters", history.LongestName)
	case history.BadValue:
		return value + " is not a number from 0 to 100"
	case history.BadPeople:
		return value + " is not a number of people"
	case history.BrokenRow:
		return "a quotation mark stands in the wrong place or is never closed"
	case history.NearPeople:
		return fmt.Sprintf("%s people are kept; a number that differs by fewer than %d would tell what these few answered", l.Value, history.Minimum)
	case history.TooFew:
		return fmt.Sprintf("left out: %s, fewer than %d people", value, history.Minimum)
	case history.Alike:
		return fmt.Sprintf("left out: %s, the figure would tell what everybody there answered", value)
	}
	return l.Why
}
