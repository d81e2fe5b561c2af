package imports

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func readAll(t testing.TB, text string, delimiter byte) (rows [][]string, lines []int, faults []string) {
	t.Helper()
	r := newCSVReader(iotest.OneByteReader(strings.NewReader(text)), delimiter)
	for {
		row, ok, err := r.next()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return rows, lines, faults
		}
		rows = append(rows, slices.Clone(row.cells))
		lines = append(lines, row.line)
		if row.fault != "" {
			faults = append(faults, fmt.Sprint(row.line, " ", row.fault))
		}
	}
}

func TestCSVIsReadExactly(t *testing.T) {
	for _, c := range []struct {
		name, in  string
		delimiter byte
		want      string
		lines     string
		fault     string
	}{
		{"line ends inside cells stay as they are", "a,b\r\n\"x\r\ny\nz\",1\r\n2,3", ',', `[["a" "b"] ["x\r\ny\nz" "1"] ["2" "3"]]`, "[1 2 5]", ""},
		{"CR alone ends rows where the first one ends so", "a,b\r1,2\r\"x\ry\",4\r5,6", ',', `[["a" "b"] ["1" "2"] ["x\ry" "4"] ["5" "6"]]`, "[1 2 3 5]", ""},
		{"CR alone is text elsewhere", "a,b\n1,x\ry\n", ',', `[["a" "b"] ["1" "x\ry"]]`, "[1 2]", ""},
		{"quotation marks inside a bare cell are text", "a\n5\" disk\nx\"\"y\n", ',', `[["a"] ["5\" disk"] ["x\"\"y"]]`, "[1 2 3]", ""},
		{"a quotation mark after a blank is text", "a, \"b\"\n", ',', `[["a" " \"b\""]]`, "[1]", ""},
		{"a quotation mark inside a quoted cell is a fault", "a\n\"x \"y\" z\"\nb\n", ',', `[["a"] ["x \"y\" z"] ["b"]]`, "[1 2 3]", "2 " + faultQuote},
		{"one never closed is a fault", "a\n\"x\ny", ',', `[["a"] ["x\ny"]]`, "[1 2]", "2 " + faultUnclosed},
		{"rows may be shorter and longer", "a,b\n1\n\n1,2,3\n", ',', `[["a" "b"] ["1"] [""] ["1" "2" "3"]]`, "[1 2 3 4]", ""},
		{"a delimiter at the end is one more cell", "a;b;\n", ';', `[["a" "b" ""]]`, "[1]", ""},
		{"tabs", "a\tb,c\n", '\t', `[["a" "b,c"]]`, "[1]", ""},
		{"nothing", "", ',', `[]`, "[]", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, lines, faults := readAll(t, c.in, c.delimiter)
			if got := fmt.Sprintf("%q", rows); got != c.want {
				t.Errorf("cells %s, want %s", got, c.want)
			}
			if got := fmt.Sprint(lines); got != c.lines {
				t.Errorf("lines %s, want %s", got, c.lines)
			}
			if got := strings.Join(faults, "; "); got != c.fault {
				t.Errorf("fault %q, want %q", got, c.fault)
			}
		})
	}
}

// FuzzCSV: what the standard library reads strictly is read the same, but for line ends within cells.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "\"a\"\"b\",c\n", "\"x\ny\",\n\n,", "a,\"b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "\r") {
			return // the standard library changes line ends
		}
		std := csv.NewReader(strings.NewReader(text))
		std.FieldsPerRecord = -1
		want, err := std.ReadAll()
		rows, _, faults := readAll(t, text, ',')
		if err != nil {
			return
		}
		if len(faults) > 0 {
			t.Fatalf("%q: %v", text, faults)
		}
		rows = slices.DeleteFunc(rows, func(r []string) bool { return len(r) == 1 && r[0] == "" })
		want = slices.DeleteFunc(want, func(r []string) bool { return len(r) == 1 && r[0] == "" })
		if fmt.Sprintf("%q", rows) != fmt.Sprintf("%q", want) {
			t.Fatalf("%q: %q, want %q", text, rows, want)
		}
	})
}

func TestARowLargerThanAnyRowIsAnErrorAndNotMemory(t *testing.T) {
	text := "a\n\"" + strings.Repeat("x", largestRow+2)
	r := newCSVReader(bytes.NewReader([]byte(text)), ',')
	if _, _, err := r.next(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.next(); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("want an error that names line 2, got %v", err)
	}
}
