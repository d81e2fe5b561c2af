package main

import (
	"bytes"
	"encoding/csv"
	"log/slog"
	"maps"
	"math"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"soundings/server/demo"
	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/intake"
	"soundings/surveys/store"
)

// figureOf is what a figure is of; all as the file of results writes it.
type figureOf struct{ wave, by, group, kind, measure string }

// figures are those of one source, by what they are of and by their column in the file of results.
type figures map[figureOf]map[string]string

// sameInR is how closely R has to agree.
const sameInR = 1e-6

// about lists the columns that say what a row is of, or why it tells nothing, and not what was worked out from answers.
func about() []string {
	return []string{"wave_id", "wave", "opened", "closed", "survey_id", "survey", "by", "group", "kind", "measure", "headcount", "asked", "before",
		"shown", "reason", "mean_from", "mean_to", "favourable_over", "favourable_under",
		"few_answered", "band_off", "band_off_answered", "band_off_asked",
		"rank", "rank_low", "rank_high"} // none of these surveys has a ranking
}

// R works out, from the exported responses of the demo and of the real survey, what the exported results and the API say.
// Where the gate leaves something out of the responses R cannot; so the real survey is there a second time, of people who
// agreed to be named, and there no figure may be left over.
func TestRComputesFromTheExportWhatIsShown(t *testing.T) {
	t.Parallel()
	rse := rseFolder(t)
	seen := map[string]int{}
	columns := map[string]bool{}
	for _, c := range []struct {
		name, kind string
		surveys    []string
		fill       func(s *site)
		least      int // figures
	}{
		{"the demo", "gated", []string{"1", "2"}, func(s *site) { s.fillDemo(time.Date(2027, time.February, 10, 12, 0, 0, 0, time.UTC)) }, 30000},
		{"the real survey", "gated", []string{"1"}, func(s *site) { importRSE(s, rse) }, 200},
		{"the real survey of people with names", "whole", []string{"1"}, func(s *site) { s.importNamed(rse) }, 1000},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t, store.SQLite)
			c.fill(s)
			dir := t.TempDir()
			if c.name == "the demo" {
				s.exportVisits(dir)
			}
			results, computed := s.computedTwice(dir, c.kind, c.surveys)
			compared, left := s.compareWithR(results, computed, c.kind == "whole", seen)
			if c.name == "the demo" {
				s.compareVisitsWithR(dir, results)
			}
			inAPI := s.compareAPIWithR(computed)
			t.Logf("%d figures agree with R, and %d in the API; %d rest on answers that the files leave out", compared, inAPI, left)
			if compared < c.least || inAPI < c.least/10 || c.kind == "whole" && left > 0 {
				t.Errorf("%d figures compared, %d in the API, %d left over; want at least %d", compared, inAPI, left, c.least)
			}
			if tried := computed.tried(); c.name == "the demo" && tried != 2 {
				t.Errorf("R compared %d halves of departments on which texts were tried, want 2", tried)
			}
			for _, row := range results {
				for column := range row {
					columns[column] = true
				}
			}
		})
	}
	for column := range columns {
		if seen[column] == 0 && !slices.Contains(about(), column) {
			t.Errorf("R computed no %s", column)
		}
	}
}

// tried counts the halves of departments of which R has an interval, and of the second one the verdict as well.
func (f figures) tried() (n int) {
	for of, values := range f {
		if of.kind == "trial" && values["low"] != "" && (of.measure == "openness.a" || values["p"] != "" && values["verdict"] != "" && values["smallest_change"] != "") {
			n++
		}
	}
	return n
}

// fillDemo makes the organisation of the demo, as of a day.
func (s *site) fillDemo(today time.Time) {
	s.t.Helper()
	s.do("migrate", "up")
	db, err := store.Open(s.t.Context(), s.args[1])
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	secret := surveys.Secret("the secret of the tests")
	in := intake.New(db, secret, slog.New(slog.DiscardHandler), intake.DefaultQueue)
	defer in.Close()
	if _, err := demo.Fill(s.t.Context(), demo.Deps{Store: db, Catalog: catalog.New(db), Intake: in, Secret: secret, Now: today}); err != nil {
		s.t.Fatal(err)
	}
}

// importNamed imports the real survey as one of people who agreed to be named, into departments with headcounts: of some
// everybody answered, of some more than there are.
func (s *site) importNamed(rse string) {
	s.t.Helper()
	answered := map[string]int{}
	for key, r := range references(s.t, filepath.Join(rse, "reference_rse_construct.csv"), 2) {
		if country, year, _ := strings.Cut(key, "/"); country != "ALL" && year == "2018" {
			answered[country] = r.n
		}
	}
	for i, country := range slices.Sorted(maps.Keys(answered)) {
		people := answered[country] + []int{40, 0, -1, 7}[i%4]
		s.do("department", "add", country, "--headcount", strconv.Itoa(max(people, 1)))
	}
	dir := s.t.TempDir()
	for _, name := range []string{"rse-map.yaml", "rse-survey.yaml"} {
		content, err := os.ReadFile(filepath.Join("..", "surveys", "imports", "testdata", name))
		if err != nil {
			s.t.Fatal(err)
		}
		named := strings.Replace(string(content), "anonymity: anonymous\nminimum: 5\n", "anonymity: named\n", 1)
		named = strings.Replace(named, "wave: {column: Year}\n", "wave: {column: Year}\nband: {column: Band}\n", 1)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(named), 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	for _, band := range []string{"Staff", "Lead"} {
		s.do("band", "add", band)
	}
	s.do("import", "responses", "--map", filepath.Join(dir, "rse-map.yaml"), banded(s.t, filepath.Join(rse, "rse_public_merged_2017_2018.csv")))
}

// banded is a copy of a file of responses in which everybody but a few has a made-up band.
func banded(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i := range records {
		records[i] = append(records[i], []string{"Staff", "Lead", "Staff", "Staff", "Lead", "Staff", ""}[i%7])
	}
	records[0][len(records[0])-1] = "Band"
	var out bytes.Buffer
	if err := csv.NewWriter(&out).WriteAll(records); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "banded.csv")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// computedTwice exports everything into a folder, and lets R compute it.
func (s *site) computedTwice(dir, kind string, list []string) (results, computed figures) {
	s.t.Helper()
	r, err := exec.LookPath("Rscript")
	if err != nil {
		s.t.Fatal("this test needs R: apt-get install -y r-base-core")
	}
	s.do("export", "responses", "--out", dir)
	for _, id := range list {
		s.do("export", "results", "--survey", id, "--out", dir)
	}
	if out, err := exec.CommandContext(s.t.Context(), r, "--vanilla", filepath.Join("testdata", "figures.R"), dir, kind).CombinedOutput(); err != nil {
		s.t.Fatalf("R: %v\n%s", err, out)
	}
	results, computed = figures{}, figures{}
	files, err := filepath.Glob(filepath.Join(dir, "results-survey-*.csv"))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, file := range files {
		for _, row := range s.table(file) {
			results[figureOf{row["wave_id"], row["by"], row["group"], row["kind"], row["measure"]}] = row
		}
	}
	for _, row := range s.table(filepath.Join(dir, "figures.csv")) {
		of := figureOf{row["wave_id"], row["by"], row["group"], row["kind"], row["measure"]}
		if computed[of] == nil {
			computed[of] = map[string]string{}
		}
		computed[of][row["column"]] = row["value"]
	}
	return results, computed
}

// table reads a CSV file as rows by the names of its columns.
func (s *site) table(path string) []map[string]string {
	s.t.Helper()
	file, err := os.Open(path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil || len(records) < 2 {
		s.t.Fatalf("%s: %d lines, %v", path, len(records), err)
	}
	rows := make([]map[string]string, len(records)-1)
	for i, record := range records[1:] {
		rows[i] = map[string]string{}
		for j, name := range records[0] {
			rows[i][name] = record[j]
		}
	}
	return rows
}

// compareWithR holds every figure that R computed against the results; left counts what R could not compute. Of a whole
// survey R has nothing that the results lack; of others how statements go together is told less often than it could be.
func (s *site) compareWithR(results, computed figures, whole bool, seen map[string]int) (compared, left int) {
	s.t.Helper()
	for of, values := range computed {
		row := results[of]
		if of.kind == "driver" && row == nil && !whole {
			continue
		}
		for column, value := range values {
			if !agrees(column, row[column], value) || row["shown"] != "TRUE" {
				s.t.Errorf("%+v: %s is %q in the file, R has %s", of, column, row[column], value)
			}
			compared++
			seen[column]++
		}
	}
	for of, row := range results {
		if of.by == "band" && !whole {
			continue // the responses hardly ever tell bands
		}
		for column, value := range row {
			if value == "" || value == "not_comparable" || computed[of][column] != "" || slices.Contains(about(), column) {
				continue
			}
			if left++; whole {
				s.t.Errorf("%+v: %s is %s in the file, R has nothing", of, column, value)
			}
		}
	}
	return compared, left
}

// agrees compares numbers, and verdicts. Correlations are told in hundredths, so that they do not tell what somebody answered.
func agrees(column, told, computed string) bool {
	x, errX := strconv.ParseFloat(told, 64)
	y, errY := strconv.ParseFloat(computed, 64)
	if errX != nil || errY != nil {
		return told == computed
	}
	if strings.HasPrefix(column, "correlation") {
		return math.Abs(x-y) <= 0.005+1e-9 && x == math.Round(100*x)/100
	}
	return math.Abs(x-y) <= sameInR
}

// apiFigures is a group as the API tells it.
type apiFigures struct {
	Department             string
	N, Mean, SD, Low, High *float64
	Favourable             *float64
	Recommend              *struct{ Score, Low, High float64 }
	Counts                 map[string]float64
}

// columns are the figures by their columns in the file of results.
func (g apiFigures) columns() map[string]*float64 {
	list := map[string]*float64{"n": g.N, "mean": g.Mean, "sd": g.SD, "low": g.Low, "high": g.High, "favourable": g.Favourable}
	if r := g.Recommend; r != nil {
		list["recommend"], list["recommend_low"], list["recommend_high"] = &r.Score, &r.Low, &r.High
	}
	return list
}

// compareAPIWithR asks the API about every measure of every wave that R knows.
func (s *site) compareAPIWithR(computed figures) (compared int) {
	s.t.Helper()
	token := s.do("token", "add", "--name", "test", "--role", "viewer")[0]
	base := s.serve()
	asked := map[figureOf]bool{}
	for of := range computed {
		if of.kind == "answer" || of.kind == "driver" || of.kind == "participation" || of.kind == "trial" || asked[figureOf{wave: of.wave, measure: of.measure}] {
			continue
		}
		asked[figureOf{wave: of.wave, measure: of.measure}] = true
		path := "/api/v1/results/waves/" + of.wave + "/questions/" + of.measure + "?by=department"
		if of.kind == "construct" {
			path = "/api/v1/results/waves/" + of.wave + "?by=department&construct=" + url.QueryEscape(of.measure)
		}
		var answer struct {
			Total  apiFigures
			Groups []apiFigures
		}
		s.get(base, token, path, &answer)
		of.by, of.group = "organisation", ""
		compared += s.compareGroupWithR(of, answer.Total, computed)
		for _, g := range answer.Groups {
			of.by, of.group = "department", g.Department
			compared += s.compareGroupWithR(of, g, computed)
		}
	}
	return compared
}

func (s *site) compareGroupWithR(of figureOf, g apiFigures, computed figures) (compared int) {
	s.t.Helper()
	check := func(of figureOf, column string, in *float64) {
		value := computed[of][column]
		if value == "" {
			return // the files leave out what it rests on
		}
		if in == nil || !agrees(column, strconv.FormatFloat(*in, 'g', -1, 64), value) {
			s.t.Errorf("%+v: %s is %s in the API, R has %s", of, column, printed(in), value)
		}
		compared++
	}
	for column, in := range g.columns() {
		check(of, column, in)
	}
	for answer, count := range g.Counts {
		check(figureOf{of.wave, of.by, of.group, "answer", of.measure + "." + answer}, "count", &count)
	}
	return compared
}
