package web

import (
	"slices"
	"strconv"
	"strings"

	"soundings/surveys"
	"soundings/surveys/drafts"
)

// The form of the editor. Each question is a row with a key of its own: the field "q" holds the keys in the order of the
// questions, and q.KEY.text, q.KEY.kind and so on are the row's. Options are rows of a row: q.KEY.option repeated, beside
// q.KEY.optionid.

// What is read of a form at most: a little above what is allowed, so that too many is a fault that can be seen and mended.
const (
	mostRows       = surveys.MostQuestions + 100
	mostOptionRows = surveys.MostOptions + 100
	mostLabels     = 7
)

// draftForm is a posted editor form.
type draftForm struct {
	surveys.Form
	keys   []string        // of the rows, each once, in the order of the questions
	locked map[string]bool // ids of published questions, which never change
}

func newDraftForm(form surveys.Form, locked map[string]bool) draftForm {
	f := draftForm{Form: form, locked: locked}
	for _, key := range form["q"] {
		if len(f.keys) < mostRows && !slices.Contains(f.keys, key) {
			f.keys = append(f.keys, key)
		}
	}
	return f
}

// place is where the row with a key stands, -1 if there is none.
func (f draftForm) place(key string) int { return slices.Index(f.keys, key) }

func (f draftForm) text(field string) string { return tidy(f.First(field)) }

// tidy makes what a browser sent a text: with the line ends of a document, and valid.
func tidy(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "\uFFFD")
}

// document is the survey as it was typed. The form has no translations; they are the stored draft's.
func (f draftForm) document(translations map[string]surveys.Translation) surveys.Document {
	minimum, err := strconv.Atoi(strings.TrimSpace(f.First("minimum")))
	if err != nil {
		minimum = -1 // a fault, where 0 would become the default
	}
	d := surveys.Document{
		Title: strings.TrimSpace(f.text("title")), Purpose: surveys.Purpose(f.text("purpose")), Change: f.text("change"), Language: f.text("language"),
		Anonymity: surveys.Anonymity(f.text("anonymity")), Minimum: minimum, Results: surveys.Timing(f.text("results")),
		Intro: strings.TrimSpace(f.text("intro")), Translations: translations,
	}
	ids := f.Form["constructid"]
	for i, name := range f.Form["construct"] {
		c := surveys.Construct{Name: strings.TrimSpace(tidy(name))}
		if i < len(ids) {
			c.ID = tidy(ids[i])
		}
		if c != (surveys.Construct{}) && i <= surveys.MostConstructs {
			d.Constructs = append(d.Constructs, c)
		}
	}
	seen := map[string]bool{}
	for _, key := range f.keys {
		q := f.question("q." + key)
		if seen[q.ID] {
			q.ID = "" // no browser sends this; a second question must not take over the first one's trend
		}
		seen[q.ID] = true
		d.Questions = append(d.Questions, q)
	}
	return d
}

func (f draftForm) question(row string) surveys.Question {
	points, err := strconv.Atoi(f.First(row + ".points"))
	if err != nil {
		points = 0
	}
	q := surveys.Question{
		ID: f.text(row + ".id"), Kind: surveys.Kind(f.text(row + ".kind")), Points: points,
		Text: strings.TrimSpace(f.text(row + ".text")), Help: strings.TrimSpace(f.text(row + ".help")),
		Required: f.First(row+".required") != "", Reversed: f.First(row+".reversed") != "", Other: f.First(row+".other") != "",
		Construct: f.text(row + ".construct"), Labels: f.labels(row), Options: f.options(row),
	}
	if on := f.text(row + ".if"); on != "" {
		q.ShowIf = &surveys.Condition{Question: on}
		if on == f.text(row+".ifwas") { // the answers on the page belong to the question that was chosen before
			for _, value := range f.Form[row+".in"] {
				q.ShowIf.In = append(q.ShowIf.In, tidy(value))
			}
		}
	}
	return q
}

// labels keeps the labels as typed, without the empty ones at the end.
func (f draftForm) labels(row string) []string {
	var labels []string
	last := 0
	for i, label := range f.Form[row+".label"] {
		if i == mostLabels {
			break
		}
		labels = append(labels, strings.TrimSpace(tidy(label)))
		if labels[i] != "" {
			last = i + 1
		}
	}
	return labels[:last]
}

// options leaves out the empty rows that the page offers for more.
func (f draftForm) options(row string) []surveys.Option {
	var options []surveys.Option
	ids := f.Form[row+".optionid"]
	for i, text := range f.Form[row+".option"] {
		o := surveys.Option{Text: strings.TrimSpace(tidy(text))}
		if i < len(ids) {
			o.ID = tidy(ids[i])
		}
		if o != (surveys.Option{}) && len(options) < mostOptionRows {
			options = append(options, o)
		}
	}
	return options
}

// outcome is what an operation did, for the page that follows: what to say, and where the reader goes on.
type outcome struct {
	did string // a word of draftOperations, or empty
	at  int    // place of the question
	to  int    // place of the option
}

// apply puts what was typed into a draft and then does what the button says: "up.3" moves the row with the key 3.
func (f draftForm) apply(d *drafts.Draft, op string) outcome {
	d.Document = f.document(d.Document.Translations)
	typing := f.place(f.First("typing"))
	verb, rest, _ := strings.Cut(op, ".")
	key, more, _ := strings.Cut(rest, ".")
	at := f.place(key)
	second, err := strconv.Atoi(more)
	if err != nil {
		second = -1
	}
	if verb != "autosave" {
		typing = -1
	}
	for i, key := range f.keys {
		if id := strings.TrimSpace(f.text("q." + key + ".rename")); id != "" && !f.locked[d.Document.Questions[i].ID] {
			d.Rename(i, id)
		}
	}
	d.Name(typing)
	out := f.operate(d, verb, key, at, second)
	d.Name(typing)
	return out
}

func (f draftForm) operate(d *drafts.Draft, verb, key string, at, second int) outcome {
	switch verb {
	case "add":
		return outcome{"add", d.Add(surveys.Kind(key), len(d.Document.Questions)), 0}
	case "back":
		which, err := strconv.Atoi(key)
		if err != nil {
			return outcome{}
		}
		return outcome{"back", d.BringBack(which), 0}
	}
	if at < 0 {
		return outcome{}
	}
	last := len(d.Document.Questions) - 1
	switch verb {
	case "duplicate":
		return outcome{"duplicate", d.Duplicate(at), 0}
	case "delete":
		d.Remove(at)
		return outcome{"delete", max(0, min(at, last-1)), 0}
	case "up":
		d.Move(at, max(0, at-1))
		return outcome{"up", max(0, at-1), 0}
	case "down":
		d.Move(at, min(last, at+1))
		return outcome{"down", min(last, at+1), 0}
	case "move":
		to := max(0, min(last, second))
		d.Move(at, to)
		return outcome{"move", to, 0}
	}
	return operateOption(&d.Document.Questions[at], verb, at, second)
}

func operateOption(q *surveys.Question, verb string, at, option int) outcome {
	switch {
	case verb == "option":
		return outcome{"option", at, len(q.Options)}
	case option < 0 || option >= len(q.Options):
	case verb == "unoption":
		q.Options = slices.Delete(slices.Clone(q.Options), option, option+1)
		return outcome{"unoption", at, min(option, max(0, len(q.Options)-1))}
	case verb == "optionup":
		to := max(0, option-1)
		q.Options = slices.Clone(q.Options)
		q.Options[option], q.Options[to] = q.Options[to], q.Options[option]
		return outcome{"optionup", at, to}
	}
	return outcome{}
}
