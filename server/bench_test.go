package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// benchSite is newSite for benchmarks: the commands of an installation, without a test to fail.
func benchSite(b *testing.B, kind store.Dialect) *site {
	t := &testing.T{} // site only needs it to report failures, which end the benchmark here
	secret := filepath.Join(b.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte(strings.Repeat("0123456789abcdef", 4)), 0o600); err != nil {
		b.Fatal(err)
	}
	return &site{t, []string{"--database", storetest.Address(b, kind), "--secret-file", secret, "--listen", "127.0.0.1:0"}}
}

// command runs a command and returns the lines it printed.
func benchCommand(b *testing.B, s *site, args ...string) []string {
	b.Helper()
	var out, errs bytes.Buffer
	if code := run(b.Context(), append(args, s.args...), environment{in: strings.NewReader(""), out: &out, err: &errs}); code != done {
		b.Fatalf("soundings %v: code %d\n%s", args, code, errs.String())
	}
	return strings.Split(strings.TrimSpace(out.String()), "\n")
}

// BenchmarkIntake compares answering over HTTP, from the form to the commit, with gathering the same rows straight
// through database/sql into the same MariaDB. The metric ratio is the share of that speed that is reached.
func BenchmarkIntake(b *testing.B) {
	for _, clients := range []int{64, 256} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			s := benchSite(b, store.MySQL)
			file := filepath.Join(b.TempDir(), "pulse.yaml")
			if err := os.WriteFile(file, []byte(benchPulse()), 0o600); err != nil {
				b.Fatal(err)
			}
			survey := benchCommand(b, s, "import", "survey", file)[0]
			lines := benchCommand(b, s, "wave", "open", "--survey", survey)
			link := lines[1][strings.Index(lines[1], "/s/"):]
			// A process of its own, as in real life: the clients must not share its scheduler.
			process := &server{t: &testing.T{}, args: s.args[:4]}
			process.start()
			defer process.kill()
			address := process.address
			n := max(b.N, 20*clients)
			direct, overHTTP := time.Duration(0), time.Duration(0)
			// Turn and turn about, so that neither has the machine to itself.
			for range 3 {
				direct += gatherDirectly(b, s, clients, n/3)
				overHTTP += answerOverHTTP(b, address, link, clients, n/3)
			}
			rate := func(d time.Duration) float64 { return float64(n/3*3) / d.Seconds() }
			b.ReportMetric(rate(direct), "direct/s")
			b.ReportMetric(rate(overHTTP), "http/s")
			b.ReportMetric(rate(overHTTP)/rate(direct), "ratio")
		})
	}
}

// benchPulse has eight scale questions and a comment, like the change pulse.
func benchPulse() string {
	text := "title: Pulse\npurpose: change\nlanguage: en\nquestions:\n"
	for i := range 8 {
		text += fmt.Sprintf("  - {id: q%d, kind: scale, points: 5, text: Question %d, construct: openness}\n", i, i)
	}
	return text + "  - {id: say, kind: text, text: What should IT know?}\n"
}

// benchComment is what every third respondent adds, as in the demo.
const benchComment = "Please not in the last week of a quarter, when everybody here is closing the books."

const benchAnswers = `{"q0":1,"q1":2,"q2":3,"q3":4,"q4":5,"q5":1,"q6":2,"q7":3}`

// gatherDirectly stores n rows that as many clients hand over one by one, gathered as intake gathers them but written
// with one statement through database/sql: no HTTP, no form, no check, no GORM.
func gatherDirectly(b *testing.B, s *site, clients, n int) time.Duration {
	b.Helper()
	db, err := store.Open(b.Context(), s.args[1])
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	pool, err := db.Pool()
	if err != nil {
		b.Fatal(err)
	}
	queue := make(chan chan error, n)
	go func() {
		for first := range queue {
			batch := []chan error{first}
			for more := true; more && len(batch) < 256; {
				select {
				case next, ok := <-queue:
					if more = ok; ok {
						batch = append(batch, next)
					}
				default:
					more = false
				}
			}
			err := insertBatch(pool, len(batch), 1, func(int) row { return row{answers: benchAnswers, comment: true} })
			for _, done := range batch {
				done <- err
			}
		}
	}()
	var next, bad atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for range clients {
		wg.Go(func() {
			done := make(chan error)
			for next.Add(1) <= int64(n) {
				queue <- done
				if <-done != nil {
					bad.Add(1)
				}
			}
		})
	}
	wg.Wait()
	elapsed := time.Since(start)
	close(queue)
	if bad.Load() > 0 {
		b.Fatalf("%d of %d rows were not stored", bad.Load(), n)
	}
	return elapsed
}

// row is what insertBatch stores of a response.
type row struct {
	department, band int64
	answers          string
	comment          bool // every third of a batch has a comment
}

func insertBatch(pool *sql.DB, n int, wave int64, next func(i int) row) error {
	ids := make([][]byte, n)
	for i := range ids {
		id := surveys.Secret("bench").ResponseID(surveys.NewReceipt())
		ids[i] = id[:]
	}
	slices.SortFunc(ids, bytes.Compare)
	values := make([]any, 0, 9*n)
	for i, id := range ids {
		r := next(i)
		values = append(values, id, wave, r.department, r.band, "en", r.answers, 0, nil, 0)
	}
	tx, err := pool.Begin()
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO responses (id, wave_id, department_id, band_id, language, answers, step, frozen, withdrawn) VALUES "+
		strings.TrimSuffix(strings.Repeat("(?,?,?,?,?,?,?,?,?),", n), ","), values...)
	if err == nil && next(0).comment {
		var comments []any
		for _, id := range ids[:n/3] {
			comments = append(comments, id, wave, "say", int64(0), benchComment)
		}
		if len(comments) > 0 {
			_, err = tx.Exec("INSERT INTO comments (id, wave_id, question_id, department_id, text) VALUES "+
				strings.TrimSuffix(strings.Repeat("(?,?,?,?,?),", len(comments)/5), ","), comments...)
		}
	}
	if err != nil {
		_ = tx.Rollback() // the first error is the one to report
		return err
	}
	return tx.Commit()
}

// answerOverHTTP sends n replies over kept-open connections. The client writes prepared bytes and reads as little as it
// can, so that it takes little of the machine that server, database and client share.
func answerOverHTTP(b *testing.B, host, path string, clients, n int) time.Duration {
	b.Helper()
	requests := make([]string, n)
	for i := range requests {
		form := url.Values{"receipt": {string(surveys.NewReceipt())}}
		for q := range 8 {
			form.Set(fmt.Sprintf("q.q%d", q), strconv.Itoa(1+(i+q)%5))
		}
		if i%3 == 0 {
			form.Set("q.say", benchComment)
		}
		body := form.Encode()
		requests[i] = fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", path, host, len(body), body)
	}
	var next, bad atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for range clients {
		wg.Go(func() {
			if err := sendEach(host, requests, &next); err != nil {
				bad.Add(1)
			}
		})
	}
	wg.Wait()
	elapsed := time.Since(start)
	if bad.Load() > 0 {
		b.Fatalf("%d of %d clients were not answered", bad.Load(), clients)
	}
	return elapsed
}

// sendEach sends requests, taking the next from the common list, and insists on a redirect without a body for each.
func sendEach(host string, requests []string, next *atomic.Int64) error {
	conn, err := net.Dial("tcp", host)
	if err != nil {
		return err
	}
	defer conn.Close()
	buffer := make([]byte, 8<<10)
	for i := next.Add(1) - 1; i < int64(len(requests)); i = next.Add(1) - 1 {
		if _, err := io.WriteString(conn, requests[i]); err != nil {
			return err
		}
		filled := 0
		for !bytes.Contains(buffer[:filled], []byte("\r\n\r\n")) {
			n, err := conn.Read(buffer[filled:])
			if err != nil {
				return err
			}
			filled += n
		}
		if !bytes.HasPrefix(buffer[:filled], []byte("HTTP/1.1 303 ")) || !bytes.Contains(buffer[:filled], []byte("\r\nContent-Length: 0\r\n")) {
			return fmt.Errorf("answered %q", buffer[:filled])
		}
	}
	return nil
}

// BenchmarkTrend reads the trend of 50 departments, 5 bands and 40 waves over the API of a server in a process of its
// own, with ten thousand, a hundred thousand and a million responses behind it. It must not notice the difference.
func BenchmarkTrend(b *testing.B) {
	smallest := 0.0
	for _, responses := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("responses=%d", responses), func(b *testing.B) {
			s := benchSite(b, store.SQLite)
			fillTrend(b, s, responses)
			token := benchCommand(b, s, "token", "add", "--name", "bench", "--role", "viewer")[0]
			process := &server{t: &testing.T{}, args: s.args[:4]}
			process.start()
			defer process.kill()
			times := make([]float64, 0, max(b.N, 30))
			for len(times) < cap(times) {
				start := time.Now()
				fetchTrend(b, process.address, token)
				times = append(times, time.Since(start).Seconds()*1000)
			}
			slices.Sort(times)
			median := times[len(times)/2]
			if smallest == 0 {
				smallest = median
			}
			b.ReportMetric(median, "ms/trend")
			b.ReportMetric(median/smallest, "ratio")
			b.ReportMetric(peakMemory(b, process.process.Process.Pid), "MB-peak")
		})
	}
}

func fetchTrend(b *testing.B, address, token string) {
	b.Helper()
	request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, "http://"+address+"/api/v1/results/trend?construct=openness&by=department", nil)
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	n, err := io.Copy(io.Discard, answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || n < 100_000 {
		b.Fatalf("status %d, %d bytes, %v", answer.StatusCode, n, err)
	}
}

// fillTrend makes 40 closed waves of one survey with random answers in 50 departments and 5 bands.
func fillTrend(b *testing.B, s *site, responses int) {
	b.Helper()
	const departments, bands, waves = 50, 5, 40
	file := filepath.Join(b.TempDir(), "pulse.yaml")
	if err := os.WriteFile(file, []byte(benchPulse()), 0o600); err != nil {
		b.Fatal(err)
	}
	survey := benchCommand(b, s, "import", "survey", file)[0]
	for i := range departments {
		benchCommand(b, s, "department", "add", fmt.Sprintf("Department %d", i+1))
	}
	for i := range bands {
		benchCommand(b, s, "band", "add", fmt.Sprintf("Band %d", i+1))
	}
	db, err := store.Open(b.Context(), s.args[1])
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	pool, err := db.Pool()
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	number := int64(0)
	for w := range waves {
		id := benchCommand(b, s, "wave", "open", "--survey", survey, "--label", fmt.Sprintf("Wave %d", w+1))[0]
		wave, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		for begun := 0; begun < responses/waves; begun += 1000 {
			err := insertBatch(pool, min(1000, responses/waves-begun), wave, func(int) row {
				number++ // spread evenly, so that every department is shown with few responses as with many
				return row{department: 1 + number%departments, band: 1 + number/departments%bands, answers: fmt.Sprintf(`{"q0":%d,"q1":%d,"q2":%d,"q3":%d}`,
					1+random.IntN(5), 1+random.IntN(5), 1+random.IntN(5), 1+random.IntN(5))}
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		benchCommand(b, s, "wave", "close", id)
	}
}

// peakMemory is the most memory a process ever had in use, in megabytes.
func peakMemory(b *testing.B, pid int) float64 {
	b.Helper()
	megabytes, ok := mostMemory(pid)
	if !ok {
		b.Fatal("the system does not tell the peak memory")
	}
	return megabytes
}

// mostMemory is peakMemory of a process that may have ended.
func mostMemory(pid int) (megabytes float64, ok bool) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(status)) {
		var kilobytes float64
		if n, _ := fmt.Sscanf(line, "VmHWM: %f kB", &kilobytes); n == 1 {
			return kilobytes / 1024, true
		}
	}
	return 0, false
}
