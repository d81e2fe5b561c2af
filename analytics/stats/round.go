package stats

import "math"

// Whole is the whole number that a figure is printed as, everywhere: the nearest, and of a half the one further from zero,
// as spreadsheets have it. Sums of fractions miss a half by less than a billionth; they count as the half. Never gives -0.
func Whole(x float64) float64 {
	const fine = 1e9
	return math.Round(math.Round(x*fine)/fine) + 0
}
