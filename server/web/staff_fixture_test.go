package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"soundings/analytics/tally"
	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/store"
)

const password = "correct horse battery"

// member adds a member of staff, limited to the departments if there are any, and returns the cookie of their session and its form token.
func (o *office) member(role accounts.Role, departments ...surveys.DepartmentID) (cookie, csrf string) {
	o.t.Helper()
	email := string(role) + "@example.org"
	if _, err := o.Accounts.Create(context.Background(), email, role, password, departments...); err != nil {
		o.t.Fatal(err)
	}
	session, err := o.Accounts.SignIn(context.Background(), email, password, accounts.Browser{Address: "192.0.2.1"})
	if err != nil {
		o.t.Fatal(err)
	}
	return session.Cookie, session.CSRF
}

// bearer makes an API token.
func (o *office) bearer(role accounts.Role) string {
	o.t.Helper()
	token, err := o.Accounts.CreateToken(context.Background(), "test", role)
	if err != nil {
		o.t.Fatal(err)
	}
	return token
}

// as asks for a page with a session.
func (o *office) as(cookie, path string) reply {
	o.t.Helper()
	return o.get(path, "Cookie", sessionCookie+"="+cookie)
}

// submit posts a form with a session.
func (o *office) submit(cookie, path string, form url.Values) reply {
	o.t.Helper()
	return o.do(o.formRequest(path, form, sessionCookie+"="+cookie))
}

// formRequest is a form on its way, with cookies.
func (o *office) formRequest(path string, form url.Values, cookies string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Cookie", cookies)
	return r
}

// answered opens a wave of the change pulse, lets people of both departments answer, and closes it.
func (o *office) answered(finance, legal int) surveys.Wave {
	o.t.Helper()
	code, wave := o.open(pulse(o.t))
	o.answers("/s/"+code, wave, finance, legal)
	return wave
}

// answers lets people of both departments answer a pulse, and closes it.
func (o *office) answers(path string, wave surveys.Wave, finance, legal int) {
	o.t.Helper()
	doc := o.document(wave)
	for i := range finance + legal {
		department := "1"
		if i >= finance {
			department = "2"
		}
		form := url.Values{"receipt": {string(surveys.NewReceipt())}, "department": {department}, "band": {string("12"[i%2])}}
		for _, q := range doc.Questions {
			if value := 1 + (i+len(form))%5; q.Kind == surveys.Recommend {
				form.Set(surveys.FieldOf(q.ID), strconv.Itoa(2*value))
			} else if q.Scored() {
				form.Set(surveys.FieldOf(q.ID), strconv.Itoa(value))
			}
		}
		if r := o.post(path, form); r.status != http.StatusSeeOther {
			o.t.Fatalf("status %d\n%s", r.status, r.body)
		}
	}
	q, err := o.Catalog.Questionnaire(context.Background(), wave.Questionnaire)
	if err != nil {
		o.t.Fatal(err)
	}
	if err := tally.Close(context.Background(), o.Store, q, wave.ID, o.clock.Now()); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) document(w surveys.Wave) *surveys.Document {
	o.t.Helper()
	q, err := o.Catalog.Questionnaire(context.Background(), w.Questionnaire)
	if err != nil {
		o.t.Fatal(err)
	}
	return q.Document
}

// eachStore runs a test on both kinds of database.
func eachStore(t *testing.T, test func(t *testing.T, o *office)) {
	storetestEach(t, func(t *testing.T, s *store.Store) { test(t, newOffice(t, s).staffed()) })
}

var hashed = regexp.MustCompile(`/static/[0-9a-f]{8}/css/staff\.css`)
