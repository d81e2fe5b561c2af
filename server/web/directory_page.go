package web

import (
	"cmp"
	"strconv"
	"strings"

	"soundings/surveys"
	"soundings/surveys/directory"
	"soundings/surveys/uploads"
)

// mostBadLines is how many lines a page names; whoever has more starts with these.
const mostBadLines = 500

// uploadPage is a file that waits: how its columns are matched, and what it would change. Or it is what came of it.
type uploadPage struct {
	frame
	Headline string
	Upload   directory.Upload
	Done     bool
	Columns  []columnChoice
	Plan     *directory.Plan // nil while a required column is missing
	Counts   []countLine
	ManyGone string
	Changed  string // says that the numbers are not those that were seen before
	New      []string
	NewFault string
	NewAgree bool
	Emptied  string
	Heads    bool // set headcounts
	Bad      []badRow
	MoreBad  string
}

// BadTable is the table of the lines that cannot be taken in.
func (p *uploadPage) BadTable() (lineTable, error) { return p.badTable(p.Bad) }

// lineTable names lines of a file.
type lineTable struct {
	*speech
	ID, Title, Column string
	Rows              []badRow
}

// badTable is that of the lines of a file that cannot be taken in.
func (s *speech) badTable(rows []badRow) (lineTable, error) {
	p := &phrases{speech: s}
	return lineTable{s, "bad", p.say("directory_bad_title"), p.say("directory_problem"), rows}, p.err
}

// columnChoice is the choice of a column for a field.
type columnChoice struct {
	Field    string
	Label    string
	Required bool
	Options  []option
	Hint     string
	Fault    string
}

type countLine struct{ Label, Count string }

type badRow struct{ Line, Problem string }

// describe says what a plan changes.
func (p *uploadPage) describe(w *phrases, typed surveys.Form, refusal surveys.Faults) {
	plan := p.Plan
	p.Headline = w.say("directory_sum", "People", w.count("people_people_n", plan.Rows), "File", cmp.Or(p.Upload.FileName, w.say("directory_file")),
		"Added", w.Number(plan.Added), "Changed", w.Number(plan.Changed), "Gone", w.Number(plan.Gone))
	switch {
	case len(plan.Bad) > 0:
		p.Headline = w.count("directory_bad_n", plan.BadLines())
	case plan.Rows == 0:
		p.Headline = w.say("directory_fault_empty")
	}
	p.Counts = []countLine{{w.say("directory_added"), w.Number(plan.Added)}, {w.say("directory_changed"), w.Number(plan.Changed)},
		{w.say("directory_gone"), w.Number(plan.Gone)}, {w.say("directory_unchanged"), w.Number(plan.Unchanged)}}
	if plan.ManyGone() {
		p.ManyGone = w.say("directory_many_gone", "Gone", w.Number(plan.Gone), "Before", w.Number(plan.Before))
	}
	for _, d := range plan.New {
		key := "directory_new_line"
		if d.Meant != "" {
			key = "directory_new_meant"
		}
		p.New = append(p.New, w.say(key, "Department", d.Name, "People", w.count("people_people_n", d.People), "Meant", d.Meant))
	}
	if len(plan.Emptied) > 0 {
		p.Emptied = w.say("directory_emptied", "Departments", w.both(plan.Emptied))
	}
	for _, b := range plan.Bad[:min(len(plan.Bad), mostBadLines)] {
		p.Bad = append(p.Bad, badRow{w.Number(b.Line), w.badLine(b)})
	}
	if more := len(plan.Bad) - len(p.Bad); more > 0 {
		p.MoreBad = w.count("directory_more_n", more)
	}
	p.Heads = typed == nil || typed.First("headcounts") != ""
	p.NewAgree = typed.First("departments") != ""
	for _, f := range refusal {
		switch f.Code {
		case directory.FaultNew:
			p.NewFault = w.fault("directory_fault_", f)
		case directory.FaultChanged:
			p.Changed = w.fault("directory_fault_", f)
		}
	}
}

func (w *phrases) badLine(b directory.Bad) string {
	switch b.Why {
	case directory.NoEmail:
		return w.say("directory_no_email")
	case directory.BadEmail:
		return w.say("directory_bad_email", "Value", b.Value)
	case directory.TwiceEmail:
		return w.say("directory_twice_email", "Value", b.Value, "Other", w.Number(b.Other))
	case directory.NoDepartment:
		return w.say("directory_no_department")
	case directory.ArchivedDepartment:
		return w.say("directory_archived_department", "Value", b.Value)
	case directory.VagueDepartment:
		return w.say("directory_vague_department", "Value", b.Value)
	case directory.UnknownBand:
		if b.Meant != "" {
			return w.say("directory_unknown_band_meant", "Value", b.Value, "Meant", b.Meant)
		}
		return w.say("directory_unknown_band", "Value", b.Value)
	case directory.BadLanguage:
		return w.say("directory_bad_language", "Value", b.Value)
	case directory.BrokenRow:
		return w.say("directory_broken_row")
	}
	return w.say("directory_long")
}

// columnChoices are the choices of a column for each field, as they are or as they were typed.
func (w *phrases) columnChoices(at *waiting, typed surveys.Form, refusal surveys.Faults) ([]columnChoice, error) {
	labels := map[directory.Field]string{
		directory.Email: w.say("directory_email"), directory.Name: w.say("directory_name"), directory.Given: w.say("directory_given"),
		directory.Family: w.say("directory_family"), directory.Department: w.say("directory_department"), directory.Band: w.say("directory_band"),
		directory.Language: w.say("directory_language"),
	}
	faults := w.columnFaults(refusal)
	var choices []columnChoice
	for _, f := range directory.Fields() {
		chosen := ""
		if column, ok := at.matching[f]; ok {
			chosen = strconv.Itoa(column)
		}
		if len(faults) > 0 {
			chosen = typed.First(string(f))
		}
		choice := columnChoice{Field: string(f), Label: labels[f], Required: f.Required(), Fault: faults[string(f)], Options: w.columns(at.file.File, chosen)}
		choice.Hint = w.sample(at.file.File, chosen)
		if f == directory.Band && !at.bands {
			choice.Hint = w.say("directory_no_bands")
		}
		choices = append(choices, choice)
	}
	return choices, w.err
}

// columnFaults are what is wrong with a choice of columns, by field.
func (w *phrases) columnFaults(refusal surveys.Faults) map[string]string {
	faults := map[string]string{}
	for _, f := range refusal {
		if f.Code == columnMissing || f.Code == columnTwice {
			faults[f.Path] = w.fault("directory_fault_", f)
		}
	}
	return faults
}

// columns are the columns of a file to choose from, and none.
func (w *phrases) columns(file *uploads.File, chosen string) []option {
	list := []option{{"", w.say("directory_unused"), chosen == ""}}
	for i, heading := range file.Headings() {
		if strings.TrimSpace(heading) == "" {
			heading = w.say("directory_untitled", "Number", w.Number(i+1))
		}
		list = append(list, option{strconv.Itoa(i), heading, chosen == strconv.Itoa(i)})
	}
	return list
}

// sample shows what the chosen column holds.
func (w *phrases) sample(file *uploads.File, chosen string) string {
	column, err := strconv.Atoi(chosen)
	if err != nil {
		return ""
	}
	list := file.Sample(column)
	for i, text := range list {
		list[i] = shortened(text)
	}
	if len(list) == 0 {
		return ""
	}
	return w.say("directory_sample", "Sample", strings.Join(list, ", "))
}
