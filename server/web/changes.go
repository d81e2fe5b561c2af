package web

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/people"
	"soundings/surveys/waves"
)

// changesPage lists what IT proposes to change.
type changesPage struct {
	frame
	Headline string
	Lead     string
	Underway []changeLine
	Ended    []changeLine
	CanWrite bool
}

// changeLine is one change of the list.
type changeLine struct {
	ID          changes.ID
	Title       string
	Lang        string // of the title
	Stage       string
	Departments string
	Owner       string
	Credit      string // whose idea it was; "" where it was nobody's on the board
	Waits       string // what has to happen next
	Late        bool
}

// enquiry is what has been asked about a change.
type enquiry struct {
	Surveys []askedSurvey
	Open    bool // a wave about it is open
}

type askedSurvey struct {
	ID    surveys.SurveyID
	Title string
	Lang  string
	Waves []surveys.Wave
}

// mayRead reports whether somebody may read about a change: of those limited to departments, one whom it concerns.
func mayRead(u accounts.User, c *changes.Change) bool {
	return u.SeesSome(c.Everybody, c.Departments)
}

// mayWrite reports whether somebody may write a change: of those limited to departments, nobody whose words would reach
// others too.
func mayWrite(u accounts.User, c *changes.Change) bool {
	return u.Role.May(accounts.EditSurveys) && u.SeesAll(c.Everybody, c.Departments)
}

// changesFor lists the changes that somebody may read about.
func (s *Server) changesFor(ctx context.Context, u accounts.User) ([]changes.Change, error) {
	list, err := changes.List(ctx, s.Store)
	return slices.DeleteFunc(list, func(c changes.Change) bool { return !mayRead(u, &c) }), err
}

// today is the day that the organisation's calendar shows.
func (s *Server) today(ctx context.Context) (surveys.Day, error) {
	at, err := s.dated(ctx)
	return at.today, err
}

func (s *Server) showChanges(c *fiber.Ctx) error {
	f := s.frame(c, "changes_title", "changes")
	page := changesPage{frame: f, CanWrite: f.User.Role.May(accounts.EditSurveys)}
	p := &phrases{speech: f.speech}
	list, err := s.changesFor(c.UserContext(), f.User)
	if err != nil {
		return err
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	about, err := s.askedAbout(c.UserContext(), f.Lang)
	if err != nil {
		return err
	}
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return err
	}
	who, credits, err := s.suggesters(c.UserContext())
	if err != nil {
		return err
	}
	late := 0
	for i := range slices.Backward(list) { // the newest first
		change := &list[i]
		line := changeLine{ID: change.ID, Stage: p.stage(change.Now().Stage), Departments: p.concerned(change, names), Owner: change.Owner, Credit: p.credit(who[change.ID], credits[change.ID])}
		text, lang := change.In(p.Spoken)
		line.Title, line.Lang = text.Title, lang
		line.Waits, line.Late = p.waits(change, about[change.Name], today)
		if line.Late {
			late++
		}
		if change.Now().Stage.Ended() {
			page.Ended = append(page.Ended, line)
			continue
		}
		page.Underway = append(page.Underway, line)
	}
	page.Headline, page.Lead = p.changesHeadline(len(page.Underway), len(page.Ended), late), p.say("changes_lead")
	if p.err != nil {
		return p.err
	}
	return s.page(c, "staff/changes", page)
}

func (p *phrases) changesHeadline(underway, ended, late int) string {
	switch {
	case underway+ended == 0:
		return p.say("changes_none")
	case underway == 0:
		return p.say("changes_all_ended")
	case late == 0:
		return p.count("changes_underway", underway)
	}
	return p.say("changes_underway_late", "Underway", p.count("changes_underway", underway), "Late", p.count("changes_late", late))
}

func (s *Server) departmentNames(ctx context.Context) (map[surveys.DepartmentID]string, error) {
	all, err := people.Departments(ctx, s.Store)
	return namesOf(all), err
}

func namesOf(departments []surveys.Department) map[surveys.DepartmentID]string {
	names := map[surveys.DepartmentID]string{}
	for _, d := range departments {
		names[d.ID] = d.Name
	}
	return names
}

// askedAbout tells, by the name of a change, which surveys are or were about it, called as a reader of the language does.
func (s *Server) askedAbout(ctx context.Context, lang string) (map[string]*enquiry, error) {
	published, err := s.Catalog.List(ctx)
	if err != nil {
		return nil, err
	}
	all, err := waves.List(s.Store.Read(ctx), 0)
	if err != nil {
		return nil, err
	}
	about := map[string]*enquiry{}
	add := func(name string, survey surveys.SurveyID, doc *surveys.Document) *askedSurvey {
		if about[name] == nil {
			about[name] = &enquiry{}
		}
		a := about[name]
		for i := range a.Surveys {
			if a.Surveys[i].ID == survey {
				return &a.Surveys[i]
			}
		}
		title, written := doc.TitleIn(lang)
		a.Surveys = append(a.Surveys, askedSurvey{ID: survey, Title: title, Lang: written})
		return &a.Surveys[len(a.Surveys)-1]
	}
	for _, survey := range published {
		if doc := survey.Newest.Document; doc.Change != "" {
			add(doc.Change, survey.ID, doc)
		}
	}
	for _, w := range all {
		q, err := s.Catalog.Questionnaire(ctx, w.Questionnaire)
		if err != nil {
			return nil, err
		}
		if q.Document.Change == "" {
			continue
		}
		survey := add(q.Document.Change, w.Survey, q.Document)
		survey.Waves = append(survey.Waves, w)
		about[q.Document.Change].Open = about[q.Document.Change].Open || w.State == surveys.Open
	}
	return about, nil
}

// changeOptions are the changes that a survey can name.
func (s *Server) changeOptions(c *fiber.Ctx) ([]draftOption, error) {
	list, err := s.changesFor(c.UserContext(), current(c).User)
	var options []draftOption
	for _, change := range list {
		options = append(options, draftOption{Value: change.Name, Text: change.Title})
	}
	return options, err
}

// stage names a stage.
func (p *phrases) stage(stage changes.Stage) string {
	return p.say("change_stage_" + wordKey(string(stage)))
}

// concerned names the departments that a change is for.
func (p *phrases) concerned(c *changes.Change, names map[surveys.DepartmentID]string) string {
	if c.Everybody {
		return p.say("changes_everybody")
	}
	list := make([]string, len(c.Departments))
	for i, d := range c.Departments {
		list[i] = names[d]
	}
	slices.Sort(list)
	return p.both(list)
}

// waits says what has to happen next, and whether it is late.
func (p *phrases) waits(c *changes.Change, about *enquiry, today surveys.Day) (text string, late bool) {
	now := c.Now()
	since := p.date(now.On.Time())
	switch stage := now.Stage; {
	case stage.Ended():
		return p.say("changes_"+string(stage)+"_on", "Date", since), false
	case c.GoLive != "" && c.GoLive < today && !stage.Live():
		return p.say("changes_overdue", "Date", p.date(c.GoLive.Time())), true
	case stage == changes.RollingOut:
		return p.say("changes_rolling_since", "Date", since), false
	case stage == changes.Scheduled && c.GoLive == "":
		return p.say("changes_no_day"), true
	case stage == changes.Scheduled:
		return p.say("changes_goes_live", "Date", p.date(c.GoLive.Time())), false
	case stage == changes.Deciding:
		return p.say("changes_deciding_since", "Date", since), false
	case about == nil:
		return p.say("changes_unasked"), stage == changes.Asking
	case about.Open:
		return p.say("changes_being_asked"), false
	case stage == changes.Asking:
		return p.say("changes_no_wave"), true
	}
	return p.say("changes_written"), false
}
