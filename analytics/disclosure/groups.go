package disclosure

// Groups decides over disjoint groups that are shown beside their total. The groups must make up the
// total entirely: people of no shown group (department unknown) are one more group in the list.
//
// The hidden groups together are always Safe, since total minus shown gives them: the smallest
// group that achieves this is hidden too (Protects). A total that is not Shown shows no group. No difference
// needs watching: only the hidden groups' sum is known, and each shown group brings enough people.
func (r Rule) Groups(groups []Aggregate) (total Decision, each []Decision) {
	digests := make([]digest, len(groups))
	var sum digest
	for i, a := range groups {
		digests[i] = digestOf(a)
		sum.add(&digests[i])
	}
	total = r.decide(&sum)
	each = make([]Decision, len(groups))
	for i := range digests {
		each[i] = beside(total, r.decide(&digests[i]))
	}
	if total.Level == Shown {
		r.protect(&sum, digests, each)
		r.demote(digests, each)
	}
	return total, each
}

// protect hides further groups until the withheld ones together are safe, or nobody. It reports whether that took any.
func (r Rule) protect(sum *digest, groups []digest, each []Decision) (any bool) {
	var withheld digest
	for i := range groups {
		if each[i].Level != Shown {
			withheld.add(&groups[i])
		}
	}
	for !withheld.empty() && !r.safe(&withheld) {
		i := r.partner(sum, &withheld, groups, each)
		each[i], any = Decision{Hidden, Protects}, true
		withheld.add(&groups[i])
	}
	return any
}

// beside is the decision of a part of a total: parts of a hidden total are hidden for its reason.
func beside(total, own Decision) Decision {
	if own.Level != Shown || total.Level == Shown {
		return own
	}
	if total.Level == Hidden {
		return total
	}
	return Decision{Hidden, Protects}
}

// partner is the smallest shown group that makes the withheld ones safe. There is one as long as the
// total is safe: any shown group brings enough different people, and some of them enough movement.
func (r Rule) partner(sum, withheld *digest, groups []digest, each []Decision) int {
	best, bestCost := -1, 0
	for i := range groups {
		if each[i].Level != Shown {
			continue
		}
		with := withheld.plus(groups[i])
		if !r.safe(&with) {
			continue
		}
		if c := groups[i].n + staleness(sum, &groups[i]); best < 0 || c < bestCost {
			best, bestCost = i, c
		}
	}
	return best
}

// stale outweighs any number of people.
const stale = 1 << 40

// staleness makes a group that stood still while others moved the last choice for hiding: readers may
// remember its figure, and what they remember covers nobody.
func staleness(sum, d *digest) int {
	if sum.stirred() && !d.stirred() {
		return stale
	}
	return 0
}

// demote hides those coarse groups that cover for others. A reader who knows the rule takes a coarse
// group to be all on one side and subtracts it; the withheld groups left must stand that too.
func (r Rule) demote(groups []digest, each []Decision) {
	known := make([]bool, len(groups))
	for _, i := range largestFirst(groups, each, Coarse) {
		known[i] = true
		var unknown digest
		for j := range groups {
			if each[j].Level != Shown && !known[j] {
				unknown.add(&groups[j])
			}
		}
		if !unknown.empty() && !r.safe(&unknown) {
			known[i] = false
			each[i] = Decision{Hidden, Protects}
		}
	}
}
