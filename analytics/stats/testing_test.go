package stats

import (
	"math"

	"pgregory.net/rapid"
)

// fromR is the tolerance for expectations that R printed with twelve digits.
const fromR = 1e-9

func sumsOf(scores ...float64) Sums {
	var s Sums
	for _, x := range scores {
		s.Add(x)
	}
	return s
}

// reporter is what *testing.T and *rapid.T have in common.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

func near(t reporter, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tolerance {
		t.Errorf("%s = %.12g, want %.12g", what, got, want)
	}
}

// drawSums is a group of whole scores, so that its sums are exact.
func drawSums(t *rapid.T, label string, least int) Sums {
	var s Sums
	for _, x := range rapid.SliceOfN(rapid.IntRange(0, 100), least, 40).Draw(t, label) {
		s.Add(float64(x))
	}
	return s
}
