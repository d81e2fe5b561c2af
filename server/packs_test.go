package main

import (
	"strings"
	"testing"

	"soundings/surveys/packs"
	"soundings/surveys/store"
)

func TestVerifyFindsADamagedPack(t *testing.T) {
	s := newSite(t, store.SQLite)
	s.do("migrate", "up")
	address := s.args[1]
	db, err := store.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Transact(t.Context(), "test", func(tx *store.Tx) error {
		_, err := packs.Keep(tx, packs.Pack{Title: "Spring", Meeting: "2027-03-15"}, []byte(`{"version":1}`))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if lines := s.do("verify"); lines[len(lines)-1] != "planning packs that are as they were written: 1" {
		t.Errorf("verify says %q", lines)
	}
	err = db.Transact(t.Context(), "test", func(tx *store.Tx) error {
		return tx.Exec("UPDATE packs SET document = ?", []byte(`{"version":7}`)).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	out, errs := s.command(failed, "", "verify")
	if !strings.Contains(out, "pack 1: what is stored is not what was written") || !strings.Contains(errs, "planning packs damaged: 1 of 1") {
		t.Errorf("verify says %q and %q", out, errs)
	}
}
