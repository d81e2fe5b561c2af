package people

import (
	"context"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

type bandRow struct {
	ID       surveys.BandID `gorm:"primaryKey"`
	Name     string
	NameKey  []byte
	Position int
}

func (bandRow) TableName() string { return "bands" }

// Bands lists all bands in their order.
func Bands(ctx context.Context, s *store.Store) ([]surveys.Band, error) { return BandsIn(s.Read(ctx)) }

// BandsIn is Bands within a transaction.
func BandsIn(db *gorm.DB) ([]surveys.Band, error) {
	var rows []bandRow
	if err := db.Order("position, id").Find(&rows).Error; err != nil {
		return nil, store.Translate("people: bands", err)
	}
	list := make([]surveys.Band, len(rows))
	for i, r := range rows {
		list[i] = surveys.Band{ID: r.ID, Name: r.Name, Position: r.Position}
	}
	return list, nil
}

// AddBand adds a band behind the existing ones, or finds the one with that name.
func AddBand(tx *gorm.DB, name string) (surveys.BandID, error) {
	const op = "people: add band"
	if err := checkName(op, name); err != nil {
		return 0, err
	}
	var last int
	if err := tx.Model(&bandRow{}).Select("COALESCE(MAX(position), 0)").Scan(&last).Error; err != nil {
		return 0, store.Translate(op, err)
	}
	row := bandRow{Name: name, NameKey: nameKey(name), Position: last + 1}
	err := tx.Where("name_key = ?", row.NameKey).Attrs(row).FirstOrCreate(&row).Error
	return row.ID, store.Translate(op, err)
}
