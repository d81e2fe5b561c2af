package tally

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// Rules is the version of the counting rules: of what is stored for the same responses, and of when a step lets people
// in. Whoever changes either raises it, and every wave is counted anew after the upgrade (see Renew).
const Rules = 1

// counterState is how far a wave is counted.
type counterState struct {
	Steps      int
	Rules      int // by which what is stored was counted
	FirstRules int // by which the first step was taken
}

// outdated reports whether something was counted by earlier rules.
func (c counterState) outdated() bool { return c.Steps > 0 && c.Rules < Rules }

// mixed reports whether steps were taken by earlier rules, so that nobody can tell from the responses when a figure moved.
func (c counterState) mixed() bool { return c.Steps > 0 && c.FirstRules < Rules }

// Outdated lists the waves that were counted by earlier rules, the newest first.
func Outdated(ctx context.Context, s *store.Store) (ids []surveys.WaveID, err error) {
	err = s.Read(ctx).Table("counters").Joins("JOIN waves ON waves.id = counters.wave_id").
		Where("counters.rules < ? AND (counters.steps > 0 OR waves.state = ?)", Rules, surveys.Closed).
		Order("waves.opened_at DESC, waves.id DESC").Pluck("counters.wave_id", &ids).Error
	return ids, store.Translate("tally: outdated", err)
}

// Renew counts anew what was counted by earlier rules, wave by wave, the newest first; done is told of each. Readers see
// a wave as it was until all of it is counted. Waves that another server is counting are left to it. Of an open wave
// exactly the people are counted who were counted before. A wave that cannot be counted keeps its figures, and does not
// keep others from being counted; the errors of all such waves are joined.
func Renew(ctx context.Context, s *store.Store, qs Questionnaires, done func(surveys.WaveID)) error {
	ids, err := Outdated(ctx, s)
	if err != nil {
		return err
	}
	var errs []error
	for _, id := range ids {
		if ctx.Err() != nil {
			break
		}
		renewed := false
		err := s.Transact(ctx, "tally: renew", func(tx *gorm.DB) error {
			renewed = false
			counter, ok, err := lockCounter(tx, id, true)
			if err != nil || !ok || counter.Rules >= Rules {
				return err
			}
			renewed = true
			return recountAny(tx, qs, id, counter)
		})
		if err != nil {
			errs = append(errs, err)
		} else if renewed {
			done(id)
		}
	}
	return errors.Join(append(errs, ctx.Err())...)
}

// recountAny counts a wave anew, whatever its state.
func recountAny(tx *gorm.DB, qs Questionnaires, id surveys.WaveID, counter counterState) error {
	w, q, err := waveIn(tx, qs, id)
	if err != nil {
		return err
	}
	if w.State == surveys.Closed {
		return Recount(tx, q, id)
	}
	return recountOpen(tx, q, id, counter)
}

// recountOpen counts those who are counted already, so that it shows nobody anything new.
func recountOpen(tx *gorm.DB, q *surveys.Questionnaire, wave surveys.WaveID, counter counterState) error {
	c, fresh := newCounter(q.Document), newCounts()
	stored, err := read(tx, wave)
	if err != nil {
		return err
	}
	seen, err := c.history(tx, wave, stored.asFarAs(counter))
	if err != nil {
		return err
	}
	err = eachResponse(tx, wave, func(r responseRow) error {
		counted, err := c.counted(r, seen)
		for _, con := range counted {
			fresh.add(r.cell(), con)
		}
		return err
	})
	if err != nil {
		return err
	}
	for key, score := range fresh.Scores {
		score.Step = seen.last(key)
		fresh.Scores[key] = score
	}
	if err := fresh.replace(tx, wave); err != nil {
		return err
	}
	now := map[string]any{"rules": Rules}
	if counter.Steps > 0 { // without, nothing is counted
		now["steps"] = counter.Steps + 1 // see Mark
	}
	return store.Translate("tally: rules", tx.Table("counters").Where("wave_id = ?", wave).Updates(now).Error)
}

// asFarAs are the counts from which it must be taken how far each figure is counted; nil if the responses tell.
func (c *Counts) asFarAs(counter counterState) *Counts {
	if counter.mixed() {
		return c
	}
	return nil
}

// counterOf reads how far a wave is counted, without locking it.
func counterOf(db *gorm.DB, wave surveys.WaveID) (counterState, error) {
	var rows []counterState
	err := db.Table("counters").Select("steps, rules, first_rules").Where("wave_id = ?", wave).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return counterState{}, store.Translate("tally: counter", err)
	}
	return rows[0], nil
}
