package disclosure

import "slices"

// Family is a construct of one or more items, of departments (rows) by bands (columns): every table has as many of each.
type Family struct {
	// Construct is what is told of the construct itself, which Table has decided.
	Construct TableDecision
	// Items holds the table of each item.
	Items [][][]Aggregate
	// Whole and Last are what Items makes of those who answered all items, and of those who left some out; nil for a
	// construct of a single item.
	Whole, Last [][]Aggregate
}

// Family decides over the items of a construct: about all of them together, so that they show the same groups, and the
// last of them some of these only. What is told of the construct stays as it is.
//
// A construct is the mean of its items, so that figures of one follow from those of the others: an item withheld because
// a department agrees on it is the construct less its other items, and a small department can be what is left of tables
// that each hide another one for its sake. Let the construct be the sum of items a and b, and let a reader add up groups
// of a, of b and of the construct, u, v and w by name. If nothing of b is to be left, w takes away what v adds, and so is
// made of groups that b shows. Those are the ones that a shows. So u and w are groups of a's own table, in which all that
// is shown is safe together. The same goes for more items. And u and v alike are a figure of the construct: groups that
// it shows, too. So it is enough that
//
//   - no item shows a group that the construct, or another item, does not show;
//   - in the table of each item all these groups together are safe.
//
// This is about people who answered all items or none. The answers of those who left some out are what the construct and
// its items differ by; for them there are two more tables, see Items.
//
// A group that is coarse for one item is hidden for the others.
//
// Deciding about the items one by one, and showing what all show, is as safe and costs more: each table then has cells of
// its own that cover for others. Little is left to gain: against the best choice of cells under the same totals, items
// hide 1.01 times as much on small tables (see the tests). What the construct hides is lost to all its items, even where
// other cells would have covered as well; but the construct is read alone, over many waves, and must not hang on them.
func (r Rule) Family(f Family) []TableDecision {
	members := make([]*member, len(f.Items))
	for i, cells := range f.Items {
		members[i] = newMember(r, cells, false)
	}
	joint := slices.Clone(members)
	if f.Whole != nil {
		joint = append(joint, newMember(r.Weighed(), f.Whole, true))
	}
	for _, m := range joint {
		m.withhold(f.Construct)
	}
	together(joint)
	if f.Whole != nil {
		last := newMember(r.Weighed(), f.Last, true)
		last.withhold(members[0].t)
		together([]*member{last})
		members[len(members)-1].withhold(last.t)
	}
	each := make([]TableDecision, len(members))
	for i, m := range members {
		each[i] = m.demoted()
	}
	return each
}

// member is one of several tables that are to show the same groups.
type member struct {
	rule Rule
	grid grid
	t    TableDecision
}

// newMember decides about each group by itself. Groups of nobody are hidden, unless they may be known to be empty.
func newMember(r Rule, cells [][]Aggregate, known bool) *member {
	m := &member{rule: r, grid: newGrid(cells)}
	g := &m.grid
	decide := func(d *digest) Decision {
		if known && d.empty() {
			return Decision{Level: Shown}
		}
		return r.decide(d)
	}
	m.t = TableDecision{Total: decide(&g.total), Rows: make([]Decision, len(g.rows)), Columns: make([]Decision, len(g.columns)),
		Cells: make([][]Decision, len(g.cells))}
	for i, row := range g.cells {
		m.t.Rows[i] = beside(m.t.Total, decide(&g.rows[i]))
		m.t.Cells[i] = make([]Decision, len(row))
		for j := range row {
			m.t.Cells[i][j] = beside(m.t.Total, decide(&row[j]))
		}
	}
	for j := range g.columns {
		m.t.Columns[j] = beside(m.t.Total, decide(&g.columns[j]))
	}
	return m
}

// withhold hides what another table does not show.
func (m *member) withhold(other TableDecision) {
	withhold(&m.t.Total, other.Total)
	withholdAll(m.t.Rows, other.Rows)
	withholdAll(m.t.Columns, other.Columns)
	for i := range m.t.Cells {
		withholdAll(m.t.Cells[i], other.Cells[i])
	}
}

func withholdAll(each, other []Decision) (any bool) {
	for i := range each {
		any = withhold(&each[i], other[i]) || any
	}
	return any
}

func withhold(d *Decision, other Decision) bool {
	if d.Level != Shown || other.Level == Shown {
		return false
	}
	*d = Decision{Hidden, Protects}
	return true
}

// alike makes the tables show the same groups: those that all of them show.
func alike(members []*member) {
	for _, m := range members[1:] {
		members[0].withhold(m.t)
	}
	for _, m := range members[1:] {
		m.withhold(members[0].t)
	}
}

// together withholds groups until the tables show the same ones, and nothing unsafe can be worked out from any of them.
func together(members []*member) {
	alike(members)
	first := &members[0].t
	if first.Total.Level != Shown || members[0].rule.named() {
		return
	}
	for protectMargins(members) {
		alike(members)
	}
	if rows, columns := lineCount(first.Rows), lineCount(first.Columns); columns > maxLines {
		if rows <= maxLines {
			turned := make([]*member, len(members))
			for i, m := range members {
				turned[i] = &member{m.rule, m.grid.transposed(), m.t.transposed()}
			}
			newSolvers(turned).solve()
			for i, m := range members {
				m.t = turned[i].t.transposed()
			}
			return
		}
		for _, m := range members {
			hideShown(m.t.Columns)
		}
	}
	newSolvers(members).solve()
}

// protectMargins makes the withheld rows of each table safe, and its withheld columns. It reports whether that took any.
func protectMargins(members []*member) (withheld bool) {
	for _, m := range members {
		if m.rule.protect(&m.grid.total, m.grid.rows, m.t.Rows) {
			withheld = true
		}
		if m.rule.protect(&m.grid.total, m.grid.columns, m.t.Columns) {
			withheld = true
		}
	}
	return withheld
}

// demoted is the decision with those coarse groups hidden that cover for others.
func (m *member) demoted() TableDecision {
	if m.t.Total.Level != Shown || m.rule.named() {
		return m.t
	}
	if lineCount(m.t.Columns) > maxLines {
		turned := m.t.transposed()
		newSolver(m.rule, m.grid.transposed(), &turned).demote()
		return turned.transposed()
	}
	newSolver(m.rule, m.grid, &m.t).demote()
	return m.t
}

// solvers solve tables that are to withhold the same cells and totals.
type solvers []*solver

func newSolvers(members []*member) solvers {
	list := make(solvers, len(members))
	for i, m := range members {
		list[i] = newSolver(m.rule, m.grid, &m.t)
	}
	return list
}

func (all solvers) solve() {
	base := all[0].marks()
	all.settle()
	all.giveBackSince(base, solvers.hold)
	all.unpin()
	for _, s := range all {
		s.settled()
	}
}

// settle withholds cells and totals until every table holds. Each adds to what is withheld in all, and that comes to an
// end as in one table (see pass): what one withholds was shown by all, so it is safe in all of them.
func (all solvers) settle() {
	for again := true; again; {
		again = false
		for _, s := range all {
			repaired := false
			for s.pass() {
				repaired = true
			}
			if repaired {
				again = true
				all.follow(s)
			}
		}
	}
}

// follow withholds in all tables what one of them withholds.
func (all solvers) follow(leader *solver) {
	for _, s := range all {
		if s == leader {
			continue
		}
		for i, row := range leader.withheld {
			for j, withheld := range row {
				if withheld && !s.withheld[i][j] {
					s.mark(i, j, true)
				}
			}
		}
		if rows, columns := withholdAll(s.t.Rows, leader.t.Rows), withholdAll(s.t.Columns, leader.t.Columns); rows || columns {
			s.lines = newLines(s.rule, s.grid, s.t, s.withheld)
		}
	}
}

func (all solvers) mark(i, j int, withheld bool) {
	for _, s := range all {
		s.mark(i, j, withheld)
	}
}

func (all solvers) hold() bool {
	return !slices.ContainsFunc(all, func(s *solver) bool { return !s.lines.hold() })
}

func (all solvers) holdUnpinned() bool {
	return all.hold() && !slices.ContainsFunc(all, (*solver).pins)
}

// giveBackSince shows again, costliest first, what was withheld since and is not needed after all.
func (all solvers) giveBackSince(before [][]bool, hold func(solvers) bool) {
	type cell struct{ i, j, cost int }
	var spare []cell
	s := all[0]
	for i, row := range s.withheld {
		for j, withheld := range row {
			if withheld && !before[i][j] {
				spare = append(spare, cell{i, j, s.cells[i][j].n + staleness(&s.grid.total, &s.cells[i][j])})
			}
		}
	}
	slices.SortStableFunc(spare, func(a, b cell) int { return b.cost - a.cost })
	for _, c := range spare {
		if all.mark(c.i, c.j, false); !hold(all) {
			all.mark(c.i, c.j, true)
		}
	}
}

// unpin withholds further cells until in no table anything can be pinned on too few people.
func (all solvers) unpin() {
	before := all[0].marks()
	for again := true; again; {
		again = false
		for _, s := range all {
			if p, found := s.pinned(); found && (s.loosen(p) || s.mergePin(p)) {
				again = true
				all.follow(s)
				all.settle()
			}
		}
	}
	all.giveBackSince(before, solvers.holdUnpinned)
}
