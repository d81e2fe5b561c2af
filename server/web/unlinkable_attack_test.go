package web

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"soundings/surveys/store"
)

// dumped is a whole database at one moment: every table, its columns, and its rows in the order they come in.
type dumped map[string]tableDump

type tableDump struct {
	columns []string
	rows    [][][]byte
}

// dumpAll reads everything that an operator, a thief of a backup or a server next door could read.
func dumpAll(t testing.TB, s *store.Store) dumped {
	t.Helper()
	names, catalogue := "SELECT name FROM sqlite_master WHERE type = 'table'", "SELECT name, rootpage FROM sqlite_master"
	if s.Dialect() == store.MySQL {
		names = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
		catalogue = "SELECT table_name, auto_increment, update_time, table_rows, data_length FROM information_schema.tables WHERE table_schema = DATABASE()"
	}
	d := dumped{}
	d["(catalogue)"] = dumpOne(t, s, catalogue)
	for _, row := range dumpOne(t, s, names).rows {
		name := string(row[0])
		what := "*"
		if s.Dialect() == store.SQLite && hasRowID(t, s, name) {
			what = "rowid AS hidden_rowid, *"
		}
		d[name] = dumpOne(t, s, "SELECT "+what+" FROM `"+name+"`")
	}
	return d
}

func hasRowID(t testing.TB, s *store.Store, table string) bool {
	t.Helper()
	return len(dumpOne(t, s, "SELECT 1 FROM sqlite_master WHERE name = '"+table+"' AND sql NOT LIKE '%WITHOUT ROWID%'").rows) == 1
}

func dumpOne(t testing.TB, s *store.Store, query string) (d tableDump) {
	t.Helper()
	pool, err := s.Pool()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := pool.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(query, err)
	}
	defer rows.Close()
	if d.columns, err = rows.Columns(); err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		cells, into := make([][]byte, len(d.columns)), make([]any, len(d.columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		d.rows = append(d.rows, cells)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d tableDump) column(name string) int { return slices.Index(d.columns, name) }

// trace is one value that one submission left behind, or something worked out from such values.
type trace struct {
	name  string
	value []byte
}

// mostTraced bounds the rows of one table that are looked at: one answer adds a few, a counting step many.
const mostTraced = 3

// traces lists what differs between two moments: the cells of every new or changed row, where in its table the row
// stands, and every two long cells joined by exclusive or.
func traces(before, after dumped) (list []trace) {
	for table, now := range after {
		old, fresh := map[string]bool{}, 0
		for _, row := range before[table].rows {
			old[string(bytes.Join(row, []byte{0, '|'}))] = true
		}
		for at, row := range now.rows {
			if old[string(bytes.Join(row, []byte{0, '|'}))] {
				continue
			}
			if fresh++; fresh > mostTraced {
				break
			}
			which := fmt.Sprintf("%s[%d]", table, fresh)
			for i, cell := range row {
				list = append(list, trace{which + "." + now.columns[i], cell})
			}
			list = append(list, trace{which + " place", strconv.AppendInt(nil, int64(at), 10)})
		}
	}
	for i, a := range list {
		for _, b := range list[:i] {
			if len(a.value) == len(b.value) && len(a.value) >= 8 && a.name != b.name {
				both := make([]byte, len(a.value))
				for k := range both {
					both[k] = a.value[k] ^ b.value[k]
				}
				list = append(list, trace{a.name + " xor " + b.name, both})
			}
		}
	}
	return list
}

// suspect is one invited person as the attacker knows them: everything the database says about them, and everything
// that can be computed from it without the secret. The n-th value of every suspect is the same kind of value.
type suspect struct {
	cell  string // department and band, which a response shows
	known []clue
}

// clue is a value, ready to be compared.
type clue struct {
	trace
	number float64
	counts bool // it is a number
}

func clueOf(tr trace) clue {
	c := clue{trace: tr}
	c.number, c.counts = number(tr.value)
	return c
}

// suspects puts together what the database holds about each invitation, before anybody has answered.
func suspects(d dumped) (list []suspect) {
	invited := d["invitations"]
	places := map[string]int{}
	for place, row := range invited.rows {
		who := suspect{cell: string(row[invited.column("department_id")]) + "/" + string(row[invited.column("band_id")])}
		who.learn("place", strconv.AppendInt(nil, int64(place), 10))
		who.learn("place in cell", strconv.AppendInt(nil, int64(places[who.cell]), 10))
		places[who.cell]++
		who.learnRow("invitation", invited, row)
		who.learnOf(d, "persons", "id", row[invited.column("person_id")])
		who.learnOf(d, "outbox", "subject", row[invited.column("id")])
		list = append(list, who)
	}
	return list
}

// learnOf adds the row of another table that has the key.
func (w *suspect) learnOf(d dumped, table, column string, key []byte) {
	other := d[table]
	at := other.column(column)
	for _, row := range other.rows {
		if bytes.Equal(row[at], key) {
			w.learnRow(table, other, row)
			return
		}
	}
}

func (w *suspect) learnRow(name string, d tableDump, row [][]byte) {
	for i, cell := range row {
		w.learn(name+"."+d.columns[i], cell)
	}
}

// learn adds a value, its neighbours if it is a number, and what is usually made of one.
func (w *suspect) learn(name string, value []byte) {
	long, short, tiny := sha256.Sum256(value), sha1.Sum(value), md5.Sum(value)
	forms := []trace{{name, value}}
	for hash, sum := range map[string][]byte{"sha256": long[:], "sha1": short[:], "md5": tiny[:]} {
		forms = append(forms, trace{hash + " of " + name, sum}, trace{"hex " + hash + " of " + name, []byte(hex.EncodeToString(sum))})
	}
	if n, err := strconv.ParseInt(string(value), 10, 64); err == nil {
		for _, d := range []int64{-1, 1} {
			forms = append(forms, trace{fmt.Sprintf("%s%+d", name, d), strconv.AppendInt(nil, n+d, 10)})
		}
	}
	slices.SortFunc(forms, func(a, b trace) int { return strings.Compare(a.name, b.name) })
	for _, f := range forms {
		w.known = append(w.known, clueOf(f))
	}
}

// attack guesses, for each submission, which of the suspects of the new response's department and band it was, in
// every way it knows, and counts the right guesses of each way. It is told the truth only to count.
type attack struct {
	suspects []suspect
	hits     map[string]int
	luck     *rand.Rand
}

func newAttack(d dumped) *attack {
	return &attack{suspects: suspects(d), hits: map[string]int{}, luck: rand.New(rand.NewPCG(1, 2))}
}

// submission looks at the dumps from just before and just after somebody answered, and from when that was counted.
func (a *attack) submission(before, after, counted dumped, truth int) {
	left := traces(before, after)
	cell := cellOf(left)
	for _, tr := range traces(after, counted) {
		left = append(left, trace{"counting: " + tr.name, tr.value})
	}
	for _, tr := range left {
		found := clueOf(tr)
		best := make([][relations]guess, len(a.suspects[0].known))
		for at, who := range a.suspects {
			if who.cell != cell {
				continue
			}
			for k := range who.known {
				for relation, score := range compare(&found, &who.known[k]) {
					if score != unlike {
						best[k][relation] = best[k][relation].better(at, score, a.luck)
					}
				}
			}
		}
		for k := range best {
			for relation, g := range best[k] {
				if g.ties > 0 && g.who == truth {
					a.hits[tr.name+relationNames[relation]+a.suspects[truth].known[k].name]++
				}
			}
		}
	}
}

// cellOf reads the department and band of the new response.
func cellOf(left []trace) string {
	found := map[string]string{}
	for _, tr := range left {
		found[tr.name] = string(tr.value)
	}
	return found["responses[1].department_id"] + "/" + found["responses[1].band_id"]
}

type guess struct {
	who   int
	score float64
	ties  int
}

// better takes the higher score; between equals it draws lots.
func (g guess) better(who int, score float64, luck *rand.Rand) guess {
	switch {
	case g.ties == 0 || score > g.score:
		return guess{who, score, 1}
	case score < g.score:
		return g
	}
	g.ties++
	if luck.IntN(g.ties) == 0 {
		g.who = who
	}
	return g
}

const relations = 4

var relationNames = [relations]string{" = ", " begins as ", " ends as ", " is close to "}

// unlike is the score of two values that do not stand in a relation.
var unlike = math.Inf(-1)

// compare says in which ways two values are alike, and how much.
func compare(a, b *clue) [relations]float64 {
	alike := [relations]float64{unlike, unlike, unlike, unlike}
	if len(a.value) == 0 || len(b.value) == 0 {
		return alike
	}
	if bytes.Equal(a.value, b.value) {
		alike[0] = 1
	}
	if len(a.value) >= 8 && len(b.value) >= 8 {
		if n := common(a.value, b.value); n >= 2 {
			alike[1] = float64(n)
		}
		if bytes.HasSuffix(a.value, b.value[len(b.value)-3:]) {
			alike[2] = 1
		}
	}
	if a.counts && b.counts {
		alike[3] = -math.Abs(a.number - b.number)
	}
	return alike
}

func common(a, b []byte) (n int) {
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// number reads a counter or a time.
func number(v []byte) (float64, bool) {
	if n, err := strconv.ParseFloat(string(v), 64); err == nil {
		return n, true
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999-07:00", "2006-01-02 15:04:05.999999"} {
		if at, err := time.Parse(layout, string(v)); err == nil {
			return float64(at.UnixMicro()), true
		}
	}
	return 0, false
}

// best is the way with the most right guesses.
func (a *attack) best() (way string, hits int) {
	for w, n := range a.hits {
		if n > hits || n == hits && w < way {
			way, hits = w, n
		}
	}
	return way, hits
}
