package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/gofiber/fiber/v2"
)

const (
	fileTimeout = 10 * time.Minute // to make a file of a million responses takes seconds
	sendTimeout = 30 * time.Second // for each piece of it to leave

	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	csvType  = "text/csv; charset=utf-8"
)

// withPatience gives a request that makes a file more time than withDeadline gave it.
func withPatience(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.UserContext()), fileTimeout)
	defer cancel()
	c.SetUserContext(ctx)
	return c.Next()
}

// download answers with a file. It is made on disk before anything of it is sent: memory does not grow with it, no
// reader of the database waits for somebody's slow line, what fails is an error and not half a file, and what cannot be
// recorded in the audit log does not leave.
func (s *Server) download(c *fiber.Ctx, name, kind string, write func(w io.Writer) error) error {
	file, err := os.CreateTemp("", "soundings-*.part")
	if err != nil {
		return fmt.Errorf("web: download: %w", err)
	}
	out := &spool{file: file, conn: c.Context().Conn()}
	size := int64(0)
	if err = write(file); err == nil {
		size, err = file.Seek(0, io.SeekEnd)
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return errors.Join(err, out.Close())
	}
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, attachment(name))
	return c.SendStream(out, int(size)) // it is closed once it is sent, or replaced
}

// spool is a file that is gone once it has been read.
type spool struct {
	file *os.File
	conn net.Conn
}

// Read gives the line time for the next piece: what bounds an answer as a whole would cut a long file off.
func (f *spool) Read(p []byte) (int, error) {
	if f.conn != nil {
		if err := f.conn.SetWriteDeadline(time.Now().Add(sendTimeout)); err != nil {
			return 0, err
		}
	}
	return f.file.Read(p)
}

// Close removes the file.
func (f *spool) Close() error { return errors.Join(f.file.Close(), os.Remove(f.file.Name())) }

// fileName puts names together to that of a file that every system takes: letters and digits of any script.
func fileName(ending string, names ...string) string {
	const most = 60 // characters of a name
	var parts []string
	for _, name := range names {
		words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.N, unicode.M) })
		part := []rune(strings.Join(words, "-"))
		if part = part[:min(len(part), most)]; len(part) > 0 {
			parts = append(parts, strings.TrimRight(string(part), "-"))
		}
	}
	return strings.Join(parts, "-") + ending
}

// attachment is a Content-Disposition with a file's name: as it is (RFC 6266, 8187), and in ASCII for programs that do
// not understand that.
func attachment(name string) string {
	plain, full := &strings.Builder{}, &strings.Builder{}
	for _, r := range name {
		if r < 0x20 || r > 0x7E || r == '"' || r == '\\' {
			r = '_'
		}
		plain.WriteRune(r)
	}
	for _, b := range []byte(name) {
		if b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || strings.IndexByte("-._~", b) >= 0 {
			full.WriteByte(b)
		} else {
			fmt.Fprintf(full, "%%%02X", b)
		}
	}
	return fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, plain, full)
}
