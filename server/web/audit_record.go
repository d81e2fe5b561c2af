package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/server/accounts"
	"soundings/surveys"
)

const (
	auditLocal = "audit" // key of the request's entry, set by record only

	// refusedView is the action of a page or an answer of the API that somebody asked for and may not see.
	refusedView = "view"
)

// record writes what a route did into the audit log once its handler is done: every route with an action, and every view
// that was refused to somebody we know. Respondents' routes have neither an action nor a permission, so nothing of
// theirs can be recorded.
//
// A request by nobody (not signed in, no valid token) changes nothing and is not recorded: strangers could fill the log.
// What happens before somebody is signed in is recorded by the accounts themselves, with what it changes.
//
// What cannot be recorded does not go unnoticed: the answer is thrown away, so an export or a page of figures does not
// leave, the person gets an error, and the entry stands in the program's own log. A change that the handler has
// committed stays; undoing it would be one more thing unrecorded, and a database that takes the change and not the
// entry a moment later is one that fails, which whoever runs it has to know in any case.
func (s *Server) record(r route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if r.access.kind == everybody {
			return c.Next()
		}
		e := &accounts.Event{Action: r.access.action, Origin: s.address(c), Subject: subjectOf(c, r)}
		c.Locals(auditLocal, e)
		err := proceed(c)
		e.Outcome = outcomeOf(c, err)
		known := e.User != 0 || e.Token != ""
		if !known || e.Action == "" && e.Outcome != accounts.Refused {
			return err
		}
		if e.Action == "" {
			e.Action, e.Subject = refusedView, strings.TrimSuffix(r.path+" "+e.Subject, " ")
		}
		return errors.Join(err, s.keep(c, *e, r.access.hourly))
	}
}

// proceed runs the rest of a request. A panic becomes an error here rather than further out, so that what the handler had
// done before it is recorded.
func proceed(c *fiber.Ctx) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("web: panic: %v", cause)
		}
	}()
	return c.Next()
}

// keep stores an entry, or makes the request fail: the error's own answer replaces the handler's.
func (s *Server) keep(c *fiber.Ctx, e accounts.Event, hourly bool) error {
	record := s.Accounts.Audit().Record
	if hourly {
		record = s.Accounts.Audit().RecordHourly
	}
	err := record(c.UserContext(), e)
	if err == nil {
		return nil
	}
	s.Log.Error("the audit log could not be written", "user", int64(e.User), "token", e.Token, "action", e.Action, "subject", e.Subject, "outcome", string(e.Outcome), "error", err)
	c.Response().Header.Del(fiber.HeaderContentDisposition)
	c.Response().Header.Del(fiber.HeaderLocation)
	return &surveys.Error{Kind: surveys.Unavailable, Op: "web: audit",
		Message: "What you did could not be written into the audit log. Please tell whoever runs Soundings here.", Err: err}
}

// audited is the entry of this request, for handlers that know better than the route what it is about.
func audited(c *fiber.Ctx) *accounts.Event {
	if e, ok := c.Locals(auditLocal).(*accounts.Event); ok {
		return e
	}
	return &accounts.Event{} // of a route that is not recorded
}

func outcomeOf(c *fiber.Ctx, err error) accounts.Outcome {
	if err != nil {
		var mistake *fiber.Error
		if errors.As(err, &mistake) {
			return accounts.Failed
		}
		return accounts.OutcomeOf(err)
	}
	switch status := c.Response().StatusCode(); {
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusTooManyRequests:
		return accounts.Refused
	case status >= http.StatusBadRequest:
		return accounts.Failed
	}
	return accounts.Done
}

// subjectOf names what a route is about from its path: ids, and a few names that the program or its staff chose. Whatever
// else may stand in a path (the code of a link, the token of an invitation) never gets into the log.
func subjectOf(c *fiber.Ctx, r route) string {
	harmless := []string{"question", "language", "lang", "construct", "format", "template"}
	var parts []string
	for _, segment := range strings.Split(r.path, "/") {
		name, ok := strings.CutPrefix(segment, ":")
		if !ok {
			continue
		}
		name, _, _ = strings.Cut(name, ".") // "/waves/:wave.csv"
		value := utils.CopyString(c.Params(name))
		if slices.Contains(harmless, name) || identifier(value) && name != "code" && name != "token" && name != "receipt" {
			parts = append(parts, name+" "+value)
		}
	}
	return strings.Join(parts, ", ")
}

// identifier reports whether a text is the number of a row.
func identifier(text string) bool {
	return text != "" && len(text) < 20 && strings.Trim(text, "0123456789") == ""
}
