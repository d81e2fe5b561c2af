package store_test

import (
	"testing"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// MySQL commits at each statement of a migration. A crash after the last one, before the version is written down, is
// the worst case: everything is there already when the migration runs again.
func TestAMigrationOfMySQLThatWasInterruptedCanBeRunAgain(t *testing.T) {
	s := storetest.OnMariaDB(t)
	pool, err := s.Pool()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec("DELETE FROM schema_versions WHERE version_id > 0"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Migrate(t.Context()); err != nil {
		t.Fatalf("the second run: %v", err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// Work on several branches may land a lower number after a higher one. Whoever has run the higher one already must get
// both, and until then be told that something is missing.
func TestAMigrationThatLandedLateIsAppliedAsWell(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		pool, err := s.Pool()
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range []string{
			"DELETE FROM schema_versions WHERE version_id = 14",
			"ALTER TABLE counters DROP COLUMN rules", "ALTER TABLE counters DROP COLUMN first_rules",
		} {
			if _, err := pool.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Check(t.Context()); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("a schema that lacks version 14 is taken for whole: %v", err)
		}
		if before, after, err := s.Migrate(t.Context()); err != nil || before.Current != 13 || after.Current != after.Target {
			t.Fatalf("from %+v to %+v: %v", before, after, err)
		}
		if _, err := pool.Exec("UPDATE counters SET rules = 0, first_rules = 0"); err != nil {
			t.Errorf("version 14 is not there: %v", err)
		}
	})
}
