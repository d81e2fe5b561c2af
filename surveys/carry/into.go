package carry

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/languages"
	"soundings/surveys/people"
)

// Into is an installation that entries are taken into, within one transaction.
type Into struct {
	*Names
	Tx     *gorm.DB
	Secret surveys.Secret // for what is sealed with it
	Today  surveys.Day    // of the organisation
	Now    time.Time

	newDepartments bool
	missing, made  []string // names of departments, in the order they were met
	refused        bool
}

// LongestBy bounds who did something, in characters.
const LongestBy = 254

// earliest is before any entry can have been written.
const earliest = 2000

// writes reports whether everything could be taken in up to here. What comes after a refused entry is only looked at, so
// that whoever mends the file learns of all that is wrong with it.
func (in *Into) writes() bool { return !in.refused && len(in.missing) == 0 }

// refuse notes what is wrong with an entry in the report, and whether it cannot be taken in.
func (in *Into) refuse(r *Report, name string, faults surveys.Faults) bool {
	for _, f := range faults {
		f.Path = strings.TrimSpace(entry(r.Kind, name) + " " + strings.Map(printable, f.Path))
		r.Faults = append(r.Faults, f)
	}
	in.refused = in.refused || len(faults) > 0
	return len(faults) > 0
}

// printable keeps what a file says from writing on the terminal of whoever reads the report.
func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return unicode.ReplacementChar
}

// nowhere stands for a department that is missing. Nothing is written any more then.
const nowhere surveys.DepartmentID = -1

// Department finds a department by its name; "" is none and 0. One that nobody knows is made or noted as missing.
func (in *Into) Department(name string) (surveys.DepartmentID, error) {
	id, ok := in.Departments.ID(name)
	switch {
	case name == "" || ok:
		return id, nil
	case !in.newDepartments:
		if !slices.Contains(in.missing, name) {
			in.missing = append(in.missing, name)
		}
		return nowhere, nil
	}
	id, err := people.AddDepartment(in.Tx, name, 0)
	if err != nil {
		return 0, err
	}
	in.Departments.Add(name, id)
	in.made = append(in.made, name)
	return id, nil
}

// DepartmentsNamed finds several.
func (in *Into) DepartmentsNamed(names []string) ([]surveys.DepartmentID, error) {
	var ids []surveys.DepartmentID
	for _, name := range names {
		id, err := in.Department(name)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids, nil
}

// Change finds a change by its name; "" is none and 0.
func (in *Into) Change(path, name string) (id int64, faults surveys.Faults) {
	return named(in.Changes, path, "change", name)
}

// Idea is Change for an idea.
func (in *Into) Idea(path, name string) (id int64, faults surveys.Faults) {
	return named(in.Ideas, path, "idea", name)
}

func named(all Index[int64], path, what, name string) (int64, surveys.Faults) {
	id, ok := all.ID(name)
	if name != "" && !ok {
		return 0, surveys.Faults{surveys.NewFault(path, "unknown", fmt.Sprintf("there is no %s %q, neither here nor in the file", what, name))}
	}
	return id, nil
}

// StampFaults finds what is wrong with who did something and when.
func (in *Into) StampFaults(path string, s Stamp) surveys.Faults {
	faults := surveys.TextFaults(path+".by", s.By, LongestBy, false)
	if s.At.Year() < earliest || s.At.After(in.Now.Add(24*time.Hour)) {
		faults = append(faults, surveys.NewFault(path+".at", "far", "is no time at which it can have been written"))
	}
	return faults
}

// Under puts faults under a path.
func Under(path string, faults surveys.Faults) surveys.Faults {
	list := slices.Clone(faults)
	for i := range list {
		list[i].Path = path + "." + list[i].Path
	}
	return list
}

// TranslationFaults are those of a text in one more language, and of a key of translations that is no language.
func TranslationFaults(lang string, text surveys.Faults) surveys.Faults {
	path := "translations." + lang
	return append(languages.Faults(path, lang), Under(path, text)...)
}

// StepFaults are those of each of n steps that an entry went through. There must be one.
func StepFaults(path string, n int, of func(i int) surveys.Faults) (faults surveys.Faults) {
	if n == 0 {
		return surveys.Faults{surveys.NewFault(path, "required", "must not be empty")}
	}
	for i := range n {
		faults = append(faults, Under(fmt.Sprintf("%s[%d]", path, i), of(i))...)
	}
	return faults
}

// VersionFaults finds a number of saves that nothing can have.
func VersionFaults(version int) surveys.Faults {
	if version < 1 || version > 1_000_000_000 {
		return surveys.Faults{surveys.NewFault("version", "unknown", "must be how often it was saved, from 1")}
	}
	return nil
}
