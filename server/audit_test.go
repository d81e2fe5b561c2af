package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"soundings/surveys/catalog"
	"soundings/surveys/library"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

func TestCommandsLeaveEntriesInTheAuditLog(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.do("department", "add", "Finance", "--headcount", "7")
		s.do("band", "add", "Staff")
		s.command(done, "a long enough password\n", "user", "add", "--email", "ann@example.org", "--role", "viewer", "--department", "Finance", "--password-stdin")
		s.command(failed, "a long enough password\n", "user", "add", "--email", "bob@example.org", "--role", "viewer", "--department", "Nowhere", "--password-stdin")
		s.command(failed, "a long enough password\n", "user", "add", "--email", "bob@example.org", "--role", "admin", "--department", "Finance", "--password-stdin")
		token := s.do("token", "add", "--name", "robot", "--role", "viewer")[0]
		survey, _ := s.openLibrary()
		lines := s.do("wave", "open", "--survey", survey)
		s.do("wave", "list")
		s.do("wave", "close", lines[0])
		s.command(failed, "", "wave", "close", "99")
		s.do("export", "survey", survey)
		s.do("export", "responses", "--out", t.TempDir())
		s.do("verify")
		s.do("rebuild")
		people := filepath.Join(t.TempDir(), "people.csv")
		if err := os.WriteFile(people, []byte("email,department\nmira@example.org,Finance\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		s.do("import", "directory", "--dry-run", people)
		s.do("import", "directory", people)

		db := storetest.Open(t, s.args[1])
		got := storetest.Rows(t, db, "SELECT action, subject, outcome, email, origin FROM audit_log ORDER BY id")
		want := []string{
			"department.save|department 1|ok", "band.save|band 1|ok", "account.add|user 1|ok", "account.add||failed", "account.add||failed",
			"token.add|token robot|ok", "survey.import|survey 1|ok", "wave.open|wave 1|ok", "wave.close|wave 1|ok", "wave.close|wave 99|failed",
			"survey.export|survey 1|ok", "responses.export|wave 1|ok", "tallies.rebuild||ok", "directory.import.try||ok", "directory.import||ok",
		}
		for i := range want {
			want[i] += "||command line"
		}
		if !slices.Equal(got, want) {
			t.Errorf("the log holds\n%q, want\n%q", got, want)
		}
		if rows := storetest.Rows(t, db, "SELECT email, role, limited FROM users"); !slices.Equal(rows, []string{"ann@example.org|viewer|1"}) {
			t.Errorf("the accounts are %v", rows)
		}
		if token == "" {
			t.Error("no token is printed")
		}
	})
}

// What the clock does is recorded in its own transaction: there is no wave that it opened without the entry.
func TestWhatTheScheduleDoesStandsInTheAuditLog(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		known := catalog.New(db)
		r, now := newRunner(db, known), time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
		r.Now = func() time.Time { return now }
		err := db.Transact(t.Context(), "test", func(tx *store.Tx) error {
			source, err := library.Open("change-pulse")
			if err != nil {
				return err
			}
			q, _, err := known.Publish(tx, source, now)
			if err != nil {
				return err
			}
			if _, err := people.AddDepartment(tx, "Finance", 10); err != nil {
				return err
			}
			for _, opens := range []waves.Local{"2027-03-02T08:00", "2027-03-04T08:00"} {
				id, err := waves.SavePlan(tx, waves.Plan{Survey: q.Survey, Every: waves.Once, Opens: opens, Closes: opens.Plus(1)})
				if err == nil {
					err = waves.Schedule(tx, id, waves.LocalOf(now, time.UTC))
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, day := range []int{2, 3, 8} { // the second plan's days go by while no server runs
			now = time.Date(2027, 3, day, 9, 0, 0, 0, time.UTC)
			for range 2 {
				if err := r.Once(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := r.Close(t.Context(), 1); err != nil { // by hand, and closed already
			t.Fatal(err)
		}
		got := storetest.Rows(t, db, "SELECT action, subject, outcome, user_id, email, token, origin FROM audit_log ORDER BY id")
		want := []string{"wave.open|wave 1, plan 1|ok|0|||schedule", "wave.close|wave 1, plan 1|ok|0|||schedule", "wave.open|plan 2|failed|0|||schedule"}
		if !slices.Equal(got, want) {
			t.Errorf("the log holds\n%q, want\n%q", got, want)
		}
	})
}

func TestACommandThatCannotBeRecordedFails(t *testing.T) {
	s := newSite(t, store.SQLite)
	s.do("band", "add", "Staff")
	pool, err := storetest.Open(t, s.args[1]).Pool()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec("CREATE TRIGGER full BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'full'); END"); err != nil {
		t.Fatal(err)
	}
	if out, errs := s.command(failed, "", "token", "add", "--name", "robot", "--role", "viewer"); out != "" || errs == "" {
		t.Errorf("a token is given out unrecorded: %q, %q", out, errs)
	}
}
