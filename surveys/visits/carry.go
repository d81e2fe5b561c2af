package visits

import (
	"errors"
	"fmt"
	"regexp"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/carry"
	"soundings/surveys/changes"
)

// Carried is a visit as it is carried from one installation into another.
type Carried struct {
	UID        string            `json:"uid"`
	Version    int               `json:"version"`
	Department string            `json:"department"`
	Day        surveys.Day       `json:"day"`
	Start      string            `json:"start,omitempty"`
	Minutes    int               `json:"minutes,omitempty"`
	Place      string            `json:"place,omitempty"`
	Associates []string          `json:"associates,omitempty"`
	Purpose    string            `json:"purpose,omitempty"`
	State      State             `json:"state"`
	Reason     string            `json:"reason,omitempty"`
	Heard      string            `json:"heard,omitempty"`
	Helped     string            `json:"helped,omitempty"`
	Change     string            `json:"change,omitempty"`
	FollowUps  []CarriedFollowUp `json:"follow_ups,omitempty"`
	Saved      carry.Stamp       `json:"saved"`
}

// CarriedFollowUp is one of its follow-ups.
type CarriedFollowUp struct {
	Number int         `json:"number"`
	Text   string      `json:"text"`
	Owner  string      `json:"owner,omitempty"`
	Due    surveys.Day `json:"due,omitempty"`
	Done   surveys.Day `json:"done,omitempty"`
}

// Carry returns all visits, the earliest first.
func Carry(tx *gorm.DB, names *carry.Names) ([]Carried, error) {
	list, err := load(tx)
	if err != nil {
		return nil, err
	}
	var entries []Carried
	for _, v := range list {
		entries = append(entries, v.carried(names.Departments.Name(v.Department), names.Changes.Name(int64(v.Change))))
	}
	return entries, nil
}

func (v *Visit) carried(department, change string) Carried {
	e := Carried{v.UID, v.Version, department, v.Day, v.Start, v.Minutes, v.Place, v.Associates, v.Purpose, v.State, v.Reason, v.Heard, v.Helped, change, nil, carry.StampOf(v.Saved)}
	for _, f := range v.FollowUps {
		e.FollowUps = append(e.FollowUps, CarriedFollowUp(f))
	}
	return e
}

// visit is what an entry says, but for its department and change.
func (e *Carried) visit() Visit {
	v := Visit{UID: e.UID, Version: e.Version, Day: e.Day, Start: e.Start, Minutes: e.Minutes, Place: e.Place, Associates: e.Associates, Purpose: e.Purpose, State: e.State, Reason: e.Reason,
		Heard: e.Heard, Helped: e.Helped, Saved: e.Saved.Stamp()}
	for _, f := range e.FollowUps {
		v.FollowUps = append(v.FollowUps, FollowUp(f))
	}
	v.tidy()
	return v
}

// TakeIn stores visits of another installation that are not here, as they were there. They stay the same ones in calendars.
func TakeIn(in *carry.Into, file []Carried) (carry.Report, error) {
	return carry.TakeIn(in, carry.Kind[Carried]{Name: "visits", Here: Carry, Label: func(e *Carried) string { return e.UID }, Tidied: (*Carried).tidied, Enter: enter}, file)
}

func enter(in *carry.Into, e *Carried) (surveys.Faults, func() error, error) {
	v := e.visit()
	change, faults := in.Change("change", e.Change)
	v.Change = changes.ID(change)
	var err error
	v.Department, err = in.Department(e.Department)
	store := func() error {
		row := v.row()
		if err := in.Tx.Create(&row).Error; err != nil {
			return err
		}
		v.ID = row.ID
		return errors.Join(writeAssociates(in.Tx, &v), writeFollowUps(in.Tx, &v))
	}
	return append(faults, e.faults(in, &v)...), store, err
}

// tidied is an entry as it is written after it was taken in.
func (e *Carried) tidied() Carried {
	v := e.visit()
	return v.carried(e.Department, e.Change)
}

var uidForm = regexp.MustCompile(`^[0-9a-f]{32}$`)

// faults finds everything that is wrong with an entry. Days are judged as on the day they were written down: what was still
// to come then may have passed.
func (e *Carried) faults(in *carry.Into, v *Visit) surveys.Faults {
	faults := append(carry.VersionFaults(v.Version), v.faults(v, in.Today)...)
	if !uidForm.MatchString(v.UID) {
		faults = append(faults, surveys.NewFault("uid", FaultUnknown, "must be 32 hexadecimal digits"))
	}
	if e.Department == "" {
		faults = append(faults, surveys.NewFault("department", FaultRequired, "must not be empty"))
	}
	switch {
	case v.State == Done && v.Day > in.Today:
		faults = append(faults, surveys.NewFault("day", FaultFuture, "is still to come"))
	case v.Day.Valid() && v.Day > in.Today:
		faults = append(faults, farFaults("day", v.Day, in.Today)...)
	}
	numbers := map[int]bool{}
	for i, f := range v.FollowUps {
		path := fmt.Sprintf("follow_ups[%d]", i)
		if f.Number < 1 || f.Number > 1_000_000 || numbers[f.Number] {
			faults = append(faults, surveys.NewFault(path+".number", FaultTwice, "must be a number from 1 of its own"))
		}
		numbers[f.Number] = true
		for _, day := range []surveys.Day{f.Due, f.Done} {
			if day != "" && !day.Valid() {
				faults = append(faults, surveys.NewFault(path, FaultDay, "has a day that is none of the calendar"))
			}
		}
		if f.Done.Valid() && f.Done > in.Today {
			faults = append(faults, surveys.NewFault(path+".done", FaultFuture, "is still to come"))
		}
	}
	return append(faults, in.StampFaults("saved", e.Saved)...)
}
