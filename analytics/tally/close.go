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
// changed ones count as changed. Scores remember how many people moved since the last step that readers could see.
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
	for _, table := range []string{"scores", "tallies"} {
		if err := tx.Exec("DELETE FROM "+table+" WHERE wave_id = ?", wave).Error; err != nil {
			return store.Translate(op, err)
		}
	}
	if err := counts.write(tx, wave); err != nil {
		return err
	}
	if err := tx.Exec("DELETE FROM responses WHERE wave_id = ? AND withdrawn", wave).Error; err != nil {
		return store.Translate(op, err)
	}
	err = tx.Exec("UPDATE responses SET step = ?, frozen = NULL WHERE wave_id = ? AND (step <> ? OR frozen IS NOT NULL)", final, wave, final).Error
	return store.Translate(op, err)
}

// recount counts every response that stands, and compares each with how it was counted before. Responses that were
// final already (a rebuild, an import into a wave) keep what is remembered of their movement.
func recount(tx *gorm.DB, c *counter, wave surveys.WaveID, before *Counts) (*Counts, error) {
	counts := newCounts()
	moved := map[Key]int{}
	err := eachResponse(tx, wave, func(r responseRow) error {
		now, err := c.standing(r)
		if err != nil {
			return err
		}
		for _, con := range now {
			counts.add(r.cell(), con)
		}
		if r.Step == final {
			return nil
		}
		was, err := c.counted(r, before)
		if err != nil {
			return err
		}
		for measure := range differing(was, now) {
			moved[Key{measure, r.cell()}]++
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for key, score := range before.Scores {
		if score.Step == final {
			moved[key] += score.Moved
		}
	}
	for key, n := range moved {
		score := counts.Scores[key]
		score.Moved = n
		counts.Scores[key] = score
	}
	for key, score := range counts.Scores {
		score.Step = final
		counts.Scores[key] = score
	}
	return counts, nil
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

// counted lists what a response adds to the figures as they stand while its wave is open.
func (c *counter) counted(r responseRow, counts *Counts) ([]contribution, error) {
	if r.Step == 0 {
		return nil, nil
	}
	answers, err := r.asCounted()
	if err != nil {
		return nil, err
	}
	var list []contribution
	for _, con := range c.contributions(answers) {
		if r.Step <= counts.Scores[Key{con.measure, r.cell()}].Step {
			list = append(list, con)
		}
	}
	return list, nil
}

// differing names the measures to which one person adds something else than before.
func differing(was, now []contribution) map[Measure]bool {
	old := map[Measure]contribution{}
	for _, con := range was {
		old[con.measure] = con
	}
	changed := map[Measure]bool{}
	for _, con := range now {
		before, ok := old[con.measure]
		changed[con.measure] = !ok || before.score != con.score || !slices.Equal(before.values, con.values)
		delete(old, con.measure)
	}
	for measure := range old {
		changed[measure] = true
	}
	for measure, yes := range changed {
		if !yes {
			delete(changed, measure)
		}
	}
	return changed
}
