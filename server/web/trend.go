package web

import (
	"cmp"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/people"
)

// trendPage is openness (or another construct) by department over time.
type trendPage struct {
	frame
	Finding    analytics.Finding
	Empty      bool // no wave measured the construct yet
	AllHidden  bool
	Surveys    []option
	Constructs []option
	Bands      []option
	Periods    []option
	Chosen     []option // every department, selected or not
	ChosenText string
	Measure    string
	ChartURL   string
	Since      string // label of the wave that moves over the period are counted from
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

// trendRow is one department in the table beneath the chart; it says the same as the chart's newest point.
type trendRow struct {
	Department string
	Shown      bool
	Coarse     string
	Reason     string
	Mean       string
	Cell       int // 0 to 8 on the scale from closed to open
	Style      int // 1 to 8 for chosen departments, 0 for others
	Interval   *interval
	Everyone   bool // all of them answered, so there is no interval
	SinceLast  string
	Verdicts   []verdict
	Answered   string
	Fault      bool // more answers than people
	Smallest   string

	level float64 // what the rows are sorted by; -1 if not shown exactly
}

type interval struct{ Low, High, Width, At, Text string }

type verdict struct {
	Class string
	Text  string
}

type historyRow struct {
	Department string
	Points     []string
}

// hiddenRows are departments that are hidden for the same reason.
type hiddenRows struct {
	Reason string
	Names  string
}

// hiddenMost is how many hidden departments get a row of their own.
const hiddenMost = 4

// gather takes the hidden departments out of the rows when they are many, and lists them by reason.
func gather(rows []trendRow) (shown []trendRow, hidden []hiddenRows) {
	names := map[string][]string{}
	var reasons []string
	for _, r := range rows {
		if r.Shown || r.Coarse != "" {
			shown = append(shown, r)
			continue
		}
		if names[r.Reason] == nil {
			reasons = append(reasons, r.Reason)
		}
		names[r.Reason] = append(names[r.Reason], r.Department)
	}
	if len(rows)-len(shown) <= hiddenMost {
		return rows, nil
	}
	for _, reason := range reasons {
		hidden = append(hidden, hiddenRows{reason, strings.Join(names[reason], ", ")})
	}
	return shown, hidden
}

// chosenMost is how many departments may be in colour; see chart.Styles.
const chosenMost = 8

func (s *Server) showTrend(c *fiber.Ctx) error {
	view, err := s.trendView(c)
	if err != nil {
		return err
	}
	page := trendPage{frame: s.frame(c, "Trend", "trend"), Measure: measureName(view.ask.Construct)}
	if err := s.trendFilters(c, view, &page); err != nil {
		return err
	}
	t := view.trend
	page.Finding = t.Finding()
	for _, b := range page.Bands {
		if b.Selected {
			page.Finding.Detail = "This is about one band: " + b.Text + ". " + page.Finding.Detail
		}
	}
	page.Empty = len(t.Waves) == 0
	page.ChartURL = "/trend/chart.json?" + view.query().Encode()
	page.Rows, page.Hidden = gather(trendRows(view))
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
			row.Points = append(row.Points, pointText(g))
		}
		page.History = append(page.History, row)
	}
	if moves := t.SinceFirst(); len(moves) > 0 && moves[0].From >= 0 {
		page.Since = t.Waves[moves[0].From].Label
	}
	return s.page(c, "staff/trend", page)
}

func (s *Server) trendChart(c *fiber.Ctx) error {
	view, err := s.trendView(c)
	if err != nil {
		return err
	}
	options, err := chart.Trend(view.trend, view.styles())
	if err != nil {
		return fmt.Errorf("web: chart: %w", err)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Send(options)
}

// trendView is a trend with the departments that are drawn in colour.
type trendView struct {
	ask    analytics.TrendQuery
	trend  *analytics.Trend
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
	chosen, err := chooseDepartments(c, t)
	return &trendView{ask, t, chosen}, err
}

// chooseDepartments takes those named in the address; without any, those that moved clearly, or else the largest.
func chooseDepartments(c *fiber.Ctx, t *analytics.Trend) ([]surveys.DepartmentID, error) {
	var chosen []surveys.DepartmentID
	for _, raw := range c.Context().QueryArgs().PeekMulti("department") {
		id, err := strconv.ParseInt(string(raw), 10, 64)
		if err != nil {
			return nil, badQuery("department", "must be the id of a department")
		}
		chosen = append(chosen, surveys.DepartmentID(id))
	}
	if len(chosen) > chosenMost {
		return nil, badQuery("department", "may name at most eight departments; more lines in colour cannot be told apart")
	}
	if len(chosen) > 0 || len(t.Waves) == 0 {
		return chosen, nil
	}
	const usual = 3
	moves := t.SinceFirst()
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

func (s *Server) trendFilters(c *fiber.Ctx, view *trendView, page *trendPage) error {
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
		page.Constructs = append(page.Constructs, option{construct, measureName(construct), construct == view.ask.Construct})
	}
	bands, err := people.Bands(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	for _, b := range bands {
		page.Bands = append(page.Bands, option{fmt.Sprint(b.ID), b.Name, b.ID == view.ask.Band})
	}
	for _, p := range []struct {
		n    int
		text string
	}{{4, "Last 4 waves"}, {8, "Last 8 waves"}, {0, "All waves"}} {
		page.Periods = append(page.Periods, option{strconv.Itoa(p.n), p.text, p.n == view.ask.Last})
	}
	var names []string
	for _, line := range view.trend.Series {
		chosen := slices.Contains(view.chosen, line.Department.ID)
		if chosen {
			names = append(names, line.Department.Name)
		}
		page.Chosen = append(page.Chosen, option{fmt.Sprint(line.Department.ID), line.Department.Name, chosen})
	}
	page.ChosenText = shortList(names)
	return nil
}

func shortList(names []string) string {
	switch len(names) {
	case 0:
		return "none"
	case 1, 2:
		return fmt.Sprintf("%s%s", names[0], suffix(names[1:]))
	}
	return fmt.Sprintf("%s, %s and %d more", names[0], names[1], len(names)-2)
}

func suffix(rest []string) string {
	if len(rest) == 0 {
		return ""
	}
	return ", " + rest[0]
}

func measureName(construct string) string {
	switch construct {
	case surveys.Openness:
		return "Openness to change"
	case surveys.Engagement:
		return "Working with IT"
	}
	return construct
}

func trendRows(view *trendView) []trendRow {
	t := view.trend
	if len(t.Waves) == 0 {
		return nil
	}
	newest := len(t.Waves) - 1
	last, first := t.SinceLast(), t.SinceFirst()
	rows := make([]trendRow, len(t.Series))
	for i, line := range t.Series {
		rows[i] = rowOf(line.Department.Name, line.Points[newest])
		rows[i].Style = slices.Index(view.chosen, line.Department.ID) + 1
		if rows[i].Shown {
			rows[i].addMoves(t, last[i], first[i])
		}
	}
	// By level, highest first; those that cannot be shown last.
	slices.SortStableFunc(rows, func(a, b trendRow) int { return cmp.Compare(b.level, a.level) })
	return rows
}

func rowOf(name string, g analytics.Group) trendRow {
	row := trendRow{Department: name, Shown: g.Shown(), level: -1}
	switch {
	case g.Level == disclosure.Hidden:
		row.Reason = sentence(g.Reason)
		return row
	case g.Coarse != nil:
		row.Coarse = fmt.Sprintf("between %.0f and %.0f", g.Coarse.MeanLow, g.Coarse.MeanHigh)
		row.Reason = "Everyone here answered alike, so an exact figure would tell what each of them said."
	default:
		row.level, row.Mean = g.Mean, fmt.Sprintf("%.0f", g.Mean)
		row.Cell = max(0, min(8, int(math.Floor((g.Mean-14)/8)))) // the middle step, 46 to 54, is neutral
		if g.HasInterval {
			row.Interval = &interval{
				Low: fmt.Sprintf("%.1f", g.Low), High: fmt.Sprintf("%.1f", g.High), Width: fmt.Sprintf("%.1f", g.High-g.Low),
				At: fmt.Sprintf("%.1f", max(0, min(98.6, g.Mean-.7))), Text: fmt.Sprintf("%.0f to %.0f", g.Low, g.High),
			}
		}
		row.Everyone = g.N == g.Headcount
	}
	row.Answered = strconv.Itoa(g.N)
	row.Fault = g.MoreThanHeadcount()
	if g.Headcount > 0 && !row.Fault {
		row.Answered += " of " + strconv.Itoa(g.Headcount)
	}
	return row
}

func (r *trendRow) addMoves(t *analytics.Trend, last, first analytics.Move) {
	if last.Verdict != stats.NotComparable {
		r.SinceLast = signed(last.Difference)
	}
	if first.Verdict != stats.NotComparable {
		r.Verdicts = append(r.Verdicts, verdictOf(first, t.Waves[first.From].Label))
	}
	if last.From != first.From && (last.Verdict == stats.ClearlyUp || last.Verdict == stats.ClearlyDown) {
		r.Verdicts = append(r.Verdicts, verdictOf(last, t.Waves[last.From].Label))
	}
	if last.Smallest > 0 {
		r.Smallest = fmt.Sprintf("%.0f points", last.Smallest)
	}
}

func verdictOf(m analytics.Move, since string) verdict {
	switch m.Verdict {
	case stats.ClearlyUp:
		return verdict{"up", fmt.Sprintf("clearly up since %s (%s)", since, signed(m.Difference))}
	case stats.ClearlyDown:
		return verdict{"down", fmt.Sprintf("clearly down since %s (%s)", since, signed(m.Difference))}
	}
	return verdict{"", "no clear change since " + since}
}

// signed writes a difference with a real minus sign.
func signed(x float64) string {
	text := fmt.Sprintf("%+.0f", x)
	switch {
	case text == "+0" || text == "-0":
		return "±0"
	case text[0] == '-':
		return "−" + text[1:]
	}
	return text
}

func pointText(g analytics.Group) string {
	switch {
	case g.Level == disclosure.Hidden:
		return "hidden"
	case g.Coarse != nil:
		return fmt.Sprintf("%.0f–%.0f", g.Coarse.MeanLow, g.Coarse.MeanHigh)
	}
	text := fmt.Sprintf("%.0f", g.Mean)
	if g.HasInterval {
		text += fmt.Sprintf(" (%.0f–%.0f)", g.Low, g.High)
	}
	return fmt.Sprintf("%s, %d", text, g.N)
}

func sentence(r disclosure.Reason) string {
	switch r {
	case disclosure.Protects:
		return "Hidden too, so that the figures of a smaller department cannot be worked out by subtracting."
	case disclosure.MovedTooLittle:
		return "Too few answers changed since this was last shown; showing it would tell theirs."
	case disclosure.WaveOpen:
		return "Results are shown when the survey closes."
	}
	return "Too few people answered, so their figures would not be anonymous."
}
