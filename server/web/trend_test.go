package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"soundings/server/accounts"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestTheTrendSaysWhyThereIsNothingYet(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t))
	cookie, _ := o.member(accounts.Viewer)
	r := o.as(cookie, "/trend")
	if r.status != http.StatusOK || !strings.Contains(r.body, "No wave has closed yet") || strings.Contains(r.body, "echarts") {
		t.Errorf("status %d\n%s", r.status, r.body)
	}
}

func TestTheTablesOfTheTrendAgreeWithTheAPI(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		o.answered(12, 9)
		cookie, _ := o.member(accounts.Viewer)
		var trend struct {
			Series []struct {
				Department string
				Points     []apiGroupBody
			}
		}
		o.ask(o.bearer(accounts.Viewer), "/results/trend?construct=openness&by=department", &trend)
		page := o.as(cookie, "/trend").body
		for _, line := range trend.Series {
			p := line.Points[0]
			if p.Mean == nil {
				t.Fatalf("%s is not shown", line.Department)
			}
			if want := fmt.Sprintf(">%.0f</span>", *p.Mean); !strings.Contains(page, want) {
				t.Errorf("%s: %q is not on the page", line.Department, want)
			}
			if want := fmt.Sprintf("%.0f (%.0f–%.0f), %d", *p.Mean, *p.Low, *p.High, *p.N); !strings.Contains(page, want) {
				t.Errorf("%s: %q is not on the page", line.Department, want)
			}
		}
		chart := o.as(cookie, "/trend/chart.json")
		var options struct {
			Series []struct {
				Name string
				Data []struct{ Value *float64 }
			}
		}
		if err := json.Unmarshal([]byte(chart.body), &options); err != nil || len(options.Series) < 2 {
			t.Fatalf("status %d, %v\n%s", chart.status, err, chart.body)
		}
	})
}

func TestHiddenDepartmentsAreExplained(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 3)
	cookie, _ := o.member(accounts.Viewer)
	page := o.as(cookie, "/trend").body
	for _, want := range []string{"Too few people answered, so their figures would not be anonymous.", "Hidden too, so that the figures of a smaller department cannot be worked out", "Legal &amp; Tax &lt;b&gt;"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
}

func TestManyHiddenDepartmentsAreGathered(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.transact(func(tx *store.Tx) error {
		for i := range 6 {
			if _, err := people.AddDepartment(tx, fmt.Sprintf("Office %d", i+1), 3); err != nil {
				return err
			}
		}
		return nil
	})
	o.answered(12, 9)
	cookie, _ := o.member(accounts.Viewer)
	if page := o.as(cookie, "/trend").body; !strings.Contains(page, "<strong>Not shown:</strong> Office 1, Office 2, Office 3, Office 4, Office 5, Office 6.") {
		t.Error(page)
	}
}

// On a phone 200 departments wave by wave are a very long way: those in colour come first, the others unfold.
func TestOfVeryManyDepartmentsThoseInColourAreReadFirst(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 9)
	cookie, _ := o.member(accounts.Viewer)
	if page := o.as(cookie, "/trend?department=1").body; strings.Contains(page, "history-others") {
		t.Error("few departments are folded away")
	}
	o.transact(func(tx *store.Tx) error {
		for i := range historyMost {
			if _, err := people.AddDepartment(tx, fmt.Sprintf("Office %d", i+1), 3); err != nil {
				return err
			}
		}
		return nil
	})
	o.answered(12, 9)
	first, others, folded := strings.Cut(o.as(cookie, "/trend?department=1").body, "<summary>The other department</summary>")
	_, first, _ = strings.Cut(first, `id="history"`)
	if !folded || !strings.Contains(first, `<th scope="row">Finance</th>`) || strings.Contains(first, "Legal") || !strings.Contains(others, `<th scope="row">Legal &amp; Tax`) {
		t.Errorf("first %s\n\nthen %s", first, others)
	}
}

func TestFiltersOfTheTrendStandInItsAddress(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 10)
	cookie, _ := o.member(accounts.Viewer)
	page := o.as(cookie, "/trend?survey=1&construct=openness&band=2&last=4&department=2").body
	for _, want := range []string{`<option value="2" selected>Lead</option>`, `<option value="4" selected>Last 4 waves</option>`, "This is about one band: Lead.",
		`name="department" value="2" checked`, "band=2&amp;construct=openness&amp;department=2&amp;last=4&amp;survey=1"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	for _, path := range []string{"/trend?band=9", "/trend?survey=x", "/trend?department=x", "/trend?last=-1",
		"/trend?department=1&department=2&department=3&department=4&department=5&department=6&department=7&department=8&department=9"} {
		if r := o.as(cookie, path); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "The address asks for something") {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
}

func TestATrendOfNobodyShownHasNoEmptyTable(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.transact(func(tx *store.Tx) error {
		for i := range 6 {
			if _, err := people.AddDepartment(tx, fmt.Sprintf("Office %d", i+1), 3); err != nil {
				return err
			}
		}
		return nil
	})
	o.answered(2, 1)
	cookie, _ := o.member(accounts.Viewer)
	r := o.as(cookie, "/trend")
	if r.status != http.StatusOK || strings.Contains(r.body, "<table") || !strings.Contains(r.body, "Too few answers to show") || !strings.Contains(r.body, "<strong>Not shown:</strong>") {
		t.Errorf("status %d\n%s", r.status, r.body)
	}
}

func TestTheTrendIsSeenByQuestionPeriodOrderAndSearch(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 3)
	cookie, _ := o.member(accounts.Viewer)
	if page := o.as(cookie, "/trend").body; !strings.Contains(page, `<option value="2" disabled>Lead – too few answers</option>`) {
		t.Error("a band that shows nothing is not offered with the reason")
	}
	o.clock.add(time.Hour)
	o.answered(14, 12)
	for path, want := range map[string][]string{
		"/trend?survey=1&measure=q.support":                      {"<option value=\"q.support\" selected>", "question=support", "“"},
		"/trend?survey=1&question=benefit":                       {`<option value="q.benefit" selected>`},
		"/trend?survey=1&construct=engagement":                   {`<option value="openness" selected>`}, // a survey is shown by what it measures
		"/trend?survey=1&find=LEGAL":                             {"“LEGAL”: 1 of 2 departments.", `value="2" checked`},
		"/trend?survey=1&find=legal&department=1":                {`<input type="hidden" name="department" value="1">`},
		"/trend?survey=1&organisation=none":                      {`<option value="none" selected>`},
		"/trend?survey=1&organisation=plain":                     {"Whole organisation", `<option value="weighted" disabled>Departments by headcount – headcounts not known</option>`},
		"/trend?survey=1&view=small":                             {"A small chart each", "view=small", "data-chart-papers"},
		"/trend?survey=1&per=quarter&sort=name&department=2":     {`<option value="quarter" selected>`, `<option value="name" selected>`, `class="s1"`},
		"/trend?survey=1&construct=openness&last=8&department=2": {"/trend?construct=openness&amp;department=2&amp;department=1&amp;last=8&amp;survey=1"},
	} {
		r := o.as(cookie, path)
		for _, text := range want {
			if r.status != http.StatusOK || !strings.Contains(r.body, text) {
				t.Errorf("%s: status %d, without %q", path, r.status, text)
			}
		}
	}
	if page := o.as(cookie, "/trend?survey=1&organisation=none").body; strings.Contains(page, `class="whole"`) {
		t.Error("the organisation is in the table though it is not asked for")
	}
	for _, path := range []string{"/trend?sort=x", "/trend?per=day", "/trend?organisation=x", "/trend/chart.svg?sort=x"} {
		if r := o.as(cookie, path); r.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
	small := o.as(cookie, "/trend/chart.json?survey=1&view=small")
	if strings.Count(small.body, `"gridIndex"`) != 2+1 || !strings.Contains(small.body, "Legal") { // the first axis leaves its 0 out
		t.Errorf("small charts: status %d\n%s", small.status, small.body)
	}
}
