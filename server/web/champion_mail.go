package web

import (
	"bytes"
	"context"
	"strings"

	"soundings/surveys"
	"soundings/surveys/champions"
	"soundings/surveys/changes"
	"soundings/surveys/outbox"
)

// championLetter is a message to a champion. Its text and its HTML say the same.
type championLetter struct {
	*speech
	Organisation string
	Subject      string
	Hello        string
	Lines        []string
	Button       string
	Address      string // the champion's own page
	Leave        string // the page that ends it
	LeaveText    string
}

// WriteChampionMail is the outbox's writer of messages to champions.
func (s *Server) WriteChampionMail(ctx context.Context, e outbox.Entry) (outbox.Mail, error) {
	champion, told, err := champions.Due(ctx, s.Store, e)
	if err != nil {
		return outbox.Mail{}, err
	}
	token, err := champion.Token(s.Secret)
	if err != nil {
		return outbox.Mail{}, err
	}
	names, err := s.departmentNames(ctx)
	if err != nil {
		return outbox.Mail{}, err
	}
	p := phrases{speech: s.words.in(s.words.all.choose(wish{accept: champion.Language}))}
	l := &championLetter{speech: p.speech, Organisation: s.house().Name, Address: s.BaseURL + "/champion/" + token}
	l.Leave, l.LeaveText = l.Address+"/withdraw", p.say("champion_withdraw")
	l.Hello = p.say("mail_hello", "Name", champion.Name)
	department := names[champion.Department]
	switch {
	case e.Kind == champions.ChangeMail:
		change, err := changes.ByID(ctx, s.Store, told.Change)
		if err != nil && surveys.KindOf(err) != surveys.NotFound {
			return outbox.Mail{}, err
		}
		if err != nil || !champions.Early(change.Now().Stage) {
			return outbox.Mail{}, outbox.ErrUnneeded
		}
		text, _ := change.In(p.Lang)
		now := change.Now()
		l.Subject = p.say("champion_mail_change_subject", "Department", department, "Title", text.Title)
		l.Lines = []string{text.Title, p.say("about_stands", "Stage", p.say("about_"+wordKey(string(now.Stage))), "Date", p.date(now.On.Time())),
			p.say("champion_mail_change", "Department", department)}
		l.Button = p.say("champion_mail_open")
	case champion.Waiting():
		l.Subject = p.say("champion_mail_confirm_subject", "Department", department)
		l.Lines, l.Button = []string{p.say("champion_mail_confirm", "Department", department)}, p.say("champion_mail_look")
		l.LeaveText = p.say("champion_no")
	default:
		l.Subject = p.say("champion_mail_link_subject", "Department", department)
		l.Lines, l.Button = []string{p.say("champion_mail_link", "Department", department)}, p.say("champion_mail_open")
	}
	return s.championMail(&p, l)
}

func (s *Server) championMail(p *phrases, l *championLetter) (outbox.Mail, error) {
	var html bytes.Buffer
	if err := s.views.render(&html, "mail/champion", l); err != nil {
		return outbox.Mail{}, err
	}
	parts := append([]string{l.Hello}, l.Lines...)
	parts = append(parts, l.Button+":\n"+l.Address, p.say("champion_mail_yours"), l.LeaveText+":\n"+l.Leave)
	return outbox.Mail{Subject: l.Subject, Text: strings.Join(parts, "\n\n") + "\n", HTML: html.String(), Unsubscribe: l.Leave}, p.err
}
