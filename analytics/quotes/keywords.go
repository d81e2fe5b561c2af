package quotes

import (
	"cmp"
	"math"
	"slices"

	"soundings/analytics/stats"
	"soundings/surveys"
)

// Keyword is a word that a group uses more often than the rest of the organisation.
type Keyword struct {
	Word     string // as most of those who used it wrote it
	Comments int    // of the group, in which it occurs
	// Times is how many times as often it occurs there, rounded down and at most MostTimes; 1 means: less than twice.
	Times int
	// Seldom: in the rest fewer than the minimum used it, or nobody. Then Times is what it would be at the least.
	Seldom bool
}

const (
	// MostTimes bounds what is said of a word's weight.
	MostTimes = 10

	keyG2       = 6.63  // chance gives as much once in a hundred; words are hints what to read, not findings
	keyLogRatio = 0.585 // half as often again
)

// KeyMinimum is the fewest people who must have used a word for it to be told, or the survey's own minimum if that is more. A word that one person uses is that person.
const KeyMinimum = 5

// Keywords lists the words that are the own ones of each group that may be read, by their weight, at most so many. They
// are counted over the answers to one question, or to all if that is "". A group is missing where there is too little to
// compare.
//
// How many people used a word is not known, since nothing joins one person's comments. At least as many did as there
// are comments with it on one question of one wave, and that is what must reach the minimum. Of the rest of the
// organisation, whose comments the reader may not be allowed to read, less is told: who used the word is counted in
// steps of the minimum, so that neither a single one there nor the difference between two views can be found out.
func (c *Collection) Keywords(question string, most int) map[Group][]Keyword {
	all, groups := newUsage(), map[Group]*usage{}
	for _, g := range c.Groups {
		groups[g] = newUsage()
	}
	for _, quotes := range [][]Quote{c.Quotes, c.reference} {
		for _, q := range quotes {
			if question != "" && q.Question != question {
				continue
			}
			all.add(q)
			if own := groups[q.Group]; own != nil {
				own.add(q)
			}
		}
	}
	minimum := max(c.minimum, KeyMinimum)
	lists := map[Group][]Keyword{}
	for g, own := range groups {
		// Whether there is a rest at all is a number of it as well.
		if own.comments >= minimum && all.comments-own.comments >= minimum {
			lists[g] = keywords(own, all, minimum, most)
		}
	}
	return lists
}

func keywords(own, all *usage, minimum, most int) []Keyword {
	type weighed struct {
		Keyword
		g2 float64
	}
	rest := all.comments - own.comments
	var found []weighed
	for word, here := range own.words {
		if here.people(nil) < minimum {
			continue
		}
		elsewhere := minimum - 1 // what speaks least for the word; it need not be known better
		everywhere := all.words[word]
		if everywhere.people(here) >= minimum {
			elsewhere = (everywhere.comments - here.comments) / minimum * minimum
		}
		key, _ := stats.KeynessOf(here.comments, own.comments, elsewhere, rest)
		if key.G2 >= keyG2 && key.LogRatio >= keyLogRatio {
			found = append(found, weighed{Keyword{here.spelling(), here.comments, times(key), elsewhere < minimum}, key.G2})
		}
	}
	slices.SortFunc(found, func(a, b weighed) int {
		return cmp.Or(cmp.Compare(b.g2, a.g2), cmp.Compare(b.Comments, a.Comments), cmp.Compare(a.Word, b.Word))
	})
	list := make([]Keyword, min(most, len(found)))
	for i := range list {
		list[i] = found[i].Keyword
	}
	return list
}

func times(k stats.Keyness) int { return int(min(math.Exp2(k.LogRatio), MostTimes)) }

// usage is how often each word is used by some people.
type usage struct {
	comments int
	words    map[string]*used
}

// used is the comments with a word.
type used struct {
	comments int
	asked    map[asked]int
	written  map[string]int
}

// asked is a question put to people once.
type asked struct {
	wave     surveys.WaveID
	question string
}

func newUsage() *usage { return &usage{words: map[string]*used{}} }

func (u *usage) add(q Quote) {
	u.comments++
	for _, t := range q.words {
		w := u.words[t.folded]
		if w == nil {
			w = &used{asked: map[asked]int{}, written: map[string]int{}}
			u.words[t.folded] = w
		}
		w.comments++
		w.asked[asked{q.Wave, q.Question}]++
		w.written[t.written]++
	}
}

// people is how many different people used the word at the least, beside those of others, if any.
func (u *used) people(others *used) int {
	most := 0
	for at, n := range u.asked {
		if others != nil {
			n -= others.asked[at]
		}
		most = max(most, n)
	}
	return most
}

// spelling is the way in which the word is most often written.
func (u *used) spelling() string {
	best := ""
	for written, n := range u.written {
		if n > u.written[best] || n == u.written[best] && written < best {
			best = written
		}
	}
	return best
}
