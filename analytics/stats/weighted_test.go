package stats

import (
	"testing"

	"pgregory.net/rapid"
)

// Expectations: R, with g the departments' scores, n <- lengths(g), W <- N/sum(N):
// v <- W^2 * sapply(g,var)/n * (N-n)/(N-1); df <- sum(v)^2 / sum(v^2/(n-1)) over
// v > 0; m <- sum(W*sapply(g,mean)); m + c(-1,1)*qt(.975,df)*sqrt(sum(v)).
func TestWeighted(t *testing.T) {
	c := []float64{0, 100, 50}
	stratum := func(headcount int, scores ...float64) Stratum {
		return Stratum{Scores: sumsOf(scores...), Headcount: headcount}
	}
	for _, row := range []struct {
		name        string
		departments []Stratum
		want        WeightedMean
		ok          bool
	}{
		{"three departments", []Stratum{stratum(40, openA...), stratum(10, openB...), stratum(5, c...)},
			WeightedMean{70, true, 24.01638765275, 4.00847162391, 56.40494276925, 83.59505723075}, true},
		{"one of them heard whole", []Stratum{stratum(40, openA...), stratum(5, openB...), stratum(5, c...)},
			WeightedMean{71, true, 28.78205128205, 3.93256542052, 56.00339997298, 85.99660002702}, true},
		{"all heard whole", []Stratum{stratum(4, openA...), stratum(5, openB...)},
			WeightedMean{Mean: (4*75.0 + 5*60) / 9}, true},
		{"one person, who is the department", []Stratum{stratum(1, 50), stratum(5, openB...)},
			WeightedMean{Mean: (50 + 5*60.0) / 6}, true},
		{"one person of several", []Stratum{stratum(2, 50), stratum(8, openB...)},
			WeightedMean{Mean: (2*50 + 8*60.0) / 10}, true},
		{"no spread, no width", []Stratum{stratum(9, 50, 50, 50), stratum(9, 100, 100)},
			WeightedMean{75, true, 0, 3, 75, 75}, true},
		{"a department without answers", []Stratum{stratum(40, openA...), stratum(10)}, WeightedMean{}, false},
		{"a headcount unknown", []Stratum{stratum(40, openA...), stratum(0, openB...)}, WeightedMean{}, false},
		{"no departments", nil, WeightedMean{}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := Weighted(row.departments)
			if ok != row.ok || got.HasInterval != row.want.HasInterval {
				t.Errorf("ok = %v, interval = %v", ok, got.HasInterval)
			}
			near(t, "mean", got.Mean, row.want.Mean, fromR)
			near(t, "variance", got.Variance, row.want.Variance, fromR)
			near(t, "df", got.DF, row.want.DF, fromR)
			near(t, "low", got.Low, row.want.Low, 1e-8)
			near(t, "high", got.High, row.want.High, 1e-8)
		})
	}
}

func TestWeightedOfOneDepartmentIsItsOwnInterval(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSums(t, "scores", 2)
		headcount := max(1, s.N+rapid.IntRange(-3, 20).Draw(t, "silent"))
		got, ok := Weighted([]Stratum{{s, headcount}})
		low, high, okInterval := MeanInterval(s, headcount)
		if !ok || got.HasInterval != okInterval {
			t.Fatalf("%+v, %v; alone %v", got, ok, okInterval)
		}
		near(t, "low", got.Low, low, 1e-7)
		near(t, "high", got.High, high, 1e-7)
	})
}

// With every department answering at the same rate the weights change nothing.
func TestWeightingEqualRatesGivesThePlainMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawSums(t, "a", 1), drawSums(t, "b", 1)
		factor := rapid.IntRange(1, 9).Draw(t, "people per answer")
		got, ok := Weighted([]Stratum{{a, factor * a.N}, {b, factor * b.N}})
		plain, _ := a.Plus(b).Mean()
		if !ok {
			t.Fatal("undefined")
		}
		near(t, "mean", got.Mean, plain, 1e-9)
	})
}
