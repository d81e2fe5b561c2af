package stats

// Moved is one department in two waves.
type Moved struct{ Before, After Sums }

// change is by how much its mean moved, in points, and the variance of that from who happened to answer, with what it adds
// to Satterthwaite's denominator. ok is false where a wave has under two persons.
func (m Moved) change() (points, variance, spread float64, ok bool) {
	points = m.After.Sum/float64(m.After.N) - m.Before.Sum/float64(m.Before.N)
	for _, s := range []Sums{m.Before, m.After} {
		v, known := s.variance()
		if !known {
			return 0, 0, 0, false
		}
		part := v / float64(s.N)
		variance += part
		spread += part * part / float64(s.N-1)
	}
	return points, variance, spread, true
}

// Basis is what an interval rests on.
type Basis string

const (
	// Across departments: how differently those of one side moved.
	Across Basis = "departments"
	// Answers: who happened to answer.
	Answers Basis = "answers"
)

// Contrast is by how much more the departments of one side moved than those of the other.
type Contrast struct {
	Test           // the first side's move less the second's; its interval is cut to -200..200
	Own    float64 // mean move of the first side, in points
	Others float64 // of the second
	Basis  Basis   // of the interval and p
	// Smallest is the least difference, in points, that these departments could have shown as clear.
	Smallest float64
}

// FewestMoved is how many departments a side must have: of one nobody can say how differently departments move.
const FewestMoved = 2

// DifferenceInDifferences compares how far two sets of departments moved between the same two waves. The move of a
// department is the difference of its means, and each counts the same, however many answered: what happened to one side
// happened to departments, and a large one would otherwise speak for all.
//
// Two intervals are worked out, and the wider is told, with its p; so a difference is only significant if it is by both.
//
//   - Across departments: Welch's test on the moves, a department being one observation. Where few groups are compared the
//     groups, not the persons in them, are what the degrees of freedom count: Donald and Lang (2007), "Inference with
//     difference-in-differences and other panel data", Review of Economics and Statistics 89, 221-233; Bertrand, Duflo and
//     Mullainathan (2004), Quarterly Journal of Economics 119, 249-275, section IV.C, who also ignore all time but before
//     and after. Moves hold the chance of who answered as well, so in expectation this one is the wider.
//   - Answers: the chance of who answered alone, both waves of each department being independent samples, with
//     Satterthwaite's degrees of freedom. Of few departments some that happen to move alike give an interval across
//     departments that is narrower than this chance allows; the variance between departments is then taken to be none, as
//     estimates of variance components are cut off at zero.
//
// ok is false with fewer than [FewestMoved] on either side, when a wave of a department has under two persons, and when
// nothing shows any spread.
func DifferenceInDifferences(own, others []Moved) (c Contrast, ok bool) {
	if len(own) < FewestMoved || len(others) < FewestMoved {
		return Contrast{}, false
	}
	a, okA := sideOf(own)
	b, okB := sideOf(others)
	if !okA || !okB {
		return Contrast{}, false
	}
	chance, chanceSpread := a.chance+b.chance, a.chanceSpread+b.chanceSpread
	between, betweenSpread := a.between+b.between, a.betweenSpread+b.betweenSpread
	c.Own, c.Others, c.Basis = a.mean, b.mean, Answers
	if reach(between, betweenSpread) > reach(chance, chanceSpread) {
		chance, chanceSpread, c.Basis = between, betweenSpread, Across
	}
	c.Test, ok = judgedByT(a.mean-b.mean, chance, chanceSpread, moveLimit)
	c.Smallest = max(reach(chance, chanceSpread), SmallestMove)
	return c, ok
}

// moveLimit is how far apart two moves can be: one from 0 to 100, the other back.
const moveLimit = 200

// side is the mean of some moves, and its variance by either account; a spread is Satterthwaite's denominator.
type side struct {
	mean                   float64
	chance, chanceSpread   float64
	between, betweenSpread float64
}

func sideOf(list []Moved) (s side, ok bool) {
	n := float64(len(list))
	moves := Sums{}
	for _, m := range list {
		points, variance, spread, ok := m.change()
		if !ok {
			return side{}, false
		}
		moves.Add(points)
		s.chance += variance / (n * n)
		s.chanceSpread += spread / (n * n * n * n)
	}
	s.mean, _ = moves.Mean()
	v, _ := moves.variance()
	s.between = v / n
	s.betweenSpread = s.between * s.between / (n - 1)
	return s, true
}
