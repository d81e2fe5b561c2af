package settings

import (
	"fmt"
	"math"
	"strconv"
)

// Readable is the contrast that WCAG 2.2 asks of text (success criterion 1.4.3).
const Readable = 4.5

// colour is one of sRGB, each part from 0 to 255.
type colour struct{ r, g, b float64 }

func (c colour) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(math.Round(c.r)), int(math.Round(c.g)), int(math.Round(c.b)))
}

// parseColour reads "#01665e".
func parseColour(text string) (colour, bool) {
	if len(text) != 7 || text[0] != '#' {
		return colour{}, false
	}
	n, err := strconv.ParseUint(text[1:], 16, 32)
	return colour{float64(n >> 16), float64(n >> 8 & 0xff), float64(n & 0xff)}, err == nil
}

func mix(a, b colour, share float64) colour {
	part := func(x, y float64) float64 { return math.Round(x*share + y*(1-share)) }
	return colour{part(a.r, b.r), part(a.g, b.g), part(a.b, b.b)}
}

// luminance is the relative luminance of WCAG 2.2.
func (c colour) luminance() float64 {
	linear := func(part float64) float64 {
		if part /= 255; part <= 0.04045 {
			return part / 12.92
		}
		return math.Pow((part+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.r) + 0.7152*linear(c.g) + 0.0722*linear(c.b)
}

func contrast(a, b colour) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// page is what an accent must be read on: as text on the paper, on cards and on its own pale wash, and as the ground of a
// button's words. They are the colours of static/css/answer.css.
type page struct {
	paper, card, onAccent, toward colour
}

func lightPage() page {
	return page{paper: colour{0xfb, 0xfa, 0xf8}, card: colour{255, 255, 255}, onAccent: colour{255, 255, 255}, toward: colour{0, 0, 0}}
}

func darkPage() page {
	return page{paper: colour{0x12, 0x17, 0x1d}, card: colour{0x1a, 0x21, 0x29}, onAccent: colour{0x12, 0x17, 0x1d}, toward: colour{255, 255, 255}}
}

// wash is the pale ground of what is chosen.
func (p page) wash(accent colour) colour { return mix(accent, p.card, 0.12) }

// contrast is the least that an accent has on the page.
func (p page) contrast(accent colour) float64 {
	least := math.Inf(1)
	for _, ground := range []colour{p.paper, p.card, p.onAccent, p.wash(accent)} {
		least = min(least, contrast(accent, ground))
	}
	return least
}

// nearest is the accent itself where it can be read, else the first that can on the way to black or white.
func (p page) nearest(accent colour) colour {
	for share := 1.0; share > 0; share -= 0.01 {
		if c := mix(accent, p.toward, share); p.contrast(c) >= Readable {
			return c
		}
	}
	return p.toward
}
