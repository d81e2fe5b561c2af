// Package languages says what can be the language of a text that a room keeps.
package languages

import (
	"golang.org/x/text/language"

	"soundings/surveys"
)

// longest is how many characters a tag may have: RFC 5646, section 4.4.1.
const longest = 35

const faultUnknown = "unknown" // as every room calls it

// Faults finds a tag that is no language.
func Faults(path, tag string) surveys.Faults {
	if _, err := language.Parse(tag); err != nil || len(tag) > longest {
		return surveys.Faults{surveys.NewFault(path, faultUnknown, "is not a language")}
	}
	return nil
}
