package analytics

import (
	"cmp"
	"slices"

	"soundings/analytics/stats"
	"soundings/surveys"
)

// WaveFinding is what the results of a wave say, for the sentences at the top of their page. It holds no words.
type WaveFinding struct {
	Kind            WaveFindingKind
	Highest, Lowest *surveys.Question // the scale questions that all together agree with most and least; if Kind is Ranked
	LowestIn, Of    int               // in how many of the units in which every scale question is shown Lowest is the lowest
	Construct       string            // what moves are of
	Up, Down        []Unit            // units that moved clearly since the wave before, the furthest first
	Unmoved         int               // units without a clear change
	Since           string            // label of the wave before; "" where nothing is compared
}

// WaveFindingKind is what can be said of a wave first.
type WaveFindingKind uint8

const (
	StillOpen WaveFindingKind = iota // results wait for the wave to close
	TooFewAll                        // too few people answered to show anything
	Plain                            // there are figures, but no two questions to tell the highest and lowest of
	Ranked
)

// Finding says which questions stand highest and lowest, and what moved in what the wave is mainly about.
func (res *WaveResults) Finding() WaveFinding {
	f := WaveFinding{Kind: Plain}
	switch {
	case !res.Wave.Showing():
		f.Kind = StillOpen
		return f
	case !slices.ContainsFunc(res.Measures, func(m Measured) bool { return m.Total.Shown() }):
		f.Kind = TooFewAll
		return f
	}
	var items []*Measured
	for i := range res.Measures {
		if m := &res.Measures[i]; m.Question != nil && m.Question.Kind == surveys.Scale && m.Total.Shown() {
			items = append(items, m)
		}
	}
	slices.SortStableFunc(items, func(a, b *Measured) int { return cmp.Compare(b.Total.Mean, a.Total.Mean) })
	if n := len(items); n > 1 && items[0].Total.Mean > items[n-1].Total.Mean {
		f.Kind, f.Highest, f.Lowest = Ranked, items[0].Question, items[n-1].Question
		f.LowestIn, f.Of = lowestIn(items, len(res.Units))
	}
	res.moved(&f)
	return f
}

// lowestIn counts the units in which the last of some measures, and no other, is the lowest.
func lowestIn(items []*Measured, units int) (lowest, of int) {
	last := items[len(items)-1]
	for u := range units {
		if slices.ContainsFunc(items, func(m *Measured) bool { return !m.Units[u].Shown() }) {
			continue
		}
		of++
		if !slices.ContainsFunc(items[:len(items)-1], func(m *Measured) bool { return m.Units[u].Mean <= last.Units[u].Mean }) {
			lowest++
		}
	}
	return lowest, of
}

func (res *WaveResults) moved(f *WaveFinding) {
	about, ok := res.Measure(res.Wave.about(), "")
	if !ok || about.Comparison != Compared {
		return
	}
	f.Construct, f.Since = about.Construct, res.Before.Label
	var clear []int
	for i, t := range about.Units {
		switch t.Change.Verdict {
		case stats.NoClearChange:
			f.Unmoved++
		case stats.ClearlyUp, stats.ClearlyDown:
			clear = append(clear, i)
		}
	}
	slices.SortStableFunc(clear, func(a, b int) int {
		return cmp.Compare(abs(about.Units[b].Change.Difference), abs(about.Units[a].Change.Difference))
	})
	for _, i := range clear {
		if about.Units[i].Change.Verdict == stats.ClearlyUp {
			f.Up = append(f.Up, res.Units[i])
		} else {
			f.Down = append(f.Down, res.Units[i])
		}
	}
}
