package web

import (
	"net/url"
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/store/storetest"
)

// Somebody asks for their week by e-mail at a desk without a mouse, does what is overdue with a thumb, and ends the mails.
func TestAWeekIsWorkedThroughOnAPhone(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.member(accounts.Author)
	browser := o.browsing()
	tab := o.enter(browser.Tab(1440, 900))
	tab.Open(o.BaseURL + "/week")
	tab.AccessibleNow("an empty week")
	tab.Reach(`main a[href="/account#week"]`)
	tab.Press("\r")
	tab.Await(`location.pathname === "/account" && document.readyState === "complete"`)
	tab.Reach(`form[action="/account/week"] button`)
	tab.Press("\r")
	tab.Await(`location.search === "?saved=week" && document.readyState === "complete"`)
	tab.AccessibleNow("an account that gets its week")

	cookie, csrf := o.again(accounts.Author)
	today := surveys.DayOf(o.clock.Now(), o.house().Zone)
	visit := errand(csrf)
	visit["day"], visit["followup"], visit["owner"], visit["due"], visit["number"] = []string{string(today)}, []string{"Ask Jan about the long corridor of printers"}, []string{"author@example.org"}, []string{string(today)}, []string{"0"}
	o.visited(cookie, visit)
	for range 2 { // drafts wait beside the week
		o.submit(cookie, "/library/change-pulse", url.Values{"csrf": {csrf}})
	}
	phone := o.enter(browser.Tab(360, 740))
	phone.Open(o.BaseURL + "/week")
	phone.AccessibleNow("a week on a phone")
	if n := len(strings.Split(phone.Text("[aria-labelledby=waiting] ul"), "\n")); n < 2 {
		t.Errorf("%d things wait beside the week", n)
	}
	if text := phone.Text("h1"); text != "This week: 1 visit and 1 follow-up." {
		t.Errorf("the week says %q", text)
	}
	phone.Tap(".btn-tick")
	phone.Await(`!document.querySelector(".btn-tick") && location.pathname === "/week" && document.readyState === "complete"`)
	if text := phone.Text("h1"); text != "This week: 1 visit." {
		t.Errorf("after a tick the week says %q", text)
	}

	member, err := o.Accounts.Members(t.Context())
	if err != nil || len(member) != 1 {
		t.Fatalf("%d members: %v", len(member), err)
	}
	token, err := o.weekToken(member[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	phone.Open(o.BaseURL + "/week/mail/" + url.PathEscape(token))
	phone.AccessibleNow("the way out")
	phone.Tap("main button")
	phone.Await(`document.querySelector("main [role=status]") && document.readyState === "complete"`)
	if text := phone.Text("main"); !strings.Contains(text, "No more weekly messages will be sent to you.") {
		t.Errorf("the way out says %q", text)
	}
	if got := strings.Join(o.rows("SELECT wanted FROM week_mails"), " "); got != "0" {
		t.Errorf("wanted is %s", got)
	}
}
