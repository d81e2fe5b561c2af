package demo

import (
	"context"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/pitches"
)

// pitch is how a change of the story is put to a department ("": everyone), or to a band within it.
type pitch struct {
	change     string
	department string
	band       int // from 1; 0: all of the department
	quarter    int // it was written when this one began
	text       string
	german     string
}

// wordings are the pitches of the story. The one for Customer Service came too late: they had been told what everyone was.
func wordings() []pitch {
	return []pitch{
		{change: ticketing, quarter: 0, text: "One form instead of mail, telephone and paper: **nothing gets lost**, and you can see at any time what becomes of your request.",
			german: "Ein Formular statt Mail, Telefon und Papier: **Nichts geht verloren**, und Sie sehen jederzeit, was aus Ihrer Anfrage wird."},
		{change: ticketing, department: finance, quarter: 1, text: "During the closing, requests of Finance come first, and nobody has to call to make sure. Outside the closing you wait no longer than today."},
		{change: ticketing, department: customerService, quarter: goLive + 1, text: "The form asked you for things your callers do not know. That was our mistake. **Four fields are gone**, and the search finds tickets by telephone number.\n\nWhat else costs you time? The last question is for that.",
			german: "Das Formular hat Sie nach Dingen gefragt, die Ihre Anrufer nicht wissen. Das war unser Fehler. **Vier Felder sind weg**, und die Suche findet Tickets nach Telefonnummer.\n\nWas kostet Sie noch Zeit? Dafür ist die letzte Frage da."},
		{change: laptops, quarter: laptopsAsked, text: "You keep your desk, your screen and your files; one cable connects everything. **When** it is your turn and **how** you are shown is for your department to decide.",
			german: "Ihr Schreibtisch, Ihr Bildschirm und Ihre Dateien bleiben; ein Kabel verbindet alles. **Wann** Sie an der Reihe sind und **wie** Sie es gezeigt bekommen, entscheidet Ihre Abteilung."},
		{change: laptops, department: finance, quarter: laptopsAsked, text: "No exchange between the 25th and the 5th. The old computer stays beside the new one for one whole closing, and you say when it may go."},
		{change: laptops, department: legal, quarter: laptopsAsked, text: "Nothing leaves the house unencrypted: the certificate of the disk encryption comes before the first laptop. Legal may go last."},
		{change: laptops, department: customerService, quarter: laptopsAsked, text: "Last time you were not asked. This time nothing is decided before you have answered: neither the week nor the way you are shown."},
		{change: laptops, department: customerService, band: 3, quarter: laptopsAsked, text: "You know which weeks your hotline cannot spare anybody. Name them here, and the plan goes around them."},
	}
}

// put stores how the changes are put, after they are proposed.
func (d Deps) put(ctx context.Context, org *organisation) error {
	for _, w := range wordings() {
		change, err := changes.ByName(ctx, d.Store, w.change)
		if err != nil {
			return err
		}
		p := pitches.Pitch{Change: change.ID, Text: w.text, Language: "en"}
		if w.department != "" {
			p.Department = org.named(w.department)
		}
		if w.band > 0 {
			p.Band = org.bands[w.band-1]
		}
		if w.german != "" {
			p.Translations = map[string]pitches.Translation{"de": {Text: w.german}}
		}
		stamp := surveys.Stamp{By: planner, At: quarterBegins(d.Now, w.quarter).AddDate(0, 0, 12)}
		if _, err := pitches.Save(ctx, d.Store, p, stamp); err != nil {
			return err
		}
	}
	return nil
}
