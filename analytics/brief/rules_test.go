package brief

import (
	"slices"
	"testing"

	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/decisions"
	"soundings/surveys/ideas"
	"soundings/surveys/promises"
)

func words(text string) Words { return Words{Own: "en", By: map[string]string{"en": text}} }

// asked is a brief about which everything is known and nothing stands out.
func asked() Brief {
	shown := func(mean float64) Figure {
		return Figure{Shown: true, N: 40, Headcount: 60, Mean: mean, Low: mean - 4, High: mean + 4, HasInterval: true}
	}
	return Brief{Wave: &Wave{ID: 7, About: true}, Standing: shown(55), Others: shown(57), Difference: stats.NoClearChange, Answered: 40, Asked: 60,
		Move:    Move{Verdict: stats.NoClearChange, Points: -2, Since: "Q2", Smallest: 8},
		Weakest: []Item{{Question: "involved", Own: shown(40), Others: shown(50), Verdict: stats.NoClearChange}},
		Last:    &Visit{ID: 3, Days: 12}, Champions: 1}
}

// The sentences follow from the figures, and nothing is said whose premise does not hold.
func TestEachRuleSaysWhatItsPremiseAllowsAndNoMore(t *testing.T) {
	for name, c := range map[string]struct {
		change func(b *Brief)
		says   []string
		not    []string
	}{
		"nothing stands out":          {func(*Brief) {}, []string{"no_clear_change", "moved_not", "none_weakest", "champions", "visited"}, []string{"weakest", "ask_them", "few_answered"}},
		"never asked anything":        {func(b *Brief) { *b = Brief{} }, []string{"unmeasured", "never_visited", "no_champion"}, []string{"hidden", "moved_not", "none_weakest"}},
		"too few":                     {func(b *Brief) { b.Standing, b.Weakest = Figure{Reason: disclosure.TooFew}, nil }, []string{"hidden"}, []string{"no_clear_change", "moved_not", "none_weakest", "few_answered"}},
		"everybody alike":             {func(b *Brief) { b.Standing = Figure{Between: &[2]float64{75, 100}, N: 9} }, []string{"alike"}, []string{"hidden", "moved_not"}},
		"others hidden":               {func(b *Brief) { b.Others, b.Difference = Figure{}, stats.NotComparable }, []string{"alone"}, []string{"no_clear_change"}},
		"clearly less open":           {func(b *Brief) { b.Difference = stats.ClearlyDown }, []string{"clearly_down"}, []string{"clearly_up", "no_clear_change"}},
		"clearly more open":           {func(b *Brief) { b.Difference = stats.ClearlyUp }, []string{"clearly_up"}, []string{"clearly_down"}},
		"asked about another change":  {func(b *Brief) { b.Wave.About = false }, []string{"unasked_no_clear_change"}, []string{"no_clear_change"}},
		"clear, about another change": {func(b *Brief) { b.Wave.About, b.Difference = false, stats.ClearlyDown }, []string{"unasked_clearly_down"}, []string{"clearly_down"}},
		"alone, about another change": {func(b *Brief) { b.Wave.About, b.Difference = false, stats.NotComparable }, []string{"unasked_alone"}, []string{"alone"}},
		"more open, about another":    {func(b *Brief) { b.Wave.About, b.Difference = false, stats.ClearlyUp }, []string{"unasked_clearly_up"}, []string{"clearly_up"}},
		"clearly down":                {func(b *Brief) { b.Move.Verdict = stats.ClearlyDown }, []string{"moved_down"}, []string{"moved_not"}},
		"clearly up":                  {func(b *Brief) { b.Move.Verdict = stats.ClearlyUp }, []string{"moved_up"}, []string{"moved_not"}},
		"a small group, unmoved":      {func(b *Brief) { b.Move.Smallest = 21 }, []string{"moved_not_unsure"}, []string{"moved_not"}},
		"a first wave":                {func(b *Brief) { b.Move = Move{} }, nil, []string{"moved_not", "moved_not_unsure"}},
		"few answered":                {func(b *Brief) { b.FewAnswered = true }, []string{"few_answered"}, nil},
		"a band answered more":        {func(b *Brief) { b.BandOff = &BandOff{"Managers", 75, 50} }, []string{"band_more"}, []string{"band_less"}},
		"a band answered less":        {func(b *Brief) { b.BandOff = &BandOff{"Managers", 25, 50} }, []string{"band_less"}, []string{"band_more"}},
		"few answered, hidden":        {func(b *Brief) { b.FewAnswered, b.Standing = true, Figure{} }, nil, []string{"few_answered"}},
		"clearly behind":              {func(b *Brief) { b.Weakest[0].Verdict, b.Behind = stats.ClearlyDown, 1 }, []string{"weakest"}, []string{"none_weakest", "ask_them"}},
		"behind, not among the three": {func(b *Brief) { b.Behind = 1 }, nil, []string{"weakest", "none_weakest"}},
		"not asked, and open": {func(b *Brief) { b.Weakest[0].Verdict, b.Behind, b.StillOpen = stats.ClearlyDown, 1, words("When") },
			[]string{"weakest", "ask_them"}, nil},
		"not asked, and the date is open": {func(b *Brief) {
			b.Weakest[0].Verdict, b.Behind, b.StillOpen, b.Decisions = stats.ClearlyDown, 1, words("When"), []Decision{{ID: 5, Kind: decisions.When}}
		}, []string{"ask_date"}, []string{"ask_them", "wanted"}},
		"not asked, and the date is decided": {func(b *Brief) {
			b.Weakest[0].Verdict, b.Behind, b.Decisions = stats.ClearlyDown, 1, []Decision{{ID: 5, Kind: decisions.When, Outcome: &Outcome{}}, {ID: 6, Kind: decisions.Pilot}}
		}, []string{"weakest"}, []string{"ask_date", "ask_them"}},
		"they chose, undecided": {func(b *Brief) {
			b.Decisions = []Decision{{N: 9, Chosen: []Option{{ID: "late", Count: 5}, {ID: "early", Count: 4}}}}
		}, []string{"wanted"}, nil},
		"they chose, decided": {func(b *Brief) {
			b.Decisions = []Decision{{N: 9, Chosen: []Option{{ID: "late", Count: 5}}, Outcome: &Outcome{Option: "late"}}}
		}, nil, []string{"wanted"}},
		"as many chose two": {func(b *Brief) {
			b.Decisions = []Decision{{N: 8, Chosen: []Option{{ID: "late", Count: 4}, {ID: "early", Count: 4}}}}
		}, nil, []string{"wanted"}},
		"not clearly unasked, and open": {func(b *Brief) { b.StillOpen = words("When") }, nil, []string{"ask_them"}},
		"behind in something else, and open": {func(b *Brief) {
			b.Weakest[0].Question, b.Weakest[0].Verdict, b.Behind, b.StillOpen = "fit", stats.ClearlyDown, 1, words("When")
		}, []string{"weakest"}, []string{"ask_them"}},
		"one option before all": {func(b *Brief) {
			b.Choices = []Choice{{Question: "worry", Kind: surveys.Choice, N: 9, Options: []Option{{ID: "time", Count: 5}, {ID: "lose", Count: 4}}}}
		}, []string{"most_chosen"}, []string{"most_chosen_more"}},
		"clearly more than elsewhere": {func(b *Brief) {
			b.Choices = []Choice{{Question: "worry", Kind: surveys.Choice, N: 9, Options: []Option{{ID: "time", Count: 5, Verdict: stats.ClearlyUp}}}}
		}, []string{"most_chosen_more"}, []string{"most_chosen"}},
		"two options alike": {func(b *Brief) {
			b.Choices = []Choice{{Question: "worry", Kind: surveys.Choice, N: 8, Options: []Option{{ID: "time", Count: 4}, {ID: "lose", Count: 4}}}}
		}, nil, []string{"most_chosen"}},
		"mostly something else": {func(b *Brief) {
			b.Choices = []Choice{{Question: "worry", Kind: surveys.Choice, N: 5, Options: []Option{{ID: surveys.OtherOption, Count: 4}, {ID: "lose", Count: 1}}}}
		}, nil, []string{"most_chosen"}},
		"goes with openness here": {func(b *Brief) {
			b.Drivers = []Driver{{Question: "fit", Coefficient: .5, Low: .2, High: .7, HasInterval: true}}
		},
			[]string{"goes_with"}, []string{"goes_with_everyone"}},
		"goes with openness, everywhere": {func(b *Brief) {
			b.Drivers = []Driver{{Question: "fit", Coefficient: .5, Low: .2, High: .7, HasInterval: true, Everyone: true}}
		}, []string{"goes_with_everyone"}, []string{"goes_with"}},
		"no clear link": {func(b *Brief) {
			b.Drivers = []Driver{{Question: "fit", Coefficient: .2, Low: -.1, High: .4, HasInterval: true}}
		}, nil, []string{"goes_with"}},
		"a promise overdue":  {func(b *Brief) { b.Kept.Overdue = 2 }, []string{"overdue"}, nil},
		"a promise kept":     {func(b *Brief) { b.Promises = []Promise{{ID: 1, State: promises.Open}, {ID: 2, State: promises.Kept}} }, []string{"kept"}, []string{"overdue"}},
		"their idea":         {func(b *Brief) { b.Credit = true }, []string{"their_idea"}, nil},
		"ideas unanswered":   {func(b *Brief) { b.IdeasWaiting, b.Ideas = 1, []Idea{{ID: 4, Status: ideas.New}} }, []string{"ideas_waiting"}, nil},
		"long unvisited":     {func(b *Brief) { b.LongUnvisited = true }, []string{"long_unvisited"}, []string{"visited", "never_visited"}},
		"without a champion": {func(b *Brief) { b.Champions = 0 }, []string{"no_champion"}, []string{"champions"}},
	} {
		b := asked()
		c.change(&b)
		var said []string
		for _, s := range Say(&b) {
			said = append(said, s.Rule)
		}
		for _, rule := range c.says {
			if !slices.Contains(said, rule) {
				t.Errorf("%s: %v lacks %s", name, said, rule)
			}
		}
		for _, rule := range c.not {
			if slices.Contains(said, rule) {
				t.Errorf("%s: %v says %s", name, said, rule)
			}
		}
		for _, rule := range said {
			if !slices.Contains(Rules(), rule) {
				t.Errorf("%s: the list of rules lacks %s", name, rule)
			}
		}
	}
}

// What helps most in the conversation comes first, and no more than a page has room for.
func TestTheSentencesAreFewAndInTheOrderOfTheirUse(t *testing.T) {
	b := asked()
	b.Difference, b.Move.Verdict, b.Behind, b.StillOpen, b.Kept.Overdue, b.Credit, b.FewAnswered = stats.ClearlyDown, stats.ClearlyDown, 1, words("When"), 1, true, true
	b.Weakest[0].Verdict = stats.ClearlyDown
	b.Choices = []Choice{{Question: "worry", Kind: surveys.Choice, N: 9, Options: []Option{{ID: "time", Count: 5}}}}
	var said []string
	for _, s := range Say(&b) {
		said = append(said, s.Rule)
	}
	want := []string{"clearly_down", "moved_down", "overdue", "their_idea", "weakest", "ask_them", "most_chosen"}
	if !slices.Equal(said, want) {
		t.Errorf("%v, want %v", said, want)
	}
	all := Say(&b)
	if First(all) != 2 || First(all[:1]) != 1 || First(nil) != 0 || First(all[2:]) != 1 {
		t.Errorf("%d, %d, %d and %d sentences stand first", First(all), First(all[:1]), First(nil), First(all[2:]))
	}
}
