package settings

import (
	"fmt"
	"strings"

	"gorm.io/gorm"

	"soundings/surveys"
)

// Looks are the colours of the pages that respondents meet. One colour cannot be read on white and on nearly black, so
// there are two.
type Looks struct {
	Light string // accent on light pages, "#rrggbb"; empty: the program's own
	Dark  string // accent on dark pages; empty: the nearest to Light that can be read there
}

const (
	accentLight = "look.accent_light"
	accentDark  = "look.accent_dark"
)

// ReadLooks reads the colours.
func ReadLooks(db *gorm.DB) (Looks, error) {
	v, err := read(db, accentLight, accentDark)
	return Looks{v[accentLight], v[accentDark]}, err
}

// SaveLooks saves the colours. One that cannot be read on its background is refused, with its contrast and the nearest
// colour that can.
func SaveLooks(tx *gorm.DB, l Looks) error {
	l.Light, l.Dark = strings.ToLower(strings.TrimSpace(l.Light)), strings.ToLower(strings.TrimSpace(l.Dark))
	var faults surveys.Faults
	for _, f := range []struct {
		path, text string
		page       page
	}{{"accent_light", l.Light, lightPage()}, {"accent_dark", l.Dark, darkPage()}} {
		if f.text != "" {
			faults = append(faults, f.page.faults(f.path, f.text)...)
		}
	}
	if l.Light == "" && l.Dark != "" {
		faults = append(faults, fault("accent_light", "both", "is needed where there is one for dark pages"))
	}
	if len(faults) > 0 {
		return &surveys.Error{Kind: surveys.Invalid, Op: "settings: looks", Message: "a colour cannot be used", Faults: faults}
	}
	return write(tx, map[string]string{accentLight: l.Light, accentDark: l.Dark})
}

func (p page) faults(path, text string) surveys.Faults {
	c, ok := parseColour(text)
	if !ok {
		return surveys.Faults{fault(path, "colour", "must be a colour such as #01665e")}
	}
	if ratio := p.contrast(c); ratio < Readable {
		f := fault(path, "contrast", fmt.Sprintf("has a contrast of %.1f:1 and needs %.1f:1; the nearest that can be read is %s", ratio, Readable, p.nearest(c)))
		f.Args = map[string]string{"Ratio": fmt.Sprintf("%.1f", ratio), "Nearest": p.nearest(c).String()}
		return surveys.Faults{f}
	}
	return nil
}

// Sheet is the style sheet that puts the colours into force, or empty for the program's own.
func (l Looks) Sheet() string {
	light, ok := parseColour(l.Light)
	if !ok {
		return ""
	}
	dark, ok := parseColour(l.Dark)
	if !ok {
		dark = darkPage().nearest(light)
	}
	return fmt.Sprintf(":root{%s}\n@media (prefers-color-scheme:dark){:root{%s}}\n", lightPage().rules(light), darkPage().rules(dark))
}

func (p page) rules(accent colour) string {
	return fmt.Sprintf("--accent:%s;--on-accent:%s;--wash:%s", accent, p.onAccent, p.wash(accent))
}
