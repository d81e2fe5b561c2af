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
	"soundings/analytics/stats"
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

// organisation is the darker grey of the whole organisation.
const organisation = "#7a828a"

// lineSeries adds what go-echarts has no field for.
type lineSeries struct {
	charts.SingleSeries
	EndLabel      *endLabel `json:"endLabel,omitempty"`
	Silent        bool      `json:"silent,omitempty"`
	Z             int       `json:"z,omitempty"`
	StackStrategy string    `json:"stackStrategy,omitempty"` // "all": what begins below zero is stacked as well
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
	GridIndex   int      `json:"gridIndex,omitempty"`
	AxisLabel   any      `json:"axisLabel,omitempty"` // an axisLabel or a lowLabel
}

// axisLabel shows every so manieth label of an axis.
type axisLabel struct {
	Interval int `json:"interval"`
	FontSize int `json:"fontSize"`
}

// lowLabel keeps the labels of an axis off from it.
type lowLabel struct {
	Margin int `json:"margin"`
}

const labelMargin = 12 // pixels that the theme keeps them off (dress.js)

// point is one value of a line; null where a department is not shown. Name is the text of its tooltip.
type point struct {
	Value *float64 `json:"value"`
	Name  string   `json:"name,omitempty"`
}

// Look is how a trend is drawn.
type Look struct {
	Styles       map[surveys.DepartmentID]Style // of the chosen departments
	Describe     func(analytics.Group) string   // the text that stands beside a point when it is pointed at
	Organisation []analytics.Group              // by wave, in grey; nil: not drawn
	Everyone     string                         // what the organisation is called beside its line
	Marks        []Mark
	Earlier      *Earlier // what was measured elsewhere before the first wave; nil: nothing
}

// Trend draws a trend: the chosen departments in colour with their interval bands, the others in grey. A line breaks
// where the questions behind it changed.
func Trend(t *analytics.Trend, look Look) ([]byte, error) {
	top := 16
	if lines := look.lines(); len(lines) > 0 {
		top = markRoom(lines)
	}
	options := base(opts.Grid{Left: "36", Right: strconv.Itoa(margin(t, look)), Top: strconv.Itoa(top), Bottom: "28"})
	low, high := bounds(t, look)
	places := labels(t)
	if look.Earlier.length() > 0 {
		places = append(slices.Clone(look.Earlier.Labels), places...)
	}
	axis := waveAxis{Type: "category", Data: places}
	options["xAxis"] = []any{axis}
	options["yAxis"] = []opts.YAxis{{Type: "value", Min: low, Max: high, SplitNumber: 4}}
	lines := []any{}
	for _, s := range look.Earlier.before(t, series(t, look)) {
		lines = append(lines, s)
	}
	if len(places) > 1 && len(look.Marks) > 0 {
		rows := look.pointRows()
		if more := (len(rows) - 1) * pointRow; more > 0 {
			axis.AxisLabel = lowLabel{labelMargin + more}
			options["grid"] = []opts.Grid{{Left: "36", Right: strconv.Itoa(margin(t, look)), Top: strconv.Itoa(top), Bottom: strconv.Itoa(28 + more)}}
		}
		options["xAxis"] = []any{axis, markAxis(len(places))}
		lines = append(lines, marks(look, low, rows))
	}
	options["series"] = lines
	return json.Marshal(options)
}

// base are the options that every chart over time begins with: only the fields that say something. Colours and fonts are
// the page's, titles are in its HTML.
func base(grids ...opts.Grid) map[string]any {
	line := charts.NewLine()
	line.SetGlobalOptions(charts.WithAnimation(false), charts.WithGridOpts(grids...))
	line.Validate()
	options := line.JSON()
	for _, key := range []string{"title", "legend", "color", "toolbox"} {
		delete(options, key)
	}
	return options
}

func labels(t *analytics.Trend) []string {
	list := make([]string, len(t.Waves))
	for i, w := range t.Waves {
		list[i] = w.Label
	}
	return list
}

// margin is the room for the names at the line ends, in pixels; very long names are cut off at the edge.
func margin(t *analytics.Trend, look Look) int {
	const letter, figure = 8, 30 // wide enough for the bold letters of any system's font
	longest := 0
	for _, s := range t.Series {
		_, chosen := look.Styles[s.Department.ID]
		if n := len(t.Waves); n > 0 && s.Points[n-1].Shown() && (chosen || named(t)) {
			longest = max(longest, utf8.RuneCountInString(s.Department.Name))
		}
	}
	if look.Organisation != nil {
		longest = max(longest, utf8.RuneCountInString(look.Everyone))
	}
	if len(t.Waves) == 0 {
		longest = look.Earlier.longest()
	}
	return min(max(longest*letter+figure, 96), 260)
}

// named reports whether the lines that were not chosen have names too: there is no room for those of many.
func named(t *analytics.Trend) bool { return len(t.Series) <= 24 }

// bounds frames everything that is drawn in steps of ten. The full scale would press every line flat.
func bounds(t *analytics.Trend, look Look) (low, high float64) {
	least := 0.0
	if t.Recommends() {
		least = -100
	}
	low, high = 100, least
	frame := func(g analytics.Group, band bool) {
		if !g.Shown() {
			return
		}
		low, high = min(low, g.Mean), max(high, g.Mean)
		if band && g.HasInterval {
			low, high = min(low, g.Low), max(high, g.High)
		}
	}
	for _, s := range t.Series {
		_, band := look.Styles[s.Department.ID]
		for _, g := range s.Points {
			frame(g, band)
		}
	}
	for _, g := range look.Organisation {
		frame(g, false)
	}
	if look.Earlier != nil {
		for _, p := range look.Earlier.shown() {
			low, high = min(low, p.Value), max(high, p.Value)
		}
	}
	if low > high {
		return least, 100
	}
	low, high = math.Floor(low/10)*10, math.Ceil(high/10)*10
	if low == high { // everything lies on one step
		low, high = max(least, low-10), min(100, high+10)
	}
	return low, high
}

func series(t *analytics.Trend, look Look) []lineSeries {
	var grey, bands, chosen []lineSeries
	for _, s := range t.Series {
		if !slices.ContainsFunc(s.Points, analytics.Group.Shown) {
			continue // there is nothing to draw; the table says why
		}
		style, ok := look.Styles[s.Department.ID]
		for n, stretch := range stretches(t, s) {
			if !ok {
				ls := line(t, s, stretch, Style{unchosen, "solid", "none"}, 1, 1, n, look.Describe)
				if !named(t) {
					ls.EndLabel = nil
				}
				grey = append(grey, ls)
				continue
			}
			bands = append(bands, band(s, stretch, style, n)...)
			chosen = append(chosen, line(t, s, stretch, style, 2.5, 3, n, look.Describe))
		}
	}
	if everyone := (analytics.Series{Department: surveys.Department{Name: look.Everyone}, Points: look.Organisation}); slices.ContainsFunc(everyone.Points, analytics.Group.Shown) {
		for n, stretch := range stretches(t, everyone) {
			grey = append(grey, line(t, everyone, stretch, Style{organisation, "solid", "none"}, 2, 2, n, look.Describe))
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
			ls.EndLabel.Formatter += "  " + figure(t, s.Points[last])
			ls.EndLabel.Weight = "bold"
		}
		if s.Warns(last) {
			ls.EndLabel.Formatter += Doubt
		}
	}
	return ls
}

// Doubt stands behind the name of a department whose newest figure carries a warning about who answered.
const Doubt = " ⚠"

// figure is a mean as it stands beside a name. A recommend score has a sign.
func figure(t *analytics.Trend, g analytics.Group) string {
	if t.Recommends() {
		return strings.ReplaceAll(fmt.Sprintf("%+.0f", stats.Whole(g.Mean)), "-", "−")
	}
	return fmt.Sprintf("%.0f", stats.Whole(g.Mean))
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
		}, Silent: true, Z: 2, StackStrategy: "all"}
	}
	return []lineSeries{make("-low", base, 0), make("-range", width, 0.14)}
}

// Mean writes a shown group's mean with its interval, if it has one: "66 (61–71)", and of scores that may be negative
// "−4 (−12; 5)".
func Mean(g analytics.Group) string {
	if g.HasInterval && g.Low < -0.5 {
		return strings.ReplaceAll(fmt.Sprintf("%.0f (%.0f; %.0f)", stats.Whole(g.Mean), stats.Whole(g.Low), stats.Whole(g.High)), "-", "−")
	}
	if g.HasInterval {
		return fmt.Sprintf("%.0f (%.0f–%.0f)", stats.Whole(g.Mean), stats.Whole(g.Low), stats.Whole(g.High))
	}
	return fmt.Sprintf("%.0f", stats.Whole(g.Mean))
}

func round(x float64) float64 { return math.Round(x*100) / 100 }
