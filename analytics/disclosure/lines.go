package disclosure

// maxLines bounds the column lines, since every set of them is looked at. The table's transpose serves
// when only the rows are few.
const maxLines = 12

// lines is what readers know of the withheld cells. For each row whose total is shown they know the sum
// of its withheld cells (total minus shown cells); for the rows whose totals are withheld they know it
// of all these together. Each of these is a row line; columns form lines likewise. So readers know the
// sum of each node's edges in a bipartite graph whose nodes are lines and whose edges are the withheld,
// non-empty cells.
//
// Which groups of edges can they work out? Those whose 0/1 vector is a combination of the nodes' sums:
// edge (r, c) gets a(r) - p(c), for some potentials a and p. These may be taken to be whole numbers
// (fix one node per component at 0). For each threshold t let S be the row lines with a >= t and T the
// column lines with p >= t. As a(r) - p(c) is 0 or 1, it is the sum over t of [r in S] - [c in T], none
// of which is negative: every row line with an edge into T is in S, and the group is the disjoint union
// over t of
//
//	D(S, T) = the edges from S to columns outside T.
//
// D(S, T) in turn is the disjoint union of D(N(T), T), where N(T) are the row lines with an edge into
// T, and of all edges of each further row line in S, as those have none into T. Safe disjoint groups
// are safe together. Hence nothing unsafe can be worked out if and only if
//
//   - for each row line, its edges together are none or safe, and
//   - for each set T of column lines, D(N(T), T) is none or safe.
//
// Column lines need no condition of their own: the edges of c are D(all rows, all columns but c).
//
// Nor may a difference concern too few people: row 1 minus column 2 is what is in the row alone minus what
// is in the column alone, and if that is one person each and comes to 100, both answers are known. Which
// combinations with 1, -1 and 0 are there? Edge (r, c) gets a(r) - p(c) as above, and again is the sum over
// t of [r in S] - [c in T]; these may be negative, but for one edge never in both ways, as a(r) < t <= p(c)
// for one t excludes p(c) < t <= a(r) for another. So the combination concerns disjoint groups, over t, of
//
//	E(S, T) = the edges from S to columns outside T (plus), and from T to rows outside S (minus).
//
// If each is nobody or at least the minimum, so is the whole. Coefficients beyond 1 and -1 bring nothing
// new, since the threshold groups of any whole-numbered combination are still parts of the edges in it.
// E(S, T) are the edges cut when the nodes S and T are parted from the others. Given T each row line goes
// to the side where fewer people are cut, which makes
//
//	base(T) = the sum over row lines r of min(people of r outside T, people of r in T)
//
// the least of all. Where it is 0, each row line has edges on one side only; being on the other costs all
// its edges, of which the first condition says that they are enough. Hence the third:
//
//   - for each set T of column lines, base(T) is 0 or at least the minimum.
//
// The same holds of who moved. What E(S, T) changed by since an earlier moment concerns those alone who
// moved, whoever stood still cancels out; so base(T) of who moved is 0 or at least the minimum as well.
// Whether people are alike is left aside here: to give answers away a difference would need all on the one
// side at one end of the scale, and all on the other at the other end.
type lines struct {
	rule         Rule
	cells        [][]digest
	withheld     [][]bool   // the edges, and the unsafe empty cells
	rowOf, colOf []int      // the line of each row and column
	rowsIn       [][]int    // rowsIn[line]: its rows
	colsIn       [][]int    // colsIn[line]: its columns
	load         [][]digest // load[row line][column line]: the edges between them, added up
	linked       []set      // linked[row line]: the column lines it has edges to
	still        bool       // nobody in the table moved
}

func newLines(r Rule, g grid, t *TableDecision, withheld [][]bool) *lines {
	l := &lines{rule: r, cells: g.cells, withheld: withheld, still: !g.total.stirred()}
	l.rowOf, l.rowsIn = gather(t.Rows)
	l.colOf, l.colsIn = gather(t.Columns)
	l.load = make([][]digest, len(l.rowsIn))
	l.linked = make([]set, len(l.rowsIn))
	for i := range l.load {
		l.load[i] = make([]digest, len(l.colsIn))
		for j := range l.load[i] {
			l.refresh(i, j)
		}
	}
	return l
}

// gather makes one line of each shown total, and line 0 of all the withheld ones.
func gather(totals []Decision) (lineOf []int, members [][]int) {
	lineOf = make([]int, len(totals))
	members = make([][]int, 1, len(totals)+1)
	for i, d := range totals {
		if d.Level == Shown {
			lineOf[i] = len(members)
			members = append(members, []int{i})
		} else {
			members[0] = append(members[0], i)
		}
	}
	return lineOf, members
}

// lineCount is how many lines gather will make that can have edges.
func lineCount(totals []Decision) int {
	_, members := gather(totals)
	if len(members[0]) == 0 {
		return len(members) - 1
	}
	return len(members)
}

// mark withholds a cell, or no longer does.
func (l *lines) mark(row, column int, withheld bool) {
	l.withheld[row][column] = withheld
	l.refresh(l.rowOf[row], l.colOf[column])
}

func (l *lines) refresh(row, column int) {
	var d digest
	for _, i := range l.rowsIn[row] {
		for _, j := range l.colsIn[column] {
			if l.withheld[i][j] {
				d.add(&l.cells[i][j])
			}
		}
	}
	l.load[row][column] = d
	if d.empty() {
		l.linked[row] &^= 1 << column
	} else {
		l.linked[row] |= 1 << column
	}
}

// active is the column lines that have edges.
func (l *lines) active() set {
	var all set
	for _, s := range l.linked {
		all |= s
	}
	return all
}

// row adds up the edges of a row line, column those of a column line.
func (l *lines) row(r int) (d digest) {
	for rest := l.linked[r]; rest != 0; rest &= rest - 1 {
		d.add(&l.load[r][rest.first()])
	}
	return d
}

func (l *lines) column(c int) (d digest) {
	for r, s := range l.linked {
		if s.has(c) {
			d.add(&l.load[r][c])
		}
	}
	return d
}

// around adds up D(N(t), t), or as much of it as makes sure that it is safe.
func (l *lines) around(t set) (d digest) {
	for r, s := range l.linked {
		if s&t == 0 {
			continue
		}
		for rest := s &^ t; rest != 0; rest &= rest - 1 {
			d.add(&l.load[r][rest.first()])
		}
		if l.sure(&d) {
			break
		}
	}
	return d
}

// sure reports that the group is safe whoever joins it.
func (l *lines) sure(d *digest) bool {
	k := l.rule.minimum()
	return d.n >= max(k, onOneSide) && !d.alike() && !d.level && (l.still || d.moved >= k)
}

// fine reports that a group that can be worked out is nobody, or safe.
func (l *lines) fine(d *digest) bool { return d.empty() || l.rule.safe(d) }

// hold reports that nothing unsafe can be worked out.
func (l *lines) hold() bool {
	for r := range l.linked {
		if d := l.row(r); !l.fine(&d) {
			return false
		}
	}
	active := l.active()
	for rest := active; rest != 0; rest &= rest - 1 {
		// Not needed for the answer, but most failures show here at once.
		if d := l.column(rest.first()); !l.fine(&d) {
			return false
		}
	}
	for t := (active - 1) & active; t != 0; t = (t - 1) & active {
		if d := l.around(t); !l.fine(&d) {
			return false
		}
		if l.differs(t, active) {
			return false
		}
	}
	return true
}
