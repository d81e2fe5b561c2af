package analytics

import (
	"slices"

	"soundings/analytics/disclosure"
	"soundings/analytics/gate"
	"soundings/analytics/tally"
	"soundings/surveys"
)

// grid is one measure of one wave, by department and band, with the gate's decision on every cell and margin.
type grid struct {
	*gate.Table
	scores     map[tally.Cell]tally.Score
	values     *tally.Distribution // of a question; none of a construct
	headcounts map[surveys.DepartmentID]int
	kind       surveys.Kind
}

// gridOf is what may be told of a measure of a wave beside all others.
func gridOf(w *gate.Wave, m tally.Measure, q *surveys.Question, headcounts map[surveys.DepartmentID]int) *grid {
	g := &grid{Table: w.Table(m), scores: w.Scores[m], values: w.Distribution(m), headcounts: headcounts}
	if q != nil {
		g.kind = q.Kind
	}
	return g
}

// single is a measure on which no other depends, of a wave of which nothing else was read.
func single(w Wave, m tally.Measure, scores map[tally.Cell]tally.Score, headcounts map[surveys.DepartmentID]int) *grid {
	counted := &gate.Wave{Document: w.Questionnaire.Document, State: w.State, Scores: map[tally.Measure]map[tally.Cell]tally.Score{m: scores}}
	return gridOf(counted, m, nil, headcounts)
}

// group joins the cells of a department and band; 0 in anyDepartment or anyBand's place means all of them.
func (g *grid) group(d disclosure.Decision, rows, columns []int, headcount int) Group {
	var sum tally.Score
	counts := make([]int, len(g.values.Values))
	for _, i := range rows {
		for _, j := range columns {
			cell := tally.Cell{Department: g.Departments[i], Band: g.Bands[j]}
			sum = sum.Plus(g.scores[cell])
			for v, n := range g.values.Cells[cell] {
				counts[v] += n
			}
		}
	}
	return reveal(d, sum, g.given(counts), headcount, g.kind)
}

// given are the values of a question that anybody gave, and how many.
func (g *grid) given(counts []int) (given map[string]int) {
	for v, n := range counts {
		if n == 0 {
			continue
		}
		if given == nil {
			given = make(map[string]int, len(counts))
		}
		given[g.values.Values[v]] = n
	}
	return given
}

func all(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func (g *grid) total() Group {
	return g.group(g.Decisions.Total, all(len(g.Departments)), all(len(g.Bands)), g.organisation())
}

// organisation is the headcount of all departments, if it is known for each that answered.
func (g *grid) organisation() int {
	sum := 0
	for _, n := range g.headcounts {
		sum += n
	}
	for _, d := range g.Departments {
		if g.headcounts[d] == 0 {
			return 0
		}
	}
	return sum
}

func (g *grid) department(id surveys.DepartmentID) Group {
	i, ok := slices.BinarySearch(g.Departments, id)
	if !ok {
		return g.nobody(id)
	}
	return g.group(g.Decisions.Rows[i], []int{i}, all(len(g.Bands)), g.headcounts[id])
}

func (g *grid) band(id surveys.BandID) Group {
	j, ok := slices.BinarySearch(g.Bands, id)
	if !ok {
		return g.nobody(0)
	}
	return g.group(g.Decisions.Columns[j], all(len(g.Departments)), []int{j}, 0)
}

func (g *grid) cell(d surveys.DepartmentID, b surveys.BandID) Group {
	i, okRow := slices.BinarySearch(g.Departments, d)
	j, okColumn := slices.BinarySearch(g.Bands, b)
	if !okRow || !okColumn {
		return g.nobody(0)
	}
	return g.group(g.Decisions.Cells[i][j], []int{i}, []int{j}, 0) // headcounts are frozen by department only
}

func (g *grid) nobody(id surveys.DepartmentID) Group {
	d := g.Nobody()
	return Group{Level: d.Level, Reason: d.Reason, Headcount: g.headcounts[id]}
}

// has reports whether the department belongs to the wave: somebody answered, or it had a headcount when the wave opened.
func (g *grid) has(id surveys.DepartmentID) bool {
	_, answered := slices.BinarySearch(g.Departments, id)
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
