package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// refusal is the page a failed request gets in place of the general one for its status: the form again, with
// everything that was typed.
type refusal struct {
	page string
	data any
}

type refusalKey struct{}

// refuse returns the cause, for the one place where failures get their answer, and leaves the page there for it.
func refuse(c *fiber.Ctx, cause error, page string, data any) error {
	c.Locals(refusalKey{}, refusal{page, data})
	return cause
}

// respondentError answers a failed request of an employee with a page in their language.
func (s *Server) respondentError(c *fiber.Ctx, f failure) error {
	neverKept(c)
	if r, ok := c.Locals(refusalKey{}).(refusal); ok {
		return s.page(c, r.page, r.data)
	}
	all := s.words.all
	lang := all.choose(wishOf(c, nil))
	page, err := s.failurePage(lang, f.Status)
	if err != nil {
		return err
	}
	page.Switch = switchTo(all.names, lang)
	return s.page(c, "answer/failure", page)
}

// failurePage explains a status.
func (s *Server) failurePage(lang string, status int) (*failurePage, error) {
	p := phrases{speech: s.words.in(lang)}
	page := &failurePage{}
	switch status {
	case http.StatusNotFound:
		page.Heading, page.Lines = p.say("unknown_title"), []string{p.say("unknown_text")}
	case http.StatusGone:
		page.Heading, page.Lines = p.say("closed_title"), []string{p.say("closed_thanks"), p.say("closed_next"), p.say("closed_receipt")}
		page.Receipt = true
	case http.StatusConflict:
		page.Heading = p.say("conflict_title")
	case http.StatusRequestEntityTooLarge:
		page.Heading, page.Lines = p.say("large_title"), []string{p.say("large_text")}
	case http.StatusServiceUnavailable:
		page.Heading, page.Lines = p.say("away_page_title"), []string{p.say("away_page")}
	default:
		page.Heading, page.Lines = p.say("wrong_title"), []string{p.say("wrong_text")}
		if status < http.StatusInternalServerError {
			page.Heading, page.Lines = p.say("malformed_title"), []string{p.say("malformed_text")}
		}
	}
	page.respondentFrame = respondentFrame{speech: p.speech, Organisation: s.house().Name, Title: page.Heading, Current: nameOf(lang)}
	return page, p.err
}

// refuseClosed says that the wave is closed, and gives back what was written.
func (s *Server) refuseClosed(c *fiber.Ctx, l *linked, lang string, form surveys.Form) error {
	page, err := s.failurePage(lang, http.StatusGone)
	if err != nil {
		return err
	}
	if form == nil {
		page.Switch = switchTo(l.languages.names, lang)
	}
	page.Typed = typedTexts(l.doc(), lang, form)
	return refuse(c, &surveys.Error{Kind: surveys.Ended, Op: "web: respond", Message: "this survey is closed"}, "answer/failure", page)
}

// refuseConflict finds out which of three things is wrong with the receipt of a form, and says so.
func (s *Server) refuseConflict(c *fiber.Ctx, wave surveys.WaveID, doc *surveys.Document, lang string, form surveys.Form, cause error) error {
	page, err := s.failurePage(lang, http.StatusConflict)
	if err != nil {
		return err
	}
	receipt, ok := surveys.ParseReceipt(form.First("receipt"))
	if !ok {
		return cause // cannot be: it was accepted a moment ago
	}
	found, err := s.Intake.Lookup(c.UserContext(), receipt, doc)
	if err != nil {
		return err
	}
	p := phrases{speech: page.speech}
	switch {
	case found.Wave != wave:
		page.Lines = []string{p.say("conflict_other")}
	case found.Withdrawn:
		page.Lines = []string{p.say("conflict_withdrawn")}
	default:
		page.Lines = []string{p.say("conflict_counted")}
		page.Receipt = true
	}
	if p.err != nil {
		return p.err
	}
	page.Typed = typedTexts(doc, lang, form)
	return refuse(c, cause, "answer/failure", page)
}

// refuseUnread keeps a form that cannot even be read, because the database that holds its questions is away: everything
// is on the page and can be sent again.
func (s *Server) refuseUnread(c *fiber.Ctx, form surveys.Form, cause error) error {
	lang := s.words.all.choose(wishOf(c, form))
	page, err := s.failurePage(lang, http.StatusServiceUnavailable)
	if err != nil {
		return err
	}
	p := phrases{speech: page.speech}
	page.Heading = p.say("away_title")
	page.Title = page.Heading
	page.Lines = []string{p.say("away_form", "Button", p.say("quoted", "Text", p.say("send_again")))}
	for name := range form {
		for _, value := range form[name] {
			page.Resend = append(page.Resend, typedField{name, value})
		}
	}
	slices.SortStableFunc(page.Resend, func(a, b typedField) int { return strings.Compare(a.Name, b.Name) })
	if p.err != nil {
		return p.err
	}
	return refuse(c, cause, "answer/failure", page)
}

// typedTexts lists what a respondent wrote in their own words.
func typedTexts(doc *surveys.Document, lang string, form surveys.Form) []typedText {
	texts := textsOf(doc, lang)
	var typed []typedText
	for i := range doc.Questions {
		q := &doc.Questions[i]
		field := surveys.OtherField(q.ID)
		if q.Kind == surveys.Text {
			field = surveys.FieldOf(q.ID)
		}
		for _, text := range form[field] {
			if q.TakesText() && text != "" {
				typed = append(typed, typedText{texts.text(q), text})
			}
		}
	}
	return typed
}
