package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/decisions"
	"soundings/surveys/drafts"
	"soundings/surveys/library"
)

// Where a decision can be asked, beside the number of a draft.
const (
	askAlone = "alone" // in a survey of this one question
	askPulse = "pulse" // in a new survey of the library
)

// pulseAsked is the survey of the library that a decision can be put into.
const pulseAsked = "change-pulse"

// askForm offers where a decision can be asked.
type askForm struct {
	Where []option
}

func (p *phrases) askForm(m *matter) (*askForm, error) {
	pulse, err := library.Find(pulseAsked)
	if err != nil {
		return nil, err
	}
	form := &askForm{Where: []option{{Value: askAlone, Text: p.say("decision_ask_alone")}, {Value: askPulse, Text: p.say("decision_ask_pulse", "Survey", p.titled(pulse.Document).Text)}}}
	for _, d := range m.written {
		form.Where = append(form.Where, option{Value: idText(int64(d.ID)), Text: p.say("decision_ask_draft", "Survey", p.draftTitled(&d))})
	}
	return form, p.err
}

// postDecisionAsk makes a question of a decision and leads to the draft that it stands in.
func (s *Server) postDecisionAsk(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	m, err := s.writableDecision(c)
	if err != nil {
		return err
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	if m.Now().State == decisions.Withdrawn {
		return &surveys.Error{Kind: surveys.Conflict, Op: "web: decision", Message: "This decision has been withdrawn."}
	}
	if m.Version != versionOf(form) { // before there is a draft of it
		refusal := &surveys.Error{Kind: surveys.Conflict, Op: "web: decision", Message: "Somebody else has saved this decision since you opened it."}
		return s.refuseStep(c, m, m.Decision, refusal, func(*decisionPage, map[string]string) {})
	}
	draft, err := s.askIn(c, m, form.First("where"), today)
	if err != nil {
		return err
	}
	audited(c).Subject += fmt.Sprintf(", draft %d", draft.ID)
	return seeOther(c, draftAddress(draft.ID))
}

// askIn puts the question into a draft: a new one, or one of those that are being written about the change.
func (s *Server) askIn(c *fiber.Ctx, m *matter, where string, today surveys.Day) (drafts.Draft, error) {
	ctx, stamp := c.UserContext(), s.stamp(c)
	asked := decisions.AskedBy(m.ID, m.Version, surveys.Stamp(stamp), today)
	switch where {
	case askAlone:
		doc := surveys.Document{Title: m.Title, Purpose: surveys.AboutChange, Language: m.Language, Change: m.change.Name}
		for lang, t := range m.Translations {
			if doc.Translations == nil {
				doc.Translations = map[string]surveys.Translation{}
			}
			doc.Translations[lang] = surveys.Translation{Title: t.Title}
		}
		doc.Normalise()
		s.putQuestion(&doc, m)
		return drafts.Create(ctx, s.Store, 0, doc, stamp, asked)
	case askPulse:
		pulse, err := library.Find(pulseAsked)
		if err != nil {
			return drafts.Draft{}, err
		}
		doc := *pulse.Document
		doc.Change = m.change.Name
		s.putQuestion(&doc, m)
		return drafts.Create(ctx, s.Store, 0, doc, stamp, asked)
	}
	id, err := strconv.ParseInt(where, 10, 64)
	for _, d := range m.written {
		if err == nil && int64(d.ID) == id {
			return drafts.Change(ctx, s.Store, d.ID, d.Version, stamp, func(d *drafts.Draft) { s.putQuestion(&d.Document, m) }, asked)
		}
	}
	return drafts.Draft{}, &surveys.Error{Kind: surveys.NotFound, Op: "web: decision", Message: "There is no such draft about this change."}
}

// putQuestion puts the question of a decision into a survey, in all its languages that the decision is written in: in the
// place of the one that stands there already, else before the first question that asks for words, which comes last.
func (s *Server) putQuestion(doc *surveys.Document, m *matter) {
	write := func(lang string) (decisions.Text, map[string]string, bool) {
		text, written := m.In(lang)
		p := &phrases{speech: s.words.in(lang)}
		options := map[string]string{}
		for _, o := range m.Options {
			options[o.ID] = p.optionOf(o, text)
		}
		return text, options, written == lang && p.err == nil
	}
	text, options, _ := write(doc.Language)
	q := surveys.Question{ID: m.Question(), Kind: surveys.Choice, Text: text.Title, Help: strings.Join(strings.Fields(text.About), " ")}
	for _, o := range m.Options {
		q.Options = append(q.Options, surveys.Option{ID: o.ID, Text: options[o.ID]})
	}
	doc.Questions = slices.Clone(doc.Questions)
	at := slices.IndexFunc(doc.Questions, func(other surveys.Question) bool { return other.ID == q.ID })
	if at >= 0 {
		doc.Questions[at] = q
	} else {
		at = len(doc.Questions)
		for at > 0 && doc.Questions[at-1].Kind == surveys.Text {
			at--
		}
		doc.Questions = slices.Insert(doc.Questions, at, q)
	}
	translations := map[string]surveys.Translation{}
	for lang, t := range doc.Translations {
		questions := map[string]surveys.QuestionTranslation{}
		for id, other := range t.Questions {
			if id != q.ID {
				questions[id] = other
			}
		}
		if text, options, ok := write(lang); ok {
			questions[q.ID] = surveys.QuestionTranslation{Text: text.Title, Help: text.About, Options: options}
		}
		t.Questions = questions
		translations[lang] = t
	}
	if len(translations) > 0 {
		doc.Translations = translations
	}
}
