package history

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestWhatIsTakenInIsComparedWithWhatIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		department(t, s, "Finance")
		first := lines(t, "2009,Finance,Openness,40,,20", "Q2 2010, FINANCE ,openness,50.5,61%,30", "2009,Legl,Openness,\"45,5\",,12", "2009,All,Openness,42,,32")
		for _, step := range []struct {
			name, file string
			want       [4]int // added, changed, unchanged, empty
		}{
			{"all is new", first, [4]int{5, 0, 0, 3}},
			{"the same again", first, [4]int{0, 0, 5, 3}},
			{"a value is corrected, and one more is known", lines(t, "2009,Finance,Openness,41,,20", "2011,Finance,Openness,60,,25"), [4]int{1, 1, 0, 2}},
		} {
			p := taken(t, s, read(t, step.file))
			if got := [4]int{p.Added, p.Changed, p.Unchanged, p.Empty}; got != step.want {
				t.Errorf("%s: %v, want %v", step.name, got, step.want)
			}
		}
		want := []string{"2009 All 42 32", "2009 Finance 41 20", "2009 Legl 45.5 12", "2010-Q2 FINANCE 50.5 30", "2011 Finance 60 25"}
		var got []string
		for _, v := range values(t, s, "OPENNESS", Mean) {
			got = append(got, fmt.Sprintf("%s %s %g %d", v.Period, v.Name, v.Value, v.N))
		}
		if !slices.Equal(got, want) {
			t.Errorf("kept is %q, want %q", got, want)
		}
		if shares := values(t, s, "openness", Favourable); len(shares) != 1 || shares[0].Value != 61 {
			t.Errorf("shares are %v", shares)
		}
		kept, err := Measures(s.Read(t.Context()))
		if err != nil || len(kept) != 2 || kept[0].Scale != Mean || kept[0].Values != 5 || kept[0].First != "2009" || kept[0].Last != "2011" {
			t.Errorf("measures are %+v, %v", kept, err)
		}
	})
}

func TestNamesThatMeanNoDepartmentAreForeseen(t *testing.T) {
	s := storetest.SQLite(t)
	department(t, s, "Legal")
	p := taken(t, s, read(t, lines(t, "2009,Legl,Openness,40,,20", "2010,legl,Openness,44,,20", "2009,LEGAL,Openness,40,,20", "2009,Total,Openness,40,,40")))
	if len(p.Unknown) != 1 || p.Unknown[0] != (Unknown{"Legl", 2, "Legal"}) {
		t.Errorf("unknown are %+v", p.Unknown)
	}
}

func TestEveryBadLineIsNamedAndNothingIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		taken(t, s, read(t, lines(t, "2009,Finance,Openness,40,,20")))
		long := strings.Repeat("n", LongestName+1)
		p, err := apply(t, s, read(t, lines(t,
			"someday,Finance,Openness,40,,20", // 2
			"2010,,Openness,40,,20",           // 3
			"2010,Finance,,40,,20",            // 4
			"2010,"+long+",Openness,40,,20",   // 5
			"2010,Finance,Openness,101,,20",   // 6
			"2010,Finance,Openness,NaN,,20",   // 7
			"2010,Finance,Openness,40,,some",  // 8
			"2010,Finance,Openness,40,-1,20",  // 9
			"2009,Finance,Openness,41,,22",    // 10: two people more than are kept
			`2010,"Fin "x" y",Openness,40,,9`, // 11
			"2012,Finance,Openness,40,,20",    // 12
			",,,,,",                           // 13, empty
		)), Terms{})
		var known *surveys.Error
		if !errors.As(err, &known) || len(known.Faults) != 1 || known.Faults[0].Code != FaultBad {
			t.Fatalf("the error is %v", err)
		}
		want := []Line{{2, BadDate, "someday"}, {3, NoName, ""}, {4, NoMeasure, ""}, {5, LongName, ""}, {6, BadValue, "101"}, {7, BadValue, "NaN"},
			{8, BadPeople, "some"}, {9, BadValue, "-1"}, {10, NearPeople, "20"}, {11, BrokenRow, ""}}
		if !slices.Equal(p.Bad, want) {
			t.Errorf("bad lines are\n%v, want\n%v", p.Bad, want)
		}
		if list := values(t, s, "openness", Mean); len(list) != 1 || list[0].Value != 40 {
			t.Errorf("kept is %v", list)
		}
	})
}

func TestWhatWouldTellWhatAFewAnsweredIsLeftOutAndNamed(t *testing.T) {
	s := storetest.SQLite(t)
	p := taken(t, s, read(t, lines(t,
		"2009,A,Openness,40,,4",    // 2: too few
		"2009,B,Openness,40,,5",    // 3
		"2009,C,Openness,100,,500", // 4: a mean of 100 tells that everybody gave the highest answer
		"2009,D,Openness,,100,9",   // 5: nine people, all favourable
		"2009,E,Openness,,0,10",    // 6: nobody favourable of ten: nobody's answer
		"2009,F,Openness,,100,",    // 7: of nobody knows how many
		"2009,G,Openness,40,50,3",  // 8: too few, of both
	)))
	want := []Line{{2, TooFew, "A"}, {4, Alike, "C"}, {5, Alike, "D"}, {7, Alike, "F"}, {8, TooFew, "G"}, {8, TooFew, "G"}}
	if !slices.Equal(p.Small, want) {
		t.Errorf("left out are %v, want %v", p.Small, want)
	}
	if list := values(t, s, "openness", Mean); len(list) != 1 || list[0].Name != "B" {
		t.Errorf("kept is %v", list)
	}
	if list := values(t, s, "openness", Favourable); len(list) != 1 || list[0].Name != "E" {
		t.Errorf("kept is %v", list)
	}
}

func TestLinesOfOneDepartmentAndTimeAreTheirMean(t *testing.T) {
	s := storetest.SQLite(t)
	p := taken(t, s, read(t, lines(t, "2009,A,Openness,40,,10", "2009,a,Openness,70,,20", "2009,B,Openness,40,,10", "2009,B,Openness,70,,")))
	if p.Added != 2 || p.Joined != 2 || p.Unsized != 1 {
		t.Errorf("the plan is %+v", p)
	}
	// 10 people at 40 and 20 at 70 are at 60 on average; where people are not known, lines count alike.
	want := []Value{{"Openness", Mean, "2009", "A", 60, 30, 2}, {"Openness", Mean, "2009", "B", 55, 0, 2}}
	if got := values(t, s, "openness", Mean); !slices.Equal(got, want) {
		t.Errorf("kept is %v, want %v", got, want)
	}
}

func TestNobodyTakesInWhatTheyDidNotAgreeTo(t *testing.T) {
	s := storetest.SQLite(t)
	e := read(t, lines(t, "2009,A,Openness,40,,"))
	seen, err := e.Plan(s.Read(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		file  *Entries
		terms Terms
		code  string
	}{
		{"people that nobody vouches for", e, Terms{}, FaultSizes},
		{"other numbers than were seen", e, Terms{Sizes: true, Digest: "other"}, FaultChanged},
		{"no result at all", read(t, lines(t, "2009,A,Openness,,,")), Terms{Sizes: true}, FaultEmpty},
		{"what was seen", e, Terms{Sizes: true, Digest: seen.Digest()}, ""},
	} {
		_, err := apply(t, s, c.file, c.terms)
		var known *surveys.Error
		if c.code == "" && err != nil || c.code != "" && (!errors.As(err, &known) || known.Faults[0].Code != c.code) {
			t.Errorf("%s: %v, want the code %q", c.name, err, c.code)
		}
	}
}

func TestANameThatIsJoinedMeansTheDepartmentUntilItIsUndone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		finance := department(t, s, "Finance")
		taken(t, s, read(t, lines(t, "2009,Treasury,Change went well,40,,20", "2009,Kingdom,Change went well,44,,90")))
		of := func(name string) Meaning {
			m, err := ReadMeanings(s.Read(t.Context()))
			if err != nil {
				t.Fatal(err)
			}
			return m.Of(name)
		}
		if of("Treasury").Known() || of("finance") != (Meaning{Department: finance}) || !of("Gesamt").Everybody {
			t.Fatalf("before: %+v, %+v, %+v", of("Treasury"), of("finance"), of("Gesamt"))
		}
		for range 2 { // joining twice is joining
			transact(t, s, func(tx *store.Tx) error {
				return errors.Join(JoinName(tx, "TREASURY", finance), JoinName(tx, "Kingdom", 0), JoinMeasure(tx, "change went well", "q.managed"))
			})
		}
		if of("Treasury") != (Meaning{finance, false, true}) || of("kingdom") != (Meaning{0, true, true}) {
			t.Errorf("joined: %+v, %+v", of("Treasury"), of("kingdom"))
		}
		begins := func(target string) int {
			list, err := Beginnings(s.Read(t.Context()), target)
			if err != nil {
				t.Fatal(err)
			}
			return len(list)
		}
		if begins("q.managed") != 1 || begins("q.change went well") != 0 {
			t.Error("a measure that is joined begins another trend than that of what it was joined to")
		}
		transact(t, s, func(tx *store.Tx) error {
			return errors.Join(SeparateName(tx, "treasury"), SeparateName(tx, "Kingdom"), SeparateMeasure(tx, "Change went well"))
		})
		if of("Treasury").Known() || of("Kingdom").Known() || begins("q.managed") != 0 || begins("q.change went well") != 1 {
			t.Error("what was joined stays so")
		}
		for name, try := range map[string]func(tx *store.Tx) error{
			"a name of which nothing is kept":    func(tx *store.Tx) error { return JoinName(tx, "Nowhere", finance) },
			"a department that is not there":     func(tx *store.Tx) error { return JoinName(tx, "Treasury", 999) },
			"a measure of which nothing is kept": func(tx *store.Tx) error { return JoinMeasure(tx, "Nothing", "openness") },
		} {
			if err := s.Transact(t.Context(), "test", try); surveys.KindOf(err) != surveys.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		transact(t, s, func(tx *store.Tx) error { return Remove(tx, "CHANGE went well") })
		if err := s.Transact(t.Context(), "test", func(tx *store.Tx) error { return Remove(tx, "Change went well") }); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("removing it twice: %v", err)
		}
	})
}

func TestAPeriodIsReadOnlyWhereOneCanBeMeant(t *testing.T) {
	for text, want := range map[string]string{
		"2009": "2009 2009-01-01", "Q3 2009": "2009-Q3 2009-07-01", "2009-q4": "2009-Q4 2009-10-01", "2009/03": "2009-03 2009-03-01", "03/2009": "2009-03 2009-03-01",
		"March 2009": "2009-03 2009-03-01", " 2009-03-31 ": "2009-03-31 2009-03-31", "31.3.2009": "2009-03-31 2009-03-31", "2009-03-31 10:00:00": "2009-03-31 2009-03-31",
		"3/4/2009": "", "1776": "", "2009-Q5": "", "31.2.2009": "", "": "",
	} {
		got := ""
		if p, ok := ParsePeriod(text); ok {
			got = string(p) + " " + p.Start().Format("2006-01-02")
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
