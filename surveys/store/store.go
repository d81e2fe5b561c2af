// Package store opens the database, keeps its schema current, runs transactions and translates errors. It is the
// only room that knows the difference between SQLite and MySQL.
package store

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"os"
	"time"

	driver "github.com/go-sql-driver/mysql"
	"gorm.io/driver/mysql"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
	_ "modernc.org/sqlite" // registers the driver named "sqlite", which needs no C compiler
)

// Dialect is the kind of database.
type Dialect string

const (
	SQLite Dialect = "sqlite"
	MySQL  Dialect = "mysql" // MariaDB likewise
)

// Store is an open database. It is safe for use by many goroutines.
type Store struct {
	writer  *gorm.DB
	reader  *gorm.DB // the same as writer on MySQL; on SQLite a pool that never takes the write lock
	joined  *sql.DB  // of MySQL: connections that take several statements at once, for Append alone
	dialect Dialect
	address Address
}

// Open connects to the database at the address ("sqlite:soundings.db" or "mysql://user:password@host:3306/name").
// It does not touch the schema; see Migrate and Check. A database that cannot be reached is an error in one plain sentence.
func Open(ctx context.Context, address string) (*Store, error) {
	a, err := ParseAddress(address)
	if err != nil {
		return nil, err
	}
	if a.Dialect == SQLite {
		if err := reserve(a.Path); err != nil {
			return nil, a.explain(err)
		}
	}
	s := &Store{dialect: a.Dialect, address: a}
	if s.writer, err = a.open(ctx, false); err != nil {
		return nil, err
	}
	s.reader = s.writer
	if a.Dialect == MySQL {
		if s.joined, err = a.joined(); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	if a.Dialect == SQLite {
		if s.reader, err = a.open(ctx, true); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

func (a Address) open(ctx context.Context, readOnly bool) (*gorm.DB, error) {
	var dialector gorm.Dialector
	switch a.Dialect {
	case SQLite:
		dialector = sqlite.Dialector{DriverName: "sqlite", DSN: a.sqliteDSN(readOnly)}
	case MySQL:
		connector, err := driver.NewConnector(a.mysql)
		if err != nil {
			return nil, a.explain(err)
		}
		dialector = mysql.New(mysql.Config{Conn: sql.OpenDB(readCommitted{connector}), SkipInitializeWithVersion: true})
	}
	db, err := gorm.Open(dialector, &gorm.Config{
		Logger:                 logger.Discard, // statements hold answers; errors reach the log through their callers
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
	})
	if err != nil {
		return nil, a.explain(err)
	}
	pool, err := db.DB()
	if err != nil {
		return nil, a.explain(err)
	}
	a.tune(pool)
	if err := pool.PingContext(ctx); err != nil {
		return nil, a.explain(errors.Join(err, pool.Close()))
	}
	return db, nil
}

// joined opens connections that take several statements at once. They are kept apart, so that everywhere else a value
// that finds its way into the text of a statement cannot begin another.
func (a Address) joined() (*sql.DB, error) {
	config := a.mysql.Clone()
	config.MultiStatements = true
	connector, err := driver.NewConnector(config)
	if err != nil {
		return nil, a.explain(err)
	}
	pool := sql.OpenDB(readCommitted{connector})
	a.tune(pool)
	return pool, nil
}

// reserve makes a new database file readable by its owner only; SQLite gives its companions the same permissions.
func reserve(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// readCommitted makes every connection see in each statement what is committed, and lock no missing rows: with MySQL's
// own default two servers inserting random ids would block each other's gaps. Set once a connection, it saves a round
// trip in each transaction; the setting's name differs between MySQL and MariaDB, this statement does not.
type readCommitted struct{ sqldriver.Connector }

func (c readCommitted) Connect(ctx context.Context) (sqldriver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	const statement = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"
	if _, err := conn.(sqldriver.ExecerContext).ExecContext(ctx, statement, nil); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// tune sizes the pool. MySQL closes idle connections after hours; dropping ours sooner avoids meeting a dead one.
func (a Address) tune(pool *sql.DB) {
	pool.SetMaxOpenConns(32)
	pool.SetMaxIdleConns(8)
	if a.Dialect == MySQL {
		pool.SetConnMaxIdleTime(5 * time.Minute)
	}
}

// Close gives the connections back.
func (s *Store) Close() error {
	pools := []*sql.DB{s.joined}
	var errs []error
	for _, db := range []*gorm.DB{s.writer, s.reader} {
		if db == nil {
			continue
		}
		pool, err := db.DB()
		pools, errs = append(pools, pool), append(errs, err)
	}
	for _, pool := range pools {
		if pool == nil {
			continue
		}
		// Closing twice is harmless. A MySQL server that does not hear the good-bye has lost nothing either: whatever
		// went wrong with a commit was reported there.
		if err := pool.Close(); s.dialect == SQLite {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Scrub moves what SQLite has committed into the database file and empties its log. The log holds the pages as they were
// after each commit: the order of arrival, and what was withdrawn or deleted since. MySQL keeps no such log in reach;
// its binary log is the operator's (see the README).
func (s *Store) Scrub(ctx context.Context) error {
	if s.dialect != SQLite {
		return nil
	}
	pool, err := s.Pool()
	if err != nil {
		return Translate("store: scrub", err)
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return Translate("store: scrub", err)
	}
	// It must not wait for a long reader, because nobody could write meanwhile. The next time will do.
	for _, pragma := range []string{"busy_timeout(0)", "wal_checkpoint(TRUNCATE)", busyTimeout} {
		if _, execErr := conn.ExecContext(ctx, "PRAGMA "+pragma); execErr != nil && !retryable(execErr) {
			err = errors.Join(err, execErr)
		}
	}
	return Translate("store: scrub", errors.Join(err, conn.Close()))
}

// Dialect tells which kind of database is open.
func (s *Store) Dialect() Dialect { return s.dialect }

// Address is where the database is.
func (s *Store) Address() Address { return s.address }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	pool, err := s.reader.DB()
	if err == nil {
		err = pool.PingContext(ctx)
	}
	return Translate("store: ping", err)
}

// Read gives a session for queries that need no transaction. On SQLite it cannot write.
func (s *Store) Read(ctx context.Context) *gorm.DB { return s.reader.WithContext(ctx) }

// Pool gives the plain connections for writing, for what GORM has no words for.
func (s *Store) Pool() (*sql.DB, error) { return s.writer.DB() }

// ForUpdate locks the rows a query reads until the transaction ends. SQLite locks the whole database for writing instead.
func ForUpdate(tx *gorm.DB) *gorm.DB { return tx.Clauses(clause.Locking{Strength: "UPDATE"}) }

// ForUpdateSkipLocked is ForUpdate without waiting: rows that another server holds are not returned.
func ForUpdateSkipLocked(tx *gorm.DB) *gorm.DB {
	return tx.Clauses(clause.Locking{Strength: "UPDATE", Options: "SKIP LOCKED"})
}

// ForShare lets others read the rows but keeps them from being changed until the transaction ends.
func (s *Store) ForShare(tx *gorm.DB) *gorm.DB {
	if s.dialect == SQLite {
		return tx // the transaction already holds the only write lock
	}
	return tx.Clauses(shareMode{})
}

// shareMode is a clause of its own because MariaDB does not know FOR SHARE and both know LOCK IN SHARE MODE.
type shareMode struct{}

func (shareMode) Name() string                 { return "FOR" }
func (shareMode) Build(b clause.Builder)       { _, _ = b.WriteString("LOCK IN SHARE MODE") }
func (shareMode) MergeClause(c *clause.Clause) { c.Name, c.Expression = "", shareMode{} }

// String names the database without its password.
func (s *Store) String() string { return fmt.Sprintf("%s database %s", s.dialect, s.address.Name()) }
