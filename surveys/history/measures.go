package history

import (
	"fmt"
	"regexp"
	"slices"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/uploads"
)

// Headings of the table of measures that begin a trend, as export all writes it.
const (
	MeasureHeading = "measure"
	TrendHeading   = "trend"
)

// HoldsMeasures reports whether a file is a table of measures that begin a trend, and no file of results.
func HoldsMeasures(headings []string) bool {
	return len(headings) == 2 && Key(headings[0]) == MeasureHeading && Key(headings[1]) == TrendHeading
}

// MeasuresPlan is what such a table would change.
type MeasuresPlan struct {
	Added, Changed, Unchanged int

	join []JoinedMeasure // each by the name that it is kept under
}

// trendForm is what a trend can be called: a construct, or "q." and the id of a question.
var trendForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{0,99}$`)

// ReadMeasures reads a table of measures. Every line that cannot be taken in is a fault.
func ReadMeasures(f *uploads.File) (list []JoinedMeasure, lines []int, err error) {
	for {
		row, ok, err := f.Next()
		if err != nil || !ok {
			return list, lines, err
		}
		if row.Fault != "" {
			return nil, nil, &surveys.Error{Kind: surveys.Invalid, Op: "history: read", Faults: surveys.Faults{{Code: BrokenRow, Detail: "a quotation mark stands in the wrong place or is never closed", Line: row.Line}}}
		}
		if j := (JoinedMeasure{row.Cell(0), row.Cell(1)}); j != (JoinedMeasure{}) {
			list, lines = append(list, j), append(lines, row.Line)
		}
	}
}

// PlanMeasures compares a table with what is joined. A measure of which nothing is kept is a fault; a trend that is not here
// yet is none, because its survey may come later.
func PlanMeasures(db *gorm.DB, list []JoinedMeasure, lines []int) (*MeasuresPlan, error) {
	kept, err := Measures(db)
	if err != nil {
		return nil, err
	}
	joined, err := JoinedMeasures(db)
	if err != nil {
		return nil, err
	}
	p, faults := &MeasuresPlan{}, surveys.Faults(nil)
	for i, j := range list {
		of := measured(kept, j.Measure)
		at := slices.IndexFunc(joined, func(b JoinedMeasure) bool { return Key(b.Measure) == Key(j.Measure) })
		switch {
		case of < 0:
			faults = append(faults, surveys.Fault{Path: MeasureHeading, Code: FaultName, Detail: fmt.Sprintf("nothing is kept of %q; import the results first", j.Measure), Line: lines[i]})
		case !trendForm.MatchString(j.Target):
			faults = append(faults, surveys.Fault{Path: TrendHeading, Code: FaultTarget, Detail: fmt.Sprintf("%q is no construct and no question, such as q.easier", j.Target), Line: lines[i]})
		case at < 0:
			p.Added++
			p.join = append(p.join, JoinedMeasure{kept[of].Measure, j.Target})
		case joined[at].Target != j.Target:
			p.Changed++
			p.join = append(p.join, JoinedMeasure{kept[of].Measure, j.Target})
		default:
			p.Unchanged++
		}
	}
	if len(faults) > 0 {
		return nil, &surveys.Error{Kind: surveys.Invalid, Op: "history: measures", Message: "nothing was stored", Faults: faults}
	}
	return p, nil
}

// Apply joins the measures of the plan, within the transaction it was made in.
func (p *MeasuresPlan) Apply(tx *gorm.DB) error {
	for _, j := range p.join {
		if err := j.store(tx); err != nil {
			return err
		}
	}
	return nil
}
