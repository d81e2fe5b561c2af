package people

import (
	"os"
	"reflect"
	"slices"
	"testing"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// house is an organisation: Finance (1), Legal (2), Tax (3), Small teams (4).
func house(t *testing.T, s *store.Store, headcounts ...int) {
	t.Helper()
	transact(t, s, func(tx *store.Tx) error {
		for i, name := range []string{"Finance", "Legal", "Tax", "Small teams"} {
			if _, err := AddDepartment(tx, name, headcounts[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func transact(t *testing.T, s *store.Store, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Transact(t.Context(), "test", fn); err != nil {
		t.Fatal(err)
	}
}

func set(t *testing.T, s *store.Store, statement string, args ...any) {
	t.Helper()
	transact(t, s, func(tx *store.Tx) error { return tx.Exec(statement, args...).Error })
}

func TestPeopleOfPooledDepartmentsCountWithTheirPool(t *testing.T) {
	for _, c := range []struct {
		name       string
		headcounts []int
		want       map[string]int
	}{
		{"the pool has people of its own", []int{40, 4, 3, 9}, map[string]int{"Finance": 40, "Small teams": 16}},
		{"the pool is only a name", []int{40, 4, 3, 0}, map[string]int{"Finance": 40, "Small teams": 7}},
		{"one of those pooled is not known", []int{40, 4, 0, 9}, map[string]int{"Finance": 40, "Small teams": 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				house(t, s, c.headcounts...)
				set(t, s, "UPDATE departments SET pooled_into = 4 WHERE id IN (2, 3)")
				list, err := Offered(t.Context(), s)
				if err != nil {
					t.Fatal(err)
				}
				if len(list) != len(c.want) {
					t.Fatalf("offered are %v", list)
				}
				for _, d := range list {
					if want, ok := c.want[d.Name]; !ok || d.Headcount != want {
						t.Errorf("%s has %d people, want %d", d.Name, d.Headcount, want)
					}
				}
			})
		})
	}
}

func TestArchivedDepartmentsAreNotOffered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		house(t, s, 40, 4, 3, 9)
		set(t, s, "UPDATE departments SET archived = 1 WHERE id IN (1, 2)")
		set(t, s, "UPDATE departments SET pooled_into = 4 WHERE id IN (2, 3)")
		list, err := Offered(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) != 1 || list[0].Name != "Small teams" || list[0].Headcount != 12 {
			t.Errorf("offered are %v, want Small teams with 12: the people of an archived department are no longer there", list)
		}
		if all, err := Departments(t.Context(), s); err != nil || len(all) != 4 {
			t.Errorf("%d departments are known, %v", len(all), err)
		}
	})
}

func TestPeopleAreGivenWithTheDepartmentTheyCountFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		house(t, s, 0, 0, 0, 0)
		set(t, s, "UPDATE departments SET archived = 1 WHERE id = 1")
		set(t, s, "UPDATE departments SET pooled_into = 4 WHERE id = 2")
		for i, p := range []struct {
			email      string
			department surveys.DepartmentID
			gone       bool
		}{{"archived@x.example", 1, false}, {"legal@x.example", 2, false}, {"tax@x.example", 3, false}, {"small@x.example", 4, false}, {"left@x.example", 3, true}} {
			set(t, s, "INSERT INTO persons (id, email, email_key, name, department_id, band_id, language, gone) VALUES (?, ?, ?, '', ?, 0, '', ?)",
				i+1, p.email, p.email, p.department, p.gone)
		}
		for _, c := range []struct {
			name string
			of   []surveys.DepartmentID
			want []surveys.Person
		}{
			{"of all", nil, []surveys.Person{{ID: 2, Email: "legal@x.example", Department: 4}, {ID: 3, Email: "tax@x.example", Department: 3}, {ID: 4, Email: "small@x.example", Department: 4}}},
			{"of a pool", []surveys.DepartmentID{4}, []surveys.Person{{ID: 2, Email: "legal@x.example", Department: 4}, {ID: 4, Email: "small@x.example", Department: 4}}},
			{"of one that is pooled", []surveys.DepartmentID{2}, []surveys.Person{{ID: 2, Email: "legal@x.example", Department: 4}}},
			{"of an archived one", []surveys.DepartmentID{1}, []surveys.Person{}},
			{"of none", []surveys.DepartmentID{}, []surveys.Person{}},
		} {
			if got, err := Persons(s.Read(t.Context()), c.of); err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, %v; want %v", c.name, got, err, c.want)
			}
		}
	})
}

func TestPeopleAreCountedByBandWhereTheyCount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		house(t, s, 0, 0, 0, 0)
		set(t, s, "UPDATE departments SET archived = 1 WHERE id = 1")
		set(t, s, "UPDATE departments SET pooled_into = 4 WHERE id = 2")
		for i, p := range []struct {
			department surveys.DepartmentID
			band       surveys.BandID
			gone       bool
		}{{1, 1, false}, {2, 1, false}, {2, 2, false}, {3, 0, false}, {3, 1, true}, {4, 1, false}} {
			set(t, s, "INSERT INTO persons (id, email, email_key, name, department_id, band_id, language, gone) VALUES (?, ?, ?, '', ?, ?, '', ?)", i+1, i, i, p.department, p.band, p.gone)
		}
		got, err := CountByBand(s.Read(t.Context()))
		if err != nil || !reflect.DeepEqual(got, ByBand{3: {0: 1}, 4: {1: 2, 2: 1}}) {
			t.Errorf("%v, %v", got, err)
		}
		if all, leading, pool := got.In(0, 0), got.In(0, 1), got.In(4, 0); all != 4 || leading != 2 || pool != 3 {
			t.Errorf("%d in all, %d of band 1, %d in the pool", all, leading, pool)
		}
	})
}

func TestLinksOfPooledDepartmentsLeadToOnePool(t *testing.T) {
	pools := PoolsOf([]surveys.Department{{ID: 1}, {ID: 2, PooledInto: 4}, {ID: 3, PooledInto: 4}, {ID: 4}})
	if got := pools.Targets([]surveys.DepartmentID{2, 1, 3, 4}); !slices.Equal(got, []surveys.DepartmentID{4, 1}) {
		t.Errorf("targets are %v", got)
	}
	if got := pools.Of(0); got != 0 {
		t.Errorf("nobody in particular counts for %d", got)
	}
}
