package web

import (
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

// errand is a filled form of a visit that is planned. Today is 2 March 2026.
func errand(csrf string) url.Values {
	return url.Values{"csrf": {csrf}, "state": {"planned"}, "department": {"1"}, "day": {"2026-03-09"}, "start": {"09:30"}, "minutes": {"90"}, "place": {"Room 4"},
		"associate": {"author@example.org", "Jan Novak", ""}, "purpose": {"The new ticket form"}, "change": {""}}
}

// visited sends the form of a new visit and returns its address.
func (o *office) visited(cookie string, form url.Values) string {
	o.t.Helper()
	r := o.submit(cookie, "/visits/new", form)
	if r.status != http.StatusSeeOther {
		o.t.Fatalf("status %d\n%s", r.status, r.body)
	}
	return r.header.Get("Location")
}

func TestAVisitIsPlannedReportedAndFollowedUp(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		cookie, csrf := o.member(accounts.Author)
		holds(t, "the empty board", o.as(cookie, "/visits").body, "No department has been visited yet", "Report a visit")
		address := o.visited(cookie, errand(csrf))
		holds(t, "the plan", o.as(cookie, address).body, "9 March 2026, 09:30 (1 h 30 min)", "Finance will be visited on 9 March 2026", "09:30 (1 h 30 min)", "Room 4", "author@example.org and Jan Novak", "Call the visit off")
		holds(t, "the board", o.as(cookie, "/visits?quarter=2026-Q1").body, "Finance has never been visited, and 1 other department has waited 60 days or more", "Quarter 1 of 2026: 0 visits done, 1 planned.", ">9 March</a>", "Planned for 9 March 2026")
		o.clock.add(8 * 24 * time.Hour)
		cookie, csrf = o.again(accounts.Author)
		holds(t, "the board afterwards", o.as(cookie, "/visits").body, "What became of these?", address+"/report")
		report := url.Values{"csrf": {csrf}, "version": {"1"}, "day": {"2026-03-09"}, "associate": {"author@example.org"}, "heard": {"They *wait* too long. <b>"}, "helped": {"Two printers"},
			"followup": {"Send the calendar", "", "No hurry"}, "owner": {"author@example.org", "author@example.org", ""}, "due": {"2026-03-09", "", ""}, "number": {"0", "0", "0"}}
		if r := o.submit(cookie, address+"/report", report); r.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		body := o.as(cookie, address).body
		holds(t, "the report", body, "Finance was visited on 9 March 2026", "They <em>wait</em> too long. &lt;b&gt;", "Two printers", "Fewer than two of IT were there", "overdue since 9 March 2026", "No hurry", "09:30 (1 h 30 min)")
		if strings.Contains(body, "Call the visit off") {
			t.Error("what has happened can be called off")
		}
		board := o.as(cookie, "/visits?department=1").body
		holds(t, "the board", board, "Finance was last visited yesterday", "1 visit done, 0 planned", "yesterday", "Send the calendar")
		tick := url.Values{"csrf": {csrf}, "done": {"yes"}, "back": {"/visits?quarter=2026-Q1"}}
		if r := o.submit(cookie, address+"/followups/1", tick); r.header.Get("Location") != "/visits?quarter=2026-Q1#followups" {
			t.Errorf("after a tick: status %d to %s", r.status, r.header.Get("Location"))
		}
		tick.Set("back", "https://example.org/visits?")
		if r := o.submit(cookie, address+"/followups/2", tick); r.header.Get("Location") != address+"#followups" {
			t.Errorf("a form leads to %s", r.header.Get("Location"))
		}
		holds(t, "ticked off", o.as(cookie, "/visits").body, "Everything that was taken along is done.")
		tick.Set("done", "no")
		o.submit(cookie, address+"/followups/2", tick)
		if r := o.submit(cookie, address+"/followups", url.Values{"csrf": {csrf}, "text": {" "}, "owner": {"Jan <i>"}, "due": {"2026-03-08"}}); r.status != http.StatusUnprocessableEntity {
			t.Errorf("an empty follow-up: status %d", r.status)
		} else {
			holds(t, "the refused follow-up", r.body, `id="text-fault">Please fill this in.`, `id="due-fault">This is before the visit.`, "Jan &lt;i&gt;")
		}
		if got, want := strings.Join(o.rows("SELECT number, text, owner, due, done FROM visit_followups ORDER BY number"), "\n"), "1|Send the calendar|author@example.org|2026-03-09|2026-03-10\n2|No hurry|||"; got != want {
			t.Errorf("stored are\n%s\nwant\n%s", got, want)
		}
		if got, want := strings.Join(o.rows("SELECT action, subject FROM audit_log WHERE action LIKE 'visit.%' OR action LIKE 'followup.%' ORDER BY id"), "\n"),
			"visit.plan|visit 1\nvisit.report|visit 1\nfollowup.done|visit 1, followup 1\nfollowup.done|visit 1, followup 2\nfollowup.open|visit 1, followup 2\nfollowup.add|visit 1"; got != want {
			t.Errorf("the log says\n%s\nwant\n%s", got, want)
		}
	})
}

func TestAQuickReportNeedsLittle(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Analyst)
	holds(t, "the form", o.as(cookie, "/visits/new?done=1&department=2").body, `value="2026-03-02"`, `value="analyst@example.org"`, `<option value="2" selected>`)
	address := o.visited(cookie, url.Values{"csrf": {csrf}, "state": {"done"}, "department": {"2"}, "day": {"2026-03-02"}, "associate": {"analyst@example.org", ""}, "heard": {"All is well."}})
	holds(t, "the visit", o.as(cookie, address).body, "Legal &amp; Tax &lt;b&gt; was visited on 2 March 2026", "All is well.")
	holds(t, "in German", o.german(cookie, "/visits"), "Finance wurde noch nie besucht", "1. Quartal 2026: 1 Besuch gemacht, 0 geplant.", "heute")
	holds(t, "the profile", o.as(cookie, "/departments/2").body, "Visited today, on 2 March 2026", "All is well.", "/visits/new?department=2")
	holds(t, "the profile of another", o.as(cookie, "/departments/1").body, "It has never been visited.")
	if got := o.rows("SELECT action, subject FROM audit_log WHERE action LIKE 'visit.%'"); len(got) != 1 || got[0] != "visit.report|visit 1" {
		t.Errorf("the log says %q", got)
	}
}

func TestARefusedVisitComesBackAsTypedWithEveryFaultBesideItsField(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	o.transact(func(tx *store.Tx) error { return people.Archive(tx, 2) })
	long := strings.Repeat("why ", 25_000)
	form := errand(csrf)
	for name, value := range map[string]string{"department": "2", "day": "2026-02-30", "start": "25:00", "minutes": "an hour", "place": "</textarea><script>alert(1)</script>", "purpose": long} {
		form.Set(name, value)
	}
	r := o.submit(cookie, "/visits/new", form)
	if r.status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", r.status)
	}
	holds(t, "the form", r.body, `id="department-fault">Legal &amp; Tax &lt;b&gt; is archived`, `<option value="2" selected>`, `id="day-fault">There is no such day.`, `value="2026-02-30"`,
		`id="start-fault">Please give a time such as 09:30.`, `id="minutes-fault">Please give a number of minutes`, `value="an hour"`, `id="purpose-fault">This has 99,999 characters; at most 1,000 fit.`,
		strings.TrimSpace(long), "&lt;/textarea&gt;&lt;script&gt;", "Jan Novak", "5 fields need another look")
	for day, want := range map[string]string{"2026-03-01": "This day is over.", "": "Please fill this in.", "9999-01-01": "This is more than 5 years away."} {
		form := errand(csrf)
		form.Set("day", day)
		holds(t, "planned for "+day, o.submit(cookie, "/visits/new", form).body, want)
	}
	form = errand(csrf)
	form.Set("state", "done")
	form.Set("associate", "")
	form["associate"] = []string{""}
	holds(t, "done tomorrow by nobody", o.submit(cookie, "/visits/new", form).body, "This day is still to come.", "Please say who was there.")
	form = errand(csrf)
	form.Set("state", "done")
	form.Set("day", "2026-03-02")
	form["followup"], form["due"], form["owner"], form["number"] = []string{"", "", "Late <u>"}, []string{"", "2026-03-05", "2026-03-01"}, []string{"", "", "Jan"}, []string{"0", "0", "0"}
	holds(t, "follow-ups", o.submit(cookie, "/visits/new", form).body, `id="followup1-fault">Please fill this in.`, `id="due2-fault">This is before the visit.`, "Late &lt;u&gt;", `value="2026-03-05"`)
	if got := o.rows("SELECT id FROM visits"); len(got) != 0 {
		t.Errorf("%d visits are stored", len(got))
	}
	for _, path := range []string{"/visits?quarter=2026-Q5", "/visits?department=x", "/visits/new?department=-1"} {
		if r := o.as(cookie, path); r.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
	if r := o.as(cookie, "/visits?department=99"); r.status != http.StatusNotFound {
		t.Errorf("the visits of a department that is not there: status %d", r.status)
	}
}

func TestTwoWhoEditAVisitAreToldAndNothingIsOverwrittenUnseen(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	address := o.visited(cookie, errand(csrf))
	theirs, mine := errand(csrf), errand(csrf)
	theirs.Set("version", "1")
	theirs.Set("purpose", "Theirs")
	mine.Set("version", "1")
	mine.Set("purpose", "Mine <b>")
	if r := o.submit(cookie, address+"/edit", theirs); r.status != http.StatusSeeOther {
		t.Fatalf("status %d", r.status)
	}
	r := o.submit(cookie, address+"/edit", mine)
	if holds(t, "the form", r.body, "author@example.org saved this on", ">Theirs<", "Mine &lt;b&gt;", `name="version" value="2"`); r.status != http.StatusConflict {
		t.Errorf("status %d", r.status)
	}
	off := url.Values{"csrf": {csrf}, "version": {"1"}, "reason": {"Ill <i>"}}
	r = o.submit(cookie, address+"/call-off", off)
	if holds(t, "calling it off", r.body, "Nothing was saved yet", "Ill &lt;i&gt;"); r.status != http.StatusConflict {
		t.Errorf("status %d", r.status)
	}
	off.Set("version", "2")
	off.Set("reason", " ")
	if r := o.submit(cookie, address+"/call-off", off); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, `id="reason-fault">Please fill this in.`) {
		t.Errorf("for no reason: status %d", r.status)
	}
	off.Set("reason", "Everybody is ill")
	if r := o.submit(cookie, address+"/call-off", off); r.status != http.StatusSeeOther {
		t.Fatalf("status %d", r.status)
	}
	holds(t, "the visit", o.as(cookie, address).body, "was called off", "Everybody is ill")
	report := url.Values{"csrf": {csrf}, "version": {"3"}, "day": {"2026-03-02"}, "heard": {"Nothing"}}
	if r := o.submit(cookie, address+"/report", report); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "It is called off or done already.") {
		t.Errorf("reported all the same: status %d", r.status)
	}
	if got := o.rows("SELECT version, state, purpose FROM visits"); len(got) != 1 || got[0] != "3|called off|Theirs" {
		t.Errorf("stored is %q", got)
	}
}

func TestAVisitIsReadAndWrittenWithinTheLimitsOfAnAccount(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	form := errand(csrf)
	form.Set("associate", "analyst@example.org")
	mine := o.visited(cookie, form)
	form.Set("department", "2")
	form.Set("purpose", "Contracts of Legal")
	others := o.visited(cookie, form)
	limited, token := o.member(accounts.Analyst, 1)
	viewer, viewing := o.member(accounts.Viewer)
	board := o.as(limited, "/visits").body
	if holds(t, "the board", board, "The new ticket form"); strings.Contains(board, "Contracts of Legal") || strings.Contains(board, "Legal &amp; Tax") {
		t.Error("the board names what is not theirs")
	}
	for _, test := range []struct {
		cookie, path string
		want         int
	}{
		{limited, mine, 200}, {limited, mine + "/edit", 200}, {limited, others, 403}, {limited, others + "/edit", 403}, {limited, others + "/report", 403}, {limited, "/visits?department=2", 403},
		{limited, "/visits/new?department=2", 403}, {viewer, mine, 200}, {viewer, others, 200}, {viewer, mine + "/edit", 403}, {viewer, "/visits/new", 403}, {cookie, "/visits/99", 404}, {cookie, "/visits/x", 404},
	} {
		if r := o.as(test.cookie, test.path); r.status != test.want {
			t.Errorf("%s: status %d, want %d", test.path, r.status, test.want)
		}
	}
	form.Set("csrf", token)
	form.Set("version", "1")
	for _, path := range []string{"/visits/new", mine + "/edit", mine + "/report", others + "/edit", others + "/call-off", others + "/followups"} {
		if r := o.submit(limited, path, form); r.status != http.StatusForbidden {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
	form.Set("csrf", viewing)
	if r := o.submit(viewer, "/visits/new", form); r.status != http.StatusForbidden {
		t.Errorf("a viewer plans: status %d", r.status)
	}
	if strings.Contains(o.as(viewer, mine).body, "<form class") {
		t.Error("a viewer is shown forms")
	}
	if got := strings.Join(o.rows("SELECT id, version, department_id FROM visits ORDER BY id"), " "); got != "1|1|1 2|1|2" {
		t.Errorf("stored is %q", got)
	}
}

func TestProgramsReadVisitsAsTheyAre(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	o.proposed(cookie, proposal(csrf))
	form := errand(csrf)
	form.Set("state", "done")
	form.Set("day", "2026-03-01")
	form.Set("change", "1")
	form.Set("heard", "**Wait**")
	form["followup"], form["owner"], form["due"], form["number"] = []string{"Ask"}, []string{"Jan"}, []string{"2026-03-04"}, []string{"0"}
	o.visited(cookie, form)
	other := errand(csrf)
	other.Set("department", "2")
	o.visited(cookie, other)
	token := o.bearer(accounts.Viewer)
	var answer struct{ Visits []map[string]any }
	o.ask(token, "/visits?department=Finance", &answer)
	if len(answer.Visits) != 1 {
		t.Fatalf("the API says %v", answer)
	}
	v := answer.Visits[0]
	for name, want := range map[string]any{"department": "Finance", "day": "2026-03-01", "start": "09:30", "minutes": 90.0, "state": "done", "heard": "**Wait**", "change": "a-new-expense-tool"} {
		if v[name] != want {
			t.Errorf("%s is %v, want %v", name, v[name], want)
		}
	}
	if f := v["followups"].([]any)[0].(map[string]any); f["text"] != "Ask" || f["owner"] != "Jan" || f["due"] != "2026-03-04" || f["done"] != nil {
		t.Errorf("the follow-up is %v", f)
	}
	if o.ask(token, "/visits", &answer); len(answer.Visits) != 2 {
		t.Errorf("%d visits in all", len(answer.Visits))
	}
	story := o.as(cookie, "/changes/1").body
	holds(t, "the story of the change", story, `<a class="change-name" href="/visits/1">`, "/visits/new?change=1")
	if strings.Contains(story, "/visits/2") {
		t.Error("the story tells of a visit about something else")
	}
}

// A chart over time says what its triangles are only where it has some, and lists the visits below with the way to each.
func TestTrendsTellTheVisitsMadeMeanwhile(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.member(accounts.Author)
	o.answered(12, 12)
	o.clock.add(10 * 24 * time.Hour)
	cookie, csrf := o.again(accounts.Author)
	if r := o.as(cookie, "/trend?department=1"); strings.Contains(r.body, "triangles under the axis") {
		t.Error("the trend tells of visits before there are any")
	}
	o.visited(cookie, url.Values{"csrf": {csrf}, "state": {"done"}, "department": {"1"}, "day": {"2026-03-08"}, "associate": {"author@example.org"}, "purpose": {"Printers <i>"}})
	o.answered(12, 12)
	for path, want := range map[string]string{"/trend?department=1&department=2": "triangles under the axis: visits, in the colour of the department", "/trend?department=2": "",
		"/departments/1": "triangles under the axis: visits", "/departments/2": ""} {
		body := o.as(cookie, path).body
		if strings.Contains(body, "triangles") != (want != "") || !strings.Contains(body, want) {
			t.Errorf("%s tells of triangles, or does not", path)
		}
		if lists := strings.Contains(body, `<a class="mark-name" href="/visits/1">Printers &lt;i&gt;</a>`); lists != (path != "/departments/2") {
			t.Errorf("%s lists the visit: %v", path, lists)
		}
	}
	limited, _ := o.member(accounts.Viewer, 2)
	if strings.Contains(o.as(limited, "/trend").body, "Printers") {
		t.Error("somebody limited to another department reads of the visit")
	}
}
