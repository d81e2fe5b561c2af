package quotes

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"

	"soundings/surveys/comments"
)

// Names are the names of the people of the directory, ready to be found in texts. It does not change, and may be used
// by many at once.
type Names struct {
	whole    map[string]bool // names written out, their words folded and joined by a space
	longest  map[string]int  // by first word: the most words of such a name
	part     map[string]bool // single names
	alone    map[string]bool // of these, those that are no ordinary words
	run      map[string]bool // names in scripts without spaces, folded
	longRun  int             // runes of the longest of them
	ordinary map[string]bool
}

// Words about names that are the same for every organisation: words that are also names, where a text more often means
// the word; titles that announce a name; and suffixes that follow one.
//
//go:embed ordinary.txt
var ordinaryWords string

// titles announce a name, folded. A lower-case one is another word ("I miss Teams").
const titles = " mr mrs ms miss mx dr prof professor herr herrn frau dott dottor dottssa sig signor signora senor senora sr sra " +
	"monsieur madame mme mlle pan pani pana panu pania dhr mevrouw mevr meneer sayin пан пані пана السيد السيدة الاستاذ מר גברת גב "

// honorifics follow a name in scripts without spaces.
var honorifics = []string{"さん", "様", "さま", "氏", "先生", "君", "くん", "女士", "小姐", "씨", "님"}

const (
	longestName  = 6 // words; of longer ones the first are looked for
	shortestName = 3 // letters of a name that stands alone
	shortestRun  = 3 // letters of a name in a script without spaces; two are often a word
)

// NewNames prepares the names. stop are words that say nothing, in any language; a name that is one of them is not
// covered where it stands alone.
func NewNames(people []string, stop func(word string) bool) *Names {
	n := &Names{whole: map[string]bool{}, longest: map[string]int{}, part: map[string]bool{}, alone: map[string]bool{}, run: map[string]bool{}, ordinary: map[string]bool{}}
	for word := range strings.FieldsSeq(ordinaryWords) {
		n.ordinary[comments.Fold(word)] = true
	}
	for _, person := range people {
		n.add(person, stop)
	}
	return n
}

func (n *Names) add(person string, stop func(word string) bool) {
	if strings.ContainsFunc(person, unspaced) {
		n.addRun(person)
		return
	}
	first, last, listed := strings.Cut(person, ",")
	if listed {
		person = last + " " + first // "Kaur, Mira"
	}
	var parts []string
	for _, w := range wordsOf(person) {
		if !title(w.folded) {
			parts = append(parts, w.folded)
		}
	}
	parts = parts[:min(len(parts), longestName)]
	if len(parts) > 1 {
		n.wholeName(parts)
		n.wholeName(append(parts[len(parts)-1:len(parts):len(parts)], parts[:len(parts)-1]...))
		if len(parts) > 2 { // middle names are left out more often than not
			n.wholeName([]string{parts[0], parts[len(parts)-1]})
			n.wholeName([]string{parts[len(parts)-1], parts[0]})
		}
	}
	for _, part := range parts {
		n.part[part] = true
		if utf8.RuneCountInString(part) >= shortestName && !n.ordinary[part] && !stop(part) {
			n.alone[part] = true
		}
	}
}

func (n *Names) wholeName(parts []string) {
	n.whole[strings.Join(parts, " ")] = true
	n.longest[parts[0]] = max(n.longest[parts[0]], len(parts))
}

func (n *Names) addRun(person string) {
	folded := strings.Join(strings.FieldsFunc(comments.Fold(person), func(r rune) bool { return !unicode.IsLetter(r) }), "")
	if size := utf8.RuneCountInString(folded); size >= shortestRun {
		n.run[folded] = true
		n.longRun = max(n.longRun, size)
	}
	if parts := strings.Fields(comments.Fold(person)); len(parts) > 1 {
		n.alone[parts[0]], n.alone[parts[len(parts)-1]] = true, true // before "-san" and the like
	}
}

// word is one word of a text, where it stands.
type word struct {
	span
	text   string
	folded string
}

// wordsOf lists the words of a text as Unicode parts it (UAX 29). What follows an apostrophe is not part of a name:
// "Anna's", "Ayşe'nin".
func wordsOf(text string) []word {
	var list []word
	at := 0
	for tokens := words.FromString(text); tokens.Next(); {
		value := tokens.Value()
		from := at
		at += len(value)
		if r, _ := utf8.DecodeRuneInString(value); !unicode.IsLetter(r) {
			continue
		}
		if cut := strings.IndexAny(value, "'’"); cut > 1 {
			value = value[:cut]
		}
		value = strings.TrimRight(value, ".")
		list = append(list, word{span{from, from + len(value), Name}, value, comments.Fold(value)})
	}
	return list
}

// find finds the names in a text.
func (n *Names) find(text string) []span {
	var found []span
	list := wordsOf(text)
	for i := 0; i < len(list); {
		if length := n.named(text, list[i:]); length > 0 {
			found = append(found, span{list[i].from, list[i+length-1].to, Name})
			i += length
			continue
		}
		if length := titled(text, list, i); length > 0 {
			found = append(found, span{list[i].from, list[i+length-1].to, Name})
			i += length
			continue
		}
		if n.byItself(text, list, i) {
			found = append(found, list[i].span)
		}
		i++
	}
	if len(n.run) > 0 && strings.ContainsFunc(text, unspaced) {
		found = append(found, n.findRuns(text)...)
	}
	return found
}

// named is how many words a name has that is written out at the beginning of the list; 0 if there is none.
func (n *Names) named(text string, list []word) int {
	most := min(n.longest[list[0].folded], len(list))
	if most < 2 {
		return 0
	}
	key, best := list[0].folded, 0
	for i := 1; i < most; i++ {
		if !joined(text[list[i-1].to:list[i].from]) {
			break
		}
		if n.whole[key+" "+list[i].folded] || n.whole[key+" "+strings.TrimSuffix(list[i].folded, "s")] { // "Mira Kaurs Idee"
			best = i + 1
		}
		key += " " + list[i].folded
	}
	return best
}

// joined reports whether what is between two words leaves them one name.
func joined(between string) bool {
	return len(between) <= 4 && strings.Trim(between, " \u00A0,.-‐'’") == ""
}

// titled is how many words of a name stand at i after a title; 0 if none do. Whether or not somebody of that name is in the
// directory, it is one: a word that is not in small letters, and as far as initials lead on ("Dr. Ida M. Kaur").
func titled(text string, list []word, i int) int {
	if i == 0 || !joined(text[list[i-1].to:list[i].from]) || !title(list[i-1].folded) || startsLower(list[i-1].text) {
		return 0
	}
	length, whole, led := 0, false, true // led: what comes next is of the name if it has a capital
	for _, w := range list[i:] {
		if length > 0 && !joined(text[list[i+length-1].to:w.from]) {
			break
		}
		initial := utf8.RuneCountInString(w.folded) == 1 && startsUpper(w.text) && strings.HasPrefix(text[w.to:], ".")
		if !initial && (!led || startsLower(w.text) || utf8.RuneCountInString(w.folded) == 1) {
			break
		}
		length, whole, led = length+1, whole || !initial, initial
	}
	if !whole {
		return 0 // "Ms K." is covered already
	}
	return length
}

// byItself reports whether a word is one name of somebody.
func (n *Names) byItself(text string, list []word, i int) bool {
	w := list[i]
	before := ""
	if i > 0 && joined(text[list[i-1].to:w.from]) {
		before = list[i-1].folded
	}
	if !startsUpper(w.text) {
		return false
	}
	if utf8.RuneCountInString(before) == 1 && strings.HasPrefix(text[list[i-1].to:], ".") && n.part[w.folded] {
		return true // "M. Kaur"
	}
	if n.alone[w.folded] {
		return true
	}
	genitive, ok := strings.CutSuffix(w.folded, "s")
	return ok && utf8.RuneCountInString(genitive) > shortestName && n.alone[genitive]
}

func title(folded string) bool { return folded != "" && strings.Contains(titles, " "+folded+" ") }

// findRuns finds names in scripts without spaces: whole names anywhere, and one name where a title follows it.
func (n *Names) findRuns(text string) []span {
	type letter struct{ from, to int }
	var letters []letter
	var folded []string
	for at, r := range text {
		if !unspaced(r) && !unicode.IsLetter(r) {
			if !unicode.IsSpace(r) && r != '・' {
				letters, folded = append(letters, letter{at, at}), append(folded, "\x00") // names do not reach over it
			}
			continue
		}
		size := utf8.RuneLen(r)
		letters, folded = append(letters, letter{at, at + size}), append(folded, comments.Fold(string(r)))
	}
	var found []span
	for i := 0; i < len(letters); {
		length := n.runAt(folded[i:])
		if length == 0 {
			i++
			continue
		}
		found = append(found, span{letters[i].from, letters[i+length-1].to, Name})
		i += length
	}
	return found
}

func (n *Names) runAt(letters []string) int {
	for length := min(n.longRun, len(letters)); length > 0; length-- {
		name := strings.Join(letters[:length], "")
		if n.run[name] || n.alone[name] && announcedBehind(letters[length:]) {
			return length
		}
	}
	return 0
}

func announcedBehind(letters []string) bool {
	next := strings.Join(letters[:min(len(letters), 2)], "")
	for _, h := range honorifics {
		if strings.HasPrefix(next, h) {
			return true
		}
	}
	return false
}
