package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

// peoplePage lists departments and bands.
type peoplePage struct {
	frame
	Headline    string
	Unknown     string // says how many headcounts are missing
	Directory   string // says how many people it has; "" where there is none
	HasDivision bool
	Departments []departmentLine // that are not archived
	Archived    []departmentLine
	Bands       []bandLine
	Pool        *poolForm // nil where no department is too small
	Add         departmentForm
	AddBand     bandForm
	Minimum     int
}

// departmentLine is one department of the list.
type departmentLine struct {
	surveys.Department
	People string
	State  string
	Small  bool
}

// departmentForm is what was typed about a department. Faults are sentences by field.
type departmentForm struct {
	*speech
	Hinted                    bool // the page has room to say what the headcount is for
	Name, Division, Headcount string
	Faults                    map[string]string
}

// poolForm offers to pool small departments.
type poolForm struct {
	Small  []option
	Into   []option
	Name   string
	Faults map[string]string
}

type bandLine struct {
	surveys.Band
	Number      int
	First, Last bool
	Unused      bool
	Typed       string // the name in its field
	Faults      map[string]string
}

type bandForm struct {
	Name   string
	Faults map[string]string
}

// newGroup is what "into" says for a group that is made for the occasion.
const newGroup = "new"

func (s *Server) showPeople(c *fiber.Ctx) error {
	p, err := s.peoplePage(c)
	if err != nil {
		return err
	}
	return s.page(c, "staff/people", p)
}

func (s *Server) peoplePage(c *fiber.Ctx) (*peoplePage, error) {
	p := &peoplePage{frame: s.frame(c, "people_title", "people"), Minimum: surveys.DefaultMinimum}
	all, err := people.Departments(c.UserContext(), s.Store)
	if err != nil {
		return nil, err
	}
	bands, err := people.Bands(c.UserContext(), s.Store)
	if err != nil {
		return nil, err
	}
	unused, err := people.UnusedBands(s.Store.Read(c.UserContext()))
	if err != nil {
		return nil, err
	}
	for i, b := range bands {
		p.Bands = append(p.Bands, bandLine{Band: b, Number: i + 1, First: i == 0, Last: i == len(bands)-1, Unused: slices.Contains(unused, b.ID), Typed: b.Name})
	}
	present, err := people.Present(s.Store.Read(c.UserContext()))
	if err != nil {
		return nil, err
	}
	w := &phrases{speech: p.speech}
	if present > 0 {
		p.Directory = w.count("people_directory_n", present)
	}
	p.Add.speech = p.speech
	p.list(w, all)
	return p, w.err
}

// list fills in the departments and what there is to say about them.
func (p *peoplePage) list(w *phrases, all []surveys.Department) {
	offered := people.OfferedOf(all)
	names, members := map[surveys.DepartmentID]string{}, map[surveys.DepartmentID][]string{}
	for _, d := range all {
		names[d.ID] = d.Name
		p.HasDivision = p.HasDivision || d.Division != ""
		if d.PooledInto != 0 && !d.Archived {
			members[d.PooledInto] = append(members[d.PooledInto], d.Name)
		}
	}
	total, unknown := 0, 0
	var small []surveys.Department
	for _, d := range offered {
		total += d.Headcount
		switch {
		case d.Headcount == 0:
			unknown++
		case d.Headcount < p.Minimum:
			small = append(small, d)
		}
	}
	for _, d := range all {
		line := departmentLine{Department: d, People: w.headcount(d.Headcount), Small: slices.ContainsFunc(small, func(o surveys.Department) bool { return o.ID == d.ID })}
		switch {
		case d.Archived:
			p.Archived = append(p.Archived, line)
			continue
		case d.PooledInto != 0:
			line.State = w.say("people_pooled", "Department", names[d.PooledInto])
		case len(members[d.ID]) > 0:
			line.State = w.say("people_holds", "Departments", w.both(members[d.ID]))
		case line.Small:
			line.State = w.say("people_small")
		default:
			line.State = w.say("people_asked")
		}
		p.Departments = append(p.Departments, line)
	}
	p.Headline = w.peopleHeadline(len(offered), total, small)
	if unknown > 0 {
		p.Unknown = w.count("people_unknown_n", unknown)
	}
	p.Pool = newPoolForm(w, offered, small)
}

func (w *phrases) headcount(n int) string {
	if n == 0 {
		return w.say("people_unknown")
	}
	return w.Number(n)
}

// peopleHeadline says how many there are, and who will never be shown.
func (w *phrases) peopleHeadline(departments, total int, small []surveys.Department) string {
	if departments == 0 {
		return w.say("people_none")
	}
	sum := w.count("people_departments_n", departments)
	if total > 0 {
		sum = w.say("people_sum", "Departments", sum, "People", w.count("people_people_n", total))
	}
	if len(small) == 0 {
		return w.say("people_sum_end", "Sum", sum)
	}
	return w.say("people_sum_small", "Sum", sum, "Small", w.tooSmall(small))
}

func (w *phrases) tooSmall(small []surveys.Department) string {
	if len(small) == 1 {
		return w.say("people_small_one", "Department", small[0].Name, "People", w.count("people_people_n", small[0].Headcount))
	}
	names := make([]string, len(small))
	for i, d := range small {
		names[i] = d.Name
	}
	return w.say("people_small_many", "Departments", w.both(names), "Minimum", w.Number(surveys.DefaultMinimum))
}

// both lists things that are meant together: a, b and c. Of many it names a few.
func (w *phrases) both(items []string) string {
	const most = 6
	if len(items) > most {
		items = append(slices.Clone(items[:most-1]), w.count("people_more_n", len(items)-most+1))
	}
	last := len(items) - 1
	if last < 1 {
		return strings.Join(items, "")
	}
	return w.say("people_and", "First", strings.Join(items[:last], ", "), "Last", items[last])
}

func newPoolForm(w *phrases, offered, small []surveys.Department) *poolForm {
	if len(small) == 0 {
		return nil
	}
	f := &poolForm{Into: []option{{Text: w.say("people_pool_choose")}, {Value: newGroup, Text: w.say("people_pool_new")}}}
	for _, d := range small {
		f.Small = append(f.Small, option{fmt.Sprint(d.ID), d.Name, true})
	}
	for _, d := range offered {
		f.Into = append(f.Into, option{Value: fmt.Sprint(d.ID), Text: d.Name})
	}
	return f
}

// faultsOf gives the sentences for what was wrong with a form, by field; ok is false for an error that is not about one.
func (w *phrases) faultsOf(err error) (faults map[string]string, ok bool) {
	var known *surveys.Error
	if !errors.As(err, &known) || len(known.Faults) == 0 {
		return nil, false
	}
	return w.faults("people_fault_", known.Faults), true
}

// details reads the fields of a department.
func details(form surveys.Form) (people.Details, departmentForm) {
	typed := departmentForm{Name: form.First("name"), Division: form.First("division"), Headcount: form.First("headcount")}
	d := people.Details{Name: typed.Name, Division: typed.Division}
	if text := strings.TrimSpace(typed.Headcount); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			n = -1 // no number of people
		}
		d.Headcount = n
	}
	return d, typed
}

// pathID reads the number of a row from the address.
func pathID(c *fiber.Ctx, name string) (int64, error) {
	n, err := strconv.ParseInt(c.Params(name), 10, 64)
	if err != nil || n < 1 {
		return 0, &surveys.Error{Kind: surveys.NotFound, Op: "web", Message: "There is no such page."}
	}
	return n, nil
}

// changePeople runs a change and goes to the page; where it was refused for what was typed, it shows the page with what
// again puts into it.
func (s *Server) changePeople(c *fiber.Ctx, change func(tx *store.Tx) error, again func(p *peoplePage, faults map[string]string)) error {
	err := s.Store.Transact(c.UserContext(), "people", change)
	if err == nil {
		return c.Redirect("/people", http.StatusSeeOther)
	}
	p, perr := s.peoplePage(c)
	if perr != nil {
		return perr
	}
	return s.refused(c, err, p.speech, "staff/people", p, func(faults map[string]string) { again(p, faults) })
}

// refused shows a page once more, after again has put the faults of err into it. An err that is nobody's typing is returned.
func (s *Server) refused(c *fiber.Ctx, err error, words *speech, name string, page any, again func(faults map[string]string)) error {
	w := &phrases{speech: words}
	faults, ok := w.faultsOf(err)
	if !ok || w.err != nil {
		return errors.Join(err, w.err)
	}
	again(faults)
	c.Status(statuses[surveys.KindOf(err)])
	return s.page(c, name, page)
}

func (s *Server) postDepartment(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	d, typed := details(form)
	add := func(tx *store.Tx) error {
		id, err := people.NewDepartment(tx, d)
		if err == nil {
			audited(c).Subject = fmt.Sprintf("department %d", id)
		}
		return err
	}
	return s.changePeople(c, add, func(p *peoplePage, faults map[string]string) {
		typed.speech = p.speech
		p.Add = typed
		p.Add.Faults = faults
	})
}

func (s *Server) postPool(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	ids := numbersIn[surveys.DepartmentID](form["departments"])
	pool := func(tx *store.Tx) error { return poolInto(tx, ids, form.First("into"), form.First("name")) }
	return s.changePeople(c, pool, func(p *peoplePage, faults map[string]string) {
		if p.Pool == nil { // somebody else has pooled them meanwhile
			p.Pool = &poolForm{}
		}
		p.Pool.Name, p.Pool.Faults = form.First("name"), faults
		for i := range p.Pool.Small {
			p.Pool.Small[i].Selected = slices.Contains(form["departments"], p.Pool.Small[i].Value)
		}
		for i := range p.Pool.Into {
			p.Pool.Into[i].Selected = p.Pool.Into[i].Value == form.First("into")
		}
	})
}

func poolInto(tx *store.Tx, ids []surveys.DepartmentID, into, name string) error {
	if into == newGroup {
		target, err := people.NewDepartment(tx, people.Details{Name: name})
		if err != nil {
			return err
		}
		return people.Pool(tx, ids, target)
	}
	target, err := strconv.ParseInt(into, 10, 64)
	if err != nil || target < 1 {
		return &surveys.Error{Kind: surveys.Invalid, Op: "web: pool", Faults: surveys.Faults{{Path: "into", Code: people.FaultEmpty, Detail: "must be chosen"}}}
	}
	return people.Pool(tx, ids, surveys.DepartmentID(target))
}
