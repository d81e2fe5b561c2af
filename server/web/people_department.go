package web

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

// departmentPage is one department, to be changed.
type departmentPage struct {
	frame
	Department surveys.Department
	State      string
	Holds      string // says who is pooled into it; "" for nobody
	Into       []option
	Form       departmentForm
	Faults     map[string]string // of pooling and archiving
}

func (s *Server) showDepartment(c *fiber.Ctx) error {
	p, err := s.departmentPage(c)
	if err != nil {
		return err
	}
	return s.page(c, "staff/department", p)
}

func (s *Server) departmentPage(c *fiber.Ctx) (*departmentPage, error) {
	id, err := pathID(c, "department")
	if err != nil {
		return nil, err
	}
	all, err := people.Departments(c.UserContext(), s.Store)
	if err != nil {
		return nil, err
	}
	p := &departmentPage{frame: s.frame(c, "people_title", "people")}
	w := &phrases{speech: p.speech}
	p.Into = []option{{Text: w.say("people_pool_choose")}}
	var members []string
	names := map[surveys.DepartmentID]string{}
	for _, d := range all {
		names[d.ID] = d.Name
		switch {
		case d.ID == surveys.DepartmentID(id):
			p.Department = d
		case d.PooledInto == surveys.DepartmentID(id) && !d.Archived:
			members = append(members, d.Name)
		case d.Asked():
			p.Into = append(p.Into, option{Value: fmt.Sprint(d.ID), Text: d.Name})
		}
	}
	d := p.Department
	if d.ID == 0 {
		return nil, &surveys.Error{Kind: surveys.NotFound, Op: "web", Message: "There is no such department."}
	}
	switch {
	case d.Archived:
		p.State = w.say("people_is_archived")
	case d.PooledInto != 0:
		p.State = w.say("people_is_pooled", "Department", names[d.PooledInto])
	default:
		p.State = w.say("people_is_asked")
	}
	if len(members) > 0 {
		p.Holds = w.say("people_pooling_holds", "Departments", w.both(members))
	}
	p.Form = departmentForm{speech: p.speech, Hinted: true, Name: d.Name, Division: d.Division}
	if d.Headcount > 0 {
		p.Form.Headcount = strconv.Itoa(d.Headcount)
	}
	return p, w.err
}

// changeDepartment runs a change to the department of the address and shows the list; where it was refused for what was
// typed, it shows the page with what again puts into it.
func (s *Server) changeDepartment(c *fiber.Ctx, change func(tx *store.Tx, id surveys.DepartmentID) error, again func(p *departmentPage, faults map[string]string)) error {
	id, err := pathID(c, "department")
	if err != nil {
		return err
	}
	err = s.Store.Transact(c.UserContext(), "people", func(tx *store.Tx) error { return change(tx, surveys.DepartmentID(id)) })
	if err == nil {
		return c.Redirect("/people", http.StatusSeeOther)
	}
	p, perr := s.departmentPage(c)
	if perr != nil {
		return perr
	}
	return s.refused(c, err, p.speech, "staff/department", p, func(faults map[string]string) { again(p, faults) })
}

func (s *Server) postDepartmentDetails(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	d, typed := details(form)
	change := func(tx *store.Tx, id surveys.DepartmentID) error { return people.ChangeDepartment(tx, id, d) }
	return s.changeDepartment(c, change, func(p *departmentPage, faults map[string]string) {
		typed.speech, typed.Hinted = p.speech, true
		p.Form = typed
		p.Form.Faults = faults
	})
}

func withFaults(p *departmentPage, faults map[string]string) { p.Faults = faults }

func (s *Server) postDepartmentPool(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	pool := func(tx *store.Tx, id surveys.DepartmentID) error {
		return poolInto(tx, []surveys.DepartmentID{id}, form.First("into"), "")
	}
	return s.changeDepartment(c, pool, withFaults)
}

func (s *Server) postDepartmentUnpool(c *fiber.Ctx) error {
	unpool := func(tx *store.Tx, id surveys.DepartmentID) error {
		return people.Pool(tx, []surveys.DepartmentID{id}, 0)
	}
	return s.changeDepartment(c, unpool, withFaults)
}

func (s *Server) postDepartmentArchive(c *fiber.Ctx) error {
	return s.changeDepartment(c, func(tx *store.Tx, id surveys.DepartmentID) error { return people.Archive(tx, id) }, withFaults)
}

func (s *Server) postDepartmentRestore(c *fiber.Ctx) error {
	return s.changeDepartment(c, func(tx *store.Tx, id surveys.DepartmentID) error { return people.Restore(tx, id) }, withFaults)
}
