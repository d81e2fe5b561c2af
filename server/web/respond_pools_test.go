package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

// pooled pools one department into another, and lets the time pass after which every server knows.
func (o *office) pooled(one, into surveys.DepartmentID) {
	o.t.Helper()
	o.transact(func(tx *store.Tx) error {
		return tx.Exec("UPDATE departments SET pooled_into = ? WHERE id = ?", into, one).Error
	})
	o.clock.add(freshness)
}

func TestAPooledDepartmentIsAskedAsThePoolFromTheNextWaveOn(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		o.transact(func(tx *store.Tx) error { return tx.Exec("UPDATE departments SET headcount = 7 * id").Error })
		before, _ := o.open(pulse(t), 2)
		o.pooled(2, 1)
		if page := o.get("/s/" + before).body; !strings.Contains(page, "Legal") {
			t.Errorf("an open wave has lost a department\n%s", page)
		}
		everybody, _ := o.open(pulse(t))
		if page := o.get("/s/" + everybody).body; strings.Contains(page, "Legal") || !strings.Contains(page, "Finance") {
			t.Errorf("the form offers a pooled department\n%s", page)
		}
		later, wave := o.open(pulse(t), 2)
		if page := o.get("/s/" + later).body; !strings.Contains(page, "Finance") {
			t.Errorf("a new link of a pooled department does not name the pool\n%s", page)
		}
		if r := o.post("/s/"+later, url.Values{"receipt": {string(surveys.NewReceipt())}, "q.benefit": {"4"}}); r.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		headcounts, err := waves.Headcounts(o.Store.Read(t.Context()), []surveys.WaveID{wave.ID})
		if err != nil {
			t.Fatal(err)
		}
		if got := headcounts[wave.ID]; len(got) != 1 || got[1] != 21 {
			t.Errorf("the wave froze the headcounts %v, want 21 for Finance alone", got)
		}
		if answered := storetest.Rows(t, o.Store, "SELECT DISTINCT department_id FROM responses"); len(answered) != 1 || answered[0] != "1" {
			t.Errorf("the answer counts for %q, want Finance", answered)
		}
	})
}

func TestAWaveFromBeforeDepartmentsWereFrozenFollowsTheOrganisation(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		everybody, _ := o.open(pulse(t))
		legal, _ := o.open(pulse(t), 2)
		o.transact(func(tx *store.Tx) error { return tx.Exec("DELETE FROM wave_terms").Error })
		o.pooled(2, 1)
		if page := o.get("/s/" + everybody).body; strings.Contains(page, "Legal") || !strings.Contains(page, "Finance") {
			t.Errorf("the form offers a pooled department\n%s", page)
		}
		if page := o.get("/s/" + legal).body; strings.Contains(page, "Legal") || !strings.Contains(page, "Finance") {
			t.Errorf("the form of a link made before does not name the pool\n%s", page)
		}
	})
}

func TestAnArchivedDepartmentIsNotOffered(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	before, _ := o.open(pulse(t))
	o.transact(func(tx *store.Tx) error { return tx.Exec("UPDATE departments SET archived = 1 WHERE id = 2").Error })
	o.clock.add(freshness)
	after, _ := o.open(pulse(t))
	if page := o.get("/s/" + before).body; !strings.Contains(page, "Legal") {
		t.Errorf("an open wave has lost a department\n%s", page)
	}
	if page := o.get("/s/" + after).body; strings.Contains(page, "Legal") || !strings.Contains(page, "Finance") {
		t.Errorf("the form offers an archived department\n%s", page)
	}
}
