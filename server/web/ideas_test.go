package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/surveys/ideas"
	"soundings/surveys/settings"
	"soundings/surveys/store/storetest"
)

// keeps posts a form about an idea as a member of staff.
func (o *office) keeps(cookie, csrf, path string, pairs ...string) reply {
	o.t.Helper()
	return o.submit(cookie, "/ideas/"+path, with(url.Values{"csrf": {csrf}}, pairs...))
}

func TestITRepliesHidesMovesAndMergesAndAllOfItIsRecorded(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		o.board(settings.BoardReviewed)
		o.suggested("A second printer", "department", "1")
		o.suggested("Another printer", "name", "Ana", "lang", "de")
		o.suggested("Rude words")
		cookie, csrf := o.member(accounts.Analyst)
		list := o.as(cookie, "/ideas")
		for _, part := range []string{"3 ideas wait for a reply", "3 ideas wait to be looked at before they appear.", "From Finance", "Waits to be looked at"} {
			if !strings.Contains(list.body, part) {
				t.Errorf("the list lacks %q", part)
			}
		}
		for _, deed := range [][]string{
			{"1/show"}, {"2/show"}, {"3/hide", "reason", "insults a colleague"}, {"1/reply", "seen", "0", "status", "planned", "reply", "It comes\nin May."},
			{"2/department", "department", "2"}, {"2/merge", "into", "1"}, {"2/separate"}, {"2/merge", "into", "1"},
		} {
			if r := o.keeps(cookie, csrf, deed[0], deed[1:]...); r.status != http.StatusSeeOther {
				t.Fatalf("%s: status %d\n%s", deed[0], r.status, r.body)
			}
		}
		page := o.get("/board")
		for part, want := range map[string]bool{"A second printer": true, "Planned": true, "It comes\nin May.": true, "Another printer": false, "Rude words": false, "insults": false} {
			if strings.Contains(page.body, part) != want {
				t.Errorf("the board has %q: %v", part, !want)
			}
		}
		if r := o.get("/board/ideas/2"); r.status != http.StatusSeeOther || r.header.Get("Location") != "/board/ideas/1?lang=en" {
			t.Errorf("a merged idea: status %d to %s", r.status, r.header.Get("Location"))
		}
		if r := o.get("/board/ideas/3"); r.status != http.StatusNotFound {
			t.Errorf("a hidden idea: status %d", r.status)
		}
		for query, want := range map[string]string{"?status=hidden": "Rude words", "?status=merged": "Another printer", "?status=planned": "A second printer", "?q=second&department=1": "A second printer"} {
			r := o.as(cookie, "/ideas"+query)
			for _, title := range []string{"Rude words", "Another printer", "A second printer"} {
				if strings.Contains(r.body, "<bdi>"+title) != (title == want) {
					t.Errorf("%s: shows %q: %v", query, title, title != want)
				}
			}
		}
		var got []string
		for _, entry := range o.entries() {
			got = append(got, strings.TrimSuffix(strings.TrimPrefix(entry, "analyst@example.org||"), "|ok|0.0.0.0"))
		}
		want := []string{"idea.show|idea 1", "idea.show|idea 2", "idea.hide|idea 3", "idea.reply|idea 1", "idea.move|idea 2", "idea.merge|idea 2, idea 1", "idea.separate|idea 2", "idea.merge|idea 2, idea 1"}
		if !slices.Equal(got, want) {
			t.Errorf("recorded\n%q, want\n%q", got, want)
		}
	})
}

func TestWhatIsRefusedAboutAnIdeaComesBackAsItWasTyped(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed().board(settings.BoardOpen)
	o.say("UPDATE departments SET headcount = 3 WHERE id = 2")
	o.suggested("One")
	o.suggested("Two")
	cookie, csrf := o.member(accounts.Author)
	long := strings.Repeat("words ", 400)
	for name, c := range map[string]struct {
		deed, want []string
		status     int
	}{
		"no reply":           {[]string{"1/reply", "seen", "0", "status", "declined", "reply", " "}, []string{"Please write something here.", `value="declined" selected`}, http.StatusUnprocessableEntity},
		"a long reply":       {[]string{"1/reply", "seen", "0", "status", "done", "reply", long}, []string{"This has 2,399 characters; 2,000 are possible.", long}, http.StatusUnprocessableEntity},
		"no such status":     {[]string{"1/reply", "seen", "0", "status", "new", "reply", "Yes"}, []string{"Please choose one of those offered.", "Yes</textarea>"}, http.StatusUnprocessableEntity},
		"an old page":        {[]string{"1/reply", "seen", "7", "status", "done", "reply", "Mine"}, []string{"Somebody else has replied meanwhile", "Mine</textarea>", `value="done" selected`, `name="seen" value="0"`}, http.StatusConflict},
		"no reason":          {[]string{"1/hide", "reason", " "}, []string{"Please say why", `<details class="idea-more" open>`}, http.StatusUnprocessableEntity},
		"nothing chosen":     {[]string{"1/merge"}, []string{}, http.StatusUnprocessableEntity},
		"itself":             {[]string{"1/merge", "into", "1"}, []string{}, http.StatusUnprocessableEntity},
		"a small department": {[]string{"1/department", "department", "2"}, []string{"would tell who wrote it"}, http.StatusUnprocessableEntity},
	} {
		r := o.keeps(cookie, csrf, c.deed[0], c.deed[1:]...)
		if r.status != c.status {
			t.Errorf("%s: status %d, want %d", name, r.status, c.status)
		}
		for _, part := range c.want {
			if !strings.Contains(r.body, part) {
				t.Errorf("%s: the page lacks %.60q", name, part)
			}
		}
	}
	if i := o.idea(1); len(i.Replies) != 0 || i.Place != ideas.Shown || i.MergedInto != 0 || i.Department != 0 {
		t.Errorf("something is stored: %+v", i)
	}
}

func TestThoseLimitedToADepartmentSeeItsIdeasAndEverybodysAndKeepOnlyTheirs(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed().board(settings.BoardOpen)
	o.suggested("Of Finance", "department", "1")
	o.suggested("Of Legal", "department", "2")
	o.suggested("Of nobody")
	cookie, csrf := o.member(accounts.Author, 1)
	list := o.as(cookie, "/ideas")
	for title, want := range map[string]bool{"Of Finance": true, "Of Legal": false, "Of nobody": true} {
		if strings.Contains(list.body, title) != want {
			t.Errorf("the list shows %q: %v", title, !want)
		}
	}
	for path, want := range map[string]int{"/ideas/1": http.StatusOK, "/ideas/2": http.StatusForbidden, "/ideas/3": http.StatusOK, "/ideas/1/promote": http.StatusOK, "/ideas/3/promote": http.StatusForbidden, "/ideas/9": http.StatusNotFound} {
		if r := o.as(cookie, path); r.status != want {
			t.Errorf("%s: status %d, want %d", path, r.status, want)
		}
	}
	for _, deed := range [][]string{{"2/hide", "reason", "x"}, {"3/hide", "reason", "x"}, {"1/merge", "into", "2"}, {"1/merge", "into", "3"}, {"1/department", "department", "2"}, {"1/department"}, {"3/reply", "seen", "0", "status", "done", "reply", "x"}} {
		if r := o.keeps(cookie, csrf, deed[0], deed[1:]...); r.status != http.StatusForbidden {
			t.Errorf("%q: status %d", deed, r.status)
		}
	}
	if r := o.keeps(cookie, csrf, "1/reply", "seen", "0", "status", "done", "reply", "Yes"); r.status != http.StatusSeeOther {
		t.Errorf("their own: status %d", r.status)
	}
	viewer, token := o.member(accounts.Viewer)
	if page := o.as(viewer, "/ideas/1"); page.status != http.StatusOK || strings.Contains(page.body, "<form method=\"post\" action=\"/ideas") || strings.Contains(page.body, "reply-form") {
		t.Errorf("who may only read is offered to write: status %d", page.status)
	}
	if r := o.keeps(viewer, token, "1/hide", "reason", "x"); r.status != http.StatusForbidden {
		t.Errorf("status %d", r.status)
	}
}

func TestAChangeThatWasAnIdeaSaysWhoseEverywhere(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		o.board(settings.BoardOpen).answered(12, 3)
		o.suggested("An expense app", "department", "1", "text", "No <paper>.")
		o.suggested("Lamps")
		cookie, csrf := o.member(accounts.Admin)
		form := o.as(cookie, "/ideas/1/promote")
		for _, part := range []string{`action="/ideas/1/promote"`, `value="An expense app"`, "No &lt;paper&gt;.", "keeps the credit", `name="department" value="1" checked`} {
			if !strings.Contains(form.body, part) {
				t.Errorf("the form lacks %q", part)
			}
		}
		typed := proposal(csrf)
		typed.Set("public", "yes")
		refused := o.submit(cookie, "/ideas/1/promote", with(typed, "title", ""))
		if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.body, `action="/ideas/1/promote"`) || o.idea(1).Change != 0 {
			t.Errorf("a refused form: status %d", refused.status)
		}
		if r := o.submit(cookie, "/ideas/1/promote", typed); r.status != http.StatusSeeOther || r.header.Get("Location") != "/changes/1" {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		if got := o.entries(); got[len(got)-1] != "admin@example.org||idea.promote|idea 1, change 1|ok|0.0.0.0" {
			t.Errorf("recorded is %q", got)
		}
		if i := o.idea(1); i.Change != 1 || i.Status() != ideas.Adopted {
			t.Errorf("%+v", i)
		}
		if r := o.submit(cookie, "/ideas/1/promote", typed); r.status != http.StatusConflict {
			t.Errorf("promoted twice: status %d", r.status)
		}
		pack := o.frozen(cookie, csrf, url.Values{"change": {"1"}})
		pages := map[string]reply{"its page": o.as(cookie, "/changes/1"), "its public form": o.get("/about/a-new-expense-tool"), "a pack": o.as(cookie, pack)}
		for name, page := range pages {
			if page.status != http.StatusOK || !strings.Contains(page.body, "Suggested by Finance.") {
				t.Errorf("%s: status %d, says nothing of who suggested it", name, page.status)
			}
		}
		for path, want := range map[string]string{"the API": o.ask(o.bearer(accounts.Viewer), "/changes", nil).body, "the export": o.as(cookie, pack+"/pack.json").body} {
			if !strings.Contains(strings.ReplaceAll(want, " ", ""), `"suggested_by":["Finance"]`) {
				t.Errorf("%s says nothing of who suggested it:\n%s", path, want)
			}
		}
		if page := o.get("/board/ideas/1"); !strings.Contains(page.body, `href="/about/a-new-expense-tool?lang=en"`) || !strings.Contains(page.body, "It became a change:") {
			t.Errorf("the idea does not say what became of it\n%s", page.body)
		}
		if r := o.keeps(cookie, csrf, "2/change", "change", "1"); r.status != http.StatusSeeOther || o.idea(2).Change != 1 {
			t.Errorf("part of the same change: status %d", r.status)
		}
	})
}

func TestTheAPIGivesIdeasWithTheirReplies(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed().board(settings.BoardOpen)
	o.suggested("Of Finance", "department", "1")
	o.suggested("Of nobody", "name", "Ana")
	cookie, csrf := o.member(accounts.Analyst)
	o.keeps(cookie, csrf, "1/reply", "seen", "0", "status", "declined", "reply", "Too dear.")
	o.post("/board/ideas/1/support", url.Values{"support": {"yes"}})
	token := o.bearer(accounts.Viewer)
	var got struct {
		Ideas []struct {
			Title, Status, On, Signed string
			Department                *string
			Supporters                int
			Replies                   []struct{ Status, Reply, On, By string }
		}
	}
	o.ask(token, "/ideas", &got)
	if len(got.Ideas) != 2 || *got.Ideas[0].Department != "Finance" || got.Ideas[0].Status != "declined" || got.Ideas[0].Supporters != 1 || got.Ideas[0].On != "2026-03-02" ||
		got.Ideas[0].Replies[0].Reply != "Too dear." || got.Ideas[0].Replies[0].By != "analyst@example.org" || got.Ideas[1].Department != nil || got.Ideas[1].Signed != "Ana" {
		t.Errorf("%+v", got)
	}
	o.ask(token, "/ideas?department=Finance", &got)
	if len(got.Ideas) != 1 {
		t.Errorf("%d ideas of Finance", len(got.Ideas))
	}
	if r := o.ask(token, "/ideas?department=Nowhere", nil); r.status != http.StatusUnprocessableEntity {
		t.Errorf("status %d", r.status)
	}
}

func TestWhoeverSetsTheBoardIsRecorded(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Admin)
	if r := o.submit(cookie, "/settings/board", url.Values{"csrf": {csrf}, "board": {"reviewed"}}); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	if r := o.get("/board"); r.status != http.StatusOK {
		t.Errorf("the board is not on: status %d", r.status)
	}
	if r := o.submit(cookie, "/settings/board", url.Values{"csrf": {csrf}, "board": {"everywhere"}}); r.status != http.StatusUnprocessableEntity {
		t.Errorf("status %d", r.status)
	}
	if r := o.submit(cookie, "/settings/board", url.Values{"csrf": {csrf}}); r.status != http.StatusSeeOther || o.get("/board").status != http.StatusNotFound {
		t.Errorf("it is not switched off: status %d", r.status)
	}
	if got := o.entries(); len(got) != 3 || !strings.Contains(got[0], "|ideas.settings|") {
		t.Errorf("recorded is %q", got)
	}
}
