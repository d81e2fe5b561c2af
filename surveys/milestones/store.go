package milestones

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/visits"
)

// ByID returns one milestone; NotFound if there is none.
func ByID(ctx context.Context, s *store.Store, id ID) (Milestone, error) { return one(s.Read(ctx), id) }

func one(db *gorm.DB, id ID) (Milestone, error) {
	list, err := load(db, "id = ?", id)
	if err == nil && len(list) == 0 {
		err = &surveys.Error{Kind: surveys.NotFound, Op: "milestones", Message: fmt.Sprintf("there is no milestone %d", id)}
	}
	if err != nil {
		return Milestone{}, err
	}
	return list[0], nil
}

// List returns all milestones, those withdrawn too, the oldest first.
func List(ctx context.Context, s *store.Store) ([]Milestone, error) { return load(s.Read(ctx)) }

// Add stores a new milestone with its first target. One that was withdrawn is taken up again: its history goes on. Every
// fault is told at once, under quarter, department, measure, target, owner and note. today is the organisation's.
func Add(ctx context.Context, s *store.Store, m Milestone, target int, stamp surveys.Stamp, today surveys.Day) (Milestone, error) {
	const op = "milestones: add"
	var made Milestone
	err := s.Transact(ctx, op, func(tx *gorm.DB) (err error) {
		made, err = addIn(tx, op, m, target, stamp, today)
		return err
	})
	if store.IsDuplicate(err) { // somebody was faster by a moment
		err = surveys.Refusal(op, surveys.Faults{taken()})
	}
	if err != nil {
		return Milestone{}, err
	}
	return made, nil
}

func taken() surveys.Fault {
	return surveys.NewFault("measure", FaultTaken, "has a milestone in this quarter already")
}

func addIn(tx *gorm.DB, op string, m Milestone, target int, stamp surveys.Stamp, today surveys.Day) (Milestone, error) {
	m.tidy()
	m.ID, m.Version, m.Saved, m.History = 0, 1, stamp, nil
	faults := append(m.keyFaults(today), m.faults()...)
	if slices.Contains(Measures(), m.Measure) {
		faults = append(faults, targetFaults(m.Measure, target)...)
	}
	known, err := load(store.ForUpdate(tx), "quarter = ? AND place = ? AND measure = ?", m.Quarter.String(), m.Department, m.Measure)
	if err != nil {
		return Milestone{}, err
	}
	if len(known) > 0 && !known[0].Withdrawn() {
		faults = append(faults, taken())
	}
	if m.Department != 0 {
		found, err := people.ChosenFaults(tx, "department", []surveys.DepartmentID{m.Department}, nil)
		if err != nil {
			return Milestone{}, err
		}
		faults = append(faults, found...)
	}
	if err := surveys.Refusal(op, faults); err != nil {
		return Milestone{}, err
	}
	if len(known) > 0 {
		m.ID, m.Version, m.History = known[0].ID, known[0].Version+1, known[0].History
	}
	row := m.row()
	if err := tx.Save(&row).Error; err != nil {
		return Milestone{}, err
	}
	m.ID = row.ID
	err = appendEntry(tx, &m, Entry{Target: target, On: today, Said: stamp})
	return m, err
}

// Save stores owner, note and target; ID and Version say which milestone it was made from. Another target leaves the old one
// in the history and needs a reason, and is refused once the quarter is over. If somebody has saved it since, nothing is
// stored: the error is a Conflict, and what is stored is returned with it. Faults are under target, reason, owner and note.
func Save(ctx context.Context, s *store.Store, typed Milestone, target int, reason string, stamp surveys.Stamp, today surveys.Day) (Milestone, error) {
	const op = "milestones: save"
	typed.tidy()
	reason = strings.TrimSpace(reason)
	return write(ctx, s, op, typed.ID, typed.Version, stamp, func(tx *gorm.DB, m *Milestone) error {
		faults, other := typed.faults(), target != m.Now().Target
		switch {
		case m.Withdrawn():
			faults = append(faults, surveys.NewFault("target", FaultWithdrawn, "is of a milestone that was withdrawn"))
		case other && m.Quarter.Last() < today:
			faults = append(faults, over("target"))
		case other:
			faults = append(faults, targetFaults(m.Measure, target)...)
			faults = append(faults, surveys.TextFaults("reason", reason, LongestReason, true)...)
		}
		if err := surveys.Refusal(op, faults); err != nil {
			return err
		}
		m.Owner, m.Note = typed.Owner, typed.Note
		if !other {
			return nil
		}
		return appendEntry(tx, m, Entry{target, today, reason, stamp})
	})
}

// Withdraw takes a milestone away, for a reason; its history stays. What a quarter that is over was to reach cannot be
// withdrawn any more. Faults are under reason; conflicts as for Save.
func Withdraw(ctx context.Context, s *store.Store, id ID, version int, reason string, stamp surveys.Stamp, today surveys.Day) (Milestone, error) {
	const op = "milestones: withdraw"
	reason = strings.TrimSpace(reason)
	return write(ctx, s, op, id, version, stamp, func(tx *gorm.DB, m *Milestone) error {
		faults := surveys.TextFaults("reason", reason, LongestReason, true)
		switch {
		case m.Withdrawn():
			faults = surveys.Faults{surveys.NewFault("reason", FaultWithdrawn, "it was withdrawn already")}
		case m.Quarter.Last() < today:
			faults = surveys.Faults{over("reason")}
		}
		if err := surveys.Refusal(op, faults); err != nil {
			return err
		}
		return appendEntry(tx, m, Entry{0, today, reason, stamp})
	})
}

// Copy gives a quarter the milestones of the one before it that keep says yes to, with the targets that held there, and
// returns how many. What the quarter has already, or had and withdrew, stays as it is, so that copying twice is harmless;
// departments that are archived are left out. A quarter that is over is refused, under quarter.
func Copy(ctx context.Context, s *store.Store, to visits.Quarter, keep func(*Milestone) bool, stamp surveys.Stamp, today surveys.Day) (n int, err error) {
	const op = "milestones: copy"
	err = s.Transact(ctx, op, func(tx *gorm.DB) error {
		n = 0
		all, err := load(store.ForUpdate(tx))
		if err != nil {
			return err
		}
		departments, err := people.DepartmentsIn(tx)
		if err != nil {
			return err
		}
		for _, m := range Copyable(all, to, departments) {
			if !keep(&m) {
				continue
			}
			target := m.Holds(today).Target
			m.Quarter = to
			if _, err := addIn(tx, op, m, target, stamp, today); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

// Copyable lists the milestones of the quarter before one that this has no counterpart of, as far as their departments are
// not archived.
func Copyable(all []Milestone, to visits.Quarter, departments []surveys.Department) (some []Milestone) {
	for _, m := range Of(all, to.Previous()) {
		there := slices.ContainsFunc(all, func(o Milestone) bool {
			return o.Quarter == to && o.Department == m.Department && o.Measure == m.Measure
		})
		open := m.Department == 0 || slices.ContainsFunc(departments, func(d surveys.Department) bool { return d.ID == m.Department && !d.Archived })
		if !there && open {
			some = append(some, m)
		}
	}
	return some
}

// write applies a change to the given version and stores it as the next. With an error it returns what is stored.
func write(ctx context.Context, s *store.Store, op string, id ID, version int, stamp surveys.Stamp, apply func(tx *gorm.DB, m *Milestone) error) (Milestone, error) {
	err := s.Transact(ctx, op, func(tx *gorm.DB) error {
		if err := store.ForUpdate(tx).Select("id").Take(&milestoneRow{}, "id = ?", id).Error; err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
			return err
		}
		m, err := one(tx, id)
		if err != nil {
			return err
		}
		if m.Version != version {
			return &surveys.Error{Kind: surveys.Conflict, Op: op, Message: "Somebody else has saved this milestone since you opened it."}
		}
		if err := apply(tx, &m); err != nil {
			return err
		}
		m.Version, m.Saved = version+1, stamp
		row := m.row()
		return tx.Save(&row).Error
	})
	stored, lookup := ByID(ctx, s, id)
	if err != nil {
		return stored, err
	}
	return stored, lookup
}
