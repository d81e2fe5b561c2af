package report

import (
	"context"
	"io"

	"soundings/analytics/quotes"
	"soundings/surveys"
	"soundings/surveys/comments"
	"soundings/surveys/store"
)

// Covers is what names, addresses and telephone numbers are covered with.
type Covers struct {
	Quotes *quotes.Reader // knows the names
	Words  map[quotes.Mask]string
}

// Comments writes the comments of a closed wave as CSV, "other" texts among them: wave, question, department, comment,
// shuffled, without band. They are those that the pages show (see quotes): of departments that may be named and of which
// at least ten took part; of all others together, without a department, if these reach ten; none that staff have hidden.
// Names, addresses and telephone numbers are covered by the words of Covers, and an apostrophe stands in front of what a
// spreadsheet could run; apart from that each is exactly as it was written.
//
// A wave that is not closed is an error of kind Conflict.
func Comments(ctx context.Context, s *store.Store, c Covers, q *surveys.Questionnaire, wave surveys.Wave, w io.Writer) (Summary, error) {
	return writeComments(ctx, s, c, q, wave, Everything(), newCSVWriter(w))
}

// CommentsWithin writes those of Comments that are within a scope.
func CommentsWithin(ctx context.Context, s *store.Store, c Covers, q *surveys.Questionnaire, wave surveys.Wave, scope Scope, w io.Writer) (Summary, error) {
	return writeComments(ctx, s, c, q, wave, scope, newCSVWriter(w))
}

func writeComments(ctx context.Context, s *store.Store, c Covers, q *surveys.Questionnaire, wave surveys.Wave, scope Scope, out rows) (Summary, error) {
	summary := Summary{unit: "comment"}
	columns := []string{"wave", "question", "department", "comment"}
	err := export(ctx, s, q, wave, out, columns, func(tx *store.Tx, src *source, out rows) error {
		named, rest := quotes.Commenting(src.plan.rule, src.everyone())
		known, err := c.Quotes.Names(tx)
		if err != nil {
			return err
		}
		err = comments.Each(tx, wave.ID, func(comment surveys.Comment) error {
			department := ""
			switch {
			case named[comment.Department] && scope.includes(comment.Department):
				department = src.departments[comment.Department]
			case !scope.All && (named[comment.Department] || rest):
				return nil
			case rest:
				summary.Nameless++
			default:
				summary.LeftOut++
				return nil
			}
			summary.Rows++
			return out.row([]string{guarded(src.wave.Label), comment.Question, guarded(department), guarded(known.Mask(comment.Text).In(c.Words))})
		})
		if summary.Rows == 0 && summary.LeftOut > 0 {
			summary.Nothing = tooFew
		}
		return err
	})
	return summary, err
}

// CommentsPart adds the comments of the waves of a workbook that are closed, within a scope.
func CommentsPart(ctx context.Context, st *store.Store, c Covers, scope Scope) Part {
	return Part{"comments", func(b *Workbook) error {
		say := b.words.Say
		s, err := b.sheet(say("comments"), []column{{say("wave"), 20, plain}, {say("id"), 16, plain}, {say("by_department"), 26, plain}, {say("comment"), 100, wrapped}})
		if err != nil {
			return err
		}
		for _, res := range b.g.Waves {
			if res.Wave.State != surveys.Closed {
				continue
			}
			if _, err := writeComments(ctx, st, c, res.Wave.Questionnaire, res.Wave.Wave, scope, &commentRows{sheet: s}); err != nil {
				return err
			}
		}
		if err := s.filtered(); err != nil {
			return err
		}
		return s.end()
	}}
}

// commentRows puts the rows of a file of comments into a sheet that has its heads already.
type commentRows struct {
	sheet *sheet
	begun bool
}

func (r *commentRows) row(cells []string) error {
	if !r.begun {
		r.begun = true
		return nil
	}
	return r.sheet.add(cells[0], cells[1], cells[2], cells[3])
}

func (r *commentRows) flush() error { return nil }
