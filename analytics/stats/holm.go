package stats

import (
	"math"
	"slices"
)

// Holm corrects the p-values of departments shown together, so that the chance of even
// one false alarm among them stays at 5 % (Holm 1979, step-down). The result is in
// the order of ps, which is left as it was, and never above 1.
//
// A NaN marks a department that could not be tested: it stays NaN and does not count
// among the tests.
func Holm(ps []float64) []float64 {
	adjusted := slices.Clone(ps)
	order := make([]int, 0, len(ps))
	for i, p := range ps {
		if !math.IsNaN(p) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(i, j int) int {
		if ps[i] < ps[j] {
			return -1
		}
		if ps[i] > ps[j] {
			return 1
		}
		return 0
	})
	reached := 0.0
	for rank, i := range order {
		reached = math.Max(reached, math.Min(1, ps[i]*float64(len(order)-rank)))
		adjusted[i] = reached
	}
	return adjusted
}
