package accounts

import (
	"errors"
	"strings"
	"testing"

	"soundings/surveys"
)

func TestEmailsAreOneSpellingAndPlain(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		user, err := a.Create(t.Context(), "  Ann.Lee@Example.ORG\t", Author, password)
		if err != nil {
			t.Fatal(err)
		}
		if user.Email != "ann.lee@example.org" || user.Role != Author || user.ID == 0 || !user.CreatedAt.Equal(c.now()) {
			t.Errorf("got %+v", user)
		}
		_, err = a.Create(t.Context(), "ANN.lee@example.org", Viewer, password)
		wantKind(t, err, surveys.Conflict)
		if s, err := a.SignIn(t.Context(), " ANN.LEE@example.org ", password, Browser{Address: office}); err != nil || s.User.ID != user.ID {
			t.Errorf("signed in as %+v (%v), want %+v", s, err, user)
		}
		for _, bad := range []string{"", " ", "ann", "@example.org", "ann@", "Ann <ann@example.org>", "<ann@example.org>", "ann@example.org (work)",
			"ann@example.org, bob@example.org", `"a b"@example.org`, "ann@exa\nmple.org", "ann\x00@example.org", "\xffann@example.org",
			strings.Repeat("a", 250) + "@example.org"} {
			_, err := a.Create(t.Context(), bad, Viewer, password)
			wantFault(t, err, "email", "email")
		}
		if n := count(t, a, "users"); n != 1 {
			t.Errorf("%d users, want 1", n)
		}
	})
}

func TestWeakPasswordsAreRefusedWithTheReason(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		for name, c := range map[string]struct{ password, code string }{
			"empty":                    {"", "short"},
			"nine characters":          {"123456789", "short"},
			"nine of two bytes":        {strings.Repeat("é", 9), "short"},
			"1001 bytes":               {strings.Repeat("a", 1001), "long"},
			"the e-mail":               {"ann@example.org", "same as email"},
			"the e-mail with capitals": {" Ann@Example.org", "same as email"},
		} {
			t.Run(name, func(t *testing.T) {
				_, err := a.Create(t.Context(), ann, Viewer, c.password)
				wantFault(t, err, "password", c.code)
				if c.password != "" && strings.Contains(err.Error(), c.password) {
					t.Error("the message repeats the password")
				}
			})
		}
		if n := count(t, a, "users"); n != 0 {
			t.Errorf("%d users, want none", n)
		}
		for i, good := range []string{"1234567890", strings.Repeat("é", 10), strings.Repeat("a", 1000)} {
			email := string(rune('a'+i)) + "@example.org"
			if _, err := a.Create(t.Context(), email, Viewer, good); err != nil {
				t.Errorf("%d bytes: %v", len(good), err)
			}
			if _, err := a.SignIn(t.Context(), email, good, Browser{Address: office}); err != nil {
				t.Errorf("signing in with %d bytes: %v", len(good), err)
			}
		}
	})
}

func TestAllFaultsOfAnAccountAreToldAtOnce(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		_, err := a.Create(t.Context(), "ann", "boss", "short")
		wantFault(t, err, "email", "email")
		wantFault(t, err, "password", "short")
		wantFault(t, err, "role", "unknown")
	})
}

func TestPasswordsAreNotStored(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		withAnn(t, a)
		if all := everything(t, a, "users"); strings.Contains(all, password) || !strings.Contains(all, "$argon2id$v=19$") {
			t.Errorf("the table holds %q", all)
		}
	})
}

func wantFault(t *testing.T, err error, path, code string) {
	t.Helper()
	wantKind(t, err, surveys.Invalid)
	var e *surveys.Error
	if errors.As(err, &e) {
		for _, f := range e.Faults {
			if f.Path == path && f.Code == code && f.Detail != "" {
				return
			}
		}
	}
	t.Errorf("got %v, want the fault %s: %s", err, path, code)
}
