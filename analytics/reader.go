// Package analytics says what the numbers mean: results of a wave, trends, and what changed. Every figure it returns
// has passed the disclosure gate; there is no other way from the tallies to a page, a file or the API.
package analytics

import (
	"context"
	"fmt"
	"slices"

	"soundings/analytics/gate"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

// Reader reads results.
type Reader struct {
	store   *store.Store
	catalog *catalog.Catalog
	kept    kept
}

// NewReader returns a reader over the store.
func NewReader(s *store.Store, c *catalog.Catalog) *Reader { return &Reader{store: s, catalog: c} }

// Wave is one point of the time axis.
type Wave struct {
	surveys.Wave
	Questionnaire *surveys.Questionnaire
}

// Showing reports whether results of the wave may be read now.
func (w Wave) Showing() bool {
	return w.State == surveys.Closed || w.Questionnaire.Document.Results == surveys.WhileOpen
}

func (w Wave) measures(construct string) bool {
	return slices.Contains(w.Questionnaire.Document.ConstructIDs(), construct)
}

// Waves lists waves in the order of the time axis. Survey 0 means all.
func (r *Reader) Waves(ctx context.Context, survey surveys.SurveyID) ([]Wave, error) {
	list, err := waves.List(r.store.Read(ctx), survey)
	if err != nil {
		return nil, err
	}
	all := make([]Wave, len(list))
	for i, w := range list {
		q, err := r.catalog.Questionnaire(ctx, w.Questionnaire)
		if err != nil {
			return nil, err
		}
		all[i] = Wave{w, q}
	}
	return all, nil
}

// WaveByID returns one wave.
func (r *Reader) WaveByID(ctx context.Context, id surveys.WaveID) (Wave, error) {
	w, err := waves.ByID(r.store.Read(ctx), id)
	if err != nil {
		return Wave{}, err
	}
	q, err := r.catalog.Questionnaire(ctx, w.Questionnaire)
	return Wave{w, q}, err
}

// Named is a group with the department or band it is of; the other is zero.
type Named struct {
	Department surveys.Department
	Band       surveys.Band
	Group
}

// By is how results are broken down.
type By string

const (
	ByDepartment By = "department"
	ByBand       By = "band"
)

// Breakdown asks for one measure of one wave: a question, else a construct, else what the wave is mainly about.
// Department and Band, if not 0, filter.
type Breakdown struct {
	Wave       surveys.WaveID
	Construct  string
	Question   string
	By         By
	Department surveys.DepartmentID
	Band       surveys.BandID
}

// Results is one measure of one wave by group.
type Results struct {
	Wave      Wave
	Construct string            // what is measured, or
	Question  *surveys.Question // which question
	Total     Group
	TakenAll  Presence // of all groups together
	Groups    []Named
	Taken     []Presence // of each group
}

// Results answers a breakdown. A construct or question that the wave does not have is a NotFound error.
func (r *Reader) Results(ctx context.Context, ask Breakdown) (*Results, error) {
	if err := ask.check(); err != nil {
		return nil, err
	}
	var results *Results
	axis := func() ([]Wave, error) {
		wave, err := r.WaveByID(ctx, ask.Wave)
		return []Wave{wave}, err
	}
	err := r.steady(ctx, axis, func(at *state) (_ bool, err error) {
		results, err = r.results(ctx, at.axis[0], ask)
		return false, err
	})
	return results, err
}

func (ask Breakdown) check() error {
	if ask.By == ByDepartment && ask.Department != 0 || ask.By == ByBand && ask.Band != 0 {
		return &surveys.Error{Kind: surveys.Invalid, Op: "analytics", Message: "results by department are filtered by band, and results by band by department"}
	}
	return nil
}

// about is the construct a wave is mainly about: openness, or else the first it measures.
func (w Wave) about() string {
	if constructs := w.Questionnaire.Document.ConstructIDs(); !w.measures(surveys.Openness) && len(constructs) > 0 {
		return constructs[0]
	}
	return surveys.Openness
}

func (r *Reader) results(ctx context.Context, wave Wave, ask Breakdown) (*Results, error) {
	if ask.Construct == "" {
		ask.Construct = wave.about()
	}
	results := &Results{Wave: wave, Construct: ask.Construct}
	if ask.Question != "" {
		q, ok := wave.Questionnaire.Document.Question(ask.Question)
		if !ok || q.Kind == surveys.Text {
			return nil, &surveys.Error{Kind: surveys.NotFound, Op: "analytics",
				Message: fmt.Sprintf("wave %d has no question %q with counted answers", wave.ID, ask.Question)}
		}
		results.Question = q
	} else if !wave.measures(ask.Construct) {
		return nil, &surveys.Error{Kind: surveys.NotFound, Op: "analytics",
			Message: fmt.Sprintf("wave %d does not measure %q", wave.ID, ask.Construct)}
	}
	g, err := r.grid(ctx, wave, results.measure(), results.Question)
	if err != nil {
		return nil, err
	}
	return results, r.breakDown(ctx, results, g, ask)
}

func (res *Results) measure() tally.Measure {
	if res.Question != nil {
		return tally.OfQuestion(res.Question.ID)
	}
	return tally.OfConstruct(res.Construct)
}

// grid reads one measure of a wave, and what else it takes to decide about it.
func (r *Reader) grid(ctx context.Context, wave Wave, measure tally.Measure, question *surveys.Question) (*grid, error) {
	headcounts, err := waves.Headcounts(r.store.Read(ctx), []surveys.WaveID{wave.ID})
	if err != nil {
		return nil, err
	}
	counted := &gate.Wave{Document: wave.Questionnaire.Document, State: wave.State,
		Scores: map[tally.Measure]map[tally.Cell]tally.Score{}, Values: map[string]*tally.Distribution{}}
	for _, m := range gate.Needs(counted.Document, measure) {
		scores, err := tally.Scores(ctx, r.store, m, []surveys.WaveID{wave.ID})
		if err != nil {
			return nil, err
		}
		counted.Scores[m] = scores[wave.ID]
		q, ok := m.Question()
		if !ok {
			continue
		}
		if counted.Values[q], err = tally.Values(ctx, r.store, wave.ID, q); err != nil {
			return nil, err
		}
	}
	return gridOf(counted, measure, question, headcounts[wave.ID]), nil
}

func (r *Reader) breakDown(ctx context.Context, results *Results, g *grid, ask Breakdown) error {
	departments, err := people.Departments(ctx, r.store)
	if err != nil {
		return err
	}
	bands, err := people.Bands(ctx, r.store)
	if err != nil {
		return err
	}
	rolls, err := r.rolls(ctx, []Wave{results.Wave}, map[surveys.WaveID]map[surveys.DepartmentID]int{results.Wave.ID: g.headcounts}, bands)
	if err != nil {
		return err
	}
	q := WaveQuery{By: ask.By, Department: ask.Department, Band: ask.Band}
	units := g.units(q, departments, bands)
	results.Total, results.TakenAll, results.Taken = g.in(q, Unit{}), rolls[0].of(q, Unit{}), rolls[0].ofUnits(q, units)
	for _, of := range units {
		results.Groups = append(results.Groups, Named{of.Department, of.Band, g.in(q, of)})
	}
	return nil
}
