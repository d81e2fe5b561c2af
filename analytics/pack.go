package analytics

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/packs"
	"soundings/surveys/people"
)

// Pack is results as they stand at one moment, for one meeting: of some departments, in some waves, about some changes.
// Every figure in it has passed the gate among all departments. As a document (see Document) it is frozen.
type Pack struct {
	Title       string
	Meeting     surveys.Day
	Made        surveys.Stamp
	Changes     []changes.Change        // only what a pack says of them: name, title in every language, departments, stage, go-live
	Suggested   map[changes.ID][]string // names of the departments whose idea a change was
	Departments []surveys.Department
	Bands       []surveys.Band // for naming those in warnings about who answered
	Marks       Marks          // what happened to them up to the day it was made
	Parts       []PackPart     // a wave each, in the order of the time axis
	Briefs      []*Brief       // of each change for each department that it concerns
	// Quoted is the wave whose comments belong to the pack, 0 for none. The comments themselves are not frozen: whoever wrote
	// one may have it deleted at any time, and that must hold for packs too.
	Quoted surveys.WaveID
}

// PackPart is what a pack holds of a wave.
type PackPart struct {
	Results *WaveResults
	Trend   *Trend // of what the wave is mainly about, up to this wave; nil where it measures no construct
	// Beginning is what was measured elsewhere before the trend; nil where nothing is known of.
	Beginning *Imported
}

// PackAsk asks for a pack.
type PackAsk struct {
	Title       string
	Meeting     surveys.Day
	Made        surveys.Stamp
	Changes     []changes.Change
	Suggested   map[changes.ID][]string
	Departments []surveys.DepartmentID
	Waves       []surveys.WaveID // beside them, a pack takes the newest closed wave about each change
	Day         surveys.Day      // of the briefs; "": there are none
	Comments    bool             // those of the newest of its waves in which people could write
}

// Pack reads a pack. Only closed waves can be in one: the figures of others still move with every step. Without a wave, or
// without a department, there is none: Invalid, with a fault under waves or departments.
func (r *Reader) Pack(ctx context.Context, ask PackAsk) (*Pack, error) {
	p := &Pack{Title: ask.Title, Meeting: ask.Meeting, Made: ask.Made, Changes: ask.Changes, Suggested: ask.Suggested}
	departments, err := people.Departments(ctx, r.store)
	if err != nil {
		return nil, err
	}
	for _, d := range departments {
		if slices.Contains(ask.Departments, d.ID) {
			p.Departments = append(p.Departments, d)
		}
	}
	if p.Bands, err = people.Bands(ctx, r.store); err != nil {
		return nil, err
	}
	if p.Marks, err = r.Marks(ctx); err != nil {
		return nil, err
	}
	p.Marks = p.Marks.Only(p.Holds)
	all, err := r.Waves(ctx, 0)
	if err != nil {
		return nil, err
	}
	chosen := ask.among(all)
	if faults := p.lacks(chosen); len(faults) > 0 {
		return nil, &surveys.Error{Kind: surveys.Invalid, Op: "analytics: pack", Message: "a pack is of closed waves and of departments", Faults: faults}
	}
	for _, w := range chosen {
		if ask.Comments && slices.ContainsFunc(w.Questionnaire.Document.Questions, func(q surveys.Question) bool { return q.TakesText() }) {
			p.Quoted = w.ID
		}
		part, err := r.packPart(ctx, w, p.Holds)
		if err != nil {
			return nil, err
		}
		p.Parts = append(p.Parts, part)
	}
	return p, r.packBriefs(ctx, p, ask.Day)
}

func (r *Reader) packBriefs(ctx context.Context, p *Pack, day surveys.Day) error {
	if day == "" || len(p.Changes) == 0 {
		return nil
	}
	from, err := r.briefSources(ctx)
	if err != nil {
		return err
	}
	for _, c := range p.Changes {
		for i := range p.Departments {
			if !Briefed(&c, &p.Departments[i]) {
				continue
			}
			b, err := r.brief(ctx, from, BriefAsk{Change: c, Department: p.Departments[i], Day: day})
			if err != nil {
				return err
			}
			p.Briefs = append(p.Briefs, b)
		}
	}
	return nil
}

// among picks the waves of a pack, all of them closed.
func (ask PackAsk) among(all []Wave) (chosen []Wave) {
	wanted := slices.Clone(ask.Waves)
	for _, c := range ask.Changes {
		for _, w := range slices.Backward(all) {
			if w.State == surveys.Closed && w.Questionnaire.Document.Change == c.Name {
				wanted = append(wanted, w.ID)
				break
			}
		}
	}
	for _, w := range all {
		if w.State == surveys.Closed && slices.Contains(wanted, w.ID) {
			chosen = append(chosen, w)
		}
	}
	return chosen
}

func (p *Pack) lacks(chosen []Wave) (faults surveys.Faults) {
	if len(chosen) == 0 {
		faults = append(faults, surveys.Fault{Path: "waves", Code: "required", Detail: "choose a closed wave"})
	}
	if len(p.Departments) == 0 {
		faults = append(faults, surveys.Fault{Path: "departments", Code: "required", Detail: "choose a department"})
	}
	return faults
}

// Holds reports whether a pack is of a department.
func (p *Pack) Holds(id surveys.DepartmentID) bool {
	return slices.ContainsFunc(p.Departments, func(d surveys.Department) bool { return d.ID == id })
}

func (r *Reader) packPart(ctx context.Context, w Wave, holds func(surveys.DepartmentID) bool) (part PackPart, err error) {
	res, err := r.WaveResults(ctx, WaveQuery{Wave: w.ID, By: ByDepartment})
	if err != nil {
		return part, err
	}
	part.Results = res.Only(holds)
	if !w.measures(w.about()) {
		return part, nil
	}
	ask := TrendQuery{Construct: w.about(), Survey: w.Survey}
	t, err := r.Trend(ctx, ask)
	if err != nil {
		return part, err
	}
	part.Trend = t.UpTo(w.ID).Only(holds)
	if part.Beginning, err = r.Beginning(ctx, ask, part.Trend); part.Beginning != nil {
		part.Beginning = part.Beginning.Only(holds)
	}
	return part, err
}

// UpTo is the trend over closed waves that ends with a wave.
func (t *Trend) UpTo(last surveys.WaveID) *Trend {
	some := &Trend{Construct: t.Construct, Question: t.Question}
	var kept []int
	for i, w := range t.Waves {
		if w.State == surveys.Closed {
			kept = append(kept, i)
		}
		if w.ID == last {
			break
		}
	}
	for _, i := range kept {
		some.Waves, some.Total = append(some.Waves, t.Waves[i]), append(some.Total, t.Total[i])
		if i < len(t.Taken) {
			some.Taken = append(some.Taken, t.Taken[i])
		}
	}
	for _, line := range t.Series {
		one := Series{Department: line.Department}
		for _, i := range kept {
			one.Points = append(one.Points, line.Points[i])
			if i < len(line.Taken) {
				one.Taken = append(one.Taken, line.Taken[i])
			}
		}
		some.Series = append(some.Series, one)
	}
	return some
}

// Only is the pack as somebody sees it who may see some departments.
func (p *Pack) Only(sees func(surveys.DepartmentID) bool) *Pack {
	some := *p
	some.Departments, some.Parts, some.Marks = nil, nil, p.Marks.Only(sees)
	some.Briefs = slices.DeleteFunc(slices.Clone(p.Briefs), func(b *Brief) bool { return !sees(b.Department) })
	for _, d := range p.Departments {
		if sees(d.ID) {
			some.Departments = append(some.Departments, d)
		}
	}
	for _, part := range p.Parts {
		part.Results = part.Results.Only(sees)
		if part.Trend != nil {
			part.Trend = part.Trend.Only(sees)
		}
		if part.Beginning != nil {
			part.Beginning = part.Beginning.Only(sees)
		}
		some.Parts = append(some.Parts, part)
	}
	return &some
}

// About is the construct that the wave is mainly about; nil where it measures none.
func (part PackPart) About() *Measured {
	m, _ := part.Results.Measure(part.Results.Wave.about(), "")
	return m
}

// On is the part that tells most of how open people are to a change: of the newest wave about it; ok is false where no
// wave of the pack is about it.
func (p *Pack) On(change string) (part PackPart, ok bool) {
	for _, part := range slices.Backward(p.Parts) {
		if change != "" && part.Results.Wave.Questionnaire.Document.Change == change && part.About() != nil {
			return part, true
		}
	}
	return PackPart{}, false
}

// Concealed is how many figures of the wave's parts and of its whole are hidden, and of how many.
func (res *WaveResults) Concealed() (hidden, of int) {
	for _, m := range res.Measures {
		for _, g := range append([]Told{m.Total}, m.Units...) {
			of++
			if !g.Shown() {
				hidden++
			}
		}
	}
	return hidden, of
}

// extremesMost is how many of the strongest and of the weakest items are named.
const extremesMost = 3

// Extremes are the scale questions that a unit agrees with most and least, none of them in both; the strongest and the
// weakest come first.
func (res *WaveResults) Extremes(unit int) (strongest, weakest []*Measured) {
	var items []*Measured
	for i := range res.Measures {
		if m := &res.Measures[i]; m.Question != nil && m.Question.Kind == surveys.Scale && m.Units[unit].Shown() {
			items = append(items, m)
		}
	}
	slices.SortStableFunc(items, func(a, b *Measured) int { return cmp.Compare(b.Units[unit].Mean, a.Units[unit].Mean) })
	n := min(extremesMost, len(items)/2)
	strongest, weakest = items[:n], slices.Clone(items[len(items)-n:])
	slices.Reverse(weakest)
	return strongest, weakest
}

// Moved lists the waves of which a pack read today says something else than this one does. Names do not count, nor does
// what was measured elsewhere.
func (p *Pack) Moved(today *Pack) ([]surveys.WaveID, error) {
	var moved []surveys.WaveID
	for _, part := range p.Parts {
		id := part.Results.Wave.ID
		at := slices.IndexFunc(today.Parts, func(other PackPart) bool { return other.Results.Wave.ID == id })
		if at < 0 {
			moved = append(moved, id)
			continue
		}
		then, err := encodePart(part)
		if err != nil {
			return nil, err
		}
		now, err := encodePart(today.Parts[at])
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(then, now) {
			moved = append(moved, id)
		}
	}
	return moved, nil
}

// Record is what is kept beside the document of a pack.
func (p *Pack) Record() packs.Pack {
	record := packs.Pack{Title: p.Title, Meeting: p.Meeting, Made: p.Made}
	for _, d := range p.Departments {
		record.Departments = append(record.Departments, d.ID)
	}
	return record
}

// Again asks for what the pack holds, as it stands today.
func (p *Pack) Again() PackAsk {
	ask := PackAsk{Title: p.Title, Meeting: p.Meeting, Made: p.Made, Comments: p.Quoted != 0}
	for _, d := range p.Departments {
		ask.Departments = append(ask.Departments, d.ID)
	}
	for _, part := range p.Parts {
		ask.Waves = append(ask.Waves, part.Results.Wave.ID)
	}
	return ask
}

// dated writes an instant as a document has it.
func dated(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func undated(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return t, fmt.Errorf("analytics: pack: %w", err)
	}
	return t, nil
}
