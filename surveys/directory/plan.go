package directory

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/imports"
	"soundings/surveys/people"
)

// Plan is what a file would change. While there are bad lines it can change nothing.
type Plan struct {
	Rows      int // with anything in them
	Before    int // people who are in the directory now
	Added     int // those who come back included
	Changed   int
	Unchanged int
	Gone      int
	New       []NewDepartment // that the file names and nobody knows, in the order of the file
	Emptied   []string        // departments that have nobody in the file
	Bad       []Bad           // by line, with every reason

	enter []people.Entry // a negative department is a place in New: -1 is the first
	leave []surveys.PersonID
	heads map[surveys.DepartmentID]int
}

// NewDepartment is a department that nobody knows yet.
type NewDepartment struct {
	Name   string
	People int
	Meant  string // a known department with nearly the same name, or ""
}

// ManyGone reports whether more than a third of the people would go: mostly a file that holds only a part of them.
func (p *Plan) ManyGone() bool { return 3*p.Gone > p.Before }

// BadLines counts the lines that cannot be taken in.
func (p *Plan) BadLines() int {
	n, last := 0, 0
	for _, b := range p.Bad {
		if b.Line != last {
			n, last = n+1, b.Line
		}
	}
	return n
}

// Digest is equal for plans that change the same numbers of people, so that nobody confirms other numbers than they saw.
func (p *Plan) Digest() string {
	h := sha256.New()
	fmt.Fprintf(h, "%d %d %d %d %d %d\n", p.Before, p.Added, p.Changed, p.Unchanged, p.Gone, len(p.Bad))
	for _, d := range p.New {
		fmt.Fprintf(h, "%d %q\n", d.People, d.Name)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Plan compares the file with what is stored.
func (e *Entries) Plan(db *gorm.DB) (*Plan, error) {
	p := &Plan{Rows: e.rows, Bad: slices.Clone(e.bad), heads: map[surveys.DepartmentID]int{}}
	known, err := newKnown(db, e, p)
	if err != nil {
		return nil, err
	}
	stored, err := people.Everybody(db)
	if err != nil {
		return nil, err
	}
	before := make(map[string]people.Entry, len(stored))
	for _, s := range stored {
		before[s.Key] = s
		if !s.Gone {
			p.Before++
		}
	}
	for _, one := range e.list {
		person, ok := known.person(one, p)
		if !ok {
			continue
		}
		p.compare(people.Entry{Person: person, Key: one.address.Key}, before)
	}
	for _, s := range stored {
		if e.lines[s.Key] == 0 && !s.Gone {
			p.leave = append(p.leave, s.ID)
		}
	}
	p.Gone = len(p.leave)
	p.Emptied = known.emptied(p.heads)
	slices.SortStableFunc(p.Bad, func(a, b Bad) int { return cmp.Compare(a.Line, b.Line) })
	return p, nil
}

func (p *Plan) compare(now people.Entry, before map[string]people.Entry) {
	p.heads[now.Department]++
	was, known := before[now.Key]
	now.ID = was.ID
	switch {
	case !known || was.Gone:
		p.Added++
	case now.Person != was.Person:
		p.Changed++
	default:
		p.Unchanged++
		return
	}
	p.enter = append(p.enter, now)
}

// known is what the names of a file mean.
type known struct {
	named       *Entries
	all         []surveys.Department
	departments []surveys.DepartmentID // by place in Entries.departments; 0: cannot be taken in
	problems    []Bad                  // by the same place
	bands       []surveys.BandID       // by place in Entries.bands; 0: unknown
	meant       []string               // by the same place
}

func newKnown(db *gorm.DB, e *Entries, p *Plan) (*known, error) {
	all, err := people.DepartmentsIn(db)
	if err != nil {
		return nil, err
	}
	bands, err := people.BandsIn(db)
	if err != nil {
		return nil, err
	}
	k := &known{named: e, all: all, departments: make([]surveys.DepartmentID, len(e.departments.list)), problems: make([]Bad, len(e.departments.list)),
		bands: make([]surveys.BandID, len(e.bands.list)), meant: make([]string, len(e.bands.list))}
	k.findDepartments(e.departments.list, p)
	k.findBands(e.bands.list, bands)
	return k, nil
}

// findDepartments takes the department with exactly the name, else the only one that differs in case, space or Unicode
// form; what is neither is new.
func (k *known) findDepartments(list []string, p *Plan) {
	exact, folded := map[string]surveys.Department{}, map[string][]surveys.Department{}
	var names []string
	for _, d := range k.all {
		exact[d.Name] = d
		folded[imports.Folded(d.Name)] = append(folded[imports.Folded(d.Name)], d)
		names = append(names, d.Name)
	}
	fresh := map[string]surveys.DepartmentID{}
	for i, name := range list {
		d, ok := exact[name]
		alike := folded[imports.Folded(name)]
		switch {
		case ok:
		case len(alike) > 1:
			k.problems[i] = Bad{Why: VagueDepartment}
			continue
		case len(alike) == 1:
			d = alike[0]
		default:
			k.departments[i] = k.fresh(name, names, fresh, p)
			continue
		}
		k.departments[i] = d.ID
		if d.Archived {
			k.departments[i], k.problems[i] = 0, Bad{Why: ArchivedDepartment}
		}
	}
}

func (k *known) fresh(name string, names []string, fresh map[string]surveys.DepartmentID, p *Plan) surveys.DepartmentID {
	key := imports.Folded(name)
	if fresh[key] == 0 {
		d := NewDepartment{Name: name}
		d.Meant, _ = imports.Nearest(name, names)
		p.New = append(p.New, d)
		fresh[key] = -surveys.DepartmentID(len(p.New))
	}
	return fresh[key]
}

func (k *known) findBands(list []string, bands []surveys.Band) {
	exact, folded := map[string]surveys.BandID{}, map[string]surveys.BandID{}
	var names []string
	for _, b := range slices.Backward(bands) { // of bands that differ in case only, the first counts
		exact[b.Name], folded[imports.Folded(b.Name)] = b.ID, b.ID
		names = append(names, b.Name)
	}
	for i, name := range list {
		k.bands[i] = cmp.Or(exact[name], folded[imports.Folded(name)])
		if k.bands[i] == 0 {
			k.meant[i], _ = imports.Nearest(name, names)
		}
	}
}

// person puts the ids in, or adds to the bad lines of the plan.
func (k *known) person(e entry, p *Plan) (surveys.Person, bool) {
	person := surveys.Person{Email: e.address.Email, Name: e.name, Language: e.language}
	sound := e.sound
	if e.department >= 0 {
		if person.Department = k.departments[e.department]; person.Department == 0 {
			bad := k.problems[e.department]
			bad.Line, bad.Value = e.line, k.named.departments.list[e.department]
			p.Bad, sound = append(p.Bad, bad), false
		}
	}
	if e.band >= 0 {
		if person.Band = k.bands[e.band]; person.Band == 0 {
			p.Bad, sound = append(p.Bad, Bad{Line: e.line, Why: UnknownBand, Value: k.named.bands.list[e.band], Meant: k.meant[e.band]}), false
		}
	}
	if person.Department < 0 {
		p.New[-person.Department-1].People++
	}
	return person, sound
}

// emptied lists the departments that are asked, had people as far as is known, and have nobody in the file.
func (k *known) emptied(heads map[surveys.DepartmentID]int) []string {
	var list []string
	for _, d := range k.all {
		if !d.Archived && d.Headcount > 0 && heads[d.ID] == 0 {
			list = append(list, d.Name)
		}
	}
	return list
}
