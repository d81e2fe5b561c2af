package attack

import (
	"context"
	"slices"

	"soundings/analytics"
	"soundings/surveys/history"
	"soundings/surveys/store"
)

// PastExit is a way by which earlier results leave the program: aggregates that were measured elsewhere and taken in.
type PastExit struct {
	Name  string
	Shows []string // as in Exit
	Read  func(ctx context.Context, p Past) ([]PastFact, error)
}

// PastExits lists all of them.
func PastExits() []PastExit {
	return []PastExit{
		{"history", []string{
			"GET /history",
			"GET /history/chart.json",
			"GET /history/chart.svg",
			"soundings export all",
		}, pastMeasures},
		{"beginning", []string{
			"GET /trend",
			"GET /trend/chart.json",
			"GET /trend/chart.svg",
			"GET /departments/:department",
			"GET /departments/:department/chart.json",
			"GET /departments/:department/chart.svg",
			"GET /packs/:pack",
			"GET /packs/:pack/pack.json",
			"GET /packs/:pack/waves/:wave/trend.json",
			"GET /packs/:pack/waves/:wave/trend.svg",
		}, beginnings},
	}
}

// Past is what it takes to read earlier results.
type Past struct {
	Store  *store.Store
	Reader *analytics.Reader
	Trend  *analytics.Trend // what the earlier results of Target begin
	Target string           // a construct
}

// PastFact is what an exit tells of groups together: what each of them scored, weighted by its people.
type PastFact struct {
	Exit string
	Of   []PastGroup
	N    int
}

// PastGroup is people as a file names them, and what was measured of them when.
type PastGroup struct {
	Measure string // by its key, like the name
	Scale   history.Scale
	Period  history.Period
	Name    string
}

func pastMeasures(ctx context.Context, p Past) (facts []PastFact, err error) {
	kept, err := history.Measures(p.Store.Read(ctx))
	if err != nil {
		return nil, err
	}
	for _, k := range kept {
		i, err := p.Reader.Imported(ctx, k.Measure, k.Scale)
		if err != nil {
			return nil, err
		}
		more, err := p.facts(ctx, "history", i, []history.Kept{k})
		if err != nil {
			return nil, err
		}
		facts = append(facts, more...)
	}
	return facts, nil
}

func beginnings(ctx context.Context, p Past) ([]PastFact, error) {
	i, err := p.Reader.Beginning(ctx, analytics.TrendQuery{Construct: p.Target}, p.Trend)
	if err != nil || i == nil {
		return nil, err
	}
	kept, err := history.Beginnings(p.Store.Read(ctx), p.Target)
	if err != nil {
		return nil, err
	}
	return p.facts(ctx, "beginning", i, slices.DeleteFunc(kept, func(k history.Kept) bool { return k.Scale != i.Scale }))
}

// facts says of whom the points of lines are that are told with their people: of the names on the line that anything is
// kept of, for one of the measures.
func (p Past) facts(ctx context.Context, exit string, i *analytics.Imported, of []history.Kept) (facts []PastFact, err error) {
	var values []history.Value
	for _, k := range of {
		more, err := history.Values(p.Store.Read(ctx), k.Measure, k.Scale)
		if err != nil {
			return nil, err
		}
		values = append(values, more...)
	}
	for _, l := range i.Lines {
		for at, point := range l.Points {
			if !point.Shown() || point.N == 0 {
				continue
			}
			f := PastFact{Exit: exit, N: point.N}
			for _, v := range values {
				if v.Period == i.Periods[at] && slices.ContainsFunc(l.Names, func(n string) bool { return history.Key(n) == history.Key(v.Name) }) {
					f.Of = append(f.Of, PastGroup{history.Key(v.Measure), v.Scale, v.Period, history.Key(v.Name)})
				}
			}
			facts = append(facts, f)
		}
	}
	return facts, nil
}

// everything is what all exits tell.
func (p Past) everything(ctx context.Context) (facts []PastFact, err error) {
	for _, exit := range PastExits() {
		more, err := exit.Read(ctx, p)
		if err != nil {
			return nil, err
		}
		facts = append(facts, more...)
	}
	return facts, nil
}
