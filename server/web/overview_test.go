package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"soundings/server/accounts"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

func TestAFreshInstallationIsLedToItsFirstSurvey(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t))
	author, _ := o.member(accounts.Author)
	viewer, _ := o.member(accounts.Viewer)
	page := o.as(author, "/")
	for _, want := range []string{"Three steps to your first results.", `href="/people">Add your departments`, `href="/library">Take your first survey`, `href="/waves/new">Open a wave`, `<a href="/" aria-current="page">Overview</a>`} {
		if page.status != http.StatusOK || !strings.Contains(page.body, want) {
			t.Errorf("status %d, without %q", page.status, want)
		}
	}
	if strings.Contains(page.body, "echarts") || strings.Contains(page.body, "No results yet") {
		t.Error("an empty installation has a chart, or two empty states")
	}
	if page := o.as(viewer, "/").body; strings.Contains(page, `href="/people"`) || strings.Contains(page, `href="/library"`) {
		t.Error("somebody is led where they may not go")
	}
	o.staffed()
	if page := o.as(author, "/").body; strings.Contains(page, `btn-primary" href="/people"`) || !strings.Contains(page, "– done") {
		t.Error("a step that is done is not said to be")
	}
}

func TestTheOverviewSaysWhatWaitsForWhomAndWhatRuns(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.transact(func(tx *store.Tx) error {
		if err := people.ChangeDepartment(tx, 1, people.Details{Name: "Finance", Headcount: 40}); err != nil {
			return err
		}
		return people.ChangeDepartment(tx, 2, people.Details{Name: "Legal", Headcount: 14})
	})
	o.answered(24, 11)
	_, open := o.open(pulse(t))
	admin, csrf := o.member(accounts.Admin)
	viewer, _ := o.member(accounts.Viewer)
	limited, _ := o.member(accounts.Analyst, 1)
	if r := o.submit(admin, "/library/change-pulse", url.Values{"csrf": {csrf}}); r.status != http.StatusSeeOther {
		t.Fatalf("a draft: status %d", r.status)
	}
	o.transact(func(tx *store.Tx) error {
		opens := waves.LocalOf(o.clock.Now().Add(48*time.Hour), time.UTC)
		_, err := waves.SavePlan(tx, waves.Plan{Survey: open.Survey, Label: "Summer", Opens: opens, Closes: opens.Plus(14), Every: waves.Quarterly})
		return err
	})
	if err := o.Waves.Extend(t.Context(), open.ID, o.clock.Now().Add(30*time.Hour)); err != nil {
		t.Fatal(err)
	}
	page := o.as(admin, "/").body
	for _, want := range []string{"Summer: the plan is not scheduled yet", "the draft is not published yet", "too few answers to tell how many",
		"and still too few answers from Finance, Legal", "<strong>60%</strong>", "24 of 40", "11 of 14", `data-src="/trend/chart.json?`} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the overview", want)
		}
	}
	for who, cookie := range map[string]string{"a viewer": viewer, "somebody limited": limited} {
		page := o.as(cookie, "/").body
		if strings.Contains(page, "Summer") || strings.Contains(page, "draft is not") {
			t.Errorf("%s is told what only others can do", who)
		}
		if got := strings.Contains(page, "Legal"); got != (cookie == viewer) {
			t.Errorf("%s sees Legal: %v", who, got)
		}
		if !strings.Contains(page, "and still too few answers from Finance") {
			t.Errorf("%s is not told of the wave that closes soon", who)
		}
	}
	if r := o.get("/"); r.status != http.StatusSeeOther || !strings.HasPrefix(r.header.Get("Location"), "/login") {
		t.Errorf("nobody in particular: status %d", r.status)
	}
}

func TestManyWhoMovedAreFoldedAwayButNeverOneAlone(t *testing.T) {
	for n, want := range map[int]int{0: 0, 9: 0, 10: 2, 40: 32} {
		if first, others := folded(make([]trendRow, n)); len(others) != want || len(first)+len(others) != n {
			t.Errorf("of %d, %d are in sight and %d are not", n, len(first), len(others))
		}
	}
}
