package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/store/storetest"
)

// wentLive makes a change that reached a department on a day.
func (o *office) wentLive(title string, on surveys.Day, departments ...surveys.DepartmentID) {
	o.t.Helper()
	change := changes.Change{Language: "en", Owner: "Mira", Departments: departments, Everybody: len(departments) == 0,
		Text: changes.Text{Title: title, Why: "It saves time.", What: "A new tool."}}
	today := surveys.DayOf(o.clock.Now(), time.UTC)
	if _, err := changes.Create(o.t.Context(), o.Store, change, changes.Entry{Stage: changes.RollingOut, On: on}, surveys.Stamp{}, today); err != nil {
		o.t.Fatal(err)
	}
}

// What went live between two waves stands in the trend, in its small charts, on the pages of the departments it concerns,
// and in packs made from then on, which keep it.
func TestWhatWentLiveStandsInEveryChartOverTime(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 12)
	o.clock.add(30 * 24 * time.Hour)
	o.answered(12, 12)
	o.wentLive("New tickets", "2026-03-20", 1)
	o.wentLive("Before any wave", "2026-02-20")
	cookie, csrf := o.member(accounts.Author)
	pack := o.frozen(cookie, csrf, map[string][]string{"wave": {"2"}})
	limited, _ := o.member(accounts.Analyst, 2)
	for _, c := range []struct {
		cookie, path string
		labelled     bool // the mark is there, with its name
		marked       bool
	}{
		{cookie, "/trend/chart.json", true, true},
		{cookie, "/trend/chart.json?view=small", false, true},
		{cookie, "/departments/1/chart.json", true, true},
		{cookie, "/departments/2/chart.json", false, false},
		{cookie, pack + "/waves/2/trend.json", true, true},
		{limited, "/trend/chart.json", false, false},
		{limited, pack + "/waves/2/trend.json", false, false},
	} {
		r := o.as(c.cookie, c.path)
		if r.status != http.StatusOK || strings.Contains(r.body, "New tickets") != c.labelled || strings.Contains(r.body, `"markLine"`) != c.marked || strings.Contains(r.body, "Before any wave") {
			t.Errorf("%s: status %d, want it marked %t, with its name %t\n%s", c.path, r.status, c.marked, c.labelled, r.body)
		}
	}
	for path, told := range map[string]bool{"/trend": true, "/departments/1": true, "/departments/2": false} {
		if page := o.as(cookie, path).body; strings.Contains(page, "What went live") != told || strings.Contains(page, "New tickets") != told {
			t.Errorf("%s: what went live is told %t", path, !told)
		}
	}
}

func TestAClosedWaveLeadsToItsResultsAndItsFiles(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(6, 6)
	cookie, _ := o.member(accounts.Viewer)
	page := o.as(cookie, "/waves/1").body
	for _, address := range []string{"/results/waves/1", "/exports?wave=1"} {
		if !strings.Contains(page, `href="`+address+`"`) || o.as(cookie, address).status != http.StatusOK {
			t.Errorf("the page of a closed wave does not lead to %s", address)
		}
	}
}
