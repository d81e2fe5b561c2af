package web

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
)

// views holds one parsed template set per page: the page's own file over the layout of its folder
// (templates/staff/trend.html over templates/staff/layout.html), with the parts that pages share (templates/staff/parts).
// Blocks of different pages never meet. A set is parsed when its page is first asked for: all of them, each with a layout
// and parts of its own, are most of what a server just started would hold.
type views struct {
	pages map[string]func() (*template.Template, error)
}

func newViews(files fs.FS, funcs template.FuncMap) (*views, error) {
	v := &views{pages: map[string]func() (*template.Template, error){}}
	names, err := fs.Glob(files, "*/*.html")
	if err != nil {
		return nil, fmt.Errorf("web: templates: %w", err)
	}
	for _, name := range names {
		if path.Base(name) == "layout.html" {
			continue
		}
		layout := path.Join(path.Dir(name), "layout.html")
		parts, err := fs.Glob(files, path.Join(path.Dir(name), "parts", "*.html"))
		if err != nil {
			return nil, fmt.Errorf("web: templates: %w", err)
		}
		page := strings.TrimSuffix(name, ".html")
		v.pages[page] = sync.OnceValues(func() (*template.Template, error) {
			t, err := template.New("layout.html").Funcs(funcs).ParseFS(files, append(parts, layout, name)...)
			if err != nil {
				return nil, fmt.Errorf("web: template %s: %w", name, err)
			}
			return t, nil
		})
	}
	return v, nil
}

// set is the templates of a page.
func (v *views) set(page string) (*template.Template, error) {
	parsed, ok := v.pages[page]
	if !ok {
		return nil, fmt.Errorf("web: there is no page %s", page)
	}
	return parsed()
}

// render writes a page, for example "staff/trend", with its typed data.
func (v *views) render(w io.Writer, page string, data any) error {
	t, err := v.set(page)
	if err != nil {
		return err
	}
	return t.Execute(w, data)
}

// page renders into a buffer first, so that a failing template becomes an error page and never half of one.
func (s *Server) page(c *fiber.Ctx, name string, data any) error {
	var b bytes.Buffer
	if err := s.views.render(&b, name, data); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return c.Send(b.Bytes())
}
