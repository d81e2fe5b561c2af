package attack

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"soundings/analytics"
	"soundings/surveys"
	"soundings/surveys/history"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/uploads"
)

const theWhole = "all together"

// earlier is results that were measured elsewhere: of a whole, and of the parts of it that the file names.
type earlier struct {
	measure string
	parts   map[string]int // people by name
	rest    int            // people of no part
}

func someEarlier(r *rand.Rand, measure string) earlier {
	e := earlier{measure: measure, parts: map[string]int{}, rest: []int{0, 1, 2, 3, 4, 5, 20}[r.IntN(7)]}
	for i := range 2 + r.IntN(4) {
		e.parts[fmt.Sprintf("part %d", i)] = history.Minimum + r.IntN(30)
	}
	return e
}

func (e earlier) whole() (n int) {
	for _, people := range e.parts {
		n += people
	}
	return n + e.rest
}

// taken takes them in as a file.
func taken(t testing.TB, s *store.Store, list ...earlier) {
	t.Helper()
	text := "date,department,measure,mean,n\n"
	for _, e := range list {
		text += fmt.Sprintf("2009,%s,%s,50,%d\n", theWhole, e.measure, e.whole())
		for _, name := range slices.Sorted(maps.Keys(e.parts)) {
			text += fmt.Sprintf("2009,%s,%s,%d,%d\n", name, e.measure, 30+len(name), e.parts[name])
		}
	}
	path := filepath.Join(t.TempDir(), "earlier.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := uploads.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := history.Read(t.Context(), file, history.Guess(file.Headings(), nil))
	if err == nil {
		err = file.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	change(t, s, func(tx *store.Tx) error {
		for _, measure := range []string{"Openness", "Former index"} {
			_ = history.Remove(tx, measure) // there may be none yet
		}
		_, err := entries.Apply(tx, history.Terms{Sizes: true})
		return err
	})
}

func change(t testing.TB, s *store.Store, f func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Transact(t.Context(), "attack", f); err != nil {
		t.Fatal(err)
	}
}

// pastLeak takes everything that is told of earlier results, before and after names and measures are joined, and solves.
func (s *site) pastLeak(r *rand.Rand) (leak string, facts int) {
	s.Helper()
	list := []earlier{someEarlier(r, "Openness"), someEarlier(r, "Former index")}
	taken(s, s.store, list...)
	p := Past{Store: s.store, Reader: s.reader, Target: surveys.Openness,
		Trend: &analytics.Trend{Waves: []analytics.Wave{{Wave: surveys.Wave{Opened: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}}}}}
	var told []PastFact
	read := func() {
		more, err := p.everything(s.Context())
		if err != nil {
			s.Fatal(err)
		}
		told = append(told, more...)
	}
	read()
	for _, join := range []func(tx *store.Tx) error{
		func(tx *store.Tx) error { return history.JoinName(tx, theWhole, 0) },
		func(tx *store.Tx) error { return history.JoinName(tx, "part 0", s.departments[0].ID) },
		func(tx *store.Tx) error { return history.JoinName(tx, "part 1", s.departments[0].ID) },
		func(tx *store.Tx) error { return history.JoinMeasure(tx, "Former index", surveys.Openness) },
		func(tx *store.Tx) error { return history.SeparateName(tx, theWhole) },
	} {
		change(s, s.store, join)
		read()
	}
	change(s, s.store, func(tx *store.Tx) error {
		for _, name := range []string{"part 0", "part 1"} {
			if err := history.SeparateName(tx, name); err != nil {
				return err
			}
		}
		return history.SeparateMeasure(tx, "Former index")
	})
	return solvePast(list, told, r), len(told)
}

// solvePast looks for a combination of figures that concerns fewer people than the minimum.
func solvePast(list []earlier, told []PastFact, r *rand.Rand) string {
	const nobody = "" // the rest
	var atoms []Atom
	unknown, persons := map[PastGroup]int{}, 0
	for _, e := range list {
		add := func(name string, people int) {
			atom := Atom{Unknowns: []int{len(atoms)}}
			for range people {
				atom.People, persons = append(atom.People, persons), persons+1
			}
			unknown[PastGroup{history.Key(e.measure), history.Mean, "2009", history.Key(name)}] = len(atoms)
			atoms = append(atoms, atom)
		}
		add(nobody, e.rest)
		for _, name := range slices.Sorted(maps.Keys(e.parts)) {
			add(name, e.parts[name])
		}
	}
	system := NewSystem(len(atoms))
	for _, f := range told {
		row := make([]uint64, len(atoms))
		for _, g := range f.Of {
			for of, i := range unknown {
				if of.Measure == g.Measure && len(atoms[i].People) > 0 && (g.Name == theWhole || of.Name == g.Name) {
					row[i]++
				}
			}
		}
		system.Tell(row)
	}
	atoms = slices.DeleteFunc(atoms, func(a Atom) bool { return len(a.People) == 0 })
	if found := system.Concerning(atoms, history.Minimum, r); found != nil {
		return fmt.Sprintf("earlier results %+v: a combination of figures concerns %d people", list, len(members(found)))
	}
	return ""
}

func TestNothingFollowsAboutTooFewPeopleFromEarlierResults(t *testing.T) {
	r := rand.New(rand.NewPCG(*seed, 99))
	s := newSite(t, storetest.SQLite(t))
	facts := 0
	for range 20 {
		leak, told := s.pastLeak(r)
		if facts += told; leak != "" {
			t.Error(leak)
		}
	}
	if facts < 20*20 {
		t.Errorf("only %d facts were told", facts)
	}
}
