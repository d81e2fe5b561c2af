package web

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// showAnswers shows what is stored, with a notice of what has just been done.
func (s *Server) showAnswers(c *fiber.Ctx, h *holding, notice string) error {
	page, err := s.answersPage(c.UserContext(), h)
	if err != nil {
		return err
	}
	if notice != "" {
		if page.Notice, err = page.T(notice); err != nil {
			return err
		}
	}
	return s.page(c, "answer/answers", page)
}

func (s *Server) answersPage(ctx context.Context, h *holding) (*answersPage, error) {
	b := newFormBuilder(s.words.in(h.lang), h.doc(), nil, nil)
	page := &answersPage{
		Heading: b.say("answers_title"), Survey: b.texts.title(), Wave: h.wave.Label, Receipt: string(h.receipt),
		Open: h.open(), Withdrawn: h.found.Withdrawn, Comments: len(h.found.Reply.Texts) > 0,
	}
	switch {
	case page.Withdrawn:
		page.Trace = traceOf(h.receipt)
		page.Heading, page.Lines = b.say("withdrawn_title"), []string{b.say("withdrawn_text")}
	case page.Open:
		page.Lines = []string{b.say("answers_open")}
	default:
		page.Lines = []string{b.say("answers_ended")}
		if h.doc().Anonymity != surveys.Named {
			page.Lines = append(page.Lines, b.say("answers_statistics"))
		}
	}
	page.respondentFrame = respondentFrame{speech: b.speech, Organisation: s.house().Name, Title: page.Heading, Current: nameOf(h.lang), Repost: string(h.receipt)}
	page.Switch = switchTo(h.doc().Languages(), h.lang)
	if !page.Withdrawn {
		var err error
		if page.Place, err = s.place(ctx, &b.phrases, h.found.Reply); err != nil {
			return nil, err
		}
		page.Answers = b.given(h.found.Reply)
	}
	return page, b.err
}

// given lists every question that was shown, with the answer in words.
func (b *formBuilder) given(reply surveys.Reply) []answerView {
	var views []answerView
	for i := range b.doc.Questions {
		q := &b.doc.Questions[i]
		if !b.doc.Visible(q, reply.Answers) {
			continue
		}
		v := answerView{Question: b.texts.text(q), Text: reply.Texts[q.ID], Ranked: q.Kind == surveys.Ranking}
		v.Written = v.Text != ""
		if a, ok := reply.Answers[q.ID]; ok {
			v.List = b.answered(q, a, v.Written)
		}
		if len(v.List) == 0 && !v.Written {
			v.Text, v.Ranked = b.say("unanswered"), false
		}
		views = append(views, v)
	}
	return views
}

// answered writes a closed answer in words. Where somebody wrote what else, the words say more than "something else".
func (b *formBuilder) answered(q *surveys.Question, a surveys.Answer, written bool) []string {
	switch q.Kind {
	case surveys.Recommend:
		return []string{b.Number(a.Number) + " / " + b.Number(10)}
	case surveys.Scale:
		return []string{strings.ReplaceAll(b.point(q, a.Number), "\u00AD", "")}
	}
	var list []string
	for _, option := range a.Options {
		if option != surveys.OtherOption || !written {
			list = append(list, b.answer(q, option))
		}
	}
	return list
}
