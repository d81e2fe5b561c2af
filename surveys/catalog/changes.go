package catalog

import (
	"slices"

	"soundings/surveys"
)

// Aspect is one way in which a question of the next version differs from the one before.
type Aspect string

const (
	Wording Aspect = "wording" // of the question itself
	Answers Aspect = "answers" // its kind, points, labels, options
	Scoring Aspect = "scoring" // its construct, or which way it counts
	Asked   Aspect = "asked"   // the condition under which it is shown
)

// aspects lists everything that changes what an answer to the question says. Help, required and translations do not.
func aspects(before, after *surveys.Question) []Aspect {
	var list []Aspect
	if before.Text != after.Text {
		list = append(list, Wording)
	}
	if before.Kind != after.Kind || before.Points != after.Points || before.Other != after.Other ||
		!slices.Equal(before.Labels, after.Labels) || !slices.Equal(before.Options, after.Options) {
		list = append(list, Answers)
	}
	if before.Construct != after.Construct || before.Reversed != after.Reversed {
		list = append(list, Scoring)
	}
	if !sameCondition(before.ShowIf, after.ShowIf) {
		list = append(list, Asked)
	}
	return list
}

func sameCondition(a, b *surveys.Condition) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Question == b.Question && slices.Equal(a.In, b.In)
}

// Change is what becomes of one question in the next version of its survey.
type Change struct {
	ID      string
	Before  *surveys.Question // nil for a new question
	After   *surveys.Question // nil for one that is taken out
	Aspects []Aspect          // of a question that is there before and after; none if it means the same
}

// New reports whether the question was not asked in the version before.
func (c Change) New() bool { return c.Before == nil }

// Removed reports whether the question is not asked any more.
func (c Change) Removed() bool { return c.After == nil }

// Same reports whether the question means what it did, so that its trend goes on by itself.
func (c Change) Same() bool { return !c.New() && !c.Removed() && len(c.Aspects) == 0 }

// OnlyWording reports whether nothing but the words of the question differ. Then, and only then, its author may state
// that they mean the same.
func (c Change) OnlyWording() bool { return len(c.Aspects) == 1 && c.Aspects[0] == Wording }

// Compare tells what becomes of each question: those of the next version in its order, then those that it lacks.
func Compare(before, after *surveys.Document) []Change {
	var list []Change
	for i := range after.Questions {
		c := Change{ID: after.Questions[i].ID, After: &after.Questions[i]}
		if old, ok := before.Question(c.ID); ok {
			c.Before, c.Aspects = old, aspects(old, c.After)
		}
		list = append(list, c)
	}
	for i := range before.Questions {
		if _, ok := after.Question(before.Questions[i].ID); !ok {
			list = append(list, Change{ID: before.Questions[i].ID, Before: &before.Questions[i]})
		}
	}
	return list
}

// nextVersions gives every question of the next document its version. earlier is the highest each id ever had, so that an
// id that comes back after a pause never takes up an old trend by accident.
func nextVersions(before *surveys.Questionnaire, earlier map[string]int, after *surveys.Document, kept map[string]bool) map[string]int {
	versions := map[string]int{}
	for _, c := range Compare(before.Document, after) {
		switch {
		case c.Removed():
		case c.Same() || c.OnlyWording() && kept[c.ID]:
			versions[c.ID] = before.Versions[c.ID]
		default:
			versions[c.ID] = earlier[c.ID] + 1
		}
	}
	return versions
}
