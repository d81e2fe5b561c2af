package disclosure

import "testing"

func (b Bound) allows(count, n int) bool {
	if b.Side == MoreThan {
		return 100*count > b.Percent*n
	}
	return 100*count < b.Percent*n
}

func TestCoarseSharesAreTrueAndFitAtLeastTwoCounts(t *testing.T) {
	for n := 2; n <= 300; n++ {
		for count := range n + 1 {
			b, ok := CoarseShare(count, n)
			if !ok || !b.allows(count, n) {
				t.Fatalf("of %d of %d it says %v, %v", count, n, b, ok)
			}
			fits := 0
			for c := range n + 1 {
				if b.allows(c, n) {
					fits++
				}
			}
			if fits < 2 || fits > n {
				t.Fatalf("%v fits %d counts of %d", b, fits, n)
			}
		}
	}
}

func TestCoarseSharesOfWholeGroups(t *testing.T) {
	for _, test := range []struct {
		count, n int
		want     Bound
	}{
		{3, 3, Bound{MoreThan, 50}},
		{0, 3, Bound{LessThan, 50}},
		{5, 5, Bound{MoreThan, 75}}, // more than 80 % of five would be all five
		{10, 10, Bound{MoreThan, 75}},
		{11, 11, Bound{MoreThan, 90}},
		{0, 11, Bound{LessThan, 10}},
		{0, 7, Bound{LessThan, 25}},
	} {
		if got, _ := CoarseShare(test.count, test.n); got != test.want {
			t.Errorf("%d of %d: %v, want %v", test.count, test.n, got, test.want)
		}
	}
	for _, bad := range [][2]int{{1, 1}, {0, 0}, {-1, 5}, {6, 5}} {
		if b, ok := CoarseShare(bad[0], bad[1]); ok {
			t.Errorf("of %v it says %v", bad, b)
		}
	}
}

func TestCoarseMeansFitAtLeastTwoAnswersOfEveryScale(t *testing.T) {
	for _, points := range []int{5, 7, 11} {
		for answer := range points {
			score := func(x int) float64 { return 100 * float64(x) / float64(points-1) }
			low, high := CoarseMean(score(answer))
			inside := func(s float64) bool { return s >= low && (s < high || high == 100) }
			if !inside(score(answer)) {
				t.Errorf("%v is not within %v to %v", score(answer), low, high)
			}
			fits := 0
			for x := range points {
				if inside(score(x)) {
					fits++
				}
			}
			if fits < 2 {
				t.Errorf("%d points: only one answer has a mean of %v to %v", points, low, high)
			}
		}
	}
}
