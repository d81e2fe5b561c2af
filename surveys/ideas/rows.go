package ideas

import (
	"crypto/sha256"
	"fmt"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/store"
)

type ideaRow struct {
	ID           ID `gorm:"primaryKey"`
	Title        string
	Body         string
	Language     string
	DepartmentID surveys.DepartmentID
	SignedBy     string
	SuggestedOn  surveys.Day
	Place        Place
	Reason       string
	MergedInto   ID
	ChangeID     changes.ID
	Digest       []byte // of what was typed and the day: the same sent twice is one idea
}

func (ideaRow) TableName() string { return "ideas" }

type replyRow struct {
	IdeaID    ID  `gorm:"primaryKey"`
	Number    int `gorm:"primaryKey"` // from 1
	Status    Status
	Reply     string
	RepliedOn surveys.Day
	SaidBy    string
	SaidAt    time.Time
}

func (replyRow) TableName() string { return "idea_replies" }

type supportRow struct {
	IdeaID ID     `gorm:"primaryKey"`
	Mark   []byte `gorm:"primaryKey"`
}

func (supportRow) TableName() string { return "idea_supports" }

// row is a new idea.
func (i *Idea) row() ideaRow {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %q %q %d %q", i.On, i.Title, i.Text, i.Department, i.Signed))
	return ideaRow{ID: i.ID, Title: i.Title, Body: i.Text, Language: i.Language, DepartmentID: i.Department, SignedBy: i.Signed, SuggestedOn: i.On,
		Place: i.Place, Reason: i.Reason, MergedInto: i.MergedInto, ChangeID: i.Change, Digest: sum[:16]}
}

func (r *ideaRow) idea() Idea {
	return Idea{ID: r.ID, Title: r.Title, Text: r.Body, Language: r.Language, Department: r.DepartmentID, Signed: r.SignedBy, On: r.SuggestedOn,
		Place: r.Place, Reason: r.Reason, MergedInto: r.MergedInto, Change: r.ChangeID}
}

// load reads the ideas that a query finds, the oldest first, with their replies and the number of their supporters.
func load(db, query *gorm.DB) ([]Idea, error) {
	const op = "ideas: read"
	var rows []ideaRow
	if err := query.Order("id").Find(&rows).Error; err != nil {
		return nil, store.Translate(op, err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	list, at, ids := make([]Idea, len(rows)), map[ID]*Idea{}, make([]ID, len(rows))
	for i := range rows {
		list[i] = rows[i].idea()
		at[rows[i].ID], ids[i] = &list[i], rows[i].ID
	}
	db = db.Session(&gorm.Session{NewDB: true})
	replies := db
	if len(ids) == 1 { // of many, all are read: a list of their ids would grow without bounds
		replies = db.Where("idea_id = ?", ids[0])
	}
	var said []replyRow
	if err := replies.Order("idea_id, number").Find(&said).Error; err != nil {
		return nil, store.Translate(op, err)
	}
	for _, r := range said {
		if i := at[r.IdeaID]; i != nil {
			i.Replies = append(i.Replies, Reply{r.Status, r.Reply, r.RepliedOn, surveys.Stamp{By: r.SaidBy, At: r.SaidAt.UTC()}})
		}
	}
	return list, count(db, at, ids)
}

// count adds up the supporters of each idea and of those merged into it.
func count(db *gorm.DB, at map[ID]*Idea, ids []ID) error {
	counted := db.Table("idea_supports").Joins("JOIN ideas ON ideas.id = idea_supports.idea_id")
	if len(ids) == 1 {
		counted = counted.Where("ideas.id = ? OR ideas.merged_into = ?", ids[0], ids[0])
	}
	var sums []struct {
		ID         ID
		MergedInto ID
		N          int
	}
	err := counted.Select("ideas.id AS id, ideas.merged_into AS merged_into, COUNT(*) AS n").Group("ideas.id, ideas.merged_into").Find(&sums).Error
	if err != nil {
		return store.Translate("ideas: count", err)
	}
	for _, s := range sums {
		for _, id := range []ID{s.ID, s.MergedInto} {
			if i := at[id]; i != nil {
				i.Supporters += s.N
			}
		}
	}
	return nil
}
