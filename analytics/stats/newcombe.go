package stats

import "math"

// Newcombe compares the share x1 of n1 with x2 of n2. Its interval is Newcombe's hybrid
// score interval (1998, method 10: two Wilson intervals put together, no continuity
// correction). P is that of the score test with the pooled share (the same as
// Pearson's chi-squared without continuity correction), and T its z; near p = 0.05
// the two can differ on whether 0 is excluded, and a verdict follows P.
//
// The result is in percentage points, as [Judge] wants it. When all answers of both
// groups are alike there is no difference: T = 0, P = 1. ok is false for impossible
// counts or an empty group.
func Newcombe(x1, n1, x2, n2 int) (test Test, ok bool) {
	p1, ok1 := Share(x1, n1)
	p2, ok2 := Share(x2, n2)
	if !ok1 || !ok2 {
		return Test{}, false
	}
	// Samples of an unlimited population, hence no headcount: the two waves of a
	// department are compared as what people think, not as who happened to be asked.
	low1, high1, _ := Wilson(x1, n1, 0)
	low2, high2, _ := Wilson(x2, n2, 0)
	difference := p1 - p2
	z := pooledZ(x1, n1, x2, n2)
	return Test{
		Difference: 100 * difference,
		T:          z,
		P:          normalP(z),
		Low:        100 * clamp(difference-math.Hypot(p1-low1, high2-p2), -1, 1),
		High:       100 * clamp(difference+math.Hypot(high1-p1, p2-low2), -1, 1),
	}, true
}

func pooledZ(x1, n1, x2, n2 int) float64 {
	m1, m2 := float64(n1), float64(n2)
	pooled := float64(x1+x2) / (m1 + m2)
	if pooled == 0 || pooled == 1 {
		return 0
	}
	difference := float64(x1)/m1 - float64(x2)/m2
	return difference / math.Sqrt(pooled*(1-pooled)*(1/m1+1/m2))
}
