package attack

import (
	"context"

	"soundings/analytics"
	"soundings/analytics/brief"
	"soundings/analytics/disclosure"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/changes"
)

// briefs is what the briefs of all departments tell, of the change that the wave is about.
func briefs(ctx context.Context, w Wave) (facts []Fact, err error) {
	if w.State != surveys.Closed {
		return nil, nil
	}
	for _, d := range w.Departments {
		b, err := w.Reader.Brief(ctx, analytics.BriefAsk{Change: changes.Change{Name: w.Questionnaire.Document.Change}, Department: d, Day: "2026-02-01"})
		if err != nil {
			return nil, err
		}
		facts = append(facts, w.told("brief", &b.Brief)...)
	}
	return facts, nil
}

// told is what a brief tells of the wave, and of decisions, which are among the measures of the wave too. All others are everyone less the department, which follows from the figures of both.
func (w Wave) told(exit string, b *brief.Brief) (facts []Fact) {
	if b.Wave == nil || b.Wave.ID != w.ID {
		return nil
	}
	of := one(b.Department, 0)
	tell := func(m tally.Measure, f brief.Figure) {
		g := analytics.Group{Reason: f.Reason, Headcount: f.Headcount}
		switch {
		case f.Shown:
			g.Level, g.N = disclosure.Shown, f.N
		case f.Between != nil:
			g = analytics.Group{Level: disclosure.Coarse, Headcount: f.Headcount, N: f.N, Scored: true, Coarse: &analytics.Coarse{MeanLow: f.Between[0], MeanHigh: f.Between[1]}}
		case f.N+int(f.Mean+f.Low+f.High) != 0:
			g.N, g.Mean = f.N, f.Mean // a figure of what calls itself hidden
		}
		facts = appendFact(facts, exit, m, of, g)
	}
	tell(tally.OfConstruct(surveys.Openness), b.Standing)
	if b.Answered > 0 {
		facts = append(facts, Fact{Exit: exit, Measure: tally.Everyone, Group: of, N: b.Answered})
	}
	for _, item := range b.Weakest {
		tell(tally.OfQuestion(item.Question), item.Own)
	}
	for _, c := range b.Choices {
		facts = append(facts, Fact{Exit: exit, Measure: tally.OfQuestion(c.Question), Group: of, N: c.N})
	}
	for _, d := range b.Drivers {
		f := Fact{Exit: exit, Measure: tally.OfConstruct(surveys.Openness), Group: of, Told: Jointly, N: d.N, With: d.Question}
		if d.Everyone {
			f.Group = Group{}
		}
		facts = append(facts, f)
	}
	return facts
}
