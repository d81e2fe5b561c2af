package web

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

// Somebody in IT promises something by keyboard and keeps it; the next survey opens with it on the phone of an employee,
// who has chosen their department, and /heard tells all of it.
func TestAPromiseIsMadeAndKeptByKeyboardAndReadBeforeTheNextSurvey(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.member(accounts.Author)
	browser := o.browsing()
	tab := o.enter(browser.Tab(1440, 900))
	tab.Open(o.BaseURL + "/promises/new")
	tab.Reach("#said")
	tab.Press("Nobody tells us.")
	tab.Reach(`[name="state"][value="open"]`)
	tab.Reach("#answer")
	tab.Press("A page for each change.")
	tab.Reach(`[name="everybody"]`)
	tab.Press(kb.ArrowDown)
	tab.Reach(`[name="department"][value="1"]`)
	tab.Press(" ")
	tab.Reach(".promise-form .btn-primary")
	tab.Press("\r")
	tab.Await(`document.querySelector("#due-fault") && document.readyState === "complete"`)
	tab.AccessibleNow("a refused promise")
	if said := webtest.Eval[string](tab, `document.querySelector("#said").value`); said != "Nobody tells us." {
		t.Errorf("what was said comes back as %q", said)
	}
	webtest.Eval[bool](tab, `document.querySelector("#due").value = document.querySelector("#due").min, true`)
	tab.Reach(".promise-form .btn-primary")
	tab.Press("\r")
	tab.Await(`location.pathname === "/promises/1" && document.readyState === "complete"`)
	tab.AccessibleNow("a promise")
	tab.Reach(".promise-step summary")
	tab.Press("\r")
	tab.Reach("#keep-note")
	tab.Press("Since today.")
	tab.Reach("#keep .btn-primary")
	tab.Press("\r")
	tab.Await(`document.querySelectorAll(".stages li").length === 2 && document.readyState === "complete"`)
	tab.Open(o.BaseURL + "/promises")
	if text := webtest.Eval[string](tab, `document.querySelector("h1").innerText`); text != "1 of 1 promise due in this quarter is kept" {
		t.Errorf("the list says %q", text)
	}

	code, _ := o.open(pulse(t))
	tied := ""
	o.transact(func(tx *store.Tx) error {
		q, err := o.Catalog.Newest(t.Context(), 1)
		if err == nil {
			var links []waves.Link
			if _, links, err = waves.Open(tx, waves.New{Questionnaire: q, Label: "Own", At: o.clock.Now(), Departments: []surveys.DepartmentID{1}}); err == nil {
				tied = links[0].Code
			}
		}
		return err
	})
	phone := browser.Tab(360, 740)
	phone.Open(o.BaseURL + "/s/" + code)
	shown := func() string { // innerText tells of what is hidden, too
		return webtest.Eval[string](phone, `(() => { const opening = document.querySelector("#opening"); return opening.checkVisibility() ? opening.innerText : ""; })()`)
	}
	if text := shown(); text != "" {
		t.Errorf("before a department is chosen it says %q", text)
	}
	choosing(phone, "#department", "1")
	if text := shown(); !strings.Contains(text, "Nobody tells us.") || !strings.Contains(text, "A page for each change.") {
		t.Errorf("to Finance it says %q", text)
	}
	phone.Accessible("a survey that opens with a promise")
	choosing(phone, "#department", "2")
	if text := shown(); text != "" {
		t.Errorf("to another department it says %q", text)
	}
	plain := browser.Tab(360, 740, webtest.WithoutScripts(), webtest.Dark())
	plain.Open(o.BaseURL + "/s/" + tied)
	if at := webtest.Eval[string](plain, `document.querySelector("#opening li q").innerText`); at != "Nobody tells us." {
		t.Errorf("without JavaScript the survey of Finance opens with %q", at)
	}
	plain.Open(o.BaseURL + "/heard?lang=en")
	plain.Accessible("what became of what was said, in the dark")
	if text := webtest.Eval[string](plain, `document.querySelector("main").innerText`); !strings.Contains(text, "Since today.") {
		t.Errorf("the page says %q", text)
	}
}
