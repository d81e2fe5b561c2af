package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys/settings"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

// furnished is an office in which every staff page has something to show. It tells what stands for the parameters of
// the routes.
func furnished(t *testing.T) (*office, map[string]string) {
	t.Helper()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 3)
	_, open := o.open(pulse(t))
	cookie, csrf := o.member(accounts.Admin)
	if r := o.submit(cookie, "/library/change-pulse", url.Values{"csrf": {csrf}}); r.status != http.StatusSeeOther {
		t.Fatalf("a draft from the library: status %d\n%s", r.status, r.body)
	}
	var plan waves.PlanID
	o.transact(func(tx *store.Tx) (err error) {
		now := waves.LocalOf(o.clock.Now().Add(48*time.Hour), time.UTC)
		plan, err = waves.SavePlan(tx, waves.Plan{Survey: open.Survey, Opens: now, Closes: now.Plus(14), Every: waves.Quarterly})
		return err
	})
	o.proposed(cookie, proposal(csrf))
	if r := o.submit(cookie, "/changes/1/pitches/edit", url.Values{"csrf": {csrf}, "version": {"0"}, "language": {"en"}, "text": {"**You** decide."}, "texts.de": {"Sie entscheiden."}}); r.status != http.StatusSeeOther {
		t.Fatalf("a pitch: status %d\n%s", r.status, r.body)
	}
	if r := o.submit(cookie, "/changes/1/decisions/new", openWindows(csrf)); r.status != http.StatusSeeOther {
		t.Fatalf("a decision: status %d\n%s", r.status, r.body)
	}
	visit := errand(csrf)
	visit["followup"], visit["owner"], visit["due"], visit["number"] = []string{"Ask"}, []string{"Jan"}, []string{"2026-03-20"}, []string{"0"}
	o.visited(cookie, visit)
	o.promised(cookie, vow(csrf))
	if r := o.submit(cookie, "/champions/new", consented(csrf)); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	if r := o.submit(cookie, "/milestones/new", goal(csrf)); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	said := o.commentIDs(o.spoken([]string{"The VPN sleeps", "الطابعة", "a rude word"}, []string{"Ask Mr Kaur"}))
	for deed, form := range map[string]url.Values{said["The VPN sleeps"] + "/tags": {"tag": {"VPN"}}, said["الطابعة"] + "/tags": {"tag": {"طابعة"}}, said["a rude word"] + "/hide": {"reason": {"offends"}}} {
		form.Set("csrf", csrf)
		if r := o.submit(cookie, "/comments/"+deed, form); r.status != http.StatusSeeOther {
			t.Fatalf("%s: status %d\n%s", deed, r.status, r.body)
		}
	}
	o.board(settings.BoardReviewed)
	o.suggested("A printer for the hall", "department", "1", "text", "The old one is far away.")
	o.suggested("Printers in every hall", "name", "Ana", "lang", "de")
	for deed, form := range map[string]url.Values{"2/show": {}, "1/reply": {"seen": {"0"}, "status": {"considering"}, "reply": {"We are looking."}}} {
		form.Set("csrf", csrf)
		if r := o.submit(cookie, "/ideas/"+deed, form); r.status != http.StatusSeeOther {
			t.Fatalf("%s: status %d\n%s", deed, r.status, r.body)
		}
	}
	pack := o.frozen(cookie, csrf, url.Values{"change": {"1"}})
	o.submit(cookie, o.sentHistory(cookie, csrf, pastFile), url.Values{"csrf": {csrf}})
	o.sentHistory(cookie, csrf, pastFile)
	upload := o.sent(cookie, csrf, "E-mail,Name,Department\nann@example.org,Ann,Finance\nbad,Bob,Finance\n")
	return o, map[string]string{":wave": "2", ":plan": strconv.FormatInt(int64(plan), 10), ":link": "1", ":question": "benefit", ":draft": "1", ":survey": "1", ":version": "1",
		":lang": "de", ":name": "change-pulse", ":department": "1", ":change": "1", ":decision": "1", ":idea": "1", ":visit": "1", ":promise": "1", ":champion": "1", ":milestone": "1", ":pack": strings.TrimPrefix(pack, "/packs/"), ":user": "1", ":upload": strings.TrimPrefix(upload, "/people/directory/")}
}

// The list of pages is the route table, so a page that is added is looked at too.
func TestAxeFindsNothingOnAnyPageForStaff(t *testing.T) {
	t.Parallel()
	o, names := furnished(t)
	tab := o.enterAs(accounts.Admin, o.browsing().Tab(1440, 900))
	seen := 0
	for _, r := range o.routes() {
		path := r.path
		for name, value := range names {
			path = strings.ReplaceAll(path, name, value)
		}
		last := path[strings.LastIndex(path, "/"):]
		if r.method != http.MethodGet || r.access.kind != session || strings.ContainsAny(last, ".") {
			continue // files have no look
		}
		if strings.Contains(path, ":") {
			t.Fatalf("nothing stands for a parameter of %s", path)
		}
		tab.Open(o.BaseURL + path)
		if status := webtest.Eval[int](tab, `performance.getEntriesByType("navigation")[0].responseStatus`); status != http.StatusOK {
			t.Errorf("%s: status %d", path, status)
		}
		tab.Accessible(path)
		seen++
	}
	if seen < 25 {
		t.Errorf("only %d pages are looked at", seen)
	}
}
