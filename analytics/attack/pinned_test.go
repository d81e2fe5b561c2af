package attack

import (
	"fmt"
	"slices"

	"soundings/analytics/tally"
)

// pinned looks for fewer than k people of whom it follows, from counts being whole and not negative, how many gave an
// answer or are favourable, and that it is anybody; or for more people of whom it follows that all of them did. How many
// they are is taken to be known.
func (d *dossier) pinned(m tally.Measure) string {
	if m == tally.Everyone {
		return ""
	}
	for at := range d.looks {
		counts, sizes := d.countsOf(m, at)
		if len(sizes) == 0 {
			continue
		}
		groups := d.residuals(m, at, sizes)
		for value, count := range counts {
			var equations []Equation
			for _, cells := range groups {
				e := Equation{Cells: cells}
				for _, c := range cells {
					e.Sum += count[c]
				}
				equations = append(equations, e)
			}
			low, high := Bounds(sizes, equations)
			for c, n := range sizes {
				// Of how many people it is does not matter where all of them gave the answer.
				all := low[c] == n && (value != favourable || n < 10)
				if n > 0 && (n < d.k || all) && low[c] == high[c] && low[c] > 0 && !(value == favourable && oneSided(equations, sizes, c)) {
					return fmt.Sprintf("look %d: that %d of %d people gave %s is left as the only possibility", at, low[c], n, value)
				}
			}
		}
	}
	return ""
}

// favourable stands for being on that side, among the values that people gave.
const favourable = "a favourable answer"

// oneSided reports whether a cell is part of ten people or more who are known to be all favourable: that may be told.
func oneSided(equations []Equation, sizes []int, cell int) bool {
	return slices.ContainsFunc(equations, func(e Equation) bool {
		n := 0
		for _, c := range e.Cells {
			n += sizes[c]
		}
		return n >= 10 && e.Sum == n && slices.Contains(e.Cells, cell)
	})
}

// countsOf counts by value and cell, and how many people each cell has.
func (d *dossier) countsOf(m tally.Measure, at int) (counts map[string][]int, sizes []int) {
	cells := d.cells()
	sizes, counts = make([]int, len(cells)), map[string][]int{}
	add := func(value string, cell int) {
		if counts[value] == nil {
			counts[value] = make([]int, len(cells))
		}
		counts[value][cell]++
	}
	for _, p := range d.looks[at].pieces {
		a, ok := adds(d.doc, m, p.answers)
		if !ok || !p.in(m) {
			continue
		}
		c := cells[p.cell]
		sizes[c]++
		if m[:2] == "q." {
			for _, v := range a.values {
				add(v, c)
			}
		}
		if a.favourable {
			add(favourable, c)
		}
	}
	return counts, sizes
}

func (d *dossier) cells() map[Place]int {
	cells := map[Place]int{}
	for _, l := range d.looks {
		for _, p := range l.pieces {
			if _, ok := cells[p.cell]; !ok {
				cells[p.cell] = len(cells)
			}
		}
	}
	return cells
}

// residuals lists the sets of cells whose sums are known and that hold no cell known by itself: each group told, less
// those; and the total less all departments, and less all bands, that are told.
func (d *dossier) residuals(m tally.Measure, at int, sizes []int) (sets [][]int) {
	cells := d.cells()
	members := func(g Group) (list []int) {
		for cell, i := range cells {
			if sizes[i] > 0 && g.Holds(cell) {
				list = append(list, i)
			}
		}
		slices.Sort(list)
		return list
	}
	var groups [][]int
	known, inRow, inColumn := map[int]bool{}, map[int]bool{}, map[int]bool{}
	total := false
	for _, f := range d.looks[at].facts {
		if f.Measure != m || f.Told != Exactly {
			continue
		}
		list := members(f.Group)
		groups = append(groups, list)
		switch {
		case len(list) == 1:
			known[list[0]] = true
		case f.Group.Departments == nil && f.Group.Bands == nil:
			total = true
		case f.Group.Bands == nil:
			mark(inRow, list)
		case f.Group.Departments == nil:
			mark(inColumn, list)
		}
	}
	if total {
		all := members(Group{})
		groups = append(groups, without(all, inRow), without(all, inColumn))
	}
	for _, g := range groups {
		if rest := without(g, known); len(rest) > 0 {
			sets = append(sets, rest)
		}
	}
	return sets
}

func mark(in map[int]bool, list []int) {
	for _, i := range list {
		in[i] = true
	}
}

func without(list []int, some map[int]bool) []int {
	return slices.DeleteFunc(slices.Clone(list), func(i int) bool { return some[i] })
}
