package web

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"soundings/server/web/webtest"
	"soundings/surveys/invitations"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

// The whole way of somebody who is invited: the mail, its link, the answers by keyboard alone, and the link once more.
func TestAnInvitedPersonCanAnswerOnAPhoneByKeyboard(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang, already string
		setup         []webtest.Action
	}{
		{"de", "Sie haben schon geantwortet", nil},
		{"ar", "لقد أجبت من قبل", []webtest.Action{webtest.Dark()}},
	} {
		t.Run(c.lang, func(t *testing.T) {
			p := newPostOffice(t, storetest.SQLite(t))
			p.employ(1, c.lang)
			_, wave := p.open(everyKind(t, "en", "de", "ar"))
			p.BaseURL = p.listen()
			p.transact(func(tx *store.Tx) error { return invitations.Opened(tx, wave, waves.Terms{Mail: true}) })
			m := p.deliver()["person1@example.org"]
			_, _, html := m.Read(t)
			file := filepath.Join(t.TempDir(), "mail.html")
			if err := os.WriteFile(file, []byte(html), 0o600); err != nil {
				t.Fatal(err)
			}
			tab := webtest.Start(t).Tab(phone, 740, c.setup...)
			tab.Open("file://" + file)
			tab.Accessible("the mail in " + c.lang)
			narrow(t, tab)
			tab.Click("a.go")
			tab.Await(`location.pathname.startsWith("/i/") && document.querySelector("form#answers")`)
			if got := webtest.Eval[string](tab, `document.documentElement.lang + document.documentElement.dir`); got != c.lang+map[string]string{"de": "ltr", "ar": "rtl"}[c.lang] {
				t.Errorf("the form is %s", got)
			}
			tab.Accessible("the form in " + c.lang)
			narrow(t, tab)
			for range 60 {
				tab.Press(kb.Tab)
				if webtest.Eval[bool](tab, `document.activeElement.name === "q.easier"`) {
					tab.Press(" ")
				}
				if webtest.Eval[bool](tab, `document.activeElement.matches(".send")`) {
					break
				}
			}
			tab.Press(kb.Enter)
			receipt := awaitThanks(tab)
			if reply := p.replyOf(t, wave, receipt); reply.Answers["easier"].Number != 1 || reply.Department != 1 || reply.Band != 1 {
				t.Errorf("stored is %+v", reply)
			}
			if kept := webtest.Eval[int](tab, `localStorage.length + sessionStorage.length`); kept != 0 {
				t.Errorf("%d things are kept in the browser", kept)
			}
			tab.Open(p.BaseURL + follow(t, m))
			if got := tab.Text("h1"); got != c.already {
				t.Errorf("the link once more says %q", got)
			}
			tab.Accessible("used, in " + c.lang)
			narrow(t, tab)
			tab.Open(p.BaseURL + follow(t, m) + "/quiet")
			tab.Accessible("no reminders, in " + c.lang)
			narrow(t, tab)
			tab.Click(".send")
			tab.Await(`!document.querySelector(".send")`)
			tab.Accessible("no reminders any more, in " + c.lang)
			p.holds(1, 0)
		})
	}
}

// A form that was opened before the answer was sent from elsewhere: nothing is stored, and nothing typed is lost.
func TestAFormLeftOpenOnAnotherDeviceSaysThatItCameLate(t *testing.T) {
	t.Parallel()
	p := newPostOffice(t, storetest.SQLite(t))
	p.employ(1, "en")
	_, wave := p.open(everyKind(t))
	p.BaseURL = p.listen()
	p.transact(func(tx *store.Tx) error { return invitations.Opened(tx, wave, waves.Terms{Mail: true}) })
	path := follow(t, p.deliver()["person1@example.org"])
	tab := webtest.Start(t).Tab(phone, 740)
	tab.Open(p.BaseURL + path)
	tab.Click(`[name="q.easier"][value="2"]`)
	tab.Type(`#q\.say`, "Half a page of thoughts")
	if r := p.post(path, filled(t, p.get(path))); r.status != 303 {
		t.Fatalf("status %d", r.status)
	}
	tab.Click(".send")
	tab.Await(`document.querySelector("h1").textContent === "You have already answered"`)
	if text := tab.Text("main"); !strings.Contains(text, "Half a page of thoughts") {
		t.Errorf("what was typed is gone:\n%s", text)
	}
	if !webtest.Eval[bool](tab, `document.activeElement === document.querySelector("h1")`) {
		t.Error("the reader is not brought before what happened")
	}
	tab.Accessible("came late")
	p.holds(1, 1)
}

func narrow(t *testing.T, tab *webtest.Tab) {
	t.Helper()
	if wide := webtest.Eval[int](tab, `document.documentElement.scrollWidth`); wide > phone {
		t.Errorf("the page is %d px wide", wide)
	}
	if !webtest.Eval[bool](tab, `(({left, right}) => left >= 0 && right <= innerWidth)(document.querySelector("h1").getBoundingClientRect())`) {
		t.Error("the heading is not on the screen")
	}
}
