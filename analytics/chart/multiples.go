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
	cellHeight  = 164
	cellHead    = 40
	smallPlaces = 12 // of more, the points are drawn smaller
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
	places := labels(t)
	if look.Earlier.length() > 0 {
		places = append(slices.Clone(look.Earlier.Labels), places...)
	}
	var xs, over []any // the axes of waves, and those over them for marks
	var ys []smallAxis
	lines := []any{}
	for i, s := range list {
		left, top := float64(i%beside)*cell, i/beside*cellHeight
		grids = append(grids, opts.Grid{Left: percent(left + axis), Top: fmt.Sprint(top + cellHead),
			Width: percent(cell - 1.6*axis), Height: fmt.Sprint(cellHeight - cellHead - 34)})
		titles = append(titles, smallTitle{smallName(t, s), percent(left + axis/2), top + 8, textStyle{12, 600, width/beside - 30, "truncate"}})
		xs = append(xs, waveAxis{Type: "category", Data: places, GridIndex: i, AxisLabel: axisLabel{max(0, len(places)-2), 10}})
		ys = append(ys, smallAxis{opts.YAxis{Type: "value", Min: low, Max: high, SplitNumber: 2, AxisLabel: &opts.AxisLabel{FontSize: 10}}, i})
		for _, ls := range smallLines(t, look, s) {
			ls.EndLabel = nil
			ls.Id = fmt.Sprintf("%d-%s", i, ls.Id)
			if ls.Stack != "" {
				ls.Stack = fmt.Sprintf("%d-%s", i, ls.Stack)
			}
			if len(places) > smallPlaces {
				ls.SymbolSize = 4
			}
			lines = append(lines, smallSeries{ls, i, i})
		}
		if m := smallMarks(look, s.Department.ID, low); len(places) > 1 && (len(m.MarkLine.Data) > 0 || m.MarkPoint != nil) {
			axis := markAxis(len(places))
			axis.GridIndex, m.XAxisIndex, m.YAxisIndex = i, len(list)+len(over), i
			over, lines = append(over, axis), append(lines, m)
		}
	}
	options := base(grids...)
	options["paperHeight"] = MultiplesSize(t, width).Height // for who draws it in a window
	options["title"], options["xAxis"], options["yAxis"], options["series"] = titles, append(xs, over...), ys, lines
	return json.Marshal(options)
}

func smallLines(t *analytics.Trend, look Look, s analytics.Series) []lineSeries {
	one := *t
	one.Series = []analytics.Series{s}
	style, chosen := look.Styles[s.Department.ID]
	if !chosen {
		style = plain
	}
	own := look
	own.Styles = map[surveys.DepartmentID]Style{s.Department.ID: style}
	return look.Earlier.of(s.Department, style).before(&one, series(&one, own))
}

// smallMarks are the marks of a department, without their names: there is no room for them.
func smallMarks(look Look, d surveys.DepartmentID, low float64) markSeries {
	own := look
	if _, chosen := look.Styles[d]; !chosen {
		own.Styles = map[surveys.DepartmentID]Style{d: plain}
	}
	own.Marks = slices.DeleteFunc(slices.Clone(look.Marks), func(m Mark) bool { return !m.concerns(d) })
	s := marks(own, low, nil)
	for i := range s.MarkLine.Data {
		s.MarkLine.Data[i].Label = markLabel{}
	}
	return s
}

// smallName is a department with its newest mean, if that is shown.
func smallName(t *analytics.Trend, s analytics.Series) string {
	newest := len(t.Waves) - 1
	g := s.Points[newest]
	switch {
	case g.Shown() && s.Warns(newest):
		return s.Department.Name + "  " + figure(t, g) + Doubt
	case g.Shown():
		return s.Department.Name + "  " + figure(t, g)
	}
	return s.Department.Name
}
