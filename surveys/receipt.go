package surveys

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
	"unicode"
)

// Receipt is the secret shown only to the respondent: 26 characters holding 128 random bits, the one way to
// look up, change or withdraw a response. It is written in groups so that it can be copied by hand.
type Receipt string

const (
	receiptLength = 26
	receiptGroup  = 5
	// Without I, L, O and U: nothing that reads as another character, no accidental words.
	receiptAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)

var receiptEncoding = base32.NewEncoding(receiptAlphabet).WithPadding(base32.NoPadding)

// NewReceipt draws a receipt from the system's random source.
func NewReceipt() Receipt {
	var b [16]byte
	rand.Read(b[:]) // never fails; it ends the program when the system has no randomness
	return Receipt(receiptEncoding.EncodeToString(b[:]))
}

// NewCode draws the secret part of a link: 128 random bits in the receipt's alphabet, in lower case for an address.
func NewCode() string { return strings.ToLower(string(NewReceipt())) }

// ParseReceipt reads a receipt as people type it, or copy it from where dashes and spaces were made pretty: any case,
// with or without dashes and spaces, O for 0, I or L for 1.
func ParseReceipt(typed string) (Receipt, bool) {
	if len(typed) > 4*receiptLength {
		return "", false
	}
	if len(typed) == receiptLength && strings.Trim(typed, receiptAlphabet) == "" {
		return Receipt(typed), true // as the form sends it
	}
	var b strings.Builder
	for _, r := range strings.ToUpper(typed) {
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Dash, r):
			continue
		case r == 'O':
			r = '0'
		case r == 'I' || r == 'L':
			r = '1'
		case !strings.ContainsRune(receiptAlphabet, r):
			return "", false
		}
		b.WriteRune(r)
	}
	if b.Len() != receiptLength {
		return "", false
	}
	return Receipt(b.String()), true
}

// Grouped writes the receipt for reading aloud: five characters a group, six in the last, dashes between.
func (r Receipt) Grouped() string {
	var b strings.Builder
	for i, c := range string(r) {
		if i > 0 && i%receiptGroup == 0 && len(r)-i >= receiptGroup {
			b.WriteByte('-')
		}
		b.WriteRune(c)
	}
	return b.String()
}
