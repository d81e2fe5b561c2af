package webhooks

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// chat is a receiver that keeps what it is told.
type chat struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	heard  []heard
}

type heard struct {
	header http.Header
	body   []byte
}

func newChat(t *testing.T) *chat {
	c := &chat{status: http.StatusOK}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.heard = append(c.heard, heard{r.Header, body})
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(c.status)
		_, _ = w.Write([]byte("heard\nyou"))
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *chat) all() []heard {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.heard)
}

func (c *chat) say(status int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.status = status
}

type hall struct {
	*Webhooks
	t   *testing.T
	now time.Time
}

func newHall(t *testing.T, s *store.Store) *hall {
	h := &hall{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	h.Webhooks = New(Deps{Store: s, Secret: surveys.Secret(strings.Repeat("s", 32)), Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Now: func() time.Time { return h.now }, BaseURL: "https://soundings.example.org", AllowPrivate: true,
		Words: func(language string, n News) (string, error) { return n.Title + " <" + n.Label + "> " + language, nil }})
	return h
}

func each(t *testing.T, test func(t *testing.T, h *hall)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) { test(t, newHall(t, s)) })
}

func (h *hall) add(kind Kind, address string) Webhook {
	h.t.Helper()
	w, err := h.Add(context.Background(), Webhook{Name: "chat", Kind: kind, Address: address})
	if err != nil {
		h.t.Fatal(err)
	}
	return w
}

func opened() News {
	return News{Event: WaveOpened, Wave: 12, Title: "Change pulse", Label: "Q1 26", Opened: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
}

func (h *hall) queue(n News) {
	h.t.Helper()
	if err := h.Store.Transact(context.Background(), "test", func(tx *gorm.DB) error { return Queue(tx, n, h.now) }); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) send() {
	h.t.Helper()
	for busy := true; busy; {
		var err error
		if busy, err = h.round(context.Background()); err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *hall) last(id ID) Delivery {
	h.t.Helper()
	list, err := h.Deliveries(context.Background(), id)
	if err != nil || len(list) == 0 {
		h.t.Fatalf("%d deliveries: %v", len(list), err)
	}
	return list[0]
}

func TestNewsIsToldSignedAndOnce(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c := newChat(t)
		w := h.add(Generic, c.URL)
		h.queue(opened())
		h.queue(opened())
		h.send()
		got := c.all()
		if len(got) != 1 {
			t.Fatalf("told %d times", len(got))
		}
		at, err := strconv.ParseInt(got[0].header.Get(TimestampHeader), 10, 64)
		if err != nil || at != h.now.Unix() || got[0].header.Get(SignatureHeader) != Sign(w.Secret, at, got[0].body) {
			t.Errorf("header %v", got[0].header)
		}
		want := `{"event":"wave.opened","delivery":"wave.opened:12:1","wave":{"id":12,"title":"Change pulse","label":"Q1 26","opened_at":"2026-03-02T09:00:00Z","url":"https://soundings.example.org/waves/12"}}`
		if string(got[0].body) != want {
			t.Errorf("body\n%s, want\n%s", got[0].body, want)
		}
		if d := h.last(w.ID); d.State != Sent || d.Reply != "200 OK heard you" {
			t.Errorf("%+v", d)
		}
	})
}

// The value is computed by hand: echo -n '1772442000.{}' | openssl dgst -sha256 -hmac key
func TestTheSignatureIsTheOneThatIsDocumented(t *testing.T) {
	if got := Sign("key", 1772442000, []byte("{}")); got != "f1f3156d1584e3396993a1ec388e2c2fcc2e6f10679efb9572293ead419d633e" {
		t.Error(got)
	}
}

func TestAReceiverThatIsAwayIsToldLater(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c := newChat(t)
		w := h.add(Generic, c.URL)
		c.say(http.StatusServiceUnavailable)
		h.queue(opened())
		h.send()
		if d := h.last(w.ID); d.State != Waiting || d.Tries != 1 || !d.Next.Equal(h.now.Add(pause(1))) || !strings.HasPrefix(d.Reply, "503 ") {
			t.Errorf("%+v", d)
		}
		c.say(http.StatusNoContent)
		h.send()
		if n := len(c.all()); n != 1 {
			t.Errorf("told %d times without a pause", n)
		}
		h.now = h.now.Add(pause(1))
		h.send()
		got := c.all()
		if d := h.last(w.ID); d.State != Sent || len(got) != 2 || got[0].header.Get(DeliveryHeader) != got[1].header.Get(DeliveryHeader) {
			t.Errorf("%+v, told %d times", d, len(got))
		}
	})
}

func TestAReceiverIsGivenUpWhenItIsGoneOrAwayForTooLong(t *testing.T) {
	h := newHall(t, storetest.SQLite(t))
	c := newChat(t)
	w := h.add(Generic, c.URL)
	c.say(http.StatusGone)
	h.queue(opened())
	h.send()
	if d := h.last(w.ID); d.State != Failed || d.Tries != 1 {
		t.Errorf("gone: %+v", d)
	}
	c.Close()
	closed := opened()
	closed.Event = WaveClosed
	h.queue(closed)
	for range 20 {
		h.send()
		h.now = h.now.Add(13 * time.Hour)
	}
	if d := h.last(w.ID); d.State != Failed || d.Tries != 8 || !strings.Contains(d.Reply, "refused") || strings.Contains(d.Reply, c.URL) {
		t.Errorf("away: %+v", d)
	}
}

func TestOnlyAFailedDeliveryIsSentAgainAndThenAsOftenAsANewOne(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c := newChat(t)
		w, other := h.add(Generic, c.URL), h.add(Generic, "http://127.0.0.1:1/")
		c.say(http.StatusGone)
		h.queue(opened())
		h.send()
		failed := h.last(w.ID)
		if failed.State != Failed {
			t.Fatalf("%+v", failed)
		}
		if err := h.Again(t.Context(), other.ID, failed.ID); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("the delivery of another receiver: %v", err)
		}
		c.say(http.StatusServiceUnavailable)
		if err := h.Again(t.Context(), w.ID, failed.ID); err != nil {
			t.Fatal(err)
		}
		h.send()
		if d := h.last(w.ID); d.State != Waiting || d.Tries != 1 {
			t.Errorf("tried once more: %+v", d)
		}
		if err := h.Again(t.Context(), w.ID, failed.ID); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("one that waits already: %v", err)
		}
		c.say(http.StatusOK)
		h.now = h.now.Add(5 * time.Second)
		h.send()
		if d := h.last(w.ID); d.State != Sent || len(c.all()) != 3 {
			t.Errorf("in the end: %+v, heard %d", d, len(c.all()))
		}
		if err := h.Again(t.Context(), w.ID, failed.ID); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("one that was taken: %v", err)
		}
	})
}

func TestARedirectIsNotFollowed(t *testing.T) {
	h := newHall(t, storetest.SQLite(t))
	c := newChat(t)
	w := h.add(Generic, c.URL)
	c.say(http.StatusTemporaryRedirect)
	h.queue(opened())
	h.send()
	if d := h.last(w.ID); d.State != Waiting || len(c.all()) != 1 {
		t.Errorf("%+v, asked %d times", d, len(c.all()))
	}
}

func TestNoAddressInsideTheNetworkIsReached(t *testing.T) {
	h := newHall(t, storetest.SQLite(t))
	c := newChat(t)
	w := h.add(Generic, strings.Replace(c.URL, "127.0.0.1", "localhost", 1)) // judged when it is connected to
	h.AllowPrivate = false
	h.queue(opened())
	h.send()
	if d := h.last(w.ID); d.State != Waiting || !strings.Contains(d.Reply, "private network") || len(c.all()) != 0 {
		t.Errorf("%+v", d)
	}
	for _, address := range []string{"127.0.0.1:80", "10.1.2.3:443", "172.20.0.1:443", "192.168.0.1:443", "169.254.169.254:80", "100.64.1.1:443", "0.0.0.0:80",
		"[::1]:443", "[fe80::1%eth0]:443", "[fd00::1]:443", "[::ffff:10.0.0.1]:443", "[64:ff9b::a00:1]:443", "[2002:a00:1::]:443", "224.0.0.1:443", "255.255.255.255:443"} {
		if public(address) == nil {
			t.Errorf("%s is reached", address)
		}
	}
	for _, address := range []string{"93.184.215.14:443", "[2606:4700::1111]:443"} {
		if err := public(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestAddressesAndSecretsCannotBeReadInTheDatabase(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		w := h.add(Slack, "https://hooks.example.org/services/T0/B0/abc")
		all := strings.Join(storetest.Rows(t, h.Store, "SELECT name, address, secret FROM webhooks"), "\n")
		if strings.Contains(all, "services") || strings.Contains(all, w.Secret) {
			t.Error(all)
		}
		list, err := h.List(context.Background())
		if err != nil || len(list) != 1 || list[0] != w || w.Host() != "hooks.example.org" {
			t.Errorf("%+v: %v", list, err)
		}
	})
}

func TestEveryFaultOfAWebhookIsTold(t *testing.T) {
	h := newHall(t, storetest.SQLite(t))
	h.AllowPrivate = false
	_, err := h.Add(context.Background(), Webhook{Name: " ", Kind: "irc", Address: "http://chat.example.org/x"})
	var known *surveys.Error
	if !errors.As(err, &known) || len(known.Faults) != 3 || known.Faults[2].Code != "https" {
		t.Errorf("%v", err)
	}
	for _, address := range []string{"", "chat", "ftp://x.example", "https://user:secret@x.example/", "https://"} {
		if _, err := h.Add(context.Background(), Webhook{Name: "x", Kind: Generic, Address: address}); surveys.KindOf(err) != surveys.Invalid {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestARemovedReceiverHearsNothing(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c := newChat(t)
		w := h.add(Generic, c.URL)
		h.queue(opened())
		if err := h.Remove(context.Background(), w.ID); err != nil {
			t.Fatal(err)
		}
		h.send()
		if rows := storetest.Rows(t, h.Store, "SELECT id FROM webhook_deliveries"); len(rows) != 0 || len(c.all()) != 0 {
			t.Errorf("%d deliveries, told %d times", len(rows), len(c.all()))
		}
	})
}

func TestAChatGetsASentenceThatCannotCallEverybody(t *testing.T) {
	h := newHall(t, storetest.SQLite(t))
	n := opened()
	n.Title = "<!channel> *now* & then"
	slack, err := h.body(context.Background(), Slack, n, "k")
	if err != nil {
		t.Fatal(err)
	}
	var said struct{ Text string }
	if err := json.Unmarshal(slack, &said); err != nil || !strings.HasPrefix(said.Text, "&lt;!channel&gt; *now* &amp; then") {
		t.Errorf("%s: %v", said.Text, err)
	}
	teams, err := h.body(context.Background(), Teams, n, "k")
	if err != nil || !strings.Contains(string(teams), `\\*now\\*`) || !strings.Contains(string(teams), `"AdaptiveCard"`) || !strings.Contains(string(teams), "/waves/12") {
		t.Errorf("%s: %v", teams, err)
	}
}

func TestATestIsToldAtOnceAndListed(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c := newChat(t)
		w := h.add(Generic, c.URL)
		if ok, err := h.Test(context.Background(), w.ID); !ok || err != nil {
			t.Fatal(ok, err)
		}
		if d := h.last(w.ID); d.Event != Trial || d.State != Sent || len(c.all()) != 1 {
			t.Errorf("%+v", d)
		}
		c.say(http.StatusForbidden)
		if ok, err := h.Test(context.Background(), w.ID); ok || err != nil {
			t.Fatal(ok, err)
		}
		if d := h.last(w.ID); d.State != Failed || !strings.HasPrefix(d.Reply, "403") {
			t.Errorf("%+v", d)
		}
		if _, err := h.Test(context.Background(), 99); surveys.KindOf(err) != surveys.NotFound {
			t.Error(err)
		}
	})
}
