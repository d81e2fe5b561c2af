package demo

import (
	"context"
	"time"

	"soundings/surveys"
	"soundings/surveys/champions"
	"soundings/surveys/changes"
)

// carry stores the champions of the story, one of whom has withdrawn, and what two reported back. Their days are counted from today.
func (d Deps) carry(ctx context.Context, org *organisation) error {
	today := surveys.DayOf(d.Now, time.UTC)
	list, err := changes.List(ctx, d.Store)
	if err != nil {
		return err
	}
	about := map[string]changes.ID{"": 0}
	for _, change := range list {
		about[change.Name] = change.ID
	}
	for _, c := range []struct {
		department, name, email, language string
		topics                            []string
		since, contact                    int
		report, change                    string
		withdrawn                         bool
	}{
		{department: finance, name: "Henrik Maas", email: "henrik.maas@example.org", language: "de", topics: []string{"Abschluss", "Spesen"}, since: -410, contact: -9,
			report: "Der Kalender für den Jahresabschluss hat sich herumgesprochen. Zwei Teams fragen, ob er auch für sie gilt."},
		{department: customerService, name: "Noor Haddad", email: "noor.haddad@example.org", language: "en", topics: []string{"tickets", "hotline"}, since: -300, contact: -17,
			report: "People would take the laptops, but nobody wants another change before the new year.", change: laptops},
		{department: operations, name: "Tomasz Wrona", email: "tomasz.wrona@example.org", language: "pl", topics: []string{"shared desks"}, since: -220, contact: -24},
		{department: marketing, name: "Elena Rossi", email: "elena.rossi@example.org", language: "en", topics: []string{"film", "storage"}, since: -160, contact: -118},
		{department: sales, name: "Grace Mensah", email: "grace.mensah@example.org", language: "en", since: -80, contact: -31},
		{department: purchasing, name: "A former champion", email: "former@example.org", language: "en", since: -350, withdrawn: true},
	} {
		made, err := champions.Add(ctx, d.Store, d.Secret, champions.Champion{Department: org.named(c.department), Name: c.name, Email: c.email, Language: c.language,
			Topics: c.topics, Since: today.Plus(c.since), Consent: champions.Consent{By: "mira.kaur@example.org", On: today.Plus(c.since), How: "In a visit to the department",
				Wording: "Yes, you may write to me and name me as your contact."}}, false, today)
		if err == nil && c.contact != 0 {
			_, err = champions.Contact(ctx, d.Store, made.ID, today.Plus(c.contact), today)
		}
		if err == nil && c.report != "" {
			err = champions.Tells(ctx, d.Store, made.ID, about[c.change], c.report, max(today.Plus(c.contact), made.Since))
		}
		if err == nil && c.withdrawn {
			err = champions.Withdraw(ctx, d.Store, made.ID, today.Plus(-40))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
