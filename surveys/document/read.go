package document

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
	"soundings/surveys"
)

// longestKey keeps a path short enough to print; no id and no language comes near it.
const longestKey = 200

var wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,8})$`)

// reader walks the tree of a document and remembers where everything stands.
type reader struct {
	lines  map[string]int  // by path; "" is the document
	failed map[string]bool // paths that could not be read, so that there is nothing to judge
	faults surveys.Faults
}

// entry is one value of a list or one key with its value.
type entry struct {
	key  string // "" in a list
	path string
	node ast.Node
}

func (r *reader) fault(path, code, format string, args ...any) {
	r.faults = append(r.faults, surveys.Fault{Path: path, Code: code, Detail: fmt.Sprintf(format, args...)})
}

// unreadable reports a fault after which nothing is known about the path and all below it.
func (r *reader) unreadable(path, code, format string, args ...any) {
	r.failed[path] = true
	r.fault(path, code, format, args...)
}

// line is where a path stands, or what would hold it if it were there.
func (r *reader) line(path string) int {
	for path != "" {
		if line, ok := r.lines[path]; ok {
			return line
		}
		path = parent(path)
	}
	return r.lines[""]
}

// failedAt reports whether the path, or what holds it, could not be read.
func (r *reader) failedAt(path string) bool {
	for ; path != ""; path = parent(path) {
		if r.failed[path] {
			return true
		}
	}
	return r.failed[""]
}

func parent(path string) string {
	return path[:max(strings.LastIndexAny(path, ".["), 0)]
}

// usable refuses what has no place in a survey: values that are written elsewhere or carry a type of their own.
func (r *reader) usable(path string, n ast.Node) bool {
	switch n.(type) {
	case *ast.AliasNode:
		r.unreadable(path, surveys.FaultNotAllowed, "a text that starts with * has to be in quotation marks (references are not understood here)")
	case *ast.AnchorNode:
		r.unreadable(path, surveys.FaultNotAllowed, "a text that starts with & has to be in quotation marks (references are not understood here)")
	case *ast.TagNode:
		r.unreadable(path, surveys.FaultNotAllowed, "a text that starts with ! has to be in quotation marks (types are not understood here)")
	default:
		return true
	}
	return false
}

// keys reads a block of keys. Nothing after a colon is an empty block.
func (r *reader) keys(path string, n ast.Node) []entry {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return nil
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		if r.usable(path, n) {
			r.unreadable(path, FaultType, "%s has to be keys with values (key: value), not %s", name(path), kindOf(n))
		}
		return nil
	}
	entries := make([]entry, 0, len(values))
	first := map[string]int{}
	for _, v := range values {
		key, ok := r.key(path, v.Key)
		if !ok {
			continue
		}
		line, at := v.Key.GetToken().Position.Line, join(path, key)
		if before, twice := first[key]; twice {
			r.faults = append(r.faults, surveys.Fault{Path: at, Code: surveys.FaultDuplicate, Line: line,
				Detail: fmt.Sprintf("%s is there twice; the first is on line %d", surveys.Quoted(key), before)})
			continue
		}
		first[key] = line
		r.lines[at] = line
		entries = append(entries, entry{key: key, path: at, node: v.Value})
	}
	return entries
}

func (r *reader) key(path string, k ast.MapKeyNode) (string, bool) {
	key, plain := "", true
	switch k := k.(type) {
	case *ast.StringNode:
		key, plain = k.Value, !losesTab(k)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode, *ast.InfinityNode, *ast.NanNode:
		key = k.GetToken().Value
	default:
		plain = false
	}
	if !plain {
		r.faults = append(r.faults, surveys.Fault{Path: orWhole(path), Code: surveys.FaultNotAllowed,
			Line: k.GetToken().Position.Line, Detail: "this is not understood as a key; write a plain word and a colon"})
		return "", false
	}
	if len(key) > longestKey {
		r.faults = append(r.faults, surveys.Fault{Path: orWhole(path), Code: surveys.FaultTooLong,
			Line: k.GetToken().Position.Line, Detail: "the key " + surveys.Quoted(key) + " is far too long"})
		return "", false
	}
	return key, true
}

// items reads a list. Nothing after a colon is an empty list.
func (r *reader) items(path string, n ast.Node) []entry {
	var list *ast.SequenceNode
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return nil
	case *ast.SequenceNode:
		list = n
	default:
		if r.usable(path, n) {
			r.unreadable(path, FaultType, "%s has to be a list (lines that start with -), not %s", name(path), kindOf(n))
		}
		return nil
	}
	entries := make([]entry, len(list.Values))
	for i, value := range list.Values {
		at := fmt.Sprintf("%s[%d]", path, i)
		entries[i] = entry{path: at, node: value}
		r.lines[at] = firstLine(value)
		if i < len(list.Entries) && !list.IsFlowStyle && list.Entries[i].Start != nil {
			r.lines[at] = list.Entries[i].Start.Position.Line
		}
	}
	return entries
}

// firstLine is where a node starts; the token of a block of keys is its first colon, which may stand further down.
func firstLine(n ast.Node) int {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 && !m.IsFlowStyle {
		return m.Values[0].Key.GetToken().Position.Line
	}
	return n.GetToken().Position.Line
}

// string reads a text as it is written: 2024, yes and 1.50 are texts here, whatever else they may be in YAML.
func (r *reader) string(path string, n ast.Node) string {
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return ""
	case *ast.StringNode:
		if losesTab(n) {
			r.unreadable(path, surveys.FaultNotAllowed, "there is a tab in this text; write a blank, or put the text into quotation marks")
		}
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value
	}
	if r.usable(path, n) {
		r.unreadable(path, FaultType, "%s has to be a text, not %s", name(path), kindOf(n))
	}
	return ""
}

// losesTab reports whether the YAML parser has dropped a tab: it does so in a text without quotation marks, and joins
// the words around it.
func losesTab(n *ast.StringNode) bool {
	return n.Token.Type == token.StringType && strings.Contains(strings.TrimSpace(n.Token.Origin), "\t")
}

// fields are the keys of one block, each known.
type fields struct {
	r      *reader
	path   string
	byName map[string]ast.Node
}

// fields reads a block of keys that have names given here.
func (r *reader) fields(path string, n ast.Node, known ...string) fields {
	f := fields{r: r, path: path, byName: map[string]ast.Node{}}
	for _, e := range r.keys(path, n) {
		if !slices.Contains(known, e.key) {
			r.fault(e.path, surveys.FaultUnknown, "the key %s is not known here; the keys are %s", surveys.Quoted(e.key), strings.Join(known, ", "))
			continue
		}
		f.byName[e.key] = e.node
	}
	return f
}

func (f fields) has(key string) bool { _, ok := f.byName[key]; return ok }

func (f fields) items(key string) []entry { return f.r.items(join(f.path, key), f.byName[key]) }

func (f fields) keys(key string) []entry { return f.r.keys(join(f.path, key), f.byName[key]) }

// text reads a text if the key is there.
func text[S ~string](f fields, key string, into *S) {
	if f.has(key) {
		*into = S(f.r.string(join(f.path, key), f.byName[key]))
	}
}

func (f fields) texts(key string) []string {
	var texts []string
	for _, e := range f.items(key) {
		texts = append(texts, f.r.string(e.path, e.node))
	}
	return texts
}

func (f fields) truth(key string, into *bool) {
	if !f.has(key) {
		return
	}
	path, n := join(f.path, key), f.byName[key]
	if b, ok := n.(*ast.BoolNode); ok {
		*into = b.Value
	} else if f.r.usable(path, n) {
		f.r.unreadable(path, FaultType, "%s has to be true or false, not %s", name(path), kindOf(n))
	}
}

func (f fields) number(key string, into *int) {
	if !f.has(key) {
		return
	}
	path, n := join(f.path, key), f.byName[key]
	if i, ok := n.(*ast.IntegerNode); ok && wholeNumber.MatchString(i.Token.Value) {
		*into, _ = strconv.Atoi(i.Token.Value) // nine digits always fit
	} else if f.r.usable(path, n) {
		f.r.unreadable(path, FaultType, "%s has to be a whole number such as 5, not %s", name(path), kindOf(n))
	}
}

// kindOf names what stands where something else was expected, with its value if it has one.
func kindOf(n ast.Node) string {
	switch n := n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "keys with values"
	case *ast.SequenceNode:
		return "a list"
	case *ast.NullNode:
		return "nothing"
	case *ast.StringNode:
		return "the text " + surveys.Quoted(n.Value)
	case *ast.LiteralNode:
		return "the text " + surveys.Quoted(n.Value.Value)
	}
	return surveys.Quoted(n.GetToken().Value)
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// name is the last part of a path, for a sentence.
func name(path string) string {
	if path == "" {
		return "the document"
	}
	return path[strings.LastIndexByte(path, '.')+1:]
}

func orWhole(path string) string {
	if path == "" {
		return whole
	}
	return path
}
