package main

import (
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// BenchmarkExport writes a million responses as CSV by the real command, against mariadb --batch selecting the same
// columns from the same table, into a file as well; turn and turn about. The metric ratio is the share of its speed.
func BenchmarkExport(b *testing.B) {
	const responses, turns = 1_000_000, 3
	s := benchSite(b, store.SQLite)
	s.args[1] = storetest.Ordinary(b)
	wave := fillScale(b, s, 1, responses)[0]
	benchCommand(b, s, "rebuild")
	dir := b.TempDir()
	var own, batch, memory, rest []float64
	for range turns {
		begun := time.Now()
		process := export(b, s, "responses", "--wave", wave, "--out", dir)
		own = append(own, time.Since(begun).Seconds())
		memory = append(memory, process)
		rest = append(rest, export(b, s, "survey", "1"))
		begun = time.Now()
		selectBatch(b, s, wave, filepath.Join(dir, "batch"))
		batch = append(batch, time.Since(begun).Seconds())
	}
	for _, name := range []string{"batch", "responses-wave-" + wave + ".csv"} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if lines := strings.Count(string(content), "\n"); err != nil || lines != responses+1 {
			b.Fatalf("%s has %d lines, %v", name, lines, err)
		}
	}
	b.ReportMetric(responses/medianOf(own), "rows/s")
	b.ReportMetric(responses/medianOf(batch), "batch-rows/s")
	b.ReportMetric(medianOf(batch)/medianOf(own), "ratio")
	b.ReportMetric(medianOf(memory)-medianOf(rest), "more-MB")
}

// export runs an export in a process of its own, and returns the most memory it had, in megabytes.
func export(b *testing.B, s *site, args ...string) float64 {
	b.Helper()
	itself, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	process := exec.Command(itself, append(append([]string{"export"}, args...), s.args[:4]...)...)
	process.Env = append(os.Environ(), asProgram+"=1")
	process.Stdout = io.Discard
	if err := process.Start(); err != nil {
		b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- process.Wait() }()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for peak := 0.0; ; {
		select {
		case <-tick.C:
			if now, ok := mostMemory(process.Process.Pid); ok {
				peak = now
			}
		case err := <-ended:
			if err != nil {
				b.Fatalf("soundings export %v: %v", args, err)
			}
			return peak
		}
	}
}

// selectBatch selects what the file of responses holds.
func selectBatch(b *testing.B, s *site, wave, file string) {
	b.Helper()
	address, err := url.Parse(s.args[1])
	if err != nil {
		b.Fatal(err)
	}
	columns := []string{"w.label", "d.name", "b.name"}
	for i := 1; i <= 10; i++ {
		columns = append(columns, fmt.Sprintf("JSON_VALUE(answers, '$.question_%d')", i))
	}
	columns = append(columns, "JSON_VALUE(answers, '$.question_11[0]')")
	for _, option := range []string{"guide", "course", "helper", "time"} {
		columns = append(columns, fmt.Sprintf(`JSON_CONTAINS(answers, '"%s"', '$.question_12')`, option))
	}
	statement := "SELECT " + strings.Join(columns, ", ") + " FROM responses r JOIN waves w ON w.id = r.wave_id JOIN departments d ON d.id = r.department_id " +
		"JOIN bands b ON b.id = r.band_id WHERE r.wave_id = " + wave
	out, err := os.Create(file)
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	client := exec.Command("mariadb", "--no-defaults", "--batch", "--quick", "--socket", address.Query().Get("socket"), "--user", "root",
		strings.TrimPrefix(address.Path, "/"), "--execute", statement)
	client.Stdout, client.Stderr = out, os.Stderr
	if err := client.Run(); err != nil {
		b.Fatal(err)
	}
}
