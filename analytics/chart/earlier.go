package chart

import (
	"slices"
	"unicode/utf8"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"soundings/analytics"
	"soundings/surveys"
)

// Earlier is what was measured elsewhere before the first wave of a trend. It is drawn dashed with hollow marks, and no
// line leads from it to a wave.
type Earlier struct {
	*analytics.Imported
	Labels   []string                      // of its periods
	Styles   map[string]Style              // of the chosen lines, by name
	Describe func(p analytics.Past) string // the text that stands beside a point when it is pointed at
	Everyone string                        // what the organisation is called beside its line
}

// length is how many places on the axis it takes.
func (e *Earlier) length() int {
	if e == nil {
		return 0
	}
	return len(e.Labels)
}

// of is what was measured of a department and of the organisation, for a chart of its own.
func (e *Earlier) of(d surveys.Department, style Style) *Earlier {
	if e == nil {
		return nil
	}
	own, imported := *e, *e.Imported
	imported.Lines = slices.DeleteFunc(slices.Clone(imported.Lines), func(l analytics.PastLine) bool { return !l.Everybody && l.Department.ID != d.ID })
	own.Imported, own.Styles = &imported, map[string]Style{}
	for _, l := range imported.Lines {
		if !l.Everybody {
			own.Styles[l.Name] = style
		}
	}
	return &own
}

// before puts it before what is drawn of a trend: nothing of the trend has a value there.
func (e *Earlier) before(t *analytics.Trend, all []lineSeries) []lineSeries {
	n := e.length()
	if n == 0 {
		return all
	}
	for i := range all {
		if points, ok := all[i].Data.([]point); ok {
			all[i].Data = append(make([]point, n), points...)
		}
	}
	var grey, chosen []lineSeries
	for _, l := range e.Lines {
		style, ok := e.Styles[l.Name]
		switch {
		case l.Everybody:
			l.Name = e.Everyone
			chosen = append(chosen, e.line(l, Style{organisation, "dashed", "emptyCircle"}, 2, 2, len(t.Waves)))
		case ok:
			chosen = append(chosen, e.line(l, style, 2, 3, len(t.Waves)))
		default:
			grey = append(grey, e.line(l, Style{Colour: unchosen}, 1, 1, len(t.Waves)))
		}
	}
	return append(append(grey, chosen...), all...) // what was measured here names the chips beneath the chart
}

// shown lists what is drawn.
func (e *Earlier) shown() (all []analytics.Past) {
	for _, l := range e.Lines {
		for _, p := range l.Points {
			if p.Shown() {
				all = append(all, p)
			}
		}
	}
	return all
}

// longest is the length of the longest name at the end of a line, where no wave follows.
func (e *Earlier) longest() int {
	longest := 0
	if e == nil {
		return longest
	}
	for name := range e.Styles {
		longest = max(longest, utf8.RuneCountInString(name))
	}
	return max(longest, utf8.RuneCountInString(e.Everyone))
}

func (e *Earlier) line(l analytics.PastLine, style Style, width float32, z, waves int) lineSeries {
	points := make([]point, e.length()+waves)
	last := -1
	for i, p := range l.Points {
		if p.Shown() {
			value := round(p.Value)
			points[i], last = point{&value, e.Describe(p)}, i
		}
	}
	ls := lineSeries{SingleSeries: charts.SingleSeries{
		Name: l.Name, Type: "line", Id: "earlier-" + l.Name, Data: points, Symbol: hollow(style.Symbol), SymbolSize: 6,
		ShowSymbol: opts.Bool(true), LineStyle: &opts.LineStyle{Color: style.Colour, Width: width, Type: "dashed"}, ItemStyle: &opts.ItemStyle{Color: style.Colour},
	}, Z: z}
	if z > 1 && waves == 0 && last == e.length()-1 {
		ls.EndLabel = &endLabel{Show: true, Formatter: literal(l.Name), Distance: 8, Weight: "bold"}
	}
	return ls
}

// hollow is the outline of a mark.
func hollow(symbol string) string {
	switch symbol {
	case "circle":
		return "emptyCircle"
	case "rect":
		return "emptyRect"
	case "triangle":
		return "emptyTriangle"
	case "diamond":
		return "emptyDiamond"
	case "":
		return "none"
	}
	return symbol
}
