package attack

// Equation says that the counts of some cells add up to Sum.
type Equation struct {
	Cells []int
	Sum   int
}

// Bounds narrows what each count can be, from 0 to most, to what the equations leave, by looking at one equation at a
// time until nothing changes.
func Bounds(most []int, equations []Equation) (low, high []int) {
	low, high = make([]int, len(most)), append([]int{}, most...)
	for changed := true; changed; {
		changed = false
		for _, e := range equations {
			least, greatest := 0, 0
			for _, c := range e.Cells {
				least, greatest = least+low[c], greatest+high[c]
			}
			for _, c := range e.Cells {
				up, down := e.Sum-(least-low[c]), e.Sum-(greatest-high[c])
				if up < high[c] {
					greatest -= high[c] - up
					high[c], changed = up, true
				}
				if down > low[c] {
					least += down - low[c]
					low[c], changed = down, true
				}
			}
		}
	}
	return low, high
}
