package disclosure

import (
	"fmt"
	"math/big"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// person is one respondent of the made-up tables that the attacker is let loose on. The tests judge
// groups by their people, and so owe nothing to the sums that the gate works with.
type person struct {
	value int // 1 to 5
	moved bool
}

func aggregateOf(people []person) Aggregate {
	a := Aggregate{N: len(people)}
	a.Counts = make([]int, 5)
	for i, p := range people {
		score := float64(p.value-1) * 25
		if i == 0 {
			a.HasRange, a.Min, a.Max = true, score, score
		}
		a.Min, a.Max = min(a.Min, score), max(a.Max, score)
		a.Counts[p.value-1]++
		if p.value >= 4 {
			a.Favourable++
		}
		if p.value <= 2 {
			a.Unfavourable++
		}
		if p.moved {
			a.Moved++
		}
	}
	return a
}

// leak says in what way exact figures of a group would break the promise; "" when they don't.
func leak(people []person, k int) string {
	n, moved, favourable, unfavourable := len(people), 0, 0, 0
	alike := true
	for _, p := range people {
		alike = alike && p.value == people[0].value
		switch {
		case p.value >= 4:
			favourable++
		case p.value <= 2:
			unfavourable++
		}
		if p.moved {
			moved++
		}
	}
	switch {
	case n == 0 || k == 1:
		return ""
	case n < k:
		return fmt.Sprintf("figures of %d people", n)
	case moved > 0 && moved < k:
		return fmt.Sprintf("a difference of %d people", moved)
	case alike:
		return fmt.Sprintf("all %d gave the same answer", n)
	case n < 10 && (favourable == n || unfavourable == n):
		return fmt.Sprintf("all %d are on one side", n)
	}
	return ""
}

// judge protects the margins, and decides each cell for itself.
func (g grid) judge(r Rule) TableDecision {
	m := newMember(r, g.answers, false)
	if m.t.Total.Level == Shown {
		protectMargins([]*member{m})
	}
	return m.t
}

// table is people by row and column.
type table [][][]person

func (t table) aggregates() [][]Aggregate {
	cells := make([][]Aggregate, len(t))
	for i, row := range t {
		cells[i] = make([]Aggregate, len(row))
		for j, people := range row {
			cells[i][j] = aggregateOf(people)
		}
	}
	return cells
}

// knowledge is what the decisions tell a reader: sums over the non-empty cells, called atoms.
type knowledge struct {
	atoms     [][]person
	published [][]bool // published[i][atom]: the atom is part of the i-th sum
	shown     map[int]bool
	coarse    map[int]bool // atoms of groups called coarse
}

func know(t table, d TableDecision) knowledge {
	known := knowledge{shown: map[int]bool{}, coarse: map[int]bool{}}
	index := map[[2]int]int{}
	for i, row := range t {
		for j, people := range row {
			if len(people) > 0 {
				index[[2]int{i, j}] = len(known.atoms)
				known.atoms = append(known.atoms, people)
			}
		}
	}
	tell := func(level Level, rows, columns []int) {
		sum := make([]bool, len(known.atoms))
		for _, i := range rows {
			for _, j := range columns {
				if a, ok := index[[2]int{i, j}]; ok {
					sum[a] = true
					known.coarse[a] = known.coarse[a] || level == Coarse
					known.shown[a] = known.shown[a] || level == Shown && len(rows)*len(columns) == 1
				}
			}
		}
		if level == Shown {
			known.published = append(known.published, sum)
		}
	}
	rows, columns := upTo(len(t)), upTo(len(t[0]))
	tell(d.Total.Level, rows, columns)
	for i := range rows {
		tell(d.Rows[i].Level, []int{i}, columns)
		for j := range columns {
			tell(d.Cells[i][j].Level, []int{i}, []int{j})
		}
	}
	for j := range columns {
		tell(d.Columns[j].Level, rows, []int{j})
	}
	return known
}

// null gives vectors over the atoms that are not left out. A set of these can be worked out from the
// published sums (and the atoms left out) exactly if it is orthogonal to all the vectors.
func (k knowledge) null(leftOut map[int]bool) (atoms []int, vectors [][]int64) {
	for a := range k.atoms {
		if !leftOut[a] {
			atoms = append(atoms, a)
		}
	}
	matrix := make([][]*big.Rat, len(k.published))
	for i, sum := range k.published {
		for _, a := range atoms {
			entry := new(big.Rat)
			if sum[a] {
				entry.SetInt64(1)
			}
			matrix[i] = append(matrix[i], entry)
		}
	}
	return atoms, nullSpace(matrix, len(atoms))
}

// attack looks for a group of people whose exact figures follow from what the decisions publish, though
// they may not be known. It tries every set of non-empty cells against the published sums, in exact
// arithmetic. With guess it also takes every group called coarse to be known. It returns "" or the leak.
func attack(t table, d TableDecision, k int, guess bool) string {
	known := know(t, d)
	var leftOut map[int]bool
	if guess {
		leftOut = known.coarse
	}
	atoms, null := known.null(leftOut)
	// Sets are walked in Gray code order, so that one cell changes at a time.
	dot := make([]int64, len(null))
	in := make([]bool, len(atoms))
	for s := 1; s < 1<<len(atoms); s++ {
		flip := bits.TrailingZeros(uint(s))
		in[flip] = !in[flip]
		derivable := true
		for z, vector := range null {
			if in[flip] {
				dot[z] += vector[flip]
			} else {
				dot[z] -= vector[flip]
			}
			derivable = derivable && dot[z] == 0
		}
		if !derivable {
			continue
		}
		var people []person
		for i, a := range atoms {
			if in[i] {
				people = append(people, known.atoms[a]...)
			}
		}
		if why := leak(people, k); why != "" {
			return fmt.Sprintf("%s, cells %v", why, in)
		}
	}
	return ""
}

// attackFew is attack for tables too large to try every set: it tries up to three withheld cells.
func attackFew(t table, d TableDecision, k int) string {
	known := know(t, d)
	atoms, null := known.null(known.shown)
	var try func(from int, dot []int64, people []person, more int) string
	try = func(from int, dot []int64, people []person, more int) string {
		for i := from; i < len(atoms); i++ {
			next, derivable := slices.Clone(dot), true
			for z, vector := range null {
				next[z] += vector[i]
				derivable = derivable && next[z] == 0
			}
			with := slices.Concat(people, known.atoms[atoms[i]])
			if why := leak(with, k); derivable && why != "" {
				return why
			}
			if more > 0 {
				if why := try(i+1, next, with, more-1); why != "" {
					return why
				}
			}
		}
		return ""
	}
	return try(0, make([]int64, len(null)), nil, 2)
}

// nullSpace gives whole-numbered vectors that span what is orthogonal to every row of the matrix.
func nullSpace(matrix [][]*big.Rat, width int) [][]int64 {
	pivots := reduce(matrix, width)
	var vectors [][]int64
	for free := range width {
		if slices.Contains(pivots, free) {
			continue
		}
		vector := make([]*big.Rat, width)
		for i := range vector {
			vector[i] = new(big.Rat)
		}
		vector[free].SetInt64(1)
		for row, pivot := range pivots {
			vector[pivot].Neg(matrix[row][free])
		}
		vectors = append(vectors, wholeNumbers(vector))
	}
	return vectors
}

// reduce brings the matrix to reduced row echelon form and returns each row's pivot column.
func reduce(matrix [][]*big.Rat, width int) (pivots []int) {
	for column := 0; column < width && len(pivots) < len(matrix); column++ {
		top := len(pivots)
		found := -1
		for i := top; i < len(matrix); i++ {
			if matrix[i][column].Sign() != 0 {
				found = i
				break
			}
		}
		if found < 0 {
			continue
		}
		matrix[top], matrix[found] = matrix[found], matrix[top]
		inverse := new(big.Rat).Inv(matrix[top][column])
		for j := range width {
			matrix[top][j] = new(big.Rat).Mul(matrix[top][j], inverse)
		}
		for i := range matrix {
			if i == top || matrix[i][column].Sign() == 0 {
				continue
			}
			factor := matrix[i][column]
			for j := range width {
				product := new(big.Rat).Mul(factor, matrix[top][j])
				matrix[i][j] = new(big.Rat).Sub(matrix[i][j], product)
			}
		}
		pivots = append(pivots, column)
	}
	return pivots
}

func wholeNumbers(vector []*big.Rat) []int64 {
	common := big.NewInt(1)
	for _, v := range vector {
		gcd := new(big.Int).GCD(nil, nil, common, v.Denom())
		common.Mul(common, new(big.Int).Div(v.Denom(), gcd))
	}
	whole := make([]int64, len(vector))
	for i, v := range vector {
		whole[i] = new(big.Rat).Mul(v, new(big.Rat).SetInt(common)).Num().Int64()
	}
	return whole
}

func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// shape says what tables to make up.
type shape struct {
	rows, columns int
	empty         float64 // share of empty cells
	most          int     // people in a cell
	alike         float64 // share of cells where all answer alike, or all on one side
	moving        bool    // some cells' people moved, all or some of them
}

func (s shape) table(r *rand.Rand) table {
	t := make(table, s.rows)
	for i := range t {
		t[i] = make([][]person, s.columns)
		for j := range t[i] {
			if r.Float64() >= s.empty {
				t[i][j] = s.people(r)
			}
		}
	}
	return t
}

func (s shape) people(r *rand.Rand) []person {
	people := make([]person, 1+r.IntN(s.most))
	low, values, movedShare := 1, 5, 0.0
	switch x := r.Float64(); {
	case x < s.alike/2:
		low, values = 1+r.IntN(5), 1
	case x < s.alike:
		low, values = []int{1, 4}[r.IntN(2)], 2
	}
	if s.moving {
		movedShare = []float64{0, 0.5, 1}[r.IntN(3)]
	}
	for i := range people {
		people[i] = person{low + r.IntN(values), r.Float64() < movedShare}
	}
	return people
}
