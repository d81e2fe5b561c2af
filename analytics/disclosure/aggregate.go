// Package disclosure is the one gate every number passes before it leaves the program: pages, files,
// the API and charts alike ask it which groups of people may be told, and show nothing else.
//
// Its promise is about what can be worked out, not only about what is printed. Let a reader take every
// figure that the decisions call Shown, add and subtract them as they like: whatever group of people
// they arrive at is again one that could have been shown (see Rule.Safe), and no difference of figures
// comes down to fewer people than the minimum. The package knows nothing of surveys; it decides over sums,
// so that any figure that adds up over people can be put to it.
//
// What to ask about which figures:
//
//   - A question, whatever it is for (which week suits a department, who pilots): Table, like every question. The items of
//     a construct: Family, together.
//   - Parts of a department that were told apart beforehand (two texts of a pitch): Halves. Each part and what remains of
//     the department must be safe, never by band, and not while the wave is open, since its steps are of whole cells.
//   - Several departments together (those visited, those not): the sum over those whose own figure is shown says nothing
//     new, and needs no decision. Departments that are hidden are left out of both sides, and the page says which. Their
//     sum would be one more figure: package gate's Joining asks about the wave as if they were one department, and all that
//     is told elsewhere must still be told. Which departments are joined may not depend on who asks, nor change from one
//     page or day to another: two such sums may differ by a small department.
//   - The same figures once more (a brief, a pack): nothing, if they come from the same decisions.
package disclosure

// Aggregate is what the gate knows of a group of people for one measure (a question or a construct) in
// one wave. Aggregates of disjoint groups add up with Plus.
type Aggregate struct {
	// N is the number of people with a counted answer to the measure.
	N int
	// Moved is by how few people the figure differs from any earlier moment at which readers could see
	// it: N when it was never visible before, 0 when it is one they have seen.
	Moved int
	// Telling says that those by whom it differs are all alike, so that the difference would tell what each of them said;
	// Moved does not count them. They cannot cover for others, nor each other.
	Telling bool
	Spread
}

// Spread tells whether everyone in a group is alike. Give what the measure has; what is left out is
// taken as "not alike".
type Spread struct {
	// Counts holds the answers by value or option, in the same order for all groups of one table.
	Counts []int
	// Favourable and Unfavourable count people, by the measure's own definition.
	Favourable, Unfavourable int
	// HasRange says that Min and Max hold the lowest and highest score in the group.
	HasRange bool
	Min, Max float64
}

// Plus is the aggregate of two disjoint groups together. It changes neither of them.
func (a Aggregate) Plus(b Aggregate) Aggregate {
	sum := Aggregate{N: a.N + b.N, Moved: a.Moved + b.Moved, Telling: a.Telling || b.Telling}
	sum.Favourable = a.Favourable + b.Favourable
	sum.Unfavourable = a.Unfavourable + b.Unfavourable
	if counted(a) && counted(b) {
		sum.Counts = addCounts(a.Counts, b.Counts)
	}
	switch {
	case b.N == 0:
		sum.HasRange, sum.Min, sum.Max = a.HasRange, a.Min, a.Max
	case a.N == 0:
		sum.HasRange, sum.Min, sum.Max = b.HasRange, b.Min, b.Max
	case a.HasRange && b.HasRange:
		sum.HasRange, sum.Min, sum.Max = true, min(a.Min, b.Min), max(a.Max, b.Max)
	}
	return sum
}

// Extreme reports whether a figure of the group would tell everybody's answer: all gave the same
// answer or have the same score, or fewer than ten people are all on one side.
func (a Aggregate) Extreme() bool {
	d := digestOf(a)
	return d.extreme()
}

// counted reports whether a's counts are known; nobody's counts are known to be zero.
func counted(a Aggregate) bool { return a.Counts != nil || a.N == 0 }

func addCounts(a, b []int) []int {
	if len(a) < len(b) {
		a, b = b, a
	}
	if a == nil {
		return nil
	}
	sum := make([]int, len(a))
	copy(sum, a)
	for i, n := range b {
		sum[i] += n
	}
	return sum
}
