package web

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

// Somebody in IT leaves a decision open, asks it on its own, publishes and opens that; people answer; the answers are read,
// something is decided, and on a phone those who were asked read what became of it.
func TestADecisionIsLeftOpenAskedAndDecidedInTheBrowserAndReadOnAPhone(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Admin)
	change := proposal(csrf)
	change.Set("public", "yes")
	o.proposed(cookie, change)
	browser := o.browsing()
	tab := o.enterAs(accounts.Admin, browser.Tab(1440, 900))
	ready := func(path string) {
		tab.Await(fmt.Sprintf(`location.pathname === %q && document.readyState === "complete"`, path))
	}
	text := func(selector string) string {
		return webtest.Eval[string](tab, fmt.Sprintf(`document.querySelector(%q).innerText`, selector))
	}
	tab.Open(o.BaseURL + "/changes/1/decisions/new?kind=training")
	webtest.Eval[bool](tab, `document.querySelector("#option1").value = document.querySelector("#option2").value, true`)
	tab.Click(".change-form .btn-primary")
	tab.Await(`document.querySelector("#option2-fault") && document.readyState === "complete"`)
	tab.AccessibleNow("a refused decision")
	webtest.Eval[bool](tab, `document.querySelector("#option1").value = "A course", true`)
	tab.Click(".change-form .btn-primary")
	ready("/changes/1/decisions/1")
	if lead := text(".lead"); lead != "Nobody has been asked yet" {
		t.Errorf("the new decision says %q", lead)
	}
	tab.Click("#ask .btn")
	ready("/surveys/drafts/1")
	tab.Click(`button[value="publish"]`)
	ready("/surveys/drafts/1/publish")
	tab.Click(`form[action$="/publish"] .btn-primary`)
	tab.Await(`!location.pathname.startsWith("/surveys/drafts/") && document.readyState === "complete"`)
	tab.Open(o.BaseURL + "/changes/1/decisions/1")
	tab.Click(`a[href^="/waves/new"]`)
	ready("/waves/new")
	webtest.Eval[bool](tab, `document.querySelector('[name="label"]').value = "Turn", true`)
	tab.Click(`form[action="/waves/new"] .btn-primary`)
	tab.Await(`location.pathname.endsWith("/check") && document.readyState === "complete"`)
	tab.Click(`form[action$="/open"] .btn`)
	tab.Await(`!location.pathname.endsWith("/check") && document.readyState === "complete"`)

	list, err := waves.List(o.Store.Read(context.Background()), 0)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d waves, %v", len(list), err)
	}
	links, err := waves.LinksOf(o.Store.Read(context.Background()), list[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	question := "decide-how-would-you-like-to-learn-it"
	o.choose("/s/"+links[0].Code, question, "1", map[string]int{"a-course": 4, "somebody-from-it-comes-to-us": 8})
	o.counted(list[0])

	tab.Open(o.BaseURL + "/changes/1/decisions/1")
	if most := text(".decision-most"); !strings.Contains(most, "Somebody from IT comes to us") || !strings.Contains(most, "8 of 12 answers") {
		t.Errorf("of the answers it says %q", most)
	}
	tab.Click(`[name="outcome"][value="a-course"]`)
	tab.Click("#decide .btn-primary")
	tab.Await(`document.querySelector("#reason-fault") && document.readyState === "complete"`)
	tab.AccessibleNow("a refused outcome")
	tab.Reach("#reason")
	tab.Press("There are two of us.")
	tab.Click("#decide .btn-primary")
	tab.Await(`document.querySelector(".decision-outcomes") && document.readyState === "complete"`)
	if lead := text(".lead"); lead != "Decided: A course. Another answer was chosen more often." {
		t.Errorf("once decided it says %q", lead)
	}
	phone := browser.Tab(360, 740)
	phone.Open(o.BaseURL + "/about/a-new-expense-tool?lang=en")
	phone.Accessible("what was decided because of you")
	if told := webtest.Eval[string](phone, `document.querySelector("section.heard").innerText`); !strings.Contains(told, "A course") || !strings.Contains(told, "There are two of us.") || !strings.Contains(told, "Another answer was chosen more often.") {
		t.Errorf("those who were asked read %q", told)
	}
	if over := webtest.Eval[int](phone, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		t.Errorf("it is %d px too wide", over)
	}
}
