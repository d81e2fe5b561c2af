package history

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/uploads"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

func transact(t *testing.T, s *store.Store, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Transact(t.Context(), "test", fn); err != nil {
		t.Fatal(err)
	}
}

func department(t *testing.T, s *store.Store, name string) (id surveys.DepartmentID) {
	t.Helper()
	transact(t, s, func(tx *store.Tx) (err error) {
		id, err = people.AddDepartment(tx, name, 0)
		return err
	})
	return id
}

// lines is a file of the usual six columns.
func lines(t *testing.T, list ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "history.csv")
	content := "Year,Department,Measure,Mean,Favourable,n\n" + strings.Join(list, "\n") + "\n"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// read reads a file as its headings say, but for the columns that are named.
func read(t *testing.T, path string, columns ...string) *Entries {
	t.Helper()
	f, err := uploads.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	m := Matching(Guess(f.Headings(), nil))
	for i := 0; i < len(columns); i += 2 {
		at, problem := f.Column(columns[i+1])
		if problem != "" {
			t.Fatal(problem)
		}
		m[Field(columns[i])] = at
	}
	e, err := Read(t.Context(), f, m)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return e
}

func apply(t *testing.T, s *store.Store, e *Entries, terms Terms) (p *Plan, err error) {
	t.Helper()
	err = s.Transact(t.Context(), "test", func(tx *store.Tx) (err error) {
		p, err = e.Apply(tx, terms)
		return err
	})
	return p, err
}

// taken takes a file in.
func taken(t *testing.T, s *store.Store, e *Entries) *Plan {
	t.Helper()
	p, err := apply(t, s, e, Terms{Sizes: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func values(t *testing.T, s *store.Store, measure string, scale Scale) []Value {
	t.Helper()
	list, err := Values(s.Read(t.Context()), measure, scale)
	if err != nil {
		t.Fatal(err)
	}
	return list
}
