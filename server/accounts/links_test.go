package accounts

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

const bob = "bob@example.org"

func invited(t *testing.T, a *Accounts) Link {
	t.Helper()
	link, err := a.Invite(t.Context(), User{Email: " BOB@example.org", Role: Viewer}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return link
}

func TestAnInvitationIsUsedOnceToChooseAPassword(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		link := invited(t, a)
		if link.User.Email != bob || link.Kind != Invitation || !link.Expires.Equal(c.now().Add(7*24*time.Hour)) {
			t.Errorf("%+v", link)
		}
		_, err := a.SignIn(t.Context(), bob, "", Browser{Address: office})
		wantKind(t, err, surveys.Unauthorized)
		if all := everything(t, a, "password_links"); strings.Contains(all, link.Token) {
			t.Error("the token is stored")
		}
		again, err := a.LinkByID(t.Context(), link.ID)
		if err != nil || again.Token != link.Token {
			t.Errorf("for the e-mail: %+v, %v", again, err)
		}
		_, err = a.ChoosePassword(t.Context(), link.Token, "short", Browser{})
		wantKind(t, err, surveys.Invalid)
		if _, err := a.ChoosePassword(t.Context(), link.Token, password, Browser{}); err != nil {
			t.Fatal(err)
		}
		_, err = a.ChoosePassword(t.Context(), link.Token, "another long password", Browser{})
		wantKind(t, err, surveys.NotFound)
		if _, err := a.SignIn(t.Context(), bob, password, Browser{Address: office}); err != nil {
			t.Error(err)
		}
	})
}

func TestLinksEndAndReplaceEachOther(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		first := invited(t, a)
		second, err := a.NewLink(t.Context(), first.User.ID, nil)
		if err != nil || second.Kind != Invitation {
			t.Fatal(second, err)
		}
		_, err = a.LinkByToken(t.Context(), first.Token)
		wantKind(t, err, surveys.NotFound)
		c.pass(7*24*time.Hour - time.Microsecond)
		if _, err := a.LinkByToken(t.Context(), second.Token); err != nil {
			t.Error(err)
		}
		c.pass(time.Microsecond)
		_, err = a.ChoosePassword(t.Context(), second.Token, password, Browser{})
		wantKind(t, err, surveys.NotFound)
		if err := a.Purge(t.Context()); err != nil || count(t, a, "password_links") != 0 {
			t.Errorf("%d links are left, %v", count(t, a, "password_links"), err)
		}
		for _, token := range []string{"", "x", strings.Repeat("A", 43), "\xff"} {
			_, err := a.LinkByToken(t.Context(), token)
			wantKind(t, err, surveys.NotFound)
		}
	})
}

func TestOneLinkUsedTwiceAtOnceSetsOnePassword(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newClock()
		servers := []*Accounts{onServer(s, c), onServer(s, c)}
		link := invited(t, servers[0])
		kinds := atOnce(6, func(ctx context.Context, i int) error {
			_, err := servers[i%2].ChoosePassword(ctx, link.Token, password, Browser{})
			return err
		})
		if kinds[""] != 1 || kinds[surveys.NotFound] != 5 {
			t.Errorf("%v, want one success", kinds)
		}
	})
}

func TestAForgottenPasswordTellsNobodyWhoHasAnAccount(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		user := withAnn(t, a)
		session := signIn(t, a)
		var sent []Link
		send := func(_ *store.Tx, l Link) error { sent = append(sent, l); return nil }
		for _, email := range []string{"nobody@example.org", "", "\xff", ann} {
			if err := a.ForgottenPassword(t.Context(), email, Browser{Address: office}, send); err != nil {
				t.Errorf("%q: %v", email, err)
			}
		}
		if len(sent) != 1 || sent[0].User.ID != user.ID || sent[0].Kind != Reset || !sent[0].Expires.Equal(c.now().Add(time.Hour)) {
			t.Fatalf("sent %+v", sent)
		}
		if _, err := a.ChoosePassword(t.Context(), sent[0].Token, "another long password", Browser{}); err != nil {
			t.Fatal(err)
		}
		_, err := a.Lookup(t.Context(), session.Cookie)
		wantKind(t, err, surveys.Unauthorized)
		_, err = a.SignIn(t.Context(), ann, password, Browser{Address: office})
		wantKind(t, err, surveys.Unauthorized)
		for _, email := range []string{ann, "nobody@example.org"} { // both are slowed alike
			var err error
			for range freePerEmail + 1 {
				err = a.ForgottenPassword(t.Context(), email, Browser{Address: "198.51.100.1"}, send)
			}
			wantKind(t, err, surveys.TooMany)
		}
	})
}

func TestALinkThatCannotBeSentIsNotMade(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		_, err := a.Invite(t.Context(), User{Email: bob, Role: Viewer}, func(*store.Tx, Link) error { return errors.New("full") })
		if err == nil || count(t, a, "users") != 0 || count(t, a, "password_links") != 0 {
			t.Errorf("%v, %d users, %d links", err, count(t, a, "users"), count(t, a, "password_links"))
		}
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newClock()
		servers := []*Accounts{onServer(s, c), onServer(s, c)}
		a := servers[0]
		admin := func(email string) *User {
			u, err := a.Create(t.Context(), email, Admin, password)
			if err != nil {
				t.Fatal(err)
			}
			return u
		}
		one := admin("one@example.org")
		if _, err := a.Invite(t.Context(), User{Email: bob, Role: Admin}, nil); err != nil { // cannot sign in yet
			t.Fatal(err)
		}
		wantKind(t, a.Deactivate(t.Context(), one.ID), surveys.Conflict)
		wantKind(t, a.Change(t.Context(), User{ID: one.ID, Role: Viewer}), surveys.Conflict)
		two := admin("two@example.org")
		kinds := atOnce(2, func(ctx context.Context, i int) error {
			if i == 0 {
				return servers[0].Deactivate(ctx, one.ID)
			}
			return servers[1].Change(ctx, User{ID: two.ID, Role: Author})
		})
		if kinds[""] != 1 || kinds[surveys.Conflict] != 1 {
			t.Errorf("two administrators who remove each other: %v, want one of them kept", kinds)
		}
		for i := range 8 {
			admin(fmt.Sprintf("many%d@example.org", i))
		}
		all, err := a.Members(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		atOnce(len(all), func(ctx context.Context, i int) error { return servers[i%2].Deactivate(ctx, all[i].ID) })
		left := storetest.Rows(t, s, "SELECT COUNT(*) FROM users WHERE role = 'admin' AND deactivated_at IS NULL AND password_hash <> ''")
		if left[0] != "1" {
			t.Errorf("%s administrators are left when all go at once, want 1", left[0])
		}
	})
}

func TestDeactivatingEndsEverythingUntilReactivated(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		user := withAnn(t, a)
		session := signIn(t, a)
		link, err := a.NewLink(t.Context(), user.ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Deactivate(t.Context(), user.ID); err != nil {
			t.Fatal(err)
		}
		_, err = a.Lookup(t.Context(), session.Cookie)
		wantKind(t, err, surveys.Unauthorized)
		_, err = a.SignIn(t.Context(), ann, password, Browser{Address: office})
		wantKind(t, err, surveys.Unauthorized)
		_, err = a.LinkByToken(t.Context(), link.Token)
		wantKind(t, err, surveys.NotFound)
		_, err = a.NewLink(t.Context(), user.ID, nil)
		wantKind(t, err, surveys.Conflict)
		if err := a.Reactivate(t.Context(), user.ID); err != nil {
			t.Fatal(err)
		}
		_, err = a.Lookup(t.Context(), session.Cookie)
		wantKind(t, err, surveys.Unauthorized)
		late := signIn(t, a) // one that was let in at the very moment of being deactivated
		if err := a.store.Transact(t.Context(), "test", func(tx *store.Tx) error {
			return tx.Model(&credentials{}).Where("id = ?", user.ID).Update("deactivated_at", c.now()).Error
		}); err != nil {
			t.Fatal(err)
		}
		_, err = a.Lookup(t.Context(), late.Cookie)
		wantKind(t, err, surveys.Unauthorized)
	})
}

func TestLimitsToDepartmentsAreKeptAndReadWithTheSession(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		user, err := a.Create(t.Context(), ann, Analyst, password, 4, 2, 4)
		if err != nil {
			t.Fatal(err)
		}
		look := func() User {
			found, err := a.Lookup(t.Context(), signIn(t, a).Cookie)
			if err != nil {
				t.Fatal(err)
			}
			return found.User
		}
		if u := look(); !u.Limited || !u.Sees(2) || !u.Sees(4) || u.Sees(3) || len(u.Departments) != 2 {
			t.Errorf("%+v", u)
		}
		if err := a.Change(t.Context(), User{ID: user.ID, Role: Viewer, Limited: true}); err != nil {
			t.Fatal(err)
		}
		if u := look(); u.Sees(2) || u.Role != Viewer {
			t.Errorf("limited to nothing: %+v", u)
		}
		wantKind(t, a.Change(t.Context(), User{ID: user.ID, Role: Admin, Limited: true, Departments: []surveys.DepartmentID{2}}), surveys.Invalid)
		if err := a.Change(t.Context(), User{ID: user.ID, Role: Viewer}); err != nil {
			t.Fatal(err)
		}
		if u := look(); !u.Sees(2) || !u.Sees(99) {
			t.Errorf("not limited: %+v", u)
		}
	})
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		user := withAnn(t, a)
		var sessions []*Session
		for _, agent := range []string{"one", "two", strings.Repeat("x", 500)} {
			got, err := a.SignIn(t.Context(), ann, password, Browser{Address: office, Agent: agent})
			if err != nil {
				t.Fatal(err)
			}
			sessions = append(sessions, got.Session)
			c.pass(time.Minute)
		}
		stranger, err := a.Create(t.Context(), bob, Viewer, password)
		if err != nil {
			t.Fatal(err)
		}
		list, err := a.Sessions(t.Context(), user.ID)
		if err != nil || len(list) != 3 || list[2].Agent != "one" || list[2].ID != sessions[0].ID || len([]rune(list[0].Agent)) != longestAgent {
			t.Fatalf("%+v, %v", list, err)
		}
		if err := a.EndSession(t.Context(), stranger.ID, sessions[0].ID); err != nil || count(t, a, "sessions") != 3 {
			t.Errorf("a stranger ended it: %v", err)
		}
		if err := a.EndSession(t.Context(), user.ID, sessions[0].ID); err != nil {
			t.Fatal(err)
		}
		_, err = a.Lookup(t.Context(), sessions[0].Cookie)
		wantKind(t, err, surveys.Unauthorized)
		if err := a.EndOtherSessions(t.Context(), user.ID, sessions[1].ID); err != nil || count(t, a, "sessions") != 1 {
			t.Errorf("%d sessions are left, %v", count(t, a, "sessions"), err)
		}
		if _, err := a.Lookup(t.Context(), sessions[1].Cookie); err != nil {
			t.Error(err)
		}
		c.pass(idleTimeout)
		if list, err := a.Sessions(t.Context(), user.ID); err != nil || len(list) != 0 {
			t.Errorf("expired ones are listed: %+v, %v", list, err)
		}
	})
}

func TestChangingThePasswordNeedsTheOldOneAndEndsTheOtherSessions(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		user := withAnn(t, a)
		here, there := signIn(t, a), signIn(t, a)
		err := a.ChangePassword(t.Context(), *user, here.ID, "not the old one", "short")
		var known *surveys.Error
		if !errors.As(err, &known) || len(known.Faults) != 2 || known.Faults[0].Path != "old" || known.Faults[1].Path != "password" {
			t.Errorf("got %v, want both faults", err)
		}
		if err := a.ChangePassword(t.Context(), *user, here.ID, password, "another long password"); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Lookup(t.Context(), here.Cookie); err != nil {
			t.Error(err)
		}
		_, err = a.Lookup(t.Context(), there.Cookie)
		wantKind(t, err, surveys.Unauthorized)
		for range freePerEmail {
			_ = a.Confirm(t.Context(), user.ID, "a guess at the desk", "old")
		}
		wantKind(t, a.Confirm(t.Context(), user.ID, "another long password", "old"), surveys.TooMany)
	})
}

// A stranger who guesses must not keep out somebody whose browser is known.
func TestAKnownBrowserIsNotLockedOutByStrangers(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		withAnn(t, a)
		first, err := a.SignIn(t.Context(), ann, password, Browser{Address: office})
		if err != nil || first.Device == "" {
			t.Fatal(first, err)
		}
		for range 3 * freePerAddress {
			_ = fail(t, a, ann, office) // from the very same network
		}
		_, err = a.SignIn(t.Context(), ann, password, Browser{Address: office})
		wantKind(t, err, surveys.TooMany)
		again, err := a.SignIn(t.Context(), ann, password, Browser{Address: office, Device: first.Device})
		if err != nil || again.Device != first.Device {
			t.Fatalf("with the cookie: %v", err)
		}
		for range freePerEmail {
			_, err = a.SignIn(t.Context(), ann, "a guess with the cookie", Browser{Address: office, Device: first.Device})
			wantKind(t, err, surveys.Unauthorized)
		}
		_, err = a.SignIn(t.Context(), ann, password, Browser{Address: office, Device: first.Device})
		wantKind(t, err, surveys.TooMany)
		if _, ok := a.knownDevice(first.Device, bob); ok {
			t.Error("the cookie is good for somebody else's account")
		}
		for _, forged := range []string{"", "x", first.Device + "A", strings.Repeat("A", len(first.Device))} {
			if _, ok := a.knownDevice(forged, ann); ok {
				t.Errorf("%q is known", forged)
			}
		}
	})
}

func TestARevokedTokenOpensNothing(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		plain, err := a.CreateToken(t.Context(), "robot", Viewer)
		if err != nil {
			t.Fatal(err)
		}
		list, err := a.Tokens(t.Context())
		if err != nil || len(list) != 1 || list[0].Name != "robot" {
			t.Fatal(list, err)
		}
		if err := a.RevokeToken(t.Context(), list[0].ID); err != nil {
			t.Fatal(err)
		}
		_, err = a.LookupToken(t.Context(), plain)
		wantKind(t, err, surveys.Unauthorized)
		wantKind(t, a.RevokeToken(t.Context(), list[0].ID), surveys.NotFound)
	})
}
