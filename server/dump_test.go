package main

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"soundings/surveys/shareddata"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// rseFolder is the folder with the real survey and the figures computed from it elsewhere. A clone without the real
// data uses a made-up sample of the same form, whose figures were computed with Python's statistics module.
func rseFolder(t *testing.T) string {
	t.Helper()
	path, ok := shareddata.Find(t, "rse/reference_rse_construct.csv")
	if !ok {
		return filepath.Join("testdata", "sample")
	}
	return filepath.Dir(path)
}

// dump sums up every table: its number of rows and a hash over them, whatever their order.
func dump(s *site) string {
	s.t.Helper()
	db, err := store.Open(s.t.Context(), s.args[1])
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	var lines []string
	for _, table := range []string{"departments", "bands", "surveys", "questionnaires", "question_versions", "waves", "links",
		"headcounts", "headcounts_by_band", "responses", "comments", "counters", "scores", "tallies", "correlations"} {
		lines = append(lines, table+" "+sum(storetest.Rows(s.t, db, "SELECT * FROM "+table)))
	}
	return strings.Join(lines, "\n")
}

func sum(rows []string) string {
	sort.Strings(rows)
	return fmt.Sprintf("%d %x", len(rows), sha256.Sum256([]byte(strings.Join(rows, "\n"))))
}
