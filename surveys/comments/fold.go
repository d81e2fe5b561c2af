package comments

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold is how texts are compared when somebody searches: without regard to case, to accents and vowel points, and to
// the width of letters. "Café", "CAFE" and "ｃａｆｅ" are the same; so are "straße" and "strasse", "ı" and "i", "ø" and "o",
// an alef with and without hamza. The voicing marks of kana and the marks of Indic scripts stay, since without them it
// would be another word. The length may change.
func Fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	folded := norm.NFKD.String(cases.Fold().String(norm.NFKC.String(s)))
	return norm.NFC.String(strings.Map(plain, folded))
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// plain drops the marks that are no letters of their own, and what Unicode does not take apart. It is given text in NFKD.
func plain(r rune) rune {
	switch r {
	case 'ı':
		return 'i'
	case 'ł':
		return 'l'
	case 'ø':
		return 'o'
	case 'đ':
		return 'd'
	case 'ى': // alef maksura, which many write for yeh
		return 'ي'
	case 'ـ', '\u200B', '\u200C', '\u200D', '\u200E', '\u200F', '\u00AD': // a stroke that stretches words, and what cannot be seen
		return -1
	}
	if unicode.Is(unicode.Mn, r) && unicode.In(r, unicode.Inherited, unicode.Hebrew, unicode.Arabic) && r != '\u3099' && r != '\u309A' {
		return -1
	}
	return r
}
