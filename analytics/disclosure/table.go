package disclosure

import (
	"math/bits"
	"slices"
)

// TableDecision decides over a table of cells and its margins. All of it may be published together, in
// one view or in many: a page filtered to one column shows nothing that is not in here.
type TableDecision struct {
	Total   Decision
	Rows    []Decision
	Columns []Decision
	Cells   [][]Decision // Cells[row][column], rectangular
}

// Table decides over departments (rows) by bands (columns): the total, the total of each row and of
// each column, and each cell. Missing cells of shorter rows are empty. Cells must hold everybody:
// people of no department or band are a row or column of their own.
//
// Nothing that a reader can add or subtract together from what is Shown is an unsafe group, nor a difference
// that concerns fewer people than the minimum, even for a reader who knows which cells are empty, and takes
// coarse groups to be all on one side.
func (r Rule) Table(cells [][]Aggregate) TableDecision {
	m := newMember(r, cells, false)
	together([]*member{m})
	return m.demoted()
}

// grid is a rectangular table of digests with its margins.
type grid struct {
	cells         [][]digest
	rows, columns []digest
	total         digest
	answers       [][]Aggregate // what was asked about
	places        int           // the most answers that are counted of a cell
}

func newGrid(cells [][]Aggregate) grid {
	width := 0
	for _, row := range cells {
		width = max(width, len(row))
	}
	g := grid{
		cells:   make([][]digest, len(cells)),
		rows:    make([]digest, len(cells)),
		columns: make([]digest, width),
		answers: make([][]Aggregate, len(cells)),
	}
	for i, row := range cells {
		g.cells[i] = make([]digest, width)
		g.answers[i] = append(slices.Clone(row), make([]Aggregate, width-len(row))...)
		for j := range row {
			g.places = max(g.places, len(row[j].Counts))
			d := digestOf(row[j])
			g.cells[i][j] = d
			g.rows[i].add(&d)
			g.columns[j].add(&d)
		}
		g.total.add(&g.rows[i])
	}
	return g
}

func (g *grid) transposed() grid {
	return grid{cells: transpose(g.cells, len(g.columns)), rows: g.columns, columns: g.rows, total: g.total,
		answers: transpose(g.answers, len(g.columns)), places: g.places}
}

func (t *TableDecision) transposed() TableDecision {
	cells := transpose(t.Cells, len(t.Columns))
	return TableDecision{Total: t.Total, Rows: t.Columns, Columns: t.Rows, Cells: cells}
}

func transpose[T any](cells [][]T, width int) [][]T {
	turned := make([][]T, width)
	for j := range turned {
		turned[j] = make([]T, len(cells))
		for i := range cells {
			turned[j][i] = cells[i][j]
		}
	}
	return turned
}

func hideShown(each []Decision) {
	for i := range each {
		if each[i].Level == Shown {
			each[i] = Decision{Hidden, Protects}
		}
	}
}

// largestFirst gives the indices of the groups at a level, those of most people first.
func largestFirst(groups []digest, each []Decision, level Level) []int {
	var order []int
	for i := range groups {
		if each[i].Level == level {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return groups[b].n - groups[a].n })
	return order
}

// set is a set of column lines.
type set uint32

func (s set) has(line int) bool { return s>>line&1 != 0 }

func (s set) first() int { return bits.TrailingZeros32(uint32(s)) }
