package web

import (
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys/settings"
	"soundings/surveys/store/storetest"
)

// An employee without an account suggests an idea on a phone, sees one like it while typing, supports that and takes it back;
// IT replies, merges and makes a change of it.
func TestAnIdeaIsSuggestedSupportedAndBecomesAChange(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed().board(settings.BoardOpen)
	o.suggested("A second printer on the ground floor", "department", "1")
	o.member(accounts.Author)
	browser := o.browsing()
	desk := o.enter(browser.Tab(1440, 900))
	phone := browser.Tab(360, 740)
	phone.Open(o.BaseURL + "/board")
	phone.Accessible("the board")
	phone.Click(`main a.send`)
	phone.Await(`location.pathname === "/board/new" && document.readyState === "complete"`)
	phone.Accessible("suggesting")
	phone.Type("#title", "Printers for the ground floor")
	phone.Await(`document.querySelector("#found a")`)
	phone.AccessibleNow("a similar idea is found")
	if found := phone.Text("#found"); !strings.Contains(found, "A second printer on the ground floor") {
		t.Errorf("found is %q", found)
	}
	phone.Type("#text", "The only one is upstairs.")
	phone.Click(`#suggest > .send`)
	phone.Await(`location.pathname === "/board" && document.querySelector(".draft[role=status]")`)
	phone.Click(`.ideas a[href^="/board/ideas/2?"]`)
	phone.Await(`location.pathname === "/board/ideas/2" && document.readyState === "complete"`)
	for _, step := range []struct{ button, then string }{{"I support this idea", "1 supporter"}, {"Take my support back", "No supporters yet"}, {"I support this idea", "1 supporter"}} {
		if said := phone.Text(".vote button"); said != step.button {
			t.Errorf("the button says %q, want %q", said, step.button)
		}
		phone.Click(".vote button")
		phone.Await(`document.readyState === "complete" && document.querySelector(".vote .count").innerText === "` + step.then + `"`)
	}
	phone.Accessible("a supported idea")

	quiet := browser.Tab(320, 640, webtest.WithoutScripts(), webtest.Dark())
	quiet.Open(o.BaseURL + "/board/new?lang=ar")
	quiet.Type("#title", "ground floor printer")
	quiet.Click(`#suggest > .send`)
	quiet.Await(`document.querySelector("#alike")`)
	quiet.AccessibleNow("asked once, without JavaScript")
	if wide := webtest.Eval[bool](quiet, `document.documentElement.scrollWidth > innerWidth`); wide {
		t.Error("the form is wider than a small phone")
	}
	quiet.Click("#alike .send")
	quiet.Await(`location.pathname === "/board"`)

	desk.Open(o.BaseURL + "/ideas")
	if said := desk.Text("h1"); said != "3 ideas wait for a reply" {
		t.Errorf("the list says %q", said)
	}
	desk.Click(`a[href="/ideas/2"]`)
	desk.Await(`location.pathname === "/ideas/2" && document.readyState === "complete"`)
	desk.Click(`input[name="into"][value="1"]`)
	desk.Click(`form[action="/ideas/2/merge"] button`)
	desk.Await(`document.querySelector(".note a[href='/ideas/1']")`)
	desk.AccessibleNow("a merged idea")
	desk.Click(".note a")
	desk.Await(`location.pathname === "/ideas/1" && document.readyState === "complete"`)
	choosing(desk, "#status", "planned")
	desk.Type("#reply", "It comes in May.")
	desk.Click("#reply-form .btn-primary")
	desk.Await(`document.querySelector(".stages li") && document.readyState === "complete"`)
	if lead := desk.Text(".lead"); lead != "Planned. 1 supporter." {
		t.Errorf("the idea says %q", lead)
	}
	desk.Click(`a[href="/ideas/1/promote"]`)
	desk.Await(`location.pathname === "/ideas/1/promote" && document.readyState === "complete"`)
	desk.AccessibleNow("an idea becomes a change")
	desk.Type("#why", "One printer for forty people.")
	desk.Type("#what", "A second one.")
	desk.Click(".change-form .btn-primary")
	desk.Await(`location.pathname === "/changes/1" && document.readyState === "complete"`)
	if facts := desk.Text(".change-facts"); !strings.Contains(facts, "Suggested by Finance.") {
		t.Errorf("the change says %q", facts)
	}
	phone.Open(o.BaseURL + "/board")
	if said := phone.Text(".ideas"); !strings.Contains(said, "Adopted") && !strings.Contains(phone.Text("main"), "Adopted") {
		t.Errorf("the board says %q", said)
	}
}
