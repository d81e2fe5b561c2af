package store_test

import (
	"database/sql"
	"errors"
	"testing"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

type appended struct {
	ID   int64 `gorm:"primaryKey"`
	Name string
}

// fine passes over whatever the guard found.
func fine(*sql.Rows) error { return nil }

func TestAppendIsAllOrNothing(t *testing.T) {
	refused := &surveys.Error{Kind: surveys.Forbidden, Message: "the guard found it wanting"}
	hasty := `x"; DELETE FROM appended; -- '; DELETE FROM appended; -- \`
	steps := []struct {
		name  string
		check func(*sql.Rows) error
		rows  []any
		kind  surveys.ErrorKind
		after int64 // rows in the table then
	}{
		{"two tables' worth", fine, []any{&[]appended{{1, hasty}, {2, "two"}}, &[]appended{{3, "three"}}}, "", 3},
		{"the first statement fails", fine, []any{&[]appended{{4, "four"}, {1, "again"}}, &[]appended{{5, "five"}}}, surveys.Conflict, 3},
		{"the second statement fails", fine, []any{&[]appended{{4, "four"}}, &[]appended{{1, "again"}}}, surveys.Conflict, 3},
		{"the check fails", func(*sql.Rows) error { return refused }, []any{&[]appended{{4, "four"}}}, surveys.Forbidden, 3},
		{"and then it works", fine, []any{&[]appended{{4, "four"}}}, "", 4},
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		makeTable(t, s)
		guard := func(tx *gorm.DB) *gorm.DB { return s.ForShare(tx.Table("appended").Select("id").Where("id > ?", 0)) }
		for _, step := range steps {
			err := s.Append(t.Context(), "test", guard, step.check, step.rows...)
			if (err == nil) != (step.kind == "") || err != nil && surveys.KindOf(err) != step.kind {
				t.Errorf("%s: %v, want kind %q", step.name, err, step.kind)
			}
			var n int64
			if err := s.Read(t.Context()).Table("appended").Count(&n).Error; err != nil || n != step.after {
				t.Fatalf("%s: %d rows (%v), want %d", step.name, n, err, step.after)
			}
		}
		var got appended
		if err := s.Read(t.Context()).Table("appended").Where("id = 1").Take(&got).Error; err != nil || got.Name != hasty {
			t.Errorf("got %q (%v), want the text as it was", got.Name, err)
		}
	})
}

// What the guard read cannot change until the rows are committed.
func TestAppendHoldsWhatItsGuardRead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		makeTable(t, s)
		if err := s.Append(t.Context(), "test", everything(s), fine, &[]appended{{1, "guarded"}}); err != nil {
			t.Fatal(err)
		}
		changed := make(chan error, 1)
		err := s.Append(t.Context(), "test", everything(s), func(rows *sql.Rows) error {
			go func() {
				changed <- s.Transact(t.Context(), "test", func(tx *gorm.DB) error {
					return tx.Table("appended").Where("id = 1").Update("name", "changed").Error
				})
			}()
			select {
			case err := <-changed:
				changed <- err
				return errors.New("the guarded row changed before the append was committed")
			case <-time.After(300 * time.Millisecond): // it must not happen, so there is nothing to wait for
				return nil
			}
		}, &[]appended{{2, "later"}})
		if err := errors.Join(err, <-changed); err != nil {
			t.Fatal(err)
		}
	})
}

func everything(s *store.Store) func(tx *gorm.DB) *gorm.DB {
	return func(tx *gorm.DB) *gorm.DB { return s.ForShare(tx.Table("appended").Select("id, name")) }
}

func (appended) TableName() string { return "appended" }

func makeTable(t *testing.T, s *store.Store) {
	t.Helper()
	err := s.Transact(t.Context(), "test", func(tx *gorm.DB) error {
		return tx.Exec("CREATE TABLE appended (id INTEGER PRIMARY KEY, name VARCHAR(200))").Error
	})
	if err != nil {
		t.Fatal(err)
	}
}
