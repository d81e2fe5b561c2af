package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

// peopled is an office with departments of known sizes and a published survey.
func peopled(t *testing.T, s *store.Store) *office {
	t.Helper()
	o := newOffice(t, s)
	o.BaseURL = "https://surveys.example.org"
	o.transact(func(tx *store.Tx) error {
		for _, d := range []surveys.Department{{Name: "Finance", Headcount: 40}, {Name: "Legal", Headcount: 4}, {Name: "Sales"}} {
			if _, err := people.AddDepartment(tx, d.Name, d.Headcount); err != nil {
				return err
			}
		}
		if _, err := people.AddBand(tx, "Staff"); err != nil {
			return err
		}
		_, _, err := o.Catalog.Publish(tx, pulse(t), o.clock.Now())
		return err
	})
	return o
}

// typed is the form of a plan, filled in.
func typed(csrf string, pairs ...string) url.Values {
	return with(url.Values{"csrf": {csrf}, "survey": {"1"}, "label": {"Laptops"}, "every": {"once"},
		"opens": {"2026-03-09T08:00"}, "closes": {"2026-03-20T18:00"}}, pairs...)
}

// eachOffice runs a test on both kinds of database.
func eachOffice(t *testing.T, test func(t *testing.T, o *office)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) { test(t, peopled(t, s)) })
}

func (o *office) mustLead(r reply, to string) {
	o.t.Helper()
	if r.status != http.StatusSeeOther || r.header.Get("Location") != to {
		o.t.Fatalf("status %d to %q, want %q\n%s", r.status, r.header.Get("Location"), to, r.body)
	}
}

func (o *office) mustHold(page string, wants ...string) {
	o.t.Helper()
	for _, want := range wants {
		if !strings.Contains(page, want) {
			o.t.Errorf("%q is not on the page\n%s", want, page)
		}
	}
}

func TestAPlanIsCheckedScheduledOpenedAndClosed(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		cookie, csrf := o.member(accounts.Author)
		o.mustHold(o.as(cookie, "/waves").body, "No wave is running.", "Nothing has run yet")
		o.mustLead(o.submit(cookie, "/waves/new", typed(csrf)), "/waves/plans/1/check")
		o.mustHold(o.as(cookie, "/waves/plans/1/check").body, "One thing to look at", "3 departments.", "44 people, by headcount.",
			"Sales", "Legal has 4 people; results need 5 answers.", `href="/people"`, "English", "9 March 2026, 08:00", "20 March 2026, 18:00")
		o.mustLead(o.submit(cookie, "/waves/plans/1/schedule", url.Values{"csrf": {csrf}}), "/waves")
		o.mustHold(o.as(cookie, "/waves").body, "No wave is running. Next: Laptops, on 9 March 2026, 08:00.")
		o.clock.add(7 * 24 * time.Hour) // from 2 March, 9:00
		if err := o.Waves.Once(context.Background()); err != nil {
			t.Fatal(err)
		}
		cookie, csrf = o.again(accounts.Author)
		o.mustHold(o.as(cookie, "/waves").body, "One wave is running.", "11 days left")
		o.mustHold(o.as(cookie, "/waves/1").body, "11 days left", "fewer than 5 of 40", "Too small: results need 5 answers.", "not told", "https://surveys.example.org/s/")
		o.mustLead(o.submit(cookie, "/waves/1/extend", url.Values{"csrf": {csrf}, "days": {"7"}}), "/waves/1")
		o.mustHold(o.as(cookie, "/waves/1").body, "18 days left", "27 March 2026, 18:00")
		o.mustHold(o.as(cookie, "/waves/1/close").body, "Close Laptops now?")
		o.mustLead(o.submit(cookie, "/waves/1/close", url.Values{"csrf": {csrf}}), "/waves/1")
		page := o.as(cookie, "/waves/1").body
		o.mustHold(page, "Closed on 9 March 2026", `href="/results/waves/1"`)
		if strings.Contains(page, "/s/") || strings.Contains(page, "at least") {
			t.Errorf("a closed wave still has links or numbers\n%s", page)
		}
		if r := o.submit(cookie, "/waves/1/extend", url.Values{"csrf": {csrf}, "days": {"7"}}); r.status != http.StatusGone && r.status != http.StatusUnprocessableEntity {
			t.Errorf("extending a closed wave: status %d", r.status)
		}
	})
}

func TestAFaultyPlanComesBackAsItWasTyped(t *testing.T) {
	o := peopled(t, storetest.SQLite(t))
	cookie, csrf := o.member(accounts.Author)
	r := o.submit(cookie, "/waves/new", typed(csrf, "survey", "99", "closes", "2026-03-01T08:00", "department", "2", "mail", "1",
		"quiet.0.from", "2026-12-31", "quiet.0.to", "2026-12-20", "label", `"><b>Pulse`))
	if r.status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", r.status)
	}
	o.mustHold(r.body, "3 things need another look", `id="survey-fault"`, `id="closes-fault">This must come after the beginning.`, `id="quiet-0-fault"`,
		`value="2026-12-31"`, `value="2026-03-01T08:00"`, `value="2" checked`, `name="mail" value="1" checked`, `&#34;&gt;&lt;b&gt;Pulse`)
	var plans int64
	if err := o.Store.Read(t.Context()).Table("wave_plans").Count(&plans).Error; err != nil || plans != 0 {
		t.Errorf("%d plans are stored, %v", plans, err)
	}
}

func TestTheNextFiveDatesAreShownWithAndWithoutScript(t *testing.T) {
	o := peopled(t, storetest.SQLite(t))
	cookie, csrf := o.member(accounts.Author)
	form := typed(csrf, "every", "weekly", "closes", "2026-03-12T18:00", "quiet.0.from", "2026-03-16", "quiet.0.to", "2026-03-22")
	var days []string
	for _, day := range []string{"9 March", "23 March", "30 March", "6 April", "13 April"} {
		days = append(days, day+" 2026, 08:00")
	}
	r := o.submit(cookie, "/waves/new", with(form, "show", "1"))
	if r.status != http.StatusOK {
		t.Fatalf("status %d", r.status)
	}
	o.mustHold(r.body, "<li>"+strings.Join(days, "</li><li>")+"</li>")
	if got, want := o.as(cookie, "/waves/dates.json?"+form.Encode()).body, `{"dates":["`+strings.Join(days, `","`)+`"]}`; got != want {
		t.Errorf("the script gets %s, want %s", got, want)
	}
}

func TestAnOpeningThatHasGoneByIsOfferedForNowOnly(t *testing.T) {
	o := peopled(t, storetest.SQLite(t))
	cookie, csrf := o.member(accounts.Author)
	o.mustLead(o.submit(cookie, "/waves/new", typed(csrf, "opens", "2026-03-01T08:00")), "/waves/plans/1/check")
	page := o.as(cookie, "/waves/plans/1/check").body
	o.mustHold(page, "This date has gone by.", `action="/waves/plans/1/open"`)
	if strings.Contains(page, "plans/1/schedule") {
		t.Error("it can be scheduled")
	}
	if r := o.submit(cookie, "/waves/plans/1/schedule", url.Values{"csrf": {csrf}}); r.status != http.StatusUnprocessableEntity {
		t.Errorf("scheduling it anyway: status %d", r.status)
	}
	o.mustLead(o.submit(cookie, "/waves/plans/1/open", url.Values{"csrf": {csrf}}), "/waves/1")
	if r := o.submit(cookie, "/waves/plans/1/open", url.Values{"csrf": {csrf}}); r.status != http.StatusConflict {
		t.Errorf("opening it twice: status %d", r.status)
	}
	if r := o.submit(cookie, "/waves/plans/1/edit", typed(csrf)); r.status != http.StatusConflict {
		t.Errorf("changing it after opening: status %d", r.status)
	}
}

func TestAMissedOpeningIsSaidUntilSomebodyHasReadIt(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		cookie, csrf := o.member(accounts.Author)
		o.mustLead(o.submit(cookie, "/waves/new", typed(csrf, "department", "2")), "/waves/plans/1/check")
		o.mustLead(o.submit(cookie, "/waves/plans/1/schedule", url.Values{"csrf": {csrf}}), "/waves")
		o.transact(func(tx *store.Tx) error { return tx.Exec("UPDATE departments SET archived = 1 WHERE id = 2").Error })
		page := o.as(cookie, "/waves/plans/1/check").body
		o.mustHold(page, "None of these departments can be asked any more")
		o.clock.add(7 * 24 * time.Hour)
		if err := o.Waves.Once(context.Background()); err != nil {
			t.Fatal(err)
		}
		cookie, csrf = o.again(accounts.Author)
		const missed = "Laptops was to open on 9 March 2026, 08:00 and did not"
		o.mustHold(o.as(cookie, "/waves").body, missed)
		o.mustLead(o.submit(cookie, "/waves/plans/1/dismiss", url.Values{"csrf": {csrf}}), "/waves")
		if page := o.as(cookie, "/waves").body; strings.Contains(page, missed) {
			t.Error("it is still said")
		}
	})
}

// The budget adds what a department was asked in the quarter, and only there.
func TestTheCheckListTellsHowLongADepartmentHasBeenAskedFor(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		cookie, csrf := o.member(accounts.Author)
		q, err := o.Catalog.Newest(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		each := q.Document.Minutes()
		for _, asked := range [][]surveys.DepartmentID{nil, {1}, {1, 3}} {
			if _, _, err := o.Waves.Open(t.Context(), waves.New{Questionnaire: q, Label: "earlier", Departments: asked}); err != nil {
				t.Fatal(err)
			}
		}
		o.mustLead(o.submit(cookie, "/waves/new", typed(csrf)), "/waves/plans/1/check")
		page := o.as(cookie, "/waves/plans/1/check").body
		for name, times := range map[string]int{"Finance": 3, "Legal": 1, "Sales": 2} {
			cells := regexp.MustCompile(name + `</th><td>(\d+) minutes?</td><td>(?:<strong>)?(\d+) minute`).FindStringSubmatch(page)
			if cells == nil || cells[1] != fmt.Sprint(times*each) || cells[2] != fmt.Sprint((times+1)*each) {
				t.Errorf("%s: %q, want %d and %d minutes", name, cells, times*each, (times+1)*each)
			}
		}
		o.mustLead(o.submit(cookie, "/waves/new", typed(csrf, "opens", "2026-04-01T08:00", "closes", "2026-04-08T08:00")), "/waves/plans/2/check")
		if page := o.as(cookie, "/waves/plans/2/check").body; !strings.Contains(page, "Finance</th><td>0 minutes</td>") {
			t.Errorf("the next quarter does not begin at nothing\n%s", page)
		}
	})
}

func TestTheWarningComesThreeDaysBeforeClosing(t *testing.T) {
	o := peopled(t, storetest.SQLite(t))
	cookie, csrf := o.member(accounts.Author)
	o.mustLead(o.submit(cookie, "/waves/new", typed(csrf, "opens", "2026-03-02T08:00", "closes", "2026-03-12T18:00")), "/waves/plans/1/check")
	o.mustLead(o.submit(cookie, "/waves/plans/1/open", url.Values{"csrf": {csrf}}), "/waves/1")
	const warning = "Too few have answered so far for these departments to be shown: Finance, Sales."
	o.clock.now = time.Date(2026, 3, 8, 23, 59, 0, 0, time.UTC)
	cookie, csrf = o.again(accounts.Author)
	if page := o.as(cookie, "/waves/1").body; strings.Contains(page, warning) {
		t.Error("it warns four days before closing")
	}
	o.clock.now = time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)
	o.mustHold(o.as(cookie, "/waves/1").body, warning, `name="days" value="3"`)
	o.mustLead(o.submit(cookie, "/waves/1/extend", url.Values{"csrf": {csrf}, "days": {"3"}}), "/waves/1")
	if page := o.as(cookie, "/waves/1").body; strings.Contains(page, warning) {
		t.Error("it still warns six days before closing")
	}
	o.clock.now = time.Date(2026, 3, 14, 0, 0, 0, 0, time.UTC)
	viewer, _ := o.member(accounts.Viewer)
	page := o.as(viewer, "/waves/1").body
	o.mustHold(page, warning)
	for _, secret := range []string{"/s/", "extend", "posters"} {
		if strings.Contains(page, secret) {
			t.Errorf("a viewer sees %q", secret)
		}
	}
}

var csrfField = regexp.MustCompile(`name="csrf" value="[^"]*"`)

// Somebody who loads the page after every single answer sees it change only when a department passes a multiple of five,
// and never on account of the one that is too small.
func TestLookingAfterEveryAnswerTellsNothingButTheSteps(t *testing.T) {
	o := peopled(t, storetest.SQLite(t))
	q, err := o.Catalog.Newest(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	_, links, err := o.Waves.Open(t.Context(), waves.New{Questionnaire: q, Label: "now"})
	if err != nil {
		t.Fatal(err)
	}
	cookie, _ := o.member(accounts.Admin)
	look := func() string {
		return csrfField.ReplaceAllString(o.as(cookie, "/waves/1").body+o.as(cookie, "/waves").body, "")
	}
	before, moves := look(), 0
	counts := map[string]int{}
	for i := range 66 {
		department := []string{"1", "2", "3"}[i*7%11%3]
		r := o.post("/s/"+links[0].Code, url.Values{"receipt": {string(surveys.NewReceipt())}, "department": {department}, "band": {"1"}, "q.benefit": {"4"}})
		if r.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		counts[department]++
		page := look()
		changed := page != before
		if step := department != "2" && counts[department]%5 == 0; changed != step {
			t.Errorf("answer %d of department %s: the page changed is %v, want %v", counts[department], department, changed, step)
		}
		if changed {
			moves++
		}
		before = page
	}
	if moves < 6 || counts["2"] < 5 {
		t.Errorf("only %d moves, %d answers of the small department: the test sees too little", moves, counts["2"])
	}
}
