package chart

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/analytics"
	"soundings/surveys"
)

// dated gives waves their days of opening.
func dated(waves []analytics.Wave, days ...string) []analytics.Wave {
	for i, day := range days {
		waves[i].Opened, _ = time.Parse(time.DateOnly, day)
	}
	return waves
}

func TestADayLiesBetweenTheWavesAroundIt(t *testing.T) {
	trend := trendOf(dated(quarters(), "2026-01-01", "2026-01-11", "2026-03-02"))
	for day, want := range map[string]string{"2026-01-01": "0.00", "2026-01-06": "0.50", "2026-01-11": "1.00", "2026-02-05": "1.50", "2026-03-02": "2.00", "2025-12-31": "", "2026-03-03": ""} {
		at, _ := time.Parse(time.DateOnly, day)
		got := ""
		if place, ok := Place(trend, at); ok {
			got = fmt.Sprintf("%.2f", place)
		}
		if got != want {
			t.Errorf("%s lies at %q, want %q", day, got, want)
		}
	}
	if _, ok := Place(trendOf(nil), time.Now()); ok {
		t.Error("a day lies on an axis without waves")
	}
}

func TestABreakIsMarkedWhereASurveyAskedOtherwise(t *testing.T) {
	for name, c := range map[string]struct {
		waves []analytics.Wave
		want  []float64
	}{
		"the same":    {quarters(), nil},
		"a version":   {[]analytics.Wave{wave(1, 1, 1), wave(2, 1, 2), wave(3, 1, 2)}, []float64{0.5}},
		"two surveys": {[]analytics.Wave{wave(1, 1, 1), wave(2, 2, 2), wave(3, 1, 1)}, nil},
	} {
		var got []float64
		for _, m := range Breaks(trendOf(c.waves), "changed") {
			got = append(got, m.At)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: breaks at %v, want %v", name, got, c.want)
		}
	}
}

// What is said of a mark is drawn as it is written, and the organisation has a line of its own.
func TestMarksAndTheOrganisationAreDrawn(t *testing.T) {
	trend, styles := small()
	nasty := `{a} </text><script>`
	look := Look{Styles: styles, Describe: describe, Everyone: "Everybody", Organisation: []analytics.Group{shown(50, 45, 55, 90), fact(51), fact(54)},
		Marks: []Mark{{At: 0.5, Label: nasty}, {At: 1.5, Kind: Break, Label: "changed"}}}
	p := pictured(t, func() ([]byte, error) { return Trend(trend, look) }, Size{Width: 900, Height: 420})
	for _, want := range []string{nasty, "changed", "Everybody  54", "Finance  63"} {
		if !p.says(want) {
			t.Errorf("the picture does not say %q but %q", want, p.texts)
		}
	}
	if p.elements["script"] > 0 {
		t.Error("a mark became a script")
	}
}

// What happened stands where it belongs on the axis among the breaks, in their order.
func TestMarksLieInTheOrderOfTheAxis(t *testing.T) {
	trend := trendOf(dated([]analytics.Wave{wave(1, 1, 1), wave(2, 1, 1), wave(3, 1, 2)}, "2026-01-01", "2026-01-11", "2026-02-10"))
	day := func(text string) time.Time { at, _ := time.Parse(time.DateOnly, text); return at }
	got := ""
	for _, m := range Marks(trend, analytics.Marks{{Date: day("2026-01-06"), Text: "first", Everybody: true}, {Date: day("2026-02-09"), Text: "second", Everybody: true}, {Date: day("2026-03-09"), Text: "after"}}, "changed") {
		got += fmt.Sprintf("%s at %.2f, ", m.Label, m.At)
	}
	if want := "first at 0.50, changed at 1.50, second at 1.97, "; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// A department's own chart has the marks that concern it, and its part and the organisation's of what was measured before.
func TestASmallChartHasTheMarksAndTheBeginningOfItsDepartment(t *testing.T) {
	trend := trendOf(dated(quarters(), "2026-01-01", "2026-01-11", "2026-03-02"),
		lineOf(1, "Finance", shown(60, 50, 70, 20), shown(62, 52, 72, 20), shown(64, 54, 74, 20)), lineOf(2, "Legal", shown(50, 40, 60, 20), shown(52, 42, 62, 20), shown(54, 44, 64, 20)))
	earlier := imported()
	earlier.Lines = append(earlier.Lines, analytics.PastLine{Everybody: true, Name: "all", Points: slices.Clone(earlier.Lines[0].Points)})
	at := trend.Waves[1].Opened
	happened := analytics.Marks{{Date: at, Text: "all", Everybody: true}, {Date: at, Text: "one", Departments: []surveys.DepartmentID{2}}}
	raw, err := Multiples(trend, Look{Describe: describe, Earlier: earlier, Marks: Marks(trend, happened, "")}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		XAxis []struct {
			GridIndex int
			Max       int
			Data      []string
		}
		Series []struct {
			ID                     string
			XAxisIndex, YAxisIndex int
			LineStyle              struct{ Type string }
			MarkLine               struct{ Data []struct{ XAxis float64 } }
		}
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	marked, begun := map[int]int{}, map[string]bool{}
	for _, s := range d.Series {
		for _, m := range s.MarkLine.Data {
			axis := d.XAxis[s.XAxisIndex]
			if marked[axis.GridIndex]++; m.XAxis != 3 || axis.Max != 4 || s.YAxisIndex != axis.GridIndex {
				t.Errorf("a mark at %v of %+v", m.XAxis, axis)
			}
		}
		if strings.Contains(s.ID, "earlier-") && s.LineStyle.Type == "dashed" {
			begun[s.ID] = true
		}
	}
	if marked[0] != 1 || marked[1] != 2 {
		t.Errorf("marks by chart: %v", marked)
	}
	if want := map[string]bool{"0-earlier-Finance": true, "0-earlier-Everyone": true, "1-earlier-Everyone": true}; fmt.Sprint(begun) != fmt.Sprint(want) {
		t.Errorf("beginnings are %v, want %v", begun, want)
	}
	if got := fmt.Sprint(d.XAxis[0].Data); got != "[2009 2010 2026 Q1 2026 Q2 2026 Q3]" {
		t.Errorf("the axis is %s", got)
	}
	if p := pictured(t, func() ([]byte, error) { return raw, nil }, MultiplesSize(trend, 1000)); p.says("all") || p.says("one") {
		t.Errorf("there is no room for the names of marks: %q", p.texts)
	}
}

func TestSmallChartsShareOneScaleAndShowTheOrganisation(t *testing.T) {
	trend, styles := small()
	look := Look{Styles: styles, Describe: describe, Everyone: "Everybody", Organisation: []analytics.Group{fact(50), fact(51), fact(54)}}
	raw, err := Multiples(trend, look, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Grid   []struct{}
		YAxis  []struct{ Min, Max float64 }
		Series []struct {
			Name       string
			XAxisIndex int
		}
	}
	if err := json.Unmarshal(raw, &d); err != nil || len(d.Grid) != 3 {
		t.Fatalf("%d small charts, %v: %s", len(d.Grid), err, raw)
	}
	everyone := 0
	for i, axis := range d.YAxis {
		if axis != d.YAxis[0] || axis.Min > 35.1 || axis.Max < 72 {
			t.Errorf("chart %d runs over %+v, the first over %+v", i, axis, d.YAxis[0])
		}
	}
	for _, s := range d.Series {
		if s.Name == "Everybody" {
			everyone++
		}
	}
	if everyone != 3 {
		t.Errorf("the organisation is drawn %d times", everyone)
	}
	for width, rows := range map[int]int{1000: 1, 700: 1, 360: 2} {
		if got := MultiplesSize(trend, width); got.Height != rows*cellHeight+8 {
			t.Errorf("on %d pixels it is %d high", width, got.Height)
		}
	}
	p := pictured(t, func() ([]byte, error) { return raw, nil }, MultiplesSize(trend, 1000))
	if !p.says("Finance  63") || !p.says("Works  70") || strings.Contains(strings.Join(p.texts, " "), "Legal") {
		t.Errorf("the picture says %q", p.texts)
	}
}

// Visits stand under the axis in the colour of their department, where it has one, and take no room from the plot. So do
// promises that were kept, as diamonds, and one to everybody once, in the colour of the whole organisation.
func TestVisitsStandUnderTheAxisInTheColourOfTheirDepartment(t *testing.T) {
	trend, styles := small() // departments 1 and 2 are drawn in colour
	dated(trend.Waves, "2026-01-01", "2026-01-11", "2026-03-02")
	day := func(text string) time.Time { at, _ := time.Parse(time.DateOnly, text); return at }
	happened := analytics.Marks{{Kind: analytics.Visited, Date: day("2026-01-06"), Departments: []surveys.DepartmentID{1}}, {Kind: analytics.Visited, Date: day("2026-02-05"), Departments: []surveys.DepartmentID{3}},
		{Kind: analytics.Visited, Date: day("2026-03-09"), Departments: []surveys.DepartmentID{1}},
		{Kind: analytics.Kept, Date: day("2026-02-05"), Everybody: true}}
	type drawing struct {
		Grid   []struct{ Top, Bottom string }
		XAxis  []struct{ AxisLabel struct{ Margin int } }
		YAxis  []struct{ Min float64 }
		Series []struct {
			XAxisIndex, YAxisIndex int
			MarkLine               struct{ Data []any }
			MarkPoint              struct {
				Data []struct {
					Symbol    string
					Offset    [2]int `json:"symbolOffset"`
					Coord     [2]float64
					ItemStyle struct{ Color string }
				}
			}
		}
	}
	drawn := func(raw []byte, err error) (d drawing, points []string) {
		if err == nil {
			err = json.Unmarshal(raw, &d)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range d.Series {
			for _, p := range s.MarkPoint.Data {
				if p.Coord[1] != d.YAxis[s.YAxisIndex].Min || len(s.MarkLine.Data) > 0 {
					t.Errorf("a visit lies at %v over an axis at %v", p.Coord, d.YAxis[s.YAxisIndex].Min)
				}
				points = append(points, fmt.Sprint(p.Coord[0], p.ItemStyle.Color, p.Symbol, p.Offset[1]))
			}
		}
		return d, points
	}
	look := Look{Styles: styles, Describe: describe, Marks: Marks(trend, happened, "")}
	d, points := drawn(Trend(trend, look))
	if want := []string{"0.5#0072B20", "1.5#7a828adiamond17"}; !slices.Equal(points, want) || d.Grid[0].Top != "16" {
		t.Errorf("visits are drawn at %v under a plot that begins at %s, want %v", points, d.Grid[0].Top, want)
	}
	if _, points := drawn(Multiples(trend, look, 1000)); !slices.Equal(points, []string{"0.5#0072B20", "1.5#7a828adiamond0", "1.5#7a828adiamond0", "1.5#0072B20", "1.5#7a828adiamond0"}) {
		t.Errorf("in small charts visits are drawn at %v", points)
	}
	// Each department has a row of its own, so that those visited on one day don't cover each other; the labels make room.
	both := analytics.Marks{{Kind: analytics.Visited, Date: day("2026-02-05"), Departments: []surveys.DepartmentID{2}}, {Kind: analytics.Visited, Date: day("2026-02-05"), Departments: []surveys.DepartmentID{1}}}
	for many, want := range map[int]struct{ margin, bottom string }{1: {"0", "28"}, 2: {"22", "38"}} {
		look.Marks = Marks(trend, both[:many], "")
		d, points := drawn(Trend(trend, look))
		if fmt.Sprint(d.XAxis[0].AxisLabel.Margin) != want.margin || d.Grid[0].Bottom != want.bottom || len(points) != many {
			t.Errorf("%d rows: labels are %d off, the plot ends %s above the edge, %v", many, d.XAxis[0].AxisLabel.Margin, d.Grid[0].Bottom, points)
		}
		if many == 2 && !slices.Equal(points, []string{"1.5#D55E0017", "1.5#0072B20"}) {
			t.Errorf("two on one day are drawn at %v", points)
		}
	}
}
