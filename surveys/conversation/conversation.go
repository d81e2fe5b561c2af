// Package conversation carries the whole conversation between IT and the departments from one installation into another, as
// one JSON file. What an entry looks like, and what may be in it, each room says itself.
//
// The file names departments, bands and changes by their names and people of IT by their e-mail addresses, as the rooms keep
// them; it holds no id of a database, and the same conversation is written alike by every installation.
package conversation

import (
	"context"
	"encoding/json"
	"io"

	"gorm.io/gorm"

	"soundings/surveys/carry"
	"soundings/surveys/champions"
	"soundings/surveys/changes"
	"soundings/surveys/decisions"
	"soundings/surveys/ideas"
	"soundings/surveys/milestones"
	"soundings/surveys/pitches"
	"soundings/surveys/promises"
	"soundings/surveys/store"
	"soundings/surveys/visits"
)

// Format and Version say what a file is. The version goes up when an older program could no longer read it.
const (
	Format  = "soundings conversation"
	Version = 1
)

// File is what stands in a file.
type File struct {
	Format     string               `json:"format"`
	Version    int                  `json:"version"`
	Changes    []changes.Carried    `json:"changes"`
	Pitches    []pitches.Carried    `json:"pitches"`
	Decisions  []decisions.Carried  `json:"decisions"`
	Visits     []visits.Carried     `json:"visits"`
	Ideas      []ideas.Carried      `json:"ideas"`
	Promises   []promises.Carried   `json:"promises"`
	Milestones []milestones.Carried `json:"milestones"`
	Champions  []champions.Carried  `json:"champions,omitempty"` // only where somebody asked for names and addresses
}

// Gather reads the conversation of an installation, at one moment. Champions, by name and with their addresses, are in it
// only where people is set.
func Gather(ctx context.Context, s *store.Store, people bool) (*File, error) {
	var f *File
	err := s.Snapshot(ctx, "conversation: gather", func(tx *gorm.DB) error {
		names, err := carry.NamesIn(tx)
		if err != nil {
			return err
		}
		f = &File{Format: Format, Version: Version}
		// In this order: each may name what comes before it.
		for _, read := range []func() error{
			func() (err error) { f.Changes, err = changes.Carry(tx, names); return err },
			func() (err error) { f.Pitches, err = pitches.Carry(tx, names); return err },
			func() (err error) { f.Decisions, err = decisions.Carry(tx, names); return err },
			func() (err error) { f.Visits, err = visits.Carry(tx, names); return err },
			func() (err error) { f.Ideas, err = ideas.Carry(tx, names); return err },
			func() (err error) { f.Promises, err = promises.Carry(tx, names); return err },
			func() (err error) { f.Milestones, err = milestones.Carry(tx, names); return err },
		} {
			if err := read(); err != nil {
				return err
			}
		}
		if people {
			f.Champions, err = champions.Carry(tx, names)
		}
		return err
	})
	return f, err
}

// Entries is how many there are of all kinds.
func (f *File) Entries() int {
	return len(f.Changes) + len(f.Pitches) + len(f.Decisions) + len(f.Visits) + len(f.Ideas) + len(f.Promises) + len(f.Milestones) + len(f.Champions)
}

// Write writes the file, alike for the same conversation.
func (f *File) Write(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(f)
}
