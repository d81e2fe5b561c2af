package tally

import (
	"maps"
	"testing"

	"pgregory.net/rapid"

	"soundings/surveys"
)

var kinds = &surveys.Document{Questions: []surveys.Question{
	{ID: "a", Kind: surveys.Scale, Points: 5, Construct: "openness"},
	{ID: "b", Kind: surveys.Scale, Points: 7, Construct: "openness", Reversed: true},
	{ID: "c", Kind: surveys.Scale, Points: 5, Construct: "openness"},
	{ID: "d", Kind: surveys.Scale, Points: 5, Construct: "alone"},
	{ID: "e", Kind: surveys.Recommend},
	{ID: "f", Kind: surveys.Choice, Other: true, Options: []surveys.Option{{ID: "x"}, {ID: "y"}}},
	{ID: "g", Kind: surveys.Choices, Options: []surveys.Option{{ID: "x"}, {ID: "y"}, {ID: "z"}}},
	{ID: "h", Kind: surveys.Ranking, Options: []surveys.Option{{ID: "x"}, {ID: "y"}, {ID: "z"}}},
	{ID: "i", Kind: surveys.Text},
}}

// Many responses counted in place come to what each of them adds, be they as the questionnaire offers them or not.
func TestASheetHoldsWhatEachResponseAdds(t *testing.T) {
	options := rapid.SliceOfN(rapid.SampledFrom([]string{"x", "y", "z", surveys.OtherOption, "gone"}), 0, 4)
	answer := rapid.Custom(func(t *rapid.T) surveys.Answer {
		if rapid.Bool().Draw(t, "a number") {
			return surveys.Number(rapid.IntRange(0, 12).Draw(t, "number"))
		}
		return surveys.Picked(append([]string{}, options.Draw(t, "options")...)...)
	})
	id := rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "unknown"})
	response := rapid.MapOfN(id, answer, 0, 10)
	rapid.Check(t, func(t *rapid.T) {
		c := newCounter(kinds)
		f := newForm(c)
		s, p, want, got := newSheet(f), f.paper(), newCounts(), newCounts()
		for range rapid.IntRange(0, 12).Draw(t, "responses") {
			answers := surveys.Answers(response.Draw(t, "answers"))
			cell := Cell{Department: surveys.DepartmentID(rapid.IntRange(0, 2).Draw(t, "department"))}
			for _, con := range append(c.contributions(answers), c.together(answers)...) {
				want.add(cell, con)
			}
			document, err := answers.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if err := f.read(p, document); err != nil {
				t.Fatal(err)
			}
			s.add(cell, p)
		}
		s.addTo(got)
		if !maps.Equal(got.Scores, want.Scores) {
			t.Fatalf("scores are\n%v, want\n%v", got.Scores, want.Scores)
		}
		if !maps.Equal(got.Values, want.Values) {
			t.Fatalf("values are\n%v, want\n%v", got.Values, want.Values)
		}
	})
}
