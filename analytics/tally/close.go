package tally

import (
	"context"
	"fmt"
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
	r, err := newRecount(tx, q.Document, wave)
	if err != nil {
		return err
	}
	if err := eachResponse(tx, wave, r.visit); err != nil {
		return err
	}
	return r.finish(tx)
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
