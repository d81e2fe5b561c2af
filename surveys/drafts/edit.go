package drafts

import (
	"slices"
	"strings"

	"soundings/surveys"
	"soundings/surveys/document"
)

// mostRemoved bounds how many deleted questions a draft keeps; the oldest go first.
const mostRemoved = 50

// Removed is a question that was deleted and can be brought back, with its texts in other languages.
type Removed struct {
	Question     surveys.Question
	At           int                                    // its place among the questions, from 0
	Translations map[string]surveys.QuestionTranslation `json:",omitempty"` // by language
}

// Add puts a new question of a kind at a place, from 0, and returns that place. Places outside mean the end.
func (d *Draft) Add(kind surveys.Kind, at int) int {
	q := surveys.Question{Kind: kind}
	switch kind {
	case surveys.Scale:
		q.Points = surveys.DefaultPoints
	case surveys.Choice, surveys.Choices, surveys.Ranking:
		q.Options = make([]surveys.Option, 2)
	case surveys.Recommend, surveys.Text:
	}
	return d.insert(q, at)
}

func (d *Draft) insert(q surveys.Question, at int) int {
	if at < 0 || at > len(d.Document.Questions) {
		at = len(d.Document.Questions)
	}
	d.Document.Questions = slices.Insert(slices.Clone(d.Document.Questions), at, q)
	return at
}

// Duplicate puts a copy behind a question, with an id of its own and its texts in other languages. It returns the copy's place.
func (d *Draft) Duplicate(at int) int {
	if !d.has(at) {
		return at
	}
	doc := clone(d.Document)
	from := doc.Questions[at]
	q := from
	q.Options, q.Labels = slices.Clone(q.Options), slices.Clone(q.Labels)
	if q.ShowIf != nil {
		condition := *q.ShowIf
		q.ShowIf = &condition
	}
	q.ID = ""
	if from.ID != "" {
		q.ID = d.unused(document.NameOf(q.Text))
	}
	d.Document = doc
	for _, t := range doc.Translations {
		if qt, ok := t.Questions[from.ID]; ok && q.ID != "" {
			t.Questions[q.ID] = qt
		}
	}
	return d.insert(q, at+1)
}

// Remove deletes a question. It is kept to be brought back.
func (d *Draft) Remove(at int) {
	if !d.has(at) {
		return
	}
	d.Document = clone(d.Document)
	r := Removed{Question: d.Document.Questions[at], At: at}
	for lang, t := range d.Document.Translations {
		if qt, ok := t.Questions[r.Question.ID]; ok {
			if r.Translations == nil {
				r.Translations = map[string]surveys.QuestionTranslation{}
			}
			r.Translations[lang] = qt
			delete(t.Questions, r.Question.ID)
		}
	}
	d.Document.Questions = slices.Delete(d.Document.Questions, at, at+1)
	d.Removed = append(slices.Clone(d.Removed), r)
	d.Removed = d.Removed[max(0, len(d.Removed)-mostRemoved):]
}

// BringBack undoes a deletion and returns the place where the question is again; -1 if there is nothing to bring back.
// which counts the removed questions from 0, the latest last.
func (d *Draft) BringBack(which int) int {
	if which < 0 || which >= len(d.Removed) {
		return -1
	}
	r := d.Removed[which]
	d.Document = clone(d.Document)
	d.Removed = slices.Delete(slices.Clone(d.Removed), which, which+1)
	if _, taken := d.Document.Question(r.Question.ID); taken && r.Question.ID != "" {
		r.Question.ID = d.unused(document.NameOf(r.Question.Text))
	}
	for lang, qt := range r.Translations {
		t, ok := d.Document.Translations[lang]
		if !ok || r.Question.ID == "" {
			continue // the language was taken out since
		}
		if t.Questions == nil {
			t.Questions = map[string]surveys.QuestionTranslation{}
		}
		t.Questions[r.Question.ID] = qt
		d.Document.Translations[lang] = t
	}
	return d.insert(r.Question, r.At)
}

// Move puts a question at another place, both from 0.
func (d *Draft) Move(from, to int) {
	if !d.has(from) || !d.has(to) {
		return
	}
	questions := slices.Clone(d.Document.Questions)
	q := questions[from]
	d.Document.Questions = slices.Insert(slices.Delete(questions, from, from+1), to, q)
}

func (d *Draft) has(at int) bool { return at >= 0 && at < len(d.Document.Questions) }

// Rename gives a question another id, also where other questions and translations name it. Ids that are taken are left
// to be found as faults.
func (d *Draft) Rename(at int, id string) {
	if !d.has(at) || d.Document.Questions[at].ID == id {
		return
	}
	d.Document = clone(d.Document)
	questions := d.Document.Questions
	old := questions[at].ID
	questions[at].ID = id
	if _, still := d.Document.Question(old); old == "" || still || id == "" {
		return // it had no name others could use, or shares it
	}
	for i := range questions {
		if questions[i].ShowIf != nil && questions[i].ShowIf.Question == old {
			questions[i].ShowIf.Question = id
		}
	}
	for _, t := range d.Document.Translations {
		if qt, ok := t.Questions[old]; ok {
			delete(t.Questions, old)
			t.Questions[id] = qt
		}
	}
}

// Name gives every question, option and construct that has a text and no id yet one that is made from the text. An id never changes
// by itself afterwards. The question that is being typed, by its place, waits: half a sentence makes a poor name. -1 is none.
func (d *Draft) Name(typing int) {
	d.Document = clone(d.Document)
	for i := range d.Document.Questions {
		q := &d.Document.Questions[i]
		if i == typing {
			continue
		}
		if q.ID == "" && strings.TrimSpace(q.Text) != "" {
			q.ID = d.unused(document.NameOf(q.Text))
		}
		q.Options = slices.Clone(q.Options)
		nameOptions(q)
	}
	d.Document.Constructs = slices.Clone(d.Document.Constructs)
	constructs := d.Document.Constructs
	for i := range constructs {
		if constructs[i].ID == "" && strings.TrimSpace(constructs[i].Name) != "" {
			constructs[i].ID = document.Numbered(document.NameOf(constructs[i].Name), "construct", func(id string) bool {
				return id == surveys.Openness || id == surveys.Engagement ||
					slices.ContainsFunc(constructs, func(c surveys.Construct) bool { return c.ID == id })
			})
		}
	}
}

func nameOptions(q *surveys.Question) {
	taken := func(id string) bool {
		return id == surveys.OtherOption || slices.ContainsFunc(q.Options, func(o surveys.Option) bool { return o.ID == id })
	}
	for i := range q.Options {
		o := &q.Options[i]
		if o.ID == "" && strings.TrimSpace(o.Text) != "" {
			o.ID = document.Numbered(document.NameOf(o.Text), "option", taken)
		}
	}
}

// unused makes a name an id that no question of the draft has or had.
func (d *Draft) unused(name string) string {
	return document.Numbered(name, "question", func(id string) bool {
		_, ok := d.Document.Question(id)
		return ok || slices.ContainsFunc(d.Removed, func(r Removed) bool { return r.Question.ID == id })
	})
}
