// Package storetest gives tests a fresh, migrated database of each kind: an SQLite file, and a database on a throwaway
// MariaDB server that the tests start themselves (own data folder and socket, no root, no port).
package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql" // opens the throwaway server
)

// MariaDB is a throwaway server. Kill it to see what its sudden death does; Start it again on the same data.
//
// At each commit it writes its log, but does not wait for the disk: only with the machine would what is written die. One
// for measuring has the settings that MariaDB itself has, and waits.
type MariaDB struct {
	dir     string
	options []string
	process *exec.Cmd
	died    chan error
}

// hurried are the settings of a server for tests.
var hurried = []string{"--skip-log-bin", "--innodb-flush-log-at-trx-commit=1", "--innodb-flush-method=nosync", "--skip-sync-frm",
	"--innodb-buffer-pool-size=256M", "--max-connections=300"}

// startPatience bounds how long a server may take to answer; recovery after a kill is included.
const startPatience = 60 * time.Second

// Mortal is a server of the test's own, which it may kill, and the address of an empty database there.
func Mortal(t testing.TB) (server *MariaDB, address string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "sdm") // a socket's path may have no more than 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	if server, err = NewMariaDB(dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	if address, err = server.Create("soundings"); err != nil {
		t.Fatal(err)
	}
	return server, address
}

// Ordinary is a server of a benchmark's own with MariaDB's own settings, and the address of an empty database there. Its
// data lies where temporary files do, and goes with the benchmark.
func Ordinary(b *testing.B) (address string) {
	b.Helper()
	dir, err := os.MkdirTemp("", "sdo")
	if err != nil {
		b.Fatal(err)
	}
	server, err := newMariaDB(dir, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := server.Stop(); err != nil {
			b.Error(err)
		}
	})
	if address, err = server.Create("soundings"); err != nil {
		b.Fatal(err)
	}
	return address
}

// NewMariaDB makes a data folder below dir and starts a server on it.
func NewMariaDB(dir string) (*MariaDB, error) { return newMariaDB(dir, hurried) }

func newMariaDB(dir string, options []string) (*MariaDB, error) {
	m := &MariaDB{dir: dir, options: options}
	if err := os.MkdirAll(m.temp(), 0o700); err != nil {
		return nil, err
	}
	installer, err := exec.LookPath("mariadb-install-db")
	if err != nil {
		return nil, errors.New("MariaDB is not installed; run: apt-get install -y mariadb-server")
	}
	out, err := exec.Command(installer, append([]string{"--no-defaults", "--skip-test-db",
		"--auth-root-authentication-method=normal", "--datadir=" + m.data(), "--tmpdir=" + m.temp()}, asUser()...)...).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("mariadb-install-db: %w\n%s", err, out)
	}
	return m, m.Start()
}

func (m *MariaDB) data() string { return filepath.Join(m.dir, "data") }

// temp is the server's own folder for temporary tables: a starting server deletes those of others from a shared one.
func (m *MariaDB) temp() string   { return filepath.Join(m.dir, "tmp") }
func (m *MariaDB) socket() string { return filepath.Join(m.dir, "s") }

// asUser names the user the server runs as; it refuses to run as root unless told so.
func asUser() []string {
	if u, err := user.Current(); err == nil {
		return []string{"--user=" + u.Username}
	}
	return nil
}

// Start starts the server on its data folder and waits until it answers.
func (m *MariaDB) Start() error {
	binary, err := exec.LookPath("mariadbd")
	if err != nil {
		binary = "/usr/sbin/mariadbd" // not on the PATH of an ordinary user
	}
	log, err := os.OpenFile(filepath.Join(m.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	own := []string{"--no-defaults", "--datadir=" + m.data(), "--tmpdir=" + m.temp(), "--socket=" + m.socket(),
		"--pid-file=" + filepath.Join(m.dir, "pid"), "--skip-networking"}
	m.process = exec.Command(binary, slices.Concat(own, m.options, asUser())...)
	m.process.Stdout, m.process.Stderr = log, log
	leaveNoOrphan(m.process)
	if err := m.process.Start(); err != nil {
		return fmt.Errorf("mariadbd: %w; run: apt-get install -y mariadb-server", err)
	}
	m.died = make(chan error, 1)
	go func(p *exec.Cmd, died chan<- error) { died <- p.Wait() }(m.process, m.died)
	return m.await()
}

func (m *MariaDB) await() error {
	db, err := sql.Open("mysql", m.dsn(""))
	if err != nil {
		return err
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), startPatience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if db.PingContext(ctx) == nil {
			return nil
		}
		select {
		case <-tick.C:
		case err := <-m.died:
			log, _ := os.ReadFile(filepath.Join(m.dir, "log"))
			return fmt.Errorf("mariadbd ended: %v\n%s", err, log)
		case <-ctx.Done():
			return errors.New("mariadbd does not answer")
		}
	}
}

// Kill ends the server at once, without a chance to write anything more, and waits until it is gone.
func (m *MariaDB) Kill() error {
	if err := m.process.Process.Kill(); err != nil {
		return err
	}
	<-m.died
	return nil
}

// Stop ends the server and removes its data.
func (m *MariaDB) Stop() error {
	return errors.Join(m.Kill(), os.RemoveAll(m.dir))
}

// Create makes an empty database and returns its address for store.Open.
func (m *MariaDB) Create(name string) (string, error) {
	db, err := sql.Open("mysql", m.dsn(""))
	if err != nil {
		return "", err
	}
	defer db.Close()
	if _, err := db.Exec("CREATE DATABASE `" + name + "`"); err != nil {
		return "", err
	}
	return "mysql://root@localhost/" + name + "?socket=" + url.QueryEscape(m.socket()), nil
}

func (m *MariaDB) dsn(name string) string { return "root@unix(" + m.socket() + ")/" + name }
