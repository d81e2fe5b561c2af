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
	"soundings/surveys/pitches"
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

// Brief reads a brief. Its figures are those of the pages of the wave, the department and the trend.
func (r *Reader) Brief(ctx context.Context, ask BriefAsk) (*Brief, error) {
	b := &Brief{Brief: brief.Brief{Change: ask.Change.ID, Department: ask.Department.ID, DepartmentName: ask.Department.Name, Day: ask.Day,
		ChangeTitle: ofChange(&ask.Change, func(t changes.Text) string { return t.Title }),
		StillOpen:   ofChange(&ask.Change, func(t changes.Text) string { return t.StillOpen })}}
	for _, part := range []func(context.Context, BriefAsk, *Brief) error{r.briefDecisions, r.briefFigures, r.briefPromises, r.briefVisits, r.briefIdeas, r.briefPitches, r.briefEarlier} {
		if err := part(ctx, ask, b); err != nil {
			return nil, err
		}
	}
	list, err := champions.List(ctx, r.store)
	for i := range list {
		if list[i].Active() && list[i].Department == ask.Department.ID {
			b.Champions++
		}
	}
	return b, err
}

// Briefed reports whether there is a brief on a change for a department: one that it concerns and that is asked.
func Briefed(change *changes.Change, d *surveys.Department) bool {
	return change.Concerns(d.ID) && d.Asked()
}

// ofChange is one of the texts of a change in all its languages.
func ofChange(c *changes.Change, text func(changes.Text) string) brief.Words {
	w := brief.Words{Own: c.Language, By: map[string]string{c.Language: text(c.Text)}}
	for lang, t := range c.Translations {
		w.By[lang] = text(t.Text)
	}
	return w
}

// briefWave is the wave that a brief is about, with its results, and the place of the department among its units; nil where
// nothing about openness was asked of the department.
func (r *Reader) briefWave(ctx context.Context, ask BriefAsk) (res *WaveResults, unit int, newest bool, err error) {
	all, err := r.Waves(ctx, 0)
	if err != nil {
		return nil, 0, false, err
	}
	all = slices.DeleteFunc(all, func(w Wave) bool { return w.State != surveys.Closed || !w.measures(surveys.Openness) })
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

func (r *Reader) briefFigures(ctx context.Context, ask BriefAsk, b *Brief) error {
	res, unit, newest, err := r.briefWave(ctx, ask)
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
		c := brief.Choice{Question: q.ID, Kind: q.Kind, N: d.A.N}
		for i, o := range d.A.Options {
			option := brief.Option{ID: o.ID, Count: o.Share.Count, Percent: o.Share.Percent, Low: o.Share.Low, High: o.Share.High, HasInterval: o.Share.HasInterval}
			if i < len(d.Options) {
				option.Verdict = d.Options[i].Verdict
			}
			c.Options = append(c.Options, option)
		}
		slices.SortStableFunc(c.Options, func(a, b brief.Option) int { return cmp.Compare(b.Count, a.Count) })
		c.Options = c.Options[:min(len(c.Options), briefOptions)]
		choices = append(choices, c)
	}
	return choices
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

func (r *Reader) briefPromises(ctx context.Context, ask BriefAsk, b *Brief) error {
	list, err := promises.List(ctx, r.store)
	if err != nil {
		return err
	}
	promises.ByUrgency(list)
	for i := range list {
		p := &list[i]
		if !p.Concerns(ask.Department.ID) {
			continue
		}
		now := p.Now()
		one := brief.Promise{ID: p.ID, State: now.State, Day: now.On, Overdue: p.Overdue(ask.Day), Said: ofPromise(p, func(t promises.Text) string { return t.Said }), Answer: ofPromise(p, func(t promises.Text) string { return t.Answer })}
		switch {
		case one.Overdue:
			b.Kept.Overdue, one.Day = b.Kept.Overdue+1, now.Due
		case now.State == promises.Open:
			b.Kept.Open, one.Day = b.Kept.Open+1, now.Due
		case now.State == promises.Kept:
			b.Kept.Kept++
		case now.State == promises.Broken:
			b.Kept.Broken++
		}
		if len(b.Promises) < briefPromises {
			b.Promises = append(b.Promises, one)
		}
	}
	return nil
}

func ofPromise(p *promises.Promise, text func(promises.Text) string) brief.Words {
	w := brief.Words{Own: p.Language, By: map[string]string{p.Language: text(p.Text)}}
	for lang, t := range p.Translations {
		w.By[lang] = text(t.Text)
	}
	return w
}

func (r *Reader) briefVisits(ctx context.Context, ask BriefAsk, b *Brief) error {
	list, err := visits.List(ctx, r.store)
	if err != nil {
		return err
	}
	row := visits.NewBoard(list, []surveys.Department{ask.Department}, visits.QuarterOf(ask.Day), ask.Day).Rows[0]
	b.LongUnvisited = row.Long()
	if v := row.Last; v != nil {
		b.Last = &brief.Visit{ID: v.ID, Day: v.Day, Days: row.Days, Purpose: v.Purpose, Heard: v.Heard}
	}
	if row.Next != nil {
		b.Next, b.NextVisit = row.Next.Day, row.Next.ID
	}
	return nil
}

// briefIdeas are those of the department that the board shows; one that was merged is part of another.
func (r *Reader) briefIdeas(ctx context.Context, ask BriefAsk, b *Brief) error {
	list, err := ideas.List(ctx, r.store)
	if err != nil {
		return err
	}
	credits, err := ideas.Credits(ctx, r.store)
	if err != nil {
		return err
	}
	b.Credit = slices.Contains(credits[ask.Change.ID].Departments, ask.Department.ID)
	list = slices.DeleteFunc(list, func(i ideas.Idea) bool { return i.Department != ask.Department.ID || !i.Public() })
	ideas.Sort(list)
	slices.SortStableFunc(list, func(x, y ideas.Idea) int {
		return cmp.Compare(order(x.Change != ask.Change.ID), order(y.Change != ask.Change.ID))
	})
	for i := range list {
		if list[i].Open() {
			b.IdeasWaiting++
		}
		if len(b.Ideas) < briefIdeas {
			b.Ideas = append(b.Ideas, brief.Idea{ID: list[i].ID, Title: list[i].Title, Lang: list[i].Language, Status: list[i].Status(), Change: list[i].Change})
		}
	}
	return nil
}

// briefPitches is what the department reads, and what bands of it read instead.
func (r *Reader) briefPitches(ctx context.Context, ask BriefAsk, b *Brief) error {
	book, err := pitches.Of(ctx, r.store, ask.Change.ID)
	if err != nil {
		return err
	}
	place := pitches.Place{Department: ask.Department.ID}
	whole := brief.Pitch{Scope: brief.NothingWritten}
	if p, ok := book.For(place); ok {
		whole.Text, whole.Scope = ofPitch(&p), brief.OfEveryone
		if p.Place == place {
			whole.Scope = brief.Own
		}
	}
	b.Pitches = append(b.Pitches, whole)
	bands, err := people.Bands(ctx, r.store)
	for _, band := range bands {
		place.Band = band.ID
		if p, ok := book.At(place); ok {
			b.Pitches = append(b.Pitches, brief.Pitch{Band: band.ID, Name: band.Name, Scope: brief.Own, Text: ofPitch(&p)})
		}
	}
	return err
}

func ofPitch(p *pitches.Pitch) brief.Words {
	w := brief.Words{Own: p.Language, By: map[string]string{p.Language: p.Text}}
	for lang, t := range p.Translations {
		w.By[lang] = t.Text
	}
	return w
}

// briefEarlier is how open the department was to other changes that concern it, and how those were put to it.
func (r *Reader) briefEarlier(ctx context.Context, ask BriefAsk, b *Brief) error {
	list, err := changes.List(ctx, r.store)
	if err != nil {
		return err
	}
	for _, c := range slices.Backward(list) {
		if c.ID == ask.Change.ID || !c.Concerns(ask.Department.ID) || len(b.Earlier) == briefEarlier {
			continue
		}
		points, last, err := r.openTo(ctx, c.Name, ask.Department.ID)
		if err != nil {
			return err
		}
		if len(points) == 0 {
			continue
		}
		one := brief.Earlier{Change: c.ID, Title: ofChange(&c, func(t changes.Text) string { return t.Title }), Waves: points}
		book, err := pitches.Before(ctx, r.store, c.ID, last.Opened)
		if err != nil {
			return err
		}
		if p, ok := book.For(pitches.Place{Department: ask.Department.ID}); ok {
			one.Pitch = ofPitch(&p)
		}
		b.Earlier = append(b.Earlier, one)
	}
	return nil
}

// openTo is how open a department was to a change in the first closed wave about it and in the last, of those in which it is
// shown.
func (r *Reader) openTo(ctx context.Context, change string, d surveys.DepartmentID) (points []brief.Point, last Wave, err error) {
	all, err := r.Waves(ctx, 0)
	if err != nil {
		return nil, last, err
	}
	read := map[surveys.SurveyID]bool{}
	for _, w := range all {
		if w.Questionnaire.Document.Change != change || read[w.Survey] {
			continue
		}
		read[w.Survey] = true
		t, err := r.Trend(ctx, TrendQuery{Construct: surveys.Openness, Survey: w.Survey})
		if err != nil {
			return nil, last, err
		}
		for _, line := range t.Series {
			for i, at := range t.Waves {
				if line.Department.ID == d && at.State == surveys.Closed && at.Questionnaire.Document.Change == change && line.Points[i].Shown() {
					points, last = append(points, brief.Point{Wave: at.ID, Label: at.Label, Figure: figureOf(line.Points[i]), Doubt: doubtOf(line.Taken[i])}), at
				}
			}
		}
	}
	if len(points) > 2 {
		points = []brief.Point{points[0], points[len(points)-1]}
	}
	return points, last, nil
}
