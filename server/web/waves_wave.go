package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/surveys"
	"soundings/surveys/invitations"
	"soundings/surveys/outbox"
	"soundings/surveys/people"
	"soundings/surveys/waves"
)

// wavePage is one wave: while it runs, how it goes; afterwards, the way to its results.
type wavePage struct {
	frame
	Wave     surveys.Wave
	Survey   surveyTitle
	Headline string
	Lead     string
	Open     bool
	Closed   bool
	Dated    bool   // there is a closing date to extend
	Results  string // address of the results, once they may be read
	Exports  string // where its files are, once they may be taken
	Turnout  []turnoutRow
	Lacking  string // departments that too few have answered in so far, from three days before closing
	Until    string // as typed
	Faults   map[string]string
	Links    []linkLine
	CanRun   bool

	Reminders []string
	Next      int // number of the reminder that can go out now; 0: none
}

// turnoutRow is how many of a department have answered.
type turnoutRow struct {
	Department string
	Answered   string
	Told       bool
	Share      int // per cent of its people, for the bar; the text beside it says the same
	HasShare   bool
	Note       string
}

// linkLine is one public address of the wave.
type linkLine struct {
	Number  surveys.DepartmentID
	Name    string
	Address string
}

// warnDays is how many days before closing the page begins to warn of departments that will not be shown.
const warnDays = 3

func (s *Server) showWave(c *fiber.Ctx) error {
	b, w, err := s.wave(c)
	if err != nil {
		return err
	}
	return b.wavePage(c, w, nil)
}

// wave reads the wave in the address.
func (s *Server) wave(c *fiber.Ctx) (*waveBook, analytics.Wave, error) {
	id, err := idOf[surveys.WaveID](c, "wave")
	if err != nil {
		return nil, analytics.Wave{}, err
	}
	b, err := s.waveBook(c, "wave_title")
	if err != nil {
		return nil, analytics.Wave{}, err
	}
	w, err := s.Results.WaveByID(c.UserContext(), id)
	return b, w, err
}

func (b *waveBook) wavePage(c *fiber.Ctx, w analytics.Wave, faults surveys.Faults) error {
	s := b.server
	terms, err := waves.TermsOf(s.Store.Read(c.UserContext()), w.ID)
	if err != nil {
		return err
	}
	page := wavePage{Wave: w.Wave, Survey: b.titled(w.Questionnaire.Document), Open: w.State == surveys.Open, Closed: w.State == surveys.Closed,
		Dated: !terms.Closes.IsZero(), Faults: map[string]string{}, CanRun: b.frame.May("run waves")}
	b.describe(&page, terms)
	if w.Showing() {
		page.Results, page.Exports = resultsAddress(w.ID, "", nil), fmt.Sprintf("/exports?wave=%d", w.ID)
	}
	if page.Open {
		if err := b.turnout(c, &page, terms); err != nil {
			return err
		}
		if page.Links, err = b.links(c, w); err != nil {
			return err
		}
		status, err := outbox.Progress(c.UserContext(), s.Store, invitations.BatchOf(w.ID))
		if err != nil {
			return err
		}
		if page.Reminders, page.Next, err = b.reminders(c, w.Wave, status); err != nil {
			return err
		}
	}
	for _, f := range faults {
		page.Faults[f.Path] = b.fault("plan_fault_", f)
	}
	if len(faults) > 0 {
		c.Status(statuses[surveys.Invalid])
	}
	page.frame = b.frame
	return s.finish(c, "staff/wave", &b.phrases, page)
}

func (b *waveBook) describe(page *wavePage, terms waves.Terms) {
	opened := b.day(waves.LocalOf(page.Wave.Opened, b.zone))
	switch page.Wave.State {
	case surveys.Open:
		page.Headline = b.left(terms.Closes)
		page.Lead = b.say("wave_open_since", "Date", opened)
		if page.Dated {
			closes := waves.LocalOf(terms.Closes, b.zone)
			page.Lead = b.say("wave_open_until", "Date", opened, "Until", b.moment(closes))
			page.Until = string(waves.LocalOf(terms.Closes.AddDate(0, 0, 7), b.zone))
		}
	case surveys.Closing:
		page.Headline, page.Lead = b.say("waves_counting"), b.say("wave_counting_lead")
	case surveys.Closed:
		page.Headline = b.say("wave_closed", "Date", b.day(waves.LocalOf(page.Wave.Closed, b.zone)))
		page.Lead = b.say("wave_closed_lead", "Date", opened)
	}
}

// turnout shows what the gate lets through, to somebody limited only of the departments that are theirs.
func (b *waveBook) turnout(c *fiber.Ctx, page *wavePage, terms waves.Terms) error {
	t, err := b.server.Results.Attendance(c.UserContext(), page.Wave.ID)
	if err != nil {
		return err
	}
	var lacking []string
	for _, d := range t.Departments {
		if !b.frame.User.Sees(d.Department.ID) {
			continue
		}
		name := d.Department.Name
		if d.Department.ID == 0 {
			name = b.say("wave_everybody")
		}
		page.Turnout = append(page.Turnout, b.turnoutRow(name, d, t.Minimum))
		if d.Lacking(t.Minimum) {
			lacking = append(lacking, name)
		}
	}
	if page.Dated && b.daysUntil(waves.LocalOf(terms.Closes, b.zone)) <= warnDays && len(lacking) > 0 {
		page.Lacking = b.names(lacking)
	}
	return nil
}

func (b *waveBook) turnoutRow(name string, d analytics.Answered, minimum int) turnoutRow {
	row := turnoutRow{Department: name, Told: d.Told}
	switch {
	case d.TooSmall(minimum):
		row.Note = b.say("wave_never", "Minimum", b.Number(minimum))
	case d.Lacking(minimum):
		row.Note = b.say("wave_lacking", "Minimum", b.Number(minimum))
	}
	switch {
	case !d.Told:
		row.Answered = b.say("wave_untold")
	case d.AtLeast == 0 && minimum > 1:
		row.Answered = b.say("wave_fewer_of", "Minimum", b.Number(minimum), "People", b.Number(d.People))
		row.HasShare = true
	case d.People == 0:
		row.Answered = b.say("wave_at_least", "Answered", b.Number(d.AtLeast))
	default:
		row.Answered = b.say("wave_at_least_of", "Answered", b.Number(d.AtLeast), "People", b.Number(d.People))
		row.HasShare, row.Share = true, min(100, 100*d.AtLeast/d.People)
	}
	return row
}

// links lists the public addresses, for those who may hand them out.
func (b *waveBook) links(c *fiber.Ctx, w analytics.Wave) ([]linkLine, error) {
	if !b.frame.May("run waves") {
		return nil, nil
	}
	list, err := waves.LinksOf(b.server.Store.Read(c.UserContext()), w.ID)
	if err != nil {
		return nil, err
	}
	departments, err := people.Departments(c.UserContext(), b.server.Store)
	if err != nil {
		return nil, err
	}
	names := map[surveys.DepartmentID]string{0: b.say("wave_everybody")}
	for _, d := range departments {
		names[d.ID] = d.Name
	}
	lines := make([]linkLine, len(list))
	for i, l := range list {
		lines[i] = linkLine{l.Department, names[l.Department], b.server.BaseURL + "/s/" + l.Code}
	}
	slices.SortStableFunc(lines, func(x, y linkLine) int {
		if (x.Number == 0) != (y.Number == 0) { // everybody first
			return cmp.Compare(x.Number, y.Number)
		}
		return cmp.Compare(x.Name, y.Name)
	})
	return lines, nil
}

// postExtend moves the closing: by three or seven days, or to the time that was typed.
func (s *Server) postExtend(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	b, w, err := s.wave(c)
	if err != nil {
		return err
	}
	until, err := b.extended(c, w, form)
	if err == nil {
		err = s.Waves.Extend(c.UserContext(), w.ID, until)
	}
	var known *surveys.Error
	if errors.As(err, &known) && known.Kind == surveys.Invalid {
		return b.wavePage(c, w, known.Faults)
	}
	if err != nil {
		return err
	}
	return c.Redirect(fmt.Sprintf("/waves/%d", w.ID), http.StatusSeeOther)
}

// extended is the closing that a form asks for. Days are days of the calendar: the hour stays.
func (b *waveBook) extended(c *fiber.Ctx, w analytics.Wave, form surveys.Form) (time.Time, error) {
	if days, err := strconv.Atoi(form.First("days")); err == nil && days > 0 && days <= 31 {
		terms, err := waves.TermsOf(b.server.Store.Read(c.UserContext()), w.ID)
		if err != nil {
			return time.Time{}, err
		}
		if !terms.Closes.IsZero() {
			return waves.LocalOf(terms.Closes, b.zone).Plus(days).In(b.zone), nil
		}
	}
	until := waves.Local(form.First("until"))
	if !until.Valid() {
		return time.Time{}, &surveys.Error{Kind: surveys.Invalid, Op: "web: extend", Faults: surveys.Faults{planProblem("until", "invalid")}}
	}
	return until.In(b.zone), nil
}

// showClose asks whether closing is meant: it cannot be undone.
func (s *Server) showClose(c *fiber.Ctx) error {
	b, w, err := s.wave(c)
	if err != nil {
		return err
	}
	page := wavePage{Wave: w.Wave, Survey: b.titled(w.Questionnaire.Document), Open: w.State == surveys.Open, frame: b.frame}
	return s.finish(c, "staff/waveclose", &b.phrases, page)
}

func (s *Server) postClose(c *fiber.Ctx) error {
	id, err := idOf[surveys.WaveID](c, "wave")
	if err != nil {
		return err
	}
	if err := s.Waves.Close(c.UserContext(), id); err != nil {
		return err
	}
	return c.Redirect(fmt.Sprintf("/waves/%d", id), http.StatusSeeOther)
}
