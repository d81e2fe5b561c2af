package catalog

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// Keep is an author's statement that new words for a question mean what the old ones did, so that its trend goes on.
type Keep struct {
	Question string
	By       string // e-mail address
}

type keptRow struct {
	QuestionnaireID surveys.QuestionnaireID `gorm:"primaryKey"`
	QuestionID      string                  `gorm:"primaryKey"`
	SaidBy          string
	SaidAt          time.Time
}

func (keptRow) TableName() string { return "kept_meanings" }

// keptOf checks that each statement is about a question of which nothing but the words differ: other scales, options,
// constructs or conditions always begin a new trend, whatever anybody says.
func keptOf(changes []Change, keeps []Keep) (map[string]bool, error) {
	possible := map[string]bool{}
	for _, c := range changes {
		possible[c.ID] = c.OnlyWording()
	}
	kept := map[string]bool{}
	var faults surveys.Faults
	for _, k := range keeps {
		if !possible[k.Question] {
			faults = append(faults, surveys.Fault{Path: "keeps." + k.Question, Code: surveys.FaultNotAllowed,
				Detail: fmt.Sprintf("more than the wording of %s has changed, or nothing; its meaning cannot be stated to be the same", surveys.Quoted(k.Question))})
		}
		kept[k.Question] = true
	}
	if len(faults) > 0 {
		return nil, &surveys.Error{Kind: surveys.Invalid, Op: "catalog: publish", Faults: faults}
	}
	return kept, nil
}

func record(tx *gorm.DB, q surveys.QuestionnaireID, keeps []Keep, now time.Time) error {
	stated := map[string]bool{}
	for _, k := range keeps {
		if stated[k.Question] {
			continue // said twice
		}
		stated[k.Question] = true
		row := keptRow{q, k.Question, k.By, now}
		if err := tx.Create(&row).Error; err != nil {
			return store.Translate("catalog: kept meanings", err)
		}
	}
	return nil
}

// Preview is what PublishVersion would make of a document: the questionnaire before, and the next one without an id. With
// the same statements the question versions are the same, unless another version is published in between.
func (c *Catalog) Preview(ctx context.Context, survey surveys.SurveyID, doc *surveys.Document, keeps ...Keep) (before, after *surveys.Questionnaire, err error) {
	db := c.store.Read(ctx)
	if before, err = c.newest(db, survey); err != nil {
		return nil, nil, err
	}
	kept, err := keptOf(Compare(before.Document, doc), keeps)
	if err != nil {
		return nil, nil, err
	}
	earlier, err := latestVersions(db, survey)
	if err != nil {
		return nil, nil, err
	}
	after = &surveys.Questionnaire{Survey: survey, Version: before.Version + 1, Document: doc, Versions: nextVersions(before, earlier, doc, kept)}
	return before, after, nil
}

// Version is one published questionnaire of a survey, with what was stated about it.
type Version struct {
	*surveys.Questionnaire
	Published time.Time
	Kept      map[string]Statement // by question id
}

// Statement says who stated, and when, that a question means what it did before.
type Statement struct {
	By string
	At time.Time
}

// Versions returns every questionnaire of a survey, the newest first. An unknown survey is NotFound.
func (c *Catalog) Versions(ctx context.Context, survey surveys.SurveyID) ([]Version, error) {
	const op = "catalog: versions"
	db := c.store.Read(ctx)
	var rows []questionnaireRow
	if err := db.Where("survey_id = ?", survey).Order("version DESC").Find(&rows).Error; err != nil {
		return nil, store.Translate(op, err)
	}
	if len(rows) == 0 {
		return nil, &surveys.Error{Kind: surveys.NotFound, Op: op, Message: fmt.Sprintf("there is no survey %d", survey)}
	}
	var kept []keptRow
	err := db.Where("questionnaire_id IN (SELECT id FROM questionnaires WHERE survey_id = ?)", survey).Find(&kept).Error
	if err != nil {
		return nil, store.Translate(op, err)
	}
	list := make([]Version, len(rows))
	for i, r := range rows {
		q, err := c.QuestionnaireIn(db, r.ID)
		if err != nil {
			return nil, err
		}
		list[i] = Version{q, r.PublishedAt.UTC(), map[string]Statement{}}
		for _, k := range kept {
			if k.QuestionnaireID == r.ID {
				list[i].Kept[k.QuestionID] = Statement{k.SaidBy, k.SaidAt.UTC()}
			}
		}
	}
	return list, nil
}
