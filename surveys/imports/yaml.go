package imports

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"soundings/surveys"
)

// node is one place of the map's YAML, with its line for faults.
type node struct {
	value ast.Node
	key   string // its key in the block it stands in
	path  string
	line  int
}

func (n node) isMap() bool {
	_, ok := n.value.(*ast.MappingNode)
	return ok
}

func (n node) isNull() bool {
	_, ok := n.value.(*ast.NullNode)
	return ok || n.value == nil
}

// mapReader reads YAML strictly and gathers every fault.
type mapReader struct {
	anchors map[string]ast.Node
	depth   int // of blocks taken in by blocks taken in
	faults  surveys.Faults
}

func (r *mapReader) fault(n node, code, format string, args ...any) {
	path := n.path
	if path == "" {
		path = "map"
	}
	r.faults = append(r.faults, surveys.Fault{Path: path, Code: code, Line: n.line, Detail: fmt.Sprintf(format, args...)})
}

// parse reads the one YAML document of a map. ok is false if it is none.
func (r *mapReader) parse(src []byte) (root node, ok bool) {
	src = bytes.ReplaceAll(bytes.TrimPrefix(src, []byte("\uFEFF")), []byte("\r\n"), []byte("\n"))
	file, err := parseYAML(src)
	if err != nil {
		line, detail := 1, err.Error()
		var syntax yaml.Error
		if errors.As(err, &syntax) {
			detail = syntax.GetMessage()
			if tk := syntax.GetToken(); tk != nil {
				line = tk.Position.Line
			}
		}
		r.fault(node{line: line}, surveys.FaultFormat, "this is not YAML: %s", detail)
		return node{}, false
	}
	root = node{line: 1}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		r.fault(root, surveys.FaultFormat, "a map is one YAML document")
		return node{}, false
	}
	r.anchors = map[string]ast.Node{}
	ast.Walk(visitor(func(n ast.Node) {
		if a, ok := n.(*ast.AnchorNode); ok {
			r.anchors[a.Name.GetToken().Value] = a.Value
		}
	}), file.Docs[0].Body)
	root.value = r.resolve(file.Docs[0].Body)
	return root, true
}

// parseYAML guards against the parser's own faults: what it stumbles over is not a map.
func parseYAML(src []byte) (file *ast.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the parser gave up: %v", p)
		}
	}()
	if nested(src) > mostNested {
		return nil, fmt.Errorf("it is nested more than %d deep", mostNested)
	}
	return parser.ParseBytes(src, 0)
}

// mostNested is far above what a map needs, with brackets in its texts, and far below what makes the parser recurse
// until memory ends.
const mostNested = 500

// nested is how many brackets are open at once at the most.
func nested(src []byte) (most int) {
	open := 0
	for _, c := range src {
		switch c {
		case '[', '{':
			open++
		case ']', '}':
			open = max(0, open-1)
		}
		most = max(most, open)
	}
	return most
}

type visitor func(ast.Node)

func (v visitor) Visit(n ast.Node) ast.Visitor {
	v(n)
	return v
}

// resolve follows anchors, references and tags to what they stand for. A block of one key becomes a block like others.
func (r *mapReader) resolve(n ast.Node) ast.Node {
	for range 100 { // a reference to itself never ends
		switch v := n.(type) {
		case *ast.AnchorNode:
			n = v.Value
		case *ast.AliasNode:
			n = r.anchors[v.Value.GetToken().Value]
		case *ast.TagNode:
			n = v.Value
		case *ast.MappingValueNode:
			return &ast.MappingNode{BaseNode: &ast.BaseNode{}, Start: v.Start, Values: []*ast.MappingValueNode{v}}
		default:
			return n
		}
	}
	return nil
}

func (r *mapReader) child(parent node, key string, value ast.Node, line int) node {
	path := key
	if parent.path != "" {
		path = parent.path + "." + key
	}
	return node{value: r.resolve(value), key: key, path: path, line: line}
}

// entries lists the keys of a block in their order. "<<: *name" takes in the keys of another block.
func (r *mapReader) entries(n node) []node {
	block, ok := n.value.(*ast.MappingNode)
	if !ok {
		r.fault(n, surveys.FaultFormat, "must be a block of keys")
		return nil
	}
	var list []node
	for _, pair := range block.Values {
		line := pair.Key.GetToken().Position.Line
		if pair.Key.IsMergeKey() {
			list = append(list, r.merged(node{value: r.resolve(pair.Value), path: n.path, line: line})...)
			continue
		}
		key := pair.Key.GetToken().Value
		if s, ok := pair.Key.(*ast.StringNode); ok {
			key = s.Value
		}
		e := r.child(n, key, pair.Value, line)
		// A key of the block itself outweighs one taken in.
		if i := slices.IndexFunc(list, func(o node) bool { return o.key == key }); i >= 0 {
			list[i] = e
			continue
		}
		list = append(list, e)
	}
	return list
}

func (r *mapReader) merged(n node) []node {
	const deepest = 10
	if r.depth == deepest {
		r.fault(n, surveys.FaultFormat, "takes in itself, or too many blocks within each other")
		return nil
	}
	r.depth++
	defer func() { r.depth-- }()
	return r.entries(n)
}

// items lists the entries of a list. One text alone is a list of one.
func (r *mapReader) items(n node) []node {
	list, ok := n.value.(*ast.SequenceNode)
	if !ok {
		return []node{n}
	}
	var items []node
	for i, v := range list.Values {
		line := n.line
		if v != nil {
			line = v.GetToken().Position.Line
		}
		items = append(items, node{value: r.resolve(v), path: n.path + "[" + strconv.Itoa(i) + "]", line: line})
	}
	return items
}

// text reads a text. A number or a truth value is the text it is written as.
func (r *mapReader) text(n node) string {
	switch v := n.value.(type) {
	case *ast.StringNode:
		return r.filled(n, v.Value)
	case *ast.LiteralNode:
		return r.filled(n, v.Value.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return v.GetToken().Value
	}
	r.fault(n, surveys.FaultFormat, "must be a text")
	return ""
}

func (r *mapReader) filled(n node, s string) string {
	if s == "" {
		r.fault(n, surveys.FaultRequired, "must not be empty")
	}
	return s
}

func (r *mapReader) column(n node) columnRef {
	return columnRef{name: r.text(n), path: n.path, line: n.line}
}

func (r *mapReader) oneOf(n node, known []string) string {
	s := strings.ToLower(r.text(n))
	if s != "" && !slices.Contains(known, s) {
		r.fault(n, surveys.FaultUnknown, "must be one of %s", strings.Join(known, ", "))
		return known[0]
	}
	return s
}

func (r *mapReader) number(n node, low, high int) int {
	i, err := strconv.Atoi(r.text(n))
	if err != nil || i < low || i > high {
		r.fault(n, surveys.FaultOutOfRange, "must be a number from %d to %d", low, high)
		return low
	}
	return i
}

// fields is a block whose keys are known.
type fields struct {
	r      *mapReader
	of     node
	byName map[string]node
}

func (r *mapReader) fields(n node, known ...string) fields {
	f := fields{r, n, map[string]node{}}
	for _, e := range r.entries(n) {
		if slices.Contains(known, e.key) {
			f.byName[e.key] = e
			continue
		}
		if like, ok := nearest(e.key, known); ok {
			r.fault(e, surveys.FaultUnknown, "is not a key of a map; did you mean %q?", like)
		} else {
			r.fault(e, surveys.FaultUnknown, "is not a key of a map; known here are %s", strings.Join(known, ", "))
		}
	}
	return f
}

func (f fields) get(key string) (node, bool) {
	n, ok := f.byName[key]
	return n, ok
}

func (f fields) required(key string) (node, bool) {
	n, ok := f.byName[key]
	if !ok && f.of.isMap() {
		f.r.fault(f.of, surveys.FaultRequired, "%s is missing", key)
	}
	return n, ok
}

func (f fields) column(key string) *columnRef {
	n, ok := f.byName[key]
	if !ok {
		return nil
	}
	c := f.r.column(n)
	return &c
}

// skips reads "empty: skip": rows with nothing in the column are left out.
func (f fields) skips() bool {
	n, ok := f.byName["empty"]
	return ok && f.r.oneOf(n, []string{"fault", "skip"}) == "skip"
}
