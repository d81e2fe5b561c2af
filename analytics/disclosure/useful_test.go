package disclosure

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// The gate hides cells one by one, so it may hide more than the best choice would. The best choice is
// found here by trying every set of cells to hide, under the same margins.
func TestHidesLittleMoreThanTheBestChoice(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var cells, unsafe, hidden, best int
	for range 400 {
		s := shape{rows: 3 + r.IntN(2), columns: 3, empty: 0.1, most: 12 + r.IntN(12), alike: 0.05}
		g := newGrid(s.table(r).aggregates())
		d := g.judge(Rule{5})
		if d.Total.Level != Shown {
			continue
		}
		solver := newSolver(Rule{5}, g, &d)
		necessary := solver.count()
		margins := fmt.Sprint(d.Rows, d.Columns)
		for solver.pass() {
		}
		solver.giveBack()
		if fmt.Sprint(d.Rows, d.Columns) != margins {
			continue // no choice of cells alone does
		}
		cells += s.rows * s.columns
		unsafe += necessary
		hidden += solver.count()
		best += fewest(Rule{5}, g)
	}
	t.Logf("of %d cells %d cannot be shown, the gate hides %d, the best choice %d: ratio %.3f",
		cells, unsafe, hidden, best, float64(hidden)/float64(best))
	if best <= unsafe || hidden < best {
		t.Fatal("the search for the best choice is at fault")
	}
	if float64(hidden) > 1.04*float64(best) {
		t.Errorf("hides %d cells where %d would do", hidden, best)
	}
}

// count is how many non-empty cells are withheld.
func (s *solver) count() (n int) {
	for i, row := range s.withheld {
		for j, withheld := range row {
			if withheld && !s.cells[i][j].empty() {
				n++
			}
		}
	}
	return n
}

// fewest is the fewest cells that a safe table withholds.
func fewest(r Rule, g grid) int {
	d := g.judge(r)
	s := newSolver(r, g, &d)
	var free [][2]int
	for i, row := range s.withheld {
		for j, withheld := range row {
			if !withheld {
				free = append(free, [2]int{i, j})
			}
		}
	}
	best := s.count() + len(free)
	for choice := range 1 << len(free) {
		for b, c := range free {
			if chosen := choice>>b&1 != 0; s.withheld[c[0]][c[1]] != chosen {
				s.mark(c[0], c[1], chosen)
			}
		}
		if n := s.count(); n < best && s.hold() {
			best = n
		}
	}
	return best
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
