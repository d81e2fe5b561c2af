package demo

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"soundings/surveys"
	"soundings/surveys/changes"
)

// The names by which the surveys of the story call its changes.
const (
	ticketing   = "one-ticket-system"
	expenseTool = "expense-tool"
	laptops     = "laptops"
)

// planner is who brings changes forward, and prepares meetings.
const planner = "mira.kaur@example.org"

// laptopsAsked is the first quarter in which the pulse asks about the laptops instead of the ticketing.
const laptopsAsked = 6

// proposal is a change of the story, with what became of it.
type proposal struct {
	changes.Change
	german  changes.Text
	concern []string // names of departments; none: all
	stages  []stage
}

// stage is a step; its day is counted from the day a quarter begins.
type stage struct {
	stage   changes.Stage
	quarter int
	day     int
	reason  string
}

// naming puts the name of a change into the source of a survey, which stays as its author wrote it otherwise.
func naming(source []byte, change string) ([]byte, error) {
	purpose := []byte("\npurpose: change\n")
	if bytes.Count(source, purpose) != 1 {
		return nil, fmt.Errorf("demo: the survey is not about a change")
	}
	return bytes.Replace(source, purpose, fmt.Appendf(purpose, "change: %s\n", change), 1), nil
}

// proposals are the changes of the story, the oldest first.
func proposals() []proposal {
	return []proposal{
		{
			Change: changes.Change{Name: ticketing, Owner: "Mira Kaur", Public: true, Text: changes.Text{
				Title:     "One ticket system for every request",
				Why:       "Requests to IT arrive by mail, by phone and on paper, and **one in five gets lost**. Nobody can see what became of theirs.",
				What:      "One form for everything that IT does. Each request gets a number, and its page shows what happens next.",
				StillOpen: "",
			}, Risks: "Customer Service handles two thirds of all requests and has the least time to learn something new.",
				Links: []changes.Link{{Label: "Plan of the roll-out", URL: "https://example.org/plans/ticketing"}}},
			german: changes.Text{Title: "Ein Ticketsystem für alle Anfragen",
				Why:  "Anfragen an die IT kommen per Mail, am Telefon und auf Papier, und **jede fünfte geht verloren**. Niemand kann sehen, was aus der eigenen geworden ist.",
				What: "Ein Formular für alles, was die IT tut. Jede Anfrage bekommt eine Nummer, und ihre Seite zeigt, wie es weitergeht."},
			stages: []stage{
				{changes.Proposed, 0, 4, "Lost requests were the first complaint of every department."},
				{changes.Asking, 0, 18, "The change pulse asks every quarter from now on."},
				{changes.Deciding, 2, 40, "Three waves show nobody clearly against it."},
				{changes.Scheduled, 3, 10, "The steering group agreed; the contract is signed."},
				{changes.RollingOut, goLive - 1, 75, "All departments at once, because two systems side by side would lose more."},
				{changes.Done, goLive + 1, 20, "The old mailbox is closed."},
			},
		},
		{
			Change: changes.Change{Name: expenseTool, Owner: "Jonas Weber", Public: true, Text: changes.Text{
				Title: "A freeze calendar and a new expense tool for Finance",
				Why:   "Updates in the week of the closing have cost Finance two nights. Expense claims take three weeks.",
				What:  "No updates between the 25th and the 5th, in a calendar that Finance keeps itself. Expenses are claimed with a photograph.",
			}, Risks: "Security updates may have to wait for ten days."},
			concern: []string{finance},
			stages: []stage{
				{changes.Idea, 1, 30, "Suggested by Finance after the closing of the year."},
				{changes.Scheduled, 2, 60, "It costs little, and it was their idea."},
				{changes.RollingOut, thaw - 1, 70, "In time for the closing of the quarter."},
				{changes.Done, thaw + 1, 5, "Two closings without a night shift."},
			},
		},
		{
			Change: changes.Change{Name: laptops, Owner: "Mira Kaur", Public: true, Text: changes.Text{
				Title:     "Laptops instead of desktop computers",
				Why:       "A third of us work from more than one place, and a desktop computer stays where it is. Its successor is due next year in any case.",
				What:      "Everybody gets a laptop, and every desk a screen and one cable for everything.",
				StillOpen: "- **When** it is your department's turn\n- **How** you are shown: together, in small groups, or at your own desk\n- **Who** tries it first",
			}, Risks: "Operations has shared desks; who owns the laptop there is not settled."},
			german: changes.Text{Title: "Laptops statt Desktop-Rechner",
				Why:       "Ein Drittel von uns arbeitet an mehr als einem Ort, und ein Desktop-Rechner bleibt, wo er ist. Im nächsten Jahr müsste er ohnehin ersetzt werden.",
				What:      "Alle bekommen einen Laptop, und jeder Schreibtisch einen Bildschirm und ein Kabel für alles.",
				StillOpen: "- **Wann** Ihre Abteilung an der Reihe ist\n- **Wie** Sie es gezeigt bekommen: gemeinsam, in kleinen Gruppen oder am eigenen Platz\n- **Wer** es zuerst ausprobiert"},
			stages: []stage{
				{changes.Idea, 4, 20, "The lease of the desktop computers ends next year."},
				{changes.Proposed, 5, 50, "Two pilots went well."},
				{changes.Asking, laptopsAsked, 18, "The departments decide when, how and who first."},
			},
		},
	}
}

// propose stores the changes with their history. Everything is dated within the closed quarters.
func (d Deps) propose(ctx context.Context, org *organisation) error {
	today := surveys.DayOf(d.Now, time.UTC)
	for _, p := range proposals() {
		p.Language, p.Everybody = "en", len(p.concern) == 0
		for _, name := range p.concern {
			p.Departments = append(p.Departments, org.named(name))
		}
		var made changes.Change
		for i, s := range p.stages {
			at := quarterBegins(d.Now, s.quarter).AddDate(0, 0, s.day)
			stamp := surveys.Stamp{By: planner, At: at}
			entry := changes.Entry{Stage: s.stage, On: surveys.DayOf(at, time.UTC), Reason: s.reason}
			var err error
			if i == 0 {
				made, err = changes.Create(ctx, d.Store, p.Change, entry, stamp, today)
			} else {
				made, err = changes.Move(ctx, d.Store, made.ID, made.Version, entry, stamp, today)
			}
			if err == nil && i == 0 && p.german != (changes.Text{}) {
				made, err = changes.Translate(ctx, d.Store, made.ID, made.Version, "de", p.german, stamp)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// named finds a department of the story.
func (o *organisation) named(name string) surveys.DepartmentID {
	for _, d := range o.departments {
		if d.name == name {
			return d.id
		}
	}
	return 0
}
