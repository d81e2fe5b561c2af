package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys/settings"
	"soundings/surveys/store/storetest"
)

// pocket is the phone of somebody at work.
type pocket struct {
	*webtest.Tab
	t *testing.T
}

// reads waits for a page with these words, and makes sure that it is in a language and fits the screen.
func (p *pocket) reads(lang string, words ...string) {
	p.t.Helper()
	for _, w := range words {
		p.Await(fmt.Sprintf(`document.readyState === "complete" && document.body.innerText.includes(%q)`, w))
	}
	if is := webtest.Eval[string](p.Tab, `document.documentElement.lang`); is != lang {
		p.t.Errorf("%s is in %q", words[0], is)
	}
	if over := webtest.Eval[int](p.Tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		p.t.Errorf("%s is %d px wider than the phone", words[0], over)
	}
}

// An employee without an account, with a phone that asks for German, answers by the link, suggests an idea, supports that of
// somebody else, becomes a champion and reads what was done. Each page leads to the next.
func TestAnEmployeeAnswersSuggestsSupportsVolunteersAndReadsOnAPhoneInGerman(t *testing.T) {
	t.Parallel()
	o := newChampionsOffice(t, storetest.SQLite(t))
	o.board(settings.BoardOpen)
	browser := o.browsing()
	cookie, csrf := o.member(accounts.Author)
	made := vow(csrf)
	for name, value := range map[string]string{"said": "Updates kosten uns zwei Nächte.", "answer": "Ein Kalender, den Sie führen.", "language": "de", "state": "kept",
		"on": o.clock.Now().UTC().Format(time.DateOnly), "due": ""} {
		made.Set(name, value)
	}
	o.promised(cookie, made)
	o.log.Reset() // what staff do is logged
	o.suggested("Ein zweiter Drucker im Erdgeschoss", "department", "2", "lang", "de")
	code, _ := o.open(pulse(t))
	p := &pocket{browser.Tab(360, 740, webtest.Touching(), webtest.Reading("de")), t}

	p.Open(o.BaseURL + "/s/" + code)
	p.reads("de", "hätte ich mehr Zeit")
	choosing(p.Tab, "#department", "1")
	p.reads("de", "Seit unserer letzten Umfrage", "Updates kosten uns zwei Nächte.", "Ein Kalender, den Sie führen.")
	for _, question := range []string{"benefit", "fit", "confidence", "support", "informed", "involved", "willing"} {
		p.Tap(fmt.Sprintf(`label:has([name="q.%s"][value="4"])`, question))
	}
	p.Tap("#answers .send")
	p.reads("de", "Danke. Ihre Antworten sind gespeichert.", "Ihr Beleg")
	thanks, receipt := webtest.Eval[string](p.Tab, `location.href`), p.Text("#receipt")

	p.Tap(`.after a[href^="/board"]`)
	p.reads("de", "Ideen für die IT", "Ein zweiter Drucker im Erdgeschoss")
	p.Tap("main a.send")
	p.reads("de", "Eine Idee vorschlagen")
	p.Fill("#title", "Belege mit dem Handy fotografieren")
	choosing(p.Tab, "#department", "1")
	p.Tap("#suggest > .send")
	p.reads("de", "Danke. Ihre Idee ist gespeichert.", "Belege mit dem Handy fotografieren", "Aus Finance")
	p.Tap(`.ideas a[href^="/board/ideas/1?"]`)
	p.reads("de", "Noch niemand unterstützt sie")
	p.Tap(".vote button")
	p.reads("de", "Sie unterstützen diese Idee.")

	p.Open(thanks)
	p.Tap(".offer a")
	p.reads("de", "Ansprechperson Ihrer Abteilung werden", "getrennt von allen Antworten")
	p.Fill("[name=name]", "Ada Lind")
	p.Fill("[name=email]", "ada@example.org")
	choosing(p.Tab, "[name=department]", "1")
	p.Tap("form .send")
	p.reads("de", "Bitte sehen Sie in Ihr Postfach")
	p.Open(o.BaseURL + ownAddress(t, o.deliver()["ada@example.org"]))
	p.reads("de", "Möchten Sie Ansprechperson werden?")
	p.Tap("form .send")
	p.reads("de", "Guten Tag, Ada Lind", "Ansprechperson von Finance")

	p.Open(thanks)
	p.Tap(`footer a[href^="/heard"]`)
	p.reads("de", "Sie sagten – wir taten", "Updates kosten uns zwei Nächte.", "Ein Kalender, den Sie führen.")

	o.holds(1, 0)
	if got := o.only(t, code, receipt); strings.Contains(fmt.Sprint(got), "Ada") {
		t.Errorf("the answer says who gave it: %v", got)
	}
	for query, want := range map[string]string{"SELECT name, department_id, confirmed FROM champions": "Ada Lind|1|1",
		"SELECT COUNT(*), COUNT(DISTINCT idea_id) FROM idea_supports": "1|1", "SELECT title, signed_by FROM ideas WHERE id = 2": "Belege mit dem Handy fotografieren|"} {
		if got := strings.Join(o.rows(query), ";"); got != want {
			t.Errorf("%s gives %q, want %q", query, got, want)
		}
	}
	if log := o.log.String(); log != "" {
		t.Errorf("the log knows of it: %s", log)
	}
}
