package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// sized sets the headcounts of Finance and Legal.
func (o *office) sized(finance, legal int) *office {
	o.t.Helper()
	o.transact(func(tx *store.Tx) error {
		if err := tx.Exec("UPDATE departments SET headcount = ? WHERE id = 1", finance).Error; err != nil {
			return err
		}
		return tx.Exec("UPDATE departments SET headcount = ? WHERE id = 2", legal).Error
	})
	return o
}

func (o *office) rows(statement string) []string {
	o.t.Helper()
	return storetest.Rows(o.t, o.Store, statement)
}

// german asks for a page as somebody does whose browser speaks German.
func (o *office) german(cookie, path string) string {
	o.t.Helper()
	return o.get(path, "Cookie", sessionCookie+"="+cookie, "Accept-Language", "de-CH").body
}

func TestThePageOfPeopleSaysWhoWillNeverBeShown(t *testing.T) {
	for _, c := range []struct {
		name            string
		finance, legal  int
		english, german string
	}{
		{"one is too small", 308, 4, "2 departments, 312 people; Legal &amp; Tax &lt;b&gt; has 4 people and will never be shown on its own.", "2 Abteilungen, 312 Personen; Legal &amp; Tax &lt;b&gt; hat 4 Personen und wird nie für sich gezeigt."},
		{"two are", 4, 1, "2 departments, 5 people; Finance and Legal &amp; Tax &lt;b&gt; have fewer than 5 people each", "haben je weniger als 5 Personen"},
		{"none is", 1308, 5, "2 departments, 1,313 people.", "2 Abteilungen, 1.313 Personen."},
		{"nothing is known", 0, 0, "2 departments.", "2 Abteilungen."},
	} {
		o := newOffice(t, storetest.SQLite(t)).staffed().sized(c.finance, c.legal)
		cookie, _ := o.member(accounts.Author)
		if page := o.as(cookie, "/people").body; !strings.Contains(page, c.english) {
			t.Errorf("%s: %q is not on the page\n%s", c.name, c.english, page)
		}
		if page := o.german(cookie, "/people"); !strings.Contains(page, c.german) {
			t.Errorf("%s: %q is not on the page\n%s", c.name, c.german, page)
		}
	}
}

func TestSmallDepartmentsArePooledIntoANewGroup(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		o.sized(4, 3)
		cookie, csrf := o.member(accounts.Author)
		form := url.Values{"csrf": {csrf}, "departments": {"1", "2"}, "into": {newGroup}, "name": {"Small teams"}}
		for name, c := range map[string]struct {
			form url.Values
			want string
		}{
			"without a name": {with(form, "name", ""), "Please give a name."},
			"a taken name":   {with(form, "name", "Finance"), "Another one has this name."},
			"into nothing":   {with(form, "into", ""), "Please choose where to."},
			"into itself":    {with(form, "into", "1"), "Please choose another department that stands for itself."},
			"none of them":   {with(form, "departments", ""), "Please choose at least one."},
		} {
			r := o.submit(cookie, "/people/pool", c.form)
			if r.status != http.StatusUnprocessableEntity && r.status != http.StatusConflict || !strings.Contains(r.body, c.want) || !strings.Contains(r.body, `value="`+c.form.Get("name")+`"`) {
				t.Errorf("%s: status %d, want %q\n%s", name, r.status, c.want, r.body)
			}
		}
		if got := o.rows("SELECT COUNT(*), SUM(pooled_into) FROM departments"); got[0] != "2|0" {
			t.Fatalf("a refused form changed something: %s", got)
		}
		if r := o.submit(cookie, "/people/pool", form); r.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		page := o.as(cookie, "/people").body
		for _, want := range []string{"1 department, 7 people.", "answers with Small teams", "offered, together with Finance and Legal"} {
			if !strings.Contains(page, want) {
				t.Errorf("%q is not on the page\n%s", want, page)
			}
		}
	})
}

func TestADepartmentIsChangedArchivedAndRestored(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		cookie, csrf := o.member(accounts.Author)
		post := func(path string, pairs ...string) reply {
			return o.submit(cookie, path, with(url.Values{"csrf": {csrf}}, pairs...))
		}
		naughty := "Ω \"quoted\" <script>alert(1)</script> \u202ex"
		if r := post("/people/departments", "name", "Finance", "division", "Money", "headcount", "many"); r.status != http.StatusUnprocessableEntity ||
			!strings.Contains(r.body, "Please give a whole number of people") || !strings.Contains(r.body, `value="many"`) || !strings.Contains(r.body, `value="Money"`) {
			t.Errorf("status %d\n%s", r.status, r.body)
		}
		if r := post("/people/departments", "name", naughty, "division", "=1+1", "headcount", " 12 "); r.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		if r := post("/people/departments/1", "name", "Finance", "headcount", "-3"); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, `aria-describedby="headcount-hint headcount-fault"`) {
			t.Errorf("status %d\n%s", r.status, r.body)
		}
		for _, step := range []struct{ path, name, value string }{
			{"/people/departments/3/pool", "into", "1"}, {"/people/departments/3/unpool", "", ""}, {"/people/departments/3/archive", "", ""}, {"/people/departments/3/restore", "", ""},
			{"/people/departments/2/pool", "into", "3"},
		} {
			if r := post(step.path, step.name, step.value); r.status != http.StatusSeeOther {
				t.Fatalf("%s: status %d\n%s", step.path, r.status, r.body)
			}
		}
		if r := post("/people/departments/3/archive"); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "Other departments answer with it.") {
			t.Errorf("archiving a pool: status %d", r.status)
		}
		if r := post("/people/departments/99/archive"); r.status != http.StatusNotFound {
			t.Errorf("status %d", r.status)
		}
		if got := o.rows("SELECT name, division, headcount, archived, pooled_into FROM departments ORDER BY id"); got[2] != naughty+"|=1+1|12|0|0" || !strings.HasSuffix(got[1], "|0|3") {
			t.Errorf("departments are %q", got)
		}
	})
}

func TestBandsAreManagedByButtons(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		cookie, csrf := o.member(accounts.Author)
		for _, step := range []struct {
			path, name, value string
			status            int
			want              string
		}{
			{"/people/bands", "name", "Head", http.StatusSeeOther, ""},
			{"/people/bands", "name", "Head", http.StatusConflict, "Another one has this name."},
			{"/people/bands/3/move", "direction", "up", http.StatusSeeOther, ""},
			{"/people/bands/1", "name", "", http.StatusUnprocessableEntity, "Please give a name."},
			{"/people/bands/1", "name", "Team", http.StatusSeeOther, ""},
			{"/people/bands/2/delete", "", "", http.StatusSeeOther, ""},
			{"/people/bands/2/delete", "", "", http.StatusNotFound, ""},
		} {
			r := o.submit(cookie, step.path, with(url.Values{"csrf": {csrf}}, step.name, step.value))
			if r.status != step.status || !strings.Contains(r.body, step.want) {
				t.Errorf("%s: status %d, want %d and %q\n%s", step.path, r.status, step.status, step.want, r.body)
			}
		}
		bands, err := people.Bands(t.Context(), o.Store)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, b := range bands {
			names = append(names, b.Name)
		}
		if !slices.Equal(names, []string{"Team", "Head"}) {
			t.Errorf("bands are %q", names)
		}
	})
}

func TestTheNavigationLeadsToPeopleOnlyThoseWhoMay(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	for role, want := range map[accounts.Role]bool{accounts.Author: true, accounts.Viewer: false} {
		cookie, _ := o.member(role)
		if got := strings.Contains(o.as(cookie, "/trend").body, `href="/people"`); got != want {
			t.Errorf("%s sees the entry: %v", role, got)
		}
	}
}
