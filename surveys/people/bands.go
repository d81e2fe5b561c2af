package people

import (
	"context"
	"slices"
	"strings"

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

// NewBand adds a band behind the existing ones. The error says every fault under the path name.
func NewBand(tx *gorm.DB, name string) (surveys.BandID, error) {
	const op = "people: new band"
	name = strings.TrimSpace(name)
	if faults := nameFaults("name", name); len(faults) > 0 {
		return 0, invalid(op, faults...)
	}
	var same int64
	if err := tx.Model(&bandRow{}).Where("name_key = ?", nameKey(name)).Count(&same).Error; err != nil {
		return 0, store.Translate(op, err)
	}
	if same > 0 {
		return 0, taken(op)
	}
	return AddBand(tx, name)
}

// RenameBand gives a band another name; whoever has it keeps it.
func RenameBand(tx *gorm.DB, id surveys.BandID, name string) error {
	const op = "people: rename band"
	if _, _, err := lockedBands(tx, id); err != nil {
		return err
	}
	name = strings.TrimSpace(name)
	if faults := nameFaults("name", name); len(faults) > 0 {
		return invalid(op, faults...)
	}
	err := tx.Model(&bandRow{}).Where("id = ?", id).Updates(map[string]any{"name": name, "name_key": nameKey(name)}).Error
	if store.IsDuplicate(err) {
		return taken(op)
	}
	return store.Translate(op, err)
}

// MoveBand moves a band so many places up (negative) or down in the order, as far as there is room.
func MoveBand(tx *gorm.DB, id surveys.BandID, by int) error {
	list, at, err := lockedBands(tx, id)
	if err != nil {
		return err
	}
	to := min(max(at+by, 0), len(list)-1)
	moved := list[at]
	list = slices.Insert(slices.Delete(list, at, at+1), to, moved)
	for i, b := range list {
		if err := tx.Model(&bandRow{}).Where("id = ?", b.ID).Update("position", i+1).Error; err != nil {
			return store.Translate("people: move band", err)
		}
	}
	return nil
}

// DeleteBand removes a band that no answer, no person and no wave has.
func DeleteBand(tx *gorm.DB, id surveys.BandID) error {
	const op = "people: delete band"
	if _, _, err := lockedBands(tx, id); err != nil {
		return err
	}
	used, err := bandUsed(tx, id)
	if err != nil {
		return err
	}
	if used {
		return invalid(op, surveys.Fault{Path: "delete", Code: FaultUsed, Detail: "answers, people or waves have it"})
	}
	return store.Translate(op, tx.Where("id = ?", id).Delete(&bandRow{}).Error)
}

// UnusedBands lists the bands that may be deleted.
func UnusedBands(db *gorm.DB) ([]surveys.BandID, error) {
	list, err := BandsIn(db)
	if err != nil {
		return nil, err
	}
	var unused []surveys.BandID
	for _, b := range list {
		used, err := bandUsed(db, b.ID)
		if err != nil {
			return nil, err
		}
		if !used {
			unused = append(unused, b.ID)
		}
	}
	return unused, nil
}

// bandUsed asks the small tables first: responses are many, and have no index that begins with the band.
func bandUsed(db *gorm.DB, id surveys.BandID) (bool, error) {
	for _, table := range []string{"wave_bands", "scores", "persons", "invitations", "responses"} {
		var found []int
		if err := db.Table(table).Select("1").Where("band_id = ?", id).Limit(1).Find(&found).Error; err != nil {
			return false, store.Translate("people: band in "+table, err)
		}
		if len(found) > 0 {
			return true, nil
		}
	}
	return false, nil
}

// lockedBands lists the bands in their order and where one of them is, and keeps them until the transaction ends.
func lockedBands(tx *gorm.DB, id surveys.BandID) ([]surveys.Band, int, error) {
	list, err := BandsIn(store.ForUpdate(tx))
	if err != nil {
		return nil, 0, err
	}
	at := slices.IndexFunc(list, func(b surveys.Band) bool { return b.ID == id })
	if at < 0 {
		return nil, 0, &surveys.Error{Kind: surveys.NotFound, Op: "people", Message: "There is no such band."}
	}
	return list, at, nil
}
