package imports

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// trim takes away what cannot be seen at the ends of a cell: space of every kind, no-break space, byte-order marks and
// other characters without width.
func trim(s string) string { return strings.TrimFunc(s, unseen) }

func unseen(r rune) bool {
	switch r {
	case '\uFEFF', '\u200B', '\u200C', '\u200D', '\u200E', '\u200F', '\u2060', '\u180E':
		return true
	}
	return unicode.IsSpace(r)
}

// folded is how labels and names are compared: trimmed, without regard to case, and in one Unicode form (NFKC), so that
// full-width letters, ligatures and accents written in two ways are the same.
func folded(s string) string {
	s = trim(s)
	if isASCII(s) {
		return strings.ToLower(s)
	}
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s)))
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// nearest finds what was probably meant: the candidate that starts like the word, or else the one with the fewest
// letters changed, if that is less than half of them.
func nearest(word string, candidates []string) (string, bool) {
	key := folded(word)
	best, bestCost := "", len([]rune(key))/2+1
	for _, c := range candidates {
		f := folded(c)
		if key != "" && strings.HasPrefix(f, key) || len(f) > 3 && strings.HasPrefix(key, f) {
			return c, true
		}
		if cost := distance(key, f, bestCost); cost < bestCost {
			best, bestCost = c, cost
		}
	}
	return best, best != ""
}

// distance is the number of letters to add, remove or change (Levenshtein); at least limit means: or more.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if max(len(x)-len(y), len(y)-len(x)) >= limit {
		return limit
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range y {
			change := diagonal
			if r != s {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}
