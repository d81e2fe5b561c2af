package tally

import (
	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// final is the step of every response of a closed wave: the same for all, so that the steps in which a wave was
// counted leave no trace of who answered early.
const final = 1 << 30

// responseRow is this room's view of a response; package intake writes them.
type responseRow struct {
	ID           []byte
	DepartmentID surveys.DepartmentID
	BandID       surveys.BandID
	Answers      string
	Step         int
	Frozen       *string
	Withdrawn    bool
	Variant      surveys.Variant
}

func (r responseRow) cell() Cell { return Cell{r.DepartmentID, r.BandID} }

// asCounted are the answers that a step has counted, or would count.
func (r responseRow) asCounted() (surveys.Answers, error) {
	if r.Frozen != nil {
		return surveys.DecodeAnswers(*r.Frozen)
	}
	return surveys.DecodeAnswers(r.Answers)
}

// rowColumns are those of responseRow.
const rowColumns = "id, department_id, band_id, answers, step, frozen, withdrawn, COALESCE(variant, 0)"

// eachResponse streams the responses of a wave, so that a million of them need no memory.
func eachResponse(tx *gorm.DB, wave surveys.WaveID, visit func(responseRow) error) error {
	query := tx.Table("responses").Select("wave_id, "+rowColumns).Where("wave_id = ?", wave)
	return eachRow(query, func(_ surveys.WaveID, r responseRow) error { return visit(r) })
}

// eachOfAll streams the responses of all waves in one pass. Ids are random, so those of one wave lie all over the table:
// whoever goes through many waves one after the other makes the database read nearly all of it for each.
func eachOfAll(tx *gorm.DB, visit func(surveys.WaveID, responseRow) error) error {
	return eachRow(tx.Table("responses").Select("wave_id, "+rowColumns), visit)
}

func eachRow(query *gorm.DB, visit func(surveys.WaveID, responseRow) error) error {
	const op = "tally: responses"
	rows, err := query.Rows()
	if err != nil {
		return store.Translate(op, err)
	}
	defer rows.Close()
	for rows.Next() {
		var wave surveys.WaveID
		var r responseRow
		if err := rows.Scan(&wave, &r.ID, &r.DepartmentID, &r.BandID, &r.Answers, &r.Step, &r.Frozen, &r.Withdrawn, &r.Variant); err != nil {
			return store.Translate(op, err)
		}
		if err := visit(wave, r); err != nil {
			return err
		}
	}
	return store.Translate(op, rows.Err())
}

// lockCounter makes this the only counter of the wave until the transaction ends. With skip it does not wait:
// ok is false if another server is counting.
func lockCounter(tx *gorm.DB, wave surveys.WaveID, skip bool) (counter counterState, ok bool, err error) {
	lock := store.ForUpdate
	if skip {
		lock = store.ForUpdateSkipLocked
	}
	var rows []counterState
	err = lock(tx.Table("counters").Select("steps, rules, first_rules").Where("wave_id = ?", wave)).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return counterState{}, false, store.Translate("tally: lock", err)
	}
	return rows[0], true, nil
}
