package disclosure

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// others lists what the count of an edge can be, by trying all whole numbers that keep every line's sum.
func (f *flow) others(which int) (possible []int) {
	sums := func(x []int) []int {
		sum := make([]int, len(f.at))
		for i, e := range f.edges {
			sum[e.rowLine] += x[i]
			sum[f.rows+e.toLine] += x[i]
		}
		return sum
	}
	x := make([]int, len(f.edges))
	for i, e := range f.edges {
		x[i] = e.x
	}
	want := sums(x)
	var try func(at int)
	try = func(at int) {
		if at == len(x) {
			if slices.Equal(sums(x), want) && !slices.Contains(possible, x[which]) {
				possible = append(possible, x[which])
			}
			return
		}
		for n := range f.edges[at].n + 1 {
			x[at] = n
			try(at + 1)
		}
	}
	try(0)
	return possible
}

func TestACountIsFixedExactlyWhenNoOtherWholeNumbersFit(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	found := map[bool]int{}
	for range 600 {
		f := &flow{rows: 3, at: make([][]int, 6), seen: make([]int, 6)}
		for i := range 3 + r.IntN(4) {
			n := 1 + r.IntN(3)
			e := edge{rowLine: r.IntN(3), toLine: r.IntN(3), n: n, x: r.IntN(n + 1)}
			f.edges = append(f.edges, e)
			f.at[e.rowLine] = append(f.at[e.rowLine], i)
			f.at[3+e.toLine] = append(f.at[3+e.toLine], i)
		}
		for i := range f.edges {
			possible := f.others(i)
			found[len(possible) == 1]++
			if fixed := f.fixed(i); fixed != (len(possible) == 1) {
				t.Fatalf("edge %d of %+v is fixed: %v, and can be %v", i, f.edges, fixed, possible)
			}
		}
	}
	if min(found[true], found[false]) < 200 {
		t.Errorf("too one-sided to tell: %v", found)
	}
}

// Of the two and the eight in the first row nobody but the two said 1, as the total of the row's answers and the cells
// beside it tell: so further cells are hidden, until those who said it might be others.
func TestNobodyIsPinnedByCountsThatCannotBeNegative(t *testing.T) {
	said := func(values ...int) []person {
		people := make([]person, len(values))
		for i, v := range values {
			people[i].value = v
		}
		return people
	}
	people := table{
		{said(1, 5), said(2, 3, 4, 5, 3, 2, 4, 5), mixed(20)},
		{said(2, 3, 4, 5, 3, 2, 4, 5), said(2, 3, 4, 5, 3, 2, 4, 2, 4), mixed(20)},
		{mixed(20), mixed(20), mixed(20)},
	}
	cells := people.aggregates()
	g := newGrid(cells)
	d := g.judge(Rule{5})
	s := newSolver(Rule{5}, g, &d)
	for s.pass() {
	}
	if p, found := s.pinned(); !found || p.row != 0 || p.column != 0 {
		t.Fatalf("before anything is done about it, pinned is %+v, %v", p, found)
	}
	solvers{s}.unpin()
	if p, found := s.pinned(); found || !s.hold() {
		t.Errorf("pinned is %+v, and the table holds: %v", p, s.hold())
	}
	if n := s.count(); n > 9 {
		t.Errorf("%d figures are hidden for it", n)
	}
}

// All six of the first cell said 1, and nobody else in their row or column could have: whoever is shown the row's answers
// and the other column's would know it of each of the six.
func TestThatAllOfAGroupGaveAnAnswerIsNotLeftAsTheOnlyPossibility(t *testing.T) {
	others := func(n int) []person {
		people := make([]person, n)
		for i := range people {
			people[i].value = 2 + i%4
		}
		return people
	}
	six := make([]person, 6)
	for i := range six {
		six[i].value = 1
	}
	people := table{
		{six, others(5), others(2)},
		{mixed(7), others(7), others(6)},
		{mixed(6), others(6), others(9)},
	}
	cells := people.aggregates()
	d := Rule{3}.Table(cells)
	if d.Total.Level != Shown {
		t.Fatalf("the total is %v", d.Total)
	}
	s := newSolver(Rule{3}, newGrid(cells), &d)
	f := s.flow(s.edges())
	for place := range 5 {
		f.put(cells, place)
		for i, e := range f.edges {
			if e.x == e.n && len(f.others(i)) == 1 {
				t.Errorf("that all %d of a cell said %d follows:\n%s", e.n, place+1, sketch(people, d))
			}
		}
	}
}
