package disclosure

import (
	"testing"

	"pgregory.net/rapid"
)

func TestAnyTwoMomentsOfACellDifferByNobodyOrTheMinimum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Rule{rapid.IntRange(2, 8).Draw(t, "minimum")}
		arrivals := rapid.SliceOfN(rapid.IntRange(0, 30), 1, 20).Draw(t, "arrivals")
		counted, uncounted := 0, 0
		moments := []int{0}
		for _, n := range arrivals {
			uncounted += n
			now := r.Step(uncounted)
			counted, uncounted = counted+now, uncounted-now
			moments = append(moments, counted)
			if counted > 0 && (uncounted < r.Minimum || now > 0 && uncounted >= 2*r.Minimum) {
				t.Fatalf("%d counted, %d left over", counted, uncounted)
			}
			if uncounted >= 2*r.Minimum {
				t.Fatalf("%d wait to be counted", uncounted)
			}
		}
		if closed := counted + uncounted; closed >= r.Minimum {
			moments = append(moments, closed) // else the cell is Hidden
		}
		for i, a := range moments {
			for _, b := range moments[i:] {
				if b != a && b-a < r.Minimum {
					t.Fatalf("moments %v differ by %d", moments, b-a)
				}
			}
		}
	})
}

func TestNamedResponsesCountAtOnce(t *testing.T) {
	if got := (Rule{1}).Step(3); got != 3 {
		t.Errorf("counts %d of 3", got)
	}
}

func TestParticipationMovesInStepsWhileOpen(t *testing.T) {
	for _, test := range []struct {
		n    int
		open bool
		want int
	}{{4, true, 0}, {5, true, 5}, {14, true, 10}, {14, false, 14}, {0, true, 0}} {
		if got := (Rule{5}).Participation(test.n, test.open); got != test.want {
			t.Errorf("%d answered, open %v: %d told, want %d", test.n, test.open, got, test.want)
		}
	}
}

func TestCommentsNeedTenRespondents(t *testing.T) {
	for _, test := range []struct {
		minimum, n int
		want       bool
	}{{5, 9, false}, {5, 10, true}, {12, 11, false}, {12, 12, true}, {1, 1, true}, {1, 0, false}, {0, 9, false}} {
		if got := (Rule{test.minimum}).Comments(test.n); got != test.want {
			t.Errorf("minimum %d, %d respondents: shown %v", test.minimum, test.n, got)
		}
	}
}
