package web

import (
	"context"
	"html/template"

	"golang.org/x/text/language"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/markdown"
)

// whyView tells respondents why they are asked: what the change their survey is about says of itself.
type whyView struct {
	Title         string
	Reasons, Plan template.HTML
	More          string // address of all there is to read about it; "" where it is not public
	Lang, Dir     string // of these texts
}

// aboutOf is the change that a survey names, nil where it names none, or one that this installation does not have.
func (s *Server) aboutOf(ctx context.Context, doc *surveys.Document) (*changes.Change, error) {
	if doc.Change == "" {
		return nil, nil
	}
	change, err := changes.ByName(ctx, s.Store, doc.Change)
	if err != nil && surveys.KindOf(err) == surveys.NotFound {
		return nil, nil
	}
	return &change, err
}

func (b *formBuilder) why(about *changes.Change) *whyView {
	if about == nil {
		return nil
	}
	text, lang := about.In(b.Lang)
	return &whyView{text.Title, b.markdown(text.Why), b.markdown(text.What), aboutAddress(about, b.Lang), lang, direction(language.Make(lang))}
}

// markdown is a text of staff as safe HTML.
func (p *phrases) markdown(source string) template.HTML {
	html, err := markdown.HTML(source)
	if err != nil && p.err == nil {
		p.err = err
	}
	return html
}
