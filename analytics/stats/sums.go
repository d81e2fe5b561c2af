package stats

import "math"

// cancellation is how much of a sum of squares may be rounding: a variance below
// this part of it is zero. The smallest real one, a single person of a million who
// differs by one step of a 24-point grid, is a thousand times larger.
const cancellation = 1e-12

// Sums is all a mean, a standard deviation and every test on means need to know of
// a group: how many scores, their sum and the sum of their squares. Scores are in
// points, 0-100. The zero value is an empty group.
type Sums struct {
	N          int
	Sum        float64
	SumSquares float64
}

// Add counts one more score in place. Missing answers are not added: missing is
// neither 0 nor the midpoint.
func (s *Sums) Add(score float64) {
	s.N++
	s.Sum += score
	s.SumSquares += score * score
}

// Plus is the group made of the persons of both groups.
func (s Sums) Plus(other Sums) Sums {
	return Sums{
		N:          s.N + other.N,
		Sum:        s.Sum + other.Sum,
		SumSquares: s.SumSquares + other.SumSquares,
	}
}

// Mean is the mean over persons; ok is false for an empty group.
func (s Sums) Mean() (mean float64, ok bool) {
	if s.N < 1 {
		return 0, false
	}
	return s.Sum / float64(s.N), true
}

// SD is the standard deviation with n-1; ok is false under two persons.
func (s Sums) SD() (sd float64, ok bool) {
	v, ok := s.variance()
	return math.Sqrt(v), ok
}

// variance is never negative, and exactly 0 when all scores are the same: thirds
// added up leave a trace of rounding that would otherwise pass for a tiny spread
// and make any difference look certain.
func (s Sums) variance() (v float64, ok bool) {
	if s.N < 2 {
		return 0, false
	}
	n := float64(s.N)
	squares := s.SumSquares - s.Sum*s.Sum/n
	if squares <= cancellation*s.SumSquares {
		return 0, true
	}
	return squares / (n - 1), true
}
