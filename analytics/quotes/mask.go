package quotes

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mask is what stood where a piece of a comment is covered.
type Mask string

const (
	Plain Mask = ""
	Name  Mask = "name"
	Email Mask = "email"
	Phone Mask = "phone"
)

// Piece is a stretch of a comment: as it was written, or covered and without text.
type Piece struct {
	Text string
	Mask Mask
}

// Text is a comment as it may be read.
type Text []Piece

// In writes the text with a word for each mask.
func (t Text) In(words map[Mask]string) string {
	var b strings.Builder
	for _, p := range t {
		if p.Mask == Plain {
			b.WriteString(p.Text)
		} else {
			b.WriteString(words[p.Mask])
		}
	}
	return b.String()
}

// span is a stretch of a text, in bytes.
type span struct {
	from, to int
	mask     Mask
}

var (
	// An address: what the web calls one, in any script. Nothing else in a comment has an @ between two words.
	addresses = regexp.MustCompile(`[\p{L}\p{N}.!#$%&'*+/=?^_{|}~-]+@[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}-]*[\p{L}\p{N}])*`)
	// A number of a telephone: digits in groups, at least seven, from a plus, a zero or a bracket on; or whatever is
	// announced as one.
	numbers    = regexp.MustCompile(`(?:\+|\(\+?\d|\b0)[\d\s()./–-]{5,}\d`)
	announced  = regexp.MustCompile(`(?i)(?:\btel(?:efon|ephone|\.)?|\bphone|\bext(?:ension|\.)?|\bdurchwahl|\bmobile?|\bhandy(?:nummer)?|\bnebenstelle|電話|电话|内線|טלפון|هاتف)[\s.:#nNrR]{0,5}(\+?\d[\d\s()./–-]+\d)`)
	dates      = regexp.MustCompile(`^\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d{2}(?:\D|$)`)
	whitespace = regexp.MustCompile(`\s{2,}|\n`)
)

const (
	fewestDigits = 7
	mostDigits   = 15
	fewestTold   = 3 // of a number that is announced: an extension is short
)

// contacts finds addresses and telephone numbers.
func contacts(text string) []span {
	var found []span
	if strings.Contains(text, "@") {
		for _, at := range addresses.FindAllStringIndex(text, -1) {
			found = append(found, span{at[0], at[1], Email})
		}
	}
	if digits(text) < fewestTold {
		return found // most comments, and the expressions below take longer than all the rest
	}
	for _, at := range announced.FindAllStringSubmatchIndex(text, -1) {
		if n := digits(text[at[2]:at[3]]); n >= fewestTold && n <= mostDigits {
			found = append(found, span{at[2], at[3], Phone})
		}
	}
	for _, at := range numbers.FindAllStringIndex(text, -1) {
		number := text[at[0]:at[1]]
		n := digits(number)
		if n < fewestDigits || n > mostDigits || dates.MatchString(number) || whitespace.MatchString(number) {
			continue
		}
		found = append(found, span{at[0], at[1], Phone})
	}
	return found
}

func digits(text string) (n int) {
	for i := range len(text) {
		if '0' <= text[i] && text[i] <= '9' {
			n++
		}
	}
	return n
}

// Mask covers e-mail addresses, telephone numbers and the names of people in the directory. Everything that shows a
// comment to anybody, on a page or in a file, reads it through here, when it is read and not when it is stored: somebody
// who is imported later is covered in what was written before.
//
// A name is covered where it is written out, first name and last name in either order; with an initial in front; after
// a title such as Mr or Frau; and alone with a capital, unless it is an ordinary word as well (Koch, Rose, Will). A name
// that nobody in the directory has is not known to be one.
func (n *Names) Mask(text string) Text {
	found := contacts(text)
	found = append(found, n.find(text)...)
	if len(found) == 0 {
		return Text{{Text: text}}
	}
	return cover(text, found)
}

// cover puts masks over the spans. Where two meet, they become one, of the first's kind.
func cover(text string, found []span) Text {
	masks := make([]Mask, len(text)) // by byte
	for i := len(found) - 1; i >= 0; i-- {
		for at := found[i].from; at < found[i].to; at++ {
			masks[at] = found[i].mask
		}
	}
	var pieces Text
	from := 0
	for at := range text {
		if at > from && masks[at] != masks[from] {
			pieces = append(pieces, piece(text[from:at], masks[from]))
			from = at
		}
	}
	return append(pieces, piece(text[from:], masks[from]))
}

func piece(text string, mask Mask) Piece {
	if mask != Plain {
		return Piece{Mask: mask}
	}
	return Piece{Text: text}
}

// unspaced reports whether a script writes words without space between them, so that a name is found as a stretch of
// letters and not as words.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r == 'ー'
}

func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r) || unicode.IsTitle(r)
}

func startsLower(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}
