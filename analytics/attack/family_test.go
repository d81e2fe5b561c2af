package attack

import (
	"fmt"

	"soundings/analytics/tally"
)

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
	presence, cells, gave := map[key][]bool{}, map[key]Place{}, map[key][]bool{}
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
