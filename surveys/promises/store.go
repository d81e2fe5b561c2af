package promises

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/languages"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

// ByID returns one promise; NotFound if there is none.
func ByID(ctx context.Context, s *store.Store, id ID) (Promise, error) {
	db := s.Read(ctx)
	return one(db, db.Where("id = ?", id), id)
}

func one(db, query *gorm.DB, id ID) (Promise, error) {
	list, err := load(db, query)
	if err == nil && len(list) == 0 {
		err = &surveys.Error{Kind: surveys.NotFound, Op: "promises", Message: fmt.Sprintf("there is no promise %d", id)}
	}
	if err != nil {
		return Promise{}, err
	}
	return list[0], nil
}

// List returns all promises, the oldest first.
func List(ctx context.Context, s *store.Store) ([]Promise, error) {
	db := s.Read(ctx)
	return load(db, db)
}

// Make stores a new promise with the first entry of its history: Kept for what IT did, Open for what it will do, Declined
// for what it will not. Every fault is told at once, under said, answer, language, source, owner, departments, change, and
// state, on, due and note of the entry. today is the organisation's.
func Make(ctx context.Context, s *store.Store, p Promise, first Entry, stamp surveys.Stamp, today surveys.Day) (Promise, error) {
	const op = "promises: make"
	p.tidy()
	first.tidy(stamp, today)
	p.ID, p.Version, p.Saved, p.History, p.Translations = 0, 1, stamp, nil, nil
	faults := append(p.faults(), entryFaults(nil, first, today)...)
	var made Promise
	err := s.Transact(ctx, op, func(tx *gorm.DB) error {
		made = p
		more, err := placeFaults(tx, &made, nil)
		if err != nil {
			return err
		}
		if err := surveys.Refusal(op, append(slices.Clone(faults), more...)); err != nil {
			return err
		}
		row := made.row()
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		made.ID = row.ID
		return errors.Join(writeDepartments(tx, &made), appendEntry(tx, &made, first))
	})
	if err != nil {
		return Promise{}, err
	}
	return made, nil
}

// Save stores what was typed about a promise; ID and Version say which it was made from. History and translations stay. If
// somebody has saved it since, nothing is stored: the error is a Conflict, and what is stored is returned with it.
func Save(ctx context.Context, s *store.Store, typed Promise, stamp surveys.Stamp) (Promise, error) {
	const op = "promises: save"
	typed.tidy()
	return write(ctx, s, op, typed.ID, typed.Version, stamp, func(tx *gorm.DB, p *Promise) error {
		before, next := *p, typed
		next.History, next.Translations = p.History, p.Translations
		more, err := placeFaults(tx, &next, &before)
		if err != nil {
			return err
		}
		if err := surveys.Refusal(op, append(next.faults(), more...)); err != nil {
			return err
		}
		*p = next
		return writeDepartments(tx, p)
	})
}

// Step appends an entry to the history: it was kept, broken or declined on a day, or, Open, it has a new due day. The days
// before stay in the history. Faults are under state, on, due and note; conflicts as for Save.
func Step(ctx context.Context, s *store.Store, id ID, version int, e Entry, stamp surveys.Stamp, today surveys.Day) (Promise, error) {
	const op = "promises: step"
	e.tidy(stamp, today)
	return write(ctx, s, op, id, version, stamp, func(tx *gorm.DB, p *Promise) error {
		if err := surveys.Refusal(op, entryFaults(p.History, e, today)); err != nil {
			return err
		}
		return appendEntry(tx, p, e)
	})
}

// Translate stores the text in one more language, or takes it out where the text is empty altogether. Faults and conflicts
// as for Save.
func Translate(ctx context.Context, s *store.Store, id ID, version int, lang string, t Text, stamp surveys.Stamp) (Promise, error) {
	const op = "promises: translate"
	t.tidy()
	return write(ctx, s, op, id, version, stamp, func(tx *gorm.DB, p *Promise) error {
		faults := append(t.faults(), languages.Faults("language", lang)...)
		if lang == p.Language {
			faults = append(faults, surveys.NewFault("language", FaultOriginal, "is the language the promise is written in"))
		}
		if t != (Text{}) && len(faults) > 0 {
			return surveys.Refusal(op, faults)
		}
		if err := tx.Delete(&textRow{}, "promise_id = ? AND language = ?", id, lang).Error; err != nil || t == (Text{}) {
			return err
		}
		row := textRow{id, lang, t.Said, t.Answer, p.Text.digest()}
		return tx.Create(&row).Error
	})
}

// write applies a change to the given version and stores it as the next. With an error it returns what is stored.
func write(ctx context.Context, s *store.Store, op string, id ID, version int, stamp surveys.Stamp, apply func(tx *gorm.DB, p *Promise) error) (Promise, error) {
	err := s.Transact(ctx, op, func(tx *gorm.DB) error {
		p, err := one(tx, store.ForUpdate(tx).Where("id = ?", id), id)
		if err != nil {
			return err
		}
		if p.Version != version {
			return &surveys.Error{Kind: surveys.Conflict, Op: op, Message: "Somebody else has saved this promise since you opened it."}
		}
		if err := apply(tx, &p); err != nil {
			return err
		}
		p.ID, p.Version, p.Saved = id, version+1, stamp
		row := p.row()
		return tx.Save(&row).Error
	})
	stored, lookup := ByID(ctx, s, id)
	if err != nil {
		return stored, err
	}
	return stored, lookup
}

// placeFaults finds departments, a change and a source that are not there. What was archived or taken away since it was
// named does not keep anybody from mending a word.
func placeFaults(tx *gorm.DB, p, before *Promise) (surveys.Faults, error) {
	var known []surveys.DepartmentID
	if before != nil {
		known = before.Departments
	}
	faults, err := people.ChosenFaults(tx, "departments", p.Departments, known)
	if err != nil {
		return nil, err
	}
	if p.Change != 0 && (before == nil || before.Change != p.Change) {
		there, err := exists(tx, "changes", "id = ?", p.Change)
		if err != nil {
			return nil, err
		}
		if !there {
			faults = append(faults, surveys.NewFault("change", FaultUnknown, "there is no such change"))
		}
	}
	if before != nil && before.Source.Kind == p.Source.Kind && before.Source.Ref == p.Source.Ref {
		return faults, nil
	}
	there, err := p.Source.there(tx)
	if err == nil && !there {
		faults = append(faults, surveys.NewFault("source", FaultGone, "is not there"))
	}
	return faults, err
}

// there reports whether the thing exists.
func (s Source) there(tx *gorm.DB) (bool, error) {
	switch s.Kind {
	case Theme:
		return exists(tx, "tags", "name = ?", s.Ref)
	case Item:
		return exists(tx, "question_versions", "question_id = ?", s.Ref)
	case Visit:
		return exists(tx, "visits", "uid = ?", s.Ref)
	case Idea:
		id, err := strconv.ParseInt(s.Ref, 10, 64)
		if err != nil {
			return false, nil
		}
		return exists(tx, "ideas", "id = ?", id)
	case Decision:
		return exists(tx, "decisions", "name = ?", s.Ref)
	}
	return true, nil
}

func exists(tx *gorm.DB, table string, where ...any) (bool, error) {
	var n int64
	err := tx.Table(table).Where(where[0], where[1:]...).Limit(1).Count(&n).Error
	return n > 0, err
}

// About lists the promises about a change, the oldest first.
func About(list []Promise, change changes.ID) (some []Promise) {
	for _, p := range list {
		if p.Change == change {
			some = append(some, p)
		}
	}
	return some
}
