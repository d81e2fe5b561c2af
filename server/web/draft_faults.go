package web

import (
	"regexp"
	"strconv"
	"strings"

	"soundings/surveys"
)

// paths of faults, as surveys.Document.Validate writes them.
type faultPath struct {
	question int // from 0; -1: of the survey itself
	field    string
	index    string // of a label, option or construct
}

func readPath(path string) faultPath {
	match := regexp.MustCompile(`^(questions|constructs)\[(\d+)\](?:\.(\w+))?(?:\[(\d+)\])?`).FindStringSubmatch(path)
	if match == nil {
		field, _, _ := strings.Cut(path, ".")
		return faultPath{-1, field, ""}
	}
	if match[1] == "constructs" {
		return faultPath{-1, "construct", match[2]}
	}
	at, err := strconv.Atoi(match[2])
	if err != nil {
		at = -1
	}
	return faultPath{at, match[3], match[4]}
}

// target is the id of the field a fault belongs to; empty if the page has none.
func (p faultPath) target(path string) string {
	if p.question < 0 {
		switch p.field {
		case "construct":
			return "construct" + p.index
		case "show_results":
			return "results"
		case "title", "purpose", "change", "language", "anonymity", "minimum", "intro":
			return p.field
		case "questions":
			return "add"
		}
		return ""
	}
	id := "q" + strconv.Itoa(p.question) + "-"
	switch p.field {
	case "options":
		return id + "option" + or0(p.index)
	case "labels":
		return id + "label" + or0(p.index)
	case "show_if":
		if strings.Contains(path, "show_if.in") {
			return id + "in"
		}
		return id + "if"
	}
	return id + p.field
}

func or0(index string) string {
	if index == "" {
		return "0"
	}
	return index
}

// label names the place of a fault in the summary.
func (b *draftBuilder) label(p faultPath) string {
	if p.question < 0 {
		return b.say("draft_about_survey")
	}
	return b.say("draft_question_n", "N", b.Number(p.question+1))
}

// readFaults puts each fault beside its field and into the summary. Ids that are missing are made from the texts that
// are missing too, so they are not spoken of; and of each translation there is one line, because its own page says more.
func (b *draftBuilder) readFaults(faults surveys.Faults) {
	languages := map[string]int{}
	var order []string
	for _, f := range faults {
		if f.Code == surveys.FaultRequired && strings.HasSuffix(f.Path, ".id") {
			continue
		}
		if rest, ok := strings.CutPrefix(f.Path, "translations."); ok {
			lang, _, _ := strings.Cut(rest, ".")
			if languages[lang] == 0 {
				order = append(order, lang)
			}
			languages[lang]++
			continue
		}
		b.counted++
		text := b.fault("draft_fault_", f, "Value", surveys.Quoted(f.Args["value"]))
		p := readPath(f.Path)
		target := p.target(f.Path)
		if strings.HasPrefix(f.Path, "questions[") && p.field == "options" && p.index == "" {
			text = b.say("draft_fault_options")
		}
		if target == "add" {
			text = b.say("draft_fault_no_question")
		}
		b.lines = append(b.lines, faultLine{Target: target, Label: b.label(p), Text: text})
		if target != "" && !strings.Contains(b.faults[target], text) {
			b.faults[target] = strings.TrimSpace(b.faults[target] + " " + text)
		}
	}
	for _, lang := range order {
		b.counted++
		text := b.count("draft_fault_translation", languages[lang])
		b.lines = append(b.lines, faultLine{Label: b.languageName(lang), Text: text})
	}
}
