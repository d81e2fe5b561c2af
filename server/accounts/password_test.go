package accounts

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/crypto/argon2"

	"soundings/surveys"
)

// The vectors are those of the reference implementation's own test (phc-winner-argon2, src/test.c).
func TestHashesOfTheReferenceImplementationAreUnderstood(t *testing.T) {
	h := newHasher()
	for encoded, right := range map[string]string{
		"$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc": "password",
		"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4":   "password",
	} {
		stored, err := parseHash(encoded)
		if err != nil {
			t.Fatal(err)
		}
		if stored.String() != encoded {
			t.Errorf("written again it is %s, want %s", stored, encoded)
		}
		for try, want := range map[string]bool{right: true, right + " ": false, "Password": false, "": false} {
			if got, err := h.verify(t.Context(), try, stored); err != nil || got != want {
				t.Errorf("%q against %s: %v, %v", try, encoded, got, err)
			}
		}
	}
}

func TestNewHashesCostAtLeastWhatOWASPAsks(t *testing.T) {
	encoded, err := newHasher().hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	h, err := parseHash(encoded)
	if err != nil {
		t.Fatal(err)
	}
	if h.memory < 19*1024 || h.time < 2 || h.threads < 1 || len(h.salt) < 16 || len(h.key) < 32 {
		t.Errorf("%+v is too cheap", h)
	}
	if len(encoded) > 255 {
		t.Errorf("%d characters do not fit the column", len(encoded))
	}
	again, err := newHasher().hash(t.Context(), password)
	if err != nil || again == encoded {
		t.Errorf("the same password has the same hash twice (%v)", err)
	}
}

func TestDamagedHashesAreAnErrorAndNeverMatch(t *testing.T) {
	const good = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	if _, err := parseHash(good); err != nil {
		t.Fatal(err)
	}
	for name, damaged := range map[string]string{
		"empty":            "",
		"another function": strings.Replace(good, "argon2id", "argon2i", 1),
		"another version":  strings.Replace(good, "v=19", "v=16", 1),
		"no passes":        strings.Replace(good, "t=2", "t=0", 1),
		"no threads":       strings.Replace(good, "p=1", "p=0", 1),
		"more cost":        strings.Replace(good, "p=1", "p=1,x=1", 1),
		"no salt":          strings.Replace(good, "c29tZXNhbHQ", "", 1),
		"no key":           good[:strings.LastIndex(good, "$")+1],
		"short key":        good[:strings.LastIndex(good, "$")+5],
		"more parts":       good + "$",
		"not base64":       good[:len(good)-1] + "!",
	} {
		if _, err := parseHash(damaged); err == nil {
			t.Errorf("%s: read without error", name)
		} else if damaged != "" && strings.Contains(err.Error(), damaged) {
			t.Errorf("%s: the error repeats the hash", name)
		}
	}
}

func TestAccentsTypedInTwoWaysAreOnePassword(t *testing.T) {
	h := newHasher()
	h.cost = cost{memory: 64, time: 1, threads: 1}
	encoded, err := h.hash(t.Context(), "caf\u00e9 au lait")
	if err != nil {
		t.Fatal(err)
	}
	stored, err := parseHash(encoded)
	if err != nil {
		t.Fatal(err)
	}
	if same, err := h.verify(t.Context(), "cafe\u0301 au lait", stored); err != nil || !same {
		t.Errorf("got %v, %v", same, err)
	}
	if same, err := h.verify(t.Context(), "cafe au lait", stored); err != nil || same {
		t.Errorf("without the accent: got %v, %v", same, err)
	}
}

func TestNoMoreThanAFewPasswordsAreHashedAtOnce(t *testing.T) {
	h := newHasher()
	h.slots = make(chan struct{}, 3)
	var running, most atomic.Int32
	full, proceed := make(chan struct{}), make(chan struct{})
	h.kdf = func(password, salt []byte, time, memory uint32, threads uint8, keyLen uint32) []byte {
		n := running.Add(1)
		defer running.Add(-1)
		for {
			old := most.Load()
			if n <= old || most.CompareAndSwap(old, n) {
				break
			}
		}
		if n == 3 {
			select {
			case full <- struct{}{}:
			case <-proceed:
			}
		}
		<-proceed
		return argon2.IDKey(password, salt, 1, 64, 1, keyLen)
	}
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			if _, err := h.hash(context.Background(), password); err != nil {
				t.Error(err)
			}
		})
	}
	<-full
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := h.hash(gone, password)
	wantKind(t, err, surveys.Unavailable)
	close(proceed)
	wg.Wait()
	if most.Load() != 3 {
		t.Errorf("%d at once, want 3", most.Load())
	}
}
