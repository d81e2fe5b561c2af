package web

import (
	"bytes"
	"context"
	"strings"
	"time"

	"soundings/surveys"
	"soundings/surveys/invitations"
	"soundings/surveys/outbox"
	"soundings/surveys/waves"
)

// letter is an invitation or a reminder, in the language of the person it goes to. Its text and its HTML say the same.
type letter struct {
	*speech
	Organisation string
	Subject      string
	Survey       string
	Hello        string
	Lines        []string
	Privacy      privacyNote
	Address      string // of the form
	Quiet        string // of the page that ends the reminders
}

// WriteInvitation is the outbox's writer of invitations and reminders.
func (s *Server) WriteInvitation(ctx context.Context, e outbox.Entry) (outbox.Mail, error) {
	i, person, err := invitations.Due(ctx, s.Store, s.Secret, e)
	if err != nil {
		return outbox.Mail{}, err
	}
	wave, err := waves.ByID(s.Store.Read(ctx), i.Wave)
	if err != nil {
		return outbox.Mail{}, err
	}
	q, err := s.Catalog.Questionnaire(ctx, wave.Questionnaire)
	if err != nil {
		return outbox.Mail{}, err
	}
	closes, err := s.closing(ctx, wave.ID)
	if err != nil {
		return outbox.Mail{}, err
	}
	lang := newLanguages(q.Document.Languages()).choose(wish{accept: person.Language})
	l, err := s.letter(lang, q.Document, i, person, closes, e.Kind)
	if err != nil {
		return outbox.Mail{}, err
	}
	var html bytes.Buffer
	if err := s.views.render(&html, "mail/invitation", l); err != nil {
		return outbox.Mail{}, err
	}
	text, err := l.text()
	return outbox.Mail{Subject: l.Subject, Text: text, HTML: html.String(), Unsubscribe: l.Quiet}, err
}

// closing is when a wave closes as the clocks of the organisation will show it, written as if they showed UTC. It is the
// zero time for a wave that is closed by hand.
func (s *Server) closing(ctx context.Context, wave surveys.WaveID) (time.Time, error) {
	terms, err := waves.TermsOf(s.Store.Read(ctx), wave)
	if err != nil || terms.Closes.IsZero() {
		return time.Time{}, err
	}
	zone, err := waves.Zone(s.Store.Read(ctx))
	if err != nil {
		return time.Time{}, err
	}
	return waves.LocalOf(terms.Closes, zone).Wall(), nil
}

func (s *Server) letter(lang string, doc *surveys.Document, i invitations.Invitation, person surveys.Person, closes time.Time, kind outbox.Kind) (*letter, error) {
	b := newFormBuilder(s.words.in(lang), doc, nil, nil)
	b.invited = true
	l := &letter{speech: b.speech, Organisation: s.house().Name, Survey: b.texts.title()}
	l.Address = s.BaseURL + "/i/" + string(s.Secret.Deriver().Token(i.Wave, i.ID))
	l.Quiet = l.Address + "/quiet"
	if l.Hello = b.say("mail_hello_all"); person.Name != "" {
		l.Hello = b.say("mail_hello", "Name", person.Name)
	}
	if l.Organisation != "" {
		l.Lines = append(l.Lines, b.say("mail_asks", "Organisation", l.Organisation))
	}
	l.Subject = b.say("mail_subject", "Survey", l.Survey)
	if kind == invitations.ReminderMail {
		l.Subject = b.say("mail_again_subject", "Survey", l.Survey)
		l.Lines = append(l.Lines, b.say("mail_again"))
	}
	if intro := b.texts.intro(); intro != "" {
		l.Lines = append(l.Lines, intro)
	}
	when := b.count("minutes", doc.Minutes())
	if !closes.IsZero() {
		moment, err := b.Moment(closes)
		if err != nil {
			return nil, err
		}
		when += " " + b.say("mail_closes", "Moment", moment)
	}
	l.Lines = append(l.Lines, when)
	l.Privacy = b.privacy(i.Department != 0, i.Band != 0)
	return l, b.err
}

// text is the letter for programs that show no HTML.
func (l *letter) text() (string, error) {
	p := phrases{speech: l.speech}
	parts := []string{l.Survey, l.Hello}
	parts = append(parts, l.Lines...)
	parts = append(parts, strings.Join(append([]string{l.Privacy.Title}, l.Privacy.Lines...), " "),
		p.say("mail_button")+":\n"+l.Address, p.say("mail_yours"), p.say("quiet_yes")+":\n"+l.Quiet)
	return strings.Join(parts, "\n\n") + "\n", p.err
}
