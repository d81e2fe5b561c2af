// Package uploads keeps the files of an import until somebody confirms them: in the database, so that any server can go
// on with them, and not for longer than needed. It also remembers which column was taken for what.
package uploads

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
	// Largest is the largest file a page takes, in bytes: a directory of 100,000 people needs about 10 MB.
	Largest = 32 << 20
	// KeptFor is how long a file waits to be confirmed. It may hold names and addresses, so it is not kept for longer.
	KeptFor = 24 * time.Hour
	// partSize is below what any database takes in one packet.
	partSize        = 512 << 10
	longestFileName = 255
)

// ID names a file that waits.
type ID int64

type uploadRow struct {
	ID        ID `gorm:"primaryKey"`
	FileName  string
	Matching  string // JSON; "" while the guess stands
	Outcome   string // JSON; "" while it waits
	CreatedAt time.Time
}

type partRow struct {
	UploadID ID  `gorm:"primaryKey"`
	Part     int `gorm:"primaryKey"`
	Content  []byte
}

type columnRow struct {
	HeadingKey []byte `gorm:"primaryKey"`
	Field      string
}

// Shelf holds the files of one kind of import. F is what a column may feed; O is what comes of a file. Its tables begin
// with its name: {name}_uploads, {name}_parts and {name}_columns.
type Shelf[F ~string, O any] struct{ Name string }

func (s Shelf[F, O]) op(what string) string { return s.Name + ": " + what }

func (s Shelf[F, O]) table(db *gorm.DB, name string) *gorm.DB { return db.Table(s.Name + "_" + name) }

// Upload is a file that waits, or waited.
type Upload[F ~string, O any] struct {
	ID       ID
	FileName string
	Matching map[F]int // nil while nobody has chosen columns
	Outcome  *O        // nil while it waits
	Created  time.Time
}

// Stage keeps a file until it is confirmed.
func (s Shelf[F, O]) Stage(tx *gorm.DB, fileName string, content []byte, now time.Time) (ID, error) {
	op := s.op("stage")
	if len(content) > Largest {
		return 0, &surveys.Error{Kind: surveys.TooLarge, Op: op, Message: "the file is larger than 32 MB"}
	}
	if !utf8.ValidString(fileName) || utf8.RuneCountInString(fileName) > longestFileName {
		fileName = ""
	}
	row := uploadRow{FileName: fileName, CreatedAt: now.UTC()}
	if err := s.table(tx, "uploads").Create(&row).Error; err != nil {
		return 0, store.Translate(op, err)
	}
	part := 0
	for piece := range slices.Chunk(content, partSize) {
		if err := s.table(tx, "parts").Create(&partRow{UploadID: row.ID, Part: part, Content: piece}).Error; err != nil {
			return 0, store.Translate(op, err)
		}
		part++
	}
	return row.ID, nil
}

// ByID finds an upload.
func (s Shelf[F, O]) ByID(db *gorm.DB, id ID) (Upload[F, O], error) {
	op := s.op("upload")
	var rows []uploadRow
	if err := s.table(db, "uploads").Where("id = ?", id).Find(&rows).Error; err != nil {
		return Upload[F, O]{}, store.Translate(op, err)
	}
	if len(rows) == 0 {
		return Upload[F, O]{}, &surveys.Error{Kind: surveys.NotFound, Op: op, Message: "This upload is no longer there. Please choose the file again."}
	}
	u := Upload[F, O]{ID: id, FileName: rows[0].FileName, Created: rows[0].CreatedAt.UTC()}
	err := errors.Join(decode(rows[0].Matching, &u.Matching), decode(rows[0].Outcome, &u.Outcome))
	if err != nil {
		return Upload[F, O]{}, &surveys.Error{Kind: surveys.Internal, Op: op, Err: err}
	}
	return u, nil
}

func decode(text string, into any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}

// Open opens the file of an upload that waits. Close it.
func (s Shelf[F, O]) Open(db *gorm.DB, id ID) (*File, error) {
	temp, err := os.CreateTemp("", "soundings-"+s.Name+"-*")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.op("open upload"), err)
	}
	err = errors.Join(s.copyParts(db, id, temp), temp.Close())
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

func (s Shelf[F, O]) copyParts(db *gorm.DB, id ID, to *os.File) error {
	for part := 0; ; part++ {
		var rows []partRow
		if err := s.table(db, "parts").Where("upload_id = ? AND part = ?", id, part).Find(&rows).Error; err != nil {
			return store.Translate(s.op("open upload"), err)
		}
		if len(rows) == 0 {
			return nil
		}
		if _, err := to.Write(rows[0].Content); err != nil {
			return fmt.Errorf("%s: %w", s.op("open upload"), err)
		}
	}
}

// Choose keeps which column feeds which field of this upload, and remembers it for files with the same headings.
func (s Shelf[F, O]) Choose(tx *gorm.DB, id ID, names []string, matching map[F]int) error {
	op := s.op("choose")
	text, err := json.Marshal(matching)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	if err := s.table(tx, "uploads").Where("id = ?", id).Update("matching", string(text)).Error; err != nil {
		return store.Translate(op, err)
	}
	rows := map[string]columnRow{}
	for _, name := range names {
		if key := bare(name); key != "" {
			rows[key] = columnRow{headingKey(key), Unused}
		}
	}
	for f, column := range matching {
		if key := bare(names[column]); key != "" {
			rows[key] = columnRow{headingKey(key), string(f)}
		}
	}
	for _, r := range rows {
		again := clause.OnConflict{Columns: []clause.Column{{Name: "heading_key"}}, DoUpdates: clause.AssignmentColumns([]string{"field"})}
		if err := s.table(tx, "columns").Clauses(again).Create(&r).Error; err != nil {
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
func (s Shelf[F, O]) Remembered(db *gorm.DB, names []string) (map[string]F, error) {
	keys := make([][]byte, len(names))
	for i, name := range names {
		keys[i] = headingKey(bare(name))
	}
	remembered := map[string]F{}
	for part := range slices.Chunk(keys, 500) {
		var rows []columnRow
		if err := s.table(db, "columns").Where("heading_key IN ?", part).Find(&rows).Error; err != nil {
			return nil, store.Translate(s.op("remembered"), err)
		}
		for _, r := range rows {
			for _, name := range names {
				if slices.Equal(headingKey(bare(name)), r.HeadingKey) {
					remembered[bare(name)] = F(r.Field)
				}
			}
		}
	}
	return remembered, nil
}

// Finish keeps what came of an upload and lets go of its file.
func (s Shelf[F, O]) Finish(tx *gorm.DB, id ID, outcome O) error {
	op := s.op("finish")
	text, err := json.Marshal(outcome)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	if err := s.table(tx, "parts").Where("upload_id = ?", id).Delete(&partRow{}).Error; err != nil {
		return store.Translate(op, err)
	}
	return store.Translate(op, s.table(tx, "uploads").Where("id = ?", id).Update("outcome", string(text)).Error)
}

// Discard lets go of an upload.
func (s Shelf[F, O]) Discard(tx *gorm.DB, id ID) error {
	return store.Translate(s.op("discard"), s.table(tx, "uploads").Where("id = ?", id).Delete(&uploadRow{}).Error)
}

// Purge lets go of uploads that have waited for longer than KeptFor.
func (s Shelf[F, O]) Purge(ctx context.Context, db *store.Store, now time.Time) error {
	return db.Transact(ctx, s.op("purge"), func(tx *gorm.DB) error {
		return s.table(tx, "uploads").Where("created_at < ?", now.Add(-KeptFor).UTC()).Delete(&uploadRow{}).Error
	})
}
