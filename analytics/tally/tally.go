// Package tally counts responses into tallies and scores, rebuilds them, and verifies that they equal a recount. Every
// chart reads what it counts; nothing else reads responses for a figure.
//
// A wave that shows nothing while it is open is counted once, when it closes. A wave that shows results while open is
// counted in steps (see Step), so that no two moments a reader can compare differ by fewer people than the minimum.
package tally

import (
	"cmp"
	"slices"
	"strings"

	"soundings/analytics/disclosure"
	"soundings/surveys"
)

// Measure is what a figure is about: Everyone (who took part), one question, one construct, or those who answered all or a part of its items.
type Measure string

// Everyone counts responses, whatever they answered.
const Everyone Measure = "n"

// OfQuestion is the measure of one question.
func OfQuestion(id string) Measure { return Measure("q." + id) }

// Question is the id of the question that a measure is of; ok is false for others.
func (m Measure) Question() (id string, ok bool) { return strings.CutPrefix(string(m), "q.") }

// OfConstruct is the measure of one construct.
func OfConstruct(id string) Measure { return Measure("c." + id) }

// Cell is a group of respondents of a wave: one department and one band. 0 stands for none.
type Cell struct {
	Department surveys.DepartmentID
	Band       surveys.BandID
}

// Key names one score of a wave.
type Key struct {
	Measure Measure
	Cell
}

func (k Key) compare(o Key) int {
	return cmp.Or(cmp.Compare(k.Measure, o.Measure), cmp.Compare(k.Department, o.Department), cmp.Compare(k.Band, o.Band))
}

// telling stands for the number of those who moved where they are all alike: what a figure differs by then tells what each
// of them said.
const telling = -1

// Score sums one measure over the people of a cell, exactly: Total is the sum of scores in units of 1/Denominator,
// TotalSquares of their squares in units of 1/Denominator squared. Denominator is 0 where answers have no number.
type Score struct {
	N            int // people with a counted answer
	Moved        int // of a closed wave: by how few people it differs from anything readers could see before, at most N; or telling
	Step         int // the counting step up to which this measure is counted, while the wave is open
	Denominator  int64
	Total        int64
	TotalSquares int64
	Lowest       int64 // in units of 1/Denominator; meaningful only if N > 0
	Highest      int64
	Favourable   int
	Unfavourable int
}

// Plus joins the scores of two groups of different people.
func (s Score) Plus(o Score) Score {
	sum := Score{
		N: s.N + o.N, Moved: s.Moved + o.Moved, Step: max(s.Step, o.Step), Denominator: max(s.Denominator, o.Denominator),
		Total: s.Total + o.Total, TotalSquares: s.TotalSquares + o.TotalSquares,
		Lowest: min(s.Lowest, o.Lowest), Highest: max(s.Highest, o.Highest),
		Favourable: s.Favourable + o.Favourable, Unfavourable: s.Unfavourable + o.Unfavourable,
	}
	switch {
	case s.N == 0:
		sum.Lowest, sum.Highest = o.Lowest, o.Highest
	case o.N == 0:
		sum.Lowest, sum.Highest = s.Lowest, s.Highest
	}
	return sum
}

// Aggregate is what the disclosure gate needs to know of the score; a question's counts by value are the caller's to add.
func (s Score) Aggregate() disclosure.Aggregate {
	a := disclosure.Aggregate{N: s.N, Moved: max(s.Moved, 0), Telling: s.Moved == telling}
	a.Favourable, a.Unfavourable = s.Favourable, s.Unfavourable
	if s.Denominator > 0 {
		a.HasRange, a.Min, a.Max = true, float64(s.Lowest), float64(s.Highest)
	}
	return a
}

// one is the score of a single person.
func one(f surveys.Fraction, side surveys.Side) Score {
	s := Score{N: 1, Denominator: f.Den, Total: f.Num, TotalSquares: f.Num * f.Num, Lowest: f.Num, Highest: f.Num}
	switch side {
	case surveys.Favourable:
		s.Favourable = 1
	case surveys.Unfavourable:
		s.Unfavourable = 1
	}
	return s
}

// ValueKey names one tally of a wave.
type ValueKey struct {
	Question string
	Cell
	Value string // see surveys.Question.Values
}

func (k ValueKey) compare(o ValueKey) int {
	return cmp.Or(cmp.Compare(k.Question, o.Question), cmp.Compare(k.Department, o.Department),
		cmp.Compare(k.Band, o.Band), cmp.Compare(k.Value, o.Value))
}

// Counts are the scores and tallies of one wave.
type Counts struct {
	Scores map[Key]Score
	Values map[ValueKey]int
}

func newCounts() *Counts {
	return &Counts{Scores: map[Key]Score{}, Values: map[ValueKey]int{}}
}

// counter knows how to count the answers to one questionnaire.
type counter struct {
	doc        *surveys.Document
	questions  []*surveys.Question // those that are counted
	constructs []string
	joints     []joint
	minimum    int // the fewest people by which a figure of an open wave moves
}

func newCounter(doc *surveys.Document) *counter {
	c := &counter{doc: doc, constructs: doc.ConstructIDs(), joints: jointsOf(doc), minimum: doc.SmallestGroup()}
	for i := range doc.Questions {
		if doc.Questions[i].Kind != surveys.Text {
			c.questions = append(c.questions, &doc.Questions[i])
		}
	}
	return c
}

// contribution is what one response adds to one measure.
type contribution struct {
	measure Measure
	score   Score
	values  []string // tallied values of a question
	whole   bool     // counted for the whole wave, not for the cell; see joint
}

// cell is where a contribution of somebody in a cell is counted.
func (con contribution) cell(of Cell) Cell {
	if con.whole {
		return Cell{}
	}
	return of
}

// contributions lists what a response adds to each measure it has an answer for.
func (c *counter) contributions(answers surveys.Answers) []contribution {
	list := make([]contribution, 1, 1+len(c.questions)+len(c.constructs))
	list[0] = contribution{measure: Everyone, score: Score{N: 1}}
	for _, q := range c.questions {
		a, ok := answers[q.ID]
		if !ok {
			continue
		}
		score := Score{N: 1}
		if q.Scored() {
			score = one(q.ItemScore(a.Number), q.Side(a.Number))
		}
		list = append(list, contribution{measure: OfQuestion(q.ID), score: score, values: q.Values(a)})
	}
	for _, construct := range c.constructs {
		if f, ok := c.doc.ConstructScore(construct, answers); ok {
			list = append(list, contribution{measure: OfConstruct(construct), score: one(f, f.Side())})
		}
		f, answered, items := c.doc.MeanOfItems(construct, answers)
		switch {
		case items < 2 || answered == 0:
		case answered == items:
			list = append(list, contribution{measure: OfWhole(construct), score: Score{N: 1}})
		default:
			list = append(list, contribution{measure: OfPartial(construct), score: one(f, f.Side())})
		}
	}
	return list
}

func (c *Counts) add(cell Cell, con contribution) {
	cell = con.cell(cell)
	key := Key{con.measure, cell}
	c.Scores[key] = c.Scores[key].Plus(con.score)
	for _, v := range con.values {
		c.Values[ValueKey{string(con.measure[2:]), cell, v}]++
	}
}

// entrants are people who come into a figure together.
type entrants struct {
	score  Score
	values map[string]int
}

func (e *entrants) add(con contribution) {
	e.score = e.score.Plus(con.score)
	if e.values == nil && len(con.values) > 0 {
		e.values = map[string]int{}
	}
	for _, v := range con.values {
		e.values[v]++
	}
}

func (e *entrants) join(o entrants) {
	e.score = e.score.Plus(o.score)
	if e.values == nil {
		e.values = o.values
		return
	}
	for v, n := range o.values {
		e.values[v] += n
	}
}

// tells reports whether subtracting the figure without them from the figure with them tells what each of them said.
func (e *entrants) tells() bool {
	a := e.score.Aggregate()
	for _, n := range e.values {
		a.Counts = append(a.Counts, n)
	}
	return a.Extreme()
}

// ripe reports whether people may come into a figure that readers see while the wave is open.
func (c *counter) ripe(e entrants) bool {
	return e.score.N >= c.minimum && (c.minimum == 1 || !e.tells())
}

// sortedKeys fixes the order of writing: two counters that write the same rows in different orders deadlock.
func sortedKeys[K comparable, V any](m map[K]V, compare func(a, b K) int) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compare)
	return keys
}
