package intake

import (
	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// scatterAtOnce bounds the comments held in memory while they are rewritten.
const scatterAtOnce = 500

// Scatter writes the comments of a wave anew, in the order of their random ids. A database keeps the order in which
// rows arrived inside its pages; with that order the comments of one person would lie side by side, and the n-th
// response beside the n-th comment. Closing a wave rewrites its responses likewise, by counting them.
func Scatter(tx *gorm.DB, wave surveys.WaveID) error {
	const op = "intake: scatter"
	var last []byte
	for {
		q := tx.Where("wave_id = ?", wave).Order("id").Limit(scatterAtOnce)
		if last != nil {
			q = q.Where("id > ?", last)
		}
		var rows []commentRow
		if err := q.Find(&rows).Error; err != nil {
			return store.Translate(op, err)
		}
		if len(rows) == 0 {
			return nil
		}
		last = rows[len(rows)-1].ID
		ids := make([][]byte, len(rows))
		for i, r := range rows {
			ids[i] = r.ID
		}
		if err := tx.Where("id IN ?", ids).Delete(&commentRow{}).Error; err != nil {
			return store.Translate(op, err)
		}
		if err := tx.Create(&rows).Error; err != nil {
			return store.Translate(op, err)
		}
	}
}
