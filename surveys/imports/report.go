package imports

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"
)

// Subjects of faults that concern no question.
const (
	subjectRow        = "row"
	subjectWave       = "wave"
	subjectDepartment = "department"
	subjectBand       = "band"
)

// Bounds of a report: a file with a million faults is told about in one screen.
const (
	mostLines  = 50
	mostLabels = 50
	mostFaults = 100
)

// Report says what an import did with every row, or in a dry run would do. Rows are those with anything in them.
type Report struct {
	File   string
	Format string // "CSV, utf-8, comma"
	DryRun bool

	Rows              int
	Short             int // rows with fewer cells than the header; the cells they lack count as empty
	NothingAnswered   int // skipped: no answer to any question of the map
	SkippedWave       int // skipped: no wave, and the map says "empty: skip"
	SkippedDepartment int // skipped likewise
	BadRows           int // with at least one fault; if there is one, nothing is stored

	New      int // responses
	Existing int // responses that an earlier import brought
	Comments int // of new responses

	Waves          []WaveReport
	NewDepartments []string
	NewBands       []string
	Questions      []QuestionReport
	Faults         []FaultReport // grouped by question, column and class, in the order of the map

	states []state // of the row at hand, by question
}

// WaveReport tells what a wave gets.
type WaveReport struct {
	Label    string
	Created  bool
	New      int
	Existing int
}

// QuestionReport tells of the rows that were not skipped for their wave or department.
type QuestionReport struct {
	ID        string
	Matched   int
	Empty     int
	Unmatched int
	Hidden    int // answered although the survey does not show the question after the row's other answers; left out
}

// FaultReport gathers faults of one kind.
type FaultReport struct {
	Subject    string // a question's id; or row, wave, department, band
	Column     string // its heading; "" for the row as a whole
	Class      string // what is wrong
	Rows       int
	Lines      []int // of the file, or rows of the sheet: the first 50
	Labels     []LabelReport
	MoreLabels int // how many further cells had labels beyond the first 50 different ones
}

// LabelReport is one label that nothing matched, shortened, and how often it came.
type LabelReport struct {
	Label string
	Rows  int
}

func newReport(file, format string, dryRun bool, p *plan) *Report {
	r := &Report{File: filepath.Base(file), Format: format, DryRun: dryRun, states: make([]state, len(p.questions))}
	for _, a := range p.questions {
		r.Questions = append(r.Questions, QuestionReport{ID: a.ID})
	}
	return r
}

func (r *Report) countStates() {
	for i, s := range r.states {
		q := &r.Questions[i]
		switch s {
		case matched:
			q.Matched++
		case empty:
			q.Empty++
		case unmatched:
			q.Unmatched++
		case hidden:
			q.Hidden++
		}
	}
}

func (r *Report) fault(subject, column, class, label string, line int) {
	i := slices.IndexFunc(r.Faults, func(f FaultReport) bool {
		return f.Subject == subject && f.Column == column && f.Class == class
	})
	if i < 0 {
		if len(r.Faults) == mostFaults {
			return // the number of bad rows still counts it
		}
		i = len(r.Faults)
		r.Faults = append(r.Faults, FaultReport{Subject: subject, Column: column, Class: class})
	}
	f := &r.Faults[i]
	// Several cells of one row may have the same fault.
	if n := len(f.Lines); n == 0 || f.Lines[n-1] != line {
		f.Rows++
		if n < mostLines {
			f.Lines = append(f.Lines, line)
		}
	}
	if label != "" {
		f.addLabel(shortened(label))
	}
}

func (f *FaultReport) addLabel(label string) {
	i := slices.IndexFunc(f.Labels, func(l LabelReport) bool { return l.Label == label })
	switch {
	case i >= 0:
		f.Labels[i].Rows++
	case len(f.Labels) < mostLabels:
		f.Labels = append(f.Labels, LabelReport{label, 1})
	default:
		f.MoreLabels++
	}
}

func shortened(label string) string {
	const most = 80
	runes := []rune(trim(label))
	if len(runes) <= most {
		return strings.Clone(string(runes))
	}
	return string(runes[:most-1]) + "…"
}

// arrange puts faults in the order of the map: the row as a whole, wave, department, band, then the questions.
func (r *Report) arrange() {
	place := map[string]int{subjectRow: -4, subjectWave: -3, subjectDepartment: -2, subjectBand: -1}
	for i, q := range r.Questions {
		place[q.ID] = i
	}
	slices.SortStableFunc(r.Faults, func(a, b FaultReport) int {
		return cmp.Compare(place[a.Subject], place[b.Subject])
	})
}
