package uploads

import (
	"errors"
	"os"
	"slices"

	"soundings/surveys/imports"
)

// sampled is how many rows are looked at to show what a column holds.
const sampled = 3

// File is an open CSV or XLSX file with headings.
type File struct {
	sheet     *imports.Sheet
	head      []imports.Row // the first rows, read ahead
	temporary string        // a copy that goes with the file, or ""
}

// Open opens a CSV or XLSX file and reads its headings. Close it.
func Open(path string) (*File, error) {
	sheet, err := imports.OpenSheet(path)
	if err != nil {
		return nil, err
	}
	f := &File{sheet: sheet}
	for range sampled {
		r, ok, err := sheet.Next()
		if err != nil {
			return nil, errors.Join(err, sheet.Close())
		}
		if !ok {
			break
		}
		r.Cells = slices.Clone(r.Cells)
		f.head = append(f.head, r)
	}
	return f, nil
}

// Close lets go of the file.
func (f *File) Close() error {
	err := f.sheet.Close()
	if f.temporary != "" {
		err = errors.Join(err, os.Remove(f.temporary))
	}
	return err
}

// Format tells what kind of file it is.
func (f *File) Format() string { return f.sheet.Format() }

// Headings lists the columns by what stands above them.
func (f *File) Headings() []string { return f.sheet.Headings() }

// Column finds a column by its heading; the problem, if there is one, is a sentence in English.
func (f *File) Column(heading string) (column int, problem string) { return f.sheet.Column(heading) }

// Sample gives the first few different things that a column holds.
func (f *File) Sample(column int) []string {
	var list []string
	for _, r := range f.head {
		if cell := r.Cell(column); cell != "" && !slices.Contains(list, cell) {
			list = append(list, cell)
		}
	}
	return list
}

// Next gives the next row; ok is false after the last. Its cells are valid until the next row is read.
func (f *File) Next() (r imports.Row, ok bool, err error) {
	if len(f.head) > 0 {
		r := f.head[0]
		f.head = f.head[1:]
		return r, true, nil
	}
	return f.sheet.Next()
}
