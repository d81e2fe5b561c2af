package analytics

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/visits"
)

// EffectQuery asks how departments that were visited between two closed waves of a survey moved, and how the others did. A
// wave that is 0 is chosen: of neighbouring waves that can be compared the latest with a visit between them, or else the
// latest.
type EffectQuery struct {
	Survey        surveys.SurveyID
	Construct     string
	Before, After surveys.WaveID
	Zone          *time.Location // whose days count; nil: UTC
}

// VisitEffect holds the departments that were visited between two waves against those that were not. It is worked out from
// figures that a trend shows, and so tells nothing that does not follow from those. It says how both moved, and not why:
// visits go where they are wanted or needed.
type VisitEffect struct {
	Ask   EffectQuery // with the waves that were chosen; 0 where there are no two to compare
	Waves []Wave      // the closed ones that measured the construct, to choose from
	State EffectState
	// The rest is of Comparing only.
	Before, After Wave
	// From and Until are the days that a visit counts on, both included: from the day after the first wave closed to the day
	// before the second opened. From is after Until where there is no day between.
	From, Until surveys.Day
	Rows        []EffectRow // the visited first, then the others; those that moved up furthest first
	LeftOut     []LeftOut
	Visited     int // departments on either side, of all that were compared
	Others      int
	// Contrast is the comparison; Sides are the means behind it, nil for those who may see some departments only. Verdict is
	// NotComparable, and the contrast empty, where too few departments are on a side.
	Contrast stats.Contrast
	Sides    *EffectSides
	Verdict  stats.Verdict
}

// EffectState is what can be said.
type EffectState uint8

const (
	NoPair    EffectState = iota // no two closed waves of the survey can be compared
	Apart                        // the waves asked for are the same, or asked different questions
	Comparing                    // they are compared
)

// EffectRow is a department whose means of both waves are shown.
type EffectRow struct {
	Department    surveys.Department
	Visits        int // done on the days that count; 0: it is one of the others
	Before, After Group
	Took          [2]Presence // who took part before and after
	Change        float64     // of its mean, in points
}

// Visited reports which side it is on.
func (r EffectRow) Visited() bool { return r.Visits > 0 }

// EffectSides are the means over the departments of each side, which count the same.
type EffectSides struct{ Visited, Others EffectSide }

// EffectSide is one side before and after.
type EffectSide struct{ Before, After float64 }

// LeftOut is a department that is on neither side.
type LeftOut struct {
	Department surveys.Department
	Visits     int // on the days that count
	Why        WhyLeftOut
	Wave       Wave              // in which it is hidden, if it is
	Reason     disclosure.Reason // why
}

// WhyLeftOut is why a department is on neither side.
type WhyLeftOut uint8

const (
	HiddenThere   WhyLeftOut = iota // its mean of a wave is not shown
	AlikeThere                      // everybody was alike in a wave, so that its mean is told as a band only
	VisitedDuring                   // it was visited, but only while one of the waves was open: before some answers, after others
	OnePerson                       // one person answered a wave, which has no spread
)

// VisitEffect reads the comparison. A wave that is not among those that can be chosen is an Invalid error.
func (r *Reader) VisitEffect(ctx context.Context, ask EffectQuery) (*VisitEffect, error) {
	t, err := r.Trend(ctx, TrendQuery{Construct: ask.Construct, Survey: ask.Survey})
	if err != nil {
		return nil, err
	}
	made, err := visits.List(ctx, r.store)
	if err != nil {
		return nil, err
	}
	made = slices.DeleteFunc(made, func(v visits.Visit) bool { return v.State != visits.Done })
	if ask.Zone == nil {
		ask.Zone = time.UTC
	}
	return t.effect(ask, made)
}

// Only is the comparison as somebody sees it who may see some departments: theirs, and what it says of the organisation.
func (e *VisitEffect) Only(sees func(surveys.DepartmentID) bool) *VisitEffect {
	some := *e
	some.Rows = slices.DeleteFunc(slices.Clone(e.Rows), func(r EffectRow) bool { return !sees(r.Department.ID) })
	some.LeftOut = slices.DeleteFunc(slices.Clone(e.LeftOut), func(l LeftOut) bool { return !sees(l.Department.ID) })
	if len(some.Rows) < len(e.Rows) {
		some.Sides, some.Contrast.Own, some.Contrast.Others = nil, 0, 0
	}
	return &some
}

func (t *Trend) effect(ask EffectQuery, made []visits.Visit) (*VisitEffect, error) {
	e := &VisitEffect{Ask: ask}
	for _, w := range t.Waves {
		if w.State == surveys.Closed {
			e.Waves = append(e.Waves, w)
		}
	}
	for _, id := range []surveys.WaveID{ask.Before, ask.After} {
		if id != 0 && !slices.ContainsFunc(e.Waves, func(w Wave) bool { return w.ID == id }) {
			return nil, &surveys.Error{Kind: surveys.Invalid, Op: "analytics: visit effect", Message: fmt.Sprintf("wave %d is no closed wave of survey %d that measured %q", id, ask.Survey, ask.Construct)}
		}
	}
	before, after, ok := t.pair(ask, made)
	switch {
	case ok:
		e.compare(t, before, after, made)
	case ask.Before != 0 && ask.After != 0:
		e.State = Apart
	}
	return e, nil
}

// pair finds two waves to compare, in their order.
func (t *Trend) pair(ask EffectQuery, made []visits.Visit) (before, after int, ok bool) {
	first, last := t.at(ask.Before), t.at(ask.After)
	if first >= 0 && last >= 0 && first > last {
		first, last = last, first
	}
	for j := len(t.Waves) - 1; j > 0; j-- {
		if t.Waves[j].State != surveys.Closed || last >= 0 && j != last {
			continue
		}
		for i := j - 1; i >= 0; i-- {
			if t.Waves[i].State != surveys.Closed || !t.Comparable(i, j) || first >= 0 && i != first {
				continue
			}
			from, until := between(t.Waves[i], t.Waves[j], ask.Zone)
			if slices.ContainsFunc(made, func(v visits.Visit) bool { return from <= v.Day && v.Day <= until }) {
				return i, j, true
			}
			if !ok {
				before, after, ok = i, j, true
			}
			break // others are no neighbours of it
		}
	}
	return before, after, ok
}

// at is the place of a wave; -1 for none.
func (t *Trend) at(id surveys.WaveID) int {
	return slices.IndexFunc(t.Waves, func(w Wave) bool { return w.ID == id })
}

// between are the first and the last day after one wave was closed and before another was opened. Whoever answered the first
// had not been visited on any of them, and whoever answered the second had.
func between(before, after Wave, zone *time.Location) (from, until surveys.Day) {
	return surveys.DayOf(before.Closed, zone).Plus(1), surveys.DayOf(after.Opened, zone).Plus(-1)
}

// compare fills in everything about two waves of the trend.
func (e *VisitEffect) compare(t *Trend, before, after int, made []visits.Visit) {
	e.State, e.Before, e.After = Comparing, t.Waves[before], t.Waves[after]
	e.Ask.Before, e.Ask.After = e.Before.ID, e.After.ID
	e.From, e.Until = between(e.Before, e.After, e.Ask.Zone)
	for _, s := range t.Series {
		e.put(&s, before, after, made)
	}
	slices.SortStableFunc(e.Rows, func(a, b EffectRow) int {
		if a.Visited() != b.Visited() {
			return cmp.Compare(b.Visits, a.Visits)
		}
		return cmp.Compare(b.Change, a.Change)
	})
	e.judge()
}

// put sorts a department to where it belongs.
func (e *VisitEffect) put(s *Series, first, last int, made []visits.Visit) {
	d, before, after := s.Department, s.Points[first], s.Points[last]
	counted, during := e.visitsTo(d.ID, made)
	left := LeftOut{Department: d, Visits: counted}
	switch {
	case !before.Shown():
		left.Why, left.Wave, left.Reason = whyUntold(before), e.Before, before.Reason
	case !after.Shown():
		left.Why, left.Wave, left.Reason = whyUntold(after), e.After, after.Reason
	case !before.HasSD || !after.HasSD:
		left.Why = OnePerson
	case counted == 0 && during:
		left.Why = VisitedDuring
	default:
		e.Rows = append(e.Rows, EffectRow{d, counted, before, after, [2]Presence{s.Taken[first], s.Taken[last]}, after.Mean - before.Mean})
		return
	}
	e.LeftOut = append(e.LeftOut, left)
}

func whyUntold(g Group) WhyLeftOut {
	if g.Level == disclosure.Coarse {
		return AlikeThere
	}
	return HiddenThere
}

// visitsTo counts the visits to a department on the days that count, and says whether any was made while a wave was open.
func (e *VisitEffect) visitsTo(d surveys.DepartmentID, made []visits.Visit) (counted int, during bool) {
	open := func(w Wave, day surveys.Day) bool {
		return surveys.DayOf(w.Opened, e.Ask.Zone) <= day && day <= surveys.DayOf(w.Closed, e.Ask.Zone)
	}
	for _, v := range made {
		switch {
		case v.Department != d:
		case e.From <= v.Day && v.Day <= e.Until:
			counted++
		case open(e.Before, v.Day) || open(e.After, v.Day):
			during = true
		}
	}
	return counted, during
}

// judge compares the sides.
func (e *VisitEffect) judge() {
	var sides EffectSides
	var own, others []stats.Moved
	for _, r := range e.Rows {
		side, list := &sides.Others, &others
		if r.Visited() {
			side, list = &sides.Visited, &own
		}
		*list = append(*list, stats.Moved{Before: r.Before.sums, After: r.After.sums})
		side.Before, side.After = side.Before+r.Before.Mean, side.After+r.After.Mean
	}
	e.Visited, e.Others = len(own), len(others)
	c, ok := stats.DifferenceInDifferences(own, others)
	if !ok {
		return
	}
	e.Contrast, e.Verdict, e.Sides = c, stats.Judge(c.Difference, c.P), &sides
	for side, n := range map[*EffectSide]int{&sides.Visited: e.Visited, &sides.Others: e.Others} {
		side.Before, side.After = side.Before/float64(n), side.After/float64(n)
	}
}
