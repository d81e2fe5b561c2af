package directory

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"soundings/surveys"
	"soundings/surveys/store"
)

const (
	// LargestUpload is the largest file a page takes, in bytes: 100,000 people need about 10 MB.
	LargestUpload = 32 << 20
	// KeptFor is how long a file waits to be confirmed. It holds names and addresses, so it is not kept for longer.
	KeptFor = 24 * time.Hour
	// partSize is below what any database takes in one packet.
	partSize        = 512 << 10
	longestFileName = 255
)

// UploadID names a file that waits in the database to be confirmed, so that any server can go on with it.
type UploadID int64

type uploadRow struct {
	ID        UploadID `gorm:"primaryKey"`
	FileName  string
	Matching  string // JSON; "" while the guess stands
	Outcome   string // JSON; "" while it waits
	CreatedAt time.Time
}

func (uploadRow) TableName() string { return "directory_uploads" }

type partRow struct {
	UploadID UploadID `gorm:"primaryKey"`
	Part     int      `gorm:"primaryKey"`
	Content  []byte
}

func (partRow) TableName() string { return "directory_parts" }

type columnRow struct {
	HeadingKey []byte `gorm:"primaryKey"`
	Field      Field
}

func (columnRow) TableName() string { return "directory_columns" }

// Upload is a file that waits, or waited.
type Upload struct {
	ID       UploadID
	FileName string
	Matching Matching // nil while nobody has chosen columns
	Outcome  *Outcome // nil while it waits
	Created  time.Time
}

// Outcome is what came of an upload that was taken in. Its file is no longer kept.
type Outcome struct{ Added, Changed, Unchanged, Gone, Departments int }

// Stage keeps a file until it is confirmed.
func Stage(tx *gorm.DB, fileName string, content []byte, now time.Time) (UploadID, error) {
	const op = "directory: stage"
	if len(content) > LargestUpload {
		return 0, &surveys.Error{Kind: surveys.TooLarge, Op: op, Message: "the file is larger than 32 MB"}
	}
	if !utf8.ValidString(fileName) || utf8.RuneCountInString(fileName) > longestFileName {
		fileName = ""
	}
	row := uploadRow{FileName: fileName, CreatedAt: now.UTC()}
	if err := tx.Create(&row).Error; err != nil {
		return 0, store.Translate(op, err)
	}
	part := 0
	for piece := range slices.Chunk(content, partSize) {
		if err := tx.Create(&partRow{UploadID: row.ID, Part: part, Content: piece}).Error; err != nil {
			return 0, store.Translate(op, err)
		}
		part++
	}
	return row.ID, nil
}

// UploadByID finds an upload.
func UploadByID(db *gorm.DB, id UploadID) (Upload, error) {
	const op = "directory: upload"
	var rows []uploadRow
	if err := db.Where("id = ?", id).Find(&rows).Error; err != nil {
		return Upload{}, store.Translate(op, err)
	}
	if len(rows) == 0 {
		return Upload{}, &surveys.Error{Kind: surveys.NotFound, Op: op, Message: "This upload is no longer there. Please choose the file again."}
	}
	u := Upload{ID: id, FileName: rows[0].FileName, Created: rows[0].CreatedAt.UTC()}
	err := errors.Join(decode(rows[0].Matching, &u.Matching), decode(rows[0].Outcome, &u.Outcome))
	if err != nil {
		return Upload{}, &surveys.Error{Kind: surveys.Internal, Op: op, Err: err}
	}
	return u, nil
}

func decode(text string, into any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}

// OpenUpload opens the file of an upload that waits. Close it.
func OpenUpload(db *gorm.DB, id UploadID) (*File, error) {
	temp, err := os.CreateTemp("", "soundings-directory-*")
	if err != nil {
		return nil, fmt.Errorf("directory: open upload: %w", err)
	}
	err = errors.Join(copyParts(db, id, temp), temp.Close())
	var f *File
	if err == nil {
		f, err = Open(temp.Name())
	}
	if err != nil {
		return nil, errors.Join(err, os.Remove(temp.Name()))
	}
	f.temporary = temp.Name()
	return f, nil
}

func copyParts(db *gorm.DB, id UploadID, to *os.File) error {
	for part := 0; ; part++ {
		var rows []partRow
		if err := db.Where("upload_id = ? AND part = ?", id, part).Find(&rows).Error; err != nil {
			return store.Translate("directory: open upload", err)
		}
		if len(rows) == 0 {
			return nil
		}
		if _, err := to.Write(rows[0].Content); err != nil {
			return fmt.Errorf("directory: open upload: %w", err)
		}
	}
}

// Choose keeps which column feeds which field of this upload, and remembers it for files with the same headings.
func Choose(tx *gorm.DB, id UploadID, names []string, m Matching) error {
	const op = "directory: choose"
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	if err := tx.Model(&uploadRow{}).Where("id = ?", id).Update("matching", string(text)).Error; err != nil {
		return store.Translate(op, err)
	}
	rows := map[string]columnRow{}
	for _, name := range names {
		if key := bare(name); key != "" {
			rows[key] = columnRow{headingKey(key), Unused}
		}
	}
	for f, column := range m {
		if key := bare(names[column]); key != "" {
			rows[key] = columnRow{headingKey(key), f}
		}
	}
	for _, r := range rows {
		again := clause.OnConflict{Columns: []clause.Column{{Name: "heading_key"}}, DoUpdates: clause.AssignmentColumns([]string{"field"})}
		if err := tx.Clauses(again).Create(&r).Error; err != nil {
			return store.Translate(op, err)
		}
	}
	return nil
}

func headingKey(bare string) []byte {
	sum := sha256.Sum256([]byte(bare))
	return sum[:]
}

// Remembered finds what was chosen before for the headings of a file, for Guess.
func Remembered(db *gorm.DB, names []string) (map[string]Field, error) {
	keys := make([][]byte, len(names))
	for i, name := range names {
		keys[i] = headingKey(bare(name))
	}
	remembered := map[string]Field{}
	for part := range slices.Chunk(keys, 500) {
		var rows []columnRow
		if err := db.Where("heading_key IN ?", part).Find(&rows).Error; err != nil {
			return nil, store.Translate("directory: remembered", err)
		}
		for _, r := range rows {
			for _, name := range names {
				if slices.Equal(headingKey(bare(name)), r.HeadingKey) {
					remembered[bare(name)] = r.Field
				}
			}
		}
	}
	return remembered, nil
}

// Finish keeps what came of an upload and lets go of its file.
func Finish(tx *gorm.DB, id UploadID, p *Plan) error {
	const op = "directory: finish"
	text, err := json.Marshal(Outcome{Added: p.Added, Changed: p.Changed, Unchanged: p.Unchanged, Gone: p.Gone, Departments: len(p.New)})
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	if err := tx.Where("upload_id = ?", id).Delete(&partRow{}).Error; err != nil {
		return store.Translate(op, err)
	}
	return store.Translate(op, tx.Model(&uploadRow{}).Where("id = ?", id).Update("outcome", string(text)).Error)
}

// Discard lets go of an upload.
func Discard(tx *gorm.DB, id UploadID) error {
	return store.Translate("directory: discard", tx.Where("id = ?", id).Delete(&uploadRow{}).Error)
}

// Purge lets go of uploads that have waited for longer than KeptFor.
func Purge(ctx context.Context, s *store.Store, now time.Time) error {
	return s.Transact(ctx, "directory: purge", func(tx *gorm.DB) error {
		return tx.Where("created_at < ?", now.Add(-KeptFor).UTC()).Delete(&uploadRow{}).Error
	})
}
