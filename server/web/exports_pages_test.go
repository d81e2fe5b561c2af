package web

import (
	"fmt"
	"html"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"soundings/analytics"
	"soundings/analytics/report"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/people"
)

// figureRow is a row of a file of results, by its columns.
type figureRow map[string]string

func (r figureRow) number(t *testing.T, column string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(r[column], 64)
	if err != nil {
		t.Errorf("%s of %s %q of %s is %q in the file", column, r["by"], r["group"], r["measure"], r[column])
	}
	return x
}

// comparePages holds what the pages say beside the means against the file of results: shares, moves with their verdicts,
// the smallest change, how many took part, and what goes with a construct.
func (o *office) comparePages(cookie, wave string, tidy map[[3]string]map[string]string) (compared int) {
	o.t.Helper()
	doc := o.waveOf(wave).Questionnaire.Document
	for _, by := range []string{"department", "band"} {
		results := o.as(cookie, "/results/waves/"+wave+"?by="+by).body
		for i, construct := range doc.ConstructIDs() {
			compared += o.compareStandings(results, fmt.Sprintf("construct-%d", i), by, construct, tidy)
		}
		for i := range doc.Questions {
			if q := &doc.Questions[i]; q.Scored() {
				page := o.as(cookie, "/results/waves/"+wave+"/questions/"+q.ID+"?by="+by).body
				compared += o.compareStandings(page, "groups", by, q.ID, tidy)
			}
		}
		compared += o.compareTaken(results, by, tidy)
	}
	return compared + o.compareOptions(cookie, wave, tidy) + o.compareDrivers(cookie, wave, tidy)
}

func (o *office) waveOf(wave string) analytics.Wave {
	o.t.Helper()
	id, _ := strconv.Atoi(wave)
	w, err := o.Results.WaveByID(o.t.Context(), surveys.WaveID(id))
	if err != nil {
		o.t.Fatal(err)
	}
	return w
}

// rowOf is what the file says of a row of a table by group.
func (o *office) rowOf(tidy map[[3]string]map[string]string, by, name, measure string) figureRow {
	o.t.Helper()
	at := [3]string{by, name, measure}
	if name == "Everyone" {
		at = [3]string{"organisation", "", measure}
	}
	row, ok := tidy[at]
	if !ok {
		o.t.Fatalf("the file has no row for %v", at)
	}
	return row
}

// compareStandings holds a table of one measure by group against the file.
func (o *office) compareStandings(page, id, by, measure string, tidy map[[3]string]map[string]string) (compared int) {
	o.t.Helper()
	t := o.t.(*testing.T)
	for _, cells := range tableOf(t, page, id)[1:] {
		row := o.rowOf(tidy, by, cells[0], measure)
		if row["mean"] == "" {
			if len(cells) > 4 || row["shown"] == "FALSE" && cells[1] != "hidden" {
				o.t.Errorf("%s of %s: %v on the page, nothing in the file", measure, cells[0], cells)
			}
			continue
		}
		want := []string{whole(row.number(t, "mean")), "", shareIn(t, row, "favourable"), "", "", "", row["n"], ""}
		if row["recommend"] != "" {
			want[0] = signed(row.number(t, "recommend"))
		}
		if row["low"] == "" {
			want[1] = "everyone answered"
		}
		_, interval, _ := strings.Cut(cells[4], "%") // which is not in the file
		want[3] = shareIn(t, row, "unfavourable") + interval
		if row["favourable_p"] != "" {
			want[2] += signed(row.number(t, "favourable_change")) + ", " + strings.ReplaceAll(row["favourable_verdict"], "_", " ")
		}
		if row["p"] != "" {
			want[4] = signed(row.number(t, "change"))
		}
		want[5] = strings.ReplaceAll(row["verdict"], "_", " ")
		if row["headcount"] != "" {
			want[6] += " of " + row["headcount"]
		}
		if row["few_answered"] == "TRUE" {
			want[6] += " ⚠"
		}
		if row["band_off"] != "" {
			want[6] += " ⚠"
		}
		if row["smallest_change"] != "" {
			want[7] = points(row.number(t, "smallest_change"))
		}
		if !slices.Equal(cells[1:], want) {
			o.t.Errorf("%s of %s: the page says %q, the file %q", measure, cells[0], cells[1:], want)
		}
		compared += len(want)
	}
	return compared
}

// shareIn is a share with its interval as pages write it: "31% (27–36)".
func shareIn(t *testing.T, row figureRow, column string) string {
	t.Helper()
	x := row.number(t, column)
	text := fmt.Sprintf("%.0f%%", stats.Whole(x))
	if row[column+"_low"] != "" {
		text += " (" + range95(row.number(t, column+"_low"), row.number(t, column+"_high")) + ")"
	}
	return text
}

func points(x float64) string {
	if n := stats.Whole(x); n != 1 {
		return fmt.Sprintf("%.0f points", n)
	}
	return "1 point"
}

// compareTaken holds who took part against the file.
func (o *office) compareTaken(page, by string, tidy map[[3]string]map[string]string) (compared int) {
	o.t.Helper()
	for _, cells := range tableOf(o.t.(*testing.T), page, "taken")[1:] {
		row := o.rowOf(tidy, by, cells[0], "participation")
		want := "hidden"
		if row["n"] != "" {
			want = row["n"] + " people answered"
		}
		if row["n"] != "" && row["asked"] != "" {
			want = fmt.Sprintf("%s of %s answered (%s%%)", row["n"], row["asked"], whole(100*row.number(o.t.(*testing.T), "rate")))
		}
		if cells[2] != want {
			o.t.Errorf("%s: %q took part on the page, %q in the file", cells[0], cells[2], want)
		}
		compared++
	}
	return compared
}

// compareOptions holds the tables of choices, of everyone, against the file.
func (o *office) compareOptions(cookie, wave string, tidy map[[3]string]map[string]string) (compared int) {
	o.t.Helper()
	t := o.t.(*testing.T)
	for _, q := range o.waveOf(wave).Questionnaire.Document.Questions {
		if q.Kind != surveys.Choice {
			continue
		}
		rows := tableOf(t, o.as(cookie, "/results/waves/"+wave+"/questions/"+q.ID).body, "options")
		ids := []string{}
		for _, option := range q.Options {
			ids = append(ids, option.ID)
		}
		if q.Other {
			ids = append(ids, surveys.OtherOption)
		}
		for i, id := range ids {
			row := o.rowOf(tidy, "", "Everyone", q.ID+"."+id)
			want := []string{shareIn(t, row, "percent"), signed(row.number(t, "change")), strings.ReplaceAll(row["verdict"], "_", " ")}
			if got := rows[1+i][2:]; !slices.Equal(got, want) {
				o.t.Errorf("%s: the page says %q, the file %q", id, got, want)
			}
			compared += len(want)
		}
	}
	return compared
}

var driverText = regexp.MustCompile(`<span class="quiet">ρ ([+−]?[\d.]+) \(([+−]?[\d.]+) to ([+−]?[\d.]+)\), (\d+) people</span>`)

// compareDrivers holds what goes with a construct, on the page of each department, against the file.
func (o *office) compareDrivers(cookie, wave string, tidy map[[3]string]map[string]string) (compared int) {
	o.t.Helper()
	w := o.waveOf(wave)                 // the newest of its survey, which the pages of departments are about
	told := map[string]map[string]int{} // by department, what the file says
	for at, row := range tidy {
		if row["kind"] == "driver" {
			if told[at[1]] == nil {
				told[at[1]] = map[string]int{}
			}
			told[at[1]][fmt.Sprintf("%s %s %s %s", row["correlation"], row["correlation_low"], row["correlation_high"], row["n"])]++
		}
	}
	departments, err := people.Departments(o.t.Context(), o.Store)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, department := range departments {
		name := department.Name
		page := o.as(cookie, fmt.Sprintf("/departments/%d?survey=%d", department.ID, w.Survey)).body
		_, section, _ := strings.Cut(page, `id="drivers"`)
		section, _, _ = strings.Cut(html.UnescapeString(section), "</section>")
		own := 0
		for line := range strings.SplitSeq(section, "<li>") {
			m := driverText.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			of := name
			if strings.Contains(line, "badge-everyone") {
				of = ""
			} else {
				own++
			}
			figures := make([]string, 4)
			for i, text := range m[1:] {
				x, _ := strconv.ParseFloat(strings.NewReplacer("−", "-", "+", "").Replace(text), 64)
				figures[i] = strconv.FormatFloat(x, 'f', -1, 64)
			}
			if told[of][strings.Join(figures, " ")] == 0 {
				o.t.Errorf("%s: %q is not in the file: %v", name, m[0], told[of])
			}
			compared++
		}
		inFile := 0
		for _, times := range told[name] {
			inFile += times
		}
		if own != inFile {
			o.t.Errorf("%s: %d lines of its own on the page, %d in the file", name, own, inFile)
		}
	}
	return compared
}

// compareWorkbook holds the sheets of figures against the CSV file, all columns of all rows, and the heat map.
func (o *office) compareWorkbook(cookie, wave string, tidy map[[3]string]map[string]string) (compared int) {
	o.t.Helper()
	words, _, err := FileWords("en", time.UTC)
	if err != nil {
		o.t.Fatal(err)
	}
	book := o.workbook(o.as(cookie, "/exports/waves/"+wave+"/results.xlsx"))
	answers := map[string]string{"n": "n", "count": "count", "percent": "percent", "percent_low": "low", "percent_high": "high", "before": "before",
		"change": "change", "change_low": "change_low", "change_high": "change_high", "p": "p", "verdict": "verdict"}
	results := map[string]string{}
	for _, row := range tidy {
		for column := range row {
			results[column] = column
		}
	}
	for _, other := range []string{"wave_id", "wave", "opened", "closed", "survey_id", "survey", "by", "group", "kind", "measure", "shown", "reason", // texts
		"count", "percent", "percent_low", "percent_high", "rank", "rank_low", "rank_high"} { // of answers
		delete(results, other)
	}
	return o.compareSheet(book, words, "results", results, false, tidy) + o.compareSheet(book, words, "answers", answers, true, tidy) + o.compareHeatSheet(book, words, wave, tidy)
}

// compareSheet holds a sheet against those rows of the CSV file that are answers, or are not.
func (o *office) compareSheet(book *excelize.File, words report.Words, name string, columns map[string]string, answers bool, tidy map[[3]string]map[string]string) (compared int) {
	o.t.Helper()
	rows, err := book.GetRows(words.Say(name), excelize.Options{RawCellValue: true})
	if err != nil {
		o.t.Fatal(err)
	}
	expected := 0
	for _, row := range tidy {
		if (row["kind"] == "answer") == answers {
			expected++
		}
	}
	if len(rows) != expected+1 {
		o.t.Fatalf("%s has %d rows, the CSV file %d", name, len(rows)-1, expected)
	}
	for _, row := range rows[1:] {
		cell := func(key string) string {
			if at := slices.Index(rows[0], words.Say(key)); at >= 0 && at < len(row) {
				return row[at]
			} else if at < 0 {
				o.t.Fatalf("%s has no column %s", name, key)
			}
			return ""
		}
		group := cell("group")
		if cell("by") == words.Say("by_organisation") {
			group = ""
		}
		want := tidy[[3]string{strings.ToLower(cell("by")), group, cell("id")}]
		if want == nil {
			o.t.Fatalf("%s: %v is not in the CSV file", name, row)
		}
		for column, key := range columns {
			text := want[column]
			if text != "" && strings.HasSuffix(column, "verdict") {
				text = words.Say("verdict_" + text)
			}
			if text != "" && column == "few_answered" {
				text = words.Say(map[string]string{"TRUE": "yes", "FALSE": "no"}[text])
			}
			if !alike(cell(key), text) {
				o.t.Errorf("%s of %s %q: %s is %q in the workbook, %q in the CSV file", cell("id"), cell("by"), group, column, cell(key), text)
			}
			compared++
		}
	}
	return compared
}

// compareHeatSheet holds the heat map of the workbook, whose columns are the measures with a number, against the CSV file.
func (o *office) compareHeatSheet(book *excelize.File, words report.Words, wave string, tidy map[[3]string]map[string]string) (compared int) {
	o.t.Helper()
	rows, err := book.GetRows(words.Say("heatmap"), excelize.Options{RawCellValue: true})
	if err != nil {
		o.t.Fatal(err)
	}
	doc := o.waveOf(wave).Questionnaire.Document
	measures := doc.ConstructIDs()
	for i := range doc.Questions {
		if doc.Questions[i].Scored() {
			measures = append(measures, doc.Questions[i].ID)
		}
	}
	for i, row := range rows[1:] {
		name := row[0]
		if i == 0 {
			name = "Everyone"
		}
		for at, measure := range measures {
			want := o.rowOf(tidy, "department", name, measure)
			text := want["mean"]
			switch {
			case want["recommend"] != "":
				text = want["recommend"]
			case want["shown"] == "FALSE":
				text = words.Say("shown_no")
			case want["mean_from"] != "":
				text = words.Say("between", "Low", want["mean_from"], "High", want["mean_to"])
			}
			if !alike(row[2+at], text) {
				o.t.Errorf("heat map: %s of %s is %q, %q in the CSV file", measure, name, row[2+at], text)
			}
			compared++
		}
	}
	return compared
}

// alike compares two cells, numbers to the fifteen digits that spreadsheets have.
func alike(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return a == b || errX == nil && errY == nil && math.Abs(x-y) <= 1e-13*math.Abs(y)
}
