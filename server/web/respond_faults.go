package web

import (
	"unicode/utf8"

	"soundings/surveys"
)

// take says what is wrong with a field, once beside it and once in the summary, where it links to the target.
func (b *formBuilder) take(field, target, label string) string {
	fault, faulty := b.faults[field]
	if !faulty {
		return ""
	}
	delete(b.faults, field)
	text := b.fault(fault)
	b.lines = append(b.lines, faultLine{Target: target, Label: label, Text: text})
	return text
}

// summary lists every fault in the order of the form, and then those that stand beside no field.
func (b *formBuilder) summary() []faultLine {
	shown := 0
	for _, field := range b.order {
		f, left := b.faults[field]
		if !left || shown == mostStrangers {
			continue
		}
		shown++
		var text string
		switch {
		case field == "receipt":
			text = b.say("fault_receipt")
		case f.Code == surveys.FaultEmpty:
			text = b.say("fault_empty")
		default:
			text = b.say("fault_field", "Field", shortened(field))
		}
		b.lines = append(b.lines, faultLine{Text: text})
	}
	return b.lines
}

// fault is a fault of a field as a sentence.
func (b *formBuilder) fault(f surveys.Fault) string {
	switch f.Code {
	case surveys.FaultRequired:
		return b.say("fault_required")
	case surveys.FaultRepeated:
		return b.say("fault_repeated")
	case surveys.FaultTooLong:
		return b.say("fault_too_long", "Most", b.Number(surveys.LongestText))
	case surveys.FaultNotText:
		return b.say("fault_not_text")
	case surveys.FaultRankTwice:
		return b.say("fault_rank_twice")
	case surveys.FaultRankGap:
		return b.say("fault_rank_gap")
	}
	return b.say("fault_unknown")
}

func shortened(s string) string {
	if utf8.RuneCountInString(s) <= longestFieldShown {
		return s
	}
	return string([]rune(s)[:longestFieldShown]) + "…"
}

// texts are an author's words in one of the document's languages.
type texts struct {
	doc        *surveys.Document
	translated surveys.Translation
	own        bool // the document's own language
	lang       string
}

func textsOf(doc *surveys.Document, lang string) texts {
	translated, ok := doc.Translations[lang]
	return texts{doc: doc, translated: translated, own: !ok, lang: lang}
}

func (t texts) title() string {
	title, _ := t.doc.TitleIn(t.lang)
	return title
}

func (t texts) intro() string {
	if t.own {
		return t.doc.Intro
	}
	return t.translated.Intro
}

func (t texts) text(q *surveys.Question) string {
	if t.own {
		return q.Text
	}
	return t.translated.Questions[q.ID].Text
}

func (t texts) help(q *surveys.Question) string {
	if t.own {
		return q.Help
	}
	return t.translated.Questions[q.ID].Help
}

// label is one of the author's labels, counted from 0.
func (t texts) label(q *surveys.Question, i int) string {
	if labels := t.translated.Questions[q.ID].Labels; !t.own && i < len(labels) {
		return labels[i]
	}
	return q.Labels[i]
}

func (t texts) option(q *surveys.Question, o surveys.Option) string {
	if t.own {
		return o.Text
	}
	return t.translated.Questions[q.ID].Options[o.ID]
}
