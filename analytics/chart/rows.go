package chart

import (
	"encoding/json"
	"unicode/utf8"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// scale is the nine colours from closed to open (ColorBrewer BrBG); the page's cells have the same.
var scale = [...]string{"#8c510a", "#bf812d", "#dfc27d", "#f6e8c3", "#f5f5f5", "#c7eae5", "#80cdc1", "#35978f", "#01665e"}

// Class is the place of a score of 0 to 100 among the nine colours; the middle one, 46 to 54, is neutral.
func Class(score float64) int {
	return max(0, min(len(scale)-1, int(score-14)/8))
}

const (
	rowHeight    = 34
	aroundRows   = 12
	legendHeight = 60
	nameWidth    = 300 // pixels for the name of a row, at most; longer ones are cut short
	nameDrawn    = 252 // pixels of it that may be filled: fonts of other systems are up to a sixth wider than is reckoned with
	endWidth     = 76  // pixels for what stands at the end of a row
	leastPrint   = 6.0 // percent: a narrower piece has no room for its number
)

// RowsSize is the paper of a chart of so many rows of levels, with the names of the levels beneath.
func RowsSize(rows int) Size {
	return Size{Width: 1000, Height: rows*rowHeight + aroundRows + legendHeight}
}

// BarsSize is the paper of a chart of so many bars.
func BarsSize(bars int) Size { return Size{Width: 1000, Height: bars*rowHeight + aroundRows} }

// rowAxis names the rows of a chart, the first at the top; go-echarts has no field for half of it.
type rowAxis struct {
	Type     string    `json:"type"`
	Data     []string  `json:"data"`
	Inverse  bool      `json:"inverse"`
	Position string    `json:"position,omitempty"`
	Line     visible   `json:"axisLine"`
	Tick     visible   `json:"axisTick"`
	Label    rowLabels `json:"axisLabel"`
}

type visible struct {
	Show bool `json:"show"`
}

type rowLabels struct {
	Interval int    `json:"interval"`
	Width    int    `json:"width"`
	Overflow string `json:"overflow"`
}

// piece is one bar, or a part of one. Name is what it says when it is pointed at.
type piece struct {
	Value float64     `json:"value"`
	Name  string      `json:"name,omitempty"`
	Label *pieceLabel `json:"label,omitempty"`
}

type pieceLabel struct {
	Show      bool   `json:"show"`
	Formatter string `json:"formatter,omitempty"`
}

// pieces is a series of bars.
type pieces struct {
	charts.SingleSeries
	Silent bool `json:"silent,omitempty"`
}

// rows are the options of a chart of horizontal bars with names before and texts after them, on an invisible scale from 0
// to most; levels, if any, are explained beneath.
func rows(names, ends, levels []string, most float64, series any) ([]byte, error) {
	options := rowsOn(map[string]any{"type": "value", "min": 0, "max": round(most), "show": false}, names, ends, series)
	if len(levels) > 0 {
		options["legend"] = map[string]any{"data": levels, "bottom": 0, "selectedMode": false, "icon": "roundRect", "itemWidth": 14, "itemHeight": 10, "itemGap": 24}
		roomBeneath(options, legendHeight)
	}
	return json.Marshal(options)
}

// roomBeneath keeps so many more pixels free under the rows.
func roomBeneath(options map[string]any, pixels int) {
	options["grid"].(map[string]any)["bottom"] = 8 + pixels
}

// rowsOn are the options of rows on a scale, with names before and texts after them.
func rowsOn(scale map[string]any, names, ends []string, series any) map[string]any {
	bar := charts.NewBar()
	bar.SetGlobalOptions(
		charts.WithAnimation(false),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item"}),
	)
	bar.Validate()
	options := bar.JSON()
	for _, key := range []string{"title", "legend", "color", "toolbox"} {
		delete(options, key)
	}
	axis := func(data []string, position string, width int) rowAxis {
		return rowAxis{Type: "category", Data: data, Inverse: true, Position: position, Label: rowLabels{Width: min(width-16, nameDrawn), Overflow: "truncate"}}
	}
	left := roomFor(names)
	options["grid"] = map[string]any{"left": left, "right": endWidth, "top": 4, "bottom": 8}
	options["xAxis"] = scale
	options["yAxis"] = []rowAxis{axis(names, "left", left), axis(ends, "right", endWidth)}
	options["series"] = series
	return options
}

// roomFor is how many pixels the names of rows get: what the longest needs, within bounds.
func roomFor(names []string) int {
	const least, letter = 72, 6.6
	longest := 0
	for _, name := range names {
		longest = max(longest, utf8.RuneCountInString(name))
	}
	return max(least, min(nameWidth, 24+int(letter*float64(longest))))
}

func bars(name, stack, colour string, data []piece) pieces {
	return pieces{SingleSeries: charts.SingleSeries{
		Name: name, Type: "bar", Stack: stack, Data: data, BarWidth: "70%",
		ItemStyle: &opts.ItemStyle{Color: colour},
		Label:     &opts.Label{Show: opts.Bool(false), Position: "inside", FontSize: 11, Color: ""},
	}}
}
