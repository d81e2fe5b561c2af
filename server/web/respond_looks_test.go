package web

import (
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"soundings/server/web/webtest"
	"soundings/surveys/settings"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// TestTheFormFitsInThirtyKilobytes measures what comes over the wire on a first visit: page, style, script, icon and the
// worst of logos, headers included, for a survey whose change has as much to say as it may.
func TestTheFormFitsInThirtyKilobytes(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	path, _ := o.asks("longest")
	o.explainsAtLength("longest")
	if err := o.Store.Transact(t.Context(), "test", func(tx *store.Tx) error { return settings.SaveLogo(tx, []byte(logoFile(t, true))) }); err != nil {
		t.Fatal(err)
	}
	base := o.listen()
	for _, lang := range []string{"en", "de"} {
		tab := webtest.Start(t).Tab(phone, 740)
		finished := chromedp.Events(tab.Context(), network.LoadingFinished)
		if _, err := chromedp.Call(tab.Context(), network.Enable, network.EnableParams{}); err != nil {
			t.Fatal(err)
		}
		tab.Open(base + path + "?lang=" + lang)
		requests := webtest.Eval[int](tab, `performance.getEntriesByType("resource").length + 1`)
		if requests < 4 {
			t.Fatalf("only %d requests", requests)
		}
		var bytes float64
		for e, err := range finished {
			if err != nil {
				t.Fatal(err)
			}
			bytes += e.EncodedDataLength
			if requests--; requests == 0 {
				break
			}
		}
		if !webtest.Eval[bool](tab, `document.querySelector(".why").textContent.length > 5000`) {
			t.Errorf("%s: the page does not say why", lang)
		}
		t.Logf("%s: %.0f bytes", lang, bytes)
		if bytes > 30_000 {
			t.Errorf("%s: %.0f bytes come over the wire, at most 30,000 may", lang, bytes)
		}
	}
}

func TestAxeFindsNothingOnAnyPage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		lang  string
		look  func(tab *webtest.Tab, page string)
		setup []webtest.Action
	}{
		{"with scripts", "en", (*webtest.Tab).Accessible, nil},
		{"right to left", "ar", (*webtest.Tab).Accessible, []webtest.Action{webtest.Dark()}},
		{"without scripts", "de", (*webtest.Tab).AccessibleNow, []webtest.Action{webtest.WithoutScripts()}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(t, storetest.SQLite(t)).staffed()
			code, wave := o.open(everyKind(t, "en", "ar", "de"))
			fixed, _ := o.open(pulse(t), 1)
			base := o.listen()
			tab := webtest.Start(t).Tab(phone, 740, c.setup...)
			in := "?lang=" + c.lang
			visit := func(path string) {
				t.Helper()
				tab.Open(base + path)
				c.look(tab, c.name+": "+path)
			}
			after := func(page, selector, awaited string) {
				t.Helper()
				tab.Click(selector)
				tab.Await(`document.readyState === "complete" && document.querySelector("` + awaited + `")`)
				c.look(tab, c.name+": "+page)
			}
			visit("/s/" + fixed + in)
			visit("/s/" + code + in)
			tab.Click(`[name="q.when"][value="other"]`)
			after("open switch", ".langs summary", ".langs[open]")
			tab.Click(".langs summary")
			after("faulty form", ".send", "#faults")
			tab.Do(chromedp.SetValue(chromedp.CSS("#department"), "1"))
			tab.Click(`[name="q.easier"][value="2"]`)
			tab.Type(`#q\.say`, "Well")
			after("thanks", ".send", "#receipt")
			receipt := tab.Text("#receipt")
			visit("/thanks" + in)
			visit("/receipt" + in)
			tab.Type("#receipt", "x")
			after("unknown receipt", ".send", "[aria-invalid]")
			tab.Do(chromedp.SetValue(chromedp.CSS("#receipt"), receipt))
			after("answers", ".send", ".said")
			after("withdraw?", `[value="withdraw"]`, "[name=confirm]")
			after("answers again", `[value="look"]`, ".said")
			after("change", `[value="change"]`, "#answers")
			visit("/s/nosuch" + in)
			o.close(wave)
			visit("/s/" + code + in)
		})
	}
}

func TestNothingIsWiderThanTheScreen(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t, o.words.names...))
	base := o.listen()
	tab := webtest.Start(t).Tab(phone, 740)
	for _, lang := range o.words.names {
		for _, path := range []string{"/s/" + code, "/receipt", "/s/nosuch"} {
			tab.Open(base + path + "?lang=" + lang)
			for _, width := range []int64{320, 360, 768} {
				tab.Resize(width, 740)
				if wide := webtest.Eval[int64](tab, `document.documentElement.scrollWidth`); wide > width {
					t.Errorf("%s in %s is %d px wide on a screen of %d", path, lang, wide, width)
				}
				small := webtest.Eval[string](tab, `[...document.querySelectorAll("main label:has(input), main select, main textarea, main button, .langs summary")]
					.filter((e) => e.offsetParent && (e.getBoundingClientRect().height < 44 || e.getBoundingClientRect().width < 44)).map((e) => e.outerHTML).join("\n")`)
				if small != "" {
					t.Errorf("%s in %s at %d px has targets under 44 px:\n%s", path, lang, width, small)
				}
				cut := webtest.Eval[string](tab, `[...document.querySelectorAll("main label span")].filter((e) => e.scrollWidth > e.clientWidth && e.offsetParent).map((e) => e.textContent).join(", ")`)
				if cut != "" {
					t.Errorf("%s in %s at %d px cuts off: %s", path, lang, width, cut)
				}
			}
		}
	}
}
