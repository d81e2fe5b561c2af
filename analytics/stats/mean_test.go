package stats

import (
	"testing"

	"pgregory.net/rapid"
)

var eight = []float64{25, 50, 50, 75, 75, 100, 62.5, 37.5}

// Expectations: R, t.test(x)$conf.int; with a headcount N
// mean(x) + c(-1,1) * qt(.975, n-1) * sd(x)/sqrt(n) * sqrt((N-n)/(N-1)).
func TestMeanInterval(t *testing.T) {
	for _, row := range []struct {
		name       string
		scores     []float64
		population int
		low, high  float64
		ok         bool
	}{
		{"four, headcount unknown", []float64{60, 70, 80, 90}, 0, 54.4573974324, 95.5426025676, true},
		{"eight, headcount unknown", eight, 0, 39.4293483829, 79.3206516171, true},
		{"eight of twelve", eight, 12, 47.3473195249, 71.4026804751, true},
		{"one silent", eight, 9, 52.3231472432, 66.4268527568, true},
		{"eight of four hundred", eight, 400, 39.6050844218, 79.1449155782, true},
		{"everyone answered", eight, 8, 0, 0, false},
		{"more than the headcount", eight, 7, 39.4293483829, 79.3206516171, true},
		{"cut at both ends", []float64{0, 100}, 0, 0, 100, true},
		{"cut at the top", []float64{90, 100, 100}, 0, 82.3244909008, 100, true},
		{"no spread, no width", []float64{75, 75, 75}, 0, 75, 75, true},
		{"one person", []float64{50}, 0, 0, 0, false},
		{"nobody", nil, 10, 0, 0, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			low, high, ok := MeanInterval(sumsOf(row.scores...), row.population)
			if ok != row.ok {
				t.Errorf("ok = %v", ok)
			}
			near(t, "low", low, row.low, fromR)
			near(t, "high", high, row.high, fromR)
		})
	}
}

func TestMeanIntervalHoldsTheMeanAndShrinksAsMoreOfTheGroupIsHeard(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSums(t, "scores", 2)
		mean, _ := s.Mean()
		headcount := s.N + rapid.IntRange(1, 50).Draw(t, "silent")
		low, high, ok := MeanInterval(s, headcount)
		wideLow, wideHigh, _ := MeanInterval(s, headcount+1)
		if !ok || low > mean || high < mean || low < 0 || high > 100 {
			t.Fatalf("interval %g to %g of mean %g, %v", low, high, mean, ok)
		}
		if low < wideLow || high > wideHigh {
			t.Fatalf("%g to %g is wider than %g to %g of a larger group", low, high, wideLow, wideHigh)
		}
	})
}
