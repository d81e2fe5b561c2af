package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/drafts"
	"soundings/surveys/store/storetest"
)

// desk is an author at work on a draft.
type desk struct {
	*office
	cookie string
	id     drafts.ID
}

// writing begins a new survey as an author does.
func (o *office) writing(role accounts.Role) *desk {
	o.t.Helper()
	cookie, csrf := o.member(role)
	r := o.submit(cookie, "/surveys/drafts", url.Values{"csrf": {csrf}})
	d := &desk{office: o, cookie: cookie}
	if _, err := fmt.Sscanf(r.header.Get("Location"), "/surveys/drafts/%d", &d.id); r.status != http.StatusSeeOther || err != nil {
		o.t.Fatalf("status %d, %q\n%s", r.status, r.header.Get("Location"), r.body)
	}
	return d
}

func (d *desk) address() string { return draftAddress(d.id) }

func (d *desk) draft() drafts.Draft {
	d.t.Helper()
	got, err := drafts.ByID(d.t.(*testing.T).Context(), d.Store, d.id)
	if err != nil {
		d.t.Fatal(err)
	}
	return got
}

// form is what a browser without JavaScript would send of the editor.
func (d *desk) form(cookie string) url.Values {
	d.t.Helper()
	page := d.as(cookie, d.address())
	if page.status != http.StatusOK {
		d.t.Fatalf("status %d\n%s", page.status, page.body)
	}
	return fieldsOf(d.t, page.body, d.address())
}

// press fills in fields and presses a button; it follows to the next page.
func (d *desk) press(op string, set url.Values) reply {
	d.t.Helper()
	return d.send(d.form(d.cookie), op, set)
}

// publish goes the two steps of publishing: what will happen, and doing it.
func (d *desk) publish() reply {
	d.t.Helper()
	at := d.press("publish", nil).header.Get("Location")
	if at != d.address()+"/publish" {
		d.t.Fatalf("publishing leads to %q", at)
	}
	return d.submit(d.cookie, at, fieldsOf(d.t, d.as(d.cookie, at).body, at))
}

func (d *desk) send(form url.Values, op string, set url.Values) reply {
	d.t.Helper()
	for name, values := range set {
		form[name] = values
	}
	form.Set("op", op)
	return d.submit(d.cookie, d.address(), form)
}

// fieldsOf reads the fields of the form with an action, as a browser would send them.
func fieldsOf(t testing.TB, body, action string) url.Values {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	values := url.Values{}
	found := false
	attr := func(n *html.Node, name string) (string, bool) {
		for _, a := range n.Attr {
			if a.Key == name {
				return a.Val, true
			}
		}
		return "", false
	}
	var walk func(n *html.Node, inside bool)
	walk = func(n *html.Node, inside bool) {
		if n.Type == html.ElementNode {
			if at, _ := attr(n, "action"); n.Data == "form" {
				inside = at == action
				found = found || inside
			}
			name, _ := attr(n, "name")
			kind, _ := attr(n, "type")
			value, _ := attr(n, "value")
			_, checked := attr(n, "checked")
			switch {
			case !inside || name == "":
			case n.Data == "input" && (kind == "radio" || kind == "checkbox") && !checked:
			case n.Data == "input":
				values.Add(name, value)
			case n.Data == "textarea":
				values.Add(name, strings.TrimPrefix(firstText(n), "\n"))
			case n.Data == "select":
				for o := n.FirstChild; o != nil; o = o.NextSibling {
					if _, chosen := attr(o, "selected"); chosen {
						v, _ := attr(o, "value")
						values.Add(name, v)
					}
				}
			}
		}
		for child := n.FirstChild; child != nil; child = child.NextSibling {
			walk(child, inside)
		}
	}
	walk(root, false)
	if !found {
		t.Fatalf("there is no form to %s\n%s", action, body)
	}
	return values
}

func firstText(n *html.Node) string {
	if n.FirstChild == nil {
		return ""
	}
	return n.FirstChild.Data
}

func TestASurveyIsWrittenCheckedAndPublishedByPlainForms(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		d := o.writing(accounts.Author)
		d.press("add.scale", url.Values{"title": {"A new expense tool"}, "intro": {"It is\r\nnot decided."}})
		d.press("add.choices", url.Values{"q.0.text": {"It would make my work easier."}, "q.0.construct": {"openness"}, "q.0.points": {"7"}})
		r := d.press("publish", url.Values{"q.1.text": {"What worries you?"}, "q.1.if": {"it-would-make-my-work-easier"}})
		if !strings.Contains(r.header.Get("Location"), "check=1") {
			t.Fatalf("a faulty draft leads to %q", r.header.Get("Location"))
		}
		page := o.as(d.cookie, d.address()+"?check=1")
		for _, want := range []string{`href="#q1-option0"`, `href="#q1-in"`, `id="e-q1-in">Please`, "2 things to mend"} {
			if !strings.Contains(page.body, want) {
				t.Errorf("the checked page lacks %s\n%s", want, page.body)
			}
		}
		d.press("save", url.Values{"q.1.in": {"6", "7"}, "q.1.option": {"Cost", "Time", ""}, "q.1.optionid": {"", "", ""}, "q.1.other": {"1"}, "q.1.required": {"1"}})
		if r := d.publish(); r.header.Get("Location") != "/surveys?published=1" {
			t.Fatalf("publishing gives %d %q\n%s", r.status, r.header.Get("Location"), r.body)
		}
		q, err := o.Catalog.Newest(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		doc := q.Document
		if q.Version != 1 || doc.Title != "A new expense tool" || doc.Intro != "It is\nnot decided." || len(doc.Questions) != 2 ||
			doc.Questions[0].Points != 7 || doc.Questions[0].Construct != surveys.Openness || doc.Questions[1].Options[1] != (surveys.Option{ID: "time", Text: "Time"}) ||
			!doc.Questions[1].Other || !doc.Questions[1].Required || strings.Join(doc.Questions[1].ShowIf.In, " ") != "6 7" {
			t.Errorf("published is %+v", doc)
		}
		if r := o.as(d.cookie, "/surveys?published=1"); !strings.Contains(r.body, "has been published") || !strings.Contains(r.body, "Not opened yet") {
			t.Errorf("the list says\n%s", r.body)
		}
	})
}

func TestADeletedQuestionComesBackAfterAReload(t *testing.T) {
	d := newOffice(t, storetest.SQLite(t)).staffed().writing(accounts.Author)
	d.press("add.text", nil)
	d.press("add.scale", url.Values{"q.0.text": {"First"}})
	d.press("save", url.Values{"q.1.text": {"Second"}})
	r := d.press("delete.0", nil)
	if page := d.as(d.cookie, r.header.Get("Location")); !strings.Contains(page.body, `value="back.0" autofocus`) || strings.Contains(page.body, `id="q1"`) {
		t.Errorf("after deleting the page is\n%s", page.body)
	}
	page := d.as(d.cookie, d.address())
	if !strings.Contains(page.body, "Deleted questions") {
		t.Error("after a reload it cannot be brought back")
	}
	d.press("back.0", nil)
	if got := d.draft(); len(got.Document.Questions) != 2 || got.Document.Questions[0].ID != "first" || got.Document.Questions[0].Text != "First" || len(got.Removed) != 0 {
		t.Errorf("back is %+v", got)
	}
}

func TestMovingDuplicatingAndOptionsWorkByPlainForms(t *testing.T) {
	d := newOffice(t, storetest.SQLite(t)).staffed().writing(accounts.Author)
	d.press("add.choice", nil)
	d.press("add.text", url.Values{"q.0.text": {"One"}, "q.0.option": {"A", "B", "C"}, "q.0.optionid": {"", "", ""}})
	d.press("duplicate.0", url.Values{"q.1.text": {"Two"}})
	d.press("up.2", nil)
	d.press("unoption.0.1", nil)
	d.press("optionup.0.1", nil)
	var got []string
	for _, q := range d.draft().Document.Questions {
		line := q.ID
		for _, o := range q.Options {
			line += " " + o.ID
		}
		got = append(got, line)
	}
	if want := "one c a|two|one-2 a b c"; strings.Join(got, "|") != want {
		t.Errorf("questions are %q, want %q", got, want)
	}
}

func TestAStaleSaveShowsBothTextsAndOverwritesNothing(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		d := o.writing(accounts.Author)
		d.press("add.text", url.Values{"title": {"Base"}})
		d.press("save", url.Values{"q.0.text": {"Shared"}})
		other, _ := o.member(accounts.Admin)
		mine, theirs := d.form(d.cookie), d.form(other)
		theirs.Set("q.0.text", "Shared, as they say")
		theirs.Set("op", "add.scale")
		theirs.Set("intro", "Theirs")
		if r := o.submit(other, d.address(), theirs); r.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		r := d.send(mine, "save", url.Values{"q.0.text": {"Shared, as I <b>say"}, "title": {"Mine"}})
		if r.status != http.StatusConflict {
			t.Fatalf("a stale save gives %d\n%s", r.status, r.body)
		}
		for _, want := range []string{"Shared, as they say", "Shared, as I &lt;b&gt;say", "admin@example.org", `name="keep.q.shared"`, `name="keep.title"`, `name="keep.intro"`} {
			if !strings.Contains(r.body, want) {
				t.Errorf("the page lacks %s\n%s", want, r.body)
			}
		}
		before := d.draft()
		if before.Document.Title != "Base" || before.Document.Questions[0].Text != "Shared, as they say" {
			t.Errorf("stored is %+v", before.Document)
		}
		page := fieldsOf(t, r.body, d.address())
		if r := o.submit(d.cookie, d.address(), page); r.status != http.StatusUnprocessableEntity || d.draft().Version != before.Version {
			t.Errorf("without a choice: status %d", r.status)
		}
		page.Set("keep.title", "mine")
		page.Set("keep.intro", "theirs")
		page.Set("keep.q.shared", "mine")
		page.Set("keep.q. ", "theirs")
		if r := o.submit(d.cookie, d.address(), page); r.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		after := d.draft().Document
		if after.Title != "Mine" || after.Intro != "Theirs" || len(after.Questions) != 2 || after.Questions[0].Text != "Shared, as I <b>say" || after.Questions[0].ID != "shared" {
			t.Errorf("chosen was %+v", after)
		}
	})
}

func TestATranslationSavedMeanwhileIsNoConflict(t *testing.T) {
	d := newOffice(t, storetest.SQLite(t)).staffed().writing(accounts.Author)
	d.press("save", url.Values{"title": {"A"}})
	form := d.form(d.cookie)
	stored := d.draft()
	doc := stored.Document
	doc.Translations = map[string]surveys.Translation{"de": {Title: "Ein"}}
	if _, err := drafts.Save(t.Context(), d.Store, d.id, stored.Version, doc, drafts.Stamp{By: "x", At: d.Now()}); err != nil {
		t.Fatal(err)
	}
	if r := d.send(form, "save", url.Values{"title": {"B"}}); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	if got := d.draft().Document; got.Title != "B" || got.Translations["de"].Title != "Ein" {
		t.Errorf("stored is %+v", got)
	}
}

func TestTheScriptLearnsWhatASaveMadeOfTheForm(t *testing.T) {
	d := newOffice(t, storetest.SQLite(t)).staffed().writing(accounts.Author)
	d.press("add.text", nil)
	d.press("add.choice", nil)
	form := d.form(d.cookie)
	form.Set("q.0.text", "Whole")
	form.Set("q.1.text", "Hal")
	form.Set("typing", "1")
	r := d.submit(d.cookie, d.address()+"/autosave.json", form)
	var a autosaved
	if err := json.Unmarshal([]byte(r.body), &a); err != nil || r.status != http.StatusOK {
		t.Fatalf("status %d, %v\n%s", r.status, err, r.body)
	}
	if a.IDs["0"] != "whole" || a.IDs["1"] != "" || a.Version != d.draft().Version || !strings.Contains(a.Said, "Saved 09:00") {
		t.Errorf("it says %+v", a)
	}
	if r := d.submit(d.cookie, d.address()+"/autosave.json", form); r.status != http.StatusConflict || !strings.HasPrefix(r.header.Get("Content-Type"), "application/problem+json") {
		t.Errorf("a stale save gives %d %s", r.status, r.header.Get("Content-Type"))
	}
}

func TestADeletedDraftKeepsWhatIsTypedInSight(t *testing.T) {
	d := newOffice(t, storetest.SQLite(t)).staffed().writing(accounts.Author)
	form := d.form(d.cookie)
	gone := url.Values{"csrf": form["csrf"], "version": form["version"]}
	r := d.submit(d.cookie, d.address()+"/delete", gone)
	if list := d.as(d.cookie, r.header.Get("Location")); !strings.Contains(list.body, "has been deleted") || !strings.Contains(list.body, d.address()+"/restore") {
		t.Errorf("the list is\n%s", list.body)
	}
	r = d.send(form, "save", url.Values{"title": {"Typed in vain"}})
	if r.status != http.StatusConflict || !strings.Contains(r.body, "Typed in vain") {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	back := fieldsOf(t, r.body, d.address()+"/restore")
	if r := d.submit(d.cookie, d.address()+"/restore", back); r.header.Get("Location") != d.address() || d.draft().Deleted {
		t.Errorf("restoring gives %d %q", r.status, r.header.Get("Location"))
	}
}

func TestPublishedQuestionsKeepTheirNames(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	d := o.writing(accounts.Author)
	d.press("add.text", url.Values{"title": {"T"}})
	d.press("save", url.Values{"q.0.text": {"One"}})
	d.press("save", url.Values{"q.0.rename": {"first"}})
	if got := d.draft().Document.Questions[0].ID; got != "first" {
		t.Fatalf("before publication it can be renamed; it is called %q", got)
	}
	d.publish()
	csrf := fieldsOf(t, o.as(d.cookie, "/surveys").body, "/surveys/drafts").Get("csrf")
	r := o.submit(d.cookie, "/surveys/1/next", url.Values{"csrf": {csrf}})
	next := &desk{office: o, cookie: d.cookie}
	if _, err := fmt.Sscanf(r.header.Get("Location"), "/surveys/drafts/%d", &next.id); err != nil {
		t.Fatalf("status %d, %q", r.status, r.header.Get("Location"))
	}
	if again := o.submit(d.cookie, "/surveys/1/next", url.Values{"csrf": {csrf}}); again.header.Get("Location") != next.address() {
		t.Errorf("a second next version is begun: %q", again.header.Get("Location"))
	}
	next.press("save", url.Values{"q.0.rename": {"other-name"}, "q.0.text": {"One, reworded"}})
	if got := next.draft().Document.Questions[0]; got.ID != "first" || got.Text != "One, reworded" {
		t.Errorf("after publication it is %+v", got)
	}
}

var naughtyTexts = []string{"'; DROP TABLE drafts; --", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{.CSRF}}", "\u202eevil", "\x00nul", "\xff\xfe",
	"日本語", "🏳️‍🌈", "a\r\nb\nc", "- key: [1, 2", "&lt;", strings.Repeat("x", 2000), "null", "-1", "1e999", "../../etc/passwd"}

func TestNaughtyTextsInEveryFieldAreKeptAndHarmNothing(t *testing.T) {
	d := newOffice(t, storetest.SQLite(t)).staffed().writing(accounts.Author)
	for _, kind := range []string{"scale", "choice", "ranking"} {
		d.press("add."+kind, nil)
	}
	for _, text := range naughtyTexts {
		form := d.form(d.cookie)
		for name := range form {
			switch name {
			case "csrf", "version", "seen", "q":
			default:
				for i := range form[name] {
					form[name][i] = text
				}
			}
		}
		form.Set("op", "check")
		if r := d.submit(d.cookie, d.address(), form); r.status != http.StatusSeeOther {
			t.Fatalf("%.40q: status %d\n%s", text, r.status, r.body)
		}
		page := d.as(d.cookie, d.address()+"?check=1")
		if page.status != http.StatusOK || strings.Contains(page.body, "<script>alert") || strings.Contains(page.body, "<img src=x") {
			t.Fatalf("%.40q: status %d\n%s", text, page.status, page.body)
		}
		if want := strings.TrimSpace(tidy(text)); d.draft().Document.Questions[1].Text != want {
			t.Errorf("%.40q is kept as %.40q", text, d.draft().Document.Questions[1].Text)
		}
		if r := d.as(d.cookie, d.address()+"/preview/form"); r.status != http.StatusOK || strings.Contains(r.body, "<script>alert") {
			t.Errorf("%.40q: the preview is %d", text, r.status)
		}
	}
}

func TestAHostileFormBreaksNothing(t *testing.T) {
	d := newOffice(t, storetest.SQLite(t)).staffed().writing(accounts.Author)
	d.press("add.text", nil)
	d.press("save", url.Values{"q.0.text": {"One"}})
	base := d.form(d.cookie)
	for _, set := range []url.Values{
		{"op": {"move.0.999999999999999999999"}}, {"op": {"up.-1"}}, {"op": {"delete.7"}}, {"op": {"back.5"}}, {"op": {"add.nonsense"}}, {"op": {"unoption.0.4"}},
		{"q": {"0", "0", "0"}}, {"q": {}}, {"minimum": {"99999999999999999999"}}, {"at": {"99999999"}}, {"q.0.points": {"-3"}},
		{"q": {"0", "1"}, "q.0.id": {"one"}, "q.1.id": {"one"}, "q.1.kind": {"text"}},
		{"q": strings.Split(strings.Repeat("k ", 2000)+"x", " ")}, {"op": {"resolve"}, "keep": {"both"}},
	} {
		form := url.Values{}
		for name, values := range base {
			form[name] = values
		}
		for name, values := range set {
			form[name] = values
		}
		form.Set("version", fmt.Sprint(d.draft().Version))
		r := d.submit(d.cookie, d.address(), form)
		if r.status >= http.StatusInternalServerError {
			t.Errorf("%v: status %d\n%s", set, r.status, r.body)
		}
		if page := d.as(d.cookie, d.address()+"?at=-5&did=nonsense&to=x"); page.status != http.StatusOK {
			t.Errorf("%v: the page is %d", set, page.status)
		}
		seen := map[string]bool{}
		for _, q := range d.draft().Document.Questions {
			if q.ID != "" && seen[q.ID] {
				t.Errorf("%v: the id %s is there twice", set, q.ID)
			}
			seen[q.ID] = true
		}
	}
	for _, version := range []string{"", "x", "-1", "999"} {
		form := d.form(d.cookie)
		form.Set("seen", "")
		before := d.draft()
		if r := d.send(form, "save", url.Values{"version": {version}, "title": {"Overwritten"}}); r.status < 400 || d.draft().Version != before.Version {
			t.Errorf("version %q: status %d", version, r.status)
		}
	}
}

func TestThePreviewIsWhatIsServed(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, _ := o.member(accounts.Author)
	code, wave := o.open(everyKind(t, "en", "de"), 1)
	d, err := drafts.Create(t.Context(), o.Store, wave.Survey, *o.document(wave), drafts.Stamp{By: "x", At: o.Now()})
	if err != nil {
		t.Fatal(err)
	}
	served := o.get("/s/" + code + "?lang=de")
	shown := o.as(cookie, draftAddress(d.ID)+"/preview/form?department=1&lang=de")
	if shown.status != http.StatusOK {
		t.Fatalf("status %d\n%s", shown.status, shown.body)
	}
	cut := func(body string) string {
		_, rest, _ := strings.Cut(body, `<div class="place">`)
		form, _, _ := strings.Cut(rest, `<button class="send"`)
		return form
	}
	if len(cut(served.body)) < 500 || cut(served.body) != cut(shown.body) {
		t.Errorf("served is\n%s\nshown is\n%s", cut(served.body), cut(shown.body))
	}
	if !strings.Contains(shown.body, `<button class="send" disabled aria-describedby="preview">`) || !strings.Contains(shown.body, "nothing can be sent") {
		t.Error("the preview can be sent")
	}
	if policy := shown.header.Get("Content-Security-Policy"); policy != "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'" {
		t.Errorf("the policy is %q", policy)
	}
	for _, path := range []string{"/s/" + code, "/surveys", draftAddress(d.ID), draftAddress(d.ID) + "/preview", draftAddress(99) + "/preview/form"} {
		if policy := o.as(cookie, path).header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "frame-ancestors 'none'") {
			t.Errorf("%s may be framed: %q", path, policy)
		}
	}
	if r := o.as(cookie, draftAddress(d.ID)+"/preview?department=2&band=1&lang=de"); !strings.Contains(r.body, "preview/form?band=1&amp;department=2&amp;lang=de") {
		t.Errorf("the frame shows another form\n%s", r.body)
	}
}

func TestAFaultyDraftHasItsFaultsInThePlaceOfAPreview(t *testing.T) {
	d := newOffice(t, storetest.SQLite(t)).staffed().writing(accounts.Author)
	d.press("add.ranking", nil)
	r := d.as(d.cookie, d.address()+"/preview/form")
	if r.status != http.StatusOK || !strings.Contains(r.body, "Question 1") || strings.Contains(r.body, "<form") || !strings.Contains(r.header.Get("Content-Security-Policy"), "frame-ancestors 'self'") {
		t.Errorf("status %d, %v\n%s", r.status, r.header, r.body)
	}
}
