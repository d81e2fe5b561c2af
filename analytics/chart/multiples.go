package chart

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/go-echarts/go-echarts/v2/opts"

	"soundings/analytics"
	"soundings/surveys"
)

// MultiplesMost is how many departments have a small chart each; nobody compares more of them.
const MultiplesMost = 40

// plain is the look of a department that was not chosen, in its own small chart.
var plain = Style{"#0072B2", "solid", "circle"}

const (
	cellHeight = 164
	cellHead   = 40
)

// columns is how many small charts stand beside each other.
func columns(width int) int {
	switch {
	case width >= 900:
		return 4
	case width >= 560:
		return 3
	}
	return 2
}

// MultiplesSize is the size of small charts on paper of a width.
func MultiplesSize(t *analytics.Trend, width int) Size {
	n := max(1, len(drawnIn(t)))
	rows := (n + columns(width) - 1) / columns(width)
	return Size{Width: width, Height: rows*cellHeight + 8}
}

// drawnIn are the departments that have something to draw, in the trend's order, up to the most.
func drawnIn(t *analytics.Trend) (list []analytics.Series) {
	for _, s := range t.Series {
		if len(list) < MultiplesMost && slices.ContainsFunc(s.Points, analytics.Group.Shown) {
			list = append(list, s)
		}
	}
	return list
}

type smallTitle struct {
	Text      string    `json:"text"`
	Left      string    `json:"left"`
	Top       int       `json:"top"`
	TextStyle textStyle `json:"textStyle"`
}

type textStyle struct {
	Size     int    `json:"fontSize"`
	Weight   int    `json:"fontWeight"`
	Width    int    `json:"width"`
	Overflow string `json:"overflow"`
}

type smallAxis struct {
	opts.YAxis
	GridIndex int `json:"gridIndex"`
}

type smallSeries struct {
	lineSeries
	XAxisIndex int `json:"xAxisIndex"`
	YAxisIndex int `json:"yAxisIndex"`
}

// Multiples draws a small chart for each department with its interval band, all on one scale, with the organisation in
// grey behind each. There are as many beside each other as fit the width; they widen with the paper.
func Multiples(t *analytics.Trend, look Look, width int) ([]byte, error) {
	list := drawnIn(t)
	scaled := look
	scaled.Styles = map[surveys.DepartmentID]Style{}
	for _, s := range list {
		scaled.Styles[s.Department.ID] = plain
	}
	low, high := bounds(t, scaled)
	beside := columns(width)
	cell := 100 / float64(beside) // percent of the width
	percent := func(x float64) string { return fmt.Sprintf("%.2f%%", x) }
	axis := 3000 / float64(width) // room for the figures of the scale
	var grids []opts.Grid
	var titles []smallTitle
	var xs []waveAxis
	var ys []smallAxis
	lines := []smallSeries{}
	for i, s := range list {
		left, top := float64(i%beside)*cell, i/beside*cellHeight
		grids = append(grids, opts.Grid{Left: percent(left + axis), Top: fmt.Sprint(top + cellHead),
			Width: percent(cell - 1.6*axis), Height: fmt.Sprint(cellHeight - cellHead - 34)})
		titles = append(titles, smallTitle{smallName(t, s), percent(left + axis/2), top + 8, textStyle{12, 600, width/beside - 30, "truncate"}})
		xs = append(xs, waveAxis{Type: "category", Data: labels(t), GridIndex: i, AxisLabel: &axisLabel{max(0, len(t.Waves)-2), 10}})
		ys = append(ys, smallAxis{opts.YAxis{Type: "value", Min: low, Max: high, SplitNumber: 2, AxisLabel: &opts.AxisLabel{FontSize: 10}}, i})
		for _, ls := range smallLines(t, look, s) {
			ls.EndLabel = nil
			ls.Id = fmt.Sprintf("%d-%s", i, ls.Id)
			if ls.Stack != "" {
				ls.Stack = fmt.Sprintf("%d-%s", i, ls.Stack)
			}
			lines = append(lines, smallSeries{ls, i, i})
		}
	}
	options := base(grids...)
	options["paperHeight"] = MultiplesSize(t, width).Height // for who draws it in a window
	options["title"], options["xAxis"], options["yAxis"], options["series"] = titles, xs, ys, lines
	return json.Marshal(options)
}

func smallLines(t *analytics.Trend, look Look, s analytics.Series) []lineSeries {
	one := *t
	one.Series = []analytics.Series{s}
	own := look
	own.Marks = nil
	if style, chosen := look.Styles[s.Department.ID]; chosen {
		own.Styles = map[surveys.DepartmentID]Style{s.Department.ID: style}
	} else {
		own.Styles = map[surveys.DepartmentID]Style{s.Department.ID: plain}
	}
	return series(&one, own)
}

// smallName is a department with its newest mean, if that is shown.
func smallName(t *analytics.Trend, s analytics.Series) string {
	if g := s.Points[len(t.Waves)-1]; g.Shown() {
		return s.Department.Name + "  " + figure(t, g)
	}
	return s.Department.Name
}
