package intake

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"soundings/surveys"
	"soundings/surveys/store"
)

// append stores submissions with new receipts in open waves, with as few round trips as the database allows. Nearly
// every batch is such a one, so it does not look first: a receipt that is stored already, or a wave that is not open,
// is an error of kind Conflict, and the batch is for commitTogether.
func (in *Intake) append(ctx context.Context, batch []*item) error {
	responses, comments, marks := arrange(batch)
	rows := []any{&responses}
	if len(marks) > 0 {
		rows = append(rows, &marks)
	}
	for some := range slices.Chunk(comments, commentsAtOnce) {
		rows = append(rows, &some)
	}
	waves := wavesOf(batch)
	guard := func(tx *gorm.DB) *gorm.DB { return in.heldWaves(tx, waves) }
	return in.store.Append(ctx, "intake: append", guard, func(found *sql.Rows) error {
		states, err := readStates(found)
		if err != nil {
			return err
		}
		for _, wave := range waves {
			if states[wave] != surveys.Open {
				return &surveys.Error{Kind: surveys.Conflict, Op: "intake: append", Message: "a wave is not open"}
			}
		}
		return nil
	}, rows...)
}

// commitTogether handles any batch in one transaction: it looks which receipts are stored, stores the new responses
// with one statement, and then handles the rest - retries, changes, withdrawals - in the order they came.
func (in *Intake) commitTogether(ctx context.Context, batch []*item) error {
	return in.store.Transact(ctx, "intake: commit", func(tx *gorm.DB) error {
		states, err := in.waveStates(tx, batch)
		if err != nil {
			return err
		}
		stored, err := storedOf(tx, batch)
		if err != nil {
			return err
		}
		taken, err := takenOf(tx, batch)
		if err != nil {
			return err
		}
		first, others := firsts(batch, stored, taken)
		fresh := make([]*item, 0, len(first))
		for _, it := range first {
			if states[it.wave] == surveys.Open {
				fresh = append(fresh, it)
			} else {
				others = append(others, it) // nothing else in the batch waits for it, so the order does not matter
			}
		}
		if err := in.insert(tx, fresh); err != nil {
			return err
		}
		for _, it := range others {
			if err := in.settle(tx, it, states[it.wave]); err != nil {
				return err
			}
		}
		return nil
	})
}

func wavesOf(batch []*item) []surveys.WaveID {
	var ids []surveys.WaveID
	for _, it := range batch {
		if !slices.Contains(ids, it.wave) {
			ids = append(ids, it.wave)
		}
	}
	slices.Sort(ids)
	return ids
}

// heldWaves reads waves and holds them: none can begin to close until the transaction has ended, so nothing slips in
// behind the final count.
func (in *Intake) heldWaves(tx *gorm.DB, ids []surveys.WaveID) *gorm.DB {
	return in.store.ForShare(tx.Table("waves").Select("id, state").Where("id IN ?", ids).Order("id"))
}

func (in *Intake) waveStates(tx *gorm.DB, batch []*item) (map[surveys.WaveID]surveys.WaveState, error) {
	found, err := in.heldWaves(tx, wavesOf(batch)).Rows()
	if err != nil {
		return nil, err
	}
	states, err := readStates(found)
	return states, errors.Join(err, found.Close())
}

// readStates reads what heldWaves asks for. A wave that does not exist has no state.
func readStates(found *sql.Rows) (map[surveys.WaveID]surveys.WaveState, error) {
	states := map[surveys.WaveID]surveys.WaveState{}
	for found.Next() {
		var id surveys.WaveID
		var state surveys.WaveState
		if err := found.Scan(&id, &state); err != nil {
			return nil, err
		}
		states[id] = state
	}
	return states, found.Err()
}

// storedOf tells which of a batch's receipts have a response.
func storedOf(tx *gorm.DB, batch []*item) (map[surveys.ID]bool, error) {
	ids := make([][]byte, len(batch))
	for i, it := range batch {
		ids[i] = it.id[:]
	}
	var found [][]byte
	err := tx.Model(&responseRow{}).Where("id IN ?", ids).Pluck("id", &found).Error
	stored := make(map[surveys.ID]bool, len(batch))
	for _, id := range found {
		stored[surveys.ID(id)] = true
	}
	return stored, err
}

// firsts parts a batch into submissions that are the first with their receipt, and with their mark if they have one, and
// everything else, each in the order it came. stored are receipts and taken are marks known to be in the database.
func firsts(batch []*item, stored map[surveys.ID]bool, taken map[spending]bool) (first, others []*item) {
	seen, spent := make(map[surveys.ID]bool, len(batch)), map[spending]bool{}
	for _, it := range batch {
		if it.verb == submit && !seen[it.id] && !stored[it.id] && (it.mark == nil || !spent[it.spending()] && !taken[it.spending()]) {
			first = append(first, it)
		} else {
			others = append(others, it)
		}
		seen[it.id] = true
		if it.mark != nil {
			spent[it.spending()] = true
		}
	}
	return first, others
}

// commentsAtOnce keeps a statement below the number of values a database takes (SQLite: 32,766), however many
// questions of a survey ask for words.
const commentsAtOnce = 2000

// arrange lists the rows of new submissions. Responses, comments and marks are sorted by their random ids, so that not
// even the database's own files keep the order in which people answered, or which rows came with which response.
func arrange(fresh []*item) (responses []responseRow, comments []commentRow, marks []markRow) {
	responses = make([]responseRow, len(fresh))
	for i, it := range fresh {
		responses[i] = it.row
		comments = append(comments, it.said...)
		if it.mark != nil {
			marks = append(marks, markRow{WaveID: it.wave, Mark: it.mark[:]})
		}
		it.outcome, it.err = Stored, nil
	}
	slices.SortFunc(responses, func(a, b responseRow) int { return bytes.Compare(a.ID, b.ID) })
	slices.SortFunc(comments, func(a, b commentRow) int { return bytes.Compare(a.ID, b.ID) })
	slices.SortFunc(marks, func(a, b markRow) int { return bytes.Compare(a.Mark, b.Mark) })
	return responses, comments, marks
}

// insert stores new responses and their comments.
func (in *Intake) insert(tx *gorm.DB, fresh []*item) error {
	if len(fresh) == 0 {
		return nil
	}
	responses, comments, marks := arrange(fresh)
	if err := tx.Create(&responses).Error; err != nil {
		return err
	}
	if len(marks) > 0 {
		if err := tx.Create(&marks).Error; err != nil {
			return err
		}
	}
	if len(comments) == 0 {
		return nil
	}
	return tx.CreateInBatches(&comments, commentsAtOnce).Error
}

// settleNew stores an item before which another came with its receipt, and left nothing, or with its mark.
func (in *Intake) settleNew(tx *gorm.DB, it *item) error {
	taken, err := takenOf(tx, []*item{it})
	if err != nil {
		return err
	}
	if it.mark != nil && taken[it.spending()] {
		it.err = &surveys.Error{Kind: surveys.Conflict, Op: "intake", Message: "this invitation is already answered", Err: ErrAnswered}
		return nil
	}
	return in.insert(tx, []*item{it})
}

// settle handles one item whose receipt is known, or should be. What is wrong with the item is the item's own error;
// an error it returns is the transaction's.
func (in *Intake) settle(tx *gorm.DB, it *item, state surveys.WaveState) error {
	it.outcome, it.err = 0, nil
	var rows []responseRow
	read := tx
	if state == surveys.Open {
		read = store.ForUpdate(tx) // otherwise nothing will be written, and the final count may hold the row for long
	}
	if err := read.Where("id = ?", it.id[:]).Find(&rows).Error; err != nil {
		return err
	}
	switch {
	case len(rows) == 0 && it.verb == submit && state == surveys.Open:
		return in.settleNew(tx, it)
	case len(rows) == 0 && it.verb == submit:
		it.err = ended(state)
		return nil
	case len(rows) == 0:
		it.err = &surveys.Error{Kind: surveys.NotFound, Op: "intake", Message: "no response has this receipt"}
		return nil
	case rows[0].WaveID != it.wave:
		it.err = &surveys.Error{Kind: surveys.Conflict, Op: "intake", Message: "this receipt belongs to another survey"}
		return nil
	}
	row := rows[0]
	switch it.verb {
	case withdraw:
		return in.withdraw(tx, it, row, state)
	default:
		return in.replace(tx, it, row, state)
	}
}

func ended(state surveys.WaveState) error {
	if state == "" {
		return &surveys.Error{Kind: surveys.NotFound, Op: "intake", Message: "there is no such wave"}
	}
	return &surveys.Error{Kind: surveys.Ended, Op: "intake", Message: "this survey is closed"}
}

func (in *Intake) replace(tx *gorm.DB, it *item, row responseRow, state surveys.WaveState) error {
	wanted := it.row
	moved := it.verb == submit && (row.DepartmentID != wanted.DepartmentID || row.BandID != wanted.BandID)
	same, err := in.sameComments(tx, it)
	if err != nil {
		return err
	}
	switch {
	case row.Withdrawn:
		it.err = &surveys.Error{Kind: surveys.Conflict, Op: "intake", Message: "this response was withdrawn"}
	case row.Answers == wanted.Answers && same && !moved:
		it.outcome = Unchanged // even after closing: a retry must learn that it was stored
	case state != surveys.Open:
		it.err = ended(state)
	case moved && row.Step > 0:
		it.err = &surveys.Error{Kind: surveys.Conflict, Op: "intake",
			Message: "this response is counted already, so its department cannot change; withdraw it and answer again"}
	default:
		it.outcome = Changed
		return in.overwrite(tx, it, row, wanted, moved)
	}
	return nil
}

// overwrite puts new answers in the place of the old. What somebody read first stays what they read. Answers that a step has counted stay counted until the wave
// closes: they are kept as frozen.
func (in *Intake) overwrite(tx *gorm.DB, it *item, row, wanted responseRow, moved bool) error {
	values := map[string]any{"answers": wanted.Answers, "language": wanted.Language}
	if row.Step > 0 && row.Frozen == nil && row.Answers != wanted.Answers {
		values["frozen"] = row.Answers
	}
	department := row.DepartmentID
	if moved {
		values["department_id"], values["band_id"], values["variant"] = wanted.DepartmentID, wanted.BandID, wanted.Variant
		department = wanted.DepartmentID
	}
	if err := tx.Model(&responseRow{}).Where("id = ?", row.ID).Updates(values).Error; err != nil {
		return err
	}
	if err := tx.Where("id IN ?", in.commentIDs(it.reply.Receipt, it.texts)).Delete(&commentRow{}).Error; err != nil {
		return err
	}
	rows := comments(in.secret.Deriver(), it, department)
	if len(rows) == 0 {
		return nil
	}
	return tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&rows).Error
}

// sameComments reports whether exactly the item's texts are stored.
func (in *Intake) sameComments(tx *gorm.DB, it *item) (bool, error) {
	if len(it.texts) == 0 {
		return true, nil
	}
	var rows []commentRow
	if err := tx.Where("id IN ?", in.commentIDs(it.reply.Receipt, it.texts)).Find(&rows).Error; err != nil {
		return false, err
	}
	given := 0
	for _, text := range it.reply.Texts {
		if text != "" {
			given++
		}
	}
	for _, r := range rows {
		if it.reply.Texts[r.QuestionID] != r.Text {
			return false, nil
		}
	}
	return len(rows) == given, nil
}

// withdraw empties the response and deletes its comments. The empty row stays until the wave closes: a retry of the
// original submission that arrives late must not bring the response back.
func (in *Intake) withdraw(tx *gorm.DB, it *item, row responseRow, state surveys.WaveState) error {
	switch {
	case row.Withdrawn:
		it.outcome = Withdrawn
		return nil
	case state != surveys.Open:
		it.err = ended(state)
		return nil
	}
	it.outcome = Withdrawn
	values := map[string]any{"answers": "{}", "withdrawn": true}
	if row.Step > 0 && row.Frozen == nil {
		values["frozen"] = row.Answers
	}
	if err := tx.Model(&responseRow{}).Where("id = ?", row.ID).Updates(values).Error; err != nil {
		return err
	}
	return tx.Where("id IN ?", in.commentIDs(it.reply.Receipt, it.texts)).Delete(&commentRow{}).Error
}

// Found is what a receipt leads to.
type Found struct {
	Wave      surveys.WaveID
	Reply     surveys.Reply
	Withdrawn bool
}

// Wave finds which wave a receipt's response belongs to.
func (in *Intake) Wave(ctx context.Context, receipt surveys.Receipt) (surveys.WaveID, error) {
	row, err := in.row(ctx, receipt)
	return row.WaveID, err
}

// Lookup returns the response a receipt stands for. doc must be the document of its wave.
func (in *Intake) Lookup(ctx context.Context, receipt surveys.Receipt, doc *surveys.Document) (Found, error) {
	row, err := in.row(ctx, receipt)
	if err != nil {
		return Found{}, err
	}
	answers, err := surveys.DecodeAnswers(row.Answers)
	if err != nil {
		return Found{}, fmt.Errorf("intake: lookup: %w", err)
	}
	reply := surveys.Reply{Receipt: receipt, Department: row.DepartmentID, Band: row.BandID, Language: row.Language,
		Answers: answers, Texts: map[string]string{}, Variant: row.variant()}
	var comments []commentRow
	err = in.store.Read(ctx).Where("id IN ?", in.commentIDs(receipt, textQuestions(doc))).Find(&comments).Error
	if err != nil {
		return Found{}, store.Translate("intake: lookup", err)
	}
	for _, c := range comments {
		reply.Texts[c.QuestionID] = c.Text
	}
	return Found{Wave: row.WaveID, Reply: reply, Withdrawn: row.Withdrawn}, nil
}

func (in *Intake) row(ctx context.Context, receipt surveys.Receipt) (responseRow, error) {
	id := in.secret.ResponseID(receipt)
	var rows []responseRow
	if err := in.store.Read(ctx).Where("id = ?", id[:]).Find(&rows).Error; err != nil {
		return responseRow{}, store.Translate("intake: lookup", err)
	}
	if len(rows) == 0 {
		return responseRow{}, &surveys.Error{Kind: surveys.NotFound, Op: "intake", Message: "no response has this receipt"}
	}
	return rows[0], nil
}

// DeleteComments deletes the comments of a response, which is possible at any time: a text cannot become an anonymous statistic.
func (in *Intake) DeleteComments(ctx context.Context, receipt surveys.Receipt, doc *surveys.Document) error {
	return in.store.Transact(ctx, "intake: delete comments", func(tx *gorm.DB) error {
		return tx.Where("id IN ?", in.commentIDs(receipt, textQuestions(doc))).Delete(&commentRow{}).Error
	})
}
