package accounts

import (
	"strings"
	"testing"
	"time"

	"soundings/surveys"
)

func TestACalendarsAddressLeadsToItsOwnerUntilItIsRenewedOrTakenAway(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		ann := withAnn(t, a)
		if own, err := a.OwnAccount(t.Context(), ann.ID); err != nil || own.Calendar != nil {
			t.Fatalf("before: %+v, %v", own, err)
		}
		make := func() string {
			token, err := a.MakeCalendar(t.Context(), ann.ID)
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		old := make()
		if all := everything(t, a, "calendars"); len(old) != 43 || strings.Contains(all, old) || !strings.Contains(all, string(digest([]byte(old)))) {
			t.Error("the table holds the token, or lacks its hash")
		}
		for _, token := range []string{old, old + ".ics"} {
			if u, err := a.CalendarOf(t.Context(), token, office); err != nil || u.ID != ann.ID || u.Email != ann.Email {
				t.Fatalf("%+v, %v", u, err)
			}
		}
		c.pass(time.Hour)
		renewed := make()
		// Calendar programs ask for the old address for weeks. They guess nothing, and keep nobody of their office out.
		for range 3 * freePerAddress {
			_, err := a.CalendarOf(t.Context(), old, office)
			wantKind(t, err, surveys.NotFound)
		}
		if own, err := a.OwnAccount(t.Context(), ann.ID); err != nil || own.Calendar == nil || !own.Calendar.Equal(c.now()) {
			t.Errorf("since: %+v, %v", own, err)
		}
		if u, err := a.CalendarOf(t.Context(), renewed, office); err != nil || u.ID != ann.ID {
			t.Fatalf("renewed: %+v, %v", u, err)
		}
		if err := a.EndCalendar(t.Context(), ann.ID); err != nil {
			t.Fatal(err)
		}
		_, err := a.CalendarOf(t.Context(), renewed, office)
		wantKind(t, err, surveys.NotFound)
		if own, err := a.OwnAccount(t.Context(), ann.ID); err != nil || own.Calendar != nil {
			t.Errorf("taken away: %+v, %v", own, err)
		}
	})
}

func TestACalendarOfSomebodyDeactivatedIsGone(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		if _, err := a.Create(t.Context(), "root@example.org", Admin, "a long enough password"); err != nil {
			t.Fatal(err)
		}
		ann := withAnn(t, a)
		token, err := a.MakeCalendar(t.Context(), ann.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Deactivate(t.Context(), ann.ID); err != nil {
			t.Fatal(err)
		}
		_, err = a.CalendarOf(t.Context(), token, office)
		wantKind(t, err, surveys.NotFound)
	})
}

func TestGuessingAtCalendarsIsSlowedAndLooksTheSame(t *testing.T) {
	each(t, func(t *testing.T, a *Accounts, c *clock) {
		token, err := a.MakeCalendar(t.Context(), withAnn(t, a).ID)
		if err != nil {
			t.Fatal(err)
		}
		for i := range freePerAddress {
			if _, err := a.CalendarOf(t.Context(), token, office); err != nil {
				t.Fatalf("after %d guesses: %v", i, err)
			}
			_, err := a.CalendarOf(t.Context(), strings.Repeat("A", i%43), office)
			wantKind(t, err, surveys.NotFound)
		}
		_, blocked := a.CalendarOf(t.Context(), token, office)
		wantKind(t, blocked, surveys.NotFound)
		if _, err := a.CalendarOf(t.Context(), token, "198.51.100.1:80"); err != nil {
			t.Errorf("from elsewhere: %v", err)
		}
		c.pass(longestBlock)
		if _, err := a.CalendarOf(t.Context(), token, office); err != nil {
			t.Errorf("after the wait: %v", err)
		}
	})
}
