package main

import (
	"encoding/csv"
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// reference is one row of the figures that were computed independently of this program.
type reference struct {
	n                int
	mean, sd, favour float64
}

// references reads a reference file; keys join the first columns ("Germany/2017" or "Germany/2017/progRSE1").
func references(t *testing.T, path string, keys int) map[string]reference {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]reference{}
	for _, row := range rows[1:] {
		key := row[0]
		for _, k := range row[1:keys] {
			key += "/" + k
		}
		var r reference
		if r.n, err = strconv.Atoi(row[keys]); err != nil {
			t.Fatal(err)
		}
		for i, into := range []*float64{&r.mean, &r.sd, &r.favour} {
			if *into, err = strconv.ParseFloat(row[keys+1+i], 64); err != nil {
				*into = math.NaN() // one person has no sd
			}
		}
		all[key] = r
	}
	return all
}

type group struct {
	Department string
	N          int
	Mean, SD   *float64
	Favourable *float64
	Shown      bool
	Reason     string
}

const minimum = 5

// check compares a group with its reference and returns what it shows, as a person who subtracts would use it.
func (g group) check(t *testing.T, key string, want reference, known bool) {
	t.Helper()
	switch {
	case !g.Shown && g.Reason == "":
		t.Errorf("%s is hidden without a reason", key)
	case !g.Shown:
	case !known:
		t.Errorf("%s is shown, but nobody there answered", key)
	case want.n < minimum:
		t.Errorf("%s is shown, but only %d people answered", key, want.n)
	case g.N != want.n:
		t.Errorf("%s: n %d, want %d", key, g.N, want.n)
	case g.Mean == nil || math.Abs(*g.Mean-want.mean) > 1e-6:
		t.Errorf("%s: mean %s, want %v", key, printed(g.Mean), want.mean)
	case g.SD == nil || math.Abs(*g.SD-want.sd) > 1e-6:
		t.Errorf("%s: sd %s, want %v", key, printed(g.SD), want.sd)
	case g.Favourable == nil || math.Abs(*g.Favourable-want.favour) > 1e-6:
		t.Errorf("%s: favourable %s, want %v", key, printed(g.Favourable), want.favour)
	}
}

// The real survey of research software engineers: every figure the API shows is the one computed independently, and
// what it hides cannot be had by subtracting.
func TestTheRealSurveyComesOutAsComputedElsewhere(t *testing.T) {
	rse := rseFolder(t)
	construct := references(t, filepath.Join(rse, "reference_rse_construct.csv"), 2)
	items := references(t, filepath.Join(rse, "reference_rse_country_year.csv"), 3)
	eachSite(t, func(t *testing.T, s *site) {
		importRSE(s, rse)
		before := dump(s)
		importRSE(s, rse)
		if after := dump(s); after != before {
			t.Errorf("importing twice changed something:\n%s\n%s", before, after)
		}
		token := s.do("token", "add", "--name", "test", "--role", "viewer")[0]
		base := s.serve()
		var trend struct {
			Waves []struct {
				ID    int
				Label string
				Total group
			}
			Series []struct {
				Department string
				Points     []struct {
					Wave int
					group
				}
			}
		}
		s.get(base, token, "/api/v1/results/trend?construct=openness&by=department", &trend)
		if len(trend.Waves) != 2 {
			t.Fatalf("%d waves, want 2017 and 2018", len(trend.Waves))
		}
		shown := 0
		for w, wave := range trend.Waves {
			total := construct["ALL/"+wave.Label]
			wave.Total.check(t, "ALL/"+wave.Label, total, true)
			hidden := reference{n: total.n}
			for _, series := range trend.Series {
				point := series.Points[w]
				key := series.Department + "/" + wave.Label
				want, known := construct[key]
				point.group.check(t, key, want, known)
				if point.Shown {
					shown++
					hidden.n -= want.n
				}
			}
			if hidden.n != 0 && hidden.n < minimum {
				t.Errorf("%s: total minus shown groups is %d people", wave.Label, hidden.n)
			}
		}
		if shown < 5 {
			t.Errorf("only %d groups are shown", shown)
		}
		for _, wave := range trend.Waves {
			for _, item := range []string{"progRSE1", "progRSE2", "progRSE3", "progRSE5"} {
				checkItem(t, s, base, token, wave.ID, wave.Label, item, items)
			}
		}
	})
}

func checkItem(t *testing.T, s *site, base, token string, wave int, label, item string, items map[string]reference) {
	t.Helper()
	var answer struct {
		Total  group
		Groups []group
	}
	s.get(base, token, fmt.Sprintf("/api/v1/results/waves/%d/questions/%s?by=department", wave, url.PathEscape(item)), &answer)
	if len(answer.Groups) < 4 {
		t.Fatalf("%s %s: %d groups", label, item, len(answer.Groups))
	}
	withheld := answer.Total.N
	for _, g := range answer.Groups {
		want, known := items[g.Department+"/"+label+"/"+item]
		if g.Mean != nil && g.SD != nil { // the reference is on the raw scale of 1 to 5
			*g.Mean, *g.SD = 1+*g.Mean/25, *g.SD/25
		}
		g.check(t, g.Department+"/"+label+"/"+item, want, known)
		if g.Shown {
			withheld -= g.N
		}
	}
	if withheld != 0 && withheld < minimum {
		t.Errorf("%s %s: total minus shown groups is %d people", label, item, withheld)
	}
}

func importRSE(s *site, rse string) {
	s.t.Helper()
	out := s.do("import", "responses", "--map", filepath.Join("..", "surveys", "imports", "testdata", "rse-map.yaml"), filepath.Join(rse, "rse_public_merged_2017_2018.csv"))
	if len(out) < 3 {
		s.t.Fatalf("the import reports only %q", out)
	}
}

func printed(x *float64) string {
	if x == nil {
		return "missing"
	}
	return strconv.FormatFloat(*x, 'g', -1, 64)
}
