package demo

import (
	"context"
	"time"

	"soundings/surveys"
	"soundings/surveys/visits"
)

// Lead is the e-mail address of the account that the demo is looked at with: some visits and follow-ups are theirs.
const Lead = "demo@example.org"

// call is a visit of the story. Its day is counted from today, or, within a quarter that is over, from its first day.
type call struct {
	department string
	quarter    int // 1 to 8: counted from the day it begins; 0: counted from today
	day        int
	at         string
	about      string // name of a change
	purpose    string
	heard      string
	helped     string
	with       []string
	followUps  []errand
	state      visits.State
	reason     string
}

// errand is a follow-up; its days are counted from today.
type errand struct {
	text, owner string
	due, done   int
	open        bool
}

// calls are the visits of the story, the earliest first.
func calls() []call {
	mira, jonas, aylin := "mira.kaur@example.org", "jonas.weber@example.org", "Aylin Demir"
	return []call{
		{department: finance, quarter: 1, day: 24, with: []string{mira, jonas}, state: visits.Done, purpose: "After the closing of the year",
			heard: "Two updates fell into the week of the closing. *“We had to stay two nights because of you.”*\n\nThey would keep a calendar themselves if somebody read it.", helped: "Moved the next update by ten days.",
			followUps: []errand{{text: "Draft a freeze calendar with Finance", owner: jonas, due: -540, done: -548}}},
		{department: customerService, quarter: 2, day: 40, with: []string{mira, aylin}, state: visits.Done, about: ticketing, purpose: "How requests arrive today",
			heard: "Two thirds of all requests pass through here. Everybody has a list of their own.", helped: "Shared folder for the hotline"},
		{department: finance, quarter: 3, day: 66, with: []string{jonas, aylin}, state: visits.Done, about: expenseTool, purpose: "First look at the expense tool",
			heard: "They like the photograph. They ask who sees the claims.", helped: "Three accounts for trying it out"},
		{department: operations, quarter: 4, day: 33, with: []string{mira}, state: visits.Done, about: ticketing, purpose: "The ticket form at shared desks",
			heard: "Nobody signs out between shifts, so tickets go out under the wrong name.", followUps: []errand{{text: "Short sign-in at shared desks", owner: mira, due: -330, done: -352}}},
		{department: customerService, quarter: 5, day: 21, with: []string{mira, jonas}, state: visits.Done, about: ticketing, purpose: "Three weeks after the go-live",
			heard: "The form asks for things that callers do not know. Each request takes **twice as long**. Nobody had asked them before.\n\n- the search finds nothing\n- two windows instead of one", helped: "Took four fields off the form on the spot."},
		// Between the last two closed waves three departments were visited, and the others were not.
		{department: finance, quarter: 6, day: 44, with: []string{jonas, aylin}, state: visits.Done, about: expenseTool, purpose: "Half a year with the expense tool",
			heard: "Claims are paid in days instead of weeks. Two cost centres are still missing.", helped: "Added the cost centres"},
		{department: sales, quarter: 6, day: 58, with: []string{mira, "Piotr Lis"}, state: visits.Done, purpose: "What slows a quote down",
			heard: "Three systems for one quote. They would test anything that saves a window."},
		{department: humanResources, quarter: 7, day: 9, with: []string{mira, aylin}, state: visits.Done, purpose: "Zugänge für neue Leute",
			heard: "Der erste Tag beginnt zu oft ohne Zugang. Sie würden eine Liste pflegen, wenn sie jemand liest.", helped: "Liste für Neue eingerichtet"},
		{department: legal, day: -74, with: []string{jonas, aylin}, state: visits.Done, purpose: "Contracts that must not leave the house",
			heard: "They would rather wait for the laptops than be first: the encryption has to be certified.", followUps: []errand{{text: "Send the certificate of the disk encryption", owner: Lead, due: -9, open: true}}},
		{department: marketing, day: -66, with: []string{mira, "Piotr Lis"}, state: visits.Done, about: laptops, purpose: "What the laptops have to cope with",
			heard: "Film material fills a small disk in a week. They offer to try the first ones.", helped: "Moved the archive of 2024"},
		{department: purchasing, day: -57, with: []string{aylin, "Piotr Lis"}, state: visits.Done, purpose: "Bestellungen über das neue Formular",
			heard: "Der Ablauf ist klar. Sorge: Mit dem neuen Rechner gehen die alten Vorlagen verloren.", helped: "Vorlagen gesichert"},
		{department: facilities, day: -52, at: "14:00", with: []string{aylin}, state: visits.Done, about: laptops, purpose: "Desks, screens and one cable",
			heard: "The ducts are full on the second floor; they need six weeks of notice."},
		{department: humanResources, day: -47, with: []string{mira, jonas}, state: visits.CalledOff, reason: "Half of the department was ill.", purpose: "Onboarding with a laptop"},
		{department: humanResources, day: -38, with: []string{mira, jonas}, state: visits.Done, about: laptops, purpose: "Onboarding with a laptop",
			heard: "New people wait two days for their computer. A laptop on the first morning would be *the* welcome.", helped: "Two loan devices for starters", followUps: []errand{{text: "Loan devices for people who start", owner: jonas, due: -20, done: -24}}},
		{department: sales, day: -31, at: "10:00", with: []string{mira, Lead}, state: visits.Done, about: laptops, purpose: "On the road with the old machines",
			heard: "They lose an hour a week with the dial-in. Quarter's end is the worst time to change anything.", followUps: []errand{{text: "Name a week outside the end of the quarter", owner: Lead, due: 9, open: true}}},
		{department: operations, day: -24, with: []string{jonas, aylin}, state: visits.Done, about: laptops, purpose: "Who owns the laptop at a shared desk?",
			heard: "They want lockers with chargers. Shift leaders ask to be shown first, *before* the others.", helped: "Two chargers for the break room",
			followUps: []errand{{text: "Price of lockers with chargers", owner: aylin, due: -6, done: -7}, {text: "Invite the shift leaders to the pilot", open: true}}},
		{department: customerService, day: -17, at: "09:30", with: []string{mira, jonas, Lead}, state: visits.Done, about: ticketing, purpose: "What of the ticket form still hurts",
			heard: "“You listened, but the search is still slow.” They do not want another change **before the new year**.\n\nOne team lead would show others how she sorts her queue.", helped: "Saved searches for the hotline",
			followUps: []errand{{text: "Faster search in tickets", owner: mira, due: -4, open: true}, {text: "Record the team lead's tricks in five minutes", owner: aylin, due: 12, open: true}}},
		{department: finance, day: -9, with: []string{jonas, Lead}, state: visits.Done, purpose: "Freeze calendar for the closing of the year",
			heard: "Two closings without a night shift. They would recommend the calendar to others.", helped: "Exported the calendar for the auditors",
			followUps: []errand{{text: "Tell the vendors of the quiet days", owner: Lead, due: 2, open: true}}},
		{department: customerService, day: 6, at: "09:30", with: []string{mira, Lead}, state: visits.Planned, about: laptops, purpose: "Show the first laptop and listen"},
		{department: legal, day: 13, at: "14:00", with: []string{jonas, Lead}, state: visits.Planned, about: laptops, purpose: "Bring the certificate and a laptop to try"},
	}
}

// visit stores the visits with what was taken along.
func (d Deps) visit(ctx context.Context, org *organisation) error {
	today := surveys.DayOf(d.Now, time.UTC)
	about, err := d.changesByName(ctx)
	if err != nil {
		return err
	}
	for _, c := range calls() {
		v := visits.Visit{Department: org.named(c.department), Day: today.Plus(c.day), Start: c.at, Associates: c.with, Purpose: c.purpose, State: c.state,
			Heard: c.heard, Helped: c.helped, Change: about[c.about]}
		if c.quarter > 0 {
			v.Day = surveys.DayOf(quarterBegins(d.Now, c.quarter).AddDate(0, 0, c.day), time.UTC)
		}
		v.Day = workday(v.Day, today)
		if c.at != "" {
			v.Minutes = 90
		}
		if err := d.call(ctx, v, c, today); err != nil {
			return err
		}
	}
	return nil
}

// workday moves a day off the weekend: away from today, so that what is past stays past.
func workday(d, today surveys.Day) surveys.Day {
	step := 1
	if d < today {
		step = -1
	}
	for d.Time().Weekday() == time.Saturday || d.Time().Weekday() == time.Sunday {
		d = d.Plus(step)
	}
	return d
}

// call stores one visit: planned beforehand where it was called off, and then followed up.
func (d Deps) call(ctx context.Context, v visits.Visit, c call, today surveys.Day) error {
	stamp := surveys.Stamp{By: "mira.kaur@example.org", At: min(v.Day, today).Time().Add(15 * time.Hour)}
	if stamp.At.After(d.Now) {
		stamp.At = d.Now
	}
	for _, e := range c.followUps {
		v.FollowUps = append(v.FollowUps, visits.FollowUp{Text: e.text, Owner: e.owner, Due: dueDay(e, v.Day, today)})
	}
	asOf := today
	if v.State == visits.CalledOff {
		v.State, asOf = visits.Planned, v.Day
	}
	made, err := visits.Create(ctx, d.Store, v, stamp, asOf)
	if err == nil && c.state == visits.CalledOff {
		made.State, made.Reason = visits.CalledOff, c.reason
		_, err = visits.Save(ctx, d.Store, made, stamp, today)
	}
	for i, e := range c.followUps {
		if err == nil && !e.open {
			_, err = visits.Tick(ctx, d.Store, made.ID, i+1, max(today.Plus(e.done), v.Day))
		}
	}
	return err
}

// dueDay is when an errand is due, never before its visit; quarters are of different lengths.
func dueDay(e errand, visit, today surveys.Day) surveys.Day {
	if e.due == 0 {
		return ""
	}
	return max(today.Plus(e.due), visit)
}
