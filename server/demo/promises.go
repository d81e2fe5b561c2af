package demo

import (
	"context"
	"strings"
	"time"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/comments"
	"soundings/surveys/promises"
	"soundings/surveys/store"
	"soundings/surveys/visits"
)

// formTheme is the tag of comments about the form of the new ticketing.
const formTheme = "Ticket form"

// word is a promise of the story. Its days are counted from today, or, where a quarter is named, from its first day.
type word struct {
	to     []string // names of departments; none: all
	said   promises.Text
	german promises.Text
	owner  string
	change string
	from   promises.Source // of a visit, Ref is the name of the department that was visited last before
	steps  []step
}

// step is one entry of its history.
type step struct {
	state   promises.State
	quarter int // 1 to 8: day is counted from the day it begins; 0: from today
	day     int
	due     int // of an open one: so many days after
	note    string
}

// words are the promises of the story, the earliest first.
func words() []word {
	mira, jonas := "mira.kaur@example.org", "jonas.weber@example.org"
	return []word{
		{to: []string{finance}, owner: jonas, change: expenseTool, from: promises.Source{Kind: promises.Visit, Ref: finance},
			said:   promises.Text{Said: "Two updates fell into the week of our closing. We had to stay two nights because of you.", Answer: "No updates between the 25th and the 5th, in a calendar that Finance keeps itself."},
			german: promises.Text{Said: "Zwei Updates fielen in die Woche unseres Abschlusses. Ihretwegen mussten wir zwei Nächte bleiben.", Answer: "Keine Updates zwischen dem 25. und dem 5., in einem Kalender, den Finance selbst führt."},
			steps:  []step{{state: promises.Open, quarter: 1, day: 27, due: 240}, {state: promises.Kept, quarter: thaw - 1, day: 70, note: "Finance has kept the calendar since then, and two closings went without a night shift."}}},
		{owner: mira, change: ticketing,
			said:   promises.Text{Said: "Requests to IT get lost, and nobody can see what became of theirs.", Answer: "Every request gets a number, and its page shows what happens next."},
			german: promises.Text{Said: "Anfragen an die IT gehen verloren, und niemand sieht, was aus der eigenen wurde.", Answer: "Jede Anfrage bekommt eine Nummer, und ihre Seite zeigt, wie es weitergeht."},
			steps:  []step{{state: promises.Open, quarter: 2, day: 45, due: 190}, {state: promises.Kept, quarter: goLive - 1, day: 75, note: "Since the go-live."}}},
		{to: []string{operations}, owner: mira, change: ticketing, from: promises.Source{Kind: promises.Visit, Ref: operations},
			said:   promises.Text{Said: "Nobody signs out between shifts, so our tickets go out under the wrong name.", Answer: "A sign-in of four digits at shared desks."},
			german: promises.Text{Said: "Zwischen den Schichten meldet sich niemand ab, und unsere Tickets laufen unter falschem Namen.", Answer: "Eine Anmeldung mit vier Ziffern an gemeinsamen Plätzen."},
			steps:  []step{{state: promises.Open, quarter: 4, day: 40, due: 60}, {state: promises.Kept, quarter: 4, day: 80, note: "At all 34 desks."}}},
		{to: []string{customerService}, owner: mira, change: ticketing, from: promises.Source{Kind: promises.Theme, Ref: formTheme, Words: formTheme},
			said:   promises.Text{Said: "The form has a dozen mandatory fields to close one ticket, and nobody reads them.", Answer: "Four fields are left that must be filled in."},
			german: promises.Text{Said: "Das Formular hat ein Dutzend Pflichtfelder, um ein Ticket zu schließen, und niemand liest sie.", Answer: "Es sind noch vier Felder, die ausgefüllt werden müssen."},
			steps:  []step{{state: promises.Open, day: -80, due: 50}, {state: promises.Kept, day: -26, note: "Counted together with two team leads."}}},
		{to: []string{operations}, owner: jonas,
			said:   promises.Text{Said: "There is nowhere to charge a laptop in the break room.", Answer: "Lockers with chargers on both floors."},
			german: promises.Text{Said: "Im Pausenraum lässt sich kein Laptop laden.", Answer: "Schließfächer mit Ladegeräten auf beiden Etagen."},
			steps:  []step{{state: promises.Open, day: -110, due: 70}, {state: promises.Broken, day: -36, note: "The supplier withdrew. Two loose chargers are there until we find another."}}},
		{to: []string{customerService}, owner: mira, change: ticketing, from: promises.Source{Kind: promises.Visit, Ref: customerService},
			said:   promises.Text{Said: "You listened, but the search is still slow.", Answer: "The search finds a ticket in two seconds."},
			german: promises.Text{Said: "Sie haben zugehört, aber die Suche ist immer noch langsam.", Answer: "Die Suche findet ein Ticket in zwei Sekunden."},
			steps:  []step{{state: promises.Open, day: -15, due: 9}}},
		{owner: Lead, from: promises.Source{Kind: promises.Item, Ref: "informs", Words: "IT tells us early enough when something will change."},
			said:   promises.Text{Said: "We hear of changes once they are decided.", Answer: "Each change has a page that says what is still open, from the day it is proposed."},
			german: promises.Text{Said: "Wir hören von Änderungen erst, wenn sie beschlossen sind.", Answer: "Jede Änderung hat eine Seite, die ab dem ersten Vorschlag sagt, was noch offen ist."},
			steps:  []step{{state: promises.Kept, day: -20}}},
		{to: []string{marketing}, owner: mira, change: laptops,
			said:   promises.Text{Said: "Let us keep our own design computers.", Answer: "We would have to look after two kinds of computers, and cannot keep both safe. The new laptops run your programs; we tried them with two of you."},
			german: promises.Text{Said: "Lassen Sie uns unsere eigenen Design-Rechner.", Answer: "Dann müssten wir zwei Arten von Rechnern betreuen und könnten nicht beide sicher halten. Auf den neuen Laptops laufen Ihre Programme; wir haben es mit zwei von Ihnen ausprobiert."},
			steps:  []step{{state: promises.Declined, day: -13}}},
		{to: []string{sales, operations}, owner: Lead, change: laptops, from: promises.Source{Kind: promises.Visit, Ref: sales},
			said:   promises.Text{Said: "Quarter's end is the worst time to change anything.", Answer: "You choose the week of your laptops yourselves, outside the end of the quarter."},
			german: promises.Text{Said: "Das Ende des Quartals ist die schlechteste Zeit für jede Änderung.", Answer: "Sie wählen die Woche für Ihre Laptops selbst, außerhalb des Quartalsendes."},
			steps:  []step{{state: promises.Open, day: -8, due: 17}}},
	}
}

// promise stores what was promised and what became of it. The answers are there already: one promise comes from a theme
// of their comments.
func (d Deps) promise(ctx context.Context, org *organisation, runs []run) error {
	if err := d.tagForms(ctx, org, runs); err != nil {
		return err
	}
	about, err := d.changesByName(ctx)
	if err != nil {
		return err
	}
	made, err := visits.List(ctx, d.Store)
	if err != nil {
		return err
	}
	for _, w := range words() {
		p := promises.Promise{Text: w.said, Language: "en", Source: w.from, Owner: w.owner, Everybody: len(w.to) == 0, Change: about[w.change], Shown: true}
		for _, name := range w.to {
			p.Departments = append(p.Departments, org.named(name))
		}
		if p.Source.Kind == promises.Visit {
			p.Source = lastVisit(made, org.named(w.from.Ref), w.from.Ref, d.dayOf(w.steps[0]))
		}
		if err := d.give(ctx, p, w); err != nil {
			return err
		}
	}
	return nil
}

func (d Deps) give(ctx context.Context, p promises.Promise, w word) error {
	for i, s := range w.steps {
		on := d.dayOf(s)
		stamp := surveys.Stamp{By: "mira.kaur@example.org", At: on.Time().Add(9 * time.Hour)}
		if stamp.At.After(d.Now) {
			stamp.At = d.Now
		}
		entry := promises.Entry{State: s.state, On: on, Note: s.note}
		if s.state == promises.Open {
			entry.Due = on.Plus(s.due)
		}
		var err error
		if i == 0 {
			if p, err = promises.Make(ctx, d.Store, p, entry, stamp, on); err == nil {
				p, err = promises.Translate(ctx, d.Store, p.ID, p.Version, "de", w.german, stamp)
			}
		} else {
			p, err = promises.Step(ctx, d.Store, p.ID, p.Version, entry, stamp, on)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (d Deps) dayOf(s step) surveys.Day {
	if s.quarter > 0 {
		return surveys.DayOf(quarterBegins(d.Now, s.quarter).AddDate(0, 0, s.day), time.UTC)
	}
	return surveys.DayOf(d.Now, time.UTC).Plus(s.day)
}

// lastVisit is the visit to a department from which something promised on a day came.
func lastVisit(list []visits.Visit, department surveys.DepartmentID, name string, on surveys.Day) (source promises.Source) {
	for _, v := range list {
		if v.Department == department && v.State == visits.Done && v.Day <= on {
			source = promises.Source{Kind: promises.Visit, Ref: v.UID, Words: name + ", " + string(v.Day)}
		}
	}
	return source
}

func (d Deps) changesByName(ctx context.Context) (map[string]changes.ID, error) {
	list, err := changes.List(ctx, d.Store)
	about := map[string]changes.ID{}
	for _, change := range list {
		about[change.Name] = change.ID
	}
	return about, err
}

// tagForms puts the theme on what Customer Service wrote about the fields of the form.
func (d Deps) tagForms(ctx context.Context, org *organisation, runs []run) error {
	department := org.named(customerService)
	return d.Store.Transact(ctx, "demo: tags", func(tx *store.Tx) error {
		var found []surveys.ID
		for _, r := range runs {
			err := comments.Each(tx, r.wave, func(c surveys.Comment) error {
				if c.Department == department && strings.Contains(c.Text, "field") {
					found = append(found, c.ID)
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		for _, id := range found {
			if _, err := comments.AddTag(tx, id, formTheme); err != nil {
				return err
			}
		}
		return nil
	})
}
