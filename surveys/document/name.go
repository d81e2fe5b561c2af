package document

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// longestName is how much of a text a made id has at most, in bytes; ids may have 64, so that there is room for a number.
const longestName = 40

// Numbered is the name, or what stands instead of none, with a number where it is taken.
func Numbered(name, instead string, taken func(string) bool) string {
	if name == "" {
		name = instead
	}
	id := name
	for n := 2; taken(id); n++ {
		id = name + "-" + strconv.Itoa(n)
	}
	return id
}

// NameOf makes an id of a text: its letters without accents and its digits, with dashes between the words. It is empty
// if the text has no Latin letter to begin with, as in Japanese.
func NameOf(text string) string {
	var b strings.Builder
	pause := false
	for _, r := range norm.NFKD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
			continue
		case r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r):
			pause = b.Len() > 0
			continue
		case b.Len() == 0 && unicode.IsDigit(r):
			continue
		}
		if b.Len() >= longestName || pause && b.Len() >= longestName-8 {
			return b.String() // preferably at the end of a word
		}
		if pause {
			b.WriteByte('-')
		}
		pause = false
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
