package disclosure

import "slices"

// solver withholds further cells (and where that cannot help, totals) of a judged table until nothing
// unsafe can be worked out, then gives back what turned out not to be needed.
type solver struct {
	rule Rule
	grid grid
	t    *TableDecision
	*lines
}

func newSolver(r Rule, g grid, t *TableDecision) *solver {
	withheld := make([][]bool, len(g.cells))
	for i, row := range t.Cells {
		withheld[i] = make([]bool, len(row))
		for j, d := range row {
			withheld[i][j] = d.Level != Shown
		}
	}
	return &solver{rule: r, grid: g, t: t, lines: newLines(r, g, t, withheld)}
}

// settled says in the decisions what is withheld.
func (s *solver) settled() {
	for i, row := range s.t.Cells {
		for j := range row {
			if row[j].Level == Shown && s.withheld[i][j] {
				row[j] = Decision{Hidden, Protects}
			}
		}
	}
}

// cut names D(rows, columns) of the lines: a group that can be worked out.
type cut struct {
	rows    []bool // by row line
	columns set
	sum     digest
}

// pass repairs every cut that is not fine and every difference that concerns too few, and reports whether
// there was any. That comes to an end: each repair withholds a cell or makes one line of two, and with all
// columns in one line and all cells withheld, the row totals are all there is to work out. The edges of a single line always find a cell to repair them, as with all
// its cells withheld they are its total, which is safe.
func (s *solver) pass() (repaired bool) {
	for r := range s.linked {
		if d := s.row(r); !s.fine(&d) {
			rows := make([]bool, len(s.linked))
			rows[r] = true
			s.repair(cut{rows, 0, d})
			repaired = true
		}
	}
	active := s.active()
	for rest := active; rest != 0; rest &= rest - 1 {
		c := rest.first()
		if d := s.column(c); !s.fine(&d) {
			rows := slices.Repeat([]bool{true}, len(s.linked))
			s.repair(cut{rows, active &^ (1 << c), d})
			repaired = true
		}
	}
	active = s.active()
	for t := (active - 1) & active; t != 0; t = (t - 1) & active {
		if d := s.around(t); !s.fine(&d) {
			rows := make([]bool, len(s.linked))
			for r, linked := range s.linked {
				rows[r] = linked&t != 0
			}
			if s.repair(cut{rows, t, d}) {
				return true
			}
			repaired = true
		}
		if s.differs(t, active) {
			if s.repairDifference(t) {
				return true
			}
			repaired = true
		}
	}
	return repaired
}

// repair makes a cut fine by withholding the cheapest cell that does, or else by withholding totals; it
// reports whether that changed the lines.
func (s *solver) repair(c cut) (merged bool) {
	bestRow, bestColumn, best := -1, -1, 0
	for i, row := range s.cells {
		for j := range row {
			if s.withheld[i][j] || row[j].empty() || !s.helps(c, i, j) {
				continue
			}
			if cost := s.cost(i, j); bestRow < 0 || cost < best {
				bestRow, bestColumn, best = i, j, cost
			}
		}
	}
	if bestRow < 0 {
		s.mergeCut(c)
		return true
	}
	s.mark(bestRow, bestColumn, true)
	return false
}

// helps reports whether withholding a cell makes the cut fine. It does so by joining the group itself,
// or by tying a further row line to the cut's columns, so that the group is only known together with
// that line's edges.
func (s *solver) helps(c cut, i, j int) bool {
	r, inColumns := s.rowOf[i], c.columns.has(s.colOf[j])
	var more digest
	switch {
	case c.rows[r] && !inColumns:
		more = s.cells[i][j]
	case !c.rows[r] && inColumns:
		more = s.row(r)
	}
	if more.empty() {
		return false
	}
	more.add(&c.sum)
	return s.rule.safe(&more)
}

// lonely outweighs any number of people, and stale outweighs it.
const lonely = 1 << 36

// cost ranks cells for withholding: those of few people first, after them those that would be the only
// edge of a line (the line then gives them away, and another must follow), and last the stale.
func (s *solver) cost(i, j int) int {
	d := &s.cells[i][j]
	cost := d.n + staleness(&s.grid.total, d)
	if s.linked[s.rowOf[i]] == 0 {
		cost += lonely
	}
	if !s.active().has(s.colOf[j]) {
		cost += lonely
	}
	return cost
}

// mergeCut ends a cut by withholding totals. Cells cannot always do: where a band exists in one department
// only, its total is that department's cell.
func (s *solver) mergeCut(c cut) {
	edges := make([]set, len(s.linked)) // of the cut's group
	var touched set
	for r, linked := range s.linked {
		if c.rows[r] {
			edges[r] = linked &^ c.columns
			touched |= edges[r]
		}
	}
	s.merge(
		sides{
			func(r int) bool { return edges[r] != 0 },
			func(r int) bool { return !c.rows[r] && s.linked[r] != 0 },
		},
		sides{c.columns.has, touched.has},
	)
}

// sides says which lines are inside, and which outside.
type sides struct{ inside, outside func(line int) bool }

// merge withholds totals, so that a line inside and a line outside become one.
func (s *solver) merge(ofRows, ofColumns sides) {
	columns, columnPeople := joining(s.t.Columns, s.grid.columns, s.colOf, ofColumns)
	rows, rowPeople := joining(s.t.Rows, s.grid.rows, s.rowOf, ofRows)
	switch {
	case rows == nil && columns == nil:
		panic("disclosure: a table that cannot be made safe") // see pass: sums that don't add up
	case columns == nil, rows != nil && len(rows) < len(columns),
		rows != nil && len(rows) == len(columns) && rowPeople < columnPeople:
		hideTotals(s.t.Rows, rows)
	default:
		hideTotals(s.t.Columns, columns)
	}
	s.lines = newLines(s.rule, s.grid, s.t, s.withheld)
}

// joining finds the fewest and smallest totals to withhold so that a line inside and one outside become
// one, and how many people they have; nil when there is no line inside or none outside.
func joining(each []Decision, totals []digest, lineOf []int, of sides) (hide []int, people int) {
	smallest := func(on func(line int) bool) bool {
		best := -1
		for i := range each {
			if each[i].Level == Shown && on(lineOf[i]) && (best < 0 || totals[i].n < totals[best].n) {
				best = i
			}
		}
		if best >= 0 {
			hide, people = append(hide, best), people+totals[best].n
		}
		return best >= 0
	}
	// Line 0 is withheld already; either side may be there.
	if !of.inside(0) && !smallest(of.inside) || !of.outside(0) && !smallest(of.outside) {
		return nil, 0
	}
	return hide, people
}

func hideTotals(each []Decision, which []int) {
	for _, i := range which {
		each[i] = Decision{Hidden, Protects}
	}
}

// demote hides the coarse groups that cover for others, as Rule.demote does in one margin.
func (s *solver) demote() {
	for _, i := range largestFirst(s.grid.rows, s.t.Rows, Coarse) {
		s.expose(&s.t.Rows[i], i, i+1, 0, len(s.grid.columns))
	}
	for _, j := range largestFirst(s.grid.columns, s.t.Columns, Coarse) {
		s.expose(&s.t.Columns[j], 0, len(s.grid.rows), j, j+1)
	}
	for i := range s.cells {
		for _, j := range largestFirst(s.cells[i], s.t.Cells[i], Coarse) {
			s.expose(&s.t.Cells[i][j], i, i+1, j, j+1)
		}
	}
}

// expose takes the cells of a coarse group for known, or hides the group if others could not stand that.
func (s *solver) expose(d *Decision, fromRow, toRow, fromColumn, toColumn int) {
	var dropped [][2]int
	for i := fromRow; i < toRow; i++ {
		for j := fromColumn; j < toColumn; j++ {
			if s.withheld[i][j] {
				dropped = append(dropped, [2]int{i, j})
				s.mark(i, j, false)
			}
		}
	}
	if len(dropped) == 0 || s.hold() {
		return
	}
	*d = Decision{Hidden, Protects}
	for _, c := range dropped {
		s.mark(c[0], c[1], true)
	}
}
