// Package chart turns results into ECharts options, as JSON. It is the only importer of go-echarts, and emits data only:
// no HTML and no functions, so that a department's name can never become a script.
package chart

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"soundings/analytics"
	"soundings/surveys"
)

// Style is how one chosen department is drawn: an Okabe-Ito colour with a dash and a marker of its own, so that no line
// is told from another by colour alone.
type Style struct{ Colour, Dash, Symbol string }

// Styles are given to chosen departments in this order; more than eight lines in colour are no longer told apart.
func Styles() []Style {
	return []Style{
		{"#0072B2", "solid", "circle"}, {"#D55E00", "solid", "rect"}, {"#009E73", "dashed", "triangle"},
		{"#CC79A7", "dashed", "diamond"}, {"#E69F00", "dotted", "circle"}, {"#56B4E9", "dotted", "rect"},
		{"#000000", "solid", "triangle"}, {"#F0E442", "solid", "diamond"},
	}
}

// unchosen is the grey of departments that were not chosen.
const unchosen = "#cbd0d6"

// lineSeries adds what go-echarts has no field for.
type lineSeries struct {
	charts.SingleSeries
	EndLabel *endLabel `json:"endLabel,omitempty"`
	Silent   bool      `json:"silent,omitempty"`
	Z        int       `json:"z,omitempty"`
}

type endLabel struct {
	Show      bool   `json:"show"`
	Formatter string `json:"formatter"`
	Distance  int    `json:"distance"`
	Weight    string `json:"fontWeight,omitempty"`
}

// waveAxis begins and ends at a wave; go-echarts has no field for that.
type waveAxis struct {
	Type        string   `json:"type"`
	Data        []string `json:"data"`
	BoundaryGap bool     `json:"boundaryGap"`
}

// point is one value of a line; null where a department is not shown. Name is the text of its tooltip.
type point struct {
	Value *float64 `json:"value"`
	Name  string   `json:"name,omitempty"`
}

// Trend draws a trend: the chosen departments in colour with their interval bands, the others in grey. A line breaks
// where the questions behind it changed. styles names the style of each chosen department; describe writes the text that
// stands beside a point when it is pointed at.
func Trend(t *analytics.Trend, styles map[surveys.DepartmentID]Style, describe func(analytics.Group) string) ([]byte, error) {
	line := charts.NewLine()
	labels := make([]string, len(t.Waves))
	for i, w := range t.Waves {
		labels[i] = w.Label
	}
	low, high := bounds(t, styles)
	line.SetGlobalOptions(
		charts.WithAnimation(false),
		charts.WithGridOpts(opts.Grid{Left: "36", Right: strconv.Itoa(margin(t)), Top: "16", Bottom: "28"}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value", Min: low, Max: high, SplitNumber: 4}),
	)
	line.Validate()
	options := line.JSON()
	options["xAxis"] = waveAxis{Type: "category", Data: labels}
	options["series"] = series(t, styles, describe)
	// Only the fields that say something: colours and fonts are the page's, titles are in its HTML.
	for _, key := range []string{"title", "legend", "color", "toolbox"} {
		delete(options, key)
	}
	return json.Marshal(options)
}

// margin is the room for the names at the line ends, in pixels; very long names are cut off at the edge.
func margin(t *analytics.Trend) int {
	const letter, figure = 8, 30 // wide enough for the bold letters of any system's font
	longest := 0
	for _, s := range t.Series {
		if n := len(t.Waves); n > 0 && s.Points[n-1].Shown() {
			longest = max(longest, utf8.RuneCountInString(s.Department.Name))
		}
	}
	return min(max(longest*letter+figure, 96), 260)
}

// bounds frames everything that is drawn in steps of ten. The full 0 to 100 would press every line flat.
func bounds(t *analytics.Trend, styles map[surveys.DepartmentID]Style) (low, high float64) {
	low, high = 100, 0
	for _, s := range t.Series {
		for _, g := range s.Points {
			if !g.Shown() {
				continue
			}
			low, high = min(low, g.Mean), max(high, g.Mean)
			if _, band := styles[s.Department.ID]; band && g.HasInterval {
				low, high = min(low, g.Low), max(high, g.High)
			}
		}
	}
	if low > high {
		return 0, 100
	}
	low, high = math.Floor(low/10)*10, math.Ceil(high/10)*10
	if low == high { // everything lies on one step
		low, high = max(0, low-10), min(100, high+10)
	}
	return low, high
}

func series(t *analytics.Trend, styles map[surveys.DepartmentID]Style, describe func(analytics.Group) string) []lineSeries {
	var grey, bands, chosen []lineSeries
	for _, s := range t.Series {
		if !slices.ContainsFunc(s.Points, analytics.Group.Shown) {
			continue // there is nothing to draw; the table says why
		}
		style, ok := styles[s.Department.ID]
		for n, stretch := range stretches(t, s) {
			if !ok {
				grey = append(grey, line(t, s, stretch, Style{unchosen, "solid", "none"}, 1, 1, n, describe))
				continue
			}
			bands = append(bands, band(s, stretch, style, n)...)
			chosen = append(chosen, line(t, s, stretch, style, 2.5, 3, n, describe))
		}
	}
	return append(append(grey, bands...), chosen...)
}

// runs splits the waves into stretches that were measured with the same questions. Waves of different surveys may
// alternate on one axis; each stretch holds only its own.
func runs(t *analytics.Trend) [][]int {
	var all [][]int
	for i := range t.Waves {
		joined := false
		for n, run := range all {
			if t.Comparable(run[len(run)-1], i) {
				all[n], joined = append(run, i), true
				break
			}
		}
		if !joined {
			all = append(all, []int{i})
		}
	}
	return all
}

// stretches are the runs of waves that one line goes through. A line with waves of another survey between its own has to
// be joined across them, and would be joined across waves in which the department is hidden as well; so it ends there.
func stretches(t *analytics.Trend, s analytics.Series) (all [][]int) {
	for _, run := range runs(t) {
		if !apart(run) {
			all = append(all, run)
			continue
		}
		var stretch []int
		for _, i := range run {
			if s.Points[i].Shown() {
				stretch = append(stretch, i)
			} else if len(stretch) > 0 {
				all, stretch = append(all, stretch), nil
			}
		}
		if len(stretch) > 0 {
			all = append(all, stretch)
		}
	}
	return all
}

// apart reports whether other waves lie between those of a run.
func apart(run []int) bool { return run[len(run)-1]-run[0] >= len(run) }

func line(t *analytics.Trend, s analytics.Series, run []int, style Style, width float32, z, part int, describe func(analytics.Group) string) lineSeries {
	points := make([]point, len(t.Waves))
	last := -1
	for _, i := range run {
		g := s.Points[i]
		if g.Shown() {
			mean := round(g.Mean)
			points[i] = point{&mean, describe(g)}
			last = i
		}
	}
	ls := lineSeries{SingleSeries: charts.SingleSeries{
		Name: s.Department.Name, Type: "line", Id: fmt.Sprintf("d%d-%d", s.Department.ID, part), Data: points,
		Symbol: style.Symbol, SymbolSize: 7, ShowSymbol: opts.Bool(true), ConnectNulls: opts.Bool(apart(run)),
		LineStyle: &opts.LineStyle{Color: style.Colour, Width: width, Type: style.Dash},
		ItemStyle: &opts.ItemStyle{Color: style.Colour},
	}, Z: z}
	// The label stands at the line's end, so only the stretch that reaches the newest wave has one.
	if last == len(t.Waves)-1 && last >= 0 {
		ls.EndLabel = &endLabel{Show: true, Formatter: literal(s.Department.Name), Distance: 8}
		if z > 1 {
			ls.EndLabel.Formatter += fmt.Sprintf("  %.0f", s.Points[last].Mean)
			ls.EndLabel.Weight = "bold"
		}
	}
	return ls
}

// literal writes a name so that it stands in a template of ECharts for itself: an invisible joiner keeps a brace from
// opening a placeholder. (ECharts' own placeholder for the name, {a}, would fill in those within the name as well.)
func literal(name string) string { return strings.ReplaceAll(name, "{", "{\u2060") }

// band draws the interval as an invisible line at its low end with the width stacked on top.
func band(s analytics.Series, run []int, style Style, part int) []lineSeries {
	n := len(s.Points)
	base, width := make([]point, n), make([]point, n)
	for _, i := range run {
		if g := s.Points[i]; g.Shown() {
			low, high := g.Mean, g.Mean
			if g.HasInterval {
				low, high = g.Low, g.High
			}
			a := round(low)
			b := round(round(high) - a) // so that the band ends where the table says, not a hundredth beside it
			base[i], width[i] = point{Value: &a}, point{Value: &b}
		}
	}
	stack := fmt.Sprintf("band-%d-%d", s.Department.ID, part)
	make := func(id string, data []point, opacity float32) lineSeries {
		return lineSeries{SingleSeries: charts.SingleSeries{
			Name: s.Department.Name, Type: "line", Id: stack + id, Stack: stack, Data: data, Symbol: "none",
			ConnectNulls: opts.Bool(apart(run)),
			LineStyle:    &opts.LineStyle{Color: style.Colour, Width: 0.01, Opacity: opts.Float(0)},
			ItemStyle:    &opts.ItemStyle{Color: style.Colour},
			AreaStyle:    &opts.AreaStyle{Color: style.Colour, Opacity: opts.Float(opacity)},
		}, Silent: true, Z: 2}
	}
	return []lineSeries{make("-low", base, 0), make("-range", width, 0.14)}
}

// Mean writes a shown group's mean with its interval, if it has one: "66 (61–71)".
func Mean(g analytics.Group) string {
	if g.HasInterval {
		return fmt.Sprintf("%.0f (%.0f–%.0f)", g.Mean, g.Low, g.High)
	}
	return fmt.Sprintf("%.0f", g.Mean)
}

func round(x float64) float64 { return math.Round(x*100) / 100 }
