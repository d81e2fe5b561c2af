package stats

import (
	"testing"

	"pgregory.net/rapid"
)

var (
	openA = []float64{60, 70, 80, 90}
	openB = []float64{50, 55, 60, 65, 70}
)

func TestWelchVectorOfTheMeasures(t *testing.T) {
	got, ok := Welch(sumsOf(openA...), sumsOf(openB...))
	if !ok {
		t.Fatal("undefined")
	}
	near(t, "difference", got.Difference, 15, 1e-12)
	near(t, "t", got.T, 2.0381, 0.00005)
	near(t, "df", got.DF, 4.7494, 0.00005)
	near(t, "p", got.P, 0.1001, 0.00005)
	near(t, "low", got.Low, -4.22, 0.005)
	near(t, "high", got.High, 34.22, 0.005)
}

// Expectations: R, t.test(a, b).
func TestWelchAgreesWithR(t *testing.T) {
	for _, row := range []struct {
		name string
		a, b []float64
		want Test
		ok   bool
	}{
		{"the vector, all digits", openA, openB,
			Test{15, 2.038098661460, 4.749414519906, 0.100083809035, -4.223181919700, 34.223181919700}, true},
		{"one group without spread", []float64{50, 50, 50, 50}, []float64{25, 50, 75, 100, 0},
			Test{0, 0, 4, 1, -49.0810790369, 49.0810790369}, true},
		{"two equal spreads", eight, []float64{0, 25, 25, 50, 100, 75, 75, 50},
			Test{9.375, 0.654653670708, 12.800456968774, 0.524280147020, -21.611762038075, 40.361762038075}, true},
		{"pairs: R's interval, +/-345.9, is cut", []float64{0, 100}, []float64{25, 75},
			Test{0, 0, 1.47058823529, 1, -100, 100}, true},
		{"far apart", []float64{75, 100, 75, 100, 75, 100, 75, 100, 75, 75}, []float64{0, 25, 0, 25, 0, 25, 0, 25, 0, 0},
			Test{75, 12.9903810568, 18, 1.39348147957e-10, 62.8703209452, 87.1296790548}, true},
		{"unequal sizes", []float64{62.5, 50, 75}, []float64{50, 50, 62.5, 75, 100, 37.5, 25, 12.5},
			Test{10.9375, 0.894862117936, 8.238277360547, 0.396252251245, -17.106489243054, 38.981489243054}, true},
		{"one person before", openA, []float64{50}, Test{}, false},
		{"one person now", []float64{50}, openA, Test{}, false},
		{"nobody before", openA, nil, Test{}, false},
		{"no spread anywhere", []float64{75, 75, 75}, []float64{50, 50}, Test{}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := Welch(sumsOf(row.a...), sumsOf(row.b...))
			if ok != row.ok {
				t.Errorf("ok = %v", ok)
			}
			nearTest(t, got, row.want)
		})
	}
}

func nearTest(t reporter, got, want Test) {
	t.Helper()
	near(t, "difference", got.Difference, want.Difference, fromR)
	near(t, "statistic", got.T, want.T, fromR)
	near(t, "df", got.DF, want.DF, fromR)
	near(t, "p", got.P, want.P, fromR)
	near(t, "low", got.Low, want.Low, fromR)
	near(t, "high", got.High, want.High, fromR)
	if want.P > 0 {
		near(t, "p / expected p", got.P/want.P, 1, 1e-6)
	}
}

func TestWelchTurnsRoundAndItsIntervalAgreesWithItsP(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawSums(t, "a", 2), drawSums(t, "b", 2)
		forth, ok := Welch(a, b)
		back, okBack := Welch(b, a)
		if ok != okBack {
			t.Fatal("defined one way only")
		}
		if !ok {
			return // both groups without spread
		}
		if forth.Difference != -back.Difference || forth.P != back.P || forth.Low != -back.High {
			t.Fatalf("%+v turned round is %+v", forth, back)
		}
		excludesZero := forth.Low > 0 || forth.High < 0
		if clear := forth.P < 0.05; clear != excludesZero && (forth.P < 0.0499999 || forth.P > 0.0500001) {
			t.Fatalf("p and interval disagree: %+v", forth)
		}
	})
}

// z and t columns: R, qnorm(.975)*25*sqrt(2/n) and qt(.975, 2*n-2)*25*sqrt(2/n). The
// measures give the z column as their vector; what is printed uses t.
func TestSmallestChange(t *testing.T) {
	for _, row := range []struct {
		name       string
		n          int
		vector     float64
		withZ, got float64
	}{
		{"5", 5, 31.0, 30.9897516152, 36.4611268051},
		{"10", 10, 21.9, 21.9130635144, 23.4890224870},
		{"20", 20, 15.5, 15.4948758076, 16.0042410998},
		{"50", 50, 9.8, 9.79981992270, 9.92233727254},
		{"100", 100, 6.9, 6.92951912175, 6.97213465598},
		{"400", 400, 3.5, 3.46475956087, 3.47002257130},
	} {
		t.Run(row.name, func(t *testing.T) {
			z := visibleChange(normalQuantile(), 25, row.n, row.n)
			near(t, "with z", z, row.vector, 0.05)
			near(t, "with z, all digits", z, row.withZ, fromR)
			got, ok := SmallestChange(25, row.n, row.n)
			if !ok {
				t.Fatal("undefined")
			}
			near(t, "with t", got, row.got, fromR)
		})
	}
}

func TestSmallestChangeEdges(t *testing.T) {
	for _, row := range []struct {
		name   string
		sd     float64
		n1, n2 int
		want   float64
		ok     bool
	}{
		{"unequal", 20, 6, 40, 17.6464584344, true}, // R: qt(.975,44)*20*sqrt(1/6+1/40)
		{"two and two", 25, 2, 2, 107.566318244, true},
		{"one before", 20, 6, 1, 0, false},
		{"one now", 20, 1, 6, 0, false},
		{"no spread", 0, 6, 6, 0, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := SmallestChange(row.sd, row.n1, row.n2)
			if ok != row.ok {
				t.Errorf("ok = %v", ok)
			}
			near(t, "points", got, row.want, fromR)
		})
	}
}

// A move of exactly the smallest change between groups of the same spread stands at p = 5 %.
func TestSmallestChangeIsWhereWelchTurns(t *testing.T) {
	before := sumsOf(40, 50, 60, 45, 55, 50)
	sd, _ := before.SD()
	move, ok := SmallestChange(sd, before.N, before.N)
	if !ok {
		t.Fatal("undefined")
	}
	now := sumsOf(40+move, 50+move, 60+move, 45+move, 55+move, 50+move)
	test, ok := Welch(now, before)
	if !ok {
		t.Fatal("no test")
	}
	near(t, "p", test.P, 0.05, 1e-9)
}
