package store_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

func TestTwoStartingServersMigrateOnce(t *testing.T) {
	for _, kind := range []store.Dialect{store.SQLite, store.MySQL} {
		t.Run(string(kind), func(t *testing.T) {
			address := storetest.Address(t, kind)
			var wg sync.WaitGroup
			errs := make([]error, 6)
			for i := range errs {
				wg.Go(func() {
					s, err := store.Open(context.Background(), address)
					if err == nil {
						_, _, err = s.Migrate(context.Background())
						s.Close()
					}
					errs[i] = err
				})
			}
			wg.Wait()
			for _, err := range errs {
				if err != nil {
					t.Error(err)
				}
			}
			s := storetest.Open(t, address)
			var applied int64
			if err := s.Read(t.Context()).Table("schema_versions").Where("version_id = 1").Count(&applied).Error; err != nil || applied != 1 {
				t.Fatalf("version 1 is recorded %d times (%v), want once", applied, err)
			}
		})
	}
}

// MySQL commits a table by itself: a program killed before it had put the first row into goose's left this behind.
func TestAMigrationThatHardlyBeganIsTakenUpAgain(t *testing.T) {
	s, err := store.Open(t.Context(), storetest.Address(t, store.MySQL))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	pool, err := s.Pool()
	if err != nil {
		t.Fatal(err)
	}
	const begun = "CREATE TABLE schema_versions (id SERIAL, version_id BIGINT NOT NULL, is_applied BOOLEAN NOT NULL, tstamp TIMESTAMP NULL DEFAULT NOW(), PRIMARY KEY (id))"
	if _, err := pool.Exec(begun); err != nil {
		t.Fatal(err)
	}
	if _, after, err := s.Migrate(t.Context()); err != nil || after.Current != after.Target {
		t.Fatalf("at version %d of %d: %v", after.Current, after.Target, err)
	}
}

func TestSchemaOfAnotherProgramIsRefusedInOneSentence(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if err := s.Check(t.Context()); err != nil {
			t.Fatalf("current schema: %v", err)
		}
		pool, err := s.Pool()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := pool.Exec("INSERT INTO schema_versions (version_id, is_applied) VALUES (99999, 1)"); err != nil {
			t.Fatal(err)
		}
		for name, err := range map[string]error{"check": s.Check(t.Context()), "migrate": second(s.Migrate(t.Context()))} {
			if surveys.KindOf(err) != surveys.Conflict || !strings.Contains(err.Error(), "newer program") {
				t.Errorf("%s: got %v, want a conflict that names the newer program", name, err)
			}
		}
		if _, err := pool.Exec("DELETE FROM schema_versions WHERE version_id > 0"); err != nil {
			t.Fatal(err)
		}
		if err := s.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "migrate up") {
			t.Errorf("older schema: got %v, want a hint to migrate", err)
		}
	})
}

func second(_, _ store.Schema, err error) error { return err }

func TestLookingAtTheSchemaChangesNothing(t *testing.T) {
	address := storetest.Address(t, store.SQLite)
	s, err := store.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	schema, err := s.Schema(t.Context())
	if err != nil || schema.Current != 0 || schema.Target < 1 {
		t.Fatalf("got %+v, %v", schema, err)
	}
	if s.Read(t.Context()).Migrator().HasTable("schema_versions") {
		t.Error("asking for the schema made a table")
	}
}

func TestBadAddressesAreOnePlainSentence(t *testing.T) {
	good := storetest.Address(t, store.MySQL)
	file := filepath.Join(t.TempDir(), "not a database")
	if err := os.WriteFile(file, []byte(strings.Repeat("this is a letter ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ address, want string }{
		"no scheme":        {"soundings.db", "must look like"},
		"another database": {"postgres://x@y/z", "must look like"},
		"no database name": {"mysql://root@localhost", "needs a user and a database"},
		"unknown option":   {"mysql://root@localhost/x?speed=high", "unknown option speed"},
		"bad tls":          {"mysql://root@localhost/x?tls=maybe", "tls must be"},
		"nobody there":     {"mysql://root@127.0.0.1:1/x", "no MySQL server answers at 127.0.0.1:1"},
		"wrong password":   {strings.Replace(good, "root@", "root:wrong%21secret@", 1), "refuses the user or password"},
		"no such database": {strings.Replace(good, "/t_", "/u_", 1), "has no database"},
		"folder missing":   {"sqlite:/nowhere/at/all.db", "cannot be opened"},
		"not a database":   {"sqlite:" + file, "cannot be opened"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := store.Open(t.Context(), c.address)
			if err == nil {
				s.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %q, want %q in it", err, c.want)
			}
			if strings.Contains(err.Error(), "wrong!secret") || strings.Contains(err.Error(), "wrong%21secret") {
				t.Error("the message tells the password")
			}
		})
	}
}

func TestTransactionUndoesEverythingOnError(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		err := s.Transact(t.Context(), "test", func(tx *gorm.DB) error {
			if err := tx.Exec("INSERT INTO settings (name, value) VALUES ('a', 'b')").Error; err != nil {
				return err
			}
			return gorm.ErrRecordNotFound
		})
		if surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("got %v, want not found", err)
		}
		var n int64
		if err := s.Read(t.Context()).Table("settings").Count(&n).Error; err != nil || n != 0 {
			t.Errorf("%d settings (%v) after the undone transaction", n, err)
		}
	})
}

func TestDuplicateKeysAreConflicts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		insert := func(tx *gorm.DB) error {
			return tx.Exec("INSERT INTO settings (name, value) VALUES ('a', 'b')").Error
		}
		if err := s.Transact(t.Context(), "test", insert); err != nil {
			t.Fatal(err)
		}
		if err := s.Transact(t.Context(), "test", insert); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("got %v, want a conflict", err)
		}
	})
}

func TestReadersCannotWriteOnSQLite(t *testing.T) {
	s := storetest.SQLite(t)
	if err := s.Read(t.Context()).Exec("INSERT INTO settings (name, value) VALUES ('a', 'b')").Error; err == nil {
		t.Error("a session for reading has written")
	}
}

// An order of rows would be an order of answering: neither responses nor comments may have a hidden row number.
func TestResponsesAndCommentsKeepNoOrder(t *testing.T) {
	s := storetest.SQLite(t)
	for _, table := range []string{"responses", "comments"} {
		if err := s.Read(t.Context()).Exec("SELECT rowid FROM " + table).Error; err == nil {
			t.Errorf("%s has a hidden row number in order of insertion", table)
		}
	}
}

// A transaction sees in each statement what is committed, so that two servers inserting random ids lock nothing that is
// missing; a snapshot does not move.
func TestTransactionsSeeWhatIsCommittedAndSnapshotsDoNotMove(t *testing.T) {
	s := storetest.OnMariaDB(t)
	pool, err := s.Pool()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		run  func(fn func(tx *gorm.DB) error) error
		sees int64
	}{
		"transaction": {func(fn func(tx *gorm.DB) error) error { return s.Transact(t.Context(), "test", fn) }, 1},
		"snapshot":    {func(fn func(tx *gorm.DB) error) error { return s.Snapshot(t.Context(), "test", fn) }, 0},
	} {
		err := c.run(func(tx *gorm.DB) error {
			var before, after int64
			if err := tx.Table("settings").Count(&before).Error; err != nil {
				return err
			}
			if _, err := pool.Exec("INSERT INTO settings (name, value) VALUES (?, '')", name); err != nil {
				return err
			}
			if err := tx.Table("settings").Count(&after).Error; err != nil {
				return err
			}
			if after-before != c.sees {
				t.Errorf("a %s sees %d rows that another has committed meanwhile, want %d", name, after-before, c.sees)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// The file holds what people said.
func TestANewDatabaseFileIsItsOwnersAlone(t *testing.T) {
	s := storetest.SQLite(t)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(s.Address().Path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("soundings.db%s has permissions %v", suffix, info.Mode().Perm())
		}
	}
}

// What was deleted must not survive in the log beside the database.
func TestScrubbingLeavesNothingOfWhatWasDeleted(t *testing.T) {
	s := storetest.SQLite(t)
	const secret = "a-withdrawn-remark"
	for _, statement := range []string{"INSERT INTO settings (name, value) VALUES ('a', '" + secret + "')", "DELETE FROM settings"} {
		if err := s.Transact(t.Context(), "test", func(tx *gorm.DB) error { return tx.Exec(statement).Error }); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal"} {
		file, err := os.ReadFile(s.Address().Path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(file), secret) {
			t.Errorf("soundings.db%s still holds what was deleted", suffix)
		}
	}
}

// Nobody could write while it waited for a reader.
func TestScrubbingDoesNotWaitForAReader(t *testing.T) {
	s := storetest.SQLite(t)
	insert := func(name string) {
		t.Helper()
		if err := s.Transact(t.Context(), "test", func(tx *gorm.DB) error {
			return tx.Exec("INSERT INTO settings (name, value) VALUES (?, '')", name).Error
		}); err != nil {
			t.Fatal(err)
		}
	}
	insert("a")
	err := s.Snapshot(t.Context(), "test", func(tx *gorm.DB) error {
		var n int64
		if err := tx.Table("settings").Count(&n).Error; err != nil {
			return err
		}
		insert("b")                                                    // now the reader needs the log
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second) // half of what a lock is waited for
		defer cancel()
		return s.Scrub(ctx)
	})
	if err != nil {
		t.Fatal(err)
	}
	insert("c")
	var timeout int
	if err := s.Transact(t.Context(), "test", func(tx *gorm.DB) error { return tx.Raw("PRAGMA busy_timeout").Scan(&timeout).Error }); err != nil || timeout != 10000 {
		t.Errorf("afterwards a lock is waited for %d ms, %v", timeout, err)
	}
}
