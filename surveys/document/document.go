// Package document reads and writes surveys as YAML documents: one survey, one file that people write, keep under
// version control and exchange.
package document

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/goccy/go-yaml/ast"
	"golang.org/x/text/language"
	"soundings/surveys"
)

// MostBytes is the largest document that is read or written.
const MostBytes = 1 << 20

// Codes of the faults that only a written document can have.
const (
	FaultSyntax = "syntax" // not YAML
	FaultType   = "type"   // a list where a text belongs, and the like
)

// Parse reads a survey and accepts nothing it does not know. The error is a *surveys.Error of the kind Invalid that
// holds every fault with its path and its line, from 1, in the order of the lines; a fault in the YAML itself hides the
// others. What the author left out is filled in as by Document.Normalise.
func Parse(src []byte) (*surveys.Document, error) {
	root, faults := tree(src)
	if len(faults) > 0 {
		return nil, invalid(faults)
	}
	if root == nil {
		return nil, invalid(surveys.Faults{{Path: whole, Code: surveys.FaultRequired, Line: 1, Detail: "the document is empty"}})
	}
	r := &reader{lines: map[string]int{"": firstLine(root)}, failed: map[string]bool{}}
	d := r.document(root)
	faults = r.faults
	for _, f := range check(d) {
		if !r.failedAt(f.Path) {
			faults = append(faults, f)
		}
	}
	if len(faults) == 0 {
		return d, nil
	}
	for i := range faults {
		if faults[i].Line == 0 {
			faults[i].Line = r.line(faults[i].Path)
		}
		faults[i].Path = orWhole(faults[i].Path)
	}
	slices.SortStableFunc(faults, func(a, b surveys.Fault) int { return cmp.Compare(a.Line, b.Line) })
	return nil, invalid(faults)
}

func invalid(faults surveys.Faults) error {
	return &surveys.Error{Kind: surveys.Invalid, Op: "survey document", Faults: faults}
}

// check is Validate and, beyond the form of a language tag, whether there is such a language.
func check(d *surveys.Document) surveys.Faults {
	faults := d.Validate()
	faulty := map[string]bool{}
	for _, f := range faults {
		faulty[f.Path] = true
	}
	known := func(path, tag string) {
		if _, err := language.Parse(tag); err != nil && !faulty[path] {
			faults = append(faults, surveys.Fault{Path: path, Code: surveys.FaultUnknown, Args: map[string]string{"value": tag},
				Detail: fmt.Sprintf("there is no language %s; write a tag such as en, de or pt-BR", surveys.Quoted(tag))})
		}
	}
	known("language", d.Language)
	for _, tag := range d.Languages()[1:] {
		known("translations."+tag, tag)
	}
	return faults
}

func (r *reader) document(n ast.Node) *surveys.Document {
	f := r.fields("", n, "title", "purpose", "change", "language", "anonymity", "minimum", "show_results", "intro",
		"constructs", "questions", "translations")
	d := &surveys.Document{}
	// First the defaults, then what is written: a minimum of 0 is then a fault and not silently 5.
	d.Normalise()
	text(f, "title", &d.Title)
	text(f, "purpose", &d.Purpose)
	text(f, "change", &d.Change)
	text(f, "language", &d.Language)
	text(f, "anonymity", &d.Anonymity)
	f.number("minimum", &d.Minimum)
	text(f, "show_results", &d.Results)
	text(f, "intro", &d.Intro)
	for _, e := range f.items("constructs") {
		in := r.fields(e.path, e.node, "id", "name")
		var c surveys.Construct
		text(in, "id", &c.ID)
		text(in, "name", &c.Name)
		d.Constructs = append(d.Constructs, c)
	}
	for _, e := range f.items("questions") {
		d.Questions = append(d.Questions, r.question(e))
	}
	for _, e := range f.keys("translations") {
		if d.Translations == nil {
			d.Translations = map[string]surveys.Translation{}
		}
		d.Translations[e.key] = r.translation(e)
	}
	return d
}

func (r *reader) question(e entry) surveys.Question {
	f := r.fields(e.path, e.node, "id", "kind", "points", "text", "help", "required", "labels", "construct", "reversed",
		"options", "other", "show_if")
	var q surveys.Question
	text(f, "id", &q.ID)
	text(f, "kind", &q.Kind)
	if q.Kind == surveys.Scale {
		q.Points = surveys.DefaultPoints
	}
	f.number("points", &q.Points)
	text(f, "text", &q.Text)
	text(f, "help", &q.Help)
	f.truth("required", &q.Required)
	q.Labels = f.texts("labels")
	text(f, "construct", &q.Construct)
	f.truth("reversed", &q.Reversed)
	for _, e := range f.items("options") {
		q.Options = append(q.Options, r.option(e))
	}
	f.truth("other", &q.Other)
	if f.has("show_if") {
		in := r.fields(join(e.path, "show_if"), f.byName["show_if"], "question", "in")
		q.ShowIf = &surveys.Condition{In: in.texts("in")}
		text(in, "question", &q.ShowIf.Question)
	}
	return q
}

func (r *reader) option(e entry) surveys.Option {
	f := r.fields(e.path, e.node, "id", "text")
	var o surveys.Option
	text(f, "id", &o.ID)
	text(f, "text", &o.Text)
	return o
}

func (r *reader) translation(e entry) surveys.Translation {
	f := r.fields(e.path, e.node, "title", "intro", "questions")
	var t surveys.Translation
	text(f, "title", &t.Title)
	text(f, "intro", &t.Intro)
	for _, q := range f.keys("questions") {
		if t.Questions == nil {
			t.Questions = map[string]surveys.QuestionTranslation{}
		}
		in := r.fields(q.path, q.node, "text", "help", "labels", "options")
		var qt surveys.QuestionTranslation
		text(in, "text", &qt.Text)
		text(in, "help", &qt.Help)
		qt.Labels = in.texts("labels")
		qt.Options = r.translatedOptions(join(q.path, "options"), in.byName["options"])
		t.Questions[q.key] = qt
	}
	return t
}

// translatedOptions reads id: text, or a list of {id, text} as in the question itself.
func (r *reader) translatedOptions(path string, n ast.Node) map[string]string {
	var options map[string]string
	add := func(id, text string) {
		if options == nil {
			options = map[string]string{}
		}
		options[id] = text
	}
	if _, ok := n.(*ast.SequenceNode); !ok {
		for _, e := range r.keys(path, n) {
			add(e.key, r.string(e.path, e.node))
		}
		return options
	}
	for _, e := range r.items(path, n) {
		o := r.option(e)
		switch _, twice := options[o.ID]; {
		case r.failedAt(join(e.path, "id")):
		case o.ID == "":
			r.fault(join(e.path, "id"), surveys.FaultRequired, "the option has no id")
		case twice:
			r.fault(join(e.path, "id"), surveys.FaultDuplicate, "the option %s is translated twice", surveys.Quoted(o.ID))
		case len(o.ID) > longestKey:
			r.fault(join(e.path, "id"), surveys.FaultTooLong, "the id %s is far too long", surveys.Quoted(o.ID))
		default:
			add(o.ID, o.Text)
			// Faults of translations name the option by its id, however it is written.
			r.lines[join(path, o.ID)] = r.line(join(e.path, "id"))
		}
	}
	return options
}
