package drafts

import (
	"errors"
	"maps"
	"slices"

	"soundings/surveys"
	"soundings/surveys/document"
)

// Publishable is the document as it would be published: normalised, and without what has no meaning in it. A draft keeps
// the options of a question whose kind was changed, and translations of texts that were taken out, so that a change of
// mind loses nothing; respondents never see them.
func (d *Draft) Publishable() surveys.Document {
	doc := clone(d.Document)
	if doc.Purpose != surveys.AboutChange {
		doc.Change = ""
	}
	for i := range doc.Questions {
		fit(&doc.Questions[i])
	}
	for lang, t := range doc.Translations {
		doc.Translations[lang] = fitTranslation(&doc, t)
	}
	doc.Normalise()
	return doc
}

// Faults names everything that keeps the draft from being published.
func (d *Draft) Faults() surveys.Faults {
	doc := d.Publishable()
	_, err := document.Format(&doc)
	var known *surveys.Error
	if errors.As(err, &known) {
		return known.Faults
	}
	return nil
}

// longestScale is the most points a scale can have. A draft keeps the labels of all of them, so that a scale can be made
// shorter and longer again.
const longestScale = 7

// clone copies a document so far that fit and fitTranslation change nothing of the original.
func clone(doc surveys.Document) surveys.Document {
	doc.Questions = slices.Clone(doc.Questions)
	for i := range doc.Questions {
		q := &doc.Questions[i]
		if q.ShowIf != nil {
			condition := *q.ShowIf
			condition.In = slices.Clone(condition.In)
			q.ShowIf = &condition
		}
	}
	doc.Translations = maps.Clone(doc.Translations)
	for lang, t := range doc.Translations {
		t.Questions = maps.Clone(t.Questions)
		doc.Translations[lang] = t
	}
	return doc
}

// fit takes out of a question what its kind does not have. An unknown kind is a fault of its own.
func fit(q *surveys.Question) {
	switch q.Kind {
	case surveys.Scale:
		q.Options, q.Other = nil, false
		if len(q.Labels) > 0 && q.Points > 0 && q.Points <= longestScale {
			q.Labels = append(slices.Clone(q.Labels), make([]string, longestScale)...)[:q.Points]
		}
		return
	case surveys.Choice, surveys.Choices:
	case surveys.Ranking:
		q.Other = false
	case surveys.Recommend, surveys.Text:
		q.Options, q.Other = nil, false
	}
	q.Points, q.Labels, q.Construct, q.Reversed = 0, nil, "", false
}

func fitTranslation(doc *surveys.Document, t surveys.Translation) surveys.Translation {
	if doc.Intro == "" {
		t.Intro = ""
	}
	kept := map[string]surveys.QuestionTranslation{}
	for id, qt := range t.Questions {
		q, ok := doc.Question(id)
		if !ok {
			continue
		}
		if q.Help == "" {
			qt.Help = ""
		}
		if len(q.Labels) == 0 {
			qt.Labels = nil
		}
		if len(qt.Labels) > 0 {
			// A label that was added or taken out since is a text that is missing, or is not asked for.
			qt.Labels = append(slices.Clone(qt.Labels), make([]string, len(q.Labels))...)[:len(q.Labels)]
		}
		options := map[string]string{}
		for option, text := range qt.Options {
			if q.HasOption(option) && option != surveys.OtherOption {
				options[option] = text
			}
		}
		qt.Options = options
		kept[id] = qt
	}
	t.Questions = kept
	return t
}
