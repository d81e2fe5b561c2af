package report

import (
	"cmp"
	"maps"
	"slices"

	"soundings/analytics/disclosure"
	"soundings/analytics/tally"
	"soundings/surveys"
)

// table is one measure of a wave by department and band, with what the gate lets the pages tell of it.
type table struct {
	rule        disclosure.Rule
	departments []surveys.DepartmentID
	bands       []surveys.BandID
	cells       [][]disclosure.Aggregate
	decisions   disclosure.TableDecision
	absent      bool // whether it may be told that a department has nobody in it
}

// newTable puts the question to the gate as the pages do (analytics' own grid), so that file and pages agree: the
// departments and bands with any answer, sorted, and the tallied values, sorted.
func newTable(rule disclosure.Rule, counts *tally.Counts, measure tally.Measure, question string) *table {
	departments, bands, values := map[surveys.DepartmentID]bool{}, map[surveys.BandID]bool{}, map[string]bool{}
	for key := range counts.Scores {
		if key.Measure == measure {
			departments[key.Department], bands[key.Band] = true, true
		}
	}
	if question != "" {
		for key := range counts.Values {
			if key.Question == question {
				values[key.Value] = true
			}
		}
	}
	t := &table{rule: rule, departments: slices.Sorted(maps.Keys(departments)), bands: slices.Sorted(maps.Keys(bands))}
	sorted := slices.Sorted(maps.Keys(values))
	for _, d := range t.departments {
		row := make([]disclosure.Aggregate, len(t.bands))
		for j, b := range t.bands {
			cell := tally.Cell{Department: d, Band: b}
			row[j] = counts.Scores[tally.Key{Measure: measure, Cell: cell}].Aggregate()
			if len(sorted) > 0 {
				row[j].Counts = make([]int, len(sorted))
				for i, v := range sorted {
					row[j].Counts[i] = counts.Values[tally.ValueKey{Question: question, Cell: cell, Value: v}]
				}
			}
		}
		t.cells = append(t.cells, row)
	}
	t.decisions = rule.Table(t.cells)
	return t
}

// newItems makes the tables of those who answered all items of a construct and of those who left some out: what they do
// not show, the items of the construct, or the last of them, do not show (disclosure.Items). If readers of the open wave
// have seen the construct, the last item shows nothing as soon as anybody left something out.
func newItems(rule disclosure.Rule, counts *tally.Counts, doc *surveys.Document, construct string) (items, last *table) {
	whole := newTable(rule, counts, tally.OfWhole(construct), "")
	partial := newTable(rule, counts, tally.OfPartial(construct), "")
	tableOf := func(choose func(whole, partial disclosure.Aggregate) disclosure.Aggregate) *table {
		t := &table{rule: rule.Weighed(), absent: true}
		t.departments = union(whole.departments, partial.departments)
		t.bands = union(whole.bands, partial.bands)
		for _, d := range t.departments {
			var row []disclosure.Aggregate
			for _, b := range t.bands {
				row = append(row, choose(whole.cell(d, b), partial.cell(d, b)))
			}
			t.cells = append(t.cells, row)
		}
		t.decisions = t.rule.Table(t.cells)
		return t
	}
	items = tableOf(func(w, p disclosure.Aggregate) disclosure.Aggregate { a, _ := disclosure.Items(w, p); return a })
	last = tableOf(func(w, p disclosure.Aggregate) disclosure.Aggregate { _, a := disclosure.Items(w, p); return a })
	if len(items.departments) == 0 { // counted before these were
		return &table{rule: rule}, &table{rule: rule}
	}
	if doc.Results == surveys.WhileOpen && doc.Anonymity != surveys.Named && len(partial.departments) > 0 {
		last = &table{rule: rule}
	}
	return items, last
}

func union[T cmp.Ordered](a, b []T) []T {
	both := slices.Concat(a, b)
	slices.Sort(both)
	return slices.Compact(both)
}

// cell is what the gate was asked about a department and band.
func (t *table) cell(d surveys.DepartmentID, b surveys.BandID) disclosure.Aggregate {
	i, okRow := slices.BinarySearch(t.departments, d)
	j, okColumn := slices.BinarySearch(t.bands, b)
	if !okRow || !okColumn {
		return disclosure.Aggregate{}
	}
	return t.cells[i][j]
}

// shows reports whether a department's figure is told.
func (t *table) shows(d surveys.DepartmentID) bool {
	if t.people(d) == 0 {
		return t.absent
	}
	i, ok := slices.BinarySearch(t.departments, d)
	return ok && t.decisions.Rows[i].Level == disclosure.Shown
}

// showsBands reports whether the figures of all its bands with anybody in them are told, too.
func (t *table) showsBands(d surveys.DepartmentID) bool {
	i, ok := slices.BinarySearch(t.departments, d)
	if !ok {
		return true // nobody
	}
	for j, cell := range t.decisions.Cells[i] {
		if t.cells[i][j].N > 0 && cell.Level != disclosure.Shown {
			return false
		}
	}
	return true
}

// people is how many of a department are in the measure.
func (t *table) people(d surveys.DepartmentID) int {
	n := 0
	if i, ok := slices.BinarySearch(t.departments, d); ok {
		for _, c := range t.cells[i] {
			n += c.N
		}
	}
	return n
}

// showsTogether reports whether the sum over some departments may be told beside everything the pages tell. Nothing of
// any of them may be told apart, in whole or by band. The gate itself answers for the rest: it is asked about a table in
// which they are one department, and must let through this one and all that the pages show.
//
// That is at least as strict as asking only whether the sum, and what remains of the other withheld departments, are
// safe: it covers sums across bands as well. What the gate shows together is safe together, so leaving some of it
// out is, too.
func (t *table) showsTogether(departments []surveys.DepartmentID) bool {
	var merged [][]disclosure.Aggregate
	var kept []int
	together := make([]disclosure.Aggregate, len(t.bands))
	found := false
	for i, d := range t.departments {
		if !slices.Contains(departments, d) || t.people(d) == 0 {
			merged, kept = append(merged, t.cells[i]), append(kept, i)
			continue
		}
		if t.decisions.Rows[i].Level != disclosure.Hidden || slices.ContainsFunc(t.decisions.Cells[i], told) {
			return false
		}
		found = true
		for j, cell := range t.cells[i] {
			together[j] = together[j].Plus(cell)
		}
	}
	if !found {
		return t.absent
	}
	with := t.rule.Table(append(merged, together))
	if with.Rows[len(kept)].Level != disclosure.Shown || tellsLess(with.Total, t.decisions.Total) {
		return false
	}
	for j := range t.bands {
		if tellsLess(with.Columns[j], t.decisions.Columns[j]) {
			return false
		}
	}
	for at, i := range kept {
		if tellsLess(with.Rows[at], t.decisions.Rows[i]) {
			return false
		}
		for j := range t.bands {
			if tellsLess(with.Cells[at][j], t.decisions.Cells[i][j]) {
				return false
			}
		}
	}
	return true
}

func told(d disclosure.Decision) bool { return d.Level != disclosure.Hidden }

func tellsLess(d, than disclosure.Decision) bool { return d.Level < than.Level }
