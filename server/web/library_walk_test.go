package web

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys"
	"soundings/surveys/store/storetest"
)

// inArabic fills the translation column of an exported file.
func inArabic(t *testing.T, file string) string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	for i, row := range rows {
		if i > 0 && row[2] == "" {
			row[2] = fmt.Sprintf("نص %d", i)
		}
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	return b.String()
}

// An author takes a survey from the library, translates it into Arabic, partly in a file, publishes it, mends a word that
// keeps its meaning, and publishes the second version; every page is looked over.
func TestWalkFromTheLibraryToASecondVersion(t *testing.T) {
	t.Parallel()
	for _, look := range []struct {
		name  string
		width int64
		setup []webtest.Action
	}{
		{"wide, light", 1440, nil},
		{"phone, dark", 360, []webtest.Action{webtest.Dark()}},
	} {
		t.Run(look.name, func(t *testing.T) {
			o := newOffice(t, storetest.SQLite(t)).staffed()
			o.member(accounts.Author)
			tab := o.enter(o.browsing().Tab(look.width, 900, look.setup...))
			seen := func(page string) {
				t.Helper()
				tab.AccessibleNow(page) // with the other walk that is wide and light, and narrow and dark
				picture(tab, strings.NewReplacer(" ", "-", ",", "").Replace(look.name+"-"+page))
			}
			at := func(path string) {
				t.Helper()
				tab.Await(fmt.Sprintf(`document.readyState === "complete" && location.pathname === %q`, path))
			}

			tab.Open(o.BaseURL + "/surveys")
			tab.Click(`main a[href="/library"]`)
			at("/library")
			seen("library")
			tab.Click(`h2 a[href="/library/change-pulse"]`)
			at("/library/change-pulse")
			seen("survey of the library")
			tab.Click("main form .btn-primary")
			at("/surveys/drafts/1")
			tab.Click(`a[href="/surveys/drafts/1/translations"]`)
			at("/surveys/drafts/1/translations")
			choosing(tab, "#language", "ar")
			seen("languages")
			tab.Click("main form .btn-primary")
			at("/surveys/drafts/1/translations/ar")
			tab.Type(`[name="t.title"]`, "ما رأيك؟")
			tab.Click(".acts-stay .btn-primary")
			tab.Await(`document.querySelector('[role="status"]')`)
			seen("translation")
			if text := tab.Text("h1"); text != "16 texts are still missing." {
				t.Errorf("after one text it says %q", text)
			}
			if dir := webtest.Eval[string](tab, `getComputedStyle(document.querySelector('[name="t.intro"]')).direction + document.documentElement.dir`); dir != "rtlltr" {
				t.Errorf("the field and the page are written %s", dir)
			}

			tab.Open(o.BaseURL + "/surveys/drafts/1/publish")
			seen("not yet publishable")
			if tab.Text("h1") != "This draft cannot be published yet." {
				t.Errorf("it says %q", tab.Text("h1"))
			}
			tab.Click(".todo a")
			at("/surveys/drafts/1/translations/ar")
			file := inArabic(t, webtest.Eval[string](tab, `fetch(document.querySelector("a[download]").href).then((r) => r.text())`))
			quoted, err := json.Marshal(strings.Replace(file, "title,", "titel,", 1))
			if err != nil {
				t.Fatal(err)
			}
			pick := `(() => { const d = new DataTransfer(); d.items.add(new File([%s], "ar.csv")); const i = document.querySelector("#pick"); i.files = d.files; return i.dispatchEvent(new Event("change")); })()`
			webtest.Eval[bool](tab, fmt.Sprintf(pick, quoted))
			tab.Await(`document.querySelector("#csv").value.includes("titel")`)
			tab.Click("#file form .btn")
			tab.Await(`document.querySelector("#file-fault")`)
			seen("refused file")
			if quoted, err = json.Marshal(file); err != nil {
				t.Fatal(err)
			}
			webtest.Eval[bool](tab, fmt.Sprintf(pick, quoted))
			tab.Await(`document.querySelector("#csv").value.includes("\ntitle")`)
			tab.Click("#file form .btn")
			tab.Await(`document.querySelector("h1").innerText.includes("is complete")`)

			tab.Open(o.BaseURL + "/surveys/drafts/1/publish")
			tab.Click("main form .btn-primary")
			at("/surveys")
			tab.Click(`a.survey-name[href="/surveys/1"]`)
			at("/surveys/1")
			tab.Click("main form .btn-primary")
			at("/surveys/drafts/2")
			webtest.Eval[bool](tab, `(() => { const f = document.querySelector('[name="q.0.text"]'); f.value = "This change would give me more time for the important part of my work."; return f.dispatchEvent(new Event("input", { bubbles: true })); })()`)
			tab.Click(`button[value="publish"]`)
			at("/surveys/drafts/2/publish")
			seen("what publishing does")
			tab.Click(`[name="keeps"]`)
			tab.Click("main form .btn-primary")
			at("/surveys")
			tab.Open(o.BaseURL + "/surveys/1")
			seen("survey")
			if text := tab.Text("main"); !strings.Contains(text, "author@example.org stated on") || !strings.Contains(text, "goes on") {
				t.Errorf("the survey's page says\n%s", text)
			}
			list, err := o.Catalog.Versions(t.Context(), 1)
			if err != nil || len(list) != 2 || list[0].Signature(surveys.Openness) != list[1].Signature(surveys.Openness) || list[0].Document.Translations["ar"].Title != "ما رأيك؟" {
				t.Errorf("published are %d versions, %v, %q and %q, in Arabic %q", len(list), err, list[0].Signature(surveys.Openness), list[len(list)-1].Signature(surveys.Openness), list[0].Document.Translations["ar"].Title)
			}
		})
	}
}
