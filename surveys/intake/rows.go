package intake

import (
	"soundings/surveys"
)

// responseRow has no time, no person and no address. Step is the counting step that included it (0: not counted);
// Frozen are the answers as counted, when they have been changed since. See analytics/tally.
//
// Variant is which of two texts they read, where two were tried on their department. A fair coin decides that for each page
// that is opened, before anybody answers, and no other row, cookie, log or address of the program keeps how it fell: so it
// says nothing about who somebody is, and two rows or a row and a person cannot be told to belong together by it.
type responseRow struct {
	ID           []byte `gorm:"primaryKey"`
	WaveID       surveys.WaveID
	DepartmentID surveys.DepartmentID
	BandID       surveys.BandID
	Language     string
	Answers      string
	Step         int
	Frozen       *string
	Withdrawn    bool
	Variant      *surveys.Variant // nil for none
}

func (responseRow) TableName() string { return "responses" }

// commentRow shares nothing with its response but wave and department.
type commentRow struct {
	ID           []byte `gorm:"primaryKey"`
	WaveID       surveys.WaveID
	QuestionID   string
	DepartmentID surveys.DepartmentID
	Text         string
}

func (commentRow) TableName() string { return "comments" }

func (it *item) response() (responseRow, error) {
	answers, err := it.reply.Answers.Encode()
	row := responseRow{
		ID: it.id[:], WaveID: it.wave, DepartmentID: it.reply.Department, BandID: it.reply.Band,
		Language: it.reply.Language, Answers: answers,
	}
	if it.reply.Variant != surveys.NoVariant {
		row.Variant = &it.reply.Variant
	}
	return row, err
}

// variant is which text the person of a stored response read.
func (r responseRow) variant() surveys.Variant {
	if r.Variant == nil {
		return surveys.NoVariant
	}
	return *r.Variant
}

// comments lists the item's texts as rows of a department.
func comments(ids *surveys.Deriver, it *item, department surveys.DepartmentID) []commentRow {
	var rows []commentRow
	for _, question := range it.texts {
		if text := it.reply.Texts[question]; text != "" {
			id := ids.CommentID(it.reply.Receipt, question)
			rows = append(rows, commentRow{ID: id[:], WaveID: it.wave, QuestionID: question, DepartmentID: department, Text: text})
		}
	}
	return rows
}

func (in *Intake) commentIDs(receipt surveys.Receipt, questions []string) [][]byte {
	ids := make([][]byte, len(questions))
	for i, question := range questions {
		id := in.secret.CommentID(receipt, question)
		ids[i] = id[:]
	}
	return ids
}
