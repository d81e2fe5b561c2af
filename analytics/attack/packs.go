package attack

import (
	"context"

	"soundings/analytics"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/changes"
)

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
