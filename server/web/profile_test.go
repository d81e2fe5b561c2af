package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys"
	"soundings/surveys/store/storetest"
)

func TestTheListOfDepartmentsSaysWhyThereIsNothingYet(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, _ := o.member(accounts.Viewer)
	for path, want := range map[string]string{"/departments": "There is nothing to say about any department yet", "/departments/1": "There are no results yet."} {
		if r := o.as(cookie, path); r.status != http.StatusOK || !strings.Contains(r.body, want) {
			t.Errorf("%s: status %d, without %q", path, r.status, want)
		}
	}
	if r := o.as(cookie, "/departments/99"); r.status != http.StatusNotFound {
		t.Errorf("a department that does not exist: status %d", r.status)
	}
}

// Every figure beside the others' is that of the API, and what is hidden there is hidden here.
func TestADepartmentStandsBesideTheOthersWithTheFiguresOfTheAPI(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	wave := o.answered(40, 31)
	cookie, _ := o.member(accounts.Viewer)
	token := o.bearer(accounts.Viewer)
	rows := tableOf(t, o.as(cookie, "/departments/1").body, "versus")
	if len(rows) != 9 {
		t.Fatalf("%d rows, want the head, openness and seven questions: %v", len(rows), rows)
	}
	for i, row := range rows[1:] {
		address := fmt.Sprintf("/results/waves/%d", wave.ID)
		if i > 0 {
			address += "/questions/" + o.document(wave).Items(surveys.Openness)[i-1].ID
		}
		var answer apiAnswer
		o.ask(token, address, &answer)
		for column, g := range answer.Groups {
			want := fmt.Sprintf("%.0f ", *g.Mean)
			if got := row[1+column]; !strings.HasPrefix(got, want) || !strings.HasSuffix(got, fmt.Sprintf("%d answers", *g.N)) {
				t.Errorf("%s of %s: %q, the API says %v of %d", row[0], g.name(), got, *g.Mean, *g.N)
			}
		}
		if difference := signed(*answer.Groups[0].Mean - *answer.Groups[1].Mean); !strings.HasPrefix(row[3], difference+" (") {
			t.Errorf("%s: the difference is %q, want %s with its interval", row[0], row[3], difference)
		}
	}
	body := o.as(cookie, "/departments/1").body
	for _, want := range []string{"What goes with openness", "ρ ", "40 people", "It says nothing about what causes what"} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	for _, ending := range []string{"json", "svg"} {
		if r := o.as(cookie, "/departments/1/chart."+ending); r.status != http.StatusOK || !strings.Contains(r.body, "Finance") || strings.Contains(r.body, "Legal") {
			t.Errorf("the chart as %s: status %d", ending, r.status)
		}
	}
}

func TestADepartmentThatIsTooSmallIsToldOnlyWhy(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 3)
	cookie, _ := o.member(accounts.Analyst)
	page := o.as(cookie, "/departments/2").body
	for _, want := range []string{"Where Legal &amp; Tax &lt;b&gt; stands cannot be shown.", "Too few people answered", "Comments of this department cannot be shown"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	if strings.Contains(page, `id="versus"`) || strings.Contains(page, "ρ ") {
		t.Error("figures of three people are on the page")
	}
}

func TestADepartmentsPageIsForThoseWhoMayReadIt(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.spoken([]string{"The VPN sleeps at noon"}, []string{"Ours does not"})
	viewer, _ := o.member(accounts.Viewer)
	limited, _ := o.member(accounts.Analyst, 1)
	for _, test := range []struct {
		who, cookie, path string
		status            int
		comment           bool
	}{
		{"a viewer", viewer, "/departments/1", http.StatusOK, accounts.Viewer.May(accounts.ReadComments)},
		{"somebody limited", limited, "/departments/1", http.StatusOK, true},
		{"somebody limited, of another", limited, "/departments/2", http.StatusForbidden, false},
		{"somebody limited, the chart of another", limited, "/departments/2/chart.json", http.StatusForbidden, false},
	} {
		r := o.as(test.cookie, test.path)
		if r.status != test.status || strings.Contains(r.body, "The VPN sleeps") != test.comment || strings.Contains(r.body, "Ours does not") {
			t.Errorf("%s: status %d, want %d\n%s", test.who, r.status, test.status, r.body)
		}
	}
	list := tableOf(t, o.as(limited, "/departments").body, "stands")
	if slices.ContainsFunc(list, func(row []string) bool { return strings.HasPrefix(row[0], "Legal") }) || len(list) != 3 {
		t.Errorf("somebody limited to Finance is shown %v", list)
	}
}

// From the overview to the comments of one department with nothing but the keyboard, past the menu, which a phone folds
// away, and through a filter.
func TestCommentsOfADepartmentAreReachedByKeyboardFromTheOverview(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.spoken([]string{"The VPN sleeps at noon"}, []string{"Ours does not"})
	cookie, _ := o.member(accounts.Analyst)
	base, browser := o.listen(), webtest.Alone(t)
	for screen, width := range map[string]int64{"desk": 1440, "phone": 360} {
		tab := atDesk(t, browser.Tab(width, 800), base, cookie)
		follow := func(link, arrived string) {
			t.Helper()
			tab.Reach(link)
			tab.Press(kb.Enter)
			tab.Await(arrived)
		}
		tab.Open(base + "/")
		tab.Press(kb.Tab)
		if !webtest.Eval[bool](tab, `document.activeElement.matches(".skip-link") && document.activeElement.getBoundingClientRect().top >= 0`) {
			t.Errorf("%s: the first stop is not the way past the menu, in sight", screen)
		}
		tab.Press(kb.Enter)
		tab.Await(`location.hash === "#main"`)
		tab.Open(base + "/")
		entry := `.subnav a[href="/departments"]`
		if screen == "phone" {
			entry = `.navmenu a[href="/departments"]`
			follow(".navmenu summary", `document.querySelector(".navmenu").open`)
			tab.Press(kb.Tab + kb.Escape)
			tab.Await(`!document.querySelector(".navmenu").open && document.activeElement.matches(".navmenu summary")`)
			tab.Press(kb.Enter)
		}
		follow(entry, `location.pathname === "/departments" && document.readyState === "complete"`)
		tab.Reach(`input[name="find"]`)
		tab.Press("fin")
		follow(`.filters button`, `new URLSearchParams(location.search).get("find") === "fin" && document.readyState === "complete"`)
		follow(`tbody a[href^="/departments/1?"]`, `location.pathname === "/departments/1" && document.querySelector("[data-chart-live]") !== null`)
		follow(`#all-comments`, `location.pathname === "/comments" && new URLSearchParams(location.search).get("department") === "1" && document.readyState === "complete"`)
		if text := tab.Text("main"); !strings.Contains(text, "The VPN sleeps at noon") || strings.Contains(text, "Ours does not") {
			t.Errorf("%s: the walk ends at\n%s", screen, text)
		}
	}
}
