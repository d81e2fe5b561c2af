package chart

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dop251/goja"

	"soundings/analytics"
	"soundings/analytics/disclosure"
	"soundings/static"
	"soundings/surveys"
)

// newRenderer draws with the scripts that are served.
func newRenderer(t testing.TB) *Renderer {
	t.Helper()
	r, err := NewRenderer(static.Public())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// canvas is one renderer for all tests that look at pictures; loading the scripts is most of their time.
var canvas = sync.OnceValues(func() (*Renderer, error) { return NewRenderer(static.Public()) })

// picture is what an SVG shows: its texts, and the colours and paths of the chosen lines.
type picture struct {
	texts    []string
	elements map[string]int
	strokes  map[string][]string // paths of lines by colour
}

func picturedTrend(t testing.TB, trend *analytics.Trend, styles map[surveys.DepartmentID]Style) picture {
	t.Helper()
	build := func() ([]byte, error) { return Trend(trend, Look{Styles: styles, Describe: describe}) }
	return pictured(t, build, Size{Width: 900, Height: 420})
}

func pictured(t testing.TB, build func() ([]byte, error), size Size) picture {
	t.Helper()
	r, err := canvas()
	if err != nil {
		t.Fatal(err)
	}
	options, err := build()
	if err != nil {
		t.Fatal(err)
	}
	svg, err := r.SVG(t.Context(), options, size)
	if err != nil {
		t.Fatalf("%v, drawing %s", err, options)
	}
	return look(t, string(svg))
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
	trend, styles := small()
	p := picturedTrend(t, trend, styles)
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
	for _, name := range []string{"{a}", "{b} and {c}", "{c0}", "$& $1 $$", "{@[1]} {@value}", "A&B", "a{b|c}", `"x" 'y'`, "%s", "ünïcödé 部門 قسم"} {
		p := picturedTrend(t, trendOf(quarters(), lineOf(1, name, shown(50, 40, 60, 9), shown(50, 40, 60, 9), shown(61, 40, 70, 9)),
			lineOf(2, "other", fact(20), fact(30), fact(40))), choose(1))
		if !p.says(name + "  61") {
			t.Errorf("the label of %q is drawn as %q", name, p.texts)
		}
		p = picturedTrend(t, trendOf(quarters(), lineOf(1, name, fact(20), fact(30), fact(40))), nil)
		if !p.says(name) {
			t.Errorf("the grey label of %q is drawn as %q", name, p.texts)
		}
	}
}

func TestALineThroughAnotherSurveysWavesIsJoinedAndOneThroughAHiddenWaveIsNot(t *testing.T) {
	colour := Styles()[0].Colour
	moves := func(waves []analytics.Wave, points ...analytics.Group) (n int) {
		for _, path := range picturedTrend(t, trendOf(waves, lineOf(1, "Finance", points...)), choose(1)).strokes[colour] {
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
	for name, trend := range map[string]*analytics.Trend{
		"nothing":      trendOf(nil),
		"no lines":     trendOf(quarters()),
		"all hidden":   trendOf(quarters(), lineOf(1, "Legal", coarse(), coarse(), hidden(disclosure.TooFew))),
		"one wave":     trendOf(quarters()[:1], lineOf(1, "Finance", fact(50))),
		"at the edges": trendOf(quarters(), lineOf(1, "Finance", fact(0), fact(100), fact(0))),
	} {
		if p := picturedTrend(t, trend, choose(1)); p.elements["svg"] != 1 {
			t.Errorf("%s: drawn is %v", name, p.elements)
		}
	}
	many := trendOf(quarters())
	for i := range 40 {
		many.Series = append(many.Series, lineOf(i+1, fmt.Sprint("Department ", i+1), shown(50, 40, 60, 9), shown(float64(2*i), 0, 100, 9), shown(float64(2*i+10), 0, 100, 9)))
	}
	p := picturedTrend(t, many, choose(1, 2, 3, 4, 5, 6, 7, 8))
	for i := range 8 {
		if want := fmt.Sprintf("Department %d  %d", i+1, 2*i+10); !p.says(want) {
			t.Errorf("of 40 departments the chosen %q has no label", want)
		}
	}
}

func TestThePictureOfTheSameOptionsIsTheSameAndDrawnOnce(t *testing.T) {
	first, second := newRenderer(t), newRenderer(t)
	trend, styles := small()
	options, err := Trend(trend, Look{Styles: styles, Describe: describe})
	if err != nil {
		t.Fatal(err)
	}
	draw := func(r *Renderer, size Size) string {
		svg, err := r.SVG(t.Context(), options, size)
		if err != nil {
			t.Fatal(err)
		}
		return string(svg)
	}
	size := Size{Width: 700, Height: 300}
	once := draw(first, size)
	draw(second, Size{Width: 300, Height: 300})
	if again := draw(second, size); again != once {
		t.Errorf("drawn after another picture it is\n%s\nbut drawn first\n%s", again, once)
	}
	dark := draw(first, Size{Width: 700, Height: 300, Dark: true})
	if !strings.Contains(once, "#0072B2") || strings.Contains(dark, "#0072B2") || !strings.Contains(dark, "#4aa3df") {
		t.Error("dark paper has the colours of light paper")
	}
	first.pen = nil // a second drawing would now have to load the scripts
	if draw(first, size); first.pen != nil {
		t.Error("what was drawn is drawn again")
	}
	if want := `width="700" height="300"`; !strings.Contains(once, want) {
		t.Errorf("the picture has not %s", want)
	}
}

func TestARunawayDrawingIsStoppedAndTheNextIsDrawn(t *testing.T) {
	r := newRenderer(t)
	trend, styles := small()
	options, err := Trend(trend, Look{Styles: styles, Describe: describe})
	if err != nil {
		t.Fatal(err)
	}
	if r.pen, err = r.load(); err != nil {
		t.Fatal(err)
	}
	endless, err := r.pen.vm.RunString(`(function () { for (;;) {} })`)
	if err != nil {
		t.Fatal(err)
	}
	r.pen.draw, _ = goja.AssertFunction(endless)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := r.SVG(ctx, options, Size{Width: 700, Height: 300}); surveys.KindOf(err) != surveys.Unavailable {
		t.Errorf("a drawing without end: %v", err)
	}
	if svg, err := r.SVG(t.Context(), options, Size{Width: 700, Height: 300}); err != nil || !strings.Contains(string(svg), "Finance") {
		t.Errorf("after it: %v", err)
	}
	if _, err := r.SVG(t.Context(), []byte(`{"series": 5`), Size{Width: 700, Height: 300}); err == nil {
		t.Error("half an option is drawn")
	}
	if _, err := r.SVG(t.Context(), options, Size{Width: 700, Height: 301}); err != nil {
		t.Errorf("after a fault: %v", err)
	}
}

func TestManyAskAtOnceAndTheQueueHasAnEnd(t *testing.T) {
	r := newRenderer(t)
	trend, styles := small()
	options, err := Trend(trend, Look{Styles: styles, Describe: describe})
	if err != nil {
		t.Fatal(err)
	}
	r.turn <- struct{}{} // somebody draws
	answers := make(chan error)
	const asking = longestQueue + 3
	for i := range asking {
		go func() {
			_, err := r.SVG(t.Context(), options, Size{Width: 700 + i%2, Height: 300})
			answers <- err
		}()
	}
	for range asking - longestQueue {
		if err := <-answers; surveys.KindOf(err) != surveys.Unavailable {
			t.Errorf("beyond the queue: %v", err)
		}
	}
	<-r.turn
	for range longestQueue {
		if err := <-answers; err != nil {
			t.Errorf("within the queue: %v", err)
		}
	}
}

func TestTheLatestPicturesAreKept(t *testing.T) {
	c := newCache(100)
	key := func(n byte) [32]byte { return [32]byte{n} }
	for n := range byte(4) {
		c.put(key(n), make([]byte, 30))
		if _, ok := c.get(key(0)); !ok {
			t.Fatalf("what was asked for last is gone after %d", n)
		}
	}
	for n, want := range []bool{true, false, true, true} {
		if _, ok := c.get(key(byte(n))); ok != want {
			t.Errorf("picture %d is kept: %v, want %v", n, ok, want)
		}
	}
	if c.put(key(9), make([]byte, 101)); len(c.byKey) != 0 || c.room != 100 {
		t.Errorf("a picture larger than the cache leaves %d of it, and room for %d", len(c.byKey), c.room)
	}
}
