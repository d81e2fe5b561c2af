package intake

import (
	"soundings/surveys"
)

// responseRow has no time, no person and no address. Step is the counting step that included it (0: not counted);
// Frozen are the answers as counted, when they have been changed since. See analytics/tally.
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
	return responseRow{
		ID: it.id[:], WaveID: it.wave, DepartmentID: it.reply.Department, BandID: it.reply.Band,
		Language: it.reply.Language, Answers: answers,
	}, err
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
