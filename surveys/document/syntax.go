package document

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
	"soundings/surveys"
)

// whole is the path of faults that concern the document and no part of it.
const whole = "document"

// mostEmpty bounds the empty lines in a row: the YAML scanner copies a text once for each of them.
const mostEmpty = 100

// tree reads the source as far as YAML goes. Without faults the node may still be nil: an empty document.
func tree(src []byte) (root ast.Node, faults surveys.Faults) {
	defer func() {
		// A document over which the YAML parser itself stumbles is a document we refuse.
		if r := recover(); r != nil {
			root, faults = nil, surveys.Faults{explain(fmt.Errorf("the parser gave up: %v", r))}
		}
	}()
	text, fault := plainText(src)
	if fault != nil {
		return nil, surveys.Faults{*fault}
	}
	tokens := lexer.Tokenize(text)
	if fault := overgrown(tokens); fault != nil {
		return nil, surveys.Faults{*fault}
	}
	// Duplicate keys are found while reading, so that all of them are reported and not only the first.
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, surveys.Faults{explain(err)}
	}
	return single(file)
}

// plainText checks that the source is text that a person can see, and evens out how its lines end.
func plainText(src []byte) (string, *surveys.Fault) {
	fail := func(code string, at int, format string, args ...any) (string, *surveys.Fault) {
		line := 1 + bytes.Count(src[:at], []byte("\n"))
		return "", &surveys.Fault{Path: whole, Code: code, Line: line, Detail: fmt.Sprintf(format, args...)}
	}
	if len(src) > MostBytes {
		return fail(surveys.FaultTooLong, 0, "the file is larger than 1 MB; no survey needs that much")
	}
	if bytes.HasPrefix(src, []byte{0xFF, 0xFE}) || bytes.HasPrefix(src, []byte{0xFE, 0xFF}) {
		return fail(surveys.FaultNotText, 0, "the file is written in UTF-16; save it as UTF-8")
	}
	src = bytes.TrimPrefix(src, []byte("\uFEFF"))
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	src = bytes.ReplaceAll(src, []byte("\r"), []byte("\n"))
	empty := 0 // line ends since the last thing to see
	for at := 0; at < len(src); {
		r, size := utf8.DecodeRune(src[at:])
		switch {
		case r == '\n':
			if empty++; empty > mostEmpty {
				return fail(surveys.FaultTooMany, at, "more than %d empty lines follow each other here", mostEmpty)
			}
		case r != ' ' && r != '\t':
			empty = 0
		}
		switch {
		case r == utf8.RuneError && size == 1:
			return fail(surveys.FaultNotText, at, "the byte %#x is not text; save the file as UTF-8", src[at])
		case r < ' ' && r != '\t' && r != '\n', r == 0x7F, r >= 0x80 && r < 0xA0 && r != 0x85, r == 0xFFFE, r == 0xFFFF:
			return fail(surveys.FaultNotText, at, "there is an invisible character (U+%04X); remove it, or write it as \"\\u%04x\" in quotes", r, r)
		}
		at += size
	}
	return string(src), nil
}

// single takes the one document of a file.
func single(file *ast.File) (ast.Node, surveys.Faults) {
	var faults surveys.Faults
	for i, doc := range file.Docs {
		line := 1
		switch {
		case doc.Start != nil:
			line = doc.Start.Position.Line
		case doc.Body != nil:
			line = doc.Body.GetToken().Position.Line
		}
		if _, ok := doc.Body.(*ast.DirectiveNode); ok {
			faults = append(faults, surveys.Fault{Path: whole, Code: surveys.FaultNotAllowed, Line: line,
				Detail: "lines that start with % are not understood here; remove it"})
			return nil, faults
		}
		if i > 0 {
			faults = append(faults, surveys.Fault{Path: whole, Code: surveys.FaultTooMany, Line: line,
				Detail: "a second document starts here (---); one file holds one survey"})
		}
	}
	if len(file.Docs) == 0 || len(faults) > 0 {
		return nil, faults
	}
	return file.Docs[0].Body, nil
}

// explanations puts the parser's words into those of someone who only wants to write a survey.
var explanations = []struct{ said, meant string }{
	{"cannot start any token", "a tab stands where only spaces may stand; indent with spaces"},
	{"mapping value is not allowed", "a colon is out of place: a text with a colon and a space in it needs quotation marks, and keys that belong together start in the same column"},
	{"could not find end character", "the quotation mark that starts this text is never closed"},
	{"value is not allowed in this context", "something follows a text or a list that has already ended; put the whole text into quotation marks, or check how far the line is indented"},
	{"unexpected key name", "a blank is missing after a colon, or a colon after a key"},
	{"block sequence entries are not allowed", "a list starts on a line of its own; a text that starts with - has to be in quotation marks"},
	{"invalid header option", "a text that starts with > or | has to be in quotation marks"},
	{"unexpected directive", "a text that starts with % has to be in quotation marks"},
	{"is a reserved character", "a text cannot start with @ or `; put it into quotation marks"},
	{"unknown escape character", `a backslash between double quotation marks needs a second one (\\), or use single quotation marks`},
	{"',' or ']'", "a list that starts with [ is not closed with ], or a comma is missing"},
	{"']' not found", "a list that starts with [ is not closed with ]"},
	{"',' or '}'", "a block that starts with { is not closed with }, or a comma is missing"},
	{"'}'", "a block that starts with { is not closed with }"},
	{"non-map value is specified", "this line is neither a key with a colon nor part of the one above; check how far it is indented"},
}

// explain turns an error of the YAML parser into a fault.
func explain(err error) surveys.Fault {
	fault := surveys.Fault{Path: whole, Code: FaultSyntax, Line: 1}
	var syntax yaml.Error
	if !errors.As(err, &syntax) {
		fault.Detail = "this is not YAML: " + err.Error()
		return fault
	}
	// The error's own text quotes the source around it and takes minutes to do so in a long file.
	message := syntax.GetMessage()
	fault.Detail = "this is not YAML: " + message
	for _, e := range explanations {
		if strings.Contains(message, e.said) {
			fault.Detail = e.meant
			break
		}
	}
	if tk := syntax.GetToken(); tk != nil {
		fault.Line = tk.Position.Line
		if tk.Type == token.StringType && strings.Contains(message, "mapping value") {
			// A text that runs on into the next line is named by its first line; the colon stands in its last.
			fault.Line += strings.Count(strings.TrimSpace(tk.Origin), "\n")
		}
	}
	return fault
}
