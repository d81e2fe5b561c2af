package analytics

import (
	"context"
	"slices"

	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/waves"
)

// TrendQuery asks for a construct by department over waves. Zero values mean all.
type TrendQuery struct {
	Construct string
	Survey    surveys.SurveyID
	Band      surveys.BandID
	Last      int // only the latest waves
}

// Trend is a construct by department over time. All series have a point for every wave.
type Trend struct {
	Construct string
	Waves     []Wave
	Series    []Series
	Total     []Group // the organisation, by wave
	Taken     []Participation

	judged []Series // what moves are judged together with: all departments; nil if Series are all
}

// Only is the trend as somebody sees it who may see some departments. It takes lines out of a trend that the gate has
// already decided about, so that it shows nothing that the whole does not; moves are judged among all departments
// still, so that both say the same about a department. The organisation's figures stay.
func (t *Trend) Only(sees func(surveys.DepartmentID) bool) *Trend {
	some := *t
	some.judged = t.together()
	some.Series = slices.DeleteFunc(slices.Clone(t.Series), func(s Series) bool { return !sees(s.Department.ID) })
	return &some
}

func (t *Trend) together() []Series {
	if t.judged != nil {
		return t.judged
	}
	return t.Series
}

// Series is one department's line.
type Series struct {
	Department surveys.Department
	Points     []Group // by wave
}

// Participation is how many took part in a wave, whatever they answered.
type Participation struct {
	Group     Group
	Headcount int // 0: not known
}

// Signature names what the construct was measured with in a wave. A line is drawn, and moves are judged, only
// between waves with the same signature and survey.
func (t *Trend) Signature(wave int) string { return t.Waves[wave].Questionnaire.Signature(t.Construct) }

// Comparable reports whether two waves measured the construct with the same questions of the same survey.
func (t *Trend) Comparable(a, b int) bool {
	return t.Waves[a].Survey == t.Waves[b].Survey && t.Signature(a) == t.Signature(b)
}

// Trend reads a trend. It costs the same however many people answered.
func (r *Reader) Trend(ctx context.Context, ask TrendQuery) (*Trend, error) {
	var t *Trend
	axis := func() ([]Wave, error) { return r.axis(ctx, ask) }
	err := r.steady(ctx, axis, func(at *state) (err error) {
		t, err = r.trend(ctx, at, ask)
		return err
	})
	return t, err
}

func (r *Reader) trend(ctx context.Context, at *state, ask TrendQuery) (*Trend, error) {
	ids := at.ids()
	scores, err := tally.Scores(ctx, r.store, tally.OfConstruct(ask.Construct), ids)
	if err != nil {
		return nil, err
	}
	headcounts, err := waves.Headcounts(r.store.Read(ctx), ids)
	if err != nil {
		return nil, err
	}
	departments, err := people.Departments(ctx, r.store)
	if err != nil {
		return nil, err
	}
	t := &Trend{Construct: ask.Construct, Waves: at.axis}
	grids := make([]*grid, len(at.axis))
	for i, w := range at.axis {
		sub := subject{wave: w.Wave, questionnaire: w.Questionnaire, headcounts: headcounts[w.ID]}
		grids[i] = newGrid(sub, scores[w.ID], nil)
		everyone := newGrid(sub, at.taken[w.ID], nil)
		t.Taken = append(t.Taken, Participation{everyone.total(), everyone.organisation()})
		total := grids[i].total()
		if ask.Band != 0 {
			total = grids[i].band(ask.Band)
		}
		t.Total = append(t.Total, total)
	}
	t.Series = lines(grids, departments, ask.Band)
	return t, nil
}

// axis is the waves that measured the construct and whose results may be read.
func (r *Reader) axis(ctx context.Context, ask TrendQuery) ([]Wave, error) {
	all, err := r.Waves(ctx, ask.Survey)
	if err != nil {
		return nil, err
	}
	axis := slices.DeleteFunc(all, func(w Wave) bool {
		return !w.Showing() || !w.measures(ask.Construct)
	})
	if ask.Last > 0 && len(axis) > ask.Last {
		axis = axis[len(axis)-ask.Last:]
	}
	return axis, nil
}

func lines(grids []*grid, departments []surveys.Department, band surveys.BandID) []Series {
	var series []Series
	for _, d := range departments {
		if !slices.ContainsFunc(grids, func(g *grid) bool { return g.has(d.ID) }) {
			continue
		}
		s := Series{Department: d, Points: make([]Group, len(grids))}
		for i, g := range grids {
			s.Points[i] = g.of(d.ID, band)
		}
		series = append(series, s)
	}
	return series
}
