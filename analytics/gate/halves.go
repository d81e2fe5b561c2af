package gate

import (
	"slices"

	"soundings/analytics/disclosure"
	"soundings/analytics/tally"
	"soundings/surveys"
)

// Split is the people of a department by which of two texts they read: the first, the second, or neither. Either both halves
// are told, each in one sum over all bands, or nothing of the parts is.
type Split struct {
	Parts     [3]tally.Score // in the order of surveys.Variants
	Decisions [3]disclosure.Decision
}

// Halves decides over those who read one of two texts, department by department, beside everything that the wave tells of
// openness; parts are all that was counted of them. See disclosure.Halves.
func (w *Wave) Halves(parts map[tally.PartKey]tally.Score) map[surveys.DepartmentID]Split {
	openness := tally.OfConstruct(surveys.Openness)
	table := w.Table(openness)
	construct := w.splitBy(parts, openness, table.Departments, table.Bands)
	decided := w.rule().Halves(table.Cells, table.Decisions, construct.parts)
	if len(w.Document.Items(surveys.Openness)) > 1 && w.Document.Anonymity != surveys.Named {
		w.alsoComplete(parts, table, decided)
	}
	all := map[surveys.DepartmentID]Split{}
	for row, each := range decided {
		one := Split{Parts: construct.sums[row]}
		copy(one.Decisions[:], each)
		all[table.Departments[row]] = one
	}
	return all
}

// alsoComplete withholds the halves of those departments of which they may not be told of the people who answered all items.
func (w *Wave) alsoComplete(parts map[tally.PartKey]tally.Score, table *Table, decided map[int][]disclosure.Decision) {
	whole := w.splitBy(parts, tally.OfWhole(surveys.Openness), table.Departments, table.Bands)
	also := w.rule().Halves(whole.cells, w.rule().Table(whole.cells), whole.parts)
	for row, each := range decided {
		if of, any := also[row]; any && both(of) {
			continue
		}
		for i := range each {
			if each[i].Level != disclosure.Hidden {
				each[i] = disclosure.Decision{Level: disclosure.Hidden, Reason: disclosure.Protects}
			}
		}
	}
}

// both reports whether the two halves are told, and so whoever is in neither is as well.
func both(each []disclosure.Decision) bool {
	return !slices.ContainsFunc(each[:2], func(d disclosure.Decision) bool { return d.Level != disclosure.Shown })
}

// split is a measure by department and band, and by what people read.
type split struct {
	cells [][]disclosure.Aggregate
	parts map[int][][]disclosure.Aggregate // of the departments on which something was tried, by row
	sums  map[int][3]tally.Score
}

func (w *Wave) splitBy(parts map[tally.PartKey]tally.Score, m tally.Measure, departments []surveys.DepartmentID, bands []surveys.BandID) split {
	s := split{parts: map[int][][]disclosure.Aggregate{}, sums: map[int][3]tally.Score{}}
	for row, d := range departments {
		cells, own := make([]disclosure.Aggregate, len(bands)), make([][]disclosure.Aggregate, 3)
		var sums [3]tally.Score
		for i, variant := range surveys.Variants() {
			own[i] = make([]disclosure.Aggregate, len(bands))
			for j, b := range bands {
				cell := tally.Cell{Department: d, Band: b}
				score := parts[tally.PartKey{Measure: m, Cell: cell, Variant: variant}]
				score.Moved = w.unseen(cell, score.N)
				sums[i] = sums[i].Plus(score)
				own[i][j] = score.Aggregate()
				cells[j] = cells[j].Plus(own[i][j])
			}
		}
		s.cells = append(s.cells, cells)
		if sums[0].N+sums[1].N > 0 {
			s.parts[row], s.sums[row] = own, sums
		}
	}
	return s
}

// unseen is how many of n people of a cell readers have seen in no figure of openness: all, unless some of the cell were
// counted before the wave closed, or came after.
func (w *Wave) unseen(cell tally.Cell, n int) int {
	if score := w.Scores[tally.OfConstruct(surveys.Openness)][cell]; w.State != surveys.Closed || score.Moved != score.N {
		return 0
	}
	return n
}
