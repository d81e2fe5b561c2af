package accounts

import (
	"context"
	"encoding/base32"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// RFC 6238, appendix B, the rows of SHA-1.
func TestCodesAreThoseOfRFC6238(t *testing.T) {
	secret := []byte("12345678901234567890")
	for seconds, want := range map[int64]string{
		59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
	} {
		if got, err := codeAt(secret, seconds/totpPeriod, otp.DigitsEight); err != nil || got != want {
			t.Errorf("at %d: %s (%v), want %s", seconds, got, err, want)
		}
		// Our six digits are the last six of those.
		if got, err := codeAt(secret, seconds/totpPeriod, otp.DigitsSix); err != nil || got != want[2:] {
			t.Errorf("at %d: %s (%v), want %s", seconds, got, err, want[2:])
		}
	}
}

// app is somebody's authenticator app.
type app struct {
	t      *testing.T
	secret []byte
	clock  *clock
}

// code is what the app shows, drift steps from now.
func (p app) code(drift int64) string {
	p.t.Helper()
	code, err := codeAt(p.secret, p.clock.now().Unix()/totpPeriod+drift, otp.DigitsSix)
	if err != nil {
		p.t.Fatal(err)
	}
	return code
}

// enrolled sets up a second step for somebody.
func enrolled(t *testing.T, a *Accounts, c *clock, user *User) (app, []string) {
	t.Helper()
	offer, err := a.OfferSecondStep(t.Context(), user.ID, "Soundings")
	if err != nil {
		t.Fatal(err)
	}
	secret, err := base32.StdEncoding.DecodeString(strings.ReplaceAll(offer.Secret, " ", ""))
	if err != nil || !strings.Contains(offer.URI, "otpauth://totp/Soundings:ann@example.org?") || !strings.Contains(offer.URI, strings.ReplaceAll(offer.Secret, " ", "")) {
		t.Fatalf("%+v, %v", offer, err)
	}
	phone := app{t, secret, c}
	codes, err := a.ConfirmSecondStep(t.Context(), user.ID, phone.code(0))
	if err != nil || len(codes) != 10 {
		t.Fatalf("%d recovery codes, %v", len(codes), err)
	}
	return phone, codes
}

func ticketOf(t *testing.T, a *Accounts) string {
	t.Helper()
	got, err := a.SignIn(t.Context(), ann, password, Browser{Address: office})
	if err != nil || got.Ticket == "" || got.Cookie != "" || got.CSRF != "" || got.Device != "" {
		t.Fatalf("a password alone gives %+v, %v", got, err)
	}
	return got.Ticket
}

func (a *Accounts) second(t *testing.T, ticket, code string) error {
	t.Helper()
	got, err := a.SecondStep(t.Context(), ticket, code, Browser{Address: office})
	if err == nil {
		if _, err := a.Lookup(t.Context(), got.Cookie); err != nil {
			t.Errorf("the session does not work: %v", err)
		}
	}
	return err
}

func TestTheSecondStepWantsACodeOfNowAndTakesItOnce(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		phone, _ := enrolled(t, a, c, withAnn(t, a))
		ticket := ticketOf(t, a)
		if n := count(t, a, "sessions"); n != 0 {
			t.Errorf("%d sessions after the password alone", n)
		}
		wantKind(t, a.second(t, ticket, phone.code(0)), surveys.Unauthorized) // used when it was set up
		c.pass(2 * totpPeriod * time.Second)
		for _, wrong := range []string{phone.code(-2), phone.code(2), "12345"} {
			wantKind(t, a.second(t, ticket, wrong), surveys.Unauthorized)
		}
		c.pass(time.Hour)
		ticket = ticketOf(t, a)
		old := phone.code(-1)
		if err := a.second(t, ticket, old[:3]+" "+old[3:]); err != nil {
			t.Errorf("a code one step old: %v", err)
		}
		wantKind(t, a.second(t, ticket, old), surveys.Unauthorized)
		if err := a.second(t, ticket, phone.code(1)); err != nil {
			t.Errorf("a code one step ahead: %v", err)
		}
		wantKind(t, a.second(t, ticket, phone.code(1)), surveys.Unauthorized)
		wantKind(t, a.second(t, ticket, phone.code(0)), surveys.Unauthorized) // older than the newest that was taken
	})
}

func TestOneCodeSentToTwoServersAtOnceOpensOneSession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newClock()
		servers := []*Accounts{onServer(s, c), onServer(s, c)}
		phone, codes := enrolled(t, servers[0], c, withAnn(t, servers[0]))
		c.pass(time.Hour)
		for _, code := range []string{phone.code(0), codes[0]} {
			ticket := ticketOf(t, servers[0])
			kinds := atOnce(4, func(ctx context.Context, i int) error {
				_, err := servers[i%2].SecondStep(ctx, ticket, code, Browser{Address: office})
				return err
			})
			// Those that come while the others are still being judged may be too many already.
			if kinds[""] != 1 || kinds[surveys.Unauthorized]+kinds[surveys.TooMany] != 3 {
				t.Errorf("%v, want one in and three refused", kinds)
			}
		}
	})
}

func TestRecoveryCodesWorkOnceAndAreReplaced(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		user := withAnn(t, a)
		_, codes := enrolled(t, a, c, user)
		if all := everything(t, a, "recovery_codes"); strings.Contains(all, codes[0]) || strings.Contains(all, strings.ReplaceAll(codes[0], "-", "")) {
			t.Error("recovery codes are stored as they are")
		}
		ticket := ticketOf(t, a)
		if err := a.second(t, ticket, " "+strings.ToLower(strings.ReplaceAll(codes[0], "-", ""))); err != nil {
			t.Errorf("typed carelessly: %v", err)
		}
		wantKind(t, a.second(t, ticket, codes[0]), surveys.Unauthorized)
		if own, err := a.OwnAccount(t.Context(), user.ID); err != nil || own.Recovery != 9 || !own.SecondStep {
			t.Errorf("%+v, %v", own, err)
		}
		fresh, err := a.RenewRecoveryCodes(t.Context(), user.ID)
		if err != nil || len(fresh) != 10 {
			t.Fatal(fresh, err)
		}
		wantKind(t, a.second(t, ticket, codes[1]), surveys.Unauthorized)
		if err := a.second(t, ticket, fresh[9]); err != nil {
			t.Error(err)
		}
	})
}

func TestTheSecretIsSealedForItsOwner(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		user := withAnn(t, a)
		phone, _ := enrolled(t, a, c, user)
		if all := everything(t, a, "users"); strings.Contains(all, string(phone.secret)) {
			t.Error("the secret can be read in the database")
		}
		sealed := a.seal(user.ID, phone.secret)
		if _, err := a.open(user.ID+1, sealed); err == nil {
			t.Error("one person's secret opens for another")
		}
		other := New(a.store, surveys.Secret(strings.Repeat("x", 32)), c.now)
		if _, err := other.open(user.ID, sealed); err == nil {
			t.Error("another installation opens it")
		}
	})
}

func TestGuessingCodesIsSlowedPerPerson(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		phone, _ := enrolled(t, a, c, withAnn(t, a))
		c.pass(time.Minute)
		ticket := ticketOf(t, a)
		wrong := func(from string) error {
			_, err := a.SecondStep(t.Context(), ticket, "000000", Browser{Address: from})
			return err
		}
		for i := range freeCodes {
			wantKind(t, wrong("198.51.100."+string(rune('1'+i))), surveys.Unauthorized)
		}
		wantKind(t, wrong("203.0.113.1"), surveys.TooMany)
		wantKind(t, a.second(t, ticket, phone.code(0)), surveys.TooMany) // even the right one
		known := Browser{Address: "203.0.113.9", Device: a.device("", ann)}
		if _, err := a.SecondStep(t.Context(), ticket, phone.code(1), known); err != nil {
			t.Errorf("in a browser that is known: %v", err)
		}
		c.pass(time.Minute)
		if err := a.second(t, ticket, phone.code(0)); err != nil {
			t.Error(err)
		}
		c.pass(time.Minute)
		for range freeCodes { // the success has cleared them
			wantKind(t, wrong(office), surveys.Unauthorized)
		}
	})
}

func TestATicketEndsAndIsForged(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		user := withAnn(t, a)
		phone, _ := enrolled(t, a, c, user)
		c.pass(time.Minute)
		ticket := ticketOf(t, a)
		for _, forged := range []string{"", "x", ticket + "A", strings.Repeat("A", len(ticket)), ticket[:len(ticket)-2] + "AA"} {
			wantKind(t, a.second(t, forged, phone.code(0)), surveys.Unauthorized)
		}
		c.pass(ticketLife)
		wantKind(t, a.second(t, ticket, phone.code(0)), surveys.Unauthorized)
		ticket = ticketOf(t, a)
		if err := a.ChangePassword(t.Context(), *user, "", password, "another long password"); err != nil {
			t.Fatal(err)
		}
		wantKind(t, a.second(t, ticket, phone.code(0)), surveys.Unauthorized)
	})
}

func TestAnOfferIsConfirmedByACodeBeforeItCounts(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		user := withAnn(t, a)
		one, err := a.OfferSecondStep(t.Context(), user.ID, "Soundings")
		if err != nil {
			t.Fatal(err)
		}
		if two, err := a.OfferSecondStep(t.Context(), user.ID, "Soundings"); err != nil || *two != *one {
			t.Errorf("a second look offers %+v (%v), want the same", two, err)
		}
		_, err = a.ConfirmSecondStep(t.Context(), user.ID, "000000")
		wantKind(t, err, surveys.Invalid)
		signIn(t, a) // still without
		enrolled(t, a, c, user)
		_, err = a.OfferSecondStep(t.Context(), user.ID, "Soundings")
		wantKind(t, err, surveys.Conflict)
		ticketOf(t, a)
		if err := a.RemoveSecondStep(t.Context(), user.ID); err != nil {
			t.Fatal(err)
		}
		signIn(t, a)
		if n := count(t, a, "recovery_codes"); n != 0 {
			t.Errorf("%d recovery codes are left", n)
		}
	})
}
