package web

import (
	"fmt"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/waves"
)

// wavesPage is what runs, what is planned and what has been.
type wavesPage struct {
	frame
	Headline string
	Running  []waveLine
	Planned  []planLine
	Drafts   []planLine
	Missed   []planLine
	Closed   []waveLine
	Writable bool // there is a survey to run
	Zone     string
}

// waveLine is one wave in a list.
type waveLine struct {
	ID     surveys.WaveID
	Label  string
	Survey surveyTitle
	When   string
}

// planLine is one plan in a list.
type planLine struct {
	ID     waves.PlanID
	Label  string
	Survey surveyTitle
	When   string
	Next   []string // the openings that follow
}

const (
	datesShown  = 5   // of a plan that recurs
	closedShown = 100 // waves in the list of what has been, the latest first
)

func (s *Server) showWaves(c *fiber.Ctx) error {
	b, err := s.waveBook(c, "waves_title")
	if err != nil {
		return err
	}
	page := wavesPage{Zone: b.zone.String()}
	if page.Running, page.Closed, err = b.waves(c); err != nil {
		return err
	}
	if err := b.plans(c, &page); err != nil {
		return err
	}
	list, err := s.Catalog.List(c.UserContext())
	if err != nil {
		return err
	}
	page.Writable = len(list) > 0
	page.Headline = b.headline(len(page.Running), page.Planned)
	page.frame = b.frame
	return s.finish(c, "staff/waves", &b.phrases, page)
}

// finish renders a page unless one of its sentences could not be said.
func (s *Server) finish(c *fiber.Ctx, name string, p *phrases, page any) error {
	if p.err != nil {
		return p.err
	}
	return s.page(c, name, page)
}

// waveBook writes the pages about waves: in the language of the reader and in the time of the organisation.
type waveBook struct {
	phrases
	frame  frame
	server *Server
	zone   *time.Location
	now    waves.Local
}

func (s *Server) waveBook(c *fiber.Ctx, title string) (*waveBook, error) {
	zone, err := waves.Zone(s.Store.Read(c.UserContext()))
	if err != nil {
		return nil, err
	}
	f := s.frame(c, title, "waves")
	return &waveBook{phrases: phrases{speech: f.speech}, frame: f, server: s, zone: zone, now: waves.LocalOf(s.Now(), zone)}, nil
}

// moment writes a time of the organisation's clocks.
func (b *waveBook) moment(l waves.Local) string {
	text, err := b.Moment(l.Wall())
	if b.err == nil {
		b.err = err
	}
	return text
}

func (b *waveBook) day(l waves.Local) string {
	text, err := b.Date(l.Wall())
	if b.err == nil {
		b.err = err
	}
	return text
}

// daysUntil counts midnights: what closes tomorrow morning is open for one more day.
func (b *waveBook) daysUntil(l waves.Local) int {
	day := func(l waves.Local) time.Time { return l.Wall().Truncate(24 * time.Hour) }
	return int(day(l).Sub(day(b.now)).Hours() / 24)
}

// left says how long a wave stays open.
func (b *waveBook) left(closes time.Time) string {
	if closes.IsZero() {
		return b.say("waves_by_hand")
	}
	if days := b.daysUntil(waves.LocalOf(closes, b.zone)); days > 0 {
		return b.count("waves_days_left", days)
	}
	return b.say("waves_today")
}

func (b *waveBook) waves(c *fiber.Ctx) (running, closed []waveLine, err error) {
	db := b.server.Store.Read(c.UserContext())
	list, err := waves.List(db, 0)
	if err != nil {
		return nil, nil, err
	}
	open := slices.DeleteFunc(slices.Clone(list), func(w surveys.Wave) bool { return w.State != surveys.Open })
	terms, err := waves.TermsOfAll(db, open)
	if err != nil {
		return nil, nil, err
	}
	for i := len(list) - 1; i >= 0; i-- {
		w := list[i]
		if w.State == surveys.Closed && len(closed) == closedShown {
			continue
		}
		q, err := b.server.Catalog.Questionnaire(c.UserContext(), w.Questionnaire)
		if err != nil {
			return nil, nil, err
		}
		line := waveLine{ID: w.ID, Label: w.Label, Survey: b.titled(q.Document)}
		switch w.State {
		case surveys.Closed:
			line.When = b.day(waves.LocalOf(w.Closed, b.zone))
			closed = append(closed, line)
			continue
		case surveys.Closing:
			line.When = b.say("waves_counting")
		case surveys.Open:
			line.When = b.left(terms[w.ID].Closes)
		}
		running = append(running, line)
	}
	return running, closed, nil
}

func (b *waveBook) plans(c *fiber.Ctx, page *wavesPage) error {
	list, err := waves.Plans(c.UserContext(), b.server.Store, waves.Draft, waves.Scheduled, waves.Ended)
	if err != nil {
		return err
	}
	for _, p := range list {
		q, err := b.server.Catalog.Newest(c.UserContext(), p.Survey)
		if err != nil {
			return err
		}
		line := planLine{ID: p.ID, Survey: b.titled(q.Document)}
		switch {
		case p.State == waves.Scheduled:
			line.Label, line.When = p.LabelOf(p.Next), b.moment(p.Next)
			for _, next := range p.After(p.Next, datesShown-1) {
				if p.Every != waves.Once {
					line.Next = append(line.Next, b.day(next))
				}
			}
			page.Planned = append(page.Planned, line)
		case p.State == waves.Draft:
			line.Label, line.When = p.LabelOf(p.Opens), b.moment(p.Opens)
			page.Drafts = append(page.Drafts, line)
		}
		if p.Missed != "" {
			line.Label, line.When = p.LabelOf(p.Missed), b.moment(p.Missed)
			page.Missed = append(page.Missed, line)
		}
	}
	return nil
}

// headline answers what the visitor came for: what is running, and what comes next.
func (b *waveBook) headline(running int, planned []planLine) string {
	text := b.say("waves_none_running")
	if running > 0 {
		text = b.count("waves_running", running)
	}
	if len(planned) == 0 {
		return text
	}
	first := planned[0]
	return text + " " + b.say("waves_next", "Label", first.Label, "Date", first.When)
}

// idOf reads an id from the address.
func idOf[ID ~int64](c *fiber.Ctx, name string) (ID, error) {
	n, err := c.ParamsInt(name)
	if err != nil || n < 0 {
		return 0, &surveys.Error{Kind: surveys.NotFound, Op: "web", Message: fmt.Sprintf("There is no such %s.", name)}
	}
	return ID(n), nil
}
