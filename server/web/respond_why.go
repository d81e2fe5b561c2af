package web

import (
	"context"
	"html/template"
	"math/rand/v2"

	"golang.org/x/text/language"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/markdown"
	"soundings/surveys/pitches"
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

// pitchView is how the change a survey is about is put to those who are asked.
type pitchView struct {
	HTML      template.HTML
	Lang, Dir string
}

// explain finds out what the survey of a link is about, and how that is put to whoever comes by the link: to the
// department and the band that the link is tied to, else to everyone.
func (s *Server) explain(ctx context.Context, l *linked) error {
	var err error
	if l.about, err = s.aboutOf(ctx, l.doc()); err != nil || l.about == nil {
		return err
	}
	book, err := pitches.Of(ctx, s.Store, l.about.ID)
	if p, ok := book.For(pitches.Place{Department: l.audience.Fixed, Band: l.audience.FixedBand}); ok {
		l.pitch = &p
	}
	if err != nil || l.pitch != nil && l.pitch.Band != 0 || l.audience.Fixed == 0 {
		return err
	}
	l.tried, err = pitches.TrialOn(ctx, s.Store, l.wave.ID, l.audience.Fixed)
	l.audience.Tried = l.tried != nil
	return err
}

// toss decides which of two texts somebody reads who opens the page: the one that they have read already, if its address says
// so, else by a coin. Nobody keeps how it fell but the page.
func (l *linked) toss(read string) surveys.Variant {
	if l.tried == nil {
		return surveys.NoVariant
	}
	if v, ok := surveys.ParseVariant(read); ok {
		return v
	}
	return [2]surveys.Variant{surveys.VariantA, surveys.VariantB}[rand.IntN(2)]
}

// reads is the pitch that stands on a form, and which of two texts it is, where two are tried.
func (l *linked) reads(form surveys.Form) (*pitches.Pitch, surveys.Variant) {
	if l.tried == nil {
		return l.pitch, surveys.NoVariant
	}
	v, _ := surveys.ParseVariant(form.First(surveys.VariantField))
	return l.tried.Of(v), v
}

func (b *formBuilder) pitch(p *pitches.Pitch) *pitchView {
	if p == nil {
		return nil
	}
	text, lang := p.In(b.Lang)
	return &pitchView{b.markdown(text), lang, direction(language.Make(lang))}
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
