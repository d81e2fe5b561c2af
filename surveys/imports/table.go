package imports

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/xuri/excelize/v2"

	"soundings/surveys"
)

// row is one row of a table.
type row struct {
	line   int      // in the file, or the row's number in the sheet; from 1
	cells  []string // as a person sees them; valid until the next row is read
	values []string // the numbers behind the cells of a sheet, before they are rounded for showing; nil in a text file
	fault  string   // what is wrong with the row as a whole
}

// cell is "" where the row is shorter.
func (r row) cell(column int) string {
	if column < 0 || column >= len(r.cells) {
		return ""
	}
	return r.cells[column]
}

// value is the cell as it is stored.
func (r row) value(column int) string {
	if column < len(r.values) {
		return r.values[column]
	}
	return r.cell(column)
}

// table gives the rows below the header, one after the other.
type table interface {
	next() (r row, ok bool, err error)
	describe() string // the format, for the report
	Close() error
}

// delimiters are what separates cells, likeliest first.
var delimiters = map[string]byte{"comma": ',', "semicolon": ';', "tab": '\t'}

func delimiterNames() []string { return []string{"comma", "semicolon", "tab"} }

// layout is how a file is laid out, as far as somebody has said so.
type layout struct {
	encoding   string      // auto, or one of encodings
	delimiter  string      // one of delimiterNames, or "" to find it
	headerRows int         // from 1
	columns    []columnRef // that the header is expected to have
}

// openTable opens a file and reads its header.
func openTable(path string, m layout) (table, *header, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, &surveys.Error{Kind: surveys.NotFound, Op: "imports", Message: "the file " + path + " cannot be opened", Err: err}
	}
	head := make([]byte, 8)
	n, err := io.ReadFull(file, head)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return nil, nil, errors.Join(unreadable(err), file.Close())
	}
	switch head = head[:n]; {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return openSheet(file, m)
	case bytes.HasPrefix(head, []byte{0xD0, 0xCF, 0x11, 0xE0}):
		err = &surveys.Error{Kind: surveys.Invalid, Op: "imports", Message: path + " is an old Excel file (.xls); save it as .xlsx or .csv"}
		return nil, nil, errors.Join(err, file.Close())
	}
	t, names, err := openText(file, m)
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return t, names, nil
}

// textTable is a CSV file.
type textTable struct {
	*csvReader
	file      *os.File
	encoding  string
	delimiter string
}

func (t *textTable) Close() error     { return t.file.Close() }
func (t *textTable) describe() string { return "CSV, " + t.encoding + ", " + t.delimiter }

// openText finds the encoding and the delimiter. The right delimiter is the one with which the header has the columns
// that the map names.
func openText(file *os.File, m layout) (table, *header, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, nil, unreadable(err)
	}
	encoding, err := encodingOf(file, m.encoding)
	if err != nil {
		return nil, nil, unreadable(err)
	}
	try := func(delimiter string) (*textTable, *header, error) {
		in, err := decoded(file, encoding)
		if err != nil {
			return nil, nil, err
		}
		t := &textTable{newCSVReader(in, delimiters[delimiter]), file, encoding, delimiter}
		h, err := readHeader(t, m.headerRows)
		return t, h, err
	}
	best, bestFound, bestWidth := m.delimiter, -1, 0
	if best == "" {
		for _, name := range delimiterNames() {
			_, h, err := try(name)
			if err != nil {
				continue // with the wrong delimiter even a good header may be unreadable
			}
			if found := h.found(m.columns); found > bestFound || found == bestFound && h.width() > bestWidth {
				best, bestFound, bestWidth = name, found, h.width()
			}
		}
	}
	if best == "" {
		best = delimiterNames()[0] // to say what is wrong
	}
	// The file is read again from the beginning: the readers of other delimiters have moved on.
	return try3(try(best))
}

// try3 turns a typed nil into a plain one.
func try3(t *textTable, h *header, err error) (table, *header, error) {
	if err != nil {
		return nil, nil, err
	}
	return t, h, nil
}

// sheetTable is the first sheet of an XLSX file, read twice side by side: as it is shown and as it is stored.
type sheetTable struct {
	file          *os.File
	book          *excelize.File
	shown, stored *excelize.Rows
	name          string
	line          int
}

func openSheet(file *os.File, m layout) (table, *header, error) {
	t := &sheetTable{file: file}
	h, err := t.open(m)
	if err != nil {
		return nil, nil, errors.Join(err, t.Close())
	}
	return t, h, nil
}

const (
	mostUnzipped = 1 << 30  // bytes of all parts of a spreadsheet; more is a bomb, or not for this program
	inMemory     = 64 << 20 // larger parts are read from a temporary file
)

func (t *sheetTable) open(m layout) (*header, error) {
	if _, err := t.file.Seek(0, io.SeekStart); err != nil {
		return nil, unreadable(err)
	}
	var err error
	if t.book, err = excelize.OpenReader(t.file, excelize.Options{UnzipSizeLimit: mostUnzipped, UnzipXMLSizeLimit: inMemory}); err != nil {
		return nil, unreadable(err)
	}
	t.name = t.book.GetSheetName(0)
	if t.shown, err = t.book.Rows(t.name); err != nil {
		return nil, unreadable(err)
	}
	if t.stored, err = t.book.Rows(t.name); err != nil {
		return nil, unreadable(err)
	}
	return readHeader(t, m.headerRows)
}

func (t *sheetTable) describe() string { return fmt.Sprintf("XLSX, sheet %q", t.name) }

func (t *sheetTable) Close() error {
	var errs []error
	for _, rows := range []*excelize.Rows{t.shown, t.stored} {
		if rows != nil {
			errs = append(errs, rows.Close())
		}
	}
	if t.book != nil {
		errs = append(errs, t.book.Close())
	}
	return errors.Join(append(errs, t.file.Close())...)
}

func (t *sheetTable) next() (row, bool, error) {
	if !t.shown.Next() || !t.stored.Next() {
		if err := errors.Join(t.shown.Error(), t.stored.Error()); err != nil {
			return row{}, false, unreadable(err)
		}
		return row{}, false, nil
	}
	t.line++
	cells, err := t.shown.Columns()
	if err != nil {
		return row{}, false, unreadable(err)
	}
	values, err := t.stored.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		return row{}, false, unreadable(err)
	}
	return row{line: t.line, cells: cells, values: values}, true, nil
}
