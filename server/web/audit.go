package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/analytics/report"
	"soundings/server/accounts"
)

// auditPage is the log of what staff did.
type auditPage struct {
	frame
	Headline string
	Guarded  bool // by the database itself
	Filtered bool
	People   []option
	Actions  []option
	From     string
	Until    string
	Faults   map[string]string
	Rows     []auditRow
	Export   string
	Older    string
	Newest   string // "" on the first page
}

// auditRow is one entry.
type auditRow struct {
	accounts.Event
	At   stamp
	Who  string
	What string
}

const auditPageSize = 50

func (s *Server) showAudit(c *fiber.Ctx) error {
	p := auditPage{frame: s.frame(c, "audit_title", "audit")}
	ask, q := p.filter(c)
	if len(p.Faults) > 0 {
		c.Status(http.StatusUnprocessableEntity)
	}
	before, err := strconv.ParseInt(c.Query("before", "0"), 10, 64)
	if err != nil {
		return badQuery("before", "number", "must be the number of an entry")
	}
	log := s.Accounts.Audit()
	count, err := log.Count(c.UserContext(), ask)
	if err != nil {
		return err
	}
	list, err := log.Events(c.UserContext(), ask, before, auditPageSize+1)
	if err != nil {
		return err
	}
	if p.Guarded, err = s.Store.AuditGuarded(c.UserContext()); err != nil {
		return err
	}
	if err := p.choices(c, log, ask); err != nil {
		return err
	}
	p.page(list, before, q)
	if p.Headline, err = p.N("audit_headline", count); err != nil {
		return err
	}
	if err := p.rows(list); err != nil {
		return err
	}
	return s.page(c, "staff/audit", p)
}

// filter reads what is asked for, from a day to a day of the organisation's clocks, both included.
func (p *auditPage) filter(c *fiber.Ctx) (accounts.AuditFilter, url.Values) {
	ask := accounts.AuditFilter{Person: utils.CopyString(c.Query("person")), Action: utils.CopyString(c.Query("action"))}
	p.From, p.Until = utils.CopyString(c.Query("from")), utils.CopyString(c.Query("until"))
	p.Faults = map[string]string{}
	q := url.Values{}
	for name, value := range map[string]string{"person": ask.Person, "action": ask.Action, "from": p.From, "until": p.Until} {
		if value != "" {
			q.Set(name, value)
		}
	}
	p.Filtered = len(q) > 0
	var err error
	if p.From != "" {
		if ask.From, err = time.ParseInLocation(dayLayout, p.From, p.Zone); err != nil {
			p.Faults["from"] = "audit_bad_day"
		}
	}
	if p.Until != "" {
		if ask.Until, err = time.ParseInLocation(dayLayout, p.Until, p.Zone); err != nil {
			p.Faults["until"] = "audit_bad_day"
		} else {
			ask.Until = ask.Until.AddDate(0, 0, 1)
		}
	}
	return ask, q
}

func (p *auditPage) choices(c *fiber.Ctx, log *accounts.Audit, ask accounts.AuditFilter) error {
	people, err := log.Actors(c.UserContext())
	if err != nil {
		return err
	}
	actions, err := log.Actions(c.UserContext())
	if err != nil {
		return err
	}
	p.People, p.Actions = choose(people, ask.Person), choose(actions, ask.Action)
	say := phrases{speech: p.speech}
	for i, who := range p.People {
		p.People[i].Text = origin(&say, who.Value)
	}
	return say.err
}

// origin names where an entry comes from, or what nobody did, in the words of the page.
func origin(say *phrases, from string) string {
	switch from {
	case accounts.CommandLine:
		return say.say("audit_command")
	case accounts.Schedule:
		return say.say("audit_schedule")
	}
	return from
}

// choose makes options of names, the chosen one among them even if nothing has it.
func choose(names []string, chosen string) []option {
	if chosen != "" && !slices.Contains(names, chosen) {
		names = append(names, chosen)
	}
	list := make([]option, len(names))
	for i, n := range names {
		list[i] = option{n, n, n == chosen}
	}
	return list
}

// page sets where one can go from here.
func (p *auditPage) page(list []accounts.Event, before int64, q url.Values) {
	p.Export = "/audit/log.csv?" + q.Encode()
	if before > 0 {
		p.Newest = "/audit?" + q.Encode()
	}
	if len(list) > auditPageSize {
		q.Set("before", strconv.FormatInt(list[auditPageSize-1].ID, 10))
		p.Older = "/audit?" + q.Encode()
	}
}

func (p *auditPage) rows(list []accounts.Event) error {
	say := phrases{speech: p.speech}
	for _, e := range list[:min(len(list), auditPageSize)] {
		row := auditRow{Event: e, At: say.stamp(e.At, p.Zone), What: say.say("audit_outcome_" + string(e.Outcome))}
		switch {
		case e.Email != "":
			row.Who = e.Email
		case e.Token != "":
			row.Who = say.say("audit_token", "Name", e.Token)
		case e.Origin == accounts.CommandLine || e.Origin == accounts.Schedule:
			row.Who = origin(&say, e.Origin)
		default:
			row.Who = say.say("audit_unknown")
		}
		row.Origin = origin(&say, e.Origin)
		p.Rows = append(p.Rows, row)
	}
	return say.err
}

// auditCSV is the filtered log as a file. Its columns are for programs: they are the same in every language.
func (s *Server) auditCSV(c *fiber.Ctx) error {
	p := auditPage{frame: frame{Zone: s.house().Zone}}
	ask, _ := p.filter(c)
	if len(p.Faults) > 0 {
		return badQuery("from, until", "day", "must be days such as 2026-03-31")
	}
	var b bytes.Buffer
	table, err := report.NewTable(&b, "at", "user", "email", "token", "action", "subject", "outcome", "from")
	if err != nil {
		return err
	}
	err = s.Accounts.Audit().Each(c.UserContext(), ask, func(e accounts.Event) error {
		user := ""
		if e.User != 0 {
			user = fmt.Sprint(e.User)
		}
		return table.Row(e.At.UTC().Format(time.RFC3339Nano), user, e.Email, e.Token, e.Action, e.Subject, string(e.Outcome), e.Origin)
	})
	if err == nil {
		err = table.Flush()
	}
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="audit-log.csv"`)
	return c.Send(b.Bytes())
}
