package imports_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/imports"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// importTime is when the tests import.
var importTime = time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)

func depsOn(s *store.Store) imports.Deps {
	return imports.Deps{Store: s, Catalog: catalog.New(s), Secret: surveys.Secret("a secret of the tests"),
		Now: func() time.Time { return importTime }, Finish: tally.Recount}
}

func readMap(t *testing.T, path string) *imports.Map {
	t.Helper()
	m, err := imports.ReadMap(path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// files writes files into one folder and returns it.
func files(t *testing.T, content map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range content {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// run imports data.csv of a folder with map.yaml.
func run(t *testing.T, s *store.Store, dir string, dryRun bool) (*imports.Report, error) {
	t.Helper()
	return imports.Run(context.Background(), depsOn(s), readMap(t, filepath.Join(dir, "map.yaml")), filepath.Join(dir, "data.csv"), dryRun)
}

func mustRun(t *testing.T, s *store.Store, dir string) *imports.Report {
	t.Helper()
	rep, err := run(t, s, dir, false)
	if err != nil {
		if rep != nil {
			t.Log(rep)
		}
		t.Fatal(err)
	}
	return rep
}

// dump is everything in the database.
func dump(t *testing.T, s *store.Store) string {
	t.Helper()
	list := "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1"
	if s.Dialect() == store.SQLite {
		list = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
	}
	tables := storetest.Rows(t, s, list)
	var b strings.Builder
	for _, table := range tables {
		fmt.Fprintf(&b, "%s\n%s\n", table, strings.Join(storetest.Rows(t, s, "SELECT * FROM "+table+" ORDER BY 1, 2"), "\n"))
	}
	if !strings.Contains(b.String(), "responses") {
		t.Fatal("the dump is empty")
	}
	return b.String()
}

func splitCells(row string) []string { return strings.Split(row, "|") }
