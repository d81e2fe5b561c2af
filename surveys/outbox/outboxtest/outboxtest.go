// Package outboxtest gives tests a real mail server in the test's own process: it collects what it takes, and can be told
// to refuse, defer or hang up.
package outboxtest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"soundings/surveys/settings"
)

// Stage is a moment at which the server decides.
type Stage int

const (
	AtRecipient Stage = iota // the recipient was named
	AtMessage                // the whole message has come
)

// Reaction is what the server does at a stage.
type Reaction int

const (
	Accept      Reaction = iota
	Defer                // 451: try again later
	Refuse               // 550: for good
	Drop                 // hang up without an answer
	TakeAndDrop          // at AtMessage: deliver the message, and hang up without saying so
)

// Options says what kind of server is wanted. The zero value asks for no sign-in and no encryption.
type Options struct {
	Security       settings.Security
	User, Password string
}

// Server is a running mail server. It stops with the test.
type Server struct {
	options Options
	port    int
	certPEM []byte
	server  *smtp.Server

	mu       sync.Mutex
	react    func(Stage, string) Reaction
	messages []Message
	arrived  chan struct{} // closed and made anew with each message
}

// Start starts a server on a free port of this machine.
func Start(t testing.TB, options Options) *Server {
	t.Helper()
	s := &Server{options: options, react: func(Stage, string) Reaction { return Accept }, arrived: make(chan struct{})}
	certificate := s.certificate(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = listener.Addr().(*net.TCPAddr).Port
	s.server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{server: s, conn: c}, nil }))
	s.server.Domain, s.server.AllowInsecureAuth = "mail.test", true
	s.server.EnableSMTPUTF8 = true
	s.server.ErrorLog = log.New(io.Discard, "", 0)
	config := &tls.Config{Certificates: []tls.Certificate{certificate}}
	switch options.Security {
	case settings.StartTLS:
		s.server.TLSConfig, s.server.AllowInsecureAuth = config, false
	case settings.ImplicitTLS:
		listener = tls.NewListener(listener, config)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.server.Serve(listener) }()
	t.Cleanup(func() {
		_ = listener.Close() // a server that has not begun to listen knows nothing to close
		_ = s.server.Close()
		<-ended
	})
	return s
}

// Settings are what a program needs to send through this server.
func (s *Server) Settings() settings.Mail {
	security := s.options.Security
	if security == "" {
		security = settings.Unprotected
	}
	return settings.Mail{Host: "127.0.0.1", Port: s.port, Security: security, User: s.options.User, Password: s.options.Password,
		From: "soundings@example.org", FromName: "Soundings", PerMinute: settings.MostPerMinute}
}

// React sets what the server does from now on with each recipient's message.
func (s *Server) React(react func(stage Stage, address string) Reaction) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.react = react
}

// Messages are all that were taken, in their order.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.messages...)
}

// Await waits until at least n messages were taken and returns all.
func (s *Server) Await(t testing.TB, n int) []Message {
	t.Helper()
	deadline := time.NewTimer(30 * time.Second)
	defer deadline.Stop()
	for {
		s.mu.Lock()
		messages, arrived := append([]Message(nil), s.messages...), s.arrived
		s.mu.Unlock()
		if len(messages) >= n {
			return messages
		}
		select {
		case <-arrived:
		case <-deadline.C:
			t.Fatalf("%d messages have arrived, want %d", len(messages), n)
		}
	}
}

func (s *Server) reaction(stage Stage, address string) Reaction {
	s.mu.Lock()
	react := s.react
	s.mu.Unlock()
	return react(stage, address)
}

func (s *Server) take(m Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, m)
	close(s.arrived)
	s.arrived = make(chan struct{})
}

// Roots trusts this server's certificate.
func (s *Server) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(s.certPEM)
	return pool
}

// CertFile writes the certificate to a file, for SSL_CERT_FILE of a program under test.
func (s *Server) CertFile(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mail.pem")
	if err := os.WriteFile(path, s.certPEM, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (s *Server) certificate(t testing.TB) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	s.certPEM = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// session is one connection.
type session struct {
	server   *Server
	conn     *smtp.Conn
	signedIn bool
	from     string
	to       []string
}

func (c *session) AuthMechanisms() []string {
	if c.server.options.User == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (c *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != c.server.options.User || password != c.server.options.Password {
			return smtp.ErrAuthFailed
		}
		c.signedIn = true
		return nil
	}), nil
}

func (c *session) Mail(from string, _ *smtp.MailOptions) error {
	if c.server.options.User != "" && !c.signedIn {
		return &smtp.SMTPError{Code: 530, Message: "sign in first"}
	}
	c.from = from
	return nil
}

func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.to = append(c.to, to)
	return c.answer(c.server.reaction(AtRecipient, to), nil)
}

func (c *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m := Message{From: c.from, To: c.to, Raw: bytes.Clone(raw)}
	return c.answer(c.server.reaction(AtMessage, c.to[0]), func() { c.server.take(m) })
}

// answer does what was decided; take delivers the message.
func (c *session) answer(reaction Reaction, take func()) error {
	switch reaction {
	case Defer:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "try again later"}
	case Refuse:
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
	case Drop:
		_ = c.conn.Conn().Close() // hanging up is the point
		return io.ErrClosedPipe
	case TakeAndDrop:
		take()
		_ = c.conn.Conn().Close()
		return io.ErrClosedPipe
	}
	if take != nil {
		take()
	}
	return nil
}

func (c *session) Reset()        { c.from, c.to = "", nil }
func (c *session) Logout() error { return nil }
