package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"
	"github.com/valyala/fasthttp"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/uploads"
)

const (
	// mostFields and longestField bound what stands beside the file of an upload.
	mostFields   = 20
	longestField = 64 << 10
	// uploadPatience is how long a large file may take to arrive over a slow line.
	uploadPatience = 3 * time.Minute
	uploadLocal    = "upload"
)

// upload is a form with a file in it.
type upload struct {
	form    surveys.Form
	name    string
	content []byte
	sent    bool // a file was chosen
}

// roomForFiles lets the pages that take a file take a large one, and only from somebody who may use them: nobody else can
// make the server read more than a form.
func (s *Server) roomForFiles(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	path, _, _ := strings.Cut(string(h.RequestURI()), "?")
	to, takes := s.takers[path]
	if !h.IsPost() || !takes {
		return fasthttp.RequestConfig{}
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookupPatience)
	defer cancel()
	current, err := s.Accounts.Lookup(ctx, string(h.Cookie(sessionCookie)))
	if err != nil || !current.User.Role.May(to.permission) {
		return fasthttp.RequestConfig{} // the route will say why
	}
	return fasthttp.RequestConfig{MaxRequestBodySize: to.file + largestBody, ReadTimeout: uploadPatience}
}

// sentForm reads the form of a route, with the file where the route takes one.
func sentForm(c *fiber.Ctx, a access) (surveys.Form, error) {
	if a.file == 0 {
		return staffForm(c)
	}
	u, err := staffUpload(c)
	if err != nil {
		return nil, err
	}
	return u.form, nil
}

// staffUpload reads a form with a file that a page of ours has sent.
func staffUpload(c *fiber.Ctx) (*upload, error) {
	if u, ok := c.Locals(uploadLocal).(*upload); ok {
		return u, nil
	}
	if err := fromOurselves(c); err != nil {
		return nil, err
	}
	kind, params, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil || kind != fiber.MIMEMultipartForm || c.Get(fiber.HeaderContentEncoding) != "" {
		return nil, fiber.NewError(http.StatusUnsupportedMediaType)
	}
	u, err := readParts(multipart.NewReader(bytes.NewReader(c.BodyRaw()), params["boundary"]))
	if err != nil {
		return nil, fiber.NewError(http.StatusBadRequest) // the parser's own words quote what was sent
	}
	c.Locals(uploadLocal, u)
	return u, nil
}

// fault is the key of what is wrong with a table that was sent, as far as it can be told without reading it; "" for
// nothing.
func (u *upload) fault() string {
	switch {
	case !u.sent || len(u.content) == 0:
		return "directory_fault_none"
	case len(u.content) > uploads.Largest:
		return "directory_fault_large"
	case bytes.HasPrefix(u.content, []byte{0xD0, 0xCF, 0x11, 0xE0}):
		return "directory_fault_old"
	}
	return ""
}

func readParts(parts *multipart.Reader) (*upload, error) {
	u := &upload{form: surveys.Form{}}
	for range mostFields {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return u, nil
		}
		if err != nil {
			return nil, err
		}
		name := utils.CopyString(part.FormName())
		if part.FileName() == "" && name != "file" {
			value, err := io.ReadAll(io.LimitReader(part, longestField))
			if err != nil {
				return nil, err
			}
			u.form[name] = append(u.form[name], string(value))
			continue
		}
		u.name, u.sent = part.FileName(), part.FileName() != ""
		if u.content, err = io.ReadAll(part); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("too many fields")
}

// fileChoice is the form in which the file of an import is chosen.
type fileChoice struct {
	Action string // where it is sent
	Back   string
	Note   string // what taking it in means
	Fault  string // what is wrong with the file that was chosen
}

// stage keeps a file until it is confirmed. One that cannot be read is not kept: fault then says so on the page.
func stage[F ~string, O any](c *fiber.Ctx, s *Server, shelf uploads.Shelf[F, O], u *upload) (id uploads.ID, fault string, err error) {
	unreadable := false
	err = s.Store.Transact(c.UserContext(), shelf.Name, func(tx *store.Tx) (err error) {
		if id, err = shelf.Stage(tx, u.name, u.content, s.Now()); err != nil {
			return err
		}
		file, err := shelf.Open(tx, id)
		if err == nil {
			return file.Close()
		}
		unreadable = surveys.KindOf(err) == surveys.Invalid
		return err
	})
	if unreadable {
		return 0, "directory_fault_unreadable", nil
	}
	if err == nil {
		audited(c).Subject = fmt.Sprintf("upload %d", id)
	}
	return id, "", err
}
