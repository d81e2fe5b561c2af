package web

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/analytics"
	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/promises"
	"soundings/surveys/visits"
)

// heardItem is the question of the library whose trend says whether people feel heard.
const heardItem = "heard"

// quartersShown is how many quarters the table of kept promises has.
const quartersShown = 4

// promisesPage lists what IT promised.
type promisesPage struct {
	frame
	Headline    string
	Lead        string
	CanWrite    bool
	None        bool // there is no promise yet that this person may read
	Lines       []promiseLine
	Filtered    bool
	Departments []option
	States      []option
	Owners      []option
	Quarters    []string
	Shares      []shareRow
	Heard       *heardFigure
}

// promiseLine is one promise of a list.
type promiseLine struct {
	ID          promises.ID
	Said        string
	Answer      string
	Words       writing // of both
	Departments string
	Owner       string
	State       string
	Mark        string // of the state, in a word
	Late        bool
}

type shareRow struct {
	Name  string
	Cells []string
}

// heardFigure is what the organisation answered last when asked whether it feels heard.
type heardFigure struct {
	Text  string // the question
	Lang  string
	Said  string // its mean with number and interval, or why there is none
	Trend string // address
}

// mayReadPromise reports whether somebody may read a promise: of those limited to departments, one to whom it was made.
func mayReadPromise(u accounts.User, p *promises.Promise) bool {
	return u.SeesSome(p.Everybody, p.Departments)
}

// mayWritePromise reports whether somebody may write a promise: of those limited to departments, nobody whose words would
// reach others too.
func mayWritePromise(u accounts.User, p *promises.Promise) bool {
	return u.Role.May(accounts.Converse) && u.SeesAll(p.Everybody, p.Departments)
}

// promisesFor lists the promises that somebody may read, the oldest first.
func (s *Server) promisesFor(ctx context.Context, u accounts.User) ([]promises.Promise, error) {
	list, err := promises.List(ctx, s.Store)
	return slices.DeleteFunc(list, func(p promises.Promise) bool { return !mayReadPromise(u, &p) }), err
}

// promiseFilter is what a list of promises is narrowed to.
type promiseFilter struct {
	department surveys.DepartmentID
	state      string // one of promises.States, or overdue
	owner      string
}

// overdueState is the filter for open promises whose day has passed.
const overdueState = "overdue"

func (f promiseFilter) matches(p *promises.Promise, today surveys.Day) bool {
	switch {
	case f.department != 0 && !p.Concerns(f.department), f.owner != "" && p.Owner != f.owner:
		return false
	case f.state == overdueState:
		return p.Overdue(today)
	}
	return f.state == "" || f.state == string(p.Now().State)
}

func (s *Server) promiseFilter(c *fiber.Ctx) (f promiseFilter, err error) {
	department, err := numberQuery(c, "department")
	if err != nil {
		return f, err
	}
	f = promiseFilter{surveys.DepartmentID(department), utils.CopyString(c.Query("state")), utils.CopyString(c.Query("owner"))}
	if f.department != 0 && !current(c).User.Sees(f.department) {
		return f, notYours()
	}
	if f.state != "" && f.state != overdueState && !slices.Contains(promises.States(), promises.State(f.state)) {
		return f, badQuery("state", "unknown", "must be a state of a promise")
	}
	return f, nil
}

func (s *Server) showPromises(c *fiber.Ctx) error {
	f := s.frame(c, "promises_title", "promises")
	filter, err := s.promiseFilter(c)
	if err != nil {
		return err
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	list, err := s.promisesFor(c.UserContext(), f.User)
	if err != nil {
		return err
	}
	departments, err := people.Departments(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	departments = slices.DeleteFunc(departments, func(d surveys.Department) bool { return d.Archived || !f.User.Sees(d.ID) })
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return err
	}
	p := &phrases{speech: f.speech}
	page := promisesPage{frame: f, CanWrite: f.May("converse"), None: len(list) == 0, Headline: p.promisesHeadline(list, today), Lead: p.say("promises_lead"), Filtered: filter != promiseFilter{}}
	p.promiseFilters(&page, list, departments, filter)
	page.Quarters, page.Shares = p.shares(list, departments, today)
	promises.ByUrgency(list)
	for i := range list {
		if filter.matches(&list[i], today) {
			page.Lines = append(page.Lines, p.promiseLine(&list[i], names, today))
		}
	}
	if page.Heard, err = s.heardFigure(c.UserContext(), p); err != nil {
		return err
	}
	return s.finish(c, "staff/promises", p, page)
}

// promisesHeadline says how many of the promises due so far in this quarter are kept, how many have time left in it, and how
// many of any quarter are overdue.
func (p *phrases) promisesHeadline(list []promises.Promise, today surveys.Day) string {
	if len(list) == 0 {
		return p.say("promises_none")
	}
	share := promises.ShareOf(list, visits.QuarterOf(today), today, func(*promises.Promise) bool { return true })
	late := 0
	for i := range list {
		if list[i].Overdue(today) {
			late++
		}
	}
	first := p.say("promises_quarter_none")
	switch {
	case share.Due() > 0 && share.Waiting > 0:
		first = p.count("promises_with_waiting", share.Waiting, "First", p.count("promises_quarter", share.Due(), "Kept", p.Number(share.Kept)))
	case share.Due() > 0:
		first = p.count("promises_quarter", share.Due(), "Kept", p.Number(share.Kept))
	case share.Waiting > 0:
		first = p.count("promises_quarter_waiting", share.Waiting)
	}
	if late == 0 {
		return first
	}
	return p.count("promises_with_late", late, "First", first)
}

func (p *phrases) promiseFilters(page *promisesPage, list []promises.Promise, departments []surveys.Department, filter promiseFilter) {
	for _, d := range departments {
		page.Departments = append(page.Departments, option{idText(int64(d.ID)), d.Name, d.ID == filter.department})
	}
	for _, state := range append([]string{overdueState}, "open", "kept", "broken", "declined") {
		page.States = append(page.States, option{state, p.say("promise_state_" + state), state == filter.state})
	}
	var owners []string
	for i := range list {
		owners = append(owners, list[i].Owner)
	}
	for _, owner := range slices.Compact(slices.Sorted(slices.Values(owners))) {
		page.Owners = append(page.Owners, option{owner, owner, owner == filter.owner})
	}
}

// shares is how many promises were kept of those due, by department and quarter.
func (p *phrases) shares(list []promises.Promise, departments []surveys.Department, today surveys.Day) (columns []string, rows []shareRow) {
	quarters := []visits.Quarter{visits.QuarterOf(today)}
	for range quartersShown - 1 {
		quarters = append(quarters, quarters[len(quarters)-1].Previous())
	}
	slices.Reverse(quarters)
	for _, q := range quarters {
		columns = append(columns, p.quarter(q))
	}
	add := func(name string, keep func(*promises.Promise) bool) {
		row, due := shareRow{Name: name}, 0
		for _, q := range quarters {
			share := promises.ShareOf(list, q, today, keep)
			due += share.Due()
			row.Cells = append(row.Cells, p.share(share))
		}
		if due > 0 {
			rows = append(rows, row)
		}
	}
	for _, d := range departments {
		add(d.Name, func(one *promises.Promise) bool { return one.Concerns(d.ID) })
	}
	if len(rows) > 0 {
		add(p.say("promises_together"), func(*promises.Promise) bool { return true })
	}
	return columns, rows
}

// share writes how many were kept of those due, with a percentage where there are enough; "" where none was due.
func (p *phrases) share(s promises.Share) string {
	if s.Due() == 0 {
		return ""
	}
	text := p.say("promises_share", "Kept", p.Number(s.Kept), "Due", p.Number(s.Due()))
	if share, ok := s.Percent(); ok {
		text = p.say("promises_share_percent", "Share", text, "Percent", p.Percent(share))
	}
	return text
}

func (p *phrases) promiseLine(one *promises.Promise, names map[surveys.DepartmentID]string, today surveys.Day) promiseLine {
	text, lang := one.In(p.Spoken)
	line := promiseLine{ID: one.ID, Said: text.Said, Answer: text.Answer, Words: writingOf(lang), Departments: p.promisedTo(one, names), Owner: one.Owner,
		Mark: p.say("promise_state_" + string(one.Now().State))}
	line.State, line.Late = p.promiseStands(one, today)
	if line.Late {
		line.Mark = p.say("promise_state_" + overdueState)
	}
	return line
}

// promisedTo names the departments to which a promise was made.
func (p *phrases) promisedTo(one *promises.Promise, names map[surveys.DepartmentID]string) string {
	if one.Everybody {
		return p.say("changes_everybody")
	}
	list := make([]string, len(one.Departments))
	for i, d := range one.Departments {
		list[i] = names[d]
	}
	slices.Sort(list)
	return p.both(list)
}

// promiseStands says where a promise stands, and whether it is overdue.
func (p *phrases) promiseStands(one *promises.Promise, today surveys.Day) (text string, late bool) {
	now := one.Now()
	switch {
	case one.Overdue(today):
		return p.say("promise_was_due", "Date", p.date(now.Due.Time())), true
	case now.State == promises.Open:
		return p.say("promise_due", "Date", p.date(now.Due.Time())), false
	}
	return p.say("promise_"+string(now.State)+"_on", "Date", p.date(now.On.Time())), false
}

// heardFigure reads what the newest survey that asks it has measured last; nil where none does.
func (s *Server) heardFigure(ctx context.Context, p *phrases) (*heardFigure, error) {
	list, err := s.Catalog.List(ctx)
	if err != nil {
		return nil, err
	}
	var asks *surveys.Questionnaire
	var survey surveys.SurveyID
	for _, one := range list {
		if q, ok := one.Newest.Document.Question(heardItem); ok && q.Kind == surveys.Scale {
			asks, survey = one.Newest, one.ID
		}
	}
	if asks == nil {
		return nil, nil
	}
	t, err := s.Results.Trend(ctx, analytics.TrendQuery{Construct: surveys.Engagement, Question: heardItem, Survey: survey})
	if err != nil || len(t.Waves) == 0 {
		return nil, err
	}
	query := url.Values{"survey": {idText(int64(survey))}, "measure": {questionPrefix + heardItem}}
	figure := &heardFigure{Text: t.Question.Text, Lang: asks.Document.Language, Trend: "/trend?" + query.Encode()}
	last := len(t.Waves) - 1
	g := t.Total[last]
	row := p.row("", g, false)
	switch {
	case row.Shown:
		figure.Said = p.say("promises_heard_mean", "Mean", row.Mean, "Interval", p.intervalOf(g), "Answers", p.count("change_answers", g.N), "Wave", t.Waves[last].Label)
	default:
		figure.Said = strings.TrimSpace(row.Coarse + " " + row.Reason)
	}
	return figure, p.err
}

func promiseAddress(id promises.ID) string { return fmt.Sprintf("/promises/%d", id) }
