package web

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/document"
	"soundings/surveys/library"
	"soundings/surveys/people"
	"soundings/surveys/pitches"
	"soundings/surveys/shareddata"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// proposal is a filled form of a new change.
func proposal(csrf string) url.Values {
	return url.Values{"csrf": {csrf}, "title": {"A new expense tool"}, "why": {"Receipts get **lost**."}, "what": {"One app for all."},
		"open": {"Which month?"}, "language": {"en"}, "everybody": {"yes"}, "owner": {"mira@example.org"}, "stage": {"idea"}, "on": {"2026-03-01"},
		"label": {"Plan"}, "url": {"https://example.org/plan"}}
}

// proposed adds a change with the form and returns its address.
func (o *office) proposed(cookie string, form url.Values) string {
	o.t.Helper()
	r := o.submit(cookie, "/changes/new", form)
	if r.status != http.StatusSeeOther {
		o.t.Fatalf("status %d\n%s", r.status, r.body)
	}
	return r.header.Get("Location")
}

// asks opens a wave of a pulse about a change and returns the address of its form.
func (o *office) asks(change string) (path string, wave surveys.Wave) {
	o.t.Helper()
	doc, err := document.Parse(pulse(o.t))
	if err != nil {
		o.t.Fatal(err)
	}
	doc.Change, doc.Title = change, "Pulse of "+change
	source, err := document.Format(doc)
	if err != nil {
		o.t.Fatal(err)
	}
	code, wave := o.open(source)
	return "/s/" + code, wave
}

// explainsAtLength adds a change whose why and what are as long as they may be, in words that people use.
func (o *office) explainsAtLength(name string) {
	o.t.Helper()
	var words strings.Builder
	for _, survey := range []string{"it-service", "open-decisions", "after-go-live"} {
		source, err := library.Open(survey)
		if err != nil {
			o.t.Fatal(err)
		}
		words.Write(source)
	}
	text := []rune(words.String())
	change := changes.Change{Name: name, Language: "en", Owner: "Mira", Everybody: true, Public: true, Text: changes.Text{Title: "A new expense tool",
		Why: string(text[:changes.LongestText]), What: string(text[changes.LongestText : 2*changes.LongestText])}}
	made, err := changes.Create(o.t.Context(), o.Store, change, changes.Entry{Stage: changes.Idea, On: "2026-03-01"}, surveys.Stamp{}, "2026-03-02")
	if err == nil {
		pitch := pitches.Pitch{Change: made.ID, Language: "en", Text: string(text[2*changes.LongestText : 2*changes.LongestText+pitches.Longest])}
		_, err = pitches.Save(o.t.Context(), o.Store, pitch, surveys.Stamp{})
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

func holds(t *testing.T, what, body string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(body, part) {
			t.Errorf("%s lacks %q", what, part)
		}
	}
}

func TestARefusedChangeComesBackAsTypedWithEveryFaultBesideItsField(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	o.transact(func(tx *store.Tx) error { return people.Archive(tx, 2) })
	long := strings.Repeat("why ", 25_000)
	form := proposal(csrf)
	form.Set("title", "")
	form.Set("why", long)
	form.Set("what", "</textarea><script>alert(1)</script>")
	form.Set("golive", "2026-02-30")
	form.Set("on", "2026-03-03")
	form.Set("everybody", "no")
	form["department"] = []string{"2"}
	form["url"] = []string{"javascript:alert(1)"}
	r := o.submit(cookie, "/changes/new", form)
	if r.status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", r.status)
	}
	holds(t, "the form", r.body,
		`id="title-fault">Please fill this in.`, `id="why-fault">This has 99,999 characters; at most 3,000 fit.`, `id="golive-fault">There is no such day.`,
		`id="on-fault">This day is still to come.`, `id="departments-fault">Legal &amp; Tax &lt;b&gt; is archived`, `id="link1-fault">Please give a whole address`,
		"6 fields need another look", strings.TrimSpace(long), `value="2026-02-30"`, `value="javascript:alert(1)"`, "&lt;/textarea&gt;&lt;script&gt;", `value="mira@example.org"`, "Which month?")
	if list, err := changes.List(t.Context(), o.Store); err != nil || len(list) != 0 {
		t.Errorf("%d changes are stored, %v", len(list), err)
	}
}

func TestTwoWhoEditAChangeAreToldAndNothingIsOverwrittenUnseen(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	address := o.proposed(cookie, proposal(csrf))
	theirs, mine := proposal(csrf), proposal(csrf)
	theirs.Set("version", "1")
	theirs.Set("what", "Theirs")
	theirs.Set("public", "yes")
	mine.Set("version", "1")
	mine.Set("what", "Mine <b>")
	if r := o.submit(cookie, address+"/edit", theirs); r.status != http.StatusSeeOther {
		t.Fatalf("status %d", r.status)
	}
	r := o.submit(cookie, address+"/edit", mine)
	if r.status != http.StatusConflict {
		t.Fatalf("status %d", r.status)
	}
	holds(t, "the form", r.body, "author@example.org saved this on", ">Theirs<", ">yes<", "Mine &lt;b&gt;", `name="version" value="2"`)
	if stored, err := changes.ByID(t.Context(), o.Store, 1); err != nil || stored.What != "Theirs" {
		t.Errorf("stored is %q, %v", stored.What, err)
	}
	mine.Set("version", "2")
	if r := o.submit(cookie, address+"/edit", mine); r.status != http.StatusSeeOther {
		t.Fatalf("knowingly: status %d", r.status)
	}
	move := url.Values{"csrf": {csrf}, "version": {"2"}, "stage": {"dropped"}, "on": {"2026-03-02"}, "reason": {"No budget <i>"}}
	r = o.submit(cookie, address+"/stage", move)
	if holds(t, "the move", r.body, "Nothing was saved yet", "No budget &lt;i&gt;"); r.status != http.StatusConflict {
		t.Errorf("status %d", r.status)
	}
	text := url.Values{"csrf": {csrf}, "version": {"2"}, "title": {"Spesen"}, "why": {"Weil"}, "what": {"App"}}
	r = o.submit(cookie, address+"/texts/de", text)
	if holds(t, "the translation", r.body, "Nothing was saved yet", `value="Spesen"`); r.status != http.StatusConflict {
		t.Errorf("status %d", r.status)
	}
	if got := o.rows("SELECT version, what FROM changes"); len(got) != 1 || got[0] != "3|Mine <b>" {
		t.Errorf("stored is %q", got)
	}
}

func TestAChangeIsReadAndWrittenWithinTheLimitsOfAnAccount(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	form := proposal(csrf)
	all := o.proposed(cookie, form)
	form.Set("everybody", "no")
	form["department"] = []string{"1"}
	form.Set("title", "Freeze of Finance")
	theirs := o.proposed(cookie, form)
	form["department"] = []string{"2"}
	form.Set("title", "Contracts of Legal")
	others := o.proposed(cookie, form)

	if _, err := o.Accounts.Create(t.Context(), "finance@example.org", accounts.Author, password, 1); err != nil {
		t.Fatal(err)
	}
	session, err := o.Accounts.SignIn(t.Context(), "finance@example.org", password, accounts.Browser{Address: "192.0.2.1"})
	if err != nil {
		t.Fatal(err)
	}
	limited, token := session.Cookie, session.CSRF
	list := o.as(limited, "/changes").body
	if holds(t, "the list", list, "A new expense tool", "Freeze of Finance"); strings.Contains(list, "Contracts of Legal") {
		t.Error("the list names a change of another department")
	}
	viewer, viewing := o.member(accounts.Viewer)
	for _, test := range []struct {
		cookie, path string
		want         int
	}{
		{limited, all, 200}, {limited, theirs, 200}, {limited, others, 403}, {limited, all + "/edit", 403}, {limited, theirs + "/edit", 200}, {limited, others + "/edit", 403},
		{limited, all + "/texts/de", 403}, {viewer, all, 200}, {viewer, all + "/edit", 403}, {viewer, "/changes/new", 403}, {viewer, "/changes", 200},
		{cookie, "/changes/99", 404}, {cookie, "/changes/x", 404}, {cookie, all + "/texts/en", 404}, {cookie, all + "/texts/zzzz-zzzz", 404}, {cookie, all + "/texts/de", 200},
	} {
		if r := o.as(test.cookie, test.path); r.status != test.want {
			t.Errorf("%s: status %d, want %d", test.path, r.status, test.want)
		}
	}
	form.Set("csrf", token)
	form.Set("version", "1")
	for path, departments := range map[string][]string{"/changes/new": {"2"}, theirs + "/edit": {"1", "2"}, others + "/edit": {"1"}, all + "/edit": {"1"}} {
		form["department"] = departments
		if r := o.submit(limited, path, form); r.status != http.StatusForbidden {
			t.Errorf("%s with %v: status %d", path, departments, r.status)
		}
	}
	form.Set("csrf", viewing)
	if r := o.submit(viewer, "/changes/new", form); r.status != http.StatusForbidden {
		t.Errorf("a viewer writes: status %d", r.status)
	}
	if got := o.rows("SELECT id, version FROM changes"); strings.Join(got, " ") != "1|1 2|1 3|1" {
		t.Errorf("stored is %q", got)
	}
}

func TestRespondentsReadWhyTheyAreAskedInTheirLanguageAndAsItIsNow(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		cookie, csrf := o.member(accounts.Author)
		before, _ := o.asks("a-new-expense-tool") // a survey may come from where the change is known
		if r := o.get(before); r.status != http.StatusOK || strings.Contains(r.body, "Why are we asking?") {
			t.Fatalf("without the change: status %d", r.status)
		}
		address := o.proposed(cookie, proposal(csrf))
		o.clock.add(freshness)
		r := o.get(before)
		holds(t, "in English", r.body, "<summary>Why are we asking?</summary>", "<strong>A new expense tool</strong>", "<p>Receipts get <strong>lost</strong>.</p>", "One app for all.")
		r = o.get(before + "?lang=de")
		holds(t, "in German", r.body, "<summary>Warum fragen wir?</summary>", `<div lang="en" dir="ltr">`, "One app for all.")
		for _, secret := range []string{"example.org/plan", "mira@example.org"} {
			if strings.Contains(r.body, secret) {
				t.Errorf("respondents see %s", secret)
			}
		}
		german := url.Values{"csrf": {csrf}, "version": {"1"}, "title": {"Spesen"}, "why": {"Belege gehen *verloren*."}, "what": {"Eine App."}}
		if r := o.submit(cookie, address+"/texts/de", german); r.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		o.clock.add(freshness)
		r = o.get(before + "?lang=de")
		if holds(t, "translated", r.body, "<p>Belege gehen <em>verloren</em>.</p>", "Eine App."); strings.Contains(r.body, `lang="en" dir="ltr"`) {
			t.Error("the German text is called English")
		}
		if r := o.get(before); strings.Contains(r.body, "Belege") {
			t.Error("the English page holds German")
		}
	})
}

func TestOnlyAPublicChangeCanBeReadWithoutSigningIn(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	form := proposal(csrf)
	form.Set("risks", "The secret risk")
	form.Set("reason", "The secret reason")
	form.Set("golive", "2026-05-04")
	address := o.proposed(cookie, form)
	survey, _ := o.asks("a-new-expense-tool")
	hidden, nowhere := o.get("/about/a-new-expense-tool"), o.get("/about/nothing")
	if hidden.status != http.StatusNotFound || hidden.body != nowhere.body {
		t.Errorf("a change that is not public: status %d, and not the same as none", hidden.status)
	}
	if r := o.get(survey); strings.Contains(r.body, "/about/") {
		t.Error("the form leads to a page that is not there")
	}
	form.Set("public", "yes")
	form.Set("version", "1")
	if r := o.submit(cookie, address+"/edit", form); r.status != http.StatusSeeOther {
		t.Fatalf("status %d", r.status)
	}
	o.clock.add(freshness)
	holds(t, "the form", o.get(survey+"?lang=de").body, `href="/about/a-new-expense-tool?lang=de"`)
	r := o.get("/about/a-new-expense-tool?lang=de")
	holds(t, "the public page", r.body, `<html lang="en"`, "An idea so far, since 1 March 2026.", "It is planned for 4 May 2026.", "<p>Receipts get <strong>lost</strong>.</p>", "One app for all.", "What is still open", "Which month?")
	for _, secret := range []string{"secret", "mira@example.org", "author@example.org", "example.org/plan"} {
		if strings.Contains(r.body, secret) {
			t.Errorf("strangers read %s", secret)
		}
	}
	move := url.Values{"csrf": {csrf}, "version": {"2"}, "stage": {"dropped"}, "on": {"2026-03-02"}, "reason": {"No budget"}}
	if r := o.submit(cookie, address+"/stage", move); r.status != http.StatusSeeOther {
		t.Fatalf("status %d", r.status)
	}
	if r := o.get("/about/a-new-expense-tool"); !strings.Contains(r.body, "Dropped, since 2 March 2026.") || strings.Contains(r.body, "Which month?") || strings.Contains(r.body, "4 May") {
		t.Errorf("dropped:\n%s", r.body)
	}
	if strings.Contains(o.log.String(), "a-new-expense-tool") {
		t.Error("the log names what a stranger read")
	}
}

// The change's page shows what the trend shows, and says why a cell is hidden.
func TestTheStoryShowsOpennessOfTheDepartmentsConcernedThroughTheGate(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	form := proposal(csrf)
	form.Set("everybody", "no")
	form["department"] = []string{"1", "2"}
	address := o.proposed(cookie, form)
	for _, answers := range [][2]int{{12, 6}, {12, 3}} {
		path, wave := o.asks("a-new-expense-tool")
		o.answers(path, wave, answers[0], answers[1])
	}
	body := o.as(cookie, address).body
	if got := strings.Count(body, `class="cell-about"`); got != 4 {
		t.Errorf("%d intervals and counts are shown, want those of both departments in the first wave", got)
	}
	holds(t, "the page", body, "12 answers", "6 answers", "hidden:</strong> Too few people answered", `href="/trend?survey=1"`)
	form["department"] = []string{"2"}
	form.Set("version", "1")
	if r := o.submit(cookie, address+"/edit", form); r.status != http.StatusSeeOther {
		t.Fatalf("status %d", r.status)
	}
	if body := o.as(cookie, address).body; strings.Contains(body, "12 answers") || !strings.Contains(body, "6 answers") {
		t.Error("the page shows departments that the change does not concern")
	}
	var answer struct{ Changes []map[string]any }
	o.ask(o.bearer(accounts.Viewer), "/changes", &answer)
	if len(answer.Changes) != 1 || answer.Changes[0]["name"] != "a-new-expense-tool" || answer.Changes[0]["stage"] != "idea" || answer.Changes[0]["departments"].([]any)[0] != "Legal & Tax <b>" {
		t.Errorf("the API says %v", answer.Changes)
	}
}

func TestNothingHostileInAChangeReachesRespondents(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	texts := []string{"<script>alert(1)</script>", "[x](javascript:alert(1))", "<img src=x onerror=alert(1)>"}
	if path, ok := shareddata.Find(t, "nasty/blns.txt"); ok {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(strings.ToValidUTF8(string(source), "?"), "\n") {
			if line = strings.Trim(line, "\x00"); line != "" && !strings.HasPrefix(line, "#") {
				texts = append(texts, line)
			}
		}
	}
	change := changes.Change{Language: "en", Owner: "Mira", Everybody: true, Name: "nasty"}
	for start := 0; start < len(texts); start += 40 {
		text := strings.Join(texts[start:min(start+40, len(texts))], "\n\n")
		change.Title, change.Why, change.What = "<b>title</b>", string([]rune(text)[:min(changes.LongestText, len([]rune(text)))]), "<svg onload=alert(1)>"
		b := formBuilder{phrases: phrases{speech: o.words.in("en")}}
		v := b.why(&change)
		for _, bad := range []string{"<script", "<img", "<svg", "<iframe", "<a href=\"javascript", "<style", "<input", "<body"} {
			if strings.Contains(strings.ToLower(string(v.Reasons+v.Plan)), bad) {
				t.Errorf("%s comes through: %s", bad, v.Reasons)
			}
		}
	}
}

func TestTheEditorAndTheDocumentNameTheChange(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	o.asks("elsewhere")
	holds(t, "the survey's page", o.as(cookie, "/surveys/1").body, "names the change “elsewhere”", "/changes/new?name=elsewhere")
	holds(t, "the form for it", o.as(cookie, "/changes/new?name=elsewhere").body, `name="name" value="elsewhere"`)
	form := proposal(csrf)
	form.Set("name", "elsewhere")
	address := o.proposed(cookie, form)
	holds(t, "the survey's page", o.as(cookie, "/surveys/1").body, `href="/changes/1"`)
	holds(t, "the change's page", o.as(cookie, address).body, `href="/surveys/1"`, `href="/waves/1"`, "The departments are being asked now.")
	r := o.submit(cookie, "/library/change-pulse", url.Values{"csrf": {csrf}, "change": {"elsewhere"}})
	holds(t, "the editor", o.as(cookie, r.header.Get("Location")).body, `<option value="elsewhere" selected`)
	holds(t, "the preview", o.as(cookie, r.header.Get("Location")+"/preview/form").body, "Why are we asking?", "One app for all.")
	if r := o.submit(cookie, r.header.Get("Location")+"/publish", url.Values{"csrf": {csrf}, "version": {"1"}}); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	holds(t, "the document", o.as(cookie, "/surveys/2/versions/1/survey.yaml").body, "\nchange: elsewhere\n")
	if q, err := o.Catalog.Newest(t.Context(), 2); err != nil || q.Document.Change != "elsewhere" || q.Document.Purpose != surveys.AboutChange {
		t.Errorf("%+v, %v", q, err)
	}
}
