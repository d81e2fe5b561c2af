package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys"
	"soundings/surveys/shareddata"
	"soundings/surveys/store/storetest"
)

// sentHistory uploads a file of earlier results and returns the address of what it would change.
func (o *office) sentHistory(cookie, csrf, content string) string {
	o.t.Helper()
	r := o.do(o.partsTo(historyImportPath, cookie, csrf, "past.csv", content))
	if r.status != http.StatusSeeOther {
		o.t.Fatalf("status %d\n%s", r.status, r.body)
	}
	return r.header.Get("Location")
}

const pastFile = "year,department,measure,mean,n\n2009,Finance,Openness,41,20\n2010,Finance,Openness,43,21\n2010,Treasury,Openness,77,30\n2010,Legal,Openness,50,3\n"

func TestEarlierResultsAreSeenBeforeTheyAreTakenIn(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		cookie, csrf := o.member(accounts.Author)
		reads(t, o.as(cookie, "/history").body, "No earlier results have been taken in")
		bad := o.sentHistory(cookie, csrf, "year,department,measure,mean\nsoon,Finance,Openness,41\n")
		reads(t, o.as(cookie, bad).body, "1 fault keeps the file from being taken in", "“soon” is not a year")
		unsized := o.sentHistory(cookie, csrf, "year,department,measure,mean\n2008,Finance,Openness,41\n")
		page := o.as(cookie, unsized).body
		reads(t, page, "1 result comes without a number of people")
		if r := o.submit(cookie, unsized, agreed(t, page, csrf)); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "Please confirm this") {
			t.Errorf("people that nobody vouches for: status %d", r.status)
		}
		good := o.sentHistory(cookie, csrf, pastFile)
		page = o.as(cookie, good).body
		reads(t, page, "past.csv: 3 results added, 0 changed, 0 unchanged.", "Treasury: 1 result", "Legal: fewer than 5 people.")
		if got := o.rows("SELECT COUNT(*) FROM history_values"); got[0] != "0" {
			t.Fatalf("stored before it was confirmed: %q", got)
		}
		if r := o.submit(cookie, good, url.Values{"csrf": {csrf}, "digest": {"other"}}); r.status != http.StatusConflict || !strings.Contains(r.body, "has changed since you looked") {
			t.Errorf("other numbers than were seen: status %d", r.status)
		}
		for range 2 { // pressing the button twice is harmless
			if r := o.submit(cookie, good, agreed(t, page, csrf)); r.status != http.StatusSeeOther {
				t.Fatalf("status %d\n%s", r.status, r.body)
			}
		}
		reads(t, o.as(cookie, good).body, "The earlier results are taken in: 3 added")
		if got := o.rows("SELECT COUNT(*) FROM history_values"); got[0] != "3" {
			t.Errorf("kept are %q", got)
		}
		reads(t, o.as(cookie, "/history").body, "imported results", ">43 · 21</td>", ">Treasury</th>", "2009")
		if viewer, token := o.member(accounts.Viewer); o.submit(viewer, good, url.Values{"csrf": {token}}).status != http.StatusForbidden {
			t.Error("a viewer may take files in")
		}
	})
}

func TestJoinedResultsBeginTheTrendAndAreMarked(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		o.answered(12, 9)
		cookie, csrf := o.member(accounts.Author)
		before := o.as(cookie, "/trend").body
		file := o.sentHistory(cookie, csrf, pastFile)
		o.submit(cookie, file, agreed(t, o.as(cookie, file).body, csrf))
		page := o.as(cookie, "/trend").body
		reads(t, page, "Before the first wave: imported", ">41 · 20</td>", "dashed and hollow: means imported from earlier surveys")
		if strings.Contains(before, "imported") || strings.Contains(page, "77 · 30") {
			t.Error("what is not imported is called so, or a name that means no department is in the trend")
		}
		chart := o.as(cookie, "/trend/chart.json").body
		reads(t, chart, `"2009"`, `"emptyCircle"`, "41, imported, 20 people", "imported until here")
		// So do small charts, a department's own, and a pack that is made from now on.
		for path, told := range map[string]string{"/trend/chart.json?view=small": "41, imported, 20 people", "/departments/1/chart.json": "41, imported, 20 people"} {
			reads(t, o.as(cookie, path).body, `"2009"`, `"emptyCircle"`, told)
		}
		reads(t, o.as(cookie, "/departments/1").body, "Before the first wave: imported", ">41 · 20</td>", "dashed and hollow: means imported")
		pack := o.frozen(cookie, csrf, nil)
		reads(t, o.as(cookie, pack).body, "dashed and hollow: means imported", `<caption id="earlier-1">`, ">41 · 20</td>")
		defer func() { // and it stays so when the results are removed, at the end of this test
			reads(t, o.as(cookie, pack+"/waves/1/trend.json").body, `"2009"`, "41, imported, 20 people")
		}()
		join := url.Values{"csrf": {csrf}, "name": {"Treasury"}, "department": {"2"}}
		if r := o.submit(cookie, "/history/names", join); r.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		reads(t, o.as(cookie, "/history").body, "Treasury means Legal", "(also Treasury)")
		reads(t, o.as(cookie, "/trend").body, ">77 · 30</td>")
		if r := o.submit(cookie, "/history/names/separate", join); r.status != http.StatusSeeOther || strings.Contains(o.as(cookie, "/trend").body, "77 · 30") {
			t.Errorf("undone, it is joined still: status %d", r.status)
		}
		for path, form := range map[string]url.Values{
			"/history/names":    {"csrf": {csrf}, "name": {"Treasury"}, "department": {"999"}},
			"/history/measures": {"csrf": {csrf}, "measure": {"Openness"}, "target": {"nothing"}},
		} {
			if r := o.submit(cookie, path, form); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "Please choose from the list") {
				t.Errorf("%s: status %d", path, r.status)
			}
		}
		if r := o.submit(cookie, "/history/measures", url.Values{"csrf": {csrf}, "measure": {"Openness"}, "target": {surveys.Engagement}}); r.status != http.StatusSeeOther || strings.Contains(o.as(cookie, "/trend").body, "imported") {
			t.Errorf("joined to another measure, it begins this trend still: status %d", r.status)
		}
		if r := o.submit(cookie, "/history/measures/remove", url.Values{"csrf": {csrf}, "measure": {"Openness"}}); r.status != http.StatusSeeOther {
			t.Errorf("removing: status %d", r.status)
		}
		reads(t, o.as(cookie, "/history").body, "No earlier results have been taken in")
	})
}

func TestSomebodyLimitedSeesEarlierResultsOfTheirDepartmentsOnly(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	admin, csrf := o.member(accounts.Admin)
	file := o.sentHistory(admin, csrf, pastFile+"2010,Legal & Tax <b>,Openness,55,30\n2010,All,Openness,60,200\n")
	o.submit(admin, file, agreed(t, o.as(admin, file).body, csrf))
	limited, token := o.member(accounts.Author, 2)
	page := o.as(limited, "/history").body
	reads(t, page, "55 · 30", "60 · 200")
	for _, other := range []string{"41 · 20", "77 · 30", "Treasury", "/history/import"} {
		if strings.Contains(page, other) {
			t.Errorf("somebody limited to Legal sees %q", other)
		}
	}
	if chart := o.as(limited, "/history/chart.json").body; strings.Contains(chart, "Treasury") || strings.Contains(chart, "Finance") {
		t.Errorf("their chart shows others\n%s", chart)
	}
	for _, path := range []string{file, historyImportPath} {
		if r := o.as(limited, path); r.status != http.StatusForbidden {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
	if r := o.submit(limited, "/history/measures/remove", url.Values{"csrf": {token}, "measure": {"Openness"}}); r.status != http.StatusForbidden {
		t.Errorf("removing: status %d", r.status)
	}
}

// Sixteen years of the Civil Service survey are taken in on a page, joined, and begin the trend.
func TestTakingInEarlierResultsCanBeWalkedThrough(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 9)
	o.member(accounts.Author)
	path, ok := shareddata.Find(t, "csps/csps_org_change_items_2009_2024_long.csv")
	added := "3,300 results added"
	if !ok {
		path, added = saved(t, "past.csv", "year,department_group,item,percent_positive\n2009,Defence,change_managed_well,16\n2010,Defence,change_managed_well,19\n"), "2 results added"
	}
	tab := o.enterAs(accounts.Author, o.browsing().Tab(1440, 900))
	loaded := func(condition string) { tab.Await(`document.readyState === "complete" && ` + condition) }
	tab.Open(o.BaseURL + historyImportPath)
	tab.Do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{path}))
	tab.Click("main .btn-primary")
	loaded(`document.querySelector(".tally")`)
	if text := tab.Text("h1"); !strings.Contains(text, added) {
		t.Errorf("the preview begins with %q", text)
	}
	tab.Accessible("the preview")
	tab.Click("[name=sizes]")
	tab.Click(".stack .btn-primary")
	loaded(`document.querySelector("h1").innerText.startsWith("The earlier results are taken in")`)
	tab.Click("main .btn-primary")
	loaded(`document.querySelector("#join-name")`)
	tab.Choose("#join-name", "Defence")
	tab.Choose("#join-department", "Finance")
	tab.Click(`form[action="/history/names"] button`)
	loaded(`document.body.innerText.includes("Defence means Finance.")`)
	tab.Choose("#join-measure", "change_managed_well")
	tab.Choose("#join-target", "Openness to change")
	tab.Click(`form[action="/history/measures"] button`)
	loaded(`document.body.innerText.includes("change_managed_well begins the trend of Openness to change.")`)
	tab.AccessibleNow("the page of earlier results")
	tab.Open(o.BaseURL + "/trend")
	tab.Await(`document.querySelector("[data-chart-plot] canvas, [data-chart-plot] svg")`)
	if text := tab.Text("#earlier"); text != "Before the first wave: imported" {
		t.Errorf("the trend's table of what was imported is headed %q", text)
	}
	if first := webtest.Eval[string](tab, `[...document.querySelectorAll("table")].find(t => t.querySelector("#earlier")).querySelector("tbody td").innerText`); first != "16" {
		t.Errorf("Finance, once Defence, begins at %q, not at 16", first)
	}
	tab.AccessibleNow("a trend that begins with what was imported")
}
