package accounts

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
)

// A device cookie tells that a certain person has signed in with this browser before. It gives no access; its failures
// are only counted apart from those of strangers, so that whoever guesses a colleague's password keeps nobody out. A
// stolen one allows as many guesses as an e-mail does without any.
const deviceSize = 16

// device gives the cookie for a browser in which somebody has just signed in, keeping the one it has.
func (a *Accounts) device(old, email string) string {
	if _, ok := a.knownDevice(old, email); ok {
		return old
	}
	id := randomBytes(deviceSize)
	return encode(append(id, a.deviceMark(id, email)...))
}

// knownDevice gives the id of a device cookie that was made for this e-mail.
func (a *Accounts) knownDevice(cookie, email string) (id []byte, ok bool) {
	b, ok := decode(cookie)
	if !ok || len(b) != deviceSize+sha256.Size {
		return nil, false
	}
	return b[:deviceSize], hmac.Equal(b[deviceSize:], a.deviceMark(b[:deviceSize], email))
}

func (a *Accounts) deviceMark(id []byte, email string) []byte {
	return a.subject("device", fmt.Sprintf("%x %s", id, email))
}

func (a *Accounts) deviceLimit(id []byte) limit {
	return limit{a.subject("tries of device", fmt.Sprintf("%x", id)), freePerEmail}
}
