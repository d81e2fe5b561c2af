// Package pitches keeps how a change is put to those it concerns: to everyone, to one department, or to one band within
// it. Every text that was ever shown is kept, so that answers can be read beside the words that people had read.
package pitches

import (
	"slices"
	"time"

	"soundings/surveys"
	"soundings/surveys/changes"
)

// Longest is how many characters a pitch may have. It stands on the form of a survey, which has to stay small.
const Longest = 2000

// Place is whom a pitch is for.
type Place struct {
	Department surveys.DepartmentID // 0: everyone
	Band       surveys.BandID       // 0: all of the department
}

// Translation is the text in one more language.
type Translation struct {
	Text     string
	Outdated bool // the original has changed since it was translated
}

// Pitch is one version of how a change is put to a place.
type Pitch struct {
	Change changes.ID
	Place
	Version      int    // from 1, up with each save
	Text         string // Markdown; "" where it was taken back
	Language     string // of Text
	Translations map[string]Translation
	Saved        surveys.Stamp
}

// Languages lists what the pitch can be read in, its own first, the others sorted.
func (p *Pitch) Languages() []string {
	list := make([]string, 0, len(p.Translations)+1)
	for lang := range p.Translations {
		list = append(list, lang)
	}
	slices.Sort(list)
	return append([]string{p.Language}, list...)
}

// In is the text in a language or a close variant of it, else the original; the second value is the language it is in.
func (p *Pitch) In(wanted string) (text, lang string) {
	if lang := changes.Closest(wanted, p.Languages()); lang != p.Language {
		return p.Translations[lang].Text, lang
	}
	return p.Text, p.Language
}

// Book is the pitches of one change that are in force: at most one for each place, none taken back.
type Book []Pitch

// At is the pitch of exactly this place.
func (b Book) At(place Place) (Pitch, bool) {
	i := slices.IndexFunc(b, func(p Pitch) bool { return p.Place == place })
	if i < 0 {
		return Pitch{}, false
	}
	return b[i], true
}

// For is the pitch that people of a place read: that of their band in their department, else of their department, else
// of everyone.
func (b Book) For(place Place) (Pitch, bool) {
	for _, p := range []Place{place, {Department: place.Department}, {}} {
		if pitch, ok := b.At(p); ok {
			return pitch, true
		}
	}
	return Pitch{}, false
}

// History is every version of one place, the oldest first.
type History []Pitch

// Between lists the versions that could be read at some time from a moment until another; a zero until means: to this day.
func (h History) Between(from, until time.Time) (list []Pitch) {
	for i, p := range h {
		replaced := i+1 < len(h) && !h[i+1].Saved.At.After(from)
		if p.Text != "" && !replaced && (until.IsZero() || p.Saved.At.Before(until)) {
			list = append(list, p)
		}
	}
	return list
}
