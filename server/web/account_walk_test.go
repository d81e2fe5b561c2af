package web

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys/store/storetest"
)

// loaded waits for a page that has an element.
func loaded(tab *webtest.Tab, selector string) {
	tab.Await(`document.readyState === "complete" && document.querySelector(` + fmt.Sprintf("%q", selector) + `)`)
}

// picture writes a picture if SOUNDINGS_SHOTS names a folder for them.
func picture(tab *webtest.Tab, name string) {
	if dir := os.Getenv("SOUNDINGS_SHOTS"); dir != "" {
		tab.Shot(filepath.Join(dir, name+".png"))
	}
}

// A colleague is invited, chooses a password, sets up an authenticator app, signs out and in with a code, and ends a
// session: on a phone in the dark and on a wide screen, each page looked at by axe.
func TestWalkFromAnInvitationToEndingASession(t *testing.T) {
	t.Parallel()
	for _, look := range []struct {
		name  string
		width int64
		setup []webtest.Action
	}{
		{"wide, light", 1440, nil},
		{"phone, dark", 360, []webtest.Action{webtest.Dark()}},
	} {
		t.Run(look.name, func(t *testing.T) {
			o := newOffice(t, storetest.SQLite(t)).staffed()
			o.clock.add(time.Since(o.clock.Now())) // the browser drops cookies that have ended by its own clock
			o.member(accounts.Admin)
			base := o.listen()
			tab := webtest.Start(t).Tab(look.width, 900, look.setup...)
			shot := func(page string) {
				t.Helper()
				tab.AccessibleNow(page) // with the other walk that is wide and light, and narrow and dark
				picture(tab, strings.NewReplacer(" ", "-", ",", "").Replace(look.name+"-"+page))
			}
			submit := func(button, awaited string) {
				t.Helper()
				tab.Click(button)
				loaded(tab, awaited)
			}
			signIn := func(email, awaited string) {
				t.Helper()
				tab.Open(base + "/login?next=/account")
				tab.Type("#email", email)
				tab.Type("#password", password)
				submit("form .btn-primary", awaited)
			}

			tab.Open(base + "/forgotten")
			shot("forgotten")
			signIn("admin@example.org", "#sessions")
			tab.Open(base + "/accounts")
			shot("accounts")
			tab.Type("#email", "no address@")
			tab.Do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#email").form.noValidate = true`))
			submit(`[aria-labelledby="invite"] .btn-primary`, "#email-fault")
			shot("accounts-fault")
			tab.Do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#email").value = ""`))
			tab.Type("#email", "bob@example.org")
			submit(`[aria-labelledby="invite"] .btn-primary`, "#link")
			shot("member")
			link := tab.Text("#link")
			tab.Open(base + "/tokens")
			tab.Type("#name", "wall display")
			submit(`[aria-labelledby="new"] .btn-primary`, "#token")
			shot("tokens")
			tab.Open(base + "/audit")
			shot("audit")
			if text := tab.Text("main"); !strings.Contains(text, "account.invite") || !strings.Contains(text, "user 2") {
				t.Errorf("the audit log says\n%s", text)
			}
			tab.Click(".topbar-end summary")
			submit(`.topbar-end form .btn`, "#password")

			tab.Open(base + strings.TrimPrefix(link, o.BaseURL))
			shot("choose")
			tab.Type("#password", password)
			submit("form .btn-primary", "nav")
			tab.Open(base + "/account")
			shot("account")
			tab.Click(`a[href="/account/second"].btn`)
			loaded(tab, "svg.qr")
			shot("enrol")
			secret := tab.Text("code.once")
			tab.Type("#code", o.codeOf(secret, o.clock.Now()))
			submit("form .btn-primary", ".recovery")
			shot("recovery")
			tab.Click(".topbar-end summary")
			submit(`.topbar-end form .btn`, "#password")

			o.clock.add(time.Minute)
			signIn("bob@example.org", "#code")
			shot("second")
			tab.Type("#code", "000000")
			submit("form .btn-primary", "#code-fault")
			shot("second-fault")
			tab.Type("#code", o.codeOf(secret, o.clock.Now()))
			submit("form .btn-primary", "#sessions")

			// The same person elsewhere.
			elsewhere, err := o.Accounts.SignIn(t.Context(), "bob@example.org", password, accounts.Browser{Address: "192.0.2.1"})
			if err != nil {
				t.Fatal(err)
			}
			o.clock.add(time.Minute)
			other, err := o.Accounts.SecondStep(t.Context(), elsewhere.Ticket, o.codeOf(secret, o.clock.Now()), accounts.Browser{Agent: "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"})
			if err != nil {
				t.Fatal(err)
			}
			tab.Open(base + "/account")
			shot("account-second")
			if text := tab.Text("main"); !strings.Contains(text, "Firefox on Linux") || !strings.Contains(text, "Chrome on Linux") {
				t.Errorf("the sessions are\n%s", text)
			}
			submit(`td form .btn`, ".note[role=status]")
			if _, err := o.Accounts.Lookup(t.Context(), other.Cookie); err == nil {
				t.Error("the other session has not ended")
			}
			if text := tab.Text("main"); strings.Contains(text, "Firefox on Linux") {
				t.Errorf("the ended session is still listed\n%s", text)
			}
		})
	}
}
