package imports_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"soundings/surveys/imports"
	"soundings/surveys/shareddata"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// importOf imports a file of the shared data with a map and a survey written here.
func importOf(t *testing.T, s *store.Store, data, mapping, survey string) *imports.Report {
	t.Helper()
	dir := files(t, map[string]string{"map.yaml": mapping, "survey.yaml": survey})
	rep, err := imports.Run(context.Background(), depsOn(s), readMap(t, filepath.Join(dir, "map.yaml")), data, false)
	if err != nil {
		t.Fatalf("%v\n%v", err, rep)
	}
	return rep
}

// tallied is what the tallies say of a question, summed over all groups: "value:count" sorted by value.
func tallied(t *testing.T, s *store.Store, question string) string {
	t.Helper()
	rows := storetest.Rows(t, s, "SELECT value, SUM(count) FROM tallies WHERE question_id = ? GROUP BY value ORDER BY value", question)
	return strings.ReplaceAll(strings.Join(rows, " "), "|", ":")
}

func expect(t *testing.T, what string, got, want any) {
	t.Helper()
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

func TestGoogleFormsCSV(t *testing.T) {
	data, ok := shareddata.Find(t, "formats/googleforms/rstudio_2019_en_responses.csv")
	if !ok {
		return // the rules are held by the tests on small files, too
	}
	s := storetest.SQLite(t)
	rep := importOf(t, s, data, `
survey: survey.yaml
wave: {label: "2019"}
department: {column: In what country do you currently reside?, empty: skip}
questions:
  recommend: {columns: ["How likely are you to recommend R to a colleague, friend, or family member?"]}
  hard: {column: "Compared with other technical topics you've learned in school and on the job, on a scale of 1 to 5, how difficult has it been for you to learn R?"}
  tools:
    column: Which tools do you use with your R applications? (please check all that apply)
    separator: ","
    labels:
      RStudio Desktop (IDE): desktop
      Microsoft Excel: excel
      "R Command Line (i.e., the native R terminal interface)": cli
      Python: python
    unmatched: other
  learned:
    column: How did you learn R? If you used multiple methods, please select the one you used the most.
    unmatched: other
  best: {column: What do you like best about using R?}
`, `
title: R
questions:
  - {id: recommend, kind: recommend, text: Recommend}
  - {id: hard, kind: scale, text: Difficult}
  - {id: tools, kind: choices, text: Tools, other: true, options: [{id: desktop, text: A}, {id: excel, text: B}, {id: cli, text: C}, {id: python, text: D}]}
  - id: learned
    kind: choice
    text: Learned
    other: true
    options:
      - {id: self, text: By myself using a book or online documentation that was not part of a formal course}
      - {id: online, text: "Online course (e.g., Coursera, edX, Datacamp)"}
      - {id: job, text: On the job}
      - {id: course, text: In-person course (including bootcamps and workshops as well as more formal courses)}
  - {id: best, kind: text, text: Best}
`)
	// Counted with python3's csv module, and for the tools by replacing the one option that holds a comma first.
	expect(t, "rows", []int{rep.Rows, rep.SkippedDepartment, rep.NothingAnswered, rep.New}, []int{1838, 148, 8, 1682})
	expect(t, "countries", len(rep.NewDepartments), 92)
	expect(t, "recommend", tallied(t, s, "recommend"), "1:1 10:1044 2:1 3:2 4:9 5:11 6:24 7:81 8:244 9:261")
	expect(t, "hard", tallied(t, s, "hard"), "1:97 2:433 3:753 4:341 5:52")
	expect(t, "tools", tallied(t, s, "tools"), "cli:478 desktop:1446 excel:828 other:1146 python:441")
	expect(t, "learned", tallied(t, s, "learned"), "course:236 job:270 online:320 other:49 self:803")
	expect(t, "best", storetest.Rows(t, s, "SELECT COUNT(*) FROM comments WHERE question_id = 'best'"), "[1373]")
	expect(t, "other words", storetest.Rows(t, s, "SELECT COUNT(*) FROM comments WHERE question_id = 'tools'"), "[1146]")
	if rep.Format != "CSV, utf-8, comma" {
		t.Errorf("the file was read as %s", rep.Format)
	}
}

func TestGoogleFormsXLSX(t *testing.T) {
	data, ok := shareddata.Find(t, "formats/googleforms/rstudio_2019_es_responses.xlsx")
	if !ok {
		return
	}
	s := storetest.SQLite(t)
	const survey = `
title: R
language: es
questions:
  - {id: recommend, kind: recommend, text: Recommend}
  - {id: reason, kind: text, text: Reason}
`
	const mapping = `
survey: survey.yaml
wave: {label: "2019"}
department: {column: "¿En qué país resides actualmente?", empty: skip}
questions:
  recommend: {column: "¿Qué tan probable es que recomiendes R a un colega, amiga/o o un familiar?"}
  reason: {column: "¿Qué opción refleja mejor la razón principal por la que aprendiste R?`
	rep := importOf(t, s, data, mapping+` #2"}`, survey)
	// Counted from the sheet's XML with python3's zipfile and ElementTree.
	expect(t, "rows", []int{rep.Rows, rep.SkippedDepartment, rep.NothingAnswered, rep.New}, []int{338, 12, 7, 319})
	expect(t, "countries", len(rep.NewDepartments), 28)
	expect(t, "recommend", tallied(t, s, "recommend"), "1:1 10:204 5:8 6:5 7:13 8:32 9:56")
	expect(t, "reasons", storetest.Rows(t, s, "SELECT COUNT(*) FROM comments"), "[318]")

	dir := files(t, map[string]string{"map.yaml": mapping + `"}`, "survey.yaml": survey})
	_, err := imports.Run(context.Background(), depsOn(s), readMap(t, filepath.Join(dir, "map.yaml")), data, true)
	if err == nil || !strings.Contains(err.Error(), "2 columns are called") {
		t.Errorf("a heading that two columns have must be refused: %v", err)
	}
}

func TestSurveyMonkeyWithTwoHeaderRows(t *testing.T) {
	data, ok := shareddata.Find(t, "formats/surveymonkey/fivethirtyeight_steak-risk-survey.csv")
	if !ok {
		return
	}
	s := storetest.SQLite(t)
	rep := importOf(t, s, data, `
survey: survey.yaml
wave: {label: May 2014}
header_rows: 2
department: {column: Location (Census Region), empty: skip}
band: {column: Age / Response}
questions:
  eats: {column: Do you eat steak?}
  done: {column: How do you like your steak prepared?}
`, `
title: Steak
questions:
  - {id: eats, kind: choice, text: Eats, options: [{id: "yes", text: "YES"}, {id: "no", text: "No"}]}
  - {id: done, kind: choice, text: Done, options: [{id: rare, text: Rare}, {id: mr, text: Medium rare}, {id: m, text: Medium}, {id: mw, text: Medium well}, {id: w, text: Well}]}
`)
	// Counted with python3's csv module.
	expect(t, "rows", []int{rep.Rows, rep.SkippedDepartment, rep.New}, []int{550, 38, 512})
	expect(t, "eats", tallied(t, s, "eats"), "no:101 yes:409")
	expect(t, "done", tallied(t, s, "done"), "m:126 mr:158 mw:70 rare:22 w:35")
	expect(t, "bands", storetest.Rows(t, s, "SELECT b.name, COUNT(*) FROM responses r JOIN bands b ON b.id = r.band_id GROUP BY b.name ORDER BY b.name"),
		"[18-29|110 30-44|132 45-60|140 > 60|130]")
	expect(t, "wave", storetest.Rows(t, s, "SELECT SUBSTR(opened_at, 1, 10) FROM waves"), "[2014-05-01]")
}

func TestSurveyMonkeyInWindows1252WithARankingAndAColumnForEachOption(t *testing.T) {
	data, ok := shareddata.Find(t, "formats/surveymonkey/fivethirtyeight_StarWars.csv")
	if !ok {
		return
	}
	films := []string{"Star Wars: Episode I  The Phantom Menace", "Star Wars: Episode II  Attack of the Clones",
		"Star Wars: Episode III  Revenge of the Sith", "Star Wars: Episode IV  A New Hope",
		"Star Wars: Episode V The Empire Strikes Back", "Star Wars: Episode VI Return of the Jedi"}
	columns := func(question string) string {
		var list []string
		for i, film := range films {
			list = append(list, fmt.Sprintf("e%d: %q", i+1, question+" / "+film))
		}
		return "{" + strings.Join(list, ", ") + "}"
	}
	s := storetest.SQLite(t)
	rep := importOf(t, s, data, `
survey: survey.yaml
wave: {label: June 2014}
header_rows: 2
department: {column: Location (Census Region), empty: skip}
questions:
  seen: {options: `+columns("Which of the following Star Wars films have you seen? Please select all that apply.")+`}
  rank: {options: `+columns("Please rank the Star Wars films in order of preference with 1 being your favorite film in the franchise and 6 being your least favorite film.")+`}
  han:
    column: "Please state whether you view the following characters favorably, unfavorably, or are unfamiliar with him/her. / Han Solo"
    labels: {Very unfavorably: 1, Somewhat unfavorably: 2, Neither favorably nor unfavorably (neutral): 3, Somewhat favorably: 4, Very favorably: 5, Unfamiliar (N/A): null}
  expanded: {column: Do you consider yourself to be a fan of the Expanded Universe?Œæ}
`, `
title: Star Wars
questions:
  - {id: seen, kind: choices, text: Seen, options: [{id: e1, text: 1}, {id: e2, text: 2}, {id: e3, text: 3}, {id: e4, text: 4}, {id: e5, text: 5}, {id: e6, text: 6}]}
  - {id: rank, kind: ranking, text: Rank, options: [{id: e1, text: 1}, {id: e2, text: 2}, {id: e3, text: 3}, {id: e4, text: 4}, {id: e5, text: 5}, {id: e6, text: 6}]}
  - {id: han, kind: scale, text: Han Solo}
  - {id: expanded, kind: choice, text: Expanded Universe, options: [{id: "yes", text: "Yes"}, {id: "no", text: "No"}]}
`)
	// Counted with python3's csv module, encoding cp1252.
	expect(t, "rows", []int{rep.Rows, rep.SkippedDepartment, rep.NothingAnswered, rep.New}, []int{1186, 143, 225, 818})
	expect(t, "format", rep.Format, "CSV, windows-1252, comma")
	expect(t, "seen", tallied(t, s, "seen"), "e1:659 e2:560 e3:539 e4:596 e5:743 e6:724")
	expect(t, "han", tallied(t, s, "han"), "1:1 2:7 3:42 4:146 5:600")
	expect(t, "expanded", tallied(t, s, "expanded"), "no:113 yes:98")
	expect(t, "favourites", storetest.Rows(t, s, "SELECT SUM(count) FROM tallies WHERE value LIKE 'e_:1' GROUP BY value ORDER BY value"), "[123 32 36 201 283 143]")
}

// spectrum is the cells of a file by its column names, as the import reads them: each column feeds a text question.
func spectrum(t *testing.T, content []byte, columns []string) string {
	t.Helper()
	s := storetest.SQLite(t)
	var mapping, survey strings.Builder
	mapping.WriteString("survey: survey.yaml\nwave: {label: x}\nquestions:\n")
	survey.WriteString("title: x\nquestions:\n")
	for _, c := range columns {
		fmt.Fprintf(&mapping, "  c_%s: {column: %s}\n", c, c)
		fmt.Fprintf(&survey, "  - {id: c_%s, kind: text, text: x}\n", c)
	}
	dir := files(t, map[string]string{"map.yaml": mapping.String(), "survey.yaml": survey.String(), "data.csv": string(content)})
	mustRun(t, s, dir)
	return strings.Join(storetest.Rows(t, s, "SELECT question_id, text FROM comments ORDER BY question_id, text"), "\n")
}

func TestCSVSpectrum(t *testing.T) {
	for _, name := range []string{"comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines", "newlines_crlf",
		"quotes_and_newlines", "simple", "simple_crlf", "utf8"} {
		file, ok := shareddata.Find(t, "nasty/csv-spectrum/"+name+".csv")
		if !ok {
			return
		}
		t.Run(name, func(t *testing.T) {
			content := readFile(t, file)
			if strings.HasSuffix(name, "_crlf") {
				// Their line ends were evened out on the way here.
				content = []byte(strings.ReplaceAll(string(content), "\n", "\r\n"))
			}
			var rows []map[string]string
			if err := json.Unmarshal(readFile(t, strings.TrimSuffix(file, ".csv")+".json"), &rows); err != nil {
				t.Fatal(err)
			}
			var columns, want []string
			for c := range rows[0] {
				columns = append(columns, c)
			}
			for _, row := range rows {
				for c, cell := range row {
					if cell != "" {
						want = append(want, "c_"+c+"|"+cell)
					}
				}
			}
			expect(t, "cells", sortedLines(spectrum(t, content, columns)), sortedLines(strings.Join(want, "\n")))
		})
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func sortedLines(s string) []string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		for j := i; j > 0 && lines[j] < lines[j-1]; j-- {
			lines[j], lines[j-1] = lines[j-1], lines[j]
		}
	}
	return lines
}
