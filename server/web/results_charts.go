package web

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/surveys"
)

// answersFigure is the chart of how the whole group answered so many scale questions.
func (v *resultsView) answersFigure(questions int) *figure {
	f := v.frame.figure("answers", resultsAddress(v.res.Wave.ID, "/answers", nil), v.query())
	f.Title, f.Note, f.Of = v.say("results_answers"), v.say("results_answers_note"), v.ofWave()
	f.Alt, f.Name, f.Size = v.say("results_answers_alt"), v.fileName("answers"), chart.RowsSize(questions)
	return &f
}

// heatFigure is the heat map as a file; on the page it is a table.
func (v *resultsView) heatFigure(t heatTable) figure {
	f := v.frame.figure("heat", resultsAddress(v.res.Wave.ID, "/heatmap", nil), v.query())
	f.Title, f.Note, f.Of = v.say("results_heat"), v.say("results_heat_note"), v.ofWave()
	if len(t.Hidden) > 0 {
		f.Note += ". " + v.say("results_hatched", "Reasons", strings.Join(t.Hidden, " "))
	}
	if slices.ContainsFunc(t.Rows, func(r heatRow) bool { return len(r.Warnings) > 0 }) {
		f.Note += v.say("trend_warn_note")
	}
	if v.res.Ask.By == analytics.ByBand {
		f.Title = v.say("results_heat_bands")
	}
	f.Alt, f.Name, f.Size = f.Title+".", v.fileName("heatmap"), chart.HeatSize(len(t.Columns), len(t.Rows))
	return f
}

// ofWave says of which wave a chart is, who took part, and of whom it is if not of everyone.
func (v *resultsView) ofWave() string {
	if v.res.Ask.Department == 0 && v.res.Ask.Band == 0 {
		return v.crumb()
	}
	return v.everyone() + " · " + v.crumb()
}

// resultsHeat draws the heat map of the page.
func (s *Server) resultsHeat(c *fiber.Ctx) error {
	v, err := s.resultsOf(c)
	if err != nil {
		return err
	}
	heat := v.heat()
	if !heat.Scaled || !v.res.Wave.Showing() {
		return noChart()
	}
	var columns, names []string
	for _, column := range heat.Columns {
		columns = append(columns, shortened(column.Text))
	}
	var cells [][]chart.HeatCell
	for i, row := range heat.Rows {
		names = append(names, doubted(row.Name, len(row.Warnings) > 0))
		cells = append(cells, nil)
		for _, cell := range row.Cells {
			text := cell.Text
			if cell.Move != "" {
				text += "\n" + cell.Move
			}
			cells[i] = append(cells[i], chart.HeatCell{Class: cell.Class, Shown: cell.Shown, Text: text, Tip: cmp.Or(cell.Full, cell.Reason)})
		}
	}
	return s.chartAnswer(c, v.heatFigure(heat), func() ([]byte, error) {
		options, err := chart.Heat(columns, names, cells)
		return options, cmp.Or(err, v.err)
	})
}

func noChart() error {
	return &surveys.Error{Kind: surveys.NotFound, Op: "web: results", Message: "There is nothing here that a chart could show."}
}

// resultsAnswers draws how the whole group answered every scale question.
func (s *Server) resultsAnswers(c *fiber.Ctx) error {
	v, err := s.resultsOf(c)
	if err != nil {
		return err
	}
	scales := v.scales()
	if len(scales) == 0 || !v.res.Wave.Showing() {
		return noChart()
	}
	as := scales[0].Question
	for _, m := range scales {
		if m.Question.Points != as.Points || len(m.Question.Labels) > 0 {
			as = nil // answers that are not alike have only their sides in common
			break
		}
	}
	var rows []chart.DivergingRow
	for _, m := range scales {
		rows = append(rows, v.diverging(v.title(m), m.Question, m.Total.Group, as == nil))
	}
	return s.chartAnswer(c, *v.answersFigure(len(rows)), func() ([]byte, error) {
		options, err := chart.Diverging(v.levels(as), rows)
		return options, cmp.Or(err, v.err)
	})
}

// questionChart draws one question: a scale by group, options as the whole group chose them.
func (s *Server) questionChart(c *fiber.Ctx) error {
	v, err := s.resultsOf(c)
	if err != nil {
		return err
	}
	m, err := v.question(c)
	if err != nil {
		return err
	}
	f := v.questionFigure(m)
	if f == nil {
		return noChart()
	}
	return s.chartAnswer(c, *f, func() ([]byte, error) {
		options, err := v.questionOptions(m)
		return options, cmp.Or(err, v.err)
	})
}

func (v *resultsView) questionSize(m *analytics.Measured) chart.Size {
	if m.Question.Scored() {
		return chart.RowsSize(1 + len(v.order))
	}
	return chart.BarsSize(len(m.Total.Options))
}

func (v *resultsView) questionOptions(m *analytics.Measured) ([]byte, error) {
	if m.Question.Scored() {
		rows := []chart.DivergingRow{v.diverging(v.everyone(), m.Question, m.Total.Group, false)}
		for _, i := range v.order {
			rows = append(rows, v.diverging(unitName(v.res.Units[i]), m.Question, m.Units[i].Group, false))
		}
		return chart.Diverging(v.levels(m.Question), rows)
	}
	var rows []chart.BarRow
	for _, o := range m.Total.Options {
		name, end := v.optionName(m.Question, o.ID), v.Percent(o.Share.Percent/100)
		if o.Rank != nil {
			end = v.say("results_place_end", "Percent", end, "Place", v.Decimal(o.Rank.Mean, 1))
		}
		rows = append(rows, chart.BarRow{Name: name, Value: o.Share.Percent, Low: o.Share.Low, High: o.Share.High, HasInterval: o.Share.HasInterval,
			Tip: v.say("results_tip", "Answer", name, "Share", v.share(o.Share)), End: end})
	}
	return chart.Bars(rows)
}

// diverging is one row of a chart of levels; with sides only, of the three sides of a scale.
func (v *resultsView) diverging(name string, q *surveys.Question, g analytics.Group, sidesOnly bool) chart.DivergingRow {
	row := chart.DivergingRow{Name: name}
	sides, ok := g.Sides()
	if !ok {
		if q.Kind == surveys.Recommend {
			g = g.ByScore()
		}
		row.End, _ = v.hiddenCell(g)
		return row
	}
	names := v.levels(q)
	levels, _ := g.Levels(q)
	if sidesOnly {
		names, levels = v.levels(nil), []analytics.Share{sides.Unfavourable, sides.Neutral, sides.Favourable}
	}
	for i, level := range levels {
		row.Shares = append(row.Shares, level.Percent)
		row.Tips = append(row.Tips, v.say("results_tip", "Answer", names[i], "Share", v.share(level)))
	}
	row.End = v.Percent(sides.Favourable.Percent / 100)
	if g.Recommend != nil {
		row.End = signed(g.Recommend.Score)
	}
	return row
}
