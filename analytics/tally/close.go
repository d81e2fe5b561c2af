package tally

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/intake"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

// Close ends the taking in of a wave, recounts it from all its responses, marks it closed and runs the hooks in the same
// transaction. It can be interrupted anywhere and called again. Closing a closed wave does nothing.
func Close(ctx context.Context, s *store.Store, q *surveys.Questionnaire, wave surveys.WaveID, at time.Time, closed ...waves.Hook) error {
	err := s.Transact(ctx, "tally: close", func(tx *gorm.DB) error { return waves.BeginClosing(tx, wave) })
	if err != nil {
		return err
	}
	return s.Transact(ctx, "tally: close", func(tx *gorm.DB) error {
		if _, _, err := lockCounter(tx, wave, false); err != nil {
			return err
		}
		w, err := waves.ByID(tx, wave)
		if err != nil || w.State != surveys.Closing { // another server was faster
			return err
		}
		if err := Recount(tx, q, wave); err != nil {
			return err
		}
		if err := intake.Scatter(tx, wave); err != nil {
			return err
		}
		if err := intake.Forget(tx, wave); err != nil {
			return err
		}
		if err := waves.FinishClosing(tx, wave, at); err != nil {
			return err
		}
		return waves.RunClosed(tx, wave, closed)
	})
}

// Recount counts a wave that takes nothing in any more from its responses, as they are now: withdrawn ones are removed,
// changed ones count as changed. Scores remember by how few people they differ from what readers have seen before.
func Recount(tx *gorm.DB, q *surveys.Questionnaire, wave surveys.WaveID) error {
	const op = "tally: recount"
	before, err := read(tx, wave)
	if err != nil {
		return err
	}
	counter, err := counterOf(tx, wave)
	if err != nil {
		return err
	}
	pairing := newPairing(q.Document)
	counts, err := recount(tx, newCounter(q.Document), wave, before, before.asFarAs(counter), pairing)
	if err != nil {
		return err
	}
	if err := counts.replace(tx, wave); err != nil {
		return err
	}
	if err := pairing.replace(tx, wave); err != nil {
		return err
	}
	if err := tx.Exec("DELETE FROM responses WHERE wave_id = ? AND withdrawn", wave).Error; err != nil {
		return store.Translate(op, err)
	}
	err = tx.Exec("UPDATE responses SET step = ?, frozen = NULL WHERE wave_id = ? AND (step <> ? OR frozen IS NOT NULL)", final, wave, final).Error
	if err != nil {
		return store.Translate(op, err)
	}
	return counted(tx, wave)
}

// replace puts these counts in the place of all that was counted of the wave.
func (c *Counts) replace(tx *gorm.DB, wave surveys.WaveID) error {
	for _, table := range []string{"scores", "tallies"} {
		if err := tx.Exec("DELETE FROM "+table+" WHERE wave_id = ?", wave).Error; err != nil {
			return store.Translate("tally: replace", err)
		}
	}
	return c.write(tx, wave)
}

// recount counts every response that stands, and compares each with how it was counted before. For mixed see history.
func recount(tx *gorm.DB, c *counter, wave surveys.WaveID, before, mixed *Counts, pairing *pairing) (*Counts, error) {
	seen, err := c.history(tx, wave, mixed)
	if err != nil {
		return nil, err
	}
	counts, moved := newCounts(), map[Key]movement{}
	err = eachResponse(tx, wave, func(r responseRow) error {
		now, err := c.standing(r, pairing)
		if err != nil {
			return err
		}
		for _, con := range now {
			counts.add(r.cell(), con)
		}
		if r.Step == final {
			return nil // counted at closing; nothing about it has changed since
		}
		was, err := c.taken(r)
		if err != nil {
			return err
		}
		note(moved, seen, r, was, now)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if before.closed() && len(moved) > 0 {
		return counts, counts.extend(before, moved, c.minimum)
	}
	for key, score := range counts.Scores {
		if score.Step, score.Moved = final, before.Scores[key].Moved; !before.closed() {
			m := moved[key]
			if score.Moved = m.least(score.N); c.minimum > 1 && (m.tells() && seen.shown(key.Measure) || m.unsure(c.minimum)) {
				score.Moved = telling
			}
		}
		counts.Scores[key] = score
	}
	return counts, nil
}

// closed reports whether these are the counts of a closed wave, whose figures readers may have seen.
func (c *Counts) closed() bool {
	for _, score := range c.Scores {
		return score.Step == final
	}
	return false
}

// extend takes rows that were imported into a wave whose figures readers may have seen. Each figure must move by nobody
// or by at least the minimum of people: subtracting what was seen before tells what those people said.
func (c *Counts) extend(before *Counts, moved map[Key]movement, minimum int) error {
	seen := map[Measure]int{}
	for key, score := range before.Scores {
		seen[key.Measure] += score.N
	}
	for key, score := range c.Scores {
		m, last := moved[key], before.Scores[key].Moved
		n := m.arrivals()
		switch {
		case seen[key.Measure] < minimum: // nothing of this measure has ever been shown
			n = score.N
		case n > 0 && n < minimum && !key.Measure.Internal():
			return &surveys.Error{Kind: surveys.Conflict, Op: "tally: recount", Message: fmt.Sprintf(
				"the wave has been counted and may have been read; rows for only %d people of one of its groups would tell "+
					"by subtraction what they said, so they cannot be added: import them as a wave of their own", n)}
		case n == 0 && last < minimum:
			n = last // what was hidden because too little had moved stays hidden
		case minimum > 1 && n > 0 && m.arrived.tells():
			n = telling
		}
		score.Step, score.Moved = final, n
		c.Scores[key] = score
	}
	return nil
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

// standing lists what a response adds when its wave is closed, and adds it to the pairing.
func (c *counter) standing(r responseRow, pairing *pairing) ([]contribution, error) {
	if r.Withdrawn {
		return nil, nil
	}
	answers, err := surveys.DecodeAnswers(r.Answers)
	if err != nil {
		return nil, err
	}
	pairing.add(r.DepartmentID, answers)
	return append(c.contributions(answers), c.together(answers)...), nil
}
