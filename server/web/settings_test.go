package web

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys/outbox/outboxtest"
	"soundings/surveys/settings"
	"soundings/surveys/store/storetest"
)

// mailForm is the form for a mail server, as an administrator would fill it in.
func mailForm(csrf string, m settings.Mail) url.Values {
	return url.Values{"csrf": {csrf}, "host": {m.Host}, "port": {strconv.Itoa(m.Port)}, "security": {string(m.Security)}, "user": {m.User},
		"password": {m.Password}, "from": {m.From}, "from_name": {m.FromName}, "reply_to": {m.ReplyTo}, "per_minute": {"60"}}
}

func TestAMailServerIsSetAndTriedOnThePage(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		server := outboxtest.Start(t, outboxtest.Options{User: "soundings", Password: "tr0ub4dor"})
		cookie, csrf := o.member(accounts.Admin)
		if r := o.as(cookie, "/settings"); r.status != http.StatusOK || !strings.Contains(r.body, "No mail is sent yet") || strings.Contains(r.body, "Send a test message") {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		if r := o.submit(cookie, "/settings/mail", mailForm(csrf, server.Settings())); r.header.Get("Location") != "/settings?saved=mail#mail" {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		page := o.as(cookie, "/settings?saved=mail")
		if !strings.Contains(page.body, "Mail leaves through 127.0.0.1.") || !strings.Contains(page.body, "Saved.") || strings.Contains(page.body, "tr0ub4dor") {
			t.Errorf("the page after saving\n%s", page.body)
		}
		if r := o.submit(cookie, "/settings/mail/test", url.Values{"csrf": {csrf}}); r.header.Get("Location") != "/settings?saved=test#mail" {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		got := server.Messages()
		if len(got) != 1 || got[0].To[0] != "admin@example.org" || got[0].Subject(t) != "Test message from Soundings" {
			t.Errorf("%d messages", len(got))
		}
		server.React(func(outboxtest.Stage, string) outboxtest.Reaction { return outboxtest.Refuse })
		r := o.submit(cookie, "/settings/mail/test", url.Values{"csrf": {csrf}})
		if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "<code>550 5.1.1 no such mailbox</code>") {
			t.Errorf("status %d\n%s", r.status, r.body)
		}
		if strings.Contains(o.log.String(), "tr0ub4dor") || strings.Contains(o.log.String(), "admin@example.org") {
			t.Errorf("the log tells too much\n%s", o.log.String())
		}
	})
}

func TestFaultySettingsComeBackAsTheyWereTyped(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Admin)
	form := mailForm(csrf, settings.Mail{Host: "https://mail", Security: settings.StartTLS, User: "soundings", Password: "tr0ub4dor", From: "nobody", FromName: "IT & Co"})
	form.Set("port", "smtp")
	r := o.submit(cookie, "/settings/mail", form)
	if r.status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", r.status)
	}
	for _, want := range []string{`value="https://mail"`, `value="smtp"`, `value="nobody"`, `value="IT &amp; Co"`, `id="host-fault"`, `id="port-fault"`, `id="from-fault"`} {
		if !strings.Contains(r.body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(r.body, "Mail leaves through") {
		t.Error("the page says that mail leaves through a server that was refused")
	}
	if strings.Contains(r.body, "tr0ub4dor") || strings.Contains(r.body, `id="user-fault"`) {
		t.Error("the page shows the password, or a fault where none is")
	}
	if rows := storetest.Rows(t, o.Store, "SELECT name FROM settings WHERE name LIKE 'mail.%'"); len(rows) != 0 {
		t.Errorf("saved: %v", rows)
	}
	r = o.submit(cookie, "/settings/organisation", url.Values{"csrf": {csrf}, "name": {"Häfen"}, "time_zone": {"Middle/Earth"}})
	if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, `value="Middle/Earth"`) || !strings.Contains(r.body, `id="time_zone-fault"`) {
		t.Errorf("status %d", r.status)
	}
}

var lookSheet = regexp.MustCompile(`/static/look/[0-9a-f]+\.css`)

func TestRespondentsSeeTheOrganisationAsItIsSet(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(pulse(t))
	cookie, csrf := o.member(accounts.Admin)
	before := o.get("/s/" + code)
	if !strings.Contains(before.body, "Harbour Group") || lookSheet.MatchString(before.body) {
		t.Fatal("the name the program was started with is missing, or there is a sheet for nothing")
	}
	for path, form := range map[string]url.Values{
		"/settings/organisation": {"name": {"Häfen & Söhne"}, "time_zone": {"Europe/Berlin"}},
		"/settings/looks":        {"accent_light": {"#8a1c5b"}},
	} {
		form.Set("csrf", csrf)
		if r := o.submit(cookie, path, form); r.status != http.StatusSeeOther {
			t.Fatalf("%s: status %d\n%s", path, r.status, r.body)
		}
	}
	o.clock.add(2 * freshness)
	for _, path := range []string{"/s/" + code, "/receipt", "/s/unknown"} {
		after := o.get(path)
		sheet := lookSheet.FindString(after.body)
		if !strings.Contains(after.body, "Häfen &amp; Söhne") || sheet == "" {
			t.Errorf("%s\n%s", path, after.body)
		}
		css := o.get(sheet)
		if css.status != http.StatusOK || !strings.Contains(css.body, "--accent:#8a1c5b") || !strings.Contains(css.header.Get("Cache-Control"), "immutable") {
			t.Errorf("status %d, %v\n%s", css.status, css.header, css.body)
		}
	}
	if old := o.get("/static/look/0000000000000000.css"); old.header.Get("Cache-Control") != "no-cache" {
		t.Errorf("the address of other colours: %v", old.header)
	}
	if strings.Contains(o.log.String(), "/static/look") {
		t.Error("the log tells when respondents came")
	}
}

func TestAColourNobodyCanReadIsRefusedWithOneThatCan(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Admin)
	r := o.submit(cookie, "/settings/looks", url.Values{"csrf": {csrf}, "accent_light": {"#ffcc00"}})
	proposed := regexp.MustCompile(`nearest that is: (#[0-9a-f]{6})`).FindStringSubmatch(r.body)
	if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "contrast of 1.4:1") || proposed == nil {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	if r := o.submit(cookie, "/settings/looks", url.Values{"csrf": {csrf}, "accent_light": {proposed[1]}}); r.status != http.StatusSeeOther {
		t.Errorf("what is proposed is refused: status %d", r.status)
	}
}

// signedInTab opens a browser tab in which the session's owner is signed in. The cookie is put there, because the clock of
// a test is in the browser's past.
func signedInTab(t *testing.T, base, cookie string, width int64, setup ...webtest.Action) *webtest.Tab {
	t.Helper()
	tab := webtest.Start(t).Tab(width, 900, setup...)
	if _, err := chromedp.Call(tab.Context(), network.SetCookie, network.SetCookieParams{Name: sessionCookie, Value: cookie, URL: base}); err != nil {
		t.Fatal(err)
	}
	return tab
}

func TestTheSettingsAreFilledInWithABrowser(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		width int64
		look  func(tab *webtest.Tab, page string)
		setup []webtest.Action
	}{"wide": {1440, (*webtest.Tab).Accessible, nil}, "phone, dark": {360, (*webtest.Tab).AccessibleNow, []webtest.Action{webtest.Dark()}}} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, storetest.SQLite(t)).staffed()
			server := outboxtest.Start(t, outboxtest.Options{})
			cookie, _ := o.member(accounts.Admin)
			base := o.listen()
			tab := signedInTab(t, base, cookie, c.width, c.setup...)
			tab.Open(base + "/settings")
			c.look(tab, "settings, nothing set")
			tab.Type("#host", "mail server")
			tab.Click(`form[action="/settings/mail"] .btn-primary`)
			tab.Await(`!!document.querySelector("#host-fault")`)
			c.look(tab, "settings with faults")
			shoot(tab, "settings-faults-"+name)
			m := server.Settings()
			webtest.Eval[string](tab, `document.querySelector("#host").value = document.querySelector("#port").value = ""`)
			tab.Type("#host", m.Host)
			tab.Type("#port", strconv.Itoa(m.Port))
			tab.Type("#from", "it@example.org")
			webtest.Eval[string](tab, `document.querySelector("#security").value = "none"`)
			tab.Click(`form[action="/settings/mail"] .btn-primary`)
			tab.Await(`document.readyState === "complete" && location.search === "?saved=mail"`)
			tab.Type(`form[action="/settings/mail/test"] .btn`, "\r") // by keyboard
			tab.Await(`location.search === "?saved=test"`)
			c.look(tab, "settings after a test message")
			shoot(tab, "settings-"+name)
			if got := server.Messages(); len(got) != 1 || got[0].From != "it@example.org" {
				t.Errorf("%d messages", len(got))
			}
		})
	}
}

// shoot keeps a picture where SOUNDINGS_SHOTS says, for people to look at.
func shoot(tab *webtest.Tab, name string) {
	if dir := os.Getenv("SOUNDINGS_SHOTS"); dir != "" {
		tab.Shot(filepath.Join(dir, strings.ReplaceAll(name, " ", "")+".png"))
	}
}
