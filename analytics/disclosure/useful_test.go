package disclosure

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// The gate hides figures one by one, so it may hide more than the best choice would. The best choice is found here by
// trying every set of cells and totals to hide, the small sets first.
func TestHidesLittleMoreThanTheBestChoice(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var figures, unsafe, hidden, best int
	for n := range 300 {
		s := shape{rows: 3 + n%2, columns: 2 + n%2, empty: 0.1, most: 12 + r.IntN(12), alike: 0.05}
		if n%2 == 1 {
			s.rows = 3
		}
		g := newGrid(s.table(r).aggregates())
		d := g.judge(Rule{5})
		d.Rows, d.Columns = g.eachByItself()
		if d.Total.Level != Shown {
			continue
		}
		alone := newSolver(Rule{5}, g, &d)
		decided := g.judge(Rule{5})
		solver := newSolver(Rule{5}, g, &decided)
		solvers{solver}.solve()
		figures += g.figures()
		unsafe += alone.count()
		hidden += solver.count()
		best += fewest(Rule{5}, g, solver.count())
	}
	ratio := float64(hidden) / float64(best)
	t.Logf("of %d figures %d may not be shown for themselves (%.0f %%), the gate hides %d (%.0f %%), the best choice %d (%.0f %%): ratio %.3f",
		figures, unsafe, percent(unsafe, figures), hidden, percent(hidden, figures), best, percent(best, figures), ratio)
	if best <= unsafe || hidden < best {
		t.Fatal("the search for the best choice is at fault")
	}
	if ratio > 1.1 { // 1.5 is what was promised
		t.Errorf("hides %d figures where %d would do", hidden, best)
	}
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(of) }

// eachByItself decides about the margins as if nothing could be subtracted.
func (g *grid) eachByItself() (rows, columns []Decision) {
	decide := func(groups []digest) []Decision {
		list := make([]Decision, len(groups))
		for i := range groups {
			list[i] = Rule{5}.decide(&groups[i])
		}
		return list
	}
	return decide(g.rows), decide(g.columns)
}

// figures is how many cells and margins have anybody in them.
func (g *grid) figures() (n int) {
	for _, list := range append(slices.Clone(g.cells), g.rows, g.columns) {
		for i := range list {
			if !list[i].empty() {
				n++
			}
		}
	}
	return n
}

// count is how many figures of anybody are withheld.
func (s *solver) count() (n int) {
	for i, row := range s.withheld {
		for j, withheld := range row {
			if withheld && !s.cells[i][j].empty() {
				n++
			}
		}
	}
	for i, d := range s.t.Rows {
		if d.Level != Shown && !s.grid.rows[i].empty() {
			n++
		}
	}
	for j, d := range s.t.Columns {
		if d.Level != Shown && !s.grid.columns[j].empty() {
			n++
		}
	}
	return n
}

// fewest is the fewest figures that a safe table withholds, if it is fewer than most.
func fewest(r Rule, g grid, most int) int {
	d := g.judge(r)
	d.Rows, d.Columns = g.eachByItself()
	base := newSolver(r, g, &d)
	var free []func(t *TableDecision) *Decision
	for i, row := range base.withheld {
		for j, withheld := range row {
			if !withheld {
				free = append(free, func(t *TableDecision) *Decision { return &t.Cells[i][j] })
			}
		}
	}
	for i := range d.Rows {
		if d.Rows[i].Level == Shown {
			free = append(free, func(t *TableDecision) *Decision { return &t.Rows[i] })
		}
	}
	for j := range d.Columns {
		if d.Columns[j].Level == Shown {
			free = append(free, func(t *TableDecision) *Decision { return &t.Columns[j] })
		}
	}
	for more := 0; base.count()+more < most; more++ {
		if safeWith(r, g, &d, free, more) {
			return base.count() + more
		}
	}
	return most
}

// safeWith reports whether hiding so many more of the figures that are free makes a table safe.
func safeWith(r Rule, g grid, d *TableDecision, free []func(t *TableDecision) *Decision, more int) bool {
	if more == 0 {
		s := newSolver(r, g, d)
		return s.hold() && !s.pins()
	}
	for i := range free {
		at := free[i](d)
		*at = Decision{Hidden, Protects}
		safe := safeWith(r, g, d, free[i+1:], more-1)
		*at = Decision{Level: Shown}
		if safe {
			return true
		}
	}
	return false
}

func BenchmarkTable(b *testing.B) {
	for _, size := range []struct{ rows, columns, most int }{
		{50, 5, 12}, {50, 5, 60}, {200, 10, 12}, {200, 10, 60}, {12, 200, 12},
	} {
		b.Run(fmt.Sprintf("%dx%d to %d people", size.rows, size.columns, size.most), func(b *testing.B) {
			r := rand.New(rand.NewPCG(4, 4))
			s := shape{rows: size.rows, columns: size.columns, most: size.most, empty: 0.1, alike: 0.05}
			cells := s.table(r).aggregates()
			b.ReportAllocs()
			for b.Loop() {
				Rule{5}.Table(cells)
			}
		})
	}
}
