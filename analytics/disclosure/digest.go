package disclosure

// onOneSide is the size from which a group wholly on one side may be told.
const onOneSide = 10

// digest is an Aggregate reduced to what decides its safety, so that adding two allocates nothing: a
// table adds many thousands.
type digest struct {
	n, moved int
	// telling is how many cells' movement would tell what each of those who moved said.
	telling int
	// favourable and unfavourable say that everyone is on that side.
	favourable, unfavourable bool
	// full holds the values that everyone gave; nothing at all, given by everyone, is one of them.
	full values
	// level says that everyone has the same score.
	level bool
	score float64
}

func digestOf(a Aggregate) digest {
	// Less than nobody would break the sums that the gate's proofs rest on.
	d := digest{n: max(a.N, 0), moved: max(a.Moved, 0)}
	if a.Telling {
		d.telling = 1
	}
	if d.n == 0 {
		return d
	}
	d.favourable = a.Favourable == a.N
	d.unfavourable = a.Unfavourable == a.N
	d.full = fullOf(a.Counts, a.N)
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
		d.telling += e.telling
		return
	case d.n == 0:
		moved, telling := d.moved, d.telling
		*d = *e
		d.moved += moved
		d.telling += telling
		return
	}
	d.n += e.n
	d.moved += e.moved
	d.telling += e.telling
	d.favourable = d.favourable && e.favourable
	d.unfavourable = d.unfavourable && e.unfavourable
	d.full = d.full.and(e.full)
	if d.level {
		d.level = e.level && d.score == e.score
	}
}

func (d digest) plus(e digest) digest {
	d.add(&e)
	return d
}

// empty reports that nothing is to be learnt from the group, now or by comparing with before.
func (d *digest) empty() bool { return d.n == 0 && !d.stirred() }

// stirred reports whether anybody moved.
func (d *digest) stirred() bool { return d.moved+d.telling > 0 }

func (d *digest) extreme() bool {
	if d.n == 0 {
		return false
	}
	return d.alike() || d.level || d.n < onOneSide && (d.favourable || d.unfavourable)
}

// alike reports that there is a value that everyone gave. Of a question with several answers one is enough: that all of
// twelve people need a course tells it of each of them, whatever else they need.
func (d *digest) alike() bool { return d.full != values{} }

// values is a set of them, by their place in Counts. Those of places further apart than it has room count as the same,
// so that it may only find more in common than there is.
type values [2]uint64

// noValue stands for giving none.
const noValue = 127

func (v values) and(w values) values { return values{v[0] & w[0], v[1] & w[1]} }

func (v *values) set(place int) { v[place/64] |= 1 << (place % 64) }

func fullOf(counts []int, n int) (full values) {
	if counts == nil {
		return full
	}
	none := true
	for i, c := range counts {
		none = none && c == 0
		if c == n {
			full.set(i % noValue)
		}
	}
	if none {
		full.set(noValue)
	}
	return full
}
