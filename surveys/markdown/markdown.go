// Package markdown turns what staff write into HTML that is safe on every page, with or without somebody signed in. It
// is the only place that does: nothing else in the program makes HTML of a typed text.
package markdown

import (
	"bytes"
	"fmt"
	"html/template"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// HTML gives paragraphs, emphasis, lists, quotations, code and links to the web of a text. Everything else shows as it was
// typed: tags are text, pictures are their description, and a heading is a paragraph in bold, because the page has its own
// headings. A link tells its address to nobody it leads to.
func HTML(source string) (template.HTML, error) {
	var b bytes.Buffer
	if err := converter().Convert([]byte(source), &b); err != nil {
		return "", fmt.Errorf("markdown: %w", err)
	}
	return template.HTML(policy().SanitizeBytes(b.Bytes())), nil
}

func converter() goldmark.Markdown {
	return goldmark.New(goldmark.WithRendererOptions(html.WithHardWraps(), renderer.WithNodeRenderers(util.Prioritized(plain{}, 100))))
}

func policy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "code", "pre")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.RequireNoReferrerOnLinks(true)
	return p
}

// plain renders what may not become HTML of its kind.
type plain struct{}

func (plain) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindHeading, heading)
	r.Register(ast.KindRawHTML, typedInline)
	r.Register(ast.KindHTMLBlock, typedBlock)
	r.Register(ast.KindImage, description)
	r.Register(ast.KindThematicBreak, nothing)
}

func heading(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	tags := "</strong></p>\n"
	if entering {
		tags = "<p><strong>"
	}
	_, err := w.WriteString(tags)
	return ast.WalkContinue, err
}

func typedInline(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkSkipChildren, nil
	}
	raw, ok := n.(*ast.RawHTML)
	if !ok {
		return ast.WalkStop, fmt.Errorf("%T is no tag", n)
	}
	_, err := w.Write(util.EscapeHTML(raw.Segments.Value(source)))
	return ast.WalkSkipChildren, err
}

func typedBlock(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	block, ok := n.(*ast.HTMLBlock)
	if !ok {
		return ast.WalkStop, fmt.Errorf("%T is no block of tags", n)
	}
	text := block.Lines().Value(source)
	if block.HasClosure() {
		text = append(bytes.Clone(text), block.ClosureLine.Value(source)...)
	}
	_, err := fmt.Fprintf(w, "<p>%s</p>\n", util.EscapeHTML(bytes.TrimSpace(text)))
	return ast.WalkContinue, err
}

// description lets the words of a picture be rendered and leaves the picture out.
func description(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
	return ast.WalkContinue, nil
}

func nothing(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
	return ast.WalkContinue, nil
}
