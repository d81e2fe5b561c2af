package imports

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/waves"
)

// record is one response that will be stored. Its answers are packed beside it.
type record struct {
	row        [16]byte // a digest of everything in the row
	occurrence int32    // how many equal rows come before it
	packed     int32    // which of the packed answers are its own
	wave       int32
	department int32 // none: the map names no department
	band       int32
}

// comment is one text of a record.
type comment struct {
	record   int32 // the packed index of its record
	question int32
	text     string
}

// collector takes rows in and keeps what is to be stored.
type collector struct {
	p           *plan
	report      *Report
	waves       *names
	departments *names
	bands       *names
	records     []record
	packed      []byte
	comments    []comment

	scratch []byte // the packed answers of the row at hand
	digest  []byte
	texts   []comment
	bad     bool
}

func newCollector(p *plan, report *Report) *collector {
	return &collector{p: p, report: report, scratch: make([]byte, p.packed),
		waves: newNames(nil, MostWaves), departments: newNames(p.m.department.aliases, MostDepartments),
		bands: newNames(p.m.band.aliases, MostBands)}
}

// names gives numbers to names that read alike.
type names struct {
	aliases map[string]string
	index   map[string]int32 // by the folded name
	cells   map[string]int32 // by the cell as it is: folding takes time
	list    []string         // as first met
	most    int
}

func newNames(aliases map[string]string, most int) *names {
	return &names{aliases: aliases, index: map[string]int32{}, cells: map[string]int32{}, most: most}
}

// of is the number of a name. ok is false if there are too many of them.
func (n *names) of(cell string) (i int32, ok bool) {
	if i, ok := n.cells[cell]; ok {
		return i, true
	}
	name := trim(cell)
	if alias, ok := n.aliases[folded(name)]; ok {
		name = alias
	}
	key := folded(name)
	if i, ok = n.index[key]; !ok {
		if len(n.list) == n.most {
			return 0, false
		}
		i = int32(len(n.list))
		n.list = append(n.list, strings.Clone(name))
		n.index[key] = i
	}
	if len(n.cells) < 2*n.most {
		n.cells[strings.Clone(cell)] = i
	}
	return i, true
}

// fault reports something wrong with the row at hand.
func (c *collector) fault(subject, column, class, label string, line int) {
	c.bad = true
	c.report.fault(subject, column, class, label, line)
}

// take takes in one row.
func (c *collector) take(r row) {
	c.bad = false
	defer func() {
		if c.bad {
			c.report.BadRows++
		}
	}()
	if r.fault != "" {
		c.fault(subjectRow, "", r.fault, "", r.line)
		return
	}
	if !slices.ContainsFunc(r.cells, func(s string) bool { return trim(s) != "" }) {
		return
	}
	c.report.Rows++
	if !c.checkWidth(r) || c.skips(r) {
		return
	}
	if !c.readAnswers(r) {
		return
	}
	rec, ok := c.place(r)
	if c.bad || !ok {
		return
	}
	rec.row = c.digestOf(r)
	rec.packed = int32(len(c.records))
	c.records = append(c.records, rec)
	c.packed = append(c.packed, c.scratch...)
	for _, t := range c.texts {
		t.record = rec.packed
		t.text = strings.Clone(t.text) // not the whole row it was cut from
		c.comments = append(c.comments, t)
	}
}

// checkWidth finds rows that a separator too many has shifted.
func (c *collector) checkWidth(r row) bool {
	if r.values != nil {
		return true // what stands beside the table of a sheet is not part of it
	}
	width := len(c.p.names)
	for column := width; column < len(r.cells); column++ {
		if trim(r.cells[column]) != "" {
			c.fault(subjectRow, "", fmt.Sprintf("has more cells than the header has columns (%d)", width), "", r.line)
			return false
		}
	}
	if len(r.cells) < width {
		c.report.Short++
	}
	return true
}

// skips leaves out rows without a wave or department, where the map says so.
func (c *collector) skips(r row) bool {
	m := c.p.m
	switch {
	case m.wave.skipEmpty && trim(r.cell(c.p.wave)) == "":
		c.report.SkippedWave++
	case m.department.skipEmpty && trim(r.cell(c.p.department)) == "":
		c.report.SkippedDepartment++
	default:
		return false
	}
	return true
}

// readAnswers reads all questions, and reports whether there is anything to store.
func (c *collector) readAnswers(r row) bool {
	clear(c.scratch)
	c.texts = c.texts[:0]
	filled := false
	states := c.report.states
	for i, a := range c.p.questions {
		text, s := a.read(r, c.scratch, func(column int, class, label string) {
			c.fault(a.ID, c.p.names[column], class, label, r.line)
		})
		states[i] = s
		filled = filled || s != empty
		if text != "" {
			c.texts = append(c.texts, comment{question: int32(i), text: text})
		}
	}
	if c.p.branching && !c.bad {
		filled = c.dropHidden()
	}
	c.report.countStates()
	if !filled {
		c.report.NothingAnswered++
	}
	return filled
}

// hidden is the state of an answer to a question that is not shown to someone with these answers.
const hidden = unmatched + 1

// dropHidden leaves such answers out, as the form does.
func (c *collector) dropHidden() (filled bool) {
	answers := c.p.answers(c.scratch)
	for i, a := range c.p.questions {
		s := &c.report.states[i]
		if *s == matched && !c.p.doc.Visible(a.Question, answers) {
			a.clear(c.scratch)
			delete(answers, a.ID)
			c.texts = slices.DeleteFunc(c.texts, func(t comment) bool { return t.question == int32(i) })
			*s = hidden
		}
		filled = filled || *s == matched
	}
	return filled
}

// place finds the wave, the department and the band of a row.
func (c *collector) place(r row) (record, bool) {
	m := c.p.m
	rec := record{department: none, band: none}
	wave, ok := c.named(c.waves, r, groupRule{column: m.wave.column, name: m.wave.label}, c.p.wave, subjectWave, waves.LongestLabel)
	rec.wave = wave
	if m.department.column != nil || m.department.name != "" {
		department, found := c.named(c.departments, r, m.department, c.p.department, subjectDepartment, people.LongestName)
		rec.department = department
		ok = ok && found
	}
	if m.band.column != nil && trim(r.cell(c.p.band)) != "" {
		band, found := c.named(c.bands, r, m.band, c.p.band, subjectBand, people.LongestName)
		rec.band = band
		ok = ok && found
	}
	return rec, ok
}

func (c *collector) named(list *names, r row, rule groupRule, column int, subject string, longest int) (int32, bool) {
	cell := rule.name
	heading := ""
	if rule.column != nil {
		cell, heading = r.cell(column), c.p.names[column]
	}
	class := ""
	switch name := trim(cell); {
	case name == "":
		class = "is empty"
	case utf8.RuneCountInString(name) > longest:
		class = fmt.Sprintf("is longer than %d characters", longest)
	default:
		i, ok := list.of(cell)
		if ok {
			return i, true
		}
		class = fmt.Sprintf("has more than %d different values; is this the right column?", list.most)
	}
	c.fault(subject, heading, class, "", r.line)
	return 0, false
}

// digestOf reduces a row to 16 bytes that only an equal row has. Empty cells at its end don't count, since some tools
// leave them off; the length in front of each cell keeps neighbours apart.
func (c *collector) digestOf(r row) (digest [16]byte) {
	cells := r.cells
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	c.digest = c.digest[:0]
	for _, cell := range cells {
		c.digest = strconv.AppendInt(c.digest, int64(len(cell)), 10)
		c.digest = append(c.digest, ':')
		c.digest = append(c.digest, cell...)
	}
	sum := sha256.Sum256(c.digest)
	copy(digest[:], sum[:])
	return digest
}

// identify numbers rows that are equal to the letter, so that each is a response of its own.
func (c *collector) identify() {
	slices.SortFunc(c.records, func(a, b record) int {
		return cmp.Or(bytes.Compare(a.row[:], b.row[:]), cmp.Compare(a.packed, b.packed))
	})
	for i := 1; i < len(c.records); i++ {
		if c.records[i].row == c.records[i-1].row {
			c.records[i].occurrence = c.records[i-1].occurrence + 1
		}
	}
}

// answersOf are the closed answers of a record.
func (c *collector) answersOf(r record) surveys.Answers {
	at := int(r.packed) * c.p.packed
	return c.p.answers(c.packed[at : at+c.p.packed])
}
