package web

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"soundings/analytics"
	"soundings/server/accounts"
	"soundings/server/demo"
	"soundings/server/web/webtest"
	"soundings/surveys"
	"soundings/surveys/store/storetest"
)

// tableOf reads the rows of the table that an id names, cell by cell, without what is there for screen readers only.
func tableOf(t *testing.T, page, id string) [][]string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	attribute := func(n *html.Node, name string) string {
		i := slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
		if i < 0 {
			return ""
		}
		return n.Attr[i].Val
	}
	var rows [][]string
	var text func(n *html.Node) string
	text = func(n *html.Node) (all string) {
		if n.Type == html.TextNode {
			return n.Data
		}
		if attribute(n, "class") == "visually-hidden" {
			return ""
		}
		for c := range n.ChildNodes() {
			all += text(c)
		}
		return all
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "table" {
			continue
		}
		named := attribute(n, "aria-labelledby") == id
		for c := range n.Descendants() {
			named = named || attribute(c, "id") == id
		}
		if !named {
			continue
		}
		for tr := range n.Descendants() {
			if tr.Data != "tr" {
				continue
			}
			var row []string
			for cell := range tr.ChildNodes() {
				if cell.Data == "th" || cell.Data == "td" {
					row = append(row, strings.Join(strings.Fields(text(cell)), " "))
				}
			}
			rows = append(rows, row)
		}
		return rows
	}
	t.Fatalf("no table %q on\n%s", id, page)
	return nil
}

type apiAnswer struct {
	Total  apiGroup
	Groups []apiGroup
}

func (g apiGroup) name() string {
	switch {
	case g.Department != nil:
		return *g.Department
	case g.Band != nil:
		return *g.Band
	}
	return "Everyone"
}

// marks are those of the warnings about who answered, which stand beside a figure.
func (g apiGroup) marks() string {
	marks := ""
	if g.FewAnswered {
		marks += " ⚠"
	}
	if g.BandOff != nil {
		marks += " ⚠"
	}
	return marks
}

// cell is what the page's heat map has to say of a group, worked out from what the API says.
func (g apiGroup) cell(recommends bool) string {
	switch {
	case g.Coarse != nil && recommends:
		return "all alike"
	case g.Recommend != nil:
		return signed(g.Recommend.Score)
	case g.Mean != nil:
		return rounded(*g.Mean)
	case g.Coarse != nil && g.Coarse.Mean != nil:
		return rounded(g.Coarse.Mean[0]) + "–" + rounded(g.Coarse.Mean[1])
	}
	return "hidden"
}

// rounded is a figure that is not negative in whole points: halves go up.
func rounded(x float64) string { return strconv.Itoa(int(math.Floor(x + 0.5 + 1e-9))) }

// Every figure of the newest wave of both surveys of the demo, by department and by band: the page, the pages of its
// questions, the files and the API say the same, and the trend agrees with them.
func TestResultsOnThePagesAreThoseOfTheAPIOverTheDemo(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t))
	today := time.Date(2027, time.February, 10, 12, 0, 0, 0, time.UTC)
	if _, err := demo.Fill(t.Context(), demo.Deps{Store: o.Store, Catalog: o.Catalog, Intake: o.Intake, Secret: o.Secret, Now: today}); err != nil {
		t.Fatal(err)
	}
	cookie, _ := o.member(accounts.Viewer)
	token := o.bearer(accounts.Viewer)
	compared := 0
	for _, wave := range []string{"15", "16"} {
		for _, by := range []string{"department", "band"} {
			compared += o.compareWave(cookie, token, wave, by)
		}
		tidy := o.tidy(o.as(cookie, "/exports/waves/"+wave+"/results.csv"))
		compared += o.compareFiles(cookie, token, wave, tidy) + o.compareWorkbook(cookie, wave, tidy) + o.comparePages(cookie, wave, tidy)
	}
	compared += o.compareFavoured(cookie, token, 15) + o.compareEffects(cookie, token) + o.compareWarnings(cookie, token, 15)
	t.Logf("%d figures are the same", compared)
	if compared < 10000 {
		t.Errorf("only %d figures were compared", compared)
	}
}

func (o *office) compareWave(cookie, token, wave, by string) (compared int) {
	o.t.Helper()
	page := o.as(cookie, "/results/waves/"+wave+"?by="+by)
	heat := tableOf(o.t.(*testing.T), page.body, "heat")
	id, _ := strconv.Atoi(wave)
	w, err := o.Results.WaveByID(o.t.Context(), surveys.WaveID(id))
	if err != nil {
		o.t.Fatal(err)
	}
	doc := w.Questionnaire.Document
	column := 0
	compareColumn := func(answer apiAnswer, recommends bool) {
		column++
		for _, g := range append([]apiGroup{answer.Total}, answer.Groups...) {
			i := slices.IndexFunc(heat, func(row []string) bool { return row[0] == g.name() })
			if i < 0 {
				o.t.Fatalf("wave %s by %s: no row for %s", wave, by, g.name())
			}
			if got, _, _ := strings.Cut(heat[i][column], "▲"); strings.TrimSpace(strings.Split(got, "▼")[0]) != g.cell(recommends) {
				o.t.Errorf("wave %s by %s: %s of %q says %q, the API %q", wave, by, heat[0][column], g.name(), heat[i][column], g.cell(recommends))
			}
			compared++
		}
	}
	for _, construct := range doc.ConstructIDs() {
		var answer apiAnswer
		o.ask(token, "/results/waves/"+wave+"?by="+by+"&construct="+construct, &answer)
		compareColumn(answer, false)
	}
	for i := range doc.Questions {
		q := &doc.Questions[i]
		if q.Kind == surveys.Text {
			continue
		}
		var answer apiAnswer
		o.ask(token, "/results/waves/"+wave+"/questions/"+q.ID+"?by="+by, &answer)
		if q.Scored() {
			compareColumn(answer, q.Kind == surveys.Recommend)
		}
		compared += o.compareSpread(q, o.as(cookie, "/results/waves/"+wave+"/questions/"+q.ID+"?by="+by).body, answer)
	}
	return compared
}

// compareFavoured holds how the favourable shares moved against those that the API gives of both waves.
func (o *office) compareFavoured(cookie, token string, wave surveys.WaveID) (compared int) {
	o.t.Helper()
	t := o.t.(*testing.T)
	res, err := o.Results.WaveResults(t.Context(), analytics.WaveQuery{Wave: wave, By: analytics.ByDepartment})
	if err != nil {
		t.Fatal(err)
	}
	var now, then apiAnswer
	o.ask(token, fmt.Sprintf("/results/waves/%d", wave), &now)
	o.ask(token, fmt.Sprintf("/results/waves/%d", res.Before.ID), &then)
	rows := tableOf(t, o.as(cookie, fmt.Sprintf("/results/waves/%d", wave)).body, "construct-0")
	before := append([]apiGroup{then.Total}, then.Groups...)
	for _, g := range append([]apiGroup{now.Total}, now.Groups...) {
		at := slices.IndexFunc(before, func(b apiGroup) bool { return b.name() == g.name() })
		row := rows[slices.IndexFunc(rows, func(row []string) bool { return row[0] == g.name() })]
		if g.Favourable == nil || before[at].Favourable == nil {
			if told := strings.Join(row, " "); strings.Contains(told, "no clear change") || strings.Contains(told, "clearly") {
				t.Errorf("%s is compared, though one of both waves hides it: %q", g.name(), row)
			}
			continue
		}
		want := signed(*g.Favourable-*before[at].Favourable) + ", "
		if _, moved, _ := strings.Cut(row[3], ")"); !strings.HasPrefix(strings.TrimSpace(moved), want) {
			t.Errorf("%s: %q, want %q", g.name(), row[3], want)
		}
		compared++
	}
	profile := o.as(cookie, "/departments/1?survey=1").body
	if want := " since " + res.Before.Label + ": "; !strings.Contains(profile, ">Favourable<") || strings.Count(profile, want) != 1 {
		t.Errorf("the profile does not say how the favourable share moved%s", want)
	}
	return compared
}

// compareSpread holds the shares of each answer against the API's counts.
func (o *office) compareSpread(q *surveys.Question, page string, answer apiAnswer) (compared int) {
	o.t.Helper()
	rows := tableOf(o.t.(*testing.T), page, "spread")
	for _, g := range append([]apiGroup{answer.Total}, answer.Groups...) {
		i := slices.IndexFunc(rows, func(row []string) bool { return row[0] == g.name() })
		if g.N == nil || g.Coarse != nil {
			if i < 0 || rows[i][1] != "hidden" {
				o.t.Errorf("%s of %s is not hidden: %v", q.ID, g.name(), rows[i])
			}
			continue
		}
		var counts []int
		switch q.Kind {
		case surveys.Scale:
			for value := 1; value <= q.Points; value++ {
				counts = append(counts, g.Counts[strconv.Itoa(value)])
			}
			if q.Reversed {
				slices.Reverse(counts)
			}
		case surveys.Recommend:
			counts = make([]int, 3)
			for value := 0; value <= 10; value++ {
				side := 0
				if value >= 9 {
					side = 2
				} else if value >= 7 {
					side = 1
				}
				counts[side] += g.Counts[strconv.Itoa(value)]
			}
		default:
			for _, option := range q.Options {
				counts = append(counts, g.Counts[option.ID])
			}
			if q.Other {
				counts = append(counts, g.Counts[surveys.OtherOption])
			}
		}
		row := rows[i]
		if row[len(row)-1] != strconv.Itoa(*g.N) || len(row) != len(counts)+2 {
			o.t.Errorf("%s of %s: %v of %d people", q.ID, g.name(), row, *g.N)
			continue
		}
		for at, n := range counts {
			text, _, _ := strings.Cut(row[1+at], "%")
			percent, err := strconv.ParseFloat(text, 64)
			if err != nil || math.Abs(percent-100*float64(n)/float64(*g.N)) > .5+1e-9 {
				o.t.Errorf("%s of %s: %v, the API says %v of %d", q.ID, g.name(), row, counts, *g.N)
			}
			compared++
		}
	}
	return compared
}

func TestResultsSayWhatTheyWaitFor(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, _ := o.member(accounts.Viewer)
	if r := o.as(cookie, "/results"); r.status != http.StatusOK || !strings.Contains(r.body, "There are no results yet.") {
		t.Errorf("status %d\n%s", r.status, r.body)
	}
	o.open(pulse(t))
	for _, path := range []string{"/results/waves/1", "/results/waves/1/questions/benefit"} {
		r := o.as(cookie, path)
		if r.status != http.StatusOK || !strings.Contains(r.body, `href="/waves/1"`) || strings.Contains(r.body, "<table") {
			t.Errorf("%s: status %d\n%s", path, r.status, r.body)
		}
	}
	for _, path := range []string{"/results/waves/1/answers.json", "/results/waves/1/heatmap.svg", "/results/waves/1/questions/benefit/chart.json", "/results/waves/9", "/results/waves/x"} {
		if r := o.as(cookie, path); r.status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
}

// Without scripts a chart is a picture that the server draws; on each page it is of the same figures as the live chart.
func TestChartsOfResultsArePicturesToo(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 12)
	cookie, _ := o.member(accounts.Viewer)
	for page, want := range map[string][]string{
		"/results/waves/1/answers": {"Strongly agree", "I trust myself to learn"}, "/results/waves/1/questions/benefit/chart": {"Strongly disagree", "Finance", "Everyone"},
		"/results/waves/1/heatmap": {"Finance", "Everyone"},
	} {
		live, picture := o.as(cookie, page+".json"), o.as(cookie, page+".svg")
		if live.status != http.StatusOK || picture.status != http.StatusOK {
			t.Fatalf("%s: status %d and %d", page, live.status, picture.status)
		}
		texts, _ := drawn(t, picture.body)
		for _, text := range want {
			if !strings.Contains(live.body, text) || !strings.Contains(texts, text) {
				t.Errorf("%s does not say %q: %q", page, text, texts)
			}
		}
		address := strings.TrimSuffix(strings.TrimSuffix(page, "/chart"), "/answers")
		if strings.HasSuffix(page, "heatmap") {
			continue // its page has a table, and the picture is for taking away
		}
		if body := o.as(cookie, address).body; !strings.Contains(body, `<img class="chart-still" src="`+page+`.svg"`) {
			t.Errorf("%s has no picture for those without scripts", address)
		}
	}
}

func TestResultsLeadThoseWhoMayReadCommentsToThem(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 12)
	for _, role := range accounts.Roles() {
		cookie, _ := o.member(role)
		leads := strings.Contains(o.as(cookie, "/results/waves/1").body, `href="/comments?survey=1&amp;wave=1"`)
		if leads != role.May(accounts.ReadComments) {
			t.Errorf("a %s is led to the comments: %v", role, leads)
		}
		if r := o.as(cookie, "/comments?survey=1&wave=1"); leads && r.status != http.StatusOK {
			t.Errorf("a %s who follows gets status %d", role, r.status)
		}
	}
}

func TestHiddenCellsOfTheHeatMapSayWhy(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 3)
	cookie, _ := o.member(accounts.Viewer)
	page := o.as(cookie, "/results/waves/1").body
	for _, want := range []string{`hidden<span class="visually-hidden">. Too few people answered`, `hidden<span class="visually-hidden">. Hidden too`} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	// A filter under which nothing would be shown cannot be chosen.
	if page := o.as(cookie, "/results/waves/1?by=band").body; !strings.Contains(page, ` disabled>Finance – too few answers</option>`) {
		t.Error(page)
	}
	for _, path := range []string{"/results/waves/1/questions/say", "/results/waves/1/questions/nothing"} {
		if r := o.as(cookie, path); r.status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
}

func TestResultsHaveAddressesForTheirFilters(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 12)
	cookie, _ := o.member(accounts.Viewer)
	for form, want := range map[string]string{
		"/results": "/results/waves/1", "/results?wave=1&by=band&band=2": "/results/waves/1?by=band", "/results?wave=1&by=department&band=2&department=1": "/results/waves/1?band=2",
		"/results?wave=1&by=band&department=1": "/results/waves/1?by=band&department=1",
	} {
		if r := o.as(cookie, form); r.status != http.StatusSeeOther || r.header.Get("Location") != want {
			t.Errorf("%s leads to %q (%d), want %q", form, r.header.Get("Location"), r.status, want)
		}
	}
	if page := o.as(cookie, "/results/waves/1?by=band&department=1").body; !strings.Contains(page, `<tr class="whole"><th scope="row">Finance</th>`) || !strings.Contains(page, `<th scope="row">Lead</th>`) {
		t.Error(page)
	}
	if page := o.as(cookie, "/results/waves/1?by=band").body; !strings.Contains(page, `<option value="1">Finance</option>`) {
		t.Error("a filter under which figures are shown cannot be chosen")
	}
	for _, path := range []string{"/results/waves/1?by=nothing", "/results/waves/1?department=1", "/results/waves/1?by=band&band=1", "/results/waves/1?band=99"} {
		if r := o.as(cookie, path); r.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
}

func TestSomebodyLimitedSeesResultsOfTheirDepartmentsOnly(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 12)
	cookie, _ := o.member(accounts.Viewer, 1)
	for _, path := range []string{"/results/waves/1", "/results/waves/1/questions/benefit", "/results/waves/1/heatmap.json", "/results/waves/1/questions/benefit/chart.json",
		"/results/waves/1?by=band", "/results/waves/1?band=1"} {
		r := o.as(cookie, path)
		if r.status != http.StatusOK || strings.Contains(r.body, "Legal") || !strings.Contains(r.body, "Finance") {
			t.Errorf("%s: status %d\n%s", path, r.status, r.body)
		}
	}
	for _, path := range []string{"/results/waves/1?by=band&department=2", "/results/waves/1?department=2"} {
		if r := o.as(cookie, path); r.status != http.StatusForbidden {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
	nobody, _ := o.member(accounts.Analyst, 99)
	if r := o.as(nobody, "/results/waves/1?by=band"); r.status != http.StatusForbidden {
		t.Errorf("of no department by band: status %d", r.status)
	}
}

// From the newest results to a question and the next one.
func TestResultsAreReadInABrowser(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 6)
	o.member(accounts.Viewer)
	browser := o.browsing()
	for name, c := range map[string]struct {
		tab   *webtest.Tab
		look  func(tab *webtest.Tab, page string)
		drawn string
	}{
		"with scripts":    {browser.Tab(1440, 900), (*webtest.Tab).Accessible, `document.querySelector("[data-chart-plot] svg text")`},
		"without scripts": {browser.Tab(360, 800, webtest.WithoutScripts()), (*webtest.Tab).AccessibleNow, `document.querySelector("img.chart-still")?.naturalWidth > 0`},
	} {
		tab := o.enterAs(accounts.Viewer, c.tab)
		tab.Open(o.BaseURL + "/results")
		tab.Await(c.drawn)
		c.look(tab, "the wave "+name)
		tab.Click(`.heat thead a`)
		tab.Await(`document.querySelector("#spread")`)
		tab.Await(c.drawn)
		c.look(tab, "a question "+name)
		tab.Click(`a[rel="next"]`)
		tab.Await(`document.querySelector("a[rel=prev]")`)
	}
}
