package webtest

import (
	"bytes"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/chromedp/chromedp"
)

// layout is an expression that lists what is wrong with how a page is laid out: that it must be scrolled sideways, texts
// that are cut off without a title that says them whole, and texts that lie over each other. What can be scrolled into
// view, and what is there for screen readers alone, is not cut off; what floats above the page may cover it; drawings place
// their own texts.
const layout = `(() => {
	const styles = new Map(), style = (e) => styles.get(e) || (styles.set(e, getComputedStyle(e)), styles.get(e));
	const quote = (text) => JSON.stringify(text.trim().replace(/\s+/g, " ").slice(0, 60));
	const floating = (e) => e && (/absolute|fixed|sticky/.test(style(e).position) ? e : floating(e.parentElement));
	const faults = [], seen = [];
	const over = document.documentElement.scrollWidth - innerWidth;
	if (over > 0) faults.push("the page hangs over by " + over + " pixels");
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let text; (text = walker.nextNode());) {
		const parent = text.parentElement;
		if (!text.data.trim() || parent.closest("script, style, noscript, svg, option, textarea") || !parent.checkVisibility({ visibilityProperty: true })) continue;
		const range = document.createRange();
		range.selectNodeContents(text);
		const layer = floating(parent);
		for (const rect of range.getClientRects()) {
			let { left, right, top, bottom } = rect, cut = false, unseen = false;
			for (let e = parent; e && e !== document.body; e = e.parentElement) {
				const { overflowX, overflowY } = style(e);
				if (overflowX === "visible" && overflowY === "visible") continue;
				const box = e.getBoundingClientRect();
				unseen ||= box.width <= 1 || style(e).clipPath === "inset(50%)";
				const scrolls = /auto|scroll/.test(overflowX + overflowY);
				if (!scrolls && (right > box.right + 1 || left < box.left - 1 || bottom > box.bottom + 4 || top < box.top - 4) && !parent.closest("[title]")) cut = true;
				left = Math.max(left, box.left); right = Math.min(right, box.right);
				top = Math.max(top, box.top); bottom = Math.min(bottom, box.bottom);
				if (scrolls) break;
			}
			if (unseen) continue;
			if (cut) faults.push(quote(text.data) + " is cut off");
			if (right - left > 2 && bottom - top > 4) seen.push({ text, layer, left, right, top, bottom });
		}
	}
	seen.sort((a, b) => a.top - b.top);
	for (let i = 0; i < seen.length; i++) {
		for (let j = i + 1; j < seen.length && seen[j].top < seen[i].bottom - 4; j++) {
			const [a, b] = [seen[i], seen[j]];
			if (a.text !== b.text && a.layer === b.layer && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - b.top > 4)
				faults.push(quote(a.text.data) + " and " + quote(b.text.data) + " lie over each other");
		}
	}
	return [...new Set(faults)].slice(0, 12);
})()`

// unfit is what the name of a file is spared.
var unfit = regexp.MustCompile(`[^\w]+`)

// portray writes a picture of a page as it is shown now into the directory that SOUNDINGS_SHOTS names, for whoever wants to
// look: "trend-768-dark.png". A picture in which there is nothing fails the test.
func (tab *Tab) portray(l look, page string) {
	tab.t.Helper()
	dir := os.Getenv("SOUNDINGS_SHOTS")
	if dir == "" {
		return
	}
	name := strings.Trim(unfit.ReplaceAllString(page, "-"), "-")
	if name == "" {
		name = "overview"
	}
	picture := Get(tab, chromedp.FullScreenshot(100))
	if err := os.WriteFile(filepath.Join(dir, name+"-"+unfit.ReplaceAllString(l.String(), "-")+".png"), picture, 0o600); err != nil {
		tab.t.Fatal(err)
	}
	if few(picture, 24) {
		tab.t.Errorf("the picture of %s, %s, is blank", page, l)
	}
}

// few reports whether a picture has fewer colours than any page with letters on it, whose edges are smoothed.
func few(picture []byte, least int) bool {
	drawn, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return true
	}
	colours := map[color.Color]bool{}
	for y := drawn.Bounds().Min.Y; y < drawn.Bounds().Max.Y; y++ {
		for x := drawn.Bounds().Min.X; x < drawn.Bounds().Max.X; x++ {
			if colours[drawn.At(x, y)] = true; len(colours) >= least {
				return false
			}
		}
	}
	return true
}
