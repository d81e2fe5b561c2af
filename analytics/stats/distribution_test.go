package stats

import (
	"fmt"
	"math"
	"testing"
)

// Expectations: R 4, qt(.975, df) and 2*pt(-abs(t), df).
func TestStudentsTAgreesWithR(t *testing.T) {
	for _, row := range []struct {
		name         string
		df, quantile float64
		statistic, p float64
	}{
		{"one degree", 1, 12.7062047361747, -2.0381, 0.29038910246997},
		{"just over one", 1.0000001, 12.7062017335662, 2.0381, 0.290389083015729},
		{"two", 2, 4.30265272974946, 2.0381, 0.178415988378018},
		{"broken, as Welch gives", 4.7494, 2.61191864403446, 2.0381, 0.100083824244464},
		{"nine", 9, 2.2621571627982, 12, 7.69988622298564e-07},
		{"far tail keeps its digits", 100, 1.98397151852355, 12, 4.39508771560436e-21},
		{"a large organisation", 1e5, 1.95998770753461, -2.0381, 0.0415425588578245},
		{"ten million", 1e7, 1.9599642217672, 2.0381, 0.0415399594301022},
	} {
		t.Run(row.name, func(t *testing.T) {
			near(t, "quantile", tQuantile(row.df), row.quantile, 1e-11)
			near(t, "p / expected p", tP(row.statistic, row.df)/row.p, 1, 1e-8)
		})
	}
}

// The inverse of the incomplete beta function, by gonum, knows nothing of the series or of Newton's method; beyond these it is the one that loses digits.
func TestTheQuantileIsTheInverseOfTheDistributionWhateverTheDegreesOfFreedom(t *testing.T) {
	for df := 1.0; df < 1e4; df *= 1.03 {
		for _, df := range []float64{df, math.Ceil(df)} {
			near(t, fmt.Sprintf("quantile of %v degrees", df), tQuantile(df), studentsT(df).Quantile(upperTail), 1e-11)
		}
	}
}

func TestNormalQuantileIsTheOneOfTheMeasures(t *testing.T) {
	near(t, "z", normalQuantile(), 1.959963984540054, 1e-12) // R: qnorm(.975)
	near(t, "p", normalP(-1.959963984540054), 0.05, 1e-12)
	near(t, "p of z = 8", normalP(8)/1.244192114854357e-15, 1, 1e-9) // R: 2*pnorm(-8)
}
