package stats

import "math"

// MoreThanHeadcount reports a data fault: more answers than a group has people, when
// its headcount is known (> 0). The intervals then go without finite population
// correction; whoever shows them says that the headcount is wrong.
func MoreThanHeadcount(n, headcount int) bool {
	return headcount > 0 && n > headcount
}

// everyoneAnswered: nobody is left to generalise to, so there is no interval.
func everyoneAnswered(n, headcount int) bool {
	return headcount > 0 && n == headcount
}

// finiteCorrection is sqrt((N-n)/(N-1)), by which an interval shrinks when n of only N
// people are unheard; 1 when the headcount is unknown (<= 0) or less than n.
func finiteCorrection(n, headcount int) float64 {
	if headcount <= 1 || n > headcount {
		return 1
	}
	return math.Sqrt(float64(headcount-n) / float64(headcount-1))
}
