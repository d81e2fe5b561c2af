package intake

import (
	"bytes"
	"errors"
	"slices"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// ErrAnswered is why a second response to one invitation is refused.
var ErrAnswered = errors.New("already answered")

// markRow says that an invitation of a wave is answered. Only with the installation's secret can be told which, and
// nothing about it says by what: it shares no value with a response, and no row of another table refers to it.
type markRow struct {
	WaveID surveys.WaveID
	Mark   []byte
}

func (markRow) TableName() string { return "spent" }

// spending is a mark in its wave.
type spending struct {
	wave surveys.WaveID
	mark surveys.Mark
}

// spending must not be asked of an item without a mark.
func (it *item) spending() spending { return spending{it.wave, *it.mark} }

// takenOf tells which of a batch's marks are in the database.
func takenOf(tx *gorm.DB, batch []*item) (map[spending]bool, error) {
	byWave := map[surveys.WaveID][]surveys.Mark{}
	for _, it := range batch {
		if it.mark != nil {
			byWave[it.wave] = append(byWave[it.wave], *it.mark)
		}
	}
	taken := map[spending]bool{}
	for wave, marks := range byWave {
		found, err := Answered(tx, wave, marks...)
		if err != nil {
			return nil, err
		}
		for mark := range found {
			taken[spending{wave, mark}] = true
		}
	}
	return taken, nil
}

// marksAtOnce keeps a statement below the number of values a database takes.
const marksAtOnce = 5000

// Answered tells which of these marks of a wave are taken.
func Answered(db *gorm.DB, wave surveys.WaveID, marks ...surveys.Mark) (map[surveys.Mark]bool, error) {
	taken := map[surveys.Mark]bool{}
	keys := make([][]byte, len(marks))
	for i := range marks {
		keys[i] = marks[i][:]
	}
	slices.SortFunc(keys, bytes.Compare)
	for some := range slices.Chunk(keys, marksAtOnce) {
		var found [][]byte
		if err := db.Model(&markRow{}).Where("wave_id = ? AND mark IN ?", wave, some).Pluck("mark", &found).Error; err != nil {
			return nil, store.Translate("intake: answered", err)
		}
		for _, mark := range found {
			taken[surveys.Mark(mark)] = true
		}
	}
	return taken, nil
}

// Forget deletes the marks of a wave that takes in nothing any more: all they could still do is tell whoever has the
// database and the secret who answered.
func Forget(tx *gorm.DB, wave surveys.WaveID) error {
	return store.Translate("intake: forget", tx.Where("wave_id = ?", wave).Delete(&markRow{}).Error)
}
