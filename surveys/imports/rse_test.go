package imports_test

import (
	"context"
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"

	"soundings/surveys/imports"
	"soundings/surveys/shareddata"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// figures of one country, year and measure.
type figures struct {
	n        int
	mean, sd float64
}

// readFigures reads a reference file: n, mean and sd by the columns of the key.
func readFigures(t *testing.T, path string, keyed int) map[string]figures {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]figures{}
	for _, row := range rows[1:] {
		key := ""
		for _, cell := range row[:keyed] {
			key += cell + "|"
		}
		number := func(s string) float64 {
			if s == "" {
				return math.NaN()
			}
			x, err := strconv.ParseFloat(s, 64)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		list[key] = figures{int(number(row[keyed])), number(row[keyed+1]), number(row[keyed+2])}
	}
	return list
}

// scored computes n, mean and sd on 0-100 from the scores table, by country|wave| or, summed over countries, ALL|wave|.
func scored(t *testing.T, s *store.Store, measure string) map[string]figures {
	t.Helper()
	list := map[string]figures{}
	for name, group := range map[string]string{"d.name": "d.name, w.label", "'ALL'": "w.label"} {
		rows := storetest.Rows(t, s, `SELECT `+name+`, w.label, SUM(s.n), SUM(s.total), SUM(s.total_squares), MAX(s.denominator)
			FROM scores s JOIN waves w ON w.id = s.wave_id JOIN departments d ON d.id = s.department_id
			WHERE s.measure = ? GROUP BY `+group, measure)
		for _, row := range rows {
			cells := splitCells(row)
			x := make([]float64, 4)
			for i := range x {
				var err error
				if x[i], err = strconv.ParseFloat(cells[2+i], 64); err != nil {
					t.Fatal(err)
				}
			}
			n, total, squares, den := x[0], x[1], x[2], x[3]
			mean := total / den / n
			variance := (squares/den/den - n*mean*mean) / (n - 1)
			list[cells[0]+"|"+cells[1]+"|"] = figures{int(n), 100 * mean, 100 * math.Sqrt(max(variance, 0))}
		}
	}
	return list
}

func compareFigures(t *testing.T, what string, got, want map[string]figures) {
	t.Helper()
	if len(want) == 0 {
		t.Fatalf("%s: nothing to compare with", what)
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d groups, want %d", what, len(got), len(want))
	}
	near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-6 || math.IsNaN(a) && math.IsNaN(b) }
	for key, w := range want {
		g := got[key]
		if w.n == 1 {
			g.sd, w.sd = math.NaN(), math.NaN()
		}
		if g.n != w.n || !near(g.mean, w.mean) || !near(g.sd, w.sd) {
			t.Errorf("%s %s: %+v, want %+v", what, key, g, w)
		}
	}
}

func TestTheRealSurveyGivesTheFiguresComputedElsewhere(t *testing.T) {
	data, ok := shareddata.Find(t, "rse/rse_public_merged_2017_2018.csv")
	if !ok {
		return // TestLabelsColumnsAndGroups holds the same rules on a small file
	}
	construct, _ := shareddata.Find(t, "rse/reference_rse_construct.csv")
	items, _ := shareddata.Find(t, "rse/reference_rse_country_year.csv")
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		m := readMap(t, "testdata/rse-map.yaml")
		rep, err := imports.Run(context.Background(), depsOn(s), m, data, false)
		if err != nil {
			t.Fatal(err)
		}
		// Counted with python's csv module: 1,838 rows, of which 493 (2017) and
		// 843 (2018) answer one of the four; not all of them answer the two that a score needs.
		if rep.Rows != 1838 || rep.New != 493+843 || rep.NothingAnswered != 1838-1336 || rep.Existing != 0 || len(rep.Faults) != 0 {
			t.Errorf("unexpected report:\n%s", rep)
		}
		compareFigures(t, "construct", scored(t, s, "c.openness"), readFigures(t, construct, 2))
		byItem := readFigures(t, items, 3)
		for _, id := range []string{"progRSE1", "progRSE2", "progRSE3", "progRSE5"} {
			raw := scored(t, s, "q."+id)
			got, want := map[string]figures{}, map[string]figures{}
			for key, f := range raw {
				if key[:3] != "ALL" { // the reference has no totals per item
					got[key+id+"|"] = figures{f.n, 1 + 4*f.mean/100, 4 * f.sd / 100}
				}
			}
			for key, f := range byItem {
				if cells := splitCells(key); cells[2] == id {
					want[key] = f
				}
			}
			compareFigures(t, id, got, want)
		}
		before := dump(t, s)
		again, err := imports.Run(context.Background(), depsOn(s), m, data, false)
		if err != nil {
			t.Fatal(err)
		}
		if again.New != 0 || again.Existing != rep.New {
			t.Errorf("the second import: %d new, %d already there, want 0 and %d", again.New, again.Existing, rep.New)
		}
		if dump(t, s) != before {
			t.Error("importing the same file again changed the database")
		}
	})
}
