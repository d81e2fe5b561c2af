package drafts

import (
	"context"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/document"
	"soundings/surveys/store"
)

// Save stores a document that was made from the given version of a draft. If somebody has saved the draft since, nothing
// is stored: the error is a Conflict, and the draft that is returned with it is the one that is stored. Questions that
// can be brought back stay so.
func Save(ctx context.Context, s *store.Store, id ID, version int, doc surveys.Document, stamp Stamp) (Draft, error) {
	return Change(ctx, s, id, version, stamp, func(d *Draft) { d.Document = doc })
}

// Change is Save for whoever changes more than the document. change may run several times, each time on the stored draft.
func Change(ctx context.Context, s *store.Store, id ID, version int, stamp Stamp, change func(d *Draft), also ...Also) (Draft, error) {
	return write(ctx, s, id, version, stamp, func(tx *gorm.DB, d *Draft) error {
		if d.Deleted {
			return &surveys.Error{Kind: surveys.Conflict, Op: "drafts: save", Message: "This draft has been deleted. Restore it to go on."}
		}
		change(d)
		return d.also(tx, also)
	})
}

// Delete puts a draft away. Its version goes up, so that nobody saves it unawares; Restore brings it back.
func Delete(ctx context.Context, s *store.Store, id ID, version int, stamp Stamp) (Draft, error) {
	return write(ctx, s, id, version, stamp, func(_ *gorm.DB, d *Draft) error {
		d.Deleted = true
		return nil
	})
}

// Restore brings a deleted draft back. It is a Conflict if another draft of the same survey has been begun since.
func Restore(ctx context.Context, s *store.Store, id ID, version int, stamp Stamp) (Draft, error) {
	return write(ctx, s, id, version, stamp, func(_ *gorm.DB, d *Draft) error {
		d.Deleted = false
		return nil
	})
}

// Publish makes the given version of a draft a questionnaire: the first of a new survey, or the next of the draft's. A
// draft with faults is refused as Invalid, with every fault; a new survey that is published already, word for word, as
// a Conflict. keeps are the questions with new words that the author states to mean what they did.
func Publish(ctx context.Context, s *store.Store, c *catalog.Catalog, id ID, version int, stamp Stamp, keeps ...string) (*surveys.Questionnaire, error) {
	statements := make([]catalog.Keep, len(keeps))
	for i, question := range keeps {
		statements[i] = catalog.Keep{Question: question, By: stamp.By}
	}
	var q *surveys.Questionnaire
	_, err := write(ctx, s, id, version, stamp, func(tx *gorm.DB, d *Draft) error {
		doc := d.Publishable()
		source, err := document.Format(&doc)
		if err != nil {
			return err
		}
		existed := false
		if d.Survey == 0 {
			q, existed, err = c.Publish(tx, source, stamp.At.UTC())
		} else {
			q, err = c.PublishVersion(tx, d.Survey, source, stamp.At.UTC(), statements...)
		}
		if err != nil {
			return err
		}
		if existed {
			return &surveys.Error{Kind: surveys.Conflict, Op: "drafts: publish", Message: "A survey with exactly these words is published already. Give this one another title."}
		}
		d.Survey, d.Published = q.Survey, q.ID
		return nil
	})
	if err != nil {
		return nil, err
	}
	return q, nil
}

// write applies a change to the given version of a draft and stores it as the next version.
func write(ctx context.Context, s *store.Store, id ID, version int, stamp Stamp, change func(tx *gorm.DB, d *Draft) error) (Draft, error) {
	const op = "drafts: save"
	var d Draft
	err := s.Transact(ctx, op, func(tx *gorm.DB) error {
		var err error
		if d, err = byID(store.ForUpdate(tx), id); err != nil {
			return err
		}
		if d.Published != 0 {
			return &surveys.Error{Kind: surveys.Conflict, Op: op, Message: "This draft has been published. Begin the next version of the survey to go on."}
		}
		if d.Version != version {
			return &surveys.Error{Kind: surveys.Conflict, Op: op, Message: "Somebody else has saved this draft since you opened it."}
		}
		stored := d
		if err := change(tx, &d); err != nil {
			d = stored
			return err
		}
		d.ID, d.Version, d.Saved = id, version+1, stamp
		row, err := d.row()
		if err != nil {
			d = stored
			return err
		}
		err = tx.Save(&row).Error
		if store.IsDuplicate(err) {
			d = stored
			return &surveys.Error{Kind: surveys.Conflict, Op: op, Message: "The next version of this survey is being written in another draft."}
		}
		return err
	})
	return d, err
}
