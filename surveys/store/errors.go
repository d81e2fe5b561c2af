package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"

	"github.com/go-sql-driver/mysql"
	"gorm.io/gorm"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"soundings/surveys"
)

// Error numbers of MySQL and MariaDB that this program acts on.
const (
	myDuplicate        = 1062
	myLockWait         = 1205
	myDeadlock         = 1213 // also a failed certification on a cluster
	myTooManyConns     = 1040
	myShutdown         = 1053
	myReadOnly         = 1290
	myReadOnlyTx       = 1792
	myNotReady         = 1047 // a cluster node that is not synced
	myDiskFull         = 1021
	myTableFull        = 1114
	myQueryInterrupted = 1317
)

// Translate gives an error of the database a kind and an operation. Errors that already have a kind keep it; nil stays nil.
func Translate(op string, err error) error {
	var known *surveys.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	e := &surveys.Error{Kind: surveys.Internal, Op: op, Err: discreet(err)}
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		e.Kind = surveys.NotFound
	case IsDuplicate(err):
		e.Kind = surveys.Conflict
	case away(err), retryable(err):
		e.Kind, e.Message = surveys.Unavailable, "the database cannot be used right now"
	}
	return e
}

// discreet keeps MySQL's own words out of the log: for a value that does not fit they quote the value, which may be an answer.
func discreet(err error) error {
	var my *mysql.MySQLError
	if errors.As(err, &my) {
		return &numbered{my}
	}
	return err
}

type numbered struct{ *mysql.MySQLError }

func (n *numbered) Error() string { return fmt.Sprintf("MySQL error %d", n.Number) }
func (n *numbered) Unwrap() error { return n.MySQLError }

// IsDuplicate reports whether a row with the same key exists already.
func IsDuplicate(err error) bool {
	var my *mysql.MySQLError
	if errors.As(err, &my) {
		return my.Number == myDuplicate
	}
	switch sqliteCode(err) {
	case sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return true
	}
	return errors.Is(err, gorm.ErrDuplicatedKey)
}

func retryable(err error) bool {
	var my *mysql.MySQLError
	if errors.As(err, &my) {
		return my.Number == myDeadlock || my.Number == myLockWait
	}
	switch sqliteCode(err) & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return true
	}
	return false
}

// away reports whether the database, not the statement, is at fault.
func away(err error) bool {
	var my *mysql.MySQLError
	if errors.As(err, &my) {
		switch my.Number {
		case myTooManyConns, myShutdown, myReadOnly, myReadOnlyTx, myNotReady, myDiskFull, myTableFull, myQueryInterrupted:
			return true
		}
		return false
	}
	switch sqliteCode(err) & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
		return true
	}
	var network net.Error
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, mysql.ErrInvalidConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || errors.As(err, &network)
}

func sqliteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}
