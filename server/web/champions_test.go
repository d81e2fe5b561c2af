package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"soundings/server/accounts"
	"soundings/surveys/champions"
	"soundings/surveys/outbox"
	"soundings/surveys/outbox/outboxtest"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// consented is the form of a champion whose consent somebody of IT recorded.
func consented(csrf string) url.Values {
	return url.Values{"csrf": {csrf}, "name": {"Mads Berg"}, "email": {"mads@example.org"}, "department": {"1"}, "topics": {"VPN, printing"}, "language": {"en"},
		"since": {"2026-02-01"}, "last_contact": {""}, "consent_on": {"2026-02-01"}, "consent_how": {"in the meeting"}, "consent_wording": {"Yes, call me."}}
}

// newChampionsOffice sends mail to champions through a real server.
func newChampionsOffice(t *testing.T, s *store.Store) *postOffice {
	t.Helper()
	p := newPostOffice(t, s)
	kinds := []outbox.Kind{champions.LinkMail, champions.ChangeMail}
	p.box = outbox.New(outbox.Deps{Store: s, Secret: p.Secret, Log: p.Log, Now: time.Now, Nameless: kinds,
		Writers: map[outbox.Kind]outbox.Writer{kinds[0]: p.WriteChampionMail, kinds[1]: p.WriteChampionMail}})
	return p
}

var championPath = regexp.MustCompile(`http://127\.0\.0\.1(?::\d+)?(/champion/[a-z2-7]{32})(/withdraw)?`)

// ownAddress gives the path of the champion's page in a message, whose text, HTML and way out must agree.
func ownAddress(t *testing.T, m outboxtest.Message) string {
	t.Helper()
	header, text, html := m.Read(t)
	paths := map[string]bool{}
	for _, part := range []string{text, html, header.Get("List-Unsubscribe")} {
		found := championPath.FindAllStringSubmatch(part, -1)
		if len(found) == 0 || found[len(found)-1][2] != "/withdraw" {
			t.Fatalf("no way out in\n%s", part)
		}
		for _, f := range found {
			paths[f[1]] = true
		}
	}
	if len(paths) != 1 {
		t.Fatalf("the message leads to %v", paths)
	}
	for path := range paths {
		return path
	}
	return ""
}

func offer() url.Values {
	return url.Values{"lang": {"de"}, "name": {"Ada <b>Lind"}, "email": {"ada@example.org"}, "department": {"1"}, "topics": {"VPN"}}
}

func TestSomebodyVolunteersConfirmsReportsBackAndWithdraws(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newChampionsOffice(t, s)
		if r := o.post("/champion", offer()); r.status != http.StatusSeeOther || r.header.Get("Set-Cookie") != "" {
			t.Fatalf("status %d, cookie %q\n%s", r.status, r.header.Get("Set-Cookie"), r.body)
		}
		path := ownAddress(t, o.deliver()["ada@example.org"])
		for range 2 { // a mail scanner looks, also for the way out
			page := o.get(path)
			holds(t, "to be confirmed", page.body, "Möchten Sie Ansprechperson werden?", "Ada &lt;b&gt;Lind", "Ich bin einverstanden, dass die IT")
			holds(t, "to leave", o.get(path+"/withdraw").body, "<button")
			if page.header.Get("Referrer-Policy") != "no-referrer" || page.header.Get("Cache-Control") != "no-store" || page.header.Get("Set-Cookie") != "" {
				t.Errorf("headers %v", page.header)
			}
		}
		if got := strings.Join(o.rows("SELECT confirmed, consent_on FROM champions"), ""); got != "0|" {
			t.Errorf("looking confirms: %q", got)
		}
		deed := func(action string, form url.Values) reply {
			form.Set("action", action)
			return o.post(path, form)
		}
		if r := deed("report", url.Values{"text": {"early"}}); r.status != http.StatusBadRequest {
			t.Errorf("a volunteer reports: status %d", r.status)
		}
		deed("confirm", url.Values{})
		holds(t, "the own page", o.get(path+"?done=confirm").body, "Guten Tag, Ada &lt;b&gt;Lind", "Sie sind jetzt Ansprechperson")
		if r := deed("report", url.Values{"text": {strings.Repeat("ü", champions.LongestReport+1)}}); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "höchstens 4.000") && !strings.Contains(r.body, "4.000") {
			t.Errorf("too long: status %d", r.status)
		}
		deed("report", url.Values{"text": {"Die VPN <i> schläft"}})
		deed("topics", url.Values{"topics": {"Drucker, VPN"}})
		cookie, csrf := o.member(accounts.Analyst)
		holds(t, "the staff page", o.as(cookie, "/champions/1").body, "Die VPN &lt;i&gt; schläft", `value="Drucker, VPN"`, "by themselves")
		holds(t, "the board", o.as(cookie, "/champions").body, "1 of 2 departments have a champion", "has none", "Ada &lt;b&gt;Lind")
		holds(t, "the profile", o.as(cookie, "/departments/1").body, "Ada &lt;b&gt;Lind")
		viewer, _ := o.member(accounts.Viewer)
		for _, page := range []string{"/champions", "/departments/1"} {
			if body := o.as(viewer, page).body; strings.Contains(body, "Lind") || !strings.Contains(body, "1 champion") {
				t.Errorf("%s shows a viewer who they are, or not that there is one", page)
			}
		}
		limited, _ := o.member(accounts.Author, 2)
		if r := o.as(limited, "/champions/1"); r.status != http.StatusForbidden || strings.Contains(o.as(limited, "/champions").body, "Lind") {
			t.Errorf("an account of another department sees who they are: status %d", r.status)
		}
		if r := o.submit(cookie, "/champions/1/mail", url.Values{"csrf": {csrf}}); r.status != http.StatusOK {
			t.Fatalf("status %d", r.status)
		}
		if again := ownAddress(t, o.deliver()["ada@example.org"]); again != path {
			t.Errorf("mailed again is %s, not %s", again, path)
		}
		if r := o.post(path+"/withdraw", url.Values{"List-Unsubscribe": {"One-Click"}}); r.status != http.StatusOK || !strings.Contains(r.body, "keine Ansprechperson mehr") {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		if r := o.get(path); r.status != http.StatusNotFound || !strings.Contains(r.body, "This link leads nowhere any more") {
			t.Errorf("afterwards: status %d", r.status)
		}
		holds(t, "the board", o.as(cookie, "/champions").body, "1 champion withdrew")
		for table, text := range dumpAll(t, s) {
			if dump := strings.ToLower(fmt.Sprintf("%s", text)); strings.Contains(dump, "lind") || strings.Contains(dump, "ada@example.org") {
				t.Errorf("%v still names somebody who withdrew", table)
			}
		}
	})
}

func TestWhetherAnAddressIsKnownChangesNothingInTheAnswer(t *testing.T) {
	o := newChampionsOffice(t, storetest.SQLite(t))
	first := o.post("/champion", offer())
	second := o.post("/champion", offer())
	if first.status != second.status || first.body != second.body || first.header.Get("Location") != second.header.Get("Location") {
		t.Errorf("%d to %q, then %d to %q", first.status, first.header.Get("Location"), second.status, second.header.Get("Location"))
	}
	o.deliver()
	form := offer()
	form.Set("email", "no address")
	form.Set("department", "99")
	form.Set("name", "")
	r := o.post("/champion", form)
	if holds(t, "the form", r.body, "Das ist keine E-Mail-Adresse.", `value="no address"`, "Bitte füllen Sie dies aus.", `href="#department"`, "VPN"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("status %d", r.status)
	}
	if got := len(o.rows("SELECT id FROM champions")); got != 1 {
		t.Errorf("%d are stored", got)
	}
	for range 25 { // the 20th blocks, and those after it are not even looked up
		o.get("/champion/" + strings.Repeat("a", 32))
	}
	if !strings.Contains(strings.Join(o.rows("SELECT failures FROM signin_failures"), " "), "20") {
		t.Errorf("guesses are not slowed: %v", o.rows("SELECT failures FROM signin_failures"))
	}
}

func TestWithoutAMailServerNobodyIsAskedToVolunteerAndITHandsTheLinkOver(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	if r := o.post("/champion", offer()); r.status != http.StatusOK || !strings.Contains(r.body, "Zurzeit kann sich hier niemand melden") {
		t.Errorf("status %d", r.status)
	}
	cookie, csrf := o.member(accounts.Author)
	form := consented(csrf)
	form.Set("consent_wording", "")
	form.Set("email", "x")
	if r := o.submit(cookie, "/champions/new", form); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, `id="consent_wording-fault"`) || !strings.Contains(r.body, `id="email-fault"`) || !strings.Contains(r.body, "Mads Berg") {
		t.Errorf("status %d", r.status)
	}
	if r := o.submit(cookie, "/champions/new", consented(csrf)); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	page := o.as(cookie, "/champions/1").body
	if holds(t, "the champion", page, "in the meeting; recorded by author@example.org", "Yes, call me.", "Show the link"); championPath.MatchString(page) {
		t.Error("the link is shown without being asked for")
	}
	shown := championPath.FindStringSubmatch(o.submit(cookie, "/champions/1/mail", url.Values{"csrf": {csrf}}).body)
	if shown == nil || !strings.Contains(o.get(shown[1]).body, "Hello Mads Berg") {
		t.Fatalf("the link %v", shown)
	}
	if r := o.submit(cookie, "/champions/1/contact", url.Values{"csrf": {csrf}}); r.status != http.StatusSeeOther || o.rows("SELECT last_contact FROM champions")[0] == "" {
		t.Errorf("status %d", r.status)
	}
	edit := consented(csrf)
	edit.Set("version", "1")
	edit.Set("name", "Mads B.")
	if r := o.submit(cookie, "/champions/1", edit); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	edit.Set("name", "Mine <b>")
	if r := o.submit(cookie, "/champions/1", edit); r.status != http.StatusConflict || !strings.Contains(r.body, "Mine &lt;b&gt;") {
		t.Errorf("from an old version: status %d", r.status)
	}
	if r := o.submit(cookie, "/champions/1/remove", url.Values{"csrf": {csrf}}); r.status != http.StatusUnprocessableEntity || len(o.rows("SELECT id FROM champions")) != 1 {
		t.Errorf("removed without being confirmed: status %d", r.status)
	}
	if r := o.submit(cookie, "/champions/1/remove", url.Values{"csrf": {csrf}, "sure": {"yes"}}); r.status != http.StatusSeeOther || len(o.rows("SELECT id FROM champions")) != 0 {
		t.Errorf("status %d", r.status)
	}
	if text := strings.Join(o.entries(), "\n"); strings.Contains(text, "Mads") || !strings.Contains(text, "champion.remove") {
		t.Errorf("the audit log holds\n%s", text)
	}
}

func TestChampionsHearOfAChangeEarlyOnceAStageAndReportBackOnIt(t *testing.T) {
	o := newChampionsOffice(t, storetest.SQLite(t))
	cookie, csrf := o.member(accounts.Author)
	if r := o.submit(cookie, "/champions/new", consented(csrf)); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	path := ownAddress(t, o.deliver()["mads@example.org"])
	form := proposal(csrf)
	form.Del("public")
	form["department"], form["stage"] = []string{"1"}, []string{"proposed"}
	address := o.proposed(cookie, form)
	if o.get("/about/a-new-expense-tool").status != http.StatusNotFound {
		t.Fatal("the change is public")
	}
	holds(t, "the champion's page", o.get(path).body, "A new expense tool", "Not public yet")
	holds(t, "the story", o.as(cookie, address).body, "Tell the champion: 1 e-mail", "Mads Berg")
	for range 2 { // pressed twice
		if r := o.submit(cookie, address+"/tell", url.Values{"csrf": {csrf}}); r.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
	}
	told := o.deliver()["mads@example.org"] // fails on a second message
	if subject := told.Subject(t); !strings.Contains(subject, "A new expense tool") || ownAddress(t, told) != path {
		t.Errorf("subject %q", subject)
	}
	if body := o.as(cookie, address).body; !strings.Contains(body, "1 champion was told at this stage.") || strings.Contains(body, "Tell the champion") {
		t.Error("the story offers to tell again")
	}
	o.post(path, url.Values{"action": {"report"}, "change": {"1"}, "text": {"We would <i>wait"}})
	holds(t, "the story", o.as(cookie, address).body, "We would &lt;i&gt;wait")
	viewer, token := o.member(accounts.Viewer)
	if body := o.as(viewer, address).body; strings.Contains(body, "Mads") || strings.Contains(body, "We would &lt;i&gt;wait") {
		t.Error("a viewer reads who they are")
	}
	if r := o.submit(viewer, address+"/tell", url.Values{"csrf": {token}}); r.status != http.StatusForbidden {
		t.Errorf("a viewer tells: status %d", r.status)
	}
}

func TestProgramsLearnWhoChampionsAreOnlyWithTheRightToConverse(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	if r := o.submit(cookie, "/champions/new", consented(csrf)); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	var answer struct {
		Departments, Champions []map[string]any
	}
	r := o.ask(o.bearer(accounts.Viewer), "/champions?department=Finance", &answer)
	if len(answer.Departments) != 1 || answer.Departments[0]["champions"] != 1.0 || strings.Contains(r.body, "ads") {
		t.Errorf("a viewer's token reads %s", r.body)
	}
	o.ask(o.bearer(accounts.Analyst), "/champions", &answer)
	if len(answer.Departments) != 2 || len(answer.Champions) != 1 || answer.Champions[0]["email"] != "mads@example.org" || answer.Champions[0]["since"] != "2026-02-01" {
		t.Errorf("an analyst's token reads %v", answer)
	}
}

func TestWhoeverWritesToAChampionLearnsWhatBecameOfIt(t *testing.T) {
	o := newChampionsOffice(t, storetest.SQLite(t))
	cookie, csrf := o.member(accounts.Analyst)
	address := o.submit(cookie, "/champions/new", consented(csrf)).header.Get("Location")
	holds(t, "before it is sent", o.as(cookie, address).body, "A mail to them waits to be sent.")
	o.deliver()
	holds(t, "once sent", o.as(cookie, address).body, "was handed to the mail server on")
	o.server.React(func(outboxtest.Stage, string) outboxtest.Reaction { return outboxtest.Refuse })
	o.submit(cookie, address+"/mail", url.Values{"csrf": {csrf}})
	o.deliver()
	holds(t, "once refused", o.as(cookie, address).body, "could not be delivered", "Please check the address.")
	o.submit(cookie, address+"/remove", url.Values{"csrf": {csrf}, "sure": {"yes"}})
	other := consented(csrf)
	other.Set("email", "next@example.org")
	again := o.submit(cookie, "/champions/new", other).header.Get("Location")
	o.say("UPDATE outbox SET batch = 'gone' WHERE state = 'queued'")
	if body := o.as(cookie, again).body; again != address || strings.Contains(body, "could not be delivered") {
		t.Errorf("%s, which %s was before, is told of a mail to somebody else", again, address)
	}
}
