package report

import (
	"slices"

	"soundings/analytics/disclosure"
	"soundings/analytics/gate"
	"soundings/analytics/tally"
	"soundings/surveys"
)

// table is one measure of a wave by department and band, with what the gate lets the pages tell of it.
type table struct{ *gate.Table }

// shows reports whether a department's figure is told.
func (t table) shows(d surveys.DepartmentID) bool {
	return t.people(d) > 0 && t.OfDepartment(d).Level == disclosure.Shown
}

// showsBands reports whether the figures of all its bands with anybody in them are told, too.
func (t table) showsBands(d surveys.DepartmentID) bool {
	i, ok := slices.BinarySearch(t.Departments, d)
	if !ok {
		return true // nobody
	}
	for j, cell := range t.Decisions.Cells[i] {
		if t.Cells[i][j].N > 0 && cell.Level != disclosure.Shown {
			return false
		}
	}
	return true
}

// people is how many of a department are in the measure.
func (t table) people(d surveys.DepartmentID) int {
	n := 0
	if i, ok := slices.BinarySearch(t.Departments, d); ok {
		for _, c := range t.Cells[i] {
			n += c.N
		}
	}
	return n
}

// tellsOf reports whether a department, or any band of it, is told apart.
func (t table) tellsOf(d surveys.DepartmentID) bool {
	i, ok := slices.BinarySearch(t.Departments, d)
	return ok && t.people(d) > 0 && (told(t.Decisions.Rows[i]) || slices.ContainsFunc(t.Decisions.Cells[i], told))
}

// showsTogether reports whether the sums over some departments of a measure may be told beside everything the pages tell.
// Nothing of any of them may be told apart, in whole or by band, of this or of what is decided together with it. The gate
// itself answers for the rest: it is asked about the wave as if they were one department, and must let through this one
// and all that the pages show.
//
// That is at least as strict as asking only whether the sum, and what remains of the other withheld departments, are
// safe: it covers sums across bands as well. What the gate shows together is safe together, so leaving some of it
// out is, too.
func showsTogether(w, joined *gate.Wave, departments []surveys.DepartmentID, measure tally.Measure) bool {
	for _, m := range gate.Needs(w.Document, measure) {
		if m.Internal() {
			continue
		}
		t, with := table{w.Table(m)}, table{joined.Table(m)}
		if slices.ContainsFunc(departments, t.tellsOf) || with.tellsLess(t, departments) {
			return false
		}
	}
	return table{joined.Table(measure)}.shows(gate.Together)
}

// tellsLess reports whether anything is told of other departments that this does not tell.
func (t table) tellsLess(than table, without []surveys.DepartmentID) bool {
	if less(t.Decisions.Total, than.Decisions.Total) {
		return true
	}
	for j, b := range than.Bands {
		if less(t.OfBand(b), than.Decisions.Columns[j]) {
			return true
		}
	}
	for i, d := range than.Departments {
		if slices.Contains(without, d) {
			continue
		}
		if less(t.OfDepartment(d), than.Decisions.Rows[i]) {
			return true
		}
		for j, b := range than.Bands {
			if less(t.OfCell(d, b), than.Decisions.Cells[i][j]) {
				return true
			}
		}
	}
	return false
}

func told(d disclosure.Decision) bool { return d.Level != disclosure.Hidden }

func less(d, than disclosure.Decision) bool { return d.Level < than.Level }
