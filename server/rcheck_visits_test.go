package main

import (
	"path/filepath"
	"strings"
)

// exportVisits takes out the comparisons of departments visited and not visited that are held against R: neighbouring waves,
// waves far apart, and another survey.
func (s *site) exportVisits(dir string) {
	s.t.Helper()
	for _, of := range [][]string{{"--survey", "1"}, {"--survey", "1", "--before", "1", "--after", "15"}, {"--survey", "1", "--before", "3", "--after", "11"}, {"--survey", "2", "--construct", "engagement", "--before", "2", "--after", "16"}} {
		s.do(append([]string{"export", "visits", "--out", dir}, of...)...)
	}
}

// compareVisitsWithR holds what these comparisons come to against R, and the figures of their departments against the results,
// which R has computed too.
func (s *site) compareVisitsWithR(dir string, results figures) {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "visits-survey-*.csv"))
	if err != nil || len(files) != 4 {
		s.t.Fatalf("%d files of visits, %v", len(files), err)
	}
	bases, responses := map[string]bool{}, 0
	for _, file := range files {
		rows := s.table(file)
		result := rows[len(rows)-1]
		if result["kind"] != "difference" {
			s.t.Fatalf("%s comes to nothing: %v", file, result)
		}
		computed := s.table(strings.Replace(file, "visits-survey", "effects-survey", 1))[0]
		for _, column := range []string{"change", "change_low", "change_high", "p", "df", "smallest_change", "verdict", "basis"} {
			if !agrees(column, result[column], computed[column]) {
				s.t.Errorf("%s: %s is %q in the file, R has %q", filepath.Base(file), column, result[column], computed[column])
			}
		}
		bases[result["basis"]] = true
		if computed["from_responses"] != "0" {
			responses++
		}
		for _, row := range rows {
			for _, when := range []string{"before", "after"} {
				of := results[figureOf{row[when], "department", row["department"], "construct", row["measure"]}]
				for _, column := range []string{"n", "mean", "sd"} {
					if row["kind"] == "department" && row[column+"_"+when] != of[column] {
						s.t.Errorf("%s: %s of %s is %q, and %q in the results", filepath.Base(file), column, row["department"], row[column+"_"+when], of[column])
					}
				}
			}
		}
	}
	if len(bases) != 2 || responses != len(files) {
		s.t.Errorf("intervals rest on %v, and %d of %d on responses", bases, responses, len(files))
	}
}
