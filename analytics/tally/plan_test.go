package tally

import (
	"testing"

	"gorm.io/gorm"

	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// Every server asks every few seconds which cells have enough answers for a step.
func TestAnIndexAloneTellsWhatIsRipe(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		storetest.ByIndexAlone(t, s, func(db *gorm.DB) error {
			_, err := (&stepper{tx: db, wave: 1}).ripe()
			return err
		})
	})
}
