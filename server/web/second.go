package web

import (
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/server/accounts"
	"soundings/surveys"
)

// secondPage asks for the code after the password.
type secondPage struct {
	frame
	mended
	Next string
}

func (s *Server) showSecond(c *fiber.Ctx) error {
	if c.Cookies(ticketCookie) == "" {
		return seeOther(c, "/login")
	}
	neverKept(c)
	return s.page(c, "staff/second", secondPage{frame: s.frame(c, "second_title", ""), Next: safeNext(utils.CopyString(c.Query("next")))})
}

func (s *Server) postSecond(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	p := secondPage{frame: s.frame(c, "second_title", ""), Next: safeNext(form.First("next"))}
	admission, err := s.Accounts.SecondStep(c.UserContext(), utils.CopyString(c.Cookies(ticketCookie)), form.First("code"), s.browser(c))
	if err == nil {
		return s.enter(c, admission, p.Next)
	}
	var rest error
	if p.mended, rest = p.mend(c, err); rest == nil {
		return s.page(c, "staff/second", p)
	}
	if surveys.KindOf(rest) == surveys.Unauthorized { // the password was too long ago
		s.setTicket(c, "")
		return seeOther(c, "/login?next="+escapeNext(p.Next))
	}
	return rest
}

// enter gives the browser its new session. The one that this replaces must not stay usable.
func (s *Server) enter(c *fiber.Ctx, admission *accounts.Admission, next string) error {
	if err := s.Accounts.SignOut(c.UserContext(), utils.CopyString(c.Cookies(sessionCookie))); err != nil {
		return err
	}
	s.setSession(c, admission.Cookie, admission.ExpiresAt)
	s.setDevice(c, admission.Device)
	c.Cookie(&fiber.Cookie{Name: ticketCookie, Path: "/login", Expires: time.Unix(0, 0), HTTPOnly: true, Secure: s.secure, SameSite: fiber.CookieSameSiteLaxMode})
	return c.Redirect(safeNext(next), http.StatusSeeOther)
}

// choosePage lets the holder of a link choose a password.
type choosePage struct {
	frame
	mended
	Token   string
	Email   string
	Invited bool
}

func (s *Server) choosePage(c *fiber.Ctx) (choosePage, error) {
	neverKept(c)
	token := utils.CopyString(c.Params("token"))
	link, err := s.Accounts.LinkByToken(c.UserContext(), token)
	if err != nil {
		return choosePage{}, err
	}
	return choosePage{frame: s.frame(c, "choose_title", ""), Token: token, Email: link.User.Email, Invited: link.Kind == accounts.Invitation}, nil
}

func (s *Server) showChoose(c *fiber.Ctx) error {
	p, err := s.choosePage(c)
	if err != nil {
		return s.linkGone(c, err)
	}
	return s.page(c, "staff/choose", p)
}

func (s *Server) postChoose(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	p, err := s.choosePage(c)
	if err != nil {
		return s.linkGone(c, err)
	}
	user, err := s.Accounts.ChoosePassword(c.UserContext(), p.Token, form.First("password"), s.browser(c))
	if err != nil {
		var rest error
		if p.mended, rest = p.mend(c, err); rest != nil {
			return s.linkGone(c, rest)
		}
		return s.page(c, "staff/choose", p)
	}
	// A link proves that somebody reads the mailbox, not that they know the second step.
	return s.signIn(c, signInPage{frame: s.frame(c, "", ""), Email: user.Email, Next: "/"}, form.First("password"))
}

// gonePage tells that a link cannot be used any more, and what to do.
type gonePage struct{ frame }

func (s *Server) linkGone(c *fiber.Ctx, err error) error {
	if surveys.KindOf(err) != surveys.NotFound {
		return err
	}
	c.Status(http.StatusGone)
	return s.page(c, "staff/gone", gonePage{s.frame(c, "gone_title", "")})
}
