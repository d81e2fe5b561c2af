package imports

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"soundings/surveys"
)

// Classes of faults: what is wrong with a cell, without saying what is in it.
const (
	classUnknown   = "is none of the labels"
	classNumber    = "is neither a label nor a number of the scale"
	classDisagree  = "differs from another column of the question"
	classTooLong   = "is longer than 5,000 characters"
	classNotChosen = "reads like \"not chosen\"; list it under unchosen"
	classRank      = "is not a rank"
	classRankTwice = "is a rank given twice"
	classRankGap   = "leaves out a rank in the middle"
)

// state is what became of a question in one row.
type state int

const (
	empty state = iota
	matched
	unmatched
)

// cellFault reports a fault of one cell.
type cellFault func(column int, class, label string)

// read takes one question's cells: the packed answer into its part of packed, a text as the result.
func (a *answerer) read(r row, packed []byte, fault cellFault) (text string, s state) {
	part := a.part(packed)
	bad := false
	report := func(column int, class, label string) {
		bad = true
		fault(column, class, label)
	}
	switch a.Kind {
	case surveys.Text:
		text = a.readText(r, report)
	case surveys.Ranking:
		a.readRanks(r, part, report)
	case surveys.Choices:
		text = a.readChoices(r, part, report)
	default:
		text = a.readOne(r, part, report)
	}
	if utf8.RuneCountInString(text) > surveys.LongestText {
		report(a.textColumn(), classTooLong, "")
	}
	_, answered := a.unpack(packed)
	switch {
	case bad:
		return "", unmatched
	case answered || text != "":
		return text, matched
	}
	return "", empty
}

func (a *answerer) textColumn() int {
	if a.other != none {
		return a.other
	}
	return a.columns[0]
}

// readText takes the first column that is not empty, exactly as it is.
func (a *answerer) readText(r row, fault cellFault) string {
	text := ""
	for _, column := range a.columns {
		switch cell := r.cell(column); {
		case trim(cell) == "":
		case text == "":
			text = cell
		case text != cell:
			fault(column, classDisagree, "")
		}
	}
	return text
}

// readOne takes the one answer of a scale, recommend or choice question, and the text beside it.
func (a *answerer) readOne(r row, part []byte, fault cellFault) (text string) {
	value := missing
	for _, column := range a.columns {
		cell := r.cell(column)
		if trim(cell) == "" {
			continue
		}
		v := a.value(cell, r.value(column))
		if v == unknown && a.rule.toOther {
			v = len(a.Options) + 1
			if text == "" {
				text = cell
			} else if text != cell {
				fault(column, classDisagree, cell)
			}
		}
		switch {
		case v == unknown && a.Scored():
			fault(column, classNumber, cell)
		case v == unknown:
			fault(column, classUnknown, cell)
		case v == missing || v == value:
		case value == missing:
			value = v
		default:
			fault(column, classDisagree, cell)
		}
	}
	if beside := a.readOther(r); beside != "" {
		// Like on the form: who writes beside the options and ticks nothing has chosen "other".
		if value == missing {
			value = len(a.Options) + 1
		}
		if text != "" && text != beside {
			fault(a.other, classDisagree, "")
		}
		text = beside
	}
	part[0] = byte(value)
	return text
}

func (a *answerer) readOther(r row) string {
	if a.other == none || trim(r.cell(a.other)) == "" {
		return ""
	}
	return r.cell(a.other)
}

// value is what a cell means. The number behind a cell of a sheet counts, not how it is rounded for showing.
func (a *answerer) value(cell, stored string) int {
	if v, ok := a.cache[cell]; ok && (cell == stored || !a.Scored()) {
		return v
	}
	v, ok := a.labels[folded(cell)]
	if !ok {
		v = unknown
		if a.Scored() {
			v = a.valueNamed(wholeNumber(stored))
		}
	}
	const mostCached = 10_000
	if len(a.cache) < mostCached && cell == stored {
		a.cache[strings.Clone(cell)] = v
	}
	return v
}

// wholeNumber takes the zeros off that other tools put behind a whole number: "4.0" is 4.
func wholeNumber(s string) string {
	s = trim(s)
	if whole, zeros, ok := strings.Cut(s, "."); ok && zeros != "" && strings.Trim(zeros, "0") == "" {
		return whole
	}
	return s
}

// readChoices takes options from one cell, cut by the separator, or from a column for each.
func (a *answerer) readChoices(r row, part []byte, fault cellFault) (text string) {
	for _, o := range a.options {
		cell := trim(r.cell(o.column))
		switch {
		case cell == "" || a.unchosen[folded(cell)]:
		case cell == "0" || strings.EqualFold(cell, "false"):
			fault(o.column, classNotChosen, cell)
		default:
			mark(part, o.option)
		}
	}
	var first []byte
	for _, column := range a.columns {
		cell := r.cell(column)
		if trim(cell) == "" {
			continue
		}
		bits := make([]byte, len(part))
		beside := a.split(cell, column, bits, fault)
		if first == nil {
			first, text = bits, beside
			copy(part, bits)
		} else if string(first) != string(bits) || text != beside {
			fault(column, classDisagree, cell)
		}
	}
	if beside := a.readOther(r); beside != "" {
		mark(part, len(a.Options)+1)
		if text != "" && text != beside {
			fault(a.other, classDisagree, "")
		}
		text = beside
	}
	return text
}

// split cuts a cell into options. Labels that hold the separator themselves are recognised, the longest first. What
// is left over is free text where the map says so, in the words and with the separators of the cell.
func (a *answerer) split(cell string, column int, bits []byte, fault cellFault) (text string) {
	parts := []string{cell}
	if a.rule.separator != "" {
		parts = strings.Split(cell, a.rule.separator)
	}
	var beside []string
	for i := 0; i < len(parts); {
		if trim(parts[i]) == "" {
			i++
			continue
		}
		took := 0
		for n := min(a.mostParts, len(parts)-i); n > 0 && took == 0; n-- {
			label := strings.Join(parts[i:i+n], a.rule.separator)
			if v := a.value(label, label); v != unknown {
				took = n
				if v != missing {
					mark(bits, v)
				}
			}
		}
		if took == 0 {
			took = 1
			if a.rule.toOther {
				beside = append(beside, parts[i])
			} else {
				fault(column, classUnknown, parts[i])
			}
		}
		i += took
	}
	if len(beside) == 0 {
		return ""
	}
	mark(bits, len(a.Options)+1)
	text = strings.Join(beside, a.rule.separator)
	if len(parts) > 1 {
		text = trim(text) // the blank behind a separator is no part of what was written
	}
	return text
}

// readRanks takes ranks 1, 2, 3 ... for as many options as were ranked.
func (a *answerer) readRanks(r row, part []byte, fault cellFault) {
	taken := make([]bool, len(a.Options)+1)
	last, most := none, 0
	for _, o := range a.options {
		cell := r.cell(o.column)
		if trim(cell) == "" {
			continue
		}
		rank, err := strconv.Atoi(wholeNumber(r.value(o.column)))
		switch {
		case err != nil || rank < 1 || rank > len(a.Options):
			fault(o.column, classRank, cell)
			return
		case taken[rank]:
			fault(o.column, classRankTwice, cell)
			return
		}
		taken[rank] = true
		part[o.option-1] = byte(rank)
		if rank > most {
			last, most = o.column, rank
		}
	}
	for rank := 1; rank < most; rank++ {
		if !taken[rank] {
			fault(last, classRankGap, "")
			return
		}
	}
}
