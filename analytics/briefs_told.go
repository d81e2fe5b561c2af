package analytics

import (
	"cmp"
	"context"
	"slices"

	"soundings/analytics/brief"
	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/ideas"
	"soundings/surveys/pitches"
	"soundings/surveys/promises"
	"soundings/surveys/visits"
)

func (from *briefSources) tellPromises(ask BriefAsk, b *Brief) {
	for i := range from.promises {
		p := &from.promises[i]
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
}

func ofPromise(p *promises.Promise, text func(promises.Text) string) brief.Words {
	return wordsOf(p.Language, text(p.Text), p.Translations, func(t promises.Translation) string { return text(t.Text) })
}

func (from *briefSources) tellVisits(ask BriefAsk, b *Brief) {
	row := visits.NewBoard(from.visits, []surveys.Department{ask.Department}, visits.QuarterOf(ask.Day), ask.Day).Rows[0]
	b.LongUnvisited = row.Long()
	if v := row.Last; v != nil {
		b.Last = &brief.Visit{ID: v.ID, Day: v.Day, Days: row.Days, Purpose: v.Purpose, Heard: v.Heard}
	}
	if row.Next != nil {
		b.Next, b.NextVisit = row.Next.Day, row.Next.ID
	}
}

// tellIdeas tells those of the department that the board shows; one that was merged is part of another.
func (from *briefSources) tellIdeas(ask BriefAsk, b *Brief) {
	b.Credit = slices.Contains(from.credits[ask.Change.ID].Departments, ask.Department.ID)
	list := slices.DeleteFunc(slices.Clone(from.ideas), func(i ideas.Idea) bool { return i.Department != ask.Department.ID || !i.Public() })
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
}

// briefPitches is what the department reads, and what bands of it read instead.
func (r *Reader) briefPitches(ctx context.Context, from *briefSources, ask BriefAsk, b *Brief) error {
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
	for _, band := range from.bands {
		place.Band = band.ID
		if p, ok := book.At(place); ok {
			b.Pitches = append(b.Pitches, brief.Pitch{Band: band.ID, Name: band.Name, Scope: brief.Own, Text: ofPitch(&p)})
		}
	}
	return nil
}

func ofPitch(p *pitches.Pitch) brief.Words {
	return wordsOf(p.Language, p.Text, p.Translations, func(t pitches.Translation) string { return t.Text })
}

// briefEarlier is how open the department was to other changes that concern it, and how those were put to it.
func (r *Reader) briefEarlier(ctx context.Context, from *briefSources, ask BriefAsk, b *Brief) error {
	for _, c := range slices.Backward(from.changes) {
		if c.ID == ask.Change.ID || !c.Concerns(ask.Department.ID) || len(b.Earlier) == briefEarlier {
			continue
		}
		points, last, err := r.openTo(ctx, from.waves, c.Name, ask.Department.ID)
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
func (r *Reader) openTo(ctx context.Context, all []Wave, change string, d surveys.DepartmentID) (points []brief.Point, last Wave, err error) {
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
