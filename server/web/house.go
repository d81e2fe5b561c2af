package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"path"
	"slices"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/settings"
	"soundings/surveys/waves"
)

// house is what the organisation looks like to respondents.
type house struct {
	Name  string
	Sheet string // address of the style sheet with its colours; empty: the program's own
	Logo  *mark  // on pages; nil: its name stands there instead
	Print *mark  // the same on posters
	Zone  *time.Location
	Board settings.Board // of ideas
	Mails bool           // mail can be sent

	css  string
	logo settings.Logo
	at   time.Time
}

// mark is the organisation's logo as a page shows it.
type mark struct {
	Address       string
	Name          string // of the organisation, for those who do not see it
	Width, Height int    // in CSS pixels
}

// lookPath is where the organisation's own colours and logo are served, under the digest of their content.
const lookPath = "/static/look/"

// tag is equal for houses that pages look the same in.
func (h house) tag() string {
	tag := h.Name + "\n" + h.Sheet
	if h.Logo != nil {
		tag += "\n" + h.Logo.Address
	}
	return tag
}

// houses remembers the house for as long as links are remembered, so that a page asks nothing of the database.
type houses struct {
	mu   sync.Mutex
	last house
}

// forget makes the next page ask the database.
func (h *houses) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last.at = time.Time{}
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
	if fresh.Zone == nil {
		fresh.Zone = time.UTC
	}
	fresh.Logo = fresh.mark(fresh.logo.Page, 180, 36)
	fresh.Print = fresh.mark(fresh.logo.Poster, 360, 72)
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
	if err != nil {
		return house{}, err
	}
	logo, err := settings.ReadLogo(db, s.houses.last.logo)
	if err != nil {
		return house{}, err
	}
	board, err := settings.ReadBoard(db)
	if err != nil {
		return house{}, err
	}
	mail, err := settings.ReadMail(db, s.Secret)
	if surveys.KindOf(err) == surveys.Unavailable {
		return house{}, err
	}
	if err != nil { // its password was sealed with another secret: no mail leaves, and everything else is as it was
		s.Log.Warn("the mail settings could not be read", "error", err)
	}
	mails := err == nil && mail.Configured()
	zone, err := waves.Zone(db)
	h := house{Name: organisation.Name, Zone: zone, Board: board, Mails: mails, css: looks.Sheet(), logo: logo}
	if h.css != "" {
		sum := sha256.Sum256([]byte(h.css))
		h.Sheet = lookPath + hex.EncodeToString(sum[:8]) + ".css"
	}
	return h, err
}

// mark is a picture of the logo within so many CSS pixels. The picture has up to twice as many, for sharp screens.
func (h house) mark(p settings.Picture, width, height int) *mark {
	if p.Digest == "" {
		return nil
	}
	m := &mark{Address: lookPath + p.Digest + "." + p.Kind, Name: h.Name}
	m.Width, m.Height = settings.Fit(p.Width, p.Height, width, height)
	return m
}

// look is one of the organisation's own files.
type look struct {
	address, kind string
	content       []byte
}

// looks are the files that this house is made of.
func (h house) looks() []look {
	var all []look
	if h.Sheet != "" {
		all = append(all, look{h.Sheet, "text/css; charset=utf-8", []byte(h.css)})
	}
	for _, p := range []struct {
		mark    *mark
		picture settings.Picture
	}{{h.Logo, h.logo.Page}, {h.Print, h.logo.Poster}} {
		if p.mark != nil {
			all = append(all, look{p.mark.Address, map[string]string{"png": "image/png", "jpg": "image/jpeg"}[p.picture.Kind], p.picture.Content})
		}
	}
	return all
}

// showLook is GET /static/look/:file: the organisation's colours or logo. A page that is older than they are gets those of
// now, which must not be kept under the old address.
func (s *Server) showLook(c *fiber.Ctx) error {
	asked, all := lookPath+c.Params("file"), s.house().looks()
	at := slices.IndexFunc(all, func(l look) bool { return l.address == asked })
	kept := "public, max-age=31536000, immutable"
	if at < 0 {
		kept = "no-cache"
		at = slices.IndexFunc(all, func(l look) bool { return (path.Ext(l.address) == ".css") == (path.Ext(asked) == ".css") })
	}
	if at < 0 {
		return &surveys.Error{Kind: surveys.NotFound, Op: "web: look", Message: "There is no such file."}
	}
	c.Set(fiber.HeaderCacheControl, kept)
	c.Set(fiber.HeaderContentType, all[at].kind)
	return c.Status(http.StatusOK).Send(all[at].content)
}
