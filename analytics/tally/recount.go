package tally

import (
	"maps"
	"slices"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// recount counts every response to a wave that stands, and compares each with how it was counted before.
type recount struct {
	wave    surveys.WaveID
	counter *counter
	form    *form
	paper   *paper
	seen    moments
	settled *sheet // responses counted at an earlier closing; nothing about them has changed since
	arrived *sheet // those that no step ever took, and so are in no figure that readers saw
	counts  *Counts
	moved   map[Key]movement
	pairing *pairing
	parting *parting // of a wave that tries two texts
	gone    bool     // some responses are withdrawn
	rough   bool     // some are not yet as those of a closed wave are
}

func newRecount(tx *gorm.DB, doc *surveys.Document, wave surveys.WaveID) (*recount, error) {
	c := newCounter(doc)
	f := newForm(c)
	counter, err := counterOf(tx, wave)
	if err != nil {
		return nil, err
	}
	var mixed *Counts
	if counter.mixed() {
		if mixed, err = read(tx, wave); err != nil {
			return nil, err
		}
	}
	parting, err := partingOf(tx, f, wave)
	if err != nil {
		return nil, err
	}
	seen, err := c.history(tx, wave, mixed)
	return &recount{wave: wave, counter: c, form: f, paper: f.paper(), seen: seen, settled: newSheet(f), arrived: newSheet(f),
		counts: newCounts(), moved: map[Key]movement{}, pairing: newPairing(f), parting: parting}, err
}

func (c *recount) visit(r responseRow) error {
	c.gone, c.rough = c.gone || r.Withdrawn, c.rough || r.Step != final || r.Frozen != nil
	if !r.Withdrawn {
		if err := c.form.read(c.paper, r.Answers); err != nil {
			return err
		}
		c.pairing.add(r.DepartmentID, c.paper)
		c.parting.add(r, c.paper)
	}
	switch {
	case r.Step != final && r.Step != 0:
		return c.compare(r)
	case r.Withdrawn:
	case r.Step == final:
		c.settled.add(r.cell(), c.paper)
	default:
		c.arrived.add(r.cell(), c.paper)
	}
	return nil
}

// compare counts a response that a step took.
func (c *recount) compare(r responseRow) error {
	was, err := c.counter.taken(r)
	if err != nil {
		return err
	}
	now, err := c.counter.standing(r)
	if err != nil {
		return err
	}
	for _, con := range now {
		c.counts.add(r.cell(), con)
	}
	note(c.moved, c.seen, r, was, now)
	return nil
}

// counted are the counts of all that was visited; before is what was counted of the wave until now.
func (c *recount) counted(before *Counts) (*Counts, error) {
	arrived := newCounts()
	c.arrived.addTo(arrived)
	arrive(c.moved, c.seen, arrived)
	c.arrived.addTo(c.counts)
	c.settled.addTo(c.counts)
	if before.closed() && len(c.moved) > 0 {
		return c.counts, c.counts.extend(before, c.moved, c.counter.minimum)
	}
	for key, score := range c.counts.Scores {
		if score.Step, score.Moved = final, before.Scores[key].Moved; !before.closed() {
			m := c.moved[key]
			if score.Moved = m.least(score.N); c.counter.minimum > 1 && (m.tells() && c.seen.shown(key.Measure) || m.unsure(c.counter.minimum)) {
				score.Moved = telling
			}
		}
		c.counts.Scores[key] = score
	}
	return c.counts, nil
}

// finish puts what was counted in the place of all that was counted of the wave, and settles its responses.
func (c *recount) finish(tx *gorm.DB) error {
	before, err := read(tx, c.wave)
	if err != nil {
		return err
	}
	counts, err := c.counted(before)
	if err != nil {
		return err
	}
	if !maps.Equal(before.Scores, counts.Scores) || !maps.Equal(before.Values, counts.Values) { // a rebuild finds most as it is
		if err := counts.replace(tx, c.wave); err != nil {
			return err
		}
	}
	if err := c.pairing.replace(tx, c.wave); err != nil {
		return err
	}
	if err := c.parting.replace(tx, c.wave); err != nil {
		return err
	}
	if err := settled(tx, c.wave); err != nil {
		return err
	}
	return c.settle(tx)
}

// settle makes the responses those of a closed wave. Looking for what there is to do would read all of them once more.
func (c *recount) settle(tx *gorm.DB) error {
	const op = "tally: settle"
	if c.gone {
		if err := tx.Exec("DELETE FROM responses WHERE wave_id = ? AND withdrawn", c.wave).Error; err != nil {
			return store.Translate(op, err)
		}
	}
	if !c.rough {
		return nil
	}
	err := tx.Exec("UPDATE responses SET step = ?, frozen = NULL WHERE wave_id = ? AND (step <> ? OR frozen IS NOT NULL)", final, c.wave, final).Error
	return store.Translate(op, err)
}

// note adds to the movement of every measure that a response is or was part of.
func note(moved map[Key]movement, seen moments, r responseRow, was, now []contribution) {
	old := map[Measure]contribution{}
	for _, con := range was {
		old[con.measure] = con
	}
	add := func(con contribution, cell Cell, wasIn, isIn, differs bool) {
		key := Key{con.measure, cell}
		first := len(seen[key])
		if wasIn {
			first = seen.first(key, r.Step)
		}
		m := moved[key]
		m.note(first, len(seen[key]), isIn, differs)
		if isIn && first == len(seen[key]) {
			m.arrived.add(con)
		}
		moved[key] = m
	}
	for _, con := range now {
		before, ok := old[con.measure]
		delete(old, con.measure)
		add(con, con.cell(r.cell()), ok, true, !ok || before.score != con.score || !slices.Equal(before.values, con.values))
	}
	for _, con := range old {
		add(con, r.cell(), true, false, true)
	}
}

// arrive adds people to the movement of every measure that they are part of, of whom readers have seen nothing.
func arrive(moved map[Key]movement, seen moments, people *Counts) {
	values := map[Key]map[string]int{}
	for key, n := range people.Values {
		of := Key{OfQuestion(key.Question), key.Cell}
		if values[of] == nil {
			values[of] = map[string]int{}
		}
		values[of][key.Value] = n
	}
	for key, score := range people.Scores {
		m := moved[key]
		m.arrive(len(seen[key]), entrants{score, values[key]})
		moved[key] = m
	}
}

// standing lists what a response adds when its wave is closed.
func (c *counter) standing(r responseRow) ([]contribution, error) {
	if r.Withdrawn {
		return nil, nil
	}
	answers, err := surveys.DecodeAnswers(r.Answers)
	if err != nil {
		return nil, err
	}
	return append(c.contributions(answers), c.together(answers)...), nil
}
