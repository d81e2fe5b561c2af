package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

const (
	kills   = 20
	clients = 32
)

// pulse is a survey small enough to be sent thousands of times.
const pulse = `title: Pulse
purpose: change
language: en
questions:
  - {id: easier, kind: scale, points: 5, text: This change would make my work easier., construct: openness}
  - {id: worried, kind: scale, points: 5, text: I am worried about this change., construct: openness, reversed: true}
  - {id: say, kind: text, text: What should IT know before deciding?}
`

// server is the real program as a process of its own, which can be killed.
type server struct {
	t       *testing.T
	args    []string
	address string
	process *exec.Cmd
}

var readyLine = regexp.MustCompile(`msg=ready address=http://(\S+)`)

// start starts the server and waits until it says that it is ready. After the first time it takes the same port again.
func (s *server) start() {
	s.t.Helper()
	s.await(s.launch())
}

// launch starts the server; its address comes once it is ready.
func (s *server) launch() (ready <-chan string) {
	s.t.Helper()
	listen := s.address
	if listen == "" {
		listen = "127.0.0.1:0"
	}
	itself, err := os.Executable()
	if err != nil {
		s.t.Fatal(err)
	}
	s.process = exec.Command(itself, append([]string{"serve", "--listen", listen}, s.args...)...)
	s.process.Env = append(os.Environ(), asProgram+"=1")
	log, err := s.process.StderrPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	said := make(chan string, 1)
	go func() {
		defer close(said)
		for lines := bufio.NewScanner(log); lines.Scan(); {
			if m := readyLine.FindStringSubmatch(lines.Text()); m != nil {
				said <- m[1]
			}
		}
	}()
	return said
}

func (s *server) await(ready <-chan string) {
	s.t.Helper()
	select {
	case address, ok := <-ready:
		if !ok {
			s.t.Fatalf("the server ended instead of serving: %v", s.process.Wait())
		}
		s.address = address
	case <-time.After(time.Minute):
		s.t.Fatal("the server does not become ready")
	}
}

func (s *server) kill() {
	s.t.Helper()
	if err := s.process.Process.Kill(); err != nil {
		s.t.Fatal(err)
	}
	_ = s.process.Wait() // it was killed; that is its error
}

// crowd is respondents who send until they are thanked, always with the same receipt.
type crowd struct {
	url      string
	client   *http.Client
	thanked  atomic.Int64
	mu       sync.Mutex
	receipts []surveys.Receipt
}

func newCrowd(url string) *crowd {
	transport := &http.Transport{MaxIdleConnsPerHost: clients, DialContext: (&net.Dialer{Timeout: 2 * time.Second}).DialContext}
	return &crowd{url: url, client: &http.Client{
		Timeout: 30 * time.Second, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer sends responses until ctx ends. What was begun is sent until it is acknowledged, as a browser would.
func (c *crowd) answer(ctx context.Context, t *testing.T, r *rand.Rand) {
	for ctx.Err() == nil {
		receipt := surveys.NewReceipt()
		form := url.Values{"receipt": {string(receipt)}, "q.easier": {fmt.Sprint(1 + r.IntN(5))}, "q.worried": {fmt.Sprint(1 + r.IntN(5))}, "q.say": {"said by " + string(receipt)}}
		for !c.send(t, form) {
			pause := time.NewTimer(time.Duration(5+r.IntN(20)) * time.Millisecond) // the retry back-off of a client
			<-pause.C
		}
		c.mu.Lock()
		c.receipts = append(c.receipts, receipt)
		c.mu.Unlock()
		c.thanked.Add(1)
	}
}

func (c *crowd) send(t *testing.T, form url.Values) bool {
	answer, err := c.client.PostForm(c.url, form)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	switch {
	case err != nil, answer.StatusCode == http.StatusServiceUnavailable:
		return false
	case answer.StatusCode != http.StatusSeeOther:
		t.Errorf("status %d\n%s", answer.StatusCode, body)
	}
	return true
}

// underKills lets the crowd answer while kill is called again and again at random moments; it returns the receipts
// that were acknowledged.
func underKills(t *testing.T, url string, kill func()) []surveys.Receipt {
	t.Helper()
	c := newCrowd(url)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() { c.answer(ctx, t, rand.New(rand.NewPCG(uint64(i), 1))) })
	}
	random := rand.New(rand.NewPCG(7, 7))
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range kills {
		until := c.thanked.Load() + int64(20+random.IntN(300))
		for deadline := time.Now().Add(time.Minute); c.thanked.Load() < until; <-tick.C {
			if time.Now().After(deadline) {
				t.Fatal("nobody is thanked any more")
			}
		}
		kill()
	}
	stop()
	wg.Wait()
	return c.receipts
}

func (s *site) openPulse() (wave, link string) {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), "pulse.yaml")
	if err := os.WriteFile(file, []byte(pulse), 0o600); err != nil {
		s.t.Fatal(err)
	}
	survey := s.do("import", "survey", file)[0]
	lines := s.do("wave", "open", "--survey", survey)
	return lines[0], lines[1][strings.Index(lines[1], "/s/"):]
}

// checkKept makes sure that exactly the acknowledged responses are stored, each once, with its own comment.
func (s *site) checkKept(wave string, receipts []surveys.Receipt) {
	s.t.Helper()
	db, err := store.Open(s.t.Context(), s.args[1])
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	secret := surveys.Secret([]byte{})
	for range 4 {
		secret = append(secret, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef)
	}
	stored := map[surveys.ID]string{}
	for table, column := range map[string]string{"responses": "''", "comments": "text"} {
		rows, err := db.Read(s.t.Context()).Raw("SELECT id, " + column + " FROM " + table).Rows()
		if err != nil {
			s.t.Fatal(err)
		}
		for rows.Next() {
			var id []byte
			var text string
			if err := rows.Scan(&id, &text); err != nil {
				s.t.Fatal(err)
			}
			stored[surveys.ID(id)] = text
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			s.t.Fatal(err)
		}
	}
	for _, r := range receipts {
		if _, ok := stored[secret.ResponseID(r)]; !ok {
			s.t.Error("an acknowledged response is lost")
		}
		if stored[secret.CommentID(r, "say")] != "said by "+string(r) {
			s.t.Error("an acknowledged comment is lost")
		}
	}
	if len(stored) != 2*len(receipts) {
		s.t.Errorf("%d responses and comments are stored, want %d", len(stored), 2*len(receipts))
	}
	s.do("verify")
	s.do("wave", "close", wave)
	s.do("verify")
	s.t.Logf("%d responses acknowledged, each stored once, through %d kills", len(receipts), kills)
}

// Acknowledged means committed, through the sudden death of the program.
func TestNothingAcknowledgedIsLostWhenTheServerIsKilled(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		wave, link := s.openPulse()
		server := &server{t: t, args: s.args[:4]}
		server.start()
		receipts := underKills(t, "http://"+server.address+link, func() {
			server.kill()
			server.start()
		})
		server.kill()
		s.checkKept(wave, receipts)
	})
}

// And through the sudden death of the database.
func TestNothingAcknowledgedIsLostWhenTheDatabaseIsKilled(t *testing.T) {
	t.Parallel()
	database, address := storetest.Mortal(t)
	s := newSite(t, store.SQLite)
	s.args[1] = address
	wave, link := s.openPulse()
	base := s.serve()
	receipts := underKills(t, base+link, func() {
		if err := database.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := database.Start(); err != nil {
			t.Fatal(err)
		}
	})
	s.checkKept(wave, receipts)
}
