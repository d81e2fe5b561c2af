// Package report writes results to files. Like everything that leaves the program, a file holds only what the
// disclosure gate lets through, and nothing that together with the pages tells more than they do.
package report

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"soundings/analytics/gate"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/intake"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

// Summary says what a file holds and what it lacks.
type Summary struct {
	Rows     int    // written, without the header
	Nameless int    // of these, rows without their department, because it is too small to be named
	LeftOut  int    // comments that are not in the file because their group is too small
	Nothing  string // why the file holds no rows though there are some; "" otherwise
	unit     string
}

func (s Summary) String() string {
	if s.Nothing != "" {
		return "nothing, because " + s.Nothing
	}
	parts := []string{fmt.Sprintf("%d %ss", s.Rows, s.unit)}
	if s.Rows == 1 {
		parts[0] = "1 " + s.unit
	}
	if s.Nameless > 0 {
		parts = append(parts, fmt.Sprintf("%d without their department, which is too small to be named", s.Nameless))
	}
	if s.LeftOut > 0 {
		parts = append(parts, fmt.Sprintf("%d left out, because their group is too small", s.LeftOut))
	}
	return strings.Join(parts, ", ")
}

// source is one closed wave, ready to be written out.
type source struct {
	wave        surveys.Wave
	document    *surveys.Document
	plan        *plan
	counted     *tally.Reading
	departments map[surveys.DepartmentID]string
	bands       map[surveys.BandID]string
	offered     [][]string // the options of each question that have columns of their own
	cells       []string   // of the latest row
}

// rows is a file that takes row after row.
type rows interface {
	row(cells []string) error
	flush() error
}

// export runs write over one unmoving state of the database, with a file whose header is written.
func export(ctx context.Context, s *store.Store, q *surveys.Questionnaire, wave surveys.Wave, out rows, header []string,
	write func(tx *store.Tx, src *source, out rows) error) error {
	begun := false
	return s.Snapshot(ctx, "report: export", func(tx *store.Tx) error {
		if begun {
			// The store tries again after a conflict, but what is written cannot be taken back.
			return &surveys.Error{Kind: surveys.Unavailable, Op: "report", Message: "the database was interrupted; please try again"}
		}
		src, err := open(ctx, s, tx, q, wave.ID)
		if err != nil {
			return err
		}
		begun = true
		if err := out.row(header); err != nil {
			return err
		}
		if err := write(tx, src, out); err != nil {
			return err
		}
		return out.flush()
	})
}

// open reads what is counted of a wave, and decides what may be told of it, over one unmoving state of the database.
func open(ctx context.Context, s *store.Store, tx *store.Tx, q *surveys.Questionnaire, id surveys.WaveID) (*source, error) {
	wave, err := waves.ByID(tx, id)
	if err != nil {
		return nil, err
	}
	if wave.State != surveys.Closed {
		return nil, &surveys.Error{Kind: surveys.Conflict, Op: "report",
			Message: fmt.Sprintf("the wave %q is still open; its responses can be exported once it is closed", wave.Label)}
	}
	src := &source{wave: wave, document: q.Document, departments: map[surveys.DepartmentID]string{}, bands: map[surveys.BandID]string{}}
	if src.counted, err = tally.OfWave(ctx, s, id); err != nil {
		return nil, err
	}
	if err := src.agree(tx); err != nil {
		return nil, err
	}
	departments, err := people.Departments(ctx, s)
	if err != nil {
		return nil, err
	}
	for _, d := range departments {
		src.departments[d.ID] = d.Name
	}
	bands, err := people.Bands(ctx, s)
	if err != nil {
		return nil, err
	}
	for _, b := range bands {
		src.bands[b.ID] = b.Name
	}
	for i := range q.Document.Questions {
		src.offered = append(src.offered, options(&q.Document.Questions[i]))
	}
	src.plan = newPlan(gate.Of(q.Document, src.wave.State, src.counted))
	return src, nil
}

// everyone are the people who took part.
func (src *source) everyone() map[tally.Cell]tally.Score {
	return src.counted.Scores[tally.Everyone]
}

// agree makes sure that the tallies are those of the responses at hand. Only an import into the wave at this very
// moment, or a fault that soundings verify would find, can part them; a file made of both could tell one from the other.
func (src *source) agree(tx *store.Tx) error {
	sizes, err := intake.SettledSizes(tx, src.wave.ID)
	if err != nil {
		return err
	}
	stored, counted := map[tally.Cell]int{}, map[tally.Cell]int{}
	for _, c := range sizes {
		stored[tally.Cell{Department: c.Department, Band: c.Band}] = c.N
	}
	for cell, score := range src.everyone() {
		if score.N > 0 {
			counted[cell] = score.N
		}
	}
	if !maps.Equal(stored, counted) {
		return &surveys.Error{Kind: surveys.Unavailable, Op: "report",
			Message: fmt.Sprintf("the wave %q has changed just now; please try again (soundings verify finds out if it keeps failing)", src.wave.Label)}
	}
	return nil
}
