package tally

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"soundings/surveys"
	"soundings/surveys/store"
)

type scoreRow struct {
	Measure      Measure              `gorm:"primaryKey"`
	WaveID       surveys.WaveID       `gorm:"primaryKey"`
	DepartmentID surveys.DepartmentID `gorm:"primaryKey"`
	BandID       surveys.BandID       `gorm:"primaryKey"`
	N            int
	Moved        int
	Step         int
	Denominator  int64
	Total        int64
	TotalSquares int64
	Lowest       int64
	Highest      int64
	Favourable   int
	Unfavourable int
}

func (scoreRow) TableName() string { return "scores" }

type tallyRow struct {
	WaveID       surveys.WaveID       `gorm:"primaryKey"`
	QuestionID   string               `gorm:"primaryKey"`
	DepartmentID surveys.DepartmentID `gorm:"primaryKey"`
	BandID       surveys.BandID       `gorm:"primaryKey"`
	Value        string               `gorm:"primaryKey"`
	Count        int
}

func (tallyRow) TableName() string { return "tallies" }

// batch bounds the rows of one statement; MySQL allows 65,535 placeholders.
const batch = 1000

// write puts scores and tallies in the place of those with the same keys.
func (c *Counts) write(tx *gorm.DB, wave surveys.WaveID) error {
	scores, tallies := c.rows(wave)
	if len(scores) > 0 {
		if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).CreateInBatches(&scores, batch).Error; err != nil {
			return store.Translate("tally: write", err)
		}
	}
	if len(tallies) == 0 {
		return nil
	}
	return store.Translate("tally: write", tx.Clauses(clause.OnConflict{UpdateAll: true}).CreateInBatches(&tallies, batch).Error)
}

// rows are the rows of the counts in the order of their keys.
func (c *Counts) rows(wave surveys.WaveID) ([]scoreRow, []tallyRow) {
	scores := make([]scoreRow, 0, len(c.Scores))
	for _, k := range sortedKeys(c.Scores, Key.compare) {
		s := c.Scores[k]
		scores = append(scores, scoreRow{k.Measure, wave, k.Department, k.Band, s.N, s.Moved, s.Step, s.Denominator,
			s.Total, s.TotalSquares, s.Lowest, s.Highest, s.Favourable, s.Unfavourable})
	}
	tallies := make([]tallyRow, 0, len(c.Values))
	for _, k := range sortedKeys(c.Values, ValueKey.compare) {
		tallies = append(tallies, tallyRow{wave, k.Question, k.Department, k.Band, k.Value, c.Values[k]})
	}
	return scores, tallies
}

// replace puts these counts in the place of all that was counted of the wave. The rows are written by hand: there are
// many thousands for a wave, and reflection, and looking for rows that were just removed, took most of the time.
func (c *Counts) replace(tx *gorm.DB, wave surveys.WaveID) error {
	for _, table := range []string{"scores", "tallies"} {
		if err := tx.Exec("DELETE FROM "+table+" WHERE wave_id = ?", wave).Error; err != nil {
			return store.Translate("tally: replace", err)
		}
	}
	scores, tallies := c.rows(wave)
	err := insert(tx, `scores (measure, wave_id, department_id, band_id, n, moved, step, denominator, total, total_squares,
		lowest, highest, favourable, unfavourable)`, scores, func(r scoreRow) []any {
		return []any{string(r.Measure), r.WaveID, r.DepartmentID, r.BandID, r.N, r.Moved, r.Step, r.Denominator, r.Total, r.TotalSquares,
			r.Lowest, r.Highest, r.Favourable, r.Unfavourable}
	})
	if err != nil {
		return err
	}
	return insert(tx, "tallies (wave_id, question_id, department_id, band_id, value, count)", tallies, func(r tallyRow) []any {
		return []any{r.WaveID, r.QuestionID, r.DepartmentID, r.BandID, r.Value, r.Count}
	})
}

func insert[Row any](tx *gorm.DB, into string, rows []Row, cells func(Row) []any) error {
	for part := range slices.Chunk(rows, batch) {
		var values []any
		for _, row := range part {
			values = append(values, cells(row)...)
		}
		places := "(?" + strings.Repeat(",?", len(values)/len(part)-1) + ")"
		statement := "INSERT INTO " + into + " VALUES " + places + strings.Repeat(","+places, len(part)-1)
		if _, err := tx.Statement.ConnPool.ExecContext(tx.Statement.Context, statement, values...); err != nil {
			return store.Translate("tally: replace", err)
		}
	}
	return nil
}

// read returns what is counted of a wave.
func read(tx *gorm.DB, wave surveys.WaveID) (*Counts, error) {
	counts := newCounts()
	if err := eachScore(tx, wave, func(key Key, score Score) { counts.Scores[key] = score }); err != nil {
		return nil, err
	}
	return counts, eachValue(tx.Where("wave_id = ?", wave), func(key ValueKey, n int) { counts.Values[key] = n })
}

// eachScore visits the scores of a wave.
func eachScore(tx *gorm.DB, wave surveys.WaveID, visit func(Key, Score)) error {
	query := tx.Table("scores").Select("measure, department_id, band_id, "+scoreColumns).Where("wave_id = ?", wave)
	return eachLine("tally: read scores", query, func(l *line) {
		visit(Key{Measure(l.text()), l.cell()}, l.score())
	})
}

// eachValue visits some of the tallies.
func eachValue(some *gorm.DB, visit func(ValueKey, int)) error {
	query := some.Table("tallies").Select("question_id, department_id, band_id, value, count")
	return eachLine("tally: read tallies", query, func(l *line) {
		visit(ValueKey{l.text(), l.cell(), l.text()}, int(l.number()))
	})
}

// Scores returns the scores of a measure by wave and cell. Its cost depends on departments, bands and waves, never on
// the number of responses.
func Scores(ctx context.Context, s *store.Store, measure Measure, waves []surveys.WaveID) (map[surveys.WaveID]map[Cell]Score, error) {
	byWave := make(map[surveys.WaveID]map[Cell]Score, len(waves))
	query := s.Read(ctx).Table("scores").Select("wave_id, department_id, band_id, "+scoreColumns).Where("measure = ? AND wave_id IN ?", measure, waves)
	err := eachLine("tally: scores", query, func(l *line) {
		wave := surveys.WaveID(l.number())
		if byWave[wave] == nil {
			byWave[wave] = map[Cell]Score{}
		}
		cell := l.cell()
		byWave[wave][cell] = l.score()
	})
	return byWave, err
}

// TakingPart returns how many people took part in each wave, by department; the bands are joined.
func TakingPart(ctx context.Context, s *store.Store, waves []surveys.WaveID) (map[surveys.WaveID]map[Cell]Score, error) {
	var rows []struct {
		WaveID       surveys.WaveID
		DepartmentID surveys.DepartmentID
		N, Moved     int
	}
	err := s.Read(ctx).Table("scores").Select("wave_id, department_id, SUM(n) AS n, SUM(moved) AS moved").
		Where("measure = ? AND wave_id IN ?", Everyone, waves).Group("wave_id, department_id").Scan(&rows).Error
	byWave := make(map[surveys.WaveID]map[Cell]Score, len(waves))
	for _, r := range rows {
		if byWave[r.WaveID] == nil {
			byWave[r.WaveID] = map[Cell]Score{}
		}
		byWave[r.WaveID][Cell{Department: r.DepartmentID}] = Score{N: r.N, Moved: r.Moved}
	}
	return byWave, store.Translate("tally: taking part", err)
}
