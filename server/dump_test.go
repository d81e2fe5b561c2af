package main

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"soundings/surveys/shareddata"
	"soundings/surveys/store"
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
	pool, err := db.Pool()
	if err != nil {
		s.t.Fatal(err)
	}
	var lines []string
	for _, table := range []string{"departments", "bands", "surveys", "questionnaires", "question_versions", "waves", "links",
		"headcounts", "responses", "comments", "counters", "scores", "tallies"} {
		lines = append(lines, table+" "+hashRows(s.t, pool, table))
	}
	return strings.Join(lines, "\n")
}

func hashRows(t *testing.T, pool *sql.DB, table string) string {
	t.Helper()
	rows, err := pool.Query("SELECT * FROM " + table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for rows.Next() {
		cells, into := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, fmt.Sprintf("%q", cells))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	sort.Strings(texts)
	return fmt.Sprintf("%d %x", len(texts), sha256.Sum256([]byte(strings.Join(texts, "\n"))))
}
