package disclosure

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// shapes cover tables up to 4x4 and the flat ones that need turning or give up columns' totals; none
// has more than some 16 non-empty cells, so that the attacker can try every set of them.
var shapes = []shape{
	{rows: 2, columns: 2, most: 12},
	{rows: 3, columns: 3, most: 12, alike: 0.3},
	{rows: 3, columns: 4, empty: 0.3, most: 12, alike: 0.2, moving: true},
	{rows: 4, columns: 3, empty: 0.2, most: 15, moving: true},
	{rows: 4, columns: 4, empty: 0.25, most: 10, alike: 0.1},
	{rows: 4, columns: 4, empty: 0.25, most: 30, alike: 0.1, moving: true},
	{rows: 4, columns: 4, empty: 0.55, most: 12},
	{rows: 1, columns: 6, most: 9, alike: 0.2},
	{rows: 6, columns: 1, most: 9, alike: 0.2, moving: true},
	{rows: 2, columns: 15, empty: 0.65, most: 14, alike: 0.1},
	{rows: 15, columns: 2, empty: 0.65, most: 14, moving: true},
	{rows: 16, columns: 15, empty: 0.95, most: 14, alike: 0.1},
}

// eachTable runs f on made-up tables of every shape and several minimums.
func eachTable(t *testing.T, count int, f func(t *testing.T, people table, k int)) {
	for _, s := range shapes {
		t.Run(fmt.Sprintf("%+v", s), func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, uint64(s.rows*100+s.columns)))
			for range count {
				people, k := s.table(r), []int{3, 5, 8}[r.IntN(3)]
				if nonEmpty(people) <= 16 {
					f(t, people, k)
				}
			}
		})
	}
}

func nonEmpty(people table) (cells int) {
	for _, row := range people {
		for _, cell := range row {
			if len(cell) > 0 {
				cells++
			}
		}
	}
	return cells
}

func TestNothingUnsafeFollowsFromAPublishedTable(t *testing.T) {
	eachTable(t, 60, func(t *testing.T, people table, k int) {
		d := Rule{k}.Table(people.aggregates())
		if why := attack(people, d, k, false); why != "" {
			t.Fatalf("minimum %d: %s\n%s", k, why, sketch(people, d))
		}
	})
}

func TestNothingUnsafeFollowsForAReaderWhoGuessesCoarseGroups(t *testing.T) {
	eachTable(t, 60, func(t *testing.T, people table, k int) {
		d := Rule{k}.Table(people.aggregates())
		if d.Total.Level != Shown {
			return // nothing exact to subtract from
		}
		if why := attack(people, d, k, true); why != "" {
			t.Fatalf("minimum %d: %s\n%s", k, why, sketch(people, d))
		}
	})
}

// The attacker itself is put to the test: gates that forget a rule must not get past it.
func TestTheAttackerBreaksWeakerGates(t *testing.T) {
	gates := map[string]func(r Rule, g grid) TableDecision{
		"the minimum alone": func(r Rule, g grid) TableDecision {
			t := g.judge(r)
			each := func(groups []digest) []Decision {
				own := make([]Decision, len(groups))
				for i := range groups {
					own[i] = r.decide(&groups[i])
				}
				return own
			}
			t.Rows, t.Columns = each(g.rows), each(g.columns)
			return t
		},
		"complement in the margins only": func(r Rule, g grid) TableDecision { return g.judge(r) },
		"complement along rows only": func(r Rule, g grid) TableDecision {
			t := g.judge(r)
			for i := range g.cells {
				if t.Rows[i].Level != Shown {
					hideShown(t.Cells[i])
					continue
				}
				r.protect(&g.rows[i], g.cells[i], t.Cells[i])
			}
			return t
		},
		"each line's own sum only": func(r Rule, g grid) TableDecision {
			t := g.judge(r)
			s := newSolver(r, g, &t)
			for i := range g.cells {
				for j := range g.cells[i] {
					if row, column := s.row(s.rowOf[i]), s.column(s.colOf[j]); !s.fine(&row) || !s.fine(&column) {
						s.mark(i, j, true)
					}
				}
			}
			for i := range t.Cells {
				for j := range t.Cells[i] {
					if s.withheld[i][j] {
						t.Cells[i][j].Level = Hidden
					}
				}
			}
			return t
		},
	}
	for name, gate := range gates {
		t.Run(name, func(t *testing.T) {
			broken, tables := 0, 0
			for _, s := range shapes[1:6] {
				r := rand.New(rand.NewPCG(2, 2))
				for range 40 {
					people := s.table(r)
					g := newGrid(people.aggregates())
					if d := (gate(Rule{5}, g)); d.Total.Level == Shown {
						tables++
						if attack(people, d, 5, false) != "" {
							broken++
						}
					}
				}
			}
			if broken*10 < tables {
				t.Errorf("broke only %d of %d tables", broken, tables)
			}
			t.Logf("broke %d of %d", broken, tables)
		})
	}
}

func TestGuessingCoarseGroupsBreaksAGateThatLetsThemCover(t *testing.T) {
	// Seven of one mind and two others in a department: total minus the seven is the two.
	people := table{
		{sevenAlike(), {{value: 1}, {value: 2}}},
		{mixed(20), mixed(20)},
	}
	g := newGrid(people.aggregates())
	d := g.judge(Rule{5})
	if d.Cells[0][0].Level != Coarse {
		t.Fatalf("the seven are %v, want coarse", d.Cells[0][0])
	}
	if attack(people, d, 5, true) == "" {
		t.Error("the attacker does not subtract the seven")
	}
	if d = (Rule{5}).Table(people.aggregates()); d.Cells[0][0] != (Decision{Hidden, Protects}) {
		t.Errorf("the seven, who cover for the two, are %v", d.Cells[0][0])
	}
}

func sevenAlike() []person {
	people := make([]person, 7)
	for i := range people {
		people[i].value = 5
	}
	return people
}

// mixed is n people who give every answer in turn.
func mixed(n int) []person {
	people := make([]person, n)
	for i := range people {
		people[i].value = 1 + i%5
	}
	return people
}

func TestTableDecisions(t *testing.T) {
	few, protects := Decision{Hidden, TooFew}, Decision{Hidden, Protects}
	shown := Decision{Level: Shown}
	tests := map[string]struct {
		sizes   [][]int
		total   Decision
		rows    []Decision
		columns []Decision
		cells   [][]Decision
	}{
		"all large enough": {
			[][]int{{5, 6}, {7, 8}}, shown, []Decision{shown, shown}, []Decision{shown, shown},
			[][]Decision{{shown, shown}, {shown, shown}},
		},
		"one small cell takes the smallest rectangle": {
			[][]int{{2, 30, 20}, {30, 40, 40}, {21, 40, 20}}, shown,
			[]Decision{shown, shown, shown}, []Decision{shown, shown, shown},
			[][]Decision{{few, shown, protects}, {shown, shown, shown}, {protects, shown, protects}},
		},
		"an empty cell tells nothing and needs no cover": {
			[][]int{{0, 9}, {9, 9}}, shown, []Decision{shown, shown}, []Decision{shown, shown},
			[][]Decision{{few, shown}, {shown, shown}},
		},
		"a small department is covered by the next": {
			[][]int{{3}, {9}, {8}}, shown, []Decision{few, shown, protects}, []Decision{shown},
			[][]Decision{{few}, {shown}, {protects}},
		},
		"two small ones cover for each other": {
			[][]int{{3}, {9}, {2}}, shown, []Decision{few, shown, few}, []Decision{shown},
			[][]Decision{{few}, {shown}, {few}},
		},
		"too few altogether": {
			[][]int{{1, 1}, {1, 1}}, few, []Decision{few, few}, []Decision{few, few},
			[][]Decision{{few, few}, {few, few}},
		},
		// The first column lies in the first row, so row minus column would give the 2: no cell is left to
		// hide, and two totals have to go.
		"a band of one department only": {
			[][]int{{6, 2}, {0, 30}}, shown, []Decision{shown, shown}, []Decision{protects, protects},
			[][]Decision{{protects, few}, {few, shown}},
		},
		// Row 1 minus column 2 is one person minus another. Nothing is left to hide but totals.
		"a department and a band of nearly the same people": {
			[][]int{{1, 4}, {7, 1}}, shown, []Decision{shown, shown}, []Decision{protects, protects},
			[][]Decision{{few, few}, {protects, few}},
		},
		// The same beside others who can cover: with row 3 on either side, 22 people are in the difference.
		"a third department keeps them apart": {
			[][]int{{1, 4}, {7, 1}, {20, 30}}, shown, []Decision{shown, shown, shown}, []Decision{shown, shown},
			[][]Decision{{few, few}, {protects, few}, {protects, protects}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			cells := make([][]Aggregate, len(test.sizes))
			for i, row := range test.sizes {
				for _, n := range row {
					cells[i] = append(cells[i], aggregateOf(mixed(n)))
				}
			}
			d := Rule{5}.Table(cells)
			want := TableDecision{test.total, test.rows, test.columns, test.cells}
			if got, want := fmt.Sprint(d), fmt.Sprint(want); got != want {
				t.Errorf("decided\n%s, want\n%s", got, want)
			}
		})
	}
}

func TestMissingCellsOfATableAreEmpty(t *testing.T) {
	nine := aggregateOf(mixed(9))
	ragged := Rule{5}.Table([][]Aggregate{{nine}, {}, {nine, nine}})
	full := Rule{5}.Table([][]Aggregate{{nine, {}}, {{}, {}}, {nine, nine}})
	if fmt.Sprint(ragged) != fmt.Sprint(full) {
		t.Errorf("decided %v, with the empty cells spelled out %v", ragged, full)
	}
	if d := (Rule{5}).Table(nil); d.Total.Level != Hidden {
		t.Errorf("nobody at all is %v", d.Total)
	}
}

func TestNamedSurveysShowEverybody(t *testing.T) {
	cells := [][]Aggregate{{aggregateOf(sevenAlike()), aggregateOf(mixed(1))}, {{N: 3, Moved: 1}, {}}}
	d := Rule{1}.Table(cells)
	for i, row := range cells {
		for j, a := range row {
			if shown := d.Cells[i][j].Level == Shown; shown != (a.N > 0) {
				t.Errorf("a cell of %d is %v", a.N, d.Cells[i][j])
			}
		}
	}
}

func TestNamedSurveysShowTheTotalsOfLargeTables(t *testing.T) {
	cells := make([][]Aggregate, 20)
	for i := range cells {
		cells[i] = make([]Aggregate, 20)
		cells[i][i].N = 1
	}
	for j, d := range (Rule{1}).Table(cells).Columns {
		if d.Level != Shown {
			t.Errorf("column %d is %v", j, d)
		}
	}
}

func TestWhoStoodStillIsTheLastToCover(t *testing.T) {
	people := table{
		{mixed(2), mixed(10), mixed(30)},
		{mixed(10), mixed(10), mixed(30)},
		{mixed(30), mixed(30), mixed(30)},
	}
	for i, row := range people {
		for j, cell := range row {
			for p := range cell {
				cell[p].moved = i != 1 || j != 1
			}
		}
	}
	d := Rule{5}.Table(people.aggregates())
	if d.Cells[0][0].Level != Hidden || d.Cells[1][1].Level != Shown {
		t.Errorf("readers may remember the unmoved cell, and yet it covers:\n%s", sketch(people, d))
	}
}

func TestATableTurnedIsDecidedSafelyEitherWay(t *testing.T) {
	// 13 columns of two rows are beyond maxLines and solved turned: one small cell costs one rectangle.
	people := make(table, 2)
	for i := range people {
		for range 13 {
			people[i] = append(people[i], mixed(10))
		}
	}
	people[1][4] = mixed(2)
	d := Rule{5}.Table(people.aggregates())
	hidden := 0
	for i := range d.Cells {
		for j := range d.Cells[i] {
			if d.Cells[i][j].Level != Shown {
				hidden++
			}
		}
	}
	if hidden != 4 || d.Cells[1][4].Reason != TooFew || d.Cells[0][4].Reason != Protects {
		t.Errorf("%d cells are hidden, want 4: %v", hidden, d.Cells)
	}
}

func TestLargeTablesKeepTheirRowsWhenTheirColumnsAreTooMany(t *testing.T) {
	people := make(table, 20)
	for i := range people {
		for range 20 {
			people[i] = append(people[i], mixed(10))
		}
	}
	people[3][4] = mixed(2)
	d := Rule{5}.Table(people.aggregates())
	for i := range d.Rows {
		if d.Rows[i].Level != Shown || d.Columns[i].Level != Hidden {
			t.Errorf("row %v, column %v", d.Rows[i], d.Columns[i])
		}
	}
	if d.Cells[0][0].Level != Shown || d.Cells[3][4].Level != Hidden {
		t.Errorf("cells are %v and %v", d.Cells[0][0], d.Cells[3][4])
	}
}

func sketch(people table, d TableDecision) string {
	text := fmt.Sprintf("total %v columns %v\n", d.Total, d.Columns)
	for i, row := range people {
		text += fmt.Sprintf("row %v:", d.Rows[i])
		for j, cell := range row {
			a := aggregateOf(cell)
			text += fmt.Sprintf("  %d/%d%v %v", a.N, a.Moved, a.Counts, d.Cells[i][j])
		}
		text += "\n"
	}
	return text
}

func TestNoFewCellsOfALargeTableFollow(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for _, s := range []shape{
		{rows: 20, columns: 5, empty: 0.2, most: 20, alike: 0.1},
		{rows: 12, columns: 8, empty: 0.4, most: 20, moving: true},
		{rows: 6, columns: 16, empty: 0.3, most: 20, alike: 0.1},
	} {
		for range 3 {
			people := s.table(r)
			g := newGrid(people.aggregates())
			d := Rule{5}.Table(people.aggregates())
			if why := attackFew(people, d, 5); why != "" {
				t.Errorf("%+v: %s\n%s", s, why, sketch(people, d))
			}
			if why := attackDifferences(people, d, 5, false); why != "" {
				t.Errorf("%+v: %s\n%s", s, why, sketch(people, d))
			}
			if attackFew(people, g.judge(Rule{5}), 5) == "" {
				t.Errorf("%+v: the attacker does not break the table without cover", s)
			}
		}
	}
}
