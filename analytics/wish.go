package analytics

import (
	"slices"

	"soundings/surveys"
)

// Wish is which option of a choice the people of some departments chose most, as far as it may be told: it counts the
// departments whose answers are shown exactly, and nobody else. The zero value says nothing.
type Wish struct {
	Option  string                 // chosen by more people than any other; "" where that cannot be told
	Share   Share                  // of it; without an interval
	N       int                    // people who answered, in the departments that are counted
	Tied    bool                   // two options were chosen by equally many
	Counted []surveys.DepartmentID // in ascending order
	Hidden  []surveys.DepartmentID // departments that were asked and are hidden, or whose people are all alike
}

// Majority reports whether more than half of those who answered chose the option.
func (w Wish) Majority() bool { return w.Option != "" && 2*w.Share.Count > w.N }

// Wished says what departments chose in a question of choice. Each is counted by the first of the results, which are by
// department and without a filter, that has answers of it to the question: put the newest first.
func Wished(newest []*WaveResults, question string, of func(surveys.DepartmentID) bool) Wish {
	var w Wish
	counts, known := map[string]int{}, map[surveys.DepartmentID]bool{}
	for _, res := range newest {
		m, ok := res.Measure("", question)
		if !ok || m.Question.Kind != surveys.Choice {
			continue
		}
		for i, unit := range res.Units {
			id, told := unit.Department.ID, m.Units[i]
			if known[id] || id == 0 || !of(id) {
				continue
			}
			known[id] = true
			if !told.Shown() {
				w.Hidden = append(w.Hidden, id)
				continue
			}
			w.Counted = append(w.Counted, id)
			w.N += told.N
			for option, n := range told.Counts {
				counts[option] += n
			}
		}
	}
	slices.Sort(w.Counted)
	slices.Sort(w.Hidden)
	w.choose(counts)
	return w
}

// choose finds the option that more people chose than any other.
func (w *Wish) choose(counts map[string]int) {
	most := 0
	for option, n := range counts {
		switch {
		case n > most:
			most, w.Option, w.Tied = n, option, false
		case n == most && n > 0:
			w.Tied = true
		}
	}
	if w.Tied {
		w.Option = ""
	}
	if w.Option != "" {
		w.Share = Share{Count: most, Percent: 100 * float64(most) / float64(w.N)}
	}
}
