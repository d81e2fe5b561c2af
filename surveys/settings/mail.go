package settings

import (
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
)

// Security is how the connection to the mail server is protected.
type Security string

const (
	StartTLS    Security = "starttls" // begins in the clear and must then be encrypted, usually port 587
	ImplicitTLS Security = "tls"      // encrypted from the first byte, usually port 465
	Unprotected Security = "none"     // for a mail server on the same machine only
)

const (
	// DefaultPerMinute is how many messages are sent a minute unless set otherwise; most mail servers take it.
	DefaultPerMinute = 120
	// MostPerMinute bounds the setting.
	MostPerMinute = 100_000

	longestHost     = 253
	longestAddress  = 254
	longestText     = 200
	longestPassword = 500
)

// Mail is how messages leave: the server, and who they are from.
type Mail struct {
	Host      string // empty: no mail is sent
	Port      int
	Security  Security
	User      string // empty: the server asks for no sign-in
	Password  string
	From      string // address
	FromName  string
	ReplyTo   string // address; empty: the same as From
	PerMinute int
}

// Configured tells whether mail can be sent at all.
func (m Mail) Configured() bool { return m.Host != "" }

const mailPassword = "mail.password" // also the purpose it is sealed for

// ReadMail reads the settings of the mail server. The password comes unsealed: it is for sending, never for a page.
func ReadMail(db *gorm.DB, secret surveys.Secret) (Mail, error) {
	v, err := read(db, "mail.host", "mail.port", "mail.security", "mail.user", mailPassword, "mail.from", "mail.from_name", "mail.reply_to", "mail.per_minute")
	if err != nil {
		return Mail{}, err
	}
	m := Mail{Host: v["mail.host"], Port: number(v["mail.port"], 587), Security: Security(v["mail.security"]), User: v["mail.user"],
		From: v["mail.from"], FromName: v["mail.from_name"], ReplyTo: v["mail.reply_to"], PerMinute: number(v["mail.per_minute"], DefaultPerMinute)}
	if m.Security == "" {
		m.Security = StartTLS
	}
	if sealed := v[mailPassword]; sealed != "" {
		if m.Password, err = secret.Unseal(mailPassword, sealed); err != nil {
			return m, &surveys.Error{Kind: surveys.Conflict, Op: "settings: mail",
				Message: "the password of the mail server was saved with another secret file; enter it again", Err: err}
		}
	}
	return m, nil
}

func number(text string, instead int) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return instead
	}
	return n
}

// SaveMail saves the settings of the mail server, or tells every fault at once. With an empty host all of them are
// forgotten. An empty password with a user keeps the one that is stored, unless host, port or security change: the stored
// password must not be sent to a server it was not meant for.
func SaveMail(tx *gorm.DB, secret surveys.Secret, m Mail) error {
	names := []string{"mail.host", "mail.port", "mail.security", "mail.user", mailPassword, "mail.from", "mail.from_name", "mail.reply_to", "mail.per_minute"}
	if m.Host == "" {
		cleared := map[string]string{}
		for _, n := range names {
			cleared[n] = ""
		}
		return write(tx, cleared)
	}
	before, err := read(tx, names...)
	if err != nil {
		return err
	}
	elsewhere := before["mail.host"] != m.Host || before["mail.port"] != strconv.Itoa(m.Port) || before["mail.security"] != string(m.Security)
	faults := m.faults()
	if m.User != "" && m.Password == "" && (before[mailPassword] == "" || elsewhere) {
		faults = append(faults, fault("password", "required", "is needed for this server and user"))
	}
	if len(faults) > 0 {
		return &surveys.Error{Kind: surveys.Invalid, Op: "settings: mail", Message: "the mail settings are not complete", Faults: faults}
	}
	sealed := before[mailPassword]
	if m.Password != "" {
		if sealed, err = secret.Seal(mailPassword, m.Password); err != nil {
			return &surveys.Error{Kind: surveys.Internal, Op: "settings: mail", Err: err}
		}
	}
	if m.User == "" {
		sealed = ""
	}
	return write(tx, map[string]string{"mail.host": m.Host, "mail.port": strconv.Itoa(m.Port), "mail.security": string(m.Security),
		"mail.user": m.User, mailPassword: sealed, "mail.from": m.From, "mail.from_name": m.FromName, "mail.reply_to": m.ReplyTo,
		"mail.per_minute": strconv.Itoa(m.PerMinute)})
}

func fault(path, code, detail string) surveys.Fault {
	return surveys.Fault{Path: path, Code: code, Detail: detail}
}

func (m Mail) faults() surveys.Faults {
	var all surveys.Faults
	add := func(wrong bool, path, code, detail string) {
		if wrong {
			all = append(all, fault(path, code, detail))
		}
	}
	add(!isHost(m.Host), "host", "host", "must be the name or address of a server")
	add(m.Port < 1 || m.Port > 65535, "port", "port", "must be a number from 1 to 65535")
	switch m.Security {
	case StartTLS, ImplicitTLS:
	case Unprotected:
		add(!IsLocal(m.Host), "security", "unprotected", "must be encrypted unless the mail server is on this machine")
	default:
		add(true, "security", "unknown", "is not a way to protect the connection")
	}
	add(len(m.User) > longestText || controls(m.User), "user", "text", "has at most 200 characters and no line breaks")
	add(len(m.Password) > longestPassword || controls(m.Password), "password", "text", "has at most 500 characters and no line breaks")
	add(!IsAddress(m.From), "from", "address", "must be an e-mail address")
	add(len(m.FromName) > longestText || controls(m.FromName), "from_name", "text", "has at most 200 characters and no line breaks")
	add(m.ReplyTo != "" && !IsAddress(m.ReplyTo), "reply_to", "address", "must be an e-mail address")
	add(m.PerMinute < 1 || m.PerMinute > MostPerMinute, "per_minute", "per_minute", "must be a number from 1 to 100000")
	return all
}

func controls(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f })
}

func isHost(host string) bool {
	return host != "" && len(host) <= longestHost && !strings.ContainsAny(host, " /@\\\"'<>") && !controls(host) &&
		(net.ParseIP(host) != nil || !strings.Contains(host, ":"))
}

// IsLocal tells whether a host is this machine.
func IsLocal(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// IsAddress tells whether the text is one plain e-mail address, without a name.
func IsAddress(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text && len(text) <= longestAddress && !controls(text)
}

// Trouble is what keeps all mail from leaving. The zero value is none.
type Trouble struct {
	At     time.Time
	Reason string // in the words of the mail server or the network
}

const mailTrouble = "mail.trouble"

// ReadTrouble tells what keeps mail from leaving at this time.
func ReadTrouble(db *gorm.DB) (Trouble, error) {
	v, err := read(db, mailTrouble)
	at, reason, found := strings.Cut(v[mailTrouble], " ")
	if err != nil || !found {
		return Trouble{}, err
	}
	since, err := time.Parse(time.RFC3339, at)
	return Trouble{since, reason}, err
}

// SaveTrouble writes down what keeps mail from leaving, or with an empty reason that nothing does.
func SaveTrouble(tx *gorm.DB, t Trouble) error {
	value := ""
	if t.Reason != "" {
		value = t.At.UTC().Format(time.RFC3339) + " " + t.Reason
	}
	return write(tx, map[string]string{mailTrouble: value})
}
