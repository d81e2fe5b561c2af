package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/analytics/tally"
	"soundings/surveys/store"
)

// An upgrade must just work: what an earlier version counted is counted anew by migrate up, or by a server that starts.
func TestAnUpgradeCountsAnewWhatAnEarlierVersionCounted(t *testing.T) {
	s := newSite(t, store.SQLite)
	s.do("migrate", "up")
	survey, _ := s.openLibrary()
	lines := s.do("wave", "open", "--survey", survey)
	t.Run("people answer", func(t *testing.T) {
		serving := &site{t, s.args}
		address := serving.serve() + lines[1][strings.Index(lines[1], "/s/"):]
		for range 6 {
			answerOnce(t, address)
		}
	})
	s.do("wave", "close", lines[0])
	db, err := store.Open(t.Context(), s.args[1])
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	age := func() {
		err := db.Transact(t.Context(), "test", func(tx *store.Tx) error {
			if err := tx.Exec("DELETE FROM scores WHERE measure LIKE 'w.%' OR measure LIKE 'p.%' OR measure LIKE 't.%'").Error; err != nil {
				return err
			}
			return tx.Exec("UPDATE counters SET rules = 0").Error
		})
		if err != nil {
			t.Fatal(err)
		}
		if out, _ := s.command(failed, "", "verify"); !strings.Contains(out, "counted by an earlier version") {
			t.Fatalf("verify says %q", out)
		}
	}
	age()
	if lines := s.do("migrate", "up"); !slices.Contains(lines, "waves counted anew, because an earlier version had counted them: 1") {
		t.Errorf("migrate up says %q", lines)
	}
	s.do("verify")
	age()
	s.serve()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); ; <-tick.C {
		left, err := tally.Outdated(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		if len(left) == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("waves %v still wait", left)
		}
	}
	s.do("verify")
}
