package accounts

import (
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store/storetest"
)

func TestACookieLeadsToItsSession(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		user := withAnn(t, a)
		made := signIn(t, a)
		found, err := a.Lookup(t.Context(), made.Cookie)
		if err != nil {
			t.Fatal(err)
		}
		if found.User.ID != user.ID || found.User.Email != ann || found.User.Role != Analyst || found.CSRF != made.CSRF {
			t.Errorf("got %+v", found)
		}
		if !found.CreatedAt.Equal(c.now()) || !found.ExpiresAt.Equal(c.now().Add(14*24*time.Hour)) {
			t.Errorf("from %v to %v", found.CreatedAt, found.ExpiresAt)
		}
	})
}

func TestEverySignInMakesANewCookie(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		withAnn(t, a)
		one, two := signIn(t, a), signIn(t, a)
		if one.Cookie == two.Cookie || one.CSRF == two.CSRF || one.Cookie[:21] == two.Cookie[:21] || one.Cookie[22:] == two.Cookie[22:] {
			t.Error("two sessions share something")
		}
		if err := a.SignOut(t.Context(), one.Cookie); err != nil {
			t.Fatal(err)
		}
		_, err := a.Lookup(t.Context(), one.Cookie)
		wantKind(t, err, surveys.Unauthorized)
		if _, err := a.Lookup(t.Context(), two.Cookie); err != nil {
			t.Errorf("the other session: %v", err)
		}
		if err := a.SignOut(t.Context(), one.Cookie); err != nil {
			t.Errorf("signing out twice: %v", err)
		}
	})
}

func TestForgedCookiesAreRefused(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		withAnn(t, a)
		good := signIn(t, a).Cookie
		b, ok := decode(good)
		if !ok {
			t.Fatal(good)
		}
		changed := func(i int) string {
			forged := append([]byte(nil), b...)
			forged[i] ^= 1
			return encode(forged)
		}
		for name, cookie := range map[string]string{
			"empty": "", "garbage": "x", "not base64": strings.Repeat("!", len(good)), "another id": changed(0), "another secret": changed(16),
			"another end of the secret": changed(47), "only the id": good[:22], "longer": good + "AAAA", "with a line end": good + "\n",
			"zeros": encode(make([]byte, 48)),
		} {
			_, err := a.Lookup(t.Context(), cookie)
			wantKind(t, err, surveys.Unauthorized)
			if err := a.SignOut(t.Context(), cookie); err != nil {
				t.Errorf("%s: signing out: %v", name, err)
			}
		}
		if _, err := a.Lookup(t.Context(), good); err != nil {
			t.Errorf("forged sign-outs ended the session: %v", err)
		}
	})
}

func TestSessionsEndIdleOrOld(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		withAnn(t, a)
		s := signIn(t, a)
		look := func() error { _, err := a.Lookup(t.Context(), s.Cookie); return err }
		for range 28 { // 13 days and 23 hours of steady use
			c.pass(12*time.Hour - 3*time.Minute)
			if err := look(); err != nil {
				t.Fatalf("in use: %v", err)
			}
		}
		c.pass(28*3*time.Minute - time.Second)
		if err := look(); err != nil {
			t.Fatalf("a second before 14 days: %v", err)
		}
		c.pass(time.Second)
		wantKind(t, look(), surveys.Unauthorized)

		s = signIn(t, a)
		c.pass(12 * time.Hour)
		wantKind(t, look(), surveys.Unauthorized)
		if n := count(t, a, "sessions"); n != 2 {
			t.Fatalf("%d sessions, want the 2 expired ones", n)
		}
	})
}

func TestPurgeRemovesOnlyWhatIsOver(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		withAnn(t, a)
		for range 3 {
			signIn(t, a)
		}
		_ = fail(t, a, "nobody@example.org", "198.51.100.1")
		c.pass(13 * time.Hour)
		kept := signIn(t, a)
		_ = fail(t, a, "nobody2@example.org", "198.51.100.2")
		c.pass(11*time.Hour + 30*time.Minute)
		if err := a.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := count(t, a, "sessions"); n != 1 {
			t.Errorf("%d sessions, want 1", n)
		}
		if _, err := a.Lookup(t.Context(), kept.Cookie); err != nil {
			t.Errorf("the running session: %v", err)
		}
		c.pass(-30 * time.Minute) // into the day of all failures but the first ones'
		if n := count(t, a, "signin_failures"); n != 3 {
			t.Errorf("%d subjects, want the later two and the office", n)
		}
	})
}

func TestSeenIsWrittenAtMostOnceAMinute(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		withAnn(t, a)
		s := signIn(t, a)
		began := c.now()
		for _, step := range []struct{ pass, want time.Duration }{
			{59 * time.Second, 0}, {time.Second, time.Minute}, {30 * time.Second, time.Minute}, {29 * time.Second, time.Minute}, {time.Second, 2 * time.Minute},
		} {
			c.pass(step.pass)
			if _, err := a.Lookup(t.Context(), s.Cookie); err != nil {
				t.Fatal(err)
			}
			var row sessionRow
			if err := a.store.Read(t.Context()).Take(&row).Error; err != nil {
				t.Fatal(err)
			}
			if got := row.SeenAt.Sub(began); got != step.want {
				t.Errorf("after %v it says %v, want %v", c.now().Sub(began), got, step.want)
			}
		}
	})
}

func TestARoleTakenAwayIsGoneAtTheNextRequest(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		user := withAnn(t, a)
		s := signIn(t, a)
		change := func(fn func(tx *gorm.DB) error) {
			if err := a.store.Transact(t.Context(), "test", fn); err != nil {
				t.Fatal(err)
			}
		}
		change(func(tx *gorm.DB) error {
			return tx.Model(&User{}).Where("id = ?", user.ID).Update("role", Viewer).Error
		})
		if found, err := a.Lookup(t.Context(), s.Cookie); err != nil || found.User.Role != Viewer {
			t.Errorf("got %+v, %v", found, err)
		}
		change(func(tx *gorm.DB) error { return tx.Delete(&User{}, "id = ?", user.ID).Error })
		_, err := a.Lookup(t.Context(), s.Cookie)
		wantKind(t, err, surveys.Unauthorized)
		if n := count(t, a, "sessions"); n != 0 {
			t.Errorf("%d sessions outlive their user", n)
		}
	})
}

func TestSecretsOfSessionsAreNotStored(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		withAnn(t, a)
		s := signIn(t, a)
		b, ok := decode(s.Cookie)
		if !ok {
			t.Fatal(s.Cookie)
		}
		all := everything(t, a, "sessions")
		if strings.Contains(all, string(b[16:])) || strings.Contains(all, s.Cookie[22:]) {
			t.Error("the table holds the secret of a cookie")
		}
		if !strings.Contains(all, string(b[:16])) || !strings.Contains(all, string(digest(b[16:]))) {
			t.Error("the table lacks the id or the hash")
		}
	})
}

func TestOnlyTheSessionsOwnCSRFTokenPasses(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		withAnn(t, a)
		mine, other := signIn(t, a), signIn(t, a)
		if !mine.VerifyCSRF(mine.CSRF) {
			t.Error("its own is refused")
		}
		for _, token := range []string{"", other.CSRF, mine.CSRF + "x", mine.CSRF[1:], strings.ToUpper(mine.CSRF)} {
			if mine.VerifyCSRF(token) {
				t.Errorf("%q passes", token)
			}
		}
		if (&Session{}).VerifyCSRF("") {
			t.Error("no token passes for a session without one")
		}
	})
}

func TestLookingUpASessionDoesNotWaitForWriters(t *testing.T) {
	a := onServer(storetest.SQLite(t), newClock())
	withAnn(t, a)
	s := signIn(t, a)
	err := a.store.Transact(t.Context(), "test", func(tx *gorm.DB) error { // holds the only write lock
		_, err := a.Lookup(t.Context(), s.Cookie)
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestALateRequestDoesNotTurnSeenBack(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		withAnn(t, a)
		s := signIn(t, a)
		var late, now sessionRow
		if err := a.store.Read(t.Context()).Take(&late).Error; err != nil {
			t.Fatal(err)
		}
		c.pass(2 * time.Minute)
		if _, err := a.Lookup(t.Context(), s.Cookie); err != nil {
			t.Fatal(err)
		}
		if err := a.markSeen(t.Context(), "test", &late, c.now().Add(-time.Second)); err != nil {
			t.Fatal(err)
		}
		if err := a.store.Read(t.Context()).Take(&now).Error; err != nil || !now.SeenAt.Equal(c.now()) {
			t.Errorf("seen at %v (%v), want %v", now.SeenAt, err, c.now())
		}
	})
}
