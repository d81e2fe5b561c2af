// Package drafts keeps surveys while they are being written: with their faults, with the questions that were deleted, and
// with a version that keeps two authors from overwriting each other.
package drafts

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// ID identifies a draft.
type ID int64

// MostBytes is the largest draft that is kept, as JSON.
const MostBytes = 2 << 20

// Stamp says who did something, by their e-mail address, and when.
type Stamp struct {
	By string
	At time.Time
}

// Draft is a survey that is being written. The document may have any fault; Faults names them.
type Draft struct {
	ID        ID
	Survey    surveys.SurveyID // 0: a new survey; else the draft is to be its next version
	Version   int              // goes up with each save, from 1
	Document  surveys.Document
	Removed   []Removed // questions that can be brought back, the latest last
	Saved     Stamp
	Deleted   bool                    // can be restored
	Published surveys.QuestionnaireID // what it was published as, 0 before; a published draft does not change
}

type draftRow struct {
	ID       ID `gorm:"primaryKey"`
	SurveyID surveys.SurveyID
	// OnlyOne is the survey of a draft that is neither deleted nor published: a survey has only one of these, because two
	// next versions of it could not both be published.
	OnlyOne   *surveys.SurveyID
	Version   int
	Content   string
	SavedBy   string
	SavedAt   time.Time
	Deleted   bool
	Published surveys.QuestionnaireID
}

func (draftRow) TableName() string { return "drafts" }

// content is what a draft holds, as it is stored. A document with faults has no YAML, so it is kept as JSON.
type content struct {
	Document surveys.Document
	Removed  []Removed `json:",omitempty"`
}

func (r draftRow) draft() (Draft, error) {
	d := Draft{ID: r.ID, Survey: r.SurveyID, Version: r.Version, Saved: Stamp{r.SavedBy, r.SavedAt.UTC()}, Deleted: r.Deleted, Published: r.Published}
	var c content
	if err := json.Unmarshal([]byte(r.Content), &c); err != nil {
		return Draft{}, &surveys.Error{Kind: surveys.Internal, Op: fmt.Sprintf("drafts: stored draft %d", r.ID), Err: err}
	}
	d.Document, d.Removed = c.Document, c.Removed
	return d, nil
}

// row is the draft as it is stored.
func (d *Draft) row() (draftRow, error) {
	const op = "drafts: write"
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false) // texts of people would grow to three times their size
	if err := encoder.Encode(content{d.Document, d.Removed}); err != nil {
		return draftRow{}, &surveys.Error{Kind: surveys.Internal, Op: op, Err: err}
	}
	if b.Len() > MostBytes {
		return draftRow{}, &surveys.Error{Kind: surveys.TooLarge, Op: op, Message: "the draft is larger than 2 MB"}
	}
	r := draftRow{ID: d.ID, SurveyID: d.Survey, Version: d.Version, Content: b.String(), SavedBy: d.Saved.By, SavedAt: d.Saved.At.UTC(),
		Deleted: d.Deleted, Published: d.Published}
	if d.Survey != 0 && !d.Deleted && d.Published == 0 {
		r.OnlyOne = &d.Survey
	}
	return r, nil
}

// Also is what else is done in the transaction that stores a draft.
type Also = func(tx *gorm.DB, d *Draft) error

func (d *Draft) also(tx *gorm.DB, all []Also) error {
	for _, do := range all {
		if err := do(tx, d); err != nil {
			return err
		}
	}
	return nil
}

// Create begins a draft: of a new survey, or of the next version of one. A survey whose next version is being written
// already is a Conflict, and that draft is returned with it.
func Create(ctx context.Context, s *store.Store, survey surveys.SurveyID, doc surveys.Document, stamp Stamp, also ...Also) (Draft, error) {
	d := Draft{Survey: survey, Version: 1, Document: doc, Saved: stamp}
	d.Name(-1)
	row, err := d.row()
	if err != nil {
		return Draft{}, err
	}
	taken := false
	err = s.Transact(ctx, "drafts: create", func(tx *gorm.DB) error {
		row.ID = 0
		err := tx.Create(&row).Error
		if taken = store.IsDuplicate(err); err != nil {
			return err
		}
		d.ID = row.ID
		return d.also(tx, also)
	})
	if taken {
		other, lookup := OfSurvey(ctx, s, survey)
		if lookup != nil {
			return Draft{}, lookup
		}
		return other, &surveys.Error{Kind: surveys.Conflict, Op: "drafts: create", Message: "The next version of this survey is being written already."}
	}
	if err != nil {
		return Draft{}, err
	}
	return row.draft()
}

// ByID returns one draft, deleted and published ones included.
func ByID(ctx context.Context, s *store.Store, id ID) (Draft, error) { return byID(s.Read(ctx), id) }

func byID(db *gorm.DB, id ID) (Draft, error) {
	return one(db.Where("id = ?", id), fmt.Sprintf("there is no draft %d", id))
}

// OfSurvey returns the draft of a survey's next version; NotFound if nobody is writing one.
func OfSurvey(ctx context.Context, s *store.Store, survey surveys.SurveyID) (Draft, error) {
	return one(s.Read(ctx).Where("only_one = ?", survey), fmt.Sprintf("there is no draft of survey %d", survey))
}

func one(query *gorm.DB, missing string) (Draft, error) {
	var rows []draftRow
	if err := query.Limit(1).Find(&rows).Error; err != nil {
		return Draft{}, store.Translate("drafts: draft", err)
	}
	if len(rows) == 0 {
		return Draft{}, &surveys.Error{Kind: surveys.NotFound, Op: "drafts", Message: missing}
	}
	return rows[0].draft()
}

// List returns the drafts that are being written, neither deleted nor published, the last saved first.
func List(ctx context.Context, s *store.Store) ([]Draft, error) {
	var rows []draftRow
	err := s.Read(ctx).Where("published = 0 AND deleted = ?", false).Order("saved_at DESC, id DESC").Find(&rows).Error
	if err != nil {
		return nil, store.Translate("drafts: list", err)
	}
	list := make([]Draft, len(rows))
	for i, r := range rows {
		if list[i], err = r.draft(); err != nil {
			return nil, err
		}
	}
	return list, nil
}
