package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"

	"soundings/surveys"
)

//go:embed migrations
var migrations embed.FS

// lockPatience is how long a server waits while another one migrates.
const lockPatience = 10 * time.Minute

// Schema tells how far the database is and how far this program goes.
type Schema struct{ Current, Target int64 }

// Migrate applies the migrations that are missing, one server at a time: a second one waits and then finds
// nothing left to do. It returns the schema before and after.
func (s *Store) Migrate(ctx context.Context) (before, after Schema, err error) {
	p, err := s.provider()
	if err != nil {
		return Schema{}, Schema{}, err
	}
	if before, err = s.schema(ctx, p); err != nil {
		return before, before, err
	}
	if before.Current > before.Target {
		return before, before, newer(before)
	}
	_, err = p.Up(ctx)
	if err != nil && s.begunOnly(ctx) {
		_, err = p.Up(ctx) // the lock mends it
	}
	if err != nil {
		return before, before, &surveys.Error{Kind: surveys.Unavailable, Op: "store: migrate",
			Message: "the database could not be brought up to date; it can be tried again", Err: err}
	}
	if err = s.guardAuditLog(ctx); err != nil {
		return before, before, err
	}
	after, err = s.schema(ctx, p)
	return before, after, err
}

// Schema reads how far the database is without changing it.
func (s *Store) Schema(ctx context.Context) (Schema, error) {
	p, err := s.provider()
	if err != nil {
		return Schema{}, err
	}
	return s.schema(ctx, p)
}

// Check is nil if the schema is exactly what this program needs; otherwise it says in one sentence what to do.
func (s *Store) Check(ctx context.Context) error {
	schema, err := s.Schema(ctx)
	switch {
	case err != nil:
		return err
	case schema.Current > schema.Target:
		return newer(schema)
	case schema.Current < schema.Target:
		return &surveys.Error{Kind: surveys.Conflict, Op: "store", Message: fmt.Sprintf(
			"the database is at version %d and this program needs %d; run: soundings migrate up", schema.Current, schema.Target)}
	}
	return nil
}

func newer(schema Schema) error {
	return &surveys.Error{Kind: surveys.Conflict, Op: "store", Message: fmt.Sprintf(
		"the database is at version %d, made by a newer program; this one knows up to %d, so please run the newer program",
		schema.Current, schema.Target)}
}

func (s *Store) provider() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/"+string(s.dialect))
	if err != nil {
		return nil, fmt.Errorf("store: migrations: %w", err)
	}
	pool, err := s.Pool()
	if err != nil {
		return nil, fmt.Errorf("store: migrations: %w", err)
	}
	dialect, locking := goose.DialectSQLite3, goose.WithLocker(&fileLock{flock.New(s.address.Path + ".lock")})
	if s.dialect == MySQL {
		dialect, locking = goose.DialectMySQL, goose.WithSessionLocker(namedLock{})
	}
	return goose.NewProvider(dialect, pool, files, locking, goose.WithTableName("schema_versions"),
		goose.WithAllowOutofOrder(true), goose.WithDisableGlobalRegistry(true))
}

// schema reads the version, that up to which no migration is missing, without creating goose's own table, so that looking never changes a database.
func (s *Store) schema(ctx context.Context, p *goose.Provider) (Schema, error) {
	sources := p.ListSources()
	schema := Schema{Target: sources[len(sources)-1].Version}
	if !s.writer.WithContext(ctx).Migrator().HasTable("schema_versions") {
		return schema, s.Ping(ctx) // no table, or no database to ask
	}
	var applied []int64
	err := s.writer.WithContext(ctx).Table("schema_versions").Where("is_applied = ?", true).Pluck("version_id", &applied).Error
	if err != nil {
		return schema, Translate("store: schema", err)
	}
	if schema.Current = slices.Max(append(applied, 0)); schema.Current > schema.Target {
		return schema, nil
	}
	for _, source := range slices.Backward(sources) {
		if !slices.Contains(applied, source.Version) {
			schema.Current = min(schema.Current, source.Version-1)
		}
	}
	return schema, nil
}

// fileLock serialises migrations of one SQLite file between processes. The operating system drops it when a process dies.
type fileLock struct{ file *flock.Flock }

func (l *fileLock) Lock(ctx context.Context, _ *sql.DB) error {
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	ok, err := l.file.TryLockContext(ctx, 50*time.Millisecond)
	if err == nil && !ok {
		err = errors.New("another program is migrating the database")
	}
	return err
}

func (l *fileLock) Unlock(context.Context, *sql.DB) error { return l.file.Unlock() }

// namedLock serialises migrations of one MySQL database between servers. The server drops it when the connection dies.
type namedLock struct{}

// The lock's name holds the database's, because locks are shared by all databases of a server.
const lockName = "CONCAT(LEFT(DATABASE(), 40), '.soundings')"

func (namedLock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	var got sql.NullInt64
	err := conn.QueryRowContext(ctx, "SELECT GET_LOCK("+lockName+", ?)", int(lockPatience.Seconds())).Scan(&got)
	if err == nil && got.Int64 != 1 {
		err = errors.New("another server is migrating the database")
	}
	if err != nil {
		return err
	}
	return completeBeginning(ctx, conn)
}

// completeBeginning adds the row with which goose's table begins. MySQL commits the table by itself, so a program that
// is killed, or whose insert fails, before the row is there would leave a database that can never be migrated.
func completeBeginning(ctx context.Context, conn *sql.Conn) error {
	const find = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'schema_versions'"
	tables := 0
	if err := conn.QueryRowContext(ctx, find).Scan(&tables); err != nil || tables == 0 {
		return err
	}
	_, err := conn.ExecContext(ctx, "INSERT INTO schema_versions (version_id, is_applied) SELECT 0, TRUE FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM schema_versions)")
	return err
}

// begunOnly reports whether goose's table exists without its first row.
func (s *Store) begunOnly(ctx context.Context) bool {
	var rows int64
	db := s.writer.WithContext(ctx)
	return db.Migrator().HasTable("schema_versions") && db.Table("schema_versions").Count(&rows).Error == nil && rows == 0
}

func (namedLock) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, "DO RELEASE_LOCK("+lockName+")")
	return err
}
