package attack

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"soundings/analytics/disclosure"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/store/storetest"
)

// variants are the texts that people of a department saw; "" is none of them.
var variants = []string{surveys.VariantA.String(), surveys.VariantB.String(), ""}

// coins say which text somebody sees: mostly one or the other, in some cells nearly all the same.
type coins struct {
	random *rand.Rand
	odds   map[tally.Cell][2]float64 // of the first text, and of none
	none   map[surveys.DepartmentID]float64
	even   map[surveys.DepartmentID]bool
}

func newCoins(r *rand.Rand) *coins {
	return &coins{r, map[tally.Cell][2]float64{}, map[surveys.DepartmentID]float64{}, map[surveys.DepartmentID]bool{}}
}

func (c *coins) toss(cell tally.Cell) surveys.Variant {
	r := c.random
	if _, ok := c.none[cell.Department]; !ok {
		c.none[cell.Department], c.even[cell.Department] = []float64{0, 0, 0, .05, .3}[r.IntN(5)], r.IntN(2) == 0
	}
	if _, ok := c.odds[cell]; !ok {
		c.odds[cell] = [2]float64{.5, c.none[cell.Department]}
		if !c.even[cell.Department] {
			c.odds[cell] = [2]float64{[]float64{.02, .95}[r.IntN(2)], c.none[cell.Department]}
		}
	}
	switch of := c.odds[cell]; {
	case r.Float64() < of[1]:
		return surveys.NoVariant
	case r.Float64() < of[0]:
		return surveys.VariantA
	}
	return surveys.VariantB
}

// part lets people see texts.
func (l *look) part(r *rand.Rand) {
	c, seen := newCoins(r), map[string]string{}
	for i := range l.pieces {
		p := &l.pieces[i]
		if _, ok := seen[p.person]; !ok {
			seen[p.person] = c.toss(p.cell.Cell).String()
		}
		p.cell.Variant = seen[p.person]
	}
}

// halves tells of each measure and department what the gate lets be told of those who saw one text and the other.
func (d *dossier) halves() (facts []Fact) {
	l, rule := &d.looks[0], disclosure.Rule{Minimum: d.k}
	measures := map[tally.Measure]bool{}
	for _, f := range l.facts {
		if f.Exit == "wave" && f.Told == Exactly && f.Measure != tally.Everyone && !d.item(f.Measure) {
			measures[f.Measure] = true
		}
	}
	for _, m := range slices.Sorted(maps.Keys(measures)) {
		all := d.split(m, func(surveys.Answers) bool { return true })
		told := rule.Halves(all.cells, rule.Table(all.cells), all.parts)
		if id, ok := constructOf(m); ok && len(d.doc.Items(id)) > 1 {
			whole := d.split(m, func(a surveys.Answers) bool { return len(answeredOf(d.doc.Items(id), a)) == len(d.doc.Items(id)) })
			also := rule.Halves(whole.cells, rule.Table(whole.cells), whole.parts)
			for at, department := range all.departments {
				row := slices.Index(whole.departments, department)
				if row < 0 || slices.ContainsFunc(also[row][:2], func(d disclosure.Decision) bool { return d.Level != disclosure.Shown }) {
					delete(told, at)
				}
			}
		}
		for row, each := range told {
			for i, variant := range variants {
				if each[i].Level == disclosure.Shown {
					facts = append(facts, Fact{Exit: "halves", Measure: m, N: sumOf(all.parts[row][i]),
						Group: Group{Departments: []surveys.DepartmentID{all.departments[row]}, Variants: []string{variant}}})
				}
			}
		}
	}
	return facts
}

func sumOf(cells []disclosure.Aggregate) (n int) {
	for _, c := range cells {
		n += c.N
	}
	return n
}

// item reports whether a measure is one of several items of a construct.
func (d *dossier) item(m tally.Measure) bool {
	id, _ := m.Question()
	q, ok := d.doc.Question(id)
	return ok && q.Construct != ""
}

// split is a measure by department and band, and by variant.
type split struct {
	departments []surveys.DepartmentID
	cells       [][]disclosure.Aggregate
	parts       map[int][][]disclosure.Aggregate
}

// split counts people who answered a measure and whatever else they must have.
func (d *dossier) split(m tally.Measure, counts func(surveys.Answers) bool) split {
	departments, bands, values := map[surveys.DepartmentID]bool{}, map[surveys.BandID]bool{}, map[string]bool{}
	type one struct {
		Place
		added
	}
	var list []one
	for _, p := range d.looks[0].pieces {
		if a, ok := adds(d.doc, m, p.answers); ok && p.in(m) && counts(p.answers) {
			list = append(list, one{p.cell, a})
			departments[p.cell.Department], bands[p.cell.Band] = true, true
			for _, v := range a.values {
				values[v] = true
			}
		}
	}
	order, places := slices.Sorted(maps.Keys(bands)), slices.Sorted(maps.Keys(values))
	table := func(rows int) [][]disclosure.Aggregate {
		cells := make([][]disclosure.Aggregate, rows)
		for i := range cells {
			cells[i] = make([]disclosure.Aggregate, len(order))
		}
		return cells
	}
	s := split{slices.Sorted(maps.Keys(departments)), table(len(departments)), map[int][][]disclosure.Aggregate{}}
	for _, p := range list {
		a := disclosure.Aggregate{N: 1, Moved: 1}
		if _, ok := constructOf(m); ok { // as the gate is asked about constructs
			score := float64(slices.Index(places, p.values[0]))
			a.HasRange, a.Min, a.Max = true, score, score
		} else {
			a.Counts = make([]int, len(places))
			for _, v := range p.values {
				a.Counts[slices.Index(places, v)] = 1
			}
		}
		if p.favourable {
			a.Favourable = 1
		}
		if p.unfavourable {
			a.Unfavourable = 1
		}
		row, band := slices.Index(s.departments, p.Department), slices.Index(order, p.Band)
		if s.parts[row] == nil {
			s.parts[row] = table(len(variants))
		}
		for _, cell := range []*disclosure.Aggregate{&s.cells[row][band], &s.parts[row][slices.Index(variants, p.Variant)][band]} {
			*cell = cell.Plus(a)
		}
	}
	return s
}

func constructOf(m tally.Measure) (id string, ok bool) { return string(m[2:]), m[:2] == "c." }

func answeredOf(items []*surveys.Question, answers surveys.Answers) (ids []string) {
	for _, item := range items {
		if _, ok := answers[item.ID]; ok {
			ids = append(ids, item.ID)
		}
	}
	return ids
}

// halvesLeak tells halves beside everything else of an organisation's wave.
func (s *site) halvesLeak(number int) (leak string, told int) {
	s.Helper()
	r := rand.New(rand.NewPCG(*seed, uint64(number)))
	o := s.organisation(r, fmt.Sprintf("Halves %d", number), false)
	d := o.dossier(o.closed("halves").look(s))
	d.looks[0].part(r)
	facts := d.halves()
	d.looks[0].facts = append(d.looks[0].facts, facts...)
	if why := d.leak(); why != "" {
		leak = fmt.Sprintf("halves in organisation %d, minimum %d: %s", number, o.minimum, why)
	}
	return leak, len(facts)
}

// large makes organisations of few and large departments.
func (s *site) large() { s.fewest, s.most, s.spread = 60, mostPeople, 6 }

// Two texts are tried on halves of a department. Whoever takes what is told of these as well learns nothing of too few.
func TestNothingFollowsAboutTooFewPeopleFromHalves(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	s.large()
	facts := 0
	for number := range *organisations / 3 {
		leak, told := s.halvesLeak(1000 + number)
		if facts += told; leak != "" {
			t.Error(leak)
		}
	}
	if facts < *organisations/3 {
		t.Errorf("only %d halves were told", facts)
	}
	t.Logf("%d halves told", facts)
}
