package outbox

import (
	"strings"
	"testing"

	"soundings/surveys/outbox/outboxtest"
	"soundings/surveys/settings"
	"soundings/surveys/store/storetest"
)

func TestMailLeavesOverEveryKindOfConnection(t *testing.T) {
	for _, security := range []settings.Security{settings.StartTLS, settings.ImplicitTLS, settings.Unprotected} {
		for _, user := range []string{"", "soundings"} {
			t.Run(string(security)+" "+user, func(t *testing.T) {
				server := outboxtest.Start(t, outboxtest.Options{Security: security, User: user, Password: user + " pass word"})
				d := Deps{RootCAs: server.Roots(), Now: newPost(t, storetest.SQLite(t)).clock}
				if err := Try(t.Context(), d, server.Settings(), "ann@example.com", Mail{Subject: "Hello", Text: "there"}); err != nil {
					t.Fatal(err)
				}
				if got := server.Messages(); len(got) != 1 || got[0].From != "soundings@example.org" {
					t.Errorf("%d messages", len(got))
				}
			})
		}
	}
}

func TestAPasswordLeavesOverNoDoubtfulConnection(t *testing.T) {
	for name, try := range map[string]struct {
		options outboxtest.Options
		mend    func(*settings.Mail)
		trusted bool
		says    string
	}{
		"STARTTLS is required and not offered": {outboxtest.Options{Security: settings.Unprotected, User: "u", Password: "p"},
			func(m *settings.Mail) { m.Security = settings.StartTLS }, true, "STARTTLS"},
		"a certificate nobody vouches for": {outboxtest.Options{Security: settings.StartTLS, User: "u", Password: "p"}, func(*settings.Mail) {}, false, "certificate"},
		"the same with implicit TLS":       {outboxtest.Options{Security: settings.ImplicitTLS, User: "u", Password: "p"}, func(*settings.Mail) {}, false, "certificate"},
		"unencrypted to another machine": {outboxtest.Options{User: "u", Password: "p"},
			func(m *settings.Mail) { m.Host = "mail.example.org" }, true, "not encrypted"},
		"a wrong password": {outboxtest.Options{Security: settings.StartTLS, User: "u", Password: "p"},
			func(m *settings.Mail) { m.Password = "wrong" }, true, "535"},
		"a server that knows no users": {outboxtest.Options{Security: settings.StartTLS},
			func(m *settings.Mail) { m.User, m.Password = "u", "p" }, true, "no way to sign in"},
	} {
		t.Run(name, func(t *testing.T) {
			server := outboxtest.Start(t, try.options)
			m := server.Settings()
			try.mend(&m)
			d := Deps{Now: newPost(t, storetest.SQLite(t)).clock}
			if try.trusted {
				d.RootCAs = server.Roots()
			}
			err := Try(t.Context(), d, m, "ann@example.com", Mail{Subject: "Hello", Text: "there"})
			if err == nil || !strings.Contains(err.Error(), try.says) {
				t.Errorf("the error is %v", err)
			}
			if n := len(server.Messages()); n != 0 {
				t.Errorf("%d messages", n)
			}
		})
	}
}

func TestATestMessageShowsWhatTheServerSaid(t *testing.T) {
	p := newPost(t, storetest.SQLite(t))
	p.server.React(func(outboxtest.Stage, string) outboxtest.Reaction { return outboxtest.Refuse })
	err := Try(t.Context(), p.box.Deps, p.server.Settings(), "ann@example.com", Mail{Subject: "Hello", Text: "there"})
	if err == nil || err.Error() != "550 5.1.1 no such mailbox" {
		t.Errorf("the error is %v", err)
	}
}

// What is wrong with the server as a whole costs no entry a try.
func TestAServerThatLetsNobodyInIsATroubleOfItsOwn(t *testing.T) {
	each(t, func(t *testing.T, p *post) {
		m := p.server.Settings()
		m.Port = 1 // nothing listens there
		p.save(m)
		p.add(to("ann"))
		for range 30 {
			if _, err := p.box.round(t.Context()); err == nil {
				t.Fatal("no error")
			}
		}
		status := p.progress()
		if status.Queued != 1 || !strings.Contains(status.Trouble.Reason, "refused") || !status.Trouble.At.Equal(p.clock()) {
			t.Errorf("%+v", status)
		}
		p.save(p.server.Settings())
		p.send()
		if status := p.progress(); status.Sent != 1 || status.Trouble.Reason != "" {
			t.Errorf("%+v", status)
		}
	})
}

func TestNothingIsSentWithoutAMailServer(t *testing.T) {
	each(t, func(t *testing.T, p *post) {
		p.save(settings.Mail{})
		p.add(to("ann"))
		p.send()
		p.want(1, 0, 0, 0)
	})
}
