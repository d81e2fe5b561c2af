package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/people"
)

// trendPage is openness (or another construct) by department over time.
type trendPage struct {
	frame
	Headline   []part
	Detail     string
	Empty      bool // no wave measured the construct yet
	AllHidden  bool
	Surveys    []option
	Constructs []option
	Bands      []option
	Periods    []option
	Chosen     []option // every department, selected or not
	ChosenText string
	Measure    string
	Figure     figure
	Rows       []trendRow
	Hidden     []hiddenRows // departments without figures, when they are too many for a row each
	History    []historyRow
	Waves      []string
}

type option struct {
	Value    string
	Text     string
	Selected bool
}

// chosenMost is how many departments may be in colour; see chart.Styles.
const chosenMost = 8

func (s *Server) showTrend(c *fiber.Ctx) error {
	view, err := s.trendView(c)
	if err != nil {
		return err
	}
	page := trendPage{frame: s.frame(c, "trend_title", "trend")}
	p := &phrases{speech: page.speech}
	page.Measure = p.measure(view.ask.Construct)
	if err := s.trendFilters(c, p, view, &page); err != nil {
		return err
	}
	t := view.trend
	finding := t.Finding()
	page.Headline, page.Detail = p.headline(finding), p.detail(finding)
	for _, b := range page.Bands {
		if b.Selected {
			page.Detail = strings.TrimSpace(p.say("trend_one_band", "Band", b.Text) + " " + page.Detail)
		}
	}
	if page.User.Limited {
		page.Detail = strings.TrimSpace(page.Detail + " " + p.say("limited_view"))
	}
	page.Empty = len(t.Waves) == 0
	page.Figure = page.figure("trend", "/trend/chart", view.query())
	page.Figure.Title, page.Figure.Note = p.say("trend_chart", "Measure", page.Measure), p.say("trend_chart_sub")
	page.Figure.Alt, page.Figure.Table = p.count("trend_chart_label", len(t.Waves), "Measure", page.Measure), "stands"
	page.Rows, page.Hidden = gather(p.trendRows(view))
	page.AllHidden = !slices.ContainsFunc(t.Series, func(l analytics.Series) bool { return slices.ContainsFunc(l.Points, analytics.Group.Shown) })
	for _, w := range t.Waves {
		page.Waves = append(page.Waves, w.Label)
	}
	for _, line := range t.Series {
		if !slices.ContainsFunc(line.Points, analytics.Group.Shown) {
			continue
		}
		row := historyRow{Department: line.Department.Name}
		for _, g := range line.Points {
			row.Points = append(row.Points, p.point(g))
		}
		page.History = append(page.History, row)
	}
	if p.err != nil {
		return p.err
	}
	return s.page(c, "staff/trend", page)
}

func (s *Server) trendChart(c *fiber.Ctx) error {
	view, err := s.trendView(c)
	if err != nil {
		return err
	}
	p := &phrases{speech: s.frame(c, "", "").speech}
	return s.chartAnswer(c, usual, func() ([]byte, error) {
		options, err := chart.Trend(view.trend, view.styles(), p.pointedAt)
		return options, cmp.Or(err, p.err)
	})
}

// trendView is a trend with the departments that are drawn in colour.
type trendView struct {
	ask    analytics.TrendQuery
	trend  *analytics.Trend
	moves  []analytics.Move       // over the period
	chosen []surveys.DepartmentID // in the order of their styles
}

// trendView reads the filters. Without a survey in the address it takes the one that measured the construct last:
// two surveys on one axis are rarely what anybody wants to see first.
func (s *Server) trendView(c *fiber.Ctx) (*trendView, error) {
	ask, err := s.trendQuery(c)
	if err != nil {
		return nil, err
	}
	if c.Query("last") == "" {
		ask.Last = 8
	}
	if ask.Survey == 0 {
		all, err := s.Results.Waves(c.UserContext(), 0)
		if err != nil {
			return nil, err
		}
		for _, w := range all {
			if w.Showing() && len(w.Questionnaire.Document.Items(ask.Construct)) > 0 {
				ask.Survey = w.Survey
			}
		}
	}
	t, err := s.Results.Trend(c.UserContext(), ask)
	if err != nil {
		return nil, err
	}
	sees := current(c).User.Sees
	if named := c.Context().QueryArgs().PeekMulti("department"); !seesAll(named, sees) {
		return nil, notYours()
	}
	t = t.Only(sees) // after the gate: what it hides for everybody stays hidden
	view := &trendView{ask: ask, trend: t, moves: t.SinceFirst()}
	view.chosen, err = chooseDepartments(c, t, view.moves)
	return view, err
}

// chooseDepartments takes those named in the address; without any, those that moved clearly, or else the largest.
func chooseDepartments(c *fiber.Ctx, t *analytics.Trend, moves []analytics.Move) ([]surveys.DepartmentID, error) {
	var chosen []surveys.DepartmentID
	for _, raw := range c.Context().QueryArgs().PeekMulti("department") {
		id, err := strconv.ParseInt(string(raw), 10, 64)
		if err != nil {
			return nil, badQuery("department", "number", "must be the id of a department")
		}
		chosen = append(chosen, surveys.DepartmentID(id))
	}
	if len(chosen) > chosenMost {
		return nil, badQuery("department", "too many", "may name at most eight departments; more lines in colour cannot be told apart")
	}
	if len(chosen) > 0 || len(t.Waves) == 0 {
		return chosen, nil
	}
	const usual = 3
	order := make([]int, len(t.Series))
	for i := range order {
		order[i] = i
	}
	newest := len(t.Waves) - 1
	rank := func(i int) int {
		switch v := moves[i].Verdict; {
		case v == stats.ClearlyUp || v == stats.ClearlyDown:
			return 0
		case t.Series[i].Points[newest].Shown():
			return 1
		}
		return 2
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(t.Series[b].Points[newest].N, t.Series[a].Points[newest].N))
	})
	for _, i := range order {
		if rank(i) == 2 || len(chosen) >= usual && rank(i) > 0 || len(chosen) == chosenMost {
			break
		}
		chosen = append(chosen, t.Series[i].Department.ID)
	}
	return chosen, nil
}

func (v *trendView) styles() map[surveys.DepartmentID]chart.Style {
	styles := map[surveys.DepartmentID]chart.Style{}
	for i, id := range v.chosen {
		styles[id] = chart.Styles()[i]
	}
	return styles
}

// query is the address that shows exactly this view again.
func (v *trendView) query() url.Values {
	q := url.Values{"construct": {v.ask.Construct}, "survey": {strconv.FormatInt(int64(v.ask.Survey), 10)}, "last": {strconv.Itoa(v.ask.Last)}}
	if v.ask.Band != 0 {
		q.Set("band", strconv.FormatInt(int64(v.ask.Band), 10))
	}
	for _, id := range v.chosen {
		q.Add("department", strconv.FormatInt(int64(id), 10))
	}
	return q
}

func (s *Server) trendFilters(c *fiber.Ctx, p *phrases, view *trendView, page *trendPage) error {
	list, err := s.Catalog.List(c.UserContext())
	if err != nil {
		return err
	}
	constructs := []string{surveys.Openness}
	for _, l := range list {
		d := l.Newest.Document
		for _, construct := range d.ConstructIDs() {
			if !slices.Contains(constructs, construct) {
				constructs = append(constructs, construct)
			}
		}
		if len(d.Items(view.ask.Construct)) > 0 {
			page.Surveys = append(page.Surveys, option{fmt.Sprint(l.ID), d.Title, l.ID == view.ask.Survey})
		}
	}
	for _, construct := range constructs {
		page.Constructs = append(page.Constructs, option{construct, p.measure(construct), construct == view.ask.Construct})
	}
	bands, err := people.Bands(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	for _, b := range bands {
		page.Bands = append(page.Bands, option{fmt.Sprint(b.ID), b.Name, b.ID == view.ask.Band})
	}
	for _, last := range []int{4, 8, 0} {
		n := strconv.Itoa(last)
		page.Periods = append(page.Periods, option{n, p.say("trend_last_" + n), last == view.ask.Last})
	}
	var names []string
	for _, line := range view.trend.Series {
		chosen := slices.Contains(view.chosen, line.Department.ID)
		if chosen {
			names = append(names, line.Department.Name)
		}
		page.Chosen = append(page.Chosen, option{fmt.Sprint(line.Department.ID), line.Department.Name, chosen})
	}
	page.ChosenText = p.shortList(names)
	return nil
}
