package quotes

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
	"golang.org/x/text/language"

	"soundings/surveys/comments"
)

// Stops are the words that say nothing, by language.
type Stops struct {
	byLanguage map[string]map[string]bool // folded, by the language's base: "zh"
	any        map[string]bool
}

// NewStops reads stop words as stopwords-iso writes them: {"en": ["a", "able", ...], ...}.
func NewStops(source []byte) (Stops, error) {
	var lists map[string][]string
	if err := json.Unmarshal(source, &lists); err != nil {
		return Stops{}, fmt.Errorf("quotes: stop words: %w", err)
	}
	s := Stops{byLanguage: map[string]map[string]bool{}, any: map[string]bool{}}
	for lang, list := range lists {
		s.byLanguage[lang] = map[string]bool{}
		for _, word := range list {
			s.byLanguage[lang][comments.Fold(word)] = true
			s.any[comments.Fold(word)] = true
		}
	}
	return s, nil
}

// Any reports whether a folded word says nothing in some language.
func (s Stops) Any(word string) bool { return s.any[word] }

// elisions are what French and Italian run together with the word behind it: l'équipe, dell'ufficio.
var elisions = regexp.MustCompile(`^(?i:[cdjlmnst]|qu|un|(?:d|n|s|)(?:a|e|u)ll)'`)

const shortestWord = 2 // letters

// read finds what a text is written in, of the languages a survey was asked in, and the words in it that say something:
// folded, each once. Scripts without spaces give pairs of neighbouring letters instead, which is how such texts are
// commonly compared without a dictionary.
func (s Stops) read(text Text, languages []string) (lang string, list []token) {
	var tokens []token
	for _, p := range text {
		tokens = append(tokens, tokensOf(p.Text)...)
	}
	if lang = s.language(tokens, languages); lang == "" {
		lang = s.language(tokens, []string{"ar", "he", "ja", "zh"}) // which can be told by their scripts
	}
	stop := s.any
	if list, ok := s.byLanguage[base(lang)]; ok {
		stop = list
	}
	seen := map[string]bool{"": true}
	for _, t := range tokens {
		if !seen[t.folded] && !stop[t.folded] && utf8.RuneCountInString(t.folded) >= shortestWord && !hiragana(t.folded) {
			list = append(list, t)
		}
		seen[t.folded] = true
	}
	return lang, list
}

// token is a word, as it is compared and as it is written.
type token struct{ folded, written string }

// tokensOf lists the words of a text, folded, and in scripts without spaces the pairs of neighbouring letters.
func tokensOf(text string) []token {
	var list []token
	var before rune // the last letter, if that was of a script without spaces
	for tokens := words.FromString(text); tokens.Next(); {
		value := tokens.Value()
		first, _ := utf8.DecodeRuneInString(value)
		if !ideographic(first) {
			before = 0
			if unicode.IsLetter(first) {
				written := strings.ReplaceAll(value, "’", "'")
				written = written[len(elisions.FindString(written)):]
				list = append(list, token{comments.Fold(written), written})
			}
			continue
		}
		for _, r := range comments.Fold(value) {
			if before != 0 {
				pair := string([]rune{before, r})
				list = append(list, token{pair, pair})
			}
			before = r
		}
	}
	return list
}

func ideographic(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r == 'ー'
}

// hiragana reports whether a word is made of hiragana only: endings and particles.
func hiragana(word string) bool {
	return !strings.ContainsFunc(word, func(r rune) bool { return !unicode.Is(unicode.Hiragana, r) })
}

// language is the one of the languages in which most of the words say nothing: every sentence has such words. It is ""
// where none has more of them than the others.
func (s Stops) language(tokens []token, languages []string) string {
	best, most, second := "", 0, 0
	for _, lang := range languages {
		hits, short := 0, base(lang)
		stops := s.byLanguage[short]
		for _, t := range tokens {
			if stops[t.folded] || written(t.folded, short) {
				hits++
			}
		}
		switch {
		case hits > most:
			best, most, second = lang, hits, most
		case hits > second:
			second = hits
		}
	}
	if most == second {
		return ""
	}
	return best
}

// written reports whether a word is in a script that of all languages of the program only this one is written in.
func written(word, lang string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	switch lang {
	case "ar":
		return unicode.Is(unicode.Arabic, r)
	case "he":
		return unicode.Is(unicode.Hebrew, r)
	case "uk":
		return unicode.Is(unicode.Cyrillic, r)
	case "ja":
		return unicode.In(r, unicode.Hiragana, unicode.Katakana)
	case "zh":
		return unicode.Is(unicode.Han, r)
	}
	return false
}

func base(lang string) string {
	b, _ := language.Make(lang).Base()
	return b.String()
}
