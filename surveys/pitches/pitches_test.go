package pitches

import (
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

func on(day int) surveys.Stamp {
	return surveys.Stamp{By: "mira@example.org", At: time.Date(2026, 3, day, 10, 0, 0, 0, time.UTC)}
}

// setup stores a change, two departments, of which the second is archived, and a band.
func setup(t *testing.T, s *store.Store) (change changes.ID, asked, archived surveys.DepartmentID, band surveys.BandID) {
	t.Helper()
	c := changes.Change{Text: changes.Text{Title: "Laptops", Why: "Why", What: "What"}, Language: "en", Owner: "Mira", Everybody: true}
	made, err := changes.Create(t.Context(), s, c, changes.Entry{Stage: changes.Idea, On: "2026-03-01"}, on(1), "2026-03-01")
	if err == nil {
		err = s.Transact(t.Context(), "test", func(tx *store.Tx) (err error) {
			if asked, err = people.AddDepartment(tx, "Finance", 20); err != nil {
				return err
			}
			if archived, err = people.AddDepartment(tx, "Gone", 20); err != nil {
				return err
			}
			if band, err = people.AddBand(tx, "Managers"); err != nil {
				return err
			}
			return people.Archive(tx, archived)
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return made.ID, asked, archived, band
}

func save(t *testing.T, s *store.Store, p Pitch, stamp surveys.Stamp) Pitch {
	t.Helper()
	p.Language = "en"
	saved, err := Save(t.Context(), s, p, stamp)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func TestABandReadsItsOwnPitchElseItsDepartmentsElseTheOneForEveryone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		change, finance, _, band := setup(t, s)
		own := Place{finance, band}
		read := func() string {
			t.Helper()
			book, err := Of(t.Context(), s, change)
			if err != nil {
				t.Fatal(err)
			}
			p, _ := book.For(own)
			other, _ := book.For(Place{Department: finance + 100})
			return p.Text + "/" + other.Text
		}
		if got := read(); got != "/" {
			t.Errorf("before anything is written: %q", got)
		}
		save(t, s, Pitch{Change: change, Text: "all"}, on(1))
		save(t, s, Pitch{Change: change, Place: Place{Department: finance}, Text: "finance"}, on(1))
		if got := read(); got != "finance/all" {
			t.Errorf("without one for the band: %q", got)
		}
		p := save(t, s, Pitch{Change: change, Place: own, Text: " managers "}, on(1))
		if got := read(); got != "managers/all" {
			t.Errorf("with one for the band: %q", got)
		}
		if err := Remove(t.Context(), s, change, own, p.Version, on(2)); err != nil {
			t.Fatal(err)
		}
		if got := read(); got != "finance/all" {
			t.Errorf("after it is taken back: %q", got)
		}
		if err := Remove(t.Context(), s, change, own, 2, on(2)); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("taken back twice: %v", err)
		}
		if all, err := List(t.Context(), s); err != nil || len(all[change]) != 2 {
			t.Errorf("%v, %v", all, err)
		}
	})
}

func TestEveryTextThatWasShownIsKeptWithWhenItWas(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		change, finance, _, _ := setup(t, s)
		place := Place{Department: finance}
		for i, text := range []string{"first", "second", "third"} {
			save(t, s, Pitch{Change: change, Place: place, Version: i, Text: text}, on(2+5*i)) // on the 2nd, 7th and 12th
		}
		if err := Remove(t.Context(), s, change, place, 3, on(20)); err != nil {
			t.Fatal(err)
		}
		history, err := Versions(t.Context(), s, change, place)
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			from, until surveys.Stamp
			want        string
		}{
			{on(1), on(2), ""}, {on(1), on(3), "first"}, {on(3), on(6), "first"}, {on(3), on(8), "first second"},
			{on(7), on(8), "second"}, {on(8), surveys.Stamp{}, "second third"}, {on(21), surveys.Stamp{}, ""},
		} {
			var texts []string
			for _, p := range history.Between(test.from.At, test.until.At) {
				texts = append(texts, p.Text)
			}
			if got := strings.Join(texts, " "); got != test.want {
				t.Errorf("from %v until %v: %q, want %q", test.from.At, test.until.At, got, test.want)
			}
		}
		for day, want := range map[int]string{1: "", 2: "first", 8: "second", 21: ""} {
			book, err := Before(t.Context(), s, change, on(day).At)
			if p, _ := book.For(place); err != nil || p.Text != want {
				t.Errorf("in force on day %d: %q, want %q (%v)", day, p.Text, want, err)
			}
		}
	})
}

func TestOfSeveralWhoSaveTogetherOneIsKeptAndTheOthersAreTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		change, _, _, _ := setup(t, s)
		for version := range 2 {
			errs := make([]error, 4)
			var all sync.WaitGroup
			for i := range errs {
				all.Go(func() {
					_, errs[i] = Save(t.Context(), s, Pitch{Change: change, Version: version, Text: "text", Language: "en"}, on(1+version))
				})
			}
			all.Wait()
			kept := 0
			for _, err := range errs {
				if err == nil {
					kept++
				} else if surveys.KindOf(err) != surveys.Conflict {
					t.Errorf("from version %d: %v", version, err)
				}
			}
			if kept != 1 {
				t.Errorf("from version %d: %d were stored", version, kept)
			}
		}
	})
}

func TestATranslationOfAPitchIsOutdatedOnceTheOriginalChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		change, _, _, _ := setup(t, s)
		p := save(t, s, Pitch{Change: change, Text: "Yes", Translations: map[string]Translation{"de": {Text: "Ja"}, "fr": {Text: " "}}}, on(1))
		if text, lang := p.In("de-AT"); text != "Ja" || lang != "de" || len(p.Translations) != 1 || p.Translations["de"].Outdated {
			t.Fatalf("%+v", p)
		}
		if text, lang := p.In("fr"); text != "Yes" || lang != "en" {
			t.Errorf("in French: %q in %s", text, lang)
		}
		p.Text = "No"
		if p = save(t, s, p, on(2)); !p.Translations["de"].Outdated {
			t.Error("the original has changed, and the translation is not marked")
		}
		if p = save(t, s, p, on(3)); !p.Translations["de"].Outdated {
			t.Error("the mark is lost with the next save")
		}
		p.Translations["de"] = Translation{Text: "Nein"}
		if p = save(t, s, p, on(4)); p.Translations["de"].Outdated {
			t.Error("a new translation is marked")
		}
	})
}

func TestAFaultyPitchIsRefusedWithEveryFaultAndNothingIsStored(t *testing.T) {
	s := storetest.SQLite(t)
	change, finance, archived, band := setup(t, s)
	for _, test := range []struct {
		p    Pitch
		want []string
	}{
		{Pitch{}, []string{"text required", "language unknown"}},
		{Pitch{Text: strings.Repeat("ü", Longest+1), Language: "en"}, []string{"text long"}},
		{Pitch{Text: "a\x00", Language: "en", Translations: map[string]Translation{"de": {Text: strings.Repeat("x", 100_000)}, "en": {Text: "x"}, "?": {Text: "x"}}},
			[]string{"text unreadable", "texts.? unknown", "texts.de long", "texts.en original"}},
		{Pitch{Text: "x", Language: "en", Place: Place{Department: archived}}, []string{"department archived"}},
		{Pitch{Text: "x", Language: "en", Place: Place{Department: 999}}, []string{"department unknown"}},
		{Pitch{Text: "x", Language: "en", Place: Place{Band: band}}, []string{"band unknown"}},
		{Pitch{Text: "x", Language: "en", Place: Place{finance, 999}}, []string{"band unknown"}},
	} {
		test.p.Change = change
		_, err := Save(t.Context(), s, test.p, on(1))
		var known *surveys.Error
		var got []string
		if errors.As(err, &known) {
			for _, f := range known.Faults {
				got = append(got, f.Path+" "+f.Code)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("faults %v, want %v (%v)", got, test.want, err)
		}
	}
	if book, err := Of(t.Context(), s, change); err != nil || len(book) != 0 {
		t.Errorf("%v are stored, %v", book, err)
	}
}
