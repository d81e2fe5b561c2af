// Package packs keeps planning packs: documents of results as they stood when a meeting was prepared. A pack is written
// once and never changed; its checksum tells whether it is still what was written.
package packs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// ID identifies a pack.
type ID int64

// LongestTitle bounds a title, in characters.
const LongestTitle = 200

// What can be wrong with a new pack.
const (
	FaultEmpty   = "empty"
	FaultTooLong = "too long"
	FaultNoDay   = "no day"
)

// Pack is what is known of a pack without its document.
type Pack struct {
	ID          ID
	Title       string
	Meeting     surveys.Day
	Made        surveys.Stamp
	Departments []surveys.DepartmentID // whose figures it holds
	Checksum    string                 // SHA-256 of the document, in hexadecimal digits
}

type packRow struct {
	ID          ID `gorm:"primaryKey"`
	Title       string
	Meeting     surveys.Day
	MadeBy      string
	MadeAt      time.Time
	Departments string // JSON
	Checksum    string
	Document    []byte
}

func (packRow) TableName() string { return "packs" }

func (r packRow) pack() (Pack, error) {
	p := Pack{ID: r.ID, Title: r.Title, Meeting: r.Meeting, Made: surveys.Stamp{By: r.MadeBy, At: r.MadeAt.UTC()}, Checksum: r.Checksum}
	if err := json.Unmarshal([]byte(r.Departments), &p.Departments); err != nil {
		return p, fmt.Errorf("packs: departments of pack %d: %w", r.ID, err)
	}
	return p, nil
}

// Sum is the checksum of a document.
func Sum(document []byte) string {
	sum := sha256.Sum256(document)
	return hex.EncodeToString(sum[:])
}

// Check tells every fault of a pack that is to be made, under title and meeting.
func Check(title string, meeting surveys.Day) surveys.Faults {
	var faults surveys.Faults
	switch n := utf8.RuneCountInString(strings.TrimSpace(title)); {
	case n == 0:
		faults = append(faults, surveys.Fault{Path: "title", Code: FaultEmpty, Detail: "a pack needs a title"})
	case n > LongestTitle:
		faults = append(faults, surveys.Fault{Path: "title", Code: FaultTooLong, Detail: fmt.Sprintf("at most %d characters", LongestTitle), Args: map[string]string{"limit": fmt.Sprint(LongestTitle)}})
	}
	if !meeting.Valid() {
		faults = append(faults, surveys.Fault{Path: "meeting", Code: FaultNoDay, Detail: "is no day of the calendar"})
	}
	return faults
}

// Keep stores a pack with its document, and gives it its ID and checksum.
func Keep(tx *gorm.DB, p Pack, document []byte) (Pack, error) {
	departments, err := json.Marshal(p.Departments)
	if err != nil {
		return p, fmt.Errorf("packs: keep: %w", err)
	}
	p.Checksum = Sum(document)
	row := packRow{Title: p.Title, Meeting: p.Meeting, MadeBy: p.Made.By, MadeAt: p.Made.At, Departments: string(departments), Checksum: p.Checksum, Document: document}
	if err := tx.Create(&row).Error; err != nil {
		return p, store.Translate("packs: keep", err)
	}
	p.ID = row.ID
	return p, nil
}

// List returns all packs, the newest first.
func List(ctx context.Context, s *store.Store) ([]Pack, error) {
	var rows []packRow
	if err := s.Read(ctx).Omit("document").Order("id DESC").Find(&rows).Error; err != nil {
		return nil, store.Translate("packs: list", err)
	}
	list := make([]Pack, len(rows))
	for i, r := range rows {
		var err error
		if list[i], err = r.pack(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// ByID returns a pack and its document as it is stored; NotFound if there is none. Whoever reads the document compares its
// Sum with the pack's Checksum first.
func ByID(ctx context.Context, s *store.Store, id ID) (Pack, []byte, error) {
	var rows []packRow
	if err := s.Read(ctx).Where("id = ?", id).Limit(1).Find(&rows).Error; err != nil {
		return Pack{}, nil, store.Translate("packs: read", err)
	}
	if len(rows) == 0 {
		return Pack{}, nil, &surveys.Error{Kind: surveys.NotFound, Op: "packs", Message: fmt.Sprintf("there is no pack %d", id)}
	}
	p, err := rows[0].pack()
	return p, rows[0].Document, err
}

// Verify compares every document with its checksum and returns the packs that are damaged, and how many there are.
func Verify(ctx context.Context, s *store.Store) (damaged []Pack, all int, err error) {
	list, err := List(ctx, s)
	if err != nil {
		return nil, 0, err
	}
	for _, known := range list {
		p, document, err := ByID(ctx, s, known.ID)
		if err != nil {
			return nil, 0, err
		}
		if Sum(document) != p.Checksum {
			damaged = append(damaged, p)
		}
	}
	return damaged, len(list), nil
}
