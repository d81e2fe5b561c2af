package web

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/champions"
	"soundings/surveys/people"
)

// volunteerPage is the form on which somebody offers to be a champion of their department. It is the same for everybody:
// nothing of an answer, a survey or an invitation comes with it.
type volunteerPage struct {
	respondentFrame
	Off         bool // nobody can volunteer here at this time
	Heading     string
	Fields      []volunteerField
	Department  placeField
	Departments bool // they are chosen from a list
	Consent     string
	Faults      []faultLine
}

type volunteerField struct {
	*speech
	Name, Label, Hint, Value, Fault string
	Kind, Complete                  string // attributes of the input
}

// showVolunteer is GET /champion.
func (s *Server) showVolunteer(c *fiber.Ctx) error {
	neverKept(c)
	lang := s.words.all.choose(wishOf(c, nil))
	if c.Query("sent") != "" {
		return s.championNote(c, lang, "champion_sent_title", "champion_sent")
	}
	page, err := s.volunteerPage(c.UserContext(), lang, champions.Champion{}, nil)
	if err != nil {
		return err
	}
	page.Switch = switchTo(s.words.names, lang)
	return s.page(c, "answer/volunteer", page)
}

// postVolunteer is POST /champion. Whether the address is known already changes nothing in the answer.
func (s *Server) postVolunteer(c *fiber.Ctx) error {
	neverKept(c)
	form, err := readForm(c)
	if err != nil {
		return err
	}
	lang := s.words.all.choose(wishOf(c, form))
	p := phrases{speech: s.words.in(lang)}
	department, _ := strconv.ParseInt(form.First("department"), 10, 64) // what is no number is no department
	typed := champions.Champion{Name: tidy(form.First("name")), Email: tidy(form.First("email")), Department: surveys.DepartmentID(department),
		Topics: champions.ParseTopics(tidy(form.First("topics"))), Language: lang, Consent: champions.Consent{Wording: p.say("champion_consent")}}
	mails, err := s.mails(c.UserContext())
	if err == nil && mails {
		var today surveys.Day
		if today, err = s.today(c.UserContext()); err == nil {
			err = champions.Volunteer(c.UserContext(), s.Store, s.Secret, typed, today)
		}
	}
	switch {
	case p.err != nil:
		return p.err
	case err == nil && mails:
		return seeOther(c, "/champion?sent=1&lang="+lang)
	case surveys.KindOf(err) == surveys.TooMany:
		return s.refuseChampion(c, lang, err, "champion_busy_title", "champion_busy")
	}
	var known *surveys.Error
	if err != nil && (!errors.As(err, &known) || len(known.Faults) == 0) {
		return err
	}
	page, pageErr := s.volunteerPage(c.UserContext(), lang, typed, known)
	if pageErr != nil || err == nil {
		return errors.Join(pageErr, s.page(c, "answer/volunteer", page))
	}
	return refuse(c, err, "answer/volunteer", page)
}

// volunteerPage is the form with what was typed and what is wrong with it.
func (s *Server) volunteerPage(ctx context.Context, lang string, typed champions.Champion, refusal *surveys.Error) (*volunteerPage, error) {
	p := phrases{speech: s.words.in(lang)}
	page := &volunteerPage{Heading: p.say("champion_title"), Consent: p.say("champion_consent")}
	page.respondentFrame = respondentFrame{speech: p.speech, Organisation: s.house().Name, Title: page.Heading, Current: nameOf(lang)}
	mails, err := s.mails(ctx)
	if err != nil {
		return nil, err
	}
	all, err := people.Departments(ctx, s.Store)
	if err != nil {
		return nil, err
	}
	faults := p.championFaults(refusal)
	for _, d := range all {
		if !d.Archived {
			page.Department.Options = append(page.Department.Options, optionView{Value: idText(int64(d.ID)), Text: d.Name, Chosen: d.ID == typed.Department})
		}
	}
	page.Off = !mails || len(page.Department.Options) == 0
	page.Department.Fault = faults["department"]
	page.Fields = []volunteerField{
		{p.speech, "name", p.say("champion_name"), "", typed.Name, faults["name"], "text", "name"},
		{p.speech, "email", p.say("champion_email"), "", typed.Email, faults["email"], "email", "email"},
		{p.speech, "topics", p.say("champion_topics"), p.say("champion_topics_hint"), strings.Join(typed.Topics, ", "), faults["topics"], "text", "off"},
	}
	for _, f := range page.Fields {
		if f.Fault != "" {
			page.Faults = append(page.Faults, faultLine{f.Name, f.Label, f.Fault})
		}
	}
	if page.Department.Fault != "" {
		page.Faults = append(page.Faults, faultLine{"department", p.say("department"), page.Department.Fault})
	}
	if len(page.Faults) > 0 {
		page.Title = p.say("fault_page", "Title", page.Heading)
	}
	return page, p.err
}

// championFaults says what is wrong with each field, in the words for respondents.
func (p *phrases) championFaults(refusal *surveys.Error) map[string]string {
	texts := map[string]string{}
	if refusal == nil {
		return texts
	}
	for _, f := range refusal.Faults {
		if texts[f.Path] != "" {
			continue
		}
		limit, _ := strconv.Atoi(f.Args["limit"]) // only faults with a limit name it
		switch f.Code {
		case champions.FaultRequired:
			texts[f.Path] = p.say("champion_required")
		case champions.FaultAddress:
			texts[f.Path] = p.say("champion_address")
		case champions.FaultLong:
			texts[f.Path] = p.say("fault_too_long", "Most", p.Number(limit))
		case champions.FaultTooMany:
			texts[f.Path] = p.say("champion_many", "Most", p.Number(limit))
		case champions.FaultUnreadable:
			texts[f.Path] = p.say("fault_not_text")
		default:
			texts[f.Path] = p.say("fault_unknown")
		}
	}
	return texts
}

// championNotePage says one thing about being a champion.
type championNotePage struct {
	respondentFrame
	Heading string
	Text    string
}

func (s *Server) championNotePage(lang, heading, text string) (*championNotePage, error) {
	p := phrases{speech: s.words.in(lang)}
	page := &championNotePage{Heading: p.say(heading), Text: p.say(text)}
	page.respondentFrame = respondentFrame{speech: p.speech, Organisation: s.house().Name, Title: page.Heading, Current: nameOf(lang)}
	return page, p.err
}

func (s *Server) championNote(c *fiber.Ctx, lang, heading, text string) error {
	page, err := s.championNotePage(lang, heading, text)
	if err != nil {
		return err
	}
	return s.page(c, "answer/champion_note", page)
}

func (s *Server) refuseChampion(c *fiber.Ctx, lang string, cause error, heading, text string) error {
	page, err := s.championNotePage(lang, heading, text)
	if err != nil {
		return err
	}
	return refuse(c, cause, "answer/champion_note", page)
}
