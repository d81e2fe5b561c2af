// Package translations lists what a survey has to be translated, takes translations in, and exchanges them as CSV files
// with people who translate elsewhere.
package translations

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"soundings/surveys"
)

// Part is what a text is in its survey.
type Part string

const (
	Title    Part = "title"
	Intro    Part = "intro"
	Question Part = "question"
	Help     Part = "help"
	Label    Part = "label"
	Option   Part = "option"
)

// Text is one text of a survey and its translation. Whatever an author has written has to be translated: a survey with
// a Text that has none cannot be published (see surveys.Document.Validate).
type Text struct {
	Key         string // the path of its faults below translations.<language>, for example questions.worry.options.time
	Part        Part
	Question    int // index of the question, -1 for the title and the introduction
	Place       int // of a label or an option, from 0
	Original    string
	Translation string
	Longest     int // characters
}

// Missing reports whether the text still has to be translated.
func (t Text) Missing() bool { return strings.TrimSpace(t.Translation) == "" }

// Texts lists every text of a document that is written in one more language, in the order of the survey. Questions and
// options without an id of their own cannot be matched and are left out until they have one.
func Texts(doc *surveys.Document, lang string) []Text {
	t := doc.Translations[lang]
	l := lister{}
	l.add(Text{Key: "title", Part: Title, Question: -1, Original: doc.Title, Translation: t.Title, Longest: surveys.LongestTitle})
	l.add(Text{Key: "intro", Part: Intro, Question: -1, Original: doc.Intro, Translation: t.Intro, Longest: surveys.LongestIntro})
	seen := map[string]bool{}
	for i := range doc.Questions {
		q := &doc.Questions[i]
		if q.ID != "" && !seen[q.ID] {
			seen[q.ID] = true
			l.question(i, q, t.Questions[q.ID])
		}
	}
	return l.texts
}

type lister struct{ texts []Text }

func (l *lister) add(t Text) {
	if strings.TrimSpace(t.Original) != "" {
		l.texts = append(l.texts, t)
	}
}

func (l *lister) question(i int, q *surveys.Question, t surveys.QuestionTranslation) {
	at := "questions." + q.ID
	l.add(Text{Key: at + ".text", Part: Question, Question: i, Original: q.Text, Translation: t.Text, Longest: surveys.LongestQuestion})
	l.add(Text{Key: at + ".help", Part: Help, Question: i, Original: q.Help, Translation: t.Help, Longest: surveys.LongestHelp})
	for n, label := range q.Labels {
		translated := ""
		if n < len(t.Labels) {
			translated = t.Labels[n]
		}
		l.add(Text{Key: fmt.Sprintf("%s.labels[%d]", at, n), Part: Label, Question: i, Place: n, Original: label, Translation: translated, Longest: surveys.LongestLabel})
	}
	seen := map[string]bool{}
	for n, o := range q.Options {
		if o.ID != "" && !seen[o.ID] {
			seen[o.ID] = true
			l.add(Text{Key: at + ".options." + o.ID, Part: Option, Question: i, Place: n, Original: o.Text, Translation: t.Options[o.ID], Longest: surveys.LongestOption})
		}
	}
}

// Missing lists the texts that a language lacks.
func Missing(doc *surveys.Document, lang string) []Text {
	return slices.DeleteFunc(Texts(doc, lang), func(t Text) bool { return !t.Missing() })
}

// Set gives a document the translations by key and keeps all others; keys that Texts does not list are passed over. A
// language that the document lacks is added. What other copies of the document hold stays as it is.
func Set(doc *surveys.Document, lang string, values map[string]string) {
	t := doc.Translations[lang]
	t.Questions = maps.Clone(t.Questions)
	if t.Questions == nil {
		t.Questions = map[string]surveys.QuestionTranslation{}
	}
	for _, text := range Texts(doc, lang) {
		value, ok := values[text.Key]
		if !ok {
			continue
		}
		switch text.Part {
		case Title:
			t.Title = value
		case Intro:
			t.Intro = value
		case Question, Help, Label, Option:
			q := &doc.Questions[text.Question]
			t.Questions[q.ID] = set(q, t.Questions[q.ID], text, value)
		}
	}
	doc.Translations = maps.Clone(doc.Translations)
	if doc.Translations == nil {
		doc.Translations = map[string]surveys.Translation{}
	}
	doc.Translations[lang] = t
}

func set(q *surveys.Question, t surveys.QuestionTranslation, text Text, value string) surveys.QuestionTranslation {
	switch text.Part {
	case Question:
		t.Text = value
	case Help:
		t.Help = value
	case Label:
		labels := make([]string, len(q.Labels))
		copy(labels, t.Labels)
		labels[text.Place] = value
		t.Labels = labels
	case Option:
		t.Options = maps.Clone(t.Options)
		if t.Options == nil {
			t.Options = map[string]string{}
		}
		t.Options[q.Options[text.Place].ID] = value
	case Title, Intro: // belong to no question
	}
	return t
}

// Remove takes a language away with all its texts.
func Remove(doc *surveys.Document, lang string) {
	doc.Translations = maps.Clone(doc.Translations)
	delete(doc.Translations, lang)
}
