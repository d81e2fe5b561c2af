package web

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"soundings/surveys"
	"soundings/surveys/ideas"
	"soundings/surveys/settings"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// crowd is how many phones answer, suggest and support.
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

// world lets each phone answer with the receipt that the order gives it, read the thank-you page, suggest an idea and support
// two. It returns what the database holds then, and which tables all this has touched.
func world(t *testing.T, s *store.Store, order []int) (d dumped, touched []string) {
	t.Helper()
	o := newOffice(t, s).staffed().board(settings.BoardOpen)
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
	return after, touched
}

// The same phones answer, suggest and support. Had each of them given another one's answers, the database would be the same to
// the last byte: nothing in it, not even the order of its rows, joins an idea or a support to a response or a comment.
func TestIdeasAndSupportsCannotBeJoinedToAnswers(t *testing.T) {
	for kind, fresh := range map[string]func(testing.TB) *store.Store{"sqlite": storetest.SQLite, "mysql": storetest.OnMariaDB} {
		t.Run(kind, func(t *testing.T) {
			one, touched := world(t, fresh(t), []int{0, 1, 2, 3, 4, 5})
			if want := []string{"comments", "idea_supports", "ideas", "responses"}; !slices.Equal(touched, want) {
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
