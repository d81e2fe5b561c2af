package directory

import (
	"fmt"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/people"
)

// Terms are what whoever takes a directory in has agreed to.
type Terms struct {
	NewDepartments bool      // make the departments that nobody knows
	Headcounts     bool      // set the headcount of every department to its people in the file
	Digest         string    // of the plan that was agreed to; "" for any
	Progress       func(int) // hears how many people have been written; nil for nobody
}

// Codes of what keeps a sound file from being taken in.
const (
	FaultNew     = "new_departments" // Terms.NewDepartments is missing
	FaultChanged = "changed"         // other numbers than were agreed to
	FaultBad     = "bad_lines"
	FaultEmpty   = "empty" // nobody at all is never the whole truth
)

// Apply takes a file in, within the caller's transaction. The plan comes back with an error, too, if it is known.
func (e *Entries) Apply(tx *gorm.DB, terms Terms) (*Plan, error) {
	// Two directories taken in at once would both compare with what was there before.
	if err := people.Lock(tx); err != nil {
		return nil, err
	}
	plan, err := e.Plan(tx)
	if err != nil {
		return nil, err
	}
	if err := plan.agrees(terms); err != nil {
		return plan, err
	}
	made := make([]surveys.DepartmentID, len(plan.New))
	for i, d := range plan.New {
		if made[i], err = people.AddDepartment(tx, d.Name, 0); err != nil {
			return plan, err
		}
		plan.heads[made[i]] = d.People
		delete(plan.heads, -surveys.DepartmentID(i)-1)
	}
	for i := range plan.enter {
		if d := plan.enter[i].Department; d < 0 {
			plan.enter[i].Department = made[-d-1]
		}
	}
	if err := people.Enter(tx, plan.enter, terms.Progress); err != nil {
		return plan, err
	}
	if err := people.Leave(tx, plan.leave); err != nil {
		return plan, err
	}
	if terms.Headcounts {
		err = people.SetHeadcounts(tx, plan.heads)
	}
	return plan, err
}

func badLines(n int) string {
	if n == 1 {
		return "1 line cannot be taken in"
	}
	return fmt.Sprintf("%d lines cannot be taken in", n)
}

func (p *Plan) agrees(terms Terms) error {
	const op = "directory: apply"
	switch {
	case p.Rows == 0:
		return &surveys.Error{Kind: surveys.Invalid, Op: op, Message: "the file names nobody, so nothing was stored",
			Faults: surveys.Faults{{Path: "file", Code: FaultEmpty, Detail: "names nobody"}}}
	case len(p.Bad) > 0:
		return &surveys.Error{Kind: surveys.Invalid, Op: op, Message: badLines(p.BadLines()) + ", so nothing was stored",
			Faults: surveys.Faults{{Path: "file", Code: FaultBad, Detail: "has lines that cannot be taken in"}}}
	case terms.Digest != "" && terms.Digest != p.Digest():
		return &surveys.Error{Kind: surveys.Conflict, Op: op, Message: "the directory has changed since this was looked at",
			Faults: surveys.Faults{{Path: "file", Code: FaultChanged, Detail: "the directory has changed since this was looked at"}}}
	case len(p.New) > 0 && !terms.NewDepartments:
		return &surveys.Error{Kind: surveys.Invalid, Op: op, Message: "the file names departments that nobody knows, so nothing was stored",
			Faults: surveys.Faults{{Path: "departments", Code: FaultNew, Detail: "the file names departments that nobody knows"}}}
	}
	return nil
}
