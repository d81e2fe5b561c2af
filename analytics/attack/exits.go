package attack

import (
	"context"
	"slices"

	"soundings/analytics"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/changes"
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
		{"wave", []string{
			"GET /results",
			"GET /results/waves/:wave",
			"GET /results/waves/:wave/heatmap.json",
			"GET /results/waves/:wave/heatmap.svg",
			"GET /results/waves/:wave/answers.json",
			"GET /results/waves/:wave/answers.svg",
			"GET /results/waves/:wave/questions/:question",
			"GET /results/waves/:wave/questions/:question/chart.json",
			"GET /results/waves/:wave/questions/:question/chart.svg",
			"GET /exports/surveys/:survey/results.csv",
			"GET /exports/surveys/:survey/results.xlsx",
			"GET /exports/waves/:wave/results.csv",
			"GET /exports/waves/:wave/results.xlsx",
			"soundings export results",
			"soundings export all",
			"GET /departments/:department",
			"GET /changes/:change/pitches/edit",
			"GET /changes/:change/decisions/:decision",
			"GET /compare",
			"GET /compare/chart.json",
			"GET /compare/chart.svg",
			// A state is made of printed figures; that trying every target tells no more is tested where it is made.
			"GET /milestones",
			"GET /milestones/:milestone",
			"GET /api/v1/milestones",
		}, wave},
		{"drivers", []string{
			"GET /departments/:department",
			"GET /changes/:change/pitches/edit",
			"GET /exports/surveys/:survey/results.csv",
			"GET /exports/surveys/:survey/results.xlsx",
			"GET /exports/waves/:wave/results.csv",
			"GET /exports/waves/:wave/results.xlsx",
			"soundings export results",
			"soundings export all",
		}, drivers},
		{"decisions", []string{
			"GET /changes/:change",
			"GET /changes/:change/decisions/:decision",
			"GET /api/v1/changes/:name/decisions",
		}, wishes},
		{"results", []string{
			"GET /api/v1/results/waves/:wave",
			"GET /api/v1/results/waves/:wave/questions/:question",
		}, results},
		{"trend", []string{
			"GET /",
			"GET /trend",
			"GET /trend/chart.json",
			"GET /trend/chart.svg",
			"GET /exports/surveys/:survey/results.xlsx",
			"GET /exports/waves/:wave/results.xlsx",
			"GET /departments",
			"GET /departments/:department/chart.json",
			"GET /departments/:department/chart.svg",
			"GET /changes/:change",
			"GET /promises",
			"GET /changes/:change/pitches/edit",
			"GET /milestones",
			"GET /milestones/:milestone",
			"GET /api/v1/milestones",
			"GET /api/v1/results/trend",
		}, trend},
		{"effect", []string{
			"GET /visits/effect",
			"GET /visits/effect/chart.json",
			"GET /visits/effect/chart.svg",
			"GET /visits/effect/effect.csv",
			"GET /api/v1/visits/effect",
			"soundings export visits",
		}, effect},
		{"brief", []string{
			"GET /changes/:change/brief/:department",
			"GET /api/v1/changes/:name/brief/:department",
		}, briefs},
		{"pack", []string{
			"GET /packs/:pack",
			"GET /packs/:pack/pack.json",
			"GET /packs/:pack/waves/:wave/results.xlsx",
			"GET /packs/:pack/waves/:wave/trend.json",
			"GET /packs/:pack/waves/:wave/trend.svg",
		}, pack},
		{"trials", []string{
			"GET /changes/:change/pitches",
			"GET /changes/:change/pitches/edit",
			"GET /exports/surveys/:survey/results.csv",
			"GET /exports/surveys/:survey/results.xlsx",
			"GET /exports/waves/:wave/results.csv",
			"GET /exports/waves/:wave/results.xlsx",
			"GET /api/v1/results/waves/:wave/trials",
			"soundings export results",
			"soundings export all",
		}, trials},
		{"attendance", []string{
			"GET /waves",
			"GET /waves/:wave",
			"GET /waves/:wave/close",
		}, attendance},
		{"responses", []string{
			"GET /exports/waves/:wave/responses.csv",
			"GET /exports/waves/:wave/responses.xlsx",
			"soundings export responses",
			"soundings export all",
		}, responses},
		{"comments", []string{
			"GET /exports/waves/:wave/comments.csv",
			"GET /packs/:pack/waves/:wave/results.xlsx",
			"GET /exports/surveys/:survey/results.xlsx",
			"GET /exports/waves/:wave/results.xlsx",
			"soundings export responses",
			"soundings export all",
		}, comments},
		{"quotes", []string{
			"GET /comments",
			"GET /comments/hidden",
			"GET /packs/:pack",
			"GET /changes/:change/pitches/edit",
			"GET /changes/:change/brief/:department",
		}, quoted},
	}
}

// Silent lists what staff and programs may ask for that shows no figure of any respondent.
func Silent() []string {
	return []string{
		"GET /numbers",
		"GET /exports",
		"GET /comments/tags",
		// Titles and days of what IT planned and promised.
		"GET /week",
		"GET /changes",
		// Supporters are browsers that somebody supported an idea with, not respondents; no idea knows a response.
		"GET /ideas",
		"GET /ideas/:idea",
		"GET /packs",
		"GET /packs/new",
		// What IT wrote down itself about its visits; nothing of it comes from answers.
		"GET /visits",
		"GET /visits/:visit",
		// What IT promised.
		"GET /promises/:promise",
		// Who has volunteered by name; nothing of it comes from answers.
		"GET /champions",
		"GET /waves/new",
		"GET /waves/dates.json",
		"GET /waves/plans/:plan/edit",
		"GET /waves/plans/:plan/check",
		"GET /waves/:wave/posters",
		"GET /waves/:wave/links/:link/qr.svg",
		"GET /waves/:wave/invitations",
		"GET /api/v1/changes",
		"GET /api/v1/champions",
		"GET /api/v1/visits",
		"GET /api/v1/ideas", // as the pages
		"GET /api/v1/promises",
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

// everyBand and everyDepartment stand before the filters of that kind: none is set.
func (w Wave) everyBand() []surveys.Band { return append([]surveys.Band{{}}, w.Bands...) }
func (w Wave) everyDepartment() []surveys.Department {
	return append([]surveys.Department{{}}, w.Departments...)
}

// measureOf is the measure of a construct or a question.
func measureOf(construct string, q *surveys.Question) tally.Measure {
	if q != nil {
		return tally.OfQuestion(q.ID)
	}
	return tally.OfConstruct(construct)
}

// wave is everything a wave measured, by department under every band, and by band. By band within one department is the
// same cells again; that both ways say the same is tested where they are made.
func wave(ctx context.Context, w Wave) (facts []Fact, err error) {
	read := func(ask analytics.WaveQuery) error {
		ask.Wave = w.ID
		res, err := w.Reader.WaveResults(ctx, ask)
		if err != nil {
			return err
		}
		facts = append(facts, measured("wave", res)...)
		return nil
	}
	for _, band := range w.everyBand() {
		if err := read(analytics.WaveQuery{By: analytics.ByDepartment, Band: band.ID}); err != nil {
			return nil, err
		}
	}
	return facts, read(analytics.WaveQuery{By: analytics.ByBand})
}

// measured is everything in the results of a wave.
func measured(exit string, res *analytics.WaveResults) (facts []Fact) {
	of := func(u analytics.Unit) Group { return one(u.Department.ID, res.Ask.Band+u.Band.ID) }
	facts = appendFact(facts, exit, tally.Everyone, of(analytics.Unit{}), res.TakenAll.Group)
	for i, u := range res.Units {
		facts = appendFact(facts, exit, tally.Everyone, of(u), res.Taken[i].Group)
	}
	for _, m := range res.Measures {
		measure := measureOf(m.Construct, m.Question)
		facts = appendFact(facts, exit, measure, of(analytics.Unit{}), m.Total.Group)
		for i, u := range res.Units {
			facts = appendFact(facts, exit, measure, of(u), m.Units[i].Group)
		}
		if m.Reliability != nil {
			facts = append(facts, Fact{Exit: exit, Measure: measure, Told: Jointly, N: m.Reliability.Persons})
		}
	}
	return facts
}

// pack is a pack of one wave, of every other department, as it is read back from its document.
func pack(ctx context.Context, w Wave) (facts []Fact, err error) {
	if w.State != surveys.Closed {
		return nil, nil
	}
	ask := analytics.PackAsk{Title: "Pack", Meeting: "2026-02-01", Waves: []surveys.WaveID{w.ID}, Day: "2026-02-01",
		Changes: []changes.Change{{ID: 1, Name: w.Questionnaire.Document.Change, Language: "en", Everybody: true}}}
	for i := 0; i < len(w.Departments); i += 2 {
		ask.Departments = append(ask.Departments, w.Departments[i].ID)
	}
	made, err := w.Reader.Pack(ctx, ask)
	if err != nil {
		return nil, err
	}
	source, err := made.Document()
	if err != nil {
		return nil, err
	}
	if made, err = analytics.ReadPack(source); err != nil {
		return nil, err
	}
	for _, b := range made.Briefs {
		facts = append(facts, w.told("pack", &b.Brief)...)
	}
	for _, part := range made.Parts {
		facts = append(facts, measured("pack", part.Results)...)
		if part.Trend == nil {
			continue
		}
		last, measure := len(part.Trend.Waves)-1, tally.OfConstruct(part.Trend.Construct)
		facts = appendFact(facts, "pack", measure, Group{}, part.Trend.Total[last])
		for _, s := range part.Trend.Series {
			facts = appendFact(facts, "pack", measure, one(s.Department.ID, 0), s.Points[last])
		}
	}
	return facts, nil
}

// drivers is how questions go with the constructs, in departments and among everyone.
func drivers(ctx context.Context, w Wave) (facts []Fact, err error) {
	res, err := w.Reader.WaveResults(ctx, analytics.WaveQuery{Wave: w.ID, By: analytics.ByDepartment})
	if err != nil {
		return nil, err
	}
	for _, construct := range w.Questionnaire.Document.ConstructIDs() {
		all := res.Drivers(construct)
		tell := func(list []analytics.Driver, of Group) {
			for _, d := range list {
				facts = append(facts, Fact{Exit: "drivers", Measure: tally.OfConstruct(construct), Group: of, Told: Jointly, N: d.N, With: d.Question.ID})
			}
		}
		tell(all.Everyone(), Group{})
		for _, department := range w.Departments {
			own := slices.DeleteFunc(all.Of(department.ID), func(d analytics.Driver) bool { return d.Everyone })
			tell(own, one(department.ID, 0))
		}
	}
	return facts, nil
}

// wishes is what departments chose most, one by one, all together and in halves: everybody may make decisions of any question
// for any departments.
func wishes(ctx context.Context, w Wave) (facts []Fact, err error) {
	res, err := w.Reader.WaveResults(ctx, analytics.WaveQuery{Wave: w.ID, By: analytics.ByDepartment})
	if err != nil {
		return nil, err
	}
	for _, q := range w.Questionnaire.Document.Questions {
		if q.Kind != surveys.Choice {
			continue
		}
		tell := func(of func(surveys.DepartmentID) bool) {
			if wish := analytics.Wished([]*analytics.WaveResults{res}, q.ID, of); wish.N > 0 {
				facts = append(facts, Fact{Exit: "decisions", Measure: tally.OfQuestion(q.ID), Group: Group{Departments: wish.Counted}, N: wish.N})
			}
		}
		for i, department := range w.Departments {
			tell(func(id surveys.DepartmentID) bool { return id == department.ID })
			tell(func(id surveys.DepartmentID) bool { return slices.Contains(idsOf(w.Departments[:i]), id) })
		}
		tell(func(surveys.DepartmentID) bool { return true })
	}
	return facts, nil
}

// idsOf are the ids of departments.
func idsOf(departments []surveys.Department) (ids []surveys.DepartmentID) {
	for _, d := range departments {
		ids = append(ids, d.ID)
	}
	return ids
}

// results is one measure of a wave at a time.
func results(ctx context.Context, w Wave) (facts []Fact, err error) {
	for _, m := range w.Measures() {
		ask := analytics.Breakdown{Wave: w.ID, By: analytics.ByDepartment}
		if kind, id := m[:2], string(m[2:]); kind == "c." {
			ask.Construct = id
		} else {
			ask.Question = id
		}
		for _, band := range w.everyBand() {
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
	read := func(m tally.Measure, ask analytics.TrendQuery) error {
		ask.Survey = w.Survey
		for _, band := range w.everyBand() {
			ask.Band = band.ID
			t, err := w.Reader.Trend(ctx, ask)
			if err != nil {
				return err
			}
			at := slices.IndexFunc(t.Waves, func(other analytics.Wave) bool { return other.ID == w.ID })
			if at < 0 {
				return nil // its results wait for its closing
			}
			facts = appendFact(facts, "trend", m, one(0, band.ID), t.Total[at])
			facts = appendFact(facts, "trend", tally.Everyone, Group{}, t.Taken[at].Group)
			for _, s := range t.Series {
				facts = appendFact(facts, "trend", m, one(s.Department.ID, band.ID), s.Points[at])
			}
		}
		return nil
	}
	doc := w.Questionnaire.Document
	for _, id := range doc.ConstructIDs() {
		if err := read(tally.OfConstruct(id), analytics.TrendQuery{Construct: id}); err != nil {
			return nil, err
		}
	}
	for i := range doc.Questions {
		if q := &doc.Questions[i]; q.Scored() {
			for _, items := range []bool{false, true} {
				if err := read(tally.OfQuestion(q.ID), analytics.TrendQuery{Construct: surveys.Openness, Question: q.ID, Items: items}); err != nil {
					return nil, err
				}
				if q.Kind != surveys.Recommend {
					break // it is the same
				}
			}
		}
	}
	return facts, nil
}

// effect is every comparison of departments visited and not visited in which the wave is one of the two. What it comes to
// follows from the figures of the departments.
func effect(ctx context.Context, w Wave) (facts []Fact, err error) {
	if w.State != surveys.Closed {
		return nil, nil
	}
	for _, construct := range w.Questionnaire.Document.ConstructIDs() {
		ask := analytics.EffectQuery{Survey: w.Survey, Construct: construct}
		all, err := w.Reader.VisitEffect(ctx, ask)
		if err != nil {
			return nil, err
		}
		for _, other := range all.Waves {
			ask.Before, ask.After = other.ID, w.ID
			e, err := w.Reader.VisitEffect(ctx, ask)
			if err != nil {
				return nil, err
			}
			for _, r := range e.Rows {
				g := r.Before
				if e.After.ID == w.ID {
					g = r.After
				}
				facts = appendFact(facts, "effect", tally.OfConstruct(construct), one(r.Department.ID, 0), g)
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
			facts = append(facts, Fact{Exit: "attendance", Measure: tally.Everyone, Group: one(d.Department.ID, 0), Told: AtLeast, N: d.AtLeast})
		}
	}
	return facts, nil
}
