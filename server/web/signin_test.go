package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/surveys/store/storetest"
)

func cookieOf(r reply) string {
	for _, line := range r.header["Set-Cookie"] {
		if value, ok := strings.CutPrefix(line, sessionCookie+"="); ok {
			value, _, _ = strings.Cut(value, ";")
			return value
		}
	}
	return ""
}

func TestTheFirstAccountNeedsTheCodeOfTheLog(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		if r := o.get("/login"); r.header.Get("Location") != "/setup" {
			t.Errorf("without accounts /login answers %d %q", r.status, r.header.Get("Location"))
		}
		code, needed, err := o.Accounts.SetupCode(t.Context())
		if err != nil || !needed {
			t.Fatal(needed, err)
		}
		form := url.Values{"code": {"wrong"}, "email": {"mira@example.org"}, "password": {password}}
		r := o.post("/setup", form)
		if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, `value="mira@example.org"`) || !strings.Contains(r.body, "code-fault") || strings.Contains(r.body, password) {
			t.Errorf("a wrong code: status %d\n%s", r.status, r.body)
		}
		form.Set("code", code)
		r = o.post("/setup", form)
		if r.status != http.StatusSeeOther || cookieOf(r) == "" {
			t.Fatalf("the right code: status %d\n%s", r.status, r.body)
		}
		if page := o.as(cookieOf(r), "/trend"); page.status != http.StatusOK || !strings.Contains(page.body, "mira@example.org") {
			t.Errorf("the first account cannot read: status %d", page.status)
		}
		if r := o.post("/setup", form); r.status != http.StatusConflict {
			t.Errorf("a second time: status %d", r.status)
		}
	})
}

func TestSigningInAndOut(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		old, _ := o.member(accounts.Viewer)
		wrong := o.post("/login", url.Values{"email": {"viewer@example.org"}, "password": {"not the password"}, "next": {"/trend?band=1"}})
		if wrong.status != http.StatusUnauthorized || !strings.Contains(wrong.body, `value="viewer@example.org"`) || !strings.Contains(wrong.body, `value="/trend?band=1"`) || strings.Contains(wrong.body, "not the password") {
			t.Errorf("a wrong password: status %d\n%s", wrong.status, wrong.body)
		}
		right := o.submit(old, "/login", url.Values{"email": {"viewer@example.org"}, "password": {password}, "next": {"/trend?band=1"}})
		set := strings.Join(right.header["Set-Cookie"], "\n")
		if right.status != http.StatusSeeOther || right.header.Get("Location") != "/trend?band=1" || !strings.Contains(set, "HttpOnly") || !strings.Contains(set, "SameSite=Lax") {
			t.Fatalf("status %d, to %q, cookies %s", right.status, right.header.Get("Location"), set)
		}
		if r := o.as(old, "/trend"); r.status != http.StatusSeeOther {
			t.Errorf("the session from before still works: status %d", r.status)
		}
		cookie := cookieOf(right)
		page := o.as(cookie, "/trend")
		_, rest, _ := strings.Cut(page.body, `name="csrf" value="`)
		csrf, _, _ := strings.Cut(rest, `"`)
		if r := o.submit(cookie, "/logout", url.Values{}); r.status != http.StatusForbidden {
			t.Errorf("a form without its token: status %d", r.status)
		}
		if r := o.as(cookie, "/trend"); r.status != http.StatusOK {
			t.Errorf("the forged form has ended the session: status %d", r.status)
		}
		if r := o.submit(cookie, "/logout", url.Values{"csrf": {csrf}}); r.status != http.StatusSeeOther {
			t.Errorf("signing out: status %d\n%s", r.status, r.body)
		}
		if r := o.as(cookie, "/trend"); r.status != http.StatusSeeOther || !strings.HasPrefix(r.header.Get("Location"), "/login?next=%2Ftrend") {
			t.Errorf("after signing out: status %d, %q", r.status, r.header.Get("Location"))
		}
	})
}

func TestGuessingIsSlowedDown(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.member(accounts.Viewer)
	form := url.Values{"email": {"viewer@example.org"}, "password": {"guess number one"}}
	for range 20 {
		r := o.post("/login", form)
		if r.status == http.StatusTooManyRequests {
			if r.header.Get("Retry-After") == "" {
				t.Error("it does not say how long to wait")
			}
			return
		}
	}
	t.Error("twenty guesses in a row were let through")
}

func TestSigningInLeadsOnlyToThisServer(t *testing.T) {
	for next, want := range map[string]string{
		"/trend?band=1": "/trend?band=1", "": "/", "//evil.example": "/", "/\\evil.example": "/", "https://evil.example": "/",
		"/\tevil": "/", "trend": "/", "/\r\nSet-Cookie: a=b": "/",
	} {
		if got := safeNext(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

func TestCookiesAreForHTTPSBehindATLSProxy(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.member(accounts.Viewer)
	o.secure = true // as New sets it for a base URL with https
	r := o.post("/login", url.Values{"email": {"viewer@example.org"}, "password": {password}})
	if set := strings.Join(r.header["Set-Cookie"], "\n"); !strings.Contains(strings.ToLower(set), "secure") {
		t.Error(set)
	}
}
