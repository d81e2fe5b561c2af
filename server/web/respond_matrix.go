package web

import (
	"slices"

	"soundings/surveys"
)

// questionBlock is one question, or neighbouring scales that are answered with the same words. On a wide screen such a
// block is a grid with the words above its columns; on a phone each of its questions looks like any other.
type questionBlock struct {
	Columns   []string // what stands above the columns; nil for a question by itself
	Questions []questionView
}

// Blocks are the questions in their order, neighbours that fit into a grid together.
func (p *formPage) Blocks() []questionBlock {
	var blocks []questionBlock
	for _, q := range p.Questions {
		last := len(blocks) - 1
		if last >= 0 && inGrid(&q) && inGrid(&blocks[last].Questions[0]) && slices.Equal(wordsOf(&q), wordsOf(&blocks[last].Questions[0])) {
			blocks[last].Questions = append(blocks[last].Questions, q)
			blocks[last].Columns = wordsOf(&q)
			continue
		}
		blocks = append(blocks, questionBlock{Questions: []questionView{q}})
	}
	return blocks
}

// inGrid reports whether a question can be a row: a scale with short labels, without a help text, that comes and goes
// with no other answer.
func inGrid(q *questionView) bool {
	return q.Kind == surveys.Scale && q.Layout == "grid" && q.Help == "" && q.If == ""
}

func wordsOf(q *questionView) []string {
	words := make([]string, len(q.Options))
	for i, o := range q.Options {
		words[i] = o.Text
	}
	return words
}
