package disclosure

// Side says on which side of a bound a share lies.
type Side uint8

const (
	LessThan Side = iota
	MoreThan
)

// Bound is what may be said of a share in a Coarse group: "more than 75 %".
type Bound struct {
	Side    Side
	Percent int
}

// bounds are what "more than" may say, strongest first; "less than" says the same of the others.
var bounds = [...]int{90, 75, 50, 25}

// CoarseShare is the strongest bound on the share count of n that fits at least two counts, so that it
// does not tell how many: more than 90 % from 11 people, 75 % from 5, 50 % from 3; likewise less than
// 10, 25 and 50 %. ok is false for fewer than two people, of whom nothing can be said this way.
//
// Print one share of a Coarse group, the favourable one: that neither the favourable nor the
// unfavourable exceed 10 % would tell that everyone is in the middle.
func CoarseShare(count, n int) (b Bound, ok bool) {
	if n < 2 || count < 0 || count > n {
		return Bound{}, false
	}
	if 2*count < n {
		b, ok = CoarseShare(n-count, n)
		return Bound{LessThan, 100 - b.Percent}, ok
	}
	for _, percent := range bounds {
		if 100*count > percent*n && 100*(n-1) > percent*n {
			return Bound{MoreThan, percent}, true
		}
	}
	return Bound{}, false
}

// CoarseMean is the half of the 0-100 scale in which a Coarse group's mean lies: 0 up to but without
// 50, or 50 to 100. Halves, since a narrower band could hold a single answer (a third holds only the
// middle one of five); each half holds at least two answers of a scale of five, seven or eleven points.
func CoarseMean(mean float64) (low, high float64) {
	if mean < 50 {
		return 0, 50
	}
	return 50, 100
}
