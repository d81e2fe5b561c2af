// Package config is the one typed configuration, read from flags and from the environment.
package config

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"strings"

	"soundings/surveys"
	"soundings/surveys/store"
)

// Config is every setting. Each flag --some-name is also the environment variable SOUNDINGS_SOME_NAME.
type Config struct {
	Listen          string `help:"Address and port to serve on." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Database        string `help:"Where answers are kept: sqlite:FILE or mysql://user:password@host:3306/name." default:"sqlite:soundings.db" placeholder:"ADDRESS"`
	BaseURL         string `help:"Address under which people reach this server, for links and cookies. Default: the listening address." name:"base-url" placeholder:"URL"`
	SecretFile      string `help:"File with the secret that ids are derived from. Created beside an SQLite database when missing; required with MySQL." placeholder:"FILE"`
	Organisation    string `help:"Name of the organisation, shown to respondents." default:"" placeholder:"NAME"`
	PrivateWebhooks bool   `help:"Let webhooks reach addresses inside the own network, also without TLS."`
	Proxied         bool   `help:"A proxy in front sets X-Forwarded-For; without it that header is ignored."`
}

const secretBytes = 32

// Check finds every mistake of the configuration, not only the first.
func (c *Config) Check() error {
	var problems []string
	if _, port, err := net.SplitHostPort(c.Listen); err != nil || port == "" {
		problems = append(problems, fmt.Sprintf("--listen %q must look like 127.0.0.1:8080", c.Listen))
	}
	address, err := store.ParseAddress(c.Database)
	if err != nil {
		problems = append(problems, "--database: "+messageOf(err))
	}
	if u, err := url.Parse(c.BaseURL); c.BaseURL != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || strings.Trim(u.Path, "/") != "") {
		problems = append(problems, fmt.Sprintf("--base-url %q must look like https://soundings.example.org", c.BaseURL))
	}
	if address.Dialect == store.MySQL && c.SecretFile == "" {
		problems = append(problems, "--secret-file is required with MySQL, so that every server uses the same secret; make one with: openssl rand -hex 32")
	}
	if len(problems) == 0 {
		return nil
	}
	return &surveys.Error{Kind: surveys.Invalid, Op: "settings", Message: strings.Join(problems, "\n")}
}

func messageOf(err error) string {
	var e *surveys.Error
	if errors.As(err, &e) && e.Message != "" {
		return e.Message
	}
	return err.Error()
}

// Base is the address for links, without a slash at the end.
func (c *Config) Base() string {
	if c.BaseURL != "" {
		return strings.TrimSuffix(c.BaseURL, "/")
	}
	return "http://" + c.Listen
}

// Secret reads the installation's secret. Beside an SQLite database a missing one is created; two programs that start
// at once agree on the same.
func (c *Config) Secret() (surveys.Secret, error) {
	path := c.SecretFile
	address, err := store.ParseAddress(c.Database)
	if err != nil {
		return nil, err
	}
	create := address.Dialect == store.SQLite
	if path == "" {
		path = strings.TrimSuffix(address.Path, ".db") + ".secret"
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && create {
		if err := createSecret(path); err != nil {
			return nil, fmt.Errorf("settings: secret file: %w", err)
		}
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, &surveys.Error{Kind: surveys.Invalid, Op: "settings", Message: "the secret file " + path + " cannot be read", Err: err}
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) < secretBytes {
		return nil, &surveys.Error{Kind: surveys.Invalid, Op: "settings",
			Message: "the secret file " + path + " must hold at least 64 hexadecimal digits; make one with: openssl rand -hex 32"}
	}
	return secret, nil
}

// createSecret writes a new secret under another name first, so that nobody reads half of it, and never replaces one.
func createSecret(path string) error {
	var b [secretBytes]byte
	rand.Read(b[:])
	temp := fmt.Sprintf("%s.%d", path, os.Getpid())
	if err := os.WriteFile(temp, []byte(hex.EncodeToString(b[:])+"\n"), 0o600); err != nil {
		return err
	}
	err := os.Link(temp, path)
	if errors.Is(err, fs.ErrExist) {
		err = nil // another program was faster; its secret counts
	}
	return errors.Join(err, os.Remove(temp))
}
