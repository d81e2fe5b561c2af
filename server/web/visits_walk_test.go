package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys/store/storetest"
)

// typeDay types a day into the field that has the focus, in the order that this browser has its parts in.
func typeDay(tab *webtest.Tab, field string, day time.Time) {
	for _, order := range []string{"01022006", "02012006", "20060102"} {
		webtest.Eval[bool](tab, fmt.Sprintf(`(() => { const f = document.querySelector(%q); f.blur(); f.focus(); return true; })()`, field))
		tab.Press(day.UTC().Format(order))
		if webtest.Eval[string](tab, fmt.Sprintf(`document.querySelector(%q).value`, field)) == day.UTC().Format(time.DateOnly) {
			return
		}
	}
}

// Somebody plans a visit at their desk without a mouse, and reports it with a thumb on the way back.
func TestAVisitIsPlannedByKeyboardAndReportedOnAPhone(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.member(accounts.Author)
	browser := o.browsing()
	tab := o.enter(browser.Tab(1440, 900))
	tab.Open(o.BaseURL + "/visits")
	tab.AccessibleNow("no visits yet")
	tab.Reach(`main a[href="/visits/new"]`)
	tab.Press("\r")
	tab.Await(`location.pathname === "/visits/new" && document.readyState === "complete"`)
	tab.Reach("#department")
	tab.Press("F")
	tab.Reach("#day")
	typeDay(tab, "#day", o.clock.Now())
	tab.Reach(".change-acts button")
	tab.Press("\r")
	tab.Await(`document.querySelector("#purpose-fault") && document.readyState === "complete"`)
	tab.AccessibleNow("a refused visit")
	tab.Reach("#purpose")
	tab.Press("The new ticket form")
	tab.Reach(".change-acts button")
	tab.Press("\r")
	tab.Await(`location.pathname === "/visits/1" && document.readyState === "complete"`)
	if text := tab.Text("main"); !strings.Contains(text, "Finance will be visited on "+o.clock.Now().UTC().Format("2 January 2006")) || !strings.Contains(text, "Fewer than two of IT are to go.") {
		t.Errorf("the page says %q", text)
	}

	phone := o.enter(browser.Tab(360, 740, webtest.Touching()))
	phone.Open(o.BaseURL + "/visits/1")
	phone.Tap(`a[href="/visits/1/report"]`)
	phone.Await(`location.pathname === "/visits/1/report" && document.readyState === "complete"`)
	small := `[...document.querySelectorAll("main input:not([type=hidden]), main select, main textarea, main button, main .btn, main summary")].filter((e) => e.getBoundingClientRect().height < 44).map((e) => e.outerHTML.slice(0, 90)).join("\n")`
	if list := webtest.Eval[string](phone, small); list != "" {
		t.Errorf("too small for a thumb:\n%s", list)
	}
	phone.Tap("#heard")
	phone.Paste("They *wait* too long.")
	phone.Tap("#followup1")
	phone.Paste("Send the calendar")
	phone.AccessibleNow("a report on a phone")
	phone.Tap(".change-acts button")
	phone.Await(`location.pathname === "/visits/1" && document.readyState === "complete"`)
	if heard := webtest.Eval[string](phone, `document.querySelector(".prose").innerHTML.trim()`); heard != "<p>They <em>wait</em> too long.</p>" {
		t.Errorf("heard is %q", heard)
	}
	phone.Tap(".followups button")
	phone.Await(`document.querySelector(".followups .is-ticked") && document.readyState === "complete"`)
	if list := webtest.Eval[string](phone, small); list != "" {
		t.Errorf("too small for a thumb:\n%s", list)
	}
	phone.AccessibleNow("a visit on a phone")
}
