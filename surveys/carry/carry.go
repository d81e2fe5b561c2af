// Package carry is what the rooms of the conversation share when what they keep is carried from one installation into
// another: names instead of ids, entries that are told apart, and a report of what became of them.
//
// Each room describes its own entries and takes them in by its own rules. An entry that is here already, word for word, is
// left as it is; one that is here under the same name and says something else is never overwritten.
package carry

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/people"
)

// Index finds things by their names, and names by ids.
type Index[ID comparable] struct {
	ids   map[string]ID
	names map[ID]string
}

// Add makes a thing known.
func (x *Index[ID]) Add(name string, id ID) {
	if x.ids == nil {
		x.ids, x.names = map[string]ID{}, map[ID]string{}
	}
	x.ids[name], x.names[id] = id, name
}

// Name is the name of an id; "" where there is no such thing.
func (x *Index[ID]) Name(id ID) string { return x.names[id] }

// ID finds a thing by its name.
func (x *Index[ID]) ID(name string) (id ID, ok bool) {
	id, ok = x.ids[name]
	return id, ok
}

// Names is what entries name instead of ids. A room that others name things of adds its own while it is carried.
type Names struct {
	Departments Index[surveys.DepartmentID]
	Bands       Index[surveys.BandID]
	Changes     Index[int64]
	Ideas       Index[int64]
}

// NamesIn knows the departments and bands of an installation.
func NamesIn(tx *gorm.DB) (*Names, error) {
	departments, err := people.DepartmentsIn(tx)
	if err != nil {
		return nil, err
	}
	bands, err := people.BandsIn(tx)
	if err != nil {
		return nil, err
	}
	var n Names
	for _, d := range departments {
		n.Departments.Add(d.Name, d.ID)
	}
	for _, b := range bands {
		n.Bands.Add(b.Name, b.ID)
	}
	return &n, nil
}

// DepartmentNames are the names of departments, sorted: the order of ids differs between installations.
func (n *Names) DepartmentNames(ids []surveys.DepartmentID) []string {
	var names []string
	for _, id := range ids {
		names = append(names, n.Departments.Name(id))
	}
	slices.Sort(names)
	return names
}

// Addressed is what an entry says of the departments it is about, as it is written: sorted, each once, and none where it is
// about everybody.
func Addressed(everybody bool, departments []string) []string {
	if everybody {
		return nil
	}
	return slices.Compact(slices.Sorted(slices.Values(departments)))
}

// Translations turns what a room says in each language into what an entry says, or back; nil where there are none.
func Translations[A, B any](texts map[string]A, turned func(A) B) map[string]B {
	if len(texts) == 0 {
		return nil
	}
	list := make(map[string]B, len(texts))
	for lang, text := range texts {
		list[lang] = turned(text)
	}
	return list
}

// Stamp is who did something, and when.
type Stamp struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// StampOf writes a stamp for an entry, as exactly as every database keeps it.
func StampOf(s surveys.Stamp) Stamp { return Stamp(s).Tidied() }

// Tidied is the stamp as a database keeps it.
func (s Stamp) Tidied() Stamp { return Stamp{s.By, s.At.UTC().Truncate(time.Microsecond)} }

// Stamp reads it back.
func (s Stamp) Stamp() surveys.Stamp { return surveys.Stamp(s.Tidied()) }

// Report is what became of the entries of one kind.
type Report struct {
	Kind      string // "changes"
	Added     int
	Same      int      // here already, word for word
	Differing []string // here under the same name, and saying something else; left as they are
	Faults    surveys.Faults
}

// Kind says how entries of one kind are taken in.
type Kind[E any] struct {
	Name string // "changes"
	// Here reads the entries of the installation, written as the program writes them.
	Here func(*gorm.DB, *Names) ([]E, error)
	// Label says which entries are about the same thing.
	Label func(*E) string
	// Several may have one label, and are told apart by their order. Elsewhere the second one is a fault.
	Several bool
	// Tidied is an entry as it is written after it was taken in; nil where it is always the same.
	Tidied func(*E) E
	// Enter finds what is wrong with a new entry, and says how it is stored.
	Enter func(*Into, *E) (faults surveys.Faults, store func() error, err error)
}

// TakeIn stores what is new, and reports what became of all.
func TakeIn[E any](in *Into, k Kind[E], file []E) (Report, error) {
	here, err := k.Here(in.Tx, in.Names)
	if err != nil {
		return Report{}, err
	}
	if k.Tidied != nil {
		file = slices.Clone(file)
		for i := range file {
			file[i] = k.Tidied(&file[i])
		}
	}
	fresh, r, err := k.sift(in, here, file)
	if err != nil {
		return r, err
	}
	for i := range fresh {
		faults, store, err := k.Enter(in, &fresh[i])
		if err != nil {
			return r, err
		}
		if !in.refuse(&r, k.Label(&fresh[i]), faults) && in.writes() {
			if err := store(); err != nil {
				return r, err
			}
		}
		r.Added++
	}
	return r, nil
}

// sift compares entries of a file with those that are here, and returns the ones that are new.
func (k Kind[E]) sift(in *Into, here, file []E) ([]E, Report, error) {
	r := Report{Kind: k.Name}
	known := map[string][]byte{}
	for label, e := range numbered(here, k.Label) {
		written, err := json.Marshal(e)
		if err != nil {
			return nil, r, err
		}
		known[label] = written
	}
	var fresh []E
	for label, e := range numbered(file, k.Label) {
		written, err := json.Marshal(e)
		if err != nil {
			return nil, r, err
		}
		was, there := known[label]
		switch {
		case !k.Several && label != k.Label(e):
			in.refuse(&r, k.Label(e), surveys.Faults{surveys.NewFault("", "twice", "stands in the file twice")})
		case !there:
			fresh = append(fresh, *e)
		case bytes.Equal(was, written):
			r.Same++
		default:
			r.Differing = append(r.Differing, label)
		}
	}
	return fresh, r, nil
}

// longestLabel is how many characters of a name are told.
const longestLabel = 80

func entry(kind, name string) string {
	if letters := []rune(name); len(letters) > longestLabel {
		name = string(letters[:longestLabel]) + "…"
	}
	return fmt.Sprintf("%s %q", kind, name)
}

// numbered goes through entries in their order, with labels that are all different.
func numbered[E any](list []E, name func(*E) string) func(yield func(string, *E) bool) {
	return func(yield func(string, *E) bool) {
		count := map[string]int{}
		for i := range list {
			label := name(&list[i])
			count[label]++
			if n := count[label]; n > 1 {
				label = fmt.Sprintf("%s (%d)", label, n)
			}
			if !yield(label, &list[i]) {
				return
			}
		}
	}
}
