package demo

import (
	"context"
	"time"

	"soundings/surveys"
	"soundings/surveys/milestones"
	"soundings/surveys/visits"
)

// goal is a milestone of the story, for a quarter counted from the current one. Its first target is set on the first day of
// its quarter, or today where that is still to come.
type goal struct {
	quarter    int    // -1: the last one, 0: the current one, 1: the next one
	department string // "": all together
	measure    milestones.Measure
	target     int
	note       string
	then       int // another target, 30 days later
	why        string
	away       string // why it was withdrawn
}

// goals are the milestones of the story: the last quarter ended well for Finance and badly for Customer Service.
func goals() []goal {
	return []goal{
		{quarter: -1, measure: milestones.Response, target: 50, note: "A reminder after ten days, and posters in both canteens."},
		{quarter: -1, measure: milestones.Openness, target: 50},
		{quarter: -1, measure: milestones.Promises, target: 60},
		{quarter: -1, measure: milestones.Champions, target: 4},
		{quarter: -1, measure: milestones.Ideas, target: 2, note: "The screens in the corridors, and one of the two for the hotline."},
		{quarter: -1, department: finance, measure: milestones.Openness, target: 60, note: "The freeze calendar has to work for two closings."},
		{quarter: -1, department: finance, measure: milestones.Champions, target: 1},
		{quarter: -1, department: customerService, measure: milestones.Openness, target: 60, then: 55, why: "The form will only be changed at the end of the quarter."},
		{quarter: -1, department: customerService, measure: milestones.Response, target: 60},
		{quarter: -1, department: marketing, measure: milestones.Openness, target: 60},
		{quarter: -1, department: legal, measure: milestones.Openness, target: 50},

		{quarter: 0, measure: milestones.Visits, target: 12},
		{quarter: 0, measure: milestones.Response, target: 50},
		{quarter: 0, measure: milestones.Promises, target: 60},
		{quarter: 0, measure: milestones.Ideas, target: 3},
		{quarter: 0, measure: milestones.Champions, target: 7, note: "Human Resources and Facilities are next."},
		{quarter: 0, department: finance, measure: milestones.Visits, target: 1},
		{quarter: 0, department: finance, measure: milestones.Openness, target: 65},
		{quarter: 0, department: customerService, measure: milestones.Visits, target: 3, then: 4, why: "They ask us to come once more before the laptops."},
		{quarter: 0, department: customerService, measure: milestones.Openness, target: 50, note: "The faster search, and nothing new before the new year."},
		{quarter: 0, department: operations, measure: milestones.Visits, target: 2},
		{quarter: 0, department: sales, measure: milestones.Visits, target: 3},
		{quarter: 0, department: legal, measure: milestones.Visits, target: 1, note: "Bring the certificate along."},
		{quarter: 0, department: marketing, measure: milestones.Visits, target: 3, away: "The film team is abroad until the end of the quarter."},

		{quarter: 1, measure: milestones.Visits, target: 14},
		{quarter: 1, measure: milestones.Openness, target: 57},
		{quarter: 1, department: customerService, measure: milestones.Openness, target: 55},
	}
}

// aim stores the milestones.
func (d Deps) aim(ctx context.Context, org *organisation) error {
	today := surveys.DayOf(d.Now, time.UTC)
	current := visits.QuarterOf(today)
	for _, g := range goals() {
		quarter := current
		switch g.quarter {
		case -1:
			quarter = current.Previous()
		case 1:
			quarter = current.Next()
		}
		if err := d.aimAt(ctx, org, g, quarter, today); err != nil {
			return err
		}
	}
	return nil
}

func (d Deps) aimAt(ctx context.Context, org *organisation, g goal, quarter visits.Quarter, today surveys.Day) error {
	first := min(quarter.First(), today)
	said := func(on surveys.Day) surveys.Stamp {
		at := on.Time().Add(8 * time.Hour)
		if at.After(d.Now) {
			at = d.Now
		}
		return surveys.Stamp{By: "mira.kaur@example.org", At: at}
	}
	m := milestones.Milestone{Quarter: quarter, Measure: g.measure, Owner: "mira.kaur@example.org", Note: g.note}
	if g.department != "" {
		m.Department, m.Owner = org.named(g.department), Lead
	}
	m, err := milestones.Add(ctx, d.Store, m, g.target, said(first), first)
	later := min(first.Plus(30), today)
	if err == nil && g.then != 0 {
		m, err = milestones.Save(ctx, d.Store, m, g.then, g.why, said(later), later)
	}
	if err == nil && g.away != "" {
		_, err = milestones.Withdraw(ctx, d.Store, m.ID, m.Version, g.away, said(later), later)
	}
	return err
}
