package intake

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestManyAtOnceWithDuplicatesAreStoredExactlyOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := openDesk(t, s)
		replies := make([]surveys.Reply, 200)
		for i := range replies {
			replies[i] = reply(1+i%5, fmt.Sprint("comment ", i))
		}
		outcomes := hammer(t, []*desk{d}, replies)
		for i, seen := range outcomes {
			if seen[Stored] != 1 || seen[Unchanged] != copies-1 {
				t.Fatalf("receipt %d: outcomes %v", i, seen)
			}
		}
		mustHold(t, d, replies)
	})
}

func TestTwoServersRacingStoreEachReceiptOnce(t *testing.T) {
	for _, kind := range []store.Dialect{store.SQLite, store.MySQL} {
		t.Run(string(kind), func(t *testing.T) {
			address := storetest.Address(t, kind)
			s := storetest.Open(t, address)
			wave := openWave(t, s)
			desks := []*desk{startDesk(t, s, wave), startDesk(t, storetest.Open(t, address), wave)}
			replies := make([]surveys.Reply, 100)
			for i := range replies {
				replies[i] = reply(1+i%5, fmt.Sprint("comment ", i))
			}
			for i, seen := range hammer(t, desks, replies) {
				if seen[Stored] != 1 || seen[Unchanged] != copies-1 {
					t.Fatalf("receipt %d: outcomes %v", i, seen)
				}
			}
			mustHold(t, desks[0], replies)
		})
	}
}

const copies = 6

// hammer sends every reply several times from 64 goroutines through all desks and counts the outcomes by reply.
func hammer(t *testing.T, desks []*desk, replies []surveys.Reply) []map[Outcome]int {
	t.Helper()
	type job struct{ reply, desk int }
	jobs := make(chan job)
	outcomes := make([]map[Outcome]int, len(replies))
	for i := range outcomes {
		outcomes[i] = map[Outcome]int{}
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			for j := range jobs {
				got, err := desks[j.desk].submit(replies[j.reply])
				mu.Lock()
				outcomes[j.reply][got]++
				mu.Unlock()
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range replies {
		for c := range copies {
			jobs <- job{i, c % len(desks)}
		}
	}
	close(jobs)
	wg.Wait()
	return outcomes
}

func mustHold(t *testing.T, d *desk, replies []surveys.Reply) {
	t.Helper()
	for _, r := range replies {
		answers, err := r.Answers.Encode()
		if err != nil {
			t.Fatal(err)
		}
		d.mustStand(r, answers, r.Texts)
	}
	if responses, comments := stored(t, d.store); len(responses) != len(replies) || len(comments) != len(replies) {
		t.Errorf("%d responses and %d comments of %d receipts", len(responses), len(comments), len(replies))
	}
}

// Another server stores the receipt between this one's look and its insert. The respondent was heard; they must not
// be told otherwise.
func TestLosingTheRaceForAReceiptIsARetry(t *testing.T) {
	s := storetest.OnMariaDB(t) // SQLite has one writer at a time
	d := openDesk(t, s)
	r := reply(4)
	row, err := (&item{wave: d.wave, reply: r, id: secret.ResponseID(r.Receipt)}).response()
	if err != nil {
		t.Fatal(err)
	}
	var got Outcome
	var failed error
	done := make(chan struct{})
	err = s.Transact(t.Context(), "another server", func(tx *gorm.DB) error {
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		go func() {
			got, failed = d.submit(r)
			close(done)
		}()
		return untilWaiting(t, s, 1)
	})
	if err != nil {
		t.Fatal(err)
	}
	<-done
	expect(t, "submit", got, failed, Unchanged, "")
	if responses, _ := stored(t, s); len(responses) != 1 {
		t.Errorf("%d responses of one receipt", len(responses))
	}
}

// untilWaiting returns when so many transactions of the database wait for a lock of another.
func untilWaiting(t *testing.T, s *store.Store, many int) error {
	t.Helper()
	pool, err := s.Pool()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	// The server renews what it tells of its locks only when nobody has asked for a tenth of a second.
	tick := time.NewTicker(150 * time.Millisecond)
	defer tick.Stop()
	for ; ; <-tick.C {
		var waiting int
		err := pool.QueryRowContext(ctx, `SELECT COUNT(*) FROM information_schema.innodb_trx t
			JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
			WHERE t.trx_state = 'LOCK WAIT' AND p.db = DATABASE()`).Scan(&waiting)
		if err != nil || waiting >= many {
			return err
		}
	}
}

// A response that is being committed when the wave closes must be there before the final count begins.
func TestAWaveClosesOnlyBehindWhatIsBeingCommitted(t *testing.T) {
	s := storetest.OnMariaDB(t) // SQLite has one writer at a time
	d := openDesk(t, s)
	r := reply(4)
	row, err := (&item{wave: d.wave, reply: r, id: secret.ResponseID(r.Receipt)}).response()
	if err != nil {
		t.Fatal(err)
	}
	submitted, closed := make(chan error, 1), make(chan int, 1)
	undone := errors.New("undone")
	err = s.Transact(t.Context(), "holds the intake up", func(tx *gorm.DB) error {
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		go func() {
			_, err := d.submit(r)
			submitted <- err
		}()
		if err := untilWaiting(t, s, 1); err != nil {
			return err
		}
		go func() {
			defer close(closed)
			closeWave(t, s, d.wave)
			responses, _ := stored(t, s)
			closed <- len(responses)
		}()
		if err := untilWaiting(t, s, 2); err != nil {
			return err
		}
		return undone
	})
	if !errors.Is(err, undone) {
		t.Error(err)
	}
	if err := <-submitted; err != nil {
		t.Errorf("submit: %v", err)
	}
	if there := <-closed; there != 1 {
		t.Errorf("%d responses when the wave had closed", there)
	}
}

// Two servers change and withdraw the same responses in opposite orders, while a third party counts: whatever order
// the database chooses, nobody is refused for it.
func TestTwoServersChangingTheSameResponsesDoNotFail(t *testing.T) {
	address := storetest.Address(t, store.MySQL)
	s := storetest.Open(t, address)
	wave := openWave(t, s)
	desks := []*desk{startDesk(t, s, wave), startDesk(t, storetest.Open(t, address), wave)}
	replies := make([]surveys.Reply, 30)
	for i := range replies {
		replies[i] = reply(1, "hello")
		if _, err := desks[0].submit(replies[i]); err != nil {
			t.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	for n, d := range desks {
		for i := range replies {
			r := replies[i]
			if n == 1 {
				r = replies[len(replies)-1-i]
			}
			r.Answers = surveys.Answers{"easier": surveys.Number(2 + n)}
			wg.Go(func() {
				got, err := d.change(r)
				expect(t, "change", got, err, Changed, "")
			})
		}
	}
	wg.Wait()
	if responses, comments := stored(t, s); len(responses) != len(replies) || len(comments) != len(replies) {
		t.Errorf("%d responses, %d comments", len(responses), len(comments))
	}
}
