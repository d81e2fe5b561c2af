package quotes

import (
	"cmp"
	"math"
	"slices"

	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/comments"
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

	keyG2       = 10.83 // chance gives as much once in a thousand
	keyLogRatio = 0.585 // half as often again
)

// KeyMinimum is the fewest people who must have used a word for it to be told: the survey's own minimum, and no fewer
// than five. A word that one person uses is that person.
const KeyMinimum = 5

// Keywords lists the words of a group that are its own, by their weight, at most so many. They are counted over the
// answers to one question, or to all if that is "". ok is false where there is too little to compare.
//
// How many people used a word is not known, since nothing joins one person's comments. At least as many did as there
// are comments with it on one question of one wave, and that is what must reach the minimum. Of the rest of the
// organisation, whose comments the reader may not be allowed to read, less is told: who used the word is counted in
// steps of the minimum, so that neither a single one there nor the difference between two views can be found out.
func (c *Collection) Keywords(g Group, question string, most int) (list []Keyword, ok bool) {
	if !slices.Contains(c.Groups, g) {
		return nil, false
	}
	own, rest := newUsage(), newUsage()
	for _, quotes := range [][]Quote{c.Quotes, c.reference} {
		for _, q := range quotes {
			switch {
			case question != "" && q.Question != question:
			case q.Group == g:
				own.add(q)
			default:
				rest.add(q)
			}
		}
	}
	minimum := max(c.minimum, KeyMinimum)
	// Whether there is a rest at all is a number of it as well.
	if own.comments < minimum || rest.comments < minimum {
		return nil, false
	}
	type weighed struct {
		Keyword
		word string
		g2   float64
	}
	var found []weighed
	for word, used := range own.words {
		if used.people() < minimum {
			continue
		}
		elsewhere := rest.words[word].inSteps(minimum)
		key, _ := stats.KeynessOf(used.comments, own.comments, min(elsewhere, rest.comments), rest.comments)
		if key.G2 < keyG2 || key.LogRatio < keyLogRatio {
			continue
		}
		found = append(found, weighed{Keyword{Comments: used.comments, Times: times(key), Seldom: elsewhere < minimum}, word, key.G2})
	}
	slices.SortFunc(found, func(a, b weighed) int {
		return cmp.Or(cmp.Compare(b.g2, a.g2), cmp.Compare(b.Comments, a.Comments), cmp.Compare(a.word, b.word))
	})
	for _, w := range found[:min(most, len(found))] {
		w.Word = c.spelling(g, question, w.word)
		list = append(list, w.Keyword)
	}
	return list, true
}

func times(k stats.Keyness) int { return int(min(math.Exp2(k.LogRatio), MostTimes)) }

// usage is how often each word is used by some people.
type usage struct {
	comments int
	words    map[string]*used
}

type used struct {
	comments int
	most     int // on one question of one wave
	asked    map[asked]int
}

// asked is a question put to people once.
type asked struct {
	wave     surveys.WaveID
	question string
}

func newUsage() *usage { return &usage{words: map[string]*used{}} }

func (u *usage) add(q Quote) {
	u.comments++
	for _, word := range q.words {
		w := u.words[word]
		if w == nil {
			w = &used{asked: map[asked]int{}}
			u.words[word] = w
		}
		w.comments++
		at := asked{q.Wave, q.Question}
		w.asked[at]++
		w.most = max(w.most, w.asked[at])
	}
}

// people is how many different people at the least.
func (u *used) people() int { return u.most }

// inSteps is the number of comments rounded down to a multiple of the minimum; for fewer than the minimum, none
// included, it is one less than that: what speaks least for the word.
func (u *used) inSteps(minimum int) int {
	if u == nil || u.people() < minimum {
		return minimum - 1
	}
	return u.comments / minimum * minimum
}

// spelling is the way in which a word is most often written.
func (c *Collection) spelling(g Group, question, word string) string {
	counts := map[string]int{}
	for _, q := range c.Quotes {
		if q.Group != g || question != "" && q.Question != question || !slices.Contains(q.words, word) {
			continue
		}
		for _, p := range q.Text {
			for _, w := range wordsOf(p.Text) {
				if comments.Fold(w.text) == word {
					counts[w.text]++
				}
			}
		}
	}
	best := word
	for spelt, n := range counts {
		if n > counts[best] || n == counts[best] && spelt < best {
			best = spelt
		}
	}
	return best
}
