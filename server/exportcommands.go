package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"soundings/analytics"
	"soundings/analytics/quotes"
	"soundings/analytics/report"
	"soundings/server/accounts"
	"soundings/server/config"
	"soundings/server/web"
	"soundings/surveys"
	"soundings/surveys/waves"
)

type exportResults struct {
	Wave     surveys.WaveID   `xor:"of" required:"" placeholder:"ID" help:"The results of this wave."`
	Survey   surveys.SurveyID `xor:"of" required:"" placeholder:"ID" help:"The results of all waves of this survey."`
	Format   string           `enum:"csv,xlsx" default:"csv" help:"csv: a row for each group, measure and wave, for programs. xlsx: a workbook that explains itself."`
	Language string           `default:"en" placeholder:"LANG" help:"Language of a workbook: en or de."`
	Out      string           `type:"path" default:"." placeholder:"DIR" help:"Folder for the file."`
}

// Run writes results-wave-ID or results-survey-ID and prints a line about the file.
func (e exportResults) Run(ctx context.Context, env environment, c *config.Config) error {
	return withRecorded(ctx, c, "results.export", func(t *tools, entry *accounts.Event) error {
		x, err := newExporter(ctx, env, t, e.Out, e.Language)
		if err != nil {
			return err
		}
		list, name := []analytics.Wave(nil), fmt.Sprintf("results-survey-%d", e.Survey)
		if e.Wave != 0 {
			name = fmt.Sprintf("results-wave-%d", e.Wave)
			wave, err := x.results.WaveByID(ctx, e.Wave)
			if err != nil {
				return err
			}
			list = []analytics.Wave{wave}
		} else if list, err = x.results.Waves(ctx, e.Survey); err != nil {
			return err
		}
		entry.Subject = name[len("results-"):]
		if len(list) == 0 {
			return &surveys.Error{Kind: surveys.NotFound, Op: "export results", Message: fmt.Sprintf("survey %d has no waves", e.Survey)}
		}
		return x.resultsOf(ctx, name, list, e.Format)
	})
}

// exporter writes files into a folder, says so, and remembers them.
type exporter struct {
	env     environment
	tools   *tools
	out     string
	results *analytics.Reader
	covers  report.Covers
	words   report.Words
	failed  func() error // whether some words are missing
	written []exportedFile
}

func newExporter(ctx context.Context, env environment, t *tools, out, lang string) (*exporter, error) {
	x := &exporter{env: env, tools: t, out: out, results: analytics.NewReader(t.store, t.catalog)}
	zone, err := waves.Zone(t.store.Read(ctx))
	if err != nil {
		return nil, err
	}
	if x.words, x.failed, err = web.FileWords(lang, zone); err != nil {
		return nil, err
	}
	x.covers, err = newCovers(t, x.results)
	return x, err
}

// newCovers are what names and addresses in comments are covered with.
func newCovers(t *tools, results *analytics.Reader) (report.Covers, error) {
	reader, err := newQuotes(t.store, results)
	return report.Covers{Quotes: reader, Words: map[quotes.Mask]string{quotes.Name: "[name]", quotes.Email: "[e-mail]", quotes.Phone: "[phone]"}}, err
}

// file writes one file; what says what is in it.
func (x *exporter) file(name, what string, write func(w io.Writer) (holds string, err error)) error {
	var holds string
	sum := newChecksum()
	err := writeFile(x.out, name, func(w io.Writer) (err error) {
		holds, err = write(io.MultiWriter(w, sum))
		return err
	})
	if err != nil {
		return err
	}
	x.written = append(x.written, sum.of(name, what))
	if holds == "" {
		holds = what
	}
	_, err = fmt.Fprintf(x.env.out, "%s: %s\n", filepath.Join(x.out, name), holds)
	return err
}

// resultsOf writes the results of waves of one survey.
func (x *exporter) resultsOf(ctx context.Context, name string, list []analytics.Wave, formats ...string) error {
	g, err := report.Gather(ctx, x.results, list, report.Everything())
	if err != nil {
		return err
	}
	if slices.Contains(formats, "csv") {
		err := x.file(name+".csv", "results", func(w io.Writer) (string, error) {
			summary, err := report.Results(g, x.words.Zone, w)
			return summary.String(), err
		})
		if err != nil {
			return err
		}
	}
	if !slices.Contains(formats, "xlsx") {
		return nil
	}
	return x.file(name+".xlsx", "results, with comments and code book", func(w io.Writer) (string, error) {
		if err := report.WriteWorkbook(g, x.words, w, report.CommentsPart(ctx, x.tools.store, x.covers, report.Everything())); err != nil {
			return "", err
		}
		return "", x.failed()
	})
}

// answersOf writes the responses to a closed wave, and the comments on it.
func (x *exporter) answersOf(ctx context.Context, w surveys.Wave) error {
	q, err := x.tools.catalog.Questionnaire(ctx, w.Questionnaire)
	if err != nil {
		return err
	}
	err = x.file(fmt.Sprintf("responses-wave-%d.csv", w.ID), "responses", func(out io.Writer) (string, error) {
		summary, err := report.Responses(ctx, x.tools.store, q, w, out)
		return summary.String(), err
	})
	if err != nil {
		return err
	}
	return x.file(fmt.Sprintf("comments-wave-%d.csv", w.ID), "comments", func(out io.Writer) (string, error) {
		summary, err := report.Comments(ctx, x.tools.store, x.covers, q, w, out)
		return summary.String(), err
	})
}
