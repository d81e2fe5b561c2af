package tally_test

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"sync"

	"gorm.io/gorm"

	"soundings/analytics/tally"
	"soundings/surveys"
)

// This file holds what the property test believes: who answered what, and who is in each figure. It scores by MEASURES
// on its own, so that it shares no mistake with the code under test.

// answer is what one person said; 0 stands for no answer (-1 for praise).
type answer struct{ easier, worried, ready, when, praise int }

// answerNumber unfolds one number into an answer, so that a single draw makes one.
func answerNumber(n int) answer {
	next := func(m int) int { v := n % m; n /= m; return v }
	return answer{next(6), next(6), next(8), next(3), next(12) - 1}
}

const answersThereAre = 6 * 6 * 8 * 3 * 12

func (a answer) stored() surveys.Answers {
	answers := surveys.Answers{}
	for id, n := range map[string]int{"easier": a.easier, "worried": a.worried, "ready": a.ready} {
		if n > 0 {
			answers[id] = surveys.Number(n)
		}
	}
	if a.when > 0 {
		answers["when"] = surveys.Picked(fmt.Sprint("w", a.when))
	}
	if a.praise >= 0 {
		answers["praise"] = surveys.Number(a.praise)
	}
	return answers
}

// part is what one person adds to one measure.
type part struct {
	score *big.Rat // nil where answers have no number
	side  int
	value string // what is tallied; "" for constructs and participation
}

func (p part) String() string { return fmt.Sprint(p.score, p.side, p.value) }

func scalePart(x, points int, reversed bool) part {
	value := fmt.Sprint(x)
	if reversed {
		x = 1 + points - x
	}
	p := part{score: big.NewRat(int64(x-1), int64(points-1)), value: value}
	switch middle := (points + 1) / 2; {
	case x > middle:
		p.side = 1
	case x < middle:
		p.side = -1
	}
	return p
}

func (a answer) parts() map[tally.Measure]part {
	parts := map[tally.Measure]part{tally.Everyone: {}}
	sum, answered := new(big.Rat), int64(0)
	for _, item := range []struct {
		id        string
		x, points int
		reversed  bool
	}{{"easier", a.easier, 5, false}, {"worried", a.worried, 5, true}, {"ready", a.ready, 7, false}} {
		if item.x > 0 {
			p := scalePart(item.x, item.points, item.reversed)
			parts[tally.OfQuestion(item.id)] = p
			sum.Add(sum, p.score)
			answered++
		}
	}
	if answered > 0 {
		sum.Quo(sum, big.NewRat(answered, 1))
	}
	if answered >= 2 { // half of three
		p := part{score: sum}
		p.side = sideOf(p.score)
		parts[tally.OfConstruct(surveys.Openness)] = p
	}
	switch {
	case answered == 3:
		parts[tally.OfWhole(surveys.Openness)] = part{}
	case answered > 0:
		p := part{score: sum}
		p.side = sideOf(p.score)
		parts[tally.OfPartial(surveys.Openness)] = p
	}
	if a.when > 0 {
		parts[tally.OfQuestion("when")] = part{value: fmt.Sprint("w", a.when)}
	}
	if a.praise >= 0 {
		p := part{score: big.NewRat(int64(a.praise), 10), value: fmt.Sprint(a.praise), side: -1}
		if a.praise >= 9 {
			p.side = 1
		} else if a.praise >= 7 {
			p.side = 0
		}
		parts[tally.OfQuestion("praise")] = p
	}
	return parts
}

// together is what an answer adds to the figures that reliability follows from: nothing unless no item is left out.
func (a answer) together() map[tally.Measure]part {
	if a.easier == 0 || a.worried == 0 || a.ready == 0 {
		return nil
	}
	parts, sum := map[tally.Measure]part{}, new(big.Rat)
	for id, p := range map[string]part{
		"easier": scalePart(a.easier, 5, false), "worried": scalePart(a.worried, 5, true), "ready": scalePart(a.ready, 7, false),
	} {
		p.value = ""
		parts[tally.OfItem(id)] = p
		sum.Add(sum, p.score)
	}
	parts[tally.OfTotal(surveys.Openness)] = part{score: sum}
	return parts
}

func sideOf(mean *big.Rat) int {
	switch {
	case mean.Cmp(big.NewRat(5, 8)) >= 0:
		return 1
	case mean.Cmp(big.NewRat(3, 8)) < 0:
		return -1
	}
	return 0
}

type person struct {
	receipt   surveys.Receipt
	cell      tally.Cell
	now       answer
	withdrawn bool
	step      int    // the step that counted them, as the database says; 0: none
	counted   answer // what they had said then
}

func (p *person) reply() surveys.Reply {
	return surveys.Reply{Receipt: p.receipt, Department: p.cell.Department, Band: p.cell.Band, Language: "en", Answers: p.now.stored()}
}

// moment is who is in each figure, and with what.
type moment map[tally.Key]map[int]part

// differing counts the people by which a figure differs between two moments.
func differing(a, b map[int]part) (n int) {
	for i, p := range a {
		if other, ok := b[i]; !ok || other.String() != p.String() {
			n++
		}
	}
	for i := range b {
		if _, ok := a[i]; !ok {
			n++
		}
	}
	return n
}

// room is a hall with everything that is known of the people in it.
type room struct {
	*hall
	k       int
	cells   []tally.Cell
	people  []*person
	moments []moment // all that readers could see, oldest first, without repetitions
	closed  bool
	mixed   bool // some steps were taken by earlier rules
}

// clear empties the database, so that the same draws lead to the same ids.
func (r *room) clear() {
	r.transact(func(tx *gorm.DB) error {
		for _, table := range []string{"responses", "comments", "scores", "tallies", "correlations", "counters", "links", "headcounts", "wave_bands", "wave_departments", "wave_terms", "waves", "questionnaires", "surveys"} {
			if err := tx.Exec("DELETE FROM " + table).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// arrive lets people answer in the same minute.
func (r *room) arrive(cell tally.Cell, answers []answer) {
	var wg sync.WaitGroup
	errs := make([]error, len(answers))
	for i, a := range answers {
		p := &person{receipt: surveys.Receipt(fmt.Sprintf("%026d", len(r.people))), cell: cell, now: a}
		r.people = append(r.people, p)
		wg.Go(func() {
			got, err := r.in.Submit(context.Background(), r.wave, r.q.Document, p.reply())
			if errs[i] = err; err == nil && got != intakeStored {
				errs[i] = fmt.Errorf("a new response is taken for outcome %d", got)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		r.must(err)
	}
}

// observe learns from the database which step took whom; what they had said is known here already.
func (r *room) observe() {
	r.t.Helper()
	var rows []struct {
		ID   []byte
		Step int
	}
	r.must(r.s.Read(context.Background()).Table("responses").Select("id, step").Where("wave_id = ?", r.wave).Scan(&rows).Error)
	steps := map[surveys.ID]int{}
	for _, row := range rows {
		steps[surveys.ID(row.ID)] = row.Step
	}
	if len(rows) != len(steps) {
		r.t.Fatalf("%d rows of %d ids", len(rows), len(steps))
	}
	for i, p := range r.people {
		step, ok := steps[secret.ResponseID(p.receipt)]
		if ok == (r.closed && p.withdrawn) {
			r.t.Fatalf("person %d: stored %v, withdrawn %v, wave closed %v", i, ok, p.withdrawn, r.closed)
		}
		if p.step == 0 && step > 0 {
			p.counted = p.now
			if p.withdrawn && !r.closed {
				r.t.Fatalf("person %d was counted when withdrawn", i)
			}
		}
		p.step = step
	}
	if len(steps) != len(r.people)-len(r.withdrawnAndGone()) {
		r.t.Fatalf("%d rows of %d people", len(steps), len(r.people))
	}
}

func (r *room) withdrawnAndGone() (gone []*person) {
	if r.closed {
		for _, p := range r.people {
			if p.withdrawn {
				gone = append(gone, p)
			}
		}
	}
	return gone
}

// present is the moment that readers see now, if the steps stored are right.
func (r *room) present(counts *tally.Counts) moment {
	m := moment{}
	for i, p := range r.people {
		said := p.counted
		if r.closed {
			said = p.now
		}
		if r.closed && p.withdrawn {
			continue
		}
		for measure, adds := range said.parts() {
			key := tally.Key{Measure: measure, Cell: p.cell}
			if !r.closed && (p.step == 0 || p.step > counts.Scores[key].Step) {
				continue
			}
			if m[key] == nil {
				m[key] = map[int]part{}
			}
			m[key][i] = adds
		}
		if !r.closed {
			continue
		}
		// Of those who answered every item of openness, the closing counts each item and their sum, of all cells together.
		for measure, adds := range said.together() {
			key := tally.Key{Measure: measure}
			if m[key] == nil {
				m[key] = map[int]part{}
			}
			m[key][i] = adds
		}
	}
	return m
}

// mustEqual compares the figures stored with those of the people believed to be in them.
func (r *room) mustEqual(counts *tally.Counts, m moment) {
	r.t.Helper()
	values := map[tally.ValueKey]int{}
	for key, people := range m {
		got := counts.Scores[key]
		var favourable, unfavourable int
		total, squares := new(big.Rat), new(big.Rat)
		var lowest, highest *big.Rat
		for _, p := range people {
			if p.side > 0 {
				favourable++
			} else if p.side < 0 {
				unfavourable++
			}
			if p.value != "" {
				values[tally.ValueKey{Question: string(key.Measure[2:]), Cell: key.Cell, Value: p.value}]++
			}
			if p.score == nil {
				continue
			}
			total.Add(total, p.score)
			squares.Add(squares, new(big.Rat).Mul(p.score, p.score))
			if lowest == nil || p.score.Cmp(lowest) < 0 {
				lowest = p.score
			}
			if highest == nil || p.score.Cmp(highest) > 0 {
				highest = p.score
			}
		}
		if got.N != len(people) || got.Favourable != favourable || got.Unfavourable != unfavourable {
			r.t.Fatalf("%v: got %+v of %d people, %d favourable, %d unfavourable", key, got, len(people), favourable, unfavourable)
		}
		if lowest == nil {
			if got.Total != 0 || got.Denominator != 0 {
				r.t.Fatalf("%v has no numbers, but a sum: %+v", key, got)
			}
			continue
		}
		den := got.Denominator
		if den == 0 || total.Cmp(big.NewRat(got.Total, den)) != 0 || lowest.Cmp(big.NewRat(got.Lowest, den)) != 0 || highest.Cmp(big.NewRat(got.Highest, den)) != 0 ||
			squares.Cmp(new(big.Rat).Mul(big.NewRat(got.TotalSquares, den), big.NewRat(1, den))) != 0 {
			r.t.Fatalf("%v: got %+v, want total %v, squares %v, lowest %v, highest %v", key, got, total, squares, lowest, highest)
		}
	}
	for key, score := range counts.Scores {
		if score.N != len(m[key]) {
			r.t.Fatalf("%v says %d people, but it is %d", key, score.N, len(m[key]))
		}
	}
	for key, n := range values {
		if counts.Values[key] != n {
			r.t.Fatalf("tally %v is %d, want %d", key, counts.Values[key], n)
		}
	}
	for key, n := range counts.Values {
		if n != values[key] {
			r.t.Fatalf("tally %v is %d, want %d", key, n, values[key])
		}
	}
}

// measures lists all that anybody has a figure for.
func measures(moments ...moment) []tally.Measure {
	var list []tally.Measure
	for _, m := range moments {
		for key := range m {
			if !slices.Contains(list, key.Measure) {
				list = append(list, key.Measure)
			}
		}
	}
	slices.Sort(list)
	return list
}

// unions sums a quantity of cells over every union of cells; bit i of the index stands for cell i.
func (r *room) unions(of func(tally.Cell) int) []int {
	sums := make([]int, 1<<len(r.cells))
	for i, cell := range r.cells {
		v := of(cell)
		for u := range 1 << i {
			sums[1<<i|u] = sums[u] + v
		}
	}
	return sums
}

func (r *room) few(n int) bool { return n > 0 && n < r.k }

// see adds a moment and checks it against every earlier one. Before the first moment readers saw nobody anywhere.
func (r *room) see(counts *tally.Counts) {
	r.t.Helper()
	now := r.present(counts)
	r.mustEqual(counts, now)
	if r.closed && !r.mixed {
		r.mustRememberMovement(counts, now)
	}
	for _, measure := range measures(append(r.moments, now)...) {
		n := r.unions(func(c tally.Cell) int { return len(now[tally.Key{Measure: measure, Cell: c}]) })
		moved := r.unions(func(c tally.Cell) int { return max(counts.Scores[tally.Key{Measure: measure, Cell: c}].Moved, 0) })
		telling := r.unions(func(c tally.Cell) int { return max(-counts.Scores[tally.Key{Measure: measure, Cell: c}].Moved, 0) })
		for t, before := range append([]moment{{}}, r.moments...) {
			d := r.unions(func(c tally.Cell) int {
				key := tally.Key{Measure: measure, Cell: c}
				return differing(before[key], now[key])
			})
			for u := range d {
				shown := !r.closed || n[u] >= r.k && (moved[u]+telling[u] == 0 || moved[u] >= r.k) // by the gate's first rule
				if shown && r.few(d[u]) {
					r.t.Fatalf("%s of cells %b: this moment (n %d, moved %d, closed %v) differs from moment %d by %d people",
						measure, u, n[u], moved[u], r.closed, t, d[u])
				}
			}
		}
	}
	r.moments = append(r.moments, now)
}

// mustRememberMovement: of a closed wave, Moved is the fewest people by which the figure differs from any earlier moment;
// -1 if those who were never in it before are all alike, so that the last moment tells what each of them said.
func (r *room) mustRememberMovement(counts *tally.Counts, now moment) {
	r.t.Helper()
	for key, score := range counts.Scores {
		least := len(now[key])
		for _, before := range r.moments {
			least = min(least, differing(before[key], now[key]))
		}
		if r.newcomersAlike(key, now[key]) {
			least = -1
		}
		if score.Moved != least {
			r.t.Fatalf("%v: moved is %d, but readers have seen a moment that differs by %d", key, score.Moved, least)
		}
	}
}

// newcomersAlike reports whether readers have seen the measure before, and those who came into the figure since the last
// moment at which it moved gave the same answer, have the same score, or are fewer than ten on one side.
func (r *room) newcomersAlike(key tally.Key, now map[int]part) bool {
	ever, shown := map[int]bool{}, false
	for _, before := range r.moments {
		for other := range before {
			shown = shown || other.Measure == key.Measure
		}
		for i := range before[key] {
			ever[i] = true
		}
	}
	var came []part
	for i, p := range now {
		if !ever[i] {
			came = append(came, p)
		}
	}
	if !shown || len(came) == 0 || came[0].score == nil && came[0].value == "" {
		return false
	}
	alike, up, down := true, true, true
	for _, p := range came {
		alike = alike && p.String() == came[0].String()
		up, down = up && p.side > 0, down && p.side < 0
	}
	return alike || len(came) < 10 && (up || down)
}

// steps lets the wave be counted and checks what that left: none of a cell until 2k wait, then all but k.
func (r *room) steps() {
	r.t.Helper()
	before := map[*person]int{}
	for _, p := range r.people {
		before[p] = p.step
	}
	r.step()
	r.observe()
	waiting, took := map[tally.Cell]int{}, map[tally.Cell]int{}
	for _, p := range r.people {
		switch {
		case p.step == 0 && !p.withdrawn:
			waiting[p.cell]++
		case p.step != before[p]:
			took[p.cell]++
			if before[p] != 0 {
				r.t.Fatalf("a person was counted in step %d and again in %d", before[p], p.step)
			}
		}
	}
	for _, cell := range r.cells {
		switch w, n := waiting[cell], took[cell]; {
		case n > 0 && (n < r.k || w != r.k), n == 0 && w >= 2*r.k:
			r.t.Fatalf("%v: a step took %d and left %d", cell, n, w)
		}
	}
}
