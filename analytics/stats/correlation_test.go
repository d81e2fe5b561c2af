package stats

import (
	"math"
	"slices"
	"sort"
	"testing"

	"gonum.org/v1/gonum/stat"
	"pgregory.net/rapid"
)

// Expectations: R, cor(a, b, method="spearman") on the persons of table(a, b).
func TestSpearman(t *testing.T) {
	for _, row := range []struct {
		name  string
		table [][]int
		rho   float64
		n     int
		ok    bool
	}{
		// a <- c(1,2,2,3,3,3,4,5,5,1); b <- c(10,20,35,35,50,20,80,80,95,40)
		{"ties on both sides", [][]int{
			{1, 0, 0, 1, 0, 0, 0},
			{0, 1, 1, 0, 0, 0, 0},
			{0, 1, 1, 0, 1, 0, 0},
			{0, 0, 0, 0, 0, 1, 0},
			{0, 0, 0, 0, 0, 1, 1},
		}, 0.753183844787, 10, true},
		{"44 persons", [][]int{{4, 2, 1, 0}, {1, 6, 3, 1}, {0, 2, 7, 4}, {0, 1, 3, 9}}, 0.700155743877, 44, true},
		{"values nobody gave", [][]int{{4, 2, 0, 1, 0}, {0, 0, 0, 0, 0}, {1, 6, 0, 3, 1}, {0, 2, 0, 7, 4}, {0, 1, 0, 3, 9}}, 0.700155743877, 44, true},
		{"in step", [][]int{{3, 0, 0}, {0, 5, 0}, {0, 0, 2}}, 1, 10, true},
		{"in counterstep", [][]int{{0, 3}, {4, 0}}, -1, 7, true},
		{"unrelated", [][]int{{2, 2}, {2, 2}}, 0, 8, true},
		{"one value of the item", [][]int{{3, 4}}, 0, 0, false},
		{"one value of the construct", [][]int{{3, 0}, {4, 0}}, 0, 0, false},
		{"one person", [][]int{{1, 0}, {0, 0}}, 0, 0, false},
		{"nobody", [][]int{{0, 0}, {0, 0}}, 0, 0, false},
		{"no table", nil, 0, 0, false},
		{"ragged", [][]int{{1, 2}, {3}}, 0, 0, false},
		{"a negative count", [][]int{{1, 2}, {3, -1}}, 0, 0, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			rho, n, ok := Spearman(row.table)
			if ok != row.ok || n != row.n {
				t.Errorf("n = %d, ok = %v", n, ok)
			}
			near(t, "rho", rho, row.rho, fromR)
		})
	}
}

func TestSpearmanIsPearsonOfThePersonsRanks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(2, 6).Draw(t, "columns")
		cells := rapid.SliceOfN(rapid.IntRange(0, 5), columns, columns)
		table := rapid.SliceOfN(cells, 2, 6).Draw(t, "table")
		var a, b []float64
		for i, row := range table {
			for j, count := range row {
				for range count {
					a, b = append(a, float64(i)), append(b, float64(j))
				}
			}
		}
		rho, n, ok := Spearman(table)
		want := math.NaN()
		if len(a) > 1 {
			want = stat.Correlation(ranksOf(a), ranksOf(b), nil)
		}
		if math.IsNaN(want) {
			if ok {
				t.Fatalf("rho = %g where nothing varies", rho)
			}
			return
		}
		if !ok || n != len(a) {
			t.Fatalf("n = %d of %d, %v", n, len(a), ok)
		}
		near(t, "rho", rho, want, 1e-9)
		slices.Reverse(table)
		turned, _, _ := Spearman(table)
		near(t, "rho of the reversed item", turned, -rho, 1e-12)
	})
}

// ranksOf gives each person the mean of the places equal values take in sorted order.
func ranksOf(values []float64) []float64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	ranks := make([]float64, len(values))
	for i, v := range values {
		first := sort.SearchFloat64s(sorted, v)
		after := sort.SearchFloat64s(sorted, v+0.5)
		ranks[i] = float64(first+1+after) / 2
	}
	return ranks
}

// Expectations: R, tanh(atanh(r) + c(-1,1)*qnorm(.975)*sqrt((1+r^2/2)/(n-3))).
func TestCorrelationInterval(t *testing.T) {
	for _, row := range []struct {
		name      string
		rho       float64
		n         int
		low, high float64
		ok        bool
	}{
		{"of the 44", 0.700155743877, 44, 0.482357130903, 0.836427444316, true},
		{"half, thirty persons", 0.5, 30, 0.148132183391, 0.739503194920, true},
		{"opposed", -0.8, 12, -0.951672569660, -0.334603517192, true},
		{"four persons", 0, 4, -0.961087082561, 0.961087082561, true},
		{"three persons", 0.5, 3, 0, 0, false},
		{"perfect", 1, 40, 0, 0, false},
		{"perfectly opposed", -1, 40, 0, 0, false},
		{"no correlation", 1.2, 40, 0, 0, false},
		{"unknown", math.NaN(), 40, 0, 0, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			low, high, ok := CorrelationInterval(row.rho, row.n)
			if ok != row.ok {
				t.Errorf("ok = %v", ok)
			}
			near(t, "low", low, row.low, fromR)
			near(t, "high", high, row.high, fromR)
		})
	}
}
