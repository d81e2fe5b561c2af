package directory

import (
	"context"
	"slices"
	"unicode/utf8"

	"soundings/surveys/imports"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/uploads"
)

// File is an open directory file. Close it.
type File struct{ *uploads.File }

// Open opens a CSV or XLSX file and reads its headings. Close it.
func Open(path string) (*File, error) {
	f, err := uploads.Open(path)
	return &File{f}, err
}

// entry is one person of the file, as far as the file alone can tell.
type entry struct {
	line       int
	address    people.Address
	name       string
	department int // a place in Entries.departments, or -1
	band       int // a place in Entries.bands, or -1
	language   string
	sound      bool // nothing is wrong with it so far
}

// Entries is everybody in a file.
type Entries struct {
	rows        int // with anything in them
	list        []entry
	departments *names
	bands       *names
	bad         []Bad
	lines       map[string]int // by key of the address, those of bad lines included
}

// Why a line cannot be taken in.
const (
	NoEmail            = "no_email"
	BadEmail           = "bad_email"
	TwiceEmail         = "twice_email" // Value is the address, Other the first line that has it
	NoDepartment       = "no_department"
	LongDepartment     = "long_department"
	ArchivedDepartment = "archived_department"
	VagueDepartment    = "vague_department" // several departments differ only in case or space
	UnknownBand        = "unknown_band"     // Meant is what was probably meant
	BadLanguage        = "bad_language"
	LongName           = "long_name"
	BrokenRow          = "broken_row"
)

// Bad is one reason why a line cannot be taken in.
type Bad struct {
	Line  int
	Why   string
	Value string // what stands there
	Meant string // what was probably meant, or ""
	Other int    // another line that it concerns, or 0
}

// names gathers the spellings of names, each once, so that each is looked up once.
type names struct {
	list  []string
	place map[string]int
}

func newNames() *names { return &names{place: map[string]int{}} }

// add gives the place of a spelling in the list.
func (n *names) add(name string) int {
	at, known := n.place[name]
	if !known {
		at = len(n.list)
		n.list = append(n.list, name)
		n.place[name] = at
	}
	return at
}

const progressEvery = 1000

// Read takes in every row. It knows nothing of what is stored. progress, if any, hears how many rows have been read.
func (f *File) Read(ctx context.Context, m Matching, progress func(rows int)) (*Entries, error) {
	r := &reader{matching: m, tongues: newTongues(), entries: &Entries{departments: newNames(), bands: newNames(), lines: map[string]int{}}}
	for rows := 1; ; rows++ {
		row, ok, err := f.Next()
		if err != nil || !ok {
			return r.entries, err
		}
		r.take(row)
		if rows%progressEvery == 0 {
			if err := ctx.Err(); err != nil {
				return nil, store.Translate("directory: read", err)
			}
			if progress != nil {
				progress(rows)
			}
		}
	}
}

type reader struct {
	matching Matching
	tongues  tongues
	entries  *Entries
}

// take reads one row, with everything that is wrong with it.
func (r *reader) take(row imports.Row) {
	if row.Fault != "" {
		r.entries.rows++
		r.refuse(Bad{Line: row.Line, Why: BrokenRow})
		return
	}
	if !slices.ContainsFunc(row.Cells, func(c string) bool { return imports.Folded(c) != "" }) {
		return
	}
	r.entries.rows++
	cell := func(f Field) string { return row.Cell(r.matching.column(f)) }
	before := len(r.entries.bad)
	e := entry{line: row.Line, name: cell(Name), department: -1, band: -1, address: r.address(row.Line, cell(Email))}
	if e.name == "" {
		e.name = spaced(cell(Given), cell(Family))
	}
	if utf8.RuneCountInString(e.name) > people.LongestName {
		r.refuse(Bad{Line: row.Line, Why: LongName})
	}
	switch department := cell(Department); {
	case department == "":
		r.refuse(Bad{Line: row.Line, Why: NoDepartment})
	case utf8.RuneCountInString(department) > people.LongestName:
		r.refuse(Bad{Line: row.Line, Why: LongDepartment})
	default:
		e.department = r.entries.departments.add(department)
	}
	if band := cell(Band); band != "" {
		e.band = r.entries.bands.add(band)
	}
	var ok bool
	if e.language, ok = r.tongues.read(cell(Language)); !ok {
		r.refuse(Bad{Line: row.Line, Why: BadLanguage, Value: cell(Language)})
	}
	e.sound = len(r.entries.bad) == before
	r.entries.list = append(r.entries.list, e)
}

// address reads an address that no other line has.
func (r *reader) address(line int, typed string) people.Address {
	a, ok := people.ParseAddress(typed)
	switch first := r.entries.lines[a.Key]; {
	case typed == "":
		r.refuse(Bad{Line: line, Why: NoEmail})
	case !ok:
		r.refuse(Bad{Line: line, Why: BadEmail, Value: typed})
	case first > 0:
		r.refuse(Bad{Line: line, Why: TwiceEmail, Value: typed, Other: first})
	default:
		r.entries.lines[a.Key] = line
	}
	return a
}

func (r *reader) refuse(b Bad) { r.entries.bad = append(r.entries.bad, b) }

func spaced(given, family string) string {
	if given == "" || family == "" {
		return given + family
	}
	return given + " " + family
}
