package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/invitations"
	"soundings/surveys/outbox"
	"soundings/surveys/outbox/outboxtest"
	"soundings/surveys/settings"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

const mailKills = 5

// The mail test of the issue: the whole program invites everybody in the directory, the mail server drops connections and
// refuses for now and for good at random, and the program is killed again and again. Everybody gets exactly one
// invitation, with an address of their own, or is listed.
func TestEverybodyIsInvitedOnceOrListedWhenTheServerIsKilled(t *testing.T) {
	t.Parallel()
	for kind, n := range map[store.Dialect]int{store.SQLite: 500, store.MySQL: 5000} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel() // both wait, for the leases of the dead
			s := newSite(t, kind)
			mood, mail := outboxtest.NewMoody(uint64(n)), outboxtest.Start(t, outboxtest.Options{})
			mail.React(mood.React)
			db, wave := s.invite(n, mail.Settings())
			server := &server{t: t, args: s.args[:4]}
			server.start()
			for i := range mailKills {
				mail.Await(t, n*(i+1)/(mailKills+3))
				server.kill()
				server.start()
			}
			status := s.awaitInvited(db, wave)
			server.kill()
			checkInvited(t, n, status, mail, mood)
		})
	}
}

// invite sets the mail server, takes in a directory of n people and opens a wave that invites them.
func (s *site) invite(n int, mail settings.Mail) (*store.Store, surveys.Wave) {
	s.t.Helper()
	var people strings.Builder
	people.WriteString("E-mail,Name,Department\n")
	for i := range n {
		fmt.Fprintf(&people, "p%04d@example.com,Person %d,%s\n", i, i, []string{"Sales", "Legal"}[i%2])
	}
	dir := s.t.TempDir()
	for name, text := range map[string]string{"people.csv": people.String(), "pulse.yaml": pulse} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	s.do("department", "add", "Sales")
	s.do("department", "add", "Legal")
	s.do("import", "directory", filepath.Join(dir, "people.csv"))
	survey, err := strconv.ParseInt(s.do("import", "survey", filepath.Join(dir, "pulse.yaml"))[0], 10, 64)
	if err != nil {
		s.t.Fatal(err)
	}
	db, err := store.Open(s.t.Context(), s.args[1])
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := db.Close(); err != nil {
			s.t.Error(err)
		}
	})
	err = db.Transact(s.t.Context(), "test", func(tx *store.Tx) error { return settings.SaveMail(tx, nil, mail) })
	if err != nil {
		s.t.Fatal(err)
	}
	known := catalog.New(db)
	q, err := known.Newest(s.t.Context(), surveys.SurveyID(survey))
	if err != nil {
		s.t.Fatal(err)
	}
	wave, _, err := newRunner(db, known).Open(s.t.Context(), waves.New{Questionnaire: q, Label: "Spring", Mail: true})
	if err != nil {
		s.t.Fatal(err)
	}
	return db, wave
}

// awaitInvited waits until no invitation is left to be sent.
func (s *site) awaitInvited(db *store.Store, wave surveys.Wave) outbox.Status {
	s.t.Helper()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(3 * time.Minute); ; <-tick.C {
		status, err := outbox.Progress(s.t.Context(), db, invitations.BatchOf(wave.ID))
		if err != nil {
			s.t.Fatal(err)
		}
		if status.Queued == 0 {
			return status
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("still waiting: %d queued, %d sent", status.Queued, status.Sent)
		}
	}
}

var personal = regexp.MustCompile(`/i/([^\s/]+)`)

func checkInvited(t *testing.T, n int, status outbox.Status, mail *outboxtest.Server, mood *outboxtest.Moody) {
	t.Helper()
	delivered, owners := map[string]int{}, map[string]string{}
	for _, m := range mail.Messages() {
		delivered[m.To[0]]++
		_, text, _ := m.Read(t)
		token := personal.FindStringSubmatch(text)
		if token == nil || owners[token[1]] != "" && owners[token[1]] != m.To[0] {
			t.Fatalf("%s got no address of their own\n%s", m.To[0], text)
		}
		owners[token[1]] = m.To[0]
	}
	listed := map[string]outbox.Failure{}
	for _, f := range status.Failures {
		listed[f.Address] = f
	}
	for i := range n {
		address := fmt.Sprintf("p%04d@example.com", i)
		failure, isListed := listed[address]
		switch got := delivered[address]; {
		case got > 1:
			t.Errorf("%s was invited %d times", address, got)
		case got == 0 && !isListed:
			t.Errorf("%s was not invited and is not listed", address)
		case got == 1 && isListed && !failure.Uncertain:
			t.Errorf("%s was invited and is listed as failed", address)
		}
	}
	if status.Sent+status.Failed+status.Uncertain != n || status.Uncertain > mood.Unclear()+mailKills {
		t.Errorf("%d sent, %d failed, %d uncertain of %d", status.Sent, status.Failed, status.Uncertain, n)
	}
	t.Logf("%d sent, %d failed, %d may have arrived, through %d kills; the mail server deferred %d times, refused %d, hung up %d and took and hung up %d",
		status.Sent, status.Failed, status.Uncertain, mailKills, mood.Count(outboxtest.Defer), mood.Count(outboxtest.Refuse),
		mood.Count(outboxtest.Drop), mood.Count(outboxtest.TakeAndDrop))
}
