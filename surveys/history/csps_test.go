package history

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"

	"soundings/surveys/shareddata"
	"soundings/surveys/store/storetest"
)

// table reads a reference as a row by its leading columns.
func table(t *testing.T, path string, keys int) map[string][]string {
	t.Helper()
	content, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(content).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if err := content.Close(); err != nil {
		t.Fatal(err)
	}
	of := map[string][]string{}
	for _, r := range rows[1:] {
		key := ""
		for _, k := range r[:keys] {
			key += "|" + k
		}
		of[key] = r[keys:]
	}
	return of
}

func figure(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// Sixteen years of the UK Civil Service People Survey, taken in as they are: each department group and year has the mean
// of its organisations that was computed elsewhere, and the whole has the benchmark that was published.
func TestTheCivilServiceSurveyIsTakenInAsItsReferencesSay(t *testing.T) {
	path, ok := shareddata.Find(t, "csps/csps_org_change_items_2009_2024_long.csv")
	if !ok {
		return
	}
	groups, _ := shareddata.Find(t, "csps/reference_csps_department_group_year.csv")
	years, _ := shareddata.Find(t, "csps/reference_csps_year.csv")
	s := storetest.SQLite(t)
	file := read(t, path)
	p := taken(t, s, file)
	if p.Rows != 9912 || p.First != "2009" || p.Last != "2024" || len(p.Measures) != 6 || p.Unsized != p.Added || len(p.Small)+len(p.Bad)+p.Empty != 0 {
		t.Fatalf("the plan is %d rows, %s to %s, %q, %d added, %d without people, %v %v", p.Rows, p.First, p.Last, p.Measures, p.Added, p.Unsized, p.Small, p.Bad)
	}
	wanted, published := table(t, groups, 3), table(t, years, 2)
	compared, benchmarks := 0, 0
	for _, measure := range []string{"change_managed_well", "leadership_change_theme"} {
		for _, v := range values(t, s, measure, Favourable) {
			if v.Name == "Civil Service" && v.Period <= "2018" && v.Period != "2010" {
				if want := figure(t, published["|"+string(v.Period)+"|"+measure][6]); v.Value != want {
					t.Errorf("%s in %s is %g, published %g", measure, v.Period, v.Value, want)
				}
				benchmarks++
				continue
			}
			want, ok := wanted["|"+v.Name+"|"+string(v.Period)+"|"+measure]
			if !ok {
				continue // written in other capitals that year, or a benchmark
			}
			if figure(t, want[0]) != float64(v.Parts) || math.Abs(figure(t, want[1])-v.Value) > 1e-6 {
				t.Errorf("%s of %s in %s is %g of %d organisations, want %v", measure, v.Name, v.Period, v.Value, v.Parts, want[:2])
			}
			compared++
		}
	}
	if compared < 1000 || benchmarks < 16 {
		t.Errorf("only %d values and %d benchmarks are compared", compared, benchmarks)
	}
	if again := taken(t, s, file); again.Unchanged != p.Added || again.Added+again.Changed != 0 {
		t.Errorf("taken in again, %d are added and %d changed", again.Added, again.Changed)
	}
}
