package web

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/drafts"
	"soundings/surveys/store/storetest"
	"soundings/surveys/translations"
)

// author is a member of staff who writes surveys.
type author struct {
	*office
	cookie, csrf string
}

func (o *office) author() *author {
	o.t.Helper()
	cookie, csrf := o.member(accounts.Author)
	return &author{o, cookie, csrf}
}

func (a *author) send(path string, pairs ...string) reply {
	a.t.Helper()
	form := url.Values{"csrf": {a.csrf}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return a.submit(a.cookie, path, form)
}

func (a *author) page(path string) string {
	a.t.Helper()
	r := a.as(a.cookie, path)
	if r.status != http.StatusOK {
		a.t.Fatalf("%s: status %d\n%s", path, r.status, r.body)
	}
	return r.body
}

// take begins a draft with a survey of the library.
func (a *author) take(name string) drafts.Draft {
	a.t.Helper()
	r := a.send("/library/" + name)
	var id drafts.ID
	if _, err := fmt.Sscanf(r.header.Get("Location"), "/surveys/drafts/%d", &id); err != nil || r.status != http.StatusSeeOther {
		a.t.Fatalf("status %d, location %q\n%s", r.status, r.header.Get("Location"), r.body)
	}
	return a.draft(id)
}

func (a *author) draft(id drafts.ID) drafts.Draft {
	a.t.Helper()
	d, err := drafts.ByID(context.Background(), a.Store, id)
	if err != nil {
		a.t.Fatal(err)
	}
	return d
}

func at(d drafts.Draft, rest string) string { return fmt.Sprintf("/surveys/drafts/%d%s", d.ID, rest) }

func TestTheLibraryShowsWhatEachSurveyMeasures(t *testing.T) {
	a := newOffice(t, storetest.SQLite(t)).staffed().author()
	shelf := a.page("/library")
	for _, want := range []string{"8 surveys are ready", "What do you think of this change?", "Openness to change", "English and Deutsch", "10 questions, about 2 minutes", "Free to use and to change"} {
		if !strings.Contains(shelf, want) {
			t.Errorf("the library does not say %q", want)
		}
	}
	paper := a.page("/library/readiness")
	for _, want := range []string{"We want to", "We can", "reversed: agreeing lowers the score", "Agreement, 7 points", "Put in order", "Many of us hope that the change will go away again.", "Not validated"} {
		if !strings.Contains(paper, want) {
			t.Errorf("the page of readiness does not say %q", want)
		}
	}
	if r := a.as(a.cookie, "/library/gone"); r.status != http.StatusNotFound {
		t.Errorf("an unknown survey: status %d", r.status)
	}
	german := a.get("/library/readiness", "Cookie", sessionCookie+"="+a.cookie, "Accept-Language", "de")
	if !strings.Contains(german.body, "Viele von uns hoffen") || strings.Contains(german.body, "Many of us hope") {
		t.Error("the page in German is not in German")
	}
}

func TestEverySurveyOfTheLibraryCanBePublishedAsItIs(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		a := o.author()
		for _, name := range []string{"after-go-live", "change-pulse", "it-service", "open-decisions", "pilot", "readiness", "training-needs", "working-with-it"} {
			d := a.take(name)
			r := a.send(at(d, "/publish"), "version", fmt.Sprint(d.Version))
			if r.status != http.StatusSeeOther {
				t.Errorf("%s: status %d\n%s", name, r.status, r.body)
			}
		}
	})
}

func TestATranslationIsSavedFieldByField(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		a := o.author()
		d := a.take("open-decisions")
		if r := a.send(at(d, "/translations"), "language", "tlh"); r.status != http.StatusUnprocessableEntity {
			t.Errorf("an unknown language: status %d", r.status)
		}
		if r := a.send(at(d, "/translations"), "language", "ar"); r.header.Get("Location") != at(d, "/translations/ar") {
			t.Fatalf("status %d, location %q", r.status, r.header.Get("Location"))
		}
		d = a.draft(d.ID)
		page := a.page(at(d, "/translations/ar"))
		for _, want := range []string{"26 texts are still missing", "0 of 26 texts", `dir="rtl"`, `name="t.questions.pilot.options.later"`, "cannot be published until"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		r := a.send(at(d, "/translations/ar"), "version", fmt.Sprint(d.Version), "t.title", " متى\r\nوكيف؟ ", "t.nothing", "x", "t.questions.pilot.options.later", "<b>لا</b>")
		if r.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		d = a.draft(d.ID)
		got := d.Document.Translations["ar"]
		if got.Title != "متى\nوكيف؟" || got.Questions["pilot"].Options["later"] != "<b>لا</b>" || len(translations.Missing(&d.Document, "ar")) != 24 {
			t.Errorf("stored is %+v", got)
		}
		if german := d.Document.Translations["de"]; german.Title != "Wann, wie und wer zuerst? Ihre Abteilung entscheidet." {
			t.Errorf("German became %+v", german)
		}
		if page := a.page(at(d, "/translations/ar")); !strings.Contains(page, "&lt;b&gt;لا&lt;/b&gt;") || !strings.Contains(page, "24 texts are still missing") {
			t.Error("the page does not show what is stored")
		}
		if page := a.page(at(d, "/publish")); !strings.Contains(page, "2 of 26 texts") || strings.Contains(page, ">Publish</button>") {
			t.Error("the draft can be published with missing texts")
		}
		if r := a.send(at(d, "/publish"), "version", fmt.Sprint(d.Version)); r.status != http.StatusUnprocessableEntity {
			t.Errorf("publishing with missing texts: status %d", r.status)
		}
		if r := a.send(at(d, "/translations/ar/remove"), "version", fmt.Sprint(d.Version)); r.status != http.StatusSeeOther {
			t.Errorf("removing: status %d", r.status)
		}
		d = a.draft(d.ID)
		if r := a.as(a.cookie, at(d, "/translations/ar")); r.status != http.StatusNotFound {
			t.Errorf("the removed language: status %d", r.status)
		}
		if r := a.send(at(d, "/publish"), "version", fmt.Sprint(d.Version)); r.status != http.StatusSeeOther {
			t.Errorf("publishing without it: status %d", r.status)
		}
	})
}

func TestATextThatIsTooLongComesBackWithAllOthers(t *testing.T) {
	a := newOffice(t, storetest.SQLite(t)).staffed().author()
	d := a.take("open-decisions")
	long := strings.Repeat("x", surveys.LongestTitle+1)
	r := a.send(at(d, "/translations/de"), "version", fmt.Sprint(d.Version), "t.title", long, "t.intro", "Neue Einleitung")
	if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, long) || !strings.Contains(r.body, "Neue Einleitung") ||
		!strings.Contains(r.body, `id="t-0-fault"`) || !strings.Contains(r.body, "This has 301 characters; at most 300 fit.") {
		t.Errorf("status %d\n%s", r.status, r.body)
	}
	if got := a.draft(d.ID); got.Version != d.Version || got.Document.Translations["de"].Intro == "Neue Einleitung" {
		t.Error("part of it was stored")
	}
}

func TestTwoTranslatorsNeverOverwriteEachOtherSilently(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		a := o.author()
		d := a.take("open-decisions")
		first := fmt.Sprint(d.Version)
		if r := a.send(at(d, "/translations/de"), "version", first, "t.title", "Ihre Fassung"); r.status != http.StatusSeeOther {
			t.Fatalf("status %d", r.status)
		}
		r := a.send(at(d, "/translations/de"), "version", first, "t.title", "Meine Fassung", "t.intro", "Meine Einleitung")
		if r.status != http.StatusConflict || !strings.Contains(r.body, "Ihre Fassung") || !strings.Contains(r.body, "Meine Fassung") || !strings.Contains(r.body, "Meine Einleitung") {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		stored := a.draft(d.ID)
		if stored.Document.Translations["de"].Title != "Ihre Fassung" {
			t.Error("it was overwritten")
		}
		if !strings.Contains(r.body, fmt.Sprintf(`name="version" value="%d"`, stored.Version)) {
			t.Error("saving again would be refused again")
		}
	})
}

// The texts that break files, through the whole way: typed, exported, resaved by a spreadsheet, imported, published.
func TestNaughtyTextsSurviveTheFile(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		a := o.author()
		d := a.take("open-decisions")
		naughty := []string{"=1+1", "+49", "-1", "@SUM(A1)", "'quoted", "''", "'=x", "a\nb", "a,b;c\t\"d\"", "مرحبا", "😀", "<script>alert(1)</script>", "\u202eabc", "{{.}}", "%s", "null"}
		pairs := []string{"version", fmt.Sprint(d.Version)}
		want := map[string]string{}
		for i, text := range translations.Texts(&d.Document, "de") {
			want[text.Key] = naughty[i%len(naughty)]
			pairs = append(pairs, "t."+text.Key, want[text.Key])
		}
		if r := a.send(at(d, "/translations/de"), pairs...); r.status != http.StatusSeeOther {
			t.Fatalf("status %d", r.status)
		}
		r := a.as(a.cookie, at(d, "/translations/de/texts.csv"))
		if r.header.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.Contains(r.header.Get("Content-Disposition"), `filename="draft-1-de.csv"`) {
			t.Errorf("headers %v", r.header)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(r.body, "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		w := csv.NewWriter(&file)
		w.Comma, w.UseCRLF = ';', true
		if err := w.WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		d = a.draft(d.ID)
		if r := a.send(at(d, "/translations/de/remove"), "version", fmt.Sprint(d.Version)); r.status != http.StatusSeeOther {
			t.Fatalf("status %d", r.status)
		}
		if r := a.send(at(d, "/translations"), "language", "de"); r.status != http.StatusSeeOther {
			t.Fatalf("status %d", r.status)
		}
		if r := a.send(at(d, "/translations/de/file"), "file", file.String()); r.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		d = a.draft(d.ID)
		for _, text := range translations.Texts(&d.Document, "de") {
			if text.Translation != want[text.Key] {
				t.Errorf("%s is %q, was %q", text.Key, text.Translation, want[text.Key])
			}
		}
		if r := a.send(at(d, "/publish"), "version", fmt.Sprint(d.Version)); r.status != http.StatusSeeOther {
			t.Errorf("status %d\n%s", r.status, r.body)
		}
	})
}

func TestARefusedFileComesBackWithItsLines(t *testing.T) {
	a := newOffice(t, storetest.SQLite(t)).staffed().author()
	d := a.take("open-decisions")
	file := "key,original,translation\ntitle,Something else,Neuer Titel\nnonsense,,x\nquestions.pilot.options.later,\"No, rather later\",Später\n"
	r := a.send(at(d, "/translations/de/file"), "file", file)
	for _, want := range []string{"Nothing of the file has been taken in", "Line 2: the original of “title”", "Line 3: the survey has no text “nonsense”", "Neuer Titel"} {
		if !strings.Contains(r.body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if got := a.draft(d.ID); r.status != http.StatusUnprocessableEntity || got.Version != d.Version {
		t.Errorf("status %d, version %d", r.status, got.Version)
	}
}
