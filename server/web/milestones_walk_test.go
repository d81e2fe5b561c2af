package web

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys"
	"soundings/surveys/store/storetest"
	"soundings/surveys/visits"
)

// Somebody in IT sets a milestone by keyboard, lowers its target for a reason, withdraws it, and reads all of it on a phone.
func TestAMilestoneIsSetAndChangedByKeyboardAndReadOnAPhone(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.member(accounts.Author)
	browser := o.browsing()
	cookie, csrf := o.again(accounts.Author)
	o.aimed(cookie, csrf, "department", "2", "target", "2", "quarter", visits.QuarterOf(surveys.DayOf(o.clock.Now(), time.UTC)).String())
	tab := o.enter(browser.Tab(1440, 900))
	tab.Open(o.BaseURL + "/milestones/new?department=1")
	tab.Reach(`[name="measure"][value="visits"]`)
	tab.Press(" ")
	tab.Reach("#target")
	tab.Press("many")
	tab.Reach(".milestone-form .btn-primary")
	tab.Press("\r")
	tab.Await(`document.querySelector("#target-fault") && document.readyState === "complete"`)
	tab.AccessibleNow("a refused milestone")
	if typed := webtest.Eval[string](tab, `document.querySelector("#target").value + document.querySelector("[name=measure]:checked").value`); typed != "manyvisits" {
		t.Errorf("what was typed comes back as %q", typed)
	}
	webtest.Eval[bool](tab, `document.querySelector("#target").value = "", true`)
	tab.Reach("#target")
	tab.Press("3")
	tab.Reach(".milestone-form .btn-primary")
	tab.Press("\r")
	tab.Await(`location.pathname === "/milestones" && document.readyState === "complete"`)
	tab.Reach(".milestone-meanings summary")
	tab.Press("\r")
	tab.Accessible("the board with what its words mean")
	tab.Reach(`.milestone-board td a[href="/milestones/2"]`)
	tab.Press("\r")
	tab.Await(`location.pathname === "/milestones/2" && document.readyState === "complete"`)
	tab.Reach("#target")
	tab.Press(kb.Backspace + "2")
	tab.Reach("#reason")
	tab.Press("They move house.")
	tab.Reach(".milestone-form .btn-primary")
	tab.Press("\r")
	tab.Await(`document.querySelectorAll(".stages li").length === 2 && document.readyState === "complete"`)
	tab.Reach("details:has(#away) summary")
	tab.Press("\r")
	tab.Reach("#away-reason")
	tab.Press("The house burnt.")
	tab.Reach("#withdraw .btn")
	tab.Press("\r")
	tab.Await(`location.pathname === "/milestones" && document.readyState === "complete"`)
	if text := webtest.Eval[string](tab, `document.querySelector("main").innerText`); !strings.Contains(text, "Withdrawn: Visits, Finance") {
		t.Errorf("the board says %q", text)
	}
	dark := o.enter(browser.Tab(360, 740, webtest.Dark()))
	for path, has := range map[string]string{"/milestones": "Withdrawn: Visits, Finance", "/milestones/2": "They move house.", "/visits": "0 of 2 visits"} {
		dark.Open(o.BaseURL + path)
		if text := webtest.Eval[string](dark, `document.querySelector("main").innerText`); !strings.Contains(text, has) {
			t.Errorf("%s lacks %q: %q", path, has, text)
		}
		if over := webtest.Eval[int](dark, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("%s is %d px wider than the phone", path, over)
		}
	}
	dark.Open(o.BaseURL + "/milestones")
	dark.AccessibleNow("the board on a phone in the dark")
}
