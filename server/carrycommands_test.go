package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"soundings/surveys/carry"
	"soundings/surveys/conversation"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/visits"
)

// everything exports all that there is, champions included, and returns the folder.
func (s *site) everything() string {
	s.t.Helper()
	dir := s.t.TempDir()
	s.do("export", "all", "--with-champions", "--out", dir)
	return dir
}

// The whole conversation of the demo goes out, into empty installations on both databases, and out again, the same to the
// last byte. What does not go along by design: ids (no file has one), who supports an idea (only how many), volunteers who
// have not confirmed, and the private addresses of champions and calendars.
func TestTheConversationGoesOutAndComesBack(t *testing.T) {
	t.Parallel()
	first := newSite(t, store.SQLite)
	first.fillDemo(time.Now())
	from := first.everything()
	const kinds = 8
	eachSite(t, func(t *testing.T, s *site) {
		conversation := filepath.Join(from, "conversation.json")
		if out, errs := s.command(failed, "", "import", "conversation", from); !strings.Contains(out, `no department "Finance"`) || !strings.Contains(errs, "departments that nobody knows here: ") || !strings.Contains(out, "nothing was stored") {
			t.Errorf("without departments:\n%s%s", out, errs)
		}
		s.do("import", "departments", filepath.Join(from, "departments.csv"))
		s.do("import", "bands", filepath.Join(from, "bands.csv"))
		if out := strings.Join(s.do("import", "conversation", "--dry-run", conversation), "\n"); !strings.Contains(out, "dry run: nothing was stored") || !strings.Contains(out, "changes: new 3, here already 0, different here 0") {
			t.Errorf("dry run:\n%s", out)
		}
		s.do("import", "conversation", from)
		if out := strings.Join(s.do("import", "conversation", from), "\n"); strings.Count(out, "new 0,") != kinds || strings.Count(out, "different here 0") != kinds {
			t.Errorf("taken in twice:\n%s", out)
		}
		again := s.everything()
		for _, name := range []string{"bands.csv", "conversation.json"} {
			equalFiles(t, filepath.Join(from, name), filepath.Join(again, name))
		}
	})
}

func equalFiles(t *testing.T, a, b string) {
	t.Helper()
	one, err := os.ReadFile(a)
	two, failure := os.ReadFile(b)
	if err != nil || failure != nil || len(one) == 0 {
		t.Fatal(err, failure)
	}
	if bytes.Equal(one, two) {
		return
	}
	before, after := strings.Split(string(one), "\n"), strings.Split(string(two), "\n")
	for i := range before {
		if i >= len(after) || before[i] != after[i] {
			t.Fatalf("%s, line %d: %q became %q", filepath.Base(a), i+1, before[i], after[min(i, len(after)-1)])
		}
	}
	t.Errorf("%s has %d lines more", filepath.Base(a), len(after)-len(before))
}

// manyVisits is a conversation that takes long enough to be taken in for its program to be killed meanwhile.
func manyVisits(t *testing.T, n int) string {
	t.Helper()
	saved := carry.Stamp{By: "mira@example.org", At: time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)}
	file := conversation.File{Format: conversation.Format, Version: conversation.Version}
	for i := range n {
		file.Visits = append(file.Visits, visits.Carried{UID: fmt.Sprintf("%032x", i), Version: 1, Department: "Finance", Day: "2026-03-02", Associates: []string{"Mira", "Jan"}, State: visits.Done,
			Heard: strings.Repeat("What we heard. ", 600), Saved: saved})
	}
	path := filepath.Join(t.TempDir(), "conversation.json")
	out, err := os.Create(path)
	if err == nil {
		err = errors.Join(file.Write(out), out.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// begun waits until another program has written something that it has not committed.
func (s *site) begun(db *store.Store) {
	s.t.Helper()
	wal := strings.TrimPrefix(s.args[1], "sqlite:") + "-wal"
	pause := 150 * time.Millisecond // InnoDB tells of transactions anew only where nobody has asked for a tenth of a second
	if db.Dialect() == store.SQLite {
		pause = 2 * time.Millisecond
	}
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); ; <-tick.C {
		if db.Dialect() == store.SQLite {
			if info, err := os.Stat(wal); err == nil && info.Size() > 1<<20 {
				return
			}
		} else if storetest.Rows(s.t, db, "SELECT 1 FROM information_schema.innodb_trx t JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id WHERE p.db = DATABASE() AND t.trx_rows_modified > 10") != nil {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatal("nothing was written")
		}
	}
}

func TestAnImportThatIsKilledLeavesNothing(t *testing.T) {
	t.Parallel()
	const many = 1200
	file := manyVisits(t, many)
	eachSite(t, func(t *testing.T, s *site) {
		s.do("department", "add", "Finance")
		db := storetest.Open(t, s.args[1])
		itself, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		process := exec.Command(itself, append([]string{"import", "conversation", file}, s.args...)...)
		process.Env = append(os.Environ(), asProgram+"=1")
		if err := process.Start(); err != nil {
			t.Fatal(err)
		}
		s.begun(db)
		if err := process.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := process.Wait(); err == nil {
			t.Fatal("it had ended before it was killed")
		}
		if out := strings.Join(s.do("import", "conversation", file), "\n"); !strings.Contains(out, fmt.Sprintf("visits: new %d, here already 0", many)) {
			t.Errorf("what was killed has left something:\n%s", out)
		}
	})
}

func TestDepartmentsAndBandsGoOutAndComeBack(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		table := csvFile(t, "name,division,headcount,archived,pooled_into", `"Legal, Tax",Staff,4,false,Small ones`, "Small ones,,9,false,", "'=Old,,,true,Small ones", "Gone,,30,true,")
		if out := strings.Join(s.do("import", "departments", table), "\n"); !strings.Contains(out, "departments: new 4, here already 0, different here 0") {
			t.Error(out)
		}
		s.do("import", "bands", csvFile(t, "name", "Staff", "Chiefs"))
		if out := strings.Join(append(s.do("import", "departments", table), s.do("import", "bands", csvFile(t, "name", "Chiefs", "Staff"))...), "\n"); strings.Count(out, "new 0") != 2 || !strings.Contains(out, "here already 4") {
			t.Error(out)
		}
		content, err := os.ReadFile(filepath.Join(s.everything(), "departments.csv"))
		for _, want := range []string{",Gone,,30,true,\r\n", `,"Legal, Tax",Staff,4,false,Small ones`, ",Small ones,,9,false,\r\n", ",'=Old,,0,true,Small ones\r\n"} {
			if err != nil || !strings.Contains(string(content), want) {
				t.Errorf("%v: %q is not in\n%s", err, want, content)
			}
		}
		for _, c := range []struct{ line, want string }{
			{"Finance,,many,false,", `line 2: headcount: "many" is not a number of people`},
			{"Finance,,-3,false,", `departments "Finance" headcount: must be a number of people`},
			{"Finance,,4,perhaps,", `line 2: archived: "perhaps" is neither true nor false`},
			{"Finance,,4,false,Nowhere", `there is no department "Nowhere"`},
			{"Finance,,4,false,Gone", `must be another department that stands for itself`},
			{"Gone,,31,true,", `different here: "Gone"`},
			{`"Finance,,4`, "line 2: a quotation mark"},
		} {
			out, errs := s.command(failed, "", "import", "departments", csvFile(t, "name,division,headcount,archived,pooled_into", c.line, "Sales,,4,false,"))
			if !strings.Contains(out+errs, c.want) {
				t.Errorf("%s: %q is not in\n%s%s", c.line, c.want, out, errs)
			}
		}
		if out := strings.Join(s.do("department", "list"), "\n"); strings.Contains(out, "Sales") {
			t.Errorf("a file with faults has left something:\n%s", out)
		}
		if out := strings.Join(s.do("import", "departments", "--keep", csvFile(t, "name,headcount", "Gone,31", "Sales,4")), "\n"); !strings.Contains(out, `different here: "Gone"`) || !strings.Contains(out, "new 1") {
			t.Error(out)
		}
		s.command(failed, "", "import", "bands", csvFile(t, "band", "Staff"))
	})
}
