package outbox

import (
	"bytes"
	"net/mail"
	"strings"
	"testing"
	"time"

	"soundings/surveys/outbox/outboxtest"
	"soundings/surveys/settings"
)

func written(t *testing.T, s settings.Mail, m Mail) outboxtest.Message {
	t.Helper()
	msg, err := compose(s, "ann@example.com", "0123abcd", m, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return outboxtest.Message{Raw: b.Bytes()}
}

func TestAMessageCarriesItsWordsInTextAndHTML(t *testing.T) {
	m := written(t, settings.Mail{From: "it@example.org", FromName: "IT für Häuser", ReplyTo: "help@example.org"},
		Mail{Subject: "Umfrage: größer werden", Text: "Grüße\n.\n.. Punkt", HTML: "<p>Grüße</p>", Unsubscribe: "https://s.example.org/u/x?a=1&b=2"})
	header, text, html := m.Read(t)
	if text != "Grüße\n.\n.. Punkt" || html != "<p>Grüße</p>" || m.Subject(t) != "Umfrage: größer werden" {
		t.Errorf("%q, %q, %q", text, html, m.Subject(t))
	}
	from, err := mail.ParseAddress(header.Get("From"))
	if err != nil || from.Name != "IT für Häuser" || from.Address != "it@example.org" {
		t.Errorf("from %v: %v", from, err)
	}
	for name, want := range map[string]string{
		"Message-Id":            "<0123abcd@example.org>",
		"List-Unsubscribe":      "<https://s.example.org/u/x?a=1&b=2>",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		"Auto-Submitted":        "auto-generated",
		"Reply-To":              "<help@example.org>",
		"To":                    "<ann@example.com>",
		"Date":                  "Mon, 02 Mar 2026 09:00:00 +0000",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestOneClickIsPromisedOverHTTPSOnly(t *testing.T) {
	header, _, _ := written(t, settings.Mail{From: "it@example.org"}, Mail{Subject: "s", Text: "t", Unsubscribe: "http://localhost:8080/u/x"}).Read(t)
	if header.Get("List-Unsubscribe") != "<http://localhost:8080/u/x>" || header.Get("List-Unsubscribe-Post") != "" {
		t.Error(header)
	}
}

func TestNoTextBeginsAHeader(t *testing.T) {
	evil := "x\r\nBcc: spy@example.net\r\n\r\nbody\u2028Bcc: y@example.net\x00"
	m := written(t, settings.Mail{From: "it@example.org", FromName: evil + `" <spy@example.net>`}, Mail{Subject: evil, Text: evil, HTML: "<p>" + evil})
	header, text, _ := m.Read(t)
	if header.Get("Bcc") != "" || strings.Contains(strings.ReplaceAll(m.Subject(t), "\n", "¶"), "¶") {
		t.Errorf("header %v", header)
	}
	if !strings.Contains(text, "Bcc: spy") {
		t.Error("the text itself was changed")
	}
	from, err := mail.ParseAddress(header.Get("From"))
	if err != nil || from.Address != "it@example.org" {
		t.Errorf("from %v: %v", from, err)
	}
	for _, to := range []string{"a@example.com\r\nBcc: x@example.net", "a@example.com, b@example.com", "Ann <a@example.com>", "nobody", ""} {
		if _, err := compose(settings.Mail{From: "it@example.org"}, to, "1", Mail{Subject: "s"}, time.Now()); err == nil {
			t.Errorf("a message goes to %q", to)
		}
	}
	if _, err := compose(settings.Mail{From: "it@example.org"}, "a@example.com", "1", Mail{Unsubscribe: "https://x.example/\r\nBcc: y"}, time.Now()); err == nil {
		t.Error("an address for unsubscribing begins a header")
	}
}

func TestHTMLThatLoadsOrRunsSomethingIsNotSent(t *testing.T) {
	for _, bad := range []string{
		`<script>x</script>`, `<p><IMG src="https://t.example/1.gif">`, `<p onclick="x()">`, `<td background="https://t.example/1.gif">`,
		`<p style="background:URL(https://t.example/1.gif)">`, `<style>@import "https://t.example/a.css"</style>`, `<link rel=stylesheet href=x>`, `<iframe src=x>`,
	} {
		if err := harmless(bad); err == nil {
			t.Errorf("%s is sent", bad)
		}
	}
	if err := harmless(`<!doctype html><html lang="de"><head><style>p{color:#123}</style></head><body><p style="margin:0"><a href="https://s.example/i/x">Los</a></p></body></html>`); err != nil {
		t.Error(err)
	}
}
