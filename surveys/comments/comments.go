// Package comments keeps what staff put on comments: tags, and that one is hidden, and why. The comments themselves are
// taken in by surveys/intake. Which of them somebody may read is for the disclosure gate to say (analytics/quotes), and
// whoever calls this has asked it.
package comments

import (
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"soundings/surveys"
	"soundings/surveys/store"
)

// Reason is why a comment is hidden. It is one of a few and not a text, which would stand in the audit log for good and
// might repeat what was hidden.
type Reason string

const (
	Identifies Reason = "identifies" // somebody can be recognised by it
	Private    Reason = "private"    // health, family, a quarrel: nobody's business here
	Offends    Reason = "offends"    // it insults
	Misplaced  Reason = "misplaced"  // it is about something else, or says nothing
)

// Reasons lists every reason.
func Reasons() []Reason { return []Reason{Identifies, Private, Offends, Misplaced} }

type commentRow struct {
	ID           []byte `gorm:"primaryKey"`
	WaveID       surveys.WaveID
	QuestionID   string
	DepartmentID surveys.DepartmentID
	Text         string
}

func (commentRow) TableName() string { return "comments" }

func (r commentRow) comment() surveys.Comment {
	return surveys.Comment{ID: surveys.ID(r.ID), Wave: r.WaveID, Question: r.QuestionID, Department: r.DepartmentID, Text: r.Text}
}

type hiddenRow struct {
	CommentID []byte `gorm:"primaryKey"`
	Reason    Reason
}

func (hiddenRow) TableName() string { return "hidden_comments" }

// Each visits the comments of a wave that are not hidden, in the order of their ids: an order that is the same each time
// and tells nothing, since the ids are random and share nothing with those of the responses. They are streamed; visit
// must not use tx.
func Each(tx *gorm.DB, wave surveys.WaveID, visit func(surveys.Comment) error) error {
	const op = "comments: each"
	rows, err := tx.Table("comments").Select("id, question_id, department_id, text").
		Where("wave_id = ? AND NOT EXISTS (SELECT 1 FROM hidden_comments WHERE comment_id = comments.id)", wave).Order("id").Rows()
	if err != nil {
		return store.Translate(op, err)
	}
	defer rows.Close()
	for rows.Next() {
		c := surveys.Comment{Wave: wave}
		var id []byte
		if err := rows.Scan(&id, &c.Question, &c.Department, &c.Text); err != nil {
			return store.Translate(op, err)
		}
		copy(c.ID[:], id)
		if err := visit(c); err != nil {
			return err
		}
	}
	return store.Translate(op, rows.Err())
}

// Hidden is a comment that is hidden.
type Hidden struct {
	surveys.Comment
	Reason Reason
}

// AllHidden lists the hidden comments, wave by wave, and within a wave in the order of their ids.
func AllHidden(db *gorm.DB) ([]Hidden, error) {
	var rows []struct {
		Comment commentRow `gorm:"embedded"`
		Reason  Reason
	}
	err := db.Table("comments").Select("comments.*, hidden_comments.reason").
		Joins("JOIN hidden_comments ON hidden_comments.comment_id = comments.id").Order("wave_id DESC, comments.id").Scan(&rows).Error
	if err != nil {
		return nil, store.Translate("comments: hidden", err)
	}
	list := make([]Hidden, len(rows))
	for i, r := range rows {
		list[i] = Hidden{r.Comment.comment(), r.Reason}
	}
	return list, nil
}

// ByID finds a comment, hidden or not. One that is gone is of kind NotFound.
func ByID(db *gorm.DB, id surveys.ID) (surveys.Comment, error) {
	var row commentRow
	if err := db.Where("id = ?", id[:]).Take(&row).Error; err != nil {
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return surveys.Comment{}, Gone("comments: by id")
		}
		return surveys.Comment{}, store.Translate("comments: by id", err)
	}
	return row.comment(), nil
}

// Gone is the error about a comment that does not exist, or that somebody is not to know of.
func Gone(op string) error {
	return &surveys.Error{Kind: surveys.NotFound, Op: op, Code: "comment gone", Message: "This comment does not exist any more."}
}

// Hide takes a comment out of everything that is read. Hiding it again changes the reason.
func Hide(tx *gorm.DB, id surveys.ID, reason Reason) error {
	const op = "comments: hide"
	known := false
	for _, r := range Reasons() {
		known = known || r == reason
	}
	if !known {
		return &surveys.Error{Kind: surveys.Invalid, Op: op, Faults: surveys.Faults{{Path: "reason", Code: "required", Detail: "must say why"}}}
	}
	if _, err := ByID(tx, id); err != nil {
		return err
	}
	again := clause.OnConflict{Columns: []clause.Column{{Name: "comment_id"}}, DoUpdates: clause.AssignmentColumns([]string{"reason"})}
	return store.Translate(op, tx.Clauses(again).Create(&hiddenRow{id[:], reason}).Error)
}

// Show brings a hidden comment back.
func Show(tx *gorm.DB, id surveys.ID) error {
	return store.Translate("comments: show", tx.Where("comment_id = ?", id[:]).Delete(&hiddenRow{}).Error)
}
