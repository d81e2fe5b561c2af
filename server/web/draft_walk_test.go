package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys"
	"soundings/surveys/drafts"
	"soundings/surveys/store/storetest"
)

// atDesk is a tab of somebody with a session.
func atDesk(t testing.TB, tab *webtest.Tab, base, cookie string) *webtest.Tab {
	t.Helper()
	if _, err := chromedp.Call(tab.Context(), network.SetCookie, network.SetCookieParams{Name: sessionCookie, Value: cookie, URL: base}); err != nil {
		t.Fatal(err)
	}
	return tab
}

// keyboard drives a tab by keys alone.
type keyboard struct {
	t   *testing.T
	tab *webtest.Tab
}

// to presses the tab key until the focus is on what a selector finds.
func (k keyboard) to(selector string) {
	k.t.Helper()
	for range 150 {
		if webtest.Eval[bool](k.tab, "document.activeElement.matches(`"+selector+"`)") {
			return
		}
		k.tab.Press(kb.Tab)
	}
	k.t.Fatalf("%s cannot be reached by keyboard", selector)
}

// press goes to a button, presses it, and waits until the page that answers is there.
func (k keyboard) press(selector string) {
	k.t.Helper()
	k.to(selector)
	k.tab.Do(chromedp.Evaluate[chromedp.Void](`document.getElementById("editor").before_press = true`))
	k.tab.Press(kb.Enter)
	k.tab.Await(`document.getElementById("editor") && !document.getElementById("editor").before_press`)
}

// add adds a question of a kind and writes its text, where the focus already is.
func (k keyboard) add(kind, text string) {
	k.t.Helper()
	k.press(`[value="add.` + kind + `"]`)
	k.tab.Await(`document.activeElement.matches("[name$='.text']")`)
	k.tab.Press(text)
}

func TestASurveyIsWrittenByKeyboardAlone(t *testing.T) {
	t.Parallel()
	for _, width := range []int64{1440, 360} {
		t.Run(strconv.FormatInt(width, 10), func(t *testing.T) {
			o := newOffice(t, storetest.SQLite(t)).staffed()
			cookie, _ := o.member(accounts.Author)
			base := o.listen()
			tab := atDesk(t, webtest.Alone(t).Tab(width, 900), base, cookie)
			k := keyboard{t, tab}
			tab.Open(base + "/surveys")
			k.to(`form[action="/surveys/drafts"] button`)
			tab.Press(kb.Enter)
			tab.Await(`document.querySelector("#editor.scripted")`)
			k.to("#title")
			tab.Press("A new expense tool")
			k.add("scale", "It would make my work easier.")
			k.to("#q0-construct")
			tab.Press("O")
			k.add("recommend", "Would you tell a colleague?")
			k.add("choice", "When should it start?")
			k.add("choices", "What worries you?")
			k.add("ranking", "What matters most?")
			k.add("text", "What should we know?")
			if wide := webtest.Eval[int64](tab, `document.documentElement.scrollWidth`); wide > width {
				t.Errorf("the editor is %d px wide", wide)
			}

			// The buttons keep the focus, and what they did is said.
			k.press("#q5-up")
			tab.Await(`document.activeElement.id === "q4-up" && document.getElementById("said").textContent === "It is question 5 now."`)
			k.press("#q4-down")
			tab.Await(`document.activeElement.id === "q5-up"`)

			k.to(`[name="op"][value="check"]`)
			tab.Press(kb.Enter)
			tab.Await(`document.activeElement.id === "faults"`)
			if got := tab.Text("#faults"); !strings.Contains(got, "3 things to mend") {
				t.Errorf("the summary says %q", got)
			}
			for n, options := range [][]string{{"In May", "In June"}, {"Cost", "Time", "Training"}, {"Speed", "Peace"}} {
				i := n + 2
				tab.Do(chromedp.Evaluate[chromedp.Void](`document.getElementById("faults").focus()`))
				k.to(fmt.Sprintf(`#faults a[href="#q%d-option0"]`, i))
				tab.Press(kb.Enter)
				for n, option := range options {
					k.to(fmt.Sprintf("#q%d-option%d", i, n))
					tab.Press(option)
				}
				tab.Await(fmt.Sprintf(`document.getElementById("saved").textContent.startsWith("Saved") && document.querySelectorAll("#faults a[href^='#q%d-']").length === 0`, i))
			}
			tab.Await(`document.getElementById("left").textContent === "Nothing keeps this survey from being published."`)

			// A question that hangs on the first.
			k.to(`#outline a[href="#q5"]`)
			tab.Press(kb.Enter)
			k.to("#q5-if")
			tab.Press("I")
			tab.Await(`document.querySelector("#q5-in [value='1']")`)
			k.to(`#q5-in [value="1"]`)
			tab.Press(" ")
			k.to(`a.btn[href$="/preview"]`)
			tab.Press(kb.Enter)
			tab.Await(`document.querySelector(".phone iframe")?.contentDocument?.querySelector(".send[disabled]")`)
			hangs := `document.querySelector(".phone iframe").contentDocument.querySelectorAll("[data-if]").length`
			if webtest.Eval[int](tab, hangs) != 1 {
				t.Error("the preview has no question that hangs on another")
			}
			k.to(`.page-main a.btn`)
			tab.Press(kb.Enter)
			tab.Await(`document.querySelector("#editor.scripted")`)
			k.to(`[name="op"][value="publish"]`)
			tab.Press(kb.Enter)
			tab.Await(`location.pathname === "/surveys/drafts/1/publish"`)
			k.to(`form[action$="/publish"] .btn-primary`)
			tab.Press(kb.Enter)
			tab.Await(`location.pathname === "/surveys"`)
			q, err := o.Catalog.Newest(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			doc := q.Document
			var kinds []string
			for _, question := range doc.Questions {
				kinds = append(kinds, string(question.Kind))
			}
			if strings.Join(kinds, " ") != "scale recommend choice choices ranking text" || doc.Questions[0].Construct != surveys.Openness ||
				doc.Questions[0].ID != "it-would-make-my-work-easier" || len(doc.Questions[3].Options) != 3 || doc.Questions[3].Options[2].ID != "training" ||
				doc.Questions[5].ShowIf == nil || doc.Questions[5].ShowIf.In[0] != "1" {
				t.Errorf("published is %+v", doc)
			}
		})
	}
}

func TestTwoTabsThatEditAtOnceLoseNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	d := o.writing(accounts.Author)
	d.press("add.text", url.Values{"title": {"Shared"}})
	d.press("save", url.Values{"q.0.text": {"What should we know?"}})
	base := o.listen()
	b := webtest.Start(t)
	first, second := atDesk(t, b.Tab(1440, 900), base, d.cookie), b.Tab(1440, 900)
	first.Open(base + d.address())
	second.Open(base + d.address())
	first.Do(chromedp.Evaluate[chromedp.Void](`document.getElementById("title").select()`))
	first.Press("First tab")
	first.Await(`document.getElementById("saved").textContent.startsWith("Saved 09:00")`)
	second.Type("#intro", "Second tab")
	second.Await(`document.getElementById("saved").textContent === "Not saved: somebody else has saved this draft meanwhile."`)
	if got := d.draft().Document; got.Title != "First tab" || got.Intro != "" {
		t.Fatalf("stored is %+v", got)
	}
	second.Click("#compare")
	second.Await(`document.querySelector(".conflict")`)
	if text := second.Text("main"); !strings.Contains(text, "First tab") || !strings.Contains(text, "Second tab") {
		t.Errorf("the page says %s", text)
	}
	second.Accessible("conflict")
	second.Click(`[name="keep.title"][value="theirs"]`)
	second.Click(`[name="keep.intro"][value="mine"]`)
	second.Click(".conflict .btn-primary")
	second.Await(`document.querySelector("#editor")`)
	if got := d.draft().Document; got.Title != "First tab" || got.Intro != "Second tab" {
		t.Errorf("stored is %+v", got)
	}
}

func TestAQuestionIsDragged(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	d := o.writing(accounts.Author)
	for i, text := range []string{"One", "Two", "Three"} {
		d.press("add.text", nil)
		d.press("save", url.Values{fmt.Sprintf("q.%d.text", i): {text}})
	}
	base := o.listen()
	tab := atDesk(t, webtest.Alone(t).Tab(1440, 900), base, d.cookie)
	tab.Open(base + d.address())
	tab.Await(`document.querySelector("#editor.scripted")`)
	tab.Do(chromedp.DragAndDrop(chromedp.CSS(`[data-card="q2"] .grip`), chromedp.CSS(`[data-card="q0"] .grip`)))
	tab.Await(`document.getElementById("said").textContent === "It is question 1 now."`)
	var ids []string
	for _, q := range d.draft().Document.Questions {
		ids = append(ids, q.ID)
	}
	if strings.Join(ids, " ") != "three one two" {
		t.Errorf("the order is %v", ids)
	}
}

func TestASaveIsTriedAgainUntilTheServerIsThere(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	d := o.writing(accounts.Author)
	base := o.listen()
	tab := atDesk(t, webtest.Start(t).Tab(1440, 900), base, d.cookie)
	tab.Open(base + d.address())
	tab.Await(`document.querySelector("#editor.scripted")`)
	tab.Do(chromedp.Evaluate[chromedp.Void](`window.realFetch = window.fetch; window.fetch = () => Promise.reject(new Error("away"))`))
	tab.Type("#title", "Kept")
	tab.Await(`document.getElementById("saved").textContent.startsWith("Not saved:")`)
	if d.draft().Document.Title != "" {
		t.Fatal("it was saved")
	}
	tab.Do(chromedp.Evaluate[chromedp.Void](`window.fetch = window.realFetch`))
	tab.Await(`document.getElementById("saved").textContent.startsWith("Saved 09:00")`)
	if got := d.draft().Document.Title; got != "Kept" {
		t.Errorf("stored is %q", got)
	}
}

func TestAxeFindsNothingOnThePagesOfAuthors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		width int64
		look  func(tab *webtest.Tab, page string)
		setup []webtest.Action
	}{
		"with scripts":                {1440, (*webtest.Tab).Accessible, nil},
		"without scripts, on a phone": {360, (*webtest.Tab).AccessibleNow, []webtest.Action{webtest.WithoutScripts()}},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, storetest.SQLite(t)).staffed()
			_, wave := o.open(everyKind(t, "en", "de"))
			cookie, _ := o.member(accounts.Author)
			sound, err := drafts.Create(t.Context(), o.Store, wave.Survey, *o.document(wave), drafts.Stamp{By: "x@example.org", At: o.Now()})
			if err != nil {
				t.Fatal(err)
			}
			faulty, err := drafts.Create(t.Context(), o.Store, 0, surveys.Document{Questions: []surveys.Question{{Kind: surveys.Scale, Labels: []string{"a"}}, {Kind: surveys.Choice}}}, drafts.Stamp{By: "x@example.org", At: o.Now()})
			if err != nil {
				t.Fatal(err)
			}
			base := o.listen()
			tab := atDesk(t, webtest.Start(t).Tab(c.width, 900, c.setup...), base, cookie)
			for _, path := range []string{"/surveys", draftAddress(sound.ID) + "?at=4", draftAddress(faulty.ID) + "?check=1&at=0", draftAddress(faulty.ID) + "?did=delete",
				draftAddress(sound.ID) + "/preview", draftAddress(faulty.ID) + "/preview/form"} {
				tab.Open(base + path)
				c.look(tab, name+": "+path)
			}
		})
	}
}
