package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/visits"
	"soundings/surveys/waves"
)

const (
	calendarDays   = 365              // how far back a calendar goes
	calendarLength = 60 * time.Minute // of a visit with a time of which nobody has said how long it takes
)

// showCalendar is GET /calendar/:token: what somebody has before them, for a calendar program. What was heard on visits is
// not in it: it leaves the house, and lies on phones.
func (s *Server) showCalendar(c *fiber.Ctx) error {
	user, err := s.Accounts.CalendarOf(c.UserContext(), utils.CopyString(c.Params("token")), s.address(c))
	if err != nil {
		return err
	}
	content, err := s.calendar(c, user)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	if c.Get(fiber.HeaderIfNoneMatch) == tag {
		return c.SendStatus(http.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, "text/calendar; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `inline; filename="visits.ics"`)
	return c.Send(content)
}

// calendar writes somebody's visits and what they have to follow up, in their language. The same state gives the same bytes.
func (s *Server) calendar(c *fiber.Ctx, user *accounts.User) ([]byte, error) {
	zone := s.house().Zone
	p := &phrases{speech: s.staffWords.in(user.Language)}
	list, err := visits.Of(c.UserContext(), s.Store, user.Email, surveys.DayOf(s.Now(), zone).Plus(-calendarDays))
	if err != nil {
		return nil, err
	}
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return nil, err
	}
	feed := ics.NewCalendar()
	feed.SetProductId("-//Soundings//Visits//EN")
	feed.SetMethod(ics.MethodPublish)
	feed.SetXWRCalName(p.say("calendar_name"))
	feed.SetXPublishedTTL("PT1H")
	for i := range list {
		v := &list[i]
		if !user.Sees(v.Department) {
			continue
		}
		w := calendarWriter{p, feed, zone, s.BaseURL + visitAddress(v.ID)}
		if v.With(user.Email) {
			w.visit(v, names[v.Department])
		}
		for _, f := range v.FollowUps {
			if f.Owner == user.Email && f.Open() && f.Due != "" {
				w.followUp(v, f, names[v.Department])
			}
		}
	}
	if p.err != nil {
		return nil, p.err
	}
	var b bytes.Buffer
	if err := feed.SerializeTo(&b, ics.WithNewLine("\r\n")); err != nil {
		return nil, fmt.Errorf("web: calendar: %w", err)
	}
	return b.Bytes(), nil
}

// calendarWriter adds events to a calendar.
type calendarWriter struct {
	*phrases
	feed *ics.Calendar
	zone *time.Location
	page string // address of the visit
}

// event begins one. Whoever follows a link to the visit signs in there.
func (w calendarWriter) event(uid string, v *visits.Visit, summary string) *ics.VEvent {
	e := w.feed.AddEvent(uid + "@soundings")
	e.SetDtStampTime(v.Saved.At)
	e.SetModifiedAt(v.Saved.At)
	e.SetSequence(v.Version - 1)
	e.SetSummary(plainLine(summary))
	e.SetURL(w.page)
	return e
}

func (w calendarWriter) visit(v *visits.Visit, department string) {
	e := w.event(v.UID, v, w.say("calendar_visit", "Department", department))
	e.SetStatus(map[visits.State]ics.ObjectStatus{visits.Planned: ics.ObjectStatusConfirmed, visits.Done: ics.ObjectStatusConfirmed, visits.CalledOff: ics.ObjectStatusCancelled}[v.State])
	if v.Start == "" {
		e.SetAllDayStartAt(v.Day.Time())
		e.SetAllDayEndAt(v.Day.Plus(1).Time())
		e.SetTimeTransparency(ics.TransparencyTransparent) // nobody is busy all day with it
	} else {
		begins := waves.Local(string(v.Day) + "T" + v.Start).In(w.zone)
		length := time.Duration(v.Minutes) * time.Minute
		if length == 0 {
			length = calendarLength
		}
		e.SetStartAt(begins)
		e.SetEndAt(begins.Add(length))
	}
	if v.Place != "" {
		e.SetLocation(plainLine(v.Place))
	}
	about := []string{w.say("calendar_with", "Associates", w.associates(v.Associates))}
	if v.Purpose != "" {
		about = append([]string{v.Purpose}, about...)
	}
	e.SetDescription(plainLines(strings.Join(append(about, w.page), "\n")))
}

// followUp is a day on which something is due. It keeps its place when the visit is saved again.
func (w calendarWriter) followUp(v *visits.Visit, f visits.FollowUp, department string) {
	e := w.event(fmt.Sprintf("%s-%d", v.UID, f.Number), v, w.say("calendar_due", "Text", f.Text, "Department", department))
	e.SetStatus(ics.ObjectStatusConfirmed)
	e.SetAllDayStartAt(f.Due.Time())
	e.SetAllDayEndAt(f.Due.Plus(1).Time())
	e.SetTimeTransparency(ics.TransparencyTransparent)
	e.SetDescription(w.page)
}

// plainLines takes out what may not stand in a text of iCalendar: control characters, except the end of a line.
func plainLines(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (r < ' ' || r == 0x7f) {
			return ' '
		}
		return r
	}, text)
}

func plainLine(text string) string { return strings.ReplaceAll(plainLines(text), "\n", " ") }

// calendarPage shows the address of somebody's calendar, once.
type calendarPage struct {
	frame
	Address string
	Opens   template.URL // the same, for a calendar program
}

// postCalendar makes the address of somebody's calendar, which ends the one before, or takes it away.
func (s *Server) postCalendar(c *fiber.Ctx) error {
	session, form, err := own(c)
	if err != nil {
		return err
	}
	if form.First("end") != "" {
		audited(c).Action = "calendar.end"
		if err := s.Accounts.EndCalendar(c.UserContext(), session.User.ID); err != nil {
			return err
		}
		return seeOther(c, "/account?saved=calendar")
	}
	token, err := s.Accounts.MakeCalendar(c.UserContext(), session.User.ID)
	if err != nil {
		return err
	}
	p := calendarPage{frame: s.frame(c, "calendar_title", "account"), Address: s.BaseURL + "/calendar/" + token + ".ics"}
	_, rest, _ := strings.Cut(p.Address, "://")
	p.Opens = template.URL("webcal://" + rest) // ours: the base URL and letters of a token
	return s.page(c, "staff/calendar", p)
}
