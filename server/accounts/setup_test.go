package accounts

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func setupCode(t *testing.T, a *Accounts) string {
	t.Helper()
	code, needed, err := a.SetupCode(t.Context())
	if err != nil || !needed || len(code) < 26 {
		t.Fatalf("got %q, %v, %v", code, needed, err)
	}
	return code
}

func TestTheCodeMakesTheFirstAdministratorOnce(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		code := setupCode(t, a)
		if all := everything(t, a, "settings"); strings.Contains(all, code) {
			t.Error("the code is stored")
		}
		user, err := a.Setup(t.Context(), " "+strings.ToLower(code)+"\n", "Ann@example.org", password, office)
		if err != nil {
			t.Fatal(err)
		}
		if user.Email != ann || user.Role != Admin {
			t.Errorf("got %+v", user)
		}
		if s := signIn(t, a); s.User.ID != user.ID {
			t.Errorf("signed in as %+v", s.User)
		}
		_, err = a.Setup(t.Context(), code, "bob@example.org", password, office)
		wantKind(t, err, surveys.Conflict)
		if needed, err := a.NeedsSetup(t.Context()); err != nil || needed {
			t.Errorf("still needed: %v, %v", needed, err)
		}
		if again, needed, err := a.SetupCode(t.Context()); err != nil || needed || again != "" {
			t.Errorf("another code: %q, %v, %v", again, needed, err)
		}
		if n := count(t, a, "settings"); n != 0 {
			t.Errorf("%d settings are left", n)
		}
	})
}

func TestConcurrentSetupsMakeOneAdministrator(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newClock()
		servers := []*Accounts{onServer(s, c), onServer(s, c)}
		code := setupCode(t, servers[0])
		kinds := atOnce(20, func(ctx context.Context, i int) error {
			_, err := servers[i%2].Setup(ctx, code, fmt.Sprintf("ann%d@example.org", i), password, fmt.Sprint("198.51.100.", i))
			return err
		})
		if kinds[""] != 1 || kinds[surveys.Conflict] != 19 {
			t.Errorf("got %v, want one success and 19 conflicts", kinds)
		}
		if n := count(t, servers[0], "users"); n != 1 {
			t.Errorf("%d users, want 1", n)
		}
	})
}

func TestOnlyTheNewestCodeWorksAndOnEveryServer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newClock()
		one, two := onServer(s, c), onServer(s, c)
		old := setupCode(t, one)
		code := setupCode(t, two)
		if old == code {
			t.Fatal("twice the same code")
		}
		_, err := one.Setup(t.Context(), old, ann, password, office)
		wantFault(t, err, "code", "wrong")
		if _, err := one.Setup(t.Context(), code, ann, password, office); err != nil {
			t.Error(err)
		}
	})
}

func TestWrongCodesAreSlowed(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		code := setupCode(t, a)
		for _, wrong := range []string{"", "x", code[1:], code + "A", strings.Repeat("A", 26)} {
			_, err := a.Setup(t.Context(), wrong, ann, password, office)
			wantFault(t, err, "code", "wrong")
		}
		_, err := a.Setup(t.Context(), code, ann, password, office)
		wantKind(t, err, surveys.TooMany)
		if n := count(t, a, "users"); n != 0 {
			t.Errorf("%d users, want none", n)
		}
		c.pass(Wait(err))
		if _, err := a.Setup(t.Context(), code, ann, password, office); err != nil {
			t.Errorf("after the wait: %v", err)
		}
	})
}

func TestABurstOfCodesIsSlowedToo(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		setupCode(t, a)
		kinds := atOnce(50, func(ctx context.Context, i int) error {
			_, err := a.Setup(ctx, fmt.Sprint("guess", i), ann, password, office)
			return err
		})
		if kinds[surveys.Invalid] != freeSetups || kinds[surveys.TooMany] != 50-freeSetups {
			t.Errorf("got %v, want %d let through and the rest refused", kinds, freeSetups)
		}
	})
}

func TestMistypedAccountsDoNotUseUpAttemptsOfSetup(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		code := setupCode(t, a)
		for range 10 {
			_, err := a.Setup(t.Context(), code, "ann", "short", office)
			wantFault(t, err, "email", "email")
			wantFault(t, err, "password", "short")
		}
		if _, err := a.Setup(t.Context(), code, ann, password, office); err != nil {
			t.Error(err)
		}
	})
}

func TestAUserMadeOtherwiseEndsSetup(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		code := setupCode(t, a)
		withAnn(t, a)
		_, err := a.Setup(t.Context(), code, "bob@example.org", password, office)
		wantKind(t, err, surveys.Conflict)
		if n := count(t, a, "settings"); n != 0 {
			t.Errorf("%d settings are left", n)
		}
	})
}
