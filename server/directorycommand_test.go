package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func csvFile(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheDirectoryIsTakenInByACommand(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.do("department", "add", "Finance")
		s.do("band", "add", "Staff")
		file := csvFile(t, "E-Mail;Name;Abteilung;Ebene", "ann@x.org;Ann;Finance;Staff", "bo@x.org;Bo;Harbour;")
		for _, c := range []struct {
			name string
			args []string
			code int
			want []string
		}{
			{"a dry run", []string{"--dry-run", file}, done, []string{"people.csv (CSV, utf-8, semicolon): 2 people", `email: column "E-Mail"`, "added 2, changed 0, gone 0, unchanged 0", `new department "Harbour": 1 people`, "dry run: nothing was stored"}},
			{"no new departments", []string{"--no-new-departments", file}, failed, []string{"added 2", "nothing was stored", "departments that nobody knows"}},
			{"for real", []string{file}, done, []string{"added 2, changed 0, gone 0, unchanged 0"}},
			{"again", []string{file}, done, []string{"added 0, changed 0, gone 0, unchanged 2"}},
			{"half are missing", []string{csvFile(t, "email,department", "ann@x.org,Finance")}, done, []string{"changed 1, gone 1", "1 of 2 people are not in the file"}},
			{"bad lines", []string{csvFile(t, "email,department,band", "ann@x.org,Finance,", "x,Finance,", "bo@x.org,Finance,Chief")}, failed,
				[]string{`line 3: "x" is not a plain e-mail address`, `line 4: there is no band "Chief"`, "2 lines cannot be taken in, so nothing was stored"}},
			{"bad lines in a dry run", []string{"--dry-run", csvFile(t, "email,department", "x,Finance")}, failed, []string{"line 2:", "nothing was stored"}},
			{"columns of other names", []string{"--column", "email=Login", "--column", "department=Where", "--dry-run", csvFile(t, "Login,Where", "ann@x.org,Finance")}, done, []string{`department: column "Where"`, "unchanged 1"}},
			{"no such column", []string{"--column", "email=Post", file}, wrongUsed, []string{`the file has no column "Post"`}},
			{"no such field", []string{"--column", "shoe=E-Mail", file}, wrongUsed, []string{"the fields are email"}},
			{"nothing to go by", []string{csvFile(t, "a,b", "1,2")}, failed, []string{`no column looks like "email"`, `"a", "b"`}},
			{"not a table", []string{csvFile(t)}, failed, []string{"the file has no header"}},
		} {
			out, errs := s.command(c.code, "", append([]string{"import", "directory"}, c.args...)...)
			for _, want := range c.want {
				if !strings.Contains(out+errs, want) {
					t.Errorf("%s: %q is not in\n%s%s", c.name, want, out, errs)
				}
			}
		}
		if got := s.do("department", "list"); !slices.Equal(got, []string{"1\t1\tFinance", "2\t-\tHarbour"}) {
			t.Errorf("departments are %q", got)
		}
	})
}
