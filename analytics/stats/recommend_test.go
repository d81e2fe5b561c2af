package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Half-widths 36.4 and 11.5 around +10 are the vectors of the measures; all digits: R,
// s <- 100*(P-D); s + c(-1,1)*qnorm(.975)*100*sqrt((P+D-(P-D)^2)/n), cut to +/-100.
func TestRecommend(t *testing.T) {
	for _, row := range []struct {
		name                     string
		promoters, detractors, n int
		score, low, high         float64
		ok                       bool
	}{
		{"P .4, D .3, n 20", 8, 6, 20, 10, -26.4047152597, 46.4047152597, true},
		{"P .4, D .3, n 200", 80, 60, 200, 10, -1.51218177905, 21.51218177905, true},
		{"cut at the top", 5, 0, 6, 83.3333333333, 53.5134309380, 100, true},
		{"cut at the bottom", 0, 5, 6, -83.3333333333, -100, -53.5134309380, true},
		{"torn in two", 3, 3, 6, 0, -80.0151946059, 80.0151946059, true},
		{"all neutral", 0, 0, 9, 0, 0, 0, true},
		{"all promoters", 7, 0, 7, 100, 100, 100, true},
		{"nobody", 0, 0, 0, 0, 0, 0, false},
		{"more kinds than people", 4, 3, 6, 0, 0, 0, false},
		{"negative promoters", -1, 3, 6, 0, 0, 0, false},
		{"negative detractors", 1, -3, 6, 0, 0, 0, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			score, low, high, ok := Recommend(row.promoters, row.detractors, row.n)
			if ok != row.ok {
				t.Errorf("ok = %v", ok)
			}
			near(t, "score", score, row.score, fromR)
			near(t, "low", low, row.low, fromR)
			near(t, "high", high, row.high, fromR)
		})
	}
}

// The score is the mean of +100, 0 and -100, so its error follows from that alone.
func TestRecommendIsTheMeanOfPlusAndMinusHundred(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		promoters := rapid.IntRange(0, 60).Draw(t, "promoters")
		detractors := rapid.IntRange(0, 60).Draw(t, "detractors")
		n := promoters + detractors + rapid.IntRange(1, 60).Draw(t, "neutral")
		mean := 100 * float64(promoters-detractors) / float64(n)
		squares := float64(promoters)*(100-mean)*(100-mean) +
			float64(detractors)*(100+mean)*(100+mean) +
			float64(n-promoters-detractors)*mean*mean
		half := 1.959963984540054 * math.Sqrt(squares) / float64(n)

		score, low, high, ok := Recommend(promoters, detractors, n)
		if !ok {
			t.Fatal("undefined")
		}
		near(t, "score", score, mean, 1e-9)
		near(t, "low", low, math.Max(-100, mean-half), 1e-6)
		near(t, "high", high, math.Min(100, mean+half), 1e-6)
	})
}
