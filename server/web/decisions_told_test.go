package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/surveys/store/storetest"
)

func TestAFormThatWasReadBeforeLeadsToWhatWasDecidedSince(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Admin)
	change := proposal(csrf)
	change.Set("public", "yes")
	o.proposed(cookie, change)
	address := o.left(cookie, openWindows(csrf))
	path, _ := o.asked(cookie, csrf, address, "1")
	if strings.Contains(o.get(path).body, `href="/heard`) {
		t.Fatal("the form leads to where nothing stands")
	}
	outcome := url.Values{"csrf": {csrf}, "version": {"2"}, "department": {"0"}, "outcome": {"after-easter"}, "reason": {"The supplier can."}, "on": {"2026-03-02"}, "unasked": {"yes"}}
	if r := o.submit(cookie, address+"/outcome", outcome); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	o.clock.add(2 * freshness)
	holds(t, "the form", o.get(path).body, `href="/heard`)
}
