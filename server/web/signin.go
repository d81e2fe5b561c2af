package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/server/accounts"
	"soundings/surveys"
)

// signInPage is the page of /login and /setup.
type signInPage struct {
	Email   string
	Next    string
	Code    string
	Problem string
	Faults  map[string]string
}

func (s *Server) showSetup(c *fiber.Ctx) error {
	needed, err := s.Accounts.NeedsSetup(c.UserContext())
	if err != nil {
		return err
	}
	if !needed {
		return c.Redirect("/login", http.StatusSeeOther)
	}
	return s.page(c, "staff/setup", signInPage{})
}

func (s *Server) postSetup(c *fiber.Ctx) error {
	p := signInPage{Email: field(c, "email"), Code: field(c, "code")}
	_, err := s.Accounts.Setup(c.UserContext(), p.Code, p.Email, field(c, "password"), c.IP())
	if err != nil {
		return s.signInAgain(c, "staff/setup", p, err)
	}
	return s.signIn(c, p, field(c, "password"))
}

func (s *Server) showLogin(c *fiber.Ctx) error {
	needed, err := s.Accounts.NeedsSetup(c.UserContext())
	if err != nil {
		return err
	}
	if needed {
		return c.Redirect("/setup", http.StatusSeeOther)
	}
	return s.page(c, "staff/login", signInPage{Next: safeNext(utils.CopyString(c.Query("next")))})
}

func (s *Server) postLogin(c *fiber.Ctx) error {
	return s.signIn(c, signInPage{Email: field(c, "email"), Next: field(c, "next")}, field(c, "password"))
}

func (s *Server) signIn(c *fiber.Ctx, p signInPage, password string) error {
	session, err := s.Accounts.SignIn(c.UserContext(), p.Email, password, c.IP())
	if err != nil {
		return s.signInAgain(c, "staff/login", p, err)
	}
	// The session that this one replaces must not stay usable.
	if err := s.Accounts.SignOut(c.UserContext(), utils.CopyString(c.Cookies(sessionCookie))); err != nil {
		return err
	}
	s.setSession(c, session.Cookie, session.ExpiresAt)
	return c.Redirect(safeNext(p.Next), http.StatusSeeOther)
}

// signInAgain shows the form as it was typed, without the password, and what was wrong.
func (s *Server) signInAgain(c *fiber.Ctx, name string, p signInPage, err error) error {
	var known *surveys.Error
	if !errors.As(err, &known) || statuses[known.Kind] >= http.StatusInternalServerError {
		return err
	}
	p.Problem = known.Message
	p.Faults = map[string]string{}
	for _, f := range known.Faults {
		p.Faults[f.Path] = f.Detail
	}
	if wait := accounts.Wait(err); wait > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(wait.Seconds()+1)))
	}
	c.Status(statuses[known.Kind])
	return s.page(c, name, p)
}

func (s *Server) postLogout(c *fiber.Ctx) error {
	if err := s.Accounts.SignOut(c.UserContext(), utils.CopyString(c.Cookies(sessionCookie))); err != nil {
		return err
	}
	s.setSession(c, "", time.Unix(0, 0))
	return c.Redirect("/login", http.StatusSeeOther)
}

// field copies a form field: Fiber's own string is overwritten once the request is answered.
func field(c *fiber.Ctx, name string) string { return utils.CopyString(c.FormValue(name)) }
