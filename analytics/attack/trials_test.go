package attack

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// trying writes down that a wave tried two texts on every department.
func (s *site) trying(tx *store.Tx, wave surveys.WaveID) error {
	for _, d := range s.departments {
		if err := tx.Exec("INSERT INTO pitch_trials (wave_id, department_id, change_id, version_a, version_b) VALUES (?, ?, ?, 1, 1)", wave, d.ID, s.change).Error; err != nil {
			return err
		}
	}
	return nil
}

// pitched puts a change to every department in two texts.
func (s *site) pitched() {
	s.Helper()
	stamp := surveys.Stamp{By: "mira@example.org", At: today}
	c := changes.Change{Text: changes.Text{Title: "Laptops", Why: "Why", What: "What"}, Language: "en", Owner: "Mira", Everybody: true}
	made, err := changes.Create(s.Context(), s.store, c, changes.Entry{Stage: changes.Idea, On: "2026-01-02"}, stamp, "2026-01-02")
	if err != nil {
		s.Fatal(err)
	}
	s.change = made.ID
	s.transact(func(tx *store.Tx) error {
		for _, d := range s.departments {
			for _, table := range []string{"pitches", "pitch_variants"} {
				err := tx.Exec("INSERT INTO "+table+` (change_id, department_id, band_id, version, language, text, translations, saved_by, saved_at)
					VALUES (?, ?, 0, 1, 'en', ?, '{}', 'mira', ?)`, s.change, d.ID, table, today.Add(-time.Hour)).Error
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// trialLeak takes everything from every exit of a wave that tried two texts, the halves among it.
func (s *site) trialLeak(number int) (leak string, told int) {
	s.Helper()
	if s.change == 0 {
		s.pitched()
	}
	r := rand.New(rand.NewPCG(*seed, uint64(number)))
	o := s.organisation(r, fmt.Sprintf("Trial %d", number), false)
	o.coins = newCoins(r)
	d := o.dossier(o.closed("trial").look(s))
	for _, f := range d.looks[0].facts {
		if f.Exit == "trials" {
			told++
		}
	}
	if why := d.leak(); why != "" {
		leak = fmt.Sprintf("trial in organisation %d, minimum %d: %s", number, o.minimum, why)
	}
	return leak, told
}

// Two texts are tried, and what is told of their halves stands on pages and in files beside everything else.
func TestNothingFollowsAboutTooFewPeopleFromTrials(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	s.large()
	facts := 0
	for number := range *organisations / 3 {
		leak, told := s.trialLeak(2000 + number)
		if facts += told; leak != "" {
			t.Error(leak)
		}
	}
	if facts < *organisations/6 {
		t.Errorf("only %d halves were told", facts)
	}
	t.Logf("%d halves told", facts)
}

func TestNothingFollowsFromTrialsOnMariaDBEither(t *testing.T) {
	s := newSite(t, storetest.OnMariaDB(t))
	s.large()
	facts := 0
	for _, number := range []int{2004, 2009} {
		leak, told := s.trialLeak(number)
		if facts += told; leak != "" {
			t.Error(leak)
		}
	}
	if facts == 0 {
		t.Error("no half was told")
	}
}
