package analytics

import (
	"fmt"
	"math/big"
	"slices"

	"soundings/analytics/disclosure"
	"soundings/surveys"
)

// An attacker takes every exact figure the reader tells and looks for a group of too few people whose figures follow
// by adding and subtracting. Unknowns are the sums over the smallest sets of people that readers can tell apart.
type attacker struct {
	unknowns  int
	published [][]int64 // each a sum of unknowns that is known
}

// null spans what is orthogonal to all that is published: a combination of unknowns can be worked out exactly if it is
// orthogonal to all of null. (Gauss and Jordan, in fractions.)
func (a attacker) null() (vectors [][]int64) {
	var rows [][]*big.Rat
	for _, sum := range a.published {
		row := make([]*big.Rat, a.unknowns)
		for i := range row {
			row[i] = new(big.Rat).SetInt64(sum[i])
		}
		rows = append(rows, row)
	}
	pivots := []int{}
	for column := 0; column < a.unknowns; column++ {
		top := len(pivots)
		found := slices.IndexFunc(rows[min(top, len(rows)):], func(row []*big.Rat) bool { return row[column].Sign() != 0 })
		if found < 0 {
			continue
		}
		rows[top], rows[top+found] = rows[top+found], rows[top]
		divide := new(big.Rat).Inv(rows[top][column])
		for i := range rows[top] {
			rows[top][i].Mul(rows[top][i], divide)
		}
		for r := range rows {
			if r == top || rows[r][column].Sign() == 0 {
				continue
			}
			factor := new(big.Rat).Set(rows[r][column])
			for i := range rows[r] {
				rows[r][i].Sub(rows[r][i], new(big.Rat).Mul(factor, rows[top][i]))
			}
		}
		pivots = append(pivots, column)
	}
	for free := range a.unknowns {
		if slices.Contains(pivots, free) {
			continue
		}
		vector := make([]*big.Rat, a.unknowns)
		for i := range vector {
			vector[i] = new(big.Rat)
		}
		vector[free].SetInt64(1)
		for r, pivot := range pivots {
			vector[pivot].Neg(rows[r][free])
		}
		vectors = append(vectors, whole(vector))
	}
	return vectors
}

func whole(vector []*big.Rat) []int64 {
	common := big.NewInt(1)
	for _, v := range vector {
		common.Div(new(big.Int).Mul(common, v.Denom()), new(big.Int).GCD(nil, nil, common, v.Denom()))
	}
	numbers := make([]int64, len(vector))
	for i, v := range vector {
		numbers[i] = new(big.Rat).Mul(v, new(big.Rat).SetInt(common)).Num().Int64()
	}
	return numbers
}

// each visits every combination with these coefficients that can be worked out, until visit returns false.
func (a attacker) each(coefficients []int64, visit func(vector []int64) bool) {
	null := a.null()
	vector := make([]int64, a.unknowns)
	dots := make([][]int64, a.unknowns+1) // dots[i]: the products with null of vector's first i entries
	for i := range dots {
		dots[i] = make([]int64, len(null))
	}
	var walk func(at int) bool
	walk = func(at int) bool {
		if at == a.unknowns {
			if slices.ContainsFunc(dots[at], func(d int64) bool { return d != 0 }) {
				return true
			}
			return visit(vector)
		}
		for _, c := range coefficients {
			vector[at] = c
			for z := range null {
				dots[at+1][z] = dots[at][z] + c*null[z][at]
			}
			if !walk(at + 1) {
				return false
			}
		}
		return true
	}
	walk(0)
}

// atoms lists the cells of a wave in which somebody answered the measure.
func (r *run) atoms(m measure) []cells {
	seen := map[cells]bool{}
	var list []cells
	for _, reply := range r.replies {
		cell := cells{reply.Department, reply.Band}
		if !seen[cell] && r.truth(m, cell).n > 0 {
			list = append(list, cell)
		}
		seen[cell] = true
	}
	return list
}

// sums says which atoms make up each group that is shown.
func sums(atoms []cells, all []view) (published [][]int64) {
	for _, v := range all {
		if v.told.Level != disclosure.Shown {
			continue
		}
		sum := make([]int64, len(atoms))
		for i, atom := range atoms {
			if v.group.holds(atom.department, atom.band) {
				sum[i] = 1
			}
		}
		published = append(published, sum)
	}
	return published
}

// attack returns a group of a closed wave that ought to stay unknown but follows from the views, or "". With guess it
// takes every group that is told coarsely to be all on one side, and so its cells to be known.
func (r *run) attack(m measure, all []view, guess bool) (leak string) {
	r.Helper()
	atoms := r.atoms(m)
	if len(atoms) > 12 {
		r.Fatalf("%d cells are too many to try every set of them", len(atoms))
	}
	k := r.questionnaire.Document.SmallestGroup()
	a := attacker{len(atoms), sums(atoms, all)}
	known := make([]bool, len(atoms))
	for i, atom := range atoms {
		known[i] = guess && slices.ContainsFunc(all, func(v view) bool {
			return v.told.Level == disclosure.Coarse && v.group.holds(atom.department, atom.band)
		})
		if known[i] {
			one := make([]int64, len(atoms))
			one[i] = 1
			a.published = append(a.published, one)
		}
	}
	a.each([]int64{0, 1}, func(vector []int64) bool {
		for i, in := range vector {
			if in != 0 && known[i] {
				return true
			}
		}
		leak = r.unsafe(m, atoms, vector, k)
		return leak == ""
	})
	return leak
}

// unsafe says why the figures of a group of cells may not be known.
func (r *run) unsafe(m measure, atoms []cells, in []int64, k int) string {
	group := truth{counts: map[string]int{}}
	for _, reply := range r.replies {
		i := slices.Index(atoms, cells{reply.Department, reply.Band})
		if i >= 0 && in[i] != 0 {
			group.add(r.questionnaire.Document, m, reply.Answers)
		}
	}
	switch {
	case group.n == 0 || k == 1:
		return ""
	case group.n < k:
		return fmt.Sprintf("%v: the figures of %d people (minimum %d) follow, cells %v of %v", m, group.n, k, in, atoms)
	case group.extreme():
		return fmt.Sprintf("%v: that %d people are all alike follows, cells %v of %v", m, group.n, in, atoms)
	}
	return ""
}

// weakViews are the views of a gate that decides each view by itself: the rule for one margin, and nothing between.
func (r *run) weakViews(m measure) (all []view) {
	r.Helper()
	wave, err := r.reader.WaveByID(r.Context(), r.ID)
	if err != nil {
		r.Fatal(err)
	}
	res := &Results{Construct: m.construct}
	if m.question != "" {
		res.Question, _ = wave.Questionnaire.Document.Question(m.question)
	}
	g, err := r.reader.grid(r.Context(), wave, res.measure(), res.Question)
	if err != nil {
		r.Fatal(err)
	}
	rule := disclosure.Rule{Minimum: r.questionnaire.Document.SmallestGroup()}
	show := func(where string, total cells, groups []cells) {
		parts := make([]disclosure.Aggregate, len(groups))
		for i, c := range groups {
			for a, department := range g.departments {
				for b, band := range g.bands {
					if c.holds(department, band) {
						parts[i] = parts[i].Plus(g.aggregate(a, b))
					}
				}
			}
		}
		of, each := rule.Groups(parts)
		all = append(all, view{where, total, Group{Level: of.Level}})
		for i, d := range each {
			all = append(all, view{where, groups[i], Group{Level: d.Level}})
		}
	}
	byDepartment := func(band surveys.BandID) (list []cells) {
		for _, d := range g.departments {
			list = append(list, cells{d, band})
		}
		return list
	}
	byBand := func(department surveys.DepartmentID) (list []cells) {
		for _, b := range g.bands {
			list = append(list, cells{department, b})
		}
		return list
	}
	show("by department", everybody, byDepartment(every))
	show("by band", everybody, byBand(every))
	for _, b := range g.bands {
		show("by department, a band", cells{every, b}, byDepartment(b))
	}
	for _, d := range g.departments {
		show("by band, a department", cells{d, every}, byBand(d))
	}
	return all
}

// aggregate is what the gate is asked about one cell.
func (g *grid) aggregate(i, j int) disclosure.Aggregate {
	s := g.scores[i][j]
	a := disclosure.Aggregate{N: s.N, Moved: s.Moved}
	a.Favourable, a.Unfavourable = s.Favourable, s.Unfavourable
	return a
}
