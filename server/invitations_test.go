package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/invitations"
	"soundings/surveys/outbox/outboxtest"
	"soundings/surveys/settings"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// The whole program, twice on a database that takes several: everybody gets one invitation, answers through either
// server, and only the others get a reminder.
func TestServersInviteAndRemindOnceTogether(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		mail := outboxtest.Start(t, outboxtest.Options{})
		s.do("department", "add", "Finance")
		lines := []string{"email,department,language"}
		const many = 20
		for n := range many {
			lines = append(lines, fmt.Sprintf("person%d@example.org,Finance,de", n))
		}
		s.do("import", "directory", csvFile(t, lines...))
		s.do("import", "survey", "../surveys/library/change-pulse.yaml")
		s.do("wave", "open", "--survey", "1")
		db := storetest.Open(t, s.args[1])
		key, err := os.ReadFile(s.args[3])
		if err != nil {
			t.Fatal(err)
		}
		secret := surveys.Secret(strings.TrimSpace(string(key)))
		change := func(fn func(tx *store.Tx) error) {
			t.Helper()
			if err := db.Transact(t.Context(), "test", fn); err != nil {
				t.Fatal(err)
			}
		}
		change(func(tx *store.Tx) error { return settings.SaveMail(tx, secret, mail.Settings()) })
		servers := []string{s.serve()}
		if db.Dialect() == store.MySQL {
			servers = append(servers, s.serve())
		}
		change(func(tx *store.Tx) error { return invitations.InviteMore(tx, 1) })
		links := addressed(t, mail.Await(t, many), many)
		answered := 0
		for _, path := range links {
			if answered == many/2 {
				break
			}
			form := url.Values{"receipt": {string(surveys.NewReceipt())}, "q.benefit": {"4"}}
			answer, err := http.PostForm(servers[answered%len(servers)]+path, form)
			if err != nil {
				t.Fatal(err)
			}
			if answer.Body.Close(); answer.StatusCode != http.StatusOK || answer.Request.URL.Path != "/thanks" {
				t.Fatalf("status %d at %s", answer.StatusCode, answer.Request.URL)
			}
			answered++
		}
		change(func(tx *store.Tx) error { return invitations.Remind(tx, 1, 1, time.Now()) })
		for again := range addressed(t, mail.Await(t, many+many/2)[many:], many/2) {
			if links[again] == "" {
				t.Errorf("%s was never invited", again)
			}
		}
		if queued := storetest.Rows(t, db, "SELECT COUNT(*) FROM outbox WHERE kind = 'reminder'"); queued[0] != fmt.Sprint(many) {
			t.Errorf("%s reminders in the outbox, want one for each of %d invited people", queued[0], many)
		}
		if n := len(mail.Messages()); n != many+many/2 {
			t.Errorf("%d messages, want %d", n, many+many/2)
		}
	})
}

var personalAddress = regexp.MustCompile(`https?://[^/\s]+(/i/[0-9a-z]{32})\s`)

// addressed gives the personal address in each message by its recipient; nobody may have two.
func addressed(t *testing.T, messages []outboxtest.Message, many int) map[string]string {
	t.Helper()
	links := map[string]string{}
	for _, m := range messages {
		_, text, _ := m.Read(t)
		found := personalAddress.FindStringSubmatch(text)
		if found == nil {
			t.Fatalf("a message without an address:\n%s", text)
		}
		links[m.To[0]] = found[1]
	}
	if len(links) != many {
		t.Fatalf("%d people got %d messages, want %d people", len(links), len(messages), many)
	}
	return links
}
