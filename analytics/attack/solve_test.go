package attack

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"soundings/analytics/disclosure"
	"soundings/analytics/tally"
	"soundings/surveys"
)

// case is everything that was seen of one wave, at all moments.
type dossier struct {
	doc    *surveys.Document
	k      int
	looks  []look
	random *rand.Rand
}

// leak names something that can be worked out and must not be, or "".
func (d *dossier) leak() string {
	if why := d.lies(); why != "" {
		return why
	}
	measures := []tally.Measure{tally.Everyone}
	for _, l := range d.looks {
		for _, f := range l.facts {
			if f.Told != Words && !slices.Contains(measures, f.Measure) {
				measures = append(measures, f.Measure)
			}
		}
	}
	for _, m := range measures {
		for _, guess := range []bool{false, true} {
			if why := d.solve(m, guess); why != "" {
				return fmt.Sprintf("%s (coarse groups guessed: %v): %s", m, guess, why)
			}
		}
		if why := d.pinned(m); why != "" {
			return fmt.Sprintf("%s: %s", m, why)
		}
	}
	for _, construct := range d.doc.ConstructIDs() {
		if why := d.solveFamily(construct); why != "" {
			return construct + " and its items: " + why
		}
	}
	return ""
}

// lies holds every fact against the answers themselves: how many it speaks of, and whether it may be told at all.
func (d *dossier) lies() string {
	for at, l := range d.looks {
		for _, f := range l.facts {
			n, partly := 0, 0
			for _, p := range l.pieces {
				if f.Told == Jointly {
					switch whole, some := completes(d.doc, f.Measure, p.answers); {
					case whole:
						n++
					case some:
						partly++
					}
					continue
				}
				m := f.Measure
				if f.Told == Words {
					m = tally.Everyone
				}
				if _, ok := adds(d.doc, m, p.answers); ok && p.in(m) && f.Group.Holds(p.cell) {
					n++
				}
			}
			switch {
			case f.Told == Words && n < max(disclosure.CommentMinimum, d.k):
				return fmt.Sprintf("%+v: comments of %d people", f, n)
			case f.Told == Words && f.Group.Bands != nil:
				return fmt.Sprintf("%+v: comments by band", f)
			case f.Told == AtLeast && f.N%d.k != 0:
				return fmt.Sprintf("%+v: %d is no step of %d", f, f.N, d.k)
			case f.Told == Jointly && (n < d.k || partly > 0 && partly < d.k):
				return fmt.Sprintf("%+v: %d people answered all, %d some", f, n, partly)
			case f.Told != Words && f.Told != AtLeast && f.N != n:
				return fmt.Sprintf("look %d: %+v is of %d people", at, f, n)
			}
		}
	}
	return ""
}

// completes reports whether somebody answered all items of a construct, and whether any.
func completes(doc *surveys.Document, m tally.Measure, answers surveys.Answers) (whole, some bool) {
	whole = true
	for _, item := range doc.Items(string(m[2:])) {
		_, ok := answers[item.ID]
		whole, some = whole && ok, some || ok
	}
	return whole, some
}

// class is people whom nothing that is told can tell apart: of one cell, in the figures at the same moments.
type class struct {
	cell   tally.Cell
	people map[string]bool
	adds   []added // by person; of the last moment only
	in     []bool  // by moment
}

// classes sorts the pieces of a measure.
func (d *dossier) classes(m tally.Measure) []*class {
	type key struct{ person, adds string }
	presence, cells, what := map[key][]bool{}, map[key]tally.Cell{}, map[key]added{}
	var order []key
	for at, l := range d.looks {
		for _, p := range l.pieces {
			a, ok := adds(d.doc, m, p.answers)
			if !ok || !p.in(m) {
				continue
			}
			id := key{p.person, fmt.Sprint(a)}
			if presence[id] == nil {
				presence[id] = make([]bool, len(d.looks))
				order = append(order, id)
			}
			presence[id][at], cells[id], what[id] = true, p.cell, a
		}
	}
	byName := map[string]*class{}
	var list []*class
	for _, id := range order {
		name := fmt.Sprint(cells[id], presence[id])
		c := byName[name]
		if c == nil {
			c = &class{cell: cells[id], people: map[string]bool{}, in: presence[id]}
			byName[name] = c
			list = append(list, c)
		}
		c.people[id.person] = true
		c.adds = append(c.adds, what[id])
	}
	return list
}

// solve sets up what is known of one measure, at all moments together, and looks for too few people. With guess it takes
// the people of groups that are told coarsely to be known, and of no interest.
func (d *dossier) solve(m tally.Measure, guess bool) string {
	classes := d.classes(m)
	s := NewSystem(len(classes))
	exempt := make([]bool, len(classes))
	any := false
	for at, l := range d.looks {
		for _, f := range l.facts {
			if f.Measure != m || f.Told != Coarsely || !guess {
				continue
			}
			any = true
			for i, c := range classes {
				if c.in[at] && f.Group.Holds(c.cell) {
					s.Tell(unit(len(classes), i))
					exempt[i] = true
				}
			}
		}
	}
	if guess && !any {
		return "" // nothing to guess
	}
	d.tell(s, m, classes)
	atoms := make([]Atom, len(classes))
	persons := map[string]int{}
	for i, c := range classes {
		if !exempt[i] {
			atoms[i] = Atom{index(persons, c.people), []int{i}}
		}
	}
	if found := s.Concerning(atoms, d.k, d.random); found != nil {
		return fmt.Sprintf("a combination of figures concerns %d people", len(members(found)))
	}
	return d.telling(s, m, classes, exempt)
}

// tell makes known what the exits told of a measure: groups of few classes first, which makes the arithmetic short.
func (d *dossier) tell(s *System, m tally.Measure, classes []*class) {
	var rows [][]uint64

	seen := map[string]bool{}
	for at, l := range d.looks {
		for _, f := range l.facts {
			if f.Measure != m || f.Told != Exactly {
				continue
			}
			row, name := make([]uint64, len(classes)), make([]byte, len(classes))
			for i, c := range classes {
				if c.in[at] && f.Group.Holds(c.cell) {
					row[i], name[i] = 1, 1
				}
			}
			if !seen[string(name)] {
				seen[string(name)] = true

				rows = append(rows, row)
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b []uint64) int { return cmp.Compare(filled(a), filled(b)) })
	for _, row := range rows {
		s.Tell(row)
	}
}

func filled(row []uint64) (n int) {
	for _, x := range row {
		if x != 0 {
			n++
		}
	}
	return n
}

func unit(width, at int) []uint64 {
	row := make([]uint64, width)
	row[at] = 1
	return row
}

func index(persons map[string]int, of map[string]bool) []int {
	var list []int
	for p := range of {
		if _, ok := persons[p]; !ok {
			persons[p] = len(persons)
		}
		list = append(list, persons[p])
	}
	return list
}

// telling looks for groups whose figures follow and who are all alike.
func (d *dossier) telling(s *System, m tally.Measure, classes []*class, exempt []bool) (leak string) {
	if m == tally.Everyone {
		return "" // taking part is no answer
	}
	shadow := s.Shadow(d.random)
	// Who may be part of a group of people who are alike: those of one mind already.
	minds := map[string][]int{}
	for i, c := range classes {
		if exempt[i] || alike(c.adds) == "" && alike(c.adds[:1]) == "" && len(c.adds) > 1 {
			continue
		}
		for _, mind := range mindsOf(c.adds) {
			minds[mind] = append(minds[mind], i)
		}
	}
	for _, members := range minds {
		shadows := make([]uint64, len(members))
		for n, i := range members {
			shadows[n] = shadow[i]
		}
		Sums(shadows, func(set ...int) bool {
			var all []added
			for _, n := range set {
				all = append(all, classes[members[n]].adds...)
			}
			if why := alike(all); why != "" {
				leak = "it follows that " + why
			}
			return leak == ""
		})
		if leak != "" {
			return leak
		}
	}
	return ""
}

// mindsOf names what all of some people have in common: a value, a side.
func mindsOf(list []added) (minds []string) {
	shared, favourable, unfavourable := slices.Clone(list[0].values), true, true
	for _, a := range list {
		favourable, unfavourable = favourable && a.favourable, unfavourable && a.unfavourable
		shared = slices.DeleteFunc(shared, func(v string) bool { return !slices.Contains(a.values, v) })
	}
	minds = append(minds, shared...)
	if favourable {
		minds = append(minds, "favourable")
	}
	if unfavourable {
		minds = append(minds, "unfavourable")
	}
	return minds
}

// solveFamily sets up what is known of a construct and its items together: whoever left an item out is what the
// construct and the sum of its items differ by.
func (d *dossier) solveFamily(construct string) string {
	items := d.doc.Items(construct)
	if len(items) < 2 {
		return ""
	}
	classes, given := d.familyClasses(construct)
	var unknowns [][]int // by class and item; -1 where it was left out
	width := 0
	for i := range classes {
		row := make([]int, len(items))
		for n := range items {
			row[n] = -1
			if given[i][n] {
				row[n] = width
				width++
			}
		}
		unknowns = append(unknowns, row)
	}
	s := NewSystem(width)
	for at, l := range d.looks {
		for _, f := range l.facts {
			if f.Told != Exactly {
				continue
			}
			row := make([]uint64, width)
			for i, c := range classes {
				if !f.Group.Holds(c.cell) {
					continue
				}
				answered := filledIn(given[i])
				for n, item := range items {
					switch {
					case !given[i][n]:
					case f.Measure == tally.OfQuestion(item.ID) && c.in[at*(len(items)+1)+n]:
						row[unknowns[i][n]] = 1
					case f.Measure == tally.OfConstruct(construct) && c.in[at*(len(items)+1)+len(items)] && 2*answered >= len(items):
						row[unknowns[i][n]] = Modular(1, int64(answered))
					}
				}
			}
			s.Tell(row)
		}
	}
	atoms := make([]Atom, len(classes))
	persons := map[string]int{}
	for i, c := range classes {
		atoms[i].People = index(persons, c.people)
		for _, u := range unknowns[i] {
			if u >= 0 {
				atoms[i].Unknowns = append(atoms[i].Unknowns, u)
			}
		}
	}
	if found := s.Concerning(atoms, d.k, d.random); found != nil {
		return fmt.Sprintf("a combination of figures concerns %d people", len(members(found)))
	}
	return ""
}

func filledIn(given []bool) (n int) {
	for _, g := range given {
		if g {
			n++
		}
	}
	return n
}

// familyClasses sorts people by cell, by which items they answered, and by when each of these and the construct held them.
func (d *dossier) familyClasses(construct string) (list []*class, given [][]bool) {
	items := d.doc.Items(construct)
	type key struct{ person, answers string }
	presence, cells, gave := map[key][]bool{}, map[key]tally.Cell{}, map[key][]bool{}
	var order []key
	for at, l := range d.looks {
		for _, p := range l.pieces {
			answers, pattern := "", make([]bool, len(items))
			for n, item := range items {
				if x, ok := p.answers[item.ID]; ok {
					pattern[n] = true
					answers += fmt.Sprintf("%s=%d ", item.ID, x.Number)
				}
			}
			if answers == "" {
				continue
			}
			id := key{p.person, answers}
			if presence[id] == nil {
				presence[id] = make([]bool, len(d.looks)*(len(items)+1))
				order = append(order, id)
			}
			for n, item := range items {
				presence[id][at*(len(items)+1)+n] = p.in(tally.OfQuestion(item.ID))
			}
			presence[id][at*(len(items)+1)+len(items)] = p.in(tally.OfConstruct(construct))
			cells[id], gave[id] = p.cell, pattern
		}
	}
	byName := map[string]int{}
	for _, id := range order {
		name := fmt.Sprint(cells[id], gave[id], presence[id])
		at, ok := byName[name]
		if !ok {
			at = len(list)
			byName[name] = at
			list = append(list, &class{cell: cells[id], people: map[string]bool{}, in: presence[id]})
			given = append(given, gave[id])
		}
		list[at].people[id.person] = true
	}
	return list, given
}

// pinned looks for fewer than k people of whom it follows, from counts being whole and not negative, how many gave an
// answer or are favourable, and that it is anybody. How many they are is taken to be known.
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
				if n > 0 && n < d.k && low[c] == high[c] && low[c] > 0 && !(value == favourable && oneSided(equations, sizes, c)) {
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

func (d *dossier) cells() map[tally.Cell]int {
	cells := map[tally.Cell]int{}
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
