package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/surveys"
	"soundings/surveys/milestones"
	"soundings/surveys/people"
	"soundings/surveys/visits"
)

// milestoneForm is the form of a new milestone.
type milestoneForm struct {
	frame
	Target      string // as typed, as are owner and note
	Owner, Note string
	Quarters    []option
	Departments []option
	CanAll      bool // offer all together
	Measures    []measureOption
	Staff       []string
	Faults      map[string]string
	Refused     string
	Back        string
}

// measureOption is a measure to choose, with what it is measured by.
type measureOption struct {
	option
	Hint string
}

func (s *Server) showNewMilestone(c *fiber.Ctx) error {
	f := s.frame(c, "milestone_new_title", "milestones")
	at, err := s.dated(c.UserContext())
	if err != nil {
		return err
	}
	m := milestones.Milestone{Owner: f.User.Email, Measure: milestones.Measure(utils.CopyString(c.Query("measure")))}
	if m.Quarter, err = quarterQuery(c, at.today); err != nil {
		return err
	}
	department, err := numberQuery(c, "department")
	if err != nil {
		return err
	}
	if m.Department = surveys.DepartmentID(department); m.Department != 0 && !f.User.Sees(m.Department) {
		return notYours()
	}
	return s.milestoneForm(c, f, m, "", nil, at.today)
}

func (s *Server) postNewMilestone(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	f := s.frame(c, "milestone_new_title", "milestones")
	at, err := s.dated(c.UserContext())
	if err != nil {
		return err
	}
	typed := milestones.Milestone{Measure: milestones.Measure(tidy(form.First("measure"))), Owner: tidy(form.First("owner")), Note: tidy(form.First("note"))}
	typed.Quarter, _ = visits.ParseQuarter(tidy(form.First("quarter"))) // what is none is refused with the others
	typed.Department = typedPlace(form.First("department"))
	if !mayWriteMilestone(f.User, &typed) {
		return notYours()
	}
	made, refusal := milestones.Add(c.UserContext(), s.Store, typed, typedTarget(form), surveys.Stamp(s.stamp(c)), at.today)
	if refusal == nil {
		audited(c).Subject = fmt.Sprintf("milestone %d", made.ID)
		return seeOther(c, milestonesAddress(made.Quarter))
	}
	p := &phrases{speech: f.speech}
	faults, faulty := p.roomFaults("milestone_fault_", refusal)
	if !faulty {
		return refusal
	}
	if p.err != nil {
		return p.err
	}
	c.Status(failureOf(refusal).Status)
	return s.milestoneForm(c, f, typed, tidy(form.First("target")), faults, at.today)
}

// typedPlace reads the department of a form: nothing is all together, and what is no id is one that there is not.
func typedPlace(text string) surveys.DepartmentID {
	if text = tidy(text); text == "" {
		return 0
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id == 0 {
		return -1
	}
	return surveys.DepartmentID(id)
}

// typedTarget reads a target; what is no whole number is none. A sign for per cent after it is taken off.
func typedTarget(form surveys.Form) int {
	return wholeNumber(strings.TrimSpace(strings.TrimSuffix(tidy(form.First("target")), "%")))
}

func (s *Server) milestoneForm(c *fiber.Ctx, f frame, m milestones.Milestone, target string, faults map[string]string, today surveys.Day) (err error) {
	p := &phrases{speech: f.speech}
	page := milestoneForm{frame: f, Target: target, Owner: m.Owner, Note: m.Note, CanAll: !f.User.Limited, Faults: faults, Back: milestonesAddress(m.Quarter)}
	if len(faults) > 0 {
		page.Refused = p.count("change_refused", len(faults))
	}
	if m.Quarter.Number == 0 {
		page.Back = "/milestones"
	}
	q := visits.QuarterOf(today)
	for range milestones.QuartersAhead + 1 {
		page.Quarters = append(page.Quarters, option{q.String(), p.quarter(q), q == m.Quarter})
		q = q.Next()
	}
	for _, measure := range milestones.Measures() {
		page.Measures = append(page.Measures, measureOption{option{string(measure), p.measureName(measure), measure == m.Measure}, p.say("milestone_measured_" + string(measure))})
	}
	departments, err := people.Departments(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	for _, d := range departments {
		if chosen := d.ID == m.Department; chosen || !d.Archived && f.User.Sees(d.ID) {
			page.Departments = append(page.Departments, option{idText(int64(d.ID)), d.Name, chosen})
		}
	}
	if page.Staff, err = s.staffAddresses(c); err != nil {
		return err
	}
	return s.finish(c, "staff/milestone_form", p, page)
}

// postCopyMilestones gives a quarter the milestones of the one before it.
func (s *Server) postCopyMilestones(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	at, err := s.dated(c.UserContext())
	if err != nil {
		return err
	}
	quarter, ok := visits.ParseQuarter(tidy(form.First("quarter")))
	if !ok {
		return badQuery("quarter", "unknown", "must be a quarter such as 2026-Q4")
	}
	user := current(c).User
	writable := func(m *milestones.Milestone) bool { return mayWriteMilestone(user, m) }
	if _, err := milestones.Copy(c.UserContext(), s.Store, quarter, writable, surveys.Stamp(s.stamp(c)), at.today); err != nil {
		return err
	}
	audited(c).Subject = "milestones of " + quarter.String()
	return seeOther(c, milestonesAddress(quarter))
}

// profileMilestones is what a department's profile says about its milestones of this quarter.
type profileMilestones struct {
	Rows []milestoneCell
	All  string // address of all milestones of the quarter
	New  string // address of the form of another, for those who may write one
}

// profileMilestones lists the milestones that one department has in this quarter; nil where there is nothing to show.
func (s *Server) profileMilestones(c *fiber.Ctx, f frame, p *phrases, d surveys.Department) (*profileMilestones, error) {
	at, err := s.dated(c.UserContext())
	if err != nil {
		return nil, err
	}
	list, err := milestones.List(c.UserContext(), s.Store)
	if err != nil {
		return nil, err
	}
	quarter := visits.QuarterOf(at.today)
	own := slices.DeleteFunc(milestones.Of(list, quarter), func(m milestones.Milestone) bool { return m.Department != d.ID })
	standings, err := s.Results.Standings(c.UserContext(), own, at.zone, at.today)
	if err != nil {
		return nil, err
	}
	about := &profileMilestones{All: milestonesAddress(quarter)}
	if one := (milestones.Milestone{Department: d.ID}); mayWriteMilestone(f.User, &one) && !d.Archived {
		about.New = "/milestones/new?department=" + idText(int64(d.ID))
	}
	if len(standings) == 0 && about.New == "" {
		return nil, nil
	}
	_, rows := p.milestoneTable(standings, []surveys.Department{d})
	for _, row := range rows {
		about.Rows = row.Cells
	}
	return about, p.err
}
