package uploads

import (
	"strings"
	"unicode"

	"soundings/surveys/imports"
)

// Unused is what a column feeds that somebody decided not to use.
const Unused = "-"

// bare is a heading without case, spaces and signs: "E-Mail Address" is "emailaddress".
func bare(heading string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.L, unicode.M, unicode.N) {
			return r
		}
		return -1
	}, imports.Folded(heading))
}

// Known is by what a field's column is recognised: names that it goes by, likeliest first, in small letters without
// spaces and signs; failing those, words that are a part of its name.
type Known[F ~string] struct {
	Field F
	Names string
	Parts []string
}

// Guess matches columns by what stands above them. remembered is what somebody decided for a heading before; it
// outweighs the guess. A column feeds one field, and earlier fields of known choose first.
func Guess[F ~string](names []string, remembered map[string]F, known []Known[F]) map[F]int {
	m := map[F]int{}
	taken := make([]bool, len(names))
	take := func(f F, column int) {
		if _, has := m[f]; !has && !taken[column] {
			m[f], taken[column] = column, true
		}
	}
	for column, name := range names {
		if f, ok := remembered[bare(name)]; ok && f == Unused {
			taken[column] = true
		} else if ok {
			take(f, column)
		}
	}
	for _, k := range known {
		for usual := range strings.FieldsSeq(k.Names) {
			for column, name := range names {
				if bare(name) == usual {
					take(k.Field, column)
				}
			}
		}
	}
	for _, k := range known {
		for _, part := range k.Parts {
			for column, name := range names {
				if strings.Contains(bare(name), part) {
					take(k.Field, column)
				}
			}
		}
	}
	return m
}
