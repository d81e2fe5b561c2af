package analytics

import (
	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/analytics/tally"
	"soundings/surveys"
)

// Group is what may be told of a group of people for one measure. Only what its Level allows is filled in, so that
// nothing that uses a Group can tell more.
type Group struct {
	Level  disclosure.Level
	Reason disclosure.Reason // why, when hidden

	N         int // people with an answer; 0 when hidden
	Headcount int // of the group when the wave opened; 0 when not known

	// Only when shown. Scores are on 0-100; all are zero for questions whose answers have no number.
	Scored      bool
	Mean        float64
	SD          float64
	HasSD       bool
	Low, High   float64 // 95 % interval of the mean
	HasInterval bool
	Favourable  float64 // percent
	Recommend   *Recommend
	Counts      map[string]int // of a question, by value

	// Only when coarse: everyone is alike, so a figure would tell everybody's answer.
	Coarse *Coarse

	sums                     stats.Sums // what comparisons need; only when shown
	favourable, unfavourable int        // people; only when shown
}

// Recommend is the recommend score, -100 to 100, with its 95 % interval.
type Recommend struct{ Score, Low, High float64 }

// Coarse is what may be said of a group whose members are all alike.
type Coarse struct {
	MeanLow, MeanHigh float64
	Share             disclosure.Bound
	HasShare          bool
}

// Shown reports whether the group's figures may be told exactly.
func (g Group) Shown() bool { return g.Level == disclosure.Shown }

// MoreThanHeadcount tells a fault in the data: more people answered than the department has.
func (g Group) MoreThanHeadcount() bool { return stats.MoreThanHeadcount(g.N, g.Headcount) }

// points is the exact sums of a score on the printed scale.
func points(s tally.Score) stats.Sums {
	scale := 100 / float64(s.Denominator)
	return stats.Sums{N: s.N, Sum: float64(s.Total) * scale, SumSquares: float64(s.TotalSquares) * scale * scale}
}

// reveal turns a score into what the decision lets be told.
func reveal(d disclosure.Decision, s tally.Score, counts map[string]int, headcount int, kind surveys.Kind) Group {
	g := Group{Level: d.Level, Reason: d.Reason, Headcount: headcount}
	if d.Level == disclosure.Hidden {
		return g
	}
	g.N = s.N
	g.Scored = s.Denominator > 0
	if d.Level == disclosure.Coarse {
		g.Coarse = coarsen(s)
		return g
	}
	g.Counts = counts
	if !g.Scored || s.N == 0 {
		return g
	}
	g.sums, g.favourable, g.unfavourable = points(s), s.Favourable, s.Unfavourable
	g.Mean, _ = g.sums.Mean()
	g.SD, g.HasSD = g.sums.SD()
	g.Low, g.High, g.HasInterval = stats.MeanInterval(g.sums, headcount)
	g.Favourable = 100 * float64(s.Favourable) / float64(s.N)
	if kind == surveys.Recommend {
		if score, low, high, ok := stats.Recommend(s.Favourable, s.Unfavourable, s.N); ok {
			g.Recommend = &Recommend{score, low, high}
		}
	}
	return g
}

func coarsen(s tally.Score) *Coarse {
	c := &Coarse{}
	if s.Denominator == 0 {
		return c
	}
	if mean, ok := points(s).Mean(); ok {
		c.MeanLow, c.MeanHigh = disclosure.CoarseMean(mean)
	}
	c.Share, c.HasShare = disclosure.CoarseShare(s.Favourable, s.N)
	return c
}
