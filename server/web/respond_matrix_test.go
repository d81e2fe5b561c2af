package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"soundings/server/web/webtest"
	"soundings/surveys"
	"soundings/surveys/store/storetest"
)

// rows is a survey with neighbouring scales and a ranking, in English, German and Arabic.
func rows(t testing.TB) []byte {
	t.Helper()
	scale := func(id, text string, points int) surveys.Question {
		return surveys.Question{ID: id, Kind: surveys.Scale, Points: points, Text: text}
	}
	often := []string{"Never", "Rarely", "At times", "Often", "Always"}
	d := &surveys.Document{
		Title: "Rows", Purpose: surveys.AboutChange, Language: "en", Anonymity: surveys.Anonymous, Minimum: 5, Results: surveys.WhenClosed,
		Questions: []surveys.Question{
			scale("a1", "It helps me.", 5), scale("a2", "It worries me.", 5), scale("a3", "IT listens to us when something does not work as it should.", 5),
			scale("b1", "I look forward to it.", 7), scale("b2", "We are ready.", 7),
			{ID: "c1", Kind: surveys.Scale, Points: 5, Text: "How often do you ask?", Labels: often},
			{ID: "c2", Kind: surveys.Scale, Points: 5, Text: "How often are you heard?", Labels: often},
			scale("d", "With a help text.", 5),
			{ID: "order", Kind: surveys.Ranking, Text: "What matters?", Options: []surveys.Option{{ID: "x", Text: "Training"}, {ID: "y", Text: "Time"}, {ID: "z", Text: "Trust"}}},
		},
	}
	d.Questions[7].Help = "It stands alone."
	d.Questions[0].Required = true
	d.Translations = map[string]surveys.Translation{}
	for lang, words := range map[string]string{"de": "Eine Aussage", "ar": "عبارة"} {
		tr := surveys.Translation{Title: words, Questions: map[string]surveys.QuestionTranslation{}}
		for i, q := range d.Questions {
			own := surveys.QuestionTranslation{Text: words + " " + string(rune('1'+i))}
			if q.Help != "" {
				own.Help = words
			}
			for range q.Labels {
				own.Labels = append(own.Labels, words+" "+string(rune('1'+len(own.Labels))))
			}
			for _, o := range q.Options {
				if own.Options == nil {
					own.Options = map[string]string{}
				}
				own.Options[o.ID] = words + " " + o.ID
			}
			tr.Questions[q.ID] = own
		}
		d.Translations[lang] = tr
	}
	return formatted(t, d)
}

func TestNeighbouringScalesWithTheSameWordsAreRowsOfAGrid(t *testing.T) {
	scale := func(id, layout string, words ...string) questionView {
		v := questionView{ID: id, Kind: surveys.Scale, Layout: layout}
		for _, w := range words {
			v.Options = append(v.Options, optionView{Text: w})
		}
		return v
	}
	helped, hangs := scale("helped", "grid", "no", "yes"), scale("hangs", "grid", "no", "yes")
	helped.Help, hangs.If = "Think.", "q1"
	page := formPage{Questions: []questionView{
		scale("q1", "grid", "no", "yes"), scale("q2", "grid", "no", "yes"), scale("q3", "grid", "never", "always"),
		helped, hangs, scale("q4", "grid", "no", "yes"), {ID: "say", Kind: surveys.Text}, scale("q5", "grid", "no", "yes"),
		scale("long", "stack", "no", "yes"), scale("longer", "stack", "no", "yes"),
	}}
	var got []string
	for _, b := range page.Blocks() {
		var ids []string
		for _, q := range b.Questions {
			ids = append(ids, q.ID)
		}
		got = append(got, strings.Join(ids, "+")+":"+strings.Join(b.Columns, "/"))
	}
	want := "q1+q2:no/yes q3: helped: hangs: q4: say: q5: long: longer:"
	if strings.Join(got, " ") != want {
		t.Errorf("the blocks are %v, want %s", got, want)
	}
}

// Each answer is heard with its row and its column, whatever the width; nothing scrolls sideways.
func TestAGridIsReadWithItsRowsAndColumnsAtEveryWidth(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(rows(t))
	base := o.listen()
	tab := webtest.Start(t).Tab(320, 740)
	for _, lang := range []string{"en", "de", "ar"} {
		tab.Open(base + "/s/" + code + "?lang=" + lang)
		for _, width := range []int64{1440, 360, 320} {
			tab.Resize(width, 740)
			if wide := webtest.Eval[int64](tab, `document.documentElement.scrollWidth`); wide > width {
				t.Errorf("%s at %d px is %d px wide", lang, width, wide)
			}
			unnamed := webtest.Eval[string](tab, `[...document.querySelectorAll(".matrix input")].filter((i) => {
				const row = i.closest("fieldset").querySelector("legend");
				return !i.labels[0]?.textContent.trim() || !row.textContent.trim() || getComputedStyle(row).display === "none";
			}).map((i) => i.outerHTML).join()`)
			if unnamed != "" {
				t.Errorf("%s at %d px: without a name are %s", lang, width, unnamed)
			}
			// On a wide screen the columns have headings, and each stands above its answers.
			headings := webtest.Eval[int](tab, `[...document.querySelectorAll(".words span")].filter((e) => e.offsetParent).length`)
			askew := webtest.Eval[string](tab, `[...document.querySelectorAll(".matrix")].flatMap((m) => [...m.querySelectorAll("fieldset")].flatMap((f) =>
				[...f.querySelectorAll("input")].map((input, n) => {
					const [head, at] = [m.querySelectorAll(".words span")[n], input].map((e) => { const b = e.getBoundingClientRect(); return b.left + b.width / 2; });
					return Math.abs(head - at) > 4 ? input.id + " is off by " + (head - at) : "";
				}))).filter(Boolean).join(", ")`)
			if width == 1440 && (headings < 12 || askew != "") || width < 500 && headings != 0 {
				t.Errorf("%s at %d px: %d headings are seen; %s", lang, width, headings, askew)
			}
		}
		tab.Accessible("grid in " + lang)
	}
}

// With the keyboard alone, in three languages and on two narrow screens: rows of a grid, a ranking, and undoing it.
func TestAKeyboardIsEnoughForGridsAndRankings(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(rows(t))
	base := o.listen()
	b := webtest.Alone(t)
	for _, c := range []struct {
		lang  string
		width int64
		third string // to the third of five points: arrow keys follow the order of the page
	}{{"en", 360, kb.ArrowDown}, {"de", 320, kb.ArrowDown}, {"ar", 360, kb.ArrowDown}} {
		tab := b.Tab(c.width, 740)
		tab.Open(base + "/s/" + code + "?lang=" + c.lang)
		if again := `document.getElementById("answered").hidden ? 0 : (document.querySelector("#answered .quiet").focus(), 1)`; webtest.Eval[int](tab, again) == 1 {
			tab.Press(kb.Enter)
		}
		to := func(selector string) {
			t.Helper()
			for range 80 {
				tab.Press(kb.Tab)
				if webtest.Eval[bool](tab, `document.activeElement.matches(`+"`"+selector+"`"+`)`) {
					return
				}
			}
			t.Fatalf("%s: %s cannot be reached", c.lang, selector)
		}
		to("#department")
		tab.Press("F")
		to(`[name="q.a1"]`)
		tab.Press(c.third + c.third)
		to(`[name="q.a2"]`)
		tab.Press(" ")
		to(`[name="q.b2"]`)
		tab.Press(" " + c.third)
		to(`#q\\.order\\.y .up`)
		tab.Press(" ")
		to(`#q\\.order\\.z .up`)
		tab.Press("  ") // ranked second, then first
		ranks := `["x", "y", "z"].map((o) => document.querySelector('[name="q.order.' + o + '"]').value).join()`
		if got := webtest.Eval[string](tab, ranks); got != ",2,1" {
			t.Errorf("%s: the ranks are %q", c.lang, got)
		}
		to(`.undo`)
		tab.Press(" ")
		if got := webtest.Eval[string](tab, ranks); got != ",1,2" {
			t.Errorf("%s: undone, the ranks are %q", c.lang, got)
		}
		to(".send")
		tab.Press(kb.Enter)
		reply := o.only(t, code, awaitThanks(tab))
		if reply.Answers["a1"].Number != 3 || reply.Answers["a2"].Number != 1 || reply.Answers["b2"].Number != 2 || strings.Join(reply.Answers["order"].Options, "") != "yz" {
			t.Errorf("%s: stored is %+v", c.lang, reply)
		}
		tab.Close()
	}
}

func TestARankingFollowsThePointerAndSaysWhere(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(rows(t))
	base := o.listen()
	tab := webtest.Alone(t).Tab(phone, 740)
	tab.Open(base + "/s/" + code + "?lang=ar")
	drag := func(option, onto string, below int) {
		t.Helper()
		webtest.Eval[int](tab, `(document.querySelector(".ranks").scrollIntoView({block: "center"}), 0)`)
		at := webtest.Eval[[]float64](tab, `(() => {
			const [grip, row] = [document.querySelector("#q\\.order\\.`+option+` .rank"), document.querySelector("#q\\.order\\.`+onto+`")].map((e) => e.getBoundingClientRect());
			return [grip.left + grip.width / 2, grip.top + grip.height / 2, row.top + row.height / 2];
		})()`)
		to := at[2] + float64(below)
		tab.Drag(at[0], at[1], at[0], to)
	}
	ranks := `["x", "y", "z"].map((o) => document.querySelector('[name="q.order.' + o + '"]').value).join()`
	drag("z", "x", -10) // above the first: the first choice
	if got := webtest.Eval[string](tab, ranks); got != ",,1" {
		t.Fatalf("the ranks are %q", got)
	}
	if said := webtest.Eval[string](tab, `document.querySelector(".ranks + [role=status]").textContent`); !strings.Contains(said, "عبارة z") || !strings.Contains(said, "١") {
		t.Errorf("it says %q", said)
	}
	drag("y", "z", -10)
	if got := webtest.Eval[string](tab, ranks); got != ",1,2" {
		t.Errorf("the ranks are %q", got)
	}
	drag("z", "x", 10) // below those without a rank
	if got := webtest.Eval[string](tab, ranks); got != ",1," {
		t.Errorf("the ranks are %q", got)
	}
	tab.Click(".undo")
	tab.Click(".undo")
	if got := webtest.Eval[string](tab, ranks); got != ",,1" {
		t.Errorf("undone twice, the ranks are %q", got)
	}
	small := webtest.Eval[string](tab, `[...document.querySelectorAll(".ranks button, .ranks .rank, .undo")].map((e) => e.getBoundingClientRect()).filter((b) => b.width < 44 || b.height < 44).map((b) => b.width + " x " + b.height).join()`)
	if small != "" {
		t.Errorf("targets under 44 px: %s", small)
	}
}

func TestAFaultInARowStandsInThatRow(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(rows(t))
	r := o.post("/s/"+code, url.Values{"receipt": {string(surveys.NewReceipt())}, "department": {"1"}, "q.a2": {"4"}, "q.a3": {"9"}})
	page := r.body
	for _, want := range []string{`href="#q.a1"`, `id="e.a1"`, `href="#q.a3"`, `id="e.a3"`, `name="q.a2" value="4" checked`} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	base := o.listen()
	wide := webtest.Start(t).Tab(1440, 740)
	wide.Open(base + "/s/" + code)
	wide.Do(chromedp.SetValue(chromedp.CSS("#department"), "1"))
	wide.Click(`[name="q.b1"][value="4"]`)
	wide.Click("#answers .send")
	wide.Await(`document.getElementById("e.a1")`)
	wide.Accessible("grid with a fault")
}
