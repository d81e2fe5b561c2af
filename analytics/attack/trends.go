package attack

import (
	"context"
	"slices"

	"soundings/analytics"
	"soundings/analytics/tally"
	"soundings/surveys"
)

// trend is every construct and scored question over time, under every band, as far as it is of the wave.
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
