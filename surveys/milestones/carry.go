package milestones

import (
	"fmt"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/carry"
	"soundings/surveys/visits"
)

// Carried is a milestone as it is carried from one installation into another.
type Carried struct {
	Quarter    string         `json:"quarter"`              // "2026-Q4"
	Department string         `json:"department,omitempty"` // none: all together
	Measure    Measure        `json:"measure"`
	Version    int            `json:"version"`
	Owner      string         `json:"owner"`
	Note       string         `json:"note,omitempty"`
	History    []CarriedEntry `json:"history"`
	Saved      carry.Stamp    `json:"saved"`
}

// CarriedEntry is a step of its history.
type CarriedEntry struct {
	Target int         `json:"target"` // 0: it was withdrawn
	On     surveys.Day `json:"on"`
	Reason string      `json:"reason,omitempty"`
	Said   carry.Stamp `json:"said"`
}

func (e *Carried) name() string { return fmt.Sprintf("%s, %s, %s", e.Quarter, e.Department, e.Measure) }

// Carry returns all milestones, those withdrawn too, the oldest first.
func Carry(tx *gorm.DB, names *carry.Names) ([]Carried, error) {
	list, err := load(tx)
	if err != nil {
		return nil, err
	}
	var entries []Carried
	for _, m := range list {
		entries = append(entries, m.carried(m.Quarter.String(), names.Departments.Name(m.Department)))
	}
	return entries, nil
}

func (m *Milestone) carried(quarter, department string) Carried {
	e := Carried{quarter, department, m.Measure, m.Version, m.Owner, m.Note, nil, carry.StampOf(m.Saved)}
	for _, h := range m.History {
		e.History = append(e.History, CarriedEntry{h.Target, h.On, h.Reason, carry.StampOf(h.Said)})
	}
	return e
}

// milestone is what an entry says, but for quarter and department.
func (e *Carried) milestone() Milestone {
	m := Milestone{Version: e.Version, Measure: e.Measure, Owner: e.Owner, Note: e.Note, Saved: e.Saved.Stamp()}
	for _, h := range e.History {
		m.History = append(m.History, Entry{h.Target, h.On, h.Reason, h.Said.Stamp()})
	}
	m.tidy()
	return m
}

// tidied is an entry as it is written after it was taken in.
func (e *Carried) tidied() Carried {
	m := e.milestone()
	return m.carried(e.Quarter, e.Department)
}

// TakeIn stores milestones of another installation that have none here of the same quarter, department and measure, with
// every change of their targets.
func TakeIn(in *carry.Into, file []Carried) (carry.Report, error) {
	return carry.TakeIn(in, carry.Kind[Carried]{Name: "milestones", Here: Carry, Label: (*Carried).name, Tidied: (*Carried).tidied, Enter: enter}, file)
}

func enter(in *carry.Into, e *Carried) (surveys.Faults, func() error, error) {
	m := e.milestone()
	m.Quarter, _ = visits.ParseQuarter(e.Quarter) // what is none has the number 0, which is a fault
	faults := e.faults(in, &m)
	var err error
	m.Department, err = in.Department(e.Department)
	store := func() error {
		row := m.row()
		if err := in.Tx.Create(&row).Error; err != nil {
			return err
		}
		m.ID = row.ID
		history := m.History
		m.History = nil
		for _, h := range history {
			if err := appendEntry(in.Tx, &m, h); err != nil {
				return err
			}
		}
		return nil
	}
	return faults, store, err
}

// faults finds everything that is wrong with an entry. Its quarter may be over by now: it is judged as on its first day.
func (e *Carried) faults(in *carry.Into, m *Milestone) surveys.Faults {
	faults := append(carry.VersionFaults(m.Version), m.faults()...)
	faults = append(faults, m.keyFaults(min(in.Today, m.Quarter.First()))...)
	faults = append(faults, carry.StepFaults("history", len(m.History), func(i int) surveys.Faults { return stepFaults(in, m, i) })...)
	return append(faults, in.StampFaults("saved", e.Saved)...)
}

// stepFaults judges one step after those before it.
func stepFaults(in *carry.Into, m *Milestone, i int) surveys.Faults {
	h := m.History[i]
	faults := in.StampFaults("said", carry.StampOf(h.Said))
	before := Entry{}
	if i > 0 {
		before = m.History[i-1]
	}
	switch {
	case !h.On.Valid() || h.On > in.Today || h.On < before.On:
		faults = append(faults, surveys.NewFault("on", FaultUnknown, "must be a day that has come, and none before that of the step before"))
	case h.On > m.Quarter.Last():
		faults = append(faults, over("on"))
	}
	switch {
	case !h.Withdrawn():
		faults = append(faults, targetFaults(m.Measure, h.Target)...)
	case before.Withdrawn():
		faults = append(faults, surveys.NewFault("target", FaultWithdrawn, "was withdrawn already, or never set"))
	}
	taken := i == 0 || before.Withdrawn() // up, or up again, which needs no reason
	return append(faults, surveys.TextFaults("reason", h.Reason, LongestReason, !taken)...)
}
