package web

import (
	"bytes"
	"fmt"
	"image/color"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/server/accounts"
	"soundings/server/demo"
	"soundings/server/web/webtest"
	"soundings/surveys/store/storetest"
)

// What the margins of A4 leave, in CSS pixels of 96 to an inch: 210 mm less twice 14, and 297 mm less 16 and 18.
const (
	paperWidth  = 688
	paperHeight = 994
)

// misprinted lists what is wrong with a page as it is laid out on paper.
const misprinted = `(() => {
  const faults = new Set(), beyond = new Set();
  const shown = (e) => e.checkVisibility() && e.getClientRects().length > 0 && !e.closest(".visually-hidden, .skip-link");
  const named = (e) => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + (e.getAttribute("class") ? "." + e.getAttribute("class") : "") + " " + (e.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 40);
  const all = [...document.body.querySelectorAll("*")].filter(shown);
  const light = (value, backdrop) => { // relative luminance, near enough to tell ink from paper
    const [r, g, b, a = 1] = (value.match(/[\d.]+/g) ?? []).map(Number), share = value.startsWith("color(") ? 1 : 255;
    return a === 0 ? backdrop : (0.2126 * r + 0.7152 * g + 0.0722 * b) / share;
  };
  for (const e of all) {
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    if (e.matches("button, input, select, textarea, nav, [role=button], .btn, a[href$='/new'], a[href*='/new?'], a[href$='/edit']")) faults.add("a control: " + named(e));
    const off = box.width > 1 && (box.right > innerWidth + 1 || box.left < -1);
    if (off && !beyond.has(e.parentElement)) faults.add(Math.round(box.right - innerWidth) + " pixels beyond the paper: " + named(e));
    if (off) beyond.add(e);
    if (style.overflowX !== "visible" && style.overflowX !== "clip" && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1) faults.add("scrolls: " + named(e));
    if (e.matches("details:not([open])") && e.querySelector(":scope > :not(summary)")) {
      const inside = e.querySelector(":scope > :not(summary)");
      if (!shown(inside)) faults.add("folded away: " + named(e));
    }
    // Whatever must stay whole does so only where it, or what it is in, may not be broken and fits on one sheet.
    if (e.matches("tr, figure, img, blockquote, .fact, .figure-title") && !e.closest("svg")) {
      let whole = e;
      while (whole && !/^avoid/.test(getComputedStyle(whole).breakInside)) whole = whole.parentElement;
      if (!whole && e.tagName !== "IMG") faults.add("may be cut: " + named(e));
      if (e.matches("tr, figure, img, blockquote") && box.height > innerHeight) faults.add("longer than a sheet: " + named(e));
    }
    const exact = e.closest("*") && style.printColorAdjust === "exact";
    if (!exact && light(style.backgroundColor, 1) < 0.85) faults.add("a dark ground: " + named(e) + " " + style.backgroundColor);
    const written = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (written && !exact && !e.closest("svg") && light(style.color, 0) > 0.6) faults.add("pale ink: " + named(e) + " " + style.color);
  }
  for (const chart of document.querySelectorAll("[data-chart]")) {
    const pictures = [...chart.querySelectorAll("img")].filter(shown);
    if (shown(chart) && (pictures.length !== 1 || pictures[0].naturalWidth === 0)) faults.add(pictures.length + " pictures of " + named(chart));
    if (shown(chart.querySelector("[data-chart-plot]"))) faults.add("the plot of the screen: " + named(chart));
  }
  const numbered = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).some((rule) => rule instanceof CSSPageRule && [...(rule.cssRules ?? [])].some((m) => m.cssText.includes("counter(page)")));
  if (!numbered) faults.add("no page numbers");
  return [...faults];
})()`

// Every page of results can be taken to a meeting on paper: all of it, nothing that only a screen needs, light though the
// system is dark. Nothing that belongs together is longer than a sheet or may be cut.
func TestResultsCanBePrintedWhole(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t))
	today := time.Date(2027, time.February, 10, 12, 0, 0, 0, time.UTC)
	if _, err := demo.Fill(t.Context(), demo.Deps{Store: o.Store, Catalog: o.Catalog, Intake: o.Intake, Secret: o.Secret, Now: today}); err != nil {
		t.Fatal(err)
	}
	o.member(accounts.Admin)
	tab := o.enterAs(accounts.Admin, o.browsing().Tab(1280, 900, webtest.Dark()))
	for _, page := range []struct {
		path        string
		least, most int // sheets
		headings    []string
	}{
		{"/", 1, 3, []string{"Who moved"}},
		{"/trend", 2, 4, []string{"What went live"}},
		{"/results/waves/16", 2, 5, []string{"Answered in words"}},
		{"/results/waves/16?by=band", 2, 4, []string{"Answered in words"}},
		{"/departments/4", 4, 6, []string{"What goes with openness"}},
		{"/comments", 2, 3, []string{"In their own words"}},
	} {
		tab.Resize(1280, 900)
		tab.Do(webtest.Dark())
		tab.Open(o.BaseURL + page.path)
		tab.Await(`[...document.querySelectorAll("[data-chart]")].every((e) => "chartPrintable" in e.dataset)`)
		tab.OnPaper(paperWidth, paperHeight)
		for _, fault := range webtest.Eval[[]string](tab, misprinted) {
			t.Errorf("%s: %s", page.path, fault)
		}
		sheets, headings := printed(tab.Paper(8.27, 11.69))
		if sheets < page.least || sheets > page.most {
			t.Errorf("%s: %d sheets", page.path, sheets)
		}
		for _, heading := range page.headings {
			if !slices.ContainsFunc(headings, func(h string) bool { return strings.Contains(h, heading) }) {
				t.Errorf("%s: no %q among %q", page.path, heading, headings)
			}
		}
	}
	tab.Resize(1280, 900)
	tab.Do(webtest.Dark())
	tab.Open(o.BaseURL + "/trend")
	o.pictured(tab)
}

// pictured takes the figure of a page away as a PNG, and checks that it is that figure: of its size, twice over, light,
// and with something on it.
func (o *office) pictured(tab *webtest.Tab) {
	o.t.Helper()
	tab.Await(`document.querySelector("[data-figure-png]").checkVisibility()`)
	height := webtest.Eval[int](tab, `fetch(document.querySelector("[data-chart]").dataset.chartFile).then((r) => r.json()).then((o) => o.paperHeight)`)
	file, name := tab.Download("[data-figure-png]")
	picture, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		o.t.Fatalf("%s is no PNG: %v", name, err)
	}
	if want := fmt.Sprintf("2000 x %d", 2*height); height < 300 || fmt.Sprintf("%d x %d", picture.Bounds().Dx(), picture.Bounds().Dy()) != want {
		o.t.Errorf("%s is of %v, want %s", name, picture.Bounds(), want)
	}
	if wanted := webtest.Eval[string](tab, `document.querySelector("figure").dataset.name`) + ".png"; name != wanted {
		o.t.Errorf("the file is called %q, want %q", name, wanted)
	}
	colours := map[color.Color]int{}
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y += 3 {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x += 3 {
			colours[picture.At(x, y)]++
		}
	}
	corner, _, _, alpha := picture.At(2, 2).RGBA()
	if len(colours) < 50 || alpha != 0xffff || corner < 0xf000 {
		o.t.Errorf("%s has %d colours on a ground of %v", name, len(colours), picture.At(2, 2))
	}
}
