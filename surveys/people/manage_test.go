package people

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// refused fails the test unless the error has exactly one fault, at the path and with the code.
func refused(t *testing.T, what string, err error, path, code string) {
	t.Helper()
	var known *surveys.Error
	if !errors.As(err, &known) || len(known.Faults) != 1 || known.Faults[0].Path != path || known.Faults[0].Code != code {
		t.Errorf("%s: %v, want %s at %s", what, err, code, path)
	}
}

func try(t *testing.T, s *store.Store, fn func(tx *store.Tx) error) error {
	t.Helper()
	return s.Transact(t.Context(), "test", fn)
}

func TestDepartmentsHaveNamesOfTheirOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		house(t, s, 1, 2, 3, 4)
		for _, c := range []struct {
			name       string
			d          Details
			path, code string
		}{
			{"no name", Details{Name: " \t"}, "name", FaultEmpty},
			{"a long name", Details{Name: strings.Repeat("é", LongestName+1)}, "name", FaultLong},
			{"a long division", Details{Name: "New", Division: strings.Repeat("é", LongestName+1)}, "division", FaultLong},
			{"bytes that are no text", Details{Name: "\xff"}, "name", FaultUnreadable},
			{"fewer than nobody", Details{Name: "New", Headcount: -1}, "headcount", FaultNumber},
			{"more than there are", Details{Name: "New", Headcount: MostPeople + 1}, "headcount", FaultNumber},
			{"a name that is taken", Details{Name: " Legal "}, "name", FaultTaken},
		} {
			refused(t, c.name+", added", try(t, s, func(tx *store.Tx) error { _, err := NewDepartment(tx, c.d); return err }), c.path, c.code)
			refused(t, c.name+", changed", try(t, s, func(tx *store.Tx) error { return ChangeDepartment(tx, 1, c.d) }), c.path, c.code)
		}
		want := surveys.Department{ID: 1, Name: strings.Repeat("é", LongestName), Division: "Überseehandel", Headcount: MostPeople}
		transact(t, s, func(tx *store.Tx) error {
			return ChangeDepartment(tx, 1, Details{Name: want.Name, Division: " Überseehandel ", Headcount: want.Headcount})
		})
		transact(t, s, func(tx *store.Tx) error { // saving it unchanged is no conflict with itself
			return ChangeDepartment(tx, 1, Details{Name: want.Name, Division: want.Division, Headcount: want.Headcount})
		})
		all, err := Departments(t.Context(), s)
		if err != nil || len(all) != 4 || !slices.Contains(all, want) {
			t.Errorf("departments are %v, %v", all, err)
		}
		if err := try(t, s, func(tx *store.Tx) error { return ChangeDepartment(tx, 99, Details{Name: "x"}) }); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("a department that is not there: %v", err)
		}
	})
}

func TestPoolsAreOneLevelDeep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		house(t, s, 40, 4, 3, 0)
		pool := func(into surveys.DepartmentID, ids ...surveys.DepartmentID) error {
			return try(t, s, func(tx *store.Tx) error { return Pool(tx, ids, into) })
		}
		if err := pool(4, 2, 3); err != nil {
			t.Fatal(err)
		}
		refused(t, "into itself", pool(1, 1), "into", FaultPool)
		refused(t, "into a pooled one", pool(2, 1), "into", FaultPool)
		refused(t, "into nothing that is", pool(99, 1), "into", FaultPool)
		refused(t, "one that holds others", pool(1, 4), "into", FaultHolds)
		refused(t, "none", pool(1), "departments", FaultNone)
		refused(t, "archiving one that holds others", try(t, s, func(tx *store.Tx) error { return Archive(tx, 4) }), "archive", FaultHolds)
		transact(t, s, func(tx *store.Tx) error { return Archive(tx, 2) })
		transact(t, s, func(tx *store.Tx) error { return Pool(tx, []surveys.DepartmentID{3}, 0) })
		transact(t, s, func(tx *store.Tx) error { return Archive(tx, 4) })
		refused(t, "into an archived one", pool(4, 1), "into", FaultPool)
		transact(t, s, func(tx *store.Tx) error { return Restore(tx, 2) })
		got := storetest.Rows(t, s, "SELECT id, archived, pooled_into FROM departments ORDER BY id")
		if !slices.Equal(got, []string{"1|0|0", "2|0|0", "3|0|0", "4|1|0"}) {
			t.Errorf("departments are %q: one restored into an archived pool must stand for itself", got)
		}
	})
}

func TestBandsAreKeptInTheirOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, name := range []string{"Staff", "Lead", "Head"} {
			transact(t, s, func(tx *store.Tx) error { _, err := NewBand(tx, name); return err })
		}
		order := func() string {
			list, err := Bands(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, b := range list {
				names = append(names, b.Name)
			}
			return strings.Join(names, " ")
		}
		for _, move := range []struct {
			id   surveys.BandID
			by   int
			want string
		}{{3, -1, "Staff Head Lead"}, {1, 1, "Head Staff Lead"}, {3, -1, "Head Staff Lead"}, {2, 1, "Head Staff Lead"}, {3, 2, "Staff Lead Head"}} {
			transact(t, s, func(tx *store.Tx) error { return MoveBand(tx, move.id, move.by) })
			if got := order(); got != move.want {
				t.Errorf("moving %d by %d: %s, want %s", move.id, move.by, got, move.want)
			}
		}
		refused(t, "a second of one name", try(t, s, func(tx *store.Tx) error { _, err := NewBand(tx, "Lead"); return err }), "name", FaultTaken)
		refused(t, "renamed to another's", try(t, s, func(tx *store.Tx) error { return RenameBand(tx, 1, "Lead") }), "name", FaultTaken)
		refused(t, "renamed to nothing", try(t, s, func(tx *store.Tx) error { return RenameBand(tx, 1, "  ") }), "name", FaultEmpty)
		transact(t, s, func(tx *store.Tx) error { return RenameBand(tx, 1, "Team") })
		if got := order(); got != "Team Lead Head" {
			t.Error(got)
		}
		if err := try(t, s, func(tx *store.Tx) error { return MoveBand(tx, 99, 1) }); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("a band that is not there: %v", err)
		}
	})
}

func TestABandIsDeletedOnlyIfNobodyEverHadIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		house(t, s, 0, 0, 0, 0)
		for _, name := range []string{"A", "B", "C", "D"} {
			transact(t, s, func(tx *store.Tx) error { _, err := NewBand(tx, name); return err })
		}
		set(t, s, "INSERT INTO responses (id, wave_id, department_id, band_id, language, answers) VALUES (X'30313233343536373839616263646566', 1, 1, 1, 'en', '{}')")
		set(t, s, "INSERT INTO persons (email, email_key, name, department_id, band_id, language, gone) VALUES ('a@x.org', 'a@x.org', '', 1, 2, '', 1)")
		unused, err := UnusedBands(s.Read(t.Context()))
		if err != nil || !slices.Equal(unused, []surveys.BandID{3, 4}) {
			t.Errorf("unused are %v, %v", unused, err)
		}
		for id, ok := range map[surveys.BandID]bool{1: false, 2: false, 3: true} {
			err := try(t, s, func(tx *store.Tx) error { return DeleteBand(tx, id) })
			if ok && err != nil {
				t.Error(err)
			}
			if !ok {
				refused(t, "a band that is had", err, "delete", FaultUsed)
			}
		}
		if got := storetest.Rows(t, s, "SELECT id FROM bands ORDER BY id"); !slices.Equal(got, []string{"1", "2", "4"}) {
			t.Errorf("bands are %q", got)
		}
	})
}
