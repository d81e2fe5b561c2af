package stats

import (
	"testing"

	"pgregory.net/rapid"
)

func TestShareOfImpossibleCountsIsUndefined(t *testing.T) {
	for _, row := range []struct {
		name string
		x, n int
		want float64
		ok   bool
	}{
		{"some", 3, 4, 0.75, true},
		{"none", 0, 4, 0, true},
		{"all", 4, 4, 1, true},
		{"of nobody", 0, 0, 0, false},
		{"more than all", 5, 4, 0, false},
		{"less than none", -1, 4, 0, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := Share(row.x, row.n)
			if got != row.want || ok != row.ok {
				t.Errorf("share = %g, %v", got, ok)
			}
			if _, _, ok := Wilson(row.x, row.n, 0); ok != row.ok {
				t.Errorf("interval ok = %v", ok)
			}
		})
	}
}

func TestWilsonVectorsOfTheMeasures(t *testing.T) {
	for _, row := range []struct {
		name      string
		x, n      int
		low, high float64 // per cent, one decimal
	}{
		{"4 of 5", 4, 5, 37.6, 96.4},
		{"5 of 5", 5, 5, 56.6, 100},
		{"7 of 10", 7, 10, 39.7, 89.2},
		{"14 of 20", 14, 20, 48.1, 85.5},
	} {
		t.Run(row.name, func(t *testing.T) {
			low, high, ok := Wilson(row.x, row.n, 0)
			if !ok {
				t.Fatal("undefined")
			}
			near(t, "low", 100*low, row.low, 0.05)
			near(t, "high", 100*high, row.high, 0.05)
		})
	}
}

// Expectations: R, ci <- prop.test(x, n, correct=FALSE)$conf.int; with a headcount
// mean(ci) + c(-1,1) * diff(ci)/2 * sqrt((N-n)/(N-1)), stretched to hold x/n.
func TestWilsonAgreesWithR(t *testing.T) {
	for _, row := range []struct {
		name             string
		x, n, population int
		low, high        float64
		ok               bool
	}{
		{"4 of 5", 4, 5, 0, 0.375534629763, 0.963775891368, true},
		{"none of 8", 0, 8, 0, 0, 0.324407564884, true},
		{"one person", 1, 1, 0, 0.206549314377, 1, true},
		{"120 of 400", 120, 400, 0, 0.257167671956, 0.346637245778, true},
		{"half of twenty people", 7, 10, 20, 0.464781878482, 0.824205001573, true},
		{"few of a thousand", 14, 20, 1000, 0.482811586638, 0.852738350141, true},
		{"all of five, three silent", 5, 5, 8, 0.640540997394, 1, true},
		{"none of seven, one silent", 0, 7, 8, 0, 0.244127375614, true},
		{"more than the headcount", 4, 5, 4, 0.375534629763, 0.963775891368, true},
		{"everyone answered", 4, 5, 5, 0, 0, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			low, high, ok := Wilson(row.x, row.n, row.population)
			if ok != row.ok {
				t.Errorf("ok = %v", ok)
			}
			near(t, "low", low, row.low, fromR)
			near(t, "high", high, row.high, fromR)
		})
	}
}

func TestWilsonHoldsTheShareAndMirrors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5000).Draw(t, "n")
		x := rapid.IntRange(0, n).Draw(t, "x")
		population := rapid.SampledFrom([]int{0, n - 1, n + 1, n + 7, 3 * n}).Draw(t, "population")
		p := float64(x) / float64(n)
		low, high, ok := Wilson(x, n, population)
		if !ok || low < 0 || low > p || high < p || high > 1 || low >= high {
			t.Fatalf("%d of %d of %d: %g to %g", x, n, population, low, high)
		}
		mirroredLow, mirroredHigh, _ := Wilson(n-x, n, population)
		near(t, "low of the others", mirroredLow, 1-high, 1e-12)
		near(t, "high of the others", mirroredHigh, 1-low, 1e-12)
	})
}

func TestMarginVectorsOfTheMeasures(t *testing.T) {
	for _, row := range []struct {
		name          string
		population, n int
		points        float64
	}{
		{"N1000 n500", 1000, 500, 3.10},
		{"N20 n12", 20, 12, 18.36},
		{"N8 n5", 8, 5, 28.69},
		{"N40 n30", 40, 30, 9.06},
		{"N400 n100", 400, 100, 8.50},
	} {
		t.Run(row.name, func(t *testing.T) {
			margin, ok := Margin(0.5, row.n, row.population)
			if !ok {
				t.Fatal("undefined")
			}
			near(t, "margin", 100*margin, row.points, 0.005)
		})
	}
}

func TestMarginEdges(t *testing.T) {
	for _, row := range []struct {
		name          string
		share         float64
		n, population int
		want          float64
		ok            bool
	}{
		{"another share", 0.2, 50, 0, 0.110872305948, true}, // R: qnorm(.975)*sqrt(.2*.8/50)
		{"nobody", 0.5, 0, 10, 0, false},
		{"everyone", 0.5, 10, 10, 0, false},
		{"no share", 1.2, 5, 10, 0, false},
		{"negative share", -0.2, 5, 10, 0, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := Margin(row.share, row.n, row.population)
			if ok != row.ok {
				t.Errorf("ok = %v", ok)
			}
			near(t, "margin", got, row.want, fromR)
		})
	}
}
