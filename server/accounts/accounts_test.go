package accounts

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

const (
	ann      = "ann@example.org"
	password = "a long enough password"
	office   = "192.0.2.7"
)

// clock is a time that only moves when a test moves it.
type clock struct {
	sync.Mutex
	time time.Time
}

func newClock() *clock { return &clock{time: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.Lock()
	defer c.Unlock()
	return c.time
}

func (c *clock) pass(d time.Duration) {
	c.Lock()
	defer c.Unlock()
	c.time = c.time.Add(d)
}

// onServer gives the accounts as one more server on the database has them, with passwords hashed at a cost that suits
// tests.
func onServer(s *store.Store, c *clock) *Accounts {
	return New(s, surveys.Secret("0123456789abcdef0123456789abcdef"), c.now, Guessable())
}

// each runs a test on both databases.
func each(t *testing.T, test func(t *testing.T, a *Accounts, c *clock)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newClock()
		test(t, onServer(s, c), c)
	})
}

func withAnn(t *testing.T, a *Accounts) *User {
	t.Helper()
	user, err := a.Create(t.Context(), ann, Analyst, password)
	if err != nil {
		t.Fatal(err)
	}
	return user
}

func signIn(t *testing.T, a *Accounts) *Session {
	t.Helper()
	s, err := a.SignIn(t.Context(), ann, password, Browser{Address: office})
	if err != nil {
		t.Fatal(err)
	}
	return s.Session
}

// wantKind checks that an error has the kind and says something to a stranger.
func wantKind(t *testing.T, err error, kind surveys.ErrorKind) {
	t.Helper()
	var e *surveys.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Message == "" {
		t.Errorf("got %v, want an error of kind %q with a message", err, kind)
	}
}

func count(t *testing.T, a *Accounts, table string) int64 {
	t.Helper()
	var n int64
	if err := a.store.Read(t.Context()).Table(table).Count(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

// everything gives all that a table holds as one text.
func everything(t *testing.T, a *Accounts, table string) string {
	t.Helper()
	rows, err := a.store.Read(t.Context()).Table(table).Rows()
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for rows.Next() {
		values, into := make([][]byte, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		for _, v := range values {
			all.Write(v)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// atOnce runs n calls that all start together and gives the kind of error of each, "" for none.
func atOnce(n int, call func(ctx context.Context, i int) error) map[surveys.ErrorKind]int {
	start := make(chan struct{})
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = call(context.Background(), i)
		})
	}
	close(start)
	wg.Wait()
	kinds := map[surveys.ErrorKind]int{}
	for _, err := range errs {
		if err == nil {
			kinds[""]++
		} else {
			kinds[surveys.KindOf(err)]++
		}
	}
	return kinds
}
