package disclosure

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestNothingUnsafeFollowsFromGroupsBesideTheirTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 8).Draw(t, "minimum")
		var people table
		var groups []Aggregate
		for range rapid.IntRange(1, 7).Draw(t, "groups") {
			people = append(people, [][]person{somePeople(t, "people")})
			groups = append(groups, aggregateOf(people[len(people)-1][0]))
		}
		total, each := Rule{k}.Groups(groups)
		d := TableDecision{Total: total, Rows: each, Columns: []Decision{{}}}
		for range groups {
			d.Cells = append(d.Cells, []Decision{{}})
		}
		for _, guess := range []bool{false, total.Level == Shown} {
			if why := attack(people, d, k, guess); why != "" {
				t.Errorf("guessing %v: %s\n%s", guess, why, sketch(people, d))
			}
			if why := attackDifferences(people, d, k, guess); why != "" {
				t.Errorf("guessing %v: %s\n%s", guess, why, sketch(people, d))
			}
		}
		if total.Level != Shown && slices.ContainsFunc(each, func(d Decision) bool { return d.Level == Shown }) {
			t.Errorf("total is %v, groups are %v", total, each)
		}
		checkCover(t, total, groups, each)
	})
}

// checkCover holds that one group is never withheld alone beside a shown total, and that at most one of
// the safe ones is hidden to protect others.
func checkCover(t *rapid.T, total Decision, groups []Aggregate, each []Decision) {
	withheld, partners := 0, 0
	for i, d := range each {
		if d.Level != Shown && groups[i].N > 0 {
			withheld++
		}
		if d.Reason == Protects && !groups[i].Extreme() {
			partners++
		}
	}
	if total.Level == Shown && (withheld == 1 || partners > 1) {
		t.Errorf("of %+v, decided %v", groups, each)
	}
}

func TestGroupsDecisions(t *testing.T) {
	shown, coarse := Decision{Level: Shown}, Decision{Level: Coarse}
	few, protects, moved := Decision{Hidden, TooFew}, Decision{Hidden, Protects}, Decision{Hidden, MovedTooLittle}
	of := func(n int) Aggregate { return aggregateOf(mixed(n)) }
	since := func(n, moved int) Aggregate {
		a := of(n)
		a.Moved = moved
		return a
	}
	seven := aggregateOf(sevenAlike())
	sevenNew := seven
	sevenNew.Moved = 7
	tests := map[string]struct {
		groups []Aggregate
		total  Decision
		each   []Decision
	}{
		"no groups":                           {nil, few, nil},
		"too few altogether":                  {[]Aggregate{of(3), of(1)}, few, []Decision{few, few}},
		"the smallest covers":                 {[]Aggregate{of(3), of(9), of(8), of(0)}, shown, []Decision{few, shown, protects, few}},
		"the hidden cover for each other":     {[]Aggregate{of(3), of(9), of(2)}, shown, []Decision{few, shown, few}},
		"nobody needs no cover":               {[]Aggregate{of(9), of(0)}, shown, []Decision{shown, few}},
		"a coarse group is covered too":       {[]Aggregate{seven, of(9), of(8)}, shown, []Decision{coarse, shown, protects}},
		"a coarse group covers for no other":  {[]Aggregate{seven, of(2), of(9)}, shown, []Decision{protects, few, shown}},
		"all alike":                           {[]Aggregate{seven, seven}, coarse, []Decision{coarse, coarse}},
		"all alike, some of them few":         {[]Aggregate{seven, aggregateOf(sevenAlike()[:2])}, coarse, []Decision{coarse, few}},
		"little moved in all":                 {[]Aggregate{since(9, 2), since(9, 0)}, moved, []Decision{moved, moved}},
		"little moved in one":                 {[]Aggregate{since(9, 2), since(20, 6), since(30, 8)}, shown, []Decision{moved, protects, shown}},
		"who stood still covers for no mover": {[]Aggregate{sevenNew, since(20, 6), since(10, 0)}, shown, []Decision{coarse, protects, shown}},
		"unless there is no other":            {[]Aggregate{sevenNew, since(10, 0)}, shown, []Decision{coarse, protects}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			total, each := Rule{5}.Groups(test.groups)
			if total != test.total || fmt.Sprint(each) != fmt.Sprint(test.each) {
				t.Errorf("decided %v and %v, want %v and %v", total, each, test.total, test.each)
			}
		})
	}
}
