package attack

import (
	"math/bits"
	"math/rand/v2"
	"slices"
)

// prime is the modulus of the attacker's arithmetic. What holds for whole numbers holds modulo a prime; that something
// holds modulo this one and not for whole numbers happens less than once in 10^15.
const prime = 1<<61 - 1

func times(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	sum := low&prime + (low>>61 | high<<3)
	sum = sum&prime + sum>>61
	if sum >= prime {
		sum -= prime
	}
	return sum
}

func minus(a, b uint64) uint64 {
	if a >= b {
		return a - b
	}
	return a + prime - b
}

// inverse is x to the power of prime-2 (Fermat).
func inverse(x uint64) uint64 {
	result := uint64(1)
	for e := uint64(prime - 2); e > 0; e >>= 1 {
		if e&1 == 1 {
			result = times(result, x)
		}
		x = times(x, x)
	}
	return result
}

// Modular is a whole number or a fraction in the attacker's arithmetic.
func Modular(numerator, denominator int64) uint64 {
	whole := func(x int64) uint64 {
		if x < 0 {
			return prime - uint64(-x)
		}
		return uint64(x)
	}
	return times(whole(numerator), inverse(whole(denominator)))
}

// System is what is known of unknowns: linear combinations of them.
type System struct {
	width int
	rows  [][]uint64 // in echelon form: each has a 1 at its pivot, and 0 at those of the rows before
	pivot []int
	known []bool // unknowns that are known by themselves
}

// NewSystem knows nothing of so many unknowns.
func NewSystem(unknowns int) *System {
	return &System{width: unknowns, known: make([]bool, unknowns)}
}

// Tell makes a combination of the unknowns known: a coefficient for each.
func (s *System) Tell(combination []uint64) {
	row := slices.Clone(combination)
	only, entries := 0, 0
	for i := range row {
		if s.known[i] {
			row[i] = 0
		}
		if row[i] != 0 {
			only, entries = i, entries+1
		}
	}
	if entries == 0 {
		return
	}
	if entries == 1 {
		s.known[only] = true
	}
	for r, old := range s.rows {
		reduce(row, old, s.pivot[r])
	}
	at := slices.IndexFunc(row, func(x uint64) bool { return x != 0 })
	if at < 0 {
		return
	}
	scale := inverse(row[at])
	for i := at; i < len(row); i++ {
		row[i] = times(row[i], scale)
	}
	s.rows, s.pivot = append(s.rows, row), append(s.pivot, at)
}

func reduce(row, by []uint64, pivot int) {
	factor := row[pivot]
	if factor == 0 {
		return
	}
	for i, x := range by {
		if x != 0 {
			row[i] = minus(row[i], times(factor, x))
		}
	}
}

// Shadow gives every unknown a random number, so that a combination of unknowns is known if and only if the same
// combination of their shadows is 0 (but for the chance of one in 2^61).
func (s *System) Shadow(r *rand.Rand) []uint64 {
	shadow := make([]uint64, s.width)
	pivots := make([]bool, s.width)
	for _, p := range s.pivot {
		pivots[p] = true
	}
	for i := range shadow {
		if !pivots[i] {
			shadow[i] = r.Uint64N(prime)
		}
	}
	// The last row has no pivot of another after it, and so on backwards.
	for n := len(s.rows) - 1; n >= 0; n-- {
		sum := uint64(0)
		for i, x := range s.rows[n] {
			if i != s.pivot[n] && x != 0 {
				sum = minus(sum, times(x, shadow[i]))
			}
		}
		shadow[s.pivot[n]] = sum
	}
	return shadow
}

// Atom is the smallest set of people that what is told tells apart.
type Atom struct {
	People   []int // who is in it
	Unknowns []int // their figures in the system
}

// search looks through sets of atoms of few people.
type search struct {
	atoms   []Atom
	shadows [][]uint64
	most    int // people in a set
	left    int // sets that may still be looked at
}

// patience bounds the sets of atoms that are looked at, and with it the time.
const patience = 60_000

// Concerning looks for a combination of figures that can be worked out and concerns nobody but fewer than k people. It
// tries every set of atoms with so few people, up to its patience, with any coefficients; nil means there is none.
func (s *System) Concerning(atoms []Atom, k int, r *rand.Rand) []Atom {
	small := slices.DeleteFunc(slices.Clone(atoms), func(a Atom) bool { return len(a.People) >= k || len(a.Unknowns) == 0 })
	slices.SortStableFunc(small, func(a, b Atom) int { return len(a.People) - len(b.People) })
	depth := 1
	for _, a := range small {
		depth = max(depth, len(a.Unknowns))
	}
	look := &search{atoms: small, most: k - 1, left: patience}
	for range depth*(k-1) + 1 {
		look.shadows = append(look.shadows, s.Shadow(r))
	}
	// Sets of one and of two first: where patience ends, it ends among the larger ones.
	for size := 1; size < k; size++ {
		if found := look.extend(nil, nil, 0, size); found != nil {
			return found
		}
	}
	return nil
}

// extend adds atoms to a set whose shadows are independent, until they are not.
func (l *search) extend(set []Atom, basis [][]uint64, from, more int) []Atom {
	for i := from; i < len(l.atoms) && l.left > 0; i++ {
		with := append(slices.Clone(set), l.atoms[i])
		if len(members(with)) > l.most {
			continue
		}
		l.left--
		next, independent := l.independent(basis, l.atoms[i].Unknowns)
		if !independent {
			return with
		}
		if more > 1 {
			if found := l.extend(with, next, i+1, more-1); found != nil {
				return found
			}
		}
	}
	return nil
}

// independent adds the shadows of unknowns to a basis in echelon form, unless one is a combination of the others.
func (l *search) independent(basis [][]uint64, unknowns []int) ([][]uint64, bool) {
	next := slices.Clone(basis)
	for _, u := range unknowns {
		row := make([]uint64, len(l.shadows))
		for i := range row {
			row[i] = l.shadows[i][u]
		}
		for _, old := range next {
			reduce(row, old, first(old))
		}
		at := first(row)
		if at < 0 {
			return nil, false
		}
		scale := inverse(row[at])
		for i := range row {
			row[i] = times(row[i], scale)
		}
		next = append(next, row)
	}
	return next, true
}

func first(row []uint64) int { return slices.IndexFunc(row, func(x uint64) bool { return x != 0 }) }

// members lists who is in some of the atoms.
func members(atoms []Atom) []int {
	var all []int
	for _, a := range atoms {
		all = append(all, a.People...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Sums looks for sets of up to four of the figures whose sum can be worked out, and calls found for each with their
// indices until it returns false. Figures are given by their shadows.
func Sums(shadows []uint64, found func(set ...int) bool) {
	singles, pairs := map[uint64][]int{}, map[uint64][][2]int{}
	for i, x := range shadows {
		if x == 0 {
			if !found(i) {
				return
			}
			continue
		}
		singles[x] = append(singles[x], i)
	}
	for i, x := range shadows {
		for j := i + 1; j < len(shadows); j++ {
			y := shadows[j]
			if x == 0 || y == 0 {
				continue
			}
			sum := minus(x, minus(0, y))
			if sum == 0 {
				if !found(i, j) {
					return
				}
				continue
			}
			rest := minus(0, sum)
			for _, m := range singles[rest] {
				if m > j && !found(i, j, m) {
					return
				}
			}
			for _, pair := range pairs[rest] {
				if pair[1] < i && !found(pair[0], pair[1], i, j) {
					return
				}
			}
			pairs[sum] = append(pairs[sum], [2]int{i, j})
		}
	}
}
