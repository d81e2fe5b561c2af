package store_test

import (
	"testing"

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
