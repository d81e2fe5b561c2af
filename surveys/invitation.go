package surveys

import (
	"crypto/subtle"
	"encoding/binary"
	"math"
	"strings"
)

// InvitationID identifies the invitation of one person to one wave. It is at most MostInvitations, so that every token
// has the same length.
type InvitationID int64

// MostInvitations is the highest id an invitation can have.
const MostInvitations = math.MaxUint32

// Token is the secret part of a personal address, /i/{token}: 32 characters holding the invitation's id and a keyed
// hash of 128 bits. It is derived whenever it is needed and stored nowhere, so a reminder carries the same address as
// the invitation, and the database alone opens none.
type Token string

// Mark stands for an answered invitation. It is a keyed hash of the token: without the installation's secret nobody can
// tell whose it is, and neither a receipt nor an id of a response comes into it.
type Mark [16]byte

const (
	tokenIDBytes = 4
	tokenLength  = 32
)

// Token derives the token of an invitation. The wave is part of it, because a database may give the id of a deleted
// invitation to another.
func (d *Deriver) Token(wave WaveID, id InvitationID) Token {
	var b [tokenIDBytes + len(ID{})]byte
	binary.BigEndian.PutUint32(b[:], uint32(id))
	var numbers [16]byte
	binary.BigEndian.PutUint64(numbers[:], uint64(wave))
	binary.BigEndian.PutUint64(numbers[8:], uint64(id))
	proof := d.derive("invitation", string(numbers[:]))
	copy(b[tokenIDBytes:], proof[:])
	return Token(strings.ToLower(receiptEncoding.EncodeToString(b[:])))
}

// Mark derives the mark of a token.
func (d *Deriver) Mark(token Token) Mark { return Mark(d.derive("answered", string(token))) }

// ReadToken tells the invitation that a token claims to open. Whether it does is for Secret.Opens to say.
func ReadToken(typed string) (InvitationID, bool) {
	typed = strings.ToUpper(typed)
	if len(typed) != tokenLength || strings.Trim(typed, receiptAlphabet) != "" {
		return 0, false
	}
	b, err := receiptEncoding.DecodeString(typed)
	if err != nil {
		return 0, false
	}
	return InvitationID(binary.BigEndian.Uint32(b)), true
}

// Opens reports whether what was typed is the token of an invitation, and returns the token as it was made.
func (s Secret) Opens(typed string, wave WaveID, id InvitationID) (Token, bool) {
	token := s.Deriver().Token(wave, id)
	return token, subtle.ConstantTimeCompare([]byte(strings.ToLower(typed)), []byte(token)) == 1
}
