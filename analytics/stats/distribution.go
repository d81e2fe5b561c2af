package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// upperTail is the probability at which a two-sided 95 % interval takes its quantile.
const upperTail = 0.975

// normalQuantile is the 97.5 % point of the standard normal distribution.
func normalQuantile() float64 {
	return distuv.UnitNormal.Quantile(upperTail)
}

// tQuantile is the 97.5 % point of Student's t with df > 0 degrees of freedom, which need not be whole. A page asks for
// thousands, and the inverse of the incomplete beta function takes ten microseconds each. So the expansion for many degrees
// of freedom gives a first value, which Newton's method makes exact with one or two values of the distribution; from
// expands degrees of freedom on, the expansion alone is.
func tQuantile(df float64) float64 {
	const expands, begins = 200, 4
	if df < begins {
		return studentsT(df).Quantile(upperTail)
	}
	t := tExpansion(df)
	if df >= expands {
		return t
	}
	dist := studentsT(df)
	for range 8 {
		step := (dist.CDF(-t) - (1 - upperTail)) / dist.Prob(t) // the lower tail keeps the digits
		t += step
		if math.Abs(step) < 1e-8*t { // the next one would be its square
			break
		}
	}
	return t
}

// tExpansion is the 97.5 % point of Student's t as a series in 1/df about that of the normal distribution: Abramowitz and
// Stegun, Handbook of Mathematical Functions, 26.7.5. What it leaves out is below 3/df^5.
func tExpansion(df float64) float64 {
	z := normalQuantile()
	q := z * z
	terms := [...]float64{
		z,
		z * (q + 1) / 4,
		z * (5*q*q + 16*q + 3) / 96,
		z * (3*q*q*q + 19*q*q + 17*q - 15) / 384,
		z * (79*q*q*q*q + 776*q*q*q + 1482*q*q - 1920*q - 945) / 92160,
	}
	sum := 0.0
	for _, term := range slices.Backward(terms[:]) {
		sum = sum/df + term
	}
	return sum
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
