package web

import (
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/server/accounts"
)

// frame is what every staff page has around its content, and the words the page is written in: {{.T "key"}}.
type frame struct {
	*speech
	Title string // key of the page's title
	Here  string // the navigation entry this page belongs to
	User  accounts.User
	CSRF  string
}

// frame begins a staff page. title is the key of its title among the words for staff.
func (s *Server) frame(c *fiber.Ctx, title, here string) frame {
	f := frame{speech: s.staffWords.in(s.staffWords.all.choose(wish{accept: c.Get(fiber.HeaderAcceptLanguage)})), Title: title, Here: here}
	if session := current(c); session != nil {
		f.User, f.CSRF = session.User, session.CSRF
	}
	return f
}

// May tells the navigation which pages this person can open.
func (f frame) May(permission string) bool { return f.User.Role.May(accounts.Permission(permission)) }

// Initials stand for a person in the corner of the page: "mira.kaur@example.org" is MK.
func (f frame) Initials() string {
	name, _, _ := strings.Cut(f.User.Email, "@")
	var initials []rune
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r == '.' || r == '-' || r == '_' }) {
		initials = append(initials, []rune(part)[0])
	}
	return strings.ToUpper(string(initials[:min(2, len(initials))]))
}

func (s *Server) showHome(c *fiber.Ctx) error { return c.Redirect("/trend", http.StatusSeeOther) }

func (s *Server) showNumbers(c *fiber.Ctx) error {
	return s.page(c, "staff/numbers", s.frame(c, "numbers_title", ""))
}

// errorPage is what staff see when a request failed.
type errorPage struct {
	frame
	Failure failure
}

func (s *Server) staffError(c *fiber.Ctx, f failure) error {
	if f.Message == "" && f.Status == http.StatusInternalServerError {
		f.Message = "Something went wrong on our side. It has been written to the log."
	}
	page := errorPage{s.frame(c, "", ""), f}
	if err := s.page(c, "staff/error", page); err != nil {
		s.Log.Error("error page failed", "error", err)
		return c.SendString(f.Title) // the last resort has no template that could fail
	}
	return nil
}
