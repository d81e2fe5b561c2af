// Package catalog keeps surveys and their published questionnaires. A questionnaire is stored as the document its
// author wrote, byte for byte, and never changes.
package catalog

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/document"
	"soundings/surveys/store"
)

type surveyRow struct {
	ID        surveys.SurveyID `gorm:"primaryKey"`
	CreatedAt time.Time
}

func (surveyRow) TableName() string { return "surveys" }

type questionnaireRow struct {
	ID           surveys.QuestionnaireID `gorm:"primaryKey"`
	SurveyID     surveys.SurveyID
	Version      int
	Document     string
	DocumentHash []byte
	PublishedAt  time.Time
}

func (questionnaireRow) TableName() string { return "questionnaires" }

type questionVersionRow struct {
	QuestionnaireID surveys.QuestionnaireID `gorm:"primaryKey"`
	QuestionID      string                  `gorm:"primaryKey"`
	Version         int
}

func (questionVersionRow) TableName() string { return "question_versions" }

// Catalog reads and publishes questionnaires. It remembers parsed ones: they cannot change.
type Catalog struct {
	store *store.Store
	mu    sync.Mutex
	known map[surveys.QuestionnaireID]*surveys.Questionnaire
}

// New returns a catalog over the store.
func New(s *store.Store) *Catalog {
	return &Catalog{store: s, known: map[surveys.QuestionnaireID]*surveys.Questionnaire{}}
}

// Survey is one line of the list of surveys: its newest questionnaire tells its title and purpose.
type Survey struct {
	ID     surveys.SurveyID
	Newest *surveys.Questionnaire
}

// Publish makes a new survey of the document, with this as its first questionnaire. A document that is published
// already, byte for byte, is returned instead, so that importing it again is harmless.
func (c *Catalog) Publish(tx *gorm.DB, source []byte, now time.Time) (q *surveys.Questionnaire, existed bool, err error) {
	const op = "catalog: publish"
	doc, err := document.Parse(source)
	if err != nil {
		return nil, false, err
	}
	var rows []questionnaireRow
	if err := tx.Where("document_hash = ?", hash(source)).Order("id").Limit(1).Find(&rows).Error; err != nil {
		return nil, false, store.Translate(op, err)
	}
	if len(rows) == 1 {
		q, err = c.read(tx, rows[0])
		return q, true, err
	}
	survey := surveyRow{CreatedAt: now}
	if err := tx.Create(&survey).Error; err != nil {
		return nil, false, store.Translate(op, err)
	}
	q = &surveys.Questionnaire{Survey: survey.ID, Version: 1, Document: doc, Versions: map[string]int{}}
	for _, question := range doc.Questions {
		q.Versions[question.ID] = 1
	}
	return q, false, add(tx, q, source, now)
}

// PublishVersion makes the next questionnaire of a survey. Questions that mean the same as before keep their version;
// changed ones get the next, which breaks their trend, unless only their words differ and the author states that they mean
// the same. Such a statement about any other question is refused as Invalid.
func (c *Catalog) PublishVersion(tx *gorm.DB, survey surveys.SurveyID, source []byte, now time.Time, keeps ...Keep) (*surveys.Questionnaire, error) {
	doc, err := document.Parse(source)
	if err != nil {
		return nil, err
	}
	before, err := c.newest(store.ForUpdate(tx), survey)
	if err != nil {
		return nil, err
	}
	kept, err := keptOf(Compare(before.Document, doc), keeps)
	if err != nil {
		return nil, err
	}
	earlier, err := latestVersions(tx, survey)
	if err != nil {
		return nil, err
	}
	q := &surveys.Questionnaire{Survey: survey, Version: before.Version + 1, Document: doc, Versions: nextVersions(before, earlier, doc, kept)}
	if err := add(tx, q, source, now); err != nil {
		return nil, err
	}
	return q, record(tx, q.ID, keeps, now)
}

// add stores a questionnaire and gives it its id.
func add(tx *gorm.DB, q *surveys.Questionnaire, source []byte, now time.Time) error {
	const op = "catalog: publish"
	row := questionnaireRow{SurveyID: q.Survey, Version: q.Version, Document: string(source), DocumentHash: hash(source), PublishedAt: now}
	if err := tx.Create(&row).Error; err != nil {
		return store.Translate(op, err)
	}
	q.ID = row.ID
	rows := make([]questionVersionRow, len(q.Document.Questions))
	for i, question := range q.Document.Questions {
		rows[i] = questionVersionRow{QuestionnaireID: row.ID, QuestionID: question.ID, Version: q.Versions[question.ID]}
	}
	return store.Translate(op, tx.Create(&rows).Error)
}

// latestVersions is the highest version each question id of a survey ever had.
func latestVersions(tx *gorm.DB, survey surveys.SurveyID) (map[string]int, error) {
	var rows []questionVersionRow
	err := tx.Raw(`SELECT v.question_id, MAX(v.version) AS version FROM question_versions v
		JOIN questionnaires q ON q.id = v.questionnaire_id WHERE q.survey_id = ? GROUP BY v.question_id`, survey).Scan(&rows).Error
	latest := map[string]int{}
	for _, r := range rows {
		latest[r.QuestionID] = r.Version
	}
	return latest, store.Translate("catalog: versions", err)
}

func hash(source []byte) []byte {
	sum := sha256.Sum256(source)
	return sum[:]
}

// Questionnaire returns one published questionnaire.
func (c *Catalog) Questionnaire(ctx context.Context, id surveys.QuestionnaireID) (*surveys.Questionnaire, error) {
	return c.QuestionnaireIn(c.store.Read(ctx), id)
}

// QuestionnaireIn is Questionnaire within a transaction.
func (c *Catalog) QuestionnaireIn(db *gorm.DB, id surveys.QuestionnaireID) (*surveys.Questionnaire, error) {
	c.mu.Lock()
	q := c.known[id]
	c.mu.Unlock()
	if q != nil {
		return q, nil
	}
	var row questionnaireRow
	if err := db.Where("id = ?", id).Take(&row).Error; err != nil {
		return nil, store.Translate("catalog: questionnaire", err)
	}
	q, err := c.read(db, row)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.known[id] = q
	c.mu.Unlock()
	return q, nil
}

// Newest returns the newest questionnaire of a survey.
func (c *Catalog) Newest(ctx context.Context, survey surveys.SurveyID) (*surveys.Questionnaire, error) {
	return c.newest(c.store.Read(ctx), survey)
}

func (c *Catalog) newest(db *gorm.DB, survey surveys.SurveyID) (*surveys.Questionnaire, error) {
	var rows []questionnaireRow
	if err := db.Where("survey_id = ?", survey).Order("version DESC").Limit(1).Find(&rows).Error; err != nil {
		return nil, store.Translate("catalog: newest", err)
	}
	if len(rows) == 0 {
		return nil, &surveys.Error{Kind: surveys.NotFound, Op: "catalog", Message: fmt.Sprintf("there is no survey %d", survey)}
	}
	return c.read(db, rows[0])
}

// Source returns the document of a questionnaire exactly as it was published.
func (c *Catalog) Source(ctx context.Context, id surveys.QuestionnaireID) ([]byte, error) {
	var row questionnaireRow
	err := c.store.Read(ctx).Where("id = ?", id).Take(&row).Error
	return []byte(row.Document), store.Translate("catalog: source", err)
}

// List returns all surveys, oldest first.
func (c *Catalog) List(ctx context.Context) ([]Survey, error) {
	var ids []surveys.SurveyID
	if err := c.store.Read(ctx).Model(&surveyRow{}).Order("id").Pluck("id", &ids).Error; err != nil {
		return nil, store.Translate("catalog: list", err)
	}
	list := make([]Survey, 0, len(ids))
	for _, id := range ids {
		q, err := c.Newest(ctx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, Survey{ID: id, Newest: q})
	}
	return list, nil
}

func (c *Catalog) read(db *gorm.DB, row questionnaireRow) (*surveys.Questionnaire, error) {
	doc, err := document.Parse([]byte(row.Document))
	if err != nil {
		return nil, &surveys.Error{Kind: surveys.Internal, Op: fmt.Sprintf("catalog: stored questionnaire %d", row.ID), Err: err}
	}
	var rows []questionVersionRow
	// A new statement: db may carry a locking clause meant for the questionnaire itself.
	err = db.Session(&gorm.Session{NewDB: true}).Where("questionnaire_id = ?", row.ID).Find(&rows).Error
	if err != nil {
		return nil, store.Translate("catalog: versions", err)
	}
	q := &surveys.Questionnaire{ID: row.ID, Survey: row.SurveyID, Version: row.Version, Document: doc, Versions: map[string]int{}}
	for _, r := range rows {
		q.Versions[r.QuestionID] = r.Version
	}
	return q, nil
}
