package outbox

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/outbox/outboxtest"
	"soundings/surveys/settings"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

const greeting Kind = "greeting"

// post is an outbox with its database, mail server and clock.
type post struct {
	t      *testing.T
	store  *store.Store
	server *outboxtest.Server
	box    *Outbox

	mu  sync.Mutex
	now time.Time
}

var secret = surveys.Secret(strings.Repeat("s", 32))

func newPost(t *testing.T, s *store.Store) *post {
	t.Helper()
	p := &post{t: t, store: s, server: outboxtest.Start(t, outboxtest.Options{}), now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	p.save(p.server.Settings())
	p.box = p.another()
	return p
}

func (p *post) save(m settings.Mail) {
	p.t.Helper()
	p.write(func(tx *gorm.DB) error { return settings.SaveMail(tx, secret, m) })
}

func (p *post) write(fn func(tx *gorm.DB) error) {
	p.t.Helper()
	if err := p.store.Transact(p.t.Context(), "test", fn); err != nil {
		p.t.Fatal(err)
	}
}

// another is a second program on the same database.
func (p *post) another() *Outbox {
	return New(Deps{Store: p.store, Secret: secret, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: p.clock,
		Writers: map[Kind]Writer{greeting: func(_ context.Context, e Entry) (Mail, error) {
			if e.Subject < 0 {
				return Mail{}, ErrUnneeded
			}
			return Mail{Subject: fmt.Sprintf("Grüße %d", e.Subject), Text: "Hello " + e.Language}, nil
		}}})
}

func (p *post) clock() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

func (p *post) later(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = p.now.Add(d)
}

func (p *post) add(entries ...Entry) {
	p.t.Helper()
	p.write(func(tx *gorm.DB) error { return Add(tx, entries...) })
}

// to makes an entry; its address is its key.
func to(name string) Entry {
	return Entry{Kind: greeting, Address: name + "@example.com", Language: "de", Subject: 7, Key: name, Batch: "wave:1"}
}

// send lets the outbox work until nothing is due.
func (p *post) send() {
	p.t.Helper()
	for {
		busy, err := p.box.round(p.t.Context())
		if err != nil {
			p.t.Fatal(err)
		}
		if !busy {
			return
		}
	}
}

func (p *post) progress() Status {
	p.t.Helper()
	status, err := Progress(p.t.Context(), p.store, "wave:1")
	if err != nil {
		p.t.Fatal(err)
	}
	return status
}

func (p *post) want(queued, sent, failed, uncertain int) {
	p.t.Helper()
	got := p.progress()
	if got.Queued != queued || got.Sent != sent || got.Failed != failed || got.Uncertain != uncertain {
		p.t.Errorf("queued %d, sent %d, failed %d, uncertain %d; want %d, %d, %d, %d",
			got.Queued, got.Sent, got.Failed, got.Uncertain, queued, sent, failed, uncertain)
	}
}

// received are the addresses of all messages the server took, sorted.
func (p *post) received() string {
	var all []string
	for _, m := range p.server.Messages() {
		all = append(all, strings.TrimSuffix(m.To[0], "@example.com"))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func each(t *testing.T, test func(t *testing.T, p *post)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) { test(t, newPost(t, s)) })
}

func TestAnEntryIsSentOnceHoweverOftenItIsAdded(t *testing.T) {
	each(t, func(t *testing.T, p *post) {
		p.add(to("ann"), to("bob"))
		p.add(to("bob"), to("cem"))
		p.send()
		p.add(to("ann"))
		p.send()
		if got := p.received(); got != "ann bob cem" {
			t.Errorf("received by %s", got)
		}
		p.want(0, 3, 0, 0)
	})
}

func TestNothingIsSentForATransactionThatFailed(t *testing.T) {
	each(t, func(t *testing.T, p *post) {
		err := p.store.Transact(t.Context(), "test", func(tx *gorm.DB) error {
			if err := Add(tx, to("ann")); err != nil {
				return err
			}
			return &surveys.Error{Kind: surveys.Conflict}
		})
		if surveys.KindOf(err) != surveys.Conflict {
			t.Fatal(err)
		}
		p.send()
		if got := p.received(); got != "" {
			t.Errorf("received by %s", got)
		}
	})
}

func TestARefusalForNowIsTriedAgainAndOneForGoodIsNot(t *testing.T) {
	each(t, func(t *testing.T, p *post) {
		p.server.React(func(_ outboxtest.Stage, address string) outboxtest.Reaction {
			switch address {
			case "later@example.com":
				return outboxtest.Defer
			case "never@example.com":
				return outboxtest.Refuse
			}
			return outboxtest.Accept
		})
		p.add(to("now"), to("later"), to("never"))
		p.send()
		p.want(1, 1, 1, 0)
		status := p.progress()
		if f := status.Failures[0]; f.Address != "never@example.com" || f.Fault != Refused || !strings.Contains(f.Reply, "550") || !strings.Contains(f.Reply, "no such mailbox") {
			t.Errorf("failure %+v", f)
		}
		if want := p.clock().Add(pause(0)); !status.Next.Equal(want) {
			t.Errorf("next try at %v, want %v", status.Next, want)
		}
		p.server.React(func(outboxtest.Stage, string) outboxtest.Reaction { return outboxtest.Accept })
		p.send()
		p.want(1, 1, 1, 0) // not yet
		p.later(pause(0))
		p.send()
		p.later(30 * 24 * time.Hour)
		p.send()
		p.want(0, 2, 1, 0)
		if got := p.received(); got != "later now" {
			t.Errorf("received by %s", got)
		}
	})
}

func TestWhatIsDeferredForTooLongFails(t *testing.T) {
	p := newPost(t, storetest.SQLite(t))
	p.server.React(func(outboxtest.Stage, string) outboxtest.Reaction { return outboxtest.Defer })
	p.add(to("ann"))
	tries := 0
	for ; p.progress().Queued == 1; tries++ {
		p.send()
		p.later(13 * time.Hour)
	}
	if f := p.progress().Failures; tries != 10 || len(f) != 1 || f[0].Fault != Exhausted || !strings.Contains(f[0].Reply, "451") {
		t.Errorf("after %d tries: %+v", tries, f)
	}
}

func TestAConnectionThatBreaksBeforeTheMessageIsTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, p *post) {
		dropped := false
		p.server.React(func(stage outboxtest.Stage, _ string) outboxtest.Reaction {
			if stage == outboxtest.AtRecipient && !dropped {
				dropped = true
				return outboxtest.Drop
			}
			return outboxtest.Accept
		})
		p.add(to("ann"), to("bob"))
		p.send()
		p.want(1, 1, 0, 0)
		p.later(pause(0))
		p.send()
		p.want(0, 2, 0, 0)
		if got := p.received(); got != "ann bob" {
			t.Errorf("received by %s", got)
		}
	})
}

// The connection breaks when the whole message is out: one server has delivered it and one has not, and no sender can
// tell which.
func TestWhatMayHaveArrivedIsNeverSentAgainByItself(t *testing.T) {
	each(t, func(t *testing.T, p *post) {
		p.server.React(func(stage outboxtest.Stage, address string) outboxtest.Reaction {
			switch {
			case stage == outboxtest.AtMessage && address == "arrived@example.com":
				return outboxtest.TakeAndDrop
			case stage == outboxtest.AtMessage && address == "lost@example.com":
				return outboxtest.Drop
			}
			return outboxtest.Accept
		})
		p.add(to("arrived"), to("lost"), to("other"))
		p.send()
		p.server.React(func(outboxtest.Stage, string) outboxtest.Reaction { return outboxtest.Accept })
		for range 5 {
			p.later(24 * time.Hour)
			p.send()
		}
		p.want(0, 1, 0, 2)
		if got := p.received(); got != "arrived other" {
			t.Errorf("received by %s", got)
		}
		var lost []EntryID
		for _, f := range p.progress().Failures {
			if !f.Uncertain || f.Fault != Interrupted {
				t.Errorf("failure %+v", f)
			}
			if f.Address == "lost@example.com" {
				lost = append(lost, f.ID)
			}
		}
		again := func(batch string, ids ...EntryID) (n int) {
			p.write(func(tx *gorm.DB) (err error) { n, err = Again(tx, batch, ids...); return err })
			return n
		}
		if n := again("wave:1"); n != 0 {
			t.Errorf("%d sent again that may have arrived, without having been named", n)
		}
		if n := again("wave:2", lost...); n != 0 {
			t.Errorf("%d sent again for another batch", n)
		}
		if n := again("wave:1", lost...); n != 1 {
			t.Errorf("%d sent again, want 1", n)
		}
		p.send()
		p.want(0, 2, 0, 1)
		if got := p.received(); got != "arrived lost other" {
			t.Errorf("received by %s", got)
		}
	})
}

// A program died between marking an entry and hearing the answer.
func TestAnEntryWhoseSenderDiedIsUncertainAfterItsLease(t *testing.T) {
	each(t, func(t *testing.T, p *post) {
		p.add(to("ann"), to("bob"))
		dead := p.another()
		c, err := dead.claim(t.Context(), 60)
		if err != nil || len(c.rows) != 2 {
			t.Fatal(len(c.rows), err)
		}
		if mine, err := dead.begin(t.Context(), c.rows[0]); !mine || err != nil {
			t.Fatal(mine, err)
		}
		p.send()
		p.want(2, 0, 0, 0) // both are claimed
		p.later(lease + claimSpan)
		p.send()
		p.want(0, 1, 0, 1)
		if got := p.received(); got != "bob" {
			t.Errorf("received by %s", got)
		}
		// It was not dead but slow. What it knows counts; what another has taken over it must leave alone.
		if err := dead.finish(t.Context(), c.rows[0], outcome{state: Sent}); err != nil {
			t.Fatal(err)
		}
		if mine, err := dead.begin(t.Context(), c.rows[1]); mine || err != nil {
			t.Error("an entry was begun twice", err)
		}
		p.want(0, 2, 0, 0)
	})
}

func TestAClaimThatIsRenewedIsNotTakenOver(t *testing.T) {
	each(t, func(t *testing.T, p *post) {
		p.add(to("ann"))
		slow := p.another()
		c, err := slow.claim(t.Context(), 60)
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			p.later(lease - time.Second)
			if err := slow.renew(t.Context(), c.rows); err != nil {
				t.Fatal(err)
			}
			p.send()
		}
		if got := p.received(); got != "" {
			t.Errorf("received by %s", got)
		}
		if err := slow.giveBack(t.Context(), c.rows); err != nil {
			t.Fatal(err)
		}
		p.send()
		p.want(0, 1, 0, 0)
	})
}

func TestSeveralProgramsSendEachEntryOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s)
		var want []string
		for i := range 300 {
			name := fmt.Sprintf("p%03d", i)
			want = append(want, name)
			p.add(to(name))
		}
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 3 {
			box := p.another()
			box.Now = time.Now
			wg.Go(func() { box.Run(ctx) })
		}
		p.server.Await(t, 300)
		stop()
		wg.Wait()
		p.want(0, 300, 0, 0)
		if got := p.received(); got != strings.Join(want, " ") {
			t.Errorf("received by %s", got)
		}
	})
}

func TestAllProgramsTogetherKeepToTheMessagesAMinute(t *testing.T) {
	each(t, func(t *testing.T, p *post) {
		for i := range 100 {
			p.add(to(fmt.Sprint(i)))
		}
		claims := 0
		for minute := p.clock().Add(time.Minute); p.clock().Before(minute); p.later(time.Second) {
			for _, box := range []*Outbox{p.box, p.another()} {
				c, err := box.claim(t.Context(), 60)
				if err != nil {
					t.Fatal(err)
				}
				claims += len(c.rows)
			}
		}
		if most := 60 + 2*int(claimSpan/time.Second); claims < 60 || claims > most {
			t.Errorf("%d messages in a minute, want 60 to %d", claims, most)
		}
	})
}

func TestWhatSomebodyWaitsForGoesFirst(t *testing.T) {
	each(t, func(t *testing.T, p *post) {
		urgent := to("reset")
		urgent.Urgent = true
		p.add(to("a"), to("b"), urgent)
		p.send()
		if first := p.server.Messages()[0].To[0]; first != "reset@example.com" {
			t.Errorf("%s was first", first)
		}
	})
}

func TestAnEntryOfAnUnknownKindIsLeftForAProgramThatKnowsIt(t *testing.T) {
	each(t, func(t *testing.T, p *post) {
		e := to("ann")
		e.Kind = "tomorrow"
		p.add(e)
		p.send()
		p.want(1, 0, 0, 0)
	})
}

func TestAMessageThatLostItsReasonIsDropped(t *testing.T) {
	each(t, func(t *testing.T, p *post) {
		e := to("ann")
		e.Subject = -1
		p.add(e)
		p.send()
		if got := p.progress(); got.Unneeded != 1 || got.Queued != 0 || len(p.server.Messages()) != 0 {
			t.Errorf("%+v", got)
		}
	})
}

func TestAnAddressIsForgottenAMonthAfterItsMessage(t *testing.T) {
	each(t, func(t *testing.T, p *post) {
		p.server.React(func(_ outboxtest.Stage, address string) outboxtest.Reaction {
			if address == "never@example.com" {
				return outboxtest.Refuse
			}
			return outboxtest.Accept
		})
		p.add(to("ann"), to("never"))
		p.send()
		addresses := func() string {
			return strings.Join(storetest.Rows(t, p.store, "SELECT address, reply FROM outbox ORDER BY id"), " ")
		}
		purge := func() {
			if err := Purge(t.Context(), p.store, p.clock()); err != nil {
				t.Fatal(err)
			}
		}
		p.later(KeepAddresses)
		purge()
		if got := addresses(); !strings.Contains(got, "ann@") {
			t.Errorf("forgotten too soon: %s", got)
		}
		p.later(time.Minute)
		purge()
		if got := addresses(); got != "| |" {
			t.Errorf("still kept: %s", got)
		}
		p.add(to("ann"), to("never"))
		p.send()
		if got := p.received(); got != "ann" {
			t.Errorf("received by %s", got)
		}
		p.write(func(tx *gorm.DB) error {
			if n, err := Again(tx, "wave:1"); n != 0 {
				t.Errorf("%d without an address are to be sent again: %v", n, err)
			}
			return nil
		})
	})
}
