package ideas

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

// Answer appends a reply; seen is how many there were when it was written. If somebody has replied since, nothing is stored:
// the error is a Conflict. With an error, what is stored is returned. Faults are under status and reply.
func Answer(ctx context.Context, s *store.Store, id ID, seen int, r Reply) (Idea, error) {
	err := s.Transact(ctx, "ideas: reply", func(tx *gorm.DB) error { return AnswerIn(tx, id, seen, r) })
	stored, lookup := ByID(ctx, s, id)
	if err != nil {
		return stored, err
	}
	return stored, lookup
}

// AnswerIn is Answer within a transaction.
func AnswerIn(tx *gorm.DB, id ID, seen int, r Reply) error {
	const op = "ideas: reply"
	r.Text = strings.TrimSpace(r.Text)
	i, err := locked(tx, id)
	if err != nil {
		return err
	}
	if len(i.Replies) != seen {
		return &surveys.Error{Kind: surveys.Conflict, Op: op, Message: "Somebody else has replied to this idea since you opened it."}
	}
	if err := surveys.Refusal(op, r.faults()); err != nil {
		return err
	}
	return appendReply(tx, &i, r)
}

// locked reads an idea that stands by itself, and keeps it from others until the transaction ends.
func locked(tx *gorm.DB, id ID) (Idea, error) {
	i, err := one(tx, store.ForUpdate(tx).Where("id = ?", id), id)
	if err == nil && i.MergedInto != 0 {
		err = &surveys.Error{Kind: surveys.Conflict, Op: "ideas", Message: "This idea has been merged into another. Please look at that one."}
	}
	return i, err
}

func appendReply(tx *gorm.DB, i *Idea, r Reply) error {
	row := replyRow{i.ID, len(i.Replies) + 1, r.Status, r.Text, r.On, r.Said.By, r.Said.At.UTC()}
	return tx.Create(&row).Error
}

// Hide takes an idea off the board, or keeps it from there; the reason is for IT only. A fault is under reason.
func Hide(tx *gorm.DB, id ID, reason string) error {
	reason = strings.TrimSpace(reason)
	if err := surveys.Refusal("ideas: hide", surveys.TextFaults("reason", reason, LongestReason, true)); err != nil {
		return err
	}
	return put(tx, id, Hidden, reason)
}

// Show puts an idea on the board.
func Show(tx *gorm.DB, id ID) error { return put(tx, id, Shown, "") }

func put(tx *gorm.DB, id ID, place Place, reason string) error {
	if _, err := locked(tx, id); err != nil {
		return err
	}
	return tx.Model(&ideaRow{}).Where("id = ?", id).Updates(map[string]any{"place": place, "reason": reason}).Error
}

// Merge makes an idea, and all that was merged into it, part of another, which is shown in their place with the supporters
// of all: a browser that supports two of them is counted for both, because nothing can tell that it is one. A fault is under
// into.
func Merge(tx *gorm.DB, id, into ID) error {
	const op = "ideas: merge"
	no := surveys.Refusal(op, surveys.Faults{surveys.NewFault("into", FaultSelf, "must be another idea that is not merged itself")})
	if id == into {
		return no
	}
	ids := []ID{id, into}
	slices.Sort(ids) // the same order of locks for all
	for _, one := range ids {
		_, err := locked(tx, one)
		if kind := surveys.KindOf(err); err != nil && one == into && (kind == surveys.NotFound || kind == surveys.Conflict) {
			return no
		}
		if err != nil {
			return err
		}
	}
	return tx.Model(&ideaRow{}).Where("id = ? OR merged_into = ?", id, id).Update("merged_into", into).Error
}

// Separate undoes a merge for one idea.
func Separate(tx *gorm.DB, id ID) error {
	return tx.Model(&ideaRow{}).Where("id = ?", id).Update("merged_into", 0).Error
}

// Move gives an idea another department, or none. An anonymous one cannot be moved to where so few people work that it
// would tell who wrote it. A fault is under department.
func Move(tx *gorm.DB, id ID, department surveys.DepartmentID) error {
	const op = "ideas: move"
	i, err := locked(tx, id)
	if err != nil {
		return err
	}
	all, err := people.DepartmentsIn(tx)
	if err != nil {
		return err
	}
	kept, ok := keptUnder(Offers(all), department, i.Signed != "")
	switch {
	case !ok:
		return surveys.Refusal(op, surveys.Faults{surveys.NewFault("department", FaultUnknown, fmt.Sprintf("there is no department %d", department))})
	case kept != department:
		return surveys.Refusal(op, surveys.Faults{surveys.NewFault("department", FaultSmall, "has so few people that an anonymous idea would tell who wrote it")})
	}
	return tx.Model(&ideaRow{}).Where("id = ?", id).Update("department_id", department).Error
}

// Promoted remembers, within the transaction that creates a change, that an idea became it: the idea is adopted, and the
// change keeps its credit. Conflict where it has become one already.
func Promoted(id ID, on surveys.Day, stamp surveys.Stamp) changes.Also {
	return func(tx *gorm.DB, change changes.ID) error {
		i, err := locked(tx, id)
		if err != nil {
			return err
		}
		if i.Change != 0 {
			return &surveys.Error{Kind: surveys.Conflict, Op: "ideas: promote", Message: "This idea has become a change already."}
		}
		if err := tx.Model(&ideaRow{}).Where("id = ?", id).Update("change_id", change).Error; err != nil {
			return err
		}
		return appendReply(tx, &i, Reply{Status: Adopted, On: on, Said: stamp})
	}
}

// Credit is who suggested a change.
type Credit struct {
	Departments []surveys.DepartmentID // in ascending order
	Elsewhere   bool                   // somebody whose department is not known too
}

// Credits tells who suggested the changes that were ideas first: the departments of the idea and of those merged into it.
func Credits(ctx context.Context, s *store.Store) (map[changes.ID]Credit, error) {
	var rows []ideaRow
	if err := s.Read(ctx).Where("change_id <> 0 OR merged_into <> 0").Find(&rows).Error; err != nil {
		return nil, store.Translate("ideas: credits", err)
	}
	became := map[ID]changes.ID{}
	for _, r := range rows {
		if r.ChangeID != 0 {
			became[r.ID] = r.ChangeID
		}
	}
	credits := map[changes.ID]Credit{}
	for _, r := range rows {
		of := became[r.ID]
		if of == 0 {
			of = became[r.MergedInto]
		}
		if of == 0 || r.Place == Hidden {
			continue
		}
		c := credits[of]
		if r.DepartmentID == 0 {
			c.Elsewhere = true
		} else {
			c.Departments = append(c.Departments, r.DepartmentID)
			slices.Sort(c.Departments)
			c.Departments = slices.Compact(c.Departments)
		}
		credits[of] = c
	}
	return credits, nil
}
