package chart

import (
	"cmp"
	"slices"
	"time"

	"soundings/analytics"
	"soundings/surveys"
)

// Mark is drawn as a vertical line; a visit as a triangle under the axis, and a promise kept as a diamond.
type Mark struct {
	At    float64 // place on the axis of waves: 1.5 is halfway from the second to the third
	Kind  MarkKind
	Label string
	Of    *analytics.Mark // what happened there; nil: it is of everybody
}

// MarkKind is what happened.
type MarkKind uint8

const (
	GoLive MarkKind = iota // a change reached its departments
	Break                  // the questions changed, so that lines do not go on
	Visit                  // IT visited a department
	Kept                   // a promise was kept
)

// Place is where a day lies on the axis of a trend, between the waves that opened before and after it. ok is false for
// days before the first wave, and for those after the newest, about which no wave says anything yet.
func Place(t *analytics.Trend, day time.Time) (at float64, ok bool) {
	for i := 1; i < len(t.Waves); i++ {
		from, to := t.Waves[i-1].Opened, t.Waves[i].Opened
		if to.After(from) && !day.Before(from) && !day.After(to) {
			return float64(i-1) + float64(day.Sub(from))/float64(to.Sub(from)), true
		}
	}
	return 0, false
}

// concerns reports whether a mark belongs into a department's own chart.
func (m Mark) concerns(d surveys.DepartmentID) bool { return m.Of == nil || m.Of.Concerns(d) }

// Marks are what happened, as far as it has a place on the axis of a trend, and its breaks, in the order of the axis.
func Marks(t *analytics.Trend, happened analytics.Marks, broken string) []Mark {
	list := Breaks(t, broken)
	for i, m := range happened {
		if at, ok := Place(t, m.Date); ok {
			kind := GoLive
			switch m.Kind {
			case analytics.Visited:
				kind = Visit
			case analytics.Kept:
				kind = Kept
			}
			list = append(list, Mark{At: at, Kind: kind, Label: m.Text, Of: &happened[i]})
		}
	}
	slices.SortStableFunc(list, func(a, b Mark) int { return cmp.Compare(a.At, b.At) })
	return list
}

// Breaks are the marks between neighbouring waves of one survey that asked different questions.
func Breaks(t *analytics.Trend, label string) (list []Mark) {
	for i := 1; i < len(t.Waves); i++ {
		if t.Waves[i-1].Survey == t.Waves[i].Survey && !t.Comparable(i-1, i) {
			list = append(list, Mark{At: float64(i) - 0.5, Kind: Break, Label: label})
		}
	}
	return list
}

// numberAxis lies over the axis of waves, so that something can stand between two of them.
type numberAxis struct {
	Type string `json:"type"`
	Min  int    `json:"min"`
	Max  int    `json:"max"`
	Show bool   `json:"show"`
	// GridIndex is the plot it lies over.
	GridIndex int `json:"gridIndex,omitempty"`
}

func markAxis(waves int) numberAxis { return numberAxis{Type: "value", Max: waves - 1} }

type markSeries struct {
	Type       string   `json:"type"`
	Data       []any    `json:"data"`
	XAxisIndex int      `json:"xAxisIndex"`
	YAxisIndex int      `json:"yAxisIndex,omitempty"`
	Silent     bool     `json:"silent"`
	MarkLine   markLine `json:"markLine"`
	// MarkPoint are the visits and the promises kept.
	MarkPoint *markPoint `json:"markPoint,omitempty"`
}

type markPoint struct {
	Symbol string      `json:"symbol"`
	Size   int         `json:"symbolSize"`
	Offset [2]int      `json:"symbolOffset"`
	Silent bool        `json:"silent"`
	Label  markLabel   `json:"label"`
	Data   []pointItem `json:"data"`
}

type pointItem struct {
	Symbol    string     `json:"symbol,omitempty"`
	Offset    *[2]int    `json:"symbolOffset,omitempty"` // in rows beneath the first
	Coord     [2]float64 `json:"coord"`
	ItemStyle itemColour `json:"itemStyle"`
}

type itemColour struct {
	Colour string `json:"color"`
}

type markLine struct {
	Symbol []string   `json:"symbol"`
	Silent bool       `json:"silent"`
	Data   []markItem `json:"data"`
}

type markItem struct {
	XAxis     float64   `json:"xAxis"`
	LineStyle lineStyle `json:"lineStyle"`
	Label     markLabel `json:"label"`
}

type lineStyle struct {
	Type  string  `json:"type"`
	Width float64 `json:"width"`
}

type markLabel struct {
	Show      bool   `json:"show"`
	Formatter string `json:"formatter"`
	Position  string `json:"position"`
	Distance  int    `json:"distance"`
	FontSize  int    `json:"fontSize"`
	Width     int    `json:"width"`
	Overflow  string `json:"overflow"`
}

const (
	markLineHeight = 15
	markRows       = 3 // rows of labels; those of marks that stand close together would cover each other in one
)

// lines are the marks that are drawn as lines.
func (look Look) lines() []Mark {
	return slices.DeleteFunc(slices.Clone(look.Marks), func(m Mark) bool { return m.below() })
}

// below reports whether a mark stands under the axis.
func (m Mark) below() bool { return m.Kind == Visit || m.Kind == Kept }

// markRoom is the room above the plot for the labels of lines, in pixels.
func markRoom(lines []Mark) int { return 16 + markLineHeight*min(len(lines), markRows) }

const (
	pointOffset = 7  // pixels from the axis down to the first row of points
	pointRow    = 10 // from row to row
)

// pointRows are the rows that the points of a chart stand in: one for each department drawn in colour that has any, and a
// last one for everybody's, who are department 0; departments that are visited on the same days would cover each other.
func (look Look) pointRows() (rows []surveys.DepartmentID) {
	everybody := false
	for _, m := range look.Marks {
		if !m.below() || m.Of == nil {
			continue
		}
		everybody = everybody || m.Of.Everybody
		for _, d := range m.Of.Departments {
			if _, ok := look.Styles[d]; ok && !slices.Contains(rows, d) {
				rows = append(rows, d)
			}
		}
	}
	slices.Sort(rows)
	if everybody {
		rows = append(rows, 0)
	}
	return rows
}

// points are the visits and the promises kept of departments that are drawn in colour, each in that colour; those of all
// departments would cover each other. A promise to everybody is drawn once, in the colour of the whole organisation. They
// stand under the axis, which lies at low, in the rows given; all in the first without any.
func (look Look) points(low float64, rows []surveys.DepartmentID) *markPoint {
	p := &markPoint{Symbol: "triangle", Size: 8, Offset: [2]int{0, pointOffset}, Silent: true}
	in := func(d surveys.DepartmentID) *[2]int {
		if at := slices.Index(rows, d); at > 0 {
			return &[2]int{0, pointOffset + at*pointRow}
		}
		return nil
	}
	for _, m := range look.Marks {
		if !m.below() || m.Of == nil {
			continue
		}
		item := pointItem{Coord: [2]float64{m.At + float64(look.Earlier.length()), low}, ItemStyle: itemColour{organisation}}
		if m.Kind == Kept {
			item.Symbol = "diamond"
		}
		if m.Of.Everybody {
			item.Offset = in(0)
			p.Data = append(p.Data, item)
			continue
		}
		for _, d := range m.Of.Departments {
			if style, ok := look.Styles[d]; ok {
				item.ItemStyle.Colour, item.Offset = style.Colour, in(d)
				p.Data = append(p.Data, item)
			}
		}
	}
	if len(p.Data) == 0 {
		return nil
	}
	return p
}

// marks are drawn over a plot whose axis lies at low, points under it in the rows given.
func marks(look Look, low float64, rows []surveys.DepartmentID) markSeries {
	s := markSeries{Type: "line", Data: []any{}, XAxisIndex: 1, Silent: true, MarkLine: markLine{Symbol: []string{"none", "none"}, Silent: true, Data: []markItem{}}, MarkPoint: look.points(low, rows)}
	lines := look.lines()
	width := 300
	if len(lines) > markRows { // some share a row
		width = 170
	}
	for i, m := range lines {
		style := lineStyle{Type: "dashed", Width: 1.2}
		if m.Kind == Break {
			style = lineStyle{Type: "dotted", Width: 1}
		}
		s.MarkLine.Data = append(s.MarkLine.Data, markItem{XAxis: m.At + float64(look.Earlier.length()), LineStyle: style, Label: markLabel{Show: true, Formatter: literal(m.Label),
			Position: "end", Distance: 4 + markLineHeight*(i%markRows), FontSize: 11, Width: width, Overflow: "truncate"}})
	}
	return s
}
