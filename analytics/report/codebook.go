package report

import (
	"slices"
	"strconv"
	"strings"

	"soundings/surveys"
)

// codeBook says what every question asked in every language, in which version, and how it is scored.
func (b *Workbook) codeBook() error {
	var asked []*surveys.Questionnaire
	for _, res := range b.g.Waves {
		if q := res.Wave.Questionnaire; !slices.ContainsFunc(asked, func(other *surveys.Questionnaire) bool { return other.ID == q.ID }) {
			asked = append(asked, q)
		}
	}
	return writeCodeBook(b.book, b.words, asked)
}

// writeCodeBook adds the code book of some questionnaires: a row for each text of each question.
func writeCodeBook(b *book, words Words, asked []*surveys.Questionnaire) error {
	say := words.Say
	s, err := b.sheet(say("codebook"), []column{
		{say("questionnaire"), 14, whole}, {say("id"), 18, plain}, {say("question_version"), 12, whole}, {say("kind"), 16, plain}, {say("construct"), 24, plain}, {say("reversed"), 12, plain},
		{say("required"), 12, plain}, {say("show_if"), 24, wrapped}, {say("scoring"), 48, wrapped}, {say("part"), 18, plain}, {say("value"), 14, plain}, {say("language"), 10, plain}, {say("text"), 70, wrapped},
	})
	if err != nil {
		return err
	}
	for _, q := range asked {
		for i := range q.Document.Questions {
			question := &q.Document.Questions[i]
			about := []any{q.Version, question.ID, q.Versions[question.ID], say("kind_" + string(question.Kind)), nil, nil, words.yes(question.Required), condition(question), words.scoring(question)}
			if question.Construct != "" {
				about[4], about[5] = words.called(q.Document, question.Construct), words.yes(question.Reversed)
			}
			for _, t := range textsOf(q.Document, question) {
				if err := s.add(slices.Concat(about, []any{say("part_" + t.part), t.value, t.language, t.text})...); err != nil {
					return err
				}
			}
		}
	}
	if err := s.filtered(); err != nil {
		return err
	}
	return s.end()
}

func (w Words) yes(is bool) string {
	if is {
		return w.Say("yes")
	}
	return w.Say("no")
}

// scoring says how answers to a question become a number.
func (w Words) scoring(q *surveys.Question) string {
	low, high := q.Range()
	switch {
	case q.Kind == surveys.Scale && q.Reversed:
		return w.Say("scoring_reversed", "High", strconv.Itoa(high), "Span", strconv.Itoa(high-low))
	case q.Kind == surveys.Scale:
		return w.Say("scoring_scale", "Low", strconv.Itoa(low), "Span", strconv.Itoa(high-low))
	}
	return w.Say("scoring_" + string(q.Kind))
}

// condition is when a question is asked: question = answer, answer.
func condition(q *surveys.Question) string {
	if q.ShowIf == nil {
		return ""
	}
	return q.ShowIf.Question + ": " + strings.Join(q.ShowIf.In, ", ")
}

// worded is one text of a question in one language.
type worded struct {
	part           string
	value          any // the point or the option
	language, text string
}

// textsOf lists the texts of a question in all languages: its own, its help, and those of its points or options.
func textsOf(doc *surveys.Document, q *surveys.Question) (list []worded) {
	low, _ := q.Range()
	for _, lang := range doc.Languages() {
		t := surveys.QuestionTranslation{Text: q.Text, Help: q.Help, Labels: q.Labels}
		if lang != doc.Language {
			t = doc.Translations[lang].Questions[q.ID]
		}
		add := func(part string, value any, text string) {
			if text != "" {
				list = append(list, worded{part, value, lang, text})
			}
		}
		add("question", nil, t.Text)
		add("help", nil, t.Help)
		for i, label := range t.Labels {
			add("point", low+i, label)
		}
		for _, o := range q.Options {
			text := o.Text
			if lang != doc.Language {
				text = t.Options[o.ID]
			}
			add("option", o.ID, text)
		}
	}
	return list
}
