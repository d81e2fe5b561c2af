package store

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"
)

// Append reads what guard asks for, lets check judge it, and creates rows (pointers to slices), in one transaction. An
// error of check undoes everything and comes back as it is.
//
// It exists for the writer of answers: on MySQL everything up to the commit is one round trip instead of four, and on a
// busy server each round trip means waiting behind every request that is ready to run. For that the rows are on their way
// before check has seen the guard; what guard locks stays locked until the end, so it does not matter.
func (s *Store) Append(ctx context.Context, op string, guard func(tx *gorm.DB) *gorm.DB, check func(*sql.Rows) error, rows ...any) error {
	if s.dialect == SQLite {
		return s.Transact(ctx, op, func(tx *gorm.DB) error {
			found, err := guard(tx).Rows()
			if err != nil {
				return err
			}
			if err := errors.Join(check(found), found.Close()); err != nil {
				return err
			}
			return createAll(tx, rows)
		})
	}
	sentence, values, err := s.sentence(ctx, guard, rows)
	if err != nil {
		return Translate(op, err)
	}
	return s.again(ctx, op, func() error { return s.say(ctx, sentence, values, check) })
}

func createAll(tx *gorm.DB, rows []any) error {
	for _, r := range rows {
		if err := tx.Create(r).Error; err != nil {
			return err
		}
	}
	return nil
}

// sentence lets GORM write the statements of a transaction, without its end, and joins them.
func (s *Store) sentence(ctx context.Context, guard func(tx *gorm.DB) *gorm.DB, rows []any) (string, []any, error) {
	dry := s.writer.Session(&gorm.Session{DryRun: true, Context: ctx})
	var nothing []map[string]any
	asked := guard(dry).Find(&nothing)
	if asked.Error != nil {
		return "", nil, asked.Error
	}
	var sentence strings.Builder
	sentence.WriteString("START TRANSACTION;")
	sentence.WriteString(asked.Statement.SQL.String())
	values := asked.Statement.Vars
	for _, r := range rows {
		made := dry.Create(r)
		if made.Error != nil {
			return "", nil, made.Error
		}
		sentence.WriteByte(';')
		sentence.WriteString(made.Statement.SQL.String())
		values = append(values, made.Statement.Vars...)
	}
	return sentence.String(), values, nil
}

// say sends the statements, hears what the guard found and how the rest fared, and commits or undoes.
func (s *Store) say(ctx context.Context, sentence string, values []any, check func(*sql.Rows) error) (err error) {
	conn, err := s.joined.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, undo(ctx, conn))
		}
		err = errors.Join(err, conn.Close())
	}()
	rows, err := conn.QueryContext(ctx, sentence, values...)
	if err != nil {
		return err
	}
	verdict := check(rows)
	for rows.NextResultSet() { // the error of a later statement comes with its result
		continue
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	if verdict != nil {
		return verdict
	}
	_, err = conn.ExecContext(ctx, "COMMIT")
	return err
}

// undo rolls back. A connection on which that fails is dropped, and the database rolls back by itself.
func undo(ctx context.Context, conn *sql.Conn) error {
	if _, err := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK"); err == nil {
		return nil
	}
	err := conn.Raw(func(any) error { return sqldriver.ErrBadConn })
	if errors.Is(err, sqldriver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) {
		return nil // as meant
	}
	return fmt.Errorf("store: drop a connection: %w", err)
}
