package web

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/analytics/quotes"
	"soundings/analytics/tally"
	"soundings/server/accounts"
	"soundings/static"
	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/document"
	"soundings/surveys/intake"
	"soundings/surveys/library"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/waves"
	"soundings/surveys/webhooks"
)

// office is a server over a fresh database, with departments, levels and open waves, for tests of what employees meet.
type office struct {
	*Server
	t     testing.TB
	clock *clock
	log   *bytes.Buffer
}

// officeSecret is the installation's secret of every office.
const officeSecret = "ssssssssssssssssssssssssssssssss"

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newOffice(t testing.TB, s *store.Store) *office {
	t.Helper()
	assets, err := static.New()
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, clock: &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}, log: &bytes.Buffer{}}
	charts, err := chart.NewRenderer(static.Public())
	if err != nil {
		t.Fatal(err)
	}
	secret := surveys.Secret(officeSecret)
	log := slog.New(slog.NewTextHandler(o.log, nil))
	in := intake.New(s, secret, log, intake.DefaultQueue)
	t.Cleanup(in.Close)
	known := catalog.New(s)
	results := analytics.NewReader(s, known)
	stops, err := fs.ReadFile(static.Public(), "vendor/stopwords-iso/stopwords.json")
	if err != nil {
		t.Fatal(err)
	}
	silent, err := quotes.NewStops(stops)
	if err != nil {
		t.Fatal(err)
	}
	finish := func(ctx context.Context, q *surveys.Questionnaire, wave surveys.WaveID, at time.Time, closed ...waves.Hook) error {
		return tally.Close(ctx, s, q, wave, at, closed...)
	}
	hooks := webhooks.New(webhooks.Deps{Store: s, Secret: secret, Log: log, Now: o.clock.Now, BaseURL: "http://127.0.0.1", AllowPrivate: true,
		Words: func(language string, n webhooks.News) (string, error) { return o.ChatSentence(language, n) }})
	o.Server, err = New(Deps{
		Webhooks: hooks,
		Waves:    &waves.Runner{Store: s, Catalog: known, Finish: finish, Now: o.clock.Now},
		Store:    s, Catalog: known, Intake: in, Accounts: accounts.New(s, secret, o.clock.Now, accounts.Guessable()), Results: results, Quotes: quotes.NewReader(s, results, silent), Charts: charts,
		Assets: assets, Secret: secret, BaseURL: "http://127.0.0.1", Organisation: "Harbour Group", Log: log, Now: o.clock.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// staffed adds two departments and two levels.
func (o *office) staffed() *office {
	o.t.Helper()
	o.transact(func(tx *store.Tx) error {
		for _, name := range []string{"Finance", "Legal & Tax <b>"} {
			if _, err := people.AddDepartment(tx, name, 0); err != nil {
				return err
			}
		}
		for _, name := range []string{"Staff", "Lead"} {
			if _, err := people.AddBand(tx, name); err != nil {
				return err
			}
		}
		return nil
	})
	return o
}

func (o *office) transact(fn func(tx *store.Tx) error) {
	o.t.Helper()
	if err := o.Store.Transact(context.Background(), "test", fn); err != nil {
		o.t.Fatal(err)
	}
}

// open publishes a document and opens a wave of it; the code is of its one link.
func (o *office) open(source []byte, departments ...surveys.DepartmentID) (code string, wave surveys.Wave) {
	o.t.Helper()
	o.transact(func(tx *store.Tx) error {
		q, _, err := o.Catalog.Publish(tx, source, o.clock.Now())
		if err != nil {
			return err
		}
		w, links, err := waves.Open(tx, waves.New{Questionnaire: q, Label: "Spring 2026", At: o.clock.Now(), Departments: departments})
		if err == nil {
			code, wave = links[0].Code, w
		}
		return err
	})
	return code, wave
}

// close ends the taking in of a wave, and lets the time pass after which every server must know.
func (o *office) close(wave surveys.Wave) {
	o.t.Helper()
	o.transact(func(tx *store.Tx) error { return waves.BeginClosing(tx, wave.ID) })
	o.clock.add(freshness)
}

// reply is what a request got.
type reply struct {
	status int
	header http.Header
	body   string
}

func (o *office) do(r *http.Request) reply {
	o.t.Helper()
	response, err := o.App().Test(r, 30_000)
	if err != nil {
		o.t.Fatal(err)
	}
	return read(o.t, response)
}

func (o *office) get(path string, header ...string) reply {
	o.t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return o.do(r)
}

func (o *office) post(path string, form url.Values) reply {
	o.t.Helper()
	return o.postAs(path, "application/x-www-form-urlencoded", form.Encode())
}

func (o *office) postAs(path, kind, body string) reply {
	o.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	return o.do(r)
}

// listen serves on a port of this machine until the test ends, and returns the address.
func (o *office) listen() string {
	o.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		o.t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- o.Serve(l) }()
	o.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := o.Shutdown(ctx); err != nil {
			o.t.Error(err)
		}
		if err := <-served; err != nil {
			o.t.Error(err)
		}
	})
	return "http://" + l.Addr().String()
}

// stored counts the responses and comments of the database.
func (o *office) stored() (responses, comments int64) {
	o.t.Helper()
	for table, count := range map[string]*int64{"responses": &responses, "comments": &comments} {
		if err := o.Store.Read(context.Background()).Table(table).Count(count).Error; err != nil {
			o.t.Fatal(err)
		}
	}
	return responses, comments
}

// holds fails the test unless the database has exactly so many responses and comments.
func (o *office) holds(responses, comments int64) {
	o.t.Helper()
	if r, c := o.stored(); r != responses || c != comments {
		o.t.Fatalf("stored are %d responses and %d comments, want %d and %d", r, c, responses, comments)
	}
}

// pulse is the shipped survey about a change.
func pulse(t testing.TB) []byte {
	t.Helper()
	source, err := library.Open("change-pulse")
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// everyKind is a survey with every kind of question in English and in the other languages, none of whose words but
// the English ones is English.
func everyKind(t testing.TB, languages ...string) []byte {
	t.Helper()
	options := []surveys.Option{{ID: "a", Text: "First week"}, {ID: "b", Text: "Second week"}, {ID: "c", Text: "Third week"}}
	d := &surveys.Document{
		Title: "A new expense tool", Purpose: surveys.AboutChange, Language: "en", Anonymity: surveys.Anonymous, Minimum: 5,
		Results: surveys.WhenClosed, Intro: "Nothing is fixed yet.",
		Questions: []surveys.Question{
			{ID: "easier", Kind: surveys.Scale, Points: 5, Text: "It would make my work easier.", Required: true, Construct: surveys.Openness},
			{ID: "seven", Kind: surveys.Scale, Points: 7, Text: "I look forward to it.", Help: "Think of the next three months."},
			{ID: "own", Kind: surveys.Scale, Points: 5, Text: "How often?", Labels: []string{"Never", "Rarely", "At times", "Often", "Always"}},
			{ID: "tell", Kind: surveys.Recommend, Text: "Would you tell a colleague?"},
			{ID: "when", Kind: surveys.Choice, Text: "When should it start?", Options: options, Other: true},
			{ID: "which", Kind: surveys.Choices, Text: "Which help do you need?", Options: options, Other: true},
			{ID: "order", Kind: surveys.Ranking, Text: "What matters most?", Options: options},
			{ID: "why", Kind: surveys.Text, Text: "What makes it hard?", ShowIf: &surveys.Condition{Question: "easier", In: []string{"1", "2"}}},
			{ID: "say", Kind: surveys.Text, Text: "What should we know?"},
		},
	}
	for _, lang := range languages {
		if lang == "en" {
			continue
		}
		mark := func(s string) string { return "‹" + lang + "› " + strings.Repeat("x", len(s)/4) }
		tr := surveys.Translation{Title: mark(d.Title), Intro: mark(d.Intro), Questions: map[string]surveys.QuestionTranslation{}}
		for _, q := range d.Questions {
			t := surveys.QuestionTranslation{Text: mark(q.Text)}
			if q.Help != "" {
				t.Help = mark(q.Help)
			}
			for _, label := range q.Labels {
				t.Labels = append(t.Labels, mark(label))
			}
			for _, o := range q.Options {
				if t.Options == nil {
					t.Options = map[string]string{}
				}
				t.Options[o.ID] = mark(o.Text)
			}
			tr.Questions[q.ID] = t
		}
		if d.Translations == nil {
			d.Translations = map[string]surveys.Translation{}
		}
		d.Translations[lang] = tr
	}
	return formatted(t, d)
}

func formatted(t testing.TB, d *surveys.Document) []byte {
	t.Helper()
	source, err := document.Format(d)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// changed is a document with a change.
func changed(t testing.TB, source []byte, change func(d *surveys.Document)) []byte {
	t.Helper()
	d, err := document.Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	change(d)
	d.Normalise()
	return formatted(t, d)
}

// with is a form with some fields set anew: name, value, name, value; an empty value removes the field.
func with(form url.Values, pairs ...string) url.Values {
	next := url.Values{}
	for name, values := range form {
		next[name] = slices.Clone(values)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		next.Del(pairs[i])
		if pairs[i+1] != "" {
			next.Set(pairs[i], pairs[i+1])
		}
	}
	return next
}

func read(t testing.TB, response *http.Response) reply {
	t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(body)}
}

// serve answers with a handler on a port of this machine until the test ends.
func serve(t testing.TB, h http.Handler) string {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	s.Start()
	t.Cleanup(s.Close)
	return s.URL
}
