package people

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Longest parts of an address, in bytes (RFC 5321).
const (
	longestAddress = 254
	longestLocal   = 64
)

// Address is an e-mail address to which an invitation may go.
type Address struct {
	Email string // deliverable as it stands: the domain is written in ASCII
	Key   string // equal for addresses that differ in case only; two people never share one
}

// ParseAddress reads a plain e-mail address: no name, no angle brackets, no quotes, no comment, nothing that a mail
// program could take for a second address or another line. The domain may be written in any script.
func ParseAddress(typed string) (Address, bool) {
	at := strings.LastIndexByte(typed, '@')
	if at < 1 || !utf8.ValidString(typed) {
		return Address{}, false
	}
	local := norm.NFC.String(typed[:at])
	domain, err := idna.Lookup.ToASCII(typed[at+1:])
	if err != nil || !plainLocal(local) || !plainDomain(domain) {
		return Address{}, false
	}
	email := local + "@" + domain
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Name != "" || parsed.Address != email || len(email) > longestAddress {
		return Address{}, false
	}
	return Address{Email: email, Key: norm.NFC.String(cases.Fold().String(local)) + "@" + domain}, true
}

// plainLocal accepts what stands before the @ without quotes: letters and digits of any script, and the signs of RFC
// 5322, in parts separated by single dots.
func plainLocal(local string) bool {
	if len(local) > longestLocal {
		return false
	}
	for part := range strings.SplitSeq(local, ".") {
		if part == "" {
			return false
		}
	}
	return !strings.ContainsFunc(local, func(r rune) bool {
		switch {
		case r < utf8.RuneSelf:
			return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune(".!#$%&'*+-/=?^_`{|}~", r))
		case r == utf8.RuneError:
			return true
		}
		return !unicode.In(r, unicode.L, unicode.M, unicode.N)
	})
}

// plainDomain accepts names with at least two parts, the last of them not a number: no host of one word, which is
// mostly a slip, and no bare IP address.
func plainDomain(ascii string) bool {
	dot := strings.LastIndexByte(ascii, '.')
	if dot < 1 || dot == len(ascii)-1 {
		return false
	}
	return strings.ContainsFunc(ascii[dot+1:], func(r rune) bool { return r < '0' || r > '9' })
}
