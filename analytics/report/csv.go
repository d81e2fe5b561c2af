package report

import (
	"bufio"
	"io"
	"strings"
)

// csvWriter writes RFC 4180: CR LF between rows, and quotation marks where a cell needs them. encoding/csv with CR LF
// would rewrite the line ends inside a comment.
type csvWriter struct {
	out *bufio.Writer
}

func newCSVWriter(w io.Writer) *csvWriter { return &csvWriter{bufio.NewWriterSize(w, 1<<16)} }

func (w *csvWriter) row(cells []string) error {
	for i, cell := range cells {
		if i > 0 {
			w.out.WriteByte(',') // bufio keeps the first error for Flush and for the last write of the row
		}
		if !strings.ContainsAny(cell, "\",\r\n") {
			w.out.WriteString(cell)
			continue
		}
		w.out.WriteByte('"')
		w.out.WriteString(strings.ReplaceAll(cell, `"`, `""`))
		w.out.WriteByte('"')
	}
	_, err := w.out.WriteString("\r\n")
	return err
}

func (w *csvWriter) flush() error { return w.out.Flush() }

// guarded keeps a spreadsheet from running a text as a formula: one that begins with = + - @, a tab or a carriage return
// gets an apostrophe in front, and is otherwise exactly what was written.
func guarded(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

// Table writes a CSV file of texts that are no figures, a list of entries for example, row by row. Every cell is kept from
// being run as a formula, as in the files of responses.
type Table struct{ out *csvWriter }

// NewTable begins a table with its header.
func NewTable(w io.Writer, header ...string) (*Table, error) {
	t := &Table{newCSVWriter(w)}
	return t, t.Row(header...)
}

// Row adds a row.
func (t *Table) Row(cells ...string) error {
	safe := make([]string, len(cells))
	for i, c := range cells {
		safe[i] = guarded(c)
	}
	return t.out.row(safe)
}

// Flush writes what is still in memory.
func (t *Table) Flush() error { return t.out.flush() }
