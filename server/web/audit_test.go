package web

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/store/storetest"
)

// entries gives the log, the oldest first, as "who action (subject) outcome".
func (o *office) entries() []string {
	o.t.Helper()
	return storetest.Rows(o.t, o.Store, "SELECT email, token, action, subject, outcome, origin FROM audit_log WHERE action NOT IN ('session.begin') ORDER BY id")
}

// routed is an office with one more route.
func (o *office) routed(r route) {
	o.app = fiber.New(fiber.Config{ErrorHandler: o.onError})
	o.app.Add(r.method, r.path, o.record(r), o.allow(r.access), r.handler)
}

func TestWhatStaffDoIsRecordedWithItsOutcome(t *testing.T) {
	refuse := func(*fiber.Ctx) error { return &surveys.Error{Kind: surveys.Conflict, Message: "no"} }
	for name, test := range map[string]struct {
		role    accounts.Role
		path    string
		at      string
		handler fiber.Handler
		want    string
	}{
		"done":                     {accounts.Admin, "/waves/:wave/close", "/waves/12/close", func(c *fiber.Ctx) error { return nil }, "admin@example.org||wave.close|wave 12|ok|0.0.0.0"},
		"not allowed":              {accounts.Viewer, "/waves/:wave/close", "/waves/12/close", func(c *fiber.Ctx) error { return nil }, "viewer@example.org||wave.close|wave 12|refused|0.0.0.0"},
		"did not work":             {accounts.Author, "/waves/:wave/close", "/waves/12/close", refuse, "author@example.org||wave.close|wave 12|failed|0.0.0.0"},
		"a faulty form":            {accounts.Author, "/waves/:wave/close", "/waves/12/close", func(c *fiber.Ctx) error { return c.SendStatus(422) }, "author@example.org||wave.close|wave 12|failed|0.0.0.0"},
		"a panic":                  {accounts.Author, "/waves/:wave/close", "/waves/12/close", func(c *fiber.Ctx) error { panic("oops") }, "author@example.org||wave.close|wave 12|failed|0.0.0.0"},
		"a link's code":            {accounts.Author, "/links/:code/:wave", "/links/s3cretcode/7", func(c *fiber.Ctx) error { return nil }, "author@example.org||wave.close|wave 7|ok|0.0.0.0"},
		"a code of digits":         {accounts.Author, "/links/:code", "/links/123456", func(c *fiber.Ctx) error { return nil }, "author@example.org||wave.close||ok|0.0.0.0"},
		"an address":               {accounts.Author, "/people/:person/mail", "/people/bob@example.org/mail", func(c *fiber.Ctx) error { return nil }, "author@example.org||wave.close||ok|0.0.0.0"},
		"what the handler says of": {accounts.Author, "/waves", "/waves", func(c *fiber.Ctx) error { audited(c).Subject = "wave 9"; return nil }, "author@example.org||wave.close|wave 9|ok|0.0.0.0"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, storetest.SQLite(t)).staffed()
			cookie, csrf := o.member(test.role)
			o.routed(route{http.MethodPost, test.path, staff(accounts.RunWaves).as("wave.close"), test.handler})
			o.submit(cookie, test.at, url.Values{"csrf": {csrf}})
			if got := o.entries(); len(got) != 1 || got[0] != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestRefusedViewsAreRecordedAndOthersAreNot(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(pulse(t))
	cookie, _ := o.member(accounts.Viewer)
	token := o.bearer(accounts.Viewer)
	o.as(cookie, "/trend")
	o.as(cookie, "/numbers")
	o.get("/trend") // by nobody
	o.get("/api/v1/surveys", "Authorization", "Bearer "+token)
	o.get("/api/v1/surveys", "Authorization", "Bearer snd_none")
	o.as(cookie, "/s/"+code)
	o.as(cookie, "/receipt")
	o.post("/s/"+code, url.Values{"receipt": {string(surveys.NewReceipt())}, "department": {"1"}, "band": {"1"}, "q.easier": {"4"}})
	if got := o.entries(); len(got) != 0 {
		t.Errorf("recorded: %q", got)
	}
	if r := o.as(cookie, "/audit?person=x"); r.status != http.StatusForbidden {
		t.Errorf("a viewer reads the audit log: status %d", r.status)
	}
	o.as(cookie, "/audit/log.csv")
	want := []string{"viewer@example.org||view|/audit|refused|0.0.0.0", "viewer@example.org||audit.export||refused|0.0.0.0"}
	if got := o.entries(); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("recorded %q, want %q", got, want)
	}
	o.routed(route{http.MethodGet, "/api/v1/waves/:wave", api(accounts.EditSurveys), func(c *fiber.Ctx) error { return nil }})
	o.get("/api/v1/waves/3", "Authorization", "Bearer "+token)
	if got := o.entries(); got[len(got)-1] != "|test|view|/api/v1/waves/:wave wave 3|refused|0.0.0.0" {
		t.Errorf("the API's refusal: %q", got)
	}
}

// The script saves every few seconds while somebody types.
func TestSavesByTheEditorItselfAreRecordedOnceAnHour(t *testing.T) {
	d := newOffice(t, storetest.SQLite(t)).staffed().writing(accounts.Author)
	before := len(d.entries())
	save := func(to string) {
		t.Helper()
		if r := d.submit(d.cookie, d.address()+to, d.form(d.cookie)); r.status >= http.StatusBadRequest {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
	}
	for range 3 {
		save("/autosave.json")
	}
	save("")
	save("")
	d.clock.add(59 * time.Minute)
	save("/autosave.json")
	d.clock.add(2 * time.Minute)
	save("/autosave.json")
	itself, asked := "author@example.org||draft.autosave|draft 1|ok|0.0.0.0", "author@example.org||draft.save|draft 1|ok|0.0.0.0"
	if got, want := d.entries()[before:], []string{itself, asked, asked, itself}; !slices.Equal(got, want) {
		t.Errorf("recorded\n%q, want\n%q", got, want)
	}
}

func TestTheScheduleIsOneOfThoseWhoCanBeChosenInTheLog(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, _ := o.member(accounts.Admin)
	for _, e := range []accounts.Event{{Action: "wave.open", Subject: "wave 7", Outcome: accounts.Done, Origin: accounts.Schedule},
		{User: 1, Email: "admin@example.org", Action: "wave.close", Subject: "wave 8", Outcome: accounts.Done, Origin: "192.0.2.1"}} {
		if err := o.Accounts.Record(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	page := o.as(cookie, "/audit?person=schedule")
	if !strings.Contains(page.body, `<option value="schedule" selected>the schedule</option>`) || !strings.Contains(page.body, "wave 7") || strings.Contains(page.body, "wave 8") {
		t.Errorf("status %d\n%s", page.status, page.body)
	}
}

// Every route an employee uses is without an action and without a session, so that record lets it pass.
func TestRoutesOfRespondentsCannotBeRecorded(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t))
	for _, r := range o.routes() {
		if isRespondent(r.path) && (r.access.kind != everybody || r.access.action != "") {
			t.Errorf("%s %s can be recorded", r.method, r.path)
		}
	}
}

func TestWhatCannotBeRecordedDoesNotLeave(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, _ := o.member(accounts.Analyst)
	o.routed(route{http.MethodGet, "/answers.csv", staff(accounts.ExportResponses).as("responses.export"), func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentDisposition, "attachment")
		return c.SendString("the answers")
	}})
	pool, err := o.Store.Pool()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec("CREATE TRIGGER full BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'full'); END"); err != nil {
		t.Fatal(err)
	}
	r := o.as(cookie, "/answers.csv")
	if r.status != http.StatusServiceUnavailable || strings.Contains(r.body, "the answers") || r.header.Get("Content-Disposition") != "" {
		t.Errorf("status %d, %v\n%s", r.status, r.header, r.body)
	}
	if log := o.log.String(); !strings.Contains(log, "responses.export") || strings.Contains(log, "analyst@example.org") {
		t.Errorf("the program's log: %s", log)
	}
}

func TestTheAuditLogCanBeReadAndTakenAway(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		cookie, _ := o.member(accounts.Admin)
		if err := o.Accounts.Record(t.Context(), accounts.Event{Token: "=cmd|' /C calc'!A0", Action: "wave.close", Subject: "wave 3", Outcome: accounts.Done, Origin: "192.0.2.9"}); err != nil {
			t.Fatal(err)
		}
		page := o.as(cookie, "/audit")
		for _, want := range []string{"The log holds 2 entries.", "admin@example.org", "session.begin", "wave 3", "192.0.2.9", "2 March 2026, 09:00", "refuses to change"} {
			if !strings.Contains(page.body, want) {
				t.Errorf("the page lacks %q\n%s", want, page.body)
			}
		}
		if german := o.get("/audit", "Cookie", sessionCookie+"="+cookie, "Accept-Language", "de"); !strings.Contains(german.body, "Das Protokoll enthält 2 Einträge.") || !strings.Contains(german.body, "2. März 2026, 09:00 Uhr") {
			t.Errorf("in German:\n%s", german.body)
		}
		none := o.as(cookie, "/audit?person=nobody@example.org")
		if none.status != http.StatusOK || !strings.Contains(none.body, "No entry matches") {
			t.Errorf("a filter that matches nothing: status %d\n%s", none.status, none.body)
		}
		wrong := o.as(cookie, "/audit?from=yesterday")
		if wrong.status != http.StatusUnprocessableEntity || !strings.Contains(wrong.body, `id="from-fault"`) || !strings.Contains(wrong.body, `value="yesterday"`) {
			t.Errorf("a faulty day: status %d\n%s", wrong.status, wrong.body)
		}
		file := o.as(cookie, "/audit/log.csv?action=wave.close&from=2026-03-02&until=2026-03-02")
		rows, err := csv.NewReader(strings.NewReader(file.body)).ReadAll()
		if err != nil || len(rows) != 2 || rows[1][3] != "'=cmd|' /C calc'!A0" || rows[1][5] != "wave 3" || rows[1][7] != "192.0.2.9" {
			t.Errorf("the file: %v, %q", err, rows)
		}
		if got := o.entries(); got[len(got)-1] != "admin@example.org||audit.export||ok|0.0.0.0" {
			t.Errorf("taking it away is not recorded: %q", got)
		}
	})
}

func TestTheLogIsReadInPages(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, _ := o.member(accounts.Admin)
	for range auditPageSize {
		if err := o.Accounts.Record(t.Context(), accounts.Event{Email: "ann@example.org", Action: "wave.close", Outcome: accounts.Done}); err != nil {
			t.Fatal(err)
		}
	}
	page := o.as(cookie, "/audit")
	if n := strings.Count(page.body, "<time "); n != auditPageSize || !strings.Contains(page.body, "before=2") {
		t.Errorf("%d entries on the first page\n%s", n, page.body)
	}
	if last := o.as(cookie, "/audit?before=2"); strings.Count(last.body, "<time ") != 1 || strings.Contains(last.body, "before=") {
		t.Errorf("the last page:\n%s", last.body)
	}
	if r := o.as(cookie, "/audit?before=x"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("a page that is no number: status %d", r.status)
	}
}
