package web

import (
	"bytes"
	"context"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/outbox"
	"soundings/surveys/week"
)

// weekLetter is somebody's week in a message. Its text and its HTML say the same.
type weekLetter struct {
	*speech
	Organisation string
	Subject      string
	Headline     string
	Lead         string
	Parts        []weekPart
	Address      string // of the page
	Account      string // of the switch
	Leave        string // of the page that ends the messages, with one press
}

const weekSealPurpose = "week mail"

// weekToken is what ends the messages to an account. It says nothing and opens nothing else.
func (s *Server) weekToken(id accounts.UserID) (string, error) {
	sealed, err := s.Secret.Seal(weekSealPurpose, idText(int64(id)))
	return strings.NewReplacer("+", "-", "/", "_").Replace(sealed), err
}

// weekAccount is whose messages a token ends; anything else is NotFound.
func (s *Server) weekAccount(ctx context.Context, token string) (*accounts.Member, error) {
	text, err := s.Secret.Unseal(weekSealPurpose, strings.NewReplacer("-", "+", "_", "/").Replace(token))
	id, numberErr := strconv.ParseInt(text, 10, 64)
	if err != nil || numberErr != nil {
		return nil, &surveys.Error{Kind: surveys.NotFound, Op: "web: week mail", Message: "There is no such page."}
	}
	return s.Accounts.Member(ctx, accounts.UserID(id))
}

// WriteWeekMail is the outbox's writer of weeks. One of somebody who has nothing to do, wants none any more or may not sign
// in is not needed.
func (s *Server) WriteWeekMail(ctx context.Context, e outbox.Entry) (outbox.Mail, error) {
	if err := week.Due(ctx, s.Store, e, s.Now()); err != nil {
		return outbox.Mail{}, err
	}
	m, err := s.Accounts.Member(ctx, accounts.UserID(e.Subject))
	if err != nil {
		return outbox.Mail{}, err
	}
	if !m.Active() || m.Invited {
		return outbox.Mail{}, outbox.ErrUnneeded
	}
	p := &phrases{speech: s.staffWords.in(s.staffWords.all.choose(wish{name: m.Language}))}
	w, today, err := s.weekOf(ctx, m.User, p.Spoken)
	if err != nil {
		return outbox.Mail{}, err
	}
	if w.Empty() {
		return outbox.Mail{}, outbox.ErrUnneeded
	}
	names, err := s.departmentNames(ctx)
	if err != nil {
		return outbox.Mail{}, err
	}
	token, err := s.weekToken(m.ID)
	if err != nil {
		return outbox.Mail{}, err
	}
	l := &weekLetter{speech: p.speech, Organisation: s.house().Name, Headline: p.weekHeadline(&w), Lead: p.weekLead(&w), Address: s.BaseURL + "/week",
		Account: s.BaseURL + "/account#week", Leave: s.BaseURL + "/week/mail/" + token}
	l.Subject = p.say("week_mail_subject", "Organisation", l.Organisation, "Headline", strings.TrimSuffix(l.Headline, "."))
	l.Parts = p.weekParts(&w, weekWriter{p, m.User, names, today, true})
	for i := range l.Parts {
		for j := range l.Parts[i].Lines {
			l.Parts[i].Lines[j].Href = s.BaseURL + l.Parts[i].Lines[j].Href
		}
	}
	return s.weekMail(p, l)
}

func (s *Server) weekMail(p *phrases, l *weekLetter) (outbox.Mail, error) {
	var html bytes.Buffer
	if err := s.views.render(&html, "mail/week", l); err != nil {
		return outbox.Mail{}, err
	}
	parts := []string{l.Headline, l.Lead}
	for _, part := range l.Parts {
		lines := []string{strings.TrimSpace(part.Title + " " + part.Sub)}
		for _, line := range part.Lines {
			text := "- " + line.Text
			for _, more := range []string{line.What, line.When} {
				if more != "" {
					text += "\n  " + more
				}
			}
			lines = append(lines, text)
		}
		parts = append(parts, strings.Join(lines, "\n"))
	}
	parts = append(parts, p.say("week_mail_open")+":\n"+l.Address, p.say("week_mail_why"), p.say("week_mail_leave")+":\n"+l.Leave)
	return outbox.Mail{Subject: l.Subject, Text: strings.Join(parts, "\n\n") + "\n", HTML: html.String(), Unsubscribe: l.Leave}, p.err
}

// postWeek switches the weekly message to somebody on or off.
func (s *Server) postWeek(c *fiber.Ctx) error {
	session, form, err := own(c)
	if err != nil {
		return err
	}
	wanted := form.First("wanted") == "yes"
	audited(c).Subject = map[bool]string{true: "on", false: "off"}[wanted]
	if err := week.Want(c.UserContext(), s.Store, int64(session.User.ID), wanted, s.Now()); err != nil {
		return err
	}
	return seeOther(c, "/account?saved=week")
}

// weekLeavePage asks whether somebody wants no more weekly messages, or says that there will be none.
type weekLeavePage struct {
	frame
	Done bool
}

// showWeekLeave is GET /week/mail/:token. It changes nothing: programs that check the links of a mail open it too.
func (s *Server) showWeekLeave(c *fiber.Ctx) error { return s.weekLeave(c, false) }

// postWeekLeave is POST /week/mail/:token, from the page's own button or from a mail program (RFC 8058): whatever the body,
// without cookies, and answered at once, because mail programs follow no redirect.
func (s *Server) postWeekLeave(c *fiber.Ctx) error { return s.weekLeave(c, true) }

func (s *Server) weekLeave(c *fiber.Ctx, leave bool) error {
	neverKept(c)
	m, err := s.weekAccount(c.UserContext(), utils.CopyString(c.Params("token")))
	if err != nil {
		return err
	}
	if leave {
		err = week.Want(c.UserContext(), s.Store, int64(m.ID), false, s.Now())
	}
	if err != nil {
		return err
	}
	wanted, err := week.Wanted(c.UserContext(), s.Store, int64(m.ID))
	if err != nil {
		return err
	}
	f := s.frame(c, "week_leave_title", "")
	if m.Language != "" {
		f.speech = s.staffWords.in(m.Language)
	}
	return s.page(c, "staff/week_leave", weekLeavePage{f, !wanted})
}
