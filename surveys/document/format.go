package document

import (
	"slices"
	"strconv"
	"strings"

	"soundings/surveys"
)

// Format writes a normalised document in the one canonical layout: keys in a fixed order, a line for each text.
// Parse reads exactly the same document back. A document with faults is refused as Invalid, one that would be larger
// than MostBytes as TooLarge.
func Format(d *surveys.Document) ([]byte, error) {
	if faults := check(d); len(faults) > 0 {
		return nil, invalid(faults)
	}
	p := &printer{}
	p.pair("title", d.Title)
	p.pair("purpose", string(d.Purpose))
	p.optional("change", d.Change)
	p.pair("language", d.Language)
	p.pair("anonymity", string(d.Anonymity))
	p.raw("minimum", strconv.Itoa(d.Minimum))
	p.pair("show_results", string(d.Results))
	p.optional("intro", d.Intro)
	if len(d.Constructs) > 0 {
		p.list("constructs")
		for _, c := range d.Constructs {
			p.item()
			p.pair("id", c.ID)
			p.pair("name", c.Name)
		}
		p.endList()
	}
	p.list("questions")
	for i := range d.Questions {
		p.question(d, &d.Questions[i])
	}
	p.endList()
	if len(d.Translations) > 0 {
		p.open("translations")
		for _, lang := range d.Languages()[1:] {
			p.translation(d, lang)
		}
		p.close()
	}
	if p.b.Len() > MostBytes {
		return nil, &surveys.Error{Kind: surveys.TooLarge, Op: "survey document", Message: "the survey is larger than 1 MB"}
	}
	return []byte(p.b.String()), nil
}

// printer writes lines of keys and values, two spaces to the right for each block that is open.
type printer struct {
	b      strings.Builder
	indent int
	dash   bool // the next line starts an item of a list
}

func (p *printer) question(d *surveys.Document, q *surveys.Question) {
	p.item()
	p.pair("id", q.ID)
	p.pair("kind", string(q.Kind))
	if q.Kind == surveys.Scale {
		p.raw("points", strconv.Itoa(q.Points))
	}
	p.pair("text", q.Text)
	p.optional("help", q.Help)
	p.flag("required", q.Required)
	p.texts("labels", q.Labels)
	p.optional("construct", q.Construct)
	p.flag("reversed", q.Reversed)
	if len(q.Options) > 0 {
		p.list("options")
		for _, o := range q.Options {
			p.item()
			p.pair("id", o.ID)
			p.pair("text", o.Text)
		}
		p.endList()
	}
	p.flag("other", q.Other)
	if q.ShowIf != nil {
		p.open("show_if")
		p.pair("question", q.ShowIf.Question)
		values := slices.Clone(q.ShowIf.In)
		if on, ok := d.Question(q.ShowIf.Question); !ok || !on.Scored() {
			for i, id := range values {
				values[i] = onOneLine(id)
			}
		}
		p.raw("in", "["+strings.Join(values, ", ")+"]")
		p.close()
	}
}

func (p *printer) translation(d *surveys.Document, lang string) {
	t := d.Translations[lang]
	p.open(onOneLine(lang))
	p.pair("title", t.Title)
	p.optional("intro", t.Intro)
	p.open("questions")
	for _, q := range d.Questions {
		qt := t.Questions[q.ID]
		p.open(onOneLine(q.ID))
		p.pair("text", qt.Text)
		p.optional("help", qt.Help)
		p.texts("labels", qt.Labels)
		if len(q.Options) > 0 {
			p.open("options")
			for _, o := range q.Options {
				p.pair(onOneLine(o.ID), qt.Options[o.ID])
			}
			p.close()
		}
		p.close()
	}
	p.close()
	p.close()
}

// open starts a block of keys below a key.
func (p *printer) open(key string) {
	p.raw(key, "")
	p.indent += 2
}

func (p *printer) close() { p.indent -= 2 }

// list starts a list below a key; each item starts with item.
func (p *printer) list(key string) {
	p.raw(key, "")
	p.indent += 4
}

func (p *printer) endList() { p.indent -= 4 }

func (p *printer) item() { p.dash = true }

// raw writes a key and a value that needs no quoting; both are the caller's promise.
func (p *printer) raw(key, value string) {
	if p.dash {
		p.b.WriteString(strings.Repeat(" ", p.indent-2) + "- ")
		p.dash = false
	} else {
		p.b.WriteString(strings.Repeat(" ", p.indent))
	}
	p.b.WriteString(key + ":")
	if value != "" {
		p.b.WriteString(" " + value)
	}
	p.b.WriteString("\n")
}

func (p *printer) pair(key, value string) { p.raw(key, scalar(value, p.indent+2)) }

func (p *printer) optional(key, value string) {
	if value != "" {
		p.pair(key, value)
	}
}

func (p *printer) flag(key string, value bool) {
	if value {
		p.raw(key, "true")
	}
}

func (p *printer) texts(key string, texts []string) {
	if len(texts) == 0 {
		return
	}
	p.raw(key, "")
	for _, t := range texts {
		p.b.WriteString(strings.Repeat(" ", p.indent+2) + "- " + scalar(t, p.indent+4) + "\n")
	}
}
