package analytics

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/history"
	"soundings/surveys/people"
	"soundings/surveys/shareddata"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/uploads"
)

// imports takes earlier results in.
func imports(t *testing.T, s *store.Store, path string) {
	t.Helper()
	f, err := uploads.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	e, err := history.Read(t.Context(), f, history.Guess(f.Headings(), nil))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	err = s.Transact(t.Context(), "test", func(tx *store.Tx) error {
		_, err := e.Apply(tx, history.Terms{Sizes: true})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// past is a file of openness by year, department, mean and number of people.
func past(t *testing.T, list ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "past.csv")
	content := "date,department,measure,mean,n\n"
	for _, l := range list {
		year, rest, _ := strings.Cut(l, ",")
		name, rest, _ := strings.Cut(rest, ",")
		content += fmt.Sprintf("%s,%s,Openness,%s\n", year, name, rest)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func addDepartment(t *testing.T, s *store.Store, name string) (id surveys.DepartmentID) {
	t.Helper()
	err := s.Transact(t.Context(), "test", func(tx *store.Tx) (err error) {
		id, err = people.AddDepartment(tx, name, 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// told is what may be seen of a line: "40/20", "hidden" or "-".
func told(i *Imported, name string) (list []string) {
	for _, l := range i.Lines {
		if l.Name != name {
			continue
		}
		for _, p := range l.Points {
			switch {
			case !p.Measured:
				list = append(list, "-")
			case !p.Shown():
				list = append(list, "hidden")
			default:
				list = append(list, fmt.Sprintf("%g/%d", p.Value, p.N))
			}
		}
	}
	return list
}

func TestOldNamesAreOneLineWithTheDepartmentTheyAreJoinedTo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		finance := addDepartment(t, s, "Finance")
		imports(t, s, past(t, "2009,Treasury,40,20", "2010,Finance,50,10", "2010,Treasury,62,20", "2009,Kingdom,44,90"))
		read := func() *Imported {
			i, err := NewReader(s, nil).Imported(t.Context(), "openness", history.Mean)
			if err != nil {
				t.Fatal(err)
			}
			return i
		}
		if got := told(read(), "Finance"); !slices.Equal(got, []string{"-", "50/10"}) {
			t.Errorf("before: %q", got)
		}
		err := s.Transact(t.Context(), "test", func(tx *store.Tx) error { return history.JoinName(tx, "treasury", finance) })
		if err != nil {
			t.Fatal(err)
		}
		joined := read()
		if got := told(joined, "Finance"); !slices.Equal(got, []string{"40/20", "58/30"}) { // 10 people at 50 and 20 at 62
			t.Errorf("joined: %q", got)
		}
		only := joined.Only(func(d surveys.DepartmentID) bool { return d == finance+1 })
		if len(only.Lines) != 0 {
			t.Errorf("somebody who may not see Finance sees %v; a name that means no department is nobody's", only.Lines)
		}
	})
}

// A whole of 100 with parts of 60 and 37 would give away the 3 who are in no part that is kept.
func TestAPartThatWouldLeaveAFewOfTheWholeIsHidden(t *testing.T) {
	for name, c := range map[string]struct {
		lines []string
		want  map[string]string
	}{
		"three remain":              {[]string{"2009,All,50,100", "2009,A,40,60", "2009,B,60,37"}, map[string]string{"All": "50/100", "A": "40/60", "B": "hidden"}},
		"five remain":               {[]string{"2009,All,50,100", "2009,A,40,60", "2009,B,60,35"}, map[string]string{"All": "50/100", "A": "40/60", "B": "60/35"}},
		"nobody remains":            {[]string{"2009,All,50,100", "2009,A,40,60", "2009,B,60,40"}, map[string]string{"All": "50/100", "A": "40/60", "B": "60/40"}},
		"the whole is not named so": {[]string{"2009,Kingdom,50,100", "2009,A,40,60", "2009,B,60,37"}, map[string]string{"Kingdom": "50/100", "A": "40/60", "B": "hidden"}},
		"another year":              {[]string{"2009,All,50,100", "2010,A,40,60", "2010,B,60,37"}, map[string]string{"All": "50/100,-", "A": "-,40/60", "B": "-,60/37"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := storetest.SQLite(t)
			imports(t, s, past(t, c.lines...))
			i, err := NewReader(s, nil).Imported(t.Context(), "openness", history.Mean)
			if err != nil {
				t.Fatal(err)
			}
			for line, want := range c.want {
				if got := strings.Join(told(i, line), ","); got != want {
					t.Errorf("%s is %q, want %q", line, got, want)
				}
			}
		})
	}
}

// A pack keeps the beginning of its trend and what happened as they were, told of its departments only.
func TestAPackKeepsWhatWasBeforeItsTrendAndWhatHappened(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	finance, legal := s.department("Finance", 20), s.department("Legal", 0)
	q := s.publish(pulse("Pulse"))
	wave := s.closed(q, "Spring", slices.Concat(each(finance, 0, "open", 1, 2, 3, 4, 5, 3), each(legal, 0, "open", 1, 2, 3, 4, 5, 4))...)
	imports(t, s.store, past(t, "2009,Finance,41,20", "2009,Legal,52,30", "2009,Organisation,47,90", "2008,Finance,39,3"))
	s.must(func(tx *store.Tx) error { return history.JoinName(tx, "Organisation", 0) })
	live := s.pack(PackAsk{Title: "T", Meeting: "2027-03-15", Waves: []surveys.WaveID{wave.ID}, Departments: []surveys.DepartmentID{finance}})
	live.Marks = Marks{{Kind: GoLive, Date: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Text: "Tickets", Departments: []surveys.DepartmentID{finance}, Change: 3},
		{Kind: Visited, Date: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), Text: "How it goes", Departments: []surveys.DepartmentID{finance}, Visit: 7}}
	document, read := s.frozen(live)
	b := read.Parts[0].Beginning
	if b == nil || fmt.Sprint(told(b, "Finance")) != fmt.Sprint(told(live.Parts[0].Beginning, "Finance")) || len(told(b, "Legal")) > 0 || !slices.ContainsFunc(b.Lines, func(l PastLine) bool { return l.Everybody }) {
		t.Fatalf("before the trend stands %+v", b)
	}
	if strings.Contains(string(document), "Legal") {
		t.Error("it names a department that was not chosen")
	}
	if len(read.Marks) != 2 || fmt.Sprint(read.Marks) != fmt.Sprint(live.Marks) {
		t.Errorf("what happened: %+v", read.Marks)
	}
	nobody := read.Only(func(surveys.DepartmentID) bool { return false })
	if len(nobody.Marks) > 0 || len(nobody.Parts[0].Beginning.Lines) != 1 {
		t.Errorf("somebody who sees no department sees %+v, %+v", nobody.Marks, nobody.Parts[0].Beginning)
	}
	if again, err := read.Document(); err != nil || !bytes.Equal(again, document) {
		t.Errorf("written once more it is another document, %v", err)
	}
	// What was measured elsewhere is not what the waves say.
	imports(t, s.store, past(t, "2010,Finance,80,20"))
	if moved, err := read.Moved(s.pack(read.Again())); err != nil || len(moved) > 0 {
		t.Errorf("of %v it says something else, %v", moved, err)
	}
}

func TestABeginningEndsBeforeTheFirstWave(t *testing.T) {
	s := storetest.SQLite(t)
	addDepartment(t, s, "Finance")
	imports(t, s, past(t, "2009,Finance,40,20", "2024,Finance,50,20", "2025,Finance,60,20"))
	trend := &Trend{Construct: surveys.Openness, Waves: []Wave{{Wave: surveys.Wave{Opened: time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)}}}}
	for _, c := range []struct {
		name string
		ask  TrendQuery
		want []string
	}{
		{"its construct", TrendQuery{Construct: surveys.Openness}, []string{"40/20", "50/20"}},
		{"another construct", TrendQuery{Construct: surveys.Engagement}, nil},
		{"one band", TrendQuery{Construct: surveys.Openness, Band: 1}, nil},
		{"a question", TrendQuery{Construct: surveys.Openness, Question: "easier"}, nil},
	} {
		i, err := NewReader(s, nil).Beginning(t.Context(), c.ask, trend)
		if err != nil {
			t.Fatal(err)
		}
		if i == nil {
			i = &Imported{}
		}
		if got := told(i, "Finance"); !slices.Equal(got, c.want) {
			t.Errorf("%s begins with %q, want %q", c.name, got, c.want)
		}
	}
}

// Sixteen years of the Civil Service under all names the whole had are one line; a department that was renamed is one, too.
func TestTheCivilServiceSurveyIsOneLineOfSixteenYearsOnceItsNamesAreJoined(t *testing.T) {
	path, ok := shareddata.Find(t, "csps/csps_org_change_items_2009_2024_long.csv")
	if !ok {
		return
	}
	s := storetest.SQLite(t)
	trade := addDepartment(t, s, "Department for Business and Trade")
	imports(t, s, path)
	err := s.Transact(t.Context(), "test", func(tx *store.Tx) error {
		for _, name := range []string{"Civil Service", "Civil Service overall", "All Civil Servants", "All Civil Service", "000_CS"} {
			if err := history.JoinName(tx, name, 0); err != nil {
				return err
			}
		}
		for _, name := range []string{"Business, Innovation and Skills", "Business, Innovation & Skills", "Business, Innovation and Skills, Department for",
			"Business, Energy & Industrial Strategy", "Business, Energy and Industrial Strategy"} {
			if err := history.JoinName(tx, name, trade); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	i, err := NewReader(s, nil).Imported(t.Context(), "change_managed_well", history.Favourable)
	if err != nil {
		t.Fatal(err)
	}
	if len(i.Periods) != 16 {
		t.Errorf("there are %d years", len(i.Periods))
	}
	whole, business := 0, 0
	for _, l := range i.Lines {
		for _, p := range l.Points {
			if l.Everybody && p.Shown() {
				whole++
			}
			if l.Department.ID == trade && p.Shown() {
				business++
			}
		}
	}
	if whole < 15 || business != 16 {
		t.Errorf("the whole has %d years and business %d", whole, business)
	}
}
