package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// statuses is the one table that turns what went wrong into an HTTP status.
var statuses = map[surveys.ErrorKind]int{
	surveys.Invalid:      http.StatusUnprocessableEntity,
	surveys.NotFound:     http.StatusNotFound,
	surveys.Conflict:     http.StatusConflict,
	surveys.Ended:        http.StatusGone,
	surveys.Unavailable:  http.StatusServiceUnavailable,
	surveys.TooLarge:     http.StatusRequestEntityTooLarge,
	surveys.Unauthorized: http.StatusUnauthorized,
	surveys.Forbidden:    http.StatusForbidden,
	surveys.TooMany:      http.StatusTooManyRequests,
	surveys.Internal:     http.StatusInternalServerError,
}

// failure is an error as a stranger may see it. Its texts are English, for the API; staff are told it by phrases.failure.
type failure struct {
	Kind    surveys.ErrorKind
	Code    string
	Status  int
	Title   string
	Message string // empty where the detail is not for strangers
	Faults  surveys.Faults
}

func failureOf(err error) failure {
	var mistake *fiber.Error
	if errors.As(err, &mistake) {
		return failure{Kind: kindOfStatus(mistake.Code), Status: mistake.Code, Title: http.StatusText(mistake.Code)}
	}
	var known *surveys.Error
	if !errors.As(err, &known) || known.Kind == surveys.Internal {
		return failure{Kind: surveys.Internal, Status: http.StatusInternalServerError, Title: http.StatusText(http.StatusInternalServerError)}
	}
	status := statuses[known.Kind]
	return failure{Kind: known.Kind, Code: known.Code, Status: status, Title: http.StatusText(status), Message: known.Message, Faults: known.Faults}
}

// kindOfStatus is the kind of a request that Fiber itself refused.
func kindOfStatus(status int) surveys.ErrorKind {
	switch {
	case status >= http.StatusInternalServerError:
		return surveys.Internal
	case status == http.StatusRequestHeaderFieldsTooLarge:
		return surveys.TooLarge
	}
	for kind, s := range statuses {
		if s == status {
			return kind
		}
	}
	return surveys.Invalid
}

// problem is an error of the API, as RFC 9457 wants it.
type problem struct {
	Type   string        `json:"type"`
	Title  string        `json:"title"`
	Status int           `json:"status"`
	Detail string        `json:"detail,omitempty"`
	Faults []problemItem `json:"errors,omitempty"`
}

type problemItem struct {
	Pointer string `json:"pointer"`
	Detail  string `json:"detail"`
}

func (f failure) problem() problem {
	p := problem{Type: "about:blank", Title: f.Title, Status: f.Status, Detail: f.Message}
	for _, fault := range f.Faults {
		p.Faults = append(p.Faults, problemItem{fault.Path, fault.Detail})
	}
	return p
}

// onError is the one place where a failed request gets its answer: a problem document for the API, a page in their
// language for respondents, a page for staff. Handlers return errors and write no failures themselves.
func (s *Server) onError(c *fiber.Ctx, err error) error {
	f := failureOf(err)
	protect(c)
	if f.Status >= http.StatusInternalServerError && f.Status != http.StatusServiceUnavailable {
		s.Log.Error("request failed", "method", c.Method(), "route", c.Route().Path, "error", err)
	}
	c.Status(f.Status)
	if f.Status == http.StatusServiceUnavailable {
		c.Set(fiber.HeaderRetryAfter, "5")
	}
	path := c.Path()
	switch {
	case strings.HasPrefix(path, "/api/"):
		return c.JSON(f.problem(), "application/problem+json")
	case isRespondent(path):
		return s.respondentError(c, f)
	case strings.HasSuffix(path, ".json"): // asked for by a script, which must not be led to a page
		return c.JSON(f.problem(), "application/problem+json")
	case f.Status == http.StatusUnauthorized && c.Method() == http.MethodGet:
		return c.Redirect("/login?next="+escapeNext(c.OriginalURL()), http.StatusSeeOther)
	}
	return s.staffError(c, f)
}

// isRespondent tells the addresses that respondents use.
func isRespondent(path string) bool {
	path = strings.TrimRight(path, "/") + "/"
	return strings.HasPrefix(path, "/s/") || strings.HasPrefix(path, "/i/") || path == "/receipt/" || path == "/thanks/" || path == "/heard/" || strings.HasPrefix(path, "/about/") || strings.HasPrefix(path, "/board/") || strings.HasPrefix(path, "/champion/")
}
