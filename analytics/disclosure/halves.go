package disclosure

import "slices"

// Halves decides over the parts of departments that were told apart beforehand, such as those who saw one text of a pitch
// and those who saw the other. It is asked about all such departments of a measure at once: about cells, what Table decided
// about them, and by row the parts of a department by band, parts[row][part][band]. Whoever of the department is in neither
// half is a part of its own, so that the parts make up its cells. Of a department either all parts with anybody in them are
// told, each in one sum over all bands, or none is.
//
// They may be told beside everything that Table shows of the measure. A part is a sum over less than a cell, so the table
// answers for it only in this: whatever else is added or taken away counts those of a cell alike, in whichever part they
// are. So in each band at most one part cancels out, and what is left concerns the others; see mixed. Left as a group are
// then whole parts together with groups that the table lets be known, and whole parts are safe.
//
//   - The department itself is shown, and each part is safe and not coarse, with or without the bands that are.
//   - In no way does a part cancel out but for fewer people than the minimum.
//   - No answer can be pinned on too few people, be they of a part and a band.
//   - Nobody was counted before the wave closed: a step moves few people of one part with many of another. So while a wave
//     is open no part is told, nor afterwards where its results were.
//
// Of a construct of several items, those who answered them all must pass, too, by themselves: others cancel out against the
// items at other places. The parts of the items are not for telling, as the construct's follow from them.
func (r Rule) Halves(cells [][]Aggregate, told TableDecision, parts map[int][][]Aggregate) map[int][]Decision {
	decided := map[int][]Decision{}
	apart := map[int][][]Aggregate{} // those that are told
	for row, of := range parts {
		var all bool
		if decided[row], all = r.apart(of, told.Rows[row]); !all {
			continue
		}
		if _, all = r.apart(withoutCoarse(of, told, row), told.Rows[row]); !all {
			hideShown(decided[row])
			continue
		}
		apart[row] = of
	}
	if r.named() {
		return decided
	}
	for {
		row, found := r.pinsApart(cells, told, apart)
		if !found {
			return decided
		}
		delete(apart, row)
		hideShown(decided[row])
	}
}

// apart decides about one department but for pins, and reports whether its parts are told.
func (r Rule) apart(parts [][]Aggregate, own Decision) (each []Decision, all bool) {
	g := newGrid(parts)
	each, all = make([]Decision, len(g.rows)), own.Level == Shown
	for i := range g.rows {
		if each[i] = beside(own, r.decide(&g.rows[i])); each[i].Level != Shown && !g.rows[i].empty() {
			all = false
		}
	}
	if r.named() {
		return each, all
	}
	why := Protects
	if g.seenBefore() {
		all, why = false, MovedTooLittle
	}
	if all && g.mixed(r) {
		return each, true
	}
	for i := range each {
		if each[i].Level != Hidden {
			each[i] = Decision{Hidden, why}
		}
	}
	return each, false
}

// withoutCoarse is the parts without the bands that readers know all about who take coarse groups to be of one mind.
func withoutCoarse(parts [][]Aggregate, told TableDecision, row int) [][]Aggregate {
	rest := make([][]Aggregate, len(parts))
	for i, part := range parts {
		rest[i] = slices.Clone(part)
		for j := range part {
			if told.Cells[row][j].Level == Coarse || told.Columns[j].Level == Coarse {
				rest[i][j] = Aggregate{}
			}
		}
	}
	return rest
}

// seenBefore reports whether anybody was in a figure before.
func (g *grid) seenBefore() bool {
	return slices.ContainsFunc(g.cells, func(row []digest) bool {
		return slices.ContainsFunc(row, func(d digest) bool { return d.moved != d.n || d.telling > 0 })
	})
}

// mixed reports whether enough people are left whichever part cancels out in each band: the part itself, or all others.
// That is at least as many as are in the smaller of both.
func (g *grid) mixed(r Rule) bool {
	for i := range g.rows {
		left := 0
		for j := range g.columns {
			left += min(g.cells[i][j].n, g.columns[j].n-g.cells[i][j].n)
		}
		if left < r.minimum() && !g.rows[i].empty() {
			return false
		}
	}
	return true
}

// pinsApart looks for an answer that can be pinned on too few people beside the parts of some departments, and says which
// of these to leave out.
//
// What readers know is a table still: with the parts as rows in the place of their department, and a column for each cell
// of it that is shown, in which nobody else is.
func (r Rule) pinsApart(cells [][]Aggregate, told TableDecision, apart map[int][][]Aggregate) (row int, found bool) {
	if len(apart) == 0 {
		return 0, false
	}
	width := len(told.Columns)
	t := TableDecision{Total: told.Total, Columns: slices.Clone(told.Columns)}
	var table [][]Aggregate
	var rowOf []int // by row of the table: the department's
	add := func(of int, d Decision, row []Aggregate, each []Decision) {
		table, rowOf = append(table, row), append(rowOf, of)
		t.Rows, t.Cells = append(t.Rows, d), append(t.Cells, each)
	}
	for i := range cells {
		if apart[i] == nil {
			add(i, told.Rows[i], slices.Clone(cells[i]), slices.Clone(told.Cells[i]))
			continue
		}
		first := len(t.Columns)
		for _, d := range told.Cells[i] {
			if d.Level == Shown {
				t.Columns = append(t.Columns, d)
			}
		}
		for _, part := range apart[i] {
			row := append(slices.Clone(part), make([]Aggregate, len(t.Columns)-width)...)
			at := first
			for j, d := range told.Cells[i] {
				if d.Level == Shown {
					row[at], row[j] = row[j], Aggregate{}
					at++
				}
			}
			add(i, told.Rows[i], row, make([]Decision, width))
		}
	}
	for i := range t.Cells {
		t.Cells[i] = append(t.Cells[i], make([]Decision, len(t.Columns)-len(t.Cells[i]))...)
	}
	p, found := newSolver(r, newGrid(table), &t).pinned()
	if !found {
		return 0, false
	}
	if row = rowOf[p.row]; apart[row] != nil {
		return row, true
	}
	// On others: the smallest department gives way.
	least := -1
	for i := range apart {
		if n := peopleOf(cells[i]); least < 0 || n < least || n == least && i < row {
			row, least = i, n
		}
	}
	return row, true
}

func peopleOf(cells []Aggregate) (n int) {
	for _, c := range cells {
		n += c.N
	}
	return n
}
