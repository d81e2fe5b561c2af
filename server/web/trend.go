package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/surveys"
)

// trendPage is a measure by department over time.
type trendPage struct {
	frame
	Headline  []part
	Detail    string
	Empty     bool // no wave measured it yet
	AllHidden bool
	Filters   trendFilters
	Exports   string // where its files are
	Effect    string // where visits are held against it; "" of a question, or before there is a wave
	Measure   string
	Column    string // the measure as the head of a column
	Figure    figure
	Happened  *happened // nil: nothing
	Table     trendTable
	Hidden    []alikeRows // departments without figures, when they are too many for a row each
	History   []historyRow
	Others    []historyRow  // of very many departments those that are not in colour
	Folded    string        // says how many those are
	Earlier   *earlierTable // nil where nothing was imported
	Waves     []pageLink    // to the results of each
}

type option struct {
	Value    string
	Text     string
	Selected bool
}

func (s *Server) showTrend(c *fiber.Ctx) error {
	view, err := s.trendView(c)
	if err != nil {
		return err
	}
	page := trendPage{frame: s.frame(c, "trend_title", "trend")}
	p := &phrases{speech: page.speech}
	t := view.trend
	if page.Filters, err = s.trendFilters(c, p, view); err != nil {
		return err
	}
	page.Measure, page.Column = p.trendMeasure(view), p.trendColumn(view)
	page.Headline, page.Detail = p.trendHeadline(view, page.Measure), p.trendDetail(view, page.Filters, page.User.Limited)
	page.Empty = len(t.Waves) == 0
	page.AllHidden = !slices.ContainsFunc(t.Series, func(l analytics.Series) bool { return slices.ContainsFunc(l.Points, analytics.Group.Shown) })
	page.Figure = p.trendFigure(page.frame, view, page.Measure)
	page.Happened = p.happened(view.timeline, t)
	page.Table = p.trendTable(view)
	page.Exports = fmt.Sprintf("/exports?survey=%d", view.ask.Survey)
	if view.ask.Question == "" && !page.Empty {
		page.Effect = effectPath + "?" + url.Values{"survey": {idText(int64(view.ask.Survey))}, "construct": {view.ask.Construct}}.Encode()
	}
	page.Table.Rows, page.Hidden = gather(page.Table.Rows)
	page.Waves, page.History, page.Others = p.history(view)
	page.Folded = p.count("trend_history_others", len(page.Others))
	page.Earlier = p.earlierTable(view.timeline)
	return s.finish(c, "staff/trend", p, page)
}

func (p *phrases) trendFigure(f frame, view *trendView, measure string) figure {
	t := view.trend
	fig := f.figure("trend", "/trend/chart", view.query())
	fig.Title, fig.Note, fig.Table = p.say("trend_chart", "Measure", measure), p.say("trend_chart_sub"), "stands"
	if t.Recommends() {
		fig.Title = p.say("trend_chart_score", "Measure", measure)
	}
	switch view.organisation {
	case plainly:
		fig.Note += p.say("trend_sub_plain")
	case byHeadcount:
		fig.Note += p.say("trend_sub_weighted")
	}
	fig.Alt, fig.Of = p.count("trend_chart_label", len(t.Waves), "Measure", measure), p.trendOf(view)
	if view.small {
		fig.Note, fig.Papers = p.say("trend_small_sub"), true
		if len(view.marks.Of(analytics.GoLive)) > 0 {
			fig.Note += p.say("trend_small_marks")
		}
		if len(view.marks.Of(analytics.Visited)) > 0 {
			fig.Note += p.say("trend_visit_marks")
		}
		if len(view.marks.Of(analytics.Kept)) > 0 {
			fig.Note += p.say("trend_promise_marks")
		}
		fig.Size = chart.MultiplesSize(view.sorted(), usual.Width)
	} else {
		fig.Note += p.marksNote(view.timeline, view.styles())
	}
	fig.Note += p.earlierNote(view.timeline)
	if newest := len(t.Waves) - 1; slices.ContainsFunc(t.Series, func(l analytics.Series) bool { return l.Points[newest].Shown() && l.Warns(newest) }) {
		fig.Note += p.say("trend_warn_note")
	}
	return fig
}

// trendOf says of which survey, of which waves and of whom a trend is.
func (p *phrases) trendOf(view *trendView) string {
	parts := p.spanOf(view.trend, view.showing, view.ask.Survey)
	for _, b := range view.bands {
		if b.ID == view.ask.Band {
			parts = append(parts, b.Name)
		}
	}
	return strings.Join(parts, " · ")
}

// spanOf names the survey of a trend, and its first and last wave.
func (p *phrases) spanOf(t *analytics.Trend, known []analytics.Wave, survey surveys.SurveyID) (parts []string) {
	for _, w := range slices.Backward(known) {
		if w.Survey == survey {
			parts = append(parts, p.titled(w.Questionnaire.Document).Text)
			break
		}
	}
	switch n := len(t.Waves); {
	case n == 1:
		parts = append(parts, t.Waves[0].Label)
	case n > 1:
		parts = append(parts, p.say("figure_span", "First", t.Waves[0].Label, "Last", t.Waves[n-1].Label))
	}
	return parts
}

func (s *Server) trendChart(c *fiber.Ctx) error {
	view, err := s.trendView(c)
	if err != nil {
		return err
	}
	f := s.frame(c, "", "")
	p := &phrases{speech: f.speech}
	fig := p.trendFigure(f, view, p.trendMeasure(view))
	look := chart.Look{Styles: view.styles(), Describe: p.pointedAt, Organisation: view.everyone(), Everyone: p.say("trend_organisation")}
	p.draw(view.timeline, view.trend, &look)
	if !view.small {
		return s.chartAnswer(c, fig, func() ([]byte, error) {
			options, err := chart.Trend(view.trend, look)
			return options, cmp.Or(err, p.err)
		})
	}
	if look.Organisation == nil {
		look.Organisation = view.trend.Total
	}
	width := usual.Width
	if strings.HasPrefix(c.Query("paper"), "phone") {
		width = phoneWidth
	}
	t := view.sorted()
	fig.Size = chart.MultiplesSize(t, width)
	return s.chartAnswer(c, fig, func() ([]byte, error) {
		options, err := chart.Multiples(t, look, width)
		return options, cmp.Or(err, p.err)
	})
}

// historyMost is of how many departments the table wave by wave shows all at once: more are a very long way on a phone.
const historyMost = 24

// history is every department wave by wave, as far as it is shown. Of very many, others are those that are not in colour.
func (p *phrases) history(view *trendView) (waves []pageLink, rows, others []historyRow) {
	styles := view.styles()
	for _, w := range view.trend.Waves {
		waves = append(waves, pageLink{resultsAddress(w.ID, "", nil), w.Label})
	}
	for _, line := range view.sorted().Series {
		if !slices.ContainsFunc(line.Points, analytics.Group.Shown) {
			continue
		}
		row := historyRow{Department: line.Department.Name}
		for i, g := range line.Points {
			row.Points = append(row.Points, historyPoint{p.point(g), p.warningsAt(&line, i)})
		}
		if _, ok := styles[line.Department.ID]; ok || len(view.trend.Series) <= historyMost {
			rows = append(rows, row)
		} else {
			others = append(others, row)
		}
	}
	return waves, rows, others
}
