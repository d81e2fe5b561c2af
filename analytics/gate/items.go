package gate

import (
	"maps"
	"slices"

	"soundings/analytics/disclosure"
	"soundings/analytics/tally"
	"soundings/surveys"
)

// decideItems decides about all items of a construct, together; see disclosure.Family.
//
// While results are shown before the closing, the construct and its items need not have counted the same people. So the
// items wait for the closing; and as readers then know the construct of earlier moments, too, the last shows nothing if
// anybody left something out.
func (w *Wave) decideItems(construct string) {
	items := w.Document.Items(construct)
	tables, cells := make([]*Table, len(items)), make([]map[tally.Cell]disclosure.Aggregate, len(items))
	everyone := map[tally.Cell]bool{}
	for i, item := range items {
		cells[i] = w.cells(tally.OfQuestion(item.ID))
		tables[i] = w.table(cells[i])
		w.tables[tally.OfQuestion(item.ID)] = tables[i]
		for cell := range cells[i] {
			everyone[cell] = true
		}
	}
	whole, last := w.answered(construct)
	several := len(items) > 1
	// Without any of these a wave was counted by an earlier version; soundings rebuild counts them.
	if several && (w.State != surveys.Closed || len(whole) == 0) {
		for _, t := range tables {
			t.Decisions = hidden(t.Cells, disclosure.Protects)
		}
		return
	}
	for cell := range whole {
		everyone[cell] = true
	}
	departments, bands := sides(everyone)
	own := w.Table(tally.OfConstruct(construct))
	family := disclosure.Family{Construct: own.among(departments, bands)}
	for _, own := range cells {
		family.Items = append(family.Items, layOut(departments, bands, own))
	}
	if several {
		family.Whole, family.Last = layOut(departments, bands, whole), layOut(departments, bands, last)
	}
	all := &Table{Departments: departments, Bands: bands, rule: w.rule()}
	for i, decision := range w.rule().Family(family) {
		all.Decisions = decision
		tables[i].Decisions = all.among(tables[i].Departments, tables[i].Bands)
	}
	if at := tables[len(tables)-1]; several && w.Document.Results == surveys.WhileOpen && len(w.Scores[tally.OfPartial(construct)]) > 0 {
		at.Decisions = hidden(at.Cells, disclosure.Protects)
	}
}

// answered is what disclosure.Items makes of those who answered all items of a construct, and of those who left some out.
func (w *Wave) answered(construct string) (whole, last map[tally.Cell]disclosure.Aggregate) {
	all, some := w.Scores[tally.OfWhole(construct)], w.Scores[tally.OfPartial(construct)]
	whole, last = map[tally.Cell]disclosure.Aggregate{}, map[tally.Cell]disclosure.Aggregate{}
	cells := maps.Clone(all)
	if cells == nil {
		cells = map[tally.Cell]tally.Score{}
	}
	maps.Copy(cells, some)
	for cell := range cells {
		ofItems, ofLast := disclosure.Items(all[cell].Aggregate(), some[cell].Aggregate())
		w.put(whole, cell, ofItems)
		w.put(last, cell, ofLast)
	}
	return whole, last
}

// among is the decisions on some departments and bands.
func (t *Table) among(departments []surveys.DepartmentID, bands []surveys.BandID) disclosure.TableDecision {
	some := disclosure.TableDecision{Total: t.Decisions.Total, Rows: make([]disclosure.Decision, len(departments)),
		Columns: make([]disclosure.Decision, len(bands)), Cells: make([][]disclosure.Decision, len(departments))}
	for i, d := range departments {
		some.Rows[i] = t.OfDepartment(d)
		some.Cells[i] = make([]disclosure.Decision, len(bands))
		for j, b := range bands {
			some.Cells[i][j] = t.OfCell(d, b)
		}
	}
	for j, b := range bands {
		some.Columns[j] = t.OfBand(b)
	}
	return some
}

// Nobody is the decision on a group of which there is nobody: told no differently from a few, unless people agreed to be named.
func (t *Table) Nobody() disclosure.Decision {
	if t.Decisions.Total.Reason == disclosure.WaveOpen {
		return t.Decisions.Total
	}
	return t.rule.Nobody()
}

// OfDepartment is the decision on a department.
func (t *Table) OfDepartment(id surveys.DepartmentID) disclosure.Decision {
	if i, ok := slices.BinarySearch(t.Departments, id); ok {
		return t.Decisions.Rows[i]
	}
	return t.Nobody()
}

// OfBand is the decision on a band.
func (t *Table) OfBand(id surveys.BandID) disclosure.Decision {
	if j, ok := slices.BinarySearch(t.Bands, id); ok {
		return t.Decisions.Columns[j]
	}
	return t.Nobody()
}

// OfCell is the decision on a band of a department.
func (t *Table) OfCell(d surveys.DepartmentID, b surveys.BandID) disclosure.Decision {
	i, okRow := slices.BinarySearch(t.Departments, d)
	j, okColumn := slices.BinarySearch(t.Bands, b)
	if !okRow || !okColumn {
		return t.Nobody()
	}
	return t.Decisions.Cells[i][j]
}
