package web

import (
	"context"
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/week"
)

// weekPage is what somebody has before them.
type weekPage struct {
	frame
	Headline string
	Lead     string
	None     bool // nothing waits at all
	Parts    []weekPart
	Waiting  []waitingLine // what waits for them beside, as on the overview
	Mails    bool          // they get it by e-mail
}

// weekPart is one part of the week: what is overdue, this week's, next week's.
type weekPart struct {
	ID, Title, Sub string
	Lines          []weekLine
}

// weekLine is one thing that waits.
type weekLine struct {
	Text, Lang string
	Href       string // where it is done
	What       string // what kind of thing it is, and for which department
	When       string
	Late       bool
	Tick       string // where it is ticked off; "" where it cannot be
}

// weekKindMost is how many things of one kind that have no day of their own are named; of more the list of them is.
const weekKindMost = 3

// weekOf gathers the week of an account, with the titles in a language.
func (s *Server) weekOf(ctx context.Context, u accounts.User, language string) (week.Week, surveys.Day, error) {
	today, err := s.today(ctx)
	if err != nil {
		return week.Week{}, "", err
	}
	w, err := week.Gather(ctx, s.Store, s.Catalog, week.Person{Email: u.Email, Sees: u.Sees, Limited: u.Limited, Converses: u.Role.May(accounts.Converse),
		RunsWaves: u.Role.May(accounts.RunWaves), Language: language}, today)
	return w, today, err
}

func (s *Server) showWeek(c *fiber.Ctx) error {
	b, err := s.waveBook(c, "week_title")
	if err != nil {
		return err
	}
	b.frame.Here = "week"
	w, today, err := s.weekOf(c.UserContext(), b.frame.User, b.Spoken)
	if err != nil {
		return err
	}
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return err
	}
	page := weekPage{frame: b.frame, None: w.Empty(), Headline: b.weekHeadline(&w), Lead: b.weekLead(&w)}
	page.Parts = b.weekParts(&w, weekWriter{&b.phrases, b.frame.User, names, today, false})
	if page.Waiting, err = b.waiting(c); err != nil {
		return err
	}
	if page.Mails, err = week.Wanted(c.UserContext(), s.Store, int64(b.frame.User.ID)); err != nil {
		return err
	}
	return s.finish(c, "staff/week", &b.phrases, page)
}

// weekHeadline says what the week has, in a sentence.
func (p *phrases) weekHeadline(w *week.Week) string {
	things := p.weekThings(w.This)
	switch {
	case w.Empty():
		return p.say("week_none")
	case len(things) > 0:
		return p.say("week_headline", "Things", p.both(things))
	case len(w.Overdue) > 0:
		return p.count("week_headline_late", len(w.Overdue))
	}
	return p.say("week_headline_free")
}

// weekThings counts what is in a list, by kind.
func (p *phrases) weekThings(list []week.Item) (things []string) {
	for _, kind := range []struct {
		key   string
		kinds []week.Kind
	}{
		{"week_n_visits", []week.Kind{week.Visit, week.Report}}, {"week_n_followups", []week.Kind{week.FollowUp}}, {"week_n_promises", []week.Kind{week.Promise}},
		{"week_n_ideas", []week.Kind{week.Idea, week.Unseen}}, {"week_n_champions", []week.Kind{week.Reported, week.Silent}}, {"week_n_waves", []week.Kind{week.Opening, week.Closing}},
	} {
		if n := week.Count(list, kind.kinds...); n > 0 {
			things = append(things, p.count(kind.key, n))
		}
	}
	return things
}

// weekLead says what the headline leaves out: what is overdue.
func (p *phrases) weekLead(w *week.Week) string {
	switch {
	case w.Empty():
		return p.say("week_none_lead")
	case len(w.Overdue) == 0:
		return p.say("week_lead_none_late")
	}
	return p.say("week_lead_late", "Things", p.both(p.weekThings(w.Overdue)))
}

// weekParts are the parts that have something.
func (p *phrases) weekParts(w *week.Week, writer weekWriter) (parts []weekPart) {
	span := func(monday surveys.Day) string {
		return p.say("week_span", "From", p.dayOfMonth(monday), "To", p.dayOfMonth(monday.Plus(6)))
	}
	for _, part := range []struct {
		id, sub string
		items   []week.Item
	}{
		{"overdue", "", w.Overdue}, {"this", span(w.Monday), w.This}, {"next", span(w.Monday.Plus(7)), w.Next}, {"undated", "", w.Undated},
	} {
		if len(part.items) > 0 {
			parts = append(parts, weekPart{part.id, p.say("week_part_" + part.id), part.sub, writer.lines(part.items, part.id == "overdue")})
		}
	}
	return parts
}

// weekWriter writes the lines of a week, for its page or for a message.
type weekWriter struct {
	*phrases
	user   accounts.User
	names  map[surveys.DepartmentID]string
	today  surveys.Day
	mailed bool // it leaves the house: nobody is named, and nothing that nobody has looked at yet
}

// lines writes items; of many that have no day of their own it says how many there are.
func (w weekWriter) lines(items []week.Item, late bool) (lines []weekLine) {
	var folded []weekLine
	for _, kind := range []struct {
		kind      week.Kind
		key, href string
	}{{week.Silent, "week_all_silent", "/champions"}, {week.Idea, "week_all_ideas", "/ideas?status=new"}, {week.Unseen, "week_all_unseen", "/ideas?status=" + listWaiting}} {
		if n := week.Count(items, kind.kind); n > weekKindMost {
			items = slices.DeleteFunc(slices.Clone(items), func(i week.Item) bool { return i.Kind == kind.kind })
			folded = append(folded, weekLine{Text: w.count(kind.key, n), Href: kind.href})
		}
	}
	for _, i := range items {
		lines = append(lines, w.line(i, late))
	}
	return append(lines, folded...)
}

func (w weekWriter) line(i week.Item, late bool) weekLine {
	line := weekLine{Text: i.Title, Lang: i.Lang, Href: w.address(i), When: w.when(i, late), Late: late, What: w.say("week_" + string(i.Kind))}
	if to := w.departments(i); to != "" {
		line.What = w.say("week_what", "What", line.What, "Department", to)
	}
	if w.mailed && (i.Kind == week.Unseen || i.Kind == week.Reported || i.Kind == week.Silent) {
		line.Text, line.Lang = w.say("week_mailed_"+string(i.Kind)), ""
	}
	if i.Kind == week.FollowUp && w.user.Role.May(accounts.Converse) {
		line.Tick = fmt.Sprintf("/visits/%d/followups/%d", i.ID, i.Number)
	}
	return line
}

// departments names those that an item is about.
func (w weekWriter) departments(i week.Item) string {
	if i.Everybody {
		return w.say("changes_everybody")
	}
	var list []string
	for _, d := range i.Departments {
		list = append(list, w.names[d])
	}
	slices.Sort(list)
	return w.both(list)
}

// when says the day of an item, or for how long it has waited.
func (w weekWriter) when(i week.Item, late bool) string {
	switch day := i.Day.Time(); {
	case i.Day == "":
		return ""
	case i.Awaits():
		return w.count("week_waits", w.today.Since(i.Day))
	case late:
		return w.say("week_since", "Date", w.date(day))
	case i.Start != "":
		return w.say("week_at", "Weekday", w.say("weekday_"+idText(int64(day.Weekday()))), "Date", w.dayOfMonth(i.Day), "Time", i.Start)
	default:
		return w.say("week_on", "Weekday", w.say("weekday_"+idText(int64(day.Weekday()))), "Date", w.dayOfMonth(i.Day))
	}
}

// address is where an item is done, or read by those who may not do it.
func (w weekWriter) address(i week.Item) string {
	id := idText(i.ID)
	switch i.Kind {
	case week.Report:
		if w.user.Role.May(accounts.Converse) {
			return "/visits/" + id + "/report"
		}
		return "/visits/" + id
	case week.FollowUp:
		return "/visits/" + id + "#followups"
	case week.Promise:
		return "/promises/" + id
	case week.Unseen, week.Idea:
		return "/ideas/" + id
	case week.Reported, week.Silent:
		return "/champions/" + id
	case week.Opening:
		if w.user.Role.May(accounts.RunWaves) {
			return "/waves/plans/" + id + "/check"
		}
		return "/waves"
	case week.Closing:
		return "/waves/" + id
	}
	return "/visits/" + id
}

// waitingWeek is the line about somebody's week among what waits for them.
func (b *waveBook) waitingWeek(c *fiber.Ctx) ([]waitingLine, error) {
	w, _, err := b.server.weekOf(c.UserContext(), b.frame.User, b.Spoken)
	if err != nil || len(w.Overdue)+len(w.This)+len(w.Undated) == 0 {
		return nil, err
	}
	line := waitingLine{b.weekHeadline(&w), "/week"}
	if len(w.Overdue) > 0 && len(w.This) > 0 {
		line.Text = b.count("week_with_late", len(w.Overdue), "Week", line.Text)
	}
	return []waitingLine{line}, nil
}
