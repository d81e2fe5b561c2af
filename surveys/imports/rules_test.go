package imports_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/imports"
	"soundings/surveys/people"
	"soundings/surveys/shareddata"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

const smallSurvey = `
title: Pulse
questions:
  - {id: clear, kind: scale, points: 5, text: Clear, construct: openness}
  - {id: open, kind: scale, points: 5, text: Open, construct: openness}
  - {id: tell, kind: recommend, text: Tell}
  - {id: when, kind: choice, text: When, other: true, options: [{id: w1, text: First week}, {id: w2, text: Second week}]}
  - {id: how, kind: choices, text: How, other: true, options: [{id: mail, text: E-mail}, {id: "talk", text: "A talk; in person"}, {id: page, text: A page}]}
  - {id: order, kind: ranking, text: Order, options: [{id: a, text: A}, {id: b, text: B}, {id: c, text: C}]}
  - {id: say, kind: text, text: Say}
`

const smallMap = `
survey: survey.yaml
wave: {column: Year}
department: {column: Dept, aliases: {it: Information Technology}}
band: {column: Level, aliases: {boss: Manager}}
questions:
  clear: {columns: [Clear, Clear (old)], labels: &agree {strongly disagree: 1, disagree: 2, neither: 3, agree: 4, strongly agree: 5, don't know: null}}
  open: {column: Open, labels: *agree}
  tell: {column: Tell}
  when: {column: When, other: When text}
  how: {column: How, separator: ";", unmatched: other}
  order: {options: {a: A, b: B, c: C}}
  say: {column: Say}
`

const smallHeader = "Year,Dept,Level,Clear,Clear (old),Open,Tell,When,When text,How,A,B,C,Say\n"

func small(t *testing.T, rows ...string) string {
	return files(t, map[string]string{"survey.yaml": smallSurvey, "map.yaml": smallMap, "data.csv": smallHeader + strings.Join(rows, "\n") + "\n"})
}

// answersIn lists the responses: wave|department|band|answers.
func answersIn(t *testing.T, s *store.Store) []string {
	t.Helper()
	return storetest.Rows(t, s, `SELECT w.label, COALESCE(d.name, ''), COALESCE(b.name, ''), r.answers FROM responses r JOIN waves w ON w.id = r.wave_id
		LEFT JOIN departments d ON d.id = r.department_id LEFT JOIN bands b ON b.id = r.band_id ORDER BY 1, 2, 3, 4`)
}

func TestLabelsColumnsAndGroups(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		dir := small(t,
			"2018,Legal,Boss,Strongly Agree,, AGREE\u00A0,10,First week,,E-mail; a page,2,1,,Hello",
			"2018,\u200BLEGAL\uFEFF,manager,,\uFEFFdisagree,2,0,second WEEK,,A talk; in person;e-mail,,,,  exact  ",
			"2017,it,,agree,Agree,ａｇｒｅｅ,,,Some day,by pigeon; gladly;E-mail,,,,\"two\nlines\"",
			"2017,Information technology,,3.0,,don't know,,w2,,,1,2,3,",
			"2018,Finance,,,,,,,,,,,,",
		)
		rep := mustRun(t, s, dir)
		expect(t, "answers", strings.Join(answersIn(t, s), "\n"), strings.Join([]string{
			`2017|Information Technology||{"clear":3,"order":["a","b","c"],"when":["w2"]}`,
			`2017|Information Technology||{"clear":4,"how":["mail","other"],"open":4,"when":["other"]}`,
			`2018|Legal|Manager|{"clear":2,"how":["mail","talk"],"open":2,"tell":0,"when":["w2"]}`,
			`2018|Legal|Manager|{"clear":5,"how":["mail","page"],"open":4,"order":["b","a"],"tell":10,"when":["w1"]}`,
		}, "\n"))
		expect(t, "comments", strings.Join(storetest.Rows(t, s, `SELECT question_id, text FROM comments ORDER BY question_id, text`), "\n"), strings.Join([]string{
			"how|by pigeon; gladly", "say|  exact  ", "say|Hello", "say|two\nlines", "when|Some day"}, "\n"))
		expect(t, "skipped", rep.NothingAnswered, 1)
		expect(t, "departments", storetest.Rows(t, s, "SELECT name FROM departments ORDER BY name"), "[Information Technology Legal]")
		expect(t, "waves", storetest.Rows(t, s, "SELECT label, state, SUBSTR(opened_at, 1, 10), SUBSTR(closed_at, 1, 10) FROM waves ORDER BY opened_at"),
			"[2017|closed|2017-01-01|2017-01-01 2018|closed|2018-01-01|2018-01-01]")
		expect(t, "open", tallied(t, s, "open"), "2:1 4:2")
		expect(t, "question", fmt.Sprintf("%+v", rep.Questions[1]), "{ID:open Matched:3 Empty:2 Unmatched:0 Hidden:0}")
	})
}

func TestEveryBadRowIsReportedWithLineColumnAndClassAndNothingIsStored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		before := dump(t, s)
		long := strings.Repeat("x", surveys.LongestText+1)
		dir := small(t,
			"2018,Legal,,agree,,agree,,,,,,,,",                // 2: good
			"2018,Legal,,maybe,,6,,,,,,,,\"a\nb\"",            // 3-4
			"2018,,,agree,,,,,,,,,,",                          // 5: no department
			",Legal,,agree,,,,,,,,,,",                         // 6: no wave
			"2018,Legal,,agree,disagree,,11,,,,,,,",           // 7: columns differ, 11 of 10
			"2018,Legal,,,,,,some week,,,1,1,,",               // 8: unknown option, a rank twice
			"2018,Legal,,,,,,,,,1,3,,",                        // 9: a gap
			"2018,Legal,,,,,,,,,x,,,"+long,                    // 10
			"2018,Legal,,agree,,,,,,,,,,fine,too many",        // 11
			"2018,Legal,,agree,,,,,,,,,,\"a \"quote\" here\"", // 12
			"2018,Legal,,maybe,,,,,,,,,,",                     // 13
			"2018,Legal,,agree,,,,,,,,,,\"never closed",       // 14
		)
		rep, err := run(t, s, dir, false)
		if surveys.KindOf(err) != surveys.Invalid || rep == nil {
			t.Fatalf("%v, %v", rep, err)
		}
		var got []string
		for _, f := range rep.Faults {
			got = append(got, fmt.Sprintf("%s|%s|%s|%v|%v", f.Subject, f.Column, f.Class, f.Lines, f.Labels))
		}
		want := []string{
			"row||has more cells than the header has columns (14)|[11]|[]",
			"row||has a quotation mark in the middle of a quoted cell; inside a cell it must be doubled|[12]|[]",
			"row||has a quotation mark that is never closed|[14]|[]",
			"wave|Year|is empty|[6]|[]",
			"department|Dept|is empty|[5]|[]",
			"clear|Clear|is neither a label nor a number of the scale|[3 13]|[{maybe 2}]",
			"clear|Clear (old)|differs from another column of the question|[7]|[{disagree 1}]",
			"open|Open|is neither a label nor a number of the scale|[3]|[{6 1}]",
			"tell|Tell|is neither a label nor a number of the scale|[7]|[{11 1}]",
			"when|When|is none of the labels|[8]|[{some week 1}]",
			"order|B|is a rank given twice|[8]|[{1 1}]",
			"order|B|leaves out a rank in the middle|[9]|[]",
			"order|A|is not a rank|[10]|[{x 1}]",
			"say|Say|is longer than 5,000 characters|[10]|[]",
		}
		expect(t, "faults", strings.Join(got, "\n"), strings.Join(want, "\n"))
		if rep.BadRows != 11 {
			t.Errorf("%d bad rows, want 11", rep.BadRows)
		}
		for _, w := range want {
			if parts := strings.Split(w, "|"); !strings.Contains(rep.String(), parts[2]) {
				t.Errorf("the printed report lacks %q", parts[2])
			}
		}
		if dump(t, s) != before {
			t.Error("something was stored although rows are bad")
		}
	})
}

func TestAReportOfManyFaultsStaysShort(t *testing.T) {
	var rows []string
	for i := range 300 {
		rows = append(rows, fmt.Sprintf("2018,Legal,,label %d,,,,,,,,,,", i))
	}
	rep, err := run(t, storetest.SQLite(t), small(t, rows...), true)
	if err == nil || len(rep.Faults) != 1 {
		t.Fatalf("%v %v", rep, err)
	}
	f := rep.Faults[0]
	expect(t, "counts", []int{f.Rows, len(f.Lines), f.Lines[49], len(f.Labels), f.MoreLabels}, []int{300, 50, 51, 50, 250})
	if !strings.Contains(rep.String(), "and 250 more") {
		t.Error("the printed report does not say how many more lines there are")
	}
}

func TestADryRunWritesNothingAndForetellsTheRealRun(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		dir := small(t, "2018,Legal,Lead,agree,,agree,,,,,,,,x", "2018,IT,,agree,,agree,,,,,,,,y")
		before := dump(t, s)
		dry, err := run(t, s, dir, true)
		if err != nil {
			t.Fatal(err)
		}
		if dump(t, s) != before {
			t.Error("a dry run wrote something")
		}
		same := func(dry, real *imports.Report) {
			t.Helper()
			copied := *dry
			copied.DryRun = false
			expect(t, "report", copied.String(), real.String())
		}
		same(dry, mustRun(t, s, dir))
		appendTo(t, dir, "2018,Sales,,agree,,agree,,,,,,,,z\n")
		dry, err = run(t, s, dir, true)
		if err != nil {
			t.Fatal(err)
		}
		real := mustRun(t, s, dir)
		same(dry, real)
		expect(t, "counts", []int{real.New, real.Existing, real.Comments}, []int{1, 2, 1})
	})
}

func TestADryRunLeavesTheSQLiteFileUntouched(t *testing.T) {
	s := storetest.SQLite(t)
	dir := small(t, "2018,Legal,Lead,agree,,agree,,,,,,,,x")
	mustRun(t, s, dir)
	read := func() string {
		return string(readFile(t, s.Address().Path)) + string(readFile(t, s.Address().Path+"-wal"))
	}
	before := read()
	if _, err := run(t, s, dir, true); err != nil {
		t.Fatal(err)
	}
	if read() != before {
		t.Error("the bytes of the database changed")
	}
}

func appendTo(t *testing.T, dir, row string) {
	t.Helper()
	path := filepath.Join(dir, "data.csv")
	if err := os.WriteFile(path, append(readFile(t, path), row...), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestEqualRowsAreResponsesOfTheirOwnAndStaySo(t *testing.T) {
	s := storetest.SQLite(t)
	dir := small(t, "2018,Legal,,agree,,,,,,,,,,same", "2018,Legal,,agree,,,,,,,,,,same")
	mustRun(t, s, dir)
	appendTo(t, dir, "2018,Legal,,agree,,,,,,,,,,same\n")
	rep := mustRun(t, s, dir)
	expect(t, "counts", []int{rep.New, rep.Existing}, []int{1, 2})
	expect(t, "comments", storetest.Rows(t, s, "SELECT text, COUNT(*) FROM comments GROUP BY text"), "[same|3]")
}

func TestADeletedCommentDoesNotComeBackWithTheNextImport(t *testing.T) {
	s := storetest.SQLite(t)
	dir := small(t, "2018,Legal,,agree,,,,,,,,,,a name")
	mustRun(t, s, dir)
	err := s.Transact(context.Background(), "test", func(tx *gorm.DB) error { return tx.Exec("DELETE FROM comments").Error })
	if err != nil {
		t.Fatal(err)
	}
	mustRun(t, s, dir)
	expect(t, "comments", storetest.Rows(t, s, "SELECT COUNT(*) FROM comments"), "[0]")
}

func TestExistingSpellingsWin(t *testing.T) {
	s := storetest.SQLite(t)
	err := s.Transact(context.Background(), "test", func(tx *gorm.DB) error {
		for _, name := range []string{"LEGAL", "legal", "HR"} {
			if _, err := people.AddDepartment(tx, name, 7); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	mustRun(t, s, small(t, "2018,Legal,,agree,,,,,,,,,,", "2018,hr,,agree,,,,,,,,,,"))
	mustRun(t, s, small(t, "2019,legal,,agree,,,,,,,,,,"))
	var got []string
	for _, row := range answersIn(t, s) {
		got = append(got, strings.Join(splitCells(row)[:2], " "))
	}
	expect(t, "departments", got, []string{"2018 HR", "2018 LEGAL", "2019 legal"})
	expect(t, "headcounts stay", storetest.Rows(t, s, "SELECT DISTINCT headcount FROM departments"), "[7]")
}

func TestAnOpenWaveTakesNoImports(t *testing.T) {
	s := storetest.SQLite(t)
	var q *surveys.Questionnaire
	err := s.Transact(context.Background(), "test", func(tx *gorm.DB) (err error) {
		if q, _, err = catalog.New(s).Publish(tx, []byte(smallSurvey), importTime); err != nil {
			return err
		}
		_, _, err = waves.Open(tx, waves.New{Questionnaire: q, Label: "Spring", At: importTime})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	before := dump(t, s)
	for _, dryRun := range []bool{true, false} {
		_, err = run(t, s, small(t, "SPRING,Legal,,agree,,,,,,,,,,"), dryRun)
		if surveys.KindOf(err) != surveys.Conflict || !strings.Contains(err.Error(), `"Spring" is still open`) {
			t.Errorf("want a refusal, got %v", err)
		}
	}
	if dump(t, s) != before {
		t.Error("a refused import changed something")
	}
}

func TestEmptyWavesAndDepartmentsAreSkippedWhereTheMapSaysSo(t *testing.T) {
	s := storetest.SQLite(t)
	dir := small(t, ",Legal,,agree,,,,,,,,,,", "2018,\u00A0,,agree,,,,,,,,,,", "2018,Legal,,agree,,,,,,,,,,")
	mapping := strings.NewReplacer("column: Year", "column: Year, empty: skip", "column: Dept", "column: Dept, empty: skip").Replace(smallMap)
	if err := os.WriteFile(filepath.Join(dir, "map.yaml"), []byte(mapping), 0o600); err != nil {
		t.Fatal(err)
	}
	rep := mustRun(t, s, dir)
	expect(t, "counts", []int{rep.Rows, rep.SkippedWave, rep.SkippedDepartment, rep.New}, []int{3, 1, 1, 1})
}

func TestAFixedDepartmentAndASurveyNamedByItsID(t *testing.T) {
	s := storetest.SQLite(t)
	mustRun(t, s, small(t, "2018,Legal,,agree,,,,,,,,,,"))
	dir := small(t, "2018,Legal,,disagree,,,,,,,,,,")
	mapping := strings.NewReplacer("survey: survey.yaml", "survey: {id: 1}", "{column: Year}", "{label: 2018}",
		"{column: Dept, aliases: {it: Information Technology}}", "{name: legal}").Replace(smallMap)
	if err := os.WriteFile(filepath.Join(dir, "map.yaml"), []byte(mapping), 0o600); err != nil {
		t.Fatal(err)
	}
	mustRun(t, s, dir)
	expect(t, "answers", answersIn(t, s), `[2018|Legal||{"clear":2} 2018|Legal||{"clear":4}]`)
	expect(t, "surveys", storetest.Rows(t, s, "SELECT COUNT(*) FROM surveys"), "[1]")
}

func TestAnswersToQuestionsThatAreNotShownAreLeftOutAndCounted(t *testing.T) {
	s := storetest.SQLite(t)
	dir := files(t, map[string]string{
		"survey.yaml": "title: x\nquestions:\n  - {id: a, kind: scale, text: A}\n  - {id: why, kind: text, text: Why, show_if: {question: a, in: [1, 2]}}\n",
		"map.yaml":    "survey: survey.yaml\nwave: {label: x}\nquestions:\n  a: {column: a}\n  why: {column: why}\n",
		"data.csv":    "a,why\n1,because\n5,no reason\n,nothing else\n",
	})
	rep := mustRun(t, s, dir)
	expect(t, "counts", fmt.Sprintf("%+v %d %d", rep.Questions[1], rep.New, rep.NothingAnswered), "{ID:why Matched:1 Empty:0 Unmatched:0 Hidden:2} 2 1")
	expect(t, "comments", storetest.Rows(t, s, "SELECT text FROM comments"), "[because]")
}

func TestAFailingCountStoresNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		before := dump(t, s)
		deps := depsOn(s)
		deps.Finish = func(*gorm.DB, *surveys.Questionnaire, surveys.WaveID) error { return errors.New("no") }
		dir := small(t, "2018,Legal,,agree,,,,,,,,,,x")
		_, err := imports.Run(context.Background(), deps, readMap(t, filepath.Join(dir, "map.yaml")), filepath.Join(dir, "data.csv"), false)
		if err == nil {
			t.Error("the error was swallowed")
		}
		if dump(t, s) != before {
			t.Error("half an import was stored")
		}
	})
}

// naughty are the strings of the big list that a cell can hold; those that trimming would empty are left out.
func naughty(t *testing.T) []string {
	t.Helper()
	list := []string{"<script>alert(1)</script>", "\u202Etest\u202C", "Ω≈ç√∫˜µ≤≥÷", "田中さんにあげて下さい", "'; DROP TABLE responses; --", "\x00\x01 nul", "👩🏽‍⚕️"}
	if path, ok := shareddata.Find(t, "nasty/blns.json"); ok {
		if err := json.Unmarshal(readFile(t, path), &list); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

func TestNaughtyStringsComeBackExactly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var data strings.Builder
		data.WriteString("Dept,Say,When\n")
		var texts, names []string
		for i, n := range naughty(t) {
			// A mark in front keeps every one filled, distinct under folding, and its own ends where they are.
			name, text := fmt.Sprintf("d%d %s .", i, n), fmt.Sprintf("%d %s", i, n)
			names, texts = append(names, name), append(texts, text)
			fmt.Fprintf(&data, "%s,%s,%s\n", quoted(name), quoted(text), quoted(text))
		}
		dir := files(t, map[string]string{"survey.yaml": smallSurvey, "data.csv": data.String(), "map.yaml": `
survey: survey.yaml
wave: {label: "1"}
department: {column: Dept}
questions: {say: {column: Say}, when: {column: When, unmatched: other}}
`})
		mustRun(t, s, dir)
		for _, check := range []struct {
			statement string
			want      []string
		}{
			{"SELECT name FROM departments", names},
			{"SELECT text FROM comments WHERE question_id = 'say'", texts},
			{"SELECT text FROM comments WHERE question_id = 'when'", texts},
		} {
			got, want := storetest.Rows(t, s, check.statement), slices.Clone(check.want)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				for i := range want {
					if i >= len(got) || got[i] != want[i] {
						t.Fatalf("%s: row %d is not %q", check.statement, i, want[i])
					}
				}
				t.Errorf("%s: %d rows, want %d", check.statement, len(got), len(want))
			}
		}
	})
}

func quoted(cell string) string { return `"` + strings.ReplaceAll(cell, `"`, `""`) + `"` }

func TestASheetGivesTheNumbersBehindItsCellsAndTheRowsOfTheSheet(t *testing.T) {
	book := excelize.NewFile()
	defer book.Close()
	style, err := book.NewStyle(&excelize.Style{NumFmt: 1}) // whole numbers
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string]any{"A1": "Dept", "B1": "Clear", "A2": "Legal", "B2": 4, "A4": "Legal", "B4": "5", "A5": "Legal", "B5": 3.6, "D5": "a note beside the table"}
	for at, v := range cells {
		if err := book.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.SetCellStyle("Sheet1", "B5", "B5", style); err != nil {
		t.Fatal(err)
	}
	dir := files(t, map[string]string{"survey.yaml": smallSurvey,
		"map.yaml": "survey: survey.yaml\nwave: {label: x}\ndepartment: {column: dept}\nquestions: {clear: {column: clear}}\n"})
	if err := book.SaveAs(filepath.Join(dir, "data.xlsx")); err != nil {
		t.Fatal(err)
	}
	s := storetest.SQLite(t)
	m := readMap(t, filepath.Join(dir, "map.yaml"))
	rep, err := imports.Run(context.Background(), depsOn(s), m, filepath.Join(dir, "data.xlsx"), false)
	// 3.6 is shown as 4; row 3 is empty.
	if err == nil || len(rep.Faults) != 1 || !slices.Equal(rep.Faults[0].Lines, []int{5}) || rep.Rows != 3 {
		t.Errorf("%v %v", rep, err)
	}
}
