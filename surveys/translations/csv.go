package translations

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"soundings/surveys"
)

// Codes of the faults that a file of translations can have.
const (
	FaultSyntax  = "syntax"   // not CSV
	FaultColumn  = "column"   // a column is missing
	FaultUnknown = "unknown"  // no text of the survey has this key
	FaultTwice   = "twice"    // the key is there already
	FaultChanged = "changed"  // the original is another than the survey's
	FaultTooLong = "too_long" // the translation
	FaultNotText = "not_text" // not UTF-8
	FaultNothing = "nothing"  // there is no line with a translation
)

var (
	columns = []string{"key", "original", "translation"}
	mark    = []byte("\ufeff") // without it a spreadsheet takes UTF-8 for something else
)

// Export writes the texts of a document in one more language as a CSV file with the columns key, original and translation.
// A cell that a spreadsheet would run as a formula gets an apostrophe in front, which Import takes away again.
func Export(w io.Writer, doc *surveys.Document, lang string) error {
	if _, err := w.Write(mark); err != nil {
		return fmt.Errorf("translations: export: %w", err)
	}
	out := csv.NewWriter(w)
	rows := [][]string{columns}
	for _, t := range Texts(doc, lang) {
		rows = append(rows, []string{t.Key, guarded(plain(t.Original)), guarded(plain(t.Translation))})
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("translations: export: %w", err)
	}
	return nil
}

// Import reads a file as Export writes it, and as spreadsheets save it: with or without a byte-order mark, with commas,
// semicolons or tabs, the columns in any order, empty ones beside them. It returns the translations by key. An empty
// translation is none: it takes nothing away. The error names every fault with its line, from 1; then nothing is returned.
func Import(src []byte, doc *surveys.Document, lang string) (map[string]string, error) {
	src = bytes.TrimPrefix(src, mark)
	if !utf8.Valid(src) {
		return nil, invalid(surveys.Faults{{Code: FaultNotText, Line: 1 + bytes.Count(src[:firstInvalid(src)], []byte("\n")),
			Detail: "the file holds bytes that are not text (UTF-8)"}})
	}
	in := csv.NewReader(bytes.NewReader(src))
	in.Comma = delimiter(src)
	in.FieldsPerRecord = -1
	r := reader{in: in, texts: map[string]Text{}, values: map[string]string{}, lines: map[string]int{}}
	for _, t := range Texts(doc, lang) {
		r.texts[t.Key] = t
	}
	if r.header() {
		for r.row() {
		}
	}
	if len(r.faults) == 0 && len(r.values) == 0 {
		r.fault(1, FaultNothing, "", "there is no line with a translation")
	}
	if len(r.faults) > 0 {
		return nil, invalid(r.faults)
	}
	return r.values, nil
}

type reader struct {
	in     *csv.Reader
	at     []int // of the columns
	texts  map[string]Text
	values map[string]string
	lines  map[string]int // by key
	faults surveys.Faults
}

func (r *reader) fault(line int, code, value, format string, args ...any) {
	f := surveys.Fault{Path: value, Code: code, Line: line, Detail: fmt.Sprintf(format, args...)}
	r.faults = append(r.faults, f)
}

// read gives the next row and its line. A row that is no CSV is the last one that can be read.
func (r *reader) read() ([]string, int, bool) {
	row, err := r.in.Read()
	var bad *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return nil, 0, false
	case errors.As(err, &bad):
		r.fault(bad.StartLine, FaultSyntax, "", "this is not a row of a CSV file: %v", bad.Err)
		return nil, 0, false
	case err != nil: // only a reader of bytes is read, so there is no other
		r.fault(0, FaultSyntax, "", "the file cannot be read: %v", err)
		return nil, 0, false
	}
	line, _ := r.in.FieldPos(0)
	return row, line, true
}

func (r *reader) header() bool {
	row, line, ok := r.read()
	if !ok {
		if len(r.faults) == 0 {
			r.fault(1, FaultNothing, "", "the file is empty")
		}
		return false
	}
	for i := range row {
		row[i] = strings.ToLower(strings.TrimSpace(row[i]))
	}
	for _, name := range columns {
		at := slices.Index(row, name)
		if at < 0 {
			r.fault(line, FaultColumn, name, "there is no column %s", name)
		}
		r.at = append(r.at, at)
	}
	return len(r.faults) == 0
}

// row takes in one row and reports whether there may be another.
func (r *reader) row() bool {
	row, line, ok := r.read()
	if !ok {
		return false
	}
	cell := func(column int) string {
		if at := r.at[column]; at < len(row) {
			return row[at]
		}
		return "" // a spreadsheet leaves out empty cells at the end of a row
	}
	key, original, translation := strings.TrimSpace(cell(0)), plain(unguarded(cell(1))), plain(unguarded(cell(2)))
	if key == "" && original == "" && translation == "" {
		return true
	}
	text, known := r.texts[key]
	switch before, twice := r.lines[key]; {
	case !known:
		r.fault(line, FaultUnknown, key, "no text of the survey has the key %s", surveys.Quoted(key))
		return true
	case twice:
		r.fault(line, FaultTwice, key, "the key %s is on line %d already", surveys.Quoted(key), before)
		return true
	case original != plain(text.Original):
		r.fault(line, FaultChanged, key, "the original of %s is not what the survey says now", surveys.Quoted(key))
	case utf8.RuneCountInString(translation) > text.Longest:
		r.fault(line, FaultTooLong, key, "the translation of %s has %d characters; at most %d fit", surveys.Quoted(key), utf8.RuneCountInString(translation), text.Longest)
	case strings.TrimSpace(translation) != "":
		r.values[key] = translation
	}
	r.lines[key] = line
	return true
}

func invalid(faults surveys.Faults) error {
	return &surveys.Error{Kind: surveys.Invalid, Op: "translations: import", Faults: faults}
}

// delimiter is what stands between the names of the columns.
func delimiter(src []byte) rune {
	first, _, _ := bytes.Cut(src, []byte("\n"))
	best := ','
	for _, d := range ",;\t" {
		if bytes.Count(first, []byte(string(d))) > bytes.Count(first, []byte(string(best))) {
			best = d
		}
	}
	return best
}

func firstInvalid(src []byte) int {
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(src)
}

// plain ends lines as Unix does: programs on the way of a file, browsers included, end them as they like.
func plain(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

const formula = "=+-@\t\n"

// guarded puts an apostrophe in front of what a spreadsheet would run, and of what unguarded would otherwise take for
// guarded.
func guarded(text string) string {
	if risky(text) || isGuarded(text) {
		return "'" + text
	}
	return text
}

func unguarded(text string) string {
	if isGuarded(text) {
		return text[1:]
	}
	return text
}

func risky(text string) bool { return text != "" && strings.IndexByte(formula, text[0]) >= 0 }

// isGuarded spares the apostrophe of a word: 's morgens.
func isGuarded(text string) bool {
	return strings.HasPrefix(text, "'") && (risky(text[1:]) || strings.HasPrefix(text[1:], "'"))
}
