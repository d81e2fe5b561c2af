package web

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/server/accounts"
	"soundings/surveys"
)

// frame is what every staff page has around its content, and the words the page is written in: {{.T "key"}}.
type frame struct {
	*speech
	Title string // key of the page's title
	Here  string // the navigation entry this page belongs to
	path  string // of the request
	User  accounts.User
	CSRF  string
	Zone  *time.Location // of the organisation, which times are shown in
}

// frame begins a staff page. title is the key of its title among the words for staff.
func (s *Server) frame(c *fiber.Ctx, title, here string) frame {
	f := frame{Title: title, Here: here, path: utils.CopyString(c.Path()), Zone: s.house().Zone}
	wanted := wish{accept: c.Get(fiber.HeaderAcceptLanguage)}
	if session := current(c); session != nil {
		f.User, f.CSRF = session.User, session.CSRF
		wanted.name = session.User.Language
	}
	f.speech = s.staffWords.in(s.staffWords.all.choose(wanted))
	return f
}

// May tells a page what this person can do.
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

func (s *Server) showNumbers(c *fiber.Ctx) error {
	return s.page(c, "staff/numbers", s.frame(c, "numbers_title", ""))
}

// failure says in a sentence what went wrong. An error without a code of its own is told by its English message to
// readers of English, who learn more from it, and by its kind to others.
func (p *phrases) failure(f failure) string {
	switch {
	case f.Code != "":
		return p.say("error_" + wordKey(f.Code))
	case f.Kind == surveys.TooMany:
		return p.wait(f.Faults)
	case f.Message != "" && p.Spoken == "en":
		return f.Message
	}
	return p.say("error_" + wordKey(string(f.Kind)))
}

// wait says how long somebody who was slowed down has to wait.
func (p *phrases) wait(faults surveys.Faults) string {
	seconds := int(accounts.Wait(&surveys.Error{Kind: surveys.TooMany, Faults: faults}) / time.Second)
	if seconds > 90 {
		return p.count("error_wait_minutes", (seconds+59)/60)
	}
	return p.count("error_wait_seconds", max(seconds, 1))
}

// fault says what is wrong with a field: in the words that an area has for the code in this very field
// ("people_fault_into_empty" for the area "people_fault_"), else in its words for the code ("people_fault_empty"), else in
// those that serve everywhere ("fault_number"). pairs are filled in beside the fault's own arguments, and go before them.
// Every fault that a room can give has words (a test holds it); one of a room that is newer is told in its plain English.
func (p *phrases) fault(area string, f surveys.Fault, pairs ...any) string {
	for name, value := range f.Args {
		if !slices.Contains(pairs, any(name)) {
			pairs = append(pairs, name, value)
		}
	}
	code, field := wordKey(f.Code), f.Path[strings.LastIndex(f.Path, ".")+1:]
	for _, key := range []string{area + field + "_" + code, area + code, "fault_" + code} {
		if text, err := p.T(key, pairs...); err == nil {
			return text
		}
	}
	return f.Detail
}

// faults says it of each field. A field with several is told the first.
func (p *phrases) faults(area string, list surveys.Faults, pairs ...any) map[string]string {
	texts := map[string]string{}
	for _, f := range list {
		if texts[f.Path] == "" {
			texts[f.Path] = p.fault(area, f, pairs...)
		}
	}
	return texts
}

// roomFaults says what a room found wrong, by field, with numbers and days as the language writes them; ok is false for an
// error that is not about a field.
func (p *phrases) roomFaults(area string, err error) (faults map[string]string, ok bool) {
	var known *surveys.Error
	if !errors.As(err, &known) || len(known.Faults) == 0 {
		return nil, false
	}
	faults = map[string]string{}
	for _, f := range known.Faults {
		if faults[f.Path] != "" {
			continue
		}
		var pairs []any
		for _, name := range []string{"limit", "length"} {
			if n, err := strconv.Atoi(f.Args[name]); err == nil {
				pairs = append(pairs, name, p.Number(n))
			}
		}
		if on := surveys.Day(f.Args["day"]); on.Valid() {
			pairs = append(pairs, "day", p.date(on.Time()))
		}
		faults[f.Path] = p.fault(area, f, pairs...)
	}
	return faults, true
}

// wordKey is the part of a key that stands for a code or a kind: "too large" is too_large.
func wordKey(code string) string { return strings.ReplaceAll(code, " ", "_") }

// errorPage is what staff see when a request failed.
type errorPage struct {
	frame
	Message string
	Faults  []pageFault
}

// pageFault is a fault that belongs to no field of a form.
type pageFault struct{ Path, Text string }

func (s *Server) staffError(c *fiber.Ctx, f failure) error {
	page := errorPage{frame: s.frame(c, "error_title_"+wordKey(string(f.Kind)), "")}
	p := phrases{speech: page.speech}
	page.Message = p.failure(f)
	for _, fault := range f.Faults {
		if fault.Path != "" {
			page.Faults = append(page.Faults, pageFault{fault.Path, p.fault("fault_", fault)})
		}
	}
	err := p.err
	if err == nil {
		err = s.page(c, "staff/error", page)
	}
	if err != nil {
		s.Log.Error("error page failed", "error", err)
		return c.SendString(f.Title) // the last resort has no template that could fail
	}
	return nil
}
