package web

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/decisions"
)

// decisionTextPage is a decision in one more language, beside the original.
type decisionTextPage struct {
	textPage
	Change   changeName
	Decision decisions.Decision
}

// decisionTexts are the fields that are translated: options that have only their days are not.
func (p *phrases) decisionTexts(d *decisions.Decision, t decisions.Text, lang string, faults map[string]string) []changeField {
	fields := []changeField{
		{ID: "title", Label: p.say("decision_title"), Hint: p.say("decision_title_hint"), Value: t.Title, Fault: faults["title"], Lang: lang, Most: decisions.LongestTitle},
		{ID: "about", Label: p.say("decision_about"), Hint: p.say("decision_about_hint"), Value: t.About, Fault: faults["about"], Lang: lang, Most: decisions.LongestAbout, Rows: 3},
	}
	for i, o := range d.Options {
		if o.Text != "" {
			fields = append(fields, changeField{ID: "option." + o.ID, Label: p.say("decision_option", "N", p.Number(i+1)), Value: t.Options[o.ID], Fault: faults[fmt.Sprintf("options[%d]", i)], Lang: lang, Most: decisions.LongestOption})
		}
	}
	return fields
}

func (s *Server) decisionTextPage(c *fiber.Ctx, m *matter, lang string, typed decisions.Text, faults map[string]string) (*decisionTextPage, error) {
	f := s.frame(c, "decision_text_title", "changes")
	p := &phrases{speech: f.speech}
	stored, exists := m.Translations[lang]
	back := decisionAddress(&m.Decision)
	page := &decisionTextPage{textPage{frame: f, Words: writingOf(lang), Exists: exists, Stale: stored.Outdated, Version: m.Version, Action: textAddress(back, lang), Back: back,
		Heading: p.say("decision_text_heading", "Language", nameOf(lang)),
		Fields:  p.decisionTexts(&m.Decision, typed, lang, faults), Origin: p.decisionTexts(&m.Decision, m.Text(), m.Language, nil)}, p.changeName(m.change), m.Decision}
	return page, p.err
}

// showNewDecisionText leads to the language that was chosen from the list.
func (s *Server) showNewDecisionText(c *fiber.Ctx) error {
	m, err := s.writableDecision(c)
	if err != nil {
		return err
	}
	return seeText(c, decisionAddress(&m.Decision))
}

func (s *Server) showDecisionText(c *fiber.Ctx) error {
	m, err := s.writableDecision(c)
	if err != nil {
		return err
	}
	lang, err := textLanguage(c, m.Language)
	if err != nil {
		return err
	}
	page, err := s.decisionTextPage(c, m, lang, m.Translations[lang].Text, nil)
	if err != nil {
		return err
	}
	return s.page(c, "staff/decision_text", page)
}

func (s *Server) postDecisionText(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	m, err := s.writableDecision(c)
	if err != nil {
		return err
	}
	lang, err := textLanguage(c, m.Language)
	if err != nil {
		return err
	}
	typed := decisions.Text{Title: tidy(form.First("title")), About: tidy(form.First("about")), Options: map[string]string{}}
	for _, o := range m.Options {
		typed.Options[o.ID] = tidy(form.First("option." + o.ID))
	}
	stored, refusal := decisions.Translate(c.UserContext(), s.Store, m.ID, versionOf(form), lang, typed, surveys.Stamp(s.stamp(c)))
	if refusal == nil {
		return seeOther(c, decisionAddress(&m.Decision)+"#languages")
	}
	p := &phrases{speech: s.frame(c, "", "").speech}
	faults, faulty := p.decisionFaults(refusal)
	if !faulty && surveys.KindOf(refusal) != surveys.Conflict || stored.ID == 0 {
		return refusal
	}
	now := &matter{Decision: stored, change: m.change}
	page, err := s.decisionTextPage(c, now, lang, typed, faults)
	if err != nil {
		return err
	}
	if faulty {
		page.Refused = p.count("change_refused", len(faults))
	} else {
		page.Theirs = p.textTheirs(now, lang, typed)
	}
	if p.err != nil {
		return p.err
	}
	c.Status(failureOf(refusal).Status)
	return s.page(c, "staff/decision_text", page)
}

// textTheirs lists what differs between a translation as typed and as stored.
func (p *phrases) textTheirs(m *matter, lang string, typed decisions.Text) *theirs {
	t := p.decisionTheirs(m, m, nil)
	mine, other := p.decisionTexts(&m.Decision, typed, lang, nil), p.decisionTexts(&m.Decision, m.Translations[lang].Text, lang, nil)
	for i, field := range mine {
		if field.Value != other[i].Value {
			t.Pairs = append(t.Pairs, theirPair{field.Label, other[i].Value})
		}
	}
	return t
}
