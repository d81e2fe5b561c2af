package brief

import (
	"slices"

	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/decisions"
	"soundings/surveys/promises"
)

// Most is how many sentences a brief has at most.
const Most = 7

// Place is where the figure of a sentence stands.
type Place string

const (
	AtStanding  Place = "standing"  // of the department: its headline
	AtFacts     Place = "facts"     // of the department: the figures that stand first
	AtQuestion  Place = "question"  // of the department: the question's row beside all others; without one, openness
	AtOptions   Place = "options"   // of the department: the options of the question
	AtDrivers   Place = "drivers"   // of the department
	AtPromise   Place = "promise"   // its own page
	AtPromises  Place = "promises"  // of the department
	AtVisit     Place = "visit"     // its own page
	AtVisits    Place = "visits"    // of the department
	AtIdea      Place = "idea"      // its own page
	AtIdeas     Place = "ideas"     // the ideas of the department
	AtChampions Place = "champions" // of the department
	AtDecision  Place = "decision"  // its own page
	AtResult    Place = "result"    // what was answered, on the page of the decision
	AtOpen      Place = "open"      // of the change: what is still open
)

// Sentence is one thing that may be said: the rule that says so, which names the words, and the values that go into them.
// What does not belong to the rule is zero.
type Sentence struct {
	Rule     string
	At       Place
	Question string
	Option   *Option
	Figure   *Figure
	Others   *Figure
	Move     *Move
	Driver   *Driver
	Decision *Decision
	Band     *BandOff
	Promise  *Promise
	Idea     *Idea
	Visit    *Visit
	Count    int // of what the words count
	Of       int // of how many
}

// rule says one thing, or nothing where its premise does not hold.
type rule struct {
	names []string // of all that it can say
	say   func(b *Brief) *Sentence
}

// rules are all of them, what helps most in the conversation first.
func rules() []rule {
	return []rule{
		{[]string{"unmeasured", "hidden", "alike", "alone", "clearly_up", "clearly_down", "no_clear_change",
			"unasked_alone", "unasked_clearly_up", "unasked_clearly_down", "unasked_no_clear_change"}, standing},
		{[]string{"moved_up", "moved_down", "moved_not", "moved_not_unsure"}, moved},
		{[]string{"overdue"}, overdue},
		{[]string{"their_idea"}, credit},
		{[]string{"weakest", "none_weakest"}, weakest},
		{[]string{"ask_date", "ask_them"}, advice},
		{[]string{"wanted"}, wanted},
		{[]string{"most_chosen", "most_chosen_more"}, chosen},
		{[]string{"few_answered"}, fewAnswered},
		{[]string{"band_more", "band_less"}, bandOff},
		{[]string{"never_visited", "long_unvisited"}, unvisited},
		{[]string{"goes_with", "goes_with_everyone"}, driver},
		{[]string{"kept"}, kept},
		{[]string{"ideas_waiting"}, waiting},
		{[]string{"champions", "no_champion"}, champions},
		{[]string{"visited"}, visited},
	}
}

// Rules names everything that can be said; each has words of that name.
func Rules() (names []string) {
	for _, r := range rules() {
		names = append(names, r.names...)
	}
	return names
}

// First is how many of the sentences belong together at the beginning: where they stand, and how that moved.
func First(said []Sentence) int {
	if len(said) > 1 && said[1].Move != nil {
		return 2
	}
	return min(1, len(said))
}

// Say says what a brief comes to, at most Most sentences, what helps most in the conversation first.
func Say(b *Brief) (said []Sentence) {
	for _, r := range rules() {
		if s := r.say(b); s != nil && len(said) < Most {
			said = append(said, *s)
		}
	}
	return said
}

// standing says where they stand, beside all others.
func standing(b *Brief) *Sentence {
	own, others := b.Standing, b.Others
	switch {
	case b.Wave == nil:
		return &Sentence{Rule: "unmeasured", At: AtStanding}
	case own.Between != nil:
		return &Sentence{Rule: "alike", At: AtStanding, Figure: &own}
	case !own.Shown:
		return &Sentence{Rule: "hidden", At: AtStanding, Figure: &own}
	}
	s := &Sentence{Rule: "alone", At: AtQuestion, Figure: &own}
	if b.Difference != stats.NotComparable {
		s.Rule, s.Others = b.Difference.String(), &others
	}
	if !b.Wave.About {
		s.Rule = "unasked_" + s.Rule
	}
	return s
}

// moved says how openness moved since the wave before. That nothing clear is to be seen is said as such, with the change
// that a group of this size could show where that is a large one.
func moved(b *Brief) *Sentence {
	const large = 10 // points
	m := b.Move
	s := &Sentence{At: AtFacts, Move: &m}
	switch {
	case !b.Standing.Shown:
		return nil
	case m.Verdict == stats.ClearlyUp:
		s.Rule = "moved_up"
	case m.Verdict == stats.ClearlyDown:
		s.Rule = "moved_down"
	case m.Verdict == stats.NoClearChange && m.Smallest >= large:
		s.Rule = "moved_not_unsure"
	case m.Verdict == stats.NoClearChange:
		s.Rule = "moved_not"
	default:
		return nil
	}
	return s
}

// fewAnswered says that those who were silent may think otherwise.
func fewAnswered(b *Brief) *Sentence {
	if !b.FewAnswered || !b.Standing.Shown {
		return nil
	}
	return &Sentence{Rule: "few_answered", At: AtFacts, Count: b.Answered, Of: b.Asked}
}

// bandOff says which band answered more or less than its share.
func bandOff(b *Brief) *Sentence {
	switch off := b.BandOff; {
	case off == nil || !b.Standing.Shown:
		return nil
	case off.Answered < off.Asked:
		return &Sentence{Rule: "band_less", At: AtFacts, Band: off}
	default:
		return &Sentence{Rule: "band_more", At: AtFacts, Band: off}
	}
}

// behind is the question in which they are furthest behind the others, of those in which they clearly are.
func (b *Brief) behind() *Item {
	for i := range b.Weakest {
		if b.Weakest[i].Verdict == stats.ClearlyDown {
			return &b.Weakest[i]
		}
	}
	return nil
}

// weakest says in what they are clearly behind, or that they are so in nothing.
func weakest(b *Brief) *Sentence {
	if item := b.behind(); item != nil {
		return &Sentence{Rule: "weakest", At: AtQuestion, Question: item.Question, Figure: &item.Own, Others: &item.Others}
	}
	if len(b.Weakest) == 0 || b.Behind > 0 {
		return nil
	}
	return &Sentence{Rule: "none_weakest", At: AtQuestion}
}

// aboutBeingAsked are the questions of the library about being told and asked. Advice is given only where they are asked:
// what another question is about, only its author knows.
var aboutBeingAsked = [...]string{"involved", "informed", "involves", "informs"}

// advice says what to do where they clearly do not feel asked, and the change leaves something open to be decided by them.
func advice(b *Brief) *Sentence {
	item := b.behind()
	if item == nil || !slices.Contains(aboutBeingAsked[:], item.Question) {
		return nil
	}
	for i := range b.Decisions {
		if d := &b.Decisions[i]; d.Kind == decisions.When && d.Outcome == nil {
			return &Sentence{Rule: "ask_date", At: AtDecision, Decision: d}
		}
	}
	if b.StillOpen.By[b.StillOpen.Own] == "" {
		return nil
	}
	return &Sentence{Rule: "ask_them", At: AtOpen}
}

// wanted says what most of them chose in a decision that is not made for them yet, if one option was chosen more than any
// other.
func wanted(b *Brief) *Sentence {
	for i := range b.Decisions {
		d := &b.Decisions[i]
		if d.Outcome == nil && leads(d.Chosen) {
			return &Sentence{Rule: "wanted", At: AtResult, Decision: d, Option: &d.Chosen[0], Of: d.N}
		}
	}
	return nil
}

// leads reports whether the first of some options was chosen by more people than any other.
func leads(options []Option) bool {
	return len(options) > 0 && options[0].ID != surveys.OtherOption && options[0].Count > 0 && (len(options) == 1 || options[0].Count > options[1].Count)
}

// chosen says which option of the first question with options most of them chose, if one was chosen more than any other.
func chosen(b *Brief) *Sentence {
	for i := range b.Choices {
		c := &b.Choices[i]
		if c.Kind == surveys.Ranking || !leads(c.Options) {
			continue
		}
		s := &Sentence{Rule: "most_chosen", At: AtOptions, Question: c.Question, Option: &c.Options[0], Of: c.N}
		if s.Option.Verdict == stats.ClearlyUp {
			s.Rule = "most_chosen_more"
		}
		return s
	}
	return nil
}

// driver says what goes with openness most closely, if anything clearly does. Of the organisation's it says so.
func driver(b *Brief) *Sentence {
	for i := range b.Drivers {
		if d := &b.Drivers[i]; d.Clear() && d.Coefficient > 0 {
			if d.Everyone {
				return &Sentence{Rule: "goes_with_everyone", At: AtDrivers, Question: d.Question, Driver: d}
			}
			return &Sentence{Rule: "goes_with", At: AtDrivers, Question: d.Question, Driver: d}
		}
	}
	return nil
}

// overdue warns of what was promised and not done.
func overdue(b *Brief) *Sentence {
	if b.Kept.Overdue == 0 {
		return nil
	}
	return &Sentence{Rule: "overdue", At: AtPromises, Count: b.Kept.Overdue}
}

// kept names the promise that was kept last: something to begin with.
func kept(b *Brief) *Sentence {
	for i := range b.Promises {
		if p := &b.Promises[i]; p.State == promises.Kept {
			return &Sentence{Rule: "kept", At: AtPromise, Promise: p}
		}
	}
	return nil
}

// credit says that the change was an idea of theirs.
func credit(b *Brief) *Sentence {
	if !b.Credit {
		return nil
	}
	s := &Sentence{Rule: "their_idea", At: AtIdeas}
	for i := range b.Ideas {
		if b.Ideas[i].Change == b.Change {
			s.At, s.Idea = AtIdea, &b.Ideas[i]
			break
		}
	}
	return s
}

// waiting counts ideas of theirs that nobody has replied to.
func waiting(b *Brief) *Sentence {
	if b.IdeasWaiting == 0 {
		return nil
	}
	return &Sentence{Rule: "ideas_waiting", At: AtIdeas, Count: b.IdeasWaiting}
}

// unvisited says that nobody of IT has been there for long.
func unvisited(b *Brief) *Sentence {
	switch {
	case b.Last == nil:
		return &Sentence{Rule: "never_visited", At: AtVisits}
	case b.LongUnvisited:
		return &Sentence{Rule: "long_unvisited", At: AtVisit, Visit: b.Last, Count: b.Last.Days}
	}
	return nil
}

// visited says when somebody was there last.
func visited(b *Brief) *Sentence {
	if b.Last == nil || b.LongUnvisited {
		return nil
	}
	return &Sentence{Rule: "visited", At: AtVisit, Visit: b.Last, Count: b.Last.Days}
}

// champions says whether somebody there carries the word.
func champions(b *Brief) *Sentence {
	if b.Champions == 0 {
		return &Sentence{Rule: "no_champion", At: AtChampions}
	}
	return &Sentence{Rule: "champions", At: AtChampions, Count: b.Champions}
}
