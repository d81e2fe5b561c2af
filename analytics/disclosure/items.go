package disclosure

// grain is what one person weighs in the tables of Items. Whoever cannot cover for others weighs 1: more than nobody, and
// never enough.
const grain = 1 << 10

// Items is for a construct that is the mean of m items, of which each person may have left some out. Of those of a cell
// who answered all items and of those who answered some, it makes what is to be put to Table with the Weighed rule, beside
// the tables of the construct and of each item by itself:
//
//   - items: what this table does not show, none of the items shows.
//   - last: what this table does not show, the last item does not show.
//
// A group of nobody may be known to be empty in either.
//
// Why: twice the construct of two items, less both of them, is the one answer of whoever skipped the other. Take any sum
// of figures, w of the construct and v(i) of item i, by cell, in which those who answered everything cancel out: m v(i)
// is -w in each cell that has any of them. So v(i) and v(last) differ in cells alone that have none of them, and as
// items shows nothing that these cells make up by themselves, they do not differ at all. What remains in the cells with
// people who answered everything is, of those who left something out, what v(last) makes up, and by last these are nobody
// or enough. What remains elsewhere is w alone, and the construct's own table answers for it.
func Items(whole, partial Aggregate) (items, last Aggregate) {
	if whole.N == 0 {
		dust := Aggregate{N: min(partial.N, 1), Moved: min(partial.Moved, 1)}
		return dust, dust
	}
	items = Aggregate{N: whole.N * grain, Moved: whole.Moved * grain}
	last = Aggregate{N: partial.N * grain, Moved: partial.Moved * grain}
	last.HasRange, last.Min, last.Max = partial.HasRange, partial.Min, partial.Max
	return items, last
}

// Weighed is the rule for the tables of Items.
func (r Rule) Weighed() Rule {
	if r.named() {
		return r
	}
	return Rule{Minimum: r.minimum() * grain}
}
