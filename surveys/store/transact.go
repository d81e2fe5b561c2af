package store

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"gorm.io/gorm"
)

// attempts bounds how often a transaction is tried again after a deadlock, a lock that took too long,
// or a certification failure on a cluster: in each the database has undone everything and asks for a retry.
const attempts = 8

// Tx is a session of one transaction, for callers that compose the work of several rooms without knowing GORM.
type Tx = gorm.DB

// Transact runs fn in one transaction and commits it; any error undoes it all. fn may be run several times, so it
// must set what it returns afresh each time and have no effect outside the transaction.
func (s *Store) Transact(ctx context.Context, op string, fn func(tx *gorm.DB) error) error {
	return s.transact(ctx, op, s.writer, nil, fn)
}

// Snapshot runs fn over one unmoving state of the database. fn must not write.
func (s *Store) Snapshot(ctx context.Context, op string, fn func(tx *gorm.DB) error) error {
	opts := &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	if s.dialect == SQLite {
		opts = nil // a read transaction of SQLite is a snapshot
	}
	return s.transact(ctx, op, s.reader, opts, fn)
}

func (s *Store) transact(ctx context.Context, op string, db *gorm.DB, opts *sql.TxOptions, fn func(tx *gorm.DB) error) error {
	return s.again(ctx, op, func() error {
		if opts == nil {
			return db.WithContext(ctx).Transaction(fn)
		}
		return db.WithContext(ctx).Transaction(fn, opts)
	})
}

// again runs a whole transaction until it succeeds, fails for good or has been tried often enough.
func (s *Store) again(ctx context.Context, op string, transaction func() error) error {
	for try := 1; ; try++ {
		err := transaction()
		if err == nil || !retryable(err) || try == attempts {
			return Translate(op, err)
		}
		// A random pause keeps two that collided from colliding again.
		pause := time.Duration(rand.Int64N(int64(try) * int64(10*time.Millisecond)))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return Translate(op, errors.Join(ctx.Err(), err))
		}
	}
}
