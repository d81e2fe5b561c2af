package web

import (
	"cmp"

	"soundings/surveys"
	"soundings/surveys/drafts"
)

// surveyTitle is what a survey is called for a reader.
type surveyTitle struct {
	Text string
	Lang string // "" where it is the reader's
}

func (s *speech) titled(doc *surveys.Document) surveyTitle {
	text, lang := doc.TitleIn(s.Lang)
	if lang == s.Lang {
		lang = ""
	}
	return surveyTitle{text, lang}
}

// draftTitled is what a draft is called for a reader; it need not have a title yet.
func (p *phrases) draftTitled(d *drafts.Draft) string {
	return cmp.Or(p.titled(&d.Document).Text, p.say("draft_untitled"))
}

// surveyChoice is a survey among others, called what it is for the reader.
type surveyChoice struct {
	choice
	Lang string
}

func (s *speech) surveyChoice(id surveys.SurveyID, doc *surveys.Document, selected bool) surveyChoice {
	title := s.titled(doc)
	return surveyChoice{choice{option: option{idText(int64(id)), title.Text, selected}}, title.Lang}
}
