package imports

import (
	"os"
	"path/filepath"

	"soundings/surveys"
)

// Map says which column of a file feeds what: the response map of a YAML file. It is checked against the survey and the
// file's header when an import runs.
type Map struct {
	path       string
	survey     surveyRef
	wave       waveRule
	department groupRule
	band       groupRule
	questions  []questionRule
	encoding   string
	delimiter  string // "" means: find out
	headerRows int
}

// columnRef is a column's name as the map gives it, and where.
type columnRef struct {
	name string
	path string
	line int
}

// surveyRef names a survey by its document, relative to the map's folder, or by its id.
type surveyRef struct {
	document string
	id       surveys.SurveyID
	line     int
}

type waveRule struct {
	column    *columnRef
	label     string // one wave for the whole file
	skipEmpty bool
	line      int
}

// groupRule finds the department or the band of a row. Without column and name there is none.
type groupRule struct {
	column    *columnRef
	name      string            // one for the whole file
	aliases   map[string]string // folded: the name to use instead
	skipEmpty bool
	line      int
}

// questionRule feeds one question.
type questionRule struct {
	id        string
	line      int
	path      string
	columns   []columnRef // the first that is not empty counts
	options   []optionRef // choices and ranking: a column each
	other     *columnRef  // free text beside the options
	labels    []labelRule
	separator string   // choices in one cell
	toOther   bool     // a label nobody knows is free text
	unchosen  []string // what stands in an option's column where it was not chosen, beside nothing
}

type optionRef struct {
	id string
	columnRef
}

// labelRule says what a label means: a point, an option id, or that nothing was answered.
type labelRule struct {
	label   string
	value   string
	missing bool
	path    string
	line    int
}

// ReadMap reads the YAML file of a response map. Its error names every fault with its line.
func ReadMap(path string) (*Map, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, &surveys.Error{Kind: surveys.NotFound, Op: "imports", Message: "the map " + path + " cannot be opened", Err: err}
	}
	m := &Map{path: path, headerRows: 1, encoding: encodingAuto}
	r := &mapReader{}
	if root, ok := r.parse(src); ok {
		m.read(r, root)
	}
	if len(r.faults) > 0 {
		return nil, m.invalid(r.faults)
	}
	return m, nil
}

func (m *Map) invalid(faults surveys.Faults) error {
	return &surveys.Error{Kind: surveys.Invalid, Op: "imports", Message: "the map " + m.path + " cannot be used", Faults: faults}
}

func (m *Map) documentPath() string {
	if filepath.IsAbs(m.survey.document) {
		return m.survey.document
	}
	return filepath.Join(filepath.Dir(m.path), filepath.FromSlash(m.survey.document))
}

func (m *Map) layout() layout {
	return layout{encoding: m.encoding, delimiter: m.delimiter, headerRows: m.headerRows, columns: m.columns()}
}

// columns lists every column the map names.
func (m *Map) columns() []columnRef {
	var list []columnRef
	for _, c := range []*columnRef{m.wave.column, m.department.column, m.band.column} {
		if c != nil {
			list = append(list, *c)
		}
	}
	for _, q := range m.questions {
		list = append(list, q.columns...)
		for _, o := range q.options {
			list = append(list, o.columnRef)
		}
		if q.other != nil {
			list = append(list, *q.other)
		}
	}
	return list
}

func (m *Map) read(r *mapReader, root node) {
	f := r.fields(root, "survey", "wave", "department", "band", "questions", "encoding", "delimiter", "header_rows")
	if n, ok := f.required("survey"); ok {
		m.survey = readSurveyRef(r, n)
	}
	if n, ok := f.required("wave"); ok {
		m.wave = readWave(r, n)
	}
	if n, ok := f.get("department"); ok {
		m.department = readGroup(r, n, true)
	}
	if n, ok := f.get("band"); ok {
		m.band = readGroup(r, n, false)
	}
	if n, ok := f.required("questions"); ok {
		for _, e := range r.entries(n) {
			m.questions = append(m.questions, readQuestion(r, e))
		}
		if len(m.questions) == 0 {
			r.fault(n, surveys.FaultTooFew, "no question is fed by any column")
		}
	}
	if n, ok := f.get("encoding"); ok {
		m.encoding = r.oneOf(n, encodings())
	}
	if n, ok := f.get("delimiter"); ok {
		m.delimiter = r.oneOf(n, delimiterNames())
	}
	if n, ok := f.get("header_rows"); ok {
		m.headerRows = r.number(n, 1, 3)
	}
}

func readSurveyRef(r *mapReader, n node) surveyRef {
	ref := surveyRef{line: n.line}
	if !n.isMap() {
		ref.document = r.text(n)
		return ref
	}
	f := r.fields(n, "id")
	if id, ok := f.required("id"); ok {
		ref.id = surveys.SurveyID(r.number(id, 1, 1<<31))
	}
	return ref
}

func readWave(r *mapReader, n node) waveRule {
	f := r.fields(n, "column", "label", "empty")
	w := waveRule{line: n.line, column: f.column("column"), skipEmpty: f.skips()}
	if label, ok := f.get("label"); ok {
		w.label = trim(r.text(label))
	}
	if (w.column == nil) == (w.label == "") {
		r.fault(n, surveys.FaultRequired, "give either a column (a wave for each value) or a label (one wave for the whole file)")
	}
	return w
}

func readGroup(r *mapReader, n node, named bool) groupRule {
	known := []string{"column", "aliases"}
	if named {
		known = append(known, "name", "empty")
	}
	f := r.fields(n, known...)
	g := groupRule{line: n.line, column: f.column("column"), aliases: map[string]string{}, skipEmpty: f.skips()}
	if name, ok := f.get("name"); ok {
		g.name = trim(r.text(name))
	}
	if (g.column == nil) == (g.name == "") {
		detail := "give a column"
		if named {
			detail = "give either a column (a department for each value) or a name (one for the whole file)"
		}
		r.fault(n, surveys.FaultRequired, "%s", detail)
	}
	if aliases, ok := f.get("aliases"); ok {
		for _, e := range r.entries(aliases) {
			to := trim(r.text(e))
			if before, ok := g.aliases[folded(e.key)]; ok && before != to {
				r.fault(e, surveys.FaultDuplicate, "two aliases read alike and lead to different names")
			}
			g.aliases[folded(e.key)] = to
		}
	}
	return g
}

func readQuestion(r *mapReader, n node) questionRule {
	f := r.fields(n, "column", "columns", "labels", "separator", "options", "other", "unmatched", "unchosen")
	q := questionRule{id: n.key, line: n.line, path: n.path, other: f.column("other")}
	if c := f.column("column"); c != nil {
		q.columns = []columnRef{*c}
	}
	if columns, ok := f.get("columns"); ok {
		for _, e := range r.items(columns) {
			q.columns = append(q.columns, r.column(e))
		}
	}
	if options, ok := f.get("options"); ok {
		for _, e := range r.entries(options) {
			q.options = append(q.options, optionRef{e.key, r.column(e)})
		}
	}
	if labels, ok := f.get("labels"); ok {
		for _, e := range r.entries(labels) {
			l := labelRule{label: e.key, path: e.path, line: e.line, missing: e.isNull()}
			if !l.missing {
				l.value = r.text(e)
			}
			q.labels = append(q.labels, l)
		}
	}
	if separator, ok := f.get("separator"); ok {
		q.separator = r.text(separator)
	}
	if unmatched, ok := f.get("unmatched"); ok {
		q.toOther = r.oneOf(unmatched, []string{surveys.OtherOption, "fault"}) == surveys.OtherOption
	}
	if unchosen, ok := f.get("unchosen"); ok {
		for _, e := range r.items(unchosen) {
			q.unchosen = append(q.unchosen, r.text(e))
		}
	}
	if len(q.columns) == 0 && len(q.options) == 0 && q.other == nil {
		r.fault(n, surveys.FaultRequired, "no column feeds this question; give columns, or options with a column each")
	}
	return q
}
