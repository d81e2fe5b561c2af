package analytics

import (
	"cmp"
	"slices"

	"soundings/analytics/stats"
)

// Finding is what a trend says, for the sentences at the top of its page. It holds no words: the page has them, in the
// reader's language.
type Finding struct {
	Kind      FindingKind
	Construct string
	Wave      string   // label of the newest wave; "" without waves
	Since     string   // label of the wave that moves are judged from, if Kind is Moved or Still
	Up, Down  []string // departments that moved clearly, the furthest first
	Unmoved   int      // departments without a clear change
	Mean      float64  // of the organisation in the newest wave, if HasMean
	HasMean   bool
	Taken     *Turnout // nil where participation must not be told or nobody took part
}

// FindingKind is which of the things that can be said of a trend comes first.
type FindingKind uint8

const (
	NoResults  FindingKind = iota // no wave has been closed
	NoneShown                     // too few answered the newest wave to show any department
	FirstLevel                    // there is nothing yet to compare the newest wave with
	Still                         // no department moved clearly
	Moved                         // some departments moved clearly
)

// Turnout is how many took part in a wave of a survey.
type Turnout struct {
	Answered  int
	Headcount int // 0 where it is not known, or known to be wrong
}

// Finding says which departments moved clearly over the period, or that none did, and how many answered. It is built
// from the same moves that the table shows.
func (t *Trend) Finding() Finding {
	f := Finding{Construct: t.Construct}
	if len(t.Waves) == 0 {
		return f
	}
	newest := len(t.Waves) - 1
	moves := t.SinceFirst()
	f.Wave, f.Taken = t.Waves[newest].Label, t.turnout(newest)
	f.Up, f.Down = movers(moves, stats.ClearlyUp), movers(moves, stats.ClearlyDown)
	f.Unmoved = len(movers(moves, stats.NoClearChange))
	switch {
	case len(t.Series) > 0 && !slices.ContainsFunc(t.Series, func(s Series) bool { return s.Points[newest].Shown() }):
		f.Kind = NoneShown
	case len(f.Up)+len(f.Down)+f.Unmoved == 0:
		f.Kind = FirstLevel
		f.HasMean = t.Total[newest].Shown()
		f.Mean = t.Total[newest].Mean
	default:
		f.Kind, f.Since = Moved, t.Waves[moves[0].From].Label
		if len(f.Up)+len(f.Down) == 0 {
			f.Kind = Still
		}
	}
	return f
}

// movers are the departments with a verdict, the furthest first.
func movers(moves []Move, v stats.Verdict) []string {
	var list []Move
	for _, m := range moves {
		if m.Verdict == v {
			list = append(list, m)
		}
	}
	slices.SortStableFunc(list, func(a, b Move) int { return cmp.Compare(abs(b.Difference), abs(a.Difference)) })
	var names []string
	for _, m := range list {
		names = append(names, m.Department.Name)
	}
	return names
}

func abs(x float64) float64 { return max(x, -x) }

func (t *Trend) turnout(wave int) *Turnout {
	taken := t.Taken[wave]
	if !taken.Group.Shown() || taken.Group.N == 0 {
		return nil
	}
	turnout := &Turnout{Answered: taken.Group.N}
	if taken.Headcount >= taken.Group.N {
		turnout.Headcount = taken.Headcount
	}
	return turnout
}
