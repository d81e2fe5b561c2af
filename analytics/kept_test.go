package analytics

import (
	"crypto/rand"
	"fmt"
	"testing"

	"gorm.io/gorm"

	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// Results of a closed wave are kept; whatever changes in what they were made from shows at once.
func TestResultsThatAreKeptAreNeverOutOfDate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := newSite(t, db)
		finance := s.department("Finance", 0)
		q := s.publish(pulse("Pulse"))
		w := s.closed(q, "only", each(finance, 0, "open", spread(20, 1, 3, 5)...)...)
		ask := WaveQuery{Wave: w.ID}
		first := s.waveResults(ask)
		if again := s.waveResults(ask); again != first {
			t.Error("nothing has changed, and the results were made again")
		}
		s.must(func(tx *gorm.DB) error { return people.ChangeDepartment(tx, finance, people.Details{Name: "Money"}) })
		if got := s.waveResults(ask).Units[0].Department.Name; got != "Money" {
			t.Errorf("renamed, the department is still %q", got)
		}
		s.must(func(tx *gorm.DB) error {
			for i := range 10 {
				id := make([]byte, 16)
				if _, err := rand.Read(id); err != nil {
					return err
				}
				if err := tx.Exec(`INSERT INTO responses (wave_id, id, department_id, band_id, language, answers) VALUES (?, ?, ?, 0, 'en', ?)`,
					w.ID, id, finance, fmt.Sprintf(`{"open":%d}`, 1+i%5)).Error; err != nil {
					return err
				}
			}
			return tally.Recount(tx, q, w.ID)
		})
		if got := s.waveResults(ask).TakenAll.N; got != 30 {
			t.Errorf("after ten more were imported %d answered", got)
		}
		// What a repair of the tallies alone changes shows as well.
		s.must(func(tx *gorm.DB) error {
			return tx.Exec("UPDATE tallies SET count = count + 1 WHERE value = '5'").Error
		})
		fresh := NewReader(db, s.catalog)
		five := func() int {
			res, err := fresh.WaveResults(t.Context(), ask)
			if err != nil {
				t.Fatal(err)
			}
			return res.of(t, measure{question: "open"}).Total.Counts["5"]
		}
		if got := five(); got != 9 {
			t.Errorf("five was given %d times, and 9 times is stored", got)
		}
		if err := tally.Rebuild(t.Context(), db, s.catalog); err != nil {
			t.Fatal(err)
		}
		if got := five(); got != 8 {
			t.Errorf("rebuilt, five was given %d times still, not 8", got)
		}
		if first := s.trend(TrendQuery{}); &s.trend(TrendQuery{}).Series[0] != &first.Series[0] {
			t.Error("nothing has changed, and the trend was made again")
		}
		s.open(q, "another") // is the newest of the survey, and not before it
		if got := s.waveResults(ask); got.Before != nil {
			t.Errorf("the wave is held against %q", got.Before.Label)
		}
	})
}

func TestOnlySoManyResultsAreKept(t *testing.T) {
	k := &kept{}
	for i := range mostKept + 5 {
		k.put(&basis{ask: WaveQuery{Wave: surveys.WaveID(i + 1)}}, &WaveResults{})
		if _, ok := k.get(&basis{ask: WaveQuery{Wave: 2}}); ok != (i >= 1) {
			t.Fatalf("after %d: what was asked for last is kept: %v", i+1, ok)
		}
	}
	if _, ok := k.get(&basis{ask: WaveQuery{Wave: 1}}); ok || len(k.list) != mostKept {
		t.Errorf("%d are kept", len(k.list))
	}
}

func TestATrendOfItemsIsNotTakenForThatOfTheScore(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	sales := s.department("Sales", 0)
	var replies []surveys.Reply
	for i := range 12 {
		replies = append(replies, reply(sales, 0, surveys.Answers{"commend": surveys.Number(i % 11)}))
	}
	s.closed(s.publish(allKinds("Pulse", 5, "")), "spring", replies...)
	ask := TrendQuery{Construct: surveys.Openness, Question: "commend"}
	score := s.trend(ask).Total[0].Mean // 2 of 12 for it, 8 against
	ask.Items = true
	if mean := s.trend(ask).Total[0].Mean; score != -50 || mean <= 0 {
		t.Errorf("the score is %g, want -50, and the mean of the items %g", score, mean)
	}
}
