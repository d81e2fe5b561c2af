package document

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// scalar writes a text so that it reads back exactly: as it is where that is safe, over several lines where it has
// several, else between double quotation marks. Lines of a block are indented by so many spaces.
func scalar(s string, indent int) string {
	if !isBlock(s) {
		return onOneLine(s)
	}
	header := "|-"
	if strings.HasSuffix(s, "\n") {
		header = "|"
		s = strings.TrimSuffix(s, "\n")
	}
	var b strings.Builder
	b.WriteString(header)
	for line := range strings.SplitSeq(s, "\n") {
		b.WriteByte('\n')
		if line != "" {
			b.WriteString(strings.Repeat(" ", indent) + line)
		}
	}
	return b.String()
}

// isBlock reports whether a text of several lines survives as a literal block. Blanks at the ends of lines and empty
// lines at either end would, by the letter; but editors and people tidy them away.
func isBlock(s string) bool {
	body := strings.TrimSuffix(s, "\n")
	if !strings.Contains(body, "\n") {
		return false
	}
	lines := strings.Split(body, "\n")
	for _, line := range lines {
		if !readable(line) || strings.TrimSpace(line) != line {
			return false
		}
	}
	return lines[0] != "" && lines[len(lines)-1] != ""
}

var (
	// What YAML, in any of its versions, reads as something other than a text.
	otherMeaning = regexp.MustCompile(`^(?i:true|false|yes|no|on|off|y|n|null)$`)
	likeNumber   = regexp.MustCompile(`^[0-9][0-9a-fA-FxXoO_.,:+ TtZzEe-]*$`)
)

// onOneLine writes a text as it is, or between double quotation marks with everything unseen as an escape.
func onOneLine(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case isReadable(r):
			b.WriteRune(r)
		case r <= 0xFFFF:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// isPlain is stricter than YAML: whatever could be read differently by anyone gets quotation marks.
func isPlain(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return (unicode.IsLetter(first) || unicode.IsDigit(first)) && readable(s) && strings.TrimSpace(s) == s &&
		!strings.Contains(s, ": ") && !strings.HasSuffix(s, ":") && !strings.Contains(s, " #") &&
		!otherMeaning.MatchString(s) && !likeNumber.MatchString(s)
}

func readable(s string) bool {
	for _, r := range s {
		if !isReadable(r) {
			return false
		}
	}
	return true
}

// isReadable reports whether a character can be seen, or shapes its neighbours as Persian, Hindi and emoji need it.
func isReadable(r rune) bool {
	const nonJoiner, joiner = 0x200C, 0x200D
	return unicode.IsPrint(r) || r == nonJoiner || r == joiner
}
