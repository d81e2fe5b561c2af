package stats

import "math"

// Test compares two groups, or one department in two waves.
type Test struct {
	Difference float64 // first minus second, in points; positive: the first is higher
	T          float64 // test statistic
	DF         float64 // degrees of freedom of T; 0 when T is judged by the normal distribution
	P          float64 // two-sided, before any correction for several tests
	Low, High  float64 // interval of Difference, in points, cut to -100..100
}

// Welch compares the mean of a with that of b without assuming equal spread (Welch
// 1947; degrees of freedom by Satterthwaite). For a trend a is the later wave.
//
// ok is false when either group has under two persons, and when neither shows any
// spread: with both standard deviations 0 the test has no yardstick. One of them
// being 0 is no obstacle.
func Welch(a, b Sums) (test Test, ok bool) {
	va, okA := a.variance()
	vb, okB := b.variance()
	if !okA || !okB || va+vb == 0 {
		return Test{}, false
	}
	na, nb := float64(a.N), float64(b.N)
	ea, eb := va/na, vb/nb
	return judgedByT(a.Sum/na-b.Sum/nb, ea+eb, ea*ea/(na-1)+eb*eb/(nb-1), 100)
}

// judgedByT tests a difference by its variance with Satterthwaite's degrees of freedom, of which spread is the
// denominator. The interval is cut to limit on either side. ok is false without any variance.
func judgedByT(difference, variance, spread, limit float64) (test Test, ok bool) {
	if variance == 0 {
		return Test{}, false
	}
	df, half := variance*variance/spread, reach(variance, spread)
	t := difference / math.Sqrt(variance)
	return Test{
		Difference: difference,
		T:          t,
		DF:         df,
		P:          tP(t, df),
		Low:        clamp(difference-half, -limit, limit),
		High:       clamp(difference+half, -limit, limit),
	}, true
}

// reach is half the width of the interval that judgedByT gives; 0 without any variance.
func reach(variance, spread float64) float64 {
	if variance == 0 {
		return 0
	}
	return tQuantile(variance*variance/spread) * math.Sqrt(variance)
}

// SmallestChange is the least difference of means, in points, that groups of n1 and n2
// persons with the common standard deviation sd would have shown as significant at
// 5 % by itself: t(n1+n2-2) * sd * sqrt(1/n1 + 1/n2). Correcting for several
// departments asks for more, and a verdict never for less than [SmallestMove].
//
// ok is false when either group has under two persons, for which there is no test,
// and without any spread.
func SmallestChange(sd float64, n1, n2 int) (points float64, ok bool) {
	if n1 < 2 || n2 < 2 || !(sd > 0) {
		return 0, false
	}
	return visibleChange(tQuantile(float64(n1+n2-2)), sd, n1, n2), true
}

func visibleChange(quantile, sd float64, n1, n2 int) float64 {
	return quantile * sd * math.Sqrt(1/float64(n1)+1/float64(n2))
}
