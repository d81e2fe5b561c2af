package disclosure

// ParticipationMinimum is the fewest people invited for participation to be told.
const ParticipationMinimum = 5

// Step is how many of a cell's uncounted responses to count now, while the wave is open: none of fewer
// than 2k, else all but k. So once a cell is counted at all, k to 2k-1 are always left over, and any two
// moments, the closing of the wave with everything counted among them, differ by nobody or by at least k
// people (a cell that was never counted before may close with fewer, and is then Hidden). In a named
// survey every response is counted at once.
func (r Rule) Step(uncounted int) int {
	k := r.minimum()
	switch {
	case r.named():
		return max(uncounted, 0)
	case uncounted < 2*k:
		return 0
	}
	return uncounted - k
}

// Participation is how many of a group may be said to have answered when n did: while the wave is open
// the next lower multiple of Minimum, so that no single answer is seen to arrive; afterwards n. Ask it
// only where at least ParticipationMinimum people are invited.
func (r Rule) Participation(n int, open bool) int {
	if !open {
		return n
	}
	k := r.minimum()
	return n / k * k
}
