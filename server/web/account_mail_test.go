package web

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"soundings/server/accounts"
	"soundings/surveys/outbox"
	"soundings/surveys/outbox/outboxtest"
	"soundings/surveys/store/storetest"
)

// writesAccountMail lets the post office write about accounts.
func (p *postOffice) writesAccountMail() *postOffice {
	writers := map[outbox.Kind]outbox.Writer{AccountInvitation: p.WriteAccountMail, AccountReset: p.WriteAccountMail}
	p.box = outbox.New(outbox.Deps{Store: p.Store, Secret: p.Secret, Log: p.Log, Now: time.Now, Writers: writers})
	return p
}

var mailedLink = regexp.MustCompile(`http://127\.0\.0\.1(/password/[\w-]+)`)

func TestLinksOfAccountsComeByMailAndLeaveNoSecretBehind(t *testing.T) {
	p := newPostOffice(t, storetest.SQLite(t)).writesAccountMail()
	admin, csrf := p.member(accounts.Admin)
	invite := func(lang, email string) reply {
		r := p.formRequest("/accounts", url.Values{"csrf": {csrf}, "email": {email}, "role": {"viewer"}, "sees": {"all"}}, sessionCookie+"="+admin)
		r.Header.Set("Accept-Language", lang)
		return p.do(r)
	}
	if r := invite("de", "bob@example.org"); r.header.Get("Location") != "/accounts/2?saved=mailed" {
		t.Fatalf("status %d %v\n%s", r.status, r.header, r.body)
	}
	waiting := strings.Join(storetest.Rows(t, p.Store, "SELECT * FROM outbox"), "\n")
	message := p.deliver()["bob@example.org"]
	_, text, _ := message.Read(t)
	link := p.first(mailedLink, text)
	if message.Subject(t) != "Harbour Group: Ihr Konto bei Soundings" || !strings.Contains(text, "9. März 2026, 09:00 Uhr") {
		t.Errorf("%s\n%s", message.Subject(t), text)
	}
	token := strings.TrimPrefix(link, "/password/")
	left := strings.Join(storetest.Rows(t, p.Store, "SELECT * FROM outbox"), "\n")
	if strings.Contains(waiting+left, token) || strings.Contains(p.log.String(), token) {
		t.Error("the token is in the outbox or in a log")
	}
	if r := p.post(link, url.Values{"password": {password}}); r.status != http.StatusSeeOther {
		t.Fatalf("the link of the mail: status %d\n%s", r.status, r.body)
	}

	known := p.post("/forgotten", url.Values{"email": {"BOB@example.org"}})
	unknown := p.post("/forgotten", url.Values{"email": {"nobody@example.org"}})
	if known.status != unknown.status || known.body != unknown.body || known.header.Get("Location") != "/forgotten?sent=1" || unknown.header.Get("Location") != "/forgotten?sent=1" {
		t.Errorf("known %d %v, unknown %d %v", known.status, known.header, unknown.status, unknown.header)
	}
	sent := p.deliver()
	if len(sent) != 1 {
		t.Fatalf("%d messages", len(sent))
	}
	_, text, _ = sent["bob@example.org"].Read(t)
	if r := p.get(p.first(mailedLink, text)); r.status != http.StatusOK {
		t.Errorf("the link: status %d", r.status)
	}
}

// SQLite gives the number of a deleted link to the next one. A message that still waits must not carry that.
func TestAMessageNeverCarriesALaterLinkToSomebodyElse(t *testing.T) {
	p := newPostOffice(t, storetest.SQLite(t)).writesAccountMail()
	admin, csrf := p.member(accounts.Admin)
	invite := func(email, by string) {
		p.submit(admin, "/accounts", url.Values{"csrf": {csrf}, "email": {email}, "role": {"viewer"}, "sees": {"all"}, "by": {by}})
	}
	invite("bob@example.org", "")
	p.submit(admin, "/accounts/2/deactivate", url.Values{"csrf": {csrf}}) // the link is gone, the message waits
	invite("eve@example.org", "")
	if rows := storetest.Rows(t, p.Store, "SELECT DISTINCT subject FROM outbox"); len(rows) != 1 {
		t.Fatalf("the links have the numbers %v; the test needs one", rows)
	}
	if sent := p.deliver(); len(sent) != 1 || sent["eve@example.org"].To == nil {
		t.Errorf("sent to %d: %v", len(sent), sent)
	}
}

func TestAnAdministratorLearnsThatALinkDidNotArrive(t *testing.T) {
	p := newPostOffice(t, storetest.SQLite(t)).writesAccountMail()
	p.server.React(func(outboxtest.Stage, string) outboxtest.Reaction { return outboxtest.Refuse })
	admin, csrf := p.member(accounts.Admin)
	p.submit(admin, "/accounts", url.Values{"csrf": {csrf}, "email": {"bob@example.org"}, "role": {"viewer"}, "sees": {"all"}})
	p.deliver()
	if page := p.as(admin, "/accounts/2"); !strings.Contains(page.body, "could not be delivered") {
		t.Errorf("the page does not tell\n%s", page.body)
	}
	if shown := p.submit(admin, "/accounts/2/link", url.Values{"csrf": {csrf}, "by": {"hand"}}); !shownLink.MatchString(shown.body) {
		t.Errorf("status %d\n%s", shown.status, shown.body)
	}
}

func TestWithoutMailAForgottenPasswordIsForAnAdministrator(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.member(accounts.Viewer)
	if page := o.get("/forgotten"); !strings.Contains(page.body, "Ask an administrator") || strings.Contains(page.body, "<form") {
		t.Errorf("the page\n%s", page.body)
	}
	o.post("/forgotten", url.Values{"email": {"viewer@example.org"}})
	if err := o.Accounts.Purge(context.Background()); err != nil {
		t.Fatal(err)
	}
	if rows := storetest.Rows(t, o.Store, "SELECT COUNT(*) FROM password_links"); rows[0] != "0" {
		t.Errorf("%v links", rows)
	}
}
