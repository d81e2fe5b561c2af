package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/ideas"
	"soundings/surveys/settings"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// crowd is how many phones answer, suggest, support, volunteer and read.
const crowd = 6

// carried is what one request brought along from earlier ones.
type carried struct{ path, cookies string }

// handset is one person's browser, and everything it sends beside what is typed.
type handset struct {
	http.Client
	mu   sync.Mutex
	sent []carried
}

func (p *handset) RoundTrip(r *http.Request) (*http.Response, error) {
	p.mu.Lock()
	p.sent = append(p.sent, carried{r.URL.Path, r.Header.Get("Cookie")})
	p.mu.Unlock()
	return http.DefaultTransport.RoundTrip(r)
}

// numberedHash is random to everybody and the same in every world.
func numberedHash(what string, n int) [32]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%s %d", what, n))
}

func numberedReceipt(n int) surveys.Receipt {
	const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	hash, text := numberedHash("receipt", n), make([]byte, 26)
	for i := range text {
		text[i] = letters[hash[i]%32]
	}
	text[0] = letters[hash[0]%8]
	return surveys.Receipt(text)
}

// byChance are the columns that are drawn at random for each row, by their table. They must have nothing in common with an answer.
var byChance = map[string][]string{"champions": {"token_hash", "token_sealed"}, "outbox": {"entry_key", "batch", "message_id"}}

// world lets each phone answer with the receipt that the order gives it, read the thank-you page, suggest an idea, support two,
// volunteer as a champion and read what was done. It returns what the database holds then, without what is drawn at random, and
// which tables all this has touched.
func world(t *testing.T, s *store.Store, order []int) (d dumped, touched []string) {
	t.Helper()
	o := newPostOffice(t, s)
	o.board(settings.BoardOpen)
	cookie, csrf := o.member(accounts.Author)
	o.promised(cookie, vow(csrf))
	o.log.Reset() // what staff do is logged
	code, _ := o.open(pulse(t))
	base := o.listen()
	o.BaseURL = base
	before := dumpAll(t, s)
	for n := range crowd {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		p := &handset{}
		p.Client = http.Client{Jar: jar, Transport: p}
		address, err := url.Parse(base + "/board")
		if err != nil {
			t.Fatal(err)
		}
		hash := numberedHash("browser", n)
		jar.SetCookies(address, []*http.Cookie{{Name: boardCookie, Path: "/board", Value: ideas.Browser(hash[:16]).Signed(o.Secret)}})
		r := order[n]
		post := func(path string, form url.Values) {
			t.Helper()
			answer, err := p.PostForm(base+path, form)
			if err != nil {
				t.Fatal(err)
			}
			if got := read(t, answer); got.status != http.StatusOK {
				t.Fatalf("%s: status %d\n%s", path, got.status, got.body)
			}
		}
		post("/s/"+code, url.Values{"receipt": {string(numberedReceipt(r))}, "department": {"1"}, "band": {"1"}, "q.benefit": {fmt.Sprint(1 + r%5)}, "q.say": {fmt.Sprint("words ", r)}})
		title := fmt.Sprintf("Idea %d", n)
		post("/board/new", url.Values{"title": {title}, "seen": {title}, "department": {"1"}})
		for _, id := range []int{n + 1, 1} {
			post(fmt.Sprintf("/board/ideas/%d/support", id), url.Values{"support": {"yes"}})
		}
		post("/champion", url.Values{"lang": {"en"}, "name": {fmt.Sprint("Phone ", n)}, "email": {fmt.Sprintf("phone%d@example.org", n)}, "department": {"1"}, "topics": {"VPN"}})
		if answer, err := p.Get(base + "/heard?department=1&lang=en"); err != nil {
			t.Fatal(err)
		} else if got := read(t, answer); !strings.Contains(got.body, "Updates cost us two nights.") {
			t.Errorf("/heard says\n%s", got.body)
		}
		for _, c := range p.sent {
			if board := strings.HasPrefix(c.path, "/board"); board == strings.Contains(c.cookies, "thanks=") && c.cookies != "" || board != strings.Contains(c.cookies, boardCookie) {
				t.Errorf("%s is sent the cookies %q", c.path, c.cookies)
			}
		}
	}
	if log := o.log.String(); log != "" {
		t.Errorf("the log knows of it: %s", log)
	}
	after := dumpAll(t, s)
	for table := range after {
		if !strings.HasPrefix(table, "(") && !reflect.DeepEqual(before[table].rows, after[table].rows) {
			touched = append(touched, table)
		}
	}
	slices.Sort(touched)
	after.forget(t, o.Secret)
	return after, touched
}

// forget takes out of a dump what is drawn at random, once none of it is anything of an answer.
func (d dumped) forget(t *testing.T, secret surveys.Secret) {
	t.Helper()
	for table, columns := range byChance {
		for _, name := range columns {
			for _, row := range d[table].rows {
				cell := &row[d[table].column(name)]
				for n := range crowd {
					id := secret.ResponseID(numberedReceipt(n))
					for _, of := range [][]byte{id[:], []byte(hex.EncodeToString(id[:])), []byte(numberedReceipt(n))} {
						if bytes.Contains(*cell, of) {
							t.Errorf("%s.%s holds an answer: %q", table, name, *cell)
						}
					}
				}
				*cell = nil
			}
		}
	}
}

// The same phones answer, suggest, support, volunteer and read. Had each of them given another one's answers, the database would be the same to
// the last byte: nothing in it, not even the order of its rows, joins an idea, a support or a champion to a response or a comment. Reading leaves nothing.
func TestIdeasSupportsAndChampionsCannotBeJoinedToAnswers(t *testing.T) {
	for kind, fresh := range map[string]func(testing.TB) *store.Store{"sqlite": storetest.SQLite, "mysql": storetest.OnMariaDB} {
		t.Run(kind, func(t *testing.T) {
			one, touched := world(t, fresh(t), []int{0, 1, 2, 3, 4, 5})
			if want := []string{"champions", "comments", "idea_supports", "ideas", "outbox", "responses"}; !slices.Equal(touched, want) {
				t.Errorf("written are %v, want %v", touched, want)
			}
			other, _ := world(t, fresh(t), []int{4, 2, 5, 0, 3, 1})
			for _, table := range touched {
				if !reflect.DeepEqual(one[table], other[table]) {
					t.Errorf("%s tells who gave which answers", table)
				}
			}
			if n := len(one["responses"].rows); n != crowd {
				t.Errorf("%d responses", n)
			}
			if n := len(one["idea_supports"].rows); n != 2*crowd-1 {
				t.Errorf("%d supports", n)
			}
			for _, table := range []string{"champions", "outbox"} {
				if n := len(one[table].rows); n != crowd {
					t.Errorf("%d rows of %s", n, table)
				}
			}
			marks := map[string]bool{}
			for _, row := range one["idea_supports"].rows {
				marks[string(row[one["idea_supports"].column("mark")])] = true
			}
			if len(marks) != 2*crowd-1 {
				t.Errorf("the supports of one browser look alike: %d marks", len(marks))
			}
		})
	}
}
