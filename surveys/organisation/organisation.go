// Package organisation takes in the departments and bands of another installation, from the tables that export all writes.
package organisation

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/carry"
	"soundings/surveys/people"
	"soundings/surveys/uploads"
)

// Department is a line of the table of departments.
type Department struct {
	Name       string
	Division   string
	Headcount  int // 0: not known
	Archived   bool
	PooledInto string // the name of another one, or ""
}

// Headings of the tables; the export writes them, and whatever other columns there are is not read.
const (
	Name       = "name"
	Division   = "division"
	Headcount  = "headcount"
	Archived   = "archived"
	PooledInto = "pooled_into"
)

// Most is how many lines a table may have.
const Most = 100_000

// ReadDepartments reads a table of departments; it needs no column but the name.
func ReadDepartments(f *uploads.File) ([]Department, error) {
	var list []Department
	var faults surveys.Faults
	err := each(f, func(line int, cell func(heading string) string) {
		d := Department{Name: cell(Name), Division: cell(Division), PooledInto: cell(PooledInto)}
		fault := func(path, value, detail string) {
			faults = append(faults, surveys.Fault{Path: path, Code: people.FaultUnreadable, Detail: strconv.Quote(value) + detail, Line: line})
		}
		var err error
		if text := cell(Headcount); text != "" {
			if d.Headcount, err = strconv.Atoi(text); err != nil {
				fault(Headcount, text, " is not a number of people")
			}
		}
		if text := cell(Archived); text != "" {
			if d.Archived, err = strconv.ParseBool(strings.ToLower(text)); err != nil {
				fault(Archived, text, " is neither true nor false")
			}
		}
		list = append(list, d)
	})
	if err == nil {
		err = surveys.Refusal("organisation: read", faults)
	}
	return list, err
}

// ReadBands reads a table of bands, in their order.
func ReadBands(f *uploads.File) ([]string, error) {
	var list []string
	err := each(f, func(_ int, cell func(string) string) { list = append(list, cell(Name)) })
	return list, err
}

// each goes through the lines of a table with anything in them.
func each(f *uploads.File, line func(number int, cell func(heading string) string)) error {
	const op = "organisation: read"
	if _, problem := f.Column(Name); problem != "" {
		return &surveys.Error{Kind: surveys.Invalid, Op: op, Message: problem}
	}
	columns := map[string]int{}
	for _, heading := range []string{Name, Division, Headcount, Archived, PooledInto} {
		column, problem := f.Column(heading)
		if problem != "" {
			column = -1 // which is empty in every row
		}
		columns[heading] = column
	}
	for n := 0; ; n++ {
		row, ok, err := f.Next()
		switch {
		case err != nil || !ok:
			return err
		case row.Fault != "":
			return &surveys.Error{Kind: surveys.Invalid, Op: op, Message: fmt.Sprintf("line %d: a quotation mark stands in the wrong place or is never closed", row.Line)}
		case n == Most:
			return &surveys.Error{Kind: surveys.TooLarge, Op: op, Message: fmt.Sprintf("the table has more than %d lines", Most)}
		}
		cell := func(heading string) string { return plain(row.Cell(columns[heading])) }
		if slices.ContainsFunc(row.Cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
			line(row.Line, cell)
		}
	}
}

// plain takes off the apostrophe that keeps a spreadsheet from running a text.
func plain(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && rest != "" && strings.ContainsRune("=+-@", rune(rest[0])) {
		return rest
	}
	return cell
}

// here are the departments of an installation, by name.
func here(tx *gorm.DB, names *carry.Names) ([]Department, error) {
	all, err := people.DepartmentsIn(tx)
	if err != nil {
		return nil, err
	}
	list := make([]Department, len(all))
	for i, d := range all {
		list[i] = Department{Name: d.Name, Division: d.Division, Headcount: d.Headcount, Archived: d.Archived, PooledInto: names.Departments.Name(d.PooledInto)}
	}
	return list, nil
}

// TakeInDepartments stores the departments that are not here. One of the same name that says something else stays as it is.
func TakeInDepartments(in *carry.Into, table []Department) (carry.Report, error) {
	// What stands by itself first: the others are pooled into it.
	table = slices.Clone(table)
	slices.SortStableFunc(table, func(a, b Department) int {
		return cmp.Or(cmp.Compare(min(len(a.PooledInto), 1), min(len(b.PooledInto), 1)), cmp.Compare(a.Name, b.Name))
	})
	var archived []surveys.DepartmentID
	report, err := carry.TakeIn(in, carry.Kind[Department]{Name: "departments", Here: here, Label: func(d *Department) string { return d.Name },
		Enter: func(in *carry.Into, d *Department) (surveys.Faults, func() error, error) {
			id, faults, err := d.enter(in)
			if d.Archived && id != 0 {
				archived = append(archived, id)
			}
			return faults, func() error { return nil }, err
		}}, table)
	if err != nil || len(report.Faults) > 0 {
		return report, err
	}
	for _, id := range slices.Backward(archived) { // what is pooled before what it is pooled into
		if err := people.Archive(in.Tx, id); err != nil {
			return report, err
		}
	}
	return report, nil
}

// enter makes a department and pools it.
func (d *Department) enter(in *carry.Into) (surveys.DepartmentID, surveys.Faults, error) {
	into, ok := in.Departments.ID(d.PooledInto)
	if d.PooledInto != "" && !ok {
		return 0, surveys.Faults{surveys.NewFault(PooledInto, people.FaultPool, fmt.Sprintf("there is no department %q that stands for itself", d.PooledInto))}, nil
	}
	id, err := people.NewDepartment(in.Tx, people.Details{Name: d.Name, Division: d.Division, Headcount: d.Headcount})
	if err == nil {
		in.Departments.Add(d.Name, id)
		if into != 0 {
			err = people.Pool(in.Tx, []surveys.DepartmentID{id}, into)
		}
	}
	faults, err := faultsOf(err)
	return id, faults, err
}

// TakeInBands stores the bands that are not here, behind those that are.
func TakeInBands(in *carry.Into, names []string) (carry.Report, error) {
	return carry.TakeIn(in, carry.Kind[string]{Name: "bands", Label: func(name *string) string { return *name },
		Here: func(tx *gorm.DB, _ *carry.Names) (known []string, err error) {
			bands, err := people.BandsIn(tx)
			for _, b := range bands {
				known = append(known, b.Name)
			}
			return known, err
		},
		Enter: func(in *carry.Into, name *string) (surveys.Faults, func() error, error) {
			_, err := people.NewBand(in.Tx, *name)
			faults, err := faultsOf(err)
			return faults, func() error { return nil }, err
		}}, names)
}

// faultsOf tells faults from failures.
func faultsOf(err error) (surveys.Faults, error) {
	var known *surveys.Error
	if errors.As(err, &known) && len(known.Faults) > 0 {
		return known.Faults, nil
	}
	return nil, err
}
