package surveys

import "strings"

// scanner reads what Encode writes of answers to questions and options with ordinary ids. It gives up at anything else,
// be it JSON or not.
type scanner struct{ rest string }

// answers visits all; false means that the document is not of the expected form.
func (s *scanner) answers(visit func(id string, a Answer)) bool {
	if !s.skip('{') {
		return false
	}
	for more := !s.skip('}'); more; {
		id, ok := s.text()
		if !ok || !s.skip(':') {
			return false
		}
		a, ok := s.answer()
		if !ok {
			return false
		}
		visit(id, a)
		if more = s.skip(','); !more && !s.skip('}') {
			return false
		}
	}
	return s.rest == ""
}

func (s *scanner) skip(c byte) bool {
	if s.rest == "" || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

// text reads a text that means itself.
func (s *scanner) text() (string, bool) {
	if !s.skip('"') {
		return "", false
	}
	end := strings.IndexByte(s.rest, '"')
	if end < 0 || !plain(s.rest[:end]) {
		return "", false
	}
	text := s.rest[:end]
	s.rest = s.rest[end+1:]
	return text, true
}

func (s *scanner) answer() (a Answer, ok bool) {
	if !s.skip('[') {
		return s.number()
	}
	a.Options = []string{}
	for more := !s.skip(']'); more; {
		option, ok := s.text()
		if !ok {
			return a, false
		}
		a.Options = append(a.Options, option)
		if more = s.skip(','); !more && !s.skip(']') {
			return a, false
		}
	}
	return a, true
}

// number reads up to three digits; no scale has more.
func (s *scanner) number() (a Answer, ok bool) {
	digits := 0
	for digits < len(s.rest) && '0' <= s.rest[digits] && s.rest[digits] <= '9' {
		a.Number = 10*a.Number + int(s.rest[digits]-'0')
		digits++
	}
	leading := digits > 1 && s.rest[0] == '0'
	s.rest = s.rest[digits:]
	return a, 0 < digits && digits <= 3 && !leading
}
