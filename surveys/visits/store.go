package visits

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

// ByID returns one visit; NotFound if there is none.
func ByID(ctx context.Context, s *store.Store, id ID) (Visit, error) { return one(s.Read(ctx), id) }

func one(db *gorm.DB, id ID) (Visit, error) {
	list, err := load(db, "id = ?", id)
	if err == nil && len(list) == 0 {
		err = &surveys.Error{Kind: surveys.NotFound, Op: "visits", Message: fmt.Sprintf("there is no visit %d", id)}
	}
	if err != nil {
		return Visit{}, err
	}
	return list[0], nil
}

// List returns all visits, the earliest first.
func List(ctx context.Context, s *store.Store) ([]Visit, error) { return load(s.Read(ctx)) }

// Of returns the visits that somebody goes to or has something to follow up from, by the e-mail address, from a day on.
func Of(ctx context.Context, s *store.Store, email string, from surveys.Day) ([]Visit, error) {
	return load(s.Read(ctx), "(day >= ? AND id IN (SELECT visit_id FROM visit_associates WHERE name = ?)) OR id IN (SELECT visit_id FROM visit_followups WHERE owner = ? AND done = '')",
		from, email, email)
}

// Create stores a new visit that is planned or done. Every fault is told at once, under department, day, start, minutes,
// place, associates, purpose, state, heard, helped, change, followups, and text, owner and due of followups[N]. today is
// the organisation's.
func Create(ctx context.Context, s *store.Store, v Visit, stamp surveys.Stamp, today surveys.Day) (Visit, error) {
	const op = "visits: create"
	v.tidy()
	v.ID, v.Version, v.Saved, v.Reason = 0, 1, stamp, ""
	v.number(nil)
	faults := v.faults(nil, today)
	if v.State == CalledOff {
		faults = append(faults, surveys.NewFault("state", FaultUnknown, "a visit begins as planned or done"))
	}
	var made Visit
	err := s.Transact(ctx, op, func(tx *gorm.DB) error {
		made = v
		made.UID = newUID()
		made.FollowUps = slices.Clone(v.FollowUps)
		more, err := placeFaults(tx, &made, nil)
		if err != nil {
			return err
		}
		if err := surveys.Refusal(op, append(more, faults...)); err != nil {
			return err
		}
		row := made.row()
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		made.ID = row.ID
		return errors.Join(writeAssociates(tx, &made), writeFollowUps(tx, &made))
	})
	if err != nil {
		return Visit{}, err
	}
	return made, nil
}

func newUID() string {
	b := make([]byte, 16)
	rand.Read(b) // never fails; it ends the program when the system has no randomness
	return hex.EncodeToString(b)
}

// Save stores what was typed about a visit; ID and Version say which it was made from. A follow-up keeps its Number, and
// what was ticked off stays so. A planned visit may be saved as done or called off, a done one as nothing else, and one
// that was called off stays that. If somebody has saved it since, nothing is stored: the error is a Conflict, and what is
// stored is returned with it. Faults as for Create, and reason.
func Save(ctx context.Context, s *store.Store, typed Visit, stamp surveys.Stamp, today surveys.Day) (Visit, error) {
	const op = "visits: save"
	typed.tidy()
	return write(ctx, s, op, typed.ID, func(tx *gorm.DB, v *Visit) error {
		if v.Version != typed.Version {
			return &surveys.Error{Kind: surveys.Conflict, Op: op, Message: "Somebody else has saved this visit since you opened it."}
		}
		before := *v
		next := typed
		next.FollowUps = slices.Clone(typed.FollowUps)
		next.UID, next.Version, next.Saved = v.UID, v.Version+1, stamp
		next.number(&before)
		faults, err := placeFaults(tx, &next, &before)
		if err != nil {
			return err
		}
		if before.State != Planned && next.State != before.State {
			faults = append(faults, surveys.NewFault("state", FaultUnknown, "is "+string(before.State)+" already"))
		}
		if err := surveys.Refusal(op, append(faults, next.faults(&before, today)...)); err != nil {
			return err
		}
		*v = next
		row := v.row()
		return errors.Join(tx.Save(&row).Error, writeAssociates(tx, v), writeFollowUps(tx, v))
	})
}

// Tick says that a follow-up was done on a day, or, with no day, that it is open again. Ticking twice is harmless and
// conflicts with nobody's edits.
func Tick(ctx context.Context, s *store.Store, id ID, number int, done surveys.Day) (Visit, error) {
	const op = "visits: tick"
	return write(ctx, s, op, id, func(tx *gorm.DB, v *Visit) error {
		at := v.followUp(number)
		if at < 0 {
			return &surveys.Error{Kind: surveys.NotFound, Op: op, Message: "There is no such follow-up any more."}
		}
		if f := &v.FollowUps[at]; f.Open() != (done == "") {
			f.Done = done
			return tx.Model(&followUpRow{}).Where("visit_id = ? AND number = ?", id, number).Update("done", done).Error
		}
		return nil
	})
}

// Add appends a follow-up to a visit. Faults are under text, owner and due.
func Add(ctx context.Context, s *store.Store, id ID, f FollowUp) (Visit, error) {
	const op = "visits: add follow-up"
	f.Number, f.Done = 0, ""
	return write(ctx, s, op, id, func(tx *gorm.DB, v *Visit) error {
		f := f
		next := *v
		f.Text, f.Owner = strings.Join(strings.Fields(f.Text), " "), tidyName(f.Owner)
		faults := f.faults("", v, nil)
		for i := range faults {
			faults[i].Path = strings.TrimPrefix(faults[i].Path, ".")
		}
		if len(v.FollowUps) >= MostFollowUps {
			faults = append(faults, surveys.NewFault("text", FaultTooMany, "are too many", "limit", fmt.Sprint(MostFollowUps)))
		}
		if err := surveys.Refusal(op, faults); err != nil {
			return err
		}
		next.FollowUps = append(slices.Clone(v.FollowUps), f)
		*v = next
		return writeFollowUps(tx, v)
	})
}

// write applies something to a visit that is locked meanwhile. With an error it returns what is stored.
func write(ctx context.Context, s *store.Store, op string, id ID, apply func(tx *gorm.DB, v *Visit) error) (Visit, error) {
	var after Visit
	err := s.Transact(ctx, op, func(tx *gorm.DB) error {
		if err := store.ForUpdate(tx).Select("id").Take(&visitRow{}, "id = ?", id).Error; err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
			return err
		}
		v, err := one(tx, id)
		if err != nil {
			return err
		}
		err = apply(tx, &v)
		after = v
		return err
	})
	if err == nil {
		return after, nil
	}
	stored, lookup := ByID(ctx, s, id)
	if lookup != nil {
		return Visit{}, err
	}
	return stored, err
}

// number gives the follow-ups the numbers and ticks that are stored; what claims another number is new.
func (v *Visit) number(before *Visit) {
	for i := range v.FollowUps {
		f, at := &v.FollowUps[i], -1
		if before != nil && f.Number > 0 && !slices.ContainsFunc(v.FollowUps[:i], func(b FollowUp) bool { return b.Number == f.Number }) {
			at = before.followUp(f.Number)
		}
		if at < 0 {
			f.Number, f.Done = 0, ""
			continue
		}
		f.Done = before.FollowUps[at].Done
	}
}

// placeFaults finds a department or change that is not there, or a department that is archived and was not chosen before.
func placeFaults(tx *gorm.DB, v, before *Visit) (faults surveys.Faults, err error) {
	if v.Department == 0 {
		faults = append(faults, surveys.NewFault("department", FaultRequired, "choose a department"))
	} else {
		var known []surveys.DepartmentID
		if before != nil {
			known = append(known, before.Department)
		}
		if faults, err = people.ChosenFaults(tx, "department", []surveys.DepartmentID{v.Department}, known); err != nil {
			return nil, err
		}
	}
	if v.Change != 0 {
		var n int64
		if err := tx.Table("changes").Where("id = ?", v.Change).Count(&n).Error; err != nil {
			return nil, err
		}
		if n == 0 {
			faults = append(faults, surveys.NewFault("change", FaultUnknown, fmt.Sprintf("there is no change %d", v.Change)))
		}
	}
	return faults, nil
}
