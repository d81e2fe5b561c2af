package stats

import (
	"math"

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
	return studentsT(df).Quantile(upperTail)
}

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
