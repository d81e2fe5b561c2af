package week

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/champions"
	"soundings/surveys/changes"
	"soundings/surveys/ideas"
	"soundings/surveys/promises"
	"soundings/surveys/store"
	"soundings/surveys/visits"
	"soundings/surveys/waves"
)

// Person is whose week it is, and what they may see and do.
type Person struct {
	Email     string
	Sees      func(surveys.DepartmentID) bool
	Limited   bool   // to some departments
	Converses bool   // replies to ideas, and knows champions by name
	RunsWaves bool   // opens and closes them
	Language  string // in which titles are read where they are translated
}

// owns reports whether something is theirs: owners are addresses, or names, which are nobody's account.
func (p Person) owns(owner string) bool { return strings.EqualFold(owner, p.Email) }

// concerned reports whether one of the departments is theirs to see.
func (p Person) concerned(everybody bool, departments []surveys.DepartmentID) bool {
	return everybody || slices.ContainsFunc(departments, p.Sees)
}

// gathering puts a week together.
type gathering struct {
	Person
	store   *store.Store
	catalog *catalog.Catalog
	today   surveys.Day
	changes []changes.Change // that concern somebody they see
	week    Week
}

// Gather lists what somebody has before them, on a day of the organisation's calendar.
func Gather(ctx context.Context, s *store.Store, known *catalog.Catalog, p Person, today surveys.Day) (Week, error) {
	g := &gathering{Person: p, store: s, catalog: known, today: today, week: Week{Monday: MondayOf(today)}}
	var err error
	if g.changes, err = changes.List(ctx, s); err != nil {
		return Week{}, err
	}
	g.changes = slices.DeleteFunc(g.changes, func(c changes.Change) bool { return !p.concerned(c.Everybody, c.Departments) })
	for _, gather := range []func(context.Context) error{g.visits, g.promises, g.ideas, g.champions, g.waves} {
		if err := gather(ctx); err != nil {
			return Week{}, err
		}
	}
	for _, part := range []*[]Item{&g.week.Overdue, &g.week.This, &g.week.Next, &g.week.Undated} {
		slices.SortStableFunc(*part, func(a, b Item) int {
			return cmp.Or(cmp.Compare(a.sortDay(), b.sortDay()), cmp.Compare(a.Start, b.Start))
		})
	}
	return g.week, nil
}

// sortDay puts what waits for a word after what has a day.
func (i Item) sortDay() surveys.Day {
	if i.Awaits() {
		return "9" + i.Day
	}
	return i.Day
}

// Awaits reports whether its day is the one since when it waits, and not one on which it is due.
func (i Item) Awaits() bool {
	return slices.Contains([]Kind{Unseen, Idea, Reported, Silent}, i.Kind)
}

// add puts something where it belongs. What is due later than next week is left for then.
func (g *gathering) add(i Item) {
	switch sunday := g.week.Sunday(); {
	case i.Day == "":
		g.week.Undated = append(g.week.Undated, i)
	case i.Awaits():
		g.week.This = append(g.week.This, i)
	case i.Day < g.today:
		g.week.Overdue = append(g.week.Overdue, i)
	case i.Day <= sunday:
		g.week.This = append(g.week.This, i)
	case i.Day <= sunday.Plus(7):
		g.week.Next = append(g.week.Next, i)
	}
}

func (g *gathering) visits(ctx context.Context) error {
	list, err := visits.Of(ctx, g.store, g.Email, g.today.Plus(-unreportedDays))
	if err != nil {
		return err
	}
	for i := range list {
		v := &list[i]
		if !g.Sees(v.Department) {
			continue
		}
		item := Item{Kind: Visit, ID: int64(v.ID), Title: strings.Join(strings.Fields(v.Purpose), " "), Departments: []surveys.DepartmentID{v.Department}, Day: v.Day, Start: v.Start}
		if v.Missed(g.today) {
			item.Kind = Report
		}
		if v.State == visits.Planned && v.With(g.Email) && v.Day >= g.today.Plus(-unreportedDays) {
			g.add(item)
		}
		for _, f := range v.FollowUps {
			if f.Open() && g.owns(f.Owner) {
				g.add(Item{Kind: FollowUp, ID: int64(v.ID), Number: f.Number, Title: f.Text, Departments: item.Departments, Day: f.Due})
			}
		}
	}
	return nil
}

func (g *gathering) promises(ctx context.Context) error {
	list, err := promises.List(ctx, g.store)
	if err != nil {
		return err
	}
	for i := range list {
		p := &list[i]
		now := p.Now()
		if now.State != promises.Open || !g.owns(p.Owner) || !g.concerned(p.Everybody, p.Departments) {
			continue
		}
		text, lang := p.In(g.Language)
		g.add(Item{Kind: Promise, ID: int64(p.ID), Title: text.Answer, Lang: lang, Departments: g.seen(p.Departments), Everybody: p.Everybody, Day: now.Due})
	}
	return nil
}

// seen are those of the departments that they may see.
func (g *gathering) seen(all []surveys.DepartmentID) (some []surveys.DepartmentID) {
	for _, d := range all {
		if g.Sees(d) {
			some = append(some, d)
		}
	}
	return some
}

// ideas have no owner: they wait for whoever may reply to them. Somebody limited to departments may to those of theirs.
func (g *gathering) ideas(ctx context.Context) error {
	if !g.Converses {
		return nil
	}
	list, err := ideas.List(ctx, g.store)
	if err != nil {
		return err
	}
	for i := range list {
		one := &list[i]
		if !one.Open() || g.Limited && (one.Department == 0 || !g.Sees(one.Department)) {
			continue
		}
		item := Item{Kind: Idea, ID: int64(one.ID), Title: one.Title, Lang: one.Language, Day: one.On}
		if one.Place == ideas.Waiting {
			item.Kind = Unseen
		}
		if one.Department != 0 {
			item.Departments = []surveys.DepartmentID{one.Department}
		}
		g.add(item)
	}
	return nil
}

// champions wait for an answer to what they reported about a change of this person, or one that no account owns, and for
// a word from anybody when there was none for long.
func (g *gathering) champions(ctx context.Context) error {
	if !g.Converses {
		return nil
	}
	everyone, err := champions.List(ctx, g.store)
	if err != nil {
		return err
	}
	reports, err := champions.Reports(ctx, g.store)
	if err != nil {
		return err
	}
	for i := range everyone {
		c := &everyone[i]
		if !c.Active() || !g.Sees(c.Department) {
			continue
		}
		item := Item{ID: int64(c.ID), Title: c.Name, Departments: []surveys.DepartmentID{c.Department}}
		at := slices.IndexFunc(reports, func(r champions.Report) bool { return r.Champion == c.ID && g.answers(r) })
		switch {
		case at >= 0 && reports[at].Day >= c.LastContact && reports[at].Day > g.today.Plus(-ReportedDays):
			item.Kind, item.Day = Reported, reports[at].Day
		case c.Silent(g.today):
			item.Kind, item.Day = Silent, max(c.LastContact, c.Since)
		default:
			continue
		}
		g.add(item)
	}
	return nil
}

// answers reports whether a report is for this person to answer.
func (g *gathering) answers(r champions.Report) bool {
	at := slices.IndexFunc(g.changes, func(c changes.Change) bool { return c.ID == r.Change })
	return at < 0 || g.owns(g.changes[at].Owner) || !strings.Contains(g.changes[at].Owner, "@")
}

// waves that open or close are for whoever runs them, and for the owner of the change that they ask about.
func (g *gathering) waves(ctx context.Context) error {
	zone, err := waves.Zone(g.store.Read(ctx))
	if err != nil {
		return err
	}
	open, err := waves.InState(ctx, g.store, surveys.Open)
	if err != nil {
		return err
	}
	all, err := waves.TermsOfAll(g.store.Read(ctx), open)
	if err != nil {
		return err
	}
	for _, w := range open {
		terms := all[w.ID]
		if terms.Closes.IsZero() {
			continue
		}
		q, err := g.catalog.Questionnaire(ctx, w.Questionnaire)
		if err != nil {
			return err
		}
		item := Item{Kind: Closing, ID: int64(w.ID), Title: w.Label, Day: surveys.DayOf(terms.Closes, zone)}
		g.wave(item, q.Document, terms.Departments)
	}
	plans, err := waves.Plans(ctx, g.store, waves.Scheduled)
	if err != nil {
		return err
	}
	for _, p := range plans {
		q, err := g.catalog.Newest(ctx, p.Survey)
		if err != nil {
			return err
		}
		item := Item{Kind: Opening, ID: int64(p.ID), Title: p.Label, Day: surveys.Day(p.Next.Date())}
		g.wave(item, q.Document, p.Departments)
	}
	return nil
}

func (g *gathering) wave(item Item, doc *surveys.Document, departments []surveys.DepartmentID) {
	mine := func(c changes.Change) bool {
		stage := c.Now().Stage
		return c.Name == doc.Change && g.owns(c.Owner) && (stage == changes.Asking || stage == changes.Deciding)
	}
	item.Everybody = len(departments) == 0
	if !g.concerned(item.Everybody, departments) || !g.RunsWaves && !slices.ContainsFunc(g.changes, mine) || item.Day < g.today {
		return
	}
	if item.Title == "" {
		item.Title, item.Lang = doc.TitleIn(g.Language)
	}
	item.Departments = g.seen(departments)
	g.add(item)
}
