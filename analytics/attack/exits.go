package attack

import (
	"context"
	"slices"

	"soundings/analytics"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/store"
)

// Exit is a way by which figures of a wave leave the program.
type Exit struct {
	Name string
	// Shows names the pages, addresses of the API (method and path, as in the route table) and commands that show
	// nothing but what Read reads, or sums and comparisons of it.
	Shows []string
	// Read reads all that it tells of a wave now, under every filter.
	Read func(ctx context.Context, w Wave) ([]Fact, error)
}

// Exits lists all of them.
func Exits() []Exit {
	return []Exit{
		{"results", []string{
			"GET /api/v1/results/waves/:wave",
			"GET /api/v1/results/waves/:wave/questions/:question",
		}, results},
		{"trend", []string{
			"GET /",
			"GET /trend",
			"GET /trend/chart.json",
			"GET /api/v1/results/trend",
		}, trend},
		{"attendance", []string{
			"GET /waves",
			"GET /waves/:wave",
			"GET /waves/:wave/close",
		}, attendance},
		{"responses", []string{"soundings export responses"}, responses},
		{"comments", []string{"soundings export responses"}, comments},
	}
}

// Silent lists what staff and programs may ask for that shows no figure of any respondent.
func Silent() []string {
	return []string{
		"GET /numbers",
		"GET /waves/new",
		"GET /waves/dates.json",
		"GET /waves/plans/:plan/edit",
		"GET /waves/plans/:plan/check",
		"GET /waves/:wave/posters",
		"GET /waves/:wave/links/:link/qr.svg",
		"GET /waves/:wave/invitations",
		"GET /api/v1/surveys",
		"GET /api/v1/waves",
	}
}

// Wave is a wave under attack, and the means to read it.
type Wave struct {
	surveys.Wave
	Questionnaire *surveys.Questionnaire
	Store         *store.Store
	Reader        *analytics.Reader
	Departments   []surveys.Department
	Bands         []surveys.Band
}

// Measures lists what the Reader is asked for: every construct and every question that is counted.
func (w Wave) Measures() []tally.Measure {
	var list []tally.Measure
	for _, id := range w.Questionnaire.Document.ConstructIDs() {
		list = append(list, tally.OfConstruct(id))
	}
	for _, q := range w.Questionnaire.Document.Questions {
		if q.Kind != surveys.Text {
			list = append(list, tally.OfQuestion(q.ID))
		}
	}
	return list
}

func results(ctx context.Context, w Wave) (facts []Fact, err error) {
	for _, m := range w.Measures() {
		ask := analytics.Breakdown{Wave: w.ID, By: analytics.ByDepartment}
		if kind, id := m[:2], string(m[2:]); kind == "c." {
			ask.Construct = id
		} else {
			ask.Question = id
		}
		for _, band := range append([]surveys.Band{{}}, w.Bands...) {
			ask.Band = band.ID
			res, err := w.Reader.Results(ctx, ask)
			if err != nil {
				return nil, err
			}
			facts = appendFact(facts, "results", m, one(0, band.ID), res.Total)
			for _, g := range res.Groups {
				facts = appendFact(facts, "results", m, one(g.Department.ID, band.ID), g.Group)
			}
		}
		ask.By, ask.Band = analytics.ByBand, 0
		// By band within one department shows the cells that each band by department shows; that the two say the same
		// is tested where they are made (TestNoViewTells... in analytics). One department stands for all here.
		for _, d := range append([]surveys.Department{{}}, w.Departments[:min(1, len(w.Departments))]...) {
			ask.Department = d.ID
			res, err := w.Reader.Results(ctx, ask)
			if err != nil {
				return nil, err
			}
			facts = appendFact(facts, "results", m, one(d.ID, 0), res.Total)
			for _, g := range res.Groups {
				facts = appendFact(facts, "results", m, one(d.ID, g.Band.ID), g.Group)
			}
		}
	}
	return facts, nil
}

func appendFact(facts []Fact, exit string, m tally.Measure, of Group, g analytics.Group) []Fact {
	if f, ok := fact(exit, m, of, g); ok {
		return append(facts, f)
	}
	return facts
}

func trend(ctx context.Context, w Wave) (facts []Fact, err error) {
	for _, construct := range w.Questionnaire.Document.ConstructIDs() {
		for _, band := range append([]surveys.Band{{}}, w.Bands...) {
			t, err := w.Reader.Trend(ctx, analytics.TrendQuery{Construct: construct, Survey: w.Survey, Band: band.ID})
			if err != nil {
				return nil, err
			}
			at := slices.IndexFunc(t.Waves, func(other analytics.Wave) bool { return other.ID == w.ID })
			if at < 0 {
				continue // its results wait for its closing
			}
			m := tally.OfConstruct(construct)
			facts = appendFact(facts, "trend", m, one(0, band.ID), t.Total[at])
			facts = appendFact(facts, "trend", tally.Everyone, Group{}, t.Taken[at].Group)
			for _, s := range t.Series {
				facts = appendFact(facts, "trend", m, one(s.Department.ID, band.ID), s.Points[at])
			}
		}
	}
	return facts, nil
}

func attendance(ctx context.Context, w Wave) (facts []Fact, err error) {
	t, err := w.Reader.Attendance(ctx, w.ID)
	if err != nil {
		return nil, err
	}
	for _, d := range t.Departments {
		if d.Told {
			facts = append(facts, Fact{"attendance", tally.Everyone, one(d.Department.ID, 0), AtLeast, d.AtLeast})
		}
	}
	return facts, nil
}
