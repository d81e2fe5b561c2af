package document

import (
	"fmt"

	"github.com/goccy/go-yaml/token"
	"soundings/surveys"
)

// The YAML parser works recursively and in parts takes time by the square of what it is given, so what no survey
// needs is refused before it sees it.
const (
	mostTokens  = 400_000
	mostNested  = 16
	mostEntries = 1000 // of one list or one block of keys; also references, tags, empty values and the like in all
)

// overgrown finds what would cost the parser more than any survey is worth.
func overgrown(tokens token.Tokens) *surveys.Fault {
	fail := func(tk *token.Token, detail string) *surveys.Fault {
		return &surveys.Fault{Path: whole, Code: surveys.FaultTooMany, Line: tk.Position.Line, Detail: detail}
	}
	if len(tokens) > mostTokens {
		return fail(tokens[mostTokens], "the file has more keys and values than any survey needs")
	}
	var count counter
	for i, tk := range tokens {
		switch {
		case !count.take(tk, tokens[max(i-1, 0)]):
			return fail(tk, fmt.Sprintf("there are more than %d entries in a row, or empty ones, up to here", mostEntries))
		case count.nested() > mostNested:
			return fail(tk, fmt.Sprintf("lists are nested more than %d deep here", mostNested))
		}
	}
	return nil
}

// counter follows the tokens of a document and knows how many entries each open list or block of keys has.
type counter struct {
	flow    []flow
	blocks  []block
	line    int // of the last - that opened a list
	dashes  int // on that line
	special int // references, tags and the like, and empty values
}

// flow is an open [ or {.
type flow struct {
	keys    bool // {
	value   bool // a colon has come since the last comma
	entries int
}

// block is an open list or block of keys that starts at a column.
type block struct{ column, entries int }

func (c *counter) nested() int { return max(len(c.flow), c.dashes) }

// take counts one token and reports whether its list is still of a bearable length.
func (c *counter) take(tk, before *token.Token) bool {
	if c.leavesEmpty(tk, before) {
		c.special++
	}
	switch tk.Type {
	case token.SequenceStartType, token.MappingStartType:
		c.flow = append(c.flow, flow{keys: tk.Type == token.MappingStartType})
	case token.SequenceEndType, token.MappingEndType:
		c.flow = c.flow[:max(len(c.flow)-1, 0)]
	case token.CollectEntryType:
		if last := len(c.flow) - 1; last >= 0 {
			c.flow[last].value = false
			c.flow[last].entries++
			return c.flow[last].entries <= mostEntries && c.special <= mostEntries
		}
	case token.SequenceEntryType:
		if tk.Position.Line != c.line {
			c.line, c.dashes = tk.Position.Line, 0
		}
		c.dashes++
		return c.entry(tk.Position.Column)
	case token.MappingValueType:
		if last := len(c.flow) - 1; last >= 0 {
			c.flow[last].value = true
		} else {
			return c.entry(before.Position.Column)
		}
	case token.AnchorType, token.AliasType, token.TagType, token.DirectiveType, token.MappingKeyType, token.MergeKeyType,
		token.DocumentHeaderType, token.DocumentEndType:
		c.special++
	}
	return c.special <= mostEntries
}

// leavesEmpty reports whether the token shows that the one before has no value. The parser moves all tokens that
// follow to make room for the value that it puts there.
func (c *counter) leavesEmpty(tk, before *token.Token) bool {
	if last := len(c.flow) - 1; last >= 0 {
		ends := tk.Type == token.CollectEntryType || tk.Type == token.MappingEndType && before.Type != token.MappingStartType
		return ends && (before.Type == token.MappingValueType || c.flow[last].keys && !c.flow[last].value)
	}
	nextLine := tk.Position.Line > before.Position.Line
	switch last := len(c.blocks) - 1; {
	case !nextLine || last < 0:
		return false
	case before.Type == token.SequenceEntryType:
		return tk.Position.Column <= before.Position.Column
	case before.Type == token.MappingValueType && tk.Type != token.SequenceEntryType:
		return tk.Position.Column <= c.blocks[last].column
	}
	return false
}

// entry counts an entry of the block that starts at a column. Blocks further to the right have ended.
func (c *counter) entry(column int) bool {
	for last := len(c.blocks) - 1; last >= 0 && c.blocks[last].column > column; last-- {
		c.blocks = c.blocks[:last]
	}
	if last := len(c.blocks) - 1; last < 0 || c.blocks[last].column < column {
		c.blocks = append(c.blocks, block{column: column})
	}
	last := len(c.blocks) - 1
	c.blocks[last].entries++
	return c.blocks[last].entries <= mostEntries && c.special <= mostEntries
}
