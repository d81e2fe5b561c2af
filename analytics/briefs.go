package analytics

import (
	"cmp"
	"context"
	"slices"

	"soundings/analytics/brief"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/champions"
	"soundings/surveys/changes"
	"soundings/surveys/decisions"
	"soundings/surveys/ideas"
	"soundings/surveys/people"
	"soundings/surveys/promises"
	"soundings/surveys/visits"
)

// How much of each a brief has room for.
const (
	briefItems    = 3
	briefOptions  = 3
	briefDrivers  = 3
	briefPromises = 4
	briefIdeas    = 3
	briefEarlier  = 2
)

// Brief is what one page says before a change is put to a department. Figures are those of its newest wave about the change
// in which the department was asked; where there is none, of its newest wave that measured openness.
type Brief struct {
	brief.Brief
	Questionnaire *surveys.Questionnaire // of the wave; nil where there is none
}

// BriefAsk asks for a brief.
type BriefAsk struct {
	Change     changes.Change
	Department surveys.Department
	Day        surveys.Day // on which it is read
}

// briefSources are what briefs on any change for any department are made from, read once for all of them.
type briefSources struct {
	waves     []Wave
	changes   []changes.Change
	promises  []promises.Promise // the overdue first, then the open, then the others
	visits    []visits.Visit
	ideas     []ideas.Idea
	credits   map[changes.ID]ideas.Credit
	champions []champions.Champion
	bands     []surveys.Band
}

func (r *Reader) briefSources(ctx context.Context) (from *briefSources, err error) {
	from = &briefSources{}
	if from.waves, err = r.Waves(ctx, 0); err != nil {
		return nil, err
	}
	if from.changes, err = changes.List(ctx, r.store); err != nil {
		return nil, err
	}
	if from.promises, err = promises.List(ctx, r.store); err != nil {
		return nil, err
	}
	promises.ByUrgency(from.promises)
	if from.visits, err = visits.List(ctx, r.store); err != nil {
		return nil, err
	}
	if from.ideas, err = ideas.List(ctx, r.store); err != nil {
		return nil, err
	}
	if from.credits, err = ideas.Credits(ctx, r.store); err != nil {
		return nil, err
	}
	if from.champions, err = champions.List(ctx, r.store); err != nil {
		return nil, err
	}
	from.bands, err = people.Bands(ctx, r.store)
	return from, err
}

// Brief reads a brief. Its figures are those of the pages of the wave, the department and the trend.
func (r *Reader) Brief(ctx context.Context, ask BriefAsk) (*Brief, error) {
	from, err := r.briefSources(ctx)
	if err != nil {
		return nil, err
	}
	return r.brief(ctx, from, ask)
}

func (r *Reader) brief(ctx context.Context, from *briefSources, ask BriefAsk) (*Brief, error) {
	b := &Brief{Brief: brief.Brief{Change: ask.Change.ID, Department: ask.Department.ID, DepartmentName: ask.Department.Name, Day: ask.Day,
		ChangeTitle: ofChange(&ask.Change, func(t changes.Text) string { return t.Title }),
		StillOpen:   ofChange(&ask.Change, func(t changes.Text) string { return t.StillOpen })}}
	for _, part := range []func(context.Context, *briefSources, BriefAsk, *Brief) error{r.briefDecisions, r.briefFigures, r.briefPitches, r.briefEarlier} {
		if err := part(ctx, from, ask, b); err != nil {
			return nil, err
		}
	}
	from.tellPromises(ask, b)
	from.tellVisits(ask, b)
	from.tellIdeas(ask, b)
	for i := range from.champions {
		if from.champions[i].Active() && from.champions[i].Department == ask.Department.ID {
			b.Champions++
		}
	}
	return b, nil
}

// Briefed reports whether there is a brief on a change for a department: one that it concerns and that is asked.
func Briefed(change *changes.Change, d *surveys.Department) bool {
	return change.Concerns(d.ID) && d.Asked()
}

// ofChange is one of the texts of a change in all its languages.
func ofChange(c *changes.Change, text func(changes.Text) string) brief.Words {
	return wordsOf(c.Language, text(c.Text), c.Translations, func(t changes.Translation) string { return text(t.Text) })
}

// wordsOf is a text with its translations, whatever else these hold.
func wordsOf[Translation any](language, original string, translations map[string]Translation, text func(Translation) string) brief.Words {
	w := brief.Words{Own: language, By: map[string]string{language: original}}
	for lang, t := range translations {
		w.By[lang] = text(t)
	}
	return w
}

// briefWave is the wave that a brief is about, with its results, and the place of the department among its units; nil where
// nothing about openness was asked of the department.
func (r *Reader) briefWave(ctx context.Context, from *briefSources, ask BriefAsk) (res *WaveResults, unit int, newest bool, err error) {
	all := slices.DeleteFunc(slices.Clone(from.waves), func(w Wave) bool { return w.State != surveys.Closed || !w.measures(surveys.Openness) })
	last := map[surveys.SurveyID]surveys.WaveID{}
	for _, w := range all {
		last[w.Survey] = w.ID
	}
	about := func(w Wave) int { return order(w.Questionnaire.Document.Change == ask.Change.Name) }
	slices.Reverse(all)
	slices.SortStableFunc(all, func(a, b Wave) int { return cmp.Compare(about(b), about(a)) })
	for _, w := range all {
		res, err := r.WaveResults(ctx, WaveQuery{Wave: w.ID, By: ByDepartment})
		if err != nil {
			return nil, 0, false, err
		}
		if unit = slices.IndexFunc(res.Units, func(u Unit) bool { return u.Department.ID == ask.Department.ID }); unit >= 0 {
			return res, unit, last[w.Survey] == w.ID, nil
		}
	}
	return nil, 0, false, nil
}

func (r *Reader) briefFigures(ctx context.Context, from *briefSources, ask BriefAsk, b *Brief) error {
	res, unit, newest, err := r.briefWave(ctx, from, ask)
	if err != nil || res == nil {
		return err
	}
	w := res.Wave
	b.Questionnaire = w.Questionnaire
	b.Wave = &brief.Wave{ID: w.ID, Survey: w.Survey, Questionnaire: w.Questionnaire.ID, Label: w.Label, About: w.Questionnaire.Document.Change == ask.Change.Name, Newest: newest}
	if taken := res.Taken[unit]; taken.Shown() {
		b.Answered, b.Doubt = taken.N, doubtOf(taken)
		if taken.HasRate {
			b.Asked, b.Rate = taken.Asked, taken.Rate
		}
	}
	list := res.Elsewhere(unit)
	if d := On(list, surveys.Openness); d != nil {
		b.Standing, b.Others, b.Difference = figureOf(d.A.Group), figureOf(d.B.Group), d.Between.Verdict
	}
	for _, d := range list {
		if q := d.Measure.Question; q != nil && q.Kind == surveys.Scale && d.Between.Verdict == stats.ClearlyDown {
			b.Behind++
		}
	}
	_, weakest := Extremes(list, briefItems)
	for _, d := range weakest {
		b.Weakest = append(b.Weakest, brief.Item{Question: d.Measure.Question.ID, Own: figureOf(d.A.Group), Others: figureOf(d.B.Group), Verdict: d.Between.Verdict})
	}
	// What they answered to a decision stands with it if it is one of this change, and is none of its concern if not.
	b.Choices = slices.DeleteFunc(choicesOf(list), func(c brief.Choice) bool { return decisions.IsQuestion(c.Question) })
	for _, d := range res.Drivers(surveys.Openness).Of(ask.Department.ID) {
		if len(b.Drivers) < briefDrivers {
			b.Drivers = append(b.Drivers, brief.Driver{Question: d.Question.ID, Item: d.Item, Coefficient: d.Coefficient, Low: d.Low, High: d.High, HasInterval: d.HasInterval, N: d.N, Everyone: d.Everyone})
		}
	}
	return r.briefMove(ctx, ask, b)
}

// figureOf is what may be told of a group, without what only further figures could be worked out from.
func figureOf(g Group) brief.Figure {
	f := brief.Figure{Shown: g.Shown(), Reason: g.Reason, N: g.N, Headcount: g.Headcount, Mean: g.Mean, Low: g.Low, High: g.High, HasInterval: g.HasInterval}
	if c := g.Coarse; c != nil {
		f.Between = &[2]float64{c.MeanLow, c.MeanHigh}
	}
	return f
}

func doubtOf(taken Presence) brief.Doubt {
	d := brief.Doubt{FewAnswered: taken.Few}
	if s := taken.Skew; s != nil {
		d.BandOff = &brief.BandOff{Band: s.Band.Name, Answered: s.Answered, Asked: s.Asked}
	}
	return d
}

// choicesOf are the questions with options that are shown of the department, the options most of them chose first.
func choicesOf(list []Difference) (choices []brief.Choice) {
	for _, d := range list {
		q := d.Measure.Question
		if q == nil || len(d.A.Options) == 0 || !d.A.Shown() {
			continue
		}
		choices = append(choices, brief.Choice{Question: q.ID, Kind: q.Kind, N: d.A.N, Options: mostChosen(d.A.Options, d.Options)})
	}
	return choices
}

// mostChosen are the options that most people chose, those first; against is how their shares differ from the others' and may
// be empty.
func mostChosen(told []OptionTold, against []Change) (options []brief.Option) {
	for i, o := range told {
		option := brief.Option{ID: o.ID, Count: o.Share.Count, Percent: o.Share.Percent, Low: o.Share.Low, High: o.Share.High, HasInterval: o.Share.HasInterval}
		if i < len(against) {
			option.Verdict = against[i].Verdict
		}
		options = append(options, option)
	}
	slices.SortStableFunc(options, func(a, b brief.Option) int { return cmp.Compare(b.Count, a.Count) })
	return options[:min(len(options), briefOptions)]
}

// briefMove is how openness moved up to the wave of the brief, judged as on the page of the department.
func (r *Reader) briefMove(ctx context.Context, ask BriefAsk, b *Brief) error {
	t, err := r.Trend(ctx, TrendQuery{Construct: surveys.Openness, Survey: b.Wave.Survey})
	if err != nil {
		return err
	}
	t = t.UpTo(b.Wave.ID)
	for _, m := range t.SinceLast() {
		if m.Department.ID == ask.Department.ID && m.Verdict != stats.NotComparable {
			b.Move = brief.Move{Verdict: m.Verdict, Points: m.Difference, Since: t.Waves[m.From].Label, Smallest: m.Smallest}
		}
	}
	return nil
}
