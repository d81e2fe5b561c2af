// Package web is the only room that knows Fiber: the route table, handlers, sessions, errors and rendering.
package web

import (
	"context"
	"fmt"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/recover"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/analytics/quotes"
	"soundings/server/accounts"
	"soundings/static"
	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/intake"
	"soundings/surveys/store"
	"soundings/surveys/waves"
	"soundings/surveys/webhooks"
)

// Deps is what the pages are made from.
type Deps struct {
	Store        *store.Store
	Catalog      *catalog.Catalog
	Intake       *intake.Intake
	Accounts     *accounts.Accounts
	Results      *analytics.Reader
	Charts       *chart.Renderer
	Quotes       *quotes.Reader
	Webhooks     *webhooks.Webhooks
	Waves        *waves.Runner
	Assets       *static.Assets
	Secret       surveys.Secret
	BaseURL      string
	Organisation string
	Proxied      bool
	Log          *slog.Logger
	Now          func() time.Time
}

// Server answers HTTP.
type Server struct {
	Deps
	app     *fiber.App
	views   *views
	words   *words // for respondents
	forms   *forms
	boards  *boards
	houses  houses
	metrics *metrics
	takers  map[string]access // the routes that take a file, by path

	suggesting *pace // of ideas
	supporting *pace
	comparing  *pace // of what is typed with what is there already

	staffWords *words
	renderings *renderings
	secure     bool // reached through https, so cookies are for https only
}

const (
	largestBody    = 1 << 20 // far above what a person types, even into every text of a long survey
	requestTimeout = 20 * time.Second
)

// New builds the server. Nothing listens yet.
func New(d Deps) (*Server, error) {
	s := &Server{Deps: d, secure: strings.HasPrefix(d.BaseURL, "https://")}
	var err error
	if s.words, err = newWords(static.Locales(), respondentWords); err != nil {
		return nil, err
	}
	if s.staffWords, err = newWords(static.Locales(), staffWords); err != nil {
		return nil, err
	}
	if s.views, err = newViews(static.Templates(), s.funcs()); err != nil {
		return nil, err
	}
	s.forms = newForms(s)
	s.boards = &boards{server: s}
	s.renderings = newRenderings()
	s.metrics = newMetrics(d.Intake)
	// A whole office may come from one address, after a mail about the board for example.
	s.suggesting, s.supporting = newPace(20, 30*time.Second), newPace(60, 2*time.Second)
	s.comparing = newPace(120, time.Second/2)
	config := fiber.Config{
		AppName:                      "Soundings",
		ServerHeader:                 "",
		DisableStartupMessage:        true,
		BodyLimit:                    largestBody,
		ReadTimeout:                  15 * time.Second,
		WriteTimeout:                 30 * time.Second,
		IdleTimeout:                  60 * time.Second,
		ReadBufferSize:               16 << 10,
		ErrorHandler:                 s.onError,
		StrictRouting:                true, // "/receipt/" must not be another, less discreet name for "/receipt"
		DisablePreParseMultipartForm: true, // no form of ours is sent in parts
		CaseSensitive:                true,
	}
	s.app = fiber.New(config)
	s.app.Server().HeaderReceived = s.roomForFiles
	s.app.Use(s.logRequests, recover.New(), secureHeaders, withDeadline)
	s.mount()
	s.app.Use(func(c *fiber.Ctx) error {
		return &surveys.Error{Kind: surveys.NotFound, Op: "web", Message: "There is no such page."}
	})
	return s, nil
}

// Serve answers on the listener until Shutdown.
func (s *Server) Serve(l net.Listener) error {
	if err := s.app.Listener(linger(l)); err != nil {
		return fmt.Errorf("web: serve: %w", err)
	}
	return nil
}

// Shutdown refuses new connections and waits for requests under way.
func (s *Server) Shutdown(ctx context.Context) error { return s.app.ShutdownWithContext(ctx) }

// App gives the Fiber app to tests and benchmarks.
func (s *Server) App() *fiber.App { return s.app }

// funcs are the functions templates may call.
func (s *Server) funcs() template.FuncMap {
	return template.FuncMap{"look": func() string { return s.house().Sheet }, "logo": func() *mark { return s.house().Logo }, "asset": s.Assets.URL,
		"heard": func() bool { return s.boards.any() }}
}

// withDeadline gives every request's context an end; Fiber gives it none.
func withDeadline(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), requestTimeout)
	defer cancel()
	c.SetUserContext(ctx)
	return c.Next()
}

func secureHeaders(c *fiber.Ctx) error {
	protect(c)
	return c.Next()
}

// protect sets the headers every answer carries, errors included: a request that is refused before any middleware
// runs (a body too large) gets them from onError.
func protect(c *fiber.Ctx) {
	c.Set("Content-Security-Policy", "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	if unreferred(c.Path()) {
		c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	}
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
}

// unreferred tells the addresses that must not be named to the page somebody goes to next, or to what it loads: the log of a
// proxy would have the person, or the response, on the lines of other pages too, and where somebody has been before they
// suggested something.
func unreferred(path string) bool {
	return strings.HasPrefix(path, "/i/") || strings.HasPrefix(path, "/thanks") || strings.HasPrefix(path, "/receipt") || strings.HasPrefix(path, "/board") || strings.HasPrefix(path, "/week/mail/") || strings.HasPrefix(path+"/", "/champion/")
}

// logRequests writes one line a request: the route's pattern, never the path, because paths hold link codes. For
// respondent routes there is nothing else: an address or a time of answering must not be found in a log.
func (s *Server) logRequests(c *fiber.Ctx) error {
	if isRespondent(c.Path()) || strings.HasPrefix(c.Path(), "/static/") {
		return c.Next()
	}
	start := s.Now()
	err := c.Next()
	if err != nil {
		if e := c.App().ErrorHandler(c, err); e != nil {
			return e
		}
	}
	status := c.Response().StatusCode()
	// Fiber's own string is overwritten by the next request, and the metrics keep it.
	s.metrics.observe(utils.CopyString(c.Method()), c.Route().Path, status, s.Now().Sub(start))
	if status != http.StatusOK || c.Path() != "/healthz" && c.Path() != "/readyz" && c.Path() != "/metrics" {
		s.Log.Info("request", "method", c.Method(), "route", c.Route().Path, "status", status, "ms", s.Now().Sub(start).Milliseconds())
	}
	return nil
}
