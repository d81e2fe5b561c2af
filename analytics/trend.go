package analytics

import (
	"context"
	"fmt"
	"slices"
	"time"

	"soundings/analytics/disclosure"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/waves"
)

// TrendQuery asks for a measure by department over waves: a question if there is one, else a construct. Zero values mean
// all.
type TrendQuery struct {
	Construct string
	Question  string // a scale, or a recommend question, whose trend is that of its score
	Survey    surveys.SurveyID
	Band      surveys.BandID
	Per       Period
	Zone      *time.Location // in which periods begin; nil: UTC
	Last      int            // only the latest waves
	// Items gives of a recommend question what a wave gives of it: the mean of its item scores, with the recommend score
	// beside it. Otherwise the score stands for the mean.
	Items bool
}

// Trend is a measure by department over time. All series have a point for every wave.
type Trend struct {
	Construct string
	Question  *surveys.Question // as the newest wave asked it; nil for a construct
	Waves     []Wave
	Left      int // waves left out for a later one of their period
	Older     int // waves before the first, left out where only the latest were asked for
	Series    []Series
	Total     []Group // the organisation, by wave
	Taken     []Participation
	Bands     []surveys.BandID // of which a department is shown in any of the waves

	known  *knownMoves // of a trend that was read; nil: none
	judged []Series    // what moves are judged together with: all departments; nil if Series are all
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
	Points     []Group    // by wave
	Taken      []Presence // by wave: who took part of it, whatever they answered
}

// Warns reports whether who took part in a wave casts doubt on the department's point.
func (s Series) Warns(wave int) bool { return wave < len(s.Taken) && s.Taken[wave].Warns() }

// Participation is how many took part in a wave, whatever they answered.
type Participation struct {
	Group     Group
	Headcount int // 0: not known
}

// Signature names what the construct was measured with in a wave. A line is drawn, and moves are judged, only
// between waves with the same signature and survey.
func (t *Trend) Signature(wave int) string {
	q := t.Waves[wave].Questionnaire
	if t.Question != nil {
		return fmt.Sprintf("%s@%d", t.Question.ID, q.Versions[t.Question.ID])
	}
	return q.Signature(t.Construct)
}

// Recommends reports whether the trend is that of a recommend score, from -100 to 100.
func (t *Trend) Recommends() bool { return t.Question != nil && t.Question.Kind == surveys.Recommend }

// Comparable reports whether two waves measured the construct with the same questions of the same survey.
func (t *Trend) Comparable(a, b int) bool {
	return t.Waves[a].Survey == t.Waves[b].Survey && t.Signature(a) == t.Signature(b)
}

// Trend reads a trend. It costs the same however many people answered. What it returns shares memory with what is
// remembered, and must not be changed.
func (r *Reader) Trend(ctx context.Context, ask TrendQuery) (*Trend, error) {
	var t *Trend
	left, older := 0, 0
	axis := func() (list []Wave, err error) {
		list, left, err = r.axis(ctx, ask)
		if older = 0; ask.Last > 0 && len(list) > ask.Last {
			older = len(list) - ask.Last
		}
		return list[older:], err
	}
	err := r.steady(ctx, axis, func(at *state) (sure bool, err error) {
		t, sure, err = r.keptTrend(ctx, at, ask)
		return sure, err
	})
	if err != nil {
		return nil, err
	}
	own := *t // what is kept is shared
	own.Left, own.Older = left, older
	return &own, nil
}

func (r *Reader) keptTrend(ctx context.Context, at *state, ask TrendQuery) (t *Trend, known bool, err error) {
	from := &basis{ask: askedTrend{ask.Construct, ask.Question, ask.Items, ask.Band}, at: at}
	if from.departments, err = people.Departments(ctx, r.store); err != nil {
		return nil, false, err
	}
	if from.bands, err = people.Bands(ctx, r.store); err != nil {
		return nil, false, err
	}
	if answer, ok := r.kept.get(from); ok {
		return answer.(*Trend), true, nil
	}
	if t, err = r.trend(ctx, from, ask); err == nil && from.lasting() {
		r.kept.put(from, t)
	}
	return t, false, err
}

func (r *Reader) trend(ctx context.Context, from *basis, ask TrendQuery) (*Trend, error) {
	at := from.at
	headcounts, err := waves.Headcounts(r.store.Read(ctx), at.ids())
	if err != nil {
		return nil, err
	}
	taken, err := tally.TakingPart(ctx, r.store, at.ids())
	if err != nil {
		return nil, err
	}
	grids, err := r.grids(ctx, at, ask, headcounts)
	if err != nil {
		return nil, err
	}
	rolls, err := r.rolls(ctx, at.axis, headcounts, from.bands)
	if err != nil {
		return nil, err
	}
	t := &Trend{Construct: ask.Construct, Waves: at.axis, Series: lines(grids, rolls, from.departments, ask.Band), Bands: seen(grids), known: &knownMoves{list: map[judged][]Move{}}}
	for i, w := range at.axis {
		everyone := single(w, tally.Everyone, taken[w.ID], headcounts[w.ID])
		t.Taken = append(t.Taken, Participation{everyone.total(), everyone.organisation()})
		total := grids[i].total()
		if ask.Band != 0 {
			total = grids[i].band(ask.Band)
		}
		t.Total = append(t.Total, total)
		if q, ok := w.Questionnaire.Document.Question(ask.Question); ok {
			t.Question = q
		}
	}
	if t.Recommends() && !ask.Items {
		t.byScore()
	}
	return t, nil
}

// grids are the measure's tables by wave. Those of a construct are read together; of a question it takes more, see
// gate.Needs.
func (r *Reader) grids(ctx context.Context, at *state, ask TrendQuery, headcounts map[surveys.WaveID]map[surveys.DepartmentID]int) ([]*grid, error) {
	grids := make([]*grid, len(at.axis))
	if ask.Question != "" {
		for i, w := range at.axis {
			q, _ := w.Questionnaire.Document.Question(ask.Question)
			g, err := r.grid(ctx, w, tally.OfQuestion(ask.Question), q)
			if err != nil {
				return nil, err
			}
			grids[i] = g
		}
		return grids, nil
	}
	scores, err := tally.Scores(ctx, r.store, tally.OfConstruct(ask.Construct), at.ids())
	if err != nil {
		return nil, err
	}
	for i, w := range at.axis {
		grids[i] = single(w, tally.OfConstruct(ask.Construct), scores[w.ID], headcounts[w.ID])
	}
	return grids, nil
}

// seen are the bands of which something is shown, so that a page need not offer the others.
func seen(grids []*grid) []surveys.BandID {
	var list []surveys.BandID
	for _, g := range grids {
		for j, band := range g.Bands {
			shown := func(row []disclosure.Decision) bool { return row[j].Level == disclosure.Shown }
			if !slices.Contains(list, band) && slices.ContainsFunc(g.Decisions.Cells, shown) {
				list = append(list, band)
			}
		}
	}
	return list
}

// axis is the waves that measured what is asked for and whose results may be read, and how many the periods leave out.
func (r *Reader) axis(ctx context.Context, ask TrendQuery) (axis []Wave, left int, err error) {
	all, err := r.Waves(ctx, ask.Survey)
	if err != nil {
		return nil, 0, err
	}
	axis = slices.DeleteFunc(all, func(w Wave) bool { return !w.Showing() || !ask.MeasuredBy(w) })
	axis, left = ask.thinned(axis)
	return axis, left, nil
}

// MeasuredBy reports whether a wave measured what is asked for.
func (ask TrendQuery) MeasuredBy(w Wave) bool {
	if ask.Question == "" {
		return w.measures(ask.Construct)
	}
	q, ok := w.Questionnaire.Document.Question(ask.Question)
	return ok && (q.Kind == surveys.Scale || q.Kind == surveys.Recommend)
}

func lines(grids []*grid, rolls []roll, departments []surveys.Department, band surveys.BandID) []Series {
	var series []Series
	for _, d := range departments {
		if !slices.ContainsFunc(grids, func(g *grid) bool { return g.has(d.ID) }) {
			continue
		}
		s := Series{Department: d, Points: make([]Group, len(grids)), Taken: make([]Presence, len(grids))}
		for i, g := range grids {
			s.Points[i] = g.of(d.ID, band)
			s.Taken[i] = rolls[i].of(WaveQuery{Band: band}, Unit{Department: d})
		}
		series = append(series, s)
	}
	return series
}
