package chart

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Caption is what a picture says of itself where no page is around it.
type Caption struct {
	Title  string // what is drawn
	Of     string // of whom, and of when
	Note   string // how to read it
	Source string // where the figures come from
}

// Lines of a caption, in pixels.
const (
	captionSide  = 16
	captionAbove = 14
	captionGap   = 6
	titleSize    = 18
	titleLine    = 26
	noteSize     = 13
	noteLine     = 19
	sourceSize   = 11
	sourceLine   = 16
)

// Captioned draws the same chart with its caption around it, on white paper that is as much higher.
func Captioned(options []byte, size Size, c Caption) ([]byte, Size, error) {
	var drawn map[string]any
	if err := json.Unmarshal(options, &drawn); err != nil {
		return nil, size, fmt.Errorf("chart: caption: %w", err)
	}
	width := size.Width - 2*captionSide
	title, source := wrapped(c.Title, titleSize, width), wrapped(c.Source, sourceSize, width)
	var notes []string
	for _, text := range []string{c.Of, c.Note} {
		notes = append(notes, wrapped(text, noteSize, width)...)
	}
	head := captionAbove + len(title)*titleLine + captionGap + len(notes)*noteLine + captionGap
	foot := captionGap + len(source)*sourceLine + captionAbove
	for _, part := range []string{"grid", "title", "legend"} {
		drawn[part] = moved(drawn[part], head, foot)
	}
	titles, _ := drawn["title"].([]any)
	drawn["title"] = append(titles,
		captionText{Text: strings.Join(title, "\n"), Sub: strings.Join(notes, "\n"), Left: captionSide, Top: captionAbove, Padding: 0, Gap: captionGap,
			Style: captionStyle{titleSize, titleLine, 600}, SubStyle: captionStyle{noteSize, noteLine, 400}},
		captionText{Sub: strings.Join(source, "\n"), Left: captionSide, Top: head + size.Height + captionGap, Padding: 0,
			Style: captionStyle{1, 1, 400}, SubStyle: captionStyle{sourceSize, sourceLine, 400}})
	size.Height += head + foot
	drawn["backgroundColor"] = "#ffffff"
	drawn["paperHeight"] = size.Height // for who draws it in a window
	drawn["spoken"] = map[string]string{"title": c.Title, "desc": strings.TrimSpace(strings.Join([]string{c.Of, c.Note, c.Source}, "\n"))}
	captioned, err := json.Marshal(drawn)
	return captioned, size, err
}

type captionText struct {
	Text     string       `json:"text"`
	Sub      string       `json:"subtext"`
	Left     int          `json:"left"`
	Top      int          `json:"top"`
	Padding  int          `json:"padding"`
	Gap      int          `json:"itemGap"`
	Style    captionStyle `json:"textStyle"`
	SubStyle captionStyle `json:"subtextStyle"`
}

type captionStyle struct {
	Size   int `json:"fontSize"`
	Line   int `json:"lineHeight"`
	Weight int `json:"fontWeight"`
}

// moved shifts parts of a chart: what hangs on the upper edge of the paper down, what stands on the lower edge up.
func moved(part any, head, foot int) any {
	switch part := part.(type) {
	case []any:
		for i := range part {
			part[i] = moved(part[i], head, foot)
		}
	case map[string]any:
		for edge, by := range map[string]int{"top": head, "bottom": foot} {
			if at, ok := pixels(part[edge]); ok {
				part[edge] = at + float64(by)
			}
		}
	}
	return part
}

// pixels reads a distance, which go-echarts writes as text.
func pixels(distance any) (at float64, ok bool) {
	switch distance := distance.(type) {
	case float64:
		return distance, true
	case string:
		at, err := strconv.ParseFloat(distance, 64)
		return at, err == nil
	}
	return 0, false
}

// wrapped breaks a text into lines that fit a width, by the widths that letters of a size have at most.
func wrapped(text string, size, width int) (lines []string) {
	const latin, other = 0.58, 1.05 // of the size
	long := func(s string) (sum float64) {
		for _, r := range s {
			if r < 0x590 {
				sum += latin * float64(size)
			} else {
				sum += other * float64(size)
			}
		}
		return sum
	}
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && long(line+" "+word) > float64(width) {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
		for long(line) > float64(width) { // a script without spaces, or a very long word
			runes := []rune(line)
			n := max(1, int(float64(len(runes))*float64(width)/long(line)))
			lines, line = append(lines, string(runes[:n])), string(runes[n:])
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
