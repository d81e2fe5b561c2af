package report_test

import (
	"fmt"
	"math/bits"
	"slices"

	"soundings/analytics/disclosure"
	"soundings/surveys"
)

// prime is the modulus of the attacker's arithmetic: exact for the small 0/1 systems here, and without overflow.
const prime = 1<<31 - 1

// attacker knows sums over cells (here called atoms) of one measure, and tries every set of atoms: can its sum be worked
// out, and if so, is it that of a group nobody may know? It owes nothing to the gate's own reasoning.
type attacker struct {
	k         int
	bands     int
	index     map[int]int  // cell: atom
	atoms     [][]answerOf // the people of each non-empty cell
	published [][]int64    // sums that are told: 1 for each atom that is part of one
	coarse    map[int]bool // atoms of groups that the pages call coarse
}

type answerOf struct {
	value string
	side  surveys.Side
}

func newAttacker(k, departments, bands int, list []respondent, m measure) *attacker {
	a := &attacker{k: k, bands: bands, index: map[int]int{}, coarse: map[int]bool{}}
	for _, r := range list {
		value, side, ok := m.value(r)
		if !ok {
			continue
		}
		cell := r.department*bands + r.band
		atom, known := a.index[cell]
		if !known {
			atom = len(a.atoms)
			a.index[cell] = atom
			a.atoms = append(a.atoms, nil)
		}
		a.atoms[atom] = append(a.atoms[atom], answerOf{value, side})
	}
	for d := all; d < departments; d++ {
		for b := all; b < bands; b++ {
			if d != none && b != none {
				a.page(m.level(d, b), d, b)
			}
		}
	}
	return a
}

func (a *attacker) atomOf(r respondent) int { return a.index[r.department*a.bands+r.band] }

// page adds what the pages tell of one group.
func (a *attacker) page(level disclosure.Level, d, b int) {
	sum := make([]int64, len(a.atoms))
	for cell, atom := range a.index {
		if (d == all || cell/a.bands == d) && (b == all || cell%a.bands == b) {
			sum[atom] = 1
			if level == disclosure.Coarse {
				a.coarse[atom] = true
			}
		}
	}
	if level == disclosure.Shown {
		a.published = append(a.published, sum)
	}
}

// leak names a group that can be worked out and must not be known, or "".
func (a *attacker) leak(guess bool) string {
	var atoms []int
	for i := range a.atoms {
		if !guess || !a.coarse[i] {
			atoms = append(atoms, i)
		}
	}
	matrix := make([][]int64, len(a.published))
	for i, sum := range a.published {
		for _, atom := range atoms {
			matrix[i] = append(matrix[i], sum[atom])
		}
	}
	null := nullSpace(matrix, len(atoms))
	dot := make([]int64, len(null))
	in := make([]bool, len(atoms))
	for s := 1; s < 1<<len(atoms); s++ { // in Gray code order, one atom changes at a time
		flip := bits.TrailingZeros(uint(s))
		in[flip] = !in[flip]
		derivable := true
		for z, vector := range null {
			change := vector[flip]
			if !in[flip] {
				change = prime - change
			}
			dot[z] = (dot[z] + change) % prime
			derivable = derivable && dot[z] == 0
		}
		if !derivable {
			continue
		}
		var people []answerOf
		for i, atom := range atoms {
			if in[i] {
				people = append(people, a.atoms[atom]...)
			}
		}
		if why := unsafe(people, a.k); why != "" {
			return fmt.Sprintf("%s, atoms %v", why, in)
		}
	}
	return ""
}

// unsafe says in what way exact figures of a group would break the promise; "" when they don't.
func unsafe(people []answerOf, k int) string {
	n := len(people)
	count := func(is func(answerOf) bool) (c int) {
		for _, p := range people {
			if is(p) {
				c++
			}
		}
		return c
	}
	switch {
	case n == 0:
		return ""
	case n < k:
		return fmt.Sprintf("figures of %d people", n)
	case count(func(p answerOf) bool { return p.value == people[0].value }) == n:
		return fmt.Sprintf("all %d gave the same answer", n)
	case n < 10 && count(func(p answerOf) bool { return p.side == surveys.Favourable }) == n,
		n < 10 && count(func(p answerOf) bool { return p.side == surveys.Unfavourable }) == n:
		return fmt.Sprintf("all %d are on one side", n)
	}
	return ""
}

// nullSpace gives vectors modulo the prime that span what is orthogonal to every row: a set of atoms can be worked out
// from the rows exactly if it is orthogonal to all of them.
func nullSpace(matrix [][]int64, width int) [][]int64 {
	var pivots []int
	for column := 0; column < width && len(pivots) < len(matrix); column++ {
		top := len(pivots)
		found := slices.IndexFunc(matrix[top:], func(row []int64) bool { return row[column] != 0 })
		if found < 0 {
			continue
		}
		matrix[top], matrix[top+found] = matrix[top+found], matrix[top]
		scale := inverse(matrix[top][column])
		for j := range matrix[top] {
			matrix[top][j] = matrix[top][j] * scale % prime
		}
		for i := range matrix {
			if factor := matrix[i][column]; i != top && factor != 0 {
				for j := range matrix[i] {
					matrix[i][j] = (matrix[i][j] + (prime-factor)*matrix[top][j]) % prime
				}
			}
		}
		pivots = append(pivots, column)
	}
	var vectors [][]int64
	for free := range width {
		if slices.Contains(pivots, free) {
			continue
		}
		vector := make([]int64, width)
		vector[free] = 1
		for row, pivot := range pivots {
			vector[pivot] = (prime - matrix[row][free]) % prime
		}
		vectors = append(vectors, vector)
	}
	return vectors
}

// inverse is x to the power of prime-2 (Fermat).
func inverse(x int64) int64 {
	result := int64(1)
	for e := int64(prime - 2); e > 0; e >>= 1 {
		if e&1 == 1 {
			result = result * x % prime
		}
		x = x * x % prime
	}
	return result
}
