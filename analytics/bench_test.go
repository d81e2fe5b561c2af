package analytics

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

// fillTrend makes closed waves in which some people of every cell answered, counted by the real recount.
func fillTrend(b *testing.B, s *site, departments []surveys.DepartmentID, bands []surveys.BandID, waveCount, people int) {
	b.Helper()
	q := s.publish(pulse("Pulse"))
	for w := range waveCount {
		s.must(func(tx *gorm.DB) error {
			wave, _, err := waves.Open(tx, waves.New{Questionnaire: q, Label: fmt.Sprint("wave ", w), At: s.today.AddDate(0, 0, w), Closed: true})
			if err != nil {
				return err
			}
			for _, d := range departments {
				var values []any
				for _, band := range bands {
					for i := range people {
						id := make([]byte, 16)
						if _, err := rand.Read(id); err != nil {
							return err
						}
						values = append(values, wave.ID, id, d, band, "en", fmt.Sprintf(`{"open":%d}`, 1+(i+w+int(d))%5))
					}
				}
				rows := strings.TrimSuffix(strings.Repeat("(?,?,?,?,?,?),", len(values)/6), ",")
				if err := tx.Exec("INSERT INTO responses (wave_id, id, department_id, band_id, language, answers) VALUES "+rows, values...).Error; err != nil {
					return err
				}
			}
			return tally.Recount(tx, q, wave.ID)
		})
	}
}

func BenchmarkTrend(b *testing.B) {
	s := newSite(b, storetest.SQLite(b))
	departments, bands := s.departments(50), s.bands(5)
	fillTrend(b, s, departments, bands, 40, 7)
	for _, band := range []surveys.BandID{0, bands[0]} {
		b.Run(fmt.Sprintf("band=%d", band), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				t := s.trend(TrendQuery{Band: band})
				if len(t.Series) != 50 || len(t.Waves) != 40 || !t.Series[0].Points[0].Shown() {
					b.Fatal("the trend is not what was filled in")
				}
			}
		})
	}
}
