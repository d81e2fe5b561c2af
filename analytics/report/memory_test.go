package report_test

import (
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"soundings/analytics/report"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

// million is how many responses the files of the benchmark have; Excel takes 1,048,576 rows.
const million = 1_000_000

const longSurvey = `
title: A million
minimum: 5
questions:
  - {id: a, kind: scale, text: A, construct: openness}
  - {id: b, kind: scale, text: B, construct: openness}
  - {id: c, kind: scale, text: C, construct: openness}
  - {id: d, kind: scale, points: 7, text: D}
  - {id: e, kind: scale, text: E}
  - {id: f, kind: recommend, text: F}
  - {id: g, kind: choice, text: G, options: [{id: x, text: X}, {id: y, text: Y}]}
  - {id: h, kind: scale, text: H}
`

// BenchmarkAMillionResponses reports how many bytes of memory a file of a million rows takes beyond what the program has
// anyway, as the operating system counts it, and how many rows are written a second.
func BenchmarkAMillionResponses(b *testing.B) {
	s := storetest.SQLite(b)
	h := newHall(&testing.T{}, s, names("Department", 50), names("Band", 5)) // it only needs it to report failures
	q := h.publish(longSurvey)
	var wave surveys.Wave
	err := s.Transact(b.Context(), "benchmark", func(tx *store.Tx) (err error) {
		if wave, _, err = waves.Open(tx, waves.New{Questionnaire: q, Label: "A million", At: wavesTime, Closed: true}); err != nil {
			return err
		}
		err = tx.Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
			INSERT INTO responses (wave_id, id, department_id, band_id, language, answers)
			SELECT ?, randomblob(16), 1 + abs(random()) % 50, 1 + abs(random()) % 5, 'en',
				'{"a":' || (1 + abs(random()) % 5) || ',"b":' || (1 + abs(random()) % 5) || ',"c":' || (1 + abs(random()) % 5) || ',"d":' || (1 + abs(random()) % 7) ||
				',"e":' || (1 + abs(random()) % 5) || ',"f":' || (abs(random()) % 11) || ',"g":["' || substr('xy', 1 + abs(random()) % 2, 1) || '"],"h":' || (1 + abs(random()) % 5) || '}'
			FROM n`, million, wave.ID).Error
		if err != nil {
			return err
		}
		return tally.Recount(tx, q, wave.ID)
	})
	if err != nil {
		b.Fatal(err)
	}
	for name, write := range map[string]func(io.Writer) (report.Summary, error){
		"csv": func(w io.Writer) (report.Summary, error) { return report.Responses(b.Context(), s, q, wave, w) },
		"xlsx": func(w io.Writer) (report.Summary, error) {
			return report.ResponsesWorkbook(b.Context(), s, q, wave, report.Everything(), plainWords(), w)
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				debug.FreeOSMemory()
				before := resident(b)
				most, stop := watched(b)
				begin := time.Now()
				summary, err := write(io.Discard)
				if err != nil || summary.Rows != million {
					b.Fatalf("%v, %v", summary, err)
				}
				took := time.Since(begin)
				stop()
				b.ReportMetric(float64(most.Load()-before), "more-B")
				b.ReportMetric(million/took.Seconds(), "rows/s")
			}
		})
	}
}

// watched follows how much memory the program has, until it is stopped.
func watched(b *testing.B) (most *atomic.Int64, stop func()) {
	most = &atomic.Int64{}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for tick := time.NewTicker(10 * time.Millisecond); ; {
			if now := resident(b); now > most.Load() {
				most.Store(now)
			}
			select {
			case <-done:
				tick.Stop()
				return
			case <-tick.C:
			}
		}
	}()
	return most, func() { close(done); <-ended }
}

// resident is how much memory the operating system has given to the program, in bytes.
func resident(b *testing.B) int64 {
	content, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		var m runtime.MemStats // elsewhere than on Linux
		runtime.ReadMemStats(&m)
		return int64(m.Sys - m.HeapReleased)
	}
	pages, err := strconv.ParseInt(strings.Fields(string(content))[1], 10, 64)
	if err != nil {
		b.Error(err)
	}
	return pages * int64(os.Getpagesize())
}
