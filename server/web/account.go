package web

import (
	"strconv"
	"strings"

	"github.com/boombuler/barcode/qr"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/week"
)

// issuer is what an authenticator app calls us.
const issuer = "Soundings"

// accountPage is somebody's own account.
type accountPage struct {
	frame
	mended
	accounts.Own
	Saved     string // key of what has just been done
	Languages []option
	Sessions  []sessionRow
	Since     stamp // of the calendar's address, if there is one
	Week      bool  // they get their week by e-mail
	Mails     bool  // mail can be sent at all
}

// sessionRow is one signed-in browser of the reader.
type sessionRow struct {
	ID      string
	Browser string
	Since   stamp
	Seen    stamp
	Here    bool // the one that asks
}

// savedKey names what has just been done, by the word in the address.
func savedKey(word string) string {
	switch word {
	case "password", "language", "second", "session", "sessions", "calendar", "week":
		return "account_saved_" + word
	}
	return ""
}

func (s *Server) showAccount(c *fiber.Ctx) error {
	return s.accountPage(c, mended{})
}

func (s *Server) accountPage(c *fiber.Ctx, m mended) error {
	session := current(c)
	p := accountPage{frame: s.frame(c, "account_title", "account"), mended: m, Saved: savedKey(utils.CopyString(c.Query("saved")))}
	var err error
	if p.Own, err = s.Accounts.OwnAccount(c.UserContext(), session.User.ID); err != nil {
		return err
	}
	if p.Week, err = week.Wanted(c.UserContext(), s.Store, int64(session.User.ID)); err != nil {
		return err
	}
	if p.Mails, err = s.mails(c.UserContext()); err != nil {
		return err
	}
	say := phrases{speech: p.speech}
	p.Languages = []option{{"", say.say("account_language_browser"), session.User.Language == ""}}
	for _, name := range s.staffWords.names {
		p.Languages = append(p.Languages, option{name, nameOf(name), name == session.User.Language})
	}
	if p.Calendar != nil {
		p.Since = say.stamp(*p.Calendar, p.Zone)
	}
	list, err := s.Accounts.Sessions(c.UserContext(), session.User.ID)
	if err != nil {
		return err
	}
	for _, l := range list {
		p.Sessions = append(p.Sessions, sessionRow{ID: l.ID, Browser: say.browser(l.Agent), Here: l.ID == session.ID,
			Since: say.stamp(l.CreatedAt, p.Zone), Seen: say.stamp(l.SeenAt, p.Zone)})
	}
	if say.err != nil {
		return say.err
	}
	return s.page(c, "staff/account", p)
}

// accountAgain shows the page with what was wrong.
func (s *Server) accountAgain(c *fiber.Ctx, err error) error {
	m, rest := s.frame(c, "", "").mend(c, err)
	if rest != nil {
		return rest
	}
	return s.accountPage(c, m)
}

func (s *Server) postPassword(c *fiber.Ctx) error {
	session, form, err := own(c)
	if err != nil {
		return err
	}
	err = s.Accounts.ChangePassword(c.UserContext(), session.User, session.ID, form.First("old"), form.First("password"))
	if err != nil {
		return s.accountAgain(c, err)
	}
	return seeOther(c, "/account?saved=password")
}

func (s *Server) postLanguage(c *fiber.Ctx) error {
	session, form, err := own(c)
	if err != nil {
		return err
	}
	language := exactly(s.staffWords.names, form.First("language"), "")
	if language == "" && form.First("language") != "" {
		return &surveys.Error{Kind: surveys.Invalid, Code: "language", Op: "web: language", Message: "There are no pages in this language."}
	}
	if err := s.Accounts.SetLanguage(c.UserContext(), session.User.ID, language); err != nil {
		return err
	}
	return seeOther(c, "/account?saved=language")
}

func (s *Server) postEndSession(c *fiber.Ctx) error {
	session, form, err := own(c)
	if err != nil {
		return err
	}
	id := form.First("session")
	if id == "" {
		if err := s.Accounts.EndOtherSessions(c.UserContext(), session.User.ID, session.ID); err != nil {
			return err
		}
		return seeOther(c, "/account?saved=sessions")
	}
	if err := s.Accounts.EndSession(c.UserContext(), session.User.ID, id); err != nil {
		return err
	}
	return seeOther(c, "/account?saved=session")
}

// enrolPage shows the secret for an authenticator app.
type enrolPage struct {
	frame
	mended
	Secret string
	QR     qrCode
}

// recoveryPage shows recovery codes, once: it is the answer to the form that made them, and no page to come back to.
type recoveryPage struct {
	frame
	Codes []string
}

func (s *Server) showEnrol(c *fiber.Ctx) error { return s.enrolPage(c, mended{}) }

func (s *Server) enrolPage(c *fiber.Ctx, m mended) error {
	offer, err := s.Accounts.OfferSecondStep(c.UserContext(), current(c).User.ID, issuer)
	if surveys.KindOf(err) == surveys.Conflict && err != nil {
		return seeOther(c, "/account")
	}
	if err != nil {
		return err
	}
	p := enrolPage{frame: s.frame(c, "enrol_title", "account"), mended: m, Secret: offer.Secret}
	if p.QR, err = newQR(offer.URI); err != nil {
		return err
	}
	return s.page(c, "staff/enrol", p)
}

func (s *Server) postEnrol(c *fiber.Ctx) error {
	session, form, err := own(c)
	if err != nil {
		return err
	}
	codes, err := s.Accounts.ConfirmSecondStep(c.UserContext(), session.User.ID, form.First("code"))
	if err != nil {
		m, rest := s.frame(c, "", "").mend(c, err)
		if rest != nil {
			return rest
		}
		return s.enrolPage(c, m)
	}
	return s.page(c, "staff/recovery", recoveryPage{s.frame(c, "recovery_title", "account"), codes})
}

func (s *Server) postRecovery(c *fiber.Ctx) error {
	session, form, err := own(c)
	if err != nil {
		return err
	}
	if err := s.Accounts.Confirm(c.UserContext(), session.User.ID, form.First("renew"), "renew"); err != nil {
		return s.accountAgain(c, err)
	}
	codes, err := s.Accounts.RenewRecoveryCodes(c.UserContext(), session.User.ID)
	if err != nil {
		return err
	}
	return s.page(c, "staff/recovery", recoveryPage{s.frame(c, "recovery_title", "account"), codes})
}

func (s *Server) postRemoveSecond(c *fiber.Ctx) error {
	session, form, err := own(c)
	if err != nil {
		return err
	}
	if err := s.Accounts.Confirm(c.UserContext(), session.User.ID, form.First("remove"), "remove"); err != nil {
		return s.accountAgain(c, err)
	}
	if err := s.Accounts.RemoveSecondStep(c.UserContext(), session.User.ID); err != nil {
		return err
	}
	return seeOther(c, "/account?saved=second")
}

// qrCode is a QR code as one path of an SVG, with the quiet zone of four modules that readers need.
type qrCode struct {
	Size int
	Path string
}

func newQR(text string) (qrCode, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return qrCode{}, err
	}
	const quiet = 4
	var path strings.Builder
	size := code.Bounds().Dx()
	for y := range size {
		for x := range size {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				path.WriteString("M" + strconv.Itoa(x+quiet) + " " + strconv.Itoa(y+quiet) + "h1v1h-1z")
			}
		}
	}
	return qrCode{size + 2*quiet, path.String()}, nil
}
