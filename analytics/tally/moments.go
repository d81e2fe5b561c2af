package tally

import (
	"slices"

	"gorm.io/gorm"

	"soundings/surveys"
)

// moments lists, for each measure of each cell, the steps at which readers of an open wave saw it move. Whoever kept
// what they saw can compare any of them with what they see later.
type moments map[Key][]int

// shown reports whether readers saw anything of a measure, in whatever cell, while the wave was open.
func (m moments) shown(measure Measure) bool {
	for key, list := range m {
		if key.Measure == measure && len(list) > 0 {
			return true
		}
	}
	return false
}

// history finds the moments of a wave from its responses alone: Step counts a measure as soon as the minimum of people
// wait for it who are not all alike, and what a response adds stays as it was when a step took it.
//
// Of a wave with steps by earlier rules the responses do not tell: give what is stored of it. Readers may have seen each
// step of a figure then, up to that which is stored with it.
func (c *counter) history(tx *gorm.DB, wave surveys.WaveID, mixed *Counts) (moments, error) {
	taken := map[Key]map[int]*entrants{} // people by the step that took them
	err := eachResponse(tx.Where("step > 0 AND step < ?", final), wave, func(r responseRow) error {
		was, err := c.taken(r)
		if err != nil {
			return nil // whoever asks for the history meets the response again, and can say more of it
		}
		for _, con := range was {
			key := Key{con.measure, r.cell()}
			if taken[key] == nil {
				taken[key] = map[int]*entrants{}
			}
			if taken[key][r.Step] == nil {
				taken[key][r.Step] = &entrants{}
			}
			taken[key][r.Step].add(con)
		}
		return nil
	})
	seen := moments{}
	for key, people := range taken {
		if mixed != nil {
			seen[key] = possible(people, mixed.Scores[key].Step)
			continue
		}
		var waiting entrants
		for _, step := range sortedKeys(people, compareInts) {
			if waiting.join(*people[step]); c.ripe(waiting) {
				seen[key] = append(seen[key], step)
				waiting = entrants{}
			}
		}
	}
	return seen, err
}

// possible lists the steps that people came by, up to the last that is known to have moved the figure.
func possible(people map[int]*entrants, last int) []int {
	if last == 0 {
		return nil
	}
	steps := slices.DeleteFunc(sortedKeys(people, compareInts), func(step int) bool { return step >= last })
	return append(steps, last)
}

func compareInts(a, b int) int { return a - b }

// first is the index of the first moment at which a response that a step took was in the figure; the number of
// moments if it never was.
func (m moments) first(key Key, step int) int {
	i, _ := slices.BinarySearch(m[key], step)
	return i
}

// last is the step up to which a measure is counted, 0 if readers never saw it.
func (m moments) last(key Key) int {
	if list := m[key]; len(list) > 0 {
		return list[len(list)-1]
	}
	return 0
}

// taken lists what a response added when a step took it, whether or not its measures have been counted since.
func (c *counter) taken(r responseRow) ([]contribution, error) {
	if r.Step == 0 {
		return nil, nil
	}
	answers, err := r.asCounted()
	if err != nil {
		return nil, err
	}
	return c.contributions(answers), nil
}

// counted lists what a response adds to the figures as they stand while its wave is open.
func (c *counter) counted(r responseRow, seen moments) ([]contribution, error) {
	was, err := c.taken(r)
	return slices.DeleteFunc(was, func(con contribution) bool {
		key := Key{con.measure, r.cell()}
		return seen.first(key, r.Step) == len(seen[key])
	}), err
}

// movement compares a closed figure with all earlier moments of it. Both lists are by the first moment at which people
// were in the figure, those who never were at the end.
type movement struct {
	present []int    // people who are in the closed figure
	changed []int    // people whose part in it is not what it was
	arrived entrants // people who were never in it before
}

// begin makes room for people by so many moments.
func (m *movement) begin(moments int) {
	if m.present == nil {
		m.present, m.changed = make([]int, moments+1), make([]int, moments+1)
	}
}

// arrive adds people who were never in the figure before.
func (m *movement) arrive(moments int, people entrants) {
	m.begin(moments)
	m.present[moments] += people.score.N
	m.changed[moments] += people.score.N
	m.arrived.join(people)
}

// note compares what one person added with what they add now.
func (m *movement) note(first, moments int, is, differs bool) {
	m.begin(moments)
	if is {
		m.present[first]++
	}
	if differs {
		m.changed[first]++
	}
}

// tells reports whether what the closed figure differs by from the last that readers saw tells what each of those people
// said. From an earlier one it differs by these and by others who are not alike.
func (m *movement) tells() bool {
	return m.arrived.score.N > 0 && m.arrived.tells()
}

// least is the fewest people by which the closed figure of n people differs from any moment; from the time before
// the first, when readers saw nobody, it differs by all of them. Sums of it over cells are at most what a reader can
// find between sums of figures, and it is 0 only if the figure is one that readers have seen, which differs from
// all others they have seen by at least the minimum. So hiding where a sum of it lies between hides every small difference.
// Of what nobody noted anything it is 0: what is not known covers for nothing.
func (m *movement) least(n int) int {
	if m.present == nil {
		return 0
	}
	return slices.Min(append(m.differences(), n))
}

// unsure reports whether the figure is the one of an earlier moment and differs from another by fewer people than the
// minimum. Of a wave with steps by earlier rules readers may not have seen the first. The last they have seen; whatever
// they saw before differs from it by the minimum.
func (m *movement) unsure(minimum int) bool {
	differences := m.differences()
	return slices.Contains(differences, 0) && differences[len(differences)-1] > 0 &&
		slices.ContainsFunc(differences, func(d int) bool { return d > 0 && d < minimum })
}

// differences are the numbers of people by which the closed figure differs from each moment.
func (m *movement) differences() []int {
	if m.present == nil {
		return nil
	}
	later := 0 // people who were not in the figure yet
	for _, people := range m.present {
		later += people
	}
	list, differ := make([]int, 0, len(m.present)), 0
	for i := range len(m.present) - 1 {
		later -= m.present[i]
		differ += m.changed[i]
		list = append(list, differ+later)
	}
	return list
}

// arrivals is the number of people who were never in the figure before.
func (m *movement) arrivals() int {
	if len(m.present) == 0 {
		return 0
	}
	return m.present[len(m.present)-1]
}
