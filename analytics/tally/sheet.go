package tally

import (
	"slices"
	"strings"

	"soundings/surveys"
)

// sheet counts many responses of one wave, as contributions does of one, but adds up in place: closing and rebuilding
// count millions. What is counted of each cell lies in the order of the questionnaire.
type sheet struct {
	form    *form
	columns map[Cell]*column
	parts   map[Measure]*Score // of the whole wave; see joint
	last    struct {           // people of one cell often come together
		cell   Cell
		column *column
	}
}

// column is what is counted of one cell.
type column struct {
	everyone   int
	questions  []Score // in the order of the form
	values     [][]int // of each question, in the order of its places
	others     map[ValueKey]int
	constructs []Score
	wholes     []int
	partials   []Score
}

// form is a questionnaire made ready for counting.
type form struct {
	*counter
	at        map[string]int   // of the counted questions, by id
	offered   [][]string       // the options of each
	places    []map[string]int // of each option among those offered
	low, wide []int            // of each question's numbers, and how many there are
	asItem    []Measure        // of each question, among those who answered all items
	items     [][]item         // of each construct
	means     []int64          // denominators of the mean of each construct's items
	sums      []int64          // and of their sum
	totals    []Measure        // of the sum
}

// item is a question of a construct: how many units of the construct's mean, and of its sum, its own unit is.
type item struct {
	question  int
	mean, sum int64
}

// paper is the answers of one response, in the order of the form, and what they come to.
type paper struct {
	answers  []surveys.Answer
	given    []bool
	scores   []surveys.Fraction // of questions with a number
	sums     []int64            // of each construct's items, in units of its mean
	answered []int              // items of each construct
}

func newForm(c *counter) *form {
	f := &form{counter: c, at: map[string]int{}}
	for i, q := range c.questions {
		f.at[q.ID] = i
		var offered []string
		for _, o := range q.Options {
			offered = append(offered, o.ID)
		}
		if q.Other {
			offered = append(offered, surveys.OtherOption)
		}
		places := map[string]int{}
		for at, option := range offered {
			places[option] = at
		}
		low, high := q.Range()
		f.offered, f.places, f.asItem = append(f.offered, offered), append(f.places, places), append(f.asItem, OfItem(q.ID))
		f.low, f.wide = append(f.low, low), append(f.wide, high-low+1)
	}
	for _, construct := range c.constructs {
		mean, sum := c.doc.Denominator(construct), c.doc.ItemDenominator(construct)
		var items []item
		for _, q := range c.doc.Items(construct) {
			low, high := q.Range()
			own := int64(high - low)
			items = append(items, item{f.at[q.ID], mean / own, sum / own})
		}
		f.items, f.means, f.sums = append(f.items, items), append(f.means, mean), append(f.sums, sum)
		f.totals = append(f.totals, OfTotal(construct))
	}
	return f
}

func (f *form) paper() *paper {
	return &paper{make([]surveys.Answer, len(f.questions)), make([]bool, len(f.questions)), make([]surveys.Fraction, len(f.questions)),
		make([]int64, len(f.constructs)), make([]int, len(f.constructs))}
}

// read puts the answers of a stored document onto the paper, in the place of those before.
func (f *form) read(p *paper, document string) error {
	clear(p.given)
	err := surveys.EachAnswer(document, func(id string, a surveys.Answer) {
		if i, ok := f.at[id]; ok {
			p.answers[i], p.given[i] = a, true
		}
	})
	for i, q := range f.questions {
		if p.given[i] && q.Scored() {
			p.scores[i] = q.ItemScore(p.answers[i].Number)
		}
	}
	for k, items := range f.items {
		p.sums[k], p.answered[k] = 0, 0
		for _, it := range items {
			if p.given[it.question] {
				p.sums[k] += p.scores[it.question].Num * it.mean
				p.answered[k]++
			}
		}
	}
	return err
}

func newSheet(f *form) *sheet {
	return &sheet{form: f, columns: map[Cell]*column{}, parts: map[Measure]*Score{}}
}

func (s *sheet) column(cell Cell) *column {
	if s.last.column != nil && s.last.cell == cell {
		return s.last.column
	}
	c := s.columns[cell]
	if c == nil {
		n := len(s.form.constructs)
		c = &column{questions: make([]Score, len(s.form.questions)), values: make([][]int, len(s.form.questions)),
			constructs: make([]Score, n), wholes: make([]int, n), partials: make([]Score, n)}
		for i, q := range s.form.questions {
			c.values[i] = make([]int, s.form.room(i, q))
		}
		s.columns[cell] = c
	}
	s.last.cell, s.last.column = cell, c
	return c
}

// room is how many values of a question have a place.
func (f *form) room(i int, q *surveys.Question) int {
	switch {
	case q.Scored():
		return f.wide[i]
	case q.Kind == surveys.Ranking:
		return len(f.offered[i]) * len(f.offered[i]) // each option in each rank
	}
	return len(f.offered[i])
}

// add counts one response.
func (s *sheet) add(cell Cell, p *paper) {
	c := s.column(cell)
	c.everyone++
	for i, q := range s.form.questions {
		if !p.given[i] {
			continue
		}
		a := p.answers[i]
		if !q.Scored() {
			c.questions[i].N++
			s.count(c, cell, i, q, a)
			continue
		}
		c.questions[i].take(p.scores[i], q.Side(a.Number))
		if at := a.Number - s.form.low[i]; at >= 0 && at < s.form.wide[i] && a.Options == nil {
			c.values[i][at]++
		} else {
			s.other(c, cell, i, q.Values(a))
		}
	}
	for k := range s.form.items {
		s.addConstruct(c, k, p)
	}
}

// count adds to the values of a question with options.
func (s *sheet) count(c *column, cell Cell, i int, q *surveys.Question, a surveys.Answer) {
	places := s.form.places[i]
	for rank, option := range a.Options {
		at, ok := places[option]
		switch {
		case !ok || rank >= len(places):
			s.other(c, cell, i, q.Values(surveys.Answer{Options: a.Options})[rank:rank+1])
		case q.Kind == surveys.Ranking:
			c.values[i][at*len(places)+rank]++
		default:
			c.values[i][at]++
		}
	}
}

// other counts values that have no place of their own: the questionnaire does not offer them.
func (s *sheet) other(c *column, cell Cell, i int, values []string) {
	if c.others == nil {
		c.others = map[ValueKey]int{}
	}
	for _, v := range values {
		c.others[ValueKey{s.form.questions[i].ID, cell, strings.Clone(v)}]++
	}
}

// mean is the mean of the items of a construct that somebody answered, how many these are, and whether they are enough to
// be a score of the construct.
func (f *form) mean(k int, p *paper) (mean surveys.Fraction, answered int, enough bool) {
	if answered = p.answered[k]; answered == 0 {
		return mean, 0, false
	}
	mean = surveys.Fraction{Num: p.sums[k] / int64(answered), Den: f.means[k]} // nothing is left over: see Document.MeanOfItems
	return mean, answered, 2*answered >= len(f.items[k])
}

func (s *sheet) addConstruct(c *column, k int, p *paper) {
	f, answered, enough := s.form.mean(k, p)
	if answered == 0 {
		return
	}
	if enough {
		c.constructs[k].take(f, f.Side())
	}
	items := len(s.form.items[k])
	switch {
	case items < 2:
	case answered < items:
		c.partials[k].take(f, f.Side())
	default:
		c.wholes[k]++
		s.addJoint(k, p)
	}
}

// addJoint counts somebody who answered all items of a construct; see counter.together.
func (s *sheet) addJoint(k int, p *paper) {
	sum := surveys.Fraction{Den: s.form.sums[k]}
	for _, it := range s.form.items[k] {
		score := p.scores[it.question]
		sum.Num += score.Num * it.sum
		s.part(s.form.asItem[it.question]).take(score, s.form.questions[it.question].Side(p.answers[it.question].Number))
	}
	s.part(s.form.totals[k]).take(sum, surveys.Neutral)
}

func (s *sheet) part(m Measure) *Score {
	score := s.parts[m]
	if score == nil {
		score = &Score{}
		s.parts[m] = score
	}
	return score
}

// take adds the score of one more person.
func (s *Score) take(f surveys.Fraction, side surveys.Side) {
	if s.N == 0 {
		s.Lowest, s.Highest = f.Num, f.Num
	}
	s.Lowest, s.Highest = min(s.Lowest, f.Num), max(s.Highest, f.Num)
	s.N++
	s.Denominator = f.Den
	s.Total += f.Num
	s.TotalSquares += f.Num * f.Num
	switch side {
	case surveys.Favourable:
		s.Favourable++
	case surveys.Unfavourable:
		s.Unfavourable++
	}
}

// addTo adds what the sheet holds to some counts.
func (s *sheet) addTo(counts *Counts) {
	put := func(m Measure, cell Cell, score Score) {
		if score.N > 0 {
			key := Key{m, cell}
			counts.Scores[key] = counts.Scores[key].Plus(score)
		}
	}
	for cell, c := range s.columns {
		put(Everyone, cell, Score{N: c.everyone})
		for i, q := range s.form.questions {
			put(OfQuestion(q.ID), cell, c.questions[i])
			for at, n := range c.values[i] {
				if n > 0 {
					counts.Values[ValueKey{q.ID, cell, s.form.value(i, at)}] += n
				}
			}
		}
		for k, construct := range s.form.constructs {
			put(OfConstruct(construct), cell, c.constructs[k])
			put(OfWhole(construct), cell, Score{N: c.wholes[k]})
			put(OfPartial(construct), cell, c.partials[k])
		}
		for key, n := range c.others {
			counts.Values[key] += n
		}
	}
	for m, score := range s.parts {
		put(m, Cell{}, *score)
	}
}

// value names the value at a place, as surveys.Question.Values does.
func (f *form) value(i, at int) string {
	q := f.questions[i]
	if q.Scored() {
		return q.Values(surveys.Number(f.low[i] + at))[0]
	}
	offered := f.offered[i]
	if q.Kind != surveys.Ranking {
		return offered[at]
	}
	ranked := slices.Repeat([]string{offered[at/len(offered)]}, len(offered))
	return q.Values(surveys.Answer{Options: ranked})[at%len(offered)]
}
