package accounts

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"soundings/surveys"
)

// cost is how dear one guess at a password is made.
type cost struct {
	memory  uint32 // KiB
	time    uint32 // passes over the memory
	threads uint8
}

// currentCost is above the least that OWASP's password storage cheat sheet asks of argon2id (19 MiB, 2 passes, 1
// thread): 32 MiB and 3 passes, about 70 ms on one core. Hashes made at another cost still work and are made
// again at this one when their owner signs in, so it may simply be raised here.
func currentCost() cost { return cost{memory: 32 * 1024, time: 3, threads: 1} }

const (
	saltSize = 16
	keySize  = 32
)

// passwordHash is a stored password.
type passwordHash struct {
	cost
	salt, key []byte
}

// String writes the hash as the PHC string format has it: $argon2id$v=19$m=32768,t=3,p=1$SALT$KEY.
func (h passwordHash) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.time, h.threads,
		b64.EncodeToString(h.salt), b64.EncodeToString(h.key))
}

func parseHash(s string) (passwordHash, error) {
	var h passwordHash
	fail := errors.New("the stored password hash cannot be read") // without the hash: this reaches the log
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return h, fail
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.time, &h.threads); err != nil || h.time < 1 || h.threads < 1 {
		return h, fail
	}
	var errSalt, errKey error
	h.salt, errSalt = base64.RawStdEncoding.DecodeString(parts[4])
	h.key, errKey = base64.RawStdEncoding.DecodeString(parts[5])
	// An empty key would equal the empty key of every password.
	if errSalt != nil || errKey != nil || len(h.salt) < 8 || len(h.key) < 16 || h.String() != s {
		return h, fail
	}
	return h, nil
}

// hasher hashes passwords, a few at a time: each needs memory of its own, and a flood of sign-ins must not take it all.
type hasher struct {
	cost  cost
	slots chan struct{}
	kdf   func(password, salt []byte, time, memory uint32, threads uint8, keyLen uint32) []byte
}

func newHasher() *hasher {
	return &hasher{
		cost:  currentCost(),
		slots: make(chan struct{}, runtime.GOMAXPROCS(0)), // more at once would not be faster
		kdf:   argon2.IDKey,
	}
}

// hash makes a hash with a new salt at the current cost.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	made := passwordHash{cost: h.cost, salt: randomBytes(saltSize)}
	var err error
	made.key, err = h.derive(ctx, password, made, keySize)
	return made.String(), err
}

// verify reports whether the password is the one behind the hash.
func (h *hasher) verify(ctx context.Context, password string, stored passwordHash) (bool, error) {
	key, err := h.derive(ctx, password, stored, len(stored.key))
	return err == nil && subtle.ConstantTimeCompare(key, stored.key) == 1, err
}

// nobody is the hash of no password. Checking against it takes as long as checking a real one, so the time of an
// answer does not tell whether an e-mail has an account.
func (h *hasher) nobody() passwordHash {
	return passwordHash{cost: h.cost, salt: make([]byte, saltSize), key: make([]byte, keySize)}
}

func (h *hasher) derive(ctx context.Context, password string, as passwordHash, size int) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, &surveys.Error{Kind: surveys.Unavailable, Op: "accounts: hash password",
			Message: "Too many people are signing in right now. Please try again.", Err: ctx.Err()}
	}
	// The same letter can be typed as one code point or as two, depending on the keyboard.
	return h.kdf(norm.NFC.Bytes([]byte(password)), as.salt, as.time, as.memory, as.threads, uint32(size)), nil
}
