package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"soundings/server/accounts"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// goal is a filled form of a milestone: three visits to Finance. Today is 2 March 2026.
func goal(csrf string) url.Values {
	return url.Values{"csrf": {csrf}, "quarter": {"2026-Q1"}, "department": {"1"}, "measure": {"visits"}, "target": {"3"}, "owner": {"author@example.org"}, "note": {"Twice at the closing."}}
}

// aimed sends the form of a new milestone, with some fields otherwise.
func (o *office) aimed(cookie, csrf string, fields ...string) {
	o.t.Helper()
	form := goal(csrf)
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	if r := o.submit(cookie, "/milestones/new", form); r.status != http.StatusSeeOther {
		o.t.Fatalf("status %d\n%s", r.status, r.body)
	}
}

func TestAMilestoneIsSetReachedChangedAndWithdrawn(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		cookie, csrf := o.member(accounts.Author)
		holds(t, "the empty board", o.as(cookie, "/milestones").body, "No milestone is set for Quarter 1 of 2026", "What these words mean", "/milestones/new?quarter=2026-Q1")
		o.aimed(cookie, csrf)
		o.aimed(cookie, csrf, "department", "", "measure", "promises", "target", "60 %")
		holds(t, "the board", o.as(cookie, "/milestones?quarter=2026-Q1").body, "0 of 2 milestones are on track, 1 is behind", "60 of 90 days are over: behind (1) and no figure yet (1)", "All departments together", `>Finance<`, "0 of 3", "Target\u00a060%")
		holds(t, "the milestone", o.as(cookie, "/milestones/1").body, "Visits, Finance: behind", "60 of 90 days of the quarter are over. In whole steps, 2 of 3 would be on track.", "Twice at the closing.", "/visits?department=1&amp;quarter=2026-Q1", "Target\u00a03")
		for range 2 {
			o.visited(cookie, url.Values{"csrf": {csrf}, "state": {"done"}, "department": {"1"}, "day": {"2026-03-02"}, "associate": {"author@example.org"}, "heard": {"Well."}})
		}
		holds(t, "the board", o.as(cookie, "/milestones").body, "1 of 2 milestones are on track<", "2 of 3")
		holds(t, "the board of visits", o.as(cookie, "/visits").body, "2 of 3 visits", "0 of 1 department has reached its target. Still to be visited: Finance (1 more, none planned).", `href="/milestones?quarter=2026-Q1"`)
		holds(t, "the profile", o.as(cookie, "/departments/1").body, "Milestones of this quarter", "/milestones/1", "on track", "2 of 3", "/milestones/new?department=1")

		save := func(version, target, reason string) reply {
			return o.submit(cookie, "/milestones/1", url.Values{"csrf": {csrf}, "version": {version}, "target": {target}, "reason": {reason}, "owner": {"author@example.org"}, "note": {"<b>"}})
		}
		if r := save("1", "2.5", " "); r.status != http.StatusUnprocessableEntity {
			t.Errorf("half a visit: status %d", r.status)
		} else {
			holds(t, "the refused target", r.body, `id="target-fault">Please give a whole number from 1 to 500.`, `id="reason-fault">Please fill this in.`, `value="2.5"`, "&lt;b&gt;", "2 fields need another look")
		}
		if r := save("1", "2", "They <i>move</i>."); r.header.Get("Location") != "/milestones/1" {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		holds(t, "the lower target", o.as(cookie, "/milestones/1").body, "Visits, Finance: met", "Target\u00a02", "Target\u00a03", "They &lt;i&gt;move&lt;/i&gt;.")
		if r := save("1", "4", "Mine"); r.status != http.StatusConflict {
			t.Errorf("from an old version: status %d", r.status)
		} else {
			holds(t, "the conflict", r.body, "Nothing was saved yet: author@example.org saved this", "Mine", `value="4"`)
		}
		away := func(version, reason string) reply {
			return o.submit(cookie, "/milestones/1/withdraw", url.Values{"csrf": {csrf}, "version": {version}, "reason": {reason}})
		}
		if r := away("2", ""); r.status != http.StatusUnprocessableEntity {
			t.Errorf("without a reason: status %d", r.status)
		} else {
			holds(t, "the refused withdrawal", r.body, `id="away-reason-fault">Please fill this in.`, "field needs another look")
		}
		if r := away("2", "House moved."); r.header.Get("Location") != "/milestones?quarter=2026-Q1" {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		holds(t, "the board", o.as(cookie, "/milestones").body, "0 of 1 milestone is on track<", "Withdrawn:", "Visits, Finance")
		holds(t, "what was withdrawn", o.as(cookie, "/milestones/1").body, "Visits, Finance: withdrawn", "House moved.", "Target\u00a02")
		holds(t, "in German", o.german(cookie, "/milestones/1"), "Besuche, Finance: zurückgezogen", "Ziel\u00a02")
		if got, want := strings.Join(o.rows("SELECT action, subject, outcome FROM audit_log WHERE action LIKE 'milestone.%' ORDER BY id"), "\n"),
			"milestone.add|milestone 1|ok\nmilestone.add|milestone 2|ok\nmilestone.save|milestone 1|failed\nmilestone.save|milestone 1|ok\nmilestone.save|milestone 1|failed\nmilestone.withdraw|milestone 1|failed\nmilestone.withdraw|milestone 1|ok"; got != want {
			t.Errorf("the log says\n%s\nwant\n%s", got, want)
		}
	})
}

func TestTheNextQuarterTakesOverTheMilestonesOfTheLast(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	o.aimed(cookie, csrf)
	o.aimed(cookie, csrf, "department", "2", "measure", "openness", "target", "60")
	holds(t, "the next quarter", o.as(cookie, "/milestones?quarter=2026-Q2").body, "No milestone is set for Quarter 2 of 2026", "Copy 2 milestones from Quarter 1 of 2026", "Earlier quarters", "0 of 2 milestones are on track, 1 is behind")
	for range 2 {
		if r := o.submit(cookie, "/milestones/copy", url.Values{"csrf": {csrf}, "quarter": {"2026-Q2"}}); r.header.Get("Location") != "/milestones?quarter=2026-Q2" {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
	}
	body := o.as(cookie, "/milestones?quarter=2026-Q2").body
	holds(t, "the copies", body, "2 milestones are set for Quarter 2 of 2026", "They begin on 1 April 2026.", "not begun")
	if strings.Contains(body, "/milestones/copy") || len(o.rows("SELECT id FROM milestones")) != 4 {
		t.Error("they can be copied twice")
	}
	o.clock.add(31 * 24 * time.Hour) // 2 April
	cookie, csrf = o.again(accounts.Author)
	holds(t, "the quarter that is over", o.as(cookie, "/milestones?quarter=2026-Q1").body, "0 of 2 milestones were met, 1 was missed", "missed", "cannot be told")
	holds(t, "a milestone of it", o.as(cookie, "/milestones/2").body, "Openness, Legal &amp; Tax &lt;b&gt;: cannot be told", "No survey that asked was closed in this quarter.", "The quarter is over, so its target stays.")
	if r := o.submit(cookie, "/milestones/1", url.Values{"csrf": {csrf}, "version": {"1"}, "target": {"1"}, "reason": {"It looks better."}, "owner": {"x"}}); r.status != http.StatusUnprocessableEntity {
		t.Errorf("a lower target afterwards: status %d", r.status)
	}
	if got := o.rows("SELECT subject FROM audit_log WHERE action = 'milestone.copy'"); len(got) != 2 || got[0] != "milestones of 2026-Q2" {
		t.Errorf("the log names %q", got)
	}
}

func TestARefusedMilestoneComesBackAsTypedWithEveryFaultBesideItsField(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	o.transact(func(tx *store.Tx) error { return people.Archive(tx, 2) })
	form := goal(csrf)
	for name, value := range map[string]string{"quarter": "2025-Q4", "department": "2", "measure": "openness", "target": "101", "owner": "", "note": strings.Repeat("why ", 300) + "</textarea><script>"} {
		form.Set(name, value)
	}
	r := o.submit(cookie, "/milestones/new", form)
	if r.status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", r.status)
	}
	holds(t, "the form", r.body, `id="quarter-fault">This quarter is over`, `id="department-fault">Legal &amp; Tax &lt;b&gt; is archived`, `id="target-fault">Please give a whole number from 1 to 100.`, `value="101"`, `value="openness" checked`,
		`id="owner-fault">Please fill this in.`, `id="note-fault">This has 1,219 characters; at most 1,000 fit.`, "&lt;/textarea&gt;&lt;script&gt;", "5 fields need another look")
	o.aimed(cookie, csrf)
	if r := o.submit(cookie, "/milestones/new", goal(csrf)); !strings.Contains(r.body, `id="measure-fault">There is a milestone for this quarter, department and measure already.`) {
		t.Errorf("the same again: status %d", r.status)
	}
	for _, text := range []string{"", "x", "0"} {
		form := goal(csrf)
		form.Set("measure", text)
		form.Set("quarter", text)
		form.Set("target", text)
		if r := o.submit(cookie, "/milestones/new", form); r.status != http.StatusUnprocessableEntity {
			t.Errorf("%q: status %d", text, r.status)
		}
	}
	for path, want := range map[string]int{"/milestones?quarter=2026-Q5": 422, "/milestones/new?quarter=1": 422, "/milestones/77": 404, "/milestones/x": 404} {
		if r := o.as(cookie, path); r.status != want {
			t.Errorf("%s: status %d, want %d", path, r.status, want)
		}
	}
	if got := o.rows("SELECT id FROM milestones"); len(got) != 1 {
		t.Errorf("%d milestones are stored", len(got))
	}
}

func TestWhoIsLimitedToADepartmentReadsItsMilestonesAndThoseOfAllAndSetsItsOwn(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Admin)
	o.aimed(cookie, csrf)
	o.aimed(cookie, csrf, "department", "2")
	o.aimed(cookie, csrf, "department", "")
	limited, token := o.member(accounts.Author, 1)
	body := o.as(limited, "/milestones").body
	holds(t, "the board", body, "0 of 2 milestones are on track", "All departments together", "Finance")
	if strings.Contains(body, "Legal") {
		t.Error("the board shows another department")
	}
	for path, want := range map[string]int{"/milestones/1": 200, "/milestones/2": 403, "/milestones/3": 200, "/milestones/new?department=2": 403} {
		if r := o.as(limited, path); r.status != want {
			t.Errorf("%s: status %d, want %d", path, r.status, want)
		}
	}
	if strings.Contains(o.as(limited, "/milestones/3").body, "<form class=\"change-form") {
		t.Error("what is of all together can be edited")
	}
	for path, form := range map[string]url.Values{
		"/milestones/new":        {"csrf": {token}, "quarter": {"2026-Q1"}, "department": {""}, "measure": {"ideas"}, "target": {"1"}, "owner": {"x"}},
		"/milestones/3":          {"csrf": {token}, "version": {"1"}, "target": {"1"}, "reason": {"x"}, "owner": {"x"}},
		"/milestones/2/withdraw": {"csrf": {token}, "version": {"1"}, "reason": {"x"}},
		"/milestones/3/withdraw": {"csrf": {token}, "version": {"1"}, "reason": {"x"}},
	} {
		if r := o.submit(limited, path, form); r.status != http.StatusForbidden {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
	if r := o.submit(limited, "/milestones/copy", url.Values{"csrf": {token}, "quarter": {"2026-Q2"}}); r.status != http.StatusSeeOther || len(o.rows("SELECT id FROM milestones WHERE quarter = '2026-Q2' AND place = 1")) != 1 || len(o.rows("SELECT id FROM milestones")) != 4 {
		t.Errorf("they copy more than their own: status %d", r.status)
	}
	viewer, token := o.member(accounts.Viewer)
	if r := o.submit(viewer, "/milestones/new", goal(token)); r.status != http.StatusForbidden || o.as(viewer, "/milestones/1").status != http.StatusOK {
		t.Errorf("a viewer: status %d", r.status)
	}
}

func TestTheAPIListsMilestonesWithWhatTheyAreJudgedBy(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 0)
	cookie, csrf := o.member(accounts.Author)
	for _, department := range []string{"1", "2"} {
		o.aimed(cookie, csrf, "department", department, "measure", "openness", "target", "1")
	}
	o.aimed(cookie, csrf, "department", "1", "quarter", "2026-Q2")
	bearer := o.bearer(accounts.Viewer)
	ask := func(query string) (items []map[string]any) {
		t.Helper()
		r := o.get("/api/v1/milestones"+query, "Authorization", "Bearer "+bearer)
		var answer struct{ Milestones []map[string]any }
		if err := json.Unmarshal([]byte(r.body), &answer); err != nil {
			t.Fatalf("%v\n%s", err, r.body)
		}
		return answer.Milestones
	}
	all := ask("")
	if len(all) != 3 || len(ask("?quarter=2026-Q2")) != 1 || len(ask("?department=Finance")) != 2 {
		t.Fatalf("%d milestones", len(all))
	}
	shown, hidden := all[0], all[1]
	reached := shown["reached"].(map[string]any)
	if shown["department"] != "Finance" || shown["quarter"] != "2026-Q1" || shown["state"] != "ahead" || shown["target"] != 1.0 || reached["n"] != 12.0 || reached["mean"] == nil || reached["low"] == nil {
		t.Errorf("the first is %v", shown)
	}
	if r := hidden["reached"].(map[string]any); hidden["state"] != "unknown" || r["mean"] != nil || r["low"] != nil || r["n"] != nil {
		t.Errorf("the second is %v", hidden)
	}
	if r := o.get("/api/v1/milestones?quarter=x", "Authorization", "Bearer "+bearer); r.status != http.StatusUnprocessableEntity {
		t.Errorf("no quarter: status %d", r.status)
	}
	page := o.as(cookie, "/milestones/2").body
	holds(t, "the page", page, "cannot be told", "hidden; target\u00a01", "Too few people answered")
}
