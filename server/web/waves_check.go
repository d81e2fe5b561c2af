package web

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/settings"
	"soundings/surveys/waves"
)

// checkPage is what to look at before a wave opens.
type checkPage struct {
	frame
	Plan      waves.Plan
	Label     string
	Survey    string
	Headline  string
	Items     []checkItem
	Dates     []string
	Budget    []budgetRow
	Nobody    bool // none of the departments can be asked any more
	Past      bool // the planned opening has gone by, so only opening now is left
	Minutes   int
	MostAsked int
}

// checkItem is one line of the list. Look says that somebody should look at it.
type checkItem struct {
	Title string
	Lines []string
	Look  bool
	Href  string
	Link  string
}

// budgetRow is how much time a department has been asked for this quarter.
type budgetRow struct {
	Department string
	Before     int // minutes, by waves that have opened
	With       int // and with this one
	Much       bool
}

// mostMinutes is how long a department can be asked for in a quarter before the check list points it out.
const mostMinutes = 20

// checker puts the list together.
type checker struct {
	*waveBook
	c     *fiber.Ctx
	plan  waves.Plan
	doc   *surveys.Document
	asked []surveys.Department
	page  checkPage
	looks int
}

func (s *Server) showCheck(c *fiber.Ctx) error {
	b, p, err := s.plan(c, "check_title")
	if err != nil {
		return err
	}
	q, err := s.Catalog.Newest(c.UserContext(), p.Survey)
	if err != nil {
		return err
	}
	ch := &checker{waveBook: b, c: c, plan: p, doc: q.Document}
	ch.asked, err = p.Askable(s.Store.Read(c.UserContext()))
	if err != nil && surveys.KindOf(err) != surveys.Invalid { // nobody is left to ask, which the list says
		return err
	}
	nobody := err != nil
	ch.page = checkPage{Plan: p, Label: p.LabelOf(p.Opens), Survey: b.titled(q.Document).Text, Minutes: q.Document.Minutes(), MostAsked: mostMinutes}
	ch.page.Past = len(p.After(b.now, 1)) == 0
	ch.page.Nobody = nobody
	if err := ch.who(); err != nil {
		return err
	}
	ch.address()
	ch.small()
	ch.languages()
	ch.dates()
	if err := ch.budget(); err != nil {
		return err
	}
	ch.page.Headline = ch.say("check_clear")
	if ch.looks > 0 {
		ch.page.Headline = ch.count("check_looks", ch.looks)
	}
	ch.page.frame = b.frame
	return s.finish(c, "staff/wavecheck", &b.phrases, ch.page)
}

func (ch *checker) add(item checkItem) {
	if item.Look {
		ch.looks++
	}
	ch.page.Items = append(ch.page.Items, item)
}

// who says how many will be asked: the people of the directory by mail, or the headcounts.
func (ch *checker) who() error {
	item := checkItem{Title: ch.say("check_who"), Lines: []string{ch.count("check_departments", len(ch.asked))}}
	if ch.page.Nobody {
		item.Look, item.Lines = true, []string{ch.say("check_nobody")}
	}
	heads, unknown := 0, []string{}
	var ids []surveys.DepartmentID
	for _, d := range ch.asked {
		heads += d.Headcount
		if d.Headcount == 0 {
			unknown = append(unknown, d.Name)
		}
		ids = append(ids, d.ID)
	}
	if heads > 0 {
		item.Lines = append(item.Lines, ch.count("check_people", heads))
	}
	if len(unknown) > 0 {
		item.Lines = append(item.Lines, ch.say("check_unknown", "Departments", ch.names(unknown)))
		item.Href, item.Link = "/people", ch.say("check_to_people")
	}
	if ch.plan.Mail {
		persons, err := people.Persons(ch.server.Store.Read(ch.c.UserContext()), ids)
		if err != nil {
			return err
		}
		item.Lines = append(item.Lines, ch.count("check_invited", len(persons)))
		mail, err := settings.ReadMail(ch.server.Store.Read(ch.c.UserContext()), ch.server.Secret)
		if err != nil {
			return err
		}
		switch {
		case !mail.Configured():
			item.Lines = append(item.Lines, ch.say("check_no_mail"))
			item.Look, item.Href, item.Link = true, "/settings", ch.say("check_to_settings")
		case len(persons) == 0:
			item.Look, item.Href, item.Link = true, "/people", ch.say("check_to_people")
		}
	}
	ch.add(item)
	ch.add(checkItem{Title: ch.say("check_time"), Lines: []string{ch.count("check_minutes", ch.page.Minutes)}})
	return nil
}

// address warns of links that lead nowhere for everybody else: the program is reached under an address of its own machine
// until it is told another.
func (ch *checker) address() {
	base, err := url.Parse(ch.server.BaseURL)
	if err != nil {
		return // the settings let none through that is no address
	}
	if ip := net.ParseIP(base.Hostname()); base.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
		ch.add(checkItem{Title: ch.say("check_address"), Look: true, Lines: []string{ch.say("check_only_here", "Address", ch.server.BaseURL)}})
	}
}

// small names the departments that can never be shown, because they have fewer people than a group needs.
func (ch *checker) small() {
	item := checkItem{Title: ch.say("check_small")}
	for _, d := range ch.asked {
		if d.Headcount > 0 && d.Headcount < ch.doc.SmallestGroup() {
			item.Look = true
			item.Lines = append(item.Lines, ch.say("check_never", "Department", d.Name, "People", ch.Number(d.Headcount), "Minimum", ch.Number(ch.doc.SmallestGroup())))
		}
	}
	if item.Look {
		item.Lines = append(item.Lines, ch.say("check_pool"))
		item.Href, item.Link = "/people", ch.say("check_to_people")
	} else {
		item.Lines = []string{ch.say("check_none_small")}
	}
	ch.add(item)
}

// languages lists what the survey can be answered in. A questionnaire is published only when each of them is complete.
func (ch *checker) languages() {
	var names []string
	for _, lang := range ch.doc.Languages() {
		names = append(names, nameOf(lang))
	}
	ch.add(checkItem{Title: ch.say("check_languages"), Lines: []string{ch.say("check_complete", "Languages", ch.names(names))}})
}

func (ch *checker) dates() {
	p := ch.plan
	item := checkItem{Title: ch.say("check_dates"), Lines: []string{ch.say("check_opens", "Date", ch.moment(p.Opens))}}
	if p.State == waves.Scheduled {
		item.Lines[0] = ch.say("check_opens", "Date", ch.moment(p.Next))
	}
	switch {
	case ch.page.Past && p.State == waves.Draft:
		item.Look = true
		item.Lines = append(item.Lines, ch.say("check_past"))
	case p.Every != waves.Once:
		item.Lines = append(item.Lines, ch.recurrence(p.Every))
		for _, l := range p.After(ch.now, datesShown) {
			ch.page.Dates = append(ch.page.Dates, ch.say("check_from_to", "From", ch.moment(l), "To", ch.moment(p.ClosesOf(l))))
		}
	}
	if p.Closes == "" {
		item.Look = true
		item.Lines = append(item.Lines, ch.say("check_no_closing"))
	} else if p.Every == waves.Once {
		item.Lines = append(item.Lines, ch.say("check_closes", "Date", ch.moment(p.Closes)))
	}
	ch.add(item)
}

// budget adds up for how long each department has been asked in the quarter in which the plan opens.
func (ch *checker) budget() error {
	from, until := quarter(max(ch.plan.Opens, ch.now), ch.zone)
	asked, err := waves.AskedBetween(ch.server.Store.Read(ch.c.UserContext()), from, until)
	if err != nil {
		return err
	}
	before := map[surveys.DepartmentID]int{}
	for _, a := range asked {
		q, err := ch.server.Catalog.Questionnaire(ch.c.UserContext(), a.Questionnaire)
		if err != nil {
			return err
		}
		before[a.Department] += q.Document.Minutes()
	}
	item := checkItem{Title: ch.say("check_budget")}
	var much []string
	for _, d := range ch.asked {
		row := budgetRow{Department: d.Name, Before: before[d.ID], With: before[d.ID] + ch.page.Minutes}
		row.Much = row.With > mostMinutes
		if row.Much {
			much = append(much, d.Name)
		}
		ch.page.Budget = append(ch.page.Budget, row)
	}
	item.Look = len(much) > 0
	if item.Look {
		item.Lines = append(item.Lines, ch.say("check_much", "Departments", ch.names(much), "Most", ch.Number(mostMinutes)))
	} else {
		item.Lines = append(item.Lines, ch.say("check_little", "Most", ch.Number(mostMinutes)))
	}
	ch.add(item)
	return nil
}

// quarter is the quarter of the year that a time lies in.
func quarter(l waves.Local, zone *time.Location) (from, until time.Time) {
	w := l.Wall()
	first := (w.Month()-1)/3*3 + 1
	return time.Date(w.Year(), first, 1, 0, 0, 0, 0, zone), time.Date(w.Year(), first+3, 1, 0, 0, 0, 0, zone)
}

// names lists some names; a long list is cut, so that a sentence stays one.
func (b *waveBook) names(list []string) string {
	const most = 8
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return b.say("waves_names_more", "Names", strings.Join(list[:most], ", "), "More", b.Number(len(list)-most))
}

// PlanPath is the address of something about a plan.
func (p checkPage) PlanPath(what string) string {
	return fmt.Sprintf("/waves/plans/%d/%s", p.Plan.ID, what)
}
