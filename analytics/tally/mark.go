package tally

import (
	"context"

	"soundings/surveys"
	"soundings/surveys/store"
)

// Mark shows whether what is counted of a closed wave is still what it was: importing into it, and rebuilding what was
// wrong or counted by earlier rules, change it.
type Mark struct {
	Rows, N, Total, Favourable, Values, Given int64
	Rules                                     int
}

// Marks returns the mark of each wave of which anything is counted.
func Marks(ctx context.Context, s *store.Store, waves []surveys.WaveID) (map[surveys.WaveID]Mark, error) {
	type row struct {
		WaveID surveys.WaveID
		Mark
	}
	var scores, tallies []row
	marks := map[surveys.WaveID]Mark{}
	err := s.Read(ctx).Table("scores").Select("wave_id, COUNT(*) AS `rows`, SUM(n) AS n, SUM(total) AS total, SUM(favourable) AS favourable").
		Where("wave_id IN ?", waves).Group("wave_id").Scan(&scores).Error
	if err == nil {
		err = s.Read(ctx).Table("tallies").Select("wave_id, COUNT(*) AS `values`, SUM(count) AS given").
			Where("wave_id IN ?", waves).Group("wave_id").Scan(&tallies).Error
	}
	for _, r := range scores {
		marks[r.WaveID] = r.Mark
	}
	for _, r := range tallies {
		m := marks[r.WaveID]
		m.Values, m.Given = r.Values, r.Given
		marks[r.WaveID] = m
	}
	if err != nil {
		return nil, store.Translate("tally: marks", err)
	}
	rules, err := RulesOf(ctx, s, waves)
	for id, m := range marks {
		m.Rules = rules[id]
		marks[id] = m
	}
	return marks, err
}
