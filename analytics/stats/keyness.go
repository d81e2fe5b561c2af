package stats

import "math"

// Keyness compares how often something occurs in two sets of texts.
type Keyness struct {
	// G2 is the log-likelihood ratio; a difference of 6.63 comes by chance once in a hundred times, one
	// of 10.83 once in a thousand (chi-squared, one degree of freedom).
	G2 float64
	// LogRatio is the binary logarithm of how many times as often it occurs in the first set: 1 means twice as often,
	// -1 half as often.
	LogRatio float64
}

// KeynessOf compares a of n texts with b of m others, where 0 <= a <= n and 0 <= b <= m; ok is false unless both n and m
// are positive.
//
// G2 is Dunning's log-likelihood ratio of two proportions, with the usual four cells:
//
//	G2 = 2 * sum O * ln(O / E)   over a, n-a, b, m-b
//	E  = size of the set * (a+b) / (n+m), or * (n-a+m-b) / (n+m); 0 * ln 0 is 0
//
// (T. Dunning, Accurate Methods for the Statistics of Surprise and Coincidence, Computational Linguistics 19, 1993.)
// P. Rayson and R. Garside (Comparing Corpora using Frequency Profiling, 2000) leave out the cells n-a and m-b, which
// hardly matter where something is rare among running words; here whole texts are counted, and it need not be rare.
//
// LogRatio is A. Hardie's (Log Ratio - an informal introduction, 2014): log2((a/n) / (b/m)), with half a text in place of
// none.
func KeynessOf(a, n, b, m int) (k Keyness, ok bool) {
	if n <= 0 || m <= 0 {
		return Keyness{}, false
	}
	all, with := float64(n+m), float64(a+b)
	cell := func(observed, size int, share float64) float64 {
		if observed == 0 {
			return 0
		}
		return float64(observed) * math.Log(float64(observed)/(float64(size)*share))
	}
	has, lacks := with/all, 1-with/all
	k.G2 = 2 * (cell(a, n, has) + cell(n-a, n, lacks) + cell(b, m, has) + cell(m-b, m, lacks))
	k.G2 = max(k.G2, 0) // rounding
	half := func(x int) float64 { return max(float64(x), 0.5) }
	k.LogRatio = math.Log2(half(a) / float64(n) / (half(b) / float64(m)))
	return k, true
}
