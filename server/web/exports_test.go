package web

import (
	"encoding/csv"
	"math"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// compareFiles holds the files of a wave's results against the API, which the pages are held against: every figure of
// every group. It takes part in the test of the results' pages over the demo.
func (o *office) compareFiles(cookie, token, wave string, tidy map[[3]string]map[string]string) (compared int) {
	o.t.Helper()
	id, _ := strconv.Atoi(wave)
	w, err := o.Results.WaveByID(o.t.Context(), surveys.WaveID(id))
	if err != nil {
		o.t.Fatal(err)
	}
	doc := w.Questionnaire.Document
	for _, by := range []string{"department", "band"} {
		for _, construct := range doc.ConstructIDs() {
			var answer apiAnswer
			o.ask(token, "/results/waves/"+wave+"?by="+by+"&construct="+construct, &answer)
			compared += o.compareRows(tidy, by, construct, answer)
		}
		for _, q := range doc.Questions {
			if q.Kind == surveys.Text {
				continue
			}
			var answer apiAnswer
			o.ask(token, "/results/waves/"+wave+"/questions/"+q.ID+"?by="+by, &answer)
			compared += o.compareRows(tidy, by, q.ID, answer)
		}
	}
	return compared + o.compareTrend(cookie, token, wave, strconv.Itoa(int(w.Survey)))
}

// tidy reads a file of results: its rows by what they are of.
func (o *office) tidy(file reply) map[[3]string]map[string]string {
	o.t.Helper()
	records, err := csv.NewReader(strings.NewReader(file.body)).ReadAll()
	if err != nil || file.status != http.StatusOK {
		o.t.Fatalf("status %d, %v", file.status, err)
	}
	rows := map[[3]string]map[string]string{}
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows[[3]string{row["by"], row["group"], row["measure"]}] = row
	}
	return rows
}

func (o *office) compareRows(tidy map[[3]string]map[string]string, by, measure string, answer apiAnswer) (compared int) {
	o.t.Helper()
	for i, g := range append([]apiGroup{answer.Total}, answer.Groups...) {
		at, group := by, g.name()
		if i == 0 {
			at, group = "organisation", ""
		}
		row, ok := tidy[[3]string{at, group, measure}]
		if !ok {
			o.t.Fatalf("the file has no row for %s of %s %q", measure, at, group)
		}
		figure := func(name string, want *float64) {
			compared++
			got, err := strconv.ParseFloat(row[name], 64)
			if want == nil && row[name] != "" || want != nil && (err != nil || got != *want) {
				o.t.Errorf("%s of %s %q: %s is %q in the file, %v in the API", measure, at, group, name, row[name], want)
			}
		}
		if row["shown"] != strings.ToUpper(strconv.FormatBool(g.Shown)) || (row["reason"] != "") == g.Shown {
			o.t.Errorf("%s of %s %q: shown %q, reason %q in the file, %v in the API", measure, at, group, row["shown"], row["reason"], g.Shown)
		}
		var n *float64
		if g.N != nil {
			n = new(float64)
			*n = float64(*g.N)
		}
		figure("n", n)
		for name, want := range map[string]*float64{"mean": g.Mean, "sd": g.SD, "low": g.Low, "high": g.High, "favourable": g.Favourable} {
			figure(name, want)
		}
		if r := g.Recommend; r != nil {
			figure("recommend", &r.Score)
			figure("recommend_low", &r.Low)
			figure("recommend_high", &r.High)
		}
		if g.Coarse != nil && g.Coarse.Mean != nil {
			figure("mean_from", &g.Coarse.Mean[0])
			figure("mean_to", &g.Coarse.Mean[1])
		}
		for value, n := range g.Counts {
			if _, _, rank := strings.Cut(value, ":"); rank {
				continue // the file has the mean rank
			}
			if got := tidy[[3]string{at, group, measure + "." + value}]["count"]; got != strconv.Itoa(n) {
				o.t.Errorf("%s of %s %q: %q chose %s in the file, %d in the API", measure, at, group, got, value, n)
			}
			compared++
		}
	}
	return compared
}

// compareTrend holds the trend of the workbook against the API.
func (o *office) compareTrend(cookie, token, wave, survey string) (compared int) {
	o.t.Helper()
	book := o.workbook(o.as(cookie, "/exports/waves/"+wave+"/results.xlsx"))
	rows, err := book.GetRows("Trend", excelize.Options{RawCellValue: true})
	if err != nil {
		o.t.Fatal(err)
	}
	var trend apiTrendBody
	o.ask(token, "/results/trend?survey="+survey, &trend)
	for _, line := range trend.Series {
		for i, p := range line.Points {
			label := trend.Waves[i].Label
			at := slices.IndexFunc(rows, func(row []string) bool { return len(row) > 4 && row[0] == label && row[2] == line.Department })
			if p.Mean == nil {
				if at >= 0 && !strings.Contains(rows[at][4], " to ") && rows[at][4] != "" {
					o.t.Errorf("%s, %s: %v in the file, hidden in the API", line.Department, label, rows[at])
				}
				continue
			}
			if at < 0 {
				o.t.Fatalf("the trend has no row for %s, %s", line.Department, label)
			}
			for column, want := range map[int]float64{3: float64(*p.N), 4: *p.Mean, 5: *p.Low, 6: *p.High} {
				if got, err := strconv.ParseFloat(rows[at][column], 64); err != nil || math.Abs(got-want) > 1e-9 {
					o.t.Errorf("%s, %s: %q in the file, %v in the API", line.Department, label, rows[at][column], want)
				}
				compared++
			}
		}
	}
	return compared
}

func (o *office) workbook(file reply) *excelize.File {
	o.t.Helper()
	book, err := excelize.OpenReader(strings.NewReader(file.body))
	if err != nil || file.status != http.StatusOK {
		o.t.Fatalf("status %d, %v", file.status, err)
	}
	o.t.Cleanup(func() { _ = book.Close() })
	return book
}

// Whoever takes something away gets what they may see, it is recorded, and nothing of it stays on the disk.
func TestFilesHonourWhoAsks(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(14, 12)
	o.open(pulse(t))
	viewer, _ := o.member(accounts.Viewer)
	analyst, _ := o.member(accounts.Analyst, 1)
	admin, _ := o.member(accounts.Admin)
	for _, test := range []struct {
		cookie, path string
		status       int
		holds, lacks string
	}{
		{viewer, "/exports/waves/1/results.csv", http.StatusOK, "Legal & Tax <b>", "\x00"},
		{viewer, "/exports/waves/1/responses.csv", http.StatusForbidden, "", "Finance"},
		{viewer, "/exports/waves/1/responses.xlsx", http.StatusForbidden, "", "Finance"},
		{viewer, "/exports/waves/1/comments.csv", http.StatusForbidden, "", "Finance"},
		{analyst, "/exports/waves/1/results.csv", http.StatusOK, "department,Finance", "Legal & Tax <b>"},
		{analyst, "/exports/waves/1/responses.csv", http.StatusOK, "Spring 2026,Finance", "Legal & Tax <b>"},
		{analyst, "/exports/waves/1/comments.csv", http.StatusOK, "wave,question,department,comment\r\n", "Legal & Tax <b>"},
		{admin, "/exports/waves/1/responses.csv", http.StatusOK, "Legal & Tax <b>", "\x00"},
		{admin, "/exports/waves/2/responses.csv", http.StatusConflict, "", "Finance"},
		{admin, "/exports/waves/99/results.csv", http.StatusNotFound, "", "Finance"},
		{admin, "/exports/surveys/99/results.xlsx", http.StatusNotFound, "", "Finance"},
		{admin, "/exports/surveys/x/results.csv", http.StatusNotFound, "", "Finance"},
	} {
		r := o.as(test.cookie, test.path)
		if r.status != test.status || !strings.Contains(r.body, test.holds) || strings.Contains(r.body, test.lacks) {
			t.Errorf("%s: status %d\n%.600s", test.path, r.status, r.body)
		}
		if attached := strings.HasPrefix(r.header.Get("Content-Disposition"), "attachment"); attached != (test.status == http.StatusOK) {
			t.Errorf("%s: status %d, %q", test.path, r.status, r.header.Get("Content-Disposition"))
		}
	}
	for cookie, commented := range map[string]bool{viewer: false, admin: true} {
		sheets := o.workbook(o.as(cookie, "/exports/surveys/1/results.xlsx")).GetSheetList()
		if slices.Contains(sheets, "Comments") != commented {
			t.Errorf("sheets %v", sheets)
		}
	}
	recorded := strings.Join(o.entries(), "\n")
	for _, want := range []string{"viewer@example.org||results.export|wave 1|ok|0.0.0.0", "viewer@example.org||responses.export|wave 1|refused|0.0.0.0",
		"analyst@example.org||comments.export|wave 1|ok|0.0.0.0", "admin@example.org||responses.export|wave 2|failed|0.0.0.0", "admin@example.org||results.export|survey 1|ok|0.0.0.0"} {
		if !strings.Contains(recorded, want) {
			t.Errorf("%q is not recorded:\n%s", want, recorded)
		}
	}
	left, err := os.ReadDir(temporary)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range left {
		if strings.HasPrefix(file.Name(), "soundings-") {
			t.Errorf("%s stays on the disk", file.Name())
		}
	}
}

// What cannot be written into the audit log does not leave, however large it is.
func TestAFileThatCannotBeRecordedDoesNotLeave(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(14, 12)
	cookie, _ := o.member(accounts.Admin)
	o.transact(func(tx *store.Tx) error { return tx.Exec("DROP TABLE audit_log").Error })
	r := o.as(cookie, "/exports/waves/1/responses.csv")
	if r.status == http.StatusOK || strings.Contains(r.body, "Finance") || r.header.Get("Content-Disposition") != "" {
		t.Errorf("status %d, %q\n%s", r.status, r.header.Get("Content-Disposition"), r.body)
	}
}

func TestDownloadsHaveNamesThatEverySystemTakes(t *testing.T) {
	name := fileName(".xlsx", "Puls: Wie «offen» sind wir?", "Frühjahr 2026/27", "調査 \x00..\\", "===")
	if name != "Puls-Wie-offen-sind-wir-Frühjahr-2026-27-調査.xlsx" {
		t.Errorf("the file is called %q", name)
	}
	const want = `attachment; filename="Fr_hjahr-__.csv"; filename*=UTF-8''Fr%C3%BChjahr-%E8%AA%BF%E6%9F%BB.csv`
	if got := attachment("Frühjahr-調査.csv"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := attachment("a\"b\r\nc.csv"); strings.ContainsAny(got, "\r\n") || strings.Count(got, `"`) != 2 {
		t.Errorf("got %q", got)
	}
}

// The page of downloads offers what may be had, in German with files in German.
func TestThePageOfDownloadsOffersWhatMayBeHad(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	viewer, _ := o.member(accounts.Viewer)
	o.mustHold(o.as(viewer, "/exports").body, "There is nothing to take away yet")
	o.answered(14, 12)
	o.open(pulse(t))
	admin, _ := o.member(accounts.Admin)
	page := o.as(viewer, "/exports?wave=1").body
	o.mustHold(page, `href="/exports/surveys/1/results.xlsx"`, `href="/exports/waves/2/results.csv"`, `<tr class="whole">`, "All surveys")
	if strings.Contains(page, "responses.csv") || strings.Contains(page, "comments.csv") {
		t.Error("a viewer is offered responses or comments")
	}
	page = o.as(admin, "/exports").body
	o.mustHold(page, `href="/exports/waves/1/responses.xlsx"`, `href="/exports/waves/1/comments.csv"`, "when it is closed")
	if strings.Contains(page, "/exports/waves/2/responses") {
		t.Error("responses of an open wave are offered")
	}
	german := o.workbook(o.get("/exports/waves/1/results.xlsx", "Cookie", sessionCookie+"="+admin, "Accept-Language", "de"))
	for _, name := range []string{"Lies mich", "Ergebnisse", "Antworten", "Heatmap", "Verlauf", "Kommentare", "Codebuch"} {
		if !slices.Contains(german.GetSheetList(), name) {
			t.Errorf("there is no sheet %s in %v", name, german.GetSheetList())
		}
	}
	o.mustHold(o.as(viewer, "/trend").body, `href="/exports?survey=1"`)
	o.mustHold(o.as(viewer, "/results/waves/1").body, `href="/exports?wave=1"`)
}
