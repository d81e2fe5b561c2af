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
	"soundings/surveys/champions"
	"soundings/surveys/outbox"
)

// championPage is one champion, or the form of a new one.
type championPage struct {
	frame
	New         bool
	Heading     string
	Lead        string
	Champion    champions.Champion // as typed
	Topics      string
	Departments []option
	Languages   []option
	Today       surveys.Day
	Faults      map[string]string
	Refused     string
	Facts       []changeFact
	Reports     []reportLine
	Mails       bool
	Delivery    string // what became of the last mail; "" for none
	Undelivered bool
	Link        string // the champion's own address, to be handed over; shown only when asked for
	Saved       string
}

// reportLine is something that a champion reported back.
type reportLine struct {
	ID   champions.ID
	Who  string // "" on the champion's own page
	Date string
	Text string
	On   pageLink // the change it is about
}

// championOfPath is the champion of the address, if this person may see their department. One who has withdrawn has no page.
func (s *Server) championOfPath(c *fiber.Ctx) (champions.Champion, error) {
	id, err := pathID(c, "champion")
	if err != nil {
		return champions.Champion{}, err
	}
	champion, err := champions.ByID(c.UserContext(), s.Store, champions.ID(id))
	switch {
	case err == nil && !current(c).User.Sees(champion.Department):
		err = notYours()
	case err == nil && champion.Withdrawn != "":
		err = &surveys.Error{Kind: surveys.NotFound, Op: "web: champion", Message: "There is no such champion."}
	}
	return champion, err
}

func (s *Server) showNewChampion(c *fiber.Ctx) error {
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	department, err := numberQuery(c, "department")
	if err != nil {
		return err
	}
	f := s.frame(c, "", "")
	typed := champions.Champion{Department: surveys.DepartmentID(department), Since: today, Language: f.Spoken, Consent: champions.Consent{On: today}}
	return s.championPage(c, typed, true, nil, func(*championPage, *phrases) {})
}

func (s *Server) showChampion(c *fiber.Ctx) error {
	champion, err := s.championOfPath(c)
	if err != nil {
		return err
	}
	return s.championPage(c, champion, false, nil, func(*championPage, *phrases) {})
}

// typedChampion reads the form over a champion that is new or stored.
func typedChampion(form surveys.Form, c champions.Champion) champions.Champion {
	c.Version = versionOf(form)
	c.Name, c.Email, c.Language = tidy(form.First("name")), tidy(form.First("email")), form.First("language")
	c.Topics = champions.ParseTopics(tidy(form.First("topics")))
	department, _ := strconv.ParseInt(form.First("department"), 10, 64) // what is no number is no department
	c.Department = surveys.DepartmentID(department)
	c.Since, c.LastContact = typedDay(form.First("since")), typedDay(form.First("last_contact"))
	return c
}

func (s *Server) postNewChampion(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	mails, err := s.mails(c.UserContext())
	if err != nil {
		return err
	}
	typed := typedChampion(form, champions.Champion{})
	typed.Consent = champions.Consent{By: current(c).User.Email, On: typedDay(form.First("consent_on")), How: tidy(form.First("consent_how")), Wording: tidy(form.First("consent_wording"))}
	if typed.Department != 0 && !current(c).User.Sees(typed.Department) {
		return notYours()
	}
	made, refusal := champions.Add(c.UserContext(), s.Store, s.Secret, typed, mails, today)
	if refusal != nil {
		return s.refuseStaffChampion(c, typed, true, refusal)
	}
	audited(c).Subject = fmt.Sprintf("champion %d", made.ID)
	return seeOther(c, championAddress(made.ID))
}

func (s *Server) postChampion(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	stored, err := s.championOfPath(c)
	if err != nil {
		return err
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	typed := typedChampion(form, stored)
	if typed.Department != 0 && !current(c).User.Sees(typed.Department) {
		return notYours()
	}
	if stored, refusal := champions.Save(c.UserContext(), s.Store, typed, today); refusal != nil {
		if surveys.KindOf(refusal) == surveys.Conflict {
			typed.Version = stored.Version // saving again overwrites knowingly
		}
		return s.refuseStaffChampion(c, typed, false, refusal)
	}
	return seeOther(c, championAddress(stored.ID))
}

// refuseStaffChampion shows the form again with what was typed: beside its faults, or after somebody else's save.
func (s *Server) refuseStaffChampion(c *fiber.Ctx, typed champions.Champion, fresh bool, refusal error) error {
	var known *surveys.Error
	if !errors.As(refusal, &known) || len(known.Faults) == 0 && known.Kind != surveys.Conflict {
		return refusal
	}
	c.Status(failureOf(refusal).Status)
	return s.championPage(c, typed, fresh, known.Faults, func(page *championPage, p *phrases) {
		if len(known.Faults) == 0 {
			page.Refused = p.say("champion_conflict")
		} else {
			page.Refused = p.count("change_refused", len(page.Faults))
		}
	})
}

// championPage shows a champion or the form of a new one, with what mend puts into it.
func (s *Server) championPage(c *fiber.Ctx, champion champions.Champion, fresh bool, faults surveys.Faults, mend func(*championPage, *phrases)) error {
	f := s.frame(c, "champion_staff_title", "champions")
	p := &phrases{speech: f.speech}
	page := &championPage{frame: f, New: fresh, Champion: champion, Topics: strings.Join(champion.Topics, ", "), Faults: p.faults("champion_fault_", faults)}
	var err error
	if page.Today, err = s.today(c.UserContext()); err != nil {
		return err
	}
	if page.Mails, err = s.mails(c.UserContext()); err != nil {
		return err
	}
	departments, err := s.visitable(c.UserContext(), f.User)
	if err != nil {
		return err
	}
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return err
	}
	for _, d := range departments {
		page.Departments = append(page.Departments, option{idText(int64(d.ID)), d.Name, d.ID == champion.Department})
	}
	if chosen := func(o option) bool { return o.Selected }; champion.Department != 0 && names[champion.Department] != "" && !slices.ContainsFunc(page.Departments, chosen) {
		page.Departments = append(page.Departments, option{idText(int64(champion.Department)), names[champion.Department], true})
	}
	for _, name := range s.words.names {
		page.Languages = append(page.Languages, option{name, nameOf(name), name == champion.Language})
	}
	page.Heading, page.Lead = p.say("champion_new"), p.say("champion_new_lead")
	if !fresh {
		if err := s.fillChampion(c, p, page, names); err != nil {
			return err
		}
	}
	mend(page, p)
	return s.finish(c, "staff/champion", p, page)
}

// fillChampion says what is known of somebody who is there already.
func (s *Server) fillChampion(c *fiber.Ctx, p *phrases, page *championPage, names map[surveys.DepartmentID]string) error {
	champion, err := champions.ByID(c.UserContext(), s.Store, page.Champion.ID)
	if err != nil {
		return err
	}
	page.Heading = champion.Name
	if err := s.championDelivery(c, p, page); err != nil {
		return err
	}
	if champion.Waiting() {
		page.Lead = p.say("champion_waiting", "Department", names[champion.Department], "Date", p.date(champion.Added.Plus(champions.KeptUnconfirmed).Time()))
		return nil
	}
	page.Lead = p.say("champion_is", "Department", names[champion.Department], "Date", p.date(champion.Since.Time()))
	if champion.Silent(page.Today) {
		page.Lead += " " + p.say("champion_silent", "Days", p.Number(champions.SilentDays))
	}
	consent := p.say("champion_consent_own", "Date", p.date(champion.Consent.On.Time()))
	if !champion.Consent.Own() {
		consent = p.say("champion_consent_recorded", "Date", p.date(champion.Consent.On.Time()), "Who", champion.Consent.By, "How", champion.Consent.How)
	}
	page.Facts = []changeFact{{p.say("champion_consent_fact"), consent}, {p.say("champion_wording"), champion.Consent.Wording}}
	page.Reports, err = s.reportLines(c, p, page.frame, func(r champions.Report) bool { return r.Champion == champion.ID }, nil)
	return err
}

// championDelivery says what became of the last mail to somebody. One that had lost its reason is nothing to tell of.
func (s *Server) championDelivery(c *fiber.Ctx, p *phrases, page *championPage) error {
	last, err := champions.Delivery(c.UserContext(), s.Store, page.Champion.ID)
	if err != nil {
		return err
	}
	switch on := p.date(last.Settled); last.State {
	case outbox.Queued, outbox.Sending:
		page.Delivery = p.say("champion_delivery_waiting")
	case outbox.Sent:
		page.Delivery = p.say("champion_delivery_sent", "Date", on)
	case outbox.Failed:
		page.Delivery, page.Undelivered = p.say("champion_delivery_failed", "Date", on), true
	case outbox.Uncertain:
		page.Delivery, page.Undelivered = p.say("champion_delivery_uncertain", "Date", on), true
	}
	return nil
}

// reportLines lists reports; names says who of them reported, nil where that is known.
func (s *Server) reportLines(c *fiber.Ctx, p *phrases, f frame, wanted func(champions.Report) bool, names map[champions.ID]string) ([]reportLine, error) {
	list, err := champions.Reports(c.UserContext(), s.Store)
	if err != nil {
		return nil, err
	}
	var lines []reportLine
	for _, r := range list {
		if !wanted(r) {
			continue
		}
		line := reportLine{ID: r.Champion, Who: names[r.Champion], Date: p.date(r.Day.Time()), Text: r.Text}
		if names == nil {
			if line.On, err = s.visitAbout(c, f.User, r.Change); err != nil {
				return nil, err
			}
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// postChampionContact notes that there was contact today.
func (s *Server) postChampionContact(c *fiber.Ctx) error {
	champion, err := s.championOfPath(c)
	if err != nil {
		return err
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	if _, err := champions.Contact(c.UserContext(), s.Store, champion.ID, today, today); err != nil {
		return err
	}
	return seeOther(c, championAddress(champion.ID))
}

// postChampionMail mails somebody their link again; where no mail can be sent, it shows the link, to be handed over.
func (s *Server) postChampionMail(c *fiber.Ctx) error {
	champion, err := s.championOfPath(c)
	if err != nil {
		return err
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	mails, err := s.mails(c.UserContext())
	if err != nil {
		return err
	}
	if mails {
		if err := champions.MailAgain(c.UserContext(), s.Store, champion.ID, today); err != nil {
			return err
		}
		return s.championPage(c, champion, false, nil, func(page *championPage, p *phrases) { page.Saved = p.say("champion_mailed") })
	}
	token, err := champion.Token(s.Secret)
	if err != nil {
		return err
	}
	return s.championPage(c, champion, false, nil, func(page *championPage, p *phrases) { page.Link = s.BaseURL + "/champion/" + token })
}

// postChampionRemove takes somebody out of the list, once it is confirmed.
func (s *Server) postChampionRemove(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	champion, err := s.championOfPath(c)
	if err != nil {
		return err
	}
	if form.First("sure") != "yes" {
		c.Status(http.StatusUnprocessableEntity)
		return s.championPage(c, champion, false, surveys.Faults{{Path: "sure", Code: champions.FaultRequired}}, func(*championPage, *phrases) {})
	}
	if err := champions.Remove(c.UserContext(), s.Store, champion.ID); err != nil {
		return err
	}
	return seeOther(c, "/champions")
}
