package web

import (
	"net/http"
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

// Somebody in IT writes a change down, asks about it with the survey of the library, and an employee reads why on a phone,
// by keyboard alone.
func TestAChangeIsWrittenAskedAboutAndUnderstoodByThoseAsked(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.member(accounts.Author)
	browser := o.browsing()
	tab := o.enter(browser.Tab(1440, 900))
	tab.Open(o.BaseURL + "/changes")
	tab.Click("main a.btn-primary")
	tab.Await(`location.pathname === "/changes/new" && document.readyState === "complete"`)
	tab.Type("#title", "A new expense tool")
	tab.Type("#why", "Receipts get **lost**.")
	tab.Click(".change-form .btn-primary")
	tab.Await(`document.querySelector("#what-fault")`)
	tab.AccessibleNow("a refused change")
	if why := webtest.Eval[string](tab, `document.querySelector("#why").value`); why != "Receipts get **lost**." {
		t.Errorf("why comes back as %q", why)
	}
	tab.Type("#what", "- One app\n- No paper")
	tab.Click(".change-form .btn-primary")
	tab.Await(`location.pathname === "/changes/1" && document.readyState === "complete"`)
	tab.AccessibleNow("a change")
	choosing(tab, "#stage", "asking")
	tab.Type("#reason", "Two departments want it.")
	tab.Click(".move-form .btn-primary")
	tab.Await(`document.querySelectorAll(".stages li").length === 2 && document.readyState === "complete"`)
	tab.Click(`form[action="/library/change-pulse"] button`)
	tab.Await(`location.pathname === "/surveys/drafts/1" && document.readyState === "complete"`)
	if name := webtest.Eval[string](tab, `document.querySelector("#change").value`); name != "a-new-expense-tool" {
		t.Errorf("the editor names the change %q", name)
	}
	tab.Click(`button[value="publish"]`)
	tab.Await(`location.pathname === "/surveys/drafts/1/publish" && document.readyState === "complete"`)
	tab.Click(".acts .btn-primary")
	tab.Await(`location.pathname === "/surveys"`)

	code := ""
	q, err := o.Catalog.Newest(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	o.transact(func(tx *store.Tx) error {
		_, links, err := waves.Open(tx, waves.New{Questionnaire: q, Label: "Spring", At: o.clock.Now()})
		if err == nil {
			code = links[0].Code
		}
		return err
	})
	for name, setup := range map[string][]webtest.Action{"on a phone": nil, "without JavaScript, in the dark": {webtest.WithoutScripts(), webtest.Dark()}} {
		phone := browser.Tab(360, 740, setup...)
		phone.Open(o.BaseURL + "/s/" + code)
		for range 8 {
			if webtest.Eval[string](phone, `document.activeElement.tagName + document.activeElement.parentElement.className`) == "SUMMARYwhy" {
				break
			}
			phone.Press("\t")
		}
		phone.Press("\r")
		phone.Await(`document.querySelector(".why").open`)
		text := webtest.Eval[string](phone, `document.querySelector(".why").innerText`)
		for _, part := range []string{"Why are we asking?", "A new expense tool", "Receipts get lost.", "What is proposed", "One app\nNo paper"} {
			if !strings.Contains(text, part) {
				t.Errorf("%s: %q lacks %q", name, text, part)
			}
		}
		phone.Accessible(name)
	}
	if r := o.get("/s/" + code); r.status != http.StatusOK {
		t.Errorf("status %d", r.status)
	}
}
