package stats

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Expectations: R, p.adjust(p, "holm"); the first is the vector of the measures.
func TestHolm(t *testing.T) {
	na := math.NaN()
	for _, row := range []struct {
		name     string
		ps, want []float64
	}{
		{"the vector", []float64{.01, .04, .03, .005}, []float64{.03, .06, .06, .02}},
		{"up to 1 and no further", []float64{.9, .02, .02, .5, .001, 1}, []float64{1, .1, .1, 1, .006, 1}},
		{"ties", []float64{.01, .01, .01}, []float64{.03, .03, .03}},
		{"an untested one does not count", []float64{.02, na, .03}, []float64{.04, na, .04}},
		{"one test needs no correction", []float64{.04}, []float64{.04}},
		{"none", nil, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			given := slices.Clone(row.ps)
			got := Holm(given)
			if len(got) != len(row.want) {
				t.Fatalf("%d results", len(got))
			}
			for i, want := range row.want {
				if math.IsNaN(want) {
					if !math.IsNaN(got[i]) {
						t.Errorf("p %d = %g, want NaN", i, got[i])
					}
					continue
				}
				near(t, "p", got[i], want, 1e-12)
				if given[i] != row.ps[i] {
					t.Error("the argument was changed")
				}
			}
		})
	}
}

func TestHolmOnlyRaisesAndKeepsTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ps := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 30).Draw(t, "ps")
		got := Holm(ps)
		bonferroni := float64(len(ps))
		for i := range ps {
			if got[i] < ps[i] || got[i] > 1 || got[i] > math.Min(1, ps[i]*bonferroni) {
				t.Fatalf("p %g became %g", ps[i], got[i])
			}
			for j := range ps {
				if ps[i] < ps[j] && got[i] > got[j] {
					t.Fatalf("%g < %g became %g > %g", ps[i], ps[j], got[i], got[j])
				}
			}
		}
	})
}
