package intake

import (
	"database/sql"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// EachResponse visits the responses of a wave that stand, in the order of their ids: an order that is the same each
// time and tells nothing. They are streamed, so that a million of them need no memory; visit must not use tx. What of
// them may leave the program is for the disclosure gate to say. The answers are those of this visit only: the next writes
// over them.
func EachResponse(tx *gorm.DB, wave surveys.WaveID, visit func(surveys.Response) error) error {
	const op = "intake: responses"
	rows, err := tx.Table("responses").Select("id, department_id, band_id, language, answers").
		Where("wave_id = ? AND NOT withdrawn", wave).Order("id").Rows()
	if err != nil {
		return store.Translate(op, err)
	}
	defer rows.Close()
	given := surveys.Answers{}
	for rows.Next() {
		r := surveys.Response{Wave: wave, Answers: given}
		var id sql.RawBytes
		var answers string
		if err := rows.Scan(&id, &r.Department, &r.Band, &r.Language, &answers); err != nil {
			return store.Translate(op, err)
		}
		copy(r.ID[:], id)
		clear(given)
		if err := surveys.EachAnswer(answers, func(id string, a surveys.Answer) { given[id] = a }); err != nil {
			return err
		}
		if err := visit(r); err != nil {
			return err
		}
	}
	return store.Translate(op, rows.Err())
}

// CellSize is how many responses of a wave stand in one department and band.
type CellSize struct {
	Department surveys.DepartmentID
	Band       surveys.BandID
	N          int
}

// CellSizes counts the responses of a wave that stand.
func CellSizes(tx *gorm.DB, wave surveys.WaveID) ([]CellSize, error) {
	return cellSizes(tx.Where("NOT withdrawn"), wave)
}

// SettledSizes is CellSizes of a closed wave, in which no withdrawn response is left. An index alone tells, so that a
// million responses cost little. With it a reader of tallies makes sure that they tell of the same responses.
func SettledSizes(tx *gorm.DB, wave surveys.WaveID) ([]CellSize, error) { return cellSizes(tx, wave) }

func cellSizes(of *gorm.DB, wave surveys.WaveID) ([]CellSize, error) {
	var sizes []CellSize
	err := of.Table("responses").Select("department_id AS department, band_id AS band, COUNT(*) AS n").
		Where("wave_id = ?", wave).Group("department_id, band_id").Scan(&sizes).Error
	return sizes, store.Translate("intake: sizes", err)
}
