package imports_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/imports"
	"soundings/surveys/store/storetest"
)

func TestEveryFaultOfAMapIsNamedWithItsLine(t *testing.T) {
	const head = "survey: survey.yaml\nwave: {column: Year}\nquestions:\n"
	for _, c := range []struct{ name, mapping, want string }{
		{"unknown key", "survey: survey.yaml\nwawe: {column: Year}\nwave: {column: Year}\nquestions: {clear: {column: Clear}}\n",
			`2 wawe: is not a key of a map; did you mean "wave"?`},
		{"unknown key of a question", head + "  clear:\n    column: Clear\n    label: {a: 1}\n", `6 questions.clear.label: is not a key of a map; did you mean "labels"?`},
		{"missing keys", "encoding: auto\n", "1 map: survey is missing; 1 map: wave is missing; 1 map: questions is missing"},
		{"key twice", head + "  clear: {column: Clear}\n  clear: {column: Open}\n", `5 map: this is not YAML: mapping key "clear" already defined at [4:3]`},
		{"no YAML", "survey: [\n", "1 map: this is not YAML"},
		{"a list", "- a\n", "1 map: must be a block of keys"},
		{"column and label", "survey: survey.yaml\nwave: {column: Year, label: x}\nquestions: {clear: {column: Clear}}\n", "2 wave: give either a column"},
		{"no column", head + "  clear: {labels: {a: 1}}\n", "4 questions.clear: no column feeds this question"},
		{"encoding", head + "  clear: {column: Clear}\nencoding: latin-9\n", "5 encoding: must be one of auto, utf-8"},
		{"header rows", head + "  clear: {column: Clear}\nheader_rows: 9\n", "5 header_rows: must be a number from 1 to 3"},
		{"unknown column", head + "  clear: {columns: [Clear, Claer (old)]}\n", `4 questions.clear.columns[1]: the file has no column "Claer (old)"; did you mean "Clear (old)"?`},
		{"unknown question", head + "  claer: {column: Clear}\n", `4 questions.claer: the survey has no question "claer"; did you mean "clear"?`},
		{"impossible value", head + "  clear:\n    column: Clear\n    labels:\n      agree: 4\n      strongly agree: 6\n", `8 questions.clear.labels.strongly agree: "6" is not an answer of question clear; it takes 1 to 5`},
		{"impossible option", head + "  when: {column: When, labels: {a: w9}}\n", `4 questions.when.labels.a: "w9" is not an answer of question when; it takes "w1", "w2", "other"`},
		{"labels alike", head + "  clear: {column: Clear, labels: {Agree: 4, 'agree ': 5}}\n", `4 questions.clear.labels.agree : reads like the label "Agree" and means something else`},
		{"options of a scale", head + "  clear: {options: {a: A}}\n", "4 questions.clear.options: has no meaning for a question of kind scale"},
		{"columns of a ranking", head + "  order: {column: A}\n", "questions.order.columns: has no meaning"},
		{"other where there is none", head + "  clear: {column: Clear, unmatched: other}\n", "questions.clear.unmatched: has no meaning"},
		{"unknown survey", "survey: {id: 12}\nwave: {column: Year}\nquestions: {clear: {column: Clear}}\n", "1 survey: there is no survey 12"},
		{"missing document", "survey: nowhere.yaml\nwave: {column: Year}\nquestions: {clear: {column: Clear}}\n", "1 survey: the survey document"},
		{"takes in itself", head + "  clear: {column: Clear, labels: &a {<<: *a}}\n", "4 questions.clear.labels: takes in itself"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := files(t, map[string]string{"survey.yaml": smallSurvey, "map.yaml": c.mapping, "data.csv": smallHeader})
			m, err := imports.ReadMap(filepath.Join(dir, "map.yaml"))
			if err == nil {
				_, err = imports.Run(context.Background(), depsOn(storetest.SQLite(t)), m, filepath.Join(dir, "data.csv"), true)
			}
			var e *surveys.Error
			if !errors.As(err, &e) || e.Kind != surveys.Invalid {
				t.Fatalf("want an error of kind invalid, got %v", err)
			}
			var lines []string
			for _, f := range e.Faults {
				lines = append(lines, fmt.Sprintf("%d %s: %s", f.Line, f.Path, f.Detail))
			}
			if got := strings.Join(lines, "; "); !strings.Contains(got, c.want) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestTwoHeaderRowsAndEqualHeadings(t *testing.T) {
	s := storetest.SQLite(t)
	dir := files(t, map[string]string{"survey.yaml": smallSurvey,
		"map.yaml": "survey: survey.yaml\nwave: {label: x}\nheader_rows: 2\nquestions:\n  clear: {column: 'Rate us / Clear'}\n" +
			"  open: {column: 'RATE US / open'}\n  tell: {column: 'Tell #2'}\n  say: {column: Say}\n",
		"data.csv": "Rate us;;Tell;Tell;Say\nClear;Open;;;Response\n1;2;3;4;five\n"})
	rep := mustRun(t, s, dir)
	expect(t, "answers", storetest.Rows(t, s, "SELECT answers FROM responses"), `[{"clear":1,"open":2,"tell":4}]`)
	expect(t, "comment", storetest.Rows(t, s, "SELECT text FROM comments"), "[five]")
	expect(t, "format", rep.Format, "CSV, utf-8, semicolon")
}

func TestTheDelimiterIsTheOneThatMakesTheMapFit(t *testing.T) {
	for name, data := range map[string]string{"comma": "a;b,Clear\nx,1\n", "semicolon": "\"a,b,c\";Clear\nx;1\n", "tab": "a,b;c\tClear\nx\t1\n"} {
		s := storetest.SQLite(t)
		dir := files(t, map[string]string{"survey.yaml": smallSurvey, "data.csv": data,
			"map.yaml": "survey: survey.yaml\nwave: {label: x}\nquestions: {clear: {column: Clear}}\n"})
		expect(t, name, mustRun(t, s, dir).Format, "CSV, utf-8, "+name)
	}
}

// A parser that recurses for each bracket would take gigabytes for a small file.
func TestAMapNestedWithoutEndIsRefusedAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "map.yaml")
	if err := os.WriteFile(path, []byte("a: "+strings.Repeat("[", 60_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := imports.ReadMap(path); err == nil || !strings.Contains(err.Error(), "nested") {
		t.Errorf("%.200v", err)
	}
}
