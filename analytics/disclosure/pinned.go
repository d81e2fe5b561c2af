package disclosure

import (
	"cmp"
	"slices"
)

// Counts are whole and not negative, and that alone can tell: of two by two withheld cells let nobody in the first row's
// second cell have said "never". Then all of the row who did are in the first, however few people that has.
//
// What readers know of how often an answer was given in the withheld cells is again the sum of each line's edges, and
// that each edge has between nobody and all of its people. Such numbers are a flow between row lines and column lines;
// the true ones are one, and others differ from it by going around cycles: one more on an edge, one less on the next. So
// an edge's number is the only possible one exactly if no such cycle goes through it, where nothing can be taken from
// an edge that has none, nor added to one of which everybody gave the answer.
//
// Of fewer than the minimum of people nobody must learn in this way that any of them gave an answer, and of however many
// that all of them did: it would be a figure of people who are all alike. (That none did may follow: every distribution
// with an answer that nobody gave says that of each of its people.)
type pin struct {
	row, column int
	place       int // the answer's place in Counts, or favourable
}

// favourable stands for being on that side, beside the places of answers.
const favourable = -1

// edge is a withheld cell with people in it.
type edge struct {
	row, column     int // the cell
	rowLine, toLine int // its row line, its column line
	n, x            int // people, and how many of them gave the answer
}

// flow is how often one answer was given in the withheld cells.
type flow struct {
	edges []edge
	at    [][]int // by node, the row lines first: its edges
	rows  int     // row lines

	seen  []int // by node: the last search that came by
	count int   // searches so far
	next  []int // nodes to go on from
}

func (l *lines) edges() []edge {
	var list []edge
	for i, row := range l.withheld {
		for j, withheld := range row {
			if withheld && l.cells[i][j].n > 0 {
				list = append(list, edge{row: i, column: j, rowLine: l.rowOf[i], toLine: l.colOf[j], n: l.cells[i][j].n})
			}
		}
	}
	return list
}

func (l *lines) flow(edges []edge) *flow {
	nodes := len(l.rowsIn) + len(l.colsIn)
	f := &flow{edges: edges, rows: len(l.rowsIn), at: make([][]int, nodes), seen: make([]int, nodes)}
	for i, e := range edges {
		f.at[e.rowLine] = append(f.at[e.rowLine], i)
		f.at[f.rows+e.toLine] = append(f.at[f.rows+e.toLine], i)
	}
	return f
}

// put fills in how often an answer was given.
func (f *flow) put(answers [][]Aggregate, place int) {
	for i := range f.edges {
		e := &f.edges[i]
		a := &answers[e.row][e.column]
		switch {
		case place == favourable:
			e.x = a.Favourable
		case place < len(a.Counts):
			e.x = a.Counts[place]
		default:
			e.x = 0
		}
	}
}

// fixed reports whether the number of an edge is the only one possible.
func (f *flow) fixed(which int) bool {
	e := f.edges[which]
	row, column := e.rowLine, f.rows+e.toLine
	return !(e.x < e.n && f.leads(column, row, which) || e.x > 0 && f.leads(row, column, which))
}

// leads reports whether a way leads from one node to another that leaves row lines by edges to which one can be added
// and column lines by edges from which one can be taken, without the edge that the way is to close to a cycle.
func (f *flow) leads(from, to, without int) bool {
	f.count++
	f.seen[from] = f.count
	for f.next = append(f.next[:0], from); len(f.next) > 0; {
		node := f.next[len(f.next)-1]
		f.next = f.next[:len(f.next)-1]
		for _, i := range f.at[node] {
			e := &f.edges[i]
			other := f.rows + e.toLine
			free := e.x < e.n
			if node >= f.rows {
				other, free = e.rowLine, e.x > 0
			}
			if i == without || !free || f.seen[other] == f.count {
				continue
			}
			if other == to {
				return true
			}
			f.seen[other] = f.count
			f.next = append(f.next, other)
		}
	}
	return false
}

// oneSided reports whether everybody of the row line or of the column line of an edge gave the answer. For a side of the
// scale that may be told of ten people or more, and so of each of them.
func (f *flow) oneSided(e edge) bool {
	for _, node := range []int{e.rowLine, f.rows + e.toLine} {
		all := true
		for _, i := range f.at[node] {
			all = all && f.edges[i].x == f.edges[i].n
		}
		if all {
			return true
		}
	}
	return false
}

// tells reports whether the number of an edge follows and must not.
func (f *flow) tells(which, place, minimum int) bool {
	e := f.edges[which]
	all := e.x == e.n && (place != favourable || e.n < onOneSide)
	return (e.n < minimum || all) && e.x > 0 && f.fixed(which) && !(place == favourable && f.oneSided(e))
}

// pinned finds an answer that can be pinned on some of too few people, or on all of some.
func (s *solver) pinned() (pin, bool) {
	edges := s.edges()
	f := s.flow(edges)
	for place := favourable; place < s.grid.places; place++ {
		f.put(s.grid.answers, place)
		for i, e := range f.edges {
			if f.tells(i, place, s.rule.minimum()) {
				return pin{e.row, e.column, place}, true
			}
		}
	}
	return pin{}, false
}

// holdsPin reports whether a pin holds.
func (s *solver) holdsPin(p pin) bool {
	f := s.flow(s.edges())
	f.put(s.grid.answers, p.place)
	i := slices.IndexFunc(f.edges, func(e edge) bool { return e.row == p.row && e.column == p.column })
	return i >= 0 && f.tells(i, p.place, s.rule.minimum())
}

// tryMost bounds the choices of cells that are tried to loosen a pin.
const tryMost = 300

// loosen withholds the cheapest cell or pair of cells that ends a pin.
func (s *solver) loosen(p pin) bool {
	list := s.ways(p)
	slices.SortStableFunc(list, func(a, b choice) int { return cmp.Compare(a.cost, b.cost) })
	for _, c := range list[:min(len(list), tryMost)] {
		for _, at := range c.cells {
			s.mark(at[0], at[1], true)
		}
		if !s.holdsPin(p) {
			return true
		}
		for _, at := range c.cells {
			s.mark(at[0], at[1], false)
		}
	}
	return false
}

// ways lists shown cells, and pairs that make a way around the pinned cell: two of another row, one of them in its
// column; two of another column, one of them in its row.
func (s *solver) ways(p pin) (list []choice) {
	free := func(i, j int) bool { return !s.withheld[i][j] && s.cells[i][j].n > 0 }
	add := func(cells ...[2]int) {
		c := choice{cells: cells}
		for _, at := range cells {
			if !free(at[0], at[1]) {
				return
			}
			c.cost += s.cells[at[0]][at[1]].n + staleness(&s.grid.total, &s.cells[at[0]][at[1]])
		}
		list = append(list, c)
	}
	for i := range s.cells {
		for j := range s.cells[i] {
			add([2]int{i, j})
			if i != p.row && j != p.column {
				add([2]int{i, p.column}, [2]int{i, j})
				add([2]int{p.row, j}, [2]int{i, j})
				add([2]int{p.row, j}, [2]int{i, j}, [2]int{i, p.column})
			}
		}
	}
	return list
}

// mergePin ends a pin by withholding the totals of columns: that of its own and of another that its row has withheld
// cells in. If there is none, all.
func (s *solver) mergePin(p pin) bool {
	row, column := s.rowOf[p.row], s.colOf[p.column]
	others := s.linked[row] &^ (1 << column)
	if others != 0 {
		s.merge(sides{func(int) bool { return false }, func(int) bool { return false }},
			sides{func(line int) bool { return line == column }, others.has})
		return true
	}
	if len(s.colsIn) == 1 {
		return false
	}
	hideShown(s.t.Columns)
	s.lines = newLines(s.rule, s.grid, s.t, s.withheld)
	return true
}

// marks is which cells are withheld now.
func (s *solver) marks() [][]bool {
	marks := make([][]bool, len(s.withheld))
	for i := range marks {
		marks[i] = slices.Clone(s.withheld[i])
	}
	return marks
}

func (s *solver) pins() bool {
	_, found := s.pinned()
	return found
}
