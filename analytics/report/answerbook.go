package report

import (
	"context"
	"errors"
	"io"
	"strconv"

	"soundings/surveys"
	"soundings/surveys/store"
)

// ResponsesWorkbook writes what ResponsesWithin writes as XLSX, with the code book: answers that are numbers as numbers.
func ResponsesWorkbook(ctx context.Context, s *store.Store, q *surveys.Questionnaire, wave surveys.Wave, scope Scope, words Words, w io.Writer) (summary Summary, err error) {
	b, err := newBook()
	if err != nil {
		return summary, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	if err := b.about(q, wave, words); err != nil {
		return summary, err
	}
	out := &answerSheet{book: b, name: words.Say("responses"), numbers: numbered(q.Document)}
	if summary, err = responses(ctx, s, q, wave, scope, out); err != nil {
		return summary, err
	}
	if err := writeCodeBook(b, words, []*surveys.Questionnaire{q}); err != nil {
		return summary, err
	}
	return summary, b.writeTo(w)
}

// about says what a file of responses is of, and what it lacks.
func (b *book) about(q *surveys.Questionnaire, wave surveys.Wave, words Words) error {
	say := words.Say
	s, err := b.sheet(say("readme"), []column{{width: 26, look: bold}, {width: 80, look: wrapped}})
	if err != nil {
		return err
	}
	called, _ := q.Document.TitleIn(words.Lang)
	for _, row := range [][]any{
		{called}, {},
		{say("wave"), wave.Label},
		{say("opened"), cell{dayOf(wave.Opened, words.Zone), dated}},
		{say("closed"), cell{dayOf(wave.Closed, words.Zone), dated}},
		{say("minimum"), q.Document.SmallestGroup()}, {},
		{say("responses"), say("readme_responses")},
		{say("readme_hidden"), say("readme_responses_hidden")},
		{say("codebook"), say("readme_codebook")},
		{"", say("readme_guard")},
	} {
		if err := s.add(row...); err != nil {
			return err
		}
	}
	return s.end()
}

// numbered says which columns of a file of responses hold numbers.
func numbered(doc *surveys.Document) []bool {
	list := make([]bool, len([]string{"wave", "department", "band"}))
	for i := range doc.Questions {
		q := &doc.Questions[i]
		switch q.Kind {
		case surveys.Text:
		case surveys.Choices, surveys.Ranking:
			for range options(q) {
				list = append(list, true)
			}
		default:
			list = append(list, q.Scored())
		}
	}
	return list
}

// answerSheet takes the rows of a file of responses.
type answerSheet struct {
	book    *book
	name    string
	numbers []bool
	sheet   *sheet
	cells   []any
}

func (a *answerSheet) row(cells []string) (err error) {
	if a.sheet == nil {
		columns := make([]column, len(cells))
		for i, head := range cells {
			columns[i] = column{head: head, width: 14}
		}
		a.sheet, err = a.book.sheet(a.name, columns)
		return err
	}
	a.cells = a.cells[:0]
	for i, text := range cells {
		switch {
		case text == "":
			a.cells = append(a.cells, nil)
		case a.numbers[i]:
			n, err := strconv.Atoi(text)
			if err != nil {
				return err
			}
			a.cells = append(a.cells, n)
		default:
			a.cells = append(a.cells, text)
		}
	}
	return a.sheet.add(a.cells...)
}

func (a *answerSheet) flush() error {
	if a.sheet == nil {
		return nil
	}
	return a.sheet.end()
}
