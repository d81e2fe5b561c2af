package pitches

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/changes"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

// stage is where waves about a change open, with the hook in place.
type stage struct {
	*testing.T
	s              *store.Store
	catalog        *catalog.Catalog
	change         changes.ID
	finance, sales surveys.DepartmentID
	opened         int
}

func newStage(t *testing.T, s *store.Store) *stage {
	t.Helper()
	change, finance, _, _ := setup(t, s)
	at := &stage{T: t, s: s, catalog: catalog.New(s), change: change, finance: finance}
	err := s.Transact(t.Context(), "test", func(tx *store.Tx) (err error) {
		at.sales, err = people.AddDepartment(tx, "Sales", 200)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func (s *stage) survey(lines string) *surveys.Questionnaire {
	s.Helper()
	s.opened++
	source := fmt.Sprintf("title: Pulse %d\npurpose: change\nlanguage: en\n%squestions:\n  - {id: a, kind: scale, points: 5, text: A, construct: openness}\n", s.opened, lines)
	var q *surveys.Questionnaire
	err := s.s.Transact(s.Context(), "test", func(tx *store.Tx) (err error) {
		q, _, err = s.catalog.Publish(tx, []byte(source), on(1).At)
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return q
}

// open opens a wave as a server does.
func (s *stage) open(q *surveys.Questionnaire, departments ...surveys.DepartmentID) surveys.WaveID {
	s.Helper()
	runner := &waves.Runner{Store: s.s, Catalog: s.catalog, Now: func() time.Time { return on(10 + s.opened).At }, Hooks: waves.Hooks{Opened: []waves.Hook{Opened(s.catalog)}}}
	w, _, err := runner.Open(s.Context(), waves.New{Questionnaire: q, Label: fmt.Sprint("wave ", s.opened), Departments: departments})
	if err != nil {
		s.Fatal(err)
	}
	return w.ID
}

func (s *stage) close(wave surveys.WaveID) {
	s.Helper()
	err := s.s.Transact(s.Context(), "test", func(tx *gorm.DB) error {
		if err := waves.BeginClosing(tx, wave); err != nil {
			return err
		}
		return waves.FinishClosing(tx, wave, on(28).At)
	})
	if err != nil {
		s.Fatal(err)
	}
}

func (s *stage) try(text string, version int, department surveys.DepartmentID) error {
	s.Helper()
	_, err := Try(s.Context(), s.s, Pitch{Change: s.change, Place: Place{Department: department}, Language: "en", Text: text, Version: version,
		Translations: map[string]Translation{"de": {Text: text + " auf Deutsch"}}}, on(3))
	return err
}

func (s *stage) tried(wave surveys.WaveID) []string {
	s.Helper()
	list, err := TrialsOf(s.Context(), s.s, wave)
	if err != nil {
		s.Fatal(err)
	}
	var texts []string
	for _, t := range list {
		texts = append(texts, fmt.Sprintf("%d: %s | %s", t.Department, t.A.Text, t.B.Text))
	}
	return texts
}

const aboutLaptops = "change: laptops\n"

func TestAWaveKeepsTheTwoTextsItTriesAndTheTrialEndsWithIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		at := newStage(t, s)
		first := save(t, s, Pitch{Change: at.change, Place: Place{Department: at.finance}, Text: "First"}, on(2))
		if err := at.try("Second", 0, at.finance); err != nil {
			t.Fatal(err)
		}
		elsewhere := at.open(at.survey(aboutLaptops), at.sales)
		if got := at.tried(elsewhere); got != nil {
			t.Errorf("a wave that does not ask the department tries %v", got)
		}
		wave := at.open(at.survey(aboutLaptops))
		want := []string{fmt.Sprintf("%d: First | Second", at.finance)}
		if got := at.tried(wave); !slices.Equal(got, want) {
			t.Errorf("the wave tries %v, want %v", got, want)
		}
		if err := at.try("Third", 1, at.finance); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("while the wave is open another text is put in its place: %v", err)
		}
		save(t, s, Pitch{Change: at.change, Place: first.Place, Text: "First, mended", Version: 1}, on(4))
		if got := at.tried(wave); !slices.Equal(got, want) {
			t.Errorf("after the first text was changed the wave tries %v, want %v", got, want)
		}
		at.close(wave)
		if got := at.tried(at.open(at.survey(aboutLaptops))); got != nil {
			t.Errorf("the next wave tries %v again", got)
		}
		all, err := Trials(t.Context(), s, at.change)
		if err != nil || len(all) != 1 || all[0].Wave != wave || all[0].Of(surveys.VariantB).Text != "Second" || all[0].Of(surveys.VariantA).Text != "First" {
			t.Errorf("the change has the trials %+v, %v", all, err)
		}
		if text, lang := all[0].B.In("de"); text != "Second auf Deutsch" || lang != "de" {
			t.Errorf("in German the second text is %q (%s)", text, lang)
		}
	})
}

// Whoever reads German would read the first text in German and the second in English.
func TestNoWaveTriesASecondTextThatLacksALanguageOfTheFirst(t *testing.T) {
	s := storetest.SQLite(t)
	at := newStage(t, s)
	place := Place{Department: at.finance}
	save(t, s, Pitch{Change: at.change, Place: place, Text: "First"}, on(2))
	if err := at.try("Second", 0, at.finance); err != nil {
		t.Fatal(err)
	}
	save(t, s, Pitch{Change: at.change, Place: place, Version: 1, Text: "First", Translations: map[string]Translation{"fr": {Text: "Premier"}}}, on(3))
	if got := at.tried(at.open(at.survey(aboutLaptops))); got != nil {
		t.Errorf("without the French of the first a wave tries %v", got)
	}
	save(t, s, Pitch{Change: at.change, Place: place, Version: 2, Text: "First"}, on(4))
	if got := at.tried(at.open(at.survey(aboutLaptops))); len(got) != 1 {
		t.Errorf("with the languages of the first a wave tries %v", got)
	}
}

func TestOnlyASurveyThatWaitsForItsClosingTriesTexts(t *testing.T) {
	s := storetest.SQLite(t)
	at := newStage(t, s)
	save(t, s, Pitch{Change: at.change, Place: Place{Department: at.finance}, Text: "First"}, on(2))
	if err := at.try("Second", 0, at.finance); err != nil {
		t.Fatal(err)
	}
	for name, lines := range map[string]string{"shows results while open": aboutLaptops + "show_results: open\n", "is about another change": "change: other\n"} {
		if got := at.tried(at.open(at.survey(lines))); got != nil {
			t.Errorf("a survey that %s tries %v", name, got)
		}
	}
	if planned, err := Planned(t.Context(), s, at.change); err != nil || len(planned) != 1 {
		t.Errorf("%v is planned, %v", planned, err)
	}
}

func TestASecondTextNeedsAFirstAndCanBeTakenBackUntilAWaveTriesIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		at := newStage(t, s)
		if err := at.try("Second", 0, at.finance); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("without a first text: %v", err)
		}
		if err := at.try("Second", 0, 0); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("for everyone: %v", err)
		}
		save(t, s, Pitch{Change: at.change, Place: Place{Department: at.finance}, Text: "First"}, on(2))
		for text, path := range map[string]string{" First ": "text", "": "text"} {
			var refused *surveys.Error
			err := at.try(text, 0, at.finance)
			if surveys.KindOf(err) != surveys.Invalid || !errors.As(err, &refused) || len(refused.Faults) == 0 || refused.Faults[0].Path != path {
				t.Errorf("%q: %v", text, err)
			}
		}
		if err := at.try("Second", 0, at.finance); err != nil {
			t.Fatal(err)
		}
		if err := at.try("Late", 0, at.finance); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("from an old version: %v", err)
		}
		if err := Untry(t.Context(), s, at.change, at.finance, 1, on(4)); err != nil {
			t.Fatal(err)
		}
		if planned, err := Planned(t.Context(), s, at.change); err != nil || len(planned) != 0 {
			t.Errorf("%v is planned, %v", planned, err)
		}
		if got := at.tried(at.open(at.survey(aboutLaptops))); got != nil {
			t.Errorf("a text that was taken back is tried: %v", got)
		}
		if version, err := SecondVersion(t.Context(), s, at.change, at.finance); err != nil || version != 2 {
			t.Errorf("version %d, %v", version, err)
		}
		if err := at.try("Second", 2, at.finance); err != nil {
			t.Fatal(err)
		}
		at.open(at.survey(aboutLaptops))
		if err := Untry(t.Context(), s, at.change, at.finance, 3, on(5)); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("a text that is tried is taken back: %v", err)
		}
	})
}
