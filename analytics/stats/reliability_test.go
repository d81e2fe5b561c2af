package stats

import (
	"math"
	"testing"
)

// The rows of the measures' vector, whose alpha is 0.9628.
var fiveRows = [][]float64{{4, 5, 4}, {2, 3, 2}, {5, 5, 4}, {3, 3, 3}, {1, 2, 2}}

// Expectation: R, k/(k-1)*(1 - sum(apply(m,2,var))/var(rowSums(m))); the variances
// are apply(m,2,var) and var(rowSums(m)).
func TestAlpha(t *testing.T) {
	for _, row := range []struct {
		name  string
		items []float64
		total float64
		want  float64
		ok    bool
	}{
		{"the vector", []float64{2.5, 1.8, 1.0}, 14.8, 0.962837837838, true},
		{"items that pull apart", []float64{1, 1, 1}, 2, -0.75, true}, // 3/2 * (1 - 3/2)
		{"two items, the bare formula", []float64{1, 1}, 3, 2.0 / 3, true},
		{"totals that do not vary", []float64{1, 1}, 0, 0, false},
		{"one item", []float64{2}, 2, 0, false},
		{"none", nil, 2, 0, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := Alpha(row.items, row.total)
			if ok != row.ok {
				t.Errorf("ok = %v", ok)
			}
			near(t, "alpha", got, row.want, fromR)
		})
	}
}

func TestSpearmanBrown(t *testing.T) {
	for _, row := range []struct {
		name    string
		r, want float64
		ok      bool
	}{
		{"strong", 0.942809041582, 0.970562748477, true},
		{"half", 0.5, 2.0 / 3, true},
		{"perfect", 1, 1, true},
		{"none", 0, 0, true},
		{"opposed", -0.5, -2, true},
		{"wholly opposed", -1, 0, false},
		{"no correlation", 1.5, 0, false},
		{"unknown", math.NaN(), 0, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := SpearmanBrown(row.r)
			if ok != row.ok {
				t.Errorf("ok = %v", ok)
			}
			near(t, "reliability", got, row.want, fromR)
		})
	}
}

// repeated counts the first items of the vector's rows so many times, which leaves the
// correlations as they are and alpha too, since it is a ratio of variances.
func repeated(items, times int) *CompleteRows {
	c := NewCompleteRows(items)
	for range times {
		for _, row := range fiveRows {
			c.Add(row[:items])
		}
	}
	return c
}

func TestReliabilityIsShownOnlyWithItemsAndPersonsEnough(t *testing.T) {
	for _, row := range []struct {
		name string
		rows *CompleteRows
		want Reliability
		ok   bool
	}{
		{"three items, 25 persons", repeated(3, 5), Reliability{}, false},
		{"three items, 30 persons", repeated(3, 6), Reliability{0.962837837838, 3, 30, true}, true},
		{"three items, 95 persons", repeated(3, 19), Reliability{0.962837837838, 3, 95, true}, true},
		{"three items, 100 persons", repeated(3, 20), Reliability{0.962837837838, 3, 100, false}, true},
		// R: r <- cor(m[,1], m[,2]); 2*r/(1+r)
		{"two items", repeated(2, 6), Reliability{0.970562748477, 2, 30, true}, true},
		{"one item", repeated(1, 6), Reliability{}, false},
		{"no item", repeated(0, 6), Reliability{}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := row.rows.Reliability()
			if ok != row.ok || got.Items != row.want.Items || got.Persons != row.want.Persons || got.Few != row.want.Few {
				t.Errorf("%+v, %v", got, ok)
			}
			near(t, "value", got.Value, row.want.Value, fromR)
		})
	}
}

func TestOnlyCompleteRowsCount(t *testing.T) {
	c := repeated(3, 6)
	for _, row := range []struct {
		name     string
		scores   []float64
		complete bool
	}{
		{"an item missing", []float64{100, math.NaN(), 0}, false},
		{"an item short", []float64{100, 0}, false},
		{"an item too many", []float64{100, 0, 0, 0}, false},
		{"all there", fiveRows[0], true},
	} {
		t.Run(row.name, func(t *testing.T) {
			before := c.total.N
			if got := c.Add(row.scores); got != row.complete {
				t.Errorf("complete = %v", got)
			}
			if counted := c.total.N > before; counted != row.complete {
				t.Errorf("counted = %v", counted)
			}
			if r, ok := c.Reliability(); !ok || math.IsNaN(r.Value) {
				t.Errorf("spoilt: %+v, %v", r, ok)
			}
		})
	}
}

// The odd scores leave a trace of rounding that would pass for a correlation.
func TestNoReliabilityWhereNothingVaries(t *testing.T) {
	const third, fixed, odd = 100.0 / 3, 100.0 / 72, 19 * 100.0 / 72
	for _, row := range []struct {
		name string
		rows [][]float64
	}{
		{"all the same", [][]float64{{third, 75, third}, {third, 75, third}}},
		{"two that cancel", [][]float64{{odd, 100 - odd}, {100 - odd, odd}, {50, 50}}},
		{"one of two fixed", [][]float64{{fixed, 12.5}, {fixed, 87.5}, {fixed, third}}},
		{"the other fixed", [][]float64{{12.5, fixed}, {87.5, fixed}, {third, fixed}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := NewCompleteRows(len(row.rows[0]))
			for range 20 {
				for _, scores := range row.rows {
					c.Add(scores)
				}
			}
			if got, ok := c.Reliability(); ok {
				t.Errorf("%+v", got)
			}
		})
	}
}
