package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/settings"
)

// house is what the organisation looks like to respondents.
type house struct {
	Name  string
	Sheet string // address of the style sheet with its colours; empty: the program's own

	css string
	at  time.Time
}

// tag is equal for houses that pages look the same in.
func (h house) tag() string { return h.Name + "\n" + h.Sheet }

// houses remembers the house for as long as links are remembered, so that a page asks nothing of the database.
type houses struct {
	mu   sync.Mutex
	last house
}

// house is what is set, at most freshness old while the database answers, and as it was last while it does not.
func (s *Server) house() house {
	s.houses.mu.Lock()
	defer s.houses.mu.Unlock()
	now := s.Now()
	if age := now.Sub(s.houses.last.at); age >= 0 && age < freshness {
		return s.houses.last
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookupPatience)
	defer cancel()
	fresh, err := s.readHouse(ctx)
	if err != nil {
		s.Log.Warn("the organisation's settings could not be read", "error", err)
		fresh = s.houses.last
	}
	if fresh.Name == "" {
		fresh.Name = s.Organisation
	}
	fresh.at = s.Now()
	s.houses.last = fresh
	return fresh
}

func (s *Server) readHouse(ctx context.Context) (house, error) {
	db := s.Store.Read(ctx)
	organisation, err := settings.ReadOrganisation(db)
	if err != nil {
		return house{}, err
	}
	looks, err := settings.ReadLooks(db)
	h := house{Name: organisation.Name, css: looks.Sheet()}
	if h.css != "" {
		sum := sha256.Sum256([]byte(h.css))
		h.Sheet = "/static/look/" + hex.EncodeToString(sum[:8]) + ".css"
	}
	return h, err
}

// showLook is GET /static/look/:sheet: the organisation's colours. A page that is older than the colours gets those of now.
func (s *Server) showLook(c *fiber.Ctx) error {
	h := s.house()
	if h.Sheet == "" {
		return &surveys.Error{Kind: surveys.NotFound, Op: "web: look", Message: "There is no such file."}
	}
	kept := "no-cache"
	if strings.HasSuffix(h.Sheet, "/"+c.Params("sheet")) {
		kept = "public, max-age=31536000, immutable"
	}
	c.Set(fiber.HeaderCacheControl, kept)
	c.Set(fiber.HeaderContentType, "text/css; charset=utf-8")
	return c.Status(http.StatusOK).SendString(h.css)
}
