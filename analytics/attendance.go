package analytics

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"soundings/analytics/disclosure"
	"soundings/surveys"
	"soundings/surveys/intake"
	"soundings/surveys/invitations"
	"soundings/surveys/people"
	"soundings/surveys/waves"
)

// Attendance is how many have answered an open wave so far: for each department in steps of the minimum, and nothing that
// these steps do not tell already. Whoever looks after every single answer learns no more than the steps.
type Attendance struct {
	Wave        Wave
	Minimum     int // the smallest group that results will be shown for
	Departments []Answered
}

// Answered is how many of one department have answered.
type Answered struct {
	Department surveys.Department // no department in an organisation without any
	People     int                // invited, or the headcount where nobody was; 0: not known
	Most       int                // who may answer: the headcount, or the invited where those are more
	AtLeast    int                // have answered; the next step has not been reached
	Told       bool               // whether AtLeast may be told
}

// TooSmall reports whether the department has too few people ever to be shown, even if others than the invited answer.
func (a Answered) TooSmall(minimum int) bool { return a.People > 0 && max(a.People, a.Most) < minimum }

// Lacking reports whether too few have answered so far for the department to be shown. It follows from AtLeast.
func (a Answered) Lacking(minimum int) bool { return !a.TooSmall(minimum) && a.AtLeast < minimum }

// AtLeast is how many have answered altogether, as far as the departments tell. The true total would tell more: what is
// left of it after them is those of the small departments.
func (t *Attendance) AtLeast() int {
	sum := 0
	for _, d := range t.Departments {
		sum += d.AtLeast
	}
	return sum
}

// Attendance reads how many have answered a wave that is open. Of one that is closed it tells nothing: how many answered
// stands beside the results, where the gate decides on both together.
func (r *Reader) Attendance(ctx context.Context, id surveys.WaveID) (*Attendance, error) {
	wave, err := r.WaveByID(ctx, id)
	if err != nil {
		return nil, err
	}
	t := &Attendance{Wave: wave, Minimum: wave.Questionnaire.Document.SmallestGroup()}
	if wave.State != surveys.Open {
		return t, nil
	}
	asked, most, err := r.asked(ctx, id)
	if err != nil {
		return nil, err
	}
	sizes, err := intake.CellSizes(r.store.Read(ctx), id)
	if err != nil {
		return nil, err
	}
	counts := map[surveys.DepartmentID]int{}
	for _, size := range sizes {
		counts[size.Department] += size.N
	}
	t.Departments = answeredOf(disclosure.Rule{Minimum: t.Minimum}, asked, counts)
	for i, d := range t.Departments {
		t.Departments[i].Most = most[d.Department.ID]
		if d.AtLeast > d.People && t.Departments[i].Most >= d.AtLeast { // others have answered by a link
			t.Departments[i].People = t.Departments[i].Most
		}
	}
	return t, nil
}

// asked lists the departments of a wave, by name, with how many people they were asked of: the invited where somebody was
// invited, else the headcount when it opened. most is who may answer.
func (r *Reader) asked(ctx context.Context, id surveys.WaveID) (list []surveys.Department, most map[surveys.DepartmentID]int, err error) {
	all, err := people.Departments(ctx, r.store)
	if err != nil {
		return nil, nil, err
	}
	offered, err := waves.OfferedIn(r.store.Read(ctx), id)
	if err != nil {
		return nil, nil, err
	}
	headcounts, err := waves.Headcounts(r.store.Read(ctx), []surveys.WaveID{id})
	if err != nil {
		return nil, nil, err
	}
	invited, err := invitations.Invited(r.store.Read(ctx), id)
	if err != nil {
		return nil, nil, err
	}
	if !offered.Frozen {
		all = people.OfferedOf(all)
		offered.Departments = slices.Collect(maps.Keys(people.PoolsOf(all)))
	}
	most = map[surveys.DepartmentID]int{}
	for _, d := range all {
		if slices.Contains(offered.Departments, d.ID) {
			d.Headcount = cmp.Or(invited[d.ID], headcounts[id][d.ID])
			most[d.ID] = max(invited[d.ID], headcounts[id][d.ID])
			list = append(list, d)
		}
	}
	if len(list) == 0 {
		list = append(list, surveys.Department{})
	}
	return list, most, nil
}

// answeredOf is what may be told of how many have answered. A department of a few people tells nothing: there, that nobody or
// everybody has answered would be known of each. One of unknown size tells once enough have answered to show its size.
func answeredOf(rule disclosure.Rule, asked []surveys.Department, counts map[surveys.DepartmentID]int) []Answered {
	list := make([]Answered, len(asked))
	for i, d := range asked {
		list[i] = Answered{Department: d, People: d.Headcount}
		steps := rule.Participation(counts[d.ID], true)
		if max(d.Headcount, steps) >= disclosure.ParticipationMinimum && (d.Headcount == 0 || d.Headcount >= disclosure.ParticipationMinimum) {
			list[i].Told, list[i].AtLeast = true, steps
		}
	}
	return list
}
