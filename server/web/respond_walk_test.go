package web

import (
	"bytes"
	"errors"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"soundings/surveys"
	"soundings/surveys/champions"
	"soundings/surveys/changes"
	"soundings/surveys/promises"
	"soundings/surveys/settings"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// walk meets every page in one language and returns each by name.
func (h *holder) walk(t *testing.T, lang string) map[string]string {
	t.Helper()
	pages := map[string]string{}
	meet := func(name string, got reply, status int) {
		t.Helper()
		if got.status != status {
			t.Fatalf("%s in %s: status %d, want %d:\n%s", name, lang, got.status, status, got.body)
		}
		pages[name] = got.body
	}
	in := "?lang=" + lang
	form := with(answered(h.receipt), "lang", lang)
	meet("form", h.get("/s/"+h.code+in), http.StatusOK)
	meet("faulty form", h.post("/s/"+h.code, with(form, "department", "", "q.easier", "9", "q.say", "\xff", "q.nosuch", "1")), http.StatusUnprocessableEntity)
	got := h.post("/s/"+h.code, form)
	meet("thanks", h.get(got.header.Get("Location")), http.StatusOK)
	meet("gone", h.get("/thanks"+in), http.StatusOK)
	meet("look", h.get("/receipt"+in), http.StatusOK)
	meet("unknown receipt", h.ask("receipt", "x", "lang", lang), http.StatusNotFound)
	meet("answers", h.ask("lang", lang), http.StatusOK)
	meet("withdraw?", h.ask("lang", lang, "action", "withdraw"), http.StatusOK)
	meet("delete?", h.ask("lang", lang, "action", "delete_comments"), http.StatusOK)
	meet("change", h.ask("lang", lang, "action", "change"), http.StatusOK)
	got = h.post("/receipt", with(form, "action", "change", "answers", "1"))
	meet("changed", h.get(got.header.Get("Location")), http.StatusOK)
	meet("unknown address", h.get("/s/nosuch"+in), http.StatusNotFound)
	meet("not a form", h.postAs("/s/"+h.code+in, "text/plain", "x"), http.StatusUnsupportedMediaType)
	meet("another survey", h.post("/s/"+h.other+in, url.Values{"receipt": form["receipt"], "lang": {lang}, "department": {"1"}, "q.easier": {"1"}}), http.StatusConflict)
	path, _ := h.invite(h.wave, surveys.Person{ID: 1, Department: 1, Band: 1, Language: lang})
	invited := with(form, "receipt", string(surveys.NewReceipt()))
	meet("invited", h.get(path), http.StatusOK)
	meet("invited thanks", h.get(h.post(path, invited).header.Get("Location")), http.StatusOK)
	meet("invited twice", h.post(path, with(invited, "receipt", string(surveys.NewReceipt()))), http.StatusConflict)
	meet("invited, opened again", h.get(path), http.StatusConflict)
	meet("reminders?", h.get(path+"/quiet"), http.StatusOK)
	meet("no reminders", h.post(path+"/quiet", nil), http.StatusOK)
	h.walkAbout(in, lang, meet)
	h.walkHeard(in, lang, meet)
	h.walkBoard(in, lang, meet)
	h.walkChampion(in, lang, meet)
	for _, status := range []int{400, 404, 405, 409, 410, 413, 415, 500, 503} {
		page, err := h.failurePage(lang, status)
		pages["failure "+http.StatusText(status)] = rendered(t, h.Server, "answer/failure", page, err)
	}
	return pages
}

// walkHeard meets what became of promises: one in each state, all made on the day of the walk.
func (h *holder) walkHeard(in, lang string, meet func(string, reply, int)) {
	h.t.Helper()
	today := surveys.DayOf(h.clock.Now(), time.UTC)
	meet("heard nothing", h.get("/heard"+in), http.StatusOK)
	promise := func(everybody bool, first promises.Entry, then ...promises.Entry) {
		p := promises.Promise{Text: promises.Text{Said: "1", Answer: "2"}, Language: lang, Owner: "3", Everybody: everybody, Departments: []surveys.DepartmentID{1}, Shown: true}
		p, err := promises.Make(h.t.Context(), h.Store, p, first, surveys.Stamp{By: "4", At: h.clock.Now()}, today)
		for _, e := range then {
			if err == nil {
				p, err = promises.Step(h.t.Context(), h.Store, p.ID, p.Version, e, surveys.Stamp{By: "4", At: h.clock.Now()}, today)
			}
		}
		if err != nil {
			h.t.Fatal(err)
		}
	}
	promise(true, promises.Entry{State: promises.Kept, On: today})
	promise(true, promises.Entry{State: promises.Declined, On: today})
	promise(false, promises.Entry{State: promises.Open, Due: today}, promises.Entry{State: promises.Broken, On: today, Note: "5"})
	promise(false, promises.Entry{State: promises.Open, Due: today})
	h.boards.forget()
	meet("heard", h.get("/heard"+in), http.StatusOK)
	meet("a form that opens with promises", h.get("/s/"+h.code+in), http.StatusOK)
}

// walkChampion meets the pages of somebody who volunteers, and withdraws.
func (h *holder) walkChampion(in, lang string, meet func(string, reply, int)) {
	h.t.Helper()
	meet("volunteering without mail", h.get("/champion"+in), http.StatusOK)
	h.transact(func(tx *store.Tx) error {
		return settings.SaveMail(tx, h.Secret, settings.Mail{Host: "127.0.0.1", Port: 25, Security: settings.Unprotected, From: "it@example.org", PerMinute: 60})
	})
	h.houses.forget()
	meet("volunteering", h.get("/champion"+in), http.StatusOK)
	meet("volunteering, faulty", h.post("/champion", url.Values{"lang": {lang}, "email": {"x"}}), http.StatusUnprocessableEntity)
	got := h.post("/champion", url.Values{"lang": {lang}, "name": {"1"}, "email": {"1@2.3"}, "department": {"1"}})
	meet("volunteered", h.get(got.header.Get("Location")), http.StatusOK)
	list, err := champions.List(h.t.Context(), h.Store)
	if err != nil || len(list) == 0 {
		h.t.Fatal(list, err)
	}
	token, err := list[len(list)-1].Token(h.Secret)
	if err != nil {
		h.t.Fatal(err)
	}
	own := "/champion/" + token
	meet("a champion to be", h.get(own+in), http.StatusOK)
	got = h.post(own, url.Values{"lang": {lang}, "action": {"confirm"}})
	meet("a champion", h.get(got.header.Get("Location")), http.StatusOK)
	meet("withdrawing?", h.get(own+"/withdraw"+in), http.StatusOK)
	meet("withdrawn", h.post(own+"/withdraw"+in, nil), http.StatusOK)
	meet("no champion", h.get(own+in), http.StatusNotFound)
}

// walkAbout meets the public page of a change at each of its stages.
func (h *holder) walkAbout(in, lang string, meet func(string, reply, int)) {
	h.t.Helper()
	today := surveys.DayOf(h.clock.Now(), time.UTC)
	change := changes.Change{Name: "met-in-" + lang, Language: lang, Text: changes.Text{Title: "1", Why: "2", What: "3", StillOpen: "4"}, Owner: "5",
		Everybody: true, Public: true, GoLive: today}
	for i, stage := range changes.Stages() {
		var err error
		if entry := (changes.Entry{Stage: stage, On: today, Reason: "6"}); i == 0 {
			change, err = changes.Create(h.t.Context(), h.Store, change, entry, surveys.Stamp{}, today)
		} else {
			change, err = changes.Move(h.t.Context(), h.Store, change.ID, change.Version, entry, surveys.Stamp{}, today)
		}
		if err != nil {
			h.t.Fatal(err)
		}
		meet("about, "+string(stage), h.get("/about/"+change.Name+in), http.StatusOK)
	}
}

func rendered(t *testing.T, s *Server, name string, data any, err error) string {
	t.Helper()
	var b bytes.Buffer
	if err = errors.Join(err, s.views.render(&b, name, data)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// constructed renders the pages and faults that need more than a request.
func (h *holder) constructed(t *testing.T, lang string) map[string]string {
	t.Helper()
	pages := map[string]string{}
	l, err := h.forms.find(t.Context(), h.code)
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{surveys.FaultRequired, surveys.FaultUnknown, surveys.FaultRepeated, surveys.FaultOutOfRange, surveys.FaultTooLong,
		surveys.FaultNotText, surveys.FaultRankTwice, surveys.FaultRankGap, surveys.FaultEmpty, surveys.FaultReceipt} {
		for _, path := range []string{"q.say", "q.order", "q.when.other", "", "receipt", "lang"} {
			page, err := h.formPage(l, lang, surveys.Form{}, surveys.Faults{{Path: path, Code: code}})
			pages["fault "+code+" of "+path] = rendered(t, h.Server, "answer/form", page, err)
		}
	}
	about := *l
	about.about = &changes.Change{Name: "x", Language: lang, Text: changes.Text{Title: "1", Why: "2", What: "3"}, Public: true}
	page, err := h.formPage(&about, lang, surveys.Form{}, nil)
	pages["why"] = rendered(t, h.Server, "answer/form", page, err)
	for name, change := range map[string]func(*surveys.Document, *surveys.Audience){
		"named":          func(d *surveys.Document, _ *surveys.Audience) { d.Anonymity = surveys.Named },
		"no departments": func(_ *surveys.Document, a *surveys.Audience) { a.Departments = nil },
		"no levels":      func(_ *surveys.Document, a *surveys.Audience) { a.Bands = nil },
		"neither":        func(_ *surveys.Document, a *surveys.Audience) { *a = surveys.Audience{} },
	} {
		doc, audience := *l.doc(), l.audience
		change(&doc, &audience)
		page, err := h.formPage(&linked{questionnaire: &surveys.Questionnaire{Document: &doc}, audience: audience, languages: l.languages}, lang, surveys.Form{}, nil)
		pages[name] = rendered(t, h.Server, "answer/form", page, err)
	}
	return pages
}

// finished meets the pages of a wave that is closed.
func (h *holder) finished(t *testing.T, lang string) map[string]string {
	t.Helper()
	form := with(answered(surveys.NewReceipt()), "lang", lang)
	return map[string]string{
		"closed":              h.get("/s/" + h.code + "?lang=" + lang).body,
		"closed, and written": h.post("/s/"+h.code, form).body,
		"answers, closed":     h.ask("lang", lang).body,
		"comments deleted":    h.ask("lang", lang, "action", "delete_comments", "confirm", "yes").body,
	}
}

func TestNoPageInALanguageHoldsASentenceOfEnglish(t *testing.T) {
	all := spoken(t).names
	english := sentences(t, "en")
	for _, lang := range all {
		t.Run(lang, func(t *testing.T) {
			h := newHolder(t, storetest.SQLite(t))
			for name, page := range h.everyPage(t, lang, all) {
				foreign(t, lang, name, page, english)
			}
		})
	}
}

var (
	tags    = regexp.MustCompile(`<[^>]*>`)
	inTags  = regexp.MustCompile(`(?:aria-label|title|placeholder|alt|data-(?:sending|failed|retry|up|down|is|out|undo|done))="([^"]*)"`)
	pageTag = regexp.MustCompile(`<html lang="([^"]+)" dir="(ltr|rtl)">`)
)

// foreign fails the test for every piece of an English sentence on a page in another language, and for a page that
// does not name its language and direction.
func foreign(t *testing.T, lang, name, page string, english map[string]map[string]string) {
	t.Helper()
	m := pageTag.FindStringSubmatch(page)
	if want := map[bool]string{true: "rtl", false: "ltr"}[lang == "ar" || lang == "he"]; m == nil || m[1] != lang || m[2] != want {
		t.Errorf("%s: the page is marked %v, want %s and %s", name, m, lang, want)
	}
	if strings.Contains(page, "ZgotmplZ") || strings.Contains(page, "<no value>") || strings.Contains(page, "{{") {
		t.Errorf("%s: a blank was not filled in", name)
	}
	if lang == "en" {
		return
	}
	pieces := strings.Split(tags.ReplaceAllString(page, "\n"), "\n")
	for _, m := range inTags.FindAllStringSubmatch(page, -1) {
		pieces = append(pieces, m[1])
	}
	for i := range pieces {
		pieces[i] = strings.TrimSpace(html.UnescapeString(pieces[i]))
	}
	for key, forms := range english {
		for _, text := range forms {
			for _, part := range blank.Split(text, -1) {
				part = strings.TrimSpace(part)
				if utf8.RuneCountInString(part) < 2 || !strings.ContainsFunc(part, func(r rune) bool { return r >= 'a' && r <= 'z' }) {
					continue
				}
				long := strings.Contains(part, " ") // single words are alike in many languages
				if slices.ContainsFunc(pieces, func(piece string) bool { return piece == part || long && strings.Contains(piece, part) }) {
					t.Errorf("%s in %s holds the English %q (%s)", name, lang, part, key)
				}
			}
		}
	}
}

// Every page is one template of the folder; one that no test meets is one that can fail before an employee.
func TestEveryTemplateOfAnEmployeeIsMetByTheWalk(t *testing.T) {
	h := newHolder(t, storetest.SQLite(t))
	h.other, _ = h.open(changed(t, everyKind(t, "en", "de"), func(d *surveys.Document) { d.Minimum = 6 }))
	for name := range h.views.pages {
		kind, ok := strings.CutPrefix(name, "answer/")
		if !ok {
			continue
		}
		tpl, err := h.views.set(name)
		if err != nil {
			t.Fatal(err)
		}
		_, err = tpl.AddParseTree("content", tpl.Lookup("main").Tree.Copy())
		if err == nil {
			_, err = tpl.New("mark").Parse(`{{define "main"}}{{template "content" .}}<i>met ` + kind + `</i>{{end}}`)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	met := &strings.Builder{}
	for _, page := range h.walk(t, "en") {
		met.WriteString(page)
	}
	for name := range h.views.pages {
		if kind, ok := strings.CutPrefix(name, "answer/"); ok && !strings.Contains(met.String(), "<i>met "+kind+"</i>") {
			t.Errorf("no test meets %s", name)
		}
	}
}
