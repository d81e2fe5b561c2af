package storetest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"soundings/surveys/store"
)

// shared is the one MariaDB of a test program, started when a test first needs it.
var shared struct {
	sync.Mutex
	server *MariaDB
}

// Main runs the tests of a package and stops the MariaDB they may have started: func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }.
func Main(m *testing.M) int {
	code := m.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.server != nil {
		if err := shared.server.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, "storetest: stopping MariaDB:", err)
			return 1
		}
	}
	return code
}

// Each runs the test on a fresh SQLite database and on a fresh MariaDB one.
func Each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	for _, kind := range []store.Dialect{store.SQLite, store.MySQL} {
		t.Run(string(kind), func(t *testing.T) { test(t, Open(t, Address(t, kind))) })
	}
}

// SQLite gives a fresh, migrated SQLite database.
func SQLite(t testing.TB) *store.Store { return Open(t, Address(t, store.SQLite)) }

// OnMariaDB gives a fresh, migrated database on the throwaway server.
func OnMariaDB(t testing.TB) *store.Store { return Open(t, Address(t, store.MySQL)) }

// Open opens and migrates a database, and closes it with the test.
func Open(t testing.TB, address string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, _, err := s.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s
}

// Address gives the address of a new, empty database of the kind. SOUNDINGS_TEST_MYSQL (a mysql:// address whose user
// may create databases) points the MySQL tests at another server.
func Address(t testing.TB, kind store.Dialect) string {
	t.Helper()
	if kind == store.SQLite {
		return "sqlite:" + filepath.Join(t.TempDir(), "soundings.db")
	}
	name := "t_" + random(t)
	if other := os.Getenv("SOUNDINGS_TEST_MYSQL"); other != "" {
		return createOn(t, other, name)
	}
	server, err := sharedServer()
	if err != nil {
		t.Fatal(err)
	}
	address, err := server.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func sharedServer() (*MariaDB, error) {
	shared.Lock()
	defer shared.Unlock()
	if shared.server != nil {
		return shared.server, nil
	}
	// Not t.TempDir: it outlives this test, and a socket's path may have no more than 107 bytes.
	dir, err := os.MkdirTemp("", "sdb")
	if err != nil {
		return nil, err
	}
	server, err := NewMariaDB(dir)
	if err == nil {
		shared.server = server
	}
	return server, err
}

func createOn(t testing.TB, server, name string) string {
	t.Helper()
	s, err := store.Open(context.Background(), server)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	pool, err := s.Pool()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + strings.TrimPrefix(name, "/")
	t.Cleanup(func() {
		if s, err := store.Open(context.Background(), server); err == nil {
			defer s.Close()
			if pool, err := s.Pool(); err == nil {
				if _, err := pool.Exec("DROP DATABASE " + name); err != nil {
					t.Error(err)
				}
			}
		}
	})
	return u.String()
}

func random(t testing.TB) string {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(b[:])
}
