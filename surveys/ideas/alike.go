package ideas

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"

	"soundings/surveys/comments"
)

const (
	// alikeFrom is the least share of what was typed, each word by its weight, that an idea has too.
	alikeFrom = 0.45
	// inText is what a word counts that an idea has in its text and not in its title.
	inText = 0.6
	// unheard is what a word counts that no idea has: the same can be said in other words.
	unheard = 0.5
	// longestTyped is how much of what was typed is looked at, in bytes.
	longestTyped = 1000
)

// Matches reports whether all words of a search occur in the idea, as beginnings or parts of words.
func (i *Idea) Matches(search string) bool {
	if search == "" {
		return true
	}
	text := comments.Fold(i.Title + "\n" + i.Text)
	for word := range strings.FieldsSeq(comments.Fold(search)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// Alike lists at most so many ideas of those that the board shows which say what somebody is typing, the most alike first;
// what was merged into an idea helps to find it. What counts is how many of the typed words an idea has; rare and long words
// count more, and an ending more or less makes no other word. Where a script puts no spaces between words, two letters side
// by side stand for one.
func Alike(typed string, all []Idea, most int) []Idea {
	wanted := wordsOf(strings.ToValidUTF8(typed[:min(len(typed), longestTyped)], ""))
	if len(wanted) == 0 {
		return nil
	}
	type known struct{ title, text []string }
	var among []Idea
	var texts []known
	at := map[ID]int{}
	for _, i := range all {
		if i.Public() {
			at[i.ID] = len(among)
			among, texts = append(among, i), append(texts, known{wordsOf(i.Title), wordsOf(i.Text)})
		}
	}
	for _, i := range all {
		if into, ok := at[i.MergedInto]; ok && i.Place == Shown {
			texts[into].text = append(texts[into].text, wordsOf(i.Title)...)
		}
	}
	sum, scores, telling := 0.0, make([]float64, len(among)), make([]bool, len(among))
	for _, word := range wanted {
		found, in := make([]float64, len(among)), 0
		for i, t := range texts {
			switch {
			case occurs(word, t.title):
				found[i], in = 1, in+1
			case occurs(word, t.text):
				found[i], in = inText, in+1
			}
		}
		weight := math.Log1p(float64(len(among))/float64(max(in, 1))) * says(word)
		if in == 0 {
			weight *= unheard
		}
		sum += weight
		for i := range scores {
			scores[i] += weight * found[i]
			telling[i] = telling[i] || found[i] > 0 && says(word) >= 0.5
		}
	}
	var order []int
	for i, score := range scores {
		if telling[i] && score >= alikeFrom*sum {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	var list []Idea
	for _, i := range order[:min(len(order), most)] {
		list = append(list, among[i])
	}
	return list
}

// says is how much a word can say by its length: those of two or three letters seldom say anything.
func says(word string) float64 {
	if r, _ := utf8.DecodeRuneInString(word); unspaced(r) {
		return 0.6
	}
	return float64(min(utf8.RuneCountInString(word), 8)) / 8
}

func occurs(word string, among []string) bool {
	return slices.ContainsFunc(among, func(other string) bool { return akin(word, other) })
}

// akin reports whether two words are forms of one: the same, one within the other ("printer" and "printers", with an article
// or a preposition before it in Arabic or Hebrew), or alike but for the ending.
func akin(a, b string) bool {
	if a == b {
		return true
	}
	long, short := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
	if long < short {
		a, b, long, short = b, a, short, long
	}
	if short < 4 {
		return false
	}
	if strings.Contains(a, b) {
		return short*5 >= long*3
	}
	same := 0
	for i, r := range b {
		other, _ := utf8.DecodeRuneInString(a[min(i, len(a)):])
		if other != r {
			break
		}
		same++
	}
	return same >= 4 && same*3 >= long*2
}

// wordsOf are the different words of a text, folded.
func wordsOf(text string) []string {
	var list []string
	var before rune // the letter without spaces around it that came last; 0: none did
	alone := false  // it is in no pair yet
	end := func() {
		if alone {
			list = append(list, string(before))
		}
		before, alone = 0, false
	}
	for tokens := words.FromString(comments.Fold(text)); tokens.Next(); {
		word := tokens.Value()
		r, size := utf8.DecodeRuneInString(word)
		switch {
		case size == len(word) && unspaced(r):
			if before != 0 {
				list, alone = append(list, string(before)+string(r)), false
			} else {
				alone = true
			}
			before = r
			continue
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			end()
			list = append(list, word)
		default:
			end()
		}
	}
	end()
	slices.Sort(list)
	return slices.Compact(list)
}

// unspaced reports whether a letter is of a script that is written without spaces between words.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
