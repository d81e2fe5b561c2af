package web

import (
	"bytes"
	"html/template"
	"sync"
)

// renderings keeps parts of pages that say nothing but what they are made from says, up to a number of bytes, the latest
// asked for last: a page of everything a wave measured has thousands of cells.
type renderings struct {
	mu   sync.Mutex
	room int // bytes that may still be kept
	list []rendering
}

type rendering struct {
	key  renderingKey
	html template.HTML
}

// renderingKey is all that a rendering is made from.
type renderingKey struct {
	of       any // a pointer to results that never change
	name     string
	lang     string
	comments bool // whether its reader may see the way to comments
}

// mostRendered is how many bytes of them are kept.
const mostRendered = 4 << 20

func newRenderings() *renderings { return &renderings{room: mostRendered} }

func (r *renderings) get(key renderingKey) (template.HTML, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, one := range r.list {
		if one.key == key {
			r.list = append(append(r.list[:i:i], r.list[i+1:]...), one)
			return one.html, true
		}
	}
	return "", false
}

func (r *renderings) put(key renderingKey, html template.HTML) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, rendering{key, html})
	for r.room -= len(html); r.room < 0; r.list = r.list[1:] {
		r.room += len(r.list[0].html)
	}
}

// part renders a part of a page by itself.
func (v *views) part(page, name string, data any) (template.HTML, error) {
	t, err := v.set(page)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = t.ExecuteTemplate(&b, name, data)
	return template.HTML(b.String()), err // what a template has written is escaped
}
