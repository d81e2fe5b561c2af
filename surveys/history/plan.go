package history

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"soundings/surveys"
	"soundings/surveys/imports"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

// Plan is what a file would change. While there are bad lines it can change nothing. What is kept and does not stand in
// the file stays.
type Plan struct {
	Rows      int // with anything in them
	Added     int // values
	Changed   int
	Unchanged int
	Empty     int // values that the file leaves empty
	Joined    int // values that are the mean of several lines
	Unsized   int // values without a number of people
	First     Period
	Last      Period
	Measures  []string
	Unknown   []Unknown // names that mean no department yet
	Small     []Line    // left out: too few people, or everybody answered alike
	Bad       []Line

	enter []valueRow
}

// Unknown is a name of the file that is no department's.
type Unknown struct {
	Name   string
	Values int
	Meant  string // a department with nearly the same name, or ""
}

// Outcome is what came of a file that was taken in.
type Outcome struct{ Added, Changed, Unchanged int }

// Outcome is what comes of the plan.
func (p *Plan) Outcome() Outcome { return Outcome{p.Added, p.Changed, p.Unchanged} }

// Digest is equal for plans that change the same, so that nobody confirms other numbers than they saw.
func (p *Plan) Digest() string {
	h := sha256.New()
	fmt.Fprintf(h, "%d %d %d %d %d %d %d\n", p.Added, p.Changed, p.Unchanged, p.Empty, p.Unsized, len(p.Small), len(p.Bad))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Plan compares the file with what is kept.
func (e *Entries) Plan(db *gorm.DB) (*Plan, error) {
	p := &Plan{Rows: e.rows, Empty: e.empty, Small: e.small, Bad: slices.Clone(e.bad)}
	before, err := e.before(db)
	if err != nil {
		return nil, err
	}
	meanings, err := ReadMeanings(db)
	if err != nil {
		return nil, err
	}
	var periods []Value
	for _, g := range e.list {
		p.compare(g, before[g.place()])
		p.meet(g.Value, meanings)
		periods = append(periods, Value{Period: g.Period})
	}
	if all := Periods(periods); len(all) > 0 {
		p.First, p.Last = all[0], all[len(all)-1]
	}
	slices.SortStableFunc(p.Bad, func(a, b Line) int { return cmp.Compare(a.Line, b.Line) })
	slices.SortFunc(p.Unknown, func(a, b Unknown) int { return cmp.Compare(Key(a.Name), Key(b.Name)) })
	return p, nil
}

func (g *gathered) place() place { return place{Key(g.Measure), g.Scale, g.Period, Key(g.Name)} }

// before is what is kept of the measures of the file.
func (e *Entries) before(db *gorm.DB) (map[place]Value, error) {
	kept := map[place]Value{}
	read := map[string]bool{}
	for _, g := range e.list {
		key := Key(g.Measure)
		if read[key] {
			continue
		}
		read[key] = true
		for _, scale := range []Scale{Mean, Favourable} {
			values, err := Values(db, g.Measure, scale)
			if err != nil {
				return nil, err
			}
			for _, v := range values {
				kept[place{key, scale, v.Period, Key(v.Name)}] = v
			}
		}
	}
	return kept, nil
}

func (p *Plan) compare(g *gathered, was Value) {
	if g.Parts > 1 {
		p.Joined++
	}
	if g.N == 0 {
		p.Unsized++
	}
	moved := max(g.N-was.N, was.N-g.N)
	switch {
	case was.Parts == 0:
		p.Added++
	case was.N > 0 && g.N > 0 && moved > 0 && moved < Minimum:
		p.Bad = append(p.Bad, Line{g.line, NearPeople, strconv.Itoa(was.N)})
		return
	case was.Value != g.Value.Value || was.N != g.N || was.Parts != g.Parts:
		p.Changed++
	default:
		p.Unchanged++
		return
	}
	at := g.place()
	p.enter = append(p.enter, valueRow{at.measure, at.scale, at.period, at.name, g.Measure, g.Name, g.Value.Value, g.N, g.Parts})
}

func (p *Plan) meet(v Value, meanings *Meanings) {
	if !slices.ContainsFunc(p.Measures, func(m string) bool { return Key(m) == Key(v.Measure) }) {
		p.Measures = append(p.Measures, v.Measure)
	}
	if meanings.Of(v.Name).Known() {
		return
	}
	at := slices.IndexFunc(p.Unknown, func(u Unknown) bool { return Key(u.Name) == Key(v.Name) })
	if at < 0 {
		at = len(p.Unknown)
		meant, _ := imports.Nearest(v.Name, meanings.names)
		p.Unknown = append(p.Unknown, Unknown{v.Name, 0, meant})
	}
	p.Unknown[at].Values++
}

// Terms are what whoever takes a file in has agreed to.
type Terms struct {
	Sizes  bool   // each value without a number of people stands for at least Minimum
	Digest string // of the plan that was agreed to; "" for any
}

// Codes of what keeps a file from being taken in.
const (
	FaultSizes   = "sizes" // Terms.Sizes is missing
	FaultChanged = "changed"
	FaultBad     = "bad_lines"
	FaultEmpty   = "empty"
)

// Apply takes a file in, all or nothing, within the caller's transaction. The plan comes back with an error, too, if it
// is known.
func (e *Entries) Apply(tx *gorm.DB, terms Terms) (*Plan, error) {
	// Two files taken in at once would both compare with what was there before.
	if err := people.Lock(tx); err != nil {
		return nil, err
	}
	p, err := e.Plan(tx)
	if err != nil {
		return nil, err
	}
	if err := p.agrees(terms); err != nil {
		return p, err
	}
	again := clause.OnConflict{
		Columns:   []clause.Column{{Name: "measure_key"}, {Name: "scale"}, {Name: "period"}, {Name: "name_key"}},
		DoUpdates: clause.AssignmentColumns([]string{"measure", "name", "value", "n", "parts"}),
	}
	for rows := range slices.Chunk(p.enter, 200) {
		if err := tx.Clauses(again).Create(&rows).Error; err != nil {
			return p, store.Translate("history: apply", err)
		}
	}
	return p, nil
}

func (p *Plan) agrees(terms Terms) error {
	refuse := func(kind surveys.ErrorKind, path, code, detail string) error {
		return &surveys.Error{Kind: kind, Op: "history: apply", Message: "nothing was stored", Faults: surveys.Faults{{Path: path, Code: code, Detail: detail}}}
	}
	switch {
	case len(p.Bad) > 0:
		return refuse(surveys.Invalid, "file", FaultBad, "has lines that cannot be taken in")
	case p.Added+p.Changed+p.Unchanged == 0:
		return refuse(surveys.Invalid, "file", FaultEmpty, "holds no result that could be taken in")
	case terms.Digest != "" && terms.Digest != p.Digest():
		return refuse(surveys.Conflict, "file", FaultChanged, "what is kept has changed since this was looked at")
	case p.Unsized > 0 && !terms.Sizes:
		return refuse(surveys.Invalid, "sizes", FaultSizes, "somebody has to know that each value stands for enough people")
	}
	return nil
}
