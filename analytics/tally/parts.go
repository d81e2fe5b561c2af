package tally

import (
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/pitches"
	"soundings/surveys/store"
)

// PartKey names the score of those of a cell who read one of two texts, or neither. Parts are counted when a wave closes that
// tries two texts on a department, of openness and nothing else: of its construct (OfConstruct), and of those among them who
// answered all of its items (OfWhole), by which the gate decides as well. The parts of a cell are all of its people.
type PartKey struct {
	Measure Measure
	Cell
	Variant surveys.Variant
}

func (k PartKey) compare(o PartKey) int {
	return cmp.Or(cmp.Compare(k.Measure, o.Measure), cmp.Compare(k.Department, o.Department), cmp.Compare(k.Band, o.Band), cmp.Compare(k.Variant, o.Variant))
}

// parting collects the parts of a wave; nil collects nothing.
type parting struct {
	form   *form
	at     int // of openness among the constructs
	scores map[PartKey]*Score
}

// partingOf is nil for a wave that tries nothing.
func partingOf(tx *gorm.DB, f *form, wave surveys.WaveID) (*parting, error) {
	tried, err := pitches.TriedIn(tx, wave)
	at := slices.Index(f.constructs, surveys.Openness)
	if err != nil || !tried || at < 0 {
		return nil, err
	}
	return &parting{f, at, map[PartKey]*Score{}}, nil
}

// add counts somebody of a cell.
func (p *parting) add(r responseRow, answers *paper) {
	if p == nil {
		return
	}
	f, answered, enough := p.form.mean(p.at, answers)
	if !enough {
		return
	}
	key := PartKey{OfConstruct(surveys.Openness), r.cell(), r.Variant}
	p.score(key).take(f, f.Side())
	if items := len(p.form.items[p.at]); items > 1 && answered == items {
		key.Measure = OfWhole(surveys.Openness)
		p.score(key).take(f, f.Side())
	}
}

func (p *parting) score(key PartKey) *Score {
	score := p.scores[key]
	if score == nil {
		score = &Score{}
		p.scores[key] = score
	}
	return score
}

// parts are the scores of what was collected.
func (p *parting) parts() map[PartKey]Score {
	all := map[PartKey]Score{}
	if p != nil {
		for key, score := range p.scores {
			all[key] = *score
		}
	}
	return all
}

type partRow struct {
	WaveID       surveys.WaveID       `gorm:"primaryKey;autoIncrement:false"`
	Measure      Measure              `gorm:"primaryKey"`
	DepartmentID surveys.DepartmentID `gorm:"primaryKey;autoIncrement:false"`
	BandID       surveys.BandID       `gorm:"primaryKey;autoIncrement:false"`
	Variant      surveys.Variant      `gorm:"primaryKey;autoIncrement:false"`
	N            int
	Denominator  int64
	Total        int64
	TotalSquares int64
	Lowest       int64
	Highest      int64
	Favourable   int
	Unfavourable int
}

func (partRow) TableName() string { return "variant_scores" }

// replace puts what was collected in the place of the parts of an earlier count.
func (p *parting) replace(tx *gorm.DB, wave surveys.WaveID) error {
	const op = "tally: write parts"
	if err := tx.Exec("DELETE FROM variant_scores WHERE wave_id = ?", wave).Error; err != nil {
		return store.Translate(op, err)
	}
	all := p.parts()
	rows := make([]partRow, 0, len(all))
	for _, k := range sortedKeys(all, PartKey.compare) {
		s := all[k]
		rows = append(rows, partRow{wave, k.Measure, k.Department, k.Band, k.Variant, s.N, s.Denominator, s.Total, s.TotalSquares,
			s.Lowest, s.Highest, s.Favourable, s.Unfavourable})
	}
	if len(rows) == 0 {
		return nil
	}
	return store.Translate(op, tx.CreateInBatches(&rows, batch).Error)
}

func readParts(db *gorm.DB, wave surveys.WaveID) (map[PartKey]Score, error) {
	var rows []partRow
	err := db.Where("wave_id = ?", wave).Find(&rows).Error
	parts := make(map[PartKey]Score, len(rows))
	for _, r := range rows {
		parts[PartKey{r.Measure, Cell{r.DepartmentID, r.BandID}, r.Variant}] = Score{N: r.N, Denominator: r.Denominator, Total: r.Total,
			TotalSquares: r.TotalSquares, Lowest: r.Lowest, Highest: r.Highest, Favourable: r.Favourable, Unfavourable: r.Unfavourable}
	}
	return parts, store.Translate("tally: read parts", err)
}

// Parts returns what was counted of those who read one of two texts, or neither, in a wave that is closed; nothing of one
// that is open, or that tried nothing.
func Parts(ctx context.Context, s *store.Store, wave surveys.WaveID) (map[PartKey]Score, error) {
	return readParts(s.Read(ctx), wave)
}

func (v *verifier) compareParts(stored map[PartKey]Score) {
	fresh := v.parting.parts()
	for key, score := range fresh {
		if was := stored[key]; was != score {
			v.find("%s of department %d, band %d, variant %q: the score says n %d, a recount says n %d", key.Measure, key.Department, key.Band, key.Variant, was.N, score.N)
		}
	}
	for key, score := range stored {
		if _, ok := fresh[key]; !ok {
			v.find("%s of department %d, band %d, variant %q: the score says n %d, a recount finds nobody", key.Measure, key.Department, key.Band, key.Variant, score.N)
		}
	}
}
