package accounts

import (
	"regexp"
	"strings"
	"testing"

	"soundings/surveys"
)

func TestATokenLeadsToItsRole(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		one, err := a.CreateToken(t.Context(), "  nightly report ", Analyst)
		if err != nil {
			t.Fatal(err)
		}
		two, err := a.CreateToken(t.Context(), "nightly report", Viewer)
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`^snd_[A-Za-z0-9_-]{43}$`).MatchString(one) || one == two {
			t.Errorf("got %s and %s", one, two)
		}
		got, err := a.LookupToken(t.Context(), one)
		if err != nil || got.Name != "nightly report" || got.Role != Analyst || got.ID == 0 || !got.CreatedAt.Equal(c.now()) {
			t.Errorf("got %+v, %v", got, err)
		}
		if got, err := a.LookupToken(t.Context(), two); err != nil || got.Role != Viewer {
			t.Errorf("got %+v, %v", got, err)
		}
		if all := everything(t, a, "api_tokens"); strings.Contains(all, one) || strings.Contains(all, one[4:]) || !strings.Contains(all, string(digest([]byte(one)))) {
			t.Error("the table holds the token, or lacks its hash")
		}
	})
}

func TestUnknownTokensAreRefused(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		good, err := a.CreateToken(t.Context(), "x", Viewer)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"", "snd_", good[4:], good + "A", good[:len(good)-1], " " + good, strings.ToUpper(good), "\xff", "snd_\x00", "snd_" + strings.Repeat("A", 43)} {
			_, err := a.LookupToken(t.Context(), bad)
			wantKind(t, err, surveys.Unauthorized)
		}
	})
}

func TestTokensNeedANameAndARole(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		for _, name := range []string{"", "  ", "two\nlines", "\xff", strings.Repeat("é", 101)} {
			_, err := a.CreateToken(t.Context(), name, Viewer)
			wantFault(t, err, "name", "name")
		}
		_, err := a.CreateToken(t.Context(), "x", "boss")
		wantFault(t, err, "role", "unknown")
		if n := count(t, a, "api_tokens"); n != 0 {
			t.Errorf("%d tokens, want none", n)
		}
		if _, err := a.CreateToken(t.Context(), strings.Repeat("é", 100), Viewer); err != nil {
			t.Error(err)
		}
	})
}
