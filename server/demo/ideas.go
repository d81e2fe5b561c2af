package demo

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/ideas"
	"soundings/surveys/settings"
	"soundings/surveys/store"
)

// suggestion is an idea of the story, with what became of it.
type suggestion struct {
	ideas.Suggestion
	from    string // name of a department; "" for none in particular
	at      moment
	likes   int
	replies []answerTo
	became  string // name of the change that it became part of
	when    moment // of that, after all replies
	into    string // title of the idea that it was merged into
}

// answerTo is a reply of IT.
type answerTo struct {
	status ideas.Status
	at     moment
	text   string
}

// moment is a day, counted from the day a quarter begins, or, in the quarter thisQuarter, backwards from today.
type moment struct{ quarter, day int }

const thisQuarter = -1

func (d Deps) day(m moment) time.Time {
	if m.quarter == thisQuarter {
		return d.Now.AddDate(0, 0, -m.day)
	}
	return quarterBegins(d.Now, m.quarter).AddDate(0, 0, m.day)
}

// suggestions are the ideas of the story, the oldest first.
func suggestions() []suggestion {
	idea := func(lang, title, text string) ideas.Suggestion {
		return ideas.Suggestion{Title: title, Text: text, Language: lang}
	}
	signed := func(s ideas.Suggestion, name string) ideas.Suggestion {
		s.Signed = name
		return s
	}
	return []suggestion{
		{Suggestion: idea("en", "No updates in the week of the closing", "Twice this year something was updated while we closed the books, and we stayed until midnight. Let us say ourselves which days must stay quiet."),
			from: finance, at: moment{1, 12}, likes: 23, became: expenseTool, when: moment{1, 30}, replies: []answerTo{
				{ideas.Considering, moment{1, 19}, "You are right, and we are sorry about the nights. We are looking at which updates can wait."}}},
		{Suggestion: idea("de", "Belege fotografieren statt sammeln", "Ich klebe Quittungen auf Papier, scanne das Papier und schicke den Scan. Ein Foto würde reichen."),
			from: finance, at: moment{1, 20}, likes: 17, became: expenseTool, when: moment{2, 60}, replies: []answerTo{
				{ideas.Planned, moment{1, 41}, "Das kommt zusammen mit dem Kalender für den Abschluss."}}},
		{Suggestion: idea("en", "Claim expenses with the phone", "On the road I have no scanner."), from: sales, at: moment{1, 33}, likes: 12, into: "Belege fotografieren statt sammeln"},
		{Suggestion: signed(idea("en", "Book meeting rooms on the phone", "Standing in front of a free room, I have to walk back to my desk to book it."), "Priya Nair"),
			from: marketing, at: moment{2, 24}, likes: 28, replies: []answerTo{
				{ideas.Planned, moment{2, 47}, "The door signs can do it; we only have to switch it on."},
				{ideas.Done, moment{3, 15}, "Scan the code on the door. It works for all rooms in buildings 1 to 4."}}},
		{Suggestion: idea("de", "Ein zweiter Ladeplatz für die Scanner in Halle 7", "Zum Schichtwechsel stehen wir an, weil nur zwölf laden können und dreißig gebraucht werden."),
			from: operations, at: moment{3, 9}, likes: 19, replies: []answerTo{
				{ideas.Done, moment{3, 52}, "Steht seit Montag neben Tor 4, mit Platz für zwanzig."}}},
		{Suggestion: idea("en", "A phone number that somebody answers at night", "At three in the morning the scanners stop and there is nobody to call."),
			from: operations, at: moment{4, 16}, likes: 41, replies: []answerTo{
				{ideas.Considering, moment{4, 38}, "We know. A duty roster costs two posts; we are asking for them with your number of supporters in hand."}}},
		{Suggestion: idea("en", "One password for all systems", "I have seven, and four of them end every ninety days."),
			at: moment{4, 55}, likes: 47, replies: []answerTo{
				{ideas.Considering, moment{5, 12}, "Five of the seven can share one sign-in. We are finding out what the other two would cost."}}},
		{Suggestion: signed(idea("en", "Films of one minute instead of manuals", "Nobody reads forty pages. Show one thing at a time."), "Anna Lindqvist"),
			from: humanResources, at: moment{5, 20}, likes: 14, replies: []answerTo{
				{ideas.Planned, moment{5, 44}, "Agreed. The first ten come with the laptops."}}},
		{Suggestion: idea("en", "Let us see the old tickets in the new system", "A customer calls about something of last year, and we look it up in two places while they wait."),
			from: customerService, at: moment{goLive, 30}, likes: 38, replies: []answerTo{
				{ideas.Planned, moment{goLive, 58}, "The last two years are copied over by the end of next quarter. Older ones stay where they are, for reading."}}},
		{Suggestion: idea("de", "Zwei Bildschirme für alle am Telefon", "Auf einem sehe ich entweder den Kunden oder das Ticket."),
			from: customerService, at: moment{6, 11}, likes: 26, replies: []answerTo{
				{ideas.Declined, moment{6, 33}, "Nicht jetzt: Mit den Laptops bekommt jeder Platz einen breiten Bildschirm, der beides zeigt. Zwei alte zu kaufen hieße, sie nach acht Monaten wegzuräumen."}}},
		{Suggestion: idea("en", "Laptops that can be locked to the desk", "Our files must not leave the room, and neither should the computer they are on."),
			from: legal, at: moment{6, 40}, likes: 5, replies: []answerTo{
				{ideas.Considering, moment{6, 61}, "A lock costs little. We will offer it when it is your turn."}}},
		{Suggestion: idea("en", "Switch the screens in the corridors off at night", ""),
			at: moment{7, 8}, likes: 31, replies: []answerTo{
				{ideas.Done, moment{7, 26}, "Done: they sleep from eight to six. That was a quick one, thank you."}}},
		{Suggestion: idea("en", "Tell us a week before a system is switched off", "We promise our suppliers answers by a day. A mail the evening before is too late."),
			from: purchasing, at: moment{thisQuarter, 9}, likes: 8},
		{Suggestion: idea("de", "Störungen melden, auch wo kein Netz ist", "Im Keller gibt es keinen Empfang. Die Meldung sollte warten und später von selbst hinausgehen."),
			from: facilities, at: moment{thisQuarter, 3}, likes: 3},
	}
}

// suggest opens the board and fills it. The supporters are browsers that nobody has.
func (d Deps) suggest(ctx context.Context, org *organisation) error {
	list, known := suggestions(), map[string]ideas.ID{}
	for _, s := range list {
		s.Department = org.named(s.from)
		made, err := ideas.Suggest(ctx, d.Store, s.Suggestion, ideas.Shown, surveys.DayOf(d.day(s.at), time.UTC))
		if err != nil {
			return err
		}
		known[s.Title] = made.ID
	}
	return d.Store.Transact(ctx, "demo: ideas", func(tx *store.Tx) error {
		if err := settings.SaveBoard(tx, settings.BoardOpen); err != nil {
			return err
		}
		for _, s := range list {
			if err := d.becomeOf(ctx, tx, s, known); err != nil {
				return err
			}
		}
		return nil
	})
}

// becomeOf lets an idea be supported, replied to, merged and adopted.
func (d Deps) becomeOf(ctx context.Context, tx *store.Tx, s suggestion, known map[string]ideas.ID) error {
	id := known[s.Title]
	for n := range s.likes {
		sum := sha256.Sum256(fmt.Appendf(nil, "browser %d of %s", n, s.Title))
		if err := ideas.SupportIn(tx, d.Secret, ideas.Browser(sum[:16]), id); err != nil {
			return err
		}
	}
	for i, r := range s.replies {
		at := d.day(r.at)
		reply := ideas.Reply{Status: r.status, Text: r.text, On: surveys.DayOf(at, time.UTC), Said: surveys.Stamp{By: "mira.kaur@example.org", At: at}}
		if err := ideas.AnswerIn(tx, id, i, reply); err != nil {
			return err
		}
	}
	if s.became != "" {
		return d.adopt(ctx, tx, s, id)
	}
	if s.into != "" {
		return ideas.Merge(tx, id, known[s.into])
	}
	return nil
}

// adopt makes an idea part of the change of the story.
func (d Deps) adopt(ctx context.Context, tx *store.Tx, s suggestion, id ideas.ID) error {
	change, err := changes.ByName(ctx, d.Store, s.became)
	if err != nil {
		return err
	}
	at := d.day(s.when)
	return ideas.Promoted(id, surveys.DayOf(at, time.UTC), surveys.Stamp{By: "mira.kaur@example.org", At: at})(tx, change.ID)
}
