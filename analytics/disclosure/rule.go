package disclosure

// DefaultMinimum is the smallest group shown unless a survey says otherwise.
const DefaultMinimum = 5

// Rule is a survey's promise to its respondents.
type Rule struct {
	// Minimum is the fewest people a figure may stand for. 1 is for named surveys, whose people agreed
	// to be named: every group with anybody in it is shown. Below 1 stands for DefaultMinimum.
	Minimum int
}

func (r Rule) minimum() int {
	if r.Minimum < 1 {
		return DefaultMinimum
	}
	return r.Minimum
}

func (r Rule) named() bool { return r.minimum() == 1 }

// Safe reports whether exact figures of the group may be known: at least Minimum people, none or at
// least Minimum of them moved since readers last saw it, and not Extreme. Two disjoint safe groups are
// safe together; everything the gate does rests on that.
func (r Rule) Safe(a Aggregate) bool {
	d := digestOf(a)
	return r.safe(&d)
}

func (r Rule) safe(d *digest) bool { return r.decide(d).Level == Shown }

// Nobody is the decision on a group in which nobody answered: told apart from a few only among people who agreed to be named.
func (r Rule) Nobody() Decision {
	if r.named() {
		return Decision{Hidden, NobodyAnswered}
	}
	return Decision{Hidden, TooFew}
}

func (r Rule) decide(d *digest) Decision {
	k := r.minimum()
	switch {
	case d.n < k:
		return r.Nobody()
	case k == 1:
		return Decision{Level: Shown}
	case d.stirred() && d.moved < k:
		return Decision{Hidden, MovedTooLittle}
	case d.extreme():
		return Decision{Level: Coarse}
	}
	return Decision{Level: Shown}
}

// Decision says how much of a group's figures may leave. The zero value hides.
type Decision struct {
	Level  Level
	Reason Reason // why, when Hidden
}

// Level is how much may be told.
type Level uint8

const (
	// Hidden: nothing may be told, not even the number of answers.
	Hidden Level = iota
	// Coarse: the number of answers is exact, but shares are given by CoarseShare, means by CoarseMean,
	// and nothing else (no distribution, no sd, no interval).
	Coarse
	// Shown: every figure of the measure may be told exactly.
	Shown
)

// Reason is why a group is Hidden; a key for the words on the page.
type Reason string

const (
	// TooFew people answered. Nobody answering is not told apart from a few, unless people agreed to be named.
	TooFew Reason = "too few answers"
	// NobodyAnswered in a survey whose people agreed to be named.
	NobodyAnswered Reason = "nobody answered"
	// Protects: with this figure, that of a smaller group could be worked out.
	Protects Reason = "protects a smaller group"
	// MovedTooLittle: the difference to the figure seen before would be that of too few people.
	MovedTooLittle Reason = "too little moved since last shown"
	// WaveOpen: results wait for the wave to close. No rule here gives it; callers do.
	WaveOpen Reason = "wave still open"
)
