package analytics

import (
	"context"
	"errors"
	"slices"
	"sync"

	"soundings/analytics/disclosure"
	"soundings/analytics/gate"
	"soundings/analytics/stats"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/waves"
)

// WaveQuery asks for everything a wave measured, by department or by band. Results by department may be filtered by band
// and the other way round; 0 is no filter.
type WaveQuery struct {
	Wave       surveys.WaveID
	By         By
	Department surveys.DepartmentID
	Band       surveys.BandID
}

func (q WaveQuery) check() error {
	return Breakdown{By: q.By, Department: q.Department, Band: q.Band}.check()
}

// WaveResults is everything a wave measured, by department or band. Every figure in it has passed the gate, and is the one
// that Results and Trend tell of the same group.
type WaveResults struct {
	Wave     Wave
	Before   *Wave // the wave before of the same survey, which moves are judged against; nil for the first
	Ask      WaveQuery
	Units    []Unit // the departments or bands
	Taken    []Presence
	TakenAll Presence   // of the whole group that the units are parts of
	Measures []Measured // the constructs, then the questions in the order they were asked in, without those of text
	Filters  Filters

	drivers map[string]*Drivers // by construct; of results by department only
}

// Filters are the bands and departments under which something is shown of any measure; under all others every figure is
// hidden, so that a page can say so before anybody chooses them.
type Filters struct {
	Bands       []surveys.BandID
	Departments []surveys.DepartmentID
}

// Unit is a department or a band; the other is zero.
type Unit struct {
	Department surveys.Department
	Band       surveys.Band
}

// Measured is one construct or question of a wave.
type Measured struct {
	Construct   string            // what is measured, or
	Question    *surveys.Question // which question
	Comparison  Comparison
	Total       Told
	Units       []Told             // in the order of the results' units
	Reliability *stats.Reliability // of a construct; nil where none may be told
}

// Comparison says whether a measure can be held against the wave before.
type Comparison uint8

const (
	FirstTime Comparison = iota // there is no wave before
	Changed                     // the wave before asked something else, or did not ask
	Compared
)

// Told is what may be told of a group, and how it moved since the wave before.
type Told struct {
	Group
	Change   Change       // of the mean, or of the recommend score
	Favoured Change       // of the favourable share
	Options  []OptionTold // of choices and rankings, in the order they were offered in; only when shown
}

// WaveResults reads all results of a wave. Its cost depends on departments, bands and questions, not on how many answered.
// What it returns may be remembered and returned again, and must not be changed.
func (r *Reader) WaveResults(ctx context.Context, ask WaveQuery) (*WaveResults, error) {
	if err := ask.check(); err != nil {
		return nil, err
	}
	var res *WaveResults
	axis := func() ([]Wave, error) { return r.withBefore(ctx, ask.Wave) }
	err := r.steady(ctx, axis, func(at *state) (sure bool, err error) {
		res, sure, err = r.waveResults(ctx, at, ask)
		return sure, err
	})
	return res, err
}

// withBefore is a wave, and after it the wave before it of the same survey whose results may be read, if there is one.
func (r *Reader) withBefore(ctx context.Context, id surveys.WaveID) ([]Wave, error) {
	wave, err := r.WaveByID(ctx, id)
	if err != nil {
		return nil, err
	}
	all, err := r.Waves(ctx, wave.Survey)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(all, func(w Wave) bool { return w.ID == id })
	for i := at - 1; i >= 0; i-- {
		if all[i].Showing() {
			return []Wave{wave, all[i]}, nil
		}
	}
	return []Wave{wave}, nil
}

func (r *Reader) waveResults(ctx context.Context, at *state, ask WaveQuery) (res *WaveResults, known bool, err error) {
	from, err := r.basis(ctx, at, ask)
	if err != nil {
		return nil, false, err
	}
	if answer, ok := r.kept.get(from); ok {
		return answer.(*WaveResults), true, nil
	}
	if res, err = r.made(ctx, from, ask); err == nil && from.lasting() {
		r.kept.put(from, res)
	}
	return res, false, err
}

func (r *Reader) made(ctx context.Context, from *basis, ask WaveQuery) (_ *WaveResults, err error) {
	axis := from.at.axis
	books, errs := make([]*book, len(axis)), make([]error, len(axis))
	var both sync.WaitGroup
	for i, w := range axis { // reading and deciding takes most of the time, and no wave waits for the other
		both.Go(func() { books[i], errs[i] = r.book(ctx, w) })
	}
	both.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	now := books[0]
	res := &WaveResults{Wave: axis[0], Ask: ask, Units: now.everyone.units(ask, from.departments, from.bands)}
	there, err := waves.HeadcountsByBand(r.store.Read(ctx), []surveys.WaveID{res.Wave.ID})
	if err != nil {
		return nil, err
	}
	taken := &roll{now.wave, now.everyone, from.invited, there[res.Wave.ID], from.bands}
	res.TakenAll, res.Taken = taken.of(ask, Unit{}), taken.ofUnits(ask, res.Units)
	var before *book
	if len(axis) > 1 {
		res.Before, before = &axis[1], books[1]
	}
	doc := now.wave.Questionnaire.Document
	for _, id := range doc.ConstructIDs() {
		m := Measured{Construct: id, Comparison: comparison(res.Wave, res.Before, id, nil), Reliability: now.reliability(id)}
		res.Measures = append(res.Measures, now.measured(m, before, res))
	}
	for i := range doc.Questions {
		if q := &doc.Questions[i]; q.Kind != surveys.Text {
			m := Measured{Question: q, Comparison: comparison(res.Wave, res.Before, "", q)}
			res.Measures = append(res.Measures, now.measured(m, before, res))
		}
	}
	res.Filters = now.filters(res.Measures)
	if ask.By == ByDepartment {
		res.drivers, err = r.allDrivers(ctx, now)
	}
	return res, err
}

func (b *book) filters(measures []Measured) (f Filters) {
	grids := make([]*grid, len(measures))
	for i, m := range measures {
		grids[i] = b.grid(m.Construct, m.Question)
	}
	f.Bands = seen(grids)
	for _, g := range grids {
		for i, d := range g.Departments {
			shown := func(d disclosure.Decision) bool { return d.Level == disclosure.Shown }
			if !slices.Contains(f.Departments, d) && slices.ContainsFunc(g.Decisions.Cells[i], shown) {
				f.Departments = append(f.Departments, d)
			}
		}
	}
	return f
}

// measured fills in the figures of a measure.
func (b *book) measured(m Measured, before *book, res *WaveResults) Measured {
	g := b.grid(m.Construct, m.Question)
	var old *grid
	if m.Comparison == Compared {
		old = before.grid(m.Construct, m.Question)
	}
	// The whole is judged by itself; its parts are shown together.
	m.Total = toldOf(g, old, m.Question, res.Ask, []Unit{{}})[0]
	m.Units = toldOf(g, old, m.Question, res.Ask, res.Units)
	return m
}

// Lasting reports whether the results are of closed waves only: they stay the same until something of them is changed,
// and are then others.
func (res *WaveResults) Lasting() bool {
	return res.Wave.State == surveys.Closed && (res.Before == nil || res.Before.State == surveys.Closed)
}

// Only is the results as somebody sees them who may see some departments. It takes departments out of results that the
// gate has decided about and whose moves are judged, so that it shows nothing that the whole does not.
func (res *WaveResults) Only(sees func(surveys.DepartmentID) bool) *WaveResults {
	some := *res
	some.Units, some.Taken, some.Measures = nil, nil, slices.Clone(res.Measures)
	some.drivers = map[string]*Drivers{}
	for construct, d := range res.drivers {
		some.drivers[construct] = d.only(sees)
	}
	for i := range some.Measures {
		some.Measures[i].Units = nil
	}
	for at, of := range res.Units {
		if of.Department.ID != 0 && !sees(of.Department.ID) {
			continue
		}
		some.Units, some.Taken = append(some.Units, of), append(some.Taken, res.Taken[at])
		for i := range some.Measures {
			some.Measures[i].Units = append(some.Measures[i].Units, res.Measures[i].Units[at])
		}
	}
	return &some
}

// Measure finds a construct or a question among the results; ok is false for what the wave did not measure.
func (res *WaveResults) Measure(construct, question string) (m *Measured, ok bool) {
	for i := range res.Measures {
		m = &res.Measures[i]
		if question != "" && m.Question != nil && m.Question.ID == question || question == "" && m.Question == nil && m.Construct == construct {
			return m, true
		}
	}
	return nil, false
}

// book is all that was counted of a wave, with the gate's decisions on every measure of it.
type book struct {
	wave       Wave
	counted    *tally.Reading
	gate       *gate.Wave
	headcounts map[surveys.DepartmentID]int
	everyone   *grid
}

// book reads a wave and lets the gate decide about all of it.
func (r *Reader) book(ctx context.Context, w Wave) (*book, error) {
	headcounts, err := waves.Headcounts(r.store.Read(ctx), []surveys.WaveID{w.ID})
	if err != nil {
		return nil, err
	}
	counted, err := tally.OfWave(ctx, r.store, w.ID)
	if err != nil {
		return nil, err
	}
	b := &book{wave: w, counted: counted, gate: gate.Of(w.Questionnaire.Document, w.State, counted), headcounts: headcounts[w.ID]}
	b.everyone = gridOf(b.gate, tally.Everyone, nil, b.headcounts)
	doc := w.Questionnaire.Document
	for _, id := range doc.ConstructIDs() {
		b.grid(id, nil) // decides, and the gate remembers
	}
	for i := range doc.Questions {
		b.grid("", &doc.Questions[i])
	}
	return b, nil
}

// grid is what may be told of a construct or question beside all the others; nil for what the wave did not ask.
func (b *book) grid(construct string, question *surveys.Question) *grid {
	if question == nil {
		return gridOf(b.gate, tally.OfConstruct(construct), nil, b.headcounts)
	}
	own, ok := b.wave.Questionnaire.Document.Question(question.ID)
	if !ok || own.Kind == surveys.Text {
		return nil
	}
	return gridOf(b.gate, tally.OfQuestion(own.ID), own, b.headcounts)
}
