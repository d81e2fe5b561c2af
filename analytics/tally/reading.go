package tally

import (
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// Reading is all that is counted of a wave.
type Reading struct {
	Scores        map[Measure]map[Cell]Score
	Distributions map[string]*Distribution // by question
}

// Distribution is how often each value of a question was given.
type Distribution struct {
	Values []string       // those that anybody gave, in the order of their bytes
	Cells  map[Cell][]int // how many gave each of Values; those past the end of a list nobody did

	last int // the value that was added last
}

// Of is how many people of a cell gave a value.
func (d *Distribution) Of(cell Cell, value string) int {
	at, ok := slices.BinarySearch(d.Values, value)
	if list := d.Cells[cell]; ok && at < len(list) {
		return list[at]
	}
	return 0
}

// add notes how many people of a cell gave a value; sort must follow.
func (d *Distribution) add(cell Cell, value string, n int) {
	at := d.last + 1 // rows come in the order of their keys, so that nearly always the next value follows
	if at >= len(d.Values) || d.Values[at] != value {
		at = slices.Index(d.Values, value)
	}
	if at < 0 {
		at = len(d.Values)
		d.Values = append(d.Values, value)
	}
	d.last = at
	list := d.Cells[cell]
	for len(list) <= at {
		list = append(list, 0)
	}
	list[at] = n
	d.Cells[cell] = list
}

func (d *Distribution) sort() {
	if slices.IsSorted(d.Values) {
		return
	}
	order := make([]int, len(d.Values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(d.Values[i], d.Values[j]) })
	values := make([]string, len(order))
	for to, from := range order {
		values[to] = d.Values[from]
	}
	d.Values = values
	for cell, list := range d.Cells {
		sorted := make([]int, len(order))
		for to, from := range order {
			if from < len(list) {
				sorted[to] = list[from]
			}
		}
		d.Cells[cell] = sorted
	}
}

// OfWave returns all that is counted of one wave.
func OfWave(ctx context.Context, s *store.Store, wave surveys.WaveID) (*Reading, error) {
	tx := s.Read(ctx)
	r := &Reading{Scores: map[Measure]map[Cell]Score{}, Distributions: map[string]*Distribution{}}
	err := eachScore(tx, wave, func(key Key, score Score) {
		cells := r.Scores[key.Measure]
		if cells == nil {
			cells = map[Cell]Score{}
			r.Scores[key.Measure] = cells
		}
		cells[key.Cell] = score
	})
	if err != nil {
		return nil, err
	}
	return r, readDistributions(tx.Where("wave_id = ?", wave), r.Distributions)
}

// Values returns how often each value of a question was given in one wave.
func Values(ctx context.Context, s *store.Store, wave surveys.WaveID, question string) (*Distribution, error) {
	byQuestion := map[string]*Distribution{question: {Cells: map[Cell][]int{}}}
	err := readDistributions(s.Read(ctx).Where("wave_id = ? AND question_id = ?", wave, question), byQuestion)
	return byQuestion[question], err
}

// readDistributions reads some of the tallies of a wave.
func readDistributions(some *gorm.DB, byQuestion map[string]*Distribution) error {
	err := eachValue(some, func(key ValueKey, n int) {
		d := byQuestion[key.Question]
		if d == nil {
			d = &Distribution{Cells: map[Cell][]int{}}
			byQuestion[key.Question] = d
		}
		d.add(key.Cell, key.Value, n)
	})
	for _, d := range byQuestion {
		d.sort()
	}
	return err
}
