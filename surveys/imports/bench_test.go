package imports_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"soundings/surveys/imports"
	"soundings/surveys/store/storetest"
)

// BenchmarkImport imports 100,000 rows with seven answers, and a comment in every tenth, into SQLite.
// SOUNDINGS_BENCH_ROWS sets another number of rows.
func BenchmarkImport(b *testing.B) {
	rows := 100_000
	if n := os.Getenv("SOUNDINGS_BENCH_ROWS"); n != "" {
		if _, err := fmt.Sscan(n, &rows); err != nil {
			b.Fatal(err)
		}
	}
	dir := b.TempDir()
	for name, text := range map[string]string{"survey.yaml": smallSurvey, "map.yaml": smallMap} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	writeRows(b, filepath.Join(dir, "data.csv"), rows)
	for b.Loop() {
		s := storetest.SQLite(b)
		m, err := imports.ReadMap(filepath.Join(dir, "map.yaml"))
		if err != nil {
			b.Fatal(err)
		}
		rep, err := imports.Run(context.Background(), depsOn(s), m, filepath.Join(dir, "data.csv"), false)
		if err != nil || rep.New != rows {
			b.Fatal(err, rep)
		}
	}
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	b.ReportMetric(float64(mem.Sys)/(1<<20), "MB-from-system")
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func writeRows(b *testing.B, path string, rows int) {
	b.Helper()
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(file)
	fmt.Fprint(w, smallHeader)
	r := rand.New(rand.NewPCG(1, 2))
	labels := []string{"Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree"}
	for i := range rows {
		say := ""
		if i%10 == 0 {
			say = fmt.Sprintf("A comment of ordinary length as people write them: number %d", i)
		}
		fmt.Fprintf(w, "%d,Department %d,Level %d,%s,,%s,%d,First week,,E-mail;A page,%d,%d,3,%s\n", 2000+r.IntN(8), r.IntN(50), r.IntN(5),
			labels[r.IntN(5)], labels[r.IntN(5)], r.IntN(11), 1+i%2, 2-i%2, say)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
}
