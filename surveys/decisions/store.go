package decisions

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/document"
	"soundings/surveys/drafts"
	"soundings/surveys/languages"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

// ByID returns one decision; NotFound if there is none.
func ByID(ctx context.Context, s *store.Store, id ID) (Decision, error) {
	db := s.Read(ctx)
	return one(db, db.Where("id = ?", id), id)
}

func one(db, query *gorm.DB, id ID) (Decision, error) {
	list, err := load(db, query)
	if err == nil && len(list) == 0 {
		err = &surveys.Error{Kind: surveys.NotFound, Op: "decisions", Message: fmt.Sprintf("there is no decision %d", id)}
	}
	if err != nil {
		return Decision{}, err
	}
	return list[0], nil
}

// List returns all decisions, the oldest first.
func List(ctx context.Context, s *store.Store) ([]Decision, error) {
	db := s.Read(ctx)
	return load(db, db)
}

// Of returns the decisions of a change, the oldest first.
func Of(ctx context.Context, s *store.Store, change changes.ID) ([]Decision, error) {
	db := s.Read(ctx)
	return load(db, db.Where("change_id = ?", change))
}

// WasAsked reports whether a wave has asked the question of a decision.
func WasAsked(db *gorm.DB, question string) (bool, error) {
	var n int64
	err := db.Table("waves").Joins("JOIN question_versions v ON v.questionnaire_id = waves.questionnaire_id").
		Where("v.question_id = ?", question).Limit(1).Count(&n).Error
	return n > 0, store.Translate("decisions: asked", err)
}

// Add stores a new decision of the change that it names. Without a Name it gets one made of its title. Every
// fault is told at once, under kind, title, about, language, options, options[N], departments, change and name. today is the
// organisation's.
func Add(ctx context.Context, s *store.Store, d Decision, stamp surveys.Stamp, today surveys.Day) (Decision, error) {
	const op = "decisions: add"
	d.tidy()
	d.ID, d.Version, d.Saved, d.History, d.Translations = 0, 1, stamp, nil, nil
	faults := d.faults(nil, today)
	var made Decision
	err := s.Transact(ctx, op, func(tx *gorm.DB) error {
		made = d
		more, err := placeFaults(tx, &made, nil)
		if err != nil {
			return err
		}
		if err := surveys.Refusal(op, append(slices.Clone(faults), more...)); err != nil {
			return err
		}
		if err := made.name(tx); err != nil {
			return err
		}
		row, err := made.row()
		if err != nil {
			return err
		}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		made.ID = row.ID
		return errors.Join(writeDepartments(tx, &made), appendEntry(tx, &made, Entry{State: Open, On: today, Said: stamp}))
	})
	if err != nil {
		return Decision{}, err
	}
	return made, nil
}

// name makes a name that no other decision has, and whose question no survey asks already. One that is given stays: surveys
// may ask it by that name, in an installation that is brought over.
func (d *Decision) name(tx *gorm.DB) error {
	var taken, asked []string
	if err := tx.Model(&decisionRow{}).Pluck("name", &taken).Error; err != nil {
		return err
	}
	if d.Name != "" {
		if slices.Contains(taken, d.Name) {
			return surveys.Refusal("decisions: add", surveys.Faults{surveys.NewFault("name", FaultTaken, "belongs to another decision")})
		}
		return nil
	}
	if err := tx.Table("question_versions").Where("question_id LIKE ?", questionPrefix+"%").Distinct().Pluck("question_id", &asked).Error; err != nil {
		return err
	}
	d.Name = document.Numbered(document.NameOf(d.Title), string(d.Kind), func(name string) bool {
		return slices.Contains(taken, name) || slices.Contains(asked, questionPrefix+name)
	})
	return nil
}

// Save stores what was typed about a decision; ID and Version say which it was made from. Name, change, history and
// translations stay; kind and options, too, once a wave has asked it. If somebody has saved it since, nothing is stored: the
// error is a Conflict, and what is stored is returned with it.
func Save(ctx context.Context, s *store.Store, typed Decision, stamp surveys.Stamp, today surveys.Day) (Decision, error) {
	const op = "decisions: save"
	typed.tidy()
	return write(ctx, s, op, typed.ID, typed.Version, stamp, func(tx *gorm.DB, d *Decision) error {
		before, next := *d, typed
		next.Name, next.Change, next.History, next.Translations = d.Name, d.Change, d.History, d.Translations
		faults, err := placeFaults(tx, &next, &before)
		if err != nil {
			return err
		}
		asked, err := WasAsked(tx, d.Question())
		if err != nil {
			return err
		}
		if asked && !sameOptions(&next, &before) {
			faults = append(faults, surveys.NewFault("options", FaultAsked, "people were asked with the options as they are"))
		}
		if err := surveys.Refusal(op, append(next.faults(&before, today), faults...)); err != nil {
			return err
		}
		*d = next
		return writeDepartments(tx, d)
	})
}

// Ask writes down that the decision has become a question of the survey of this title. Conflicts as for Save; also where it
// was withdrawn.
func Ask(ctx context.Context, s *store.Store, id ID, version int, survey string, stamp surveys.Stamp, today surveys.Day) (Decision, error) {
	return write(ctx, s, opAsk, id, version, stamp, func(tx *gorm.DB, d *Decision) error { return d.ask(tx, survey, stamp, today) })
}

// AskedBy is Ask within the transaction that puts the question into a draft: there is no draft of what is not asked.
func AskedBy(id ID, version int, stamp surveys.Stamp, today surveys.Day) drafts.Also {
	return func(tx *gorm.DB, draft *drafts.Draft) error {
		return writeIn(tx, opAsk, id, version, stamp, func(tx *gorm.DB, d *Decision) error {
			title, _ := draft.Document.TitleIn(d.Language)
			return d.ask(tx, cmp.Or(title, d.Title), stamp, today)
		})
	}
}

const opAsk = "decisions: ask"

func (d *Decision) ask(tx *gorm.DB, survey string, stamp surveys.Stamp, today surveys.Day) error {
	if d.Now().State == Withdrawn {
		return &surveys.Error{Kind: surveys.Conflict, Op: opAsk, Message: "This decision has been withdrawn."}
	}
	return appendEntry(tx, d, Entry{State: Asked, On: max(today, d.Now().On), Words: survey, Said: stamp})
}

// Decide appends an outcome to the history, for a department or for all. Where no wave has asked, it has to say that it was
// decided Unasked. Faults are under outcome, words, department, unasked, reason and on; conflicts as for Save.
func Decide(ctx context.Context, s *store.Store, id ID, version int, e Entry, stamp surveys.Stamp, today surveys.Day) (Decision, error) {
	const op = "decisions: decide"
	e.tidy(stamp)
	return write(ctx, s, op, id, version, stamp, func(tx *gorm.DB, d *Decision) error {
		asked, err := WasAsked(tx, d.Question())
		if err != nil {
			return err
		}
		faults := d.outcomeFaults(e, asked, today)
		if e.Department != 0 {
			more, err := d.departmentFaults(tx, "department", []surveys.DepartmentID{e.Department}, nil)
			if err != nil {
				return err
			}
			faults = append(faults, more...)
		}
		if err := surveys.Refusal(op, faults); err != nil {
			return err
		}
		entry := e
		entry.Unasked = !asked
		return appendEntry(tx, d, entry)
	})
}

// Withdraw takes a decision away from the departments, for a reason. Conflicts as for Save.
func Withdraw(ctx context.Context, s *store.Store, id ID, version int, reason string, stamp surveys.Stamp, today surveys.Day) (Decision, error) {
	const op = "decisions: withdraw"
	reason = strings.TrimSpace(reason)
	return write(ctx, s, op, id, version, stamp, func(tx *gorm.DB, d *Decision) error {
		faults := surveys.TextFaults("why", reason, LongestReason, true)
		if d.Now().State == Withdrawn {
			faults = surveys.Faults{surveys.NewFault("why", FaultEnded, "it is withdrawn already")}
		}
		if err := surveys.Refusal(op, faults); err != nil {
			return err
		}
		return appendEntry(tx, d, Entry{State: Withdrawn, On: max(today, d.Now().On), Reason: reason, Said: stamp})
	})
}

// Translate stores the text in one more language, or takes it out where the text is empty altogether. Faults are under title,
// about, options[N] and language; conflicts as for Save.
func Translate(ctx context.Context, s *store.Store, id ID, version int, lang string, t Text, stamp surveys.Stamp) (Decision, error) {
	const op = "decisions: translate"
	return write(ctx, s, op, id, version, stamp, func(tx *gorm.DB, d *Decision) error {
		t := t
		t.tidy(d)
		faults := append(t.faults(d), languages.Faults("language", lang)...)
		if lang == d.Language {
			faults = append(faults, surveys.NewFault("language", FaultOriginal, "is the language the decision is written in"))
		}
		if !t.empty() && len(faults) > 0 {
			return surveys.Refusal(op, faults)
		}
		if err := tx.Delete(&textRow{}, "decision_id = ? AND language = ?", id, lang).Error; err != nil || t.empty() {
			return err
		}
		options, err := json.Marshal(t.Options)
		if err != nil {
			return &surveys.Error{Kind: surveys.Internal, Op: op, Err: err}
		}
		row := textRow{id, lang, t.Title, t.About, string(options), d.digest()}
		return tx.Create(&row).Error
	})
}

// write applies a change to the given version and stores it as the next. With an error it returns what is stored.
func write(ctx context.Context, s *store.Store, op string, id ID, version int, stamp surveys.Stamp, apply func(tx *gorm.DB, d *Decision) error) (Decision, error) {
	err := s.Transact(ctx, op, func(tx *gorm.DB) error { return writeIn(tx, op, id, version, stamp, apply) })
	stored, lookup := ByID(ctx, s, id)
	if err != nil {
		return stored, err
	}
	return stored, lookup
}

func writeIn(tx *gorm.DB, op string, id ID, version int, stamp surveys.Stamp, apply func(tx *gorm.DB, d *Decision) error) error {
	d, err := one(tx, store.ForUpdate(tx).Where("id = ?", id), id)
	if err != nil {
		return err
	}
	if d.Version != version {
		return &surveys.Error{Kind: surveys.Conflict, Op: op, Message: "Somebody else has saved this decision since you opened it."}
	}
	if err := apply(tx, &d); err != nil {
		return err
	}
	d.ID, d.Version, d.Saved = id, version+1, stamp
	row, err := d.row()
	if err != nil {
		return err
	}
	return tx.Save(&row).Error
}

// placeFaults finds a change and departments that are not there. What was archived, or is no longer concerned, since it was
// named does not keep anybody from mending a word.
func placeFaults(tx *gorm.DB, d, before *Decision) (surveys.Faults, error) {
	var known []surveys.DepartmentID
	if before != nil {
		known = before.Departments
	}
	return d.departmentFaults(tx, "departments", d.Departments, known)
}

// departmentFaults finds the first department that cannot decide this and is not known to be among those who do.
func (d *Decision) departmentFaults(tx *gorm.DB, path string, list, known []surveys.DepartmentID) (surveys.Faults, error) {
	everybody, concerned, err := changes.ConcernedIn(tx, d.Change)
	if surveys.KindOf(err) == surveys.NotFound {
		return surveys.Faults{surveys.NewFault("change", FaultUnknown, "there is no such change")}, nil
	}
	if err != nil {
		return nil, err
	}
	all, err := people.DepartmentsIn(tx)
	if err != nil {
		return nil, err
	}
	for _, id := range list {
		if slices.Contains(known, id) {
			continue
		}
		at := slices.IndexFunc(all, func(d surveys.Department) bool { return d.ID == id })
		switch {
		case at < 0:
			return surveys.Faults{surveys.NewFault(path, FaultUnknown, fmt.Sprintf("there is no department %d", id))}, nil
		case all[at].Archived:
			return surveys.Faults{surveys.NewFault(path, FaultArchived, all[at].Name+" is archived", "department", all[at].Name)}, nil
		case !everybody && !slices.Contains(concerned, id):
			return surveys.Faults{surveys.NewFault(path, FaultElsewhere, all[at].Name+" is not concerned by the change", "department", all[at].Name)}, nil
		}
	}
	return nil, nil
}
