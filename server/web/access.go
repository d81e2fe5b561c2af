package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/server/accounts"
	"soundings/surveys"
)

const (
	sessionCookie = "soundings"
	ticketCookie  = "soundings_step"
	deviceCookie  = "soundings_device"
	sessionLocal  = "session" // key of the request's session, set by allow only
)

// allow lets a request through to its handler if its sender may do what the route says.
func (s *Server) allow(a access) fiber.Handler {
	return func(c *fiber.Ctx) error {
		switch a.kind {
		case session:
			current, err := s.Accounts.Lookup(c.UserContext(), utils.CopyString(c.Cookies(sessionCookie)))
			if err != nil {
				return err
			}
			audited(c).User, audited(c).Email = current.User.ID, current.User.Email
			if a.permission != "" && !current.User.Role.May(a.permission) {
				return forbidden()
			}
			if err := genuine(c, a, current); err != nil {
				return err
			}
			c.Locals(sessionLocal, current)
			c.Set(fiber.HeaderCacheControl, "no-store")
		case token:
			plain, ok := strings.CutPrefix(utils.CopyString(c.Get(fiber.HeaderAuthorization)), "Bearer ")
			if !ok {
				c.Set(fiber.HeaderWWWAuthenticate, "Bearer")
				return &surveys.Error{Kind: surveys.Unauthorized, Op: "web", Message: "send an API token: Authorization: Bearer TOKEN"}
			}
			t, err := s.Accounts.LookupToken(c.UserContext(), strings.TrimSpace(plain))
			if err != nil {
				c.Set(fiber.HeaderWWWAuthenticate, `Bearer error="invalid_token"`)
				return err
			}
			audited(c).Token = t.Name
			if !t.Role.May(a.permission) {
				return forbidden()
			}
			c.Locals(tokenLocal, t.Role)
			c.Set(fiber.HeaderCacheControl, "no-store")
		}
		return c.Next()
	}
}

// genuine refuses a form that does not come from a page of this session.
func genuine(c *fiber.Ctx, a access, current *accounts.Session) error {
	if c.Method() == http.MethodGet || c.Method() == http.MethodHead {
		return nil
	}
	form, err := sentForm(c, a)
	if err != nil {
		return err
	}
	if !current.VerifyCSRF(form.First("csrf")) {
		return &surveys.Error{Kind: surveys.Forbidden, Code: "form stale", Op: "web", Message: "This form is out of date. Please go back, reload the page and try again."}
	}
	return nil
}

func forbidden() error {
	return &surveys.Error{Kind: surveys.Forbidden, Code: "role", Op: "web", Message: "Your role does not allow this."}
}

// notYours refuses figures of a department that somebody is not to see. What is about one department, comments and exports
// for example, is refused with it as well.
func notYours() error {
	return &surveys.Error{Kind: surveys.Forbidden, Code: "department", Op: "web", Message: "Your account does not include this department."}
}

// seesAll reports whether somebody may see every department that an address names; what is no id is left to its reader.
func seesAll(named [][]byte, sees func(surveys.DepartmentID) bool) bool {
	return !slices.ContainsFunc(named, func(raw []byte) bool {
		id, err := strconv.ParseInt(string(raw), 10, 64)
		return err == nil && !sees(surveys.DepartmentID(id))
	})
}

// current is the session of a request that allow has let through.
func current(c *fiber.Ctx) *accounts.Session {
	session, _ := c.Locals(sessionLocal).(*accounts.Session)
	return session
}

func (s *Server) setSession(c *fiber.Ctx, value string, expires time.Time) {
	c.Cookie(&fiber.Cookie{Name: sessionCookie, Value: value, Path: "/", Expires: expires, HTTPOnly: true, Secure: s.secure, SameSite: fiber.CookieSameSiteLaxMode})
}

// setTicket keeps what a right password has earned until the second step, on the pages of signing in only.
func (s *Server) setTicket(c *fiber.Ctx, ticket string) {
	c.Cookie(&fiber.Cookie{Name: ticketCookie, Value: ticket, Path: "/login", MaxAge: 600, HTTPOnly: true, Secure: s.secure, SameSite: fiber.CookieSameSiteLaxMode})
}

// setDevice lets the browser be known when its owner signs in the next time.
func (s *Server) setDevice(c *fiber.Ctx, device string) {
	c.Cookie(&fiber.Cookie{Name: deviceCookie, Value: device, Path: "/login", MaxAge: 365 * 24 * 3600, HTTPOnly: true, Secure: s.secure, SameSite: fiber.CookieSameSiteLaxMode})
}

// browser is where a request of somebody who signs in comes from.
func (s *Server) browser(c *fiber.Ctx) accounts.Browser {
	return accounts.Browser{Address: s.address(c), Agent: utils.CopyString(c.Get(fiber.HeaderUserAgent)), Device: utils.CopyString(c.Cookies(deviceCookie))}
}

// escapeNext keeps the page someone wanted, for after signing in.
func escapeNext(path string) string { return url.QueryEscape(path) }

// safeNext accepts only addresses of this server: "//elsewhere" and "/\elsewhere" lead away.
func safeNext(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	return next
}
