// Package gate puts what was counted of a wave to the disclosure gate. Pages, files and the API all take their decisions
// from here, so that no two of them can decide differently about the same people.
package gate

import (
	"maps"
	"slices"

	"soundings/analytics/disclosure"
	"soundings/analytics/tally"
	"soundings/surveys"
)

// Wave is what was counted of a wave, and the decisions about it. It is for one goroutine.
type Wave struct {
	Document *surveys.Document
	State    surveys.WaveState
	// Scores and Values hold what Needs names of every measure that Table is asked about.
	Scores map[tally.Measure]map[tally.Cell]tally.Score
	Values map[string]*tally.Distribution // by question

	joined map[surveys.DepartmentID]bool
	tables map[tally.Measure]*Table
}

// Of is a wave of which everything is counted.
func Of(doc *surveys.Document, state surveys.WaveState, counted *tally.Reading) *Wave {
	return &Wave{Document: doc, State: state, Scores: counted.Scores, Values: counted.Distributions}
}

// Needs lists the measures that decisions about one depend on: of an item, its construct and all items of that, and who
// answered all of them, or some. What is a question of them is needed with its values.
func Needs(doc *surveys.Document, m tally.Measure) []tally.Measure {
	construct, ok := family(doc, m)
	if !ok {
		return []tally.Measure{m}
	}
	list := []tally.Measure{tally.OfConstruct(construct), tally.OfWhole(construct), tally.OfPartial(construct)}
	for _, item := range doc.Items(construct) {
		list = append(list, tally.OfQuestion(item.ID))
	}
	return list
}

// family is the construct of a measure that is an item. Of a named survey, whose people agreed to be named, nothing needs
// to be withheld for the sake of others, so that there are none.
func family(doc *surveys.Document, m tally.Measure) (construct string, ok bool) {
	id, _ := m.Question()
	q, found := doc.Question(id)
	if !found || q.Construct == "" || doc.Anonymity == surveys.Named {
		return "", false
	}
	return q.Construct, true
}

// Table is a measure of a wave by department and band, with the decision on every cell and margin. The decision covers all
// views of it together, so whichever filter a reader picks, nothing can be subtracted.
type Table struct {
	Departments []surveys.DepartmentID
	Bands       []surveys.BandID
	Cells       [][]disclosure.Aggregate
	Decisions   disclosure.TableDecision
	rule        disclosure.Rule
}

// Table decides about a measure: taking part, a construct or a question.
func (w *Wave) Table(m tally.Measure) *Table {
	if t, ok := w.tables[m]; ok {
		return t
	}
	if w.tables == nil {
		w.tables = map[tally.Measure]*Table{}
	}
	if construct, ok := family(w.Document, m); ok && !w.waiting() {
		w.decideItems(construct)
		return w.tables[m]
	}
	t := w.table(w.cells(m))
	if w.waiting() {
		t.Decisions = hidden(t.Cells, disclosure.WaveOpen)
	} else {
		t.Decisions = w.rule().Table(t.Cells)
	}
	w.tables[m] = t
	return t
}

func (w *Wave) rule() disclosure.Rule { return disclosure.Rule{Minimum: w.Document.SmallestGroup()} }

// waiting reports whether results wait for the closing of the wave.
func (w *Wave) waiting() bool {
	return w.State != surveys.Closed && w.Document.Results != surveys.WhileOpen
}

// hidden is a decision that shows nothing.
func hidden(cells [][]disclosure.Aggregate, why disclosure.Reason) disclosure.TableDecision {
	none := disclosure.Decision{Level: disclosure.Hidden, Reason: why}
	t := disclosure.TableDecision{Total: none, Rows: slices.Repeat([]disclosure.Decision{none}, len(cells))}
	for _, row := range cells {
		t.Columns = slices.Repeat([]disclosure.Decision{none}, len(row))
		t.Cells = append(t.Cells, slices.Repeat([]disclosure.Decision{none}, len(row)))
	}
	return t
}

// cells are the groups of a measure as the gate needs to know them.
func (w *Wave) cells(m tally.Measure) map[tally.Cell]disclosure.Aggregate {
	values, scores := w.Distribution(m), w.Scores[m]
	cells := make(map[tally.Cell]disclosure.Aggregate, len(scores))
	for cell, score := range scores {
		a := score.Aggregate()
		if w.State != surveys.Closed {
			a.Moved = score.N // while a wave is open, tally moves people only in steps that satisfy the gate
		}
		if len(values.Values) > 0 {
			a.Counts = make([]int, len(values.Values))
			copy(a.Counts, values.Cells[cell])
		}
		w.put(cells, cell, a)
	}
	return cells
}

// Distribution is how often each value of a measure was given; nothing of one that is no question.
func (w *Wave) Distribution(m tally.Measure) *tally.Distribution {
	id, _ := m.Question()
	if d := w.Values[id]; d != nil {
		return d
	}
	return &tally.Distribution{}
}

// put adds people to the cell they are counted in.
func (w *Wave) put(cells map[tally.Cell]disclosure.Aggregate, cell tally.Cell, a disclosure.Aggregate) {
	if !w.joined[cell.Department] {
		cells[cell] = a
		return
	}
	cell.Department = Together
	cells[cell] = cells[cell].Plus(a)
}

// table lays cells out: the departments and bands of any of them, in order.
func (w *Wave) table(cells map[tally.Cell]disclosure.Aggregate) *Table {
	t := &Table{rule: w.rule()}
	t.Departments, t.Bands = sides(cells)
	t.Cells = layOut(t.Departments, t.Bands, cells)
	return t
}

func sides[T any](cells map[tally.Cell]T) ([]surveys.DepartmentID, []surveys.BandID) {
	departments, bands := map[surveys.DepartmentID]bool{}, map[surveys.BandID]bool{}
	for cell := range cells {
		departments[cell.Department], bands[cell.Band] = true, true
	}
	return slices.Sorted(maps.Keys(departments)), slices.Sorted(maps.Keys(bands))
}

func layOut(departments []surveys.DepartmentID, bands []surveys.BandID, cells map[tally.Cell]disclosure.Aggregate) [][]disclosure.Aggregate {
	rows := make([][]disclosure.Aggregate, len(departments))
	for i, d := range departments {
		rows[i] = make([]disclosure.Aggregate, len(bands))
		for j, b := range bands {
			rows[i][j] = cells[tally.Cell{Department: d, Band: b}]
		}
	}
	return rows
}

// Together stands for the departments that are joined.
const Together surveys.DepartmentID = -1

// Joining is the wave as it would be if some departments were one, called Together. What is told of them in it may be told
// beside all else if it shows no less of the others than the wave does, and if the wave shows nothing of any of them.
func (w *Wave) Joining(departments []surveys.DepartmentID) *Wave {
	other := &Wave{Document: w.Document, State: w.State, Scores: w.Scores, Values: w.Values, joined: map[surveys.DepartmentID]bool{}}
	for _, d := range departments {
		other.joined[d] = true
	}
	return other
}
