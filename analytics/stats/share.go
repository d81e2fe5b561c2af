package stats

import "math"

// Share is x of n as a fraction, 0-1; ok is false for n < 1 or x outside 0..n.
func Share(x, n int) (share float64, ok bool) {
	if n < 1 || x < 0 || x > n {
		return 0, false
	}
	return float64(x) / float64(n), true
}

// Wilson is the score interval of the share x of n (Wilson 1927), as fractions, its
// half-width shortened by the same finite population correction as [MeanInterval].
//
// Shortening pulls both ends towards the centre, which lies nearer 1/2 than the share
// does; an end that would pass the share stops there, so that the share always lies
// inside its interval. ok is false for impossible counts and when all
// N = population people answered.
func Wilson(x, n, population int) (low, high float64, ok bool) {
	p, ok := Share(x, n)
	if !ok || everyoneAnswered(n, population) {
		return 0, 0, false
	}
	centre, half := wilsonCentre(p, n)
	half *= finiteCorrection(n, population)
	low = clamp(centre-half, 0, 1)
	high = clamp(centre+half, 0, 1)
	return math.Min(low, p), math.Max(high, p), true
}

func wilsonCentre(p float64, n int) (centre, half float64) {
	z, m := normalQuantile(), float64(n)
	scale := 1 + z*z/m
	centre = (p + z*z/(2*m)) / scale
	half = z / scale * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return centre, half
}

// Margin is the +/- (a fraction) that n answers of population people give a share,
// by the normal approximation: z * sqrt(p(1-p)/n) * fpc. It is for planning, where
// nothing but an expected share is known and 0.5 is the cautious one; what has been
// measured gets [Wilson]. ok is false for n < 1, a share outside 0-1, and when n is
// everyone.
func Margin(share float64, n, population int) (margin float64, ok bool) {
	if n < 1 || !(share >= 0 && share <= 1) || everyoneAnswered(n, population) {
		return 0, false
	}
	return normalQuantile() * math.Sqrt(share*(1-share)/float64(n)) * finiteCorrection(n, population), true
}
