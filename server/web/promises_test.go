package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

// vow is a filled form of a promise to Finance. Today is 2 March 2026.
func vow(csrf string) url.Values {
	return url.Values{"csrf": {csrf}, "said": {"Updates cost us two nights."}, "state": {"open"}, "due": {"2026-03-20"}, "on": {"2026-03-02"}, "answer": {"A calendar that you keep."},
		"language": {"en"}, "owner": {"author@example.org"}, "everybody": {"no"}, "department": {"1"}, "shown": {"yes"}, "source": {""}, "change": {""}}
}

// promised sends the form of a new promise and returns its address.
func (o *office) promised(cookie string, form url.Values) string {
	o.t.Helper()
	r := o.submit(cookie, "/promises/new", form)
	if r.status != http.StatusSeeOther {
		o.t.Fatalf("status %d\n%s", r.status, r.body)
	}
	return r.header.Get("Location")
}

func TestAPromiseIsMadeMovedKeptAndCounted(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		cookie, csrf := o.member(accounts.Author)
		holds(t, "the empty list", o.as(cookie, "/promises").body, "Nothing has been promised yet", "New promise")
		address := o.promised(cookie, vow(csrf))
		body := o.as(cookie, address).body
		holds(t, "the promise", body, "Due on 20 March 2026", "Updates cost us two nights.", "A calendar that you keep.", "Finance", "/heard?department=1&amp;lang=en", "It was kept")
		holds(t, "the list", o.as(cookie, "/promises").body, "1 promise is to be kept this quarter and has time left<", address)
		o.clock.add(20 * 24 * time.Hour)
		cookie, csrf = o.again(accounts.Author)
		holds(t, "when it is late", o.as(cookie, "/promises?state=overdue").body, "0 of 1 promise due in this quarter is kept, 1 is overdue<", "Overdue since 20 March 2026", "0 of 1")
		step := func(name, version string, form url.Values) reply {
			form.Set("csrf", csrf)
			form.Set("version", version)
			return o.submit(cookie, address+"/"+name, form)
		}
		if r := step("postpone", "1", url.Values{"due": {"2026-03-21"}, "note": {""}}); r.status != http.StatusUnprocessableEntity {
			t.Errorf("a day that is over: status %d", r.status)
		} else {
			holds(t, "the refused day", r.body, `id="postpone-due-fault">This day is over.`, `id="postpone-note-fault">Please fill this in.`, `value="2026-03-21"`)
		}
		if r := step("postpone", "1", url.Values{"due": {"2026-03-30"}, "note": {"The supplier <b>"}}); r.header.Get("Location") != address {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		if r := step("keep", "1", url.Values{"on": {"2026-03-22"}, "note": {"Mine"}}); r.status != http.StatusConflict {
			t.Errorf("from an old version: status %d", r.status)
		} else {
			holds(t, "the conflict", r.body, "Nothing was saved yet: author@example.org saved this", "Mine")
		}
		if r := step("keep", "2", url.Values{"on": {"2026-03-22"}, "note": {"Since Monday."}}); r.header.Get("Location") != address {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		holds(t, "what was kept", o.as(cookie, address).body, "Kept on 22 March 2026", "Since Monday.", "Due on 20 March 2026", "Due on 30 March 2026", "The supplier &lt;b&gt;")
		holds(t, "the list", o.as(cookie, "/promises?department=1").body, "1 of 1 promise due in this quarter is kept<", "1 of 1")
		holds(t, "in German", o.german(cookie, "/promises"), "1 von 1 in diesem Quartal fälligen Zusage ist gehalten", "Gehalten am 22. März 2026")
		holds(t, "the profile", o.as(cookie, "/departments/1").body, "What was promised", "Updates cost us two nights.")
		translation := url.Values{"csrf": {csrf}, "version": {"3"}, "said": {"Zwei Nächte."}, "answer": {"Ein Kalender."}}
		if r := o.submit(cookie, address+"/texts/de", translation); r.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		edited := vow(csrf)
		edited.Set("version", "4")
		edited.Set("answer", "A calendar.")
		o.submit(cookie, address+"/edit", edited)
		holds(t, "the old translation", o.as(cookie, address).body, "older than the original")
		if got, want := strings.Join(o.rows("SELECT action, subject, outcome FROM audit_log WHERE action LIKE 'promise.%' ORDER BY id"), "\n"),
			"promise.make|promise 1|ok\npromise.postpone|promise 1|failed\npromise.postpone|promise 1|ok\npromise.keep|promise 1|failed\npromise.keep|promise 1|ok\npromise.translate|promise 1, lang de|ok\npromise.save|promise 1|ok"; got != want {
			t.Errorf("the log says\n%s\nwant\n%s", got, want)
		}
	})
}

func TestARefusedPromiseComesBackAsTypedWithEveryFaultBesideItsField(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	o.transact(func(tx *store.Tx) error { return people.Archive(tx, 2) })
	form := vow(csrf)
	long := strings.Repeat("why ", 25_000)
	for name, value := range map[string]string{"department": "2", "said": long, "answer": "</textarea><script>alert(1)</script>", "due": "2026-02-30", "source": "theme:nosuch", "owner": ""} {
		form.Set(name, value)
	}
	r := o.submit(cookie, "/promises/new", form)
	if r.status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", r.status)
	}
	holds(t, "the form", r.body, `id="departments-fault">Legal &amp; Tax &lt;b&gt; is archived`, `id="said-fault">This has 99,999 characters; at most 500 fit.`, strings.TrimSpace(long), `id="due-fault">There is no such day.`,
		`value="2026-02-30"`, `id="source-fault">This is not there`, `id="owner-fault">Please fill this in.`, "&lt;/textarea&gt;&lt;script&gt;", "5 fields need another look")
	for _, path := range []string{"/promises?state=x", "/promises?department=x", "/promises/new?change=x"} {
		if r := o.as(cookie, path); r.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
	if got := o.rows("SELECT id FROM promises"); len(got) != 0 {
		t.Errorf("%d promises are stored", len(got))
	}
}

func TestWhoIsLimitedToADepartmentReadsAndMakesItsPromisesOnly(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Admin)
	own := o.promised(cookie, vow(csrf))
	form := vow(csrf)
	form.Set("department", "2")
	form.Set("said", "Of others only.")
	others := o.promised(cookie, form)
	form.Set("everybody", "yes")
	form.Set("said", "For everybody.")
	all := o.promised(cookie, form)
	limited, token := o.member(accounts.Author, 1)
	body := o.as(limited, "/promises").body
	holds(t, "the list", body, "Updates cost us", "For everybody.")
	if strings.Contains(body, "Of others only.") {
		t.Error("the list holds what was promised to others")
	}
	for path, want := range map[string]int{own: 200, own + "/edit": 200, all: 200, all + "/edit": 403, others: 403, "/promises?department=2": 403, "/promises/new?department=2": 403} {
		if r := o.as(limited, path); r.status != want {
			t.Errorf("%s: status %d, want %d", path, r.status, want)
		}
	}
	form = vow(token)
	form.Set("everybody", "yes")
	if r := o.submit(limited, "/promises/new", form); r.status != http.StatusForbidden {
		t.Errorf("a promise to all: status %d", r.status)
	}
	viewer, token := o.member(accounts.Viewer)
	if r := o.submit(viewer, "/promises/new", vow(token)); r.status != http.StatusForbidden || o.as(viewer, own).status != http.StatusOK {
		t.Errorf("a viewer: status %d", r.status)
	}
}

func TestTheAPIListsPromisesOfADepartment(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	o.promised(cookie, vow(csrf))
	form := vow(csrf)
	form.Set("department", "2")
	form.Set("state", "declined")
	o.promised(cookie, form)
	r := o.get("/api/v1/promises?department=Finance", "Authorization", "Bearer "+o.bearer(accounts.Viewer))
	var answer struct{ Promises []map[string]any }
	if err := json.Unmarshal([]byte(r.body), &answer); err != nil || len(answer.Promises) != 1 {
		t.Fatalf("%v\n%s", err, r.body)
	}
	holds(t, "the answer", r.body, `"said":"Updates cost us two nights."`, `"departments":["Finance"]`, `"state":"open"`, `"due":"2026-03-20"`, `"history":[{"state":"open","on":"2026-03-02","due":"2026-03-20"}]`)
}

func TestWhatIsShownIsReadWithoutAnAccount(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	empty := o.get("/heard")
	holds(t, "the empty page", empty.body, "There is nothing to read here yet.")
	if strings.Contains(o.get("/receipt").body, "/heard") {
		t.Error("a page leads to where there is nothing to read")
	}
	cookie, csrf := o.member(accounts.Author)
	o.promised(cookie, vow(csrf))
	form := vow(csrf)
	for name, value := range map[string]string{"department": "2", "state": "declined", "said": "Keep <b>our</b> computers.", "answer": "We cannot."} {
		form.Set(name, value)
	}
	o.promised(cookie, form)
	form.Set("shown", "")
	form.Set("said", "Secret")
	o.promised(cookie, form)
	page := o.get("/heard?lang=en")
	holds(t, "the page", page.body, "You said – we did", "Updates cost us two nights.", "by 20 March 2026", "Keep &lt;b&gt;our&lt;/b&gt; computers.", "We will not", "Finance")
	for _, stranger := range []string{"Secret", "author@example.org"} {
		if strings.Contains(page.body, stranger) {
			t.Errorf("the page holds %q", stranger)
		}
	}
	one := o.get("/heard?lang=en&department=2").body
	if strings.Contains(one, "two nights") || !strings.Contains(one, "computers") {
		t.Error("the page of a department holds what was promised to another")
	}
	holds(t, "a department that there is not", o.get("/heard?lang=en&department=77").body, "two nights", "computers")
	holds(t, "another page", o.get("/receipt?lang=de").body, `href="/heard?lang=de"`, "Was aus dem wurde")
	if log := o.log.String(); strings.Contains(log, "/heard") {
		t.Error("the log tells who reads")
	}
}

func TestASurveyOpensWithWhatWasPromisedSinceTheLast(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		cookie, csrf := o.member(accounts.Author)
		o.promised(cookie, vow(csrf)) // before the first wave of all: it is new to everybody
		o.clock.add(time.Hour)
		first, _ := o.open(pulse(t))
		o.clock.add(time.Second)
		holds(t, "the first survey", o.get("/s/"+first).body, `id="opening"`, " hidden>", `data-own="1"`, "two nights")
		o.clock.add(30 * 24 * time.Hour)
		cookie, csrf = o.again(accounts.Author)
		form := vow(csrf)
		for name, value := range map[string]string{"everybody": "yes", "state": "kept", "on": "2026-04-01", "said": "Nobody tells us.", "answer": "Now we do."} {
			form.Set(name, value)
		}
		address := o.promised(cookie, form)
		var second, tied string
		o.transact(func(tx *store.Tx) error {
			q, err := o.Catalog.Newest(t.Context(), 1)
			if err != nil {
				return err
			}
			for code, asked := range map[*string][]surveys.DepartmentID{&second: nil, &tied: {1}} {
				_, links, err := waves.Open(tx, waves.New{Questionnaire: q, Label: "Autumn", At: o.clock.Now(), Departments: asked})
				if err != nil {
					return err
				}
				*code = links[0].Code
			}
			return nil
		})
		o.clock.add(time.Second)
		body := o.get("/s/" + second).body
		holds(t, "the second survey", body, `aria-labelledby="opening-title">`, "Since we last asked you", "Nobody tells us.", "We did", "1 April 2026", "Now we do.", `data-own="1 2"`)
		if strings.Contains(body, "two nights") {
			t.Error("it opens with what the survey before opened with")
		}
		holds(t, "the survey of a department", o.get("/s/"+tied).body, "Nobody tells us.")
		edited := form
		edited.Set("version", "1")
		edited.Set("answer", "We write each month.")
		edited.Set("csrf", csrf)
		if r := o.submit(cookie, address+"/edit", edited); r.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		holds(t, "after an edit", o.get("/s/"+second).body, "We write each month.")
		// Another server has written it.
		o.transact(func(tx *store.Tx) error {
			return tx.Exec("UPDATE promises SET shown = 0, version = version + 1 WHERE id = 2").Error
		})
		o.clock.add(freshness)
		if strings.Contains(o.get("/s/"+second).body, "We write each month.") {
			t.Error("what another server has hidden is still shown")
		}
	})
}
