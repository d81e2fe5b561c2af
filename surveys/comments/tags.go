package comments

import (
	"crypto/sha256"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"soundings/surveys"
	"soundings/surveys/store"
)

// TagID numbers the tags.
type TagID int64

// Tag is a word that staff put on comments by hand.
type Tag struct {
	ID   TagID
	Name string
}

// Bounds on tags.
const (
	LongestTag = 60 // characters of a name
	mostTags   = 500
)

type tagRow struct {
	ID      TagID `gorm:"primaryKey"`
	Name    string
	NameKey []byte
}

func (tagRow) TableName() string { return "tags" }

type taggedRow struct {
	CommentID []byte `gorm:"primaryKey"`
	TagID     TagID  `gorm:"primaryKey"`
}

func (taggedRow) TableName() string { return "comment_tags" }

// tagKey is equal for names that differ only in case, accents or space.
func tagKey(name string) []byte {
	sum := sha256.Sum256([]byte(Fold(name)))
	return sum[:]
}

// tagName is a name as it is kept: with single spaces.
func tagName(op, name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	fault := surveys.Fault{Path: "tag"}
	switch {
	case name == "":
		fault.Code, fault.Detail = "required", "must not be empty"
	case !utf8.ValidString(name):
		fault.Code, fault.Detail = "unreadable", "must be readable text (UTF-8)"
	case utf8.RuneCountInString(name) > LongestTag:
		fault.Code, fault.Detail = "long", "may have at most 60 characters"
	default:
		return name, nil
	}
	return "", &surveys.Error{Kind: surveys.Invalid, Op: op, Faults: surveys.Faults{fault}}
}

// Tags lists all tags by name.
func Tags(db *gorm.DB) ([]Tag, error) {
	var rows []tagRow
	if err := db.Order("name, id").Find(&rows).Error; err != nil {
		return nil, store.Translate("comments: tags", err)
	}
	list := make([]Tag, len(rows))
	for i, r := range rows {
		list[i] = Tag{r.ID, r.Name}
	}
	return list, nil
}

// Tagged tells the tags of the comments of a wave, in the order of the tags' ids.
func Tagged(db *gorm.DB, wave surveys.WaveID) (map[surveys.ID][]TagID, error) {
	var rows []taggedRow
	err := db.Table("comment_tags").Select("comment_tags.*").Joins("JOIN comments ON comments.id = comment_tags.comment_id").
		Where("comments.wave_id = ?", wave).Order("tag_id").Scan(&rows).Error
	if err != nil {
		return nil, store.Translate("comments: tagged", err)
	}
	tagged := map[surveys.ID][]TagID{}
	for _, r := range rows {
		id := surveys.ID(r.CommentID)
		tagged[id] = append(tagged[id], r.TagID)
	}
	return tagged, nil
}

// AddTag puts a tag on a comment, and makes the tag if there is none of that name. Doing it twice does no harm.
func AddTag(tx *gorm.DB, id surveys.ID, name string) (TagID, error) {
	const op = "comments: tag"
	name, err := tagName(op, name)
	if err != nil {
		return 0, err
	}
	if _, err := ByID(tx, id); err != nil {
		return 0, err
	}
	tag, err := named(tx, name)
	if err != nil {
		return 0, err
	}
	err = tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&taggedRow{id[:], tag}).Error
	return tag, store.Translate(op, err)
}

// named finds or makes a tag.
func named(tx *gorm.DB, name string) (TagID, error) {
	const op = "comments: tag"
	if known, err := tagNamed(tx, name); err != nil || known.ID != 0 {
		return known.ID, err
	}
	var n int64
	if err := tx.Model(&tagRow{}).Count(&n).Error; err != nil {
		return 0, store.Translate(op, err)
	}
	if n >= mostTags {
		return 0, &surveys.Error{Kind: surveys.Invalid, Op: op,
			Faults: surveys.Faults{{Path: "tag", Code: "too many tags", Detail: "there are 500 tags already; merge or delete some"}}}
	}
	row := tagRow{Name: name, NameKey: tagKey(name)}
	if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
		return 0, store.Translate(op, err)
	}
	made, err := tagNamed(tx, name) // which somebody else may have made at the same moment
	return made.ID, err
}

func tagNamed(db *gorm.DB, name string) (tagRow, error) {
	var rows []tagRow
	err := db.Where("name_key = ?", tagKey(name)).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return tagRow{}, store.Translate("comments: tag", err)
	}
	return rows[0], nil
}

// RemoveTag takes a tag off a comment.
func RemoveTag(tx *gorm.DB, id surveys.ID, tag TagID) error {
	return store.Translate("comments: untag", tx.Where("comment_id = ? AND tag_id = ?", id[:], tag).Delete(&taggedRow{}).Error)
}

// RenameTag gives a tag another name. One that another tag has is a fault; the two can be merged.
func RenameTag(tx *gorm.DB, tag TagID, name string) error {
	const op = "comments: rename tag"
	name, err := tagName(op, name)
	if err != nil {
		return err
	}
	if err := exists(tx, tag); err != nil {
		return err
	}
	other, err := tagNamed(tx, name)
	if err != nil {
		return err
	}
	if other.ID != 0 && other.ID != tag {
		return &surveys.Error{Kind: surveys.Invalid, Op: op, Faults: surveys.Faults{{Path: "tag", Code: "taken", Detail: "another tag has this name"}}}
	}
	err = tx.Model(&tagRow{}).Where("id = ?", tag).Updates(map[string]any{"name": name, "name_key": tagKey(name)}).Error
	return store.Translate(op, err)
}

// MergeTag puts the tag into on every comment that has tag, and deletes tag.
func MergeTag(tx *gorm.DB, tag, into TagID) error {
	const op = "comments: merge tags"
	if tag == into {
		return &surveys.Error{Kind: surveys.Invalid, Op: op, Faults: surveys.Faults{{Path: "into", Code: "itself", Detail: "must be another tag"}}}
	}
	for _, id := range []TagID{tag, into} {
		if err := exists(tx, id); err != nil {
			return err
		}
	}
	var missing [][]byte
	err := tx.Table("comment_tags").Where("tag_id = ? AND comment_id NOT IN (SELECT comment_id FROM comment_tags WHERE tag_id = ?)", tag, into).
		Order("comment_id").Pluck("comment_id", &missing).Error
	if err != nil {
		return store.Translate(op, err)
	}
	rows := make([]taggedRow, len(missing))
	for i, id := range missing {
		rows[i] = taggedRow{id, into}
	}
	if len(rows) > 0 {
		if err := tx.CreateInBatches(&rows, 1000).Error; err != nil {
			return store.Translate(op, err)
		}
	}
	return DeleteTag(tx, tag)
}

// DeleteTag takes a tag off all comments and forgets it.
func DeleteTag(tx *gorm.DB, tag TagID) error {
	return store.Translate("comments: delete tag", tx.Where("id = ?", tag).Delete(&tagRow{}).Error)
}

func exists(db *gorm.DB, tag TagID) error {
	var n int64
	if err := db.Model(&tagRow{}).Where("id = ?", tag).Count(&n).Error; err != nil {
		return store.Translate("comments: tag", err)
	}
	if n == 0 {
		return &surveys.Error{Kind: surveys.NotFound, Op: "comments: tag", Code: "tag gone", Message: "This tag does not exist any more."}
	}
	return nil
}
