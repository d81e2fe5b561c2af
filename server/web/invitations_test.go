package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"soundings/server/accounts"
	"soundings/surveys/invitations"
	"soundings/surveys/outbox/outboxtest"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestPeopleAreInvitedAndRemindedFromThePageOfAWave(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPostOffice(t, s)
		cookie, csrf := p.member(accounts.Admin)
		_, wave := p.open(everyKind(t))
		says(t, p.as(cookie, "/waves/1/invitations"), http.StatusOK, "Nobody has been invited by e-mail.")
		p.employ(4, "en")
		says(t, p.as(cookie, "/waves/1/invitations"), http.StatusOK, "Invite 4 people who are not invited yet")
		p.server.React(func(_ outboxtest.Stage, address string) outboxtest.Reaction {
			if strings.HasPrefix(address, "person2@") {
				return outboxtest.Refuse
			}
			return outboxtest.Accept
		})
		press := func(path string, pairs ...string) reply {
			t.Helper()
			return p.submit(cookie, path, with(url.Values{"csrf": {csrf}}, pairs...))
		}
		for range 2 {
			if r := press("/waves/1/invitations"); r.status != http.StatusSeeOther || r.header.Get("Location") != "/waves/1/invitations" {
				t.Fatalf("status %d", r.status)
			}
		}
		says(t, p.as(cookie, "/waves/1/invitations"), http.StatusOK, "0 of 4 invitations have left.")
		if n := len(p.deliver()); n != 3 {
			t.Fatalf("%d invitations came", n)
		}
		says(t, p.as(cookie, "/waves/1/invitations"), http.StatusOK, "3 of 4 invitations were delivered.", "person2@example.org", "refused it for good", "550")
		p.server.React(func(outboxtest.Stage, string) outboxtest.Reaction { return outboxtest.Accept })
		press("/waves/1/resend")
		if came := p.deliver(); len(came) != 1 || came["person2@example.org"].To == nil {
			t.Errorf("sent again: %v", came)
		}
		p.employOne(5)
		says(t, p.as(cookie, "/waves/1/invitations"), http.StatusOK, "All 4 invitations were delivered.", "Invite 1 person who is not invited yet")

		for range 2 { // a double click
			if r := press("/waves/1/remind", "number", "1", "when", "now"); r.status != http.StatusSeeOther {
				t.Fatalf("status %d\n%s", r.status, r.body)
			}
		}
		if n := len(p.deliver()); n != 4 {
			t.Errorf("%d people are reminded", n)
		}
		page := p.as(cookie, "/waves/1/invitations")
		says(t, page, http.StatusOK, "Reminder 1 went out on 2 March 2026, 09:00", `name="number" value="2"`)
		says(t, press("/waves/1/remind", "number", "2", "when", "later", "at", "2026-03-01T08:00"), http.StatusUnprocessableEntity, "between now and the end", `value="2026-03-01T08:00"`)
		says(t, press("/waves/1/remind", "number", "2", "when", "later", "at", "soon"), http.StatusUnprocessableEntity, "between now and the end")
		if r := press("/waves/1/remind", "number", "2", "when", "later", "at", "2026-03-04T08:00"); r.status != http.StatusSeeOther {
			t.Fatalf("status %d", r.status)
		}
		says(t, p.as(cookie, "/waves/1/invitations"), http.StatusOK, "Reminder 2 is planned for 4 March 2026, 08:00")
		says(t, p.as(cookie, "/waves/1"), http.StatusOK, "Reminder 1 went out on 2 March 2026, 09:00", "Reminder 2 is planned for 4 March 2026, 08:00")
		if n := len(p.deliver()); n != 0 {
			t.Errorf("%d people are reminded too soon", n)
		}
		p.close(wave)
		for _, path := range []string{"/waves/1/invitations", "/waves/1/remind"} {
			if r := press(path, "number", "3", "when", "now"); r.status != http.StatusGone {
				t.Errorf("%s of a closed wave: status %d", path, r.status)
			}
		}
		if closed := p.as(cookie, "/waves/1/invitations"); closed.status != http.StatusOK || strings.Contains(closed.body, `id="remind"`) || strings.Contains(closed.body, `id="invite"`) {
			t.Errorf("the page of a closed wave offers to write: status %d", closed.status)
		}
	})
}

func TestTheWarningBeforeClosingOffersAReminderInOneClick(t *testing.T) {
	p := newPostOffice(t, storetest.SQLite(t))
	cookie, csrf := p.member(accounts.Admin)
	p.open(everyKind(t))
	p.employ(12, "en") // six in each of two departments: enough to be shown if they answered
	p.say("DELETE FROM wave_terms")
	p.say("INSERT INTO wave_terms (wave_id, plan_id, everybody, closes_at, mail) VALUES (1, 0, 1, ?, 1)", p.clock.Now().Add(48*time.Hour))
	page := p.as(cookie, "/waves/1")
	says(t, page, http.StatusOK, "Too few have answered", `href="/waves/1/invitations"`)
	if strings.Contains(page.body, `id="remind"`) {
		t.Error("a reminder is offered though nobody has been invited")
	}
	p.submit(cookie, "/waves/1/invitations", url.Values{"csrf": {csrf}})
	p.deliver()
	says(t, p.as(cookie, "/waves/1"), http.StatusOK, "Too few have answered", `action="/waves/1/remind"`, `name="number" value="1"`, `id="remind">Remind now`)
	p.submit(cookie, "/waves/1/remind", url.Values{"csrf": {csrf}, "number": {"1"}, "when": {"now"}})
	if n := len(p.deliver()); n != 12 {
		t.Errorf("%d people are reminded", n)
	}
}

func (p *postOffice) employOne(id int) {
	p.t.Helper()
	p.say("INSERT INTO persons (id, email, email_key, name, department_id, band_id, language) VALUES (?, ?, ?, '', 1, 1, 'en')", id, "late@example.org", "late@example.org")
}

// Whoever has answered must not show: the page is the same before and after somebody does.
func TestThePageOfInvitationsDoesNotTellWhoAnswers(t *testing.T) {
	p := newPostOffice(t, storetest.SQLite(t))
	cookie, _ := p.member(accounts.Admin)
	_, wave := p.open(everyKind(t))
	p.employ(3, "en")
	p.transact(func(tx *store.Tx) error { return invitations.InviteMore(tx, wave.ID) })
	path := follow(t, p.deliver()["person2@example.org"])
	before := p.as(cookie, "/waves/1/invitations")
	if r := p.post(path, filled(t, p.get(path))); r.status != http.StatusSeeOther {
		t.Fatalf("status %d", r.status)
	}
	if after := p.as(cookie, "/waves/1/invitations"); after.body != before.body {
		t.Errorf("the page changes when somebody answers:\n%s", after.body)
	}
}

func TestAddressesAreShownOnlyToStaffOfAllDepartments(t *testing.T) {
	p := newPostOffice(t, storetest.SQLite(t))
	cookie, _ := p.member(accounts.Author)
	_, wave := p.open(everyKind(t))
	p.employ(2, "en")
	p.server.React(func(outboxtest.Stage, string) outboxtest.Reaction { return outboxtest.Refuse })
	p.transact(func(tx *store.Tx) error { return invitations.InviteMore(tx, wave.ID) })
	p.deliver()
	says(t, p.as(cookie, "/waves/1/invitations"), http.StatusOK, "person1@example.org")
	p.say("UPDATE users SET limited = 1")
	says(t, p.as(cookie, "/waves/1/invitations"), http.StatusOK, "2 addresses are shown only to staff")
	if page := p.as(cookie, "/waves/1/invitations"); strings.Contains(page.body, "person1@") {
		t.Error("an address is shown to somebody limited to departments")
	}
	german := p.get("/waves/1/invitations", "Cookie", sessionCookie+"="+cookie, "Accept-Language", "de")
	if found := englishOn(t, readable(german.body)); len(found) > 0 {
		t.Errorf("in German: %v", found)
	}
	for _, path := range []string{"/waves/0/invitations", "/waves/x/invitations", "/waves/99/invitations"} {
		if r := p.as(cookie, path); r.status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
}

func TestThePageOfInvitationsIsForEverybody(t *testing.T) {
	t.Parallel()
	p := newPostOffice(t, storetest.SQLite(t))
	cookie, _ := p.member(accounts.Admin)
	_, wave := p.open(everyKind(t))
	p.employ(3, "en")
	p.server.React(func(stage outboxtest.Stage, address string) outboxtest.Reaction {
		switch {
		case stage == outboxtest.AtRecipient:
			return outboxtest.Accept
		case strings.HasPrefix(address, "person1@"):
			return outboxtest.Refuse
		case strings.HasPrefix(address, "person2@"):
			return outboxtest.TakeAndDrop
		}
		return outboxtest.Accept
	})
	p.transact(func(tx *store.Tx) error { return invitations.InviteMore(tx, wave.ID) })
	p.deliver()
	p.employOne(4)
	p.transact(func(tx *store.Tx) error { return invitations.Remind(tx, wave.ID, 1, p.Now()) })
	base := p.listen()
	tab := signedInTab(t, base, cookie, phone)
	tab.Open(base + "/waves/1/invitations")
	if text := tab.Text("main"); !strings.Contains(text, "it may have arrived") || !strings.Contains(text, "Plan reminder") {
		t.Errorf("the page says\n%s", text)
	}
	tab.Accessible("the page of invitations")
	tab.Open(base + "/waves/1")
	tab.Click(`a[href="/waves/1/invitations"]`)
	tab.Await(`location.pathname === "/waves/1/invitations"`)
}
