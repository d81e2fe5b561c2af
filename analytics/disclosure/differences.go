package disclosure

// weight is how many people a difference concerns, and how many who moved.
type weight struct{ n, moved int }

func (w *weight) add(d *digest) {
	w.n += d.n
	w.moved += d.moved + d.telling // at least one each
}

// smaller is what a row line with these edges in and outside of t adds to base(t).
func smaller(in, out weight) weight { return weight{min(in.n, out.n), min(in.moved, out.moved)} }

// split adds up the edges of a row line to columns in t and to those outside.
func (l *lines) split(r int, t set) (in, out weight) {
	for rest := l.linked[r]; rest != 0; rest &= rest - 1 {
		c := rest.first()
		if t.has(c) {
			in.add(&l.load[r][c])
		} else {
			out.add(&l.load[r][c])
		}
	}
	return in, out
}

// base is base(t) of people and of who moved, or as much of it as makes sure that it is enough.
func (l *lines) base(t set) (sum weight) {
	k := l.rule.minimum()
	for r, linked := range l.linked {
		if linked&t == 0 || linked&^t == 0 {
			continue
		}
		more := smaller(l.split(r, t))
		sum.n += more.n
		sum.moved += more.moved
		if sum.n >= k && (l.still || sum.moved >= k) {
			break
		}
	}
	return sum
}

// enough reports that a difference concerns nobody or enough people, now and since any earlier moment.
func (l *lines) enough(w weight) bool {
	k := l.rule.minimum()
	return (w.n == 0 || w.n >= k) && (w.moved == 0 || w.moved >= k)
}

// differs reports whether base(t) is neither nobody nor enough. It looks at one only of t and the other
// active columns: swapping them swaps the signs, and concerns the same people.
func (l *lines) differs(t, active set) bool {
	lowest := active & -active
	return t&lowest != 0 && !l.enough(l.base(t))
}

// choice is shown cells to withhold together.
type choice struct {
	cells [][2]int
	cost  int
}

// repairDifference withholds the cheapest cell that adds to base(t), or pair of cells of one row line on both
// sides of t. That need not make it enough, but pass comes back, and giveBack undoes what was no use. If
// there is no such cell it withholds totals. It reports whether that changed the lines.
func (s *solver) repairDifference(t set) (merged bool) {
	var best choice
	for r := range s.linked {
		for _, c := range s.choices(r, t) {
			if best.cells == nil || c.cost < best.cost {
				best = c
			}
		}
	}
	if best.cells == nil {
		s.mergeDifference(t)
		return true
	}
	for _, c := range best.cells {
		s.mark(c[0], c[1], true)
	}
	return false
}

// choices are those of a row line that raise base(t): its cheapest cell in t, its cheapest outside, both.
func (s *solver) choices(r int, t set) (found []choice) {
	in, out := s.split(r, t)
	least := smaller(in, out)
	offer := func(c choice, in, out weight) {
		if smaller(in, out) != least {
			found = append(found, c)
		}
	}
	a, moreIn := s.cheapest(r, t, in)
	b, moreOut := s.cheapest(r, ^t, out)
	if a.cells != nil {
		offer(a, moreIn, out)
	}
	if b.cells != nil {
		offer(b, in, moreOut)
	}
	if a.cells != nil && b.cells != nil {
		offer(choice{cells: append(a.cells, b.cells...), cost: a.cost + b.cost}, moreIn, moreOut)
	}
	return found
}

// cheapest chooses a shown cell of a row line in some columns, and adds it to the weight they have.
func (s *solver) cheapest(r int, columns set, w weight) (best choice, with weight) {
	active := s.active()
	for _, i := range s.rowsIn[r] {
		for j := range s.cells[i] {
			d := &s.cells[i][j]
			if s.withheld[i][j] || d.empty() || !columns.has(s.colOf[j]) {
				continue
			}
			cost := d.n + staleness(&s.grid.total, d)
			if !active.has(s.colOf[j]) {
				cost += lonely
			}
			if best.cells == nil || cost < best.cost {
				best = choice{cells: [][2]int{{i, j}}, cost: cost}
				with = w
				with.add(d)
			}
		}
	}
	return best, with
}

// mergeDifference ends a difference by withholding totals, so that a column line in t and one outside
// become one, or two row lines that lean to different sides. Of such columns there always are two, as
// some row line has edges to both.
func (s *solver) mergeDifference(t set) {
	few := func(w weight) int { return w.n }
	if s.enough(weight{n: s.base(t).n}) {
		few = func(w weight) int { return w.moved }
	}
	lean := make([]int, len(s.linked))
	var torn set
	for r, linked := range s.linked {
		in, out := s.split(r, t)
		lean[r] = few(in) - few(out)
		if linked&t != 0 && linked&^t != 0 {
			torn |= linked
		}
	}
	s.merge(
		sides{func(r int) bool { return lean[r] > 0 }, func(r int) bool { return lean[r] < 0 }},
		sides{(torn & t).has, (torn &^ t).has},
	)
}
