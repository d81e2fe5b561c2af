package outbox

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"soundings/surveys/outbox/outboxtest"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

const (
	kills = 5
	// childDatabase makes this test program a sender, on the database it names, until it is killed.
	childDatabase = "SOUNDINGS_OUTBOX_TEST_DATABASE"
)

func TestMain(m *testing.M) {
	if address := os.Getenv(childDatabase); address != "" {
		sendUntilKilled(address)
	}
	os.Exit(storetest.Main(m))
}

func sendUntilKilled(address string) {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // ends with the test, however that ends
		os.Exit(0)
	}()
	s, err := store.Open(context.Background(), address)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	New(Deps{Store: s, Secret: secret, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now, Writers: map[Kind]Writer{
		greeting: func(_ context.Context, e Entry) (Mail, error) {
			return Mail{Subject: "Invitation", Text: "Dear " + e.Address, HTML: "<p>Dear " + e.Address}, nil
		}}}).Run(context.Background())
}

// Everybody gets exactly one message or is listed as failed,
// whatever the mail server does and however often the program dies.
func TestEverybodyGetsOneMessageOrIsListedThroughKills(t *testing.T) {
	for kind, n := range map[store.Dialect]int{store.SQLite: 500, store.MySQL: 600} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel() // both wait, for the leases of the dead
			address := storetest.Address(t, kind)
			p := newPost(t, storetest.Open(t, address))
			mood := outboxtest.NewMoody(uint64(n))
			p.server.React(mood.React)
			entries := make([]Entry, n)
			for i := range entries {
				entries[i] = to(fmt.Sprintf("p%04d", i))
			}
			p.add(entries...)
			sender := &child{t: t, address: address}
			sender.start()
			for i := range kills {
				p.server.Await(t, n*(i+1)/(kills+3)) // the later ones while others wait for the leases of the dead
				sender.kill()
				sender.start()
			}
			p.awaitNothingQueued()
			sender.kill()
			p.check(n, mood)
		})
	}
}

// awaitNothingQueued looks until every entry is settled.
func (p *post) awaitNothingQueued() {
	p.t.Helper()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(2 * time.Minute); p.progress().Queued > 0; <-tick.C {
		if time.Now().After(deadline) {
			p.t.Fatalf("still waiting: %+v", p.progress())
		}
	}
}

// check compares what the mail server delivered with what the outbox believes.
func (p *post) check(n int, mood *outboxtest.Moody) {
	p.t.Helper()
	delivered, ids := map[string]int{}, map[string]bool{}
	for _, m := range p.server.Messages() {
		delivered[m.To[0]]++
		header, _, _ := m.Read(p.t)
		ids[header.Get("Message-Id")] = true
	}
	states := map[State]int{}
	for _, row := range storetest.Rows(p.t, p.store, "SELECT address, state FROM outbox") {
		address, state, _ := strings.Cut(row, "|")
		states[State(state)]++
		got := delivered[address]
		if got > 1 || State(state) == Sent && got != 1 || State(state) == Failed && got != 0 {
			p.t.Errorf("%s: %s, and delivered %d times", address, state, got)
		}
	}
	if len(ids) != len(delivered) {
		p.t.Errorf("%d different ids of %d messages", len(ids), len(delivered))
	}
	if total := states[Sent] + states[Failed] + states[Uncertain]; total != n {
		p.t.Errorf("%d of %d are settled: %v", total, n, states)
	}
	if states[Uncertain] > mood.Unclear()+kills || states[Failed] > mood.Count(outboxtest.Refuse) {
		p.t.Errorf("%v are uncertain or failed, of %d unclear and %d refused", states, mood.Unclear(), mood.Count(outboxtest.Refuse))
	}
	status := p.progress()
	if len(status.Failures) != states[Failed]+states[Uncertain] {
		p.t.Errorf("%d are listed of %v", len(status.Failures), states)
	}
	p.t.Logf("%v through %d kills; the server accepted %d times, deferred %d, refused %d, hung up %d and took and hung up %d",
		states, kills, mood.Count(outboxtest.Accept), mood.Count(outboxtest.Defer), mood.Count(outboxtest.Refuse),
		mood.Count(outboxtest.Drop), mood.Count(outboxtest.TakeAndDrop))
}

// child is a program that sends, as a process of its own.
type child struct {
	t       *testing.T
	address string
	process *exec.Cmd
}

func (c *child) start() {
	c.t.Helper()
	c.process = exec.Command(os.Args[0])
	c.process.Env = append(os.Environ(), childDatabase+"="+c.address)
	c.process.Stderr = os.Stderr
	if _, err := c.process.StdinPipe(); err != nil {
		c.t.Fatal(err)
	}
	if err := c.process.Start(); err != nil {
		c.t.Fatal(err)
	}
}

func (c *child) kill() {
	c.t.Helper()
	if err := c.process.Process.Kill(); err != nil {
		c.t.Fatal(err)
	}
	_ = c.process.Wait() // it was killed; that is its error
}
