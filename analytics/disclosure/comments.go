package disclosure

// CommentMinimum is the fewest respondents of a group whose comments are shown.
const CommentMinimum = 10

// Comments reports whether the comments of a group of n respondents may be shown, shuffled and without
// band: from CommentMinimum, and never below Minimum; any in a named survey.
func (r Rule) Comments(n int) bool {
	if r.named() {
		return n > 0
	}
	return n >= max(CommentMinimum, r.minimum())
}

// Commenting decides whose comments may be shown, of departments whose numbers of respondents were put to the gate: those
// of departments that are named, each by itself, and those of all others together, without a department.
//
// A department is named where its exact number may be told and reaches what Comments asks. The others are together if
// they reach it together; otherwise nothing of theirs is shown. There is one group without a name and never two, since
// a reader could take one from the other. Where the total is withheld, nothing is shown at all.
func (r Rule) Commenting(total Decision, departments []Decision, respondents []int) (named []bool, others bool) {
	named = make([]bool, len(departments))
	if total.Level != Shown {
		return named, false
	}
	rest := 0
	for i, d := range departments {
		if named[i] = d.Level == Shown && r.Comments(respondents[i]); !named[i] {
			rest += respondents[i]
		}
	}
	return named, r.Comments(rest)
}
