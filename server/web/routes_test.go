package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func storetestEach(t *testing.T, test func(t *testing.T, s *store.Store)) { storetest.Each(t, test) }

// path fills the parameters of a route.
func (r route) example() string {
	return strings.NewReplacer(":user", "99999", ":apitoken", "99999", ":code", "nosuchcode", ":webhook", "1", ":wave", "1", ":plan", "1", ":link", "0", ":question", "easier", "*", "none.css").Replace(r.path)
}

func TestEveryRouteKeepsToItsPermission(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(6, 6)
	type person struct{ cookie, csrf, token string }
	people := map[accounts.Role]person{"": {}}
	for _, role := range accounts.Roles() {
		cookie, csrf := o.member(role)
		people[role] = person{cookie, csrf, o.bearer(role)}
	}
	guarded := 0
	for _, r := range o.routes() {
		if r.access.kind == everybody {
			continue
		}
		guarded++
		for role, p := range people {
			if r.path == "/logout" && role != "" {
				p.cookie, p.csrf = o.again(role) // the first session is needed still
			}
			request := httptest.NewRequest(r.method, r.example(), strings.NewReader(url.Values{"csrf": {p.csrf}}.Encode()))
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if p.cookie != "" {
				request.Header.Set("Cookie", sessionCookie+"="+p.cookie)
				request.Header.Set("Authorization", "Bearer "+p.token)
			}
			got := o.do(request)
			allowed := role != "" && (r.access.permission == "" || role.May(r.access.permission))
			refused := got.status == http.StatusUnauthorized || got.status == http.StatusForbidden || strings.HasPrefix(got.header.Get("Location"), "/login?next=")
			if refused == allowed {
				t.Errorf("%s %s as %q: status %d, allowed is %v", r.method, r.path, role, got.status, allowed)
			}
		}
	}
	if guarded < 8 {
		t.Errorf("only %d routes are guarded", guarded)
	}
}

// again signs a member in once more.
func (o *office) again(role accounts.Role) (cookie, csrf string) {
	o.t.Helper()
	session, err := o.Accounts.SignIn(o.t.(*testing.T).Context(), string(role)+"@example.org", password, accounts.Browser{Address: "192.0.2.1"})
	if err != nil {
		o.t.Fatal(err)
	}
	return session.Cookie, session.CSRF
}

func TestASessionIsNoTokenAndATokenNoSession(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, _ := o.member(accounts.Admin)
	token := o.bearer(accounts.Admin)
	if r := o.as(cookie, "/api/v1/surveys"); r.status != http.StatusUnauthorized || r.header.Get("WWW-Authenticate") != "Bearer" {
		t.Errorf("a session opens the API: status %d, %q", r.status, r.header.Get("WWW-Authenticate"))
	}
	if r := o.get("/trend", "Authorization", "Bearer "+token); r.status != http.StatusSeeOther {
		t.Errorf("a token opens a page: status %d", r.status)
	}
	if r := o.get("/api/v1/surveys", "Authorization", "Bearer "+token+"x"); r.status != http.StatusUnauthorized {
		t.Errorf("a wrong token: status %d", r.status)
	}
}

func TestEveryAnswerCarriesThePolicy(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(pulse(t))
	cookie, _ := o.member(accounts.Viewer)
	for path, referrer := range map[string]string{"/s/" + code: "same-origin", "/s/unknown": "same-origin", "/receipt": "no-referrer", "/board": "no-referrer",
		"/login": "same-origin", "/trend": "same-origin", "/nowhere": "same-origin", "/api/v1/surveys": "same-origin", "/healthz": "same-origin"} {
		r := o.as(cookie, path)
		if policy := r.header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'self'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if r.header.Get("X-Content-Type-Options") != "nosniff" || r.header.Get("Referrer-Policy") != referrer {
			t.Errorf("%s: headers %v", path, r.header)
		}
		for _, inline := range []string{"<style", " style=", "<script>", " onclick=", " onload="} {
			if strings.Contains(r.body, inline) {
				t.Errorf("%s holds %q", path, inline)
			}
		}
	}
}

func TestAssetsAreKeptForEverUnderTheirHash(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t))
	page := o.get("/setup")
	address := hashed.FindString(page.body)
	if address == "" {
		t.Fatalf("the page names no style sheet\n%s", page.body)
	}
	plain := o.get(address)
	if plain.status != http.StatusOK || !strings.Contains(plain.header.Get("Cache-Control"), "immutable") || plain.header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("status %d, %v", plain.status, plain.header)
	}
	packed := o.get(address, "Accept-Encoding", "gzip")
	if packed.header.Get("Content-Encoding") != "gzip" || len(packed.body) >= len(plain.body)/2 || packed.header.Get("Vary") == "" {
		t.Errorf("%d bytes packed, %d plain, %v", len(packed.body), len(plain.body), packed.header)
	}
	if again := o.get(address, "If-None-Match", plain.header.Get("ETag")); again.status != http.StatusNotModified {
		t.Errorf("asked again: status %d", again.status)
	}
	if old := o.get("/static/00000000/css/staff.css"); old.header.Get("Cache-Control") != "no-cache" {
		t.Errorf("the address of another version: %v", old.header)
	}
	for _, path := range []string{"/static/00000000/css/none.css", "/static/00000000/../../go.mod", "/static/", "/static/00000000/templates/staff/login.html"} {
		if r := o.get(path); r.status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
}

func TestMonitoringKnowsWhetherItCanWork(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(pulse(t))
	o.get("/s/" + code)
	for path, want := range map[string]string{"/healthz": "ok", "/readyz": "ready", "/metrics": "soundings_intake_waiting 0"} {
		if r := o.get(path); r.status != http.StatusOK || !strings.Contains(r.body, want) {
			t.Errorf("%s: status %d\n%s", path, r.status, r.body)
		}
	}
	// A counter that moves when somebody answers would be a record of when they did.
	if r := o.get("/metrics"); strings.Contains(r.body, `route="/s/`) {
		t.Error("the metrics count respondents")
	}
	if strings.Contains(o.log.String(), code) || strings.Contains(o.log.String(), "/s/") {
		t.Errorf("the log names a link:\n%s", o.log.String())
	}
	pool, err := o.Store.Pool()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec("INSERT INTO schema_versions (version_id, is_applied) VALUES (9999, 1)"); err != nil {
		t.Fatal(err)
	}
	if r := o.get("/readyz"); r.status != http.StatusServiceUnavailable || !strings.Contains(r.body, "newer program") {
		t.Errorf("/readyz with a newer schema: status %d\n%s", r.status, r.body)
	}
}

func TestWhateverStaffChangeHasANameInTheAuditLog(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t))
	for _, r := range o.routes() {
		if r.access.kind == session && r.method != http.MethodGet && r.access.action == "" {
			t.Errorf("%s %s has no action", r.method, r.path)
		}
		// A file with what people said, or with who did what, is taken away by looking at its address.
		taken := slices.ContainsFunc([]string{".csv", ".xlsx", ".zip"}, func(end string) bool { return strings.HasSuffix(r.path, end) })
		if r.access.kind != everybody && taken && r.access.action == "" {
			t.Errorf("%s %s takes something away and has no action", r.method, r.path)
		}
	}
}
