package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Expectations: R, c(mean(x), sd(x)).
func TestMeanAndSD(t *testing.T) {
	third := 100.0 / 3
	for _, row := range []struct {
		name         string
		scores       []float64
		mean, sd     float64
		hasMean, has bool
	}{
		{"nobody", nil, 0, 0, false, false},
		{"one person has a mean but no spread", []float64{62.5}, 62.5, 0, true, false},
		{"four", []float64{60, 70, 80, 90}, 75, 12.9099444874, true, true},
		{"eight", []float64{0, 25, 25, 50, 100, 75, 75, 50}, 50, 32.7326835354, true, true},
		{"all at nothing", []float64{0, 0, 0}, 0, 0, true, true},
		{"equal thirds", []float64{third, third, third, third, third, third, third}, third, 0, true, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := sumsOf(row.scores...)
			mean, ok := s.Mean()
			if ok != row.hasMean {
				t.Errorf("mean ok = %v", ok)
			}
			near(t, "mean", mean, row.mean, fromR)
			sd, ok := s.SD()
			if ok != row.has {
				t.Errorf("sd ok = %v", ok)
			}
			near(t, "sd", sd, row.sd, fromR)
		})
	}
}

func TestEqualScoresHaveNoSpreadWhateverTheRounding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		score := rapid.Float64Range(0, 100).Draw(t, "score")
		var s Sums
		for range rapid.IntRange(2, 3000).Draw(t, "n") {
			s.Add(score)
		}
		if sd, ok := s.SD(); !ok || sd != 0 {
			t.Fatalf("sd = %g, %v", sd, ok)
		}
	})
}

func TestOneDissenterOfAMillionStillShows(t *testing.T) {
	const n, step = 1_000_000, 100.0 / 24
	s := Sums{N: n - 1, Sum: 100 * (n - 1), SumSquares: 1e4 * (n - 1)}
	s.Add(100 - step)
	sd, _ := s.SD()
	near(t, "sd", sd, step/math.Sqrt(n), 1e-5) // variance = step^2 (n-1)/n / (n-1)
}

func TestMergingGroupsIsCountingAllTheirPersons(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := drawSums(t, "a", 0), drawSums(t, "b", 0), drawSums(t, "c", 0)
		if a.Plus(b).Plus(c) != a.Plus(b.Plus(c)) {
			t.Fatal("the order of merging changed the group")
		}
		if a.Plus(b) != b.Plus(a) || a.Plus(Sums{}) != a {
			t.Fatal("merging is not addition")
		}
		x := float64(rapid.IntRange(0, 100).Draw(t, "x"))
		added := a
		added.Add(x)
		if added != a.Plus(sumsOf(x)) || added.N != a.N+1 {
			t.Fatal("adding a person is not merging a group of one")
		}
	})
}
