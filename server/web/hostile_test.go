package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/surveys/store/storetest"
)

func TestSigningInTakesOnlyPlainFormsOfOurOwn(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.member(accounts.Viewer)
	form := url.Values{"email": {"viewer@example.org"}, "password": {password}}.Encode()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(form)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path, body string
		header     map[string]string
		status     int
	}{
		"plain":                {"/login", form, nil, http.StatusSeeOther},
		"our own page":         {"/login", form, map[string]string{"Sec-Fetch-Site": "same-origin"}, http.StatusSeeOther},
		"another site":         {"/login", form, map[string]string{"Sec-Fetch-Site": "cross-site"}, http.StatusForbidden},
		"packed":               {"/login", packed.String(), map[string]string{"Content-Encoding": "gzip"}, http.StatusUnsupportedMediaType},
		"in parts":             {"/login", form, map[string]string{"Content-Type": "multipart/form-data; boundary=X"}, http.StatusUnsupportedMediaType},
		"password in address":  {"/login?" + form, "", nil, http.StatusUnauthorized},
		"set-up, packed":       {"/setup", packed.String(), map[string]string{"Content-Encoding": "gzip"}, http.StatusUnsupportedMediaType},
		"set-up, another site": {"/setup", form, map[string]string{"Sec-Fetch-Site": "cross-site"}, http.StatusForbidden},
	} {
		r := httptest.NewRequest(http.MethodPost, c.path, strings.NewReader(c.body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for key, value := range c.header {
			r.Header.Set(key, value)
		}
		if got := o.do(r); got.status != c.status || c.status != http.StatusSeeOther && cookieOf(got) != "" {
			t.Errorf("%s: status %d, want %d", name, got.status, c.status)
		}
	}
}

// A client writes what it likes into X-Forwarded-For; only what the proxy appended is true.
func TestBehindAProxyGuessingIsSlowedByTheAddressItSaw(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.Proxied = true
	if _, _, err := o.Accounts.SetupCode(t.Context()); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"code": {"wrong"}, "email": {"a@example.org"}, "password": {password}}.Encode()
	for i := range 20 {
		r := httptest.NewRequest(http.MethodPost, "/setup", strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", "198.51.100."+string(rune('1'+i%9))+", 203.0.113.1")
		if got := o.do(r); got.status == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("twenty wrong codes through one proxy were let through")
}

func TestMetricsSurviveAnyMethodAndTellOfNoAnswer(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(pulse(t))
	base := o.listen()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	ask := func(method, path string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := answer.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if path == "/metrics" && answer.StatusCode != http.StatusOK {
			t.Fatalf("/metrics: status %d", answer.StatusCode)
		}
	}
	for range 5 { // over one connection, whose buffers are used again
		for _, method := range []string{http.MethodGet, http.MethodDelete, http.MethodHead, http.MethodPut} {
			ask(method, "/login")
			ask(http.MethodGet, "/metrics")
		}
	}
	before := o.get("/metrics").body
	o.get("/s/" + code)
	o.post("/s/"+code, url.Values{"receipt": {"0123456789ABCDEFGHJKMNPQRS"}, "department": {"1"}, "q.benefit": {"4"}})
	after := o.get("/metrics").body
	for line := range strings.Lines(after) {
		if !strings.Contains(before, line) && !strings.Contains(line, `route="/metrics"`) {
			t.Errorf("the metrics moved when somebody answered: %s", line)
		}
	}
}

func TestAnotherSpellingOfAnAddressIsNoLessDiscreet(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	for _, path := range []string{"/receipt/", "/thanks/", "/s/nosuchcode/"} {
		r := o.get(path, "Accept-Language", "de")
		if r.status != http.StatusNotFound || !strings.Contains(r.body, `lang="de"`) {
			t.Errorf("%s: status %d\n%.300s", path, r.status, r.body)
		}
	}
	if o.log.Len() > 0 {
		t.Errorf("the log tells of respondents:\n%s", o.log.String())
	}
}

func TestAScriptSignedOutIsToldSo(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	if r := o.get("/trend/chart.json"); r.status != http.StatusUnauthorized || r.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("status %d, %s", r.status, r.header.Get("Content-Type"))
	}
}
