package web

import (
	"strconv"
	"testing"

	"soundings/server/web/webtest"
	"soundings/surveys/store/storetest"
)

// Somebody volunteers on a phone, follows the link in the mail, reports back and withdraws.
func TestAVolunteerFindsTheirWayOnAPhone(t *testing.T) {
	t.Parallel()
	o := newChampionsOffice(t, storetest.SQLite(t))
	browser := o.browsing()
	phone := browser.Tab(360, 740)
	begins := func(words string) {
		phone.Await(`document.readyState === "complete" && document.querySelector("h1").innerText.includes(` + strconv.Quote(words) + `)`)
	}
	phone.Open(o.BaseURL + "/champion?lang=en")
	phone.Tap("form .send")
	phone.Await(`document.querySelector(".fault") && document.readyState === "complete"`)
	phone.AccessibleNow("an offer that was refused")
	phone.Fill("[name=name]", "Ada Lind")
	phone.Fill("[name=email]", "ada@example.org")
	choosing(phone, "[name=department]", "1")
	phone.Fill("[name=topics]", "VPN")
	phone.Tap("form .send")
	begins("mailbox")
	phone.Accessible("an offer that was taken")
	own := o.BaseURL + ownAddress(t, o.deliver()["ada@example.org"])
	phone.Open(own)
	phone.Accessible("the page to confirm")
	phone.Tap("form .send")
	begins("Ada Lind")
	phone.Fill("#text", "The VPN sleeps.")
	phone.Tap(`[value="report"]`)
	phone.Await(`document.querySelector(".done") && !document.querySelector("#text").value`)
	phone.Accessible("a champion's own page")
	arabic := browser.Tab(360, 740)
	arabic.Open(own + "?lang=ar")
	if webtest.Eval[string](arabic, `document.dir`) != "rtl" {
		t.Error("in Arabic the page does not run from right to left")
	}
	arabic.Accessible("a champion's own page in Arabic")
	phone.Tap(`a[href*="/withdraw"]`)
	phone.Await(`location.pathname.endsWith("/withdraw") && document.readyState === "complete"`)
	phone.Accessible("the way out")
	phone.Tap("form .send")
	phone.Await(`document.readyState === "complete" && !document.querySelector(".deeds")`)
	if left := o.rows("SELECT name, email FROM champions"); len(left) != 1 || left[0] != "|" {
		t.Errorf("after withdrawing there is still %q", left)
	}
}
