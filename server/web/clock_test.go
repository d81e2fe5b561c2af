package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/surveys/store/storetest"
)

// It is 23:30 in UTC, and the next day in Tokyo.
func TestTimesForStaffAreThoseOfTheOrganisationsClocks(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.clock.add(14*60*60e9 + 30*60e9)
	cookie, csrf := o.member(accounts.Admin)
	if r := o.submit(cookie, "/settings/organisation", url.Values{"csrf": {csrf}, "time_zone": {"Asia/Tokyo"}}); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	o.bearer(accounts.Viewer)
	d := o.writing(accounts.Author)
	stamps := map[string][2]string{"en": {"3 March 2026", "08:30"}, "de": {"3. März 2026", "08:30"}}
	shown := regexp.MustCompile(`<time datetime="2026-03-02T23:30:00Z">([^<]*)</time>`)
	for lang, want := range stamps {
		for _, path := range []string{"/account", "/accounts", "/tokens", "/audit", d.address()} {
			page := o.get(path, "Cookie", sessionCookie+"="+cookie, "Accept-Language", lang)
			found := shown.FindStringSubmatch(page.body)
			if found == nil || !strings.Contains(found[1], want[0]) || !strings.Contains(found[1], want[1]) {
				t.Errorf("%s in %s: %q\n%s", path, lang, found, page.body)
			}
			if strings.Contains(page.body, "23:30 ") || strings.Contains(page.body, "UTC") {
				t.Errorf("%s in %s tells the time of another place", path, lang)
			}
		}
	}
	if r := d.submit(d.cookie, d.address()+"/autosave.json", d.form(d.cookie)); !strings.Contains(r.body, "08:30") {
		t.Errorf("the script learns %s", r.body)
	}
	const entry = "<code>settings.organisation</code>"
	for day, want := range map[string]bool{"2026-03-02": false, "2026-03-03": true} {
		page, file := o.as(cookie, "/audit?from="+day+"&until="+day), o.as(cookie, "/audit/log.csv?from="+day+"&until="+day)
		if strings.Contains(page.body, entry) != want || strings.Contains(file.body, "settings.organisation") != want {
			t.Errorf("the log of %s holds what was done on 3 March in Tokyo: want %v", day, want)
		}
	}
}
