package intake

import (
	"slices"
	"strings"
	"testing"

	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// Nothing stored of a response may tell when it was given, by whom, or from where. A column added here has to be
// argued for in this list. A variant is how a coin fell that nobody else keeps (see responseRow).
func TestResponsesAndCommentsHaveOnlyColumnsThatTellNobody(t *testing.T) {
	allowed := map[string]string{
		"responses": "id wave_id department_id band_id language answers step frozen withdrawn variant",
		"comments":  "id wave_id question_id department_id text",
		"spent":     "wave_id mark",
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for table, want := range allowed {
			columns, err := s.Read(t.Context()).Migrator().ColumnTypes(table)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range columns {
				got = append(got, c.Name())
				kind := strings.ToUpper(c.DatabaseTypeName())
				if strings.Contains(kind, "TIME") || strings.Contains(kind, "DATE") {
					t.Errorf("%s.%s is a %s", table, c.Name(), kind)
				}
				if counts, ok := c.AutoIncrement(); ok && counts {
					t.Errorf("%s.%s counts up", table, c.Name())
				}
			}
			slices.Sort(got)
			wanted := strings.Fields(want)
			slices.Sort(wanted)
			if !slices.Equal(got, wanted) {
				t.Errorf("%s has the columns %q, want %q", table, got, wanted)
			}
			if name := primaryKey(t, s, table); name != "id" && name != "wave_id,mark" {
				t.Errorf("%s is kept in the order of %s", table, name)
			}
		}
	})
}

// primaryKey tells by what the rows of a table are kept in order.
func primaryKey(t *testing.T, s *store.Store, table string) string {
	t.Helper()
	query := "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk"
	if s.Dialect() == store.MySQL {
		query = `SELECT column_name FROM information_schema.key_column_usage
			WHERE table_schema = DATABASE() AND table_name = ? AND constraint_name = 'PRIMARY' ORDER BY ordinal_position`
	}
	var names []string
	if err := s.Read(t.Context()).Raw(query, table).Scan(&names).Error; err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, ",")
}

// Two rows stored together must not stand together: no index may keep the order in which they came.
func TestNoIndexKeepsTheOrderOfArrival(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for table, allowed := range map[string][]string{
			"responses": {"wave_id,department_id,band_id,step,withdrawn", "id"},
			"comments":  {"wave_id,question_id,department_id", "id"},
			"spent":     {"wave_id,mark"},
		} {
			indexes, err := s.Read(t.Context()).Migrator().GetIndexes(table)
			if err != nil {
				t.Fatal(err)
			}
			for _, index := range indexes {
				if columns := strings.Join(index.Columns(), ","); !slices.Contains(allowed, columns) {
					t.Errorf("%s has an index on %s", table, columns)
				}
			}
		}
	})
}
