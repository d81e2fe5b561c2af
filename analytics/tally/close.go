package tally

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

// Close ends the taking in of a wave, recounts it from all its responses, and marks it closed. It can be
// interrupted anywhere and called again. Closing a closed wave does nothing.
func Close(ctx context.Context, s *store.Store, q *surveys.Questionnaire, wave surveys.WaveID, at time.Time) error {
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
		return waves.FinishClosing(tx, wave, at)
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
	counts, err := recount(tx, newCounter(q.Document), wave, before)
	if err != nil {
		return err
	}
	if err := counts.replace(tx, wave); err != nil {
		return err
	}
	if err := tx.Exec("DELETE FROM responses WHERE wave_id = ? AND withdrawn", wave).Error; err != nil {
		return store.Translate(op, err)
	}
	err = tx.Exec("UPDATE responses SET step = ?, frozen = NULL WHERE wave_id = ? AND (step <> ? OR frozen IS NOT NULL)", final, wave, final).Error
	return store.Translate(op, err)
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

// recount counts every response that stands, and compares each with how it was counted before.
func recount(tx *gorm.DB, c *counter, wave surveys.WaveID, before *Counts) (*Counts, error) {
	seen, err := c.history(tx, wave)
	if err != nil {
		return nil, err
	}
	counts, moved := newCounts(), map[Key]movement{}
	err = eachResponse(tx, wave, func(r responseRow) error {
		now, err := c.standing(r)
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
	for key, score := range counts.Scores {
		m, last := moved[key], before.Scores[key]
		switch {
		case last.Step != final:
			score.Moved = m.least(score.N)
		case m.arrivals() > 0: // imported into a closed wave, whose figure readers have seen
			score.Moved = m.arrivals()
		default: // a rebuild
			score.Moved = last.Moved
		}
		score.Step = final
		counts.Scores[key] = score
	}
	return counts, nil
}

// note adds to the movement of every measure that a response is or was part of.
func note(moved map[Key]movement, seen moments, r responseRow, was, now []contribution) {
	old := map[Measure]contribution{}
	for _, con := range was {
		old[con.measure] = con
	}
	add := func(measure Measure, wasIn, isIn, differs bool) {
		key := Key{measure, r.cell()}
		first := len(seen[key])
		if wasIn {
			first = seen.first(key, r.Step)
		}
		m := moved[key]
		m.note(first, len(seen[key]), isIn, differs)
		moved[key] = m
	}
	for _, con := range now {
		before, ok := old[con.measure]
		delete(old, con.measure)
		add(con.measure, ok, true, !ok || before.score != con.score || !slices.Equal(before.values, con.values))
	}
	for measure := range old {
		add(measure, true, false, true)
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
	return c.contributions(answers), nil
}
