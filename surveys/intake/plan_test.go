package intake

import (
	"testing"

	"gorm.io/gorm"

	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// The page of a running wave asks for it again and again. The answers lie all over the table: to read them would cost more
// with each that comes.
func TestAnIndexAloneTellsHowManyAnswersStand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := openDesk(t, s)
		for i := range 20 {
			if _, err := d.submit(reply(1 + i%5)); err != nil {
				t.Fatal(err)
			}
		}
		storetest.ByIndexAlone(t, s, func(db *gorm.DB) error {
			_, err := CellSizes(db, d.wave)
			return err
		})
		storetest.ByIndexAlone(t, s, func(db *gorm.DB) error {
			_, err := SettledSizes(db, d.wave)
			return err
		})
	})
}
