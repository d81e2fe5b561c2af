package web

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/analytics"
	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/milestones"
	"soundings/surveys/people"
	"soundings/surveys/visits"
	"soundings/surveys/waves"
)

// earlierQuarters is how many quarters before the one shown are summed up beneath it.
const earlierQuarters = 4

// milestonesPage is what a quarter is to reach, by department and measure, and how it stands.
type milestonesPage struct {
	frame
	Headline  string
	Lead      string
	CanWrite  bool
	None      bool // there is no milestone yet that this person may read
	Quarter   string
	Asked     visits.Quarter
	Previous  string // address of the quarter before
	Next      string
	New       string // address of the form; "" where there can be no new one
	Copy      string // words of the button that copies; "" where there is nothing to copy
	Columns   []string
	Rows      []milestoneRow
	Withdrawn []pageLink
	Earlier   []earlierQuarter
	States    []stateWords
}

// milestoneRow is a department, or all together, with a cell for each column.
type milestoneRow struct {
	ID         surveys.DepartmentID // 0: all together
	Department string
	Cells      []milestoneCell
}

// milestoneCell is one milestone; without an address there is none.
type milestoneCell struct {
	stateWords
	Column string
	Href   string
	Figure string
}

// stateWords are how a state is told.
type stateWords struct {
	Mark string // for its colour and icon
	Icon string
	Name string
	Text string // what it means
}

type earlierQuarter struct {
	pageLink
	Said string
}

// dated is today and where the organisation's days begin.
type dated struct {
	zone  *time.Location
	today surveys.Day
}

func (s *Server) dated(ctx context.Context) (dated, error) {
	zone, err := waves.Zone(s.Store.Read(ctx))
	if err != nil {
		return dated{}, err
	}
	return dated{zone, surveys.DayOf(s.Now(), zone)}, nil
}

// mayReadMilestone reports whether somebody may read a milestone: of those limited to departments, one of theirs or of all
// together.
func mayReadMilestone(u accounts.User, m *milestones.Milestone) bool {
	return m.Department == 0 || u.Sees(m.Department)
}

// mayWriteMilestone reports whether somebody may write a milestone: of those limited to departments, only those of theirs.
func mayWriteMilestone(u accounts.User, m *milestones.Milestone) bool {
	return u.Role.May(accounts.Converse) && (!u.Limited || m.Department != 0 && u.Sees(m.Department))
}

// milestonesFor lists the milestones that somebody may read, the oldest first.
func (s *Server) milestonesFor(ctx context.Context, u accounts.User) ([]milestones.Milestone, error) {
	list, err := milestones.List(ctx, s.Store)
	return slices.DeleteFunc(list, func(m milestones.Milestone) bool { return !mayReadMilestone(u, &m) }), err
}

// quarterQuery is the quarter that an address asks for, else that of today.
func quarterQuery(c *fiber.Ctx, today surveys.Day) (visits.Quarter, error) {
	text := utils.CopyString(c.Query("quarter"))
	if text == "" {
		return visits.QuarterOf(today), nil
	}
	q, ok := visits.ParseQuarter(text)
	if !ok {
		return q, badQuery("quarter", "unknown", "must be a quarter such as 2026-Q4")
	}
	return q, nil
}

func (s *Server) showMilestones(c *fiber.Ctx) error {
	f := s.frame(c, "milestones_title", "milestones")
	at, err := s.dated(c.UserContext())
	if err != nil {
		return err
	}
	quarter, err := quarterQuery(c, at.today)
	if err != nil {
		return err
	}
	all, err := s.milestonesFor(c.UserContext(), f.User)
	if err != nil {
		return err
	}
	departments, err := people.Departments(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	p := &phrases{speech: f.speech}
	page := milestonesPage{frame: f, CanWrite: f.May("converse"), None: len(all) == 0, Quarter: p.quarter(quarter), Asked: quarter,
		Previous: milestonesAddress(quarter.Previous()), Next: milestonesAddress(quarter.Next())}
	shown := milestones.Of(all, quarter)
	for _, q := range before(quarter) {
		shown = append(shown, milestones.Of(all, q)...)
	}
	standings, err := s.Results.Standings(c.UserContext(), shown, at.zone, at.today)
	if err != nil {
		return err
	}
	for _, q := range before(quarter) {
		if own := standingsIn(standings, q); len(own) > 0 {
			said, _ := p.milestonesHeadline(own, q, at.today)
			page.Earlier = append(page.Earlier, earlierQuarter{pageLink{milestonesAddress(q), p.quarter(q)}, said})
		}
	}
	standings = standingsIn(standings, quarter)
	page.Headline, page.Lead = p.milestonesHeadline(standings, quarter, at.today)
	page.Columns, page.Rows = p.milestoneTable(standings, departments)
	for _, state := range milestones.States() {
		page.States = append(page.States, p.stateWords(state))
	}
	p.offerMilestones(&page, all, departments, at.today)
	return s.finish(c, "staff/milestones", p, page)
}

// offerMilestones fills in what can be done in a quarter that is not over, and lists what was withdrawn.
func (p *phrases) offerMilestones(page *milestonesPage, all []milestones.Milestone, departments []surveys.Department, today surveys.Day) {
	names := namesOf(departments)
	for i := range all {
		if m := &all[i]; m.Quarter == page.Asked && m.Withdrawn() {
			page.Withdrawn = append(page.Withdrawn, pageLink{milestoneAddress(m.ID), p.milestoneName(m, names)})
		}
	}
	if !page.CanWrite || page.Asked.Last() < today {
		return
	}
	page.New = "/milestones/new?quarter=" + page.Asked.String()
	n := 0
	for _, m := range milestones.Copyable(all, page.Asked, departments) {
		if mayWriteMilestone(page.User, &m) {
			n++
		}
	}
	if n > 0 {
		page.Copy = p.count("milestones_copy", n, "Quarter", p.quarter(page.Asked.Previous()))
	}
}

// before lists the quarters that are summed up beneath another, the latest first.
func before(q visits.Quarter) (list []visits.Quarter) {
	for range earlierQuarters {
		q = q.Previous()
		list = append(list, q)
	}
	return list
}

// standingsIn are those of a quarter.
func standingsIn(list []analytics.Standing, q visits.Quarter) (some []analytics.Standing) {
	for _, s := range list {
		if s.Quarter == q {
			some = append(some, s)
		}
	}
	return some
}

// milestonesHeadline says how many of a quarter's milestones stand well, and how many do not; the second sentence is all
// states with their number.
func (p *phrases) milestonesHeadline(list []analytics.Standing, q visits.Quarter, today surveys.Day) (headline, lead string) {
	name := p.quarter(q)
	if len(list) == 0 {
		return p.say("milestones_none", "Quarter", name), p.say("milestones_lead_none")
	}
	good, bad := 0, 0
	number := map[milestones.State]int{}
	for _, s := range list {
		number[s.State]++
		if s.State.Good() {
			good++
		}
		if s.State == milestones.Behind || s.State == milestones.Missed {
			bad++
		}
	}
	var states []string
	for _, state := range milestones.States() {
		if number[state] > 0 {
			states = append(states, p.say("milestones_in_state", "Number", p.Number(number[state]), "State", p.stateWords(state).Name))
		}
	}
	gone, days := milestones.Gone(q, today)
	switch {
	case today < q.First():
		return p.count("milestones_coming", len(list), "Quarter", name), p.say("milestones_lead_coming", "Date", p.date(q.First().Time()))
	case today > q.Last():
		headline, lead = p.count("milestones_over", len(list), "Met", p.Number(good)), p.say("milestones_lead_over", "Quarter", name, "States", p.both(states))
		if bad > 0 {
			headline = p.count("milestones_over_missed", bad, "First", headline)
		}
		return headline, lead
	}
	headline = p.count("milestones_now", len(list), "Good", p.Number(good))
	if bad > 0 {
		headline = p.count("milestones_now_behind", bad, "First", headline)
	}
	return headline, p.say("milestones_lead_now", "Quarter", name, "Gone", p.Number(gone), "Days", p.Number(days), "States", p.both(states))
}

// milestoneTable has a row for all together and for each department that has a milestone, and a column for each measure
// that some of them has.
func (p *phrases) milestoneTable(list []analytics.Standing, departments []surveys.Department) (columns []string, rows []milestoneRow) {
	var measures []milestones.Measure
	for _, m := range milestones.Measures() {
		if slices.ContainsFunc(list, func(s analytics.Standing) bool { return s.Measure == m }) {
			measures = append(measures, m)
			columns = append(columns, p.measureName(m))
		}
	}
	for _, d := range append([]surveys.Department{{Name: p.say("milestones_together")}}, departments...) {
		if !slices.ContainsFunc(list, func(s analytics.Standing) bool { return s.Department == d.ID }) {
			continue
		}
		row := milestoneRow{ID: d.ID, Department: d.Name}
		for i, m := range measures {
			cell := milestoneCell{Column: columns[i]}
			at := slices.IndexFunc(list, func(s analytics.Standing) bool { return s.Department == d.ID && s.Measure == m })
			if at >= 0 {
				cell.stateWords, cell.Href, cell.Figure = p.stateWords(list[at].State), milestoneAddress(list[at].ID), p.standing(&list[at])
			}
			row.Cells = append(row.Cells, cell)
		}
		rows = append(rows, row)
	}
	return columns, rows
}

func milestonesAddress(q visits.Quarter) string { return "/milestones?quarter=" + q.String() }

func milestoneAddress(id milestones.ID) string { return fmt.Sprintf("/milestones/%d", id) }
