package ideas

import (
	"context"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

// List returns all ideas, the oldest first: those that wait, are hidden or merged too.
func List(ctx context.Context, s *store.Store) ([]Idea, error) {
	db := s.Read(ctx)
	return load(db, db)
}

// ByID returns one idea; NotFound if there is none.
func ByID(ctx context.Context, s *store.Store, id ID) (Idea, error) {
	db := s.Read(ctx)
	return one(db, db.Where("id = ?", id), id)
}

func one(db, query *gorm.DB, id ID) (Idea, error) {
	list, err := load(db, query)
	if err != nil {
		return Idea{}, err
	}
	if len(list) == 0 {
		return Idea{}, &surveys.Error{Kind: surveys.NotFound, Op: "ideas", Message: fmt.Sprintf("There is no idea %d.", id)}
	}
	return list[0], nil
}

// Suggest stores what somebody typed, at the given place. Every fault is told at once, under title, text, name, department
// and language. The same words sent twice on a day are one idea, so that a second click or a reload does no harm.
func Suggest(ctx context.Context, s *store.Store, typed Suggestion, place Place, today surveys.Day) (Idea, error) {
	const op = "ideas: suggest"
	typed.tidy()
	made := Idea{Title: typed.Title, Text: typed.Text, Language: typed.Language, Signed: typed.Signed, On: today, Place: place}
	err := s.Transact(ctx, op, func(tx *gorm.DB) error {
		faults := typed.faults()
		all, err := people.DepartmentsIn(tx)
		if err != nil {
			return err
		}
		kept, ok := keptUnder(Offers(all), typed.Department, typed.Signed != "")
		if !ok {
			faults = append(faults, surveys.Fault{Path: "department", Code: FaultUnknown, Detail: fmt.Sprintf("there is no department %d", typed.Department)})
		}
		if err := surveys.Refusal(op, faults); err != nil {
			return err
		}
		made.ID, made.Department = 0, kept
		row := made.row()
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
			return err
		}
		if err := tx.Where("digest = ?", row.Digest).Take(&row).Error; err != nil {
			return err
		}
		made = row.idea()
		return nil
	})
	if err != nil {
		return Idea{}, err
	}
	return made, nil
}
