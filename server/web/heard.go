package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/promises"
)

// heardPage is what departments said and what IT answered, for anybody in the organisation to read.
type heardPage struct {
	respondentFrame
	Departments []optionView
	Groups      []heardGroup
	Decided     []decidedView
}

// heardGroup are the promises in one state, the newest first.
type heardGroup struct {
	ID    string
	Title string
	Lines []heardLine
}

// heardLine is one promise, in the reader's language if it is there.
type heardLine struct {
	Said, Answer string
	Words        writing
	To           string // the departments to which it was made
	Label        string // what IT says it did or will do
	When         string
	Note         string // how it was kept, or why not
	NoteWords    writing
	// On the form of a survey:
	All bool   // it stands there before somebody has chosen their department
	Own string // ids of the departments whose survey opens with it, with spaces between
}

// showHeard is GET /heard.
func (s *Server) showHeard(c *fiber.Ctx) error {
	made := s.boards.load(c.UserContext())
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	lang := s.words.all.choose(wishOf(c, nil))
	p := &phrases{speech: s.words.in(lang)}
	page := heardPage{respondentFrame: respondentFrame{speech: p.speech, Organisation: s.house().Name, Title: p.say("heard_title"), Current: nameOf(lang)}}
	var chosen surveys.DepartmentID
	if id, err := strconv.ParseInt(c.Query("department"), 10, 64); err == nil && slices.ContainsFunc(made.departments, func(d surveys.Department) bool { return int64(d.ID) == id && !d.Archived }) {
		chosen = surveys.DepartmentID(id)
	}
	for _, name := range s.words.names {
		query := url.Values{"lang": {name}}
		if chosen != 0 {
			query.Set("department", idText(int64(chosen)))
		}
		page.Switch = append(page.Switch, languageLink{Lang: name, Name: nameOf(name), Href: "?" + query.Encode(), Current: name == lang})
	}
	for _, d := range made.departments {
		if !d.Archived {
			page.Departments = append(page.Departments, optionView{Value: idText(int64(d.ID)), Text: d.Name, Chosen: d.ID == chosen})
		}
	}
	page.Groups = p.heardGroups(made, chosen, today)
	if page.Decided, err = s.decidedEverywhere(c.UserContext(), p, chosen); err != nil {
		return err
	}
	if chosen == 0 && len(page.Groups)+len(page.Decided) == 0 {
		page.Departments = nil // there is nothing to choose from
	}
	return s.finish(c, "answer/heard", p, page)
}

// heardGroups groups what is shown by state: what was done first.
func (p *phrases) heardGroups(made *board, chosen surveys.DepartmentID, today surveys.Day) (groups []heardGroup) {
	for _, state := range []promises.State{promises.Kept, promises.Open, promises.Declined, promises.Broken} {
		group := heardGroup{ID: string(state), Title: p.say("heard_" + string(state))}
		var some []*promises.Promise
		for i := range made.list {
			if one := &made.list[i]; one.Now().State == state && (chosen == 0 || one.Concerns(chosen)) {
				some = append(some, one)
			}
		}
		slices.SortStableFunc(some, func(a, b *promises.Promise) int {
			return cmp.Or(cmp.Compare(b.Now().On, a.Now().On), cmp.Compare(b.ID, a.ID))
		})
		for _, one := range some {
			group.Lines = append(group.Lines, p.heardLine(one, made.departments, today))
		}
		if len(some) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

func (p *phrases) heardLine(one *promises.Promise, departments []surveys.Department, today surveys.Day) heardLine {
	text, lang := one.In(p.Lang)
	now := one.Now()
	line := heardLine{Said: text.Said, Answer: text.Answer, Words: writingOf(lang), Label: p.say("heard_" + string(now.State)), Note: now.Note, NoteWords: writingOf(one.Language)}
	switch {
	case one.Overdue(today):
		line.When = p.say("heard_late", "Date", p.date(now.Due.Time()))
	case now.State == promises.Open:
		line.When = p.say("heard_by", "Date", p.date(now.Due.Time()))
	default:
		line.When = p.date(now.On.Time())
	}
	if one.Everybody {
		line.To = p.say("heard_everybody")
		return line
	}
	var names []string
	for _, d := range departments {
		if one.Concerns(d.ID) {
			names = append(names, d.Name)
		}
	}
	line.To = strings.Join(names, p.say("list_comma"))
	return line
}

// openingOf puts what a survey opens with into the language of its form; nil where that is nothing.
func (s *Server) openingOf(o *opening, lang string, today surveys.Day) (*openingView, error) {
	if len(o.lines) == 0 {
		return nil, nil
	}
	p := &phrases{speech: s.words.in(lang)}
	view := &openingView{Hidden: true}
	for _, one := range o.lines {
		line := p.heardLine(one.promise, nil, today)
		var own []string
		for _, d := range one.own {
			own = append(own, idText(int64(d)))
		}
		line.All, line.Own = one.all, strings.Join(own, " ")
		view.Lines, view.Hidden = append(view.Lines, line), view.Hidden && !one.all
	}
	return view, p.err
}

// openingView stands before the first question.
type openingView struct {
	Hidden bool // there is nothing before somebody has chosen their department
	Lines  []heardLine
}
