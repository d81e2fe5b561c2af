package imports

// Sheet is a CSV file, or the first sheet of an XLSX file, with one row of headings: what other imports read. Encoding
// and delimiter are found as for responses.
type Sheet struct {
	rows   table
	header *header
}

// Row is one row below the headings.
type Row struct {
	Line  int      // in the file, or the row's number in the sheet; from 1
	Cells []string // as a person sees them; valid until the next row is read
	Fault string   // what is wrong with the row as a whole, in English; "" for nothing
}

// Cell is a cell without the space around it, "" where the row is shorter or the column is negative.
func (r Row) Cell(column int) string { return trim(row{cells: r.Cells}.cell(column)) }

// OpenSheet opens a file and reads its headings. Close it.
func OpenSheet(path string) (*Sheet, error) {
	rows, header, err := openTable(path, layout{encoding: encodingAuto, headerRows: 1})
	if err != nil {
		return nil, err
	}
	return &Sheet{rows, header}, nil
}

// Headings lists the columns by what stands above them, "" where nothing does.
func (s *Sheet) Headings() []string { return s.header.names }

// Column finds a column by its heading, without regard to case and space; of several with one heading, "heading #2" is
// the second. The problem, if there is one, is a sentence in English.
func (s *Sheet) Column(heading string) (column int, problem string) { return s.header.column(heading) }

// Next gives the next row; ok is false after the last.
func (s *Sheet) Next() (r Row, ok bool, err error) {
	raw, ok, err := s.rows.next()
	return Row{Line: raw.line, Cells: raw.cells, Fault: raw.fault}, ok, err
}

// Format tells what kind of file it is: "CSV, utf-8, comma".
func (s *Sheet) Format() string { return s.rows.describe() }

// Close lets go of the file.
func (s *Sheet) Close() error { return s.rows.Close() }

// Folded is how names in files are compared: without regard to case, space around them and Unicode form.
func Folded(name string) string { return folded(name) }

// Nearest finds which of the candidates was probably meant by a name that is none of them.
func Nearest(name string, candidates []string) (string, bool) { return nearest(name, candidates) }
