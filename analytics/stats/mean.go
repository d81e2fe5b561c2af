package stats

import "math"

// MeanInterval is the interval of a mean score, in points and cut to 0-100:
// mean +/- t(n-1) * sd/sqrt(n) * fpc, with fpc = sqrt((N-n)/(N-1)) for a group of
// N = population people when that is known (> 0) and not less than n, else 1; ask
// [MoreThanHeadcount] whether it is less.
//
// ok is false under two persons, and when all N answered: the mean is then a fact,
// not an estimate. When all scores are equal the interval has no width, which says
// that this sample shows no spread, not that the group has none.
func MeanInterval(s Sums, population int) (low, high float64, ok bool) {
	sd, ok := s.SD()
	if !ok || everyoneAnswered(s.N, population) {
		return 0, 0, false
	}
	n := float64(s.N)
	mean := s.Sum / n
	half := tQuantile(n-1) * sd / math.Sqrt(n) * finiteCorrection(s.N, population)
	return clamp(mean-half, 0, 100), clamp(mean+half, 0, 100), true
}
