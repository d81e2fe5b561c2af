package store_test

import (
	"net/url"
	"strings"
	"testing"

	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// A MySQL user who may not make triggers must still get the program's tables, and be told.
func TestWithoutTheRightToMakeTriggersMigrationsGoOn(t *testing.T) {
	owner := storetest.OnMariaDB(t)
	pool, err := owner.Pool()
	if err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(storetest.Address(t, store.MySQL))
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(address.Path, "/")
	for _, statement := range []string{
		"CREATE USER 'plain_" + name[2:10] + "'@'localhost' IDENTIFIED BY 'plain'",
		"GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, REFERENCES, DROP ON `" + name + "`.* TO 'plain_" + name[2:10] + "'@'localhost'",
	} {
		if _, err := pool.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	address.User = url.UserPassword("plain_"+name[2:10], "plain")
	plain := storetest.Open(t, address.String())
	if guarded, err := plain.AuditGuarded(t.Context()); err != nil || guarded {
		t.Errorf("without the right: guarded %v, %v", guarded, err)
	}
	if guarded, err := owner.AuditGuarded(t.Context()); err != nil || !guarded {
		t.Errorf("with the right: guarded %v, %v", guarded, err)
	}
	if _, err := pool.Exec("GRANT TRIGGER ON `" + name + "`.* TO 'plain_" + name[2:10] + "'@'localhost'"); err != nil {
		t.Fatal(err)
	}
	plain = storetest.Open(t, address.String()) // rights are read when a connection is made
	if guarded, err := plain.AuditGuarded(t.Context()); err != nil || !guarded {
		t.Errorf("with the right given later: guarded %v, %v", guarded, err)
	}
}
