package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"soundings/server/accounts"
	"soundings/surveys/store/storetest"
	"soundings/surveys/webhooks"
)

// listener is a program that is told.
func listener(t *testing.T, status int) (address string, told func() string) {
	t.Helper()
	bodies := make(chan string, 10)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		bodies <- string(body)
		w.WriteHeader(status)
	}))
	t.Cleanup(s.Close)
	return s.URL, func() string {
		select {
		case body := <-bodies:
			return body
		default:
			return ""
		}
	}
}

func TestAWebhookIsAddedTriedAndRemoved(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		address, told := listener(t, http.StatusOK)
		cookie, csrf := o.member(accounts.Admin)
		if r := o.as(cookie, "/settings/webhooks"); !strings.Contains(r.body, "No chat and no other program") {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		add := url.Values{"csrf": {csrf}, "name": {"#it"}, "kind": {"slack"}, "address": {address + "/secret-path"}}
		if r := o.submit(cookie, "/settings/webhooks", add); r.header.Get("Location") != "/settings/webhooks#webhook-1" {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		if r := o.submit(cookie, "/settings/webhooks/1/test", url.Values{"csrf": {csrf}}); r.header.Get("Location") != "/settings/webhooks?test=sent#webhook-1" {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		if got := told(); !strings.Contains(got, "This is a test message from Soundings.") {
			t.Errorf("told %s", got)
		}
		page := o.as(cookie, "/settings/webhooks?test=sent")
		if !strings.Contains(page.body, "has arrived") || !strings.Contains(page.body, "200 OK") || strings.Contains(page.body, "secret-path") {
			t.Errorf("the page\n%s", page.body)
		}
		if r := o.submit(cookie, "/settings/webhooks/1/remove", url.Values{"csrf": {csrf}}); r.status != http.StatusSeeOther {
			t.Fatalf("status %d", r.status)
		}
		if r := o.submit(cookie, "/settings/webhooks/1/test", url.Values{"csrf": {csrf}}); r.status != http.StatusNotFound {
			t.Errorf("a removed one is tried: status %d", r.status)
		}
	})
}

func TestAFailedDeliveryCanBeSentAgainFromThePage(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	address, _ := listener(t, http.StatusForbidden)
	cookie, csrf := o.member(accounts.Admin)
	form := url.Values{"csrf": {csrf}}
	o.submit(cookie, "/settings/webhooks", with(form, "name", "#it", "kind", "generic", "address", address))
	o.submit(cookie, "/settings/webhooks/1/test", form)
	const again = "/settings/webhooks/1/deliveries/1/again"
	if page := o.as(cookie, "/settings/webhooks"); !strings.Contains(page.body, `action="`+again+`"`) {
		t.Fatalf("nothing to press\n%s", page.body)
	}
	if r := o.submit(cookie, again, form); r.header.Get("Location") != "/settings/webhooks?test=again#webhook-1" {
		t.Errorf("status %d\n%s", r.status, r.body)
	}
	if r := o.submit(cookie, again, form); r.status != http.StatusConflict {
		t.Errorf("a double click: status %d", r.status)
	}
	if page := o.as(cookie, "/settings/webhooks?test=again"); strings.Contains(page.body, again) || !strings.Contains(page.body, "It is being sent again") {
		t.Errorf("while it waits\n%s", page.body)
	}
	log := o.entries()
	if got := log[len(log)-2]; got != "admin@example.org||webhook.again|webhook 1, delivery 1|ok|0.0.0.0" {
		t.Errorf("recorded: %s", got)
	}
}

func TestAFaultyWebhookComesBackAsItWasTyped(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Admin)
	r := o.submit(cookie, "/settings/webhooks", url.Values{"csrf": {csrf}, "name": {""}, "kind": {"teams"}, "address": {"chat <it>"}})
	for _, want := range []string{`id="name-fault"`, `id="address-fault"`, `value="chat &lt;it&gt;"`, `<option value="teams" selected>`} {
		if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, want) {
			t.Errorf("status %d, the page lacks %s", r.status, want)
		}
	}
}

func TestTheChatIsToldInTheOrganisationsLanguageAndByItsClock(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Admin)
	form := url.Values{"csrf": {csrf}, "language": {"de"}, "time_zone": {"Pacific/Auckland"}}
	if r := o.submit(cookie, "/settings/organisation", form); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	n := webhooks.News{Event: webhooks.WaveOpened, Title: "Laptops", Label: "1/26", Closes: time.Date(2026, 3, 31, 20, 0, 0, 0, time.UTC)}
	for language, want := range map[string]string{
		"de": "Die Umfrage „Laptops“ ist geöffnet (1/26). Sie kann bis zum 1. April 2026 beantwortet werden.",
		"":   "The survey “Laptops” has opened (1/26). It can be answered until 1 April 2026.",
	} {
		if got, err := o.ChatSentence(language, n); err != nil || got != want {
			t.Errorf("%q, want %q: %v", got, want, err)
		}
	}
}

func TestThePageOfWebhooksIsForEverybody(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	address, _ := listener(t, http.StatusForbidden)
	cookie, _ := o.member(accounts.Admin)
	base := o.listen()
	tab := signedInTab(t, base, cookie, 360)
	tab.Open(base + "/settings/webhooks")
	tab.AccessibleNow("webhooks, none")
	tab.Click(`form[action="/settings/webhooks"] .btn-primary`)
	tab.Await(`!!document.querySelector("#address-fault")`)
	tab.Accessible("webhooks with faults")
	tab.Type("#name", "#it-announcements")
	tab.Type("#address", address)
	tab.Click(`form[action="/settings/webhooks"] .btn-primary`)
	tab.Await(`document.readyState === "complete" && !!document.querySelector("#webhook-1")`)
	tab.Type(`form[action="/settings/webhooks/1/test"] .btn`, "\r") // by keyboard
	tab.Await(`location.search === "?test=failed"`)
	tab.AccessibleNow("webhooks after a test")
	shoot(tab, "webhooks")
}
