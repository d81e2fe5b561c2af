package stats

import "math"

// Recommend is the recommend score, the share of promoters (9-10) minus the share of
// detractors (0-6), with its interval, all in points -100 to 100:
// +/- z * 100*sqrt((P + D - (P-D)^2)/n), cut to the scale. n counts everyone who
// answered, the neutral (7-8) too.
//
// ok is false for n < 1 and counts that cannot be. When everyone is of one kind the
// interval has no width, as in [MeanInterval].
func Recommend(promoters, detractors, n int) (score, low, high float64, ok bool) {
	if n < 1 || promoters < 0 || detractors < 0 || promoters > n-detractors {
		return 0, 0, 0, false
	}
	p := float64(promoters) / float64(n)
	d := float64(detractors) / float64(n)
	score = 100 * (p - d)
	half := normalQuantile() * 100 * math.Sqrt((p+d-(p-d)*(p-d))/float64(n))
	return score, clamp(score-half, -100, 100), clamp(score+half, -100, 100), true
}
