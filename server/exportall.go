package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"strconv"
	"time"

	"soundings/analytics"
	"soundings/analytics/report"
	"soundings/server/accounts"
	"soundings/server/config"
	"soundings/surveys"
	"soundings/surveys/conversation"
	"soundings/surveys/history"
	"soundings/surveys/organisation"
	"soundings/surveys/people"
	"soundings/surveys/waves"
)

type exportAll struct {
	Language      string `default:"en" placeholder:"LANG" help:"Language of the workbooks: en or de."`
	WithChampions bool   `help:"Write the champions too, with names and addresses, what they were told and what they reported."`
	Out           string `required:"" type:"path" placeholder:"DIR" help:"Folder for the files."`
}

// Run writes everything the organisation owns, as far as the disclosure gate lets it be told, and last manifest.json: the
// other files with their sizes and SHA-256 checksums. A folder without it holds an export that did not finish.
func (e exportAll) Run(ctx context.Context, env environment, c *config.Config) error {
	return withRecorded(ctx, c, "all.export", func(t *tools, _ *accounts.Event) error {
		x, err := newExporter(ctx, env, t, e.Out, e.Language)
		if err != nil {
			return err
		}
		tick := progress(env)
		for _, part := range []func(context.Context) error{x.documents, x.everyResult, x.everyAnswer, x.organisation, x.people, e.conversation(x), x.history} {
			if err := part(ctx); err != nil {
				return err
			}
			tick(len(x.written), "files")
		}
		return x.manifest()
	})
}

// documents writes every version of every survey, byte for byte as it was published.
func (x *exporter) documents(ctx context.Context) error {
	list, err := x.tools.catalog.List(ctx)
	if err != nil {
		return err
	}
	for _, survey := range list {
		versions, err := x.tools.catalog.Versions(ctx, survey.ID)
		if err != nil {
			return err
		}
		for _, v := range versions {
			source, err := x.tools.catalog.Source(ctx, v.ID)
			if err != nil {
				return err
			}
			err = x.file(fmt.Sprintf("survey-%d-version-%d.yaml", survey.ID, v.Version), "survey document", func(w io.Writer) (string, error) {
				_, err := w.Write(source)
				return "", err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *exporter) everyResult(ctx context.Context) error {
	list, err := x.tools.catalog.List(ctx)
	if err != nil {
		return err
	}
	for _, survey := range list {
		of, err := x.results.Waves(ctx, survey.ID)
		if err == nil && len(of) > 0 {
			err = x.resultsOf(ctx, fmt.Sprintf("results-survey-%d", survey.ID), of, "csv", "xlsx")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (x *exporter) everyAnswer(ctx context.Context) error {
	closed, err := waves.InState(ctx, x.tools.store, surveys.Closed)
	if err != nil {
		return err
	}
	for _, w := range closed {
		if err := x.answersOf(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

// organisation writes the departments and the bands.
func (x *exporter) organisation(ctx context.Context) error {
	departments, err := people.Departments(ctx, x.tools.store)
	if err != nil {
		return err
	}
	bands, err := people.Bands(ctx, x.tools.store)
	if err != nil {
		return err
	}
	names := map[surveys.DepartmentID]string{}
	for _, d := range departments {
		names[d.ID] = d.Name
	}
	var rows [][]string
	for _, d := range departments {
		rows = append(rows, []string{strconv.FormatInt(int64(d.ID), 10), d.Name, d.Division, strconv.Itoa(d.Headcount), strconv.FormatBool(d.Archived), names[d.PooledInto]})
	}
	if err := x.table("departments.csv", "departments", []string{"id", organisation.Name, organisation.Division, organisation.Headcount, organisation.Archived, organisation.PooledInto}, rows); err != nil {
		return err
	}
	rows = nil
	for _, b := range bands {
		rows = append(rows, []string{b.Name})
	}
	return x.table("bands.csv", "bands, in their order", []string{organisation.Name}, rows)
}

// people writes the directory, if there is one, as import directory takes it.
func (x *exporter) people(ctx context.Context) error {
	departments, err := people.Departments(ctx, x.tools.store)
	if err != nil {
		return err
	}
	bands, err := people.Bands(ctx, x.tools.store)
	if err != nil {
		return err
	}
	everybody, err := people.Everybody(x.tools.store.Read(ctx))
	if err != nil {
		return err
	}
	department, band := map[surveys.DepartmentID]string{}, map[surveys.BandID]string{}
	for _, d := range departments {
		department[d.ID] = d.Name
	}
	for _, b := range bands {
		band[b.ID] = b.Name
	}
	var rows [][]string
	for _, p := range everybody {
		if !p.Gone {
			rows = append(rows, []string{p.Email, p.Name, department[p.Department], band[p.Band], p.Language})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return x.table("directory.csv", "directory", []string{"email", "name", "department", "band", "language"}, rows)
}

// conversation writes what all rooms of the conversation keep, as import conversation takes them.
func (e exportAll) conversation(x *exporter) func(context.Context) error {
	return func(ctx context.Context) error {
		file, err := conversation.Gather(ctx, x.tools.store, e.WithChampions)
		if err != nil {
			return err
		}
		return x.file(conversationFile, "conversation", func(w io.Writer) (string, error) {
			holds := fmt.Sprintf("conversation, %d entries", file.Entries())
			if !e.WithChampions {
				holds += ", without champions"
			}
			return holds, file.Write(w)
		})
	}
}

// history writes earlier results as import history takes them: what may be told of them, each under the name of the
// department that it means.
func (x *exporter) history(ctx context.Context) error {
	kept, err := history.Measures(x.tools.store.Read(ctx))
	if err != nil || len(kept) == 0 {
		return err
	}
	var rows [][]string
	for _, k := range kept {
		imported, err := x.results.Imported(ctx, k.Measure, k.Scale)
		if err != nil {
			return err
		}
		rows = append(rows, historyRows(k, imported)...)
	}
	if err := x.table("history.csv", "earlier results", []string{"date", "department", "measure", "mean", "favourable", "n"}, rows); err != nil {
		return err
	}
	return x.historyMeasures(ctx)
}

func historyRows(k history.Kept, imported *analytics.Imported) (rows [][]string) {
	for _, line := range imported.Lines {
		name := line.Name
		if line.Everybody {
			name = history.Everybody
		}
		for i, past := range line.Points {
			if !past.Shown() {
				continue
			}
			row := []string{string(imported.Periods[i]), name, k.Measure, "", "", ""}
			value := strconv.FormatFloat(past.Value, 'f', -1, 64)
			if row[3] = value; k.Scale == history.Favourable {
				row[3], row[4] = "", value
			}
			if past.N > 0 {
				row[5] = strconv.Itoa(past.N)
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// historyMeasures writes which trend each measure of earlier results begins, where somebody said so.
func (x *exporter) historyMeasures(ctx context.Context) error {
	joined, err := history.JoinedMeasures(x.tools.store.Read(ctx))
	if err != nil || len(joined) == 0 {
		return err
	}
	var rows [][]string
	for _, j := range joined {
		rows = append(rows, []string{j.Measure, j.Target})
	}
	return x.table("history-measures.csv", "measures that begin a trend", []string{history.MeasureHeading, history.TrendHeading}, rows)
}

func (x *exporter) table(name, what string, head []string, rows [][]string) error {
	return x.file(name, what, func(w io.Writer) (string, error) {
		table, err := report.NewTable(w, head...)
		if err != nil {
			return "", err
		}
		for _, row := range rows {
			if err := table.Row(row...); err != nil {
				return "", err
			}
		}
		return fmt.Sprintf("%s, %d rows", what, len(rows)), table.Flush()
	})
}

// exportedFile is a line of the manifest.
type exportedFile struct {
	Name   string `json:"name"`
	What   string `json:"what"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// manifest lists the files. It is written last.
func (x *exporter) manifest() error {
	files := x.written
	return x.file("manifest.json", "manifest", func(w io.Writer) (string, error) {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return fmt.Sprintf("%d files with their checksums", len(files)), encoder.Encode(struct {
			Made  time.Time      `json:"made"`
			Files []exportedFile `json:"files"`
		}{time.Now().UTC().Truncate(time.Second), files})
	})
}

// checksum counts and sums up what is written into a file.
type checksum struct {
	sum   hash.Hash
	bytes int64
}

func newChecksum() *checksum { return &checksum{sum: sha256.New()} }

func (c *checksum) Write(p []byte) (int, error) {
	c.bytes += int64(len(p))
	return c.sum.Write(p)
}

func (c *checksum) of(name, what string) exportedFile {
	return exportedFile{name, what, c.bytes, hex.EncodeToString(c.sum.Sum(nil))}
}
