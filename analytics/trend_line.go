package analytics

import (
	"fmt"
	"slices"
	"time"

	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/surveys"
)

// Period is how long one point of a trend stands for.
type Period string

const (
	PerWave    Period = ""
	PerQuarter Period = "quarter"
	PerYear    Period = "year"
)

// thinned keeps the last wave of each survey in each period. A mean over several waves would be that of another group of
// people than any of them, which the gate has not decided about, and would count people once for each wave they
// answered; a wave that is left out is only not looked at.
func (ask TrendQuery) thinned(axis []Wave) (kept []Wave, left int) {
	if ask.Per == PerWave {
		return axis, 0
	}
	zone := ask.Zone
	if zone == nil {
		zone = time.UTC
	}
	type slot struct {
		survey surveys.SurveyID
		period string
	}
	latest := map[slot]surveys.WaveID{}
	of := func(w Wave) slot { return slot{w.Survey, ask.Per.of(w.Opened.In(zone))} }
	for _, w := range axis {
		latest[of(w)] = w.ID
	}
	kept = slices.DeleteFunc(slices.Clone(axis), func(w Wave) bool { return latest[of(w)] != w.ID })
	return kept, len(axis) - len(kept)
}

func (p Period) of(t time.Time) string {
	if p == PerYear {
		return fmt.Sprint(t.Year())
	}
	return fmt.Sprint(t.Year(), " ", (t.Month()-1)/3)
}

// byScore tells a recommend question by its score instead of the mean of its answers. The score is the mean of 100 for
// each promoter, -100 for each detractor and 0 for the others, so moves of it are judged as those of a mean; its
// interval is that of MEASURES.
func (t *Trend) byScore() {
	for i := range t.Total {
		t.Total[i] = t.Total[i].ByScore()
	}
	for _, s := range t.Series {
		for i := range s.Points {
			s.Points[i] = s.Points[i].ByScore()
		}
	}
}

// ByScore is a group of a recommend question told by its score: Mean, the interval and what moves are judged by are those
// of the score, from -100 to 100.
func (g Group) ByScore() Group {
	if g.Recommend == nil {
		g.Coarse = nil // its bounds are those of the answers' mean
		return g
	}
	promoters, detractors := float64(g.favourable), float64(g.unfavourable)
	g.sums = stats.Sums{N: g.N, Sum: 100 * (promoters - detractors), SumSquares: 100 * 100 * (promoters + detractors)}
	g.Mean, g.Low, g.High, g.HasInterval = g.Recommend.Score, g.Recommend.Low, g.Recommend.High, true
	g.SD, g.HasSD = g.sums.SD()
	return g
}

// Weighted is the organisation by wave as if every department had answered in proportion to its size: of the departments
// shown, whose figures it follows from. Where a headcount is not known there is no such figure, and none at all of a
// recommend score or of one band, whose headcounts nobody knows.
func (t *Trend) Weighted() []Group {
	list := make([]Group, len(t.Waves))
	for i := range t.Waves {
		var strata []stats.Stratum
		g := Group{}
		for _, s := range t.together() {
			if p := s.Points[i]; p.Shown() && p.Scored {
				strata = append(strata, stats.Stratum{Scores: p.sums, Headcount: p.Headcount})
				g.N, g.Headcount = g.N+p.N, g.Headcount+p.Headcount
			}
		}
		w, ok := stats.Weighted(strata)
		if !ok || t.Recommends() {
			continue
		}
		g.Level, g.Scored, g.Mean = disclosure.Shown, true, w.Mean
		g.Low, g.High, g.HasInterval = w.Low, w.High, w.HasInterval
		list[i] = g
	}
	return list
}
