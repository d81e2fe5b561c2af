package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"soundings/analytics/report"
	"soundings/surveys"
	"soundings/surveys/comments"
	"soundings/surveys/people"
	"soundings/surveys/shareddata"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

const everyKind = `
title: Every kind
minimum: 3
questions:
  - {id: easy, kind: scale, text: The same title}
  - {id: hard, kind: scale, text: The same title}
  - {id: tell, kind: recommend, text: Tell}
  - {id: when, kind: choice, text: When, other: true, options: [{id: w1, text: One}, {id: w2, text: Two}]}
  - {id: how, kind: choices, text: How, other: true, options: [{id: mail, text: Mail}, {id: talk, text: Talk}]}
  - {id: order, kind: ranking, text: Order, options: [{id: a, text: A}, {id: b, text: B}]}
  - {id: say, kind: text, text: Say}
`

const everyColumn = "wave,department,band,easy,hard,tell,when,how.mail,how.talk,how.other,order.a,order.b\r\n"

func TestColumnsComeFromTheQuestionnaireAndCellsFromTheAnswers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHall(t, s, []string{"=cmd|' /C calc'!A0"}, nil)
		q := h.publish(everyKind)
		file, _, summary := h.responses(q, h.hold(q, "empty", nil))
		if file != everyColumn || summary.Rows != 0 || summary.Nothing != "" {
			t.Errorf("an empty wave: %q, %s", file, summary)
		}
		full := surveys.Answers{"easy": surveys.Number(5), "hard": surveys.Number(1), "tell": surveys.Number(0), "when": surveys.Picked("other"),
			"how": surveys.Picked("talk", "other"), "order": surveys.Picked("b", "a")}
		part := surveys.Answers{"easy": surveys.Number(2), "hard": surveys.Number(4), "tell": surveys.Number(10), "when": surveys.Picked("w2"),
			"how": surveys.Picked("mail"), "order": surveys.Picked("a")}
		list := append(crowd(20, 0, full, part), crowd(3, 0, surveys.Answers{"easy": surveys.Number(3)})...)
		wave := h.hold(q, "-2026", list)
		file, _, summary = h.responses(q, wave)
		var want []string
		for _, r := range list { // sorted by their ids
			cells := "3,,,,,,,,"
			if when, ok := r.answers["when"]; ok && when.Has("other") {
				cells = "5,1,0,other,0,1,1,2,1"
			} else if ok {
				cells = "2,4,10,w2,1,0,0,1,"
			}
			want = append(want, "'-2026,'=cmd|' /C calc'!A0,,"+cells+"\r\n")
		}
		if got := everyColumn + strings.Join(want, ""); file != got {
			t.Errorf("got\n%s\nwant\n%s", file, got)
		}
		if summary.String() != "23 responses" {
			t.Errorf("summary: %s", summary)
		}
		if again, _, _ := h.responses(q, wave); again != file {
			t.Error("the same wave gave two different files")
		}
	})
}

func TestATooSmallWaveGivesNoRowsAndSaysWhy(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), names("D", 1), nil)
	q := h.publish(everyKind)
	list := crowd(2, 0, surveys.Answers{"easy": surveys.Number(1)})
	list[0].texts = map[string]string{"say": "alone"}
	wave := h.hold(q, "small", list)
	file, _, summary := h.responses(q, wave)
	if file != everyColumn || !strings.Contains(summary.String(), "too few people took part") {
		t.Errorf("%q, %s", file, summary)
	}
	file, rows, summary := h.comments(q, wave)
	if len(rows) != 0 || summary.LeftOut != 1 || strings.Contains(file, "alone") || !strings.Contains(summary.String(), "too few") {
		t.Errorf("%q, %s", file, summary)
	}
}

func TestAnOpenWaveIsNotExported(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), names("D", 1), nil)
	q := h.publish(everyKind)
	var wave surveys.Wave
	h.transact(func(tx *store.Tx) (err error) {
		wave, _, err = waves.Open(tx, waves.New{Questionnaire: q, Label: "now", At: wavesTime})
		return err
	})
	wave.State = surveys.Closed // what a caller remembers does not count
	for name, write := range map[string]func(*bytes.Buffer) error{
		"responses": func(b *bytes.Buffer) error {
			_, err := report.Responses(context.Background(), h.s, q, wave, b)
			return err
		},
		"comments": func(b *bytes.Buffer) error {
			_, err := report.Comments(context.Background(), h.s, h.covers(), q, wave, b)
			return err
		},
	} {
		var b bytes.Buffer
		if err := write(&b); surveys.KindOf(err) != surveys.Conflict || !strings.Contains(err.Error(), "is still open") || b.Len() > 0 {
			t.Errorf("%s: %v, %q", name, err, b.String())
		}
	}
}

func TestAFileIsRefusedWhenTalliesAndResponsesPart(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), names("D", 1), nil)
	q := h.publish(everyKind)
	wave := h.hold(q, "w", crowd(9, 0, surveys.Answers{"easy": surveys.Number(1)}, surveys.Answers{"easy": surveys.Number(5)}))
	h.transact(func(tx *store.Tx) error {
		return h.store(tx, wave.ID, respondent{id: surveys.ID{1}, band: none, answers: surveys.Answers{"easy": surveys.Number(2)}})
	})
	var b bytes.Buffer
	if _, err := report.Responses(context.Background(), h.s, q, wave, &b); surveys.KindOf(err) != surveys.Unavailable || b.Len() > 0 {
		t.Errorf("%v, %q", err, b.String())
	}
}

func TestCommentsNeedTenPeopleInTheirDepartmentOrInAllOthersTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHall(t, s, []string{"Large", "Nine", "Four", "Two"}, nil)
		q := h.publish(everyKind)
		answers := []surveys.Answers{{"easy": surveys.Number(1)}, {"easy": surveys.Number(5)}}
		hold := func(label string, sizes ...int) surveys.Wave {
			var list []respondent
			for d, n := range sizes {
				people := crowd(n, d, answers...)
				for i := range people {
					people[i].texts = map[string]string{"say": fmt.Sprintf("%s %d", label, d)}
				}
				list = append(list, people...)
			}
			return h.hold(q, label, list)
		}
		tally := func(wave surveys.Wave) map[string]int {
			_, rows, _ := h.comments(q, wave)
			counts := map[string]int{}
			for _, row := range rows {
				counts[row["department"]+": "+row["comment"]]++
			}
			return counts
		}
		for _, c := range []struct {
			label string
			sizes []int
			want  map[string]int
		}{
			{"joined", []int{10, 9, 4, 2}, map[string]int{"Large: joined 0": 10, ": joined 1": 9, ": joined 2": 4, ": joined 3": 2}},
			{"ten in all", []int{12, 0, 4, 6}, map[string]int{"Large: ten in all 0": 12, ": ten in all 2": 4, ": ten in all 3": 6}},
			{"too few", []int{10, 9}, map[string]int{"Large: too few 0": 10}},
			{"none", []int{9}, map[string]int{}},
		} {
			if got := tally(hold(c.label, c.sizes...)); !maps.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", c.label, got, c.want)
			}
		}
	})
}

// nasty are texts that other programs stumble over.
func nasty(t *testing.T) []string {
	t.Helper()
	list := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'=1", "a,b", "\"", "\"\"", "x\ny", "x\r\ny", "x\ry", ",", "a\x00b", " lead", "trail ", "ユニ😀"}
	if path, ok := shareddata.Find(t, "nasty/csv_injection_payloads.txt"); ok {
		list = append(list, strings.Split(strings.TrimSuffix(read(t, path), "\n"), "\n")...)
		blns, _ := shareddata.Find(t, "nasty/blns.json")
		var more []string
		if err := json.Unmarshal([]byte(read(t, blns)), &more); err != nil {
			t.Fatal(err)
		}
		list = append(list, slices.DeleteFunc(more, func(s string) bool { return s == "" })...)
	}
	return slices.DeleteFunc(list, func(s string) bool { return coverable.MatchString(s) })
}

// coverable looks like an address or a telephone number, or nearly; what happens to those is quotes' to test.
var coverable = regexp.MustCompile(`(?s).@|(?:\d.*){7}`)

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestNastyCommentsReadBackExactlyAndRunNowhere(t *testing.T) {
	texts := nasty(t)
	h := newHall(t, storetest.SQLite(t), names("D", 1), nil)
	q := h.publish(everyKind)
	list := crowd(len(texts), 0, surveys.Answers{"easy": surveys.Number(1)}, surveys.Answers{"easy": surveys.Number(5)})
	for i := range list {
		list[i].texts = map[string]string{"say": texts[i]}
	}
	if len(texts) < 15 {
		t.Fatalf("only %d texts", len(texts))
	}
	file, rows, _ := h.comments(q, h.hold(q, "w", list))
	want := make([]string, len(texts))
	for i, text := range texts {
		want[i] = strings.ReplaceAll(text, "Dr. Herman I. Libshitz", "Dr. [name]") // covered, as whatever follows a title
		if strings.HasPrefix(text, "=") || strings.HasPrefix(text, "+") || strings.HasPrefix(text, "-") || strings.HasPrefix(text, "@") ||
			strings.HasPrefix(text, "\t") || strings.HasPrefix(text, "\r") {
			want[i] = "'" + text
		}
	}
	// encoding/csv turns CR LF inside a cell into LF.
	evened := func(list []string) []string {
		out := make([]string, len(list))
		for i, s := range list {
			out[i] = strings.ReplaceAll(s, "\r\n", "\n")
		}
		slices.Sort(out)
		return out
	}
	var got []string
	for _, row := range rows {
		got = append(got, row["comment"])
	}
	if !slices.Equal(evened(got), evened(want)) {
		t.Error("encoding/csv reads other comments than were written")
	}
	slices.Sort(want)
	if got := readByPython(t, file); got != nil && !slices.Equal(got, want) {
		t.Error("python's csv module reads other comments than were written")
	}
}

// readByPython gives the last column, sorted, or nil on a machine without python3.
func readByPython(t *testing.T, file string) []string {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Log("there is no python3 to read the file with; encoding/csv has read it")
		return nil
	}
	path := filepath.Join(t.TempDir(), "comments.csv")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(python, "-c", `import csv, json, sys
print(json.dumps([row[-1] for row in csv.reader(open(sys.argv[1], encoding="utf-8", newline=""))][1:]))`, path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	if err := json.Unmarshal(out, &texts); err != nil {
		t.Fatal(err)
	}
	slices.Sort(texts)
	return texts
}

func TestBandsAreWrittenOnlyWhereEveryCellOfTheDepartmentIsTold(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), []string{"Even", "Uneven"}, []string{"Low", "High"})
	q := h.publish(everyKind)
	answers := []surveys.Answers{{"easy": surveys.Number(1)}, {"easy": surveys.Number(5)}}
	var list []respondent
	for d, sizes := range [][]int{{20, 20}, {20, 2}} {
		for b, n := range sizes {
			people := crowd(n, d, answers...)
			for i := range people {
				people[i].band = b
			}
			list = append(list, people...)
		}
	}
	_, rows, _ := h.responses(q, h.hold(q, "w", list))
	counts := map[string]int{}
	for _, row := range rows {
		counts[row["department"]+"|"+row["band"]]++
	}
	// Two people of Uneven are High: whoever knew its Low would have them, too.
	if counts["Uneven|"] != 22 {
		t.Errorf("the bands of a department with two people in one of them are told: %v", counts)
	}
	list = nil
	for b := range 2 {
		people := crowd(20, 0, answers...)
		for i := range people {
			people[i].band = b
		}
		list = append(list, people...)
	}
	_, rows, _ = h.responses(q, h.hold(q, "even", list))
	counts = map[string]int{}
	for _, row := range rows {
		counts[row["department"]+"|"+row["band"]]++
	}
	if !maps.Equal(counts, map[string]int{"Even|Low": 20, "Even|High": 20}) {
		t.Errorf("bands that are told are missing: %v", counts)
	}
}

// People who agreed to be named are not protected from being few, nor a department in which nobody answered one of the items.
func TestNothingIsLeftOutOfASurveyOfNamedPeople(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), []string{"Many", "One"}, []string{"Low", "High"})
	q := h.publish("title: T\npurpose: change\nlanguage: en\nanonymity: named\nquestions:\n" +
		"  - {id: a, kind: scale, points: 5, text: A, construct: openness}\n  - {id: b, kind: scale, points: 5, text: B, construct: openness}\n")
	list := append(crowd(9, 0, surveys.Answers{"a": surveys.Number(1), "b": surveys.Number(4)}), crowd(1, 1, surveys.Answers{"a": surveys.Number(5)})...)
	for i := range list {
		list[i].band = i % 2
	}
	_, rows, _ := h.responses(q, h.hold(q, "w", list))
	written := map[string]int{}
	for _, row := range rows {
		written[strings.Join([]string{row["department"], row["band"], row["a"], row["b"]}, "|")]++
	}
	if want := map[string]int{"Many|Low|1|4": 5, "Many|High|1|4": 4, "One|High|5|": 1}; !maps.Equal(written, want) {
		t.Errorf("%v, want %v", written, want)
	}
}

// Whoever has all items of a construct but one, and the construct from the pages, has that one.
func TestAnItemIsWrittenOnlyWhereAllItemsOfItsConstructAreTold(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), []string{"Alike", "Mixed", "Third"}, nil)
	q := h.publish("title: T\npurpose: change\nlanguage: en\nquestions:\n" +
		"  - {id: a, kind: scale, points: 5, text: A, construct: openness}\n  - {id: b, kind: scale, points: 5, text: B, construct: openness}\n" +
		"  - {id: alone, kind: scale, points: 5, text: C}\n")
	answer := func(a, b int) surveys.Answers {
		return surveys.Answers{"a": surveys.Number(a), "b": surveys.Number(b), "alone": surveys.Number(a)}
	}
	list := append(crowd(12, 0, answer(1, 5), answer(3, 5), answer(5, 5)), // in Alike, everybody fully agrees with b
		append(crowd(20, 1, answer(1, 2), answer(4, 5)), crowd(20, 2, answer(2, 1), answer(5, 3))...)...)
	for i := range list {
		list[i].band = none
	}
	_, rows, _ := h.responses(q, h.hold(q, "w", list))
	written := map[string]int{}
	for _, row := range rows {
		for _, id := range []string{"a", "b", "alone"} {
			if row[id] != "" {
				written[row["department"]+"|"+id]++
			}
		}
	}
	if written["Alike|alone"] != 12 || written["Alike|a"] != 0 || written["Alike|b"] != 0 {
		t.Errorf("%v, want of Alike neither a nor b", written)
	}
	// One of the others covers for Alike in b; the third is told whole.
	if written["Mixed|a"] != written["Mixed|b"] || written["Third|a"] != written["Third|b"] || written["Mixed|a"]+written["Third|a"] != 20 {
		t.Errorf("%v, want both items of one of the others", written)
	}
}

// What staff have hidden is in no file, and nobody of the directory is named in one.
func TestHiddenCommentsAndNamesAreInNoFile(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), names("D", 1), nil)
	q := h.publish(everyKind)
	list := crowd(12, 0, surveys.Answers{"easy": surveys.Number(1)}, surveys.Answers{"easy": surveys.Number(5)})
	list[0].texts = map[string]string{"say": "Mira Kaur (mira.kaur@example.org) is the best"}
	list[1].texts = map[string]string{"say": "the worst"}
	wave := h.hold(q, "w", list)
	h.transact(func(tx *store.Tx) error {
		err := people.Enter(tx, []people.Entry{{Person: surveys.Person{Email: "mira.kaur@example.org", Name: "Mira Kaur", Department: h.departments[0]}, Key: "mira.kaur@example.org"}}, nil)
		if err != nil {
			return err
		}
		var hide surveys.ID
		err = comments.Each(tx, wave.ID, func(c surveys.Comment) error {
			if c.Text == "the worst" {
				hide = c.ID
			}
			return nil
		})
		return errors.Join(err, comments.Hide(tx, hide, comments.Offends))
	})
	_, rows, _ := h.comments(q, wave)
	if len(rows) != 1 || rows[0]["comment"] != "[name] ([e-mail]) is the best" {
		t.Errorf("the file holds %v", rows)
	}
}
