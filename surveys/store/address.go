package store

import (
	"errors"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"

	"soundings/surveys"
)

// Address says where a database is. The zero value is no address.
type Address struct {
	Dialect Dialect
	Path    string        // of an SQLite file
	mysql   *mysql.Config // of a MySQL server
}

// ParseAddress reads "sqlite:PATH" or "mysql://user:password@host:3306/name". Options of a MySQL address are
// tls (true, skip-verify, preferred) and socket (a Unix socket instead of host and port).
func ParseAddress(s string) (Address, error) {
	scheme, rest, ok := strings.Cut(s, ":")
	switch {
	case ok && scheme == "sqlite" && rest != "" && rest != ":memory:":
		return Address{Dialect: SQLite, Path: strings.TrimPrefix(rest, "//")}, nil
	case ok && scheme == "mysql":
		return parseMySQL(s)
	}
	return Address{}, invalid("the database address must look like sqlite:soundings.db or mysql://user:password@host:3306/name")
}

func parseMySQL(s string) (Address, error) {
	u, err := url.Parse(s)
	if err != nil {
		// The parser's own message would repeat the password.
		return Address{}, invalid("the MySQL address cannot be read; write special characters of the password as %XX")
	}
	name := strings.TrimPrefix(u.Path, "/")
	if name == "" || u.User.Username() == "" {
		return Address{}, invalid("the MySQL address needs a user and a database: mysql://user:password@host:3306/name")
	}
	c := mysql.NewConfig()
	c.User, c.DBName = u.User.Username(), name
	c.Passwd, _ = u.User.Password()
	c.Net, c.Addr = "tcp", u.Host
	if u.Port() == "" {
		c.Addr = u.Hostname() + ":3306"
	}
	for key, values := range u.Query() {
		switch key {
		case "tls":
			c.TLSConfig = values[0]
		case "socket":
			c.Net, c.Addr = "unix", values[0]
		default:
			return Address{}, invalid("the MySQL address has an unknown option " + key + "; known are tls and socket")
		}
	}
	c.ParseTime, c.Loc = true, time.UTC
	c.InterpolateParams = true // saves a round trip for each statement
	c.ClientFoundRows = true   // an update that changes nothing still found its row
	c.Timeout, c.ReadTimeout, c.WriteTimeout = 5*time.Second, 5*time.Minute, time.Minute
	c.MaxAllowedPacket = 0 // ask the server, so that a batch never exceeds it unseen
	c.Collation = "utf8mb4_bin"
	c.Logger = &mysql.NopLogger{} // what goes wrong comes back as an error, which its caller logs
	c.Params = map[string]string{
		"sql_mode":  "'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ENGINE_SUBSTITUTION'",
		"time_zone": "'+00:00'",
	}
	if _, err := mysql.ParseDSN(c.FormatDSN()); err != nil {
		return Address{}, invalid("the MySQL address is not usable: tls must be true, skip-verify or preferred")
	}
	return Address{Dialect: MySQL, mysql: c}, nil
}

// Name is the address without user and password.
func (a Address) Name() string {
	if a.Dialect == SQLite {
		return a.Path
	}
	return a.mysql.DBName + " at " + a.mysql.Addr
}

// busyTimeout is how long a statement waits for another program's lock on an SQLite file.
const busyTimeout = "busy_timeout(10000)"

func (a Address) sqliteDSN(readOnly bool) string {
	q := url.Values{}
	for _, p := range []string{
		busyTimeout,
		"journal_mode(WAL)",
		"synchronous(FULL)", // acknowledged means committed, through a power cut too
		"foreign_keys(1)",
		"secure_delete(1)", // a withdrawn answer must not survive in a free page
	} {
		q.Add("_pragma", p)
	}
	if readOnly {
		q.Add("_pragma", "query_only(1)")
	} else {
		// A transaction that will write takes the lock at once: waiting is safe, upgrading a read lock fails.
		q.Set("_txlock", "immediate")
	}
	q.Set("_time_format", "sqlite")
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(a.Path)}).EscapedPath(), RawQuery: q.Encode()}).String()
}

// explain turns a failed connection into one plain sentence.
func (a Address) explain(err error) error {
	e := &surveys.Error{Kind: surveys.Unavailable, Op: "store: open", Err: err}
	var my *mysql.MySQLError
	switch {
	case errors.As(err, &my) && (my.Number == 1045 || my.Number == 1698):
		e.Message = "the MySQL server refuses the user or password of --database"
	case errors.As(err, &my) && (my.Number == 1049 || my.Number == 1044):
		e.Message = "the MySQL server has no database " + a.mysql.DBName + " for this user"
	case errors.As(err, &my):
		e.Message = "the MySQL server refuses the connection: " + my.Message
	case a.Dialect == MySQL:
		e.Message = "no MySQL server answers at " + a.mysql.Addr
	default:
		e.Message = "the SQLite file " + a.Path + " cannot be opened as a database"
	}
	return e
}

func invalid(message string) error {
	return &surveys.Error{Kind: surveys.Invalid, Op: "store", Message: message}
}
