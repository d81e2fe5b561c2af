package main

import (
	"bufio"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"

	"soundings/surveys/store"
)

const (
	scaleDepartments = 50
	scaleBands       = 5
	// At this minimum every department and every cell is shown in a hundred waves of a hundred thousand responses as in
	// those of ten million, so that both are asked to tell the same.
	scaleMinimum = 3
	scaleStep    = 1 << 30 // of every response of a closed wave
)

// scaleSurvey has twelve questions with counted answers, and one for comments.
func scaleSurvey() string {
	text := fmt.Sprintf("title: Pulse\npurpose: change\nlanguage: en\nminimum: %d\nquestions:\n", scaleMinimum)
	for i, construct := range []string{"openness", "openness", "openness", "openness", "engagement", "engagement", "engagement", "engagement"} {
		text += fmt.Sprintf("  - {id: question_%d, kind: scale, points: 5, text: Question %d, construct: %s, reversed: %t}\n", i+1, i+1, construct, i%4 == 3)
	}
	return text + `  - {id: question_9, kind: scale, points: 7, text: Question 9}
  - {id: question_10, kind: recommend, text: Question 10}
  - id: question_11
    kind: choice
    text: Question 11
    options: [{id: spring, text: Spring}, {id: summer, text: Summer}, {id: autumn, text: Autumn}]
  - id: question_12
    kind: choices
    text: Question 12
    options: [{id: guide, text: A guide}, {id: course, text: A course}, {id: helper, text: Somebody to ask}, {id: time, text: Time}]
  - {id: say, kind: text, text: What should IT know?}
`
}

// scaleAnswers writes the answers of somebody as package intake stores them: about 210 bytes. Departments differ, and
// move from wave to wave.
func scaleAnswers(w io.Writer, random *rand.Rand, department, wave int) {
	lean := (department*7+wave/10)%3 - 1
	five := func() int { return min(max(1+random.IntN(5)+lean*random.IntN(2), 1), 5) }
	fmt.Fprintf(w, `{"question_1":%d,"question_10":%d,"question_11":["%s"],"question_12":["%s"]`, five(), random.IntN(11),
		[]string{"spring", "summer", "autumn"}[random.IntN(3)], []string{"guide", "course", `guide","helper`, `course","time`}[random.IntN(4)])
	for i := 2; i <= 8; i++ {
		fmt.Fprintf(w, `,"question_%d":%d`, i, five())
	}
	fmt.Fprintf(w, `,"question_9":%d}`, 1+random.IntN(7))
}

// fillScale makes closed waves of one survey with so many responses together, spread evenly over departments and bands,
// and a comment with every two hundredth. It returns the ids of the waves. Nothing of them is counted yet.
func fillScale(b *testing.B, s *site, waves, responses int) []string {
	b.Helper()
	file := filepath.Join(b.TempDir(), "pulse.yaml")
	if err := os.WriteFile(file, []byte(scaleSurvey()), 0o600); err != nil {
		b.Fatal(err)
	}
	survey := benchCommand(b, s, "import", "survey", file)[0]
	for i := range scaleDepartments {
		benchCommand(b, s, "department", "add", fmt.Sprintf("Department %d", i+1))
	}
	for i := range scaleBands {
		benchCommand(b, s, "band", "add", fmt.Sprintf("Band %d", i+1))
	}
	ids := make([]string, waves)
	for w := range ids {
		ids[w] = benchCommand(b, s, "wave", "open", "--survey", survey, "--label", fmt.Sprintf("Wave %d", w+1))[0]
		benchCommand(b, s, "wave", "close", ids[w])
	}
	pool := scalePool(b, s)
	for w, id := range ids { // a month apart
		must(b, pool, fmt.Sprintf("UPDATE waves SET opened_at = opened_at - INTERVAL %d MONTH WHERE id = %s", waves-w, id))
	}
	must(b, pool, "DELETE FROM scores") // that nobody took part
	// Ids are random; whoever inserts ten million in the order of arrival waits for the disk most of the time. The rows are
	// the same in the order of their ids, each of a random wave, and the index made afterwards is the same as well.
	must(b, pool, "ALTER TABLE responses DROP INDEX responses_cell")
	random := rand.New(rand.NewPCG(4, 10))
	const each = 250_000 // rows of a statement, which is a transaction
	for begun := 0; begun < responses; begun += each {
		load(b, pool, fmt.Sprintf("INTO TABLE responses (@id, wave_id, department_id, band_id, language, answers) SET id = UNHEX(@id), step = %d", scaleStep), func(w io.Writer) {
			for i := begun; i < min(begun+each, responses); i++ {
				// Waves in turn and, of each, departments and bands in turn: evenly, and random by id.
				turn := i / waves
				wave, department, band := (i+turn)%waves, turn%scaleDepartments, turn/scaleDepartments%scaleBands
				fmt.Fprintf(w, "%s\t%s\t%d\t%d\ten\t", scaleID(random, i, responses), ids[wave], department+1, band+1)
				scaleAnswers(w, random, department, wave)
				fmt.Fprintln(w)
			}
		})
	}
	must(b, pool, "ALTER TABLE responses ADD INDEX responses_cell (wave_id, department_id, band_id, step, withdrawn)")
	load(b, pool, "INTO TABLE comments (@id, wave_id, question_id, department_id, text) SET id = UNHEX(@id)", func(w io.Writer) {
		for i := 0; i < responses; i += 200 {
			turn := i / 200
			fmt.Fprintf(w, "%s\t%s\tsay\t%d\t%s\n", scaleID(random, i, responses), ids[turn%waves], 1+turn/waves%scaleDepartments, benchComment)
		}
	})
	return ids
}

// fillWave adds responses to an open wave, in a random order.
func fillWave(b *testing.B, s *site, wave string, responses int) {
	b.Helper()
	random := rand.New(rand.NewPCG(5, 11))
	load(b, scalePool(b, s), "INTO TABLE responses (@id, wave_id, department_id, band_id, language, answers) SET id = UNHEX(@id)", func(w io.Writer) {
		for i := range responses {
			department, band := i%scaleDepartments, i/scaleDepartments%scaleBands
			fmt.Fprintf(w, "%016x%016x\t%s\t%d\t%d\ten\t", random.Uint64(), random.Uint64(), wave, department+1, band+1)
			scaleAnswers(w, random, department, 0)
			fmt.Fprintln(w)
		}
	})
}

// scaleID is the i-th of so many random ids in their order, in hexadecimal digits.
func scaleID(random *rand.Rand, i, of int) string {
	step := ^uint64(0) / uint64(of)
	return fmt.Sprintf("%016x%016x", uint64(i)*step+random.Uint64N(step), random.Uint64())
}

func scalePool(b *testing.B, s *site) *sql.DB {
	b.Helper()
	db, err := store.Open(b.Context(), s.args[1])
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() }) // the server it is of ends with the benchmark as well
	pool, err := db.Pool()
	if err != nil {
		b.Fatal(err)
	}
	return pool
}

func must(b *testing.B, pool *sql.DB, statement string) {
	b.Helper()
	if _, err := pool.Exec(statement); err != nil {
		b.Fatalf("%s: %v", statement, err)
	}
}

// load streams rows into a table; cells are parted by tabs. A backslash means itself.
func load(b *testing.B, pool *sql.DB, into string, write func(w io.Writer)) {
	b.Helper()
	const name = "scale"
	reader, writer := io.Pipe()
	mysql.RegisterReaderHandler(name, func() io.Reader { return reader })
	defer mysql.DeregisterReaderHandler(name)
	go func() {
		out := bufio.NewWriterSize(writer, 1<<20)
		write(out)
		writer.CloseWithError(out.Flush())
	}()
	at := strings.Index(into, "(")
	must(b, pool, "LOAD DATA LOCAL INFILE 'Reader::"+name+"' "+into[:at]+"CHARACTER SET utf8mb4 FIELDS TERMINATED BY '\\t' ESCAPED BY '' "+into[at:])
}
