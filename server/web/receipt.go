package web

import (
	"context"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/intake"
	"soundings/surveys/people"
	"soundings/surveys/waves"
)

// What POST /receipt can be asked to do.
const (
	deedChange   = "change"
	deedWithdraw = "withdraw"
	deedDelete   = "delete_comments"
)

// showReceipt is GET /receipt. It takes no receipt: an address ends up in histories and logs.
func (s *Server) showReceipt(c *fiber.Ctx) error {
	neverKept(c)
	page := s.lookPage(s.words.all.choose(wishOf(c, nil)))
	return s.lookAt(c, page)
}

func (s *Server) lookPage(lang string) *lookPage {
	page := &lookPage{respondentFrame: respondentFrame{speech: s.words.in(lang), Organisation: s.house().Name, Current: nameOf(lang)}}
	page.Switch = switchTo(s.words.names, lang)
	return page
}

func (s *Server) lookAt(c *fiber.Ctx, page *lookPage) error {
	var err error
	if page.Title, err = page.T("look_title"); err != nil {
		return err
	}
	return s.page(c, "answer/look", page)
}

// holding is what a receipt leads to: the response, and the survey around it in the respondent's language.
type holding struct {
	receipt       surveys.Receipt
	wave          surveys.Wave
	questionnaire *surveys.Questionnaire
	found         intake.Found
	lang          string
}

func (h *holding) doc() *surveys.Document { return h.questionnaire.Document }
func (h *holding) open() bool             { return h.wave.State == surveys.Open }

// postReceipt is POST /receipt: looking up, changing, withdrawing, deleting comments. There is no sign-in and no
// cookie behind it, only the receipt in the form; at 128 bits, trying receipts is pointless.
func (s *Server) postReceipt(c *fiber.Ctx) error {
	neverKept(c)
	form, err := readForm(c)
	if err != nil {
		return err
	}
	h, err := s.holding(c.UserContext(), form, wishOf(c, form))
	switch surveys.KindOf(err) {
	case surveys.NotFound:
		return s.refuseReceipt(c, form, err)
	case surveys.Unavailable:
		return s.refuseUnread(c, form, err)
	}
	if err != nil {
		return err
	}
	confirmed := form.First("confirm") == "yes"
	switch deed := form.First("action"); {
	case h.found.Withdrawn && deed == deedChange && form.First("answers") != "":
		cause := &surveys.Error{Kind: surveys.Conflict, Op: "web: receipt", Message: "this response was withdrawn"}
		return s.refuseConflict(c, h.wave.ID, h.doc(), h.lang, form, cause)
	case h.found.Withdrawn, deed == "", deed == "look":
		return s.showAnswers(c, h, "")
	case deed == deedDelete && confirmed:
		return s.deleteComments(c, form, h)
	case deed == deedDelete:
		return s.confirm(c, h, deed, "delete_title", "delete_text", "delete_yes")
	case !h.open() && deed == deedChange && form.First("answers") != "":
		return s.refuseEnded(c, h, form)
	case !h.open() && (deed == deedChange || deed == deedWithdraw):
		return s.refuseEnded(c, h, nil)
	case deed == deedWithdraw && confirmed:
		return s.withdraw(c, form, h)
	case deed == deedWithdraw:
		return s.confirm(c, h, deed, "withdraw_title", "withdraw_text", "withdraw_yes")
	case deed == deedChange && form.First("answers") != "":
		return s.change(c, form, h)
	case deed == deedChange:
		return s.showChange(c, h)
	}
	return fiber.NewError(http.StatusBadRequest)
}

// holding looks up everything about the receipt in a form.
func (s *Server) holding(ctx context.Context, form surveys.Form, w wish) (*holding, error) {
	receipt, ok := surveys.ParseReceipt(form.First("receipt"))
	if !ok || len(form["receipt"]) > 1 {
		return nil, &surveys.Error{Kind: surveys.NotFound, Op: "web: receipt", Message: "this is not a receipt"}
	}
	h := &holding{receipt: receipt}
	id, err := s.Intake.Wave(ctx, receipt)
	if err != nil {
		return nil, err
	}
	if h.wave, err = waves.ByID(s.Store.Read(ctx), id); err != nil {
		return nil, err
	}
	if h.questionnaire, err = s.Catalog.Questionnaire(ctx, h.wave.Questionnaire); err != nil {
		return nil, err
	}
	if h.found, err = s.Intake.Lookup(ctx, receipt, h.doc()); err != nil {
		return nil, err
	}
	// Somebody who answered in one language is spoken to in it, unless this survey has the one asked for.
	h.lang = h.doc().Language
	for _, name := range []string{h.found.Reply.Language, w.name} {
		if name != "" {
			h.lang = exactly(h.doc().Languages(), name, h.lang)
		}
	}
	return h, nil
}

// refuseReceipt says that no answers belong to a receipt, and gives it back as it was typed.
func (s *Server) refuseReceipt(c *fiber.Ctx, form surveys.Form, cause error) error {
	page := s.lookPage(s.words.all.choose(wishOf(c, form)))
	page.Typed = form.First("receipt")
	p := phrases{speech: page.speech}
	page.Fault = p.say("look_unknown")
	page.Title = p.say("fault_page", "Title", p.say("look_title"))
	if p.err != nil {
		return p.err
	}
	return refuse(c, cause, "answer/look", page)
}

// refuseEnded says that the wave is closed. What was sent as a change is given back.
func (s *Server) refuseEnded(c *fiber.Ctx, h *holding, form surveys.Form) error {
	cause := &surveys.Error{Kind: surveys.Ended, Op: "web: receipt", Message: "this survey is closed"}
	if form == nil {
		page, err := s.answersPage(c.UserContext(), h)
		if err != nil {
			return err
		}
		return refuse(c, cause, "answer/answers", page)
	}
	page, err := s.failurePage(h.lang, http.StatusGone)
	if err != nil {
		return err
	}
	page.Typed = typedTexts(h.doc(), h.lang, form)
	return refuse(c, cause, "answer/failure", page)
}

func (s *Server) confirm(c *fiber.Ctx, h *holding, deed, title, text, yes string) error {
	p := phrases{speech: s.words.in(h.lang)}
	page := &confirmPage{Heading: p.say(title), Text: p.say(text), Yes: p.say(yes), Action: deed, Receipt: string(h.receipt)}
	page.respondentFrame = respondentFrame{speech: p.speech, Organisation: s.house().Name, Title: page.Heading}
	if p.err != nil {
		return p.err
	}
	return s.page(c, "answer/confirm", page)
}

func (s *Server) withdraw(c *fiber.Ctx, form surveys.Form, h *holding) error {
	err := s.Intake.Withdraw(c.UserContext(), h.wave.ID, h.doc(), h.receipt)
	switch surveys.KindOf(err) {
	case surveys.Ended:
		h.wave.State = surveys.Closing
		return s.refuseEnded(c, h, nil)
	case surveys.Unavailable:
		return s.refuseUnread(c, form, err)
	}
	if err != nil {
		return err
	}
	h.found = intake.Found{Wave: h.wave.ID, Withdrawn: true}
	return s.showAnswers(c, h, "")
}

func (s *Server) deleteComments(c *fiber.Ctx, form surveys.Form, h *holding) error {
	err := s.Intake.DeleteComments(c.UserContext(), h.receipt, h.doc())
	if surveys.KindOf(err) == surveys.Unavailable {
		return s.refuseUnread(c, form, err)
	}
	if err != nil {
		return err
	}
	h.found.Reply.Texts = nil
	return s.showAnswers(c, h, "comments_deleted")
}

// showChange is the form as it was sent, to be changed. Department and level stay.
func (s *Server) showChange(c *fiber.Ctx, h *holding) error {
	page, err := s.changePage(c.UserContext(), h, h.doc().Form(h.found.Reply), nil)
	if err != nil {
		return err
	}
	return s.page(c, "answer/form", page)
}

func (s *Server) change(c *fiber.Ctx, form surveys.Form, h *holding) error {
	form["lang"] = []string{h.lang}
	reply, faults := h.doc().ReadReply(form, surveys.Audience{Fixed: h.found.Reply.Department})
	reply.Band, reply.Language = h.found.Reply.Band, h.found.Reply.Language
	var err error
	if len(faults) > 0 {
		err = &surveys.Error{Kind: surveys.Invalid, Op: "web: change", Faults: faults}
	} else if _, err = s.Intake.Change(c.UserContext(), h.wave.ID, h.doc(), reply); err == nil {
		return s.thank(c, voucher{Receipt: h.receipt, Lang: h.lang, Named: h.doc().Anonymity == surveys.Named, Changed: true})
	}
	switch surveys.KindOf(err) {
	case surveys.Ended:
		return s.refuseEnded(c, h, form)
	case surveys.Conflict: // withdrawn in another window
		return s.refuseConflict(c, h.wave.ID, h.doc(), h.lang, form, err)
	}
	page, pageErr := s.changePage(c.UserContext(), h, form, faults)
	switch {
	case surveys.KindOf(pageErr) == surveys.Unavailable:
		return s.refuseUnread(c, form, err)
	case pageErr != nil:
		return pageErr
	case len(faults) > 0:
		return refuse(c, err, "answer/form", page)
	}
	return s.refuseAway(c, page, err)
}

func (s *Server) changePage(ctx context.Context, h *holding, form surveys.Form, faults surveys.Faults) (*formPage, error) {
	b := newFormBuilder(s.words.in(h.lang), h.doc(), form, faults)
	reply := h.found.Reply
	page := b.page(surveys.Audience{}, reply.Department != 0, reply.Band != 0)
	page.Organisation = s.house().Name
	page.Change, page.Filled = true, true
	page.Send = b.say("save_changes")
	page.Receipt = string(h.receipt)
	var err error
	if page.Place, err = s.place(ctx, &b.phrases, reply); err != nil {
		return nil, err
	}
	return page, b.err
}

// place says which department and level a response was given with.
func (s *Server) place(ctx context.Context, p *phrases, reply surveys.Reply) ([]string, error) {
	var lines []string
	departments, err := people.Departments(ctx, s.Store)
	if err != nil {
		return nil, err
	}
	for _, d := range departments {
		if d.ID == reply.Department {
			lines = append(lines, p.say("department_is", "Department", d.Name))
		}
	}
	bands, err := people.Bands(ctx, s.Store)
	if err != nil {
		return nil, err
	}
	for _, b := range bands {
		if b.ID == reply.Band {
			lines = append(lines, p.say("level_is", "Level", b.Name))
		}
	}
	return lines, nil
}
