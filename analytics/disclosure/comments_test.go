package disclosure

import (
	"slices"
	"testing"
)

func TestCommentsAreNamedFromTenAndTheOthersAreTogetherOrNotAtAll(t *testing.T) {
	shown, hidden := Decision{Level: Shown}, Decision{Hidden, TooFew}
	for name, test := range map[string]struct {
		minimum     int
		total       Decision
		departments []Decision
		respondents []int
		named       []bool
		others      bool
	}{
		"ten are enough, nine are not":                   {5, shown, []Decision{shown, shown}, []int{10, 9}, []bool{true, false}, false},
		"nine and one are ten":                           {5, shown, []Decision{shown, shown, hidden}, []int{10, 9, 1}, []bool{true, false, false}, true},
		"many whose number is withheld are not named":    {5, shown, []Decision{shown, hidden}, []int{10, 30}, []bool{true, false}, true},
		"a survey may ask for more than ten":             {12, shown, []Decision{shown, shown}, []int{12, 11}, []bool{true, false}, false},
		"nothing is shown where the total is withheld":   {5, hidden, []Decision{shown, shown}, []int{40, 40}, []bool{false, false}, false},
		"people who agreed to be named may be read":      {1, shown, []Decision{shown, shown}, []int{1, 2}, []bool{true, true}, false},
		"nobody is no group, whoever agreed to be named": {1, shown, []Decision{shown, hidden}, []int{3, 0}, []bool{true, false}, false},
	} {
		named, others := Rule{Minimum: test.minimum}.Commenting(test.total, test.departments, test.respondents)
		if !slices.Equal(named, test.named) || others != test.others {
			t.Errorf("%s: named %v, others %v", name, named, others)
		}
	}
}
