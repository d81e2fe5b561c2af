package web

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/milestones"
	"soundings/surveys/people"
	"soundings/surveys/visits"
)

// visitsPage is the board of a quarter, with what is coming and what is still to be done.
type visitsPage struct {
	frame
	Headline    string
	Lead        string
	CanWrite    bool
	None        bool // nobody has planned or reported a visit yet
	Quarter     string
	Previous    string // address of the quarter before
	Next        string
	Asked       visits.Quarter
	Address     string // of this page, to come back to
	Departments []option
	Rows        []boardRow
	Targets     bool   // some department has a target in this quarter
	Lacking     string // who has not reached theirs
	Long        []longLine
	Coming      []visitLine
	Missed      []visitLine
	FollowUps   []followUpLine
}

// boardRow is a department on the board.
type boardRow struct {
	ID            surveys.DepartmentID
	Department    string
	Done, Planned []pageLink
	Last          pageLink // without Href: never
	Long          bool
	Target        string // "2 of 3 visits"; "" without one
	Lacks         bool
}

// longLine is a department that was not visited for long.
type longLine struct {
	ID         surveys.DepartmentID
	Department string
	Since      string
	Next       string // when it will be visited; "" where nothing is planned
}

// visitLine is a visit in a list.
type visitLine struct {
	ID         visits.ID
	Department string
	When       string
	Who        string
	Purpose    string
	Few        bool // fewer than two associates
}

// followUpLine is a follow-up in a list.
type followUpLine struct {
	visits.FollowUp
	Visit      visits.ID
	Department string
	State      string // when it is due or was done
	Overdue    bool
}

// visitsFor lists the visits to departments that somebody may see, the earliest first.
func (s *Server) visitsFor(ctx context.Context, u accounts.User) ([]visits.Visit, error) {
	list, err := visits.List(ctx, s.Store)
	return slices.DeleteFunc(list, func(v visits.Visit) bool { return !u.Sees(v.Department) }), err
}

// visitable lists the departments that can be visited and that somebody may see.
func (s *Server) visitable(ctx context.Context, u accounts.User) ([]surveys.Department, error) {
	all, err := people.Departments(ctx, s.Store)
	return slices.DeleteFunc(all, func(d surveys.Department) bool { return d.Archived || !u.Sees(d.ID) }), err
}

func (s *Server) showVisits(c *fiber.Ctx) error {
	f := s.frame(c, "visits_title", "visits")
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	asked, err := numberQuery(c, "department")
	if err != nil {
		return err
	}
	one := surveys.DepartmentID(asked)
	if one != 0 && !f.User.Sees(one) {
		return notYours()
	}
	quarter, err := quarterQuery(c, today)
	if err != nil {
		return err
	}
	list, err := s.visitsFor(c.UserContext(), f.User)
	if err != nil {
		return err
	}
	departments, err := s.visitable(c.UserContext(), f.User)
	if err != nil {
		return err
	}
	p := &phrases{speech: f.speech}
	page := visitsPage{frame: f, CanWrite: f.May("converse"), None: len(list) == 0, Asked: quarter, Quarter: p.quarter(quarter),
		Previous: visitsAddress(quarter.Previous(), one), Next: visitsAddress(quarter.Next(), one), Address: visitsAddress(quarter, one)}
	for _, d := range departments {
		page.Departments = append(page.Departments, option{idText(int64(d.ID)), d.Name, d.ID == one})
	}
	if one != 0 {
		departments = slices.DeleteFunc(slices.Clone(departments), func(d surveys.Department) bool { return d.ID != one })
		if len(departments) == 0 {
			return &surveys.Error{Kind: surveys.NotFound, Op: "web.showVisits", Message: "no such department"}
		}
	}
	board := visits.NewBoard(list, departments, quarter, today)
	p.fillBoard(&page, board, today)
	all, err := s.milestonesFor(c.UserContext(), f.User)
	if err != nil {
		return err
	}
	p.fillTargets(&page, board, milestones.VisitTargets(all, quarter, today))
	return s.finish(c, "staff/visits", p, page)
}

// visitsAddress is the board of a quarter, of one department or, with 0, of all.
func visitsAddress(q visits.Quarter, department surveys.DepartmentID) string {
	query := url.Values{"quarter": {q.String()}}
	if department != 0 {
		query.Set("department", idText(int64(department)))
	}
	return "/visits?" + query.Encode()
}

func (p *phrases) fillBoard(page *visitsPage, b visits.Board, today surveys.Day) {
	names := map[surveys.DepartmentID]string{}
	done, planned := 0, 0
	for _, r := range b.Rows {
		names[r.Department.ID] = r.Department.Name
		row := boardRow{ID: r.Department.ID, Department: r.Department.Name, Long: r.Long(), Done: p.dayLinks(r.Done), Planned: p.dayLinks(r.Planned), Last: pageLink{Text: p.say("visits_never")}}
		if r.Last != nil {
			row.Last = pageLink{visitAddress(r.Last.ID), p.daysAgo(r.Days)}
		}
		done, planned = done+len(r.Done), planned+len(r.Planned)
		page.Rows = append(page.Rows, row)
	}
	for _, r := range b.Long {
		line := longLine{ID: r.Department.ID, Department: r.Department.Name, Since: p.say("visits_never")}
		if r.Last != nil {
			line.Since = p.daysAgo(r.Days)
		}
		if r.Next != nil {
			line.Next = p.say("visits_next", "Date", p.date(r.Next.Day.Time()))
		}
		page.Long = append(page.Long, line)
	}
	for _, v := range b.Coming {
		page.Coming = append(page.Coming, p.visitLine(&v, names, today))
	}
	for _, v := range b.Missed {
		page.Missed = append(page.Missed, p.visitLine(&v, names, today))
	}
	for _, f := range b.FollowUps {
		page.FollowUps = append(page.FollowUps, p.followUpLine(f.FollowUp, f.Visit, names[f.Visit.Department], today))
	}
	page.Headline = p.boardHeadline(b.Long, page.None)
	if len(b.Rows) == 1 && len(b.Long) == 0 && b.Rows[0].Last != nil {
		page.Headline = p.say("visits_headline_one", "Department", b.Rows[0].Department.Name, "Ago", page.Rows[0].Last.Text)
	}
	page.Lead = p.say("visits_lead", "Done", p.count("visits_done_n", done), "Planned", p.count("visits_planned_n", planned), "Quarter", page.Quarter)
}

// fillTargets holds the visits of the quarter against its milestones, and names who lacks some.
func (p *phrases) fillTargets(page *visitsPage, b visits.Board, targets map[surveys.DepartmentID]int) {
	var lacking []string
	with := 0
	for i, r := range b.Rows {
		target := targets[r.Department.ID]
		if target == 0 {
			continue
		}
		with++
		row, lacks := &page.Rows[i], r.Lacks(target)
		row.Target, row.Lacks = p.count("visits_of_target", target, "Done", p.Number(len(r.Done))), lacks > 0
		if lacks > 0 {
			planned := p.say("visits_none_planned")
			if n := len(r.Planned); n > 0 {
				planned = p.count("visits_planned_n", n)
			}
			lacking = append(lacking, p.count("visits_lacks", lacks, "Department", r.Department.Name, "Planned", planned))
		}
	}
	page.Targets, page.None = with > 0, page.None && with == 0
	switch {
	case with == 0:
	case len(lacking) == 0:
		page.Lacking = p.count("visits_targets_reached", with)
	default:
		page.Lacking = p.count("visits_targets_lacking", with, "Reached", p.Number(with-len(lacking)), "Departments", p.both(lacking))
	}
}

// boardHeadline says who has waited longest, and how many others have.
func (p *phrases) boardHeadline(long []visits.Row, none bool) string {
	switch {
	case none:
		return p.say("visits_none")
	case len(long) == 0:
		return p.say("visits_all_visited", "Days", p.Number(visits.LongDays))
	}
	first := p.say("visits_headline_never", "Department", long[0].Department.Name)
	if long[0].Last != nil {
		first = p.count("visits_headline_long", long[0].Days, "Department", long[0].Department.Name)
	}
	if len(long) == 1 {
		return first
	}
	return p.count("visits_headline_others", len(long)-1, "First", first, "Days", p.Number(visits.LongDays))
}

func (p *phrases) dayLinks(list []visits.Visit) []pageLink {
	links := make([]pageLink, len(list))
	for i, v := range list {
		links[i] = pageLink{visitAddress(v.ID), p.dayOfMonth(v.Day)}
	}
	return links
}

// dayOfMonth writes a day without its year, which stands nearby.
func (p *phrases) dayOfMonth(d surveys.Day) string {
	t := d.Time()
	return p.say("visits_day", "Day", strconv.Itoa(t.Day()), "Month", p.say(fmt.Sprintf("month_%d", int(t.Month()))))
}

func (p *phrases) quarter(q visits.Quarter) string {
	return p.say("visits_quarter", "Quarter", strconv.Itoa(q.Number), "Year", strconv.Itoa(q.Year))
}

func (p *phrases) daysAgo(days int) string {
	switch days {
	case 0:
		return p.say("visits_today")
	case 1:
		return p.say("visits_yesterday")
	}
	return p.count("visits_days_ago", days)
}

func (p *phrases) visitLine(v *visits.Visit, names map[surveys.DepartmentID]string, today surveys.Day) visitLine {
	return visitLine{ID: v.ID, Department: names[v.Department], When: p.when(v, today), Who: p.associates(v.Associates), Purpose: v.Purpose, Few: v.FewAssociates()}
}

// when says the day of a visit and its time, if one is set.
func (p *phrases) when(v *visits.Visit, today surveys.Day) string {
	day := p.date(v.Day.Time())
	if v.Day == today {
		day = p.say("visits_today_on", "Date", day)
	}
	if v.Start == "" {
		return day
	}
	moment := p.say("moment", "Date", day, "Time", v.Start)
	if v.Minutes == 0 {
		return moment
	}
	return p.say("visits_span", "Moment", moment, "Length", p.minutes(v.Minutes))
}

// minutes says how long something takes.
func (p *phrases) minutes(n int) string {
	switch hours := n / 60; {
	case n%60 != 0 && hours == 0:
		return p.count("visits_minutes", n)
	case n%60 != 0:
		return p.say("visits_hours_minutes", "Hours", p.Number(hours), "Minutes", p.Number(n%60))
	default:
		return p.count("visits_hours", hours)
	}
}

func (p *phrases) associates(names []string) string {
	if len(names) == 0 {
		return p.say("visits_nobody")
	}
	return p.both(slices.Clone(names))
}

func (p *phrases) followUpLine(f visits.FollowUp, v *visits.Visit, department string, today surveys.Day) followUpLine {
	line := followUpLine{FollowUp: f, Visit: v.ID, Department: department, Overdue: f.Overdue(today)}
	switch {
	case !f.Open():
		line.State = p.say("followup_done_on", "Date", p.date(f.Done.Time()))
	case f.Due == "":
		line.State = p.say("followup_no_day")
	case line.Overdue:
		line.State = p.say("followup_overdue", "Date", p.date(f.Due.Time()))
	default:
		line.State = p.say("followup_due", "Date", p.date(f.Due.Time()))
	}
	return line
}

func visitAddress(id visits.ID) string { return fmt.Sprintf("/visits/%d", id) }

// back is the board or the week that a form was sent from, else the visit itself.
func back(form surveys.Form, instead string) string {
	switch next := safeNext(form.First("back")); {
	case strings.HasPrefix(next, "/visits?"):
		return next + "#followups"
	case next == "/week":
		return next
	}
	return instead
}
