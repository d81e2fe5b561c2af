package analytics

import (
	"maps"
	"slices"

	"soundings/analytics/disclosure"
	"soundings/analytics/tally"
	"soundings/surveys"
)

// grid is one measure of one wave, by department and band, with the gate's decision on every cell and margin.
// The decision covers all views of the grid together, so whichever filter a reader picks, nothing can be subtracted.
type grid struct {
	departments []surveys.DepartmentID
	bands       []surveys.BandID
	scores      [][]tally.Score
	counts      map[tally.Cell]map[string]int // of a question; nil for constructs
	decisions   disclosure.TableDecision
	headcounts  map[surveys.DepartmentID]int
	kind        surveys.Kind
	empty       disclosure.Decision // on groups of which there is nobody
}

// subject says whose figures a grid holds and under which promise.
type subject struct {
	wave          surveys.Wave
	questionnaire *surveys.Questionnaire
	question      *surveys.Question // nil for constructs and participation
	headcounts    map[surveys.DepartmentID]int
}

func newGrid(sub subject, scores map[tally.Cell]tally.Score, counts map[tally.Cell]map[string]int) *grid {
	g := &grid{counts: counts, headcounts: sub.headcounts, empty: unknown}
	if sub.question != nil {
		g.kind = sub.question.Kind
	}
	g.departments, g.bands = sides(scores)
	values := g.values()
	cells := make([][]disclosure.Aggregate, len(g.departments))
	g.scores = make([][]tally.Score, len(g.departments))
	for i, d := range g.departments {
		cells[i] = make([]disclosure.Aggregate, len(g.bands))
		g.scores[i] = make([]tally.Score, len(g.bands))
		for j, b := range g.bands {
			cell := tally.Cell{Department: d, Band: b}
			g.scores[i][j] = scores[cell]
			cells[i][j] = aggregate(scores[cell], counts[cell], values, sub.wave.State)
		}
	}
	g.decisions = decide(sub, cells)
	return g
}

// sides lists the departments and bands of some cells, in order.
func sides[T any](cells map[tally.Cell]T) ([]surveys.DepartmentID, []surveys.BandID) {
	departments, bands := map[surveys.DepartmentID]bool{}, map[surveys.BandID]bool{}
	for cell := range cells {
		departments[cell.Department], bands[cell.Band] = true, true
	}
	return slices.Sorted(maps.Keys(departments)), slices.Sorted(maps.Keys(bands))
}

// decide asks the gate. A wave whose results wait for its closing shows nothing before.
func decide(sub subject, cells [][]disclosure.Aggregate) disclosure.TableDecision {
	doc := sub.questionnaire.Document
	if sub.wave.State != surveys.Closed && doc.Results != surveys.WhileOpen {
		return closedView(cells)
	}
	return disclosure.Rule{Minimum: doc.SmallestGroup()}.Table(cells)
}

func closedView(cells [][]disclosure.Aggregate) disclosure.TableDecision {
	hidden := disclosure.Decision{Level: disclosure.Hidden, Reason: disclosure.WaveOpen}
	t := disclosure.TableDecision{Total: hidden, Rows: make([]disclosure.Decision, len(cells)), Cells: make([][]disclosure.Decision, len(cells))}
	for i, row := range cells {
		t.Rows[i] = hidden
		t.Cells[i] = make([]disclosure.Decision, len(row))
		t.Columns = make([]disclosure.Decision, len(row))
		for j := range row {
			t.Cells[i][j], t.Columns[j] = hidden, hidden
		}
	}
	return t
}

func (g *grid) values() []string {
	seen := map[string]bool{}
	for _, byValue := range g.counts {
		for v := range byValue {
			seen[v] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func aggregate(s tally.Score, counts map[string]int, values []string, state surveys.WaveState) disclosure.Aggregate {
	a := s.Aggregate()
	if state != surveys.Closed {
		a.Moved = s.N // while a wave is open, tally moves people only in steps that satisfy the gate
	}
	if len(values) > 0 {
		a.Counts = make([]int, len(values))
		for i, v := range values {
			a.Counts[i] = counts[v]
		}
	}
	return a
}

// group joins the cells of a department and band; 0 in anyDepartment or anyBand's place means all of them.
func (g *grid) group(d disclosure.Decision, rows, columns []int, headcount int) Group {
	var sum tally.Score
	var counts map[string]int
	for _, i := range rows {
		for _, j := range columns {
			sum = sum.Plus(g.scores[i][j])
			for v, n := range g.counts[tally.Cell{Department: g.departments[i], Band: g.bands[j]}] {
				if counts == nil {
					counts = map[string]int{}
				}
				counts[v] += n
			}
		}
	}
	return reveal(d, sum, counts, headcount, g.kind)
}

func all(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// unknown is the decision on a group of which there is nobody: told no differently from a few.
var unknown = disclosure.Decision{Level: disclosure.Hidden, Reason: disclosure.TooFew}

func (g *grid) total() Group {
	return g.group(g.decisions.Total, all(len(g.departments)), all(len(g.bands)), g.organisation())
}

// organisation is the headcount of all departments, if it is known for each that answered.
func (g *grid) organisation() int {
	sum := 0
	for _, n := range g.headcounts {
		sum += n
	}
	for _, d := range g.departments {
		if g.headcounts[d] == 0 {
			return 0
		}
	}
	return sum
}

func (g *grid) department(id surveys.DepartmentID) Group {
	i, ok := slices.BinarySearch(g.departments, id)
	if !ok {
		return g.nobody(id)
	}
	return g.group(g.decisions.Rows[i], []int{i}, all(len(g.bands)), g.headcounts[id])
}

func (g *grid) band(id surveys.BandID) Group {
	j, ok := slices.BinarySearch(g.bands, id)
	if !ok {
		return g.nobody(0)
	}
	return g.group(g.decisions.Columns[j], all(len(g.departments)), []int{j}, 0)
}

func (g *grid) cell(d surveys.DepartmentID, b surveys.BandID) Group {
	i, okRow := slices.BinarySearch(g.departments, d)
	j, okColumn := slices.BinarySearch(g.bands, b)
	if !okRow || !okColumn {
		return g.nobody(0)
	}
	return g.group(g.decisions.Cells[i][j], []int{i}, []int{j}, 0) // headcounts are frozen by department only
}

func (g *grid) nobody(id surveys.DepartmentID) Group {
	d := unknown
	if g.decisions.Total.Reason == disclosure.WaveOpen {
		d = g.decisions.Total
	}
	return Group{Level: d.Level, Reason: d.Reason, Headcount: g.headcounts[id]}
}

// has reports whether the department belongs to the wave: somebody answered, or it had a headcount when the wave opened.
func (g *grid) has(id surveys.DepartmentID) bool {
	_, answered := slices.BinarySearch(g.departments, id)
	return answered || g.headcounts[id] > 0
}

// of is the department's group, of one band if band is not 0.
func (g *grid) of(d surveys.DepartmentID, band surveys.BandID) Group {
	if band != 0 {
		return g.cell(d, band)
	}
	return g.department(d)
}

// units are the departments of the wave or the bands, in the order of the organisation's lists.
func (g *grid) units(ask WaveQuery, departments []surveys.Department, bands []surveys.Band) (list []Unit) {
	if ask.By == ByBand {
		for _, b := range bands {
			list = append(list, Unit{Band: b})
		}
		return list
	}
	for _, d := range departments {
		if g.has(d.ID) {
			list = append(list, Unit{Department: d})
		}
	}
	return list
}

// in is the group of a unit under the filters of a question, or of all units together for the zero Unit.
func (g *grid) in(ask WaveQuery, of Unit) Group {
	department, band := ask.Department, ask.Band
	if of.Department.ID != 0 {
		department = of.Department.ID
	}
	if of.Band.ID != 0 {
		band = of.Band.ID
	}
	switch {
	case department != 0:
		return g.of(department, band)
	case band != 0:
		return g.band(band)
	}
	return g.total()
}
