package tally

import (
	"database/sql"
	"strconv"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// line is a row of a query, cell by cell. A page of all questions of two waves reads forty thousand rows: with reflection
// that took most of its time.
type line struct {
	cells   []sql.RawBytes
	targets []any
	at      int
	texts   map[string]string // each once
	err     error
}

// eachLine visits the rows of a query, each of which is read from its first cell on.
func eachLine(op string, query *gorm.DB, visit func(*line)) error {
	rows, err := query.Rows()
	if err != nil {
		return store.Translate(op, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return store.Translate(op, err)
	}
	l := &line{cells: make([]sql.RawBytes, len(columns)), texts: map[string]string{}}
	for i := range l.cells {
		l.targets = append(l.targets, &l.cells[i])
	}
	for rows.Next() && l.err == nil {
		if l.err = rows.Scan(l.targets...); l.err == nil {
			l.at = 0
			visit(l)
		}
	}
	if l.err != nil {
		return store.Translate(op, l.err)
	}
	return store.Translate(op, rows.Err())
}

func (l *line) next() sql.RawBytes {
	l.at++
	return l.cells[l.at-1]
}

func (l *line) text() string {
	raw := l.next()
	text, ok := l.texts[string(raw)]
	if !ok {
		text = string(raw)
		l.texts[text] = text
	}
	return text
}

func (l *line) number() int64 {
	n, err := strconv.ParseInt(string(l.next()), 10, 64)
	if l.err == nil {
		l.err = err
	}
	return n
}

func (l *line) cell() Cell {
	return Cell{surveys.DepartmentID(l.number()), surveys.BandID(l.number())}
}

// scoreColumns are those that score reads.
const scoreColumns = "n, moved, step, denominator, total, total_squares, lowest, highest, favourable, unfavourable"

func (l *line) score() Score {
	return Score{
		N: int(l.number()), Moved: int(l.number()), Step: int(l.number()), Denominator: l.number(), Total: l.number(), TotalSquares: l.number(),
		Lowest: l.number(), Highest: l.number(), Favourable: int(l.number()), Unfavourable: int(l.number()),
	}
}
