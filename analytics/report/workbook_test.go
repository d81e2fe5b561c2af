package report_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"soundings/analytics"
	"soundings/analytics/disclosure"
	"soundings/analytics/quotes"
	"soundings/analytics/report"
	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/shareddata"
	"soundings/surveys/store/storetest"
)

// plainWords says keys, and whatever is put into the sentence.
func plainWords() report.Words {
	return report.Words{Lang: "de", Zone: time.UTC,
		Say: func(key string, pairs ...any) string {
			for i := 1; i < len(pairs); i += 2 {
				key += fmt.Sprint(" ", pairs[i])
			}
			return key
		},
		Measure: func(construct string) string { return "measure " + construct },
		Hidden:  func(r disclosure.Reason) string { return "because " + string(r) },
	}
}

// dangerous are texts that spreadsheets and XML files fall over.
func dangerous(t *testing.T) []string {
	t.Helper()
	list := []string{"=1+1", "+49 30 1234", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "=cmd|' /C calc'!A0", "_x000D_", "_x0041_", "a\x00b\x07c\x1b", "\uFFFE\uFFFF",
		strings.Repeat("ä😀", 20000), "]]></t>", "</c><f>1</f>", "a\r\nb", "  spaces  ", "'", "''", "\xff\xfe"}
	if path, ok := shareddata.Find(t, "nasty/csv_injection_payloads.txt"); ok {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for lines := bufio.NewScanner(file); lines.Scan(); {
			list = append(list, lines.Text())
		}
	}
	return list
}

const nastySurvey = `
title: "[Change]: pulse*?/\\"
minimum: 3
constructs: [{id: calm, name: "'A construct with a name [that] is: far longer than Excel takes'"}, {id: calmer, name: "'A construct with a name [that] is: far longer than Excel takes, too'"}]
questions:
  - {id: a, kind: scale, text: "=A1", construct: calm}
  - {id: b, kind: scale, text: "-1+2", construct: calmer, reversed: true}
  - {id: r, kind: recommend, text: "@R"}
  - {id: d, kind: choice, text: D, options: [{id: x, text: "+X"}, {id: y, text: "Y"}], other: true}
  - {id: t, kind: text, text: T}
translations:
  de: {title: Puls, questions: {a: {text: "=B1"}, b: {text: b}, r: {text: r}, d: {text: d, options: {x: "=x", y: y}}, t: {text: t}}}
`

// nastyWorkbook is a hall with two waves of the nasty survey, and the file of their results.
func nastyWorkbook(t *testing.T) (*report.Gathered, []byte, []string) {
	t.Helper()
	texts := dangerous(t)
	h := newHall(t, storetest.SQLite(t), []string{"=Finance", "Sales"}, []string{"-Lead", "Staff"})
	q := h.publish(nastySurvey)
	var list []analytics.Wave
	for _, label := range []string{"=Wave 1", "Wave 2"} {
		people := slices.Concat(
			crowd(20, 0, surveys.Answers{"a": surveys.Number(1), "b": surveys.Number(2), "r": surveys.Number(9), "d": surveys.Picked("x")}, surveys.Answers{"a": surveys.Number(4), "b": surveys.Number(5), "r": surveys.Number(3), "d": surveys.Picked("y")}),
			crowd(12, 1, surveys.Answers{"a": surveys.Number(5), "b": surveys.Number(1), "r": surveys.Number(10), "d": surveys.Picked("x")}, surveys.Answers{"a": surveys.Number(2), "b": surveys.Number(3), "r": surveys.Number(0), "d": surveys.Picked("other")}))
		for i, text := range texts {
			people[i%20].texts = map[string]string{"t": text}
			if i >= 20 {
				people[i%20].texts = map[string]string{"t": text, "d": texts[i-20]}
			}
		}
		list = append(list, analytics.Wave{Wave: h.hold(q, label, people), Questionnaire: q})
	}
	reader := analytics.NewReader(h.s, catalog.New(h.s))
	g, err := report.Gather(t.Context(), reader, list, report.Everything())
	if err != nil {
		t.Fatal(err)
	}
	covers := report.Covers{Quotes: quotes.NewReader(h.s, reader, quotes.Stops{})}
	var file bytes.Buffer
	if err := report.WriteWorkbook(g, plainWords(), &file, report.CommentsPart(t.Context(), h.s, covers, report.Everything())); err != nil {
		t.Fatal(err)
	}
	return g, file.Bytes(), texts
}

// Excel offers to repair a file that breaks any of these rules.
func TestAWorkbookKeepsToTheRulesOfExcel(t *testing.T) {
	_, file, _ := nastyWorkbook(t)
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	sheets, charts := 0, 0
	for _, entry := range archive.File {
		part, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		wellFormed(t, entry.Name, content)
		if strings.HasPrefix(entry.Name, "xl/charts/") {
			charts++
		}
		if strings.HasPrefix(entry.Name, "xl/worksheets/sheet") {
			sheets++
			if bytes.Contains(content, []byte("<f>")) || bytes.Contains(content, []byte("NaN")) || bytes.Contains(content, []byte("Inf<")) {
				t.Errorf("%s has a formula, or a number that is none", entry.Name)
			}
			ordered(t, entry.Name, content)
		}
	}
	if sheets != 8 || charts != 2 {
		t.Errorf("%d sheets, %d charts", sheets, charts)
	}
	book := opened(t, file)
	names := map[string]bool{}
	for _, name := range book.GetSheetList() {
		if len(utf16.Encode([]rune(name))) > 31 || strings.ContainsAny(name, `[]:*?/\`) || strings.Trim(name, "'") != name || name == "" || names[strings.ToLower(name)] {
			t.Errorf("a sheet is called %q", name)
		}
		names[strings.ToLower(name)] = true
	}
}

// wellFormed fails unless a part of a workbook is XML, with texts that fit into cells and have no control characters.
func wellFormed(t *testing.T, name string, content []byte) {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(content))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		text, ok := token.(xml.CharData)
		if !ok {
			continue
		}
		if n := len(utf16.Encode([]rune(string(text)))); n > 32767 && strings.HasPrefix(name, "xl/worksheets/") {
			t.Errorf("%s: a cell has %d characters", name, n)
		}
		if strings.ContainsFunc(string(text), func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF }) {
			t.Errorf("%s: control characters in %.40q", name, text)
		}
	}
}

// ordered fails unless the parts of a sheet come in the order of the schema, without which Excel does not open it.
func ordered(t *testing.T, name string, content []byte) {
	t.Helper()
	schema := []string{"sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "autoFilter", "mergeCells", "conditionalFormatting", "pageMargins", "pageSetup", "drawing", "tableParts"}
	last, depth := -1, 0
	for decoder := xml.NewDecoder(bytes.NewReader(content)); ; {
		token, err := decoder.Token()
		if err != nil {
			return
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth++; depth != 2 {
				continue
			}
			at := slices.Index(schema, token.Name.Local)
			if at < last || at < 0 {
				t.Errorf("%s: %s stands in the wrong place", name, token.Name.Local)
			}
			last = at
		case xml.EndElement:
			depth--
		}
	}
}

func opened(t *testing.T, file []byte) *excelize.File {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = book.Close() })
	return book
}

func TestNothingInAWorkbookCanBeRun(t *testing.T) {
	_, file, texts := nastyWorkbook(t)
	book := opened(t, file)
	seen := map[string]bool{}
	for _, name := range book.GetSheetList() {
		rows, err := book.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, value := range row {
				seen[value] = true
				if _, err := strconv.ParseFloat(value, 64); err != nil && value != "" && strings.ContainsRune("=+-@\t\r", rune(value[0])) {
					t.Errorf("%s: %.40q could be run", name, value)
				}
			}
		}
	}
	for _, text := range texts {
		if strings.HasPrefix(text, "=cmd") && !seen["'"+text] {
			t.Errorf("%q is not among the comments", text)
		}
	}
	for _, want := range []string{"_x000D_", "_x0041_", "abc", "'=Finance", "'=Wave 1", "'-Lead"} {
		if !seen[want] {
			t.Errorf("%q is not as it was written", want)
		}
	}
}

// Numbers are numbers that can be reckoned with, days are days, and both are those of the CSV file.
func TestAWorkbookSaysWhatTheCSVFileSays(t *testing.T) {
	g, file, _ := nastyWorkbook(t)
	var text bytes.Buffer
	summary, err := report.Results(g, time.UTC, &text)
	if err != nil || summary.Rows < 100 {
		t.Fatalf("%v, %v", summary, err)
	}
	h := &hall{t: t}
	tidy := map[string]map[string]string{}
	for _, row := range h.parse(text.String()) {
		if row["kind"] != "answer" {
			tidy[strings.Join([]string{row["wave"], "by_" + row["by"], row["group"], row["measure"]}, "|")] = row
		}
	}
	book := opened(t, file)
	rows, err := book.GetRows("results", excelize.Options{RawCellValue: true})
	if err != nil || len(rows) != len(tidy)+1 {
		t.Fatalf("%d rows of %d: %v", len(rows)-1, len(tidy), err)
	}
	compared := 0
	for i, row := range rows[1:] {
		cell := func(head string) string {
			at := slices.Index(rows[0], head)
			if at < 0 {
				t.Fatalf("there is no column %s", head)
			}
			if at >= len(row) {
				return ""
			}
			return row[at]
		}
		group := cell("group")
		switch group {
		case "by_organisation", "no_band":
			group = ""
		}
		want, ok := tidy[strings.Join([]string{cell("wave"), cell("by"), group, cell("id")}, "|")]
		if !ok {
			t.Fatalf("row %d is not in the CSV file: %v", i+2, row)
		}
		for _, head := range []string{"n", "headcount", "mean", "sd", "low", "high", "favourable", "favourable_low", "neutral", "unfavourable", "recommend", "recommend_low", "recommend_high", "change", "change_high", "p", "smallest_change", "favourable_p", "mean_from", "mean_to", "favourable_over"} {
			if !same(cell(head), want[head]) {
				t.Errorf("row %d: %s is %s, in the CSV file %s", i+2, head, cell(head), want[head])
			}
			if want[head] == "" {
				continue
			}
			compared++
			at, _ := excelize.CoordinatesToCellName(slices.Index(rows[0], head)+1, i+2)
			if kind, err := book.GetCellType("results", at); err != nil || kind != excelize.CellTypeNumber && kind != excelize.CellTypeUnset {
				t.Errorf("%s is no number: %v, %v", at, kind, err)
			}
		}
		at, _ := excelize.CoordinatesToCellName(slices.Index(rows[0], "closed")+1, i+2)
		if shown, err := book.GetCellValue("results", at); err != nil || shown != want["closed"] || !regexp.MustCompile(`^\d+$`).MatchString(cell("closed")) {
			t.Errorf("the wave closed on %q (%q), in the CSV file %q: %v", shown, cell("closed"), want["closed"], err)
		}
	}
	if compared < 200 {
		t.Errorf("only %d figures were compared", compared)
	}
}

// same compares figures to the fifteen digits that spreadsheets have.
func same(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return a == b || errX == nil && errY == nil && math.Abs(x-y) <= 1e-13*math.Abs(y)
}

func TestTheCodeBookHasEveryTextInEveryLanguage(t *testing.T) {
	_, file, _ := nastyWorkbook(t)
	rows, err := opened(t, file).GetRows("codebook")
	if err != nil {
		t.Fatal(err)
	}
	has := func(cells ...string) bool {
		return slices.ContainsFunc(rows, func(row []string) bool {
			return !slices.ContainsFunc(cells, func(c string) bool { return !slices.Contains(row, c) })
		})
	}
	for _, want := range [][]string{{"a", "en", "'=A1", "part_question", "scoring_scale 1 4"}, {"a", "de", "'=B1"}, {"b", "yes", "scoring_reversed 5 4"},
		{"d", "x", "en", "part_option", "'+X"}, {"d", "x", "de", "'=x"}, {"t", "scoring_text", "kind_text"}} {
		if !has(want...) {
			t.Errorf("no row says %q", want)
		}
	}
}

// What the gate hides is hidden in every sheet, and the first sheet says so.
func TestAWorkbookSaysWhatItHides(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), names("Department", 3), nil)
	q := h.publish(nastySurvey)
	answer := []surveys.Answers{{"a": surveys.Number(2), "b": surveys.Number(4)}, {"a": surveys.Number(5), "b": surveys.Number(1)}}
	wave := h.hold(q, "Wave", slices.Concat(crowd(9, 0, answer...), crowd(2, 1, answer...), crowd(7, 2, answer...)))
	g, err := report.Gather(t.Context(), analytics.NewReader(h.s, catalog.New(h.s)), []analytics.Wave{{Wave: wave, Questionnaire: q}}, report.Everything())
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := report.WriteWorkbook(g, plainWords(), &file); err != nil {
		t.Fatal(err)
	}
	book := opened(t, file.Bytes())
	for _, sheet := range []string{"readme", "results", "heatmap"} {
		rows, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, row := range rows {
			if !slices.Contains(row, "Department 1") {
				continue
			}
			found = true
			said := strings.Join(row, "|")
			if !strings.Contains(said, "because too few answers") && !strings.Contains(said, "shown_no") {
				t.Errorf("%s does not say that Department 1 is hidden: %v", sheet, row)
			}
		}
		if !found {
			t.Errorf("%s does not name Department 1", sheet)
		}
	}
}

func TestResponsesAreTheSameInBothFormats(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), []string{"=Finance", "Sales"}, nil)
	q := h.publish(nastySurvey)
	wave := h.hold(q, "Wave", slices.Concat(
		crowd(9, 0, surveys.Answers{"a": surveys.Number(1), "d": surveys.Picked("x")}, surveys.Answers{"a": surveys.Number(4), "b": surveys.Number(2)}),
		crowd(8, 1, surveys.Answers{"a": surveys.Number(5), "r": surveys.Number(10)}, surveys.Answers{"a": surveys.Number(2), "r": surveys.Number(0)})))
	text, _, _ := h.responses(q, wave)
	var file bytes.Buffer
	if _, err := report.ResponsesWorkbook(t.Context(), h.s, q, wave, report.Everything(), plainWords(), &file); err != nil {
		t.Fatal(err)
	}
	rows, err := opened(t, file.Bytes()).GetRows("responses")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n")
	if len(rows) != len(lines) || len(rows) != 18 {
		t.Fatalf("%d rows, %d lines", len(rows), len(lines))
	}
	for i, row := range rows {
		for len(row) < len(rows[0]) {
			row = append(row, "")
		}
		if got := strings.Join(row, ","); got != lines[i] {
			t.Errorf("row %d: %s, in the CSV file %s", i+1, got, lines[i])
		}
	}
}

// Whoever may see one department takes away its rows and no others, not even those without a name.
func TestAScopeHoldsOnlyItsDepartments(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), names("Department", 4), nil)
	q := h.publish(nastySurvey)
	answer := []surveys.Answers{{"a": surveys.Number(2), "b": surveys.Number(4)}, {"a": surveys.Number(5), "b": surveys.Number(1)}}
	wave := h.hold(q, "Wave", slices.Concat(crowd(9, 0, answer...), crowd(2, 1, answer...), crowd(3, 2, answer...), crowd(7, 3, answer...)))
	scope := report.Scope{Sees: func(d surveys.DepartmentID) bool { return d == h.departments[0] || d == h.departments[1] }}
	var text bytes.Buffer
	summary, err := report.ResponsesWithin(t.Context(), h.s, q, wave, scope, &text)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range h.parse(text.String()) {
		if row["department"] != "Department 0" {
			t.Errorf("a row of %q", row["department"])
		}
	}
	if summary.Rows != 9 || summary.Nameless != 0 || summary.LeftOut != 0 {
		t.Errorf("%+v", summary)
	}
	g, err := report.Gather(t.Context(), analytics.NewReader(h.s, catalog.New(h.s)), []analytics.Wave{{Wave: wave, Questionnaire: q}}, scope)
	if err != nil {
		t.Fatal(err)
	}
	text.Reset()
	if _, err := report.Results(g, time.UTC, &text); err != nil {
		t.Fatal(err)
	}
	if file := text.String(); !strings.Contains(file, "Department 1") || strings.Contains(file, "Department 2") || strings.Contains(file, "Department 3") {
		t.Error(file)
	}
}
