package tally

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

// Rebuild makes the tallies and scores of every wave anew: closed waves from their responses; open ones from
// the responses that steps have counted, so that rebuilding shows nobody anything new.
func Rebuild(ctx context.Context, s *store.Store, qs Questionnaires) error {
	list, err := waves.List(s.Read(ctx), 0)
	if err != nil {
		return err
	}
	var closed []surveys.WaveID
	for _, w := range list {
		if w.State == surveys.Closed {
			closed = append(closed, w.ID)
			continue
		}
		if err := rebuildOpen(ctx, s, qs, w.ID); err != nil {
			return err
		}
	}
	slices.Sort(closed)
	for part := range slices.Chunk(closed, together) {
		err := s.Transact(ctx, "tally: rebuild", func(tx *gorm.DB) error { return rebuildClosed(tx, qs, part) })
		if err != nil {
			return err
		}
	}
	return nil
}

// rebuildClosed counts closed waves in one pass over the responses.
func rebuildClosed(tx *gorm.DB, qs Questionnaires, list []surveys.WaveID) error {
	byWave := make(map[surveys.WaveID]*recount, len(list))
	for _, id := range list {
		if _, _, err := lockCounter(tx, id, false); err != nil {
			return err
		}
		_, q, err := waveIn(tx, qs, id)
		if err != nil {
			return err
		}
		if byWave[id], err = newRecount(tx, q.Document, id); err != nil {
			return err
		}
	}
	err := eachOfAll(tx, func(wave surveys.WaveID, r responseRow) error {
		if c := byWave[wave]; c != nil {
			return c.visit(r)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, id := range list {
		if err := byWave[id].finish(tx); err != nil {
			return err
		}
	}
	return nil
}

func waveIn(tx *gorm.DB, qs Questionnaires, id surveys.WaveID) (surveys.Wave, *surveys.Questionnaire, error) {
	w, err := waves.ByID(tx, id)
	if err != nil {
		return w, nil, err
	}
	q, err := qs.QuestionnaireIn(tx, w.Questionnaire)
	return w, q, err
}

func rebuildOpen(ctx context.Context, s *store.Store, qs Questionnaires, id surveys.WaveID) error {
	return s.Transact(ctx, "tally: rebuild", func(tx *gorm.DB) error {
		counter, _, err := lockCounter(tx, id, false)
		if err != nil {
			return err
		}
		return recountAny(tx, qs, id, counter) // somebody may have closed it meanwhile
	})
}
