package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/waves"
)

// trendView is a trend as its address asks to see it.
type trendView struct {
	timeline
	ask          analytics.TrendQuery
	trend        *analytics.Trend
	moves        []analytics.Move       // over the period
	chosen       []surveys.DepartmentID // in the order of their styles
	showing      []analytics.Wave       // all whose results may be read, of any survey
	bands        []surveys.Band         // all there are
	organisation string
	small        bool // a small chart for each department
	sort         string
	find         string
}

// How the line of the organisation is drawn.
const (
	plainly     = "plain"
	byHeadcount = "weighted"
	notAtAll    = "none"
)

// What the table of departments is sorted by.
const (
	byLevel       = "level"
	byMove        = "move"
	byUncertainty = "uncertainty"
	byName        = "name"
)

// chosenMost is how many departments may be in colour; see chart.Styles.
const chosenMost = 8

// questionPrefix tells questions from constructs in the list of measures.
const questionPrefix = "q."

// trendView reads the filters. Without a survey in the address it takes the one that measured the construct last:
// two surveys on one axis are rarely what anybody wants to see first. A survey that does not measure what was asked for is
// shown by what it does measure.
func (s *Server) trendView(c *fiber.Ctx) (*trendView, error) {
	view := &trendView{find: strings.TrimSpace(utils.CopyString(c.Query("find"))), small: c.Query("view") == "small"}
	if err := s.askTrend(c, view); err != nil {
		return nil, err
	}
	var err error
	if view.organisation, err = oneOfQuery(c, "organisation", plainly, byHeadcount, notAtAll); err != nil {
		return nil, err
	}
	if view.sort, err = oneOfQuery(c, "sort", byLevel, byMove, byUncertainty, byName); err != nil {
		return nil, err
	}
	t, err := s.Results.Trend(c.UserContext(), view.ask)
	if err != nil {
		return nil, err
	}
	sees := current(c).User.Sees
	if named := c.Context().QueryArgs().PeekMulti("department"); !seesAll(named, sees) {
		return nil, notYours()
	}
	view.trend = t.Only(sees) // after the gate: what it hides for everybody stays hidden
	view.moves = view.trend.SinceFirst()
	if view.chosen, err = chooseDepartments(c, view.trend, view.moves); err != nil {
		return nil, err
	}
	view.timeline, err = s.timeline(c.UserContext(), view.ask, view.trend, sees)
	view.narrow()
	return view, err
}

// narrow leaves of the earlier results the departments that are looked for, and the organisation if its line is wanted.
func (v *trendView) narrow() {
	if v.earlier == nil {
		return
	}
	v.earlier.Lines = slices.DeleteFunc(v.earlier.Lines, func(l analytics.PastLine) bool {
		return l.Everybody && v.organisation == notAtAll || !l.Everybody && (l.Department.ID == 0 || !v.found(l.Department))
	})
	if len(v.earlier.Lines) == 0 {
		v.earlier = nil
	}
}

// oneOfQuery reads a parameter that has one of some values; the first is meant where it is missing.
func oneOfQuery(c *fiber.Ctx, name string, values ...string) (string, error) {
	value := utils.CopyString(c.Query(name))
	if value == "" {
		return values[0], nil
	}
	if !slices.Contains(values, value) {
		return "", badQuery(name, "unknown", "must be one of "+strings.Join(values, ", "))
	}
	return value, nil
}

func (s *Server) askTrend(c *fiber.Ctx, view *trendView) error {
	ask, err := s.trendQuery(c)
	if err != nil {
		return err
	}
	if c.Query("last") == "" {
		ask.Last = 8
	}
	ask.Question = utils.CopyString(c.Query("question"))
	if measure := utils.CopyString(c.Query("measure")); strings.HasPrefix(measure, questionPrefix) {
		ask.Question = strings.TrimPrefix(measure, questionPrefix)
	} else if measure != "" {
		ask.Construct = measure
	}
	per, err := oneOfQuery(c, "per", "wave", string(analytics.PerQuarter), string(analytics.PerYear))
	if err != nil {
		return err
	}
	if per != "wave" {
		ask.Per = analytics.Period(per)
	}
	if ask.Zone, err = waves.Zone(s.Store.Read(c.UserContext())); err != nil {
		return err
	}
	all, err := s.Results.Waves(c.UserContext(), 0)
	if err != nil {
		return err
	}
	view.showing = slices.DeleteFunc(all, func(w analytics.Wave) bool { return !w.Showing() })
	view.ask = settle(ask, view.showing)
	view.bands, err = people.Bands(c.UserContext(), s.Store)
	return err
}

// settle finds the survey that measured what is asked for last; a survey that never did is shown by what it measures.
func settle(ask analytics.TrendQuery, showing []analytics.Wave) analytics.TrendQuery {
	if ask.Survey == 0 {
		for _, w := range showing {
			if ask.MeasuredBy(w) {
				ask.Survey = w.Survey
			}
		}
		return ask
	}
	other := ask
	for _, w := range showing {
		if w.Survey != ask.Survey {
			continue
		}
		if ask.MeasuredBy(w) {
			return ask
		}
		if constructs := w.Questionnaire.Document.ConstructIDs(); len(constructs) > 0 {
			other.Construct, other.Question = constructs[0], ""
		}
	}
	return other
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

// styles are those of the chosen departments.
func (v *trendView) styles() map[surveys.DepartmentID]chart.Style {
	styles := map[surveys.DepartmentID]chart.Style{}
	for i, id := range v.chosen {
		styles[id] = chart.Styles()[i]
	}
	return styles
}

// everyone is the organisation's line, or nil.
func (v *trendView) everyone() []analytics.Group {
	switch v.organisation {
	case plainly:
		return v.trend.Total
	case byHeadcount:
		return v.trend.Weighted()
	}
	return nil
}

// query is the address that shows exactly this view again.
func (v *trendView) query() url.Values {
	q := url.Values{"construct": {v.ask.Construct}, "survey": {strconv.FormatInt(int64(v.ask.Survey), 10)}, "last": {strconv.Itoa(v.ask.Last)}}
	set := func(name, value, usual string) {
		if value != usual {
			q.Set(name, value)
		}
	}
	set("question", v.ask.Question, "")
	set("per", string(v.ask.Per), "")
	set("organisation", v.organisation, plainly)
	set("sort", v.sort, byLevel)
	set("find", v.find, "")
	if v.small {
		q.Set("view", "small")
	}
	if v.ask.Band != 0 {
		q.Set("band", strconv.FormatInt(int64(v.ask.Band), 10))
	}
	for _, id := range v.chosen {
		q.Add("department", strconv.FormatInt(int64(id), 10))
	}
	return q
}

// toggled is the address of the view with one department more or less in colour; "" where no more can be told apart, or
// where it is the last: none in the address would mean that the program chooses.
func (v *trendView) toggled(id surveys.DepartmentID) string {
	other := *v
	if at := slices.Index(v.chosen, id); at >= 0 {
		other.chosen = slices.Delete(slices.Clone(v.chosen), at, at+1)
	} else {
		other.chosen = append(slices.Clone(v.chosen), id)
	}
	if len(other.chosen) == 0 || len(other.chosen) > chosenMost {
		return ""
	}
	return "/trend?" + other.query().Encode()
}

// profile is the address of a department's own page, about the survey of the view.
func (v *trendView) profile(id surveys.DepartmentID) string {
	return fmt.Sprintf("/departments/%d?survey=%d", id, v.ask.Survey)
}

// found reports whether a department is looked for.
func (v *trendView) found(d surveys.Department) bool {
	return v.find == "" || strings.Contains(strings.ToLower(d.Name+"\x00"+d.Division), strings.ToLower(v.find))
}

// sorted is the trend with the departments that are looked for, in the order that is asked for: those that cannot be
// shown last.
func (v *trendView) sorted() *analytics.Trend {
	t := *v.trend
	newest := len(t.Waves) - 1
	weight := map[surveys.DepartmentID]float64{}
	t.Series = nil
	for i, s := range v.trend.Series {
		if !v.found(s.Department) {
			continue
		}
		t.Series = append(t.Series, s)
		if newest < 0 {
			continue
		}
		g, m := s.Points[newest], v.moves[i]
		switch {
		case v.sort == byName:
			continue
		case !g.Shown():
			weight[s.Department.ID] = -1000
		case v.sort == byMove && m.Verdict == stats.NotComparable:
			weight[s.Department.ID] = -1
		case v.sort == byMove:
			weight[s.Department.ID] = max(m.Difference, -m.Difference)
		case v.sort == byUncertainty && g.HasInterval:
			weight[s.Department.ID] = g.High - g.Low
		case v.sort == byLevel:
			weight[s.Department.ID] = g.Mean
		}
	}
	slices.SortStableFunc(t.Series, func(a, b analytics.Series) int {
		return cmp.Compare(weight[b.Department.ID], weight[a.Department.ID])
	})
	return &t
}
