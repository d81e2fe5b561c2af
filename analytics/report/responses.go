package report

import (
	"context"
	"io"
	"slices"
	"strconv"

	"soundings/surveys"
	"soundings/surveys/intake"
	"soundings/surveys/store"
)

// tooFew is why nothing at all may be written.
const tooFew = "too few people took part for anything to be told"

// Responses writes the responses of a closed wave as CSV, a row for each, as far as the disclosure gate lets them be
// told: UTF-8, CR LF, a header row. The columns come from the questionnaire alone: wave, department, band, then for each
// question its id (scale, recommend, choice), or id.option with 0 or 1 (choices) or the rank (ranking). An empty cell
// means: not answered, or not told. Rows come in a random order that is the same each time. There is no language, no id
// and no time in the file; comments are a file of their own. Texts that a spreadsheet could run get an apostrophe in front.
//
// A wave that is not closed is an error of kind Conflict.
func Responses(ctx context.Context, s *store.Store, q *surveys.Questionnaire, wave surveys.Wave, w io.Writer) (Summary, error) {
	return ResponsesWithin(ctx, s, q, wave, Everything(), w)
}

// Scope is what of an organisation somebody may take away.
type Scope struct {
	All  bool // everything, and so what is not of any one department
	Sees func(surveys.DepartmentID) bool
}

// Everything is the scope of whoever may see all departments.
func Everything() Scope { return Scope{All: true} }

func (s Scope) includes(d surveys.DepartmentID) bool { return s.All || s.Sees(d) }

// ResponsesWithin writes those of Responses that are within a scope. Rows without their department are of several, and are
// for those who may see all.
func ResponsesWithin(ctx context.Context, s *store.Store, q *surveys.Questionnaire, wave surveys.Wave, scope Scope, w io.Writer) (Summary, error) {
	return responses(ctx, s, q, wave, scope, newCSVWriter(w))
}

func responses(ctx context.Context, s *store.Store, q *surveys.Questionnaire, wave surveys.Wave, scope Scope, out rows) (Summary, error) {
	summary := Summary{unit: "response"}
	err := export(ctx, s, q, wave, out, header(q.Document), func(tx *store.Tx, src *source, out rows) error {
		if !src.plan.any() {
			if len(src.plan.everyone.Departments) > 0 {
				summary.Nothing = tooFew
			}
			return nil
		}
		return intake.EachResponse(tx, wave.ID, func(r surveys.Response) error {
			cells, named := src.row(r)
			if !scope.All && !(named && scope.Sees(r.Department)) {
				return nil
			}
			summary.Rows++
			if !named {
				summary.Nameless++
			}
			return out.row(cells)
		})
	})
	return summary, err
}

// header names the columns.
func header(doc *surveys.Document) []string {
	columns := []string{"wave", "department", "band"}
	for i := range doc.Questions {
		q := &doc.Questions[i]
		switch q.Kind {
		case surveys.Text:
		case surveys.Choices, surveys.Ranking:
			for _, option := range options(q) {
				columns = append(columns, q.ID+"."+option)
			}
		default:
			columns = append(columns, q.ID)
		}
	}
	return columns
}

// options are those with a column.
func options(q *surveys.Question) []string {
	ids := make([]string, 0, len(q.Options)+1)
	for _, o := range q.Options {
		ids = append(ids, o.ID)
	}
	if q.Other && q.Kind == surveys.Choices {
		ids = append(ids, surveys.OtherOption)
	}
	return ids
}

// row writes one response; named is false if its department may not be told. The next call writes over the cells.
func (src *source) row(r surveys.Response) (cells []string, named bool) {
	tell, named := src.plan.named[r.Department]
	cells = append(src.cells[:0], guarded(src.wave.Label), "", "")
	if named {
		cells[1] = guarded(src.departments[r.Department])
	} else {
		tell = src.plan.rest
	}
	if named && tell.bands {
		cells[2] = guarded(src.bands[r.Band])
	}
	for i := range src.document.Questions {
		q := &src.document.Questions[i]
		if q.Kind == surveys.Text {
			continue
		}
		answer, answered := r.Answers[q.ID]
		cells = appendAnswer(cells, q, src.offered[i], answer, answered && tell.questions[q.ID])
	}
	src.cells = cells
	return cells, named
}

// appendAnswer writes an answer into the columns of its question, which may have some for its options.
func appendAnswer(cells []string, q *surveys.Question, offered []string, a surveys.Answer, told bool) []string {
	switch q.Kind {
	case surveys.Scale, surveys.Recommend:
		return append(cells, when(told, strconv.Itoa(a.Number)))
	case surveys.Choices, surveys.Ranking:
		for _, id := range offered {
			at := slices.Index(a.Options, id)
			switch {
			case q.Kind == surveys.Ranking:
				cells = append(cells, when(told && at >= 0, strconv.Itoa(at+1)))
			case at >= 0:
				cells = append(cells, when(told, "1"))
			default:
				cells = append(cells, when(told, "0"))
			}
		}
		return cells
	}
	choice := ""
	if len(a.Options) > 0 {
		choice = a.Options[0] // an id begins with a letter or a digit
	}
	return append(cells, when(told, choice))
}

func when(told bool, cell string) string {
	if told {
		return cell
	}
	return ""
}
