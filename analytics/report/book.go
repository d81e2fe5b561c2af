package report

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// Limits of Excel.
const (
	longestSheetName = 31      // UTF-16 units
	longestCell      = 32767   // UTF-16 units
	mostRows         = 1 << 20 // of a sheet
)

const headHeight = 48 // points: three lines

// look is how a cell is formatted.
type look int

const (
	plain look = iota
	heading
	bold
	wrapped // long texts
	whole   // 1,234
	precise // 61.2
	share   // 0.27
	dated
	withheld // a figure that may not be told
	looks
)

// book is a workbook that is written sheet by sheet, each row by row, so that memory does not grow with its rows.
type book struct {
	file   *excelize.File
	used   map[string]bool // names of sheets, in lower case
	styles [looks]int
}

// newBook begins a workbook. Close it.
func newBook() (*book, error) {
	b := &book{file: excelize.NewFile(), used: map[string]bool{"history": true}} // Excel keeps that name to itself
	day, one, two := "yyyy-mm-dd", "0.0", "0.00"
	font := func(f excelize.Font) *excelize.Font { f.Family, f.Size = "Calibri", 11; return &f }
	top := &excelize.Alignment{Vertical: "top"}
	wrap := &excelize.Alignment{Vertical: "top", WrapText: true}
	for kind, style := range map[look]*excelize.Style{
		plain:    {Alignment: top},
		heading:  {Font: font(excelize.Font{Bold: true}), Alignment: wrap, Border: []excelize.Border{{Type: "bottom", Style: 1, Color: "8A8F96"}}},
		bold:     {Font: font(excelize.Font{Bold: true}), Alignment: top},
		wrapped:  {Alignment: wrap},
		whole:    {NumFmt: 3, Alignment: top},
		precise:  {CustomNumFmt: &one, Alignment: top},
		share:    {CustomNumFmt: &two, Alignment: top},
		dated:    {CustomNumFmt: &day, Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left"}},
		withheld: {Font: font(excelize.Font{Italic: true, Color: "5B6470"}), Alignment: wrap, Fill: excelize.Fill{Type: "pattern", Pattern: 14, Color: []string{"E4E7EB"}}},
	} {
		id, err := b.file.NewStyle(style)
		if err != nil {
			return nil, fmt.Errorf("report: style: %w", err)
		}
		b.styles[kind] = id
	}
	return b, nil
}

// close removes what the workbook kept outside memory.
func (b *book) close() error { return b.file.Close() }

// writeTo writes the workbook without holding it in memory.
func (b *book) writeTo(w io.Writer) error {
	b.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w) })
	return b.file.Write(io.Discard)
}

// sheetName is a name that Excel takes, that no other sheet has.
func (b *book) sheetName(wanted string) string {
	name := strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || r < ' ' {
			return ' '
		}
		return r
	}, clean(wanted)), "' ")
	base := shortened(name, longestSheetName)
	if base == "" {
		base = "–"
	}
	name = base
	for i := 2; b.used[strings.ToLower(name)]; i++ {
		end := fmt.Sprintf(" %d", i)
		name = strings.TrimRight(shortened(base, longestSheetName-len(end)), "' ") + end
	}
	b.used[strings.ToLower(name)] = true
	return name
}

// clean takes out what an XML file cannot hold, and what Excel would take for a code.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// shortened cuts a text to a number of UTF-16 units, between characters.
func shortened(text string, most int) string {
	units := 0
	for at, r := range text {
		if units += utf16.RuneLen(r); units > most {
			return text[:at]
		}
	}
	return text
}

// cellText is a text as it stands in a cell: guarded as in CSV, so that it is the same in both, and cut with a mark to
// what Excel takes.
func cellText(text string) string {
	text = guarded(clean(text))
	if cut := shortened(text, longestCell); cut != text {
		return shortened(text, longestCell-1) + "…"
	}
	return text
}

// column is the head of a column, how wide it is in characters, and how its cells look.
type column struct {
	head  string
	width float64
	look  look
}

// sheet is one sheet under way. Excel's rows end after a million; what follows goes into another sheet like it.
type sheet struct {
	book    *book
	name    string
	columns []column
	stream  *excelize.StreamWriter
	row     int // written
}

// sheet begins a sheet with the heads of its columns, which stay in sight; none without columns' heads.
func (b *book) sheet(name string, columns []column) (*sheet, error) {
	s := &sheet{book: b, name: b.sheetName(name), columns: columns}
	if len(b.used) == 2 {
		if err := b.file.SetSheetName("Sheet1", s.name); err != nil {
			return nil, fmt.Errorf("report: sheet: %w", err)
		}
	} else if _, err := b.file.NewSheet(s.name); err != nil {
		return nil, fmt.Errorf("report: sheet: %w", err)
	}
	if err := b.onPaper(s.name); err != nil {
		return nil, err
	}
	var err error
	if s.stream, err = b.file.NewStreamWriter(s.name); err != nil {
		return nil, fmt.Errorf("report: sheet: %w", err)
	}
	titled := false
	heads := make([]any, len(columns))
	for i, c := range columns {
		if err := s.stream.SetColWidth(i+1, i+1, c.width); err != nil {
			return nil, fmt.Errorf("report: sheet: %w", err)
		}
		heads[i], titled = excelize.Cell{StyleID: b.styles[heading], Value: cellText(c.head)}, titled || c.head != ""
	}
	if !titled {
		return s, nil
	}
	if err := s.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, fmt.Errorf("report: sheet: %w", err)
	}
	return s, s.put(heads, excelize.RowOpts{Height: headHeight})
}

// onPaper lays a sheet out for printing: across, all columns on one page.
func (b *book) onPaper(name string) error {
	fit, across, one, any := true, "landscape", 1, 0
	err := b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit})
	if err == nil {
		err = b.file.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &across, FitToWidth: &one, FitToHeight: &any})
	}
	if err != nil {
		return fmt.Errorf("report: sheet: %w", err)
	}
	return nil
}

// cell is a value with a look of its own.
type cell struct {
	value any
	look  look
}

// add writes a row: texts, whole numbers, numbers, days, yes or no, or nothing.
func (s *sheet) add(cells ...any) error {
	if s.row == mostRows {
		if err := s.end(); err != nil {
			return err
		}
		next, err := s.book.sheet(s.name, s.columns)
		if err != nil {
			return err
		}
		*s = *next
	}
	row := make([]any, len(cells))
	for i, c := range cells {
		style := plain
		if i < len(s.columns) {
			style = s.columns[i].look
		}
		if styled, ok := c.(cell); ok {
			c, style = styled.value, styled.look
		}
		switch value := c.(type) {
		case nil:
			if style == plain {
				continue // an empty cell is none
			}
		case string:
			c = cellText(value)
		case day:
			c = time.Time(value)
		}
		row[i] = excelize.Cell{StyleID: s.book.styles[style], Value: c}
	}
	return s.put(row)
}

func (s *sheet) put(row []any, options ...excelize.RowOpts) error {
	s.row++
	at, err := excelize.CoordinatesToCellName(1, s.row)
	if err == nil {
		err = s.stream.SetRow(at, row, options...)
	}
	if err != nil {
		return fmt.Errorf("report: sheet: %w", err)
	}
	return nil
}

// filtered gives the heads of the columns their arrows.
func (s *sheet) filtered() error {
	corner, err := excelize.CoordinatesToCellName(len(s.columns), max(s.row, 1))
	if err == nil {
		err = s.book.file.AutoFilter(s.name, "A1:"+corner, nil)
	}
	if err != nil {
		return fmt.Errorf("report: sheet: %w", err)
	}
	return nil
}

// end finishes the sheet; nothing can be added any more.
func (s *sheet) end() error {
	if err := s.stream.Flush(); err != nil {
		return fmt.Errorf("report: sheet: %w", err)
	}
	return nil
}
