package analytics

import (
	"soundings/analytics/stats"
	"soundings/surveys"
)

// Change is how a figure moved since the wave before, and whether that is more than chance.
type Change struct {
	Verdict    stats.Verdict // NotComparable where there is nothing to hold against; then only Smallest says something
	Difference float64       // points: now minus before
	Low, High  float64       // 95 % interval of Difference
	P          float64       // after Holm's correction over the groups shown together
	Smallest   float64       // the smallest change that two waves like this one could show; 0 when not known
}

// comparison says whether both waves asked a question in the same version, or measured a construct with the same items.
func comparison(now Wave, before *Wave, construct string, q *surveys.Question) Comparison {
	switch {
	case before == nil:
		return FirstTime
	case q == nil && now.Questionnaire.Signature(construct) == before.Questionnaire.Signature(construct):
		return Compared
	case q == nil:
		return Changed
	}
	if _, asked := before.Questionnaire.Document.Question(q.ID); asked && now.Questionnaire.Versions[q.ID] == before.Questionnaire.Versions[q.ID] {
		return Compared
	}
	return Changed
}

// toldOf tells the groups of some units that are shown together, and how they moved since the wave before; old is nil
// where nothing can be compared.
func toldOf(g, old *grid, q *surveys.Question, ask WaveQuery, units []Unit) []Told {
	told, then := make([]Told, len(units)), make([]Group, len(units))
	for i, of := range units {
		now := g.in(ask, of)
		told[i] = Told{Group: now, Options: optionsOf(q, now)}
		if old != nil {
			then[i] = old.in(ask, of)
		}
	}
	if old == nil {
		then = nil
	}
	judgeTogether(told, then, func(t *Told) *Change { return &t.Change }, func(now *Told, before Group) (stats.Test, bool) {
		return stats.Welch(now.judged(), before.judged())
	})
	judgeTogether(told, then, func(t *Told) *Change { return &t.Favoured }, func(now *Told, before Group) (stats.Test, bool) {
		if !now.Scored {
			return stats.Test{}, false
		}
		return stats.Newcombe(now.favourable, now.N, before.favourable, before.N)
	})
	if q != nil {
		judgeOptions(q, told, then)
	}
	for i := range told {
		now := &told[i]
		sd, ok := now.judged().SD()
		if smallest, can := stats.SmallestChange(sd, now.N, now.N); ok && can {
			now.Change.Smallest = max(smallest, stats.SmallestMove)
		}
	}
	return told
}

// judged is what a group is compared by: the scores of its people, or the recommend score.
func (g Group) judged() stats.Sums {
	if g.Recommend == nil {
		return g.sums
	}
	return g.ByScore().sums
}

// judgeOptions compares the share of each option by itself.
func judgeOptions(q *surveys.Question, told []Told, then []Group) {
	for _, now := range told {
		for at := range now.Options {
			judgeTogether(told, then, func(t *Told) *Change { return &t.Options[at].Change }, func(now *Told, before Group) (stats.Test, bool) {
				was := optionsOf(q, before)
				return stats.Newcombe(now.Options[at].Share.Count, now.N, was[at].Share.Count, before.N)
			})
		}
		if len(now.Options) > 0 {
			return // all that are shown have the same options
		}
	}
}

// judgeTogether tests the groups that are shown in both waves and corrects for their number. (Holm 1979; see stats.Holm.)
func judgeTogether(told []Told, then []Group, change func(*Told) *Change, test func(now *Told, before Group) (stats.Test, bool)) {
	var tested []*Change
	var ps []float64
	for i, before := range then {
		if !told[i].Shown() || !before.Shown() {
			continue
		}
		t, ok := test(&told[i], before)
		if !ok {
			continue
		}
		c := change(&told[i])
		c.Difference, c.Low, c.High = t.Difference, t.Low, t.High
		tested, ps = append(tested, c), append(ps, t.P)
	}
	for i, p := range stats.Holm(ps) {
		tested[i].P, tested[i].Verdict = p, stats.Judge(tested[i].Difference, p)
	}
}
