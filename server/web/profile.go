package web

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/analytics/disclosure"
	"soundings/analytics/quotes"
	"soundings/surveys"
	"soundings/surveys/people"
)

// profilePage is one department: where it stands and how that differs, what goes with it, and what its people say.
type profilePage struct {
	frame
	Department string
	Crumb      string
	Headline   []part
	Lead       string
	State      string // "none", "unasked" or "few" instead of figures
	Surveys    []surveyChoice
	Survey     string
	Facts      []profileFact
	Figure     *figure
	Happened   *happened // nil: nothing
	History    *profileHistory
	Earlier    *earlierTable // nil: nothing was imported
	Strongest  []standout
	Weakest    []standout
	Versus     *versusTable
	Drivers    *driverTable
	Options    []versusOptions
	Comments   *profileComments
	Visits     *profileVisits
	Promises   *promisesAbout
	Champions  *championsBeside
	Briefs     []pageLink         // on changes that concern it
	Compare    string             // address of a comparison
	Answers    string             // address of the wave's results
	Milestones *profileMilestones // nil: there is nothing to show
}

// profileFact is one of the figures that stand first.
type profileFact struct{ Figure, Class, Label, Detail string }

type profileHistory struct {
	Waves      []pageLink
	Department []string
	Everyone   []string
}

// standout is a question that a department answers more, or less, favourably than the others.
type standout struct {
	Text, Detail string
	Verdict      verdict
}

// profileComments is a few comments, and the way to all of them.
type profileComments struct {
	Quotes []quoteView
	Keys   []keyView
	Count  string
	Href   string
	Reason string // why there are none
}

const (
	standoutsMost = 3 // strongest and weakest questions
	quotesMost    = 3 // comments on a profile
)

// profileView is a department as the address asks for it.
type profileView struct {
	*resultsView
	department surveys.Department
	ask        analytics.TrendQuery
	wave       surveys.WaveID   // at which the profile ends; 0: the newest
	trend      *analytics.Trend // of the department
	timeline   timeline
	showing    []analytics.Wave
}

// profileOf reads the department in the address and what is to be said of it. Without a survey in the address, it takes the
// one that measured openness last.
func (s *Server) profileOf(c *fiber.Ctx) (*profileView, error) {
	id, err := idOf[surveys.DepartmentID](c, "department")
	if err != nil {
		return nil, err
	}
	return s.profileFor(c, id)
}

// profileFor is profileOf for a department that the address names in another way: in a survey, as it was when a closed wave of
// it was the newest, or else as it is.
func (s *Server) profileFor(c *fiber.Ctx, id surveys.DepartmentID) (*profileView, error) {
	survey, err := numberQuery(c, "survey")
	if err != nil {
		return nil, err
	}
	number, err := numberQuery(c, "wave")
	if err != nil {
		return nil, err
	}
	wave := surveys.WaveID(number)
	if !current(c).User.Sees(id) {
		return nil, notYours()
	}
	b, err := s.waveBook(c, "profile_title")
	if err != nil {
		return nil, err
	}
	b.frame.Here = "departments"
	v := &profileView{resultsView: &resultsView{waveBook: b}, wave: wave}
	if v.names.departments, err = people.Departments(c.UserContext(), s.Store); err != nil {
		return nil, err
	}
	at := slices.IndexFunc(v.names.departments, func(d surveys.Department) bool { return d.ID == id })
	if at < 0 {
		return nil, &surveys.Error{Kind: surveys.NotFound, Op: "web: profile", Message: "There is no such department."}
	}
	v.department = v.names.departments[at]
	all, err := s.Results.Waves(c.UserContext(), 0)
	if err != nil {
		return nil, err
	}
	v.showing = slices.DeleteFunc(all, func(w analytics.Wave) bool { return !w.Showing() })
	v.ask = settle(analytics.TrendQuery{Construct: surveys.Openness, Survey: surveys.SurveyID(survey), Last: 8}, v.showing)
	if v.ask.Survey == 0 && len(v.showing) > 0 { // no survey measures openness
		v.ask = settle(analytics.TrendQuery{Construct: surveys.Openness, Survey: v.showing[len(v.showing)-1].Survey, Last: 8}, v.showing)
	}
	if wave != 0 {
		v.ask.Last = 0
	}
	trend, err := s.Results.Trend(c.UserContext(), v.ask)
	if err != nil {
		return nil, err
	}
	if wave != 0 {
		if trend = trend.UpTo(wave); len(trend.Waves) == 0 || trend.Waves[len(trend.Waves)-1].ID != wave {
			return nil, badQuery("wave", "unknown", "must be a closed wave of the survey")
		}
	}
	only := func(d surveys.DepartmentID) bool { return d == id }
	v.trend = trend.Only(only)
	v.timeline, err = s.timeline(c.UserContext(), v.ask, v.trend, only)
	return v, err
}

// query is the survey of the profile, for the addresses of what belongs to it.
func (v *profileView) query() url.Values {
	q := url.Values{"survey": {idText(int64(v.ask.Survey))}}
	if v.wave != 0 {
		q.Set("wave", idText(int64(v.wave)))
	}
	return q
}

func (v *profileView) address(more string) string {
	return fmt.Sprintf("/departments/%d%s", v.department.ID, more)
}

func (s *Server) showProfile(c *fiber.Ctx) error {
	v, err := s.profileOf(c)
	if err != nil {
		return err
	}
	page := profilePage{frame: v.frame, Department: v.department.Name}
	v.offerSurveys(&page)
	unit := -1
	if n := len(v.trend.Waves); n > 0 {
		if err := v.readWave(c.UserContext(), v.trend.Waves[n-1].ID); err != nil {
			return err
		}
		unit = slices.IndexFunc(v.res.Units, func(u analytics.Unit) bool { return u.Department.ID == v.department.ID })
	}
	switch {
	case v.res == nil:
		page.State, page.Headline = "none", []part{{Text: v.say("results_empty")}}
	case unit < 0:
		page.State, page.Headline = "unasked", []part{{Text: v.say("profile_unasked", "Department", v.department.Name, "Wave", v.res.Wave.Label)}}
	default:
		err = v.fill(c, &page, unit)
	}
	if err != nil {
		return err
	}
	if page.Promises, err = s.profilePromises(c, v.frame, &v.phrases, v.department); err != nil {
		return err
	}
	if page.Visits, err = s.profileVisits(c, v.frame, &v.phrases, v.department); err != nil {
		return err
	}
	if page.Champions, err = s.profileChampions(c, v.frame, &v.phrases, v.department); err != nil {
		return err
	}
	if page.Briefs, err = s.profileBriefs(c, v); err != nil {
		return err
	}
	if page.Milestones, err = s.profileMilestones(c, v.frame, &v.phrases, v.department); err != nil {
		return err
	}
	return s.finish(c, "staff/profile", &v.phrases, page)
}

func (v *profileView) readWave(ctx context.Context, id surveys.WaveID) error {
	res, err := v.server.Results.WaveResults(ctx, analytics.WaveQuery{Wave: id, By: analytics.ByDepartment})
	if err != nil {
		return err
	}
	v.res = res.Only(v.frame.User.Sees)
	v.texts = textsOf(res.Wave.Questionnaire.Document, v.frame.Lang)
	return nil
}

func (v *profileView) offerSurveys(page *profilePage) {
	for _, w := range slices.Backward(v.showing) {
		id := idText(int64(w.Survey))
		if !slices.ContainsFunc(page.Surveys, func(o surveyChoice) bool { return o.Value == id }) {
			page.Surveys = append(page.Surveys, v.surveyChoice(w.Survey, w.Questionnaire.Document, w.Survey == v.ask.Survey))
		}
	}
}

func (v *profileView) fill(c *fiber.Ctx, page *profilePage, unit int) error {
	list := v.res.Elsewhere(unit)
	about := analytics.On(list, v.ask.Construct)
	page.Survey = v.titled(v.texts.doc).Text
	page.Crumb = v.profileCrumb(unit)
	page.Headline, page.Lead = v.profileHeadline(about), v.profileLead(about, unit)
	page.Answers = resultsAddress(v.res.Wave.ID, "", nil)
	page.Compare = "/compare?" + url.Values{"wave": {idText(int64(v.res.Wave.ID))}, "group": {groupOf(v.res.Units[unit])}}.Encode()
	page.Facts = v.facts(about, unit)
	if slices.ContainsFunc(v.trend.Total, analytics.Group.Shown) {
		page.Figure, page.History = v.profileFigure(), v.profileHistory()
		page.Happened, page.Earlier = v.happened(v.timeline, v.trend), v.earlierTable(v.timeline)
	}
	page.Drivers = v.driverTable(v.res.Drivers(v.ask.Construct).Of(v.department.ID))
	var err error
	if page.Comments, err = v.comments(c, v.res.Wave, v.department.ID); err != nil {
		return err
	}
	if !slices.ContainsFunc(list, func(d analytics.Difference) bool { return d.A.Level != disclosure.Hidden }) {
		page.State = "few" // what goes with the construct is the organisation's
		return nil
	}
	strongest, weakest := analytics.Extremes(list, standoutsMost)
	page.Strongest, page.Weakest = v.standouts(strongest), v.standouts(weakest)
	versus := v.versusTable(list, v.department.Name, v.say("versus_others"))
	versus.Title, versus.Note = v.say("profile_versus"), v.say("profile_versus_note", "Wave", v.res.Wave.Label)
	page.Versus = &versus
	page.Options = v.versusOptions(list, v.department.Name, v.say("versus_others"))
	return nil
}

func (v *profileView) profileCrumb(unit int) string {
	parts := []string{v.titled(v.texts.doc).Text, v.res.Wave.Label}
	if text := v.answered(v.res.Taken[unit]); text != "" {
		parts = append(parts, text)
	}
	return strings.Join(parts, " · ")
}

func (v *profileView) styles() map[surveys.DepartmentID]chart.Style {
	return map[surveys.DepartmentID]chart.Style{v.department.ID: chart.Styles()[0]}
}

func (v *profileView) profileFigure() *figure {
	f := v.frame.figure("trend", v.address("/chart"), v.query())
	f.Title = v.say("profile_chart", "Measure", v.measure(v.ask.Construct), "Department", v.department.Name)
	f.Note, f.Table = v.say("profile_chart_note")+v.marksNote(v.timeline, v.styles())+v.earlierNote(v.timeline), "history"
	f.Alt = v.count("trend_chart_label", len(v.trend.Waves), "Measure", v.measure(v.ask.Construct))
	f.Name = fmt.Sprintf("department-%d-trend", v.department.ID)
	f.Of = strings.Join(v.spanOf(v.trend, v.showing, v.ask.Survey), " · ")
	return &f
}

func (v *profileView) profileHistory() *profileHistory {
	h := &profileHistory{}
	for i, w := range v.trend.Waves {
		h.Waves = append(h.Waves, pageLink{resultsAddress(w.ID, "", nil), w.Label})
		h.Everyone = append(h.Everyone, v.point(v.trend.Total[i]))
		for _, s := range v.trend.Series {
			h.Department = append(h.Department, v.point(s.Points[i]))
		}
	}
	return h
}

// profileChart draws the department's line before the organisation's in grey.
func (s *Server) profileChart(c *fiber.Ctx) error {
	v, err := s.profileOf(c)
	if err != nil {
		return err
	}
	if len(v.trend.Waves) == 0 {
		return noChart()
	}
	look := chart.Look{Styles: v.styles(), Describe: v.pointedAt,
		Organisation: v.trend.Total, Everyone: v.say("trend_organisation")}
	v.draw(v.timeline, v.trend, &look)
	return s.chartAnswer(c, *v.profileFigure(), func() ([]byte, error) {
		options, err := chart.Trend(v.trend, look)
		return options, cmp.Or(err, v.err)
	})
}

func (v *profileView) standouts(list []analytics.Difference) (lines []standout) {
	for _, d := range list {
		cell, other := v.versusCell(d.Measure, d.A.Group), v.versusCell(d.Measure, d.B.Group)
		line := standout{Text: v.labelled(d.Measure), Detail: v.say("profile_against", "Mean", cell.Mean, "Range", cell.Range, "Others", other.Mean)}
		_, _, line.Verdict = v.between(d.Between)
		lines = append(lines, line)
	}
	return lines
}

// comments quotes a few of what a department wrote in a wave, by the rules of the page of comments and for those who may open
// it; nil for others, and where nobody could write.
func (b *waveBook) comments(c *fiber.Ctx, w analytics.Wave, department surveys.DepartmentID) (*profileComments, error) {
	doc := w.Questionnaire.Document
	if !b.frame.May("read comments") || !slices.ContainsFunc(doc.Questions, takesText) {
		return nil, nil
	}
	if w.State != surveys.Closed {
		return &profileComments{Reason: b.say("profile_comments_open")}, nil
	}
	ask := reading(c)
	ask.Survey, ask.Waves = w.Survey, []surveys.WaveID{w.ID}
	collection, err := b.server.Quotes.Read(c.UserContext(), ask)
	if err != nil {
		return nil, err
	}
	group := quotes.Group{Department: department}
	if !slices.Contains(collection.Groups, group) {
		return &profileComments{Reason: b.say("profile_comments_few")}, nil
	}
	view := &commentsView{survey: w.Survey, wave: idText(int64(w.ID)), waves: []analytics.Wave{w}, filter: quotes.Filter{Group: &group}, document: doc}
	book := &commentBook{phrases: phrases{speech: b.speech}, view: view, collection: collection}
	list := collection.Only(view.filter)
	said := &profileComments{Href: "/comments?" + view.query(1).Encode(), Keys: book.keys(group, collection.Keywords("", keywordsBrief)[group]), Count: b.count("profile_comments_all", len(list))}
	if len(list) == 0 {
		said.Reason = b.say("profile_comments_silent")
	}
	for _, q := range list[:min(quotesMost, len(list))] {
		q.Tags = nil // they belong to the page on which they are put
		said.Quotes = append(said.Quotes, book.quote(q))
	}
	return said, book.err
}
