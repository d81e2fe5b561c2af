package attack

import (
	"context"
	"slices"

	"soundings/analytics"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/store"
)

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
