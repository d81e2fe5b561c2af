package invitations

import (
	"os"
	"testing"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/library"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

var secret = surveys.Secret("the secret of the tests")

func transact(t testing.TB, s *store.Store, fn func(tx *gorm.DB) error) {
	t.Helper()
	if err := s.Transact(t.Context(), "test", fn); err != nil {
		t.Fatal(err)
	}
}

// openWave opens a wave of the shipped survey about a change.
func openWave(t testing.TB, s *store.Store) (wave surveys.Wave) {
	t.Helper()
	source, err := library.Open("change-pulse")
	if err != nil {
		t.Fatal(err)
	}
	transact(t, s, func(tx *gorm.DB) error {
		q, _, err := catalog.New(s).Publish(tx, source, time.Now())
		if err != nil {
			return err
		}
		wave, _, err = waves.Open(tx, waves.New{Questionnaire: q, Label: "spring", At: time.Now()})
		return err
	})
	return wave
}

func ask(t testing.TB, s *store.Store, wave surveys.WaveID, persons ...surveys.Person) (made []Invitation) {
	t.Helper()
	transact(t, s, func(tx *gorm.DB) (err error) {
		made, err = Ask(tx, wave, persons)
		return err
	})
	return made
}

func TestEverybodyIsInvitedOnceWithTheirDepartmentOfThatDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		wave, other := openWave(t, s), openWave(t, s)
		first := surveys.Person{ID: 5, Department: 2, Band: 3, Language: "de"}
		if made := ask(t, s, other.ID, first); len(made) != 1 || made[0].Wave != other.ID {
			t.Errorf("made %+v", made)
		}
		made := ask(t, s, wave.ID, first, surveys.Person{ID: 9, Department: 1}, first)
		if len(made) != 2 || made[0].Person != 5 || made[0].Department != 2 || made[0].Band != 3 || made[0].Language != "de" || made[0].Wave != wave.ID {
			t.Fatalf("made %+v", made)
		}
		moved := first
		moved.Department, moved.Band = 7, 8
		if again := ask(t, s, wave.ID, moved, surveys.Person{ID: 11, Department: 1}); len(again) != 1 || again[0].Person != 11 {
			t.Errorf("asked again: %+v", again)
		}
		list, err := Of(s.Read(t.Context()), wave.ID)
		if err != nil || len(list) != 3 || list[0] != made[0] {
			t.Errorf("%+v, %v", list, err)
		}
		if none := ask(t, s, wave.ID); none != nil {
			t.Errorf("nobody asked: %+v", none)
		}
	})
}

func TestATokenFindsItsInvitation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		wave := openWave(t, s)
		made := ask(t, s, wave.ID, surveys.Person{ID: 1, Department: 1}, surveys.Person{ID: 2, Department: 1})
		token := secret.Deriver().Token(wave.ID, made[1].ID)
		i, got, err := Find(t.Context(), s, secret, string(token))
		if err != nil || i != made[1] || got != token {
			t.Errorf("found %+v, %q, %v", i, got, err)
		}
		for name, find := range map[string]func() error{
			"another installation's secret": func() error { _, _, err := Find(t.Context(), s, surveys.Secret("x"), string(token)); return err },
			"nobody's": func() error {
				_, _, err := Find(t.Context(), s, secret, string(secret.Deriver().Token(wave.ID, 99)))
				return err
			},
			"no token": func() error { _, _, err := Find(t.Context(), s, secret, "1"); return err },
		} {
			if err := find(); surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// Which invitations are answered is for the secret to tell, and for nobody else: a column for it would be a trace.
func TestAnInvitationHasNoColumnThatTellsOfAnAnswer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		columns, err := s.Read(t.Context()).Migrator().ColumnTypes("invitations")
		if err != nil {
			t.Fatal(err)
		}
		allowed := map[string]bool{"id": true, "wave_id": true, "person_id": true, "department_id": true, "band_id": true, "language": true, "declined": true}
		for _, c := range columns {
			if !allowed[c.Name()] {
				t.Errorf("invitations.%s", c.Name())
			}
		}
	})
}
