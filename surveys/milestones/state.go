package milestones

import (
	"soundings/surveys"
	"soundings/surveys/promises"
	"soundings/surveys/visits"
)

// State is how a milestone stands. It is never stored.
type State string

const (
	NotBegun State = "not begun" // the quarter is still to come
	Waiting  State = "waiting"   // there is nothing yet to judge it by
	Ahead    State = "ahead"
	OnTrack  State = "on track"
	Behind   State = "behind"
	Met      State = "met"
	Missed   State = "missed"
	Unclear  State = "unclear" // the interval holds the target: chance alone could have made the difference
	Unknown  State = "unknown" // there is no figure that may be told
)

// States lists every state, the good ones first.
func States() []State {
	return []State{Met, Ahead, OnTrack, Behind, Missed, Unclear, Waiting, Unknown, NotBegun}
}

// Good reports whether nothing needs to be done: it is met, ahead or on track.
func (s State) Good() bool { return s == Met || s == Ahead || s == OnTrack }

// phase is where a day lies in relation to a quarter.
type phase uint8

const (
	before phase = iota
	during
	after
)

func phaseOf(q visits.Quarter, today surveys.Day) phase {
	switch {
	case today < q.First():
		return before
	case today > q.Last():
		return after
	}
	return during
}

// Gone is how many of a quarter's days are over on a day, of how many it has. Today is not over.
func Gone(q visits.Quarter, today surveys.Day) (gone, days int) {
	days = q.Next().First().Since(q.First())
	return min(max(today.Since(q.First()), 0), days), days
}

// Expected is how much of a target is asked for on a day, in whole things: as much as of the quarter is gone.
func Expected(target int, q visits.Quarter, today surveys.Day) int {
	gone, days := Gone(q, today)
	return target * gone / days
}

// OfCount judges a count. It is met once the target is reached. Until the quarter is over it is held against as much of the
// target as of the quarter is gone: on track with as many whole things as that, ahead with more, behind with fewer. When it
// is over, it is met or missed.
func OfCount(n, target int, q visits.Quarter, today surveys.Day) State {
	gone, days := Gone(q, today)
	switch at := phaseOf(q, today); {
	case at == before:
		return NotBegun
	case n >= target:
		return Met
	case at == after:
		return Missed
	case n*days > target*gone:
		return Ahead
	case n >= Expected(target, q, today):
		return OnTrack
	}
	return Behind
}

// OfShare judges the share of promises kept, in percent of those due. Until the quarter is over it is on track while the
// share so far is the target, ahead if it stays so should none of the others be kept, and behind else. When it is over, it
// is met or missed, or unknown where nothing was due.
func OfShare(s promises.Share, target int, q visits.Quarter, today surveys.Day) State {
	reached := func(of int) bool { return 100*s.Kept >= target*of }
	at := phaseOf(q, today)
	switch {
	case at == before:
		return NotBegun
	case s.Due() == 0 && at == during:
		return Waiting
	case s.Due() == 0:
		return Unknown
	case at == after && reached(s.Due()):
		return Met
	case at == after:
		return Missed
	case reached(s.All()):
		return Ahead
	case reached(s.Due()):
		return OnTrack
	}
	return Behind
}

// Figure is what a survey has shown, in the whole numbers that pages print: everything a state is made of. A state is
// therefore never an answer to a question about a figure that is not shown, or about what rounding has taken off it.
type Figure struct {
	Value     int
	HasValue  bool // else only the ends are told
	Low, High int  // of the 95 % interval; both Value where everybody answered
	Hidden    bool // nothing of it may be told
}

// OfFigure judges what the latest wave closed in the quarter has shown; nil stands for no such wave. It is clear only when
// the whole interval is: met, or ahead until the quarter is over, with its lower end at the target or above, and missed, or
// behind, with its upper end below. Between the two it is unclear; until the quarter is over it is on track if the figure
// itself is at the target or above.
func OfFigure(f *Figure, target int, q visits.Quarter, today surveys.Day) State {
	at := phaseOf(q, today)
	over := func(then, now State) State {
		if at == after {
			return then
		}
		return now
	}
	switch {
	case at == before:
		return NotBegun
	case f == nil:
		return over(Unknown, Waiting)
	case f.Hidden:
		return Unknown
	case f.Low >= target:
		return over(Met, Ahead)
	case f.High < target:
		return over(Missed, Behind)
	case f.HasValue && f.Value >= target:
		return over(Unclear, OnTrack)
	}
	return Unclear
}
