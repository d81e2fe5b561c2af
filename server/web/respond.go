package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/intake"
)

// readForm reads a posted form. Every name and value is a copy: what the router hands out is overwritten once the
// request is over, while a submission may still be on its way.
func readForm(c *fiber.Ctx) (surveys.Form, error) {
	kind, _, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil || kind != fiber.MIMEApplicationForm || c.Get(fiber.HeaderContentEncoding) != "" {
		return nil, fiber.NewError(http.StatusUnsupportedMediaType)
	}
	values, err := url.ParseQuery(string(c.BodyRaw()))
	if err != nil {
		return nil, fiber.NewError(http.StatusBadRequest) // the parser's own words quote what was typed
	}
	return surveys.Form(values), nil
}

// wishOf reads the wish from the form, else from the address, else from the browser. A posted form may be nil.
func wishOf(c *fiber.Ctx, form surveys.Form) wish {
	lang := form.First("lang")
	if lang == "" {
		lang = c.Query("lang")
	}
	return wish{lang, c.Get(fiber.HeaderAcceptLanguage)}
}

// neverKept keeps pages with a receipt, or with what somebody typed, out of every cache.
func neverKept(c *fiber.Ctx) { c.Set(fiber.HeaderCacheControl, "no-store") }

// showForm is GET /s/:code.
func (s *Server) showForm(c *fiber.Ctx) error {
	neverKept(c)
	l, err := s.forms.find(c.UserContext(), c.Params("code"))
	if err != nil {
		return err
	}
	lang := l.languages.choose(wishOf(c, nil))
	if l.wave.State != surveys.Open {
		return s.refuseClosed(c, l, lang, nil)
	}
	return s.offer(c, l, lang)
}

// offer answers with the empty form and a receipt of its own.
func (s *Server) offer(c *fiber.Ctx, l *linked, lang string) error {
	page, err := s.forms.ready(c.UserContext(), l, lang, l.toss(c.Query(surveys.VariantField)))
	if err != nil {
		return err
	}
	page.send(c, surveys.NewReceipt())
	return nil
}

// postForm is POST /s/:code.
func (s *Server) postForm(c *fiber.Ctx) error {
	neverKept(c)
	form, err := readForm(c)
	if err != nil {
		return err
	}
	l, err := s.forms.find(c.UserContext(), c.Params("code"))
	if surveys.KindOf(err) == surveys.Unavailable {
		return s.refuseUnread(c, form, err)
	}
	if err != nil {
		return err
	}
	return s.take(c, l, l.languages.choose(wishOf(c, form)), form, func(reply surveys.Reply) error {
		_, err := s.Intake.Submit(c.UserContext(), l.wave.ID, l.doc(), reply)
		return err
	})
}

// take reads a posted form, has it stored by submit, and answers. Only a committed response is thanked for.
func (s *Server) take(c *fiber.Ctx, l *linked, lang string, form surveys.Form, submit func(surveys.Reply) error) error {
	if len(form["lang"]) <= 1 {
		form["lang"] = []string{lang} // the survey's own spelling of it
	}
	reply, faults := l.doc().ReadReply(form, l.audience)
	if len(faults) > 0 && l.wave.State != surveys.Open {
		return s.refuseClosed(c, l, lang, form)
	}
	if len(faults) > 0 {
		page, err := s.formPage(l, lang, form, faults)
		if err != nil {
			return err
		}
		return refuse(c, &surveys.Error{Kind: surveys.Invalid, Op: "web: respond", Faults: faults}, "answer/form", page)
	}
	// Even a closed wave is asked: a retry whose answer got lost must learn that it was stored.
	err := submit(reply)
	switch {
	case surveys.KindOf(err) == surveys.Ended:
		return s.refuseClosed(c, l, lang, form)
	case errors.Is(err, intake.ErrAnswered):
		return s.refuseAnswered(c, l, lang, form, err)
	case surveys.KindOf(err) == surveys.Conflict:
		return s.refuseConflict(c, l.wave.ID, l.doc(), lang, form, err)
	}
	if err != nil {
		page, pageErr := s.formPage(l, lang, form, nil)
		if pageErr != nil {
			return pageErr
		}
		return s.refuseAway(c, page, err)
	}
	return s.thank(c, voucher{Receipt: reply.Receipt, Lang: lang, Code: l.code, Named: l.doc().Anonymity == surveys.Named})
}

// refuseAway gives the form back as it was sent, with the same receipt, because the database could not take it.
func (s *Server) refuseAway(c *fiber.Ctx, page *formPage, cause error) error {
	p := phrases{speech: page.speech}
	page.Filled, page.Switch = true, nil
	page.Title = p.say("away_title")
	page.Away = p.say("away_form", "Button", p.say("quoted", "Text", page.Send))
	if p.err != nil {
		return p.err
	}
	return refuse(c, cause, "answer/form", page)
}
