package surveys

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What can be wrong with any text that a room keeps.
const (
	textUnreadable = "unreadable" // holds bytes that are no text
	textRequired   = "required"
	textLong       = "long" // Args: limit, length
)

// NewFault is a fault at a path, with what its words need as pairs of name and value.
func NewFault(path, code, detail string, args ...string) Fault {
	f := Fault{Path: path, Code: code, Detail: detail}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = map[string]string{}
		}
		f.Args[args[i]] = args[i+1]
	}
	return f
}

// Refusal is the error of a form with these faults, and nil where there are none.
func Refusal(op string, faults Faults) error {
	if len(faults) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Op: op, Message: "Please correct what is marked.", Faults: faults}
}

// visible reports whether a letter can be seen. A title of joiners and marks for direction would be a link that nobody finds.
func visible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }

// TextFaults finds what is wrong with one text of at most limit characters: unreadable, required or long. One in which nothing
// can be seen is as good as none.
func TextFaults(path, text string, limit int, required bool) Faults {
	length := utf8.RuneCountInString(text)
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return Faults{NewFault(path, textUnreadable, "holds bytes that are no text")}
	case required && !strings.ContainsFunc(text, visible):
		return Faults{NewFault(path, textRequired, "must not be empty")}
	case length > limit:
		return Faults{NewFault(path, textLong, fmt.Sprintf("has %d characters and may have %d", length, limit),
			"limit", strconv.Itoa(limit), "length", strconv.Itoa(length))}
	}
	return nil
}
