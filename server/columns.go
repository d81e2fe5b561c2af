package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"soundings/surveys"
	"soundings/surveys/uploads"
)

// matching says which columns of a file feed the fields of an import.
type matching[F ~string] interface {
	Set(f F, column int)
	Missing() []F
}

// choose lets the columns that somebody named feed their fields; the others were told by their headings. A field that the
// file must have and no column feeds is an error that says how to name it.
func choose[F ~string](op string, file *uploads.File, named map[string]string, fields []F, m matching[F]) error {
	for field, heading := range named {
		f := F(strings.ToLower(field))
		if !slices.Contains(fields, f) {
			return wrongUse{fmt.Errorf("--column %s=...: the fields are %s", field, inWords(fields))}
		}
		column, problem := file.Column(heading)
		if problem != "" {
			return wrongUse{fmt.Errorf("--column %s: %s", field, problem)}
		}
		m.Set(f, column)
	}
	for _, f := range m.Missing() {
		return &surveys.Error{Kind: surveys.Invalid, Op: op,
			Message: fmt.Sprintf("no column looks like %q; name it: --column %s=HEADING (the file has %s)", f, f, quoted(file.Headings()))}
	}
	return nil
}

// chosen begins the report of an import: the file, what it holds, and which column feeds what.
func chosen[F ~string](path string, file *uploads.File, holds string, fields []F, columns map[F]int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s\n", filepath.Base(path), file.Format(), holds)
	for _, f := range fields {
		if column, ok := columns[f]; ok {
			fmt.Fprintf(&b, "  %s: column %s\n", f, strconv.Quote(file.Headings()[column]))
		}
	}
	return b.String()
}

func inWords[F ~string](fields []F) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = string(f)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

func quoted(list []string) string {
	names := make([]string, len(list))
	for i, name := range list {
		names[i] = strconv.Quote(name)
	}
	return strings.Join(names, ", ")
}
