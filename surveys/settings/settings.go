// Package settings keeps what is set once for the whole installation and edited on a page: the organisation, its looks
// and its mail server. Each setting is a row of the table settings; a missing row is the default.
package settings

import (
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"soundings/surveys/store"
)

type settingRow struct {
	Name  string `gorm:"primaryKey"`
	Value string
}

func (settingRow) TableName() string { return "settings" }

// read returns the settings of the names that are set.
func read(db *gorm.DB, names ...string) (map[string]string, error) {
	var rows []settingRow
	if err := db.Where("name IN ?", names).Find(&rows).Error; err != nil {
		return nil, store.Translate("settings: read", err)
	}
	values := make(map[string]string, len(rows))
	for _, r := range rows {
		values[r.Name] = r.Value
	}
	return values, nil
}

// write sets all values; an empty one is the default again.
func write(tx *gorm.DB, values map[string]string) error {
	var set []settingRow
	var unset []string
	for name, value := range values {
		if value == "" {
			unset = append(unset, name)
		} else {
			set = append(set, settingRow{name, value})
		}
	}
	if len(unset) > 0 {
		if err := tx.Where("name IN ?", unset).Delete(&settingRow{}).Error; err != nil {
			return store.Translate("settings: write", err)
		}
	}
	if len(set) == 0 {
		return nil
	}
	err := tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "name"}}, DoUpdates: clause.AssignmentColumns([]string{"value"})}).Create(&set).Error
	return store.Translate("settings: write", err)
}
