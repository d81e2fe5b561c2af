// Package accounts knows the staff: who may sign in, what their role lets them do, the sessions and API tokens they
// use, and how the very first administrator comes to be. Respondents have no account and never meet this package.
//
// Nothing here is kept in memory between requests, so several servers on one database agree. Every error is a
// *surveys.Error whose Message may be shown to a stranger.
package accounts

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"soundings/surveys"
	"soundings/surveys/store"
)

// Accounts is the staff of one installation. It is safe for use by many goroutines.
type Accounts struct {
	store  *store.Store
	secret surveys.Secret
	now    func() time.Time
	hasher *hasher
}

// New gives the staff kept in the store. The secret is the installation's and must be the same on every server; now
// tells the time (time.Now outside tests).
func New(store *store.Store, secret surveys.Secret, now func() time.Time, options ...Option) *Accounts {
	a := &Accounts{store: store, secret: secret, now: now, hasher: newHasher()}
	for _, apply := range options {
		apply(a)
	}
	return a
}

// Option changes how accounts are kept.
type Option func(*Accounts)

// Guessable hashes passwords at next to no cost. Only tests may do that: they sign in often, and guard nothing.
func Guessable() Option {
	return func(a *Accounts) { a.hasher.cost = cost{memory: 64, time: 1, threads: 1} }
}

// clock tells the time as both databases keep it, so that what is written equals what is read.
func (a *Accounts) clock() time.Time { return a.now().UTC().Truncate(time.Microsecond) }

// Both kinds of bearer secret (session and API token) have 256 random bits. That is why a plain SHA-256 of them may
// be stored: there is nothing to guess, unlike with a password.
const secretSize = 32

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails; it ends the program when the system has no randomness
	return b
}

func digest(secret []byte) []byte {
	sum := sha256.Sum256(secret)
	return sum[:]
}

// encode writes bytes for a cookie, a form field or a header.
func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// decode takes only what encode writes. The library alone skips line ends and spare bits, so that several texts would
// stand for one secret.
func decode(s string) ([]byte, bool) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	return b, err == nil && encode(b) == s
}
