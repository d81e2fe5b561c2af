package demo

import (
	"context"
	"time"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/decisions"
	"soundings/surveys/document"
	"soundings/surveys/library"
)

// choice is a decision that the laptops leave open, with what was decided.
type choice struct {
	decisions.Decision
	german   decisions.Text
	quarter  int // it was left open in this one
	outcomes []verdict
}

// verdict is an outcome; for all where it names no department.
type verdict struct {
	department string
	option     string
	quarter    int
	day        int
	reason     string
}

// The options of when it is whose turn: no window touches the end of a month, when Finance closes, or of the quarter.
const (
	early   = "early"
	halfway = "halfway"
	late    = "late"
)

// choices are the decisions of the story. The first two were asked with the first waves about the laptops; the last is
// asked now.
func choices(now time.Time) []choice {
	turn := quarterBegins(now, quarters+1)
	window := func(id string, from int) decisions.Option {
		first := surveys.DayOf(turn.AddDate(0, 0, from), time.UTC)
		return decisions.Option{ID: id, From: first, Until: first.Plus(11)}
	}
	return []choice{
		{Decision: decisions.Decision{Name: "laptops-when", Kind: decisions.When, Title: "When is it your department’s turn?", About: "On the day of the exchange you are without a computer for about an hour.",
			Options: []decisions.Option{window(early, 7), window(halfway, 38), window(late, 66)}},
			german:  decisions.Text{Title: "Wann ist Ihre Abteilung an der Reihe?", About: "Am Tag des Tauschs haben Sie ungefähr eine Stunde keinen Rechner."},
			quarter: laptopsAsked,
			outcomes: []verdict{
				{option: halfway, quarter: quarters - 1, day: 52, reason: "It is also when the supplier can send three technicians."},
				{department: finance, option: late, quarter: quarters - 1, day: 60, reason: "The closing comes first; the old computers stay beside the new ones until it is done."},
			}},
		{Decision: decisions.Decision{Name: "laptops-training", Kind: decisions.Training, Title: "How would you like to be shown what is new?",
			Options: []decisions.Option{{ID: "together", Text: "All together, for an hour"}, {ID: "groups", Text: "In groups of six"}, {ID: "desk", Text: "At your own desk"}}},
			german:  decisions.Text{Title: "Wie möchten Sie gezeigt bekommen, was neu ist?", Options: map[string]string{"together": "Alle gemeinsam, eine Stunde lang", "groups": "In Gruppen zu sechst", "desk": "Am eigenen Platz"}},
			quarter: laptopsAsked,
			outcomes: []verdict{{option: "groups", quarter: quarters - 1, day: 52,
				reason: "We are four, and more than 700 of you would each wait for weeks. In the groups everybody has a laptop in front of them, and for questions somebody comes to your desk the week after."}}},
		{Decision: decisions.Decision{Name: "laptops-pilot", Kind: decisions.Pilot, Title: "Should your department be among the first to try it?", About: "The first get their laptops six weeks before the others, and a telephone number of their own.",
			Options: []decisions.Option{{ID: "gladly", Text: "Yes, gladly"}, {ID: "rather-not", Text: "No"}, {ID: "afterwards", Text: "Later, when it is proven"}}},
			german: decisions.Text{Title: "Soll Ihre Abteilung es als eine der ersten ausprobieren?", About: "Die Ersten bekommen ihre Laptops sechs Wochen vor den anderen und eine eigene Telefonnummer.",
				Options: map[string]string{"gladly": "Ja, gern", "rather-not": "Nein", "afterwards": "Später, wenn es sich bewährt hat"}},
			quarter: quarters},
	}
}

// taste is what people choose where a decision is left to them: how often an option is chosen for each time that another
// with 1 is, and the option that the people of a department, by its name, choose above all.
type taste struct {
	weights map[string]float64
	own     map[string]string
}

// tastes are those of the story, by the id of the question.
func tastes() map[string]taste {
	asking := func(name string) string { return (&decisions.Decision{Name: name}).Question() }
	return map[string]taste{
		asking("laptops-when"):     {map[string]float64{early: 1, halfway: 3, late: 0.8}, map[string]string{finance: late}},
		asking("laptops-training"): {map[string]float64{"together": 0.6, "groups": 1.4, "desk": 2.6}, nil},
		asking("laptops-pilot"):    {map[string]float64{"gladly": 1.2, "rather-not": 0.5, "afterwards": 1}, nil},
	}
}

// decide picks one option of a decision. It draws from numbers of its own, so that everything else is answered as it would
// be without.
func (s *sheet) decide(reply *surveys.Reply, q *surveys.Question) {
	if s.tastes.Float64() < skipsQuestion {
		return
	}
	of, sum := s.author.tastes[q.ID], 0.0
	weight := func(o surveys.Option) float64 {
		if of.own[s.department.name] == o.ID {
			return 6
		}
		return of.weights[o.ID]
	}
	for _, o := range q.Options {
		sum += weight(o)
	}
	at := s.tastes.Float64() * sum
	for i, o := range q.Options {
		if at -= weight(o); at < 0 || i == len(q.Options)-1 {
			reply.Answers[q.ID] = surveys.Picked(o.ID)
			return
		}
	}
}

// aboutLaptops is the pulse about the laptops, with the decisions that are left open in a quarter before what people write.
func aboutLaptops(now time.Time, quarter int) ([]byte, error) {
	source, err := library.Open("change-pulse")
	if err != nil {
		return nil, err
	}
	doc, err := document.Parse(source)
	if err != nil {
		return nil, err
	}
	doc.Change = laptops
	for _, c := range choices(now) {
		if c.quarter != quarter {
			continue
		}
		q := surveys.Question{ID: c.Question(), Kind: surveys.Choice, Text: c.Title, Help: c.About}
		german := surveys.QuestionTranslation{Text: c.german.Title, Help: c.german.About, Options: map[string]string{}}
		for _, o := range c.Options {
			text, translated := o.Text, c.german.Options[o.ID]
			if o.From != "" {
				text = o.From.Time().Format("2 January") + " to " + o.Until.Time().Format("2 January 2006")
				translated = o.From.Time().Format("2.1.") + " bis " + o.Until.Time().Format("2.1.2006")
			}
			q.Options, german.Options[o.ID] = append(q.Options, surveys.Option{ID: o.ID, Text: text}), translated
		}
		doc.Questions = append(doc.Questions, q)
		doc.Translations["de"].Questions[q.ID] = german
	}
	return document.Format(doc)
}

// leaveOpen stores the decisions that the laptops leave to the departments, and what was decided after the first waves had
// asked.
func (d Deps) leaveOpen(ctx context.Context, org *organisation, plan plan) error {
	change, err := changes.ByName(ctx, d.Store, laptops)
	if err != nil {
		return err
	}
	for _, c := range choices(d.Now) {
		c.Change, c.Language, c.Everybody = change.ID, "en", true
		opened := plan.opened(c.quarter)
		stamp, day := surveys.Stamp{By: planner, At: opened}, surveys.DayOf(opened, time.UTC)
		made, err := decisions.Add(ctx, d.Store, c.Decision, stamp, day)
		if err == nil {
			made, err = decisions.Translate(ctx, d.Store, made.ID, made.Version, "de", c.german, stamp)
		}
		if err == nil {
			made, err = decisions.Ask(ctx, d.Store, made.ID, made.Version, "What do you think of this change?", stamp, day)
		}
		for _, v := range c.outcomes {
			if err != nil {
				break
			}
			at := quarterBegins(d.Now, v.quarter).AddDate(0, 0, v.day)
			e := decisions.Entry{Department: org.named(v.department), Option: v.option, Reason: v.reason, On: surveys.DayOf(at, time.UTC)}
			made, err = decisions.Decide(ctx, d.Store, made.ID, made.Version, e, surveys.Stamp{By: planner, At: at}, e.On)
		}
		if err != nil {
			return err
		}
	}
	return d.narrow(ctx, change)
}

// narrow says that only who goes first is still open, once the rest is decided.
func (d Deps) narrow(ctx context.Context, change changes.Change) error {
	at := quarterBegins(d.Now, quarters-1).AddDate(0, 0, 61)
	stamp, german := surveys.Stamp{By: planner, At: at}, change.Translations["de"].Text
	change.StillOpen, german.StillOpen = "- **Who** tries it first", "- **Wer** es zuerst ausprobiert"
	change, err := changes.Save(ctx, d.Store, change, stamp, surveys.DayOf(at, time.UTC))
	if err == nil {
		_, err = changes.Translate(ctx, d.Store, change.ID, change.Version, "de", german, stamp)
	}
	return err
}

// opened is when the pulse of a quarter was opened.
func (p *plan) opened(quarter int) time.Time {
	for _, r := range p.runs {
		if r.about == change && r.quarter == quarter {
			return r.opened
		}
	}
	return time.Time{}
}
