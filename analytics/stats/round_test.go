package stats

import (
	"fmt"
	"math"
	"testing"
)

func TestAHalfIsPrintedAsTheWholeNumberFurtherFromZero(t *testing.T) {
	for n := range 100 {
		half := float64(n) + .5
		for _, x := range []float64{half, half / 100 * 100, half + 1e-12, half - 1e-12, (half*3 + half*4) / 7} {
			if Whole(x) != float64(n+1) || Whole(-x) != -float64(n+1) {
				t.Errorf("%v becomes %v, and its opposite %v", x, Whole(x), Whole(-x))
			}
		}
		if Whole(half-.001) != float64(n) || Whole(half+.001) != float64(n+1) {
			t.Errorf("beside %v: %v and %v", half, Whole(half-.001), Whole(half+.001))
		}
	}
	if text := fmt.Sprint(Whole(-.4), math.Signbit(Whole(-1e-12))); text != "0 false" {
		t.Errorf("just under 0 is %s", text)
	}
}
