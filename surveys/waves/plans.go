package waves

import (
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// PlanID names a plan.
type PlanID int64

// PlanState is where a plan stands.
type PlanState string

const (
	Draft     PlanState = "draft"     // being written; opens nothing
	Scheduled PlanState = "scheduled" // opens its next wave by itself
	Ended     PlanState = "ended"     // has opened its last wave, or was stopped
)

// Plan says when and how waves of a survey are opened. Each is opened with the questionnaire that is the latest then.
type Plan struct {
	ID          PlanID
	Survey      surveys.SurveyID
	Label       string                 // may be empty: the period names the wave
	Departments []surveys.DepartmentID // asked; none means all
	Opens       Local                  // the first opening
	Closes      Local                  // of the first wave; empty: closed by hand
	Every       Recurrence
	Quiet       []Quiet
	Mail        bool // invite by e-mail
	State       PlanState
	Next        Local // of a scheduled plan: what it opens next
	Missed      Local // the latest opening that came to nothing: no server ran in time, or nobody could be asked any more
}

const (
	longestPlanLabel = LongestLabel - 20 // leaves room for the period
	mostQuiet        = 20
)

// fault is a mistake in one field of a plan.
func fault(path, code, detail string) surveys.Fault {
	return surveys.Fault{Path: path, Code: code, Detail: detail}
}

// Faults lists what is wrong with a plan, by the names of its form fields.
func (p Plan) Faults() surveys.Faults {
	var f surveys.Faults
	if !utf8.ValidString(p.Label) || utf8.RuneCountInString(p.Label) > longestPlanLabel {
		f = append(f, fault("label", "too_long", fmt.Sprintf("at most %d characters", longestPlanLabel)))
	}
	recurs := p.Every != Once
	if !slices.Contains(Recurrences(), p.Every) {
		recurs = false
		f = append(f, fault("every", "unknown", "is not a recurrence"))
	}
	switch {
	case !p.Opens.Valid():
		f = append(f, fault("opens", "required", "must be a date and a time"))
	case p.Closes == "":
	case !p.Closes.Valid():
		f = append(f, fault("closes", "invalid", "must be a date and a time"))
	case p.Closes <= p.Opens:
		f = append(f, fault("closes", "before_opening", "must come after the opening"))
	case recurs && p.Closes > p.Every.at(p.Opens, 1):
		f = append(f, fault("closes", "overlaps", "must not come after the next opening"))
	}
	if p.Closes == "" && recurs {
		f = append(f, fault("closes", "required", "a wave that recurs needs a closing date"))
	}
	if len(p.Quiet) > mostQuiet {
		f = append(f, fault("quiet", "too_many", fmt.Sprintf("at most %d", mostQuiet)))
	}
	for i, q := range p.Quiet {
		if path := fmt.Sprintf("quiet.%d", i); !Local(q.From+"T00:00").Valid() || !Local(q.To+"T00:00").Valid() {
			f = append(f, fault(path, "invalid", "must be two dates"))
		} else if q.To < q.From {
			f = append(f, fault(path, "before_opening", "must not end before it begins"))
		}
	}
	if len(f) == 0 && len(p.After("", 1)) == 0 {
		f = append(f, fault("quiet", "all_quiet", "leave no opening at all"))
	}
	return f
}

type planRow struct {
	ID          PlanID `gorm:"primaryKey"`
	SurveyID    surveys.SurveyID
	Label       string
	Departments []surveys.DepartmentID `gorm:"serializer:json"`
	Opens       Local
	Closes      Local
	Every       Recurrence
	Quiet       []Quiet `gorm:"serializer:json"`
	Mail        bool
	State       PlanState
	Next        Local
	Missed      Local
}

func (planRow) TableName() string { return "wave_plans" }

func (r planRow) plan() Plan {
	return Plan{ID: r.ID, Survey: r.SurveyID, Label: r.Label, Departments: r.Departments, Opens: r.Opens, Closes: r.Closes,
		Every: r.Every, Quiet: r.Quiet, Mail: r.Mail, State: r.State, Next: r.Next, Missed: r.Missed}
}

func (p Plan) row() planRow {
	return planRow{ID: p.ID, SurveyID: p.Survey, Label: p.Label, Departments: list(p.Departments), Opens: p.Opens, Closes: p.Closes,
		Every: p.Every, Quiet: list(p.Quiet), Mail: p.Mail, State: p.State, Next: p.Next, Missed: p.Missed}
}

// list makes an empty list of none: GORM would store nothing at all.
func list[T any](of []T) []T {
	if of == nil {
		return []T{}
	}
	return of
}

// SavePlan stores a plan as a draft, a new one if its id is 0, and gives its id. What is wrong with it comes back as
// faults of an Invalid error. A plan that is scheduled or has ended is a Conflict: stop it first.
func SavePlan(tx *gorm.DB, p Plan) (PlanID, error) {
	const op = "waves: save plan"
	if faults := p.Faults(); len(faults) > 0 {
		return 0, &surveys.Error{Kind: surveys.Invalid, Op: op, Faults: faults}
	}
	if p.ID != 0 {
		old, err := PlanByID(store.ForUpdate(tx), p.ID)
		if err != nil {
			return 0, err
		}
		if old.State != Draft {
			return 0, &surveys.Error{Kind: surveys.Conflict, Op: op, Message: "the plan is no draft any more"}
		}
	}
	p.State, p.Next = Draft, ""
	row := p.row()
	err := tx.Save(&row).Error
	return row.ID, store.Translate(op, err)
}

// PlanByID returns one plan.
func PlanByID(db *gorm.DB, id PlanID) (Plan, error) {
	var rows []planRow
	if err := db.Where("id = ?", id).Find(&rows).Error; err != nil {
		return Plan{}, store.Translate("waves: plan", err)
	}
	if len(rows) == 0 {
		return Plan{}, &surveys.Error{Kind: surveys.NotFound, Op: "waves", Message: fmt.Sprintf("there is no plan %d", id)}
	}
	return rows[0].plan(), nil
}

// Plans lists the plans in the given states, oldest first.
func Plans(ctx context.Context, s *store.Store, states ...PlanState) ([]Plan, error) {
	var rows []planRow
	if err := s.Read(ctx).Where("state IN ?", states).Order("id").Find(&rows).Error; err != nil {
		return nil, store.Translate("waves: plans", err)
	}
	list := make([]Plan, len(rows))
	for i, r := range rows {
		list[i] = r.plan()
	}
	return list, nil
}

// Schedule lets a draft open its waves by itself, from the first opening that is still to come. now is what the clocks
// of the organisation show. A plan whose openings have all passed is Invalid.
func Schedule(tx *gorm.DB, id PlanID, now Local) error {
	const op = "waves: schedule"
	p, err := PlanByID(store.ForUpdate(tx), id)
	if err != nil {
		return err
	}
	if p.State != Draft {
		return &surveys.Error{Kind: surveys.Conflict, Op: op, Message: "the plan is no draft any more"}
	}
	next := p.After(now, 1)
	if len(next) == 0 {
		return &surveys.Error{Kind: surveys.Invalid, Op: op, Faults: surveys.Faults{fault("opens", "past", "lies in the past")}}
	}
	p.State, p.Next = Scheduled, next[0]
	return p.update(tx)
}

// Stop ends a plan, whatever it still had to open, or takes away a draft. Open waves stay open.
func Stop(tx *gorm.DB, id PlanID) error {
	p, err := PlanByID(store.ForUpdate(tx), id)
	if err != nil {
		return err
	}
	if p.State == Draft {
		return store.Translate("waves: stop", tx.Delete(&planRow{ID: id}).Error)
	}
	p.State, p.Next = Ended, ""
	return p.update(tx)
}

// Dismiss forgets the opening that a plan has missed, once somebody has read of it.
func Dismiss(tx *gorm.DB, id PlanID) error {
	p, err := PlanByID(store.ForUpdate(tx), id)
	if err != nil {
		return err
	}
	p.Missed = ""
	return p.update(tx)
}

func (p Plan) update(tx *gorm.DB) error {
	row := p.row()
	return store.Translate("waves: plan", tx.Save(&row).Error)
}
