package stats

import (
	"testing"

	"pgregory.net/rapid"
)

// Expectations are R's:
//
//	O <- matrix(c(a, n-a, b, m-b), 2); E <- outer(rowSums(O), colSums(O)) / sum(O)
//	2 * sum(ifelse(O == 0, 0, O * log(O / E))); log2((max(a, .5) / n) / (max(b, .5) / m))
func TestKeynessIsWhatRComputes(t *testing.T) {
	for _, test := range []struct {
		a, n, b, m   int
		g2, logRatio float64
	}{
		{12, 40, 10, 400, 32.2987906700, 3.5849625007},
		{5, 20, 0, 300, 29.0168899388, 7.2288186905},
		{0, 20, 30, 300, 4.0728750447, -2},
		{10, 100, 10, 100, 0, 0},
		{20, 20, 0, 80, 100.0804847076, 7.3219280949},
		{1, 1, 1, 1, 0, 0},
		{350, 1000, 9000, 100000, 505.1694980730, 1.9593580155},
	} {
		k, ok := KeynessOf(test.a, test.n, test.b, test.m)
		if !ok {
			t.Fatalf("%+v is not compared", test)
		}
		near(t, "G2", k.G2, test.g2, fromR)
		near(t, "log ratio", k.LogRatio, test.logRatio, fromR)
	}
}

func TestKeynessNeedsTextsOnBothSides(t *testing.T) {
	for _, sizes := range [][2]int{{0, 5}, {5, 0}, {0, 0}} {
		if k, ok := KeynessOf(0, sizes[0], 0, sizes[1]); ok {
			t.Errorf("%v texts are compared: %+v", sizes, k)
		}
	}
}

func TestKeynessIsTheSameSeenFromEitherSide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, m := rapid.IntRange(1, 500).Draw(t, "n"), rapid.IntRange(1, 500).Draw(t, "m")
		a, b := rapid.IntRange(0, n).Draw(t, "a"), rapid.IntRange(0, m).Draw(t, "b")
		one, _ := KeynessOf(a, n, b, m)
		other, _ := KeynessOf(b, m, a, n)
		without, _ := KeynessOf(n-a, n, m-b, m)
		near(t, "G2 from the other side", other.G2, one.G2, 1e-8)
		near(t, "G2 of the texts without", without.G2, one.G2, 1e-8)
		near(t, "log ratio from the other side", other.LogRatio, -one.LogRatio, 1e-9)
		if one.G2 < 0 {
			t.Errorf("G2 = %v", one.G2)
		}
	})
}
