package analytics

import (
	"context"
	"slices"

	"soundings/analytics/brief"
	"soundings/surveys"
	"soundings/surveys/decisions"
)

// briefDecisions are those that the change leaves to the department, with what it answered to them in its newest closed wave
// that asked, and what was decided for it.
func (r *Reader) briefDecisions(ctx context.Context, from *briefSources, ask BriefAsk, b *Brief) error {
	list, err := decisions.Of(ctx, r.store, ask.Change.ID)
	if err != nil {
		return err
	}
	for i := range list {
		d := &list[i]
		if !d.Asks(ask.Department.ID) || d.Now().State == decisions.Withdrawn {
			continue
		}
		one := brief.Decision{ID: d.ID, Kind: d.Kind, Title: ofDecision(d, func(t decisions.Text) string { return t.Title })}
		for _, o := range d.Options {
			one.Answers = append(one.Answers, brief.Answer{ID: o.ID, From: o.From, Until: o.Until, Text: ofDecision(d, func(t decisions.Text) string { return t.Options[o.ID] })})
		}
		if e, ok := d.Outcome(ask.Department.ID); ok {
			one.Outcome = &brief.Outcome{Option: e.Option, Words: e.Words, Reason: e.Reason, Day: e.On}
		}
		if err := r.briefAnswers(ctx, ask, from.waves, d, &one); err != nil {
			return err
		}
		b.Decisions = append(b.Decisions, one)
	}
	return nil
}

func ofDecision(d *decisions.Decision, text func(decisions.Text) string) brief.Words {
	return wordsOf(d.Language, text(d.Text()), d.Translations, func(t decisions.Translation) string { return text(t.Text) })
}

// briefAnswers is what the department answered to a decision.
func (r *Reader) briefAnswers(ctx context.Context, ask BriefAsk, waves []Wave, of *decisions.Decision, d *brief.Decision) error {
	for _, w := range slices.Backward(waves) {
		if w.State != surveys.Closed || !of.IsAskedBy(w.Questionnaire.Document, ask.Change.Name) {
			continue
		}
		res, err := r.WaveResults(ctx, WaveQuery{Wave: w.ID, By: ByDepartment})
		if err != nil {
			return err
		}
		unit := slices.IndexFunc(res.Units, func(u Unit) bool { return u.Department.ID == ask.Department.ID })
		if unit < 0 {
			continue
		}
		m, _ := res.Measure("", of.Question())
		told := m.Units[unit]
		d.Asked, d.Hidden = true, told.Reason
		if !told.Shown() {
			return nil
		}
		d.N, d.Chosen = told.N, mostChosen(told.Options, nil)
		return nil
	}
	return nil
}
