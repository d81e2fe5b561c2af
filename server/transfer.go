package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"soundings/analytics"
	"soundings/analytics/quotes"
	"soundings/analytics/tally"
	"soundings/server/accounts"
	"soundings/server/config"
	"soundings/static"
	"soundings/surveys"
	"soundings/surveys/imports"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

type importCommands struct {
	Survey       importSurvey       `cmd:"" help:"Publish a survey document."`
	Responses    importResponses    `cmd:"" help:"Bring in responses from a CSV or XLSX file."`
	Directory    importDirectory    `cmd:"" help:"Take in the directory of people: a CSV or XLSX file of everybody."`
	History      importHistory      `cmd:"" help:"Take in earlier results as the beginning of trends: a CSV or XLSX file of aggregates."`
	Departments  importDepartments  `cmd:"" help:"Take in the departments of another installation, as export all writes them."`
	Bands        importBands        `cmd:"" help:"Take in the bands of another installation, as export all writes them."`
	Conversation importConversation `cmd:"" help:"Take in changes, pitches, decisions, visits, ideas, promises, milestones and champions of another installation, as export all writes them."`
}

type importSurvey struct {
	File   string           `arg:"" type:"existingfile" help:"A survey document (YAML)."`
	Survey surveys.SurveyID `placeholder:"ID" help:"Publish it as the next version of this survey instead of a new one."`
}

// Run prints the survey's id, alone on a line. A document that is published already is found, not published twice.
func (i importSurvey) Run(ctx context.Context, env environment, c *config.Config) error {
	source, err := os.ReadFile(i.File)
	if err != nil {
		return err
	}
	return withRecorded(ctx, c, "survey.import", func(t *tools, e *accounts.Event) error {
		var q *surveys.Questionnaire
		existed := false
		err := t.store.Transact(ctx, "import survey", func(tx *store.Tx) (err error) {
			if i.Survey != 0 {
				q, err = t.catalog.PublishVersion(tx, i.Survey, source, time.Now())
				return err
			}
			q, existed, err = t.catalog.Publish(tx, source, time.Now())
			return err
		})
		if err != nil {
			return err
		}
		e.Subject = fmt.Sprintf("survey %d", q.Survey)
		note := fmt.Sprintf("published “%s”, version %d", q.Document.Title, q.Version)
		if existed {
			note = fmt.Sprintf("“%s”, version %d, was published already", q.Document.Title, q.Version)
		}
		fmt.Fprintln(env.err, note)
		_, err = fmt.Fprintln(env.out, q.Survey)
		return err
	})
}

type importResponses struct {
	Map    string `required:"" type:"existingfile" placeholder:"MAP.yaml" help:"Says which column feeds what."`
	DryRun bool   `help:"Report what would happen and write nothing."`
	File   string `arg:"" type:"existingfile" help:"A CSV or XLSX file."`
}

// Run prints a report; bad rows are named, and then nothing at all is stored.
func (i importResponses) Run(ctx context.Context, env environment, c *config.Config) error {
	m, err := imports.ReadMap(i.Map)
	if err != nil {
		return err
	}
	return withRecorded(ctx, c, tried("responses.import", i.DryRun), func(t *tools, _ *accounts.Event) error {
		secret, err := c.Secret()
		if err != nil {
			return err
		}
		tick := progress(env)
		deps := imports.Deps{Store: t.store, Catalog: t.catalog, Secret: secret, Now: time.Now, Finish: tally.Recount,
			Progress: func(rows int) { tick(rows, "rows") }}
		r, err := imports.Run(ctx, deps, m, i.File, i.DryRun)
		if r != nil {
			if _, werr := r.WriteTo(env.out); werr != nil {
				return errors.Join(err, werr)
			}
		}
		return err
	})
}

type exportCommands struct {
	Survey    exportSurvey    `cmd:"" help:"Print a survey document as it was published."`
	Responses exportResponses `cmd:"" help:"Write the responses and comments of closed waves as CSV, through the disclosure gate."`
	Results   exportResults   `cmd:"" help:"Write results, through the disclosure gate."`
	Visits    exportVisits    `cmd:"" help:"Write how departments moved that were visited between two waves, and the others, through the disclosure gate."`
	All       exportAll       `cmd:"" help:"Write everything: survey documents, results, responses, comments, departments, bands, the directory, the conversation and earlier results, with checksums."`
}

type exportSurvey struct {
	Survey surveys.SurveyID `arg:"" help:"The survey."`
	Out    string           `type:"path" placeholder:"DIR" help:"Write survey-ID.yaml into this folder instead of printing it."`
}

// Run prints the newest questionnaire of the survey, byte for byte as it was imported.
func (e exportSurvey) Run(ctx context.Context, env environment, c *config.Config) error {
	return withRecorded(ctx, c, "survey.export", func(t *tools, entry *accounts.Event) error {
		entry.Subject = fmt.Sprintf("survey %d", e.Survey)
		q, err := t.catalog.Newest(ctx, e.Survey)
		if err != nil {
			return err
		}
		source, err := t.catalog.Source(ctx, q.ID)
		if err != nil {
			return err
		}
		if e.Out != "" {
			return writeFile(e.Out, fmt.Sprintf("survey-%d.yaml", e.Survey), func(w io.Writer) error {
				_, err := w.Write(source)
				return err
			})
		}
		_, err = env.out.Write(source)
		return err
	})
}

type exportResponses struct {
	Wave []surveys.WaveID `placeholder:"ID" help:"Only this wave; may be given several times. Default: all closed waves."`
	Out  string           `type:"path" default:"." placeholder:"DIR" help:"Folder for the files."`
}

// Run writes responses-wave-ID.csv and comments-wave-ID.csv for each wave and prints a line about each file.
func (e exportResponses) Run(ctx context.Context, env environment, c *config.Config) error {
	return withRecorded(ctx, c, "responses.export", func(t *tools, entry *accounts.Event) error {
		list, err := e.waves(ctx, t)
		if err != nil {
			return err
		}
		ids := make([]string, len(list))
		for i, w := range list {
			ids[i] = fmt.Sprint(w.ID)
		}
		entry.Subject = "wave " + strings.Join(ids, ", ")
		x, err := newExporter(ctx, env, t, e.Out, "en")
		if err != nil {
			return err
		}
		for _, w := range list {
			if err := x.answersOf(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
}

func (e exportResponses) waves(ctx context.Context, t *tools) ([]surveys.Wave, error) {
	var list []surveys.Wave
	for _, id := range e.Wave {
		w, err := waves.ByID(t.store.Read(ctx), id)
		if err != nil {
			return nil, err
		}
		list = append(list, w)
	}
	if len(e.Wave) > 0 {
		return list, nil
	}
	return waves.InState(ctx, t.store, surveys.Closed)
}

// newQuotes makes the reader of comments, with the stop words that the program carries.
func newQuotes(s *store.Store, results *analytics.Reader) (*quotes.Reader, error) {
	source, err := fs.ReadFile(static.Public(), "vendor/stopwords-iso/stopwords.json")
	if err != nil {
		return nil, err
	}
	stops, err := quotes.NewStops(source)
	if err != nil {
		return nil, err
	}
	return quotes.NewReader(s, results, stops), nil
}

// writeFile writes a file completely or not at all: a half-written export looks like a whole one.
func writeFile(dir, name string, write func(io.Writer) error) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, name+".*.part")
	if err != nil {
		return err
	}
	err = write(temp)
	err = errors.Join(err, temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return nil
}
