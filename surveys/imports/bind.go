package imports

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"soundings/surveys"
)

// none stands for a column that the map does not name.
const none = -1

// plan is a map bound to one survey and to the columns of one file.
type plan struct {
	doc        *surveys.Document
	m          *Map
	names      []string // of the columns
	wave       int
	department int
	band       int
	questions  []*answerer
	branching  bool // some question is shown only after certain answers
	packed     int  // bytes of one packed response
}

// answerer reads the cells of one question.
type answerer struct {
	*surveys.Question
	rule      *questionRule
	columns   []int
	other     int
	options   []optionColumn
	labels    map[string]int // folded label: its value
	mostParts int            // in how many parts the separator cuts the longest label
	unchosen  map[string]bool
	cache     map[string]int // cells met before
	at        int            // where its packed value begins
}

type optionColumn struct{ option, column int }

// Values of cells. Others count from 1: the points of a scale from its lowest, options in their order, "other" last.
const (
	unknown = -1
	missing = 0
)

// bind checks a map against the survey and the columns, and gathers every fault.
func bind(m *Map, doc *surveys.Document, h *header) (*plan, surveys.Faults) {
	b := &binder{m: m, doc: doc, header: h}
	p := &plan{doc: doc, m: m, names: h.names, wave: b.optional(m.wave.column),
		department: b.optional(m.department.column), band: b.optional(m.band.column)}
	for i := range m.questions {
		if a := b.question(&m.questions[i]); a != nil {
			a.at = p.packed
			p.packed += a.packedSize()
			p.questions = append(p.questions, a)
			p.branching = p.branching || a.ShowIf != nil
		}
	}
	b.conditions(p)
	return p, b.faults
}

type binder struct {
	m      *Map
	doc    *surveys.Document
	header *header
	faults surveys.Faults
}

func (b *binder) fault(path string, line int, code, format string, args ...any) {
	b.faults = append(b.faults, surveys.Fault{Path: path, Code: code, Line: line, Detail: fmt.Sprintf(format, args...)})
}

func (b *binder) optional(c *columnRef) int {
	if c == nil {
		return none
	}
	return b.column(*c)
}

func (b *binder) column(c columnRef) int {
	column, problem := b.header.column(c.name)
	if problem != "" {
		b.fault(c.path, c.line, surveys.FaultUnknown, "%s", problem)
	}
	return column
}

func (b *binder) question(rule *questionRule) *answerer {
	q, ok := b.doc.Question(rule.id)
	if !ok {
		ids := make([]string, len(b.doc.Questions))
		for i := range b.doc.Questions {
			ids[i] = b.doc.Questions[i].ID
		}
		if like, ok := nearest(rule.id, ids); ok {
			b.fault(rule.path, rule.line, surveys.FaultUnknown, "the survey has no question %q; did you mean %q?", rule.id, like)
		} else {
			b.fault(rule.path, rule.line, surveys.FaultUnknown, "the survey has no question %q; it has %s", rule.id, listed(ids))
		}
		return nil
	}
	b.allowed(q, rule)
	a := &answerer{Question: q, rule: rule, other: b.optional(rule.other), labels: map[string]int{}, cache: map[string]int{},
		unchosen: map[string]bool{}, mostParts: 1}
	for _, c := range rule.columns {
		a.columns = append(a.columns, b.column(c))
	}
	for _, o := range rule.options {
		option := a.optionValue(o.id)
		if option == unknown {
			b.fault(o.path, o.line, surveys.FaultUnknown, "question %s has no option %q", q.ID, o.id)
			continue
		}
		a.options = append(a.options, optionColumn{option, b.column(o.columnRef)})
	}
	for _, s := range rule.unchosen {
		a.unchosen[folded(s)] = true
	}
	b.labels(a)
	return a
}

// allowed finds keys of a map that mean nothing for the kind of a question.
func (b *binder) allowed(q *surveys.Question, rule *questionRule) {
	refuse := func(used bool, key string) {
		if used {
			b.fault(rule.path+"."+key, rule.line, surveys.FaultNotAllowed, "has no meaning for a question of kind %s", q.Kind)
		}
	}
	optioned := q.Kind == surveys.Choice || q.Kind == surveys.Choices
	refuse(q.Kind == surveys.Ranking && len(rule.columns) > 0, "columns")
	refuse(q.Kind != surveys.Ranking && q.Kind != surveys.Choices && len(rule.options) > 0, "options")
	refuse((q.Kind == surveys.Text || q.Kind == surveys.Ranking) && len(rule.labels) > 0, "labels")
	refuse(q.Kind != surveys.Choices && rule.separator != "", "separator")
	refuse(q.Kind != surveys.Choices && len(rule.unchosen) > 0, "unchosen")
	refuse(!optioned && rule.other != nil, "other")
	refuse(!optioned && rule.toOther, "unmatched")
	switch {
	case optioned && !q.Other && (rule.other != nil || rule.toOther):
		b.fault(rule.path, rule.line, surveys.FaultNotAllowed, "question %s has no free text beside its options (other: true in the survey)", q.ID)
	case q.Kind == surveys.Choices && len(rule.columns) > 0 && len(rule.options) > 0:
		b.fault(rule.path, rule.line, surveys.FaultNotAllowed, "give either columns or options with a column each")
	case q.Kind == surveys.Ranking && len(rule.options) == 0:
		b.fault(rule.path, rule.line, surveys.FaultRequired, "a ranking needs options with a column each")
	}
}

// labels gathers what cells may say: the map's labels first, then the survey's own words in every language, then ids.
func (b *binder) labels(a *answerer) {
	own := map[string]string{}
	for _, l := range a.rule.labels {
		value := missing
		if !l.missing {
			if value = a.valueNamed(l.value); value == unknown {
				b.fault(l.path, l.line, surveys.FaultOutOfRange, "%q is not an answer of question %s; %s", l.value, a.ID, a.answers())
			}
		}
		key := folded(l.label)
		if before, ok := a.labels[key]; ok && before != value {
			b.fault(l.path, l.line, surveys.FaultDuplicate, "reads like the label %q and means something else", own[key])
		}
		own[key] = l.label
		a.labels[key] = value
	}
	for _, w := range a.words(b.doc) {
		key := folded(w.label)
		before, taken := a.labels[key]
		if _, mapped := own[key]; mapped || key == "" {
			continue
		}
		if taken && before != w.value {
			b.fault(a.rule.path, a.rule.line, surveys.FaultDuplicate,
				"the survey says %q for two different answers; give labels for this question", w.label)
		}
		a.labels[key] = w.value
	}
	if separator := a.rule.separator; separator != "" {
		for label := range a.labels {
			a.mostParts = max(a.mostParts, 1+strings.Count(label, folded(separator)))
		}
	}
}

// word is what the survey itself calls an answer.
type word struct {
	label string
	value int
}

func (a *answerer) words(doc *surveys.Document) []word {
	var list []word
	for i, label := range a.Labels {
		list = append(list, word{label, i + 1})
	}
	for i, o := range a.Options {
		list = append(list, word{o.Text, i + 1})
	}
	for _, lang := range doc.Languages()[1:] {
		t := doc.Translations[lang].Questions[a.ID]
		for i, label := range t.Labels {
			list = append(list, word{label, i + 1})
		}
		for i, o := range a.Options {
			list = append(list, word{t.Options[o.ID], i + 1})
		}
	}
	texts := len(list)
	for i, o := range a.Options {
		// An id that happens to be the text of another option means that option.
		if !slices.ContainsFunc(list[:texts], func(w word) bool { return folded(w.label) == folded(o.ID) }) {
			list = append(list, word{o.ID, i + 1})
		}
	}
	return list
}

// valueNamed is the value of a point or an option id as a map writes it.
func (a *answerer) valueNamed(s string) int {
	if !a.Scored() {
		return a.optionValue(s)
	}
	n, err := strconv.Atoi(s)
	low, high := a.Range()
	if err != nil || n < low || n > high {
		return unknown
	}
	return n - low + 1
}

func (a *answerer) optionValue(id string) int {
	for i, o := range a.Options {
		if o.ID == id {
			return i + 1
		}
	}
	if id == surveys.OtherOption && a.Other {
		return len(a.Options) + 1
	}
	return unknown
}

// answers says in words what the question takes.
func (a *answerer) answers() string {
	if a.Scored() {
		low, high := a.Range()
		return fmt.Sprintf("it takes %d to %d", low, high)
	}
	ids := make([]string, 0, len(a.Options)+1)
	for _, o := range a.Options {
		ids = append(ids, o.ID)
	}
	if a.Other {
		ids = append(ids, surveys.OtherOption)
	}
	return "it takes " + listed(ids)
}

// conditions finds questions whose answers would all be dropped, because they are shown only after an answer to a
// question that the file does not feed.
func (b *binder) conditions(p *plan) {
	fed := map[string]bool{}
	for _, a := range p.questions {
		fed[a.ID] = true
	}
	for _, a := range p.questions {
		if a.ShowIf != nil && !fed[a.ShowIf.Question] {
			b.fault(a.rule.path, a.rule.line, surveys.FaultMissing,
				"is shown only after certain answers to %q, which no column feeds; map that question too", a.ShowIf.Question)
		}
	}
}
