package accounts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestWrongEmailAndWrongPasswordAreTheSameRefusal(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		withAnn(t, a)
		_, wrong := a.SignIn(t.Context(), ann, "another long password", Browser{Address: office})
		wantKind(t, wrong, surveys.Unauthorized)
		for i, email := range []string{"bob@example.org", "", "no address", "\xff\xfe", "ann@example.org\x00", strings.Repeat("x", 100_000)} {
			_, err := a.SignIn(t.Context(), email, password, Browser{Address: fmt.Sprint("198.51.100.", i)})
			if err == nil || err.Error() != wrong.Error() {
				t.Errorf("%.20q: got %v, want %v", email, err, wrong)
			}
		}
		if n := count(t, a, "sessions"); n != 0 {
			t.Errorf("%d sessions, want none", n)
		}
	})
}

func TestUnknownEmailCostsAsMuchHashingAsAWrongPassword(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		withAnn(t, a)
		var work []cost
		kdf := a.hasher.kdf
		a.hasher.kdf = func(password, salt []byte, time, memory uint32, threads uint8, keyLen uint32) []byte {
			work = append(work, cost{memory, time, threads})
			return kdf(password, salt, time, memory, threads, keyLen)
		}
		for _, email := range []string{ann, "bob@example.org", "no address", strings.Repeat("x", 1000)} {
			_, err := a.SignIn(t.Context(), email, "another long password", Browser{Address: office})
			wantKind(t, err, surveys.Unauthorized)
		}
		if len(work) != 4 {
			t.Fatalf("%d hashes for 4 attempts", len(work))
		}
		for _, w := range work[1:] {
			if w != work[0] {
				t.Errorf("an unknown e-mail costs %+v, a known one %+v", w, work[0])
			}
		}
	})
}

func TestEndlessPasswordsAreNotHashed(t *testing.T) {
	a := onServer(storetest.SQLite(t), newClock())
	withAnn(t, a)
	a.hasher.kdf = func(_, _ []byte, _, _ uint32, _ uint8, _ uint32) []byte {
		t.Error("hashed")
		return nil
	}
	_, err := a.SignIn(t.Context(), ann, strings.Repeat("a", 1<<20), Browser{Address: office})
	wantKind(t, err, surveys.Unauthorized)
}

func TestSignInMakesTheHashAgainWhenItsCostHasChanged(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		withAnn(t, a)
		hash := func() string { return storedHash(t, a) }
		first := hash()
		signIn(t, a)
		if hash() != first {
			t.Error("made again at the same cost")
		}
		a.hasher.cost.time = 2
		if _, err := a.SignIn(t.Context(), ann, "another long password", Browser{Address: office}); surveys.KindOf(err) != surveys.Unauthorized || hash() != first {
			t.Errorf("after a wrong password (%v) the hash is %s, want it untouched", err, hash())
		}
		signIn(t, a)
		if !strings.Contains(hash(), "$m=64,t=2,p=1$") {
			t.Errorf("still %s", hash())
		}
		signIn(t, a)
	})
}

func storedHash(t *testing.T, a *Accounts) string {
	t.Helper()
	var row credentials
	if err := a.store.Read(t.Context()).Take(&row, "email = ?", ann).Error; err != nil {
		t.Fatal(err)
	}
	return row.PasswordHash
}

// fail makes one wrong attempt.
func fail(t *testing.T, a *Accounts, email, from string) error {
	t.Helper()
	_, err := a.SignIn(t.Context(), email, "another long password", Browser{Address: from})
	return err
}

func TestFailuresForAnEmailSlowFurtherOnes(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		withAnn(t, a)
		for i := range 5 {
			wantKind(t, fail(t, a, ann, fmt.Sprint("198.51.100.", i)), surveys.Unauthorized)
		}
		for i, seconds := range []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900} {
			want := time.Duration(seconds) * time.Second
			from := fmt.Sprint("203.0.113.", i)
			_, err := a.SignIn(t.Context(), ann, password, Browser{Address: from}) // even the right password
			wantKind(t, err, surveys.TooMany)
			if Wait(err) != want {
				t.Fatalf("block %d is %v, want %v", i, Wait(err), want)
			}
			c.pass(want - time.Microsecond)
			if err := fail(t, a, ann, from); surveys.KindOf(err) != surveys.TooMany || Wait(err) != time.Second {
				t.Errorf("just before its end block %d gives %v, want to wait a second", i, err)
			}
			c.pass(time.Microsecond)
			wantKind(t, fail(t, a, ann, from), surveys.Unauthorized)
		}
		if _, err := a.SignIn(t.Context(), "bob@example.org", password, Browser{Address: office}); surveys.KindOf(err) != surveys.Unauthorized {
			t.Errorf("another e-mail from another address: %v", err)
		}
	})
}

func TestSuccessClearsTheEmailsFailures(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		withAnn(t, a)
		for round := range 3 {
			for i := range 4 {
				wantKind(t, fail(t, a, ann, fmt.Sprint("198.51.100.", 4*round+i)), surveys.Unauthorized)
			}
			signIn(t, a) // the fifth attempt: it must not have been counted for itself
		}
	})
}

func TestFailuresFromAnAddressSlowAllItsEmails(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		withAnn(t, a)
		for i := range 19 {
			wantKind(t, fail(t, a, fmt.Sprintf("nobody%d@example.org", i), office), surveys.Unauthorized)
		}
		for range 10 {
			signIn(t, a) // colleagues' successes neither block the address nor clear it
		}
		wantKind(t, fail(t, a, "nobody20@example.org", office), surveys.Unauthorized)
		_, err := a.SignIn(t.Context(), ann, password, Browser{Address: office})
		wantKind(t, err, surveys.TooMany)
		if _, err := a.SignIn(t.Context(), ann, password, Browser{Address: "192.0.2.8"}); err != nil {
			t.Errorf("from another address: %v", err)
		}
		c.pass(time.Second)
		signIn(t, a)
		wantKind(t, fail(t, a, "nobody21@example.org", office), surveys.Unauthorized)
		if err := fail(t, a, "nobody22@example.org", office); Wait(err) != 2*time.Second {
			t.Errorf("the next block: %v, want 2 s", err)
		}
	})
}

func TestFailuresAreForgottenAfterADay(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		withAnn(t, a)
		for i := range 5 {
			wantKind(t, fail(t, a, ann, fmt.Sprint("198.51.100.", i)), surveys.Unauthorized)
		}
		c.pass(24*time.Hour + time.Second)
		for i := range 5 {
			wantKind(t, fail(t, a, ann, fmt.Sprint("203.0.113.", i)), surveys.Unauthorized)
		}
		wantKind(t, fail(t, a, ann, "203.0.113.9"), surveys.TooMany)
		c.pass(23 * time.Hour)
		wantKind(t, fail(t, a, ann, "203.0.113.10"), surveys.Unauthorized)
		if err := fail(t, a, ann, "203.0.113.11"); Wait(err) != 2*time.Second {
			t.Errorf("within the day: %v, want the count to go on", err)
		}
	})
}

// A check that reads the count and adds to it after the slow password check would let all 50 through.
func TestABurstGetsNoMoreAttemptsThanASeries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newClock()
		servers := []*Accounts{onServer(s, c), onServer(s, c)}
		withAnn(t, servers[0])
		kinds := atOnce(50, func(ctx context.Context, i int) error {
			_, err := servers[i%2].SignIn(ctx, ann, "another long password", Browser{Address: fmt.Sprint("198.51.100.", i)})
			return err
		})
		if kinds[surveys.Unauthorized] != freePerEmail || kinds[surveys.TooMany] != 50-freePerEmail {
			t.Errorf("one e-mail, many addresses: %v, want %d let through and the rest refused", kinds, freePerEmail)
		}
		kinds = atOnce(50, func(ctx context.Context, i int) error {
			_, err := servers[i%2].SignIn(ctx, fmt.Sprintf("nobody%d@example.org", i), password, Browser{Address: office})
			return err
		})
		if kinds[surveys.Unauthorized] != freePerAddress || kinds[surveys.TooMany] != 50-freePerAddress {
			t.Errorf("one address, many e-mails: %v, want %d let through and the rest refused", kinds, freePerAddress)
		}
	})
}

func TestManyRightSignInsAtOnceLeaveNoFailureBehind(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		withAnn(t, a)
		// Four at a time, as more would be slowed like guesses while their passwords are being checked.
		for range 4 {
			kinds := atOnce(4, func(ctx context.Context, _ int) error {
				_, err := a.SignIn(ctx, ann, password, Browser{Address: office})
				return err
			})
			if kinds[""] != 4 {
				t.Errorf("got %v, want 4 sessions", kinds)
			}
		}
		if n := failures(t, a); n != 0 {
			t.Errorf("%d failures are left", n)
		}
	})
}

// failures sums what is counted of all subjects.
func failures(t *testing.T, a *Accounts) int64 {
	t.Helper()
	var sum int64
	if err := a.store.Read(t.Context()).Table("signin_failures").Select("COALESCE(SUM(failures), 0)").Scan(&sum).Error; err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestAnAttemptThatCouldNotBeMadeIsNotCounted(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		withAnn(t, a)
		for range cap(a.hasher.slots) {
			a.hasher.slots <- struct{}{} // as many are signing in as can be
		}
		for range 10 {
			ctx, cancel := context.WithCancel(t.Context())
			stopWhenCounted(t, a, cancel)
			_, err := a.SignIn(ctx, ann, password, Browser{Address: office})
			wantKind(t, err, surveys.Unavailable)
			cancel()
			if n := failures(t, a); n != 0 {
				t.Fatalf("%d failures are counted", n)
			}
		}
		for range cap(a.hasher.slots) {
			<-a.hasher.slots
		}
		signIn(t, a)
	})
}

// stopWhenCounted gives up a request as soon as its attempt has been counted.
func stopWhenCounted(t *testing.T, a *Accounts, cancel func()) {
	t.Helper()
	go func() {
		for {
			var n int64
			err := a.store.Read(t.Context()).Table("signin_failures").Where("failures > 0").Count(&n).Error
			if err != nil || n > 0 {
				cancel()
				return
			}
		}
	}()
}

func TestADamagedHashIsOurFaultAndNotAFailure(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		user := withAnn(t, a)
		good := storedHash(t, a)
		set := func(hash string) {
			err := a.store.Transact(t.Context(), "test", func(tx *gorm.DB) error {
				return tx.Model(&credentials{}).Where("id = ?", user.ID).Update("password_hash", hash).Error
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		set("$argon2id$")
		for range 10 {
			if err := fail(t, a, ann, office); surveys.KindOf(err) != surveys.Internal {
				t.Fatalf("got %v, want an internal error", err)
			}
		}
		set(good)
		signIn(t, a)
	})
}

func TestTheTableOfFailuresNamesNobody(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		_ = fail(t, a, ann, office)
		all := everything(t, a, "signin_failures")
		for _, name := range []string{ann, office, string(digest([]byte(ann))), string(digest([]byte(office)))} {
			if strings.Contains(all, name) {
				t.Errorf("it holds %q", name)
			}
		}
		if n := count(t, a, "signin_failures"); n != 2 {
			t.Errorf("%d rows, want 2", n)
		}
		other := New(a.store, surveys.Secret("another secret"), a.now)
		if bytes.Equal(other.subject("email", ann), a.subject("email", ann)) {
			t.Error("the hash does not depend on the secret")
		}
	})
}

func TestOnePersonsAddressesCountTogether(t *testing.T) {
	for name, c := range map[string]struct {
		a, b string
		same bool
	}{
		"same IPv4":                  {"192.0.2.7", "192.0.2.7", true},
		"IPv4 neighbours":            {"192.0.2.7", "192.0.2.8", false},
		"IPv4 written as IPv6":       {"192.0.2.7", "::ffff:192.0.2.7", true},
		"with a port":                {"192.0.2.7", "192.0.2.7:4711", true},
		"one IPv6 network":           {"2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true},
		"one IPv6 network and port":  {"2001:db8:1:2::1", "[2001:db8:1:2::9]:443", true},
		"neighbour networks of IPv6": {"2001:db8:1:2::1", "2001:db8:1:3::1", false},
		"no addresses":               {"a", "b", false},
	} {
		if (Network(c.a) == Network(c.b)) != c.same {
			t.Errorf("%s: %q and %q", name, Network(c.a), Network(c.b))
		}
	}
}

func TestWaitIsOnlyForTooMany(t *testing.T) {
	for _, err := range []error{nil, errors.New("x"), &surveys.Error{Kind: surveys.TooMany}, &surveys.Error{Kind: surveys.Invalid, Faults: surveys.Faults{{Args: map[string]string{"seconds": "9"}}}}} {
		if w := Wait(err); w != 0 {
			t.Errorf("%v: %v", err, w)
		}
	}
	for wait, words := range map[time.Duration]string{time.Nanosecond: "in a second.", 90 * time.Second: "in 90 seconds.", 15 * time.Minute: "in 15 minutes."} {
		if err := tooMany("test", wait); !strings.Contains(err.Error(), words) {
			t.Errorf("%v reads %q", wait, err)
		}
	}
}

func TestABlockMadeByAttemptsThatTurnOutRightIsLifted(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		l := a.addressLimit(office)
		tries := make([]*attempt, l.free) // all being checked at the same time
		for i := range tries {
			var err error
			if tries[i], err = a.begin(t.Context(), "test", l); err != nil {
				t.Fatal(err)
			}
		}
		_, err := a.begin(t.Context(), "test", l)
		wantKind(t, err, surveys.TooMany)
		err = a.store.Transact(t.Context(), "test", func(tx *gorm.DB) error { return tries[0].undo(tx, c.now()) })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.begin(t.Context(), "test", l); err != nil {
			t.Errorf("after one was right: %v", err)
		}
	})
}
