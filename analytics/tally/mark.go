package tally

import (
	"context"
	"math/rand/v2"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// Mark shows whether what is counted of a wave is still what it was: each step, closing and recount changes it, in the
// transaction that changes the counts. It says nothing else.
type Mark int

// Marks returns the mark of each wave.
func Marks(ctx context.Context, s *store.Store, waves []surveys.WaveID) (map[surveys.WaveID]Mark, error) {
	var rows []struct {
		WaveID surveys.WaveID
		Steps  Mark
	}
	err := s.Read(ctx).Table("counters").Select("wave_id, steps").Where("wave_id IN ?", waves).Scan(&rows).Error
	marks := make(map[surveys.WaveID]Mark, len(rows))
	for _, r := range rows {
		marks[r.WaveID] = r.Steps
	}
	return marks, store.Translate("tally: marks", err)
}

// settled notes that all that is stored of a closed wave is counted by today's rules, and gives it another mark. It is
// never stepped again: its number of steps, which would tell how many answered early, gives way to a random one, so that
// not even a restored copy of the database has the mark of another.
func settled(tx *gorm.DB, wave surveys.WaveID) error {
	now := map[string]any{"steps": 1 + rand.Int32N(1<<31-1), "rules": Rules, "first_rules": Rules}
	return store.Translate("tally: mark", tx.Table("counters").Where("wave_id = ?", wave).Updates(now).Error)
}
