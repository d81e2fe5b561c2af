package imports

import (
	"bufio"
	"fmt"
	"io"

	"soundings/surveys"
)

// largestRow bounds one row of a CSV file. Beyond it a quotation mark was opened and never closed.
const largestRow = 16 << 20

// What can be wrong with a row.
const (
	faultQuote    = "has a quotation mark in the middle of a quoted cell; inside a cell it must be doubled"
	faultUnclosed = "has a quotation mark that is never closed"
)

// csvReader reads CSV as RFC 4180 describes it, and what other tools write instead where it can mean only one thing:
// rows ended by LF or CR alone, quotation marks inside a cell that does not begin with one, empty cells left off at
// the end of a row. encoding/csv would turn CR LF inside a cell into LF, and cannot tell such exact readings from guesses.
type csvReader struct {
	in        *bufio.Reader
	delimiter byte
	line      int // the line of the file that is read next
	cr        bool
	settled   bool // the first row has ended, so how rows end is known
	text      []byte
	ends      []int
	cells     []string
	fault     string
}

func newCSVReader(in io.Reader, delimiter byte) *csvReader {
	return &csvReader{in: bufio.NewReaderSize(in, 1<<16), delimiter: delimiter, line: 1}
}

// next returns the next row. Its cells are valid until the following call; ok is false after the last row.
func (r *csvReader) next() (row, bool, error) {
	if _, err := r.in.Peek(1); err == io.EOF {
		return row{}, false, nil
	} else if err != nil {
		return row{}, false, unreadable(err)
	}
	r.text, r.ends, r.cells, r.fault = r.text[:0], r.ends[:0], r.cells[:0], ""
	line := r.line
	for more := true; more; {
		var err error
		if more, err = r.cell(); err != nil {
			return row{}, false, unreadable(err)
		}
		r.ends = append(r.ends, len(r.text))
		if len(r.text) > largestRow {
			return row{}, false, &surveys.Error{Kind: surveys.TooLarge, Op: "imports",
				Message: fmt.Sprintf("the row in line %d is larger than 16 MB; is a quotation mark not closed there?", line)}
		}
	}
	// One string for the whole row: a thousand cells need one allocation.
	text, start := string(r.text), 0
	for _, end := range r.ends {
		r.cells = append(r.cells, text[start:end])
		start = end
	}
	return row{line: line, cells: r.cells, fault: r.fault}, true, nil
}

// cell reads one cell and what ends it, and reports whether the row goes on.
func (r *csvReader) cell() (more bool, err error) {
	c, err := r.in.ReadByte()
	if err == io.EOF {
		return false, nil
	}
	if err == nil && c == '"' {
		return r.quoted()
	}
	for ; err == nil; c, err = r.in.ReadByte() {
		switch {
		case c == r.delimiter:
			return true, nil
		case c == '\n' || c == '\r':
			ended, err := r.endsRow(c)
			if ended || err != nil {
				return false, err
			}
		}
		r.text = append(r.text, c)
	}
	if err == io.EOF {
		err = nil
	}
	return false, err
}

// quoted reads the rest of a cell that began with a quotation mark.
func (r *csvReader) quoted() (more bool, err error) {
	for len(r.text) <= largestRow {
		c, err := r.in.ReadByte()
		if err == io.EOF {
			r.fault = faultUnclosed
			return false, nil
		}
		if err != nil {
			return false, err
		}
		switch {
		case c == '\n' || c == '\r' && r.cr:
			r.line++
		case c == '"':
			ended, more, err := r.closing()
			if ended || err != nil {
				return more, err
			}
			continue
		}
		r.text = append(r.text, c)
	}
	return false, nil
}

// closing looks at what follows a quotation mark inside a quoted cell, and reports whether the cell ended there.
func (r *csvReader) closing() (ended, more bool, err error) {
	c, err := r.in.ReadByte()
	switch {
	case err == io.EOF:
		return true, false, nil
	case err != nil:
		return false, false, err
	case c == '"':
		r.text = append(r.text, '"')
		return false, false, nil
	case c == r.delimiter:
		return true, true, nil
	case c == '\n' || c == '\r':
		if ended, err := r.endsRow(c); ended || err != nil {
			return ended, false, err
		}
	}
	if r.fault == "" {
		r.fault = faultQuote
	}
	r.text = append(r.text, '"', c)
	return false, false, nil
}

// endsRow consumes a line end. CR alone ends rows only in files whose first row ends with one.
func (r *csvReader) endsRow(c byte) (bool, error) {
	if c == '\r' {
		after, err := r.in.Peek(1)
		switch {
		case err == nil && after[0] == '\n':
			if _, err := r.in.Discard(1); err != nil {
				return false, err
			}
		case err != nil && err != io.EOF:
			return false, err
		case r.settled && !r.cr && err == nil:
			return false, nil
		default:
			r.cr = r.cr || !r.settled && err == nil
		}
	}
	r.settled = true
	r.line++
	return true, nil
}

func unreadable(err error) error {
	return &surveys.Error{Kind: surveys.Invalid, Op: "imports", Message: "the file cannot be read", Err: err}
}
