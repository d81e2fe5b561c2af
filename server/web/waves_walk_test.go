package web

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys/store/storetest"
)

// browsing serves and starts a browser, which ends before the server that it is connected to.
func (o *office) browsing() *webtest.Browser {
	o.t.Helper()
	o.BaseURL = o.listen()
	o.clock.now = time.Now() // a browser lets a session of another year end at once
	return webtest.Start(o.t)
}

// enter gives a tab the session of an author, and another one after two weeks.
func (o *office) enter(tab *webtest.Tab) *webtest.Tab { return o.enterAs(accounts.Author, tab) }

func (o *office) enterAs(role accounts.Role, tab *webtest.Tab) *webtest.Tab {
	o.t.Helper()
	session, err := o.Accounts.SignIn(context.Background(), string(role)+"@example.org", password, accounts.Browser{Address: "192.0.2.1"})
	if err != nil {
		o.t.Fatal(err)
	}
	return atDesk(o.t, tab, o.BaseURL, session.Cookie)
}

// choosing takes an option of a list.
func choosing(tab *webtest.Tab, list, value string) {
	webtest.Eval[bool](tab, fmt.Sprintf(`(() => { const l = document.querySelector(%q); l.value = %q; return l.dispatchEvent(new Event("change", { bubbles: true })); })()`, list, value))
}

// Somebody who has never seen it plans a wave, reads the check list, opens it, extends it and closes it.
func TestAWaveIsRunInABrowser(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		width int64
		look  func(tab *webtest.Tab, page string)
		setup []webtest.Action
	}{
		"on a desk":                            {1440, (*webtest.Tab).Accessible, nil},
		"on a phone without scripts, by light": {360, (*webtest.Tab).AccessibleNow, []webtest.Action{webtest.WithoutScripts()}},
	} {
		t.Run(name, func(t *testing.T) {
			o := peopled(t, storetest.SQLite(t))
			o.member(accounts.Author)
			tab := o.enter(o.browsing().Tab(c.width, 900, c.setup...))
			tab.Open(o.BaseURL + "/waves")
			c.look(tab, "the empty list")
			tab.Click(`a[href="/waves/new"]`)
			tab.Await(`document.querySelector("#label")`)
			tab.Type("#label", "Laptops")
			choosing(tab, "#every", "weekly")
			if c.setup == nil {
				tab.Await(`document.querySelectorAll("[data-no-dates]:not([hidden])").length === 1`) // a fortnight is longer than a week
			}
			choosing(tab, "#every", "monthly")
			if strings.Contains(name, "without scripts") {
				tab.Click("[data-show]")
			}
			tab.Await(`document.querySelectorAll("[data-dates] li").length === 5`)
			c.look(tab, "the form of a plan")
			tab.Click(".plan-form .btn-primary")
			tab.Await(`location.pathname === "/waves/plans/1/check"`)
			c.look(tab, "the check list")
			tab.Click("[data-open]")
			tab.Await(`location.pathname === "/waves/1"`)
			c.look(tab, "a running wave")
			o.clock.add(13 * 24 * time.Hour)
			o.enter(tab)
			tab.Open(o.BaseURL + "/waves/1")
			c.look(tab, "a wave that lacks answers")
			tab.Click(`#lacking button[value="7"]`)
			tab.Await(`!document.querySelector("#lacking")`)
			tab.Click("#close-now")
			tab.Await(`location.pathname === "/waves/1/close"`)
			c.look(tab, "the question before closing")
			tab.Click(".actions .btn-primary")
			tab.Await(`location.pathname === "/waves/1"`)
			c.look(tab, "a closed wave")
			tab.Open(o.BaseURL + "/waves")
			c.look(tab, "the list")
			if text := tab.Text("main"); !strings.Contains(text, "Next: Laptops ") || !strings.Contains(text, "Closed") {
				t.Errorf("the list says\n%s", text)
			}
			if got := o.history(); got != "Laptops "+time.Now().Format("2006-01")+" closed" {
				t.Errorf("the waves are %q", got)
			}
		})
	}
}

// history is every wave as "label state".
func (o *office) history() string {
	o.t.Helper()
	return strings.ReplaceAll(strings.Join(storetest.Rows(o.t, o.Store, "SELECT label, state FROM waves ORDER BY id"), "; "), "|", " ")
}

func TestPostersAreLookedOver(t *testing.T) {
	t.Parallel()
	o, _ := postered(t, "en", "de", "ar")
	tab := o.enter(o.browsing().Tab(1440, 900))
	for _, lang := range []string{"en", "de", "ar"} {
		tab.Open(fmt.Sprintf("%s/waves/1/posters?lang=%s", o.BaseURL, lang))
		tab.Accessible("posters " + lang)
	}
}
