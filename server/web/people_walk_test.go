package web

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys/store/storetest"
)

// saved writes a file that a person could choose.
func saved(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Somebody in IT sees who is too small to be shown, pools them, puts the bands in order by keyboard, and takes in a
// directory: first one with mistakes, then one that is right.
func TestTakingInADirectoryCanBeWalkedThrough(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		width int64
		look  func(tab *webtest.Tab, page string)
		setup []webtest.Action
	}{
		"at a desk":                     {1440, (*webtest.Tab).Accessible, nil},
		"on a phone without JavaScript": {360, (*webtest.Tab).AccessibleNow, []webtest.Action{webtest.WithoutScripts()}},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, storetest.SQLite(t)).staffed().sized(40, 3)
			o.clock.add(time.Since(o.clock.Now())) // a browser forgets cookies of the past
			o.member(accounts.Author)
			base := o.listen()
			tab := webtest.Start(t).Tab(c.width, 900, c.setup...) // ends before the server it is connected to
			tab.Open(base + "/login?next=/people")
			tab.Type("#email", "author@example.org")
			tab.Type("#password", password)
			tab.Press("\r")
			tab.Await(`location.pathname === "/people" && document.readyState === "complete"`)
			managePeople(t, tab, c.look)
			takeInDirectory(t, tab, base, c.look)
			if got := o.rows("SELECT name, headcount FROM departments ORDER BY id"); !slices.Equal(got, []string{"Finance|1", "Legal & Tax <b>|0", "Small teams|0", "Hafen|1"}) {
				t.Errorf("departments are %q", got)
			}
			if got := o.rows("SELECT b.name FROM persons p JOIN bands b ON b.id = p.band_id ORDER BY p.id"); !slices.Equal(got, []string{"Lead"}) {
				t.Errorf("bands of people are %q", got)
			}
		})
	}
}

func managePeople(t *testing.T, tab *webtest.Tab, look func(tab *webtest.Tab, page string)) {
	t.Helper()
	if text := tab.Text("h1"); !strings.Contains(text, "2 departments, 43 people") || !strings.Contains(text, "will never be shown on its own") {
		t.Errorf("the page begins with %q", text)
	}
	look(tab, "the page of people")
	tab.Do(chromedp.SetValue(chromedp.CSS("#pool-into"), newGroup))
	tab.Click(".pooling button")
	tab.Await(`document.readyState === "complete" && document.querySelector("#pool-name-fault")`)
	look(tab, "a refused pool")
	tab.Type("#pool-name", "Small teams")
	tab.Press("\r")
	tab.Await(`document.readyState === "complete" && document.body.innerText.includes("answers with Small teams")`)
	tab.Do(chromedp.Focus(chromedp.CSS(`.bands li:nth-child(2) [value="up"]`)))
	tab.Press("\r")
	tab.Await(`document.readyState === "complete" && document.querySelector(".bands li:first-child [name=name]").value === "Lead"`)
	tab.Click(`[href="/people/departments/1"]`)
	tab.Await(`location.pathname === "/people/departments/1" && document.readyState === "complete"`)
	look(tab, "the page of a department")
}

func takeInDirectory(t *testing.T, tab *webtest.Tab, base string, look func(tab *webtest.Tab, page string)) {
	t.Helper()
	choose := func(path string) {
		tab.Open(base + directoryPath)
		tab.Do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{path}))
		tab.Click("main .btn-primary")
		tab.Await(`/directory\/\d+$/.test(location.pathname) && document.readyState === "complete"`)
	}
	tab.Open(base + directoryPath)
	look(tab, "the page where a file is chosen")
	choose(saved(t, "bad.csv", "E-Mail,Abteilung\nann,Finance\nbo@x.org,\n"))
	if text := tab.Text("h1"); !strings.Contains(text, "2 lines cannot be taken in") {
		t.Errorf("a file with mistakes is met with %q", text)
	}
	look(tab, "a file with mistakes")
	choose(saved(t, "people.csv", "Login,Abteilung,Ebene\nann@x.org,Finance,Lead\nbo@x.org,Hafen,\n"))
	look(tab, "a file without the needed columns")
	tab.Do(chromedp.SetValue(chromedp.CSS("#column-email"), "0"))
	tab.Click(".columns button")
	tab.Await(`document.querySelector(".tally") && document.readyState === "complete"`)
	if text := tab.Text("h1"); !strings.Contains(text, "2 people in people.csv: 2 added, 0 changed, 0 gone.") {
		t.Errorf("the preview begins with %q", text)
	}
	look(tab, "the preview")
	tab.Click("[name=departments]")
	tab.Click(".stack .btn-primary")
	tab.Await(`document.readyState === "complete" && document.querySelector("h1").innerText.startsWith("The directory is taken in: 2 added")`)
	look(tab, "what came of it")
}
