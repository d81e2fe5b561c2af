package web

import (
	"context"
	"errors"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/intake"
	"soundings/surveys/invitations"
	"soundings/surveys/people"
	"soundings/surveys/waves"
)

// invited is what a personal address leads to: a form for this person's department and level, which takes one response.
// It is made anew for each request, so that nothing in memory remembers who came.
type invited struct {
	*linked
	invitation invitations.Invitation
	mark       surveys.Mark
}

// invited looks up a token.
func (f *forms) invited(ctx context.Context, typed string) (*invited, error) {
	s := f.server
	invitation, token, err := invitations.Find(ctx, s.Store, s.Secret, typed)
	if err != nil {
		return nil, err
	}
	i := &invited{linked: &linked{invited: true, at: s.Now()}, invitation: invitation, mark: s.Secret.Deriver().Mark(token)}
	if i.wave, err = waves.ByID(s.Store.Read(ctx), invitation.Wave); err != nil {
		return nil, err
	}
	if i.questionnaire, err = s.Catalog.Questionnaire(ctx, i.wave.Questionnaire); err != nil {
		return nil, err
	}
	i.audience = surveys.Audience{Fixed: invitation.Department, FixedBand: invitation.Band}
	departments, err := people.Departments(ctx, s.Store)
	if err != nil {
		return nil, err
	}
	for _, d := range departments {
		if d.ID == invitation.Department {
			i.fixed = d.Name
		}
	}
	bands, err := people.Bands(ctx, s.Store)
	if err != nil {
		return nil, err
	}
	for _, b := range bands {
		if b.ID == invitation.Band {
			i.fixedBand = b.Name
		}
	}
	if err := s.explain(ctx, i.linked); err != nil {
		return nil, err
	}
	i.languages = newLanguages(i.doc().Languages())
	i.digest = digest(i.linked)
	return i, nil
}

// speaks picks the language asked for by name, else the person's own, else the browser's.
func (i *invited) speaks(w wish) string {
	if own := i.invitation.Language; own != "" {
		w.accept = own + "," + w.accept
	}
	return i.languages.choose(w)
}

// answered reports whether the one response of this invitation is stored.
func (s *Server) answered(ctx context.Context, i *invited) (bool, error) {
	taken, err := intake.Answered(s.Store.Read(ctx), i.wave.ID, i.mark)
	return taken[i.mark], err
}

// showInvited is GET /i/:token.
func (s *Server) showInvited(c *fiber.Ctx) error {
	neverKept(c)
	i, err := s.forms.invited(c.UserContext(), c.Params("token"))
	if err != nil {
		return err
	}
	lang := i.speaks(wishOf(c, nil))
	if i.wave.State != surveys.Open {
		return s.refuseClosed(c, i.linked, lang, nil)
	}
	done, err := s.answered(c.UserContext(), i)
	if err != nil {
		return err
	}
	if done {
		cause := &surveys.Error{Kind: surveys.Conflict, Op: "web: respond", Message: "this invitation is already answered", Err: intake.ErrAnswered}
		return s.refuseAnswered(c, i.linked, lang, nil, cause)
	}
	return s.offer(c, i.linked, lang)
}

// postInvited is POST /i/:token.
func (s *Server) postInvited(c *fiber.Ctx) error {
	neverKept(c)
	form, err := readForm(c)
	if err != nil {
		return err
	}
	i, err := s.forms.invited(c.UserContext(), c.Params("token"))
	if surveys.KindOf(err) == surveys.Unavailable {
		return s.refuseUnread(c, form, err)
	}
	if err != nil {
		return err
	}
	lang := i.speaks(wishOf(c, form))
	return s.take(c, i.linked, lang, form, func(reply surveys.Reply) error {
		// The invitation knows the person's language. Kept with the answers too, it would join the two where few speak it.
		reply.Language = i.doc().Language
		_, err := s.Intake.SubmitOnce(c.UserContext(), i.wave.ID, i.doc(), reply, i.mark)
		return err
	})
}

// refuseAnswered says that an invitation is used, how to get at its answers, and gives back what was written.
func (s *Server) refuseAnswered(c *fiber.Ctx, l *linked, lang string, form surveys.Form, cause error) error {
	p := phrases{speech: s.words.in(lang)}
	page := &failurePage{Heading: p.say("used_title"), Lines: []string{p.say("used_text"), p.say("look_text"), p.say("used_other")}, Receipt: true}
	page.respondentFrame = respondentFrame{speech: p.speech, Organisation: s.house().Name, Title: page.Heading, Current: nameOf(lang)}
	if form == nil {
		page.Switch = switchTo(l.languages.names, lang)
	}
	page.Typed = typedTexts(l.doc(), lang, form)
	return refuse(c, errors.Join(cause, p.err), "answer/failure", page)
}

// quietPage asks whether somebody wants no more reminders, or says that there will be none.
type quietPage struct {
	respondentFrame
	Heading string
	Text    string
	Yes     string // on the button; empty when it is done
}

// showQuiet is GET /i/:token/quiet. It changes nothing: programs that check the links of a mail open it too.
func (s *Server) showQuiet(c *fiber.Ctx) error {
	neverKept(c)
	i, err := s.forms.invited(c.UserContext(), c.Params("token"))
	if err != nil {
		return err
	}
	if i.invitation.Declined {
		return s.quiet(c, i, "quiet_done", "quiet_done_text", "")
	}
	return s.quiet(c, i, "quiet_title", "quiet_text", "quiet_yes")
}

// postQuiet is POST /i/:token/quiet, from the page's own button or from a mail program (RFC 8058): whatever the body,
// without cookies, and answered at once, because mail programs follow no redirect.
func (s *Server) postQuiet(c *fiber.Ctx) error {
	neverKept(c)
	i, err := s.forms.invited(c.UserContext(), c.Params("token"))
	if err != nil {
		return err
	}
	if err := invitations.Decline(c.UserContext(), s.Store, i.invitation.ID); err != nil {
		return err
	}
	return s.quiet(c, i, "quiet_done", "quiet_done_text", "")
}

func (s *Server) quiet(c *fiber.Ctx, i *invited, heading, text, yes string) error {
	lang := i.speaks(wishOf(c, nil))
	p := phrases{speech: s.words.in(lang)}
	page := &quietPage{Heading: p.say(heading), Text: p.say(text, "Survey", p.say("quoted", "Text", textsOf(i.doc(), lang).title()))}
	if yes != "" {
		page.Yes = p.say(yes)
	}
	page.respondentFrame = respondentFrame{speech: p.speech, Organisation: s.house().Name, Title: page.Heading, Current: nameOf(lang)}
	if c.Method() == fiber.MethodGet {
		page.Switch = switchTo(i.languages.names, lang)
	}
	if p.err != nil {
		return p.err
	}
	return s.page(c, "answer/quiet", page)
}
