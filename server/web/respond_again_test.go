package web

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"soundings/server/web/webtest"
	"soundings/surveys/store/storetest"
)

// answering sends a form with a department and one answer, and returns the receipt.
func answering(tab *webtest.Tab, department, easier string) string {
	tab.Do(chromedp.SetValue(chromedp.CSS("#department"), department))
	tab.Click(fmt.Sprintf(`[name="q.easier"][value="%s"]`, easier))
	tab.Click(`#answers .send`)
	return awaitThanks(tab)
}

const asked = `!document.getElementById("answered").hidden && document.getElementById("answers").offsetParent === null`

func TestABrowserThatHasAnsweredAsksWhetherToChangeThat(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t, "en", "de"))
	other, _ := o.open(pulse(t))
	base := o.listen()
	tab := webtest.Start(t).Tab(phone, 740)
	tab.Open(base + "/s/" + code)
	if webtest.Eval[bool](tab, asked) {
		t.Error("it asks before anybody has answered")
	}
	first := answering(tab, "1", "2")
	kept := webtest.Eval[string](tab, `JSON.stringify({...localStorage})`)
	if !regexp.MustCompile(`^{"soundings-answered:` + code + `":"{\\"trace\\":\\"[0-9a-f]{8}\\"}"}$`).MatchString(kept) {
		t.Errorf("without being asked to, the browser keeps %s", kept)
	}
	tab.Open(base + "/s/" + other)
	if webtest.Eval[bool](tab, asked) {
		t.Error("another survey asks as well")
	}
	tab.Open(base + "/s/" + code + "?lang=de")
	if !webtest.Eval[bool](tab, asked) || !strings.Contains(tab.Text("main"), "Auf diesem Gerät wurde schon geantwortet") {
		t.Errorf("it does not ask: %s", tab.Text("main"))
	}
	tab.Accessible("answered already")
	tab.Click("#answered .send") // without a kept receipt, it has to be typed
	tab.Await(`location.pathname === "/receipt" && document.getElementById("receipt")`)

	tab.Open(base + "/s/" + code)
	tab.Click("#answered .quiet")
	if webtest.Eval[bool](tab, asked) || webtest.Eval[bool](tab, `document.querySelector('[name="q.easier"]:checked') !== null`) {
		t.Error("the next person does not get an empty form")
	}
	if second := answering(tab, "2", "5"); second == first {
		t.Error("somebody else's answers replaced the first")
	}
	o.holds(2, 0)
}

func TestOnlyAReceiptThatWasToBeKeptLeadsBackToTheAnswers(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	base := o.listen()
	tab := webtest.Start(t).Tab(phone, 740)
	tab.Open(base + "/s/" + code)
	answering(tab, "1", "2")
	holds := `localStorage.getItem("soundings-answered:` + code + `").includes("receipt")`
	tab.Click("#remember input")
	tab.Await(holds)
	tab.Click("#remember input")
	tab.Await("!" + holds)
	tab.Click("#remember input")
	tab.Await(holds)
	tab.Accessible("thanks, kept")
	tab.Open(base + "/s/" + code)
	tab.Click("#answered .send")
	tab.Await(`location.pathname === "/receipt" && document.querySelector('[name="q.easier"][value="2"]')?.checked`)
	tab.Click(`[name="q.easier"][value="4"]`)
	tab.Click("#answers .send")
	first := awaitThanks(tab)
	reply := o.only(t, code, first)
	if reply.Answers["easier"].Number != 4 {
		t.Errorf("stored is %+v", reply)
	}
	o.holds(1, 0)

	// The next person's answers take the place of the note, receipt and all.
	tab.Open(base + "/s/" + code)
	tab.Click("#answered .quiet")
	second := answering(tab, "2", "1")
	if webtest.Eval[bool](tab, holds) {
		t.Error("the receipt of the person before is still in the browser")
	}
	o.holds(2, 0)

	// The first person's note is gone by now; the second withdraws, and nobody is asked about answers that are not there.
	note := `localStorage.getItem("soundings-answered:` + code + `")`
	for i, receipt := range []string{first, second} {
		tab.Open(base + "/receipt")
		tab.Type("#receipt", receipt+"\r")
		tab.Await(`!!document.querySelector('[value="withdraw"]')`)
		tab.Click(`[value="withdraw"]`)
		tab.Await(`!!document.querySelector('.send') && !document.querySelector('[value="change"]')`)
		tab.Click(".send")
		tab.Await(`!!document.querySelector("[data-withdrawn]")`)
		if webtest.Eval[bool](tab, note+" !== null") != (i == 0) {
			t.Errorf("after withdrawal %d the browser keeps %s", i+1, webtest.Eval[string](tab, "String("+note+")"))
		}
	}
	tab.Open(base + "/s/" + code)
	if webtest.Eval[bool](tab, asked) {
		t.Error("it asks whether to change what was withdrawn")
	}
}

func TestNoCookieTellsTheServerThatABrowserHasAnswered(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	base := o.listen()
	tab := webtest.Start(t).Tab(phone, 740)
	tab.Open(base + "/s/" + code)
	answering(tab, "1", "2")
	tab.Open(base + "/s/" + code)
	if cookies := webtest.Eval[string](tab, `document.cookie`); cookies != "" {
		t.Errorf("the browser has cookies: %s", cookies)
	}
	form, again := o.get("/s/"+code), o.get("/s/"+code, "Cookie", "thanks=x")
	if len(form.header["Set-Cookie"]) != 0 || len(again.header["Set-Cookie"]) != 0 {
		t.Errorf("a form sets cookies: %v %v", form.header, again.header)
	}
}
