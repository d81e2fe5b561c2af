package disclosure

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// attackDifferences looks for figures that can be added and subtracted, with any coefficients, so that
// nobody but 1 to k-1 people is left in the result; and likewise for what the figures changed by since
// an earlier moment, which only those who moved are part of. Cells that are shown are left out: whatever
// they are part of concerns enough people. With guess it also takes every group called coarse to be known.
// It tries every set of few people in exact arithmetic, and returns "" or the leak.
func attackDifferences(t table, d TableDecision, k int, guess bool) string {
	if k == 1 {
		return ""
	}
	known := know(t, d)
	all := func(people []person) int { return len(people) }
	if why := known.concernsFew(k, guess, all); why != "" {
		return why
	}
	if why := known.concernsFew(k, guess, whoMoved); why != "" {
		return "movement: " + why
	}
	return ""
}

func whoMoved(people []person) (moved int) {
	for _, p := range people {
		if p.moved {
			moved++
		}
	}
	return moved
}

func (k knowledge) concernsFew(minimum int, guess bool, count func([]person) int) string {
	leftOut := map[int]bool{}
	for a, people := range k.atoms {
		leftOut[a] = k.shown[a] || guess && k.coarse[a] || count(people) == 0
	}
	atoms, null := k.null(leftOut)
	var try func(from int, set []int, people int) string
	try = func(from int, set []int, people int) string {
		for i := from; i < len(atoms); i++ {
			with := people + count(k.atoms[atoms[i]])
			if with >= minimum {
				continue
			}
			next := append(slices.Clone(set), i)
			if combines(null, next) {
				return fmt.Sprintf("a difference that concerns %d people, of cells %v", with, next)
			}
			if why := try(i+1, next, with); why != "" {
				return why
			}
		}
		return ""
	}
	return try(0, nil, 0)
}

// combines reports whether a combination of the published sums is made of the set's atoms alone, and not
// of none: whether some vector over the set is orthogonal to the null space.
func combines(null [][]int64, set []int) bool {
	matrix := make([][]*big.Rat, len(null))
	for z, vector := range null {
		for _, i := range set {
			matrix[z] = append(matrix[z], big.NewRat(vector[i], 1))
		}
	}
	return len(reduce(matrix, len(set))) < len(set)
}

func TestNoDifferenceOfPublishedFiguresConcernsFewPeople(t *testing.T) {
	eachTable(t, 150, func(t *testing.T, people table, k int) {
		d := Rule{k}.Table(people.aggregates())
		for _, guess := range []bool{false, d.Total.Level == Shown} {
			if why := attackDifferences(people, d, k, guess); why != "" {
				t.Fatalf("minimum %d, guessing %v: %s\n%s", k, guess, why, sketch(people, d))
			}
		}
	})
}

func TestTheAttackerSubtractsTotalsThatShareMostOfTheirPeople(t *testing.T) {
	newcomers := func(n int) []person {
		people := mixed(20 + n)
		for i := range n {
			people[i].moved = true
		}
		return people
	}
	for name, people := range map[string]table{
		// Row 1 minus column 2 is one person minus another; if it is 100, their answers are known.
		"two people": {{mixed(1), mixed(4)}, {mixed(7), mixed(1)}},
		// The same figure, less what it was before they came.
		"two newcomers among many": {{newcomers(1), newcomers(4)}, {newcomers(7), newcomers(1)}},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGrid(people.aggregates())
			d := g.judge(Rule{5})
			for i := range d.Cells {
				for j := range d.Cells[i] {
					d.Cells[i][j] = Decision{Hidden, Protects}
				}
			}
			if why := attack(people, d, 5, false); why != "" {
				t.Fatalf("no group should follow from the totals: %s", why)
			}
			if attackDifferences(people, d, 5, false) == "" {
				t.Error("the attacker does not subtract column 2 from row 1")
			}
			if why := attackDifferences(people, Rule{5}.Table(people.aggregates()), 5, false); why != "" {
				t.Error(why)
			}
		})
	}
}

// What hold asks is neither less nor more than that the attackers find nothing.
func TestATableHoldsExactlyWhenNothingCanBeWorkedOut(t *testing.T) {
	holds := map[bool]int{}
	r := rand.New(rand.NewPCG(6, 6))
	for range 1500 {
		s := shape{rows: 2 + r.IntN(3), columns: 2 + r.IntN(2), empty: 0.15, most: 9, alike: 0.05, moving: r.IntN(3) == 0}
		people, rule := s.table(r), Rule{3 + r.IntN(3)}
		g := newGrid(people.aggregates())
		d := g.judge(rule)
		if d.Total.Level != Shown {
			continue
		}
		for i := range d.Cells {
			for j := range d.Cells[i] {
				if d.Cells[i][j].Level == Shown && r.IntN(3) > 0 {
					d.Cells[i][j] = Decision{Hidden, Protects}
				}
			}
		}
		why := attack(people, d, rule.Minimum, false)
		if why == "" {
			why = attackDifferences(people, d, rule.Minimum, false)
		}
		held := newSolver(rule, g, &d).hold()
		if holds[held]++; held != (why == "") {
			t.Fatalf("minimum %d: holds is %v, found is %q\n%s", rule.Minimum, held, why, sketch(people, d))
		}
	}
	if min(holds[true], holds[false]) < 100 {
		t.Errorf("too one-sided to tell: %v", holds)
	}
}
