package analytics

import (
	"slices"
	"strconv"
	"strings"

	"soundings/analytics/stats"
	"soundings/surveys"
)

// Share is how many of a group gave an answer, with the 95 % interval of it.
type Share struct {
	Count              int
	Percent, Low, High float64 // Low and High only if HasInterval
	HasInterval        bool
}

// Sides are the shares of a group on each side of a scale.
type Sides struct{ Favourable, Neutral, Unfavourable Share }

// Sides splits a group that is shown by the side of its answers; ok is false for one that is not, and for answers without a
// number.
func (g Group) Sides() (s Sides, ok bool) {
	if !g.Shown() || !g.Scored || g.N == 0 {
		return s, false
	}
	return Sides{g.share(g.favourable), g.share(g.N - g.favourable - g.unfavourable), g.share(g.unfavourable)}, true
}

// share is of a group that is shown, by Wilson's interval (MEASURES, share).
func (g Group) share(count int) Share {
	s := Share{Count: count}
	p, ok := stats.Share(count, g.N)
	if !ok {
		return s
	}
	s.Percent = 100 * p
	if low, high, ok := stats.Wilson(count, g.N, g.Headcount); ok {
		s.Low, s.High, s.HasInterval = 100*low, 100*high, true
	}
	return s
}

// Answer is how many of a group gave an answer, by its value; nothing of a group that is not shown exactly.
func (g Group) Answer(value string) Share { return g.share(g.Counts[value]) }

// OptionTold is one option of a choice or ranking in a group that is shown.
type OptionTold struct {
	ID     string
	Share  Share  // of the people who answered: they chose it, or ranked it first
	Rank   *Rank  // of a ranking; nil if nobody ranked it
	Change Change // of the share
}

// Rank is where people put an option: the mean of its places, 1 being first, over those who gave it one.
type Rank struct {
	Mean, Low, High float64 // Low and High only if HasInterval
	HasInterval     bool
	N               int
}

// optionsOf tells each option of a question, those that nobody chose too.
func optionsOf(q *surveys.Question, g Group) []OptionTold {
	if q == nil || len(q.Options) == 0 || !g.Shown() {
		return nil
	}
	ids := make([]string, 0, len(q.Options)+1)
	for _, o := range q.Options {
		ids = append(ids, o.ID)
	}
	if q.Other {
		ids = append(ids, surveys.OtherOption)
	}
	list := make([]OptionTold, len(ids))
	for i, id := range ids {
		value := id
		if q.Kind == surveys.Ranking {
			value = id + ":1"
		}
		list[i] = OptionTold{ID: id, Share: g.share(g.Counts[value])}
		if q.Kind == surveys.Ranking {
			list[i].Rank = g.rank(id)
		}
	}
	return list
}

func (g Group) rank(option string) *Rank {
	var places stats.Sums
	for value, n := range g.Counts {
		id, rank, _ := strings.Cut(value, ":")
		place, err := strconv.Atoi(rank)
		if id != option || err != nil {
			continue
		}
		at := float64(place)
		places = places.Plus(stats.Sums{N: n, Sum: at * float64(n), SumSquares: at * at * float64(n)})
	}
	mean, ok := places.Mean()
	if !ok {
		return nil
	}
	r := &Rank{Mean: mean, N: places.N}
	if low, high, ok := stats.MeanInterval(places, g.Headcount); ok {
		r.Low, r.High, r.HasInterval = max(1, low), high, true // there is no place before the first
	}
	return r
}

// Levels are the shares of the answers to a scale question from the least to the most favourable, a reversed one turned; of
// a recommend question, those of its three sides. ok is false for a group that is not shown and for other questions.
func (g Group) Levels(q *surveys.Question) (levels []Share, ok bool) {
	sides, ok := g.Sides()
	if !ok || q == nil || !q.Scored() {
		return nil, false
	}
	if q.Kind == surveys.Recommend {
		return []Share{sides.Unfavourable, sides.Neutral, sides.Favourable}, true
	}
	for _, value := range LevelsOf(q) {
		levels = append(levels, g.share(g.Counts[strconv.Itoa(value)]))
	}
	return levels, true
}

// LevelsOf are the values of a scale question from the least to the most favourable.
func LevelsOf(q *surveys.Question) (values []int) {
	low, high := q.Range()
	for value := low; value <= high; value++ {
		values = append(values, value)
	}
	if q.Reversed {
		slices.Reverse(values)
	}
	return values
}
