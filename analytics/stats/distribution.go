package stats

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/stat/distuv"
)

// upperTail is the probability at which a two-sided 95 % interval takes its quantile.
const upperTail = 0.975

// normalQuantile is the 97.5 % point of the standard normal distribution.
func normalQuantile() float64 {
	return distuv.UnitNormal.Quantile(upperTail)
}

// tQuantile is the 97.5 % point of Student's t with df > 0 degrees of freedom,
// which need not be whole.
func tQuantile(df float64) float64 {
	if whole := int(df); float64(whole) == df && whole < tabled {
		return tTable()[whole]
	}
	return studentsT(df).Quantile(upperTail)
}

// tabled bounds the whole degrees of freedom whose quantiles are kept: a trend asks for thousands of
// intervals, nearly all of them of groups below this, and each quantile takes about 10 microseconds.
const tabled = 1024

// tTable holds the quantile of each whole df from 1; the numbers are the same as without it.
var tTable = sync.OnceValue(func() *[tabled]float64 {
	var table [tabled]float64
	for df := 1; df < tabled; df++ {
		table[df] = studentsT(float64(df)).Quantile(upperTail)
	}
	return &table
})

// normalP is the two-sided p-value of z under the standard normal distribution.
func normalP(z float64) float64 {
	return 2 * distuv.UnitNormal.CDF(-math.Abs(z))
}

// tP is the two-sided p-value of t with df degrees of freedom. It doubles the
// lower tail: 1 minus the upper one would lose every digit of a small p.
func tP(t, df float64) float64 {
	return 2 * studentsT(df).CDF(-math.Abs(t))
}

func studentsT(df float64) distuv.StudentsT {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}
}

func clamp(x, low, high float64) float64 {
	return math.Max(low, math.Min(high, x))
}
