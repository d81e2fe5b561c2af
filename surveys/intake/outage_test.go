package intake

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// quickly is far less than the patience for a database that hangs: one that is gone is noticed at once.
const quickly = 5 * time.Second

func TestADeadDatabaseIsSaidQuicklyAndLosesNothing(t *testing.T) {
	server, address := storetest.Mortal(t)
	s := storetest.Open(t, address)
	d := openDesk(t, s)
	before := reply(4, "before")
	got, err := d.submit(before)
	expect(t, "before", got, err, Stored, "")

	replies := make([]surveys.Reply, 300)
	for i := range replies {
		replies[i] = reply(3, "during")
	}
	acknowledged := sendThrough(d, replies, func() error { return server.Kill() })
	start := time.Now()
	got, err = d.submit(before)
	expect(t, "when it is dead", got, err, 0, surveys.Unavailable)
	if took := time.Since(start); took > quickly {
		t.Errorf("it took %v to say so", took)
	}

	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	d.mustStand(before, `{"easier":4}`, before.Texts)
	for i, r := range replies {
		if acknowledged[i] {
			d.mustStand(r, `{"easier":3}`, r.Texts)
		}
	}
	for i, r := range replies {
		got, err := d.submit(r)
		if err != nil || got == Changed || acknowledged[i] && got != Unchanged {
			t.Fatalf("acknowledged %v, sent again: outcome %d, %v", acknowledged[i], got, err)
		}
	}
	if responses, comments := stored(t, s); len(responses) != len(replies)+1 || len(comments) != len(replies)+1 {
		t.Errorf("%d responses and %d comments of %d receipts", len(responses), len(comments), len(replies)+1)
	}
}

// sendThrough submits all replies from many goroutines and breaks something once a third is stored. Who is not
// acknowledged must be told to try again.
func sendThrough(d *desk, replies []surveys.Reply, interrupt func() error) (acknowledged []bool) {
	acknowledged = make([]bool, len(replies))
	jobs := make(chan int)
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			for i := range jobs {
				_, err := d.submit(replies[i])
				acknowledged[i] = err == nil
				if err != nil && surveys.KindOf(err) != surveys.Unavailable {
					d.t.Errorf("an interrupted submission got %v", err)
				}
			}
		})
	}
	for i := range replies {
		if i == len(replies)/3 {
			wg.Go(func() {
				if err := interrupt(); err != nil {
					d.t.Error(err)
				}
			})
		}
		jobs <- i
	}
	close(jobs)
	wg.Wait()
	return acknowledged
}

func TestAClosedDatabaseIsSaidQuicklyAndLosesNothing(t *testing.T) {
	address := storetest.Address(t, store.SQLite)
	s := storetest.Open(t, address)
	d := pausedDesk(t, s, openWave(t, s), DefaultQueue)
	var waits []func() (Outcome, error)
	var replies []surveys.Reply
	for range 50 {
		replies = append(replies, reply(3, "x"))
		waits = append(waits, d.later(submit, d.wave, replies[len(replies)-1]))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	d.resume()
	for _, wait := range waits {
		got, err := wait()
		expect(t, "submit", got, err, 0, surveys.Unavailable)
	}
	if took := time.Since(start); took > quickly {
		t.Errorf("it took %v to say so", took)
	}
	if lines := strings.Count(d.log.String(), "\n"); lines != 1 {
		t.Errorf("one outage is %d log lines", lines)
	}
	again := startDesk(t, storetest.Open(t, address), d.wave)
	for _, r := range replies {
		got, err := again.submit(r)
		expect(t, "sent again", got, err, Stored, "")
	}
}

// A full disk, a folder that turned read-only, a lock that is never given back: the database is there and cannot write.
func TestADatabaseThatCannotWriteIsUnavailable(t *testing.T) {
	s := storetest.SQLite(t)
	d := openDesk(t, s)
	pool, err := s.Pool()
	if err != nil {
		t.Fatal(err)
	}
	pool.SetMaxOpenConns(1)
	for _, c := range []struct{ name, begin, end string }{
		{"full", "PRAGMA max_page_count = 1", "PRAGMA max_page_count = 4294967294"},
		{"read-only", "PRAGMA query_only = 1", "PRAGMA query_only = 0"},
	} {
		if _, err := pool.ExecContext(t.Context(), c.begin); err != nil {
			t.Fatal(err)
		}
		r := reply(3, strings.Repeat("long ", 900))
		got, failed := d.submit(r)
		for i := 0; failed == nil && i < 100; i++ { // the file has free pages at first
			r = reply(3, strings.Repeat("long ", 900))
			got, failed = d.submit(r)
		}
		if _, err := pool.ExecContext(t.Context(), c.end); err != nil {
			t.Fatal(err)
		}
		expect(t, c.name, got, failed, 0, surveys.Unavailable)
		d.mustStand(r, "", nil)
		got, err = d.submit(r)
		expect(t, c.name+", afterwards", got, err, Stored, "")
	}
}

func TestTheLogTellsOfAnOutageButNotOfAnswers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := openDesk(t, s)
		refuse(t, s, "poison 4711")
		tooLong := reply(4, strings.Repeat("endless 4711 ", 10_000))
		poison, notText := reply(4, "poison 4711"), reply(4, "not text 4711 \xff\xfe")
		badLanguage := reply(4)
		badLanguage.Language = strings.Repeat("x4711-", 100)
		sent := []surveys.Reply{poison, tooLong, notText, badLanguage}
		failed := 0
		for _, r := range sent {
			if _, err := d.submit(r); err != nil {
				failed++
				d.log.lines.WriteString(wholeChain(err)) // a caller may log what it was given
			}
		}
		if _, err := d.submit(poison); err == nil {
			t.Error("the database did not refuse the row")
		}
		if s.Dialect() == store.MySQL && failed != len(sent) {
			t.Errorf("%d of %d were refused", failed, len(sent))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := d.submit(reply(4, "comment 4711")); err == nil {
			t.Error("stored in a closed database")
		}
		log := d.log.String()
		if !strings.Contains(log, "not stored") {
			t.Error("nothing is logged, so the operator never learns of it")
		}
		for _, r := range append(sent, poison) {
			id := secret.ResponseID(r.Receipt)
			comment := secret.CommentID(r.Receipt, "say")
			for _, what := range []string{"4711", "easier", string(r.Receipt), r.Receipt.Grouped(), id.String(), comment.String(), string(id[:]), strings.ToUpper(id.String())} {
				if strings.Contains(log, what) {
					t.Errorf("the log tells %q:\n%.2000s", what, log)
				}
			}
		}
	})
}

// wholeChain writes what an error and everything it wraps says of itself as it is usually printed.
func wholeChain(err error) string {
	var known *surveys.Error
	if errors.As(err, &known) && known.Err != nil {
		return err.Error() + " / " + known.Err.Error() + "\n"
	}
	return err.Error() + "\n"
}
