// Package attack tries to find out who said what. It holds the one list of all exits by which figures leave the program
// and what each shows, and the arithmetic of somebody who takes everything from all of them, keeps yesterday's, and
// solves for too few people. Its tests let it loose on random organisations, and on gates that were weakened on purpose.
//
// A new page, file or address of the API that shows figures is entered in Exits: with an exit whose figures it takes, or
// with one of its own, which says of which people the figures are. Until then a test of server/web fails.
package attack

import (
	"reflect"
	"slices"

	"soundings/analytics"
	"soundings/analytics/disclosure"
	"soundings/analytics/tally"
	"soundings/surveys"
)

// Place is by what people are told apart: their department and band, and which of several texts they saw, if any.
type Place struct {
	tally.Cell
	Variant string
}

// Group is people of a wave: those of the departments, bands and variants named; nil stands for all.
type Group struct {
	Departments []surveys.DepartmentID
	Bands       []surveys.BandID
	Variants    []string
}

// Holds reports whether people of the place are in the group.
func (g Group) Holds(place Place) bool {
	return (g.Departments == nil || slices.Contains(g.Departments, place.Department)) &&
		(g.Bands == nil || slices.Contains(g.Bands, place.Band)) &&
		(g.Variants == nil || slices.Contains(g.Variants, place.Variant))
}

// one is the group of one department and one band; 0 stands for all of them.
func one(d surveys.DepartmentID, b surveys.BandID) Group {
	g := Group{}
	if d != 0 {
		g.Departments = []surveys.DepartmentID{d}
	}
	if b != 0 {
		g.Bands = []surveys.BandID{b}
	}
	return g
}

// Told is how much an exit tells of a group.
type Told uint8

const (
	// Exactly: how many, and whatever adds up over them: the sum of their scores and of the squares, how many gave
	// each answer, how many are favourable.
	Exactly Told = iota
	// Coarsely: exactly how many, and on which side of a bound they are.
	Coarsely
	// AtLeast: that no fewer than N took part.
	AtLeast
	// Jointly: a figure of those N who answered everything that it is about, and that does not add up over people: how
	// their answers go together. Whoever knows it, and all answers but those of a few, tries out what these can be; so
	// nobody, or enough people, must have answered some of it and left out the rest.
	Jointly
	// Words: what they wrote, without saying who of them.
	Words
)

// Comments is the measure of what people wrote.
const Comments tally.Measure = "comments"

// Fact is what an exit tells of a group of people.
type Fact struct {
	Exit    string
	Measure tally.Measure
	Group   Group
	Told    Told
	N       int    // people; comments, if these are told
	With    string // the question that a construct is held against, if Jointly tells how both go together; "" for all items
}

// fact is what a group as the Reader gives it tells, going by what is filled in, not by what it calls itself. ok is
// false if that is nothing.
func fact(exit string, m tally.Measure, of Group, g analytics.Group) (f Fact, ok bool) {
	hidden := analytics.Group{Level: g.Level, Reason: g.Reason, Headcount: g.Headcount}
	coarse := analytics.Group{Level: g.Level, Headcount: g.Headcount, N: g.N, Scored: g.Scored, Coarse: g.Coarse}
	f = Fact{Exit: exit, Measure: m, Group: of, N: g.N}
	switch {
	case g.Level != disclosure.Shown && reflect.DeepEqual(g, hidden):
		return Fact{}, false
	case g.Level != disclosure.Shown && reflect.DeepEqual(g, coarse):
		f.Told = Coarsely
	}
	return f, true
}

// appendFact adds what a figure tells, if it tells anything.
func appendFact(facts []Fact, exit string, m tally.Measure, of Group, g analytics.Group) []Fact {
	if f, ok := fact(exit, m, of, g); ok {
		return append(facts, f)
	}
	return facts
}
