package outbox

import (
	"errors"
	"fmt"
	stdmail "net/mail"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/wneessen/go-mail"
	"golang.org/x/net/html"

	"soundings/surveys/settings"
)

// errAddress is an address that no message can be sent to.
var errAddress = errors.New("outbox: not an e-mail address")

// compose makes the message that goes over the wire.
func compose(s settings.Mail, to, messageID string, m Mail, at time.Time) (*mail.Msg, error) {
	if !settings.IsAddress(to) {
		return nil, errAddress
	}
	if err := harmless(m.HTML); err != nil {
		return nil, err
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&stdmail.Address{Name: oneLine(s.FromName), Address: s.From})
	msg.ToMailAddress(&stdmail.Address{Address: to})
	if s.ReplyTo != "" {
		msg.ReplyToMailAddress(&stdmail.Address{Address: s.ReplyTo})
	}
	msg.Subject(oneLine(m.Subject))
	msg.SetDateWithValue(at)
	msg.SetMessageIDWithValue(messageID + s.From[strings.LastIndex(s.From, "@"):])
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	if err := unsubscribable(msg, m.Unsubscribe); err != nil {
		return nil, err
	}
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}

// unsubscribable names the address that ends such messages. Mail programs offer one click only over https.
func unsubscribable(msg *mail.Msg, address string) error {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || strings.ContainsFunc(address, unicode.IsControl) {
		return errors.New("outbox: the address for unsubscribing is not one")
	}
	if u.Scheme == "https" {
		return msg.SetListUnsubscribeOneClick(address)
	}
	msg.SetListUnsubscribe(u.String())
	return nil
}

// oneLine keeps a text from beginning another header.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }), " ")
}

// harmless refuses HTML that runs or loads something: opening a message must tell nobody that it was opened.
func harmless(text string) error {
	tokens := html.NewTokenizer(strings.NewReader(text))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return nil
		case html.StartTagToken, html.SelfClosingTagToken:
			t := tokens.Token()
			switch t.Data {
			case "script", "img", "iframe", "object", "embed", "link", "video", "audio", "source", "svg", "form", "base", "input":
				return fmt.Errorf("outbox: a message must not contain <%s>", t.Data)
			}
			for _, a := range t.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "background" || strings.Contains(strings.ToLower(a.Val), "url(") {
					return fmt.Errorf("outbox: a message must not contain %s=", a.Key)
				}
			}
		case html.TextToken:
			if low := strings.ToLower(string(tokens.Raw())); strings.Contains(low, "@import") {
				return errors.New("outbox: a message must not load a stylesheet")
			}
		}
	}
}
