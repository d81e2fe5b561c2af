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

// dossier is everything that was seen of one wave, at all moments.
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
					if !f.Group.Holds(p.cell) {
						continue
					}
					switch whole, some := completes(d.doc, f, p.answers); {
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
			case f.Told == Jointly && (n != f.N || n < d.k || partly > 0 && partly < d.k):
				return fmt.Sprintf("%+v: %d people answered all, %d some", f, n, partly)
			case f.Told != Words && f.Told != AtLeast && f.N != n:
				return fmt.Sprintf("look %d: %+v is of %d people", at, f, n)
			}
		}
	}
	return ""
}

// completes reports whether somebody answered everything that a joint figure is about, and whether some of it.
func completes(doc *surveys.Document, f Fact, answers surveys.Answers) (whole, some bool) {
	construct := string(f.Measure[2:])
	if f.With != "" {
		_, own := answers[f.With]
		_, scored := doc.ConstructScore(construct, answers)
		items, others := 0, 0
		for _, item := range doc.Items(construct) {
			if item.ID == f.With {
				continue
			}
			items++
			if _, ok := answers[item.ID]; ok {
				others++
			}
		}
		return own && others > 0 && 2*others >= items, own || scored
	}
	whole = true
	for _, item := range doc.Items(construct) {
		_, ok := answers[item.ID]
		whole, some = whole && ok, some || ok
	}
	return whole, some
}

// class is people whom nothing that is told can tell apart: of one cell, in the figures at the same moments.
type class struct {
	cell   Place
	people map[string]bool
	adds   []added // by person; of the last moment only
	in     []bool  // by moment
}

// classes sorts the pieces of a measure.
func (d *dossier) classes(m tally.Measure) []*class {
	type key struct{ person, adds string }
	presence, cells, what := map[key][]bool{}, map[key]Place{}, map[key]added{}
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
