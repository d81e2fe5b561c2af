package changes

import (
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

const today = surveys.Day("2026-11-24")

var (
	mira = surveys.Stamp{By: "mira@example.org", At: time.Date(2026, 11, 24, 10, 42, 0, 0, time.UTC)}
	jan  = surveys.Stamp{By: "jan@example.org", At: time.Date(2026, 11, 24, 11, 7, 0, 0, time.UTC)}
)

func expenses(departments ...surveys.DepartmentID) Change {
	return Change{
		Text:     Text{"A new expense tool", "Receipts get **lost**.", "One app for all.", "Which month suits you?"},
		Language: "en", Owner: "mira@example.org", Risks: "Old phones.", Links: []Link{{"Plan", "https://example.org/plan"}},
		Departments: departments, Everybody: len(departments) == 0, GoLive: "2027-02-28", Public: true,
	}
}

func create(t *testing.T, s *store.Store, c Change, stage Stage, on surveys.Day) Change {
	t.Helper()
	made, err := Create(t.Context(), s, c, Entry{Stage: stage, On: on}, mira, today)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func departments(t *testing.T, s *store.Store, names ...string) []surveys.DepartmentID {
	t.Helper()
	var ids []surveys.DepartmentID
	err := s.Transact(t.Context(), "test", func(tx *store.Tx) error {
		ids = nil
		for _, name := range names {
			id, err := people.AddDepartment(tx, name, 20)
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// faulty is what an error says is wrong: "path code".
func faulty(err error) []string {
	var known *surveys.Error
	var list []string
	if errors.As(err, &known) {
		for _, f := range known.Faults {
			list = append(list, f.Path+" "+f.Code)
		}
	}
	return list
}

func TestAChangeIsReadBackAsItWasSavedAndKeepsItsName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ids := departments(t, s, "Sales", "Finance")
		made := create(t, s, expenses(ids[1], ids[0], ids[1]), Proposed, "2026-11-02")
		want := expenses(ids...)
		want.ID, want.Name, want.Version, want.Saved = made.ID, "a-new-expense-tool", 1, mira
		want.History = []Entry{{Proposed, "2026-11-02", "", mira}}
		got, err := ByID(t.Context(), s, made.ID)
		if err != nil || !reflect.DeepEqual(got, want) || !reflect.DeepEqual(made, want) {
			t.Fatalf("stored\n%+v\nreturned\n%+v\nwant\n%+v (%v)", got, made, want, err)
		}
		if second := create(t, s, expenses(), Idea, today); second.Name != "a-new-expense-tool-2" || len(second.Departments) != 0 {
			t.Errorf("the second of this title is %+v", second)
		}
		got.Title, got.Everybody, got.Name = "Expenses", true, "other"
		saved, err := Save(t.Context(), s, got, jan, today)
		want.Title, want.Everybody, want.Departments, want.Version, want.Saved = "Expenses", true, nil, 2, jan
		if err != nil || !reflect.DeepEqual(saved, want) {
			t.Errorf("saved\n%+v\nwant\n%+v (%v)", saved, want, err)
		}
		if found, err := ByName(t.Context(), s, "a-new-expense-tool"); err != nil || found.ID != made.ID {
			t.Errorf("by its name: %+v, %v", found, err)
		}
		if _, err := ByName(t.Context(), s, "other"); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("a name can be changed: %v", err)
		}
	})
}

func TestASaveFromAnOldVersionStoresNothingAndShowsWhatIsStored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		made := create(t, s, expenses(), Idea, today)
		theirs, mine := made, made
		theirs.What, mine.What = "Theirs", "Mine"
		if _, err := Save(t.Context(), s, theirs, jan, today); err != nil {
			t.Fatal(err)
		}
		for name, attempt := range map[string]func() (Change, error){
			"save": func() (Change, error) { return Save(t.Context(), s, mine, mira, today) },
			"move": func() (Change, error) {
				return Move(t.Context(), s, made.ID, 1, Entry{Proposed, today, "Yes", mira}, mira, today)
			},
			"translate": func() (Change, error) { return Translate(t.Context(), s, made.ID, 1, "de", mine.Text, mira) },
		} {
			stored, err := attempt()
			if surveys.KindOf(err) != surveys.Conflict || stored.What != "Theirs" || stored.Version != 2 || stored.Saved != jan ||
				len(stored.History) != 1 || len(stored.Translations) != 0 {
				t.Errorf("%s: %+v, %v", name, stored, err)
			}
		}
	})
}

func TestTheHistoryOnlyGrows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := create(t, s, expenses(), Idea, "2026-01-10")
		want := []Entry{{Idea, "2026-01-10", "", mira}}
		for i, e := range []Entry{{Asking, "2026-01-10", "Two departments want it.", jan}, {Dropped, "2026-03-01", "No budget.", jan}, {Proposed, "2026-11-24", "Budget.", jan}} {
			moved, err := Move(t.Context(), s, c.ID, i+1, e, jan, today)
			if want = append(want, e); err != nil || !reflect.DeepEqual(moved.History, want) {
				t.Fatalf("after %v: %+v, %v", e, moved.History, err)
			}
		}
		for _, test := range []struct {
			e    Entry
			want string
		}{
			{Entry{Proposed, today, "Again", mira}, "stage same"},
			{Entry{"gone", today, "x", mira}, "stage unknown"},
			{Entry{Done, "2026-11-25", "x", mira}, "on future"},
			{Entry{Done, "2026-11-23", "x", mira}, "on order"},
			{Entry{Done, "2026-02-30", "x", mira}, "on day"},
			{Entry{Done, "", "x", mira}, "on day"},
			{Entry{Done, today, " ", mira}, "reason required"},
			{Entry{Done, today, strings.Repeat("ü", LongestReason+1), mira}, "reason long"},
		} {
			stored, err := Move(t.Context(), s, c.ID, 4, test.e, mira, today)
			if got := faulty(err); !slices.Equal(got, []string{test.want}) || !reflect.DeepEqual(stored.History, want) {
				t.Errorf("%v: faults %v, want %s; history %v", test.e, got, test.want, stored.History)
			}
		}
	})
}

func TestEveryFaultOfAChangeIsToldAtOnceAndNothingIsStored(t *testing.T) {
	s := storetest.SQLite(t)
	ids := departments(t, s, "Sales", "Purchasing")
	archive := func(tx *store.Tx) error { return people.Archive(tx, ids[1]) }
	kept := create(t, s, expenses(ids[1]), Idea, today)
	if err := s.Transact(t.Context(), "test", archive); err != nil {
		t.Fatal(err)
	}
	if _, err := Save(t.Context(), s, kept, jan, today); err != nil {
		t.Errorf("a department that is archived since keeps a change from being saved: %v", err)
	}
	for _, test := range []struct {
		name string
		edit func(c *Change)
		want []string
	}{
		{"empty", func(c *Change) { *c = Change{} }, []string{"title required", "why required", "what required", "language unknown", "owner required", "departments nobody"}},
		{"100 KB", func(c *Change) { c.Why, c.Risks = strings.Repeat("why ", 25_000), strings.Repeat("x", 100_000) }, []string{"why long", "risks long"}},
		{"no text", func(c *Change) { c.Title, c.What = "a\xffb", "a\x00b" }, []string{"title unreadable", "what unreadable"}},
		{"impossible day", func(c *Change) { c.GoLive = "2027-02-29" }, []string{"golive day"}},
		{"past day", func(c *Change) { c.GoLive = "2026-11-23" }, []string{"golive past"}},
		{"far day", func(c *Change) { c.GoLive = "9999-01-01" }, []string{"golive far"}},
		{"archived", func(c *Change) { c.Everybody, c.Departments = false, ids }, []string{"departments archived"}},
		{"nowhere", func(c *Change) { c.Everybody, c.Departments = false, []surveys.DepartmentID{999} }, []string{"departments unknown"}},
		{"links", func(c *Change) {
			c.Links = []Link{{"a", "javascript:alert(1)"}, {"b", "//example.org"}, {"c", "https://a:b@example.org"}, {"d", ""}, {"e", "http://example.org/x?y=1"}, {"f", "data:text/html,x"}, {"g", "https:// x"}}
		}, []string{"links[0] url", "links[1] url", "links[2] url", "links[3] required", "links[5] url", "links[6] url"}},
		{"many links", func(c *Change) { c.Links = slices.Repeat([]Link{{"", "https://example.org"}}, MostLinks+1) }, []string{"links too_many"}},
		{"name", func(c *Change) { c.Name = kept.Name }, []string{"name taken"}},
		{"bad name", func(c *Change) { c.Name = "a b" }, []string{"name unknown"}},
	} {
		c := expenses()
		test.edit(&c)
		_, err := Create(t.Context(), s, c, Entry{Stage: Idea, On: today}, mira, today)
		if got := faulty(err); !slices.Equal(got, test.want) {
			t.Errorf("%s: faults %v, want %v (%v)", test.name, got, test.want, err)
		}
	}
	if list, err := List(t.Context(), s); err != nil || len(list) != 1 {
		t.Errorf("%d changes are stored, %v", len(list), err)
	}
}

func TestATranslationIsOutdatedOnceTheOriginalChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := create(t, s, expenses(), Idea, today)
		german := Text{"Ein neues Spesenwerkzeug", "Belege gehen verloren.", "Eine App für alle.", ""}
		c, err := Translate(t.Context(), s, c.ID, c.Version, "de", german, jan)
		if err != nil || !reflect.DeepEqual(c.Translations, map[string]Translation{"de": {german, false}}) {
			t.Fatalf("%+v, %v", c.Translations, err)
		}
		if text, lang := c.In("de"); text != german || lang != "de" {
			t.Errorf("in German: %v in %s", text, lang)
		}
		if text, lang := c.In("de-AT"); text != german || lang != "de" {
			t.Errorf("in Austria: %v in %s", text, lang)
		}
		if text, lang := c.In("fr"); text != c.Text || lang != "en" {
			t.Errorf("in French: %v in %s", text, lang)
		}
		c.Risks = "None."
		if c, err = Save(t.Context(), s, c, jan, today); err != nil || c.Translations["de"].Outdated {
			t.Fatalf("risks are not translated: %+v, %v", c.Translations, err)
		}
		c.Why = "Receipts get lost, and nobody is paid."
		if c, err = Save(t.Context(), s, c, jan, today); err != nil || !c.Translations["de"].Outdated {
			t.Errorf("the original has changed: %+v, %v", c.Translations, err)
		}
		if _, err := Translate(t.Context(), s, c.ID, c.Version, "de", Text{Title: "Nur ein Titel"}, jan); !slices.Equal(faulty(err), []string{"why required", "what required"}) {
			t.Errorf("half a translation: %v", err)
		}
		if _, err := Translate(t.Context(), s, c.ID, c.Version, "en", german, jan); !slices.Equal(faulty(err), []string{"language original"}) {
			t.Errorf("into its own language: %v", err)
		}
		if c, err = Translate(t.Context(), s, c.ID, c.Version, "de", Text{}, jan); err != nil || len(c.Translations) != 0 {
			t.Errorf("emptied: %+v, %v", c.Translations, err)
		}
	})
}

func TestGoLivesAreTheDaysOnWhichChangesReachedTheirDepartments(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ids := departments(t, s, "Sales")
		move := func(c Change, stages ...Entry) {
			for i, e := range stages {
				if _, err := Move(t.Context(), s, c.ID, i+1, e, mira, today); err != nil {
					t.Fatal(err)
				}
			}
		}
		late := create(t, s, expenses(), Idea, "2025-01-01")
		move(late, Entry{Scheduled, "2025-02-01", "Now", mira}, Entry{RollingOut, "2026-03-01", "Now", mira}, Entry{Done, "2026-06-01", "Now", mira})
		early := create(t, s, expenses(ids...), Proposed, "2025-01-01")
		move(early, Entry{Done, "2025-05-05", "At once", mira})
		create(t, s, expenses(), Scheduled, "2025-01-01") // planned only
		got, err := GoLives(t.Context(), s)
		want := []GoLive{
			{early.ID, early.Title, time.Date(2025, 5, 5, 0, 0, 0, 0, time.UTC), ids, false},
			{late.ID, late.Title, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), nil, true},
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, %v; want %+v", got, err, want)
		}
	})
}
