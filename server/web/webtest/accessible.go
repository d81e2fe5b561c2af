package webtest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/chromedp/chromedp"
)

// look is a screen that a page is seen on.
type look struct {
	width, height int64
	dark          bool
}

func (l look) String() string {
	return fmt.Sprintf("%d px wide, %s", l.width, map[bool]string{false: "light", true: "dark"}[l.dark])
}

// What axe looks for. Where only the colours changed, only they can have become wrong.
const (
	everything = `{ resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }`
	contrast   = `{ resultTypes: ["violations"], runOnly: ["color-contrast"] }`
)

// Accessible fails the test if axe finds anything on the page, best practices and targets under 24 pixels included, or it is
// laid out badly: as the tab shows it, and wide and on a phone, in light and in dark. On a tablet, whose words and colours
// are one of those, the layout alone is looked at. The tab then is as it was before. Where SOUNDINGS_SHOTS names a directory,
// a picture of each is written there.
func (tab *Tab) Accessible(page string) {
	tab.t.Helper()
	own := tab.begin(page)
	inColours := func(l look) {
		tab.t.Helper()
		if l.width != own.width {
			tab.show(l)
			tab.inspect(l, page, everything)
		}
		l.dark = !own.dark
		tab.show(l)
		tab.inspect(l, page, contrast)
	}
	inColours(own)
	for width, height := range map[int64]int64{1440: 900, 360: 740} {
		if width != own.width {
			inColours(look{width, height, own.dark})
		}
	}
	tablet := look{768, 1024, own.dark}
	tab.show(tablet)
	tab.inspect(tablet, page, "")
	if os.Getenv("SOUNDINGS_SHOTS") != "" {
		tablet.dark = !own.dark
		tab.show(tablet)
		tab.portray(tablet, page)
	}
	tab.show(own)
}

// AccessibleNow is Accessible for the page as the tab shows it, alone. It is enough where the same page is looked at in
// every way elsewhere.
func (tab *Tab) AccessibleNow(page string) {
	tab.t.Helper()
	tab.begin(page)
}

// begin makes axe ready on the page, looks at it as it is, and tells how that is.
func (tab *Tab) begin(page string) (own look) {
	tab.t.Helper()
	tab.Await(`document.readyState === "complete"`) // half a page has no heading yet
	tab.Do(chromedp.Evaluate[chromedp.Void](axe(tab)))
	own = look{tab.width, tab.height, Eval[bool](tab, `matchMedia("(prefers-color-scheme: dark)").matches`)}
	tab.inspect(own, page, everything)
	return own
}

func (tab *Tab) show(l look) {
	tab.t.Helper()
	tab.Do(screen(l.width, l.height), scheme(l.dark))
}

// axe is what must be evaluated on a page before axe.run can be.
func axe(tab *Tab) string {
	tab.t.Helper()
	_, here, _, _ := runtime.Caller(0)
	source, err := os.ReadFile(filepath.Join(filepath.Dir(here), "..", "testdata", "axe.min.js"))
	if err != nil {
		tab.t.Fatal(err)
	}
	return string(source)
}

// violation is one rule of axe that a page breaks.
type violation struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// inspect looks at the page as it is shown now, with the rules of axe if there are any. What moves when the look changes is
// taken to its end first.
func (tab *Tab) inspect(l look, page, rules string) {
	tab.t.Helper()
	run := `{ violations: [] }`
	if rules != "" {
		run = `await axe.run(` + rules + `)`
	}
	found := Eval[string](tab, `(async () => {
		for (const a of document.getAnimations()) { if (a instanceof CSSTransition) a.finish(); }
		const { violations } = `+run+`;
		return JSON.stringify({ violations, layout: `+layout+` });
	})()`)
	var result struct {
		Violations []violation `json:"violations"`
		Layout     []string    `json:"layout"`
	}
	if err := json.Unmarshal([]byte(found), &result); err != nil {
		tab.t.Fatal(err)
	}
	for _, fault := range result.Layout {
		tab.t.Errorf("%s, %s: %s", page, l, fault)
	}
	for _, v := range result.Violations {
		var where strings.Builder
		for _, n := range v.Nodes {
			fmt.Fprintf(&where, "\n  %s\n    %s", n.HTML, n.Summary)
		}
		tab.t.Errorf("axe on %s, %s: %s (%s): %s%s", page, l, v.ID, v.Impact, v.Help, where.String())
	}
	tab.portray(l, page)
}
