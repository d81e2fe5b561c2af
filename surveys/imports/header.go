package imports

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"soundings/surveys"
)

// header knows the columns of a table by their names.
type header struct {
	names  []string         // of each column, for people
	byName map[string][]int // columns by folded name; a column has several names where there are two header rows
}

// readHeader reads the rows above the data. Of two, the first is carried to the right over empty cells, and a column is
// named by it, or by both as "first / second". What a third row says is skipped.
func readHeader(t table, rows int) (*header, error) {
	lines := make([][]string, rows)
	for i := range lines {
		r, ok, err := t.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, &surveys.Error{Kind: surveys.Invalid, Op: "imports", Message: "the file has no header"}
		}
		if r.fault != "" {
			return nil, &surveys.Error{Kind: surveys.Invalid, Op: "imports", Message: "the header cannot be read: " + r.fault}
		}
		lines[i] = slices.Clone(r.cells)
	}
	width := len(lines[0])
	if rows > 1 {
		width = max(width, len(lines[1]))
	}
	h := &header{byName: map[string][]int{}}
	carried := ""
	for column := range width {
		first := trim(row{cells: lines[0]}.cell(column))
		if rows == 1 {
			h.add(column, first)
			continue
		}
		if first == "" {
			first = carried
		}
		carried = first
		second := trim(row{cells: lines[1]}.cell(column))
		if first == "" || second == "" {
			h.add(column, first+second)
			continue
		}
		h.add(column, first+" / "+second, first)
	}
	return h, nil
}

func (h *header) add(column int, names ...string) {
	h.names = append(h.names, names[0])
	for _, name := range names {
		if name != "" {
			h.byName[folded(name)] = append(h.byName[folded(name)], column)
		}
	}
}

func (h *header) width() int { return len(h.names) }

// column finds the one column with a name. Where several have it, "name #2" is the second.
func (h *header) column(name string) (int, string) {
	at := h.byName[folded(name)]
	switch {
	case len(at) == 1:
		return at[0], ""
	case len(at) > 1:
		return 0, h.ambiguous(name, at)
	}
	if cut := strings.LastIndex(name, "#"); cut > 0 {
		n, err := strconv.Atoi(trim(name[cut+1:]))
		if at := h.byName[folded(name[:cut])]; err == nil && n >= 1 && n <= len(at) {
			return at[n-1], ""
		}
	}
	if like, ok := nearest(name, h.names); ok {
		return 0, fmt.Sprintf("the file has no column %q; did you mean %q?", name, like)
	}
	return 0, fmt.Sprintf("the file has no column %q; it has %s", name, listed(h.names))
}

func (h *header) ambiguous(name string, at []int) string {
	full := make([]string, len(at))
	for i, column := range at {
		full[i] = h.names[column]
	}
	// Compact needs equal names side by side, which is how the ones that matter come.
	if distinct := slices.Compact(slices.Clone(full)); len(distinct) == len(full) {
		return fmt.Sprintf("%d columns are called %q; say which: %s", len(at), name, listed(full))
	}
	return fmt.Sprintf("%d columns are called %q; write %q for the second of them", len(at), name, trim(name)+" #2")
}

// found counts how many of the names the header knows.
func (h *header) found(names []columnRef) int {
	n := 0
	for _, c := range names {
		if len(h.byName[folded(c.name)]) > 0 {
			n++
		}
	}
	return n
}

// listed writes a few names in quotation marks.
func listed(names []string) string {
	const most = 8
	var b strings.Builder
	for i, name := range names {
		if i == most {
			fmt.Fprintf(&b, " and %d more", len(names)-most)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Quote(name))
	}
	return b.String()
}
