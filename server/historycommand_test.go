package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"soundings/surveys/history"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestEarlierResultsAreTakenInByACommand(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.do("department", "add", "Finance")
		file := csvFile(t, "Jahr;Abteilung;Kennzahl;Prozent;Antworten", "2019;Finance;openness;45,5 %;40", "2019;Finnance;openness;50;40", "2020;Finance;openness;100;9")
		for _, c := range []struct {
			name string
			args []string
			code int
			want []string
		}{
			{"a dry run", []string{"--dry-run", file}, done, []string{filepath.Base(file) + " (CSV, utf-8, semicolon): 3 lines, 2019 to 2019", `favourable: column "Prozent"`, "added 2, changed 0, unchanged 0",
				`no department "Finnance": 1 values (join it to "Finance"?)`, `line 4: left out: "Finance"`, "dry run: nothing was stored"}},
			{"for real", []string{file}, done, []string{"added 2, changed 0, unchanged 0"}},
			{"again", []string{file}, done, []string{"added 0, changed 0, unchanged 2"}},
			{"without people", []string{csvFile(t, "date,department,measure,mean", "2018,Finance,openness,44")}, done, []string{"added 1", "on your word that each stands for at least 5"}},
			{"bad lines", []string{csvFile(t, "date,department,measure,mean", "2017,Finance,openness,44", "soon,Finance,openness,much")}, failed,
				[]string{`line 3: "soon" is not a year`, `line 3: "much" is not a number from 0 to 100`, "nothing was stored"}},
			{"what is in a file with bad lines is not kept", []string{"--dry-run", csvFile(t, "date,department,measure,mean", "2017,Finance,openness,44")}, done, []string{"added 1"}},
			{"columns of other names", []string{"--column", "mean=X", "--column", "date=When", csvFile(t, "When,Department,Measure,X", "2018,Finance,openness,44")}, done, []string{`mean: column "X"`, "unchanged 1"}},
			{"no such column", []string{"--column", "mean=Post", file}, wrongUsed, []string{`the file has no column "Post"`}},
			{"no such field", []string{"--column", "shoe=Jahr", file}, wrongUsed, []string{"the fields are date"}},
			{"nothing to go by", []string{csvFile(t, "a,b", "1,2")}, failed, []string{`no column looks like "date"`, `"a", "b"`}},
		} {
			out, errs := s.command(c.code, "", append([]string{"import", "history"}, c.args...)...)
			for _, want := range c.want {
				if !strings.Contains(out+errs, want) {
					t.Errorf("%s: %q is not in\n%s%s", c.name, want, out, errs)
				}
			}
		}
	})
}

// What export all writes of earlier results is taken in again as it was, and holds nothing that a page hides.
func TestEarlierResultsGoOutAndComeBack(t *testing.T) {
	t.Parallel()
	first, second := newSite(t, store.SQLite), newSite(t, store.SQLite)
	for _, s := range []*site{first, second} {
		s.do("department", "add", "Finance")
		s.do("department", "add", "Legal, Tax")
	}
	first.do("import", "history", csvFile(t, "date,department,measure,mean,favourable,n", "2009,Finance,Openness,41.25,,20", `2009,"Legal, Tax",Openness,52,,30`, "2009-Q3,total,Openness,48.5,,", "2009-03-31,Old name,trust,,61.5,12",
		"2010,Gesamt,trust,,50,50", "2010,Finance,trust,,77,48")) // the 48 of 50 would leave two, and are hidden
	took := func(s *site) string {
		dir := t.TempDir()
		s.do("export", "all", "--out", dir)
		manifest, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
		if err != nil || !strings.Contains(string(manifest), `"history.csv"`) {
			t.Fatalf("%v\n%s", err, manifest)
		}
		return filepath.Join(dir, "history.csv")
	}
	file := took(first)
	written, err := os.ReadFile(file)
	want := "date,department,measure,mean,favourable,n\r\n" + "2009,Finance,Openness,41.25,,20\r\n" + "2009,\"Legal, Tax\",Openness,52,,30\r\n" + "2009-Q3,organisation,Openness,48.5,,\r\n" +
		"2010,organisation,trust,,50,50\r\n" + "2009-03-31,Old name,trust,,61.5,12\r\n"
	if norm := func(s string) string {
		lines := strings.Split(strings.ReplaceAll(strings.TrimSpace(strings.TrimPrefix(s, "\ufeff")), "\r\n", "\n"), "\n")
		slices.Sort(lines)
		return strings.Join(lines, "\n")
	}; err != nil || norm(string(written)) != norm(want) {
		t.Errorf("%v\n%s\nwant\n%s", err, written, want)
	}
	second.do("import", "history", file)
	first.join("Openness", "q.easier")
	measures := filepath.Join(filepath.Dir(took(first)), "history-measures.csv")
	for _, want := range []string{"added 1, changed 0, unchanged 0\ndry run: nothing was stored", "added 1, changed 0, unchanged 0", "added 0, changed 0, unchanged 1"} {
		args := []string{"import", "history", measures}
		if strings.Contains(want, "dry run") {
			args = append(args, "--dry-run")
		}
		if out := strings.Join(second.do(args...), "\n"); !strings.HasSuffix(out, want) {
			t.Errorf("%q, want %q", out, want)
		}
	}
	equalFiles(t, measures, filepath.Join(filepath.Dir(took(second)), "history-measures.csv"))
	for line, want := range map[string]string{"Nothing,openness": `line 2: measure: nothing is kept of "Nothing"`, "trust,q easier": `line 2: trend: "q easier" is no construct`, `"trust,q.easier`: "line 2: a quotation mark"} {
		if _, errs := second.command(failed, "", "import", "history", csvFile(t, "measure,trend", line, "trust,openness")); !strings.Contains(errs, want) {
			t.Errorf("%s: %q is not in\n%s", line, want, errs)
		}
	}
	equalFiles(t, measures, filepath.Join(filepath.Dir(took(second)), "history-measures.csv"))
	if again, err := os.ReadFile(took(second)); err != nil || string(again) != string(written) {
		t.Errorf("%v: taken in again it is\n%s\nnot\n%s", err, again, written)
	}
}

// join lets a measure begin a trend, as somebody does on the page of earlier results.
func (s *site) join(measure, trend string) {
	s.t.Helper()
	db := storetest.Open(s.t, s.args[1])
	if err := db.Transact(s.t.Context(), "test", func(tx *store.Tx) error { return history.JoinMeasure(tx, measure, trend) }); err != nil {
		s.t.Fatal(err)
	}
}
