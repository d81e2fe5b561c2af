package disclosure

// onOneSide is the size from which a group wholly on one side may be told.
const onOneSide = 10

// digest is an Aggregate reduced to what decides its safety, so that adding two allocates nothing: a
// table adds many thousands.
type digest struct {
	n, moved int
	// favourable and unfavourable say that everyone is on that side.
	favourable, unfavourable bool
	// alike says that each value was given by all or by none; by all where pattern is positive.
	alike   bool
	pattern []int
	// level says that everyone has the same score.
	level bool
	score float64
}

func digestOf(a Aggregate) digest {
	// Less than nobody would break the sums that the gate's proofs rest on.
	d := digest{n: max(a.N, 0), moved: max(a.Moved, 0)}
	if d.n == 0 {
		return d
	}
	d.favourable = a.Favourable == a.N
	d.unfavourable = a.Unfavourable == a.N
	if a.Counts != nil && allOrNone(a.Counts, a.N) {
		d.alike, d.pattern = true, a.Counts
	}
	if a.HasRange && a.Min == a.Max {
		d.level, d.score = true, a.Min
	}
	return d
}

// add makes d the digest of both groups together.
func (d *digest) add(e *digest) {
	switch {
	case e.n == 0:
		d.moved += e.moved
		return
	case d.n == 0:
		moved := d.moved
		*d = *e
		d.moved += moved
		return
	}
	d.n += e.n
	d.moved += e.moved
	d.favourable = d.favourable && e.favourable
	d.unfavourable = d.unfavourable && e.unfavourable
	if d.alike {
		d.alike = e.alike && samePattern(d.pattern, e.pattern)
	}
	if d.level {
		d.level = e.level && d.score == e.score
	}
}

func (d digest) plus(e digest) digest {
	d.add(&e)
	return d
}

// empty reports that nothing is to be learnt from the group, now or by comparing with before.
func (d *digest) empty() bool { return d.n == 0 && d.moved == 0 }

func (d *digest) extreme() bool {
	if d.n == 0 {
		return false
	}
	return d.alike || d.level || d.n < onOneSide && (d.favourable || d.unfavourable)
}

func allOrNone(counts []int, n int) bool {
	for _, c := range counts {
		if c != 0 && c != n {
			return false
		}
	}
	return true
}

func samePattern(a, b []int) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	for i := range a {
		if (a[i] > 0) != (i < len(b) && b[i] > 0) {
			return false
		}
	}
	return true
}
