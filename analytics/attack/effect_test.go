package attack

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"soundings/surveys/store/storetest"
)

// What a comparison of visited departments is made of is told by the trend as well, of the same people and as exactly: it
// lets nobody work out what the trend hides.
func TestAComparisonOfVisitsTellsNothingThatTheTrendHides(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	told := 0
	for number := range 6 {
		o := s.organisation(rand.New(rand.NewPCG(*seed, uint64(number))), fmt.Sprintf("Organisation %d", number), false)
		for _, w := range []Wave{o.closed("before"), o.closed("after")} {
			known, err := trend(t.Context(), w)
			if err != nil {
				t.Fatal(err)
			}
			facts, err := effect(t.Context(), w)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range facts {
				f.Exit = "trend"
				if told++; !slices.ContainsFunc(known, func(k Fact) bool { return reflect.DeepEqual(k, f) }) {
					t.Errorf("organisation %d, %s: %+v is not told by the trend", number, w.Label, f)
				}
			}
		}
	}
	if told == 0 {
		t.Error("nothing was compared")
	}
}
