package analytics

import (
	"slices"
	"sync"

	"soundings/analytics/stats"
	"soundings/surveys"
)

// Move is how a department's mean differs between two waves, and whether that is more than chance. The waves
// of an anonymous survey are treated as independent (MEASURES, differences).
type Move struct {
	Department surveys.Department
	From, To   int // indices of the trend's waves; meaningful only if Verdict is not NotComparable
	Difference float64
	P          float64 // after Holm's correction over the departments judged together
	Verdict    stats.Verdict
	Smallest   float64 // the smallest change that two waves like the newer one could show; 0 when not known
}

// SinceLast judges each department's newest wave against the wave before.
func (t *Trend) SinceLast() []Move {
	return t.moves(func(newest int) int {
		for i := newest - 1; i >= 0; i-- {
			if t.Comparable(i, newest) {
				return i
			}
		}
		return -1
	})
}

// SinceFirst judges each department's newest wave against the first of the period that is comparable with it.
func (t *Trend) SinceFirst() []Move {
	return t.moves(func(newest int) int {
		for i := range newest {
			if t.Comparable(i, newest) {
				return i
			}
		}
		return -1
	})
}

func (t *Trend) moves(before func(newest int) int) []Move {
	newest := len(t.Waves) - 1
	from := -1
	if newest > 0 {
		from = before(newest)
	}
	moves := t.known.moves(t.together(), from, newest)
	if t.judged == nil {
		return moves
	}
	return slices.DeleteFunc(moves, func(m Move) bool {
		return !slices.ContainsFunc(t.Series, func(s Series) bool { return s.Department.ID == m.Department.ID })
	})
}

// knownMoves remembers what was judged of a trend that is kept: a page asks several times, and for every reader again.
type knownMoves struct {
	mu   sync.Mutex
	list map[judged][]Move
}

// judged names what moves follow from; the points of a trend never change.
type judged struct {
	series        *Series
	many          int
	from, through int
}

// moves judges the series between two waves. The list is the caller's own.
func (k *knownMoves) moves(all []Series, from, newest int) []Move {
	if k == nil || len(all) == 0 {
		return judge(all, from, newest)
	}
	key := judged{&all[0], len(all), from, newest}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.list[key] == nil {
		k.list[key] = judge(all, from, newest)
	}
	return slices.Clone(k.list[key])
}

func judge(all []Series, from, newest int) []Move {
	moves := make([]Move, len(all))
	var tested []int
	var ps []float64
	for i, s := range all {
		moves[i] = Move{Department: s.Department, From: from, To: newest}
		if newest < 0 {
			continue
		}
		now := s.Points[newest]
		if smallest, ok := stats.SmallestChange(now.SD, now.N, now.N); ok && now.HasSD {
			moves[i].Smallest = max(smallest, stats.SmallestMove)
		}
		if from < 0 || !now.Shown() || !s.Points[from].Shown() {
			continue
		}
		test, ok := stats.Welch(now.sums, s.Points[from].sums)
		if !ok {
			continue
		}
		moves[i].Difference = test.Difference
		tested, ps = append(tested, i), append(ps, test.P)
	}
	for n, p := range stats.Holm(ps) {
		m := &moves[tested[n]]
		m.P, m.Verdict = p, stats.Judge(m.Difference, p)
	}
	return moves
}
