package chart

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/dop251/goja"

	"soundings/analytics"
	"soundings/analytics/disclosure"
	"soundings/static"
	"soundings/surveys"
)

// canvas runs the vendored ECharts, as a browser would, and draws SVG.
type canvas struct {
	vm     *goja.Runtime
	render goja.Callable
}

func newCanvas(t testing.TB) *canvas {
	t.Helper()
	source, err := fs.ReadFile(static.Public(), "vendor/echarts/echarts.min.js")
	if err != nil {
		t.Fatal(err)
	}
	vm := goja.New()
	if err := vm.Set("setTimeout", func(goja.Value, int) int { return 0 }); err != nil {
		t.Fatal(err)
	}
	if _, err := vm.RunString(string(source)); err != nil {
		t.Fatal(err)
	}
	value, err := vm.RunString(`(function (options) {
		var chart = echarts.init(null, null, {renderer: "svg", ssr: true, width: 900, height: 420});
		chart.setOption(JSON.parse(options));
		var svg = chart.renderToSVGString();
		chart.dispose();
		return svg;
	})`)
	if err != nil {
		t.Fatal(err)
	}
	render, ok := goja.AssertFunction(value)
	if !ok {
		t.Fatal("the script is no function")
	}
	return &canvas{vm, render}
}

// picture is what an SVG shows: its texts, and the colours and paths of the chosen lines.
type picture struct {
	texts    []string
	elements map[string]int
	strokes  map[string][]string // paths of lines by colour
}

func (c *canvas) draw(t testing.TB, trend *analytics.Trend, styles map[surveys.DepartmentID]Style) picture {
	t.Helper()
	options, err := Trend(trend, styles, describe)
	if err != nil {
		t.Fatal(err)
	}
	svg, err := c.render(goja.Undefined(), c.vm.ToValue(string(options)))
	if err != nil {
		t.Fatalf("%v, drawing %s", err, options)
	}
	return look(t, svg.String())
}

func look(t testing.TB, svg string) picture {
	t.Helper()
	p := picture{elements: map[string]int{}, strokes: map[string][]string{}}
	reader := xml.NewDecoder(strings.NewReader(svg))
	text := false
	for {
		token, err := reader.Token()
		if errors.Is(err, io.EOF) {
			return p
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			p.elements[token.Name.Local]++
			text = token.Name.Local == "text"
			attribute := map[string]string{}
			for _, a := range token.Attr {
				attribute[a.Name.Local] = a.Value
			}
			if stroke := attribute["stroke"]; stroke != "" && attribute["fill"] == "none" && attribute["stroke-width"] == "2.5" {
				p.strokes[stroke] = append(p.strokes[stroke], attribute["d"])
			}
		case xml.CharData:
			if text {
				p.texts = append(p.texts, string(token))
			}
		case xml.EndElement:
			text = false
		}
	}
}

func (p picture) says(text string) bool {
	for _, t := range p.texts {
		if strings.ReplaceAll(t, "\u2060", "") == text { // the joiner is not seen
			return true
		}
	}
	return false
}

func TestTheVendoredEChartsDrawsEveryLineAndNamesIt(t *testing.T) {
	c := newCanvas(t)
	trend, styles := small()
	p := c.draw(t, trend, styles)
	for _, want := range []string{"Finance  63", `</script><script>alert("1")</script>  48`, "Works", "2026 Q1", "2026 Q2", "2026 Q3"} {
		if !p.says(want) {
			t.Errorf("the picture does not say %q but %q", want, p.texts)
		}
	}
	if p.elements["script"] > 0 {
		t.Error("a name became a script")
	}
	if p.says("Legal") {
		t.Error("a department that is never shown is named")
	}
	for _, style := range styles {
		if len(p.strokes[style.Colour]) == 0 {
			t.Errorf("nothing is drawn in %s but in %v", style.Colour, p.strokes)
		}
	}
}

func TestEveryNameIsDrawnAsItIsWritten(t *testing.T) {
	c := newCanvas(t)
	for _, name := range []string{"{a}", "{b} and {c}", "{c0}", "$& $1 $$", "{@[1]} {@value}", "A&B", "a{b|c}", `"x" 'y'`, "%s", "ünïcödé 部門 قسم"} {
		p := c.draw(t, trendOf(quarters(), lineOf(1, name, shown(50, 40, 60, 9), shown(50, 40, 60, 9), shown(61, 40, 70, 9)),
			lineOf(2, "other", fact(20), fact(30), fact(40))), choose(1))
		if !p.says(name + "  61") {
			t.Errorf("the label of %q is drawn as %q", name, p.texts)
		}
		p = c.draw(t, trendOf(quarters(), lineOf(1, name, fact(20), fact(30), fact(40))), nil)
		if !p.says(name) {
			t.Errorf("the grey label of %q is drawn as %q", name, p.texts)
		}
	}
}

func TestALineThroughAnotherSurveysWavesIsJoinedAndOneThroughAHiddenWaveIsNot(t *testing.T) {
	c := newCanvas(t)
	colour := Styles()[0].Colour
	moves := func(waves []analytics.Wave, points ...analytics.Group) (n int) {
		for _, path := range c.draw(t, trendOf(waves, lineOf(1, "Finance", points...)), choose(1)).strokes[colour] {
			n += strings.Count(path, "L") + strings.Count(path, "C")
		}
		return n
	}
	at := func(mean float64) analytics.Group { return shown(mean, mean-10, mean+10, 20) }
	gap := hidden(disclosure.TooFew)
	alternating := []analytics.Wave{wave(1, 1, 1), wave(2, 2, 1), wave(3, 1, 1), wave(4, 2, 1), wave(5, 1, 1)}
	for want, got := range map[string]int{
		"2 strokes through three waves":            moves(quarters(), at(40), at(50), at(60)),
		"0 strokes over a hidden wave":             moves(quarters(), at(40), gap, at(60)),
		"3 strokes through alternating surveys":    moves(alternating, at(40), at(50), at(60), at(50), at(40)),
		"1 strokes over a hidden wave of a survey": moves(alternating, at(40), at(50), gap, at(50), at(40)),
	} {
		if !strings.HasPrefix(want, fmt.Sprint(got, " ")) {
			t.Errorf("there are %d strokes, want %s", got, want)
		}
	}
}

func TestAnyTrendIsDrawn(t *testing.T) {
	c := newCanvas(t)
	for name, trend := range map[string]*analytics.Trend{
		"nothing":      trendOf(nil),
		"no lines":     trendOf(quarters()),
		"all hidden":   trendOf(quarters(), lineOf(1, "Legal", coarse(), coarse(), hidden(disclosure.TooFew))),
		"one wave":     trendOf(quarters()[:1], lineOf(1, "Finance", fact(50))),
		"at the edges": trendOf(quarters(), lineOf(1, "Finance", fact(0), fact(100), fact(0))),
	} {
		if p := c.draw(t, trend, choose(1)); p.elements["svg"] != 1 {
			t.Errorf("%s: drawn is %v", name, p.elements)
		}
	}
	many := trendOf(quarters())
	for i := range 40 {
		many.Series = append(many.Series, lineOf(i+1, fmt.Sprint("Department ", i+1), shown(50, 40, 60, 9), shown(float64(2*i), 0, 100, 9), shown(float64(2*i+10), 0, 100, 9)))
	}
	p := c.draw(t, many, choose(1, 2, 3, 4, 5, 6, 7, 8))
	for i := range 8 {
		if want := fmt.Sprintf("Department %d  %d", i+1, 2*i+10); !p.says(want) {
			t.Errorf("of 40 departments the chosen %q has no label", want)
		}
	}
}
