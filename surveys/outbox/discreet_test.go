package outbox

import (
	"strings"
	"testing"
	"time"

	"soundings/surveys/outbox/outboxtest"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// A reminder is needed by those who have not answered. Which they were must not be left behind in a table.
func TestASettledDiscreetEntryTellsNothing(t *testing.T) {
	each(t, func(t *testing.T, p *post) {
		p.box.Discreet = []Kind{greeting}
		p.server.React(func(_ outboxtest.Stage, address string) outboxtest.Reaction {
			switch {
			case strings.HasPrefix(address, "bounces"):
				return outboxtest.Refuse
			case strings.HasPrefix(address, "lost"):
				return outboxtest.Drop
			}
			return outboxtest.Accept
		})
		dropped := to("dropped")
		dropped.Subject = -1
		lost := to("lost")
		p.add(to("sent"), dropped, to("bounces"), lost)
		p.send()
		for range 12 { // until the last try
			p.later(13 * time.Hour)
			p.send()
		}
		if n := len(p.server.Messages()); n != 1 {
			t.Fatalf("%d messages", n)
		}
		first := ""
		rows := storetest.Rows(t, p.store, "SELECT state, address, fault, reply, tries, owner, lease_until, next_at FROM outbox ORDER BY id")
		for _, row := range rows {
			if first == "" {
				first = row
			}
			if row != first || strings.Contains(row, "@") {
				t.Errorf("one is %q, another %q", row, first)
			}
		}
		if len(rows) != 4 {
			t.Errorf("%d entries", len(rows))
		}
		p.add(to("sent"), to("bounces"))
		p.send()
		if n := len(p.server.Messages()); n != 1 {
			t.Errorf("added again: %d messages", n)
		}
	})
}

// A program that dies in the middle of a discreet message leaves an uncertain one, which says that it was needed.
func TestAnInterruptedDiscreetEntryTellsNothing(t *testing.T) {
	each(t, func(t *testing.T, p *post) {
		p.box.Discreet = []Kind{greeting}
		p.add(to("sent"), to("interrupted"))
		claim, err := p.box.claim(t.Context(), 600)
		if err != nil || len(claim.rows) != 2 {
			t.Fatalf("%d entries, %v", len(claim.rows), err)
		}
		for _, r := range claim.rows {
			if _, err := p.box.begin(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.box.finish(t.Context(), claim.rows[0], outcome{state: Sent}); err != nil {
			t.Fatal(err)
		}
		p.later(time.Minute)
		p.send()
		rows := storetest.Rows(t, p.store, "SELECT state, address, fault, reply, tries, owner, lease_until, next_at, settled_at FROM outbox ORDER BY id")
		if len(rows) != 2 || rows[0] != rows[1] {
			t.Errorf("%q", rows)
		}
	})
}

// Whoever wrote to somebody must learn that it did not arrive; whom it was to, and at what time, is not left behind.
func TestASettledNamelessEntryTellsHowItWentAndNotToWhom(t *testing.T) {
	each(t, func(t *testing.T, p *post) {
		p.box.Nameless = []Kind{greeting}
		p.server.React(func(_ outboxtest.Stage, address string) outboxtest.Reaction {
			if strings.HasPrefix(address, "bounces") {
				return outboxtest.Refuse
			}
			return outboxtest.Accept
		})
		last := func(want State) {
			t.Helper()
			got, err := Last(t.Context(), p.store, "them")
			if err != nil || got.State != want || !got.Settled.Equal(got.Settled.Truncate(24*time.Hour)) || got.Settled.IsZero() != (want == Queued || want == "") {
				t.Errorf("the last is %+v, want %s: %v", got, want, err)
			}
		}
		add := func(name string) {
			e := to(name)
			e.Batch = "them"
			p.add(e)
		}
		last("")
		add("sent")
		last(Queued)
		p.send()
		last(Sent)
		add("bounces")
		p.send()
		last(Failed)
		add("interrupted")
		claim, err := p.box.claim(t.Context(), 600)
		if err != nil || len(claim.rows) != 1 {
			t.Fatalf("%d entries, %v", len(claim.rows), err)
		}
		if _, err := p.box.begin(t.Context(), claim.rows[0]); err != nil {
			t.Fatal(err)
		}
		p.later(time.Minute)
		p.send()
		last(Uncertain)
		for _, row := range storetest.Rows(t, p.store, "SELECT address, reply, owner, lease_until, tries, settled_at FROM outbox") {
			if strings.Contains(row, "@") || !strings.HasPrefix(row, "||||1|") {
				t.Errorf("left behind is %q", row)
			}
		}
		if err := p.store.Transact(t.Context(), "test", func(tx *store.Tx) error { return Forget(tx, "them") }); err != nil {
			t.Fatal(err)
		}
		last("")
		if rows := storetest.Rows(t, p.store, "SELECT DISTINCT state, fault FROM outbox"); len(rows) != 1 || rows[0] != "sent|" {
			t.Errorf("once forgotten, what became of them is %q", rows)
		}
	})
}
