package accounts

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
)

func TestTheAuditLogIsAppendOnly(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		if err := a.Record(t.Context(), Event{User: 7, Email: ann, Action: "wave.close", Subject: "wave 3", Outcome: Done, Origin: office}); err != nil {
			t.Fatal(err)
		}
		if guarded, err := a.store.AuditGuarded(t.Context()); err != nil || !guarded {
			t.Fatalf("guarded: %v, %v", guarded, err)
		}
		pool, err := a.store.Pool()
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range []string{
			"UPDATE audit_log SET email = 'bob@example.org'", "UPDATE audit_log SET id = id + 1", "DELETE FROM audit_log", "DELETE FROM audit_log WHERE id = 1",
		} {
			if _, err := pool.Exec(statement); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: got %v, want a refusal", statement, err)
			}
		}
		list, err := a.Audit().Events(t.Context(), AuditFilter{}, 0, 10)
		want := Event{ID: 1, At: c.now(), User: 7, Email: ann, Action: "wave.close", Subject: "wave 3", Outcome: Done, Origin: office}
		if err != nil || len(list) != 1 || !list[0].At.Equal(want.At) {
			t.Fatalf("got %+v, %v", list, err)
		}
		if list[0].At = want.At; list[0] != want {
			t.Errorf("got %+v, want %+v", list[0], want)
		}
	})
}

// The database may lack the triggers; the program must not be able to either.
func TestNoCodeChangesTheAuditLog(t *testing.T) {
	forbidden := regexp.MustCompile(`(?i)(update|delete from|truncate( table)?|drop table|replace into)\s+audit_log|(Delete|Updates?|Save|Model)\(&Event\{`)
	err := filepath.WalkDir("../..", func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if found := forbidden.FindAllString(string(source), -1); len(found) > 0 && !slices.Equal(found, []string{"Model(&Event{", "Model(&Event{"}) {
			t.Errorf("%s: %v", path, found) // two are queries
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheAuditLogIsFilteredAndPaged(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		begin := c.now()
		for i := range 25 {
			e := Event{Email: ann, Action: "wave.open", Subject: fmt.Sprint("wave ", i), Outcome: Done}
			if i%2 == 1 {
				e.Email, e.Token, e.Action = "", "robot", "survey.publish"
			}
			if err := a.Record(t.Context(), e); err != nil {
				t.Fatal(err)
			}
			c.pass(time.Hour)
		}
		log := a.Audit()
		for name, want := range map[string]struct {
			f AuditFilter
			n int
		}{
			"all":     {AuditFilter{}, 25},
			"person":  {AuditFilter{Person: ann}, 13},
			"token":   {AuditFilter{Person: "robot"}, 12},
			"action":  {AuditFilter{Action: "survey.publish"}, 12},
			"period":  {AuditFilter{From: begin.Add(2 * time.Hour), Until: begin.Add(5 * time.Hour)}, 3},
			"nothing": {AuditFilter{Person: ann, Action: "survey.publish"}, 0},
			"a part":  {AuditFilter{Person: "ann"}, 0},
		} {
			n, err := log.Count(t.Context(), want.f)
			if err != nil || n != want.n {
				t.Errorf("%s: %d entries (%v), want %d", name, n, err, want.n)
			}
			seen := 0
			if err := log.Each(t.Context(), want.f, func(Event) error { seen++; return nil }); err != nil || seen != want.n {
				t.Errorf("%s: %d entries one by one (%v), want %d", name, seen, err, want.n)
			}
		}
		first, err := log.Events(t.Context(), AuditFilter{}, 0, 10)
		if err != nil || len(first) != 10 || first[0].Subject != "wave 24" {
			t.Fatalf("the first page: %+v, %v", first, err)
		}
		if err := a.Record(t.Context(), Event{Email: ann, Action: "wave.open", Outcome: Done}); err != nil {
			t.Fatal(err)
		}
		second, err := log.Events(t.Context(), AuditFilter{}, first[9].ID, 10)
		if err != nil || len(second) != 10 || second[0].Subject != "wave 14" {
			t.Errorf("the second page begins with %+v, %v", second[0], err)
		}
		if names, err := log.Actors(t.Context()); err != nil || !slices.Equal(names, []string{ann, "robot"}) {
			t.Errorf("actors %v, %v", names, err)
		}
	})
}

func TestSignInsAreRecordedWithoutWhatStrangersType(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		user := withAnn(t, a)
		signIn(t, a)
		wantKind(t, fail(t, a, ann, office), surveys.Unauthorized)
		wantKind(t, fail(t, a, "my password typed here", office), surveys.Unauthorized)
		for range 10 {
			_ = fail(t, a, ann, "198.51.100.1") // most are refused unseen
		}
		list, err := a.Audit().Events(t.Context(), AuditFilter{Action: "session.begin"}, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(list)
		if len(list) != 7 {
			t.Errorf("%d entries, want the success, the failure of a stranger and the five of Ann that were looked at", len(list))
		}
		if list[0].Outcome != Done || list[0].User != user.ID || list[0].Email != ann || list[0].Origin != office {
			t.Errorf("the success is %+v", list[0])
		}
		if list[1].Outcome != Refused || list[1].Email != ann {
			t.Errorf("the failure is %+v", list[1])
		}
		if list[2].Email != "" || list[2].User != 0 || strings.Contains(everything(t, a, "audit_log"), "typed here") {
			t.Errorf("a stranger's is %+v", list[2])
		}
	})
}
