package web

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/surveys"
)

// signInPage is the page of /login and /setup.
type signInPage struct {
	frame
	mended
	Email string
	Next  string
	Code  string
}

func (s *Server) showSetup(c *fiber.Ctx) error {
	needed, err := s.Accounts.NeedsSetup(c.UserContext())
	if err != nil {
		return err
	}
	if !needed {
		return c.Redirect("/login", http.StatusSeeOther)
	}
	neverKept(c)
	return s.page(c, "staff/setup", signInPage{frame: s.frame(c, "setup_title", "")})
}

func (s *Server) postSetup(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	p := signInPage{frame: s.frame(c, "setup_title", ""), Email: form.First("email"), Code: form.First("code")}
	if _, err := s.Accounts.Setup(c.UserContext(), p.Code, p.Email, form.First("password"), s.address(c)); err != nil {
		return s.signInAgain(c, "staff/setup", p, err)
	}
	return s.signIn(c, p, form.First("password"))
}

func (s *Server) showLogin(c *fiber.Ctx) error {
	needed, err := s.Accounts.NeedsSetup(c.UserContext())
	if err != nil {
		return err
	}
	if needed {
		return c.Redirect("/setup", http.StatusSeeOther)
	}
	neverKept(c)
	return s.page(c, "staff/login", signInPage{frame: s.frame(c, "login_title", ""), Next: safeNext(utils.CopyString(c.Query("next")))})
}

func (s *Server) postLogin(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	return s.signIn(c, signInPage{frame: s.frame(c, "login_title", ""), Email: form.First("email"), Next: form.First("next")}, form.First("password"))
}

func (s *Server) signIn(c *fiber.Ctx, p signInPage, password string) error {
	admission, err := s.Accounts.SignIn(c.UserContext(), p.Email, password, s.browser(c))
	if err != nil {
		return s.signInAgain(c, "staff/login", p, err)
	}
	if admission.Ticket != "" {
		s.setTicket(c, admission.Ticket)
		return c.Redirect("/login/second?next="+escapeNext(safeNext(p.Next)), http.StatusSeeOther)
	}
	return s.enter(c, admission, p.Next)
}

// signInAgain shows the form as it was typed, without the password, and what was wrong.
func (s *Server) signInAgain(c *fiber.Ctx, name string, p signInPage, err error) error {
	var known *surveys.Error
	if !errors.As(err, &known) || statuses[known.Kind] >= http.StatusInternalServerError {
		return err
	}
	var failed error
	if p.mended, failed = p.tell(c, known); failed != nil {
		return failed
	}
	return s.page(c, name, p)
}

func (s *Server) postLogout(c *fiber.Ctx) error {
	if err := s.Accounts.SignOut(c.UserContext(), utils.CopyString(c.Cookies(sessionCookie))); err != nil {
		return err
	}
	s.setSession(c, "", time.Unix(0, 0))
	return c.Redirect("/login", http.StatusSeeOther)
}

// staffForm reads a form that a page of ours has sent: from the body only, never unpacked, and not from another site.
func staffForm(c *fiber.Ctx) (surveys.Form, error) {
	if err := fromOurselves(c); err != nil {
		return nil, err
	}
	return readForm(c)
}

// fromOurselves refuses a form that another site has sent, and keeps the answer to any out of caches.
func fromOurselves(c *fiber.Ctx) error {
	neverKept(c)
	switch c.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none": // browsers without the header, and our own pages
		return nil
	default:
		return &surveys.Error{Kind: surveys.Forbidden, Code: "form foreign", Op: "web", Message: "This form was sent by another site."}
	}
}

// address is whom sign-ins are slowed by. A proxy in front appends the address it saw to what the client claimed, so
// only the last entry counts.
func (s *Server) address(c *fiber.Ctx) string {
	if !s.Proxied {
		return c.IP()
	}
	list := strings.Split(c.Get(fiber.HeaderXForwardedFor), ",")
	if ip := net.ParseIP(strings.TrimSpace(list[len(list)-1])); ip != nil {
		return ip.String()
	}
	return c.IP()
}
