package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// scaleWaves is how many waves the responses of BenchmarkScale are of.
const scaleWaves = 100

// scaleView is what somebody reads: a page and its chart, and the same question asked of the responses themselves.
type scaleView struct {
	name, page, chart string
	grouped           string
}

// scaleMean is the mean of the items from one to another, as SQL asks it of the stored document.
func scaleMean(first, last int) string {
	var items []string
	for i := first; i <= last; i++ {
		item := fmt.Sprintf("(JSON_VALUE(answers, '$.question_%d') - 1) / 4", i)
		if i%4 == 0 {
			item = "(1 - " + item + ")"
		}
		items = append(items, item)
	}
	return "(" + strings.Join(items, " + ") + fmt.Sprintf(") / %d", len(items))
}

// scaleViews are the four pages of the newest wave and the twelfth department.
func scaleViews(waves []string) []scaleView {
	last, before := waves[len(waves)-1], waves[len(waves)-2]
	mean := func(of string) string { return fmt.Sprintf("COUNT(*), AVG(%s), STDDEV_SAMP(%s)", of, of) }
	openness, engagement := mean(scaleMean(1, 4)), mean(scaleMean(5, 8))
	var questions []string
	for i := range 12 {
		questions = append(questions, fmt.Sprintf("AVG(JSON_VALUE(answers, '$.question_%d')), STDDEV_SAMP(JSON_VALUE(answers, '$.question_%d'))", i+1, i+1))
	}
	every := strings.Join(questions, ", ") + ", " + openness + ", " + engagement
	wave := fmt.Sprintf("SELECT wave_id, department_id, band_id, %s FROM responses WHERE wave_id IN (%s, %s) GROUP BY wave_id, department_id, band_id", every, last, before)
	latest := " FROM responses WHERE wave_id IN (" + strings.Join(waves[len(waves)-8:], ", ") + ") GROUP BY wave_id, department_id" // as the pages begin
	return []scaleView{
		{"trend", "/trend", "/trend/chart.json", "SELECT wave_id, department_id, " + openness + latest},
		{"wave", "/results/waves/" + last, "/results/waves/" + last + "/answers.json", wave},
		{"heat", "/results/waves/" + last + "?by=band", "/results/waves/" + last + "/heatmap.json", wave},
		{"profile", "/departments/12", "/departments/12/chart.json", "SELECT wave_id, department_id, " + every + latest},
	}
}

// BenchmarkScale counts waves with the real commands, and reads the pages of results from the real server, on a MariaDB
// with its own settings: 100 waves, 50 departments, 5 bands, 12 questions. A reading is cold where it is the first that a
// server just started answers, and warm where the same server has answered it before.
func BenchmarkScale(b *testing.B) {
	for _, responses := range []int{100_000, 10_000_000} {
		b.Run(fmt.Sprintf("responses=%d", responses), func(b *testing.B) {
			s := benchSite(b, store.SQLite)
			s.args[1] = storetest.Ordinary(b)
			waves := fillScale(b, s, scaleWaves, responses)
			b.Run("count", func(b *testing.B) {
				begun := time.Now()
				benchCommand(b, s, "rebuild")
				b.ReportMetric(float64(responses)/time.Since(begun).Seconds(), "responses/s")
			})
			b.Run("verify", func(b *testing.B) {
				begun := time.Now()
				benchCommand(b, s, "verify")
				b.ReportMetric(float64(responses)/time.Since(begun).Seconds(), "responses/s")
			})
			pool := scalePool(b, s)
			cookie := scaleCookie(b, s)
			for _, view := range scaleViews(waves) {
				b.Run(view.name, func(b *testing.B) { readView(b, s, pool, cookie, view) })
			}
			b.Run("close", func(b *testing.B) { closeWave(b, s, responses/scaleWaves) })
		})
	}
}

// closeWave closes one more wave among all these.
func closeWave(b *testing.B, s *site, responses int) {
	wave := benchCommand(b, s, "wave", "open", "--survey", "1", "--label", "One more")[0]
	fillWave(b, s, wave, responses)
	begun := time.Now()
	benchCommand(b, s, "wave", "close", wave)
	b.ReportMetric(float64(responses)/time.Since(begun).Seconds(), "responses/s")
}

// readView measures a page and its chart, and asks the database the same question once.
func readView(b *testing.B, s *site, pool *sql.DB, cookie string, view scaleView) {
	const starts, readings = 9, 30
	cold, warm, peak := map[string][]float64{}, map[string][]float64{}, 0.0
	paths := []string{view.page, view.chart}
	for i := range 2 * starts {
		process := &server{t: &testing.T{}, args: s.args[:4]}
		process.start()
		first, second := paths[i%2], paths[1-i%2]
		cold[first] = append(cold[first], readOnce(b, process.address, cookie, first))
		if i < 2 {
			readOnce(b, process.address, cookie, second)
			for range readings {
				for _, path := range paths {
					warm[path] = append(warm[path], readOnce(b, process.address, cookie, path))
				}
			}
		}
		peak = max(peak, peakMemory(b, process.process.Process.Pid))
		process.kill()
	}
	begun := time.Now()
	rows, err := pool.Query(view.grouped)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	groups := 0
	for rows.Next() {
		groups++
	}
	grouped := time.Since(begun).Seconds() * 1000
	if rows.Err() != nil || groups < scaleDepartments {
		b.Fatalf("%d groups, %v", groups, rows.Err())
	}
	for i, path := range paths {
		unit := []string{"page", "chart"}[i]
		b.ReportMetric(medianOf(cold[path]), unit+"-cold-ms")
		b.ReportMetric(medianOf(warm[path]), unit+"-warm-ms")
	}
	b.ReportMetric(grouped, "grouped-ms")
	b.ReportMetric(grouped/medianOf(cold[view.page]), "ratio")
	b.ReportMetric(peak, "MB-peak")
}

// readOnce reads an address as a browser does, and returns how many milliseconds that took.
func readOnce(b *testing.B, address, cookie, path string) float64 {
	b.Helper()
	begun := time.Now()
	request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, "http://"+address+path, nil)
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("Cookie", cookie)
	request.Header.Set("Accept-Encoding", "gzip, deflate, br")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	n, err := io.Copy(io.Discard, answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || n < 500 {
		b.Fatalf("%s: status %d, %d bytes, %v", path, answer.StatusCode, n, err)
	}
	return time.Since(begun).Seconds() * 1000
}

// scaleCookie is that of somebody signed in on the site, through whichever server.
func scaleCookie(b *testing.B, s *site) string {
	b.Helper()
	const email, password = "analyst@example.org", "correct horse battery staple"
	args := append([]string{"user", "add", "--email", email, "--role", "analyst", "--password-stdin"}, s.args...)
	var errs bytes.Buffer
	if code := run(b.Context(), args, environment{in: strings.NewReader(password + "\n"), out: io.Discard, err: &errs}); code != done {
		b.Fatal(errs.String())
	}
	process := &server{t: &testing.T{}, args: s.args[:4]}
	process.start()
	defer process.kill()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.PostForm("http://"+process.address+"/login", url.Values{"email": {email}, "password": {password}})
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	for _, c := range answer.Cookies() {
		if c.Value != "" {
			return c.Name + "=" + c.Value
		}
	}
	b.Fatalf("nobody could sign in: status %d", answer.StatusCode)
	return ""
}

func medianOf(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}
