package chart

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestACaptionIsDrawnAroundEveryKindOfChart(t *testing.T) {
	trend, styles := small()
	look := Look{Styles: styles, Describe: describe, Marks: []Mark{{At: 1, Label: "New tickets"}}}
	caption := Caption{Title: `What & <who>`, Of: "Harbour Group · Q1 to Q3", Note: "mean 0–100", Source: "Source: a survey"}
	for name, c := range map[string]struct {
		size  Size
		build func() ([]byte, error)
	}{
		"trend":     {Size{Width: 1000, Height: 420}, func() ([]byte, error) { return Trend(trend, look) }},
		"multiples": {MultiplesSize(trend, 1000), func() ([]byte, error) { return Multiples(trend, look, 1000) }},
		"bars":      {BarsSize(1), func() ([]byte, error) { return Bars([]BarRow{{Name: "Yes", Value: 40, End: "40"}}) }},
		"levels": {RowsSize(1), func() ([]byte, error) {
			return Diverging([]string{"no", "so", "yes"}, []DivergingRow{{Name: "All", Shares: []float64{20, 30, 50}, Tips: make([]string, 3)}})
		}},
		"heat": {HeatSize(1, 1), func() ([]byte, error) {
			return Heat([]string{"Q"}, []string{"All"}, [][]HeatCell{{{Shown: true, Text: "50"}}})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			plain := pictured(t, c.build, c.size)
			if plain.says(caption.Title) || plain.elements["title"] > 0 {
				t.Error("the picture of the page has a caption")
			}
			var size Size
			p := pictured(t, func() ([]byte, error) {
				options, err := c.build()
				if err != nil {
					return nil, err
				}
				options, size, err = Captioned(options, c.size, caption)
				return options, err
			}, Size{Width: c.size.Width, Height: c.size.Height + 140})
			for _, want := range []string{caption.Title, caption.Of, caption.Note, caption.Source} {
				if !p.says(want) {
					t.Errorf("%q is not drawn, but %q", want, p.texts)
				}
			}
			if len(p.texts) != len(plain.texts)+4 {
				t.Errorf("with its caption it says %q, without %q", p.texts, plain.texts)
			}
			if p.elements["title"] != 1 || p.elements["desc"] != 1 {
				t.Errorf("nothing for those who do not see it: %v", p.elements)
			}
			if size.Height <= c.size.Height+70 || size.Width != c.size.Width {
				t.Errorf("%v became %v", c.size, size)
			}
		})
	}
}

// What stood at the top stands as much lower as the head is high, and the foot is beneath everything.
func TestACaptionCoversNothingOfItsChart(t *testing.T) {
	trend, styles := small()
	options, err := Trend(trend, Look{Styles: styles, Describe: describe})
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("very long words and more of them ", 9)
	captioned, size, err := Captioned(options, Size{Width: 1000, Height: 420}, Caption{Title: long, Of: "all", Note: long, Source: long})
	if err != nil {
		t.Fatal(err)
	}
	var drawn struct {
		Title []struct {
			Text, Subtext string
			Top           float64
			Style         struct{ LineHeight float64 } `json:"textStyle"`
			SubStyle      struct{ LineHeight float64 } `json:"subtextStyle"`
		}
		Grid        []struct{ Top, Bottom any }
		PaperHeight int
	}
	if err := json.Unmarshal(captioned, &drawn); err != nil || len(drawn.Title) != 2 || len(drawn.Grid) != 1 {
		t.Fatalf("%v in %s", err, captioned)
	}
	head, foot := drawn.Title[0], drawn.Title[1]
	lines := func(s string) float64 { return float64(1 + strings.Count(s, "\n")) }
	end := head.Top + lines(head.Text)*head.Style.LineHeight + lines(head.Subtext)*head.SubStyle.LineHeight
	if lines(head.Text) < 3 || lines(head.Subtext) < 3 {
		t.Errorf("long texts stay on one line: %q, %q", head.Text, head.Subtext)
	}
	if top, _ := drawn.Grid[0].Top.(float64); top < end {
		t.Errorf("the plot begins at %v, the head ends at %v", top, end)
	}
	if bottom, _ := drawn.Grid[0].Bottom.(float64); float64(size.Height)-bottom+20 > foot.Top {
		t.Errorf("the plot ends at %v, the foot begins at %v", float64(size.Height)-bottom, foot.Top)
	}
	if ends := foot.Top + lines(foot.Subtext)*foot.SubStyle.LineHeight; ends > float64(size.Height) || drawn.PaperHeight != size.Height {
		t.Errorf("the foot ends at %v of %d, said to be %d", ends, size.Height, drawn.PaperHeight)
	}
}

func TestLinesOfACaptionFitInEveryScript(t *testing.T) {
	for _, text := range []string{strings.Repeat("部門", 80), strings.Repeat("Donaudampfschifffahrt", 12), strings.Repeat("two words ", 30)} {
		lines := wrapped(text, 13, 400)
		if len(lines) < 2 || strings.ReplaceAll(strings.Join(lines, ""), " ", "") != strings.ReplaceAll(text, " ", "") {
			t.Errorf("%q became %q", text, lines)
		}
	}
	if lines := wrapped("", 13, 400); lines != nil {
		t.Errorf("nothing became %q", lines)
	}
}

func TestHiddenCellsAreHatchedOnEitherPaper(t *testing.T) {
	cells := [][]HeatCell{{{Shown: true, Class: 8, Text: "81"}, {Text: "hidden"}}}
	options, err := Heat([]string{"A", "B"}, []string{"All"}, cells)
	if err != nil {
		t.Fatal(err)
	}
	r, err := canvas()
	if err != nil {
		t.Fatal(err)
	}
	hatches := map[bool]string{false: "#dfe3e8", true: "#333e49"}
	for dark, hatch := range hatches {
		size := HeatSize(2, 1)
		size.Dark = dark
		svg, err := r.SVG(t.Context(), options, size)
		if err != nil {
			t.Fatal(err)
		}
		p := look(t, string(svg))
		if p.elements["pattern"] != 1 || !strings.Contains(string(svg), hatch) || strings.Contains(string(svg), hatches[!dark]) {
			t.Errorf("dark %t: %v\n%s", dark, p.elements, svg)
		}
	}
	all, err := Heat([]string{"A"}, []string{"All"}, [][]HeatCell{{{Shown: true, Class: 8, Text: "81"}}})
	if err != nil {
		t.Fatal(err)
	}
	if p := pictured(t, func() ([]byte, error) { return all, nil }, HeatSize(1, 1)); p.elements["pattern"] > 0 {
		t.Error("a cell that is shown is hatched")
	}
}
