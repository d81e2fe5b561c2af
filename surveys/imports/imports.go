// Package imports brings the responses of other tools into the program: a CSV or XLSX file, read as a response map says.
// A file is imported whole or not at all. Importing it again changes nothing, because the ids of imported responses
// are derived from what their rows hold.
package imports

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/document"
	"soundings/surveys/store"
)

// Limits that tell a wrong column from a large organisation.
const (
	MostDepartments = 5000
	MostBands       = 100
	MostWaves       = 500
)

// Deps is what an import works with.
type Deps struct {
	Store   *store.Store
	Catalog *catalog.Catalog
	Secret  surveys.Secret
	Now     func() time.Time
	// Finish recounts a closed wave that has got new responses, in the transaction that stores them.
	Finish func(tx *gorm.DB, q *surveys.Questionnaire, wave surveys.WaveID) error
	// Progress, if any, hears now and then how many rows have been read.
	Progress func(rows int)
}

// Run imports a file as the map says, in one transaction, or with dryRun only tells what would happen and writes
// nothing. The report says what became of every row; it is there beside an error of kind Invalid when rows have
// faults, and then nothing was stored. It is nil when the file could not be read at all.
func Run(ctx context.Context, deps Deps, m *Map, file string, dryRun bool) (*Report, error) {
	im := &importer{ctx: ctx, deps: deps, m: m, dryRun: dryRun}
	if err := im.loadSurvey(); err != nil {
		return nil, err
	}
	src, names, err := openTable(file, m.layout())
	if err != nil {
		return nil, err
	}
	defer src.Close()
	p, faults := bind(m, im.doc, names)
	if len(faults) > 0 {
		return nil, m.invalid(faults)
	}
	im.report = newReport(file, src.describe(), dryRun, p)
	im.rows = newCollector(p, im.report)
	if err := im.read(src); err != nil {
		return nil, err
	}
	im.report.arrange()
	if bad := im.report.BadRows; bad > 0 {
		return im.report, &surveys.Error{Kind: surveys.Invalid, Op: "imports",
			Message: fmt.Sprintf("%s of %s cannot be imported, so nothing was stored", count(bad, "row"), filepath.Base(file))}
	}
	im.rows.identify()
	if dryRun {
		err = deps.Store.Snapshot(ctx, "imports: dry run", im.foresee)
	} else {
		err = deps.Store.Transact(ctx, "imports: store", im.store)
	}
	if err != nil {
		return nil, err
	}
	return im.report, nil
}

// importer is one run.
type importer struct {
	ctx    context.Context
	deps   Deps
	m      *Map
	dryRun bool
	source []byte // of the survey document, unless the survey is named by its id
	doc    *surveys.Document
	known  *surveys.Questionnaire // the survey named by its id
	report *Report
	rows   *collector
}

// loadSurvey finds the questions that the columns answer.
func (im *importer) loadSurvey() error {
	if id := im.m.survey.id; id != 0 {
		q, err := im.deps.Catalog.Newest(im.ctx, id)
		if surveys.KindOf(err) == surveys.NotFound {
			return im.m.invalid(surveys.Faults{{Path: "survey", Code: surveys.FaultUnknown, Line: im.m.survey.line,
				Detail: fmt.Sprintf("there is no survey %d", id)}})
		}
		if err != nil {
			return err
		}
		im.known, im.doc = q, q.Document
		return nil
	}
	path := im.m.documentPath()
	source, err := os.ReadFile(path)
	if err != nil {
		return im.m.invalid(surveys.Faults{{Path: "survey", Code: surveys.FaultUnknown, Line: im.m.survey.line,
			Detail: fmt.Sprintf("the survey document %s cannot be read", path)}})
	}
	im.source = source
	if im.doc, err = document.Parse(source); err != nil {
		return fmt.Errorf("the survey document %s: %w", path, err)
	}
	return nil
}

// progressEvery is how many rows pass between two calls of Progress.
const progressEvery = 1000

// read takes in every row of the file.
func (im *importer) read(src table) error {
	rows := 0
	for {
		r, ok, err := src.next()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		im.rows.take(r)
		if rows++; rows%progressEvery == 0 {
			if err := im.ctx.Err(); err != nil {
				return store.Translate("imports: read", err)
			}
			im.progress(rows)
		}
	}
	im.progress(rows)
	return nil
}

func (im *importer) progress(rows int) {
	if im.deps.Progress != nil {
		im.deps.Progress(rows)
	}
}
