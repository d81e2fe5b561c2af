package promises

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/comments"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/visits"
)

const today = surveys.Day("2026-03-02")

var stamp = surveys.Stamp{By: "mira@example.org", At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}

// each runs a test on both kinds of database, with Finance (1), Sales (2) and the archived Stables (3).
func each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		err := s.Transact(t.Context(), "test", func(tx *store.Tx) error {
			for _, name := range []string{"Finance", "Sales", "Stables"} {
				if _, err := people.AddDepartment(tx, name, 20); err != nil {
					return err
				}
			}
			return people.Archive(tx, 3)
		})
		if err != nil {
			t.Fatal(err)
		}
		test(t, s)
	})
}

func vow() Promise {
	return Promise{Text: Text{"Updates cost us two nights.", "A calendar that you keep."}, Language: "en", Owner: "Mira@Example.org ", Departments: []surveys.DepartmentID{2, 1, 2}, Shown: true}
}

func stored(t *testing.T, s *store.Store, p Promise, e Entry) Promise {
	t.Helper()
	made, err := Make(t.Context(), s, p, e, stamp, today)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// faultsOf lists path and code of what is wrong.
func faultsOf(err error) string {
	var known *surveys.Error
	if !errors.As(err, &known) {
		return ""
	}
	var list []string
	for _, f := range known.Faults {
		list = append(list, f.Path+" "+f.Code)
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

func TestAPromiseKeepsEveryStepAndEveryDay(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		p := stored(t, s, vow(), Entry{State: Open, Due: "2026-03-20"})
		if p.Owner != "mira@example.org" || !slices.Equal(p.Departments, []surveys.DepartmentID{1, 2}) || !p.Concerns(1) || p.Concerns(3) {
			t.Errorf("made %+v", p)
		}
		p, err := Step(t.Context(), s, p.ID, p.Version, Entry{State: Open, Due: "2026-04-10", Note: "The supplier is late."}, stamp, "2026-03-18")
		if err != nil {
			t.Fatal(err)
		}
		if p.Overdue("2026-04-10") || !p.Overdue("2026-04-11") {
			t.Error("a promise is overdue from the day after the one by which it was to be kept")
		}
		if _, err := Step(t.Context(), s, p.ID, 1, Entry{State: Kept, On: "2026-03-18", Note: "Done."}, stamp, "2026-03-18"); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("a step from an old version: %v", err)
		}
		p, err = Step(t.Context(), s, p.ID, p.Version, Entry{State: Broken, On: "2026-04-12", Note: "It burnt."}, stamp, "2026-04-12")
		if err != nil {
			t.Fatal(err)
		}
		p, err = Step(t.Context(), s, p.ID, p.Version, Entry{State: Kept, On: "2026-04-20", Note: "A second one."}, stamp, "2026-04-21")
		if err != nil {
			t.Fatal(err)
		}
		got := storetest.Rows(t, s, "SELECT number, state, reached_on, due, note FROM promise_entries ORDER BY number")
		want := "1|open|2026-03-02|2026-03-20|\n2|open|2026-03-18|2026-04-10|The supplier is late.\n3|broken|2026-04-12||It burnt.\n4|kept|2026-04-20||A second one."
		if strings.Join(got, "\n") != want {
			t.Errorf("the history is\n%s\nwant\n%s", strings.Join(got, "\n"), want)
		}
		if _, err := Step(t.Context(), s, p.ID, p.Version, Entry{State: Broken, On: "2026-04-21", Note: "No."}, stamp, "2026-04-21"); faultsOf(err) != "state unknown" {
			t.Errorf("what is kept is broken: %v", err)
		}
		if q := p.Quarter(); q.String() != "2026-Q2" {
			t.Errorf("it counts in %s, want the quarter it was due in last", q)
		}
	})
}

func TestEveryFaultOfAPromiseIsToldAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		for name, c := range map[string]struct {
			spoil func(*Promise)
			entry Entry
			want  string
		}{
			"empty":               {func(p *Promise) { *p = Promise{} }, Entry{State: Open}, "answer required, departments nobody, due required, language unknown, owner required, said required"},
			"a day that is over":  {func(*Promise) {}, Entry{State: Open, Due: "2026-03-01"}, "due past"},
			"no day":              {func(*Promise) {}, Entry{State: Open, Due: "2026-02-30"}, "due day"},
			"a far day":           {func(*Promise) {}, Entry{State: Open, Due: "9999-01-01"}, "due far"},
			"done tomorrow":       {func(*Promise) {}, Entry{State: Kept, On: "2026-03-03"}, "on future"},
			"begins broken":       {func(*Promise) {}, Entry{State: Broken, On: today}, "state unknown"},
			"long":                {func(p *Promise) { p.Text.Said = strings.Repeat("ä", LongestSaid+1) }, Entry{State: Kept, On: today}, "said long"},
			"an archived one":     {func(p *Promise) { p.Departments = []surveys.DepartmentID{1, 3} }, Entry{State: Kept, On: today}, "departments archived"},
			"nobody's department": {func(p *Promise) { p.Departments = []surveys.DepartmentID{9} }, Entry{State: Kept, On: today}, "departments unknown"},
			"no such change":      {func(p *Promise) { p.Change = 7 }, Entry{State: Kept, On: today}, "change unknown"},
			"no such theme":       {func(p *Promise) { p.Source = Source{Kind: Theme, Ref: "VPN"} }, Entry{State: Kept, On: today}, "source gone"},
			"no such question":    {func(p *Promise) { p.Source = Source{Kind: Item, Ref: "nosuch"} }, Entry{State: Kept, On: today}, "source gone"},
			"no such visit":       {func(p *Promise) { p.Source = Source{Kind: Visit, Ref: "nosuch"} }, Entry{State: Kept, On: today}, "source gone"},
			"no such idea":        {func(p *Promise) { p.Source = Source{Kind: Idea, Ref: "x"} }, Entry{State: Kept, On: today}, "source gone"},
			"no such kind":        {func(p *Promise) { p.Source = Source{Kind: "dream", Ref: "x"} }, Entry{State: Kept, On: today}, "source unknown"},
		} {
			p := vow()
			c.spoil(&p)
			if _, err := Make(t.Context(), s, p, c.entry, stamp, today); faultsOf(err) != c.want {
				t.Errorf("%s: %q, want %q", name, faultsOf(err), c.want)
			}
		}
		if list, err := List(t.Context(), s); err != nil || len(list) != 0 {
			t.Errorf("%d promises are stored, %v", len(list), err)
		}
	})
}

func TestWhatIsSavedLeavesHistoryAndTellsThatATranslationIsOld(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		p := stored(t, s, vow(), Entry{State: Declined, On: today})
		p, err := Translate(t.Context(), s, p.ID, p.Version, "de", Text{"Zwei Nächte.", "Nein."}, stamp)
		if err != nil || p.Translations["de"].Outdated {
			t.Fatalf("%+v, %v", p, err)
		}
		if text, lang := p.In("de-AT"); lang != "de" || text.Said != "Zwei Nächte." {
			t.Errorf("in Austria it says %q in %s", text.Said, lang)
		}
		if text, lang := p.In("fr"); lang != "en" || text != p.Text {
			t.Errorf("in French it says %q in %s", text.Said, lang)
		}
		typed := p
		typed.Answer, typed.Everybody, typed.History = "We cannot.", true, nil
		saved, err := Save(t.Context(), s, typed, stamp)
		if err != nil {
			t.Fatal(err)
		}
		if !saved.Translations["de"].Outdated || len(saved.History) != 1 || len(saved.Departments) != 0 || saved.Version != p.Version+1 {
			t.Errorf("saved %+v", saved)
		}
		typed.Answer = "Others"
		if there, err := Save(t.Context(), s, typed, stamp); surveys.KindOf(err) != surveys.Conflict || there.Answer != "We cannot." {
			t.Errorf("from an old version: %v, stored %+v", err, there)
		}
		if p, err = Translate(t.Context(), s, p.ID, saved.Version, "de", Text{}, stamp); err != nil || len(p.Translations) != 0 {
			t.Errorf("%+v, %v", p, err)
		}
		if _, err := Translate(t.Context(), s, p.ID, p.Version, "en", Text{"a", "b"}, stamp); faultsOf(err) != "language original" {
			t.Errorf("into its own language: %v", err)
		}
	})
}

func TestASourceMayGoAfterwards(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		if err := s.Transact(t.Context(), "test", func(tx *store.Tx) error {
			return tx.Exec("INSERT INTO tags (name, name_key) VALUES ('VPN', ?)", []byte(strings.Repeat("k", 32))).Error
		}); err != nil {
			t.Fatal(err)
		}
		p := vow()
		p.Source = Source{Kind: Theme, Ref: "VPN", Words: "VPN"}
		p = stored(t, s, p, Entry{State: Open, Due: "2026-03-20"})
		if err := s.Transact(t.Context(), "test", func(tx *store.Tx) error { return comments.DeleteTag(tx, 1) }); err != nil {
			t.Fatal(err)
		}
		p.Answer = "A better one."
		if _, err := Save(t.Context(), s, p, stamp); err != nil {
			t.Errorf("a word cannot be mended any more: %v", err)
		}
	})
}

// given is a promise in a state, due or done on a day, recorded at nine.
func given(id ID, state State, day surveys.Day, everybody bool) Promise {
	e := Entry{State: state, On: day, Said: surveys.Stamp{At: day.Time().Add(9 * time.Hour)}}
	if state == Open {
		e.Due = day
	}
	return Promise{ID: id, Everybody: everybody, Departments: []surveys.DepartmentID{1}, Shown: true, History: []Entry{e}}
}

// Vectors: 2 kept, 1 broken, 1 overdue and 1 that has time left; a declined one counts for nothing. 2 of 4 is told
// without a percentage, 3 of 5 with 60 %.
func TestTheShareKeptCountsWhatCouldHaveBeenKept(t *testing.T) {
	list := []Promise{given(1, Kept, "2026-01-05", true), given(2, Kept, "2026-03-01", true), given(3, Broken, "2026-02-01", true), given(4, Open, "2026-03-01", true),
		given(5, Open, "2026-03-02", true), given(6, Declined, "2026-02-01", true), given(7, Kept, "2025-12-31", true), given(8, Kept, "2026-02-01", false)}
	first := visits.Quarter{Year: 2026, Number: 1}
	all := func(*Promise) bool { return true }
	share := ShareOf(list, first, today, func(p *Promise) bool { return p.Everybody })
	if share != (Share{Kept: 2, Broken: 1, Overdue: 1, Waiting: 1}) || share.Due() != 4 || share.All() != 5 {
		t.Errorf("share %+v", share)
	}
	if _, ok := share.Percent(); ok {
		t.Error("four promises are told in per cent")
	}
	if percent, ok := ShareOf(list, first, today, all).Percent(); !ok || percent != 0.6 {
		t.Errorf("3 of 5 are %v, %v", percent, ok)
	}
	ByUrgency(list)
	var order []ID
	for _, p := range list {
		order = append(order, p.ID)
	}
	if want := []ID{4, 5, 2, 8, 6, 3, 1, 7}; !slices.Equal(order, want) {
		t.Errorf("the order is %v, want the overdue first, then the open, then the latest: %v", order, want)
	}
}

func TestASurveyOpensWithTheLatestThatIsNewAndShown(t *testing.T) {
	hidden := given(9, Kept, "2026-03-01", true)
	hidden.Shown = false
	list := []Promise{given(1, Kept, "2026-02-01", true), given(2, Broken, "2026-02-20", true), given(3, Declined, "2026-02-21", false), given(4, Open, "2026-02-22", true),
		given(5, Kept, "2026-02-23", true), given(6, Kept, "2026-02-24", true), hidden}
	ids := func(list []Promise) (ids []ID) {
		for _, p := range list {
			ids = append(ids, p.ID)
		}
		return ids
	}
	since := surveys.Day("2026-02-10").Time()
	if got := ids(Latest(list, since, 3, func(p *Promise) bool { return p.Concerns(1) })); !slices.Equal(got, []ID{6, 5, 4}) {
		t.Errorf("opens with %v", got)
	}
	if got := ids(Latest(list, since, 9, func(p *Promise) bool { return p.Concerns(1) })); !slices.Equal(got, []ID{6, 5, 4, 3}) {
		t.Errorf("of all are new %v", got)
	}
	if got := ids(Latest(list, since, 9, func(p *Promise) bool { return p.Concerns(2) })); !slices.Equal(got, []ID{6, 5, 4}) {
		t.Errorf("another department reads %v", got)
	}
}
