package web

import (
	"encoding/base32"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"soundings/server/accounts"
	"soundings/surveys/store/storetest"
)

var (
	shownLink   = regexp.MustCompile(`id="link">http://127\.0\.0\.1(/password/[\w-]+)<`)
	shownSecret = regexp.MustCompile(`<code class="once">([A-Z2-7 ]+)</code>`)
	shownCodes  = regexp.MustCompile(`<li>([A-Z2-7]{5}-[A-Z2-7]{5})</li>`)
	formToken   = regexp.MustCompile(`name="csrf" value="([^"]+)"`)
)

// first gives what a pattern finds in a page.
func (o *office) first(pattern *regexp.Regexp, body string) string {
	o.t.Helper()
	found := pattern.FindStringSubmatch(body)
	if found == nil {
		o.t.Fatalf("%s is not in\n%s", pattern, body)
	}
	return found[1]
}

// codeOf computes what an authenticator app shows for the secret of a page.
func (o *office) codeOf(secret string, at time.Time) string {
	o.t.Helper()
	code, err := totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), at)
	if err != nil {
		o.t.Fatal(err)
	}
	return code
}

func cookieNamed(r reply, name string) string {
	for _, line := range r.header["Set-Cookie"] {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			value, _, _ = strings.Cut(value, ";")
			return value
		}
	}
	return ""
}

func TestFromAnInvitationToASecondStep(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		admin, csrf := o.member(accounts.Admin)
		wrong := o.submit(admin, "/accounts", url.Values{"csrf": {csrf}, "email": {"no address"}, "role": {"viewer"}, "sees": {"all"}})
		if wrong.status != http.StatusUnprocessableEntity || !strings.Contains(wrong.body, `value="no address"`) || !strings.Contains(wrong.body, `id="email-fault"`) {
			t.Errorf("a faulty address: status %d\n%s", wrong.status, wrong.body)
		}
		page := o.submit(admin, "/accounts", url.Values{"csrf": {csrf}, "email": {"bob@example.org"}, "role": {"analyst"}, "sees": {"some"}, "department": {"2"}})
		link := o.first(shownLink, page.body)
		if page.status != http.StatusOK || !strings.Contains(page.body, "9 March 2026, 09:00 (UTC)") {
			t.Errorf("status %d\n%s", page.status, page.body)
		}
		if taken := o.submit(admin, "/accounts", url.Values{"csrf": {csrf}, "email": {"BOB@example.org"}, "role": {"viewer"}, "sees": {"all"}}); taken.status != http.StatusConflict || !strings.Contains(taken.body, "already has an account") {
			t.Errorf("a second account: status %d", taken.status)
		}

		for range 2 { // opening it does not use it up
			if r := o.get(link); r.status != http.StatusOK || !strings.Contains(r.body, "bob@example.org") {
				t.Fatalf("the link: status %d\n%s", r.status, r.body)
			}
		}
		if r := o.post(link, url.Values{"password": {"short"}}); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "must have at least 10 characters") {
			t.Errorf("a short password: status %d", r.status)
		}
		in := o.post(link, url.Values{"password": {password}})
		if in.status != http.StatusSeeOther || cookieOf(in) == "" {
			t.Fatalf("choosing: status %d\n%s", in.status, in.body)
		}
		if r := o.get(link); r.status != http.StatusGone {
			t.Errorf("the used link: status %d", r.status)
		}

		bob := cookieOf(in)
		enrol := o.as(bob, "/account/second")
		secret, token := o.first(shownSecret, enrol.body), o.first(formToken, enrol.body)
		if raw, err := base32.StdEncoding.DecodeString(strings.ReplaceAll(secret, " ", "")); err != nil || len(raw) != 20 {
			t.Errorf("secret %q", secret)
		}
		if r := o.submit(bob, "/account/second", url.Values{"csrf": {token}, "code": {"000000"}}); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, secret) || !strings.Contains(r.body, "code-fault") {
			t.Errorf("a wrong code: status %d", r.status)
		}
		on := o.submit(bob, "/account/second", url.Values{"csrf": {token}, "code": {o.codeOf(secret, o.clock.Now())}})
		codes := shownCodes.FindAllStringSubmatch(on.body, -1)
		if on.status != http.StatusOK || len(codes) != 10 {
			t.Fatalf("status %d, %d recovery codes\n%s", on.status, len(codes), on.body)
		}

		o.clock.add(time.Minute)
		half := o.post("/login", url.Values{"email": {"bob@example.org"}, "password": {password}, "next": {"/account"}})
		if half.header.Get("Location") != "/login/second?next=%2Faccount" || cookieOf(half) != "" {
			t.Fatalf("a password alone: %d %v", half.status, half.header)
		}
		ticket := ticketCookie + "=" + cookieNamed(half, ticketCookie)
		second := func(code string) reply {
			return o.do(o.formRequest("/login/second", url.Values{"code": {code}, "next": {"/account"}}, ticket))
		}
		if r := second("000000"); r.status != http.StatusUnauthorized || !strings.Contains(r.body, "code-fault") {
			t.Errorf("a wrong second step: status %d\n%s", r.status, r.body)
		}
		done := second(o.codeOf(secret, o.clock.Now()))
		if done.status != http.StatusSeeOther || done.header.Get("Location") != "/account" || cookieOf(done) == "" || cookieNamed(done, deviceCookie) == "" {
			t.Errorf("the right one: %d %v", done.status, done.header)
		}
		if r := second(codes[0][1]); r.status != http.StatusSeeOther {
			t.Errorf("a recovery code: status %d", r.status)
		}
		if r := o.do(o.formRequest("/login/second", url.Values{"code": {"1"}}, ticketCookie+"=forged")); r.status != http.StatusSeeOther || r.header.Get("Location") != "/login?next=%2F" {
			t.Errorf("a forged ticket: %d %v", r.status, r.header)
		}

		log := strings.Join(o.entries(), "\n")
		for _, want := range []string{"admin@example.org||account.invite|user 2|ok|", "bob@example.org||password.choose||ok|", "bob@example.org||second.enrol||failed|", "bob@example.org||second.enrol||ok|", "bob@example.org||session.second||refused|"} {
			if !strings.Contains(log, want) {
				t.Errorf("the log lacks %q\n%s", want, log)
			}
		}
		if token := strings.TrimPrefix(link, "/password/"); strings.Contains(log+o.log.String(), token) {
			t.Error("a log holds the link")
		}
	})
}

func TestAnAccountIsChangedByAnAdministratorOnly(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	admin, csrf := o.member(accounts.Admin)
	viewer, _ := o.member(accounts.Viewer)
	page := o.submit(admin, "/accounts/2", url.Values{"csrf": {csrf}, "role": {"analyst"}, "sees": {"some"}})
	if page.status != http.StatusUnprocessableEntity || !strings.Contains(page.body, "department-fault") || !strings.Contains(page.body, `value="analyst" selected`) {
		t.Errorf("limited to no department: status %d\n%s", page.status, page.body)
	}
	if r := o.submit(admin, "/accounts/2", url.Values{"csrf": {csrf}, "role": {"analyst"}, "sees": {"some"}, "department": {"1"}}); r.header.Get("Location") != "/accounts/2?saved=changed" {
		t.Errorf("status %d %v", r.status, r.header)
	}
	if r := o.as(admin, "/accounts"); !strings.Contains(r.body, "Finance") || !strings.Contains(r.body, "2 people can sign in.") {
		t.Errorf("the list:\n%s", r.body)
	}
	if r := o.submit(admin, "/accounts/1/deactivate", url.Values{"csrf": {csrf}}); r.status != http.StatusConflict || !strings.Contains(r.body, "last administrator") {
		t.Errorf("the last administrator: status %d", r.status)
	}
	if r := o.submit(admin, "/accounts/2/deactivate", url.Values{"csrf": {csrf}}); r.status != http.StatusSeeOther {
		t.Errorf("status %d", r.status)
	}
	if r := o.as(viewer, "/account"); r.status != http.StatusSeeOther {
		t.Errorf("somebody deactivated still reads: status %d", r.status)
	}
	if r := o.as(admin, "/accounts/99"); r.status != http.StatusNotFound {
		t.Errorf("nobody's page: status %d", r.status)
	}
}

func TestOnesOwnAccount(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Viewer)
	other, _ := o.again(accounts.Viewer)
	if page := o.as(cookie, "/account"); strings.Count(page.body, `name="session"`) != 1 || !strings.Contains(page.body, "unknown browser") {
		t.Errorf("the other session cannot be ended\n%s", page.body)
	}
	if r := o.submit(cookie, "/account/language", url.Values{"csrf": {csrf}, "language": {"de"}}); r.status != http.StatusSeeOther {
		t.Errorf("status %d", r.status)
	}
	if page := o.as(cookie, "/account?saved=language"); !strings.Contains(page.body, `lang="de"`) || !strings.Contains(page.body, "Die Sprache ist gespeichert.") {
		t.Errorf("not in German\n%s", page.body)
	}
	if r := o.submit(cookie, "/account/language", url.Values{"csrf": {csrf}, "language": {"xx"}}); r.status != http.StatusUnprocessableEntity {
		t.Errorf("a language there is not: status %d", r.status)
	}
	o.submit(cookie, "/account/language", url.Values{"csrf": {csrf}, "language": {""}})
	wrong := o.submit(cookie, "/account/password", url.Values{"csrf": {csrf}, "old": {"not it, surely"}, "password": {"short"}})
	if wrong.status != http.StatusUnprocessableEntity || !strings.Contains(wrong.body, "old-fault") || !strings.Contains(wrong.body, "password-fault") {
		t.Errorf("status %d\n%s", wrong.status, wrong.body)
	}
	if r := o.submit(cookie, "/account/password", url.Values{"csrf": {csrf}, "old": {password}, "password": {"another long password"}}); r.status != http.StatusSeeOther {
		t.Errorf("status %d\n%s", r.status, r.body)
	}
	if r := o.as(other, "/account"); r.status != http.StatusSeeOther {
		t.Errorf("the other session outlives the password: status %d", r.status)
	}
	for range 5 {
		wrong = o.submit(cookie, "/account/password", url.Values{"csrf": {csrf}, "old": {"not it, surely"}, "password": {"yet another password"}})
	}
	if wrong = o.submit(cookie, "/account/password", url.Values{"csrf": {csrf}, "old": {"not it, surely"}, "password": {"yet another password"}}); wrong.status != http.StatusTooManyRequests || !strings.Contains(wrong.body, "try again in") || wrong.header.Get("Retry-After") == "" {
		t.Errorf("guessing at somebody's desk: status %d", wrong.status)
	}
}

func TestATokenIsShownOnceAndRevoked(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Admin)
	if r := o.submit(cookie, "/tokens", url.Values{"csrf": {csrf}, "name": {""}, "role": {"king"}}); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "name-fault") || !strings.Contains(r.body, "role-fault") {
		t.Errorf("status %d\n%s", r.status, r.body)
	}
	made := o.submit(cookie, "/tokens", url.Values{"csrf": {csrf}, "name": {"wall display"}, "role": {"viewer"}})
	plain := o.first(regexp.MustCompile(`id="token">(snd_[\w-]+)<`), made.body)
	if again := o.as(cookie, "/tokens"); strings.Contains(again.body, plain) || !strings.Contains(again.body, "wall display") {
		t.Errorf("the list:\n%s", again.body)
	}
	if r := o.get("/api/v1/surveys", "Authorization", "Bearer "+plain); r.status != http.StatusOK {
		t.Errorf("it does not work: status %d", r.status)
	}
	if r := o.submit(cookie, "/tokens/1/revoke", url.Values{"csrf": {csrf}}); r.status != http.StatusSeeOther {
		t.Errorf("status %d", r.status)
	}
	if r := o.get("/api/v1/surveys", "Authorization", "Bearer "+plain); r.status != http.StatusUnauthorized {
		t.Errorf("revoked, it still works: status %d", r.status)
	}
	if got := strings.Join(o.entries(), "\n"); !strings.Contains(got, "token.add|token wall display|ok") || !strings.Contains(got, "token.revoke|token 1|ok") || strings.Contains(got, plain) {
		t.Errorf("the log:\n%s", got)
	}
}

func TestSomebodyLimitedSeesTheirDepartmentsOnly(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		o.answered(12, 9)
		if _, err := o.Accounts.Create(t.Context(), "bob@example.org", accounts.Viewer, password, 1); err != nil {
			t.Fatal(err)
		}
		session, err := o.Accounts.SignIn(t.Context(), "bob@example.org", password, accounts.Browser{Address: "192.0.2.1"})
		if err != nil {
			t.Fatal(err)
		}
		everybody, _ := o.member(accounts.Viewer)
		whole, part := o.as(everybody, "/trend").body, o.as(session.Cookie, "/trend").body
		if !strings.Contains(whole, "Legal &amp; Tax") || strings.Contains(part, "Legal") || !strings.Contains(part, "Finance") {
			t.Errorf("the page shows\n%s", part)
		}
		if chart := o.as(session.Cookie, "/trend/chart.json").body; strings.Contains(chart, "Legal") || !strings.Contains(chart, "Finance") {
			t.Errorf("the chart shows\n%s", chart)
		}
		for _, path := range []string{"/trend?department=2", "/trend/chart.json?department=1&department=2"} {
			if r := o.as(session.Cookie, path); r.status != http.StatusForbidden {
				t.Errorf("%s: status %d", path, r.status)
			}
		}
		if got := o.entries(); len(got) != 2 || got[0] != "bob@example.org||view|/trend|refused|0.0.0.0" {
			t.Errorf("the refusals are not recorded: %q", got)
		}
	})
}

func TestBrowsersAreRecognised(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t))
	say := phrases{speech: o.staffWords.in("en")}
	for agent, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0":                                                                  "Firefox on Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36":                         "Chrome on Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0":           "Edge on Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1": "Safari on iPhone",
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36":                         "Chrome on Android",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15":                   "Safari on macOS",
		"curl/8.5.0": "curl", "": "unknown browser", "<script>": "unknown browser",
	} {
		if got := say.browser(agent); got != want {
			t.Errorf("%s: %q, want %q", agent, got, want)
		}
	}
	if say.err != nil {
		t.Error(say.err)
	}
}
