package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/invitations"
	"soundings/surveys/outbox/outboxtest"
	"soundings/surveys/settings"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

// pair is two processes of the program on one database.
type pair struct {
	*site
	db *store.Store
}

// run starts both at the same moment, and kills them when it is done.
func (p pair) run(until func()) {
	p.t.Helper()
	var servers []*server
	var ready []<-chan string
	for range 2 {
		s := &server{t: p.t, args: p.args[:4]}
		servers, ready = append(servers, s), append(ready, s.launch())
	}
	for i, s := range servers {
		s.await(ready[i])
	}
	until()
	for _, s := range servers {
		s.kill()
	}
}

func (p pair) change(fn func(tx *store.Tx) error) {
	p.t.Helper()
	if err := p.db.Transact(p.t.Context(), "test", fn); err != nil {
		p.t.Fatal(err)
	}
}

// settles waits until the rows of a query are as wanted and no message is on its way.
func (p pair) settles(query string, want ...string) {
	p.t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); ; <-tick.C {
		moving := storetest.Rows(p.t, p.db, "SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'sending')")
		got := storetest.Rows(p.t, p.db, query)
		if moving[0] == "0" && slices.Equal(got, want) {
			return
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("%s gives %q, want %q; %s messages are on their way", query, got, want, moving[0])
		}
	}
}

// Two processes that start at the same moment meet the same plans, reminders and closings that are due. Each is done and
// told of once, and everybody gets each message once.
func TestTwoProcessesOpenRemindAndCloseOnce(t *testing.T) {
	t.Parallel()
	const plans, persons = 4, 5
	p := pair{site: newSite(t, store.MySQL)}
	mail := outboxtest.Start(t, outboxtest.Options{})
	p.do("department", "add", "Sales")
	lines := []string{"email,department"}
	for n := range persons {
		lines = append(lines, fmt.Sprintf("p%d@example.org,Sales", n))
	}
	p.do("import", "directory", csvFile(t, lines...))
	file := filepath.Join(t.TempDir(), "pulse.yaml")
	if err := os.WriteFile(file, []byte(pulse), 0o600); err != nil {
		t.Fatal(err)
	}
	p.do("import", "survey", file)
	p.db = storetest.Open(t, p.args[1])
	opens := waves.LocalOf(time.Now().Add(-time.Hour), time.UTC)
	p.change(func(tx *store.Tx) error { return settings.SaveMail(tx, nil, mail.Settings()) })
	for n := range plans {
		p.change(func(tx *store.Tx) error {
			id, err := waves.SavePlan(tx, waves.Plan{Survey: 1, Label: fmt.Sprint("Plan ", n), Opens: opens, Closes: opens.Plus(6), Every: waves.Weekly, Mail: true})
			if err != nil {
				return err
			}
			return waves.Schedule(tx, id, opens.Plus(-1))
		})
	}
	p.run(func() {
		mail.Await(t, plans*persons)
		p.settles("SELECT state, COUNT(*), COUNT(DISTINCT label) FROM waves GROUP BY state", fmt.Sprintf("open|%d|%d", plans, plans))
	})
	if next := storetest.Rows(t, p.db, "SELECT DISTINCT next FROM wave_plans"); !slices.Equal(next, []string{string(opens.Plus(7))}) {
		t.Errorf("the plans open next on %q, want %s", next, opens.Plus(7))
	}

	// Then two of the waves are to remind, and the other two to close.
	p.change(func(tx *store.Tx) error {
		for _, wave := range []surveys.WaveID{1, 2} {
			if err := invitations.Remind(tx, wave, 1, time.Now()); err != nil {
				return err
			}
		}
		return tx.Exec("UPDATE wave_terms SET closes_at = ? WHERE wave_id > 2", time.Now().Add(-time.Minute).UTC()).Error
	})
	p.run(func() {
		mail.Await(t, (plans+2)*persons)
		p.settles("SELECT id, state FROM waves ORDER BY id", "1|open", "2|open", "3|closed", "4|closed")
	})
	p.told(mail, persons)
	p.do("verify")
}

// told checks who was written to, and what the log book says of the clock's doing.
func (p pair) told(mail *outboxtest.Server, persons int) {
	p.t.Helper()
	got := map[string]int{}
	for _, m := range mail.Messages() {
		_, text, _ := m.Read(p.t)
		got[m.To[0]+" "+m.Subject(p.t)+" "+personalAddress.FindString(text)]++
	}
	for message, times := range got {
		if times != 1 {
			p.t.Errorf("%s was sent %d times", message, times)
		}
	}
	if want := 6 * persons; len(got) != want {
		p.t.Errorf("%d messages, want %d", len(got), want)
	}
	log := storetest.Rows(p.t, p.db, "SELECT action, SUBSTR(subject, 1, 6), COUNT(*) FROM audit_log WHERE action IN ('wave.open', 'wave.close') GROUP BY action, SUBSTR(subject, 1, 6) ORDER BY 1, 2")
	want := []string{"wave.close|wave 3|1", "wave.close|wave 4|1", "wave.open|wave 1|1", "wave.open|wave 2|1", "wave.open|wave 3|1", "wave.open|wave 4|1"}
	if strings.Join(log, "\n") != strings.Join(want, "\n") {
		p.t.Errorf("the log book says\n%s\nwant\n%s", strings.Join(log, "\n"), strings.Join(want, "\n"))
	}
}
