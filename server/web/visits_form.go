package web

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/visits"
)

const (
	leastAssociates = 2 // lines that the form has for them at least, besides an empty one
	emptyFollowUps  = 2
)

// visitForm is the form of a visit that is planned, reported or edited.
type visitForm struct {
	frame
	Action      string
	New         bool
	Quick       bool // reported without having been planned: what can wait is folded away
	Reporting   bool // of what happened
	Heading     string
	Lead        string
	Visit       visits.Visit // as typed
	Department  string       // where it cannot be chosen
	Departments []option
	Changes     []option
	Minutes     string // as typed
	Staff       []string
	Associates  []associateField // with empty lines
	FollowUps   []followUpField
	Purpose     changeField
	Reason      changeField
	Heard       changeField
	Helped      changeField
	Today       surveys.Day
	Faults      map[string]string
	Refused     string
	Theirs      *theirs
	More        bool // unfold what is folded away: it has something in it
}

type associateField struct {
	Number int // of the line, from 1
	Name   string
}

// followUpField is a line of the form.
type followUpField struct {
	Number int // of the line, from 1
	visits.FollowUp
	TextFault, OwnerFault, DueFault string
}

func (s *Server) showNewVisit(c *fiber.Ctx) error {
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	me := current(c).User
	v := visits.Visit{State: visits.Planned, Associates: []string{me.Email}}
	if c.Query("done") != "" {
		v.State, v.Day = visits.Done, today
	}
	for name, set := range map[string]func(int64){"department": func(id int64) { v.Department = surveys.DepartmentID(id) }, "change": func(id int64) { v.Change = changes.ID(id) }} {
		id, err := numberQuery(c, name)
		if err != nil {
			return err
		}
		set(id)
	}
	if v.Department != 0 && !me.Sees(v.Department) {
		return notYours()
	}
	return s.visitForm(c, v, "", nil, nil, nil)
}

func (s *Server) postNewVisit(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	base := visits.Visit{State: visits.Planned}
	if form.First("state") == string(visits.Done) {
		base.State, audited(c).Action = visits.Done, "visit.report"
	}
	return s.keepVisit(c, form, base)
}

func (s *Server) showEditVisit(c *fiber.Ctx) error {
	v, err := s.visitOf(c)
	if err != nil {
		return err
	}
	return s.visitForm(c, v, minutesText(v.Minutes), nil, nil, nil)
}

func (s *Server) postEditVisit(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	v, err := s.visitOf(c)
	if err != nil {
		return err
	}
	return s.keepVisit(c, form, v)
}

// showReport is the form of what happened on a planned visit; of any other it is the form to edit it.
func (s *Server) showReport(c *fiber.Ctx) error {
	v, err := s.visitOf(c)
	if err != nil {
		return err
	}
	if v.State != visits.Planned {
		return seeOther(c, visitAddress(v.ID)+"/edit")
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	v.State, v.Day = visits.Done, min(v.Day, today)
	return s.visitForm(c, v, minutesText(v.Minutes), nil, nil, &v)
}

func (s *Server) postReport(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	v, err := s.visitOf(c)
	if err != nil {
		return err
	}
	v.State = visits.Done
	return s.keepVisit(c, form, v)
}

// keepVisit stores what was typed over a visit that is new, or stored and not changed here yet.
func (s *Server) keepVisit(c *fiber.Ctx, form surveys.Form, v visits.Visit) error {
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	typed := typedVisit(form, v)
	if typed.Department != 0 && !current(c).User.Sees(typed.Department) {
		return notYours()
	}
	stamp := surveys.Stamp(s.stamp(c))
	var stored visits.Visit
	var refusal error
	if v.ID == 0 {
		stored, refusal = visits.Create(c.UserContext(), s.Store, typed, stamp, today)
	} else {
		stored, refusal = visits.Save(c.UserContext(), s.Store, typed, stamp, today)
	}
	if refusal == nil {
		audited(c).Subject = fmt.Sprintf("visit %d", stored.ID)
		return seeOther(c, visitAddress(stored.ID))
	}
	return s.refuseVisit(c, form, typed, &stored, refusal)
}

// refuseVisit shows the form once more with everything that was typed: beside its faults, or beside what somebody else has
// saved meanwhile. Saving again then overwrites that knowingly.
func (s *Server) refuseVisit(c *fiber.Ctx, form surveys.Form, typed visits.Visit, stored *visits.Visit, refusal error) error {
	p := &phrases{speech: s.frame(c, "", "").speech}
	faults, faulty := p.visitFaults(refusal)
	if !faulty && surveys.KindOf(refusal) != surveys.Conflict {
		return refusal
	}
	var beside *theirs
	if !faulty {
		typed.Version = stored.Version
		names, err := s.departmentNames(c.UserContext())
		if err != nil {
			return err
		}
		titles, err := s.changeTitles(c)
		if err != nil {
			return err
		}
		beside = p.visitTheirs(&typed, stored, names, titles)
	}
	if p.err != nil {
		return p.err
	}
	c.Status(failureOf(refusal).Status)
	report := &typed
	if !strings.HasSuffix(c.Path(), "/report") {
		report = nil
	}
	return s.visitForm(c, typed, strings.TrimSpace(tidy(form.First("minutes"))), faults, beside, report)
}

// visitForm shows the form of a visit. report is set where a planned visit is reported: its department stays as planned.
func (s *Server) visitForm(c *fiber.Ctx, v visits.Visit, minutes string, faults map[string]string, beside *theirs, report *visits.Visit) error {
	f := s.frame(c, "visit_title", "visits")
	p := &phrases{speech: f.speech}
	page := &visitForm{frame: f, Action: "/visits/new", New: v.ID == 0, Visit: v, Minutes: minutes, Faults: faults, Theirs: beside, Reporting: v.State == visits.Done}
	page.Quick = page.New && page.Reporting
	if len(faults) > 0 {
		page.Refused = p.count("change_refused", len(faults))
	}
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return err
	}
	switch {
	case report != nil:
		page.Action, page.Department = visitAddress(v.ID)+"/report", names[v.Department]
		page.Heading, page.Lead = p.say("visit_report_heading", "Department", page.Department), p.say("visit_report_lead")
	case page.Quick:
		page.Heading, page.Lead = p.say("visit_quick_heading"), p.say("visit_report_lead")
	case page.New:
		page.Heading, page.Lead = p.say("visit_new_heading"), p.say("visit_new_lead")
	default:
		page.Action, page.Heading = visitAddress(v.ID)+"/edit", p.say("visit_edit_heading", "Department", names[v.Department], "Date", p.date(v.Day.Time()))
	}
	page.fields(p, faults)
	if err := s.fillVisitForm(c, page); err != nil {
		return err
	}
	page.Title = "visit_form_title"
	return s.finish(c, "staff/visit_form", p, page)
}

// fields puts the texts into the form, and lines for more than there is.
func (page *visitForm) fields(p *phrases, faults map[string]string) {
	v := &page.Visit
	field := func(id, value string, most, rows int) changeField {
		return changeField{ID: id, Label: p.say("visit_" + id), Hint: p.say("visit_" + id + "_hint"), Value: value, Fault: faults[id], Lang: page.Lang, Most: most, Rows: rows}
	}
	page.Purpose = field("purpose", v.Purpose, visits.LongestPurpose, 2)
	page.Reason = field("reason", v.Reason, visits.LongestReason, 2)
	page.Heard = field("heard", v.Heard, visits.LongestText, 5)
	page.Helped = field("helped", v.Helped, visits.LongestText, 3)
	lines := max(len(v.Associates)+1, leastAssociates)
	for i, name := range append(slices.Clone(v.Associates), make([]string, lines-len(v.Associates))...) {
		page.Associates = append(page.Associates, associateField{i + 1, name})
	}
	more := emptyFollowUps
	if page.Quick && len(v.FollowUps) == 0 {
		more = 1
	}
	for i, f := range append(slices.Clone(v.FollowUps), make([]visits.FollowUp, more)...) {
		path := fmt.Sprintf("followups[%d]", i)
		if f.Empty() && f.Number == 0 {
			f.Owner = page.User.Email
		}
		page.FollowUps = append(page.FollowUps, followUpField{i + 1, f, faults[path+".text"], faults[path+".owner"], faults[path+".due"]})
	}
	page.More = v.Place != "" || v.Purpose != "" || v.Start != "" || v.Change != 0
}

// fillVisitForm adds what the database has to offer: the day, people, departments and changes.
func (s *Server) fillVisitForm(c *fiber.Ctx, page *visitForm) (err error) {
	if page.Today, err = s.today(c.UserContext()); err != nil {
		return err
	}
	if page.Staff, err = s.staffAddresses(c); err != nil {
		return err
	}
	departments, err := s.visitable(c.UserContext(), page.User)
	if err != nil {
		return err
	}
	for _, d := range departments {
		page.Departments = append(page.Departments, option{idText(int64(d.ID)), d.Name, d.ID == page.Visit.Department})
	}
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return err
	}
	chosen := func(o option) bool { return o.Selected }
	if id := page.Visit.Department; id != 0 && !slices.ContainsFunc(page.Departments, chosen) && names[id] != "" {
		page.Departments = append(page.Departments, option{idText(int64(id)), names[id], true})
	}
	page.Changes, err = s.changeChoices(c, page.Visit.Change, page.Faults["change"] == "")
	return err
}

// changeChoices offers the changes that are under way, and the one that is chosen; keep says whether it stays on offer where
// this person may not read about it.
func (s *Server) changeChoices(c *fiber.Ctx, chosen changes.ID, keep bool) (options []option, err error) {
	f := s.frame(c, "", "")
	list, err := s.changesFor(c.UserContext(), f.User)
	found := chosen == 0
	for _, change := range list {
		now := change.ID == chosen
		found = found || now
		if now || !change.Now().Stage.Ended() {
			options = append(options, option{idText(int64(change.ID)), titleOf(&change, f.Spoken), now})
		}
	}
	if !found && keep {
		options = append(options, option{idText(int64(chosen)), idText(int64(chosen)), true})
	}
	return options, err
}
