package outbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"soundings/surveys/settings"
)

const (
	connectPatience = 20 * time.Second
	// messagePatience bounds one message; servers that look for viruses take their time.
	messagePatience = 60 * time.Second
	// stopPatience is what a message under way gets when the program is told to stop.
	stopPatience = 8 * time.Second
)

// connection is one signed-in connection to the mail server.
type connection struct {
	conn   net.Conn
	client *smtp.Client
	stop   func() bool
	dead   bool
}

// connect connects and signs in. Nothing is sent that could deliver a message.
func connect(ctx context.Context, s settings.Mail, roots *x509.CertPool) (*connection, error) {
	if s.Security == settings.Unprotected && !settings.IsLocal(s.Host) {
		return nil, errors.New("the connection is not encrypted and the mail server is not on this machine")
	}
	config := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12, RootCAs: roots}
	c := &connection{}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		var err error
		if s.Security == settings.ImplicitTLS {
			c.conn, err = (&tls.Dialer{Config: config}).DialContext(ctx, network, address)
		} else {
			c.conn, err = (&net.Dialer{}).DialContext(ctx, network, address)
		}
		return c.conn, err
	}
	policy := mail.NoTLS // encrypted already, or on this machine
	if s.Security == settings.StartTLS {
		policy = mail.TLSMandatory
	}
	client, err := mail.NewClient(s.Host, mail.WithPort(s.Port), mail.WithTimeout(connectPatience), mail.WithTLSPolicy(policy),
		mail.WithTLSConfig(config), mail.WithDialContextFunc(dial))
	if err != nil {
		return nil, err
	}
	c.client, err = client.DialToSMTPClientWithContext(ctx)
	if err == nil && s.User != "" {
		err = signIn(c.client, s)
	}
	if err != nil {
		if c.conn != nil {
			_ = c.conn.Close() // the error that ended it is the one to tell
		}
		return nil, err
	}
	c.stop = context.AfterFunc(ctx, func() { _ = c.conn.SetDeadline(time.Now().Add(stopPatience)) })
	return c, nil
}

// signIn uses the best way the server offers. PLAIN and LOGIN refuse a connection that is not encrypted, except to
// this machine.
func signIn(client *smtp.Client, s settings.Mail) error {
	_, offered := client.Extension("AUTH")
	ways := strings.Fields(strings.ToUpper(offered))
	for _, way := range []struct {
		name string
		auth smtp.Auth
	}{
		{"SCRAM-SHA-256", smtp.ScramSHA256Auth(s.User, s.Password)},
		{"PLAIN", smtp.PlainAuth("", s.User, s.Password, s.Host, false)},
		{"LOGIN", smtp.LoginAuth(s.User, s.Password, s.Host, false)},
		{"CRAM-MD5", smtp.CRAMMD5Auth(s.User, s.Password)},
	} {
		for _, name := range ways {
			if name == way.name {
				return client.Auth(way.auth)
			}
		}
	}
	return errors.New("the mail server offers no way to sign in that this program knows (it offers: " + strings.Join(ways, ", ") + ")")
}

// send hands one message over and tells what became of it. It speaks the few commands itself because everything hangs
// on which of them an error belongs to.
func (c *connection) send(ctx context.Context, msg *mail.Msg) outcome {
	patience := messagePatience
	if ctx.Err() != nil {
		patience = stopPatience
	}
	at, err := beforeMessage, c.client.UpdateDeadline(patience)
	if err == nil {
		at, err = c.hand(msg)
	}
	out := judge(at, err)
	// After a refusal the server waits for the next message; after anything else this connection is not to be trusted.
	if out.fault == Broken || out.state == Uncertain || strings.HasPrefix(out.reply, "421") {
		c.dead = true
	} else if out.state != Sent && c.client.Reset() != nil {
		c.dead = true
	}
	return out
}

func (c *connection) hand(msg *mail.Msg) (phase, error) {
	from, err := msg.GetSender(false)
	if err != nil {
		return beforeMessage, err
	}
	to, err := msg.GetRecipients()
	if err != nil {
		return beforeMessage, err
	}
	if err := c.client.Mail(from); err != nil {
		return sender, err
	}
	for _, address := range to {
		if err := c.client.Rcpt(address); err != nil {
			return recipient, err
		}
	}
	w, err := c.client.Data()
	if err != nil {
		return recipient, err
	}
	if _, err := msg.WriteTo(w); err != nil {
		// The line that ends a message was not sent, so nothing is delivered. Any further command would send it.
		c.dead = true
		return beforeMessage, err
	}
	return afterMessage, w.Close()
}

// close says good-bye to a server that listens and hangs up.
func (c *connection) close() {
	c.stop()
	if !c.dead {
		_ = c.conn.SetDeadline(time.Now().Add(time.Second))
		_ = c.client.Quit() // what was sent is settled; a missing good-bye changes nothing
	}
	_ = c.conn.Close()
}
