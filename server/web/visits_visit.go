package web

import (
	"fmt"
	"html/template"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/promises"
	"soundings/surveys/visits"
)

// visitPage is one visit.
type visitPage struct {
	frame
	Visit     visits.Visit
	Heading   string
	Headline  string
	Missed    bool
	Few       string // that fewer than two go, or went
	CanWrite  bool
	Heard     template.HTML
	Helped    template.HTML
	Facts     []changeFact
	About     pageLink // the change
	Promise   string   // address of the form of a promise about what was heard, for those who may make one
	FollowUps []followUpLine
	Owners    []string
	Add       addForm
	CallOff   callOffForm
}

// addForm is the form of one more follow-up, as typed.
type addForm struct {
	visits.FollowUp
	Faults map[string]string
}

// callOffForm is the form that calls a visit off, as typed.
type callOffForm struct {
	Reason string
	Fault  string
	Theirs string // somebody has saved the visit meanwhile
}

// visitOf is the visit of the address, if this person may see its department.
func (s *Server) visitOf(c *fiber.Ctx) (visits.Visit, error) {
	id, err := pathID(c, "visit")
	if err != nil {
		return visits.Visit{}, err
	}
	v, err := visits.ByID(c.UserContext(), s.Store, visits.ID(id))
	if err == nil && !current(c).User.Sees(v.Department) {
		return visits.Visit{}, notYours()
	}
	return v, err
}

func (s *Server) showVisit(c *fiber.Ctx) error {
	v, err := s.visitOf(c)
	if err != nil {
		return err
	}
	return s.visitPage(c, v, func(*visitPage, *phrases) {})
}

// visitPage shows a visit, with what mend puts into its forms.
func (s *Server) visitPage(c *fiber.Ctx, v visits.Visit, mend func(*visitPage, *phrases)) error {
	f := s.frame(c, "visit_title", "visits")
	p := &phrases{speech: f.speech}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return err
	}
	page := &visitPage{frame: f, Visit: v, CanWrite: f.May("converse"), Missed: v.Missed(today), Heard: p.markdown(v.Heard), Helped: p.markdown(v.Helped)}
	page.Heading = p.say("visit_heading", "Department", names[v.Department], "Date", p.date(v.Day.Time()))
	page.Headline = p.visitHeadline(&v, names[v.Department], page.Missed)
	page.Facts = p.visitFacts(&v, today)
	if v.FewAssociates() {
		page.Few = p.say("visit_few_" + wordKey(string(v.State)))
	}
	for _, up := range v.FollowUps {
		page.FollowUps = append(page.FollowUps, p.followUpLine(up, &v, names[v.Department], today))
	}
	if page.Owners, err = s.staffAddresses(c); err != nil {
		return err
	}
	if page.CanWrite && v.State == visits.Done {
		page.Promise = promiseAbout(promises.Source{Kind: promises.Visit, Ref: v.UID}, v.Department)
	}
	page.Add.Owner = f.User.Email
	if page.About, err = s.visitAbout(c, f.User, v.Change); err != nil {
		return err
	}
	mend(page, p)
	return s.finish(c, "staff/visit", p, page)
}

// visitAbout leads to the change that a visit is about, if this person may read it.
func (s *Server) visitAbout(c *fiber.Ctx, u accounts.User, id changes.ID) (pageLink, error) {
	if id == 0 {
		return pageLink{}, nil
	}
	change, err := changes.ByID(c.UserContext(), s.Store, id)
	if err != nil || !mayRead(u, &change) {
		return pageLink{}, err
	}
	return pageLink{changeAddress(change.ID), titleOf(&change, s.frame(c, "", "").Spoken)}, nil
}

// titleOf is the title of a change in a language, if it is there.
func titleOf(change *changes.Change, lang string) string {
	text, _ := change.In(lang)
	return text.Title
}

// staffAddresses are those of the accounts that can be given something to do.
func (s *Server) staffAddresses(c *fiber.Ctx) ([]string, error) {
	members, err := s.Accounts.Members(c.UserContext())
	var list []string
	for _, m := range members {
		if m.Active() {
			list = append(list, m.Email)
		}
	}
	return list, err
}

func (p *phrases) visitHeadline(v *visits.Visit, department string, missed bool) string {
	key := "visit_headline_" + wordKey(string(v.State))
	if missed {
		key = "visit_headline_missed"
	}
	return p.say(key, "Department", department, "Date", p.date(v.Day.Time()))
}

func (p *phrases) visitFacts(v *visits.Visit, today surveys.Day) []changeFact {
	facts := []changeFact{{p.say("visit_when"), p.when(v, today)}}
	if v.Place != "" {
		facts = append(facts, changeFact{p.say("visit_place"), v.Place})
	}
	who := "visit_associates"
	if v.State == visits.Done {
		who = "visit_associates_done"
	}
	facts = append(facts, changeFact{p.say(who), p.associates(v.Associates)})
	at, err := p.Date(v.Saved.At)
	if err != nil && p.err == nil {
		p.err = err
	}
	return append(facts, changeFact{p.say("visit_saved"), p.say("visit_saved_by", "Who", v.Saved.By, "Date", at)})
}

// postCallOff calls a planned visit off, for a reason.
func (s *Server) postCallOff(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	v, err := s.visitOf(c)
	if err != nil {
		return err
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	off := v
	off.Version, off.State, off.Reason = versionOf(form), visits.CalledOff, tidy(form.First("reason"))
	stored, refusal := visits.Save(c.UserContext(), s.Store, off, surveys.Stamp(s.stamp(c)), today)
	if refusal == nil {
		return seeOther(c, visitAddress(v.ID))
	}
	p := &phrases{speech: s.frame(c, "", "").speech}
	faults, faulty := p.visitFaults(refusal)
	if !faulty && surveys.KindOf(refusal) != surveys.Conflict {
		return refusal
	}
	c.Status(failureOf(refusal).Status)
	return s.visitPage(c, stored, func(page *visitPage, p *phrases) {
		page.CallOff = callOffForm{Reason: off.Reason, Fault: faults["reason"]}
		for _, fault := range faults {
			if page.CallOff.Fault == "" {
				page.CallOff.Fault = fault
			}
		}
		if !faulty {
			page.CallOff.Theirs = p.visitTheirs(&stored, &stored, nil, nil).Lead
		}
	})
}

// postFollowUp adds a follow-up to a visit.
func (s *Server) postFollowUp(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	v, err := s.visitOf(c)
	if err != nil {
		return err
	}
	typed := visits.FollowUp{Text: tidy(form.First("text")), Owner: tidy(form.First("owner")), Due: typedDay(form.First("due"))}
	_, refusal := visits.Add(c.UserContext(), s.Store, v.ID, typed)
	if refusal == nil {
		return seeOther(c, visitAddress(v.ID)+"#followups")
	}
	p := &phrases{speech: s.frame(c, "", "").speech}
	faults, faulty := p.visitFaults(refusal)
	if !faulty {
		return refusal
	}
	c.Status(failureOf(refusal).Status)
	return s.visitPage(c, v, func(page *visitPage, _ *phrases) { page.Add = addForm{typed, faults} })
}

// postTick ticks a follow-up off, or says that it is open again.
func (s *Server) postTick(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	v, err := s.visitOf(c)
	if err != nil {
		return err
	}
	number, err := pathID(c, "followup")
	if err != nil {
		return err
	}
	done := surveys.Day("")
	if form.First("done") == "yes" {
		if done, err = s.today(c.UserContext()); err != nil {
			return err
		}
	} else {
		audited(c).Action = "followup.open"
	}
	if _, err := visits.Tick(c.UserContext(), s.Store, v.ID, int(number), done); err != nil {
		return err
	}
	return c.Redirect(back(form, fmt.Sprintf("%s#followups", visitAddress(v.ID))), http.StatusSeeOther)
}
