package chart

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"soundings/analytics"
	"soundings/analytics/disclosure"
	"soundings/surveys"
)

var update = flag.Bool("update", false, "write the golden files anew")

// drawn is a chart as a program reads it.
type drawn struct {
	XAxis []struct {
		Data []string
	}
	YAxis  []struct{ Min, Max *float64 }
	Series []drawnSeries
}

type drawnSeries struct {
	ID, Name, Type, Stack, Symbol string
	Data                          []struct {
		Value *float64
		Name  string
	}
	LineStyle    struct{ Color, Type string }
	ItemStyle    struct{ Color string }
	EndLabel     *struct{ Formatter string }
	ConnectNulls bool
	Silent       bool
}

func draw(t testing.TB, trend *analytics.Trend, styles map[surveys.DepartmentID]Style) (drawn, []byte) {
	t.Helper()
	raw, err := Trend(trend, Look{Styles: styles, Describe: describe})
	if err != nil {
		t.Fatal(err)
	}
	var d drawn
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	return d, raw
}

// of are the lines, or the parts of bands, of one department.
func (d drawn) of(name string, band bool) (list []drawnSeries) {
	for _, s := range d.Series {
		if s.Name == name && (s.Stack != "") == band {
			list = append(list, s)
		}
	}
	return list
}

func TestTheChartOfASmallTrendStaysAsItIs(t *testing.T) {
	trend, styles := small()
	raw, err := Trend(trend, Look{Styles: styles, Describe: describe})
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := json.Indent(&got, raw, "", "  "); err != nil {
		t.Fatal(err)
	}
	got.WriteByte('\n')
	golden := filepath.Join("testdata", "trend.json")
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("the chart is no longer that of %s (run with -update if that is meant):\n%s", golden, got.Bytes())
	}
}

// Everything a line or band draws is the table's figure to two decimals, and nothing that is not shown is drawn.
func TestTheChartDrawsTheFiguresOfTheTable(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		trend, styles := random(r)
		d, _ := draw(t, trend, styles)
		for _, s := range trend.Series {
			id := s.Department.ID
			lines, bands := d.of(s.Department.Name, false), d.of(s.Department.Name, true)
			_, chosen := styles[id]
			if any := slices.ContainsFunc(s.Points, analytics.Group.Shown); (len(lines) > 0) != any || (len(bands) > 0) != (any && chosen) {
				t.Fatalf("%s has %d lines and %d bands", s.Department.Name, len(lines), len(bands))
			}
			for i, g := range s.Points {
				mean, low, width := values(lines, i, ""), values(bands, i, "-low"), values(bands, i, "-range")
				if !g.Shown() {
					if len(mean)+len(low)+len(width) > 0 {
						t.Fatalf("%s, wave %d: %v is drawn: %v", s.Department.Name, i, g.Level, mean)
					}
					continue
				}
				want := []float64{decimals(g.Mean)}
				if len(lines) > 0 && !slices.Equal(mean, want) {
					t.Fatalf("%s, wave %d: drawn at %v, want %v", s.Department.Name, i, mean, want)
				}
				if !chosen {
					continue
				}
				from, to := g.Mean, g.Mean
				if g.HasInterval {
					from, to = g.Low, g.High
				}
				if len(low) != 1 || len(width) != 1 || low[0] != decimals(from) || math.Abs(low[0]+width[0]-decimals(to)) > 1e-9 {
					t.Fatalf("%s, wave %d: the band begins at %v and is %v wide, want %v to %v", s.Department.Name, i, low, width, decimals(from), decimals(to))
				}
			}
		}
	}
}

// values are those of a wave among the parts of a line whose ids end so.
func values(parts []drawnSeries, wave int, suffix string) (list []float64) {
	for _, p := range parts {
		if v := p.Data[wave].Value; v != nil && strings.HasSuffix(p.ID, suffix) {
			list = append(list, *v)
		}
	}
	return list
}

func decimals(x float64) float64 { return math.Round(x*100) / 100 }

func random(r *rand.Rand) (*analytics.Trend, map[surveys.DepartmentID]Style) {
	var waves []analytics.Wave
	for i := range 1 + r.IntN(6) {
		waves = append(waves, wave(i+1, surveys.SurveyID(1+r.IntN(2)), 1+r.IntN(2)))
	}
	trend := trendOf(waves)
	for d := range 1 + r.IntN(12) {
		s := lineOf(d+1, fmt.Sprint("Department ", d+1))
		for range waves {
			mean, half := 100*r.Float64(), 30*r.Float64()
			g := shown(mean, max(0, mean-half), min(100, mean+half), 5+r.IntN(50))
			switch r.IntN(6) {
			case 0:
				g = hidden(disclosure.TooFew)
			case 1:
				g = coarse()
			case 2:
				g = fact(float64(10 * r.IntN(11)))
			}
			s.Points = append(s.Points, g)
		}
		trend.Series = append(trend.Series, s)
	}
	var chosen []surveys.DepartmentID
	for range r.IntN(9) {
		if id := surveys.DepartmentID(1 + r.IntN(12)); !slices.Contains(chosen, id) {
			chosen = append(chosen, id)
		}
	}
	return trend, choose(chosen...)
}

func TestTheAxisHoldsEverythingThatIsDrawn(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		trend, styles := random(r)
		d, raw := draw(t, trend, styles)
		if len(d.YAxis) != 1 || d.YAxis[0].Min == nil || d.YAxis[0].Max == nil {
			t.Fatalf("the axis has no ends: %s", raw)
		}
		low, high := *d.YAxis[0].Min, *d.YAxis[0].Max
		if low < 0 || high > 100 || low >= high {
			t.Fatalf("the axis runs from %v to %v: %s", low, high, raw)
		}
		for _, s := range trend.Series {
			if _, chosen := styles[s.Department.ID]; chosen {
				for _, g := range s.Points {
					if g.Shown() && g.HasInterval && (g.Low < low || g.High > high) {
						t.Fatalf("the interval %v to %v leaves the axis of %v to %v", g.Low, g.High, low, high)
					}
				}
			}
			for _, g := range s.Points {
				if g.Shown() && (g.Mean < low || g.Mean > high) {
					t.Fatalf("%v leaves the axis of %v to %v", g.Mean, low, high)
				}
			}
		}
	}
}

func TestTheAxisHasRoomWhereEverythingLiesOnOneOfItsSteps(t *testing.T) {
	for mean, want := range map[float64][2]float64{0: {0, 10}, 50: {40, 60}, 100: {90, 100}} {
		d, _ := draw(t, trendOf(quarters(), lineOf(1, "Finance", fact(mean), fact(mean), fact(mean))), nil)
		if got := [2]float64{*d.YAxis[0].Min, *d.YAxis[0].Max}; got != want {
			t.Errorf("with %v alone the axis runs over %v, want %v", mean, got, want)
		}
	}
	d, _ := draw(t, trendOf(quarters(), lineOf(1, "Legal", coarse(), hidden(disclosure.TooFew), coarse())), choose(1))
	if *d.YAxis[0].Min != 0 || *d.YAxis[0].Max != 100 || len(d.Series) != 0 {
		t.Errorf("with nothing to draw the chart is %+v", d)
	}
}

func TestNamesAreDataAndNothingIsAFunction(t *testing.T) {
	names := []string{`</script><script>alert(1)</script>`, `{a}`, `"quoted" 'twice' \`, "function(){return 1}", "<!--", "\u2028line", "a\tb", "%d%s", "__proto__"}
	for _, name := range names {
		waves := quarters()
		waves[1].Label = name
		d, raw := draw(t, trendOf(waves, lineOf(1, name, shown(50, 40, 60, 9), shown(50, 40, 60, 9), shown(50, 40, 60, 9)),
			lineOf(2, "other", fact(1), fact(2), fact(3))), choose(1))
		if !json.Valid(raw) {
			t.Fatalf("%q: the chart is no JSON: %s", name, raw)
		}
		if bytes.ContainsAny(raw, "<>") || bytes.Contains(raw, []byte("__f__")) {
			t.Errorf("%q: the chart holds markup, or a mark of go-echarts for functions: %s", name, raw)
		}
		if len(d.of(name, false)) != 1 || len(d.of(name, true)) != 2 || d.XAxis[0].Data[1] != name {
			t.Errorf("%q: the lines are called %+v", name, d.Series)
		}
	}
}

func TestWhatIsNotShownLeavesNoTrace(t *testing.T) {
	trend, styles := small()
	_, raw := draw(t, trend, styles)
	if bytes.Contains(raw, []byte("Legal")) {
		t.Errorf("a department that is never shown is in the chart: %s", raw)
	}
	// Whatever a group that is not shown might hold, the chart is the same.
	for i := range trend.Series {
		for j, g := range trend.Series[i].Points {
			if !g.Shown() {
				g.N, g.Mean, g.SD, g.Low, g.High, g.HasInterval, g.Favourable, g.Headcount = 4, 12.34, 1, 2, 98, true, 77, 88
				trend.Series[i].Points[j] = g
			}
		}
	}
	if _, again := draw(t, trend, styles); !bytes.Equal(raw, again) {
		t.Errorf("figures that are not shown change the chart:\n%s\n%s", raw, again)
	}
}

// A line is drawn only between waves that asked the same questions of the same survey.
func TestLinesBreakWhereTheQuestionsChange(t *testing.T) {
	all := func() (points []analytics.Group) {
		for i := range 6 {
			points = append(points, shown(40+float64(i), 30, 60, 20))
		}
		return points
	}
	for name, test := range map[string]struct {
		waves []analytics.Wave
		runs  [][]int
	}{
		"one questionnaire": {[]analytics.Wave{wave(1, 1, 1), wave(2, 1, 1), wave(3, 1, 1), wave(4, 1, 1), wave(5, 1, 1), wave(6, 1, 1)}, [][]int{{0, 1, 2, 3, 4, 5}}},
		"a new version":     {[]analytics.Wave{wave(1, 1, 1), wave(2, 1, 1), wave(3, 1, 2), wave(4, 1, 2), wave(5, 1, 2), wave(6, 1, 2)}, [][]int{{0, 1}, {2, 3, 4, 5}}},
		"two surveys":       {[]analytics.Wave{wave(1, 1, 1), wave(2, 2, 1), wave(3, 1, 1), wave(4, 2, 1), wave(5, 1, 1), wave(6, 2, 1)}, [][]int{{0, 2, 4}, {1, 3, 5}}},
		"both":              {[]analytics.Wave{wave(1, 1, 1), wave(2, 2, 1), wave(3, 1, 2), wave(4, 2, 1), wave(5, 1, 2), wave(6, 2, 2)}, [][]int{{0}, {1, 3}, {2, 4}, {5}}},
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := draw(t, trendOf(test.waves, lineOf(1, "Finance", all()...), lineOf(2, "Works", all()...)), choose(1))
			for _, department := range []string{"Finance", "Works"} {
				var runs [][]int
				labels := 0
				for _, s := range d.of(department, false) {
					var run []int
					for i, p := range s.Data {
						if p.Value != nil {
							run = append(run, i)
						}
					}
					runs = append(runs, run)
					if s.EndLabel != nil {
						labels++
						if run[len(run)-1] != 5 {
							t.Errorf("%s: a line that ends before the newest wave has a label", department)
						}
					}
				}
				if fmt.Sprint(runs) != fmt.Sprint(test.runs) {
					t.Errorf("%s is drawn over %v, want %v", department, runs, test.runs)
				}
				if labels != 1 {
					t.Errorf("%s has %d labels", department, labels)
				}
			}
			ids, stacks := map[string]bool{}, map[string]int{}
			for _, s := range d.Series {
				if ids[s.ID] {
					t.Errorf("the id %q is there twice", s.ID)
				}
				ids[s.ID] = true
				if s.Stack != "" {
					stacks[s.Stack]++
				}
			}
			for stack, parts := range stacks {
				if parts != 2 {
					t.Errorf("%d parts are stacked as %s", parts, stack)
				}
			}
		})
	}
}

// Where a department was hidden there is a gap, also where another survey's waves lie between.
func TestALineHasAGapWhereTheDepartmentWasHidden(t *testing.T) {
	a, b := shown(40, 30, 50, 20), shown(60, 50, 70, 20)
	gap := hidden(disclosure.TooFew)
	for name, waves := range map[string][]analytics.Wave{
		"one survey":  {wave(1, 1, 1), wave(2, 1, 1), wave(3, 1, 1)},
		"two surveys": {wave(1, 1, 1), wave(2, 1, 1), wave(3, 1, 1), wave(4, 2, 1)},
	} {
		points := []analytics.Group{a, gap, b, b}[:len(waves)]
		d, _ := draw(t, trendOf(waves, lineOf(1, "Finance", points...)), choose(1))
		for _, s := range d.of("Finance", false) {
			if s.Data[0].Value != nil && s.Data[2].Value != nil && s.ConnectNulls {
				t.Errorf("%s: the line runs on over the wave in which the department was hidden", name)
			}
		}
	}
}

func TestTheEightStylesAreToldApartWithoutColour(t *testing.T) {
	styles := Styles()
	if len(styles) != 8 {
		t.Fatalf("%d styles", len(styles))
	}
	okabeIto := []string{"#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"}
	colours, marks := map[string]bool{}, map[string]bool{}
	for _, s := range styles {
		colours[s.Colour], marks[s.Dash+s.Symbol] = true, true
		if !slices.Contains(okabeIto, s.Colour) {
			t.Errorf("%s is not of Okabe and Ito", s.Colour)
		}
		if s.Symbol == "none" || s.Colour == unchosen {
			t.Errorf("%+v looks like a department that was not chosen", s)
		}
	}
	if len(colours) != 8 || len(marks) != 8 {
		t.Errorf("there are %d colours and %d combinations of dash and marker", len(colours), len(marks))
	}
	trend, chosen := small()
	d, _ := draw(t, trend, chosen)
	for id, style := range chosen {
		for _, s := range d.Series {
			if strings.HasPrefix(s.ID, fmt.Sprintf("d%d-", id)) && (s.LineStyle.Color != style.Colour || s.LineStyle.Type != style.Dash || s.Symbol != style.Symbol) {
				t.Errorf("department %d is drawn as %+v, want %+v", id, s, style)
			}
		}
	}
	if s := d.of("Works", false)[0]; s.LineStyle.Color != unchosen || s.Symbol != "none" {
		t.Errorf("a department that was not chosen is drawn as %+v", s)
	}
}
