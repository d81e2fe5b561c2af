package tally

import (
	"bytes"
	"context"
	"slices"

	"gorm.io/gorm"

	"soundings/analytics/disclosure"
	"soundings/surveys"
	"soundings/surveys/store"
)

// Step counts the responses of an open wave that the disclosure gate lets through now: in each cell none until twice
// the minimum k have arrived, then all but k. A measure that fewer than k of those counted have answered, or all of them
// alike, waits for a later step, so that for each question, too, any two moments differ by nobody or by at least k people,
// and do not tell what each of these said.
// It does nothing if another server is counting the wave, nor before a wave counted by earlier rules is counted anew.
func Step(ctx context.Context, s *store.Store, q *surveys.Questionnaire, wave surveys.WaveID) error {
	return s.Transact(ctx, "tally: step", func(tx *gorm.DB) error {
		counter, ok, err := lockCounter(tx, wave, true)
		if err != nil || !ok || counter.outdated() {
			return err
		}
		st := &stepper{tx: tx, wave: wave, rule: disclosure.Rule{Minimum: q.Document.SmallestGroup()}, number: counter.Steps + 1, counter: newCounter(q.Document)}
		return st.run()
	})
}

type stepper struct {
	tx      *gorm.DB
	wave    surveys.WaveID
	rule    disclosure.Rule
	number  int
	counter *counter
}

func (st *stepper) run() error {
	cells, err := st.ripe()
	if err != nil || len(cells) == 0 {
		return err
	}
	counts, err := read(st.tx, st.wave)
	if err != nil {
		return err
	}
	moved := false
	for _, cell := range cells {
		took, err := st.take(cell)
		if err != nil {
			return err
		}
		if !took {
			continue
		}
		moved = true
		if err := st.count(cell, counts); err != nil {
			return err
		}
	}
	if !moved {
		return nil
	}
	if err := counts.write(st.tx, st.wave); err != nil {
		return err
	}
	now := map[string]any{"steps": st.number}
	if st.number == 1 {
		now["rules"], now["first_rules"] = Rules, Rules
	}
	return store.Translate("tally: step", st.tx.Table("counters").Where("wave_id = ?", st.wave).Updates(now).Error)
}

// ripe lists the cells where enough have arrived for a step.
func (st *stepper) ripe() ([]Cell, error) {
	var rows []struct {
		DepartmentID surveys.DepartmentID
		BandID       surveys.BandID
		Waiting      int
	}
	err := st.tx.Table("responses").Select("department_id, band_id, COUNT(*) AS waiting").
		Where("wave_id = ? AND step = 0 AND NOT withdrawn", st.wave).
		Group("department_id, band_id").Order("department_id, band_id").Scan(&rows).Error
	var cells []Cell
	for _, r := range rows {
		if st.rule.Step(r.Waiting) > 0 {
			cells = append(cells, Cell{r.DepartmentID, r.BandID})
		}
	}
	return cells, store.Translate("tally: step", err)
}

// take marks the responses of a cell that this step counts. Which ones stay behind is decided by their random ids.
func (st *stepper) take(cell Cell) (bool, error) {
	var ids [][]byte
	err := store.ForUpdate(st.tx.Table("responses").Where(
		"wave_id = ? AND department_id = ? AND band_id = ? AND step = 0 AND NOT withdrawn", st.wave, cell.Department, cell.Band)).
		Pluck("id", &ids).Error
	if err != nil {
		return false, store.Translate("tally: step", err)
	}
	// Counted again under the lock: somebody may have withdrawn since.
	n := st.rule.Step(len(ids))
	if n == 0 {
		return false, nil
	}
	slices.SortFunc(ids, bytes.Compare)
	for part := range slices.Chunk(ids[:n], batch) {
		if err := st.tx.Table("responses").Where("id IN ?", part).Update("step", st.number).Error; err != nil {
			return false, store.Translate("tally: step", err)
		}
	}
	return true, nil
}

// count adds to each measure of a cell what waits for it, if that is enough people.
func (st *stepper) count(cell Cell, counts *Counts) error {
	var rows []responseRow
	err := st.tx.Table("responses").Select("id, department_id, band_id, answers, step, frozen, withdrawn").
		Where("wave_id = ? AND department_id = ? AND band_id = ? AND step > 0", st.wave, cell.Department, cell.Band).Scan(&rows).Error
	if err != nil {
		return store.Translate("tally: step", err)
	}
	waiting := map[Measure][]contribution{}
	for _, r := range rows {
		answers, err := r.asCounted()
		if err != nil {
			return err
		}
		for _, con := range st.counter.contributions(answers) {
			if r.Step > counts.Scores[Key{con.measure, cell}].Step {
				waiting[con.measure] = append(waiting[con.measure], con)
			}
		}
	}
	for measure, list := range waiting {
		var together entrants
		for _, con := range list {
			together.add(con)
		}
		if !st.counter.ripe(together) {
			continue
		}
		for _, con := range list {
			counts.add(cell, con)
		}
		score := counts.Scores[Key{measure, cell}]
		score.Step = st.number
		counts.Scores[Key{measure, cell}] = score
	}
	return nil
}
