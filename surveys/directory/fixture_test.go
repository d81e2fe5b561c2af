package directory

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// house is a database with the departments Finance and Legal and the bands Staff and Lead.
func house(t *testing.T, s *store.Store) {
	t.Helper()
	transact(t, s, func(tx *store.Tx) error {
		for _, name := range []string{"Finance", "Legal"} {
			if _, err := people.AddDepartment(tx, name, 0); err != nil {
				return err
			}
		}
		for _, name := range []string{"Staff", "Lead"} {
			if _, err := people.AddBand(tx, name); err != nil {
				return err
			}
		}
		return nil
	})
}

func transact(t *testing.T, s *store.Store, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Transact(t.Context(), "test", fn); err != nil {
		t.Fatal(err)
	}
}

// written is a file with the content.
func written(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// lines is a file of the usual five columns.
func lines(list ...string) string {
	return "E-mail,Name,Department,Band,Language\n" + strings.Join(list, "\n") + "\n"
}

// taken reads a file as its headings say.
func taken(t *testing.T, path string) *Entries {
	t.Helper()
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	e, err := f.Read(t.Context(), Guess(f.Headings(), nil, true), nil)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// apply takes a file in.
func apply(t *testing.T, s *store.Store, content string, terms Terms) (plan *Plan, err error) {
	t.Helper()
	e := taken(t, written(t, content))
	err = s.Transact(t.Context(), "test", func(tx *store.Tx) (err error) {
		plan, err = e.Apply(tx, terms)
		return err
	})
	return plan, err
}

func applied(t *testing.T, s *store.Store, content string, terms Terms) *Plan {
	t.Helper()
	plan, err := apply(t, s, content, terms)
	if err != nil {
		t.Fatalf("%v %+v", err, plan)
	}
	return plan
}

// stored is the directory as text.
func stored(t *testing.T, s *store.Store) []string {
	t.Helper()
	return storetest.Rows(t, s, "SELECT id, email, name, department_id, band_id, language, gone FROM persons ORDER BY id")
}
