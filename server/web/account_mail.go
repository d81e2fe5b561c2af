package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/outbox"
	"soundings/surveys/settings"
	"soundings/surveys/store"
)

// Kinds of messages about accounts.
const (
	AccountInvitation outbox.Kind = "account.invite"
	AccountReset      outbox.Kind = "account.reset"
)

// mails reports whether mail can be sent at all.
func (s *Server) mails(ctx context.Context) (bool, error) {
	m, err := settings.ReadMail(s.Store.Read(ctx), s.Secret)
	return m.Configured(), err
}

// byMail puts the message with a link into the outbox, in the language of the account or else of the page it was asked for
// on. The entry holds the number of the link and no secret.
func byMail(lang string) accounts.Send {
	return func(tx *store.Tx, l accounts.Link) error {
		if l.User.Language != "" {
			lang = l.User.Language
		}
		kind := AccountInvitation
		if l.Kind == accounts.Reset {
			kind = AccountReset
		}
		return outbox.Add(tx, outbox.Entry{Kind: kind, Address: l.User.Email, Language: lang, Subject: int64(l.ID), Key: linkKey(l),
			Batch: accountBatch(l.User.ID), Urgent: true})
	}
}

// linkKey names the message of one link. A number alone could be that of a later link to somebody else: the database gives
// those of deleted rows away again.
func linkKey(l accounts.Link) string {
	sum := sha256.Sum256([]byte("message " + l.Token))
	return "account.link:" + hex.EncodeToString(sum[:16])
}

// accountBatch is how the messages to one account are found again.
func accountBatch(id accounts.UserID) string { return fmt.Sprintf("account:%d", id) }

// WriteAccountMail writes the message with a link for choosing a password. It is not needed any more when the link has
// been used, replaced or has ended.
func (s *Server) WriteAccountMail(ctx context.Context, e outbox.Entry) (outbox.Mail, error) {
	link, err := s.Accounts.LinkByID(ctx, accounts.LinkID(e.Subject))
	if surveys.KindOf(err) == surveys.NotFound && err != nil || err == nil && linkKey(*link) != e.Key {
		return outbox.Mail{}, outbox.ErrUnneeded
	}
	if err != nil {
		return outbox.Mail{}, err
	}
	say := phrases{speech: s.staffWords.in(e.Language)}
	h, key := s.house(), "mail_"+string(link.Kind)
	mail := outbox.Mail{
		Subject: say.say(key+"_subject", "Organisation", h.Name),
		Text: say.say(key+"_text", "Organisation", h.Name, "Email", link.User.Email,
			"Link", s.BaseURL+"/password/"+link.Token, "Ends", say.stamp(link.Expires, h.Zone).Text, "Zone", h.Zone.String()),
	}
	return mail, say.err
}

// forgottenPage lets somebody ask for a link.
type forgottenPage struct {
	frame
	mended
	Email string
	Mails bool
	Sent  bool
}

func (s *Server) showForgotten(c *fiber.Ctx) error {
	p := forgottenPage{frame: s.frame(c, "forgotten_title", ""), Sent: c.Query("sent") != ""}
	var err error
	if p.Mails, err = s.mails(c.UserContext()); err != nil {
		return err
	}
	neverKept(c)
	return s.page(c, "staff/forgotten", p)
}

// postForgotten answers the same whether or not there is such an account.
func (s *Server) postForgotten(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	p := forgottenPage{frame: s.frame(c, "forgotten_title", ""), Email: form.First("email")}
	if p.Mails, err = s.mails(c.UserContext()); err != nil {
		return err
	}
	if !p.Mails {
		return seeOther(c, "/forgotten")
	}
	if err := s.Accounts.ForgottenPassword(c.UserContext(), p.Email, s.browser(c), byMail(p.Spoken)); err != nil {
		var rest error
		if p.mended, rest = p.mend(c, err); rest != nil {
			return rest
		}
		return s.page(c, "staff/forgotten", p)
	}
	return c.Redirect("/forgotten?sent=1", http.StatusSeeOther)
}
