package analytics

import (
	"cmp"
	"slices"

	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/surveys"
)

// Side is what is compared with something else: a group of a wave.
type Side struct {
	Group
	Options []OptionTold // of choices and rankings, in the order they were offered in; only when shown
}

// Difference is one measure of two groups of different people, and whether they differ clearly. All figures of it have
// passed the gate, or are the difference of two that have.
type Difference struct {
	Measure *Measured // what is compared, as the first group's wave measured it
	A, B    Side
	Between Change   // A less B; NotComparable where it cannot be tested. Smallest is not told.
	Options []Change // of the shares of options; empty where either side is not shown
}

// elsewhere is a whole without one of its parts: the others. It is shown only if both are: then it is no more than
// their difference.
func elsewhere(whole, part Group) Group {
	if !whole.Shown() || !part.Shown() || whole.N <= part.N {
		return Group{Level: disclosure.Hidden, Reason: cmp.Or(part.Reason, whole.Reason, disclosure.Protects)}
	}
	rest := Group{Level: whole.Level, N: whole.N - part.N, Scored: whole.Scored}
	if whole.Headcount > 0 && part.Headcount > 0 {
		rest.Headcount = whole.Headcount - part.Headcount
	}
	rest.favourable, rest.unfavourable = whole.favourable-part.favourable, whole.unfavourable-part.unfavourable
	rest.Counts = map[string]int{}
	for value, n := range whole.Counts {
		rest.Counts[value] = n - part.Counts[value]
	}
	if !rest.Scored {
		return rest
	}
	rest.sums = stats.Sums{N: rest.N, Sum: whole.sums.Sum - part.sums.Sum, SumSquares: whole.sums.SumSquares - part.sums.SumSquares}
	rest.Mean, _ = rest.sums.Mean()
	rest.SD, rest.HasSD = rest.sums.SD()
	rest.Low, rest.High, rest.HasInterval = stats.MeanInterval(rest.sums, rest.Headcount)
	rest.Favourable = 100 * float64(rest.favourable) / float64(rest.N)
	if whole.Recommend != nil {
		if score, low, high, ok := stats.Recommend(rest.favourable, rest.unfavourable, rest.N); ok {
			rest.Recommend = &Recommend{score, low, high}
		}
	}
	return rest
}

// Elsewhere compares one unit of a wave with all others of it, measure by measure.
func (res *WaveResults) Elsewhere(unit int) []Difference {
	return differences(res, func(m *Measured) (a, b Group, ok bool) {
		own := m.Units[unit].Group
		return own, elsewhere(m.Total.Group, own), true
	})
}

// Between compares two units of a wave.
func (res *WaveResults) Between(a, b int) []Difference {
	return differences(res, func(m *Measured) (Group, Group, bool) { return m.Units[a].Group, m.Units[b].Group, true })
}

// Since compares one unit of a wave with itself in another wave of the survey, or with unit -1 the whole of both. What the
// other wave asked differently, or not at all, is left out.
func (res *WaveResults) Since(other *WaveResults, unit int) []Difference {
	then := -1
	if unit >= 0 {
		then = slices.IndexFunc(other.Units, func(u Unit) bool {
			return u.Department.ID == res.Units[unit].Department.ID && u.Band.ID == res.Units[unit].Band.ID
		})
	}
	return differences(res, func(m *Measured) (a, b Group, ok bool) {
		question := ""
		if m.Question != nil {
			question = m.Question.ID
		}
		old, ok := other.Measure(m.Construct, question)
		if !ok || unit >= 0 && then < 0 || comparison(res.Wave, &other.Wave, m.Construct, m.Question) != Compared {
			return a, b, false
		}
		if unit < 0 {
			return m.Total.Group, old.Total.Group, true
		}
		return m.Units[unit].Group, old.Units[then].Group, true
	})
}

// differences tests all measures, and corrects for all that are shown together (MEASURES, two groups). Means and recommend
// scores are one family; the options of each choice are one.
func differences(res *WaveResults, sides func(m *Measured) (a, b Group, ok bool)) (list []Difference) {
	var ps []float64
	var tested []int
	for i := range res.Measures {
		m := &res.Measures[i]
		a, b, ok := sides(m)
		if !ok {
			continue
		}
		d := Difference{Measure: m, A: Side{a, optionsOf(m.Question, a)}, B: Side{b, optionsOf(m.Question, b)}}
		if a.Shown() && b.Shown() {
			if t, ok := stats.Welch(a.judged(), b.judged()); ok && a.Scored {
				d.Between = Change{Difference: t.Difference, Low: t.Low, High: t.High}
				ps, tested = append(ps, t.P), append(tested, len(list))
			}
			d.Options = optionChanges(d.A, d.B)
		}
		list = append(list, d)
	}
	for i, p := range stats.Holm(ps) {
		c := &list[tested[i]].Between
		c.P, c.Verdict = p, stats.Judge(c.Difference, p)
	}
	return list
}

func optionChanges(a, b Side) []Change {
	changes := make([]Change, len(a.Options))
	ps := make([]float64, len(a.Options))
	for i := range a.Options {
		t, ok := stats.Newcombe(a.Options[i].Share.Count, a.N, b.Options[i].Share.Count, b.N)
		if !ok {
			return nil
		}
		changes[i], ps[i] = Change{Difference: t.Difference, Low: t.Low, High: t.High}, t.P
	}
	for i, p := range stats.Holm(ps) {
		changes[i].P, changes[i].Verdict = p, stats.Judge(changes[i].Difference, p)
	}
	return changes
}

// About finds the difference in what the wave is mainly about; nil where it is not among them.
func About(list []Difference) *Difference {
	for i := range list {
		if list[i].Measure.Question == nil {
			return &list[i]
		}
	}
	return nil
}

// On finds the difference in a construct, or else in what the wave is mainly about; nil where it is not among them.
func On(list []Difference, construct string) *Difference {
	for i := range list {
		if m := list[i].Measure; m.Question == nil && m.Construct == construct {
			return &list[i]
		}
	}
	return About(list)
}

// Extremes are the scale questions whose difference is furthest up and furthest down, at most so many each.
func Extremes(list []Difference, most int) (strongest, weakest []Difference) {
	var items []Difference
	for _, d := range list {
		if q := d.Measure.Question; q != nil && q.Kind == surveys.Scale && d.A.Shown() && d.B.Shown() {
			items = append(items, d)
		}
	}
	slices.SortStableFunc(items, func(a, b Difference) int { return cmp.Compare(b.Between.Difference, a.Between.Difference) })
	for _, d := range items[:min(most, len(items))] {
		if d.Between.Difference > 0 {
			strongest = append(strongest, d)
		}
	}
	for _, d := range slices.Backward(items[max(0, len(items)-most):]) {
		if d.Between.Difference < 0 {
			weakest = append(weakest, d)
		}
	}
	return strongest, weakest
}
