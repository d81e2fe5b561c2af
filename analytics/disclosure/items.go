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
// Why: twice the construct of two items, less both of them, is the one answer of whoever skipped the other; and the
// construct less both items is half of what those said who skipped none. Take any sum of figures: by cell w of the
// construct, and v(i) of item i. Whoever answered s of the items cancels out where w is -s v(i) for each of these items.
//
// Where the v(i) differ, nobody who answered all of them does, and by items, as the difference of two v(i) can be worked
// out, these are enough people. Else all v(i) are v, the last item's. In a cell with people who answered all and others
// who answered some, either those or these remain, at least, whatever w is; by last that is enough people, unless v
// holds no such cell, nor one without anybody who answered all. Then everybody whom v holds answered all, and what
// remains is what w and the construct in the items' place make up, for which the construct's own table answers.
func Items(whole, partial Aggregate) (items, last Aggregate) {
	if whole.N == 0 {
		dust := Aggregate{N: min(partial.N, 1), Moved: min(partial.Moved, 1)}
		return dust, dust
	}
	items = Aggregate{N: whole.N * grain, Moved: whole.Moved * grain}
	last = Aggregate{N: min(whole.N, partial.N) * grain, Moved: min(whole.Moved, partial.Moved) * grain}
	if last.Moved == 0 { // those who moved can be had by themselves
		last.Moved = max(whole.Moved, partial.Moved) * grain
	}
	if last.N == 0 {
		last.Moved = 0
	}
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
