package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"soundings/server/accounts"
	"soundings/surveys/outbox"
	"soundings/surveys/outbox/outboxtest"
	"soundings/surveys/settings"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
	"soundings/surveys/week"
)

// loaded gives the author something to do. Today is Monday, 2 March 2026, 9:00.
func (o *office) loaded(cookie, csrf string) {
	o.t.Helper()
	visit := errand(csrf)
	visit["day"], visit["followup"], visit["owner"], visit["due"], visit["number"] = []string{"2026-03-04"}, []string{"Ask <b>Jan"}, []string{"author@example.org"}, []string{"2026-03-06"}, []string{"0"}
	o.visited(cookie, visit)
	promise := vow(csrf)
	promise["due"], promise["department"] = []string{"2026-03-10"}, []string{"2"}
	o.promised(cookie, promise)
	o.board(settings.BoardOpen)
	o.suggested("A printer for the hall", "department", "1")
}

func TestMyWeekSaysWhatIsToBeDoneAndLetsItBeTickedOff(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		cookie, csrf := o.member(accounts.Author)
		holds(t, "an empty week", o.as(cookie, "/week").body, "Nothing waits for you.", `href="/visits/new"`, "You can get this by e-mail")
		o.loaded(cookie, csrf)
		page := o.as(cookie, "/week").body
		holds(t, "the week", page, "This week: 1 visit, 1 follow-up and 1 idea to answer.", "Nothing is overdue.", "2 March to 8 March", "Wednesday, 4 March, 09:30", "Ask &lt;b&gt;Jan", "A printer for the hall",
			"Next week", "A calendar that you keep.", "Tuesday, 10 March", "Promise · Legal &amp; Tax &lt;b&gt;", `href="/promises/1"`, `action="/visits/1/followups/1"`, `<a href="/week" aria-current="page">My week</a>`)
		holds(t, "the overview", o.as(cookie, "/").body, `<a class="line-name" href="/week">This week: 1 visit, 1 follow-up and 1 idea to answer.</a>`)
		holds(t, "the week in German", o.german(cookie, "/week"), "Diese Woche: 1 Besuch, 1 Aufgabe und 1 Idee, die auf eine Antwort wartet.", "Mittwoch, 4. März, 09:30 Uhr")
		tick := url.Values{"csrf": {csrf}, "done": {"yes"}, "back": {"/week"}}
		if r := o.submit(cookie, "/visits/1/followups/1", tick); r.header.Get("Location") != "/week" {
			t.Errorf("after a tick: status %d to %q", r.status, r.header.Get("Location"))
		}
		if body := o.as(cookie, "/week").body; strings.Contains(body, "Ask &lt;b&gt;Jan") {
			t.Error("what was ticked off still waits")
		}
		o.clock.add(9 * 24 * time.Hour)
		cookie, _ = o.again(accounts.Author)
		holds(t, "the week after", o.as(cookie, "/week").body, "Overdue: 1 visit and 1 promise.", `href="/visits/1/report"`, "since 4 March 2026", "since 10 March 2026", "for 9 days")
	})
}

func TestEveryRoleHasAWeekOfWhatItMaySee(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	o.loaded(cookie, csrf)
	viewer, _ := o.member(accounts.Viewer)
	holds(t, "a viewer's week", o.as(viewer, "/week").body, "Nothing waits for you.")
	if body := o.as(viewer, "/week").body; strings.Contains(body, "/visits/new") || strings.Contains(body, "printer") {
		t.Error("a viewer is offered what is not theirs to do")
	}
	limited, _ := o.member(accounts.Analyst, 2)
	if body := o.as(limited, "/week").body; strings.Contains(body, "printer") {
		t.Error("an account of another department is to answer an idea")
	}
	for _, title := range []string{"Two", "Three", "Four"} {
		o.suggested(title)
	}
	body := o.as(cookie, "/week").body
	holds(t, "a week with many ideas", body, "4 ideas wait for a reply", `href="/ideas?status=new"`)
	if strings.Contains(body, "A printer for the hall") {
		t.Error("of many ideas each is named")
	}
	_, wave := o.open(pulse(t))
	o.transact(func(tx *store.Tx) error {
		closes := waves.LocalOf(o.clock.Now().Add(72*time.Hour), time.UTC).In(time.UTC)
		return tx.Exec("UPDATE wave_terms SET closes_at = ? WHERE wave_id = ?", closes, wave.ID).Error
	})
	holds(t, "the week of who runs waves", o.as(cookie, "/week").body, "1 wave that opens or closes", `href="/waves/1"`)
	holds(t, "the week of who does not", o.as(viewer, "/week").body, "Nothing waits for you.")
}

// writesWeeks lets the post office write weeks.
func (p *postOffice) writesWeeks() *postOffice {
	p.box = outbox.New(outbox.Deps{Store: p.Store, Secret: p.Secret, Log: p.Log, Now: time.Now, Writers: map[outbox.Kind]outbox.Writer{week.Mail: p.WriteWeekMail}})
	return p
}

// monday lets the mails of the next week leave at seven, and returns them.
func (p *postOffice) monday() map[string]outboxtest.Message {
	p.t.Helper()
	now := p.clock.Now()
	p.clock.add(time.Date(now.Year(), now.Month(), now.Day(), 7, 0, 0, 0, time.UTC).AddDate(0, 0, (8-int(now.Weekday()))%7).Sub(now))
	if !p.clock.Now().After(now) {
		p.clock.add(7 * 24 * time.Hour)
	}
	if err := week.SendDue(p.t.(*testing.T).Context(), p.Store, p.clock.Now()); err != nil {
		p.t.Fatal(err)
	}
	return p.deliver()
}

var weekLeaves = regexp.MustCompile(`http://127\.0\.0\.1(/week/mail/[\w-]+)`)

// leaves gives the path that ends the messages. Text, HTML and header must agree.
func leaves(t *testing.T, m outboxtest.Message) string {
	t.Helper()
	header, text, html := m.Read(t)
	paths := map[string]bool{}
	for _, part := range []string{text, html, header.Get("List-Unsubscribe")} {
		found := weekLeaves.FindStringSubmatch(part)
		if found == nil {
			t.Fatalf("no way out in\n%s", part)
		}
		paths[found[1]] = true
	}
	if len(paths) != 1 {
		t.Fatalf("the message leads to %v", paths)
	}
	for path := range paths {
		return path
	}
	return ""
}

func TestAWeekComesByMailToThoseWhoAskAndEndsWithOnePress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newPostOffice(t, s).writesWeeks()
		author, csrf := o.member(accounts.Author)
		analyst, theirs := o.member(accounts.Analyst)
		viewer, token := o.member(accounts.Viewer)
		o.loaded(author, csrf)
		for cookie, csrf := range map[string]string{author: csrf, analyst: theirs, viewer: token} {
			if r := o.submit(cookie, "/account/week", url.Values{"csrf": {csrf}, "wanted": {"yes"}}); r.header.Get("Location") != "/account?saved=week" {
				t.Fatalf("status %d\n%s", r.status, r.body)
			}
		}
		o.submit(analyst, "/account/language", url.Values{"csrf": {theirs}, "language": {"de"}})
		holds(t, "the account", o.as(author, "/account").body, "on Mondays at 7:00 (UTC)", "Send no more", "It is in English until")
		if sent := o.deliver(); len(sent) != 0 {
			t.Errorf("the hour of this Monday has passed, and %d are sent", len(sent))
		}
		sent := o.monday()
		if len(sent) != 2 {
			t.Fatalf("sent to %d: a viewer has nothing to do", len(sent))
		}
		german := sent["analyst@example.org"]
		_, text, html := german.Read(t)
		if got := german.Subject(t); got != "Harbour Group: Diese Woche: 1 Idee, die auf eine Antwort wartet" {
			t.Errorf("the subject is %q", got)
		}
		holds(t, "the German text", text, "A printer for the hall", "Idee, die auf eine Antwort wartet · Finance", "seit 7 Tagen", "http://127.0.0.1/week\n")
		holds(t, "the German HTML", html, `lang="de"`, "A printer for the hall", "http://127.0.0.1/ideas/1", "Keine weiteren")
		english := sent["author@example.org"]
		header, text, html := english.Read(t)
		holds(t, "the text", text, "Overdue: 1 visit and 1 follow-up.", "Ask <b>Jan", "since 6 March 2026", "A calendar that you keep.")
		holds(t, "the HTML", html, "Ask &lt;b&gt;Jan", "http://127.0.0.1/visits/1/report")
		if header.Get("Auto-Submitted") != "auto-generated" {
			t.Errorf("header %v", header)
		}
		path := leaves(t, english)
		if body := o.get(path).body; !strings.Contains(body, "Send no more") || strings.Contains(body, "author@example.org") {
			t.Errorf("the way out\n%s", body)
		}
		if again := o.monday(); len(again) != 2 {
			t.Errorf("looking at the way out ends the messages: %d sent", len(again))
		}
		if r := o.post(path, url.Values{"List-Unsubscribe": {"One-Click"}}); r.status != http.StatusOK || !strings.Contains(r.body, "No more weekly messages") {
			t.Errorf("status %d\n%s", r.status, r.body)
		}
		other := path[:len(path)-1] + map[bool]string{true: "B", false: "A"}[strings.HasSuffix(path, "A")]
		for _, wrong := range []string{"/week/mail/x", path[:len(path)-8], other[:20] + "AAAA" + other[24:]} {
			if r := o.post(wrong, url.Values{}); r.status != http.StatusNotFound {
				t.Errorf("%s: status %d", wrong, r.status)
			}
		}
		if again := o.monday(); len(again) != 1 || again["analyst@example.org"].To == nil {
			t.Errorf("after the way out: %v", again)
		}
		o.say("UPDATE users SET deactivated_at = ? WHERE email = 'analyst@example.org'", o.clock.Now())
		if again := o.monday(); len(again) != 0 {
			t.Errorf("somebody who is deactivated gets %v", again)
		}
		if strings.Contains(o.log.String(), strings.TrimPrefix(path, "/week/mail/")) || strings.Contains(o.log.String(), "author@example.org") {
			t.Error("the log holds a token or an address")
		}
		if got, want := strings.Join(o.rows("SELECT action, subject FROM audit_log WHERE action = 'account.week'"), "\n"), "account.week|on\naccount.week|on\naccount.week|on"; got != want {
			t.Errorf("the log says\n%s", got)
		}
	})
}

// What is written when the mail leaves is what is so then: a choice taken back, or a week long begun, sends nothing.
func TestAWeekThatHasLostItsReasonIsNotSent(t *testing.T) {
	o := newPostOffice(t, storetest.SQLite(t)).writesWeeks()
	cookie, csrf := o.member(accounts.Author)
	o.loaded(cookie, csrf)
	choose := func(wanted string) {
		o.submit(cookie, "/account/week", url.Values{"csrf": {csrf}, "wanted": {wanted}})
	}
	queue := func() {
		o.clock.add(7 * 24 * time.Hour)
		cookie, csrf = o.again(accounts.Author)
		if err := week.SendDue(t.Context(), o.Store, o.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	choose("yes")
	queue()
	choose("no")
	if sent := o.deliver(); len(sent) != 0 {
		t.Error("a choice that was taken back still sends")
	}
	choose("yes")
	queue()
	o.clock.add(3 * 24 * time.Hour)
	if sent := o.deliver(); len(sent) != 0 {
		t.Error("a week is sent on Thursday")
	}
	if got := strings.Join(o.rows("SELECT state FROM outbox"), " "); got != "unneeded unneeded" {
		t.Errorf("the entries are %s", got)
	}
}

func TestWithoutAMailServerTheSwitchSaysThatNothingIsSent(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, _ := o.member(accounts.Viewer)
	holds(t, "the account", o.as(cookie, "/account").body, "No mail server is set up here", "Send it to me")
}
